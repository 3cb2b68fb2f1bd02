package show

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

func (w *writer) region(op *ir.Op) {
	switch op.Code {
	case ir.If:
		w.conditional(op)
	case ir.For:
		w.forLoop(op)
	case ir.While:
		w.whileLoop(op)
	case ir.Map:
		w.comprehension(op)
	}
}

func (w *writer) conditional(op *ir.Op) {
	cond := w.value(op.Args[0])
	w.flush()
	n := &ast.If{Cond: cond}
	arm := func(b *ir.Block) *ast.Block { return w.body(b, func() ast.Expr { return w.tuple(b.Yield) }) }
	n.Then = arm(op.Regions[0])
	if otherwise := arm(op.Regions[1]); len(otherwise.Stmts) > 0 {
		n.Else = otherwise
	}
	if len(op.Results) == 0 {
		w.stmts = append(w.stmts, &ast.ExprStmt{X: n})
		return
	}
	if v := op.Results[0]; len(op.Results) == 1 {
		if x := logical(n); x != nil {
			w.define(op.Results, x, longest/2)
			return
		}
		if len(w.block.Yield) == 1 && w.block.Yield[0] == v && w.uses[v] == 1 {
			w.forms[v] = form{x: n, size: longest}
			return
		}
	}
	w.let(op.Results, n)
}

// logical is "if a { b } else { false }" as "a and b", and the like; nil if n
// is nothing of that kind.
func logical(n *ast.If) ast.Expr {
	then, ok := only(n.Then)
	if !ok {
		return nil
	}
	otherwise, ok := only(n.Else)
	if !ok {
		return nil
	}
	if b, ok := otherwise.(*ast.Bool); ok && !b.Value {
		return &ast.Binary{Op: "and", X: n.Cond, Y: then}
	}
	if b, ok := then.(*ast.Bool); ok && b.Value {
		return &ast.Binary{Op: "or", X: n.Cond, Y: otherwise}
	}
	return nil
}

// only is the expression that a block is made of.
func only(x ast.Expr) (ast.Expr, bool) {
	b, ok := x.(*ast.Block)
	if !ok || len(b.Stmts) != 1 {
		return nil, false
	}
	stmt, ok := b.Stmts[0].(*ast.ExprStmt)
	if !ok {
		return nil, false
	}
	return stmt.X, true
}

// comprehension writes a map. A body of several statements is a block.
func (w *writer) comprehension(op *ir.Op) {
	region := op.Regions[0]
	c := &ast.Comprehension{Brackets: true, Clauses: []ast.Clause{{}}}
	for i, index := range region.Params {
		w.names[index] = w.fresh(index.Name, "i")
		in := &ast.Range{Lo: integer(0), Hi: w.dim(op.Attr.(ir.MapAttr).Dims[i])}
		c.Clauses[0].Binders = append(c.Clauses[0].Binders, ast.Binder{Name: ast.Ident{Name: w.names[index]}, In: in})
	}
	body := w.body(region, func() ast.Expr { return w.tuple(region.Yield) })
	c.Body = body
	if x, ok := only(body); ok {
		c.Body = x
	}
	w.define(op.Results, c, longest/2)
}

// carried makes a var for each carried value of a loop. Those that the body
// changes in place are so written; the others are assigned at its end.
func (w *writer) carried(op *ir.Op, init []*ir.Value) []string {
	names := make([]string, len(init))
	for i, x := range init {
		names[i] = w.variable(op, x, op.Results[i])
	}
	w.flush()
	return names
}

// inLoop lets parameters of a region be vars of it.
func (w *writer) inLoop(b *ir.Block, params []*ir.Value, names []string) {
	for i, p := range params {
		w.names[p] = names[i]
		w.mutable[p] = b
	}
}

func (w *writer) forLoop(op *ir.Op) {
	region := op.Regions[0]
	lo, hi := w.value(op.Args[0]), w.value(op.Args[1])
	names := w.carried(op, op.Args[2:])
	index := region.Params[0]
	w.names[index] = w.fresh(index.Name, "i")
	w.inLoop(region, region.Params[1:], names)
	body := w.body(region, func() ast.Expr { w.assign(names, region.Yield); return nil })
	w.stmts = append(w.stmts, &ast.For{Var: ast.Ident{Name: w.names[index]}, Range: &ast.Range{Lo: lo, Hi: hi}, Body: body})
	w.behindLoop(op, names)
}

func (w *writer) behindLoop(op *ir.Op, names []string) {
	for i, v := range op.Results {
		w.isVar(v, names[i])
	}
}

// assign gives the vars of a loop their values of the next round.
func (w *writer) assign(names []string, values []*ir.Value) {
	var targets, news []ast.Expr
	for i, v := range values {
		if n, named := w.names[v]; named && n == names[i] {
			continue
		}
		targets, news = append(targets, name(names[i])), append(news, w.value(v))
	}
	switch len(targets) {
	case 0:
	case 1:
		w.stmts = append(w.stmts, &ast.Assign{Target: targets[0], Op: "=", Value: news[0]})
	default:
		w.stmts = append(w.stmts, &ast.Assign{Target: &ast.Tuple{Elems: targets}, Op: "=", Value: &ast.Tuple{Elems: news}})
	}
}

// whileLoop writes the condition at the head if it is an expression, else in
// the body, which it leaves.
func (w *writer) whileLoop(op *ir.Op) {
	cond, body := op.Regions[0], op.Regions[1]
	names := w.carried(op, op.Args)
	w.inLoop(cond, cond.Params, names)
	var holds ast.Expr
	head := w.body(cond, func() ast.Expr { holds = w.value(cond.Yield[0]); return nil })
	w.inLoop(body, body.Params, names)
	block := w.body(body, func() ast.Expr { w.assign(names, body.Yield); return nil })
	n := &ast.While{Cond: holds, Body: block}
	if len(head.Stmts) > 0 {
		n.Cond = &ast.Bool{Value: true}
		leave := &ast.If{Cond: &ast.Unary{Op: "not", X: holds}, Then: &ast.Block{Stmts: []ast.Stmt{&ast.Break{}}}}
		block.Stmts = append(append(head.Stmts, &ast.ExprStmt{X: leave}), block.Stmts...)
	}
	w.stmts = append(w.stmts, n)
	w.behindLoop(op, names)
}
