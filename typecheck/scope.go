package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A FuncValue is a function as the checker knows it. Two function values are
// the same function if they are the same *FuncValue.
type FuncValue struct {
	Name    string
	id      int
	builtin *builtin
	params  []*ast.Param
	result  ast.TypeExpr
	body    ast.Expr
	span    ast.Span
	doc     string
	export  bool
	file    *fileScope // where its names are looked up
	decl    *ast.Fn    // nil for a lambda
	// Of a lambda: the names it captured, in the order of Captures, with what was
	// known of them, and the names that the checker alone knows.
	captured []capturedName
	statics  map[string]*binding
	// Of a parameter known by its type only.
	abstract *ast.FuncType
	sizes    *sizeEnv
	host     *Host // of the embedding program; nil if it is not
	// native is the body of a function that the checker makes: it is given what
	// was captured and the arguments, and the place of the call.
	native     func(c *checker, args []value, span ast.Span) value
	derivation *derivation       // of a derived function
	rules      []*ast.Derivative // its declared derivative and pullback
	constant   bool              // its derivative is zero
}

type capturedName struct {
	name  string
	known info
}

// A binding is what a name stands for.
type binding struct {
	name      string
	v         *Var
	def       *Def // the present value; nil for one without run-time parts
	known     info
	t         Type // of the present value
	mutable   bool
	declared  Type           // of a var: its type, whose sizes declared with "_" are atoms in flexible
	flexible  map[int]bool   // of a var of array type: the axes whose size may change
	signature *ast.FuncType  // of a parameter that is a function
	fn        *FuncValue     // a function of the file, or built in
	module    *fileScope     // an imported file, a module of the standard library
	what      string         // "parameter y", "input x"; empty for a let or var
	sizeName  bool           // a size of the signature
	inferred  *inferredRange // a binder whose range is not known yet
	span      ast.Span
	context   *context // the function that it is a value of
	level     int      // how many comprehension bodies are around it
	literal   *literal // pi, e, inf, nan
	pending   bool     // at top level: its statement has not run yet
}

// A scope holds the names of a block; names not found are looked up outside.
type scope struct {
	outer *scope
	names map[string]*binding
}

// A fileScope holds the top-level names of a file.
type fileScope struct {
	name     string
	names    map[string]*binding
	exported []string // values and functions of an imported file
	library  bool     // of the standard library: may use internal names
}

// A blockBuilder collects the statements of a block being checked.
type blockBuilder struct {
	stmts  []Stmt
	outer  *blockBuilder // nil for the body of a function
	params map[*Def]bool // of a function: its parameters
}

// A context is a function being checked, or the script.
type context struct {
	outer      *context
	inst       *Instance
	file       *fileScope
	scope      *scope
	resultType ast.TypeExpr // nil if not annotated
	resultEnv  *sizeEnv
	returns    []pendingReturn
	loops      int
	breaks     bool // the innermost while is left by a break
	level      int  // of comprehension bodies
	block      *blockBuilder
	call       ast.Span // of a generic function: where it is used
	callWith   string
	standalone bool     // checked for all uses, whoever asked for it first
	given      []value  // captured values and arguments, in order
	at         ast.Span // of the call for which the function is checked
	wanted     Type     // what the value must be, nil if anything
	wantedFor  string   // what the value is then
}

func (c *checker) instance() *Instance {
	if c.ctx == nil {
		return nil
	}
	return c.ctx.inst
}

// lookup finds what a name stands for, nil if nothing.
func (c *checker) lookup(name string) *binding {
	for s := c.ctx.scope; s != nil; s = s.outer {
		if b := s.names[name]; b != nil {
			return b
		}
	}
	return c.lookupOutside(name)
}

// lookupOutside finds a name of the file, of the host, or built in. A value of
// the file that a function doesn't see hides nothing from it.
func (c *checker) lookupOutside(name string) *binding {
	b := c.ctx.file.names[name]
	if b != nil && (b.fn != nil || b.module != nil || !b.mutable && !c.below(b) || !c.functionSpan().IsValid()) {
		return b
	}
	if outside := c.undeclared(name); outside != nil {
		return outside
	}
	return b
}

