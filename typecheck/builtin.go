package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A builtin is a function that the checker knows: it turns a call into
// operations. What can be written in Calx is in stdlib instead.
type builtin struct {
	name string
	// signature lists the parameters: "x, *, axis=none, keepdims=false". Those
	// after "*" are given by name only; "...xs" takes all further arguments; what
	// has a default may be left out.
	signature string
	doc       string
	example   string // an expression; its value is shown in the manual
	elaborate func(*call) value
	calculus  bool // an operator of calculus: wrt names parameters of its function

	params []builtinParam
}

type builtinParam struct {
	name                        string
	optional, keyword, variadic bool
}

// A call is a use of a builtin with its arguments.
type call struct {
	*checker
	fn   *builtin
	span ast.Span
	args map[string]operand // those that were given
	rest []operand          // of "...xs"
}

func (f *builtin) parameters() []builtinParam {
	if f.params != nil || f.signature == "" {
		return f.params
	}
	var params []builtinParam
	keyword := false
	for _, part := range strings.Split(f.signature, ", ") {
		if part == "*" {
			keyword = true
			continue
		}
		p := builtinParam{keyword: keyword}
		p.name, _, p.optional = strings.Cut(part, "=")
		if name, ok := strings.CutPrefix(p.name, "..."); ok {
			p.name, p.variadic, p.optional = name, true, true
		}
		params = append(params, p)
	}
	return params
}

// given reports whether an argument is there and not none.
func (k *call) given(name string) bool {
	o, ok := k.args[name]
	return ok && !o.konst.isNone()
}

// arg is an argument, with literals in the type that they have alone.
func (k *call) arg(name string) value { return k.strong(k.args[name].value) }

// arrayArg is an argument that must be an array; bad, and reported, otherwise.
func (k *call) arrayArg(name string) value {
	v := k.arg(name)
	if v.isBad() {
		return bad
	}
	if _, ok := v.array(); !ok {
		return k.fail(v.span, ast.CodeTypeMismatch, "%s of %s must be an array of numbers, and this is %s", name, k.fn.name, k.show(v.t)).value()
	}
	return v
}

// flag is a bool that must be constant.
func (k *call) flag(name string, otherwise bool) (bool, bool) {
	if !k.given(name) {
		return otherwise, true
	}
	v := k.arg(name)
	if v.isBad() {
		return false, false
	}
	if v.konst == nil || v.konst.kind != ir.Bool {
		k.fail(v.span, ast.CodeNotConstant, "%s of %s must be true or false, known before running", name, k.fn.name)
		return false, false
	}
	return v.konst.i != 0, true
}

// integer is an i64 that must be constant.
func (k *call) integer(name string, v value) (int64, bool) {
	v = k.strong(v)
	if v.isBad() {
		return 0, false
	}
	if v.konst == nil || v.konst.kind != ir.I64 || v.rank() != 0 {
		d := k.fail(v.span, ast.CodeNotConstant, "%s of %s must be an integer known before running", name, k.fn.name)
		if v.isScalar(ir.I64) {
			d.Hint = "what decides a shape must be constant: a literal, x.ndim, or a let of one"
		}
		return 0, false
	}
	return v.konst.i, true
}

// text is a str that must be constant.
func (k *call) text(name, otherwise string) (string, bool) {
	if !k.given(name) {
		return otherwise, true
	}
	v := k.arg(name)
	if v.isBad() {
		return "", false
	}
	if v.konst == nil || v.konst.kind != ir.Text {
		k.fail(v.span, ast.CodeNotConstant, "%s of %s must be text known before running", name, k.fn.name)
		return "", false
	}
	return v.konst.s, true
}

// axis is an axis of an array of rank rank, from 0, given as v.
func (k *call) axis(v value, rank int, of value) (int, bool) {
	n, ok := k.integer("axis", v)
	if !ok {
		return 0, false
	}
	if n < int64(-rank) || n >= int64(rank) {
		k.axisError(v.span, n, rank, of)
		return 0, false
	}
	if n < 0 {
		n += int64(rank)
	}
	return int(n), true
}

