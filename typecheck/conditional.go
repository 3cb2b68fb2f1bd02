package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Blocks and conditionals.

func (c *checker) blockExpr(e *ast.Block) value {
	block, v := c.inBlock(func() value { return c.statements(e.Stmts, true) })
	if v.isBad() {
		return v
	}
	if v.t == nil {
		v.t = Unit{}
	}
	v = c.strong(v)
	block.Value = v.x
	if !pureBlock(block) {
		v.info = withoutConstant(v.info)
	}
	v.x = &BlockExpr{block}
	return v
}

// ifExpr is a conditional; one without a value has the type Unit.
func (c *checker) ifExpr(e *ast.If) value {
	cond := c.condition(e.Cond, "if")
	if !cond.isBad() && cond.konst != nil {
		if cond.konst.i != 0 {
			return c.exprOrNothing(e.Then)
		}
		if e.Else == nil {
			return value{t: Unit{}, x: &BlockExpr{&Block{}}, span: e.Span}
		}
		return c.exprOrNothing(e.Else)
	}
	vars := c.assignedIn(e)
	before := saveStates(vars)
	mark := ir.Atom(len(c.atoms))
	branch := func(x ast.Expr) (*Block, value, []state) {
		restoreStates(vars, before)
		var block *Block
		var v value
		switch x := x.(type) {
		case nil:
			block, v = &Block{}, value{t: Unit{}}
		case *ast.Block:
			block, v = c.inBlock(func() value { return c.statements(x.Stmts, true) })
		default:
			block, v = c.inBlock(func() value { return c.exprOrNothing(x) })
		}
		return block, v, saveStates(vars)
	}
	then, tv, ts := branch(e.Then)
	other, ov, os := branch(e.Else)
	if cond.isBad() || tv.isBad() && !diverges(then) || ov.isBad() && !diverges(other) {
		restoreStates(vars, before)
		for _, b := range vars {
			c.forget(b)
		}
		return bad
	}
	node := &If{Cond: cond.x, Then: then, Else: other, T: Unit{}, Span: e.Span}
	switch {
	case diverges(then):
		node.After = c.mergeStates(vars, os, os, mark)
	case diverges(other):
		node.After = c.mergeStates(vars, ts, ts, mark)
	default:
		node.After = c.mergeStates(vars, ts, os, mark)
	}
	result := value{span: e.Span, x: node}
	_, thenUnit := tv.t.(Unit)
	_, otherUnit := ov.t.(Unit)
	switch {
	case diverges(then) && diverges(other):
		then.Value, other.Value = effectOnly(then), effectOnly(other)
	case diverges(then):
		then.Value = effectOnly(then)
		if !otherUnit {
			ov = c.strong(ov)
			node.T, other.Value = c.escape(ov.t, mark), ov.x
		}
	case diverges(other):
		other.Value = effectOnly(other)
		if !thenUnit {
			tv = c.strong(tv)
			node.T, then.Value = c.escape(tv.t, mark), tv.x
		}
	case thenUnit || otherUnit:
		then.Value, other.Value = effectOnly(then), effectOnly(other)
		if thenUnit != otherUnit && e.Else != nil {
			node.T = Unit{}
		}
	default:
		t, a, b, ok := c.mergeValues(tv, ov, mark, e.Span)
		if !ok {
			return bad
		}
		node.T, then.Value, other.Value = t, a.x, b.x
	}
	if e.Else == nil {
		node.Else = nil
	}
	result.t = node.T
	return result
}

// effectOnly drops the value of a block that nobody uses, but not what its
// computation does.
func effectOnly(b *Block) Expr {
	if b.Value != nil {
		if _, unit := b.Value.Type().(Unit); unit || divergesExpr(b.Value) {
			b.Stmts = append(b.Stmts, &Eval{b.Value})
		}
	}
	return nil
}

// condition checks the head of an if or while: a bool scalar.
func (c *checker) condition(e ast.Expr, what string) value {
	v := c.strong(c.expr(e))
	if v.isBad() {
		return bad
	}
	a, ok := v.array()
	if !ok || a.DType != ir.Bool {
		d := c.fail(e.Pos(), ast.CodeTypeMismatch, "%s wants a bool, and this is %s", what, c.show(v.t))
		if ok {
			d.Hint = "compare, as in x != 0"
		}
		return d.value()
	}
	if len(a.Dims) != 0 {
		d := c.fail(e.Pos(), ast.CodeShapeMismatch, "%s wants one bool, and this is %s", what, c.show(v.t))
		d.Hint = "use any( ) or all( ), or where(c, a, b) to choose element by element"
		return d.value()
	}
	return v
}