// undeclared finds a name of the host, or built in; nil if it is none.
func (c *checker) undeclared(name string) *binding {
	if !c.ctx.file.library {
		if host := c.hostFunction(name); host != nil {
			return host
		}
	}
	return c.universe(name)
}

// bind makes name stand for b in the present block.
func (c *checker) bind(b *binding) {
	b.context, b.level = c.ctx, c.ctx.level
	c.ctx.scope.names[b.name] = b
}

// push opens a block for names; the result closes it.
func (c *checker) push() func() {
	outer := c.ctx.scope
	c.ctx.scope = &scope{outer: outer, names: map[string]*binding{}}
	return func() { c.ctx.scope = outer }
}

// inBlock checks the statements and value of a block with names of its own.
func (c *checker) inBlock(body func() value) (*Block, value) {
	pop := c.push()
	defer pop()
	outer := c.ctx.block
	c.ctx.block = &blockBuilder{outer: outer}
	v := body()
	block := &Block{Stmts: c.ctx.block.stmts, Value: v.x}
	c.ctx.block = outer
	return block, v
}

func (c *checker) emit(s Stmt) { c.ctx.block.stmts = append(c.ctx.block.stmts, s) }

// use is the present value of a binding.
func (b *binding) use(span ast.Span) value {
	v := value{t: b.t, info: b.known, span: span, signature: b.signature}
	switch {
	case b.t == nil:
		return bad
	case b.known.konst != nil:
		k := b.known.konst.value(span)
		k.t = b.t
		return k
	case b.def != nil:
		v.x = &Local{b.def}
	default:
		v.x = &MakeTuple{T: b.t}
	}
	return v
}

// functionValue is a function without captures as a value.
func functionValue(f *FuncValue, span ast.Span) value {
	t := Function{Value: f}
	return value{t: t, x: &MakeTuple{T: t}, span: span}
}

// describe says where a value comes from: "parameter y", "from line 9".
func (b *binding) describe() string {
	if b.what != "" {
		return b.what
	}
	if b.span.IsValid() && strings.HasPrefix(b.span.Source.Name, SessionText) {
		return "from " + b.span.Source.Name
	}
	if line := b.span.Line(); line > 0 {
		return "from line " + itoa(line)
	}
	return ""
}

// declareLocal binds a name to a new value in the present block.
func (c *checker) declareLocal(name ast.Ident, v value, what string) *binding {
	b := &binding{name: name.Name, t: v.t, known: v.info, what: what, span: name.Span}
	b.v = &Var{Name: name.Name, Span: name.Span}
	if v.t == nil {
		c.bind(b)
		return b
	}
	if _, static := v.t.(Static); !static {
		b.def = &Def{Var: b.v, Type: v.t}
		c.defined(b.def, &b.known)
		c.emit(&Define{b.def, v.x})
	}
	c.bind(b)
	return b
}

// declareParam binds a name to a parameter or an index.
func (c *checker) declareParam(name ast.Ident, t Type, known info, what string) *binding {
	b := &binding{name: name.Name, t: t, known: known, what: what, span: name.Span}
	b.v = &Var{Name: name.Name, Span: name.Span}
	b.def = &Def{Var: b.v, Type: t}
	c.defined(b.def, &b.known)
	c.bind(b)
	return b
}

// indexDef is the Def of an index that runs over lo..hi-1; its atom knows its
// bounds.
func (c *checker) indexDef(name ast.Ident, lo, hi *ir.Dim) *binding {
	b := c.declareParam(name, Array{DType: ir.I64}, info{}, "")
	atom := b.def.Atom
	if lo != nil {
		if low, ok := c.lowest(*lo); ok {
			c.atoms[atom].Min = low
		}
	}
	if hi != nil {
		if last, ok := hi.Sub(ir.Size(1)); ok {
			c.upper[atom] = []ir.Dim{last}
		}
	}
	return b
}
