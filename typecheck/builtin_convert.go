package typecheck

import (
	"math"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// convertCall is t(v): v with elements of dtype t. To i64 it cuts towards zero,
// to bool it asks whether the number isn't 0.
func (c *checker) convertCall(t ir.DType, v value, span ast.Span) value {
	if v.isBad() {
		return bad
	}
	if _, ok := v.array(); !ok {
		return c.fail(v.span, ast.CodeTypeMismatch, "%s( ) converts numbers, and this is %s", t, c.show(v.t)).value()
	}
	if v.lit != nil && t.IsInexact() && v.lit.kind <= max(t, ir.F64) {
		v = c.materialize(v.lit, t)
		v.span = span
		return v
	}
	v = c.strong(v)
	if v.isBad() {
		return bad
	}
	from := v.t.(Array).DType
	switch {
	case from == t:
	case t == ir.Bool:
		v = c.comparison("!=", operand{v, nil}, operand{number(from, 0, span), nil}, span)
	case from == ir.C128:
		d := c.fail(span, ast.CodeTypeMismatch, "a complex number is no %s", t)
		d.Hint = "take real(z), imag(z) or abs(z)"
		return d.value()
	case t == ir.I64 && from.IsFloat() && v.konst != nil && v.rank() == 0:
		f := math.Trunc(v.konst.f)
		if !(f >= -1<<63 && f < 1<<63) {
			return c.fail(span, ast.CodeOutOfRange, "%v does not fit in i64", v.konst.f).value()
		}
		v = intValue(int64(f), span)
	default:
		v = c.convert(v, t)
	}
	v.span = span
	return v
}
