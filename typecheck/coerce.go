package typecheck

import (
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Conversion to the type that is wanted.

// widen is the dtype that two strong dtypes meet in.
func widen(a, b ir.DType) ir.DType {
	if a > b {
		a, b = b, a
	}
	if a == ir.I64 && b == ir.F32 {
		return ir.F64
	}
	return b // Bool < I64 < F32 < F64 < C128
}

// commonDType is the dtype that the values meet in; literals adapt. It is 0 if
// all are literals that keep adapting, in which case weak says what they are.
func commonDType(vs ...value) (strong, weak ir.DType) {
	for _, v := range vs {
		a, ok := v.t.(Array)
		if !ok {
			continue
		}
		if v.lit != nil {
			weak = max(weak, a.DType)
		} else if strong == 0 {
			strong = a.DType
		} else {
			strong = widen(strong, a.DType)
		}
	}
	switch {
	case strong == 0 || weak == 0:
	case weak == ir.C128:
		strong = ir.C128
	case weak == ir.F64 && (strong == ir.Bool || strong == ir.I64):
		strong = ir.F64
	case weak == ir.I64 && strong == ir.Bool:
		strong = ir.I64
	}
	return strong, weak
}

// meet converts arrays to the dtype that they meet in.
func (c *checker) meet(vs []value) []value {
	strong, weak := commonDType(vs...)
	if strong == 0 {
		strong = weak
	}
	out := make([]value, len(vs))
	for i, v := range vs {
		out[i] = c.convert(v, strong)
	}
	return out
}

// convert gives an array the dtype t, without asking whether that narrows it.
func (c *checker) convert(v value, t ir.DType) value {
	if v.isBad() {
		return v
	}
	if v.lit != nil {
		if v.lit.kind == ir.I64 || v.lit.kind <= t {
			if t == ir.Bool {
				return c.convert(c.strong(v), t)
			}
			return c.materialize(v.lit, t)
		}
		v = c.strong(v)
	}
	a, ok := v.array()
	if !ok || a.DType == t {
		return v
	}
	if k := v.konst; k != nil && k.dt == 0 {
		switch {
		case k.kind == ir.I64 && t == ir.F64:
			return constant{kind: ir.F64, f: float64(k.i)}.value(v.span)
		case k.kind == ir.Bool && t == ir.I64:
			return intValue(k.i, v.span)
		case k.kind == ir.Bool && t == ir.F64:
			return constant{kind: ir.F64, f: float64(k.i)}.value(v.span)
		case k.kind == ir.F64 && t == ir.C128:
			return constant{kind: ir.C128, c: complex(k.f, 0)}.value(v.span)
		}
	}
	out := value{
		t:    Array{t, a.Dims},
		x:    &Op{Code: ir.Convert, Attr: ir.ConvertAttr{To: t}, Args: []Expr{v.x}, T: Array{t, a.Dims}, Span: v.span},
		span: v.span,
	}
	return out
}

// widens reports whether a value of dtype from may be given where to is wanted.
func widens(from, to ir.DType) bool {
	return from == to || from != ir.Text && to != ir.Text && widen(from, to) == to
}

// coerce gives v the type want, widening its dtype, or reports why it can't:
// what says what v is for ("the value assigned to x").
func (c *checker) coerce(v value, want Type, what string) value {
	if v.isBad() || want == nil {
		return bad
	}
	switch want := want.(type) {
	case Array:
		a, ok := v.t.(Array)
		if !ok || (a.DType == ir.Text) != (want.DType == ir.Text) {
			return c.fail(v.span, ast.CodeTypeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(v.t)).value()
		}
		if v.lit != nil && v.lit.kind > want.DType && !(v.lit.kind == ir.F64 && want.DType == ir.F32) || v.lit == nil && !widens(a.DType, want.DType) {
			d := c.fail(v.span, ast.CodeTypeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(v.t))
			if a.DType == ir.Bool || want.DType == ir.Bool {
				d.Hint = "compare, as in x != 0, to get a bool"
			} else {
				d.Hint = "numbers never narrow by themselves; convert with " + want.DType.String() + "( )"
			}
			return d.value()
		}
		v = c.convert(v, want.DType)
		return c.reshapeTo(v, want, what)
	case Tuple:
		t, ok := v.t.(Tuple)
		if !ok || len(t.Elems) != len(want.Elems) {
			break
		}
		return c.coerceParts(v, want, want.Elems, t.Elems, what)
	case Record:
		t, ok := v.t.(Record)
		if !ok || strings.Join(t.Names, ",") != strings.Join(want.Names, ",") {
			break
		}
		return c.coerceParts(v, want, want.Types, t.Types, what)
	case Function:
		t, ok := v.t.(Function)
		if !ok || t.Value != want.Value {
			break
		}
		return v
	case Unit, Static:
		if c.sameType(v.t, want) {
			return v
		}
	}
	return c.fail(v.span, ast.CodeTypeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(v.t)).value()
}

func (c *checker) coerceParts(v value, want Type, wants, have []Type, what string) value {
	same := true
	for i := range wants {
		same = same && c.sameType(have[i], wants[i])
	}
	if same {
		return v
	}
	return c.named(v, func(v value) value {
		elems := make([]Expr, len(wants))
		for i := range wants {
			part := c.coerce(c.part(v, i), wants[i], what)
			if part.isBad() {
				return bad
			}
			elems[i] = part.x
		}
		return value{t: want, x: &MakeTuple{elems, want}, info: v.info, span: v.span}
	})
}

// reshapeTo checks that an array has the sizes of want, at run time where that
// isn't known.
func (c *checker) reshapeTo(v value, want Array, what string) value {
	a, ok := v.array()
	if !ok {
		return v
	}
	if len(a.Dims) != len(want.Dims) {
		return c.fail(v.span, ast.CodeShapeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(a)).value()
	}
	needsCheck := false
	for i := range a.Dims {
		switch c.compareDims(a.Dims[i], want.Dims[i]) {
		case different:
			d := c.fail(v.span, ast.CodeShapeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(a))
			d.Notes = append(d.Notes, c.explainSizes(a.Dims[i], want.Dims[i])...)
			return d.value()
		case undecided:
			needsCheck = true
		}
	}
	if needsCheck {
		message := what + " must be " + want.DType.String() + sizePattern(len(want.Dims), len(a.Dims)) +
			", and this is " + a.DType.String() + sizePattern(len(a.Dims), 0)
		return c.retype(v, want.Dims, message)
	}
	return v
}

// sizePattern is "[{first}, {first+1}, …]" for the message of a run-time check.
func sizePattern(n, first int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = "{" + strconv.Itoa(first+i) + "}"
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// retype is v with these sizes, checked at run time. In message, {0} … stand for
// the sizes of v, those after them for the sizes wanted.
func (c *checker) retype(v value, dims []ir.Dim, message string) value {
	a := v.t.(Array)
	t := Array{a.DType, dims}
	return value{
		t:    t,
		x:    &Op{Code: ir.Retype, Attr: ir.RetypeAttr{Dims: dims, Message: message}, Args: []Expr{v.x}, T: t, Span: v.span},
		info: v.info,
		span: v.span,
	}
}

// sameType reports whether two types are the same with the same sizes.
func (c *checker) sameType(a, b Type) bool { return c.typeKey(a) == c.typeKey(b) }
