package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A Program is a checked script. Its statements run in order; those of imported
// files come first.
type Program struct {
	Source  *ast.Source
	Atoms   []AtomInfo // by ir.Atom; entry 0 is not used
	Sizes   []ir.Atom  // the dimension variables of the inputs
	Inputs  []*Input
	Body    *Block // has no value
	Exports []*Export
	Kept    []*Kept // of a session
	// Functions are the exported functions that are checked once.
	Functions []*Instance
	Instances []*Instance // all that are reachable or checked once
	Derives   bool        // there are derivatives, or rules for them
}

// An Input is what a script is given.
type Input struct {
	Def     *Def
	Span    ast.Span
	Default *Instance // without parameters; nil if the input may not be left out
}

// An Export is a result of a run. X is evaluated where the export stands: Def
// holds its value.
type Export struct {
	Name string
	Def  *Def
}

// AtomKind tells where the value of an atom comes from.
type AtomKind uint8

const (
	AtomOpaque AtomKind = iota // a size parameter, a Def, or bound by the first type that mentions it
	AtomDiv                    // floor of A / B
	AtomMod
	AtomMin
	AtomMax
	AtomWhole // A under a name of its own, where a formula would be too long
)

// AtomInfo describes an atom. A and B are the operands of AtomDiv … AtomWhole.
type AtomInfo struct {
	Kind AtomKind
	A, B ir.Dim
	Name string // how a user calls it: "n"; for derived sizes made from A and B
	// Group is the signature that the atom is a variable of; 0 if none. Different
	// polynomials in variables of one group are different sizes.
	Group int
	Span  ast.Span // where it comes from
	// Min is a lower bound of the value, math.MinInt64 if nothing is known.
	Min int64
}

// An Instance is a function checked for the types of its uses: once for all
// sizes if all its parameters are annotated.
type Instance struct {
	Name   string
	Span   ast.Span
	Export bool
	Doc    string
	// Sizes are the atoms that the types of the parameters are made of. A call
	// gives their values. The result's type may hold opaque atoms that are not
	// among them: sizes that the function chooses.
	Sizes     []ir.Atom
	Params    []*Def // captured values first
	Result    Type
	Body      *Block
	Recursive bool
	Rule      *Rule // nil if the derivative follows from the body
	// A body may read Defs of the script (inputs and lets at top level) and
	// mention atoms of the script; lower passes them along as more parameters.
}

// A Rule is the derivative that was declared for an instance. Its functions have
// the Sizes of that instance, and take its parameters first. No parameter that
// is a function has captured floats.
type Rule struct {
	// Tangent takes a tangent for each parameter that has float or complex parts,
	// and, if TakesResult, the result. It gives the tangent of the result.
	Tangent     *Instance
	TakesResult bool
	// Pullback takes the cotangent of the result and gives a cotangent for each
	// such parameter. It is nil if there is none.
	Pullback *Instance
}

// A Var is a declared name: a parameter, a let, a var, a binder.
type Var struct {
	Name   string
	Span   ast.Span
	Global bool // an input or a let at top level, readable in functions
}

// A Def gives Var a value: where it is declared, at each assignment, at the
// entry of a loop that assigns it, and after a loop or an if that does. Type is
// the type of that value; its sizes may differ from those of other Defs of the
// same Var where the Var is declared with "_". Atom is the value as a size, 0 if
// it is not used as one.
type Def struct {
	Var  *Var
	Type Type
	Atom ir.Atom
}

// A Block runs Stmts, then gives Value, nil if it has none. Names defined in it
// end with it; assignments to Vars declared outside go on.
type Block struct {
	Stmts []Stmt
	Value Expr
}

// Stmt is a statement.
type Stmt interface{ isStmt() }

type (
	// Define gives Def.Var the value of X.
	Define struct {
		Def *Def
		X   Expr
	}
	// Eval runs X for its effect.
	Eval struct{ X Expr }
	// For runs Body for Index = Lo, Lo+Step … below Hi (above, if Step < 0).
	// Phi are the Defs at the entry of each round of the Vars that the body
	// assigns and that are declared outside, After those that hold behind the
	// loop, in the same order.
	For struct {
		Index      *Def
		Lo, Hi     Expr
		Step       int64
		Phi, After []*Def
		Body       *Block
		Span       ast.Span
	}
	// While runs Body while Cond holds. Phi hold in Cond too. Breaks says that
	// Body leaves the loop by a Break.
	While struct {
		Breaks     bool
		Cond       *Block
		Phi, After []*Def
		Body       *Block
		Span       ast.Span
	}
	// Break leaves the innermost loop.
	Break struct{}
	// Continue goes on with its next round.
	Continue struct{}
	// Return leaves the function. X is nil if it has no value.
	Return struct{ X Expr }
)

