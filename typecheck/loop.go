package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Loops.

func (c *checker) forStmt(s *ast.For) {
	if r, ok := s.Range.(*ast.Range); ok {
		rv, ok := c.rangeOf(r)
		if !ok {
			c.skipLoop(s.Var, nil, s.Body)
			return
		}
		lo, hi := c.asDefined(rv.lo), c.asDefined(rv.hi)
		switch step, known := rv.constStep(); {
		case !known:
			count := c.rangeCount(*lo.size, *hi.size, rv)
			c.loop(s, intValue(0, s.Span), sizeValue(count, s.Span), 1, nil, nil, func(k value) value {
				return c.arithmetic("+", []value{again(lo), c.arithmetic("*", []value{k, sizeValue(rv.step, s.Span)}, s.Span)}, s.Span)
			})
		case step > 0:
			c.loop(s, lo, hi, step, lo.size, hi.size, nil)
		default:
			bottom := c.must("+", *hi.size, ir.Size(1))
			top := c.must("+", *lo.size, ir.Size(1))
			c.loop(s, lo, hi, step, &bottom, &top, nil)
		}
		return
	}
	v := c.strong(c.expr(s.Range))
	if v.isBad() {
		c.skipLoop(s.Var, nil, s.Body)
		return
	}
	a, ok := v.array()
	if !ok || len(a.Dims) == 0 {
		d := c.fail(s.Range.Pos(), ast.CodeTypeMismatch, "for goes through a range or the rows of an array, and this is %s", c.show(v.t))
		if v.isScalar(ir.I64) {
			d.Hint = "write 0..n"
		}
		c.skipLoop(s.Var, nil, s.Body)
		return
	}
	v = c.asDefined(v)
	zero := ir.Size(0)
	c.loop(s, intValue(0, s.Span), sizeValue(a.Dims[0], s.Span), 1, &zero, &a.Dims[0], func(k value) value {
		return c.gatherPoint(again(v), k, s.Range.Pos())
	})
}

// asDefined gives v a name in the present block unless it is a leaf.
func (c *checker) asDefined(v value) value {
	if v.isBad() || v.lit != nil || simple(v.x) {
		return v
	}
	def := &Def{Var: &Var{Span: v.span}, Type: v.t}
	c.defined(def, &v.info)
	c.emit(&Define{def, v.x})
	v.x = &Local{def}
	return v
}

// skipLoop checks the body of a loop whose head is wrong, as far as possible.
func (c *checker) skipLoop(name ast.Ident, t Type, body *ast.Block) {
	vars := c.assignedIn(body)
	c.enterLoop(vars)
	c.ctx.loops++
	c.inBlock(func() value {
		b := &binding{name: name.Name, t: t, span: name.Span, v: &Var{Name: name.Name, Span: name.Span}}
		c.bind(b)
		return c.statements(body.Stmts, false)
	})
	c.ctx.loops--
	c.leaveLoop(vars)
}

// loop checks the body of a for; the index lies in bottom..top, where they are
// known. element, if not nil, is what the loop's name stands for at an index.
func (c *checker) loop(s *ast.For, lo, hi value, step int64, bottom, top *ir.Dim, element func(value) value) {
	vars := c.assignedIn(s.Body)
	breaks := c.ctx.breaks
	defer func() { c.ctx.breaks = breaks }() // a break in here is not one of a loop around
	node := &For{Lo: again(lo).x, Hi: again(hi).x, Step: step, Span: s.Span}
	node.Phi = c.enterLoop(vars)
	c.ctx.loops++
	node.Body, _ = c.inBlock(func() value {
		index := c.indexDef(s.Var, bottom, top)
		index.what = "the loop's " + s.Var.Name
		node.Index = index.def
		if element != nil {
			c.declareLocal(s.Var, element(index.use(s.Var.Span)), "the loop's "+s.Var.Name)
		}
		pop := c.push()
		c.statements(s.Body.Stmts, false)
		pop()
		return value{}
	})
	c.ctx.loops--
	node.After = c.leaveLoop(vars)
	c.emit(node)
}

func (c *checker) whileStmt(s *ast.While) {
	vars := c.assignedIn(s.Cond, s.Body)
	node := &While{Span: s.Span}
	node.Phi = c.enterLoop(vars)
	var cond value
	node.Cond, cond = c.inBlock(func() value { return c.condition(s.Cond, "while") })
	c.ctx.loops++
	outer := c.ctx.breaks
	c.ctx.breaks = false
	node.Body, _ = c.inBlock(func() value { return c.statements(s.Body.Stmts, false) })
	node.Breaks, c.ctx.breaks = c.ctx.breaks, outer
	c.ctx.loops--
	node.After = c.leaveLoop(vars)
	if !cond.isBad() {
		c.emit(node)
	}
}
