package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Slices.

// slice takes a slice of an axis of size n.
func (c *checker) slice(s *selection, item ast.Item, n ir.Dim) bool {
	step := int64(1)
	if item.Step != nil {
		v := c.strong(c.expr(item.Step))
		switch {
		case v.isBad():
			return false
		case v.konst == nil || v.konst.kind != ir.I64:
			c.fail(item.Step.Pos(), ast.CodeNotConstant, "the step of a slice must be an integer known before running")
			return false
		case v.konst.i == 0:
			c.fail(item.Step.Pos(), ast.CodeIndex, "the step of a slice can't be 0")
			return false
		}
		step = v.konst.i
	}
	bound := func(x ast.Expr) (value, bool, bool) {
		if x == nil {
			return bad, false, true
		}
		v := c.strong(c.expr(x))
		if v.isBad() {
			return bad, false, false
		}
		if !v.isScalar(ir.I64) {
			c.fail(x.Pos(), ast.CodeIndex, "the bound of a slice is an integer, and this is %s", c.show(v.t))
			return bad, false, false
		}
		u, isUnary := unparen(x).(*ast.Unary)
		fromEnd := isUnary && u.Op == "-" || v.konst != nil && v.konst.i < 0
		return v, fromEnd, true
	}
	lo, loEnd, ok1 := bound(item.Lo)
	hi, hiEnd, ok2 := bound(item.Hi)
	if !ok1 || !ok2 {
		return false
	}
	size, isNumber := n.Const()
	if isNumber && (item.Lo == nil || lo.konst != nil) && (item.Hi == nil || hi.konst != nil) {
		c.constantSlice(s, lo, hi, item, size, step)
		return true
	}
	first, last := ir.Size(0), n // bounds in the order of the axis
	if step < 0 {
		first, last = c.must("-", n, ir.Size(1)), ir.Size(-1)
	}
	at := func(v value, fromEnd bool) ir.Dim {
		d := s.sizeOf(c, v)
		if fromEnd {
			return c.must("+", n, d)
		}
		return d
	}
	if item.Lo != nil {
		first = at(lo, loEnd)
	}
	if item.Hi != nil {
		last = at(hi, hiEnd)
	}
	low, high, floor, ceiling := first, last, ir.Size(0), n
	if step < 0 {
		low, high, floor, ceiling = last, first, ir.Size(-1), c.must("-", n, ir.Size(1))
	}
	// An empty axis has no last element to begin with.
	if step < 0 && item.Lo == nil && item.Hi == nil {
		low = ir.Size(-1)
	}
	c.sliceCheck(s, item, floor, low, "starts before the array, at {1}")
	c.sliceCheck(s, item, low, high, "ends before it starts: {0} is above {1}")
	c.sliceCheck(s, item, high, ceiling, "ends behind the array: {0} is above {1}")
	count := c.stepCount(first, last, step)
	if d, ok := n.Sub(ir.Size(0)); ok && step < 0 && item.Lo == nil && item.Hi == nil {
		count = c.must("//", c.must("+", d, ir.Size(-step-1)), ir.Size(-step))
	}
	s.addRange(first, count, step, item.Span)
	return true
}

func (s *selection) addRange(first, count ir.Dim, step int64, span ast.Span) {
	s.spec = append(s.spec, 'r')
	s.ranges = append(s.ranges, ir.RangeAttr{Dim: count, Step: step})
	s.starts = append(s.starts, sizeValue(first, span))
	s.dims = append(s.dims, count)
}

// sliceCheck makes sure that d <= e, at run time unless it is known; what says of
// the slice what is wrong otherwise, with {0} for d and {1} for e.
func (c *checker) sliceCheck(s *selection, item ast.Item, d, e ir.Dim, what string) {
	if c.notAbove(d, e) {
		return
	}
	x, y := sizeValue(d, item.Span), sizeValue(e, item.Span)
	message := "the slice " + item.Span.Text() + " " + what
	s.stmts = append(s.stmts, c.check(c.elementwise(ir.Le, ir.Bool, []value{x, y}, item.Span), ast.CodeIndex, message, []value{x, y}, item.Span))
}

// check is a statement that stops the run where cond is false.
func (c *checker) check(cond value, code ast.Code, message string, values []value, span ast.Span) Stmt {
	x := &Op{Code: ir.Check, Attr: ir.CheckAttr{Code: string(code), Message: message}, Args: []Expr{cond.x}, T: Unit{}, Span: span}
	for _, v := range values {
		x.Args = append(x.Args, again(v).x)
	}
	return &Eval{x}
}

// constantSlice cuts a slice of numbers to the array, as NumPy does.
func (c *checker) constantSlice(s *selection, lo, hi value, item ast.Item, n, step int64) {
	cut := func(v value, absent bool, otherwise, low, high int64) int64 {
		if absent {
			return otherwise
		}
		k := v.konst.i
		if k < 0 {
			k += n
		}
		return min(max(k, low), high)
	}
	var first, count int64
	if step > 0 {
		first = cut(lo, item.Lo == nil, 0, 0, n)
		last := cut(hi, item.Hi == nil, n, 0, n)
		if last > first {
			count = (last-first-1)/step + 1
		}
	} else {
		first = cut(lo, item.Lo == nil, n-1, -1, n-1)
		last := cut(hi, item.Hi == nil, -1, -1, n-1)
		if first > last {
			count = (first-last-1)/(-step) + 1
		}
	}
	if count == 0 {
		first = 0
	}
	if count <= 1 {
		step = 1
	}
	s.addRange(ir.Size(first), ir.Size(count), step, item.Span)
}
