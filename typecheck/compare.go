package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Comparison and truth.

// logical is "x and y" or "x or y": early stop on scalars, elementwise on arrays.
func (c *checker) logical(e *ast.Binary) value {
	wantBool := func(v value, x ast.Expr) value {
		v = c.strong(v)
		if v.isBad() {
			return bad
		}
		if a, ok := v.array(); !ok || a.DType != ir.Bool {
			d := c.fail(x.Pos(), ast.CodeTypeMismatch, "%s wants bools, and this is %s", e.Op, c.show(v.t))
			d.Hint = "compare, as in x != 0"
			return d.value()
		}
		return v
	}
	x := wantBool(c.expr(e.X), e.X)
	if x.isBad() {
		c.expr(e.Y)
		return bad
	}
	if x.konst != nil && x.rank() == 0 {
		if (x.konst.i == 0) == (e.Op == "and") {
			return boolValue(e.Op == "or", e.Span)
		}
		return wantBool(c.expr(e.Y), e.Y)
	}
	var y value
	outer := c.ctx.block
	block, _ := c.inBlock(func() value { y = wantBool(c.expr(e.Y), e.Y); return y })
	if y.isBad() {
		return bad
	}
	if x.rank() == 0 && y.rank() == 0 {
		other := &Block{Value: boolValue(e.Op == "or", e.Span).x}
		cond := &If{Cond: x.x, Then: block, Else: other, T: Array{DType: ir.Bool}, Span: e.Span}
		if e.Op == "or" {
			cond.Then, cond.Else = other, block
		}
		return value{t: cond.T, x: cond, span: e.Span}
	}
	outer.stmts = append(outer.stmts, block.Stmts...)
	code := ir.And
	if e.Op == "or" {
		code = ir.Or
	}
	if _, ok := c.broadcastDims([]value{x, y}); !ok {
		return c.broadcastError(e.Op, []operand{{x, e.X}, {y, e.Y}}, e.Span)
	}
	return c.elementwise(code, ir.Bool, []value{x, y}, e.Span)
}

// compare is a chain a < b <= c.
func (c *checker) compare(e *ast.Compare) value {
	vs := make([]value, len(e.Operands))
	for i, x := range e.Operands {
		vs[i] = c.expr(x)
	}
	for _, v := range vs {
		if v.isBad() {
			return bad
		}
	}
	if len(vs) == 2 {
		return c.comparison(e.Ops[0], operand{vs[0], e.Operands[0]}, operand{vs[1], e.Operands[1]}, e.Span)
	}
	return c.namedAll(vs, func(vs []value) value {
		var all value
		for i, op := range e.Ops {
			span := e.Operands[i].Pos().To(e.Operands[i+1].Pos())
			v := c.comparison(op, operand{again(vs[i]), e.Operands[i]}, operand{again(vs[i+1]), e.Operands[i+1]}, span)
			if v.isBad() {
				return bad
			}
			if i == 0 {
				all = v
			} else if all.konst != nil && v.konst != nil {
				all = boolValue(all.konst.i&v.konst.i != 0, e.Span)
			} else {
				all = c.elementwise(ir.And, ir.Bool, []value{all, v}, e.Span)
			}
		}
		return all
	})
}

func (c *checker) comparison(op string, x, y operand, span ast.Span) value {
	xs, xStatic := x.t.(Static)
	ys, yStatic := y.t.(Static)
	if xStatic || yStatic || x.konst.isNone() || y.konst.isNone() {
		same := xStatic && yStatic && xs == ys
		switch op {
		case "==":
			return boolValue(same, span)
		case "!=":
			return boolValue(!same, span)
		}
	}
	if x.isScalar(ir.Text) && y.isScalar(ir.Text) {
		return c.compareText(op, x.value, y.value, span)
	}
	for _, o := range []operand{x, y} {
		if _, ok := o.array(); !ok {
			return c.fail(span, ast.CodeTypeMismatch, "%s can't be compared with %s", c.show(x.t), c.show(y.t)).value()
		}
	}
	both := c.meet([]value{x.value, y.value})
	a, b := both[0], both[1]
	if a.isBad() || b.isBad() {
		return bad
	}
	t := a.t.(Array).DType
	if t == ir.Bool && op != "==" && op != "!=" {
		a, b = c.convert(a, ir.I64), c.convert(b, ir.I64)
		both = []value{a, b}
	}
	if t == ir.C128 && op != "==" && op != "!=" {
		d := c.fail(span, ast.CodeTypeMismatch, "complex numbers have no order")
		d.Hint = "compare abs(z), real(z) or imag(z)"
		return d.value()
	}
	if v, ok := foldComparison(op, a, b, span); ok {
		return v
	}
	if _, ok := c.broadcastDims(both); !ok {
		return c.broadcastError(op, []operand{{a, x.e}, {b, y.e}}, span)
	}
	switch op {
	case "==":
		return c.elementwise(ir.Eq, ir.Bool, both, span)
	case "!=":
		return c.elementwise(ir.Not, ir.Bool, []value{c.elementwise(ir.Eq, ir.Bool, both, span)}, span)
	case "<":
		return c.elementwise(ir.Lt, ir.Bool, both, span)
	case "<=":
		return c.elementwise(ir.Le, ir.Bool, both, span)
	case ">":
		return c.elementwise(ir.Lt, ir.Bool, []value{b, a}, span)
	default:
		return c.elementwise(ir.Le, ir.Bool, []value{b, a}, span)
	}
}

func (c *checker) compareText(op string, x, y value, span ast.Span) value {
	if op != "==" && op != "!=" {
		return c.fail(span, ast.CodeTypeMismatch, "text has no order here; compare it with == or !=").value()
	}
	if x.konst == nil || y.konst == nil {
		d := c.fail(span, ast.CodeNotConstant, "text can be compared only where it is known before running")
		d.Hint = "text is to pass on and to print; let numbers or bools decide"
		return d.value()
	}
	return boolValue((x.konst.s == y.konst.s) == (op == "=="), span)
}

func foldComparison(op string, x, y value, span ast.Span) (value, bool) {
	if x.konst == nil || y.konst == nil || x.rank() != 0 || y.rank() != 0 {
		return bad, false
	}
	a, b := x.konst, y.konst
	var less, same bool
	switch a.kind {
	case ir.I64, ir.Bool:
		less, same = a.i < b.i, a.i == b.i
	case ir.F64, ir.F32:
		if a.f != a.f || b.f != b.f {
			return bad, false
		}
		less, same = a.f < b.f, a.f == b.f
	default:
		return bad, false
	}
	switch op {
	case "==":
		return boolValue(same, span), true
	case "!=":
		return boolValue(!same, span), true
	case "<":
		return boolValue(less, span), true
	case "<=":
		return boolValue(less || same, span), true
	case ">":
		return boolValue(!less && !same, span), true
	}
	return boolValue(!less, span), true
}
