package ast

// A Node is a piece of syntax with its place.
type Node interface{ Pos() Span }

// A File is a parsed text. Comments hold every comment in order of place; those
// right above a declaration are its Doc too.
type File struct {
	Source   *Source
	Stmts    []Stmt
	Comments []Comment
}

// A Comment runs from its "#" to the end of the line.
type Comment struct {
	Span Span
	Text string // with the "#"
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// An Ident is a name with its place. The name is in NFC.
type Ident struct {
	Name string
	Span Span
}

// Statements. Span covers the whole statement.
type (
	// Fn is "fn name(params) -> result = body" or with a block as Body.
	Fn struct {
		Span     Span
		Export   bool
		Doc      string // the text of the comment above, without "#"
		Name     Ident
		Params   []*Param
		Result   TypeExpr // nil if not annotated
		Body     Expr     // a *Block after "{"
		ParamPos Span     // from "(" to ")"
	}
	// A Param of a function, a lambda.
	Param struct {
		Name    Ident
		Type    TypeExpr // nil if not annotated
		Default Expr     // nil if none
	}
	// Derivative is "derivative f(x; dx) -> y = body" or "pullback …".
	Derivative struct {
		Span     Span
		Pullback bool
		Name     Ident
		Primals  []Ident
		Tangents []Ident
		Result   *Ident // nil if not named
		Body     Expr
	}
	// Let is "let name: type = value" or "let (a, b) = value".
	Let struct {
		Span   Span
		Export bool
		Names  []Ident
		Tuple  bool // written with parentheses
		Type   TypeExpr
		Value  Expr
	}
	// Var is "var name: type = value".
	Var struct {
		Span  Span
		Name  Ident
		Type  TypeExpr
		Value Expr
	}
	// Input is "input name: type = default".
	Input struct {
		Span    Span
		Name    Ident
		Type    TypeExpr
		Default Expr
	}
	// Import is `import "path" as name`.
	Import struct {
		Span Span
		Path *String
		Name Ident
	}
	// Export is `export value as "label"`.
	Export struct {
		Span  Span
		Value Expr
		Label *String
	}
	// Assign is "target op value", where Op is "=", "+=", "-=", "*=" or "/=".
	// Target is made of Name, Index, Field and Tuple.
	Assign struct {
		Span   Span
		Target Expr
		Op     string
		OpPos  Span
		Value  Expr
	}
	// For is "for name in range { }".
	For struct {
		Span  Span
		Var   Ident
		Range Expr
		Body  *Block
	}
	// While is "while cond { }".
	While struct {
		Span Span
		Cond Expr
		Body *Block
	}
	// Return is "return value"; Value is nil if there is none.
	Return struct {
		Span  Span
		Value Expr
	}
	// Break leaves the innermost loop.
	Break struct{ Span Span }
	// Continue goes on with the next round of the innermost loop.
	Continue struct{ Span Span }
	// ExprStmt is an expression where a statement stands.
	ExprStmt struct{ X Expr }
)

// Expressions.
type (
	// Number is a literal, as written: "1_000", "2i", "0x1F", ".5".
	Number struct {
		Span Span
		Text string
	}
	// String is a literal; Value is what it stands for.
	String struct {
		Span  Span
		Value string
	}
	// Bool is "true" or "false".
	Bool struct {
		Span  Span
		Value bool
	}
	// Name is a use of a name.
	Name struct {
		Span Span
		Name string
	}
	// Paren is "(x)".
	Paren struct {
		Span Span
		X    Expr
	}
	// Tuple is "(a, b)", "(a,)" or "()".
	Tuple struct {
		Span  Span
		Elems []Expr
	}
	// List is "[a, b]".
	List struct {
		Span  Span
		Elems []Expr
	}
	// Record is "{a: x, ...r}".
	Record struct {
		Span   Span
		Fields []RecordField
	}
	// RecordField is "name: value", or "...value" if Name is empty.
	RecordField struct {
		Name  Ident
		Value Expr
	}
	// Comprehension is "[body for i, j if cond]", or, as the only argument of a
	// Call, "body for i, j if cond".
	Comprehension struct {
		Span     Span
		Brackets bool
		Body     Expr
		Clauses  []Clause // one per "for"
		Cond     Expr     // nil if none
	}
	// A Clause is "for i, j" or "for i in a, j in b".
	Clause struct{ Binders []Binder }
	// A Binder is "i", or "i in range"; In is nil if the range is inferred.
	Binder struct {
		Name Ident
		In   Expr
	}
	// Block is "{ statements }"; its value is that of its last expression.
	Block struct {
		Span  Span
		Stmts []Stmt
	}
	// If is "if cond { } else { }"; Else is nil, an *If or a *Block.
	If struct {
		Span Span
		Cond Expr
		Then *Block
		Else Expr
	}
	// Lambda is "x -> body" or "(params) -> body".
	Lambda struct {
		Span   Span
		Params []*Param
		Parens bool
		Body   Expr
	}
	// Unary is "-x", "+x" or "not x".
	Unary struct {
		Span  Span
		Op    string
		OpPos Span
		X     Expr
	}
	// Binary is "x op y" with + - * / // % @ ^ and or.
	Binary struct {
		Span  Span
		Op    string
		OpPos Span
		X, Y  Expr
	}
	// Compare is a chain "a < b <= c": len(Ops) is len(Operands)-1.
	Compare struct {
		Span     Span
		Operands []Expr
		Ops      []string
		OpPos    []Span
	}
	// Range is "lo..hi" or "lo..hi..step"; Step is nil if absent.
	Range struct {
		Span         Span
		Lo, Hi, Step Expr
	}
	// Call is "f(args)".
	Call struct {
		Span Span
		Fun  Expr
		Args []Arg
		Open Span // the "("
	}
	// An Arg is "value", or "name=value".
	Arg struct {
		Name  Ident // empty if positional
		Value Expr
	}
	// Index is "x[items]".
	Index struct {
		Span  Span
		X     Expr
		Items []Item
	}
	// An Item is one place of an index.
	Item struct {
		Span         Span
		Kind         ItemKind
		X            Expr // ItemExpr
		Lo, Hi, Step Expr // ItemSlice; nil where left out
	}
	// Field is "x.name".
	Field struct {
		Span Span
		X    Expr
		Name Ident
	}
	// Prime is "f'".
	Prime struct {
		Span Span
		X    Expr
	}
	// Nabla is "∇f" or "∇(f)".
	Nabla struct {
		Span Span
		X    Expr
	}
	// Bad stands where an expression could not be read; it has been reported.
	Bad struct{ Span Span }
)

// ItemKind tells the forms of an Item apart.
type ItemKind uint8

const (
	ItemExpr ItemKind = iota
	ItemSlice
	ItemEllipsis
	ItemNewAxis
)

// TypeExpr is a type as written.
type TypeExpr interface {
	Node
	typeExpr()
}

// Types as written.
type (
	// ArrayType is "f64", "f64[n, 3]", "num[..., n]". Dims of a scalar are nil.
	ArrayType struct {
		Span     Span
		DType    string // f64 f32 i64 bool c128 num
		Ellipsis bool   // begins with "..."
		Dims     []Expr // Name, Number, Binary, Call of min and max, Paren, Unary
	}
	// StrType is "str".
	StrType struct{ Span Span }
	// TupleType is "(a, b)".
	TupleType struct {
		Span  Span
		Elems []TypeExpr
	}
	// FuncType is "(a, b) -> c".
	FuncType struct {
		Span   Span
		Params []TypeExpr
		Result TypeExpr
	}
	// RecordType is "{a: t, b: u}".
	RecordType struct {
		Span   Span
		Fields []TypeField
	}
	// TypeField is "name: type".
	TypeField struct {
		Name Ident
		Type TypeExpr
	}
)
