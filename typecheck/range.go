package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Ranges lo..hi..step.

// rangeArray is lo..hi or lo..hi..step as an array.
func (c *checker) rangeArray(e *ast.Range) value {
	r, ok := c.rangeOf(e)
	if !ok {
		return bad
	}
	return c.withRange(r, func(lo, hi ir.Dim) value {
		count := c.rangeCount(lo, hi, r)
		t := Array{ir.I64, []ir.Dim{count}}
		v := value{t: t, x: &Op{Code: ir.Iota, Attr: ir.DimsAttr{Dims: t.Dims}, T: t, Span: e.Span}, span: e.Span}
		if !r.step.IsConst(1) {
			v = c.elementwise(ir.Mul, ir.I64, []value{v, sizeValue(r.step, e.Span)}, e.Span)
		}
		if !lo.IsConst(0) {
			v = c.elementwise(ir.Add, ir.I64, []value{v, sizeValue(lo, e.Span)}, e.Span)
		}
		return v
	})
}

// A rangeValue is the range of a loop, a binder, or an array.
type rangeValue struct {
	lo, hi value // i64 scalars
	step   ir.Dim
	span   ast.Span
}

// constStep is the step if it is known before running.
func (r *rangeValue) constStep() (int64, bool) { return r.step.Const() }

func (c *checker) rangeOf(e *ast.Range) (rangeValue, bool) {
	r := rangeValue{step: ir.Size(1), span: e.Span}
	bound := func(x ast.Expr) (value, bool) {
		v := c.strong(c.expr(x))
		if v.isBad() {
			return bad, false
		}
		if !v.isScalar(ir.I64) {
			d := c.fail(x.Pos(), ast.CodeTypeMismatch, "a range is made of integers, and this is %s", c.show(v.t))
			d.Hint = "arange and linspace make arrays of floats"
			return bad, false
		}
		return v, true
	}
	var ok1, ok2 bool
	r.lo, ok1 = bound(e.Lo)
	r.hi, ok2 = bound(e.Hi)
	if e.Step != nil {
		step, ok := bound(e.Step)
		switch {
		case !ok:
			return r, false
		case step.konst == nil:
			step = c.asDefined(step)
			zero := c.elementwise(ir.Eq, ir.Bool, []value{again(step), intValue(0, e.Step.Pos())}, e.Step.Pos())
			c.emit(c.check(c.elementwise(ir.Not, ir.Bool, []value{zero}, e.Step.Pos()), ast.CodeIndex, "the step of a range can't be 0", nil, e.Step.Pos()))
			r.step = *step.size
			return r, ok1 && ok2
		case step.konst.i == 0:
			c.fail(e.Step.Pos(), ast.CodeIndex, "the step of a range can't be 0")
			return r, false
		}
		r.step = ir.Size(step.konst.i)
	}
	return r, ok1 && ok2
}

// withRange gives the bounds of a range as sizes.
func (c *checker) withRange(r rangeValue, body func(lo, hi ir.Dim) value) value {
	return c.scalarSize(r.lo, func(lo ir.Dim) value {
		return c.scalarSize(r.hi, func(hi ir.Dim) value { return body(lo, hi) })
	})
}

// rangeCount is how many elements a range has; it may come out below zero.
func (c *checker) rangeCount(lo, hi ir.Dim, r rangeValue) ir.Dim {
	if step, ok := r.constStep(); ok {
		return c.stepCount(lo, hi, step)
	}
	// Rounded up: (hi - lo + step - sign(step)) // step.
	step := sizeValue(r.step, r.span)
	sign := c.elementwise(ir.Sign, ir.I64, []value{step}, r.span)
	span := c.arithmetic("-", []value{sizeValue(hi, r.span), sizeValue(lo, r.span)}, r.span)
	up := c.arithmetic("-", []value{c.arithmetic("+", []value{span, step}, r.span), sign}, r.span)
	count := c.asDefined(value{t: step.t, x: c.arithmetic("//", []value{up, again(step)}, r.span).x, span: r.span})
	return *count.size
}

// stepCount is how many elements a slice or a range with a constant step has.
func (c *checker) stepCount(lo, hi ir.Dim, step int64) ir.Dim {
	if step < 0 {
		lo, hi, step = hi, lo, -step
	}
	count := c.must("-", hi, lo)
	if step == 1 {
		return count
	}
	return c.must("//", c.must("+", count, ir.Size(step-1)), ir.Size(step))
}
