package lower_test

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A script is a typed program made by hand.
type script struct{ p *typecheck.Program }

func newScript() *script {
	return &script{&typecheck.Program{Atoms: make([]typecheck.AtomInfo, 1), Body: &typecheck.Block{}}}
}

func (s *script) atom(name string) ir.Atom {
	s.p.Atoms = append(s.p.Atoms, typecheck.AtomInfo{Name: name})
	return ir.Atom(len(s.p.Atoms) - 1)
}

// half is the atom for d // 2.
func (s *script) half(d ir.Dim) ir.Dim {
	s.p.Atoms = append(s.p.Atoms, typecheck.AtomInfo{Kind: typecheck.AtomDiv, A: d, B: ir.Size(2)})
	return ir.Sized(ir.Atom(len(s.p.Atoms) - 1))
}

// size is a dimension variable of the inputs.
func (s *script) size(name string) ir.Dim {
	a := s.atom(name)
	s.p.Sizes = append(s.p.Sizes, a)
	return ir.Sized(a)
}

func (s *script) input(name string, t typecheck.Type) *typecheck.Def {
	def := &typecheck.Def{Var: &typecheck.Var{Name: name, Global: true}, Type: t}
	s.p.Inputs = append(s.p.Inputs, &typecheck.Input{Def: def})
	return def
}

func (s *script) run(stmts ...typecheck.Stmt) {
	s.p.Body.Stmts = append(s.p.Body.Stmts, stmts...)
}

// let is a let at top level.
func (s *script) let(name string, x typecheck.Expr) *typecheck.Def {
	def := define(name, x)
	def.Def.Var.Global = true
	s.run(def)
	return def.Def
}

func (s *script) export(defs ...*typecheck.Def) *typecheck.Program {
	for _, def := range defs {
		s.p.Exports = append(s.p.Exports, &typecheck.Export{Name: def.Var.Name, Def: def})
	}
	return s.p
}

func array(t ir.DType, dims ...ir.Dim) typecheck.Array { return typecheck.Array{DType: t, Dims: dims} }

func f64(dims ...ir.Dim) typecheck.Array { return array(ir.F64, dims...) }

var (
	i64   = array(ir.I64)
	truth = array(ir.Bool)
	unit0 = typecheck.Unit{}
)

func tuple(types ...typecheck.Type) typecheck.Tuple { return typecheck.Tuple{Elems: types} }

func num(x float64) *typecheck.Const {
	return &typecheck.Const{Value: ir.Literal{F: x}, T: f64()}
}

func integer(n int64) *typecheck.Const {
	return &typecheck.Const{Value: ir.Literal{I: n}, T: i64}
}

func use(def *typecheck.Def) typecheck.Expr { return &typecheck.Local{Def: def} }

func op(code ir.Code, t typecheck.Type, args ...typecheck.Expr) *typecheck.Op {
	return &typecheck.Op{Code: code, Args: args, T: t}
}

func with(attr ir.Attr, x *typecheck.Op) *typecheck.Op {
	x.Attr = attr
	return x
}

func add(x, y typecheck.Expr) typecheck.Expr  { return op(ir.Add, x.Type(), x, y) }
func less(x, y typecheck.Expr) typecheck.Expr { return op(ir.Lt, truth, x, y) }

func at(x typecheck.Expr, i typecheck.Expr) typecheck.Expr {
	a := x.Type().(typecheck.Array)
	return with(ir.IndexAttr{Spec: "@" + "::::"[:len(a.Dims)-1]}, op(ir.Gather, array(a.DType, a.Dims[1:]...), x, i))
}

// put is x with element i replaced.
func put(x, i, v typecheck.Expr) typecheck.Expr {
	return with(ir.IndexAttr{Spec: "@"}, op(ir.Update, x.Type(), x, v, i))
}

// where is the places at which mask holds; k is how many.
func where(mask typecheck.Expr, k ir.Dim) typecheck.Expr {
	return op(ir.Nonzero, array(ir.I64, k), mask)
}

// pick is x at the places.
func pick(x, places typecheck.Expr) typecheck.Expr {
	t := array(x.Type().(typecheck.Array).DType, places.Type().(typecheck.Array).Dims...)
	return with(ir.IndexAttr{Spec: "t"}, op(ir.Gather, t, x, places))
}

func say(x typecheck.Expr) typecheck.Stmt {
	return &typecheck.Eval{X: sayExpr(x)}
}

func sayExpr(x typecheck.Expr) typecheck.Expr {
	return with(ir.PrintAttr{Pieces: []ir.Piece{{Arg: 0}}}, op(ir.Print, unit0, x))
}

func define(name string, x typecheck.Expr) *typecheck.Define {
	return &typecheck.Define{Def: &typecheck.Def{Var: &typecheck.Var{Name: name}, Type: x.Type()}, X: x}
}

// again is another Def of the same Var.
func again(def *typecheck.Def, types ...typecheck.Type) *typecheck.Def {
	t := def.Type
	if len(types) > 0 {
		t = types[0]
	}
	return &typecheck.Def{Var: def.Var, Type: t}
}

func set(def *typecheck.Def, x typecheck.Expr) *typecheck.Define {
	return &typecheck.Define{Def: again(def, x.Type()), X: x}
}

func block(stmts ...typecheck.Stmt) *typecheck.Block { return &typecheck.Block{Stmts: stmts} }

func value(x typecheck.Expr, stmts ...typecheck.Stmt) *typecheck.Block {
	return &typecheck.Block{Stmts: stmts, Value: x}
}

func defs(list ...*typecheck.Def) []*typecheck.Def { return list }

func ifStmt(c typecheck.Expr, then, els *typecheck.Block, after ...*typecheck.Def) typecheck.Stmt {
	return &typecheck.Eval{X: &typecheck.If{Cond: c, Then: then, Else: els, After: after, T: unit0}}
}

func ifExpr(t typecheck.Type, c typecheck.Expr, then, els *typecheck.Block) *typecheck.If {
	return &typecheck.If{Cond: c, Then: then, Else: els, T: t}
}

func index(name string) *typecheck.Def {
	return &typecheck.Def{Var: &typecheck.Var{Name: name}, Type: i64}
}

var (
	stop = &typecheck.Break{}
	next = &typecheck.Continue{}
)

func give(x typecheck.Expr) typecheck.Stmt { return &typecheck.Return{X: x} }

func procedure(name string, result typecheck.Type, params ...*typecheck.Def) *typecheck.Instance {
	return &typecheck.Instance{Name: name, Params: params, Result: result}
}

func param(name string, t typecheck.Type) *typecheck.Def {
	return &typecheck.Def{Var: &typecheck.Var{Name: name}, Type: t}
}

func call(f *typecheck.Instance, t typecheck.Type, sizes []ir.Dim, args ...typecheck.Expr) typecheck.Expr {
	return &typecheck.Call{Callee: f, Sizes: sizes, Args: args, T: t}
}