func (*Define) isStmt()   {}
func (*Eval) isStmt()     {}
func (*For) isStmt()      {}
func (*While) isStmt()    {}
func (*Break) isStmt()    {}
func (*Continue) isStmt() {}
func (*Return) isStmt()   {}

// Expr is an expression. No node stands in two places of a tree.
type Expr interface{ Type() Type }

type (
	// Const is a literal of rank 0.
	Const struct {
		Value ir.Literal
		T     Array
	}
	// SizeOf is a size as an i64.
	SizeOf struct{ Dim ir.Dim }
	// Local reads the value of Def.
	Local struct{ Def *Def }
	// Op is an operation of the IR on arrays. Attr holds Dims over the program's
	// atoms. Nonzero stands for its second result; the size is the opaque atom
	// in T. T is a Tuple for a Lib with several results, Unit for Check and Print.
	Op struct {
		Code ir.Code
		Attr ir.Attr
		Args []Expr
		T    Type
		Span ast.Span
	}
	// MakeTuple makes a Tuple, a Record (in the order of its sorted names), or a
	// Function (of its captures).
	MakeTuple struct {
		Elems []Expr
		T     Type
	}
	// Part is part Index of a Tuple, Record or Function.
	Part struct {
		X     Expr
		Index int
		T     Type
	}
	// If is a conditional, with or without a value; T is Unit without. After are
	// the Defs behind it of the Vars that a branch assigns and that are declared
	// outside. Else is nil if there is none. A branch that never reaches its end
	// (it returns, or leaves the loop) has no value even if T is not Unit.
	If struct {
		Cond       Expr
		Then, Else *Block
		After      []*Def
		T          Type
		Span       ast.Span
	}
	// BlockExpr is a block with a value, or an expression with names for some of
	// its parts.
	BlockExpr struct{ *Block }
	// Comp makes an array: element (k, l, …) is the value of Body where Index[0]
	// is k in 0..Dims[0], Index[1] is l in 0..Dims[1], …. A tuple or record gives
	// one of arrays. With Cond, the elements where it holds (evaluated first, and
	// the body only there) make a list in row order, whose size is the opaque atom
	// that T begins with. Effects happen in row order.
	Comp struct {
		Index []*Def
		Dims  []ir.Dim
		Cond  *Block // nil if there is none
		Body  *Block
		T     Type
		Span  ast.Span
	}
	// Call calls Callee. Sizes are the values of Callee.Sizes. Opaque atoms of
	// Callee.Result that are not among its Sizes stand in T as new ones.
	Call struct {
		Callee *Instance
		Sizes  []ir.Dim
		Args   []Expr
		T      Type
		Span   ast.Span
	}
	// Derive calls Callee together with its derivative. Code is ir.JVP, ir.VJP or
	// ir.Taylor, which has the seeds of a JVP, and an Order.
	// Seeds has a letter, as in ir.DeriveAttr, for each array that the parameters
	// of Callee (JVP) or its result (VJP) consist of; Given are the tangents or
	// cotangents, each followed by its mask if it is masked. Wrt, of a VJP, has a
	// letter for each array of the parameters. T has two parts: the result, and a
	// tangent of that type, or a tuple of the cotangents of the chosen arrays; of a
	// Taylor, the result and for each of its arrays the coefficients 1 … Order.
	Derive struct {
		Code       ir.Code
		Callee     *Instance
		Sizes      []ir.Dim
		Args       []Expr
		Seeds, Wrt string
		Order      int
		Given      []Expr
		T          Tuple
		Span       ast.Span
	}
	// Pattern tells which elements of array Output of the result of Callee may
	// depend on which of array Input of its parameters, without calling it: Args
	// are there for the sizes. Rows and Columns are the sizes of the two arrays. T
	// is what ir.PatternOp gives but for the number of places, which is an opaque
	// atom: (rows, columns, starts, colours, colour, products).
	Pattern struct {
		Callee        *Instance
		Sizes         []ir.Dim
		Args          []Expr
		Output, Input int
		Rows, Columns []ir.Dim
		T             Tuple
		Span          ast.Span
	}
)

// Type is the type of the expression's value.
func (x *Const) Type() Type     { return x.T }
func (x *SizeOf) Type() Type    { return Array{DType: ir.I64} }
func (x *Local) Type() Type     { return x.Def.Type }
func (x *Op) Type() Type        { return x.T }
func (x *MakeTuple) Type() Type { return x.T }
func (x *Part) Type() Type      { return x.T }
func (x *If) Type() Type        { return x.T }
func (x *BlockExpr) Type() Type {
	if x.Value == nil {
		return Unit{}
	}
	return x.Value.Type()
}
func (x *Comp) Type() Type   { return x.T }
func (x *Call) Type() Type   { return x.T }
func (x *Derive) Type() Type { return x.T }

// Type is the type of the expression's value.
func (x *Pattern) Type() Type { return x.T }
