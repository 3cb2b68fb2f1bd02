package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Array literals.

// stackValues is the array [a, b, c]: elements of dtype t and of one shape along
// a new leading axis.
func (c *checker) stackValues(elems []value, t ir.DType, span ast.Span) value {
	shape := []ir.Dim(nil)
	for i, v := range elems {
		if v.isBad() {
			return bad
		}
		a, ok := v.array()
		if !ok {
			return c.fail(v.span, ast.CodeTypeMismatch, "an array has numbers for elements, and this is %s", c.show(v.t)).value()
		}
		if i == 0 {
			shape = a.Dims
		}
	}
	elems, shape, ok := c.alike(elems, shape, -1, "element")
	if !ok {
		return bad
	}
	n := ir.Size(int64(len(elems)))
	result := Array{t, append([]ir.Dim{n}, shape...)}
	if lit, ok := literalOf(elems, t); ok {
		v := value{t: result, x: &Op{Code: ir.Const, Attr: lit, T: result, Span: span}, span: span}
		v.elems = knownElements(elems, result)
		return v
	}
	rows := make([]value, len(elems))
	for i, v := range elems {
		rows[i] = reshaped(v, append([]ir.Dim{ir.Size(1)}, shape...))
	}
	v := c.joined(rows, 0, span)
	v.elems = knownElements(elems, result)
	return v
}

// maxKnownElements bounds the vectors whose elements the checker knows: those
// that may be shapes.
const maxKnownElements = 64

func knownElements(elems []value, t Array) []ir.Dim {
	if t.DType != ir.I64 || len(t.Dims) != 1 || len(elems) > maxKnownElements {
		return nil
	}
	known := make([]ir.Dim, 0, len(elems))
	for _, v := range elems {
		if v.size == nil {
			return nil
		}
		known = append(known, *v.size)
	}
	return known
}

// alike checks that arrays have one shape, but for an axis (-1: for none), at run
// time where that isn't known, and gives it.
func (c *checker) alike(parts []value, shape []ir.Dim, but int, what string) ([]value, []ir.Dim, bool) {
	shape = append([]ir.Dim(nil), shape...)
	for i, v := range parts {
		a := v.t.(Array)
		if len(a.Dims) != len(shape) {
			c.differentParts(parts, i, what)
			return nil, nil, false
		}
		for axis, d := range a.Dims {
			if axis == but {
				continue
			}
			if c.compareDims(d, shape[axis]) == different {
				d := c.differentParts(parts, i, what)
				d.Notes = append(d.Notes, c.explainSizes(shape[axis], a.Dims[axis])...)
				return nil, nil, false
			}
			if _, isConst := d.Const(); isConst {
				shape[axis] = d
			}
		}
	}
	// A number may have come after a part that it is different from.
	out := make([]value, len(parts))
	for i, v := range parts {
		a := v.t.(Array)
		want := append([]ir.Dim(nil), shape...)
		if but >= 0 {
			want[but] = a.Dims[but]
		}
		for axis := range want {
			if c.compareDims(a.Dims[axis], want[axis]) == different {
				c.differentParts(parts, i, what)
				return nil, nil, false
			}
		}
		if out[i] = v; !sameDims(a.Dims, want) {
			out[i] = c.retype(v, want, what+" "+itoa(i)+" has the sizes "+sizePattern(len(want), 0)+", and the others "+sizePattern(len(want), len(want)))
		}
	}
	return out, shape, true
}

func (c *checker) differentParts(parts []value, i int, what string) report {
	other := 0
	if i == 0 {
		other = len(parts) - 1
	}
	d := c.fail(parts[i].span, ast.CodeShapeMismatch, "%s %d is %s, and %s %d is %s", what, i, c.show(parts[i].t), what, other, c.show(parts[other].t))
	d.Labels = append(d.Labels, ast.Label{Span: parts[other].span, Text: c.show(parts[other].t)})
	return d
}

// literalOf is the constant that the elements are together, if all are constants.
func literalOf(elems []value, t ir.DType) (ir.ArrayLiteral, bool) {
	var lit ir.ArrayLiteral
	for _, v := range elems {
		if op, ok := v.x.(*Op); ok && op.Code == ir.Const {
			part := op.Attr.(ir.ArrayLiteral)
			lit.I, lit.F, lit.C = append(lit.I, part.I...), append(lit.F, part.F...), append(lit.C, part.C...)
			continue
		}
		number, ok := scalarLiteral(v.x, t)
		if !ok {
			return lit, false
		}
		switch t {
		case ir.Bool, ir.I64:
			lit.I = append(lit.I, number.I)
		case ir.F32, ir.F64:
			lit.F = append(lit.F, number.F)
		default:
			lit.C = append(lit.C, number.C)
		}
	}
	return lit, true
}

// scalarLiteral evaluates a number as it is written: a constant, its negative,
// or a complex one as the sum or difference of its parts.
func scalarLiteral(x Expr, t ir.DType) (ir.Literal, bool) {
	switch x := x.(type) {
	case *Const:
		return x.Value, true
	case *Op:
		if x.Code != ir.Neg && (t != ir.C128 || x.Code != ir.Add && x.Code != ir.Sub) {
			break
		}
		a, ok := scalarLiteral(x.Args[0], t)
		if !ok {
			break
		}
		if x.Code == ir.Neg {
			return ir.Literal{I: -a.I, F: -a.F, C: complex(-real(a.C), -imag(a.C))}, true
		}
		b, ok := scalarLiteral(x.Args[1], t)
		if !ok {
			break
		}
		if x.Code == ir.Add {
			return ir.Literal{C: a.C + b.C}, true
		}
		return ir.Literal{C: a.C - b.C}, true
	}
	return ir.Literal{}, false
}