func (k *call) axisError(span ast.Span, axis int64, rank int, of value) {
	what := "an array of rank " + itoa(rank)
	if of.t != nil {
		what = k.show(of.t)
	}
	d := k.fail(span, ast.CodeAxis, "%s has no axis %d", what, axis)
	switch rank {
	case 0:
		d.Notes = append(d.Notes, "it is a number, without axes")
	case 1:
		d.Notes = append(d.Notes, "its only axis is 0, which is also -1")
	default:
		d.Notes = append(d.Notes, "its axes are 0 to "+itoa(rank-1)+", or -"+itoa(rank)+" to -1 from the end")
	}
}

// axes are the axes that an argument "axis" names: a number or a tuple of them;
// all if it is absent. They are distinct and ascending.
func (k *call) axes(name string, of value) ([]int, bool) {
	rank := of.rank()
	if !k.given(name) {
		all := make([]int, rank)
		for i := range all {
			all[i] = i
		}
		return all, true
	}
	return k.axisList(k.args[name].value, rank, of, true)
}

// axisList reads one axis or a tuple or list of them.
func (k *call) axisList(v value, rank int, of value, sorted bool) ([]int, bool) {
	parts := k.items(v)
	seen := make([]bool, rank)
	var axes []int
	for _, part := range parts {
		a, ok := k.axis(part, rank, of)
		if !ok {
			return nil, false
		}
		if seen[a] {
			k.fail(v.span, ast.CodeAxis, "axis %d is named twice", a)
			return nil, false
		}
		seen[a] = true
		axes = append(axes, a)
	}
	if sorted {
		axes = axes[:0]
		for a, in := range seen {
			if in {
				axes = append(axes, a)
			}
		}
	}
	return axes, true
}

// items are the parts of a tuple, or of a list written in place; a value alone
// is one item.
func (k *call) items(v value) []value {
	if v.items != nil {
		return v.items
	}
	if v.lit != nil && v.lit.op == "numbers" {
		out := make([]value, len(v.lit.floats))
		for i := range out {
			out[i] = k.literalValue(v.lit.number(i))
		}
		return out
	}
	if v.lit != nil && v.lit.op == "list" {
		out := make([]value, len(v.lit.args))
		for i, arg := range v.lit.args {
			out[i] = k.literalValue(arg)
		}
		return out
	}
	if t, ok := v.t.(Tuple); ok {
		out := make([]value, len(t.Elems))
		for i := range out {
			out[i] = k.part(v, i)
		}
		return out
	}
	return []value{v}
}

// shape reads a shape: a size, or a list or tuple of sizes, or several sizes.
// Every size is at least 0, or the run stops with an error.
func (k *call) shape(vs []value, body func(dims []ir.Dim) value) value {
	if len(vs) != 1 || vs[0].lit != nil {
		if len(vs) == 1 {
			vs = k.items(vs[0])
		}
		return k.shapeOf(vs, body)
	}
	return k.named(vs[0], func(v value) value {
		a, ok := v.t.(Array)
		switch {
		case v.elems != nil:
			return body(v.elems)
		case ok && a.DType == ir.I64 && len(a.Dims) == 1:
			n, known := a.Dims[0].Const()
			if !known {
				return k.fail(v.span, ast.CodeNotConstant, "how many sizes a shape has must be known before running").value()
			}
			if n > maxRank {
				return k.fail(v.span, ast.CodeRank, "a shape has at most %d sizes, and this has %d", maxRank, n).value()
			}
			sizes := make([]value, n)
			for i := range sizes {
				sizes[i] = k.gatherPoint(again(v), intValue(int64(i), v.span), v.span)
			}
			return k.shapeOf(sizes, body)
		}
		return k.shapeOf(k.items(v), body)
	})
}

// shapeOf reads several sizes.
func (k *call) shapeOf(vs []value, body func(dims []ir.Dim) value) value {
	dims := make([]ir.Dim, 0, len(vs))
	var next func(i int) value
	next = func(i int) value {
		if i == len(vs) {
			return body(dims)
		}
		v := k.strong(vs[i])
		if v.isBad() {
			return bad
		}
		if !v.isScalar(ir.I64) {
			return k.fail(v.span, ast.CodeTypeMismatch, "a size is an i64, and this is %s", k.show(v.t)).value()
		}
		if v.konst != nil && v.konst.i < 0 && !(v.konst.i == -1 && k.fn.name == "reshape") {
			return k.fail(v.span, ast.CodeShapeMismatch, "a size is at least 0, and this is %d", v.konst.i).value()
		}
		return k.scalarSize(v, func(d ir.Dim) value {
			dims = append(dims, d)
			return next(i + 1)
		})
	}
	return next(0)
}
