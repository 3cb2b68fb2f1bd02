package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// What an array is, and printing.

func describeBuiltins() []*builtin {
	return []*builtin{
		{
			name: "len", signature: "x", doc: "the size of the first axis; of a tuple the number of its parts", example: "len([1, 2, 3])",
			elaborate: (*call).length,
		},
		{
			name: "shape", signature: "a", doc: "the sizes of the axes, as a vector", example: "shape(zeros(2, 3))",
			elaborate: func(k *call) value {
				return k.described("a", func(v value) value {
					sizes := []value{}
					for _, d := range v.t.(Array).Dims {
						sizes = append(sizes, sizeValue(d, k.span))
					}
					return k.stackValues(sizes, ir.I64, k.span)
				})
			},
		},
		{
			name: "ndim", signature: "a", doc: "the number of axes", example: "ndim(zeros(2, 3))",
			elaborate: func(k *call) value {
				return k.described("a", func(v value) value { return intValue(int64(v.rank()), k.span) })
			},
		},
		{
			name: "size", signature: "a, axis=none", doc: "the number of elements, or the size of an axis", example: "size(zeros(2, 3))",
			elaborate: func(k *call) value {
				return k.described("a", func(v value) value { return k.elementCount(v) })
			},
		},
		{
			name: "print", signature: "...values", doc: "writes the values on a line", example: "",
			elaborate: (*call).print,
		},
		{
			name: "format", signature: "x, pattern",
			doc:       "x as text, each number as a pattern in the manner of C says: %.3f, %8.2e, %g, %d …, %s for the shortest; text may stand around it",
			example:   `format([1.25, 10], "%.2f")`,
			elaborate: (*call).format,
		},
		{
			name: "array_equal", signature: "a, b, equal_nan=false", doc: "whether two arrays have the same shape and elements; NaN equals NaN with equal_nan=true", example: "array_equal([1, 2], [1, 2, 3])",
			elaborate: (*call).arrayEqual,
		},
	}
}

// described is what f says of an argument, which is evaluated before.
func (k *call) described(name string, f func(value) value) value {
	o := k.args[name]
	if o.isBad() {
		return bad
	}
	if _, ok := o.array(); !ok {
		return k.fail(o.span, ast.CodeTypeMismatch, "%s wants an array, and this is %s", k.fn.name, k.show(o.t)).value()
	}
	if o.lit != nil {
		return f(o.value)
	}
	return k.named(o.value, f)
}

func (k *call) length() value {
	o := k.args["x"]
	if t, ok := o.t.(Tuple); ok {
		return k.named(o.value, func(value) value { return intValue(int64(len(t.Elems)), k.span) })
	}
	return k.described("x", func(v value) value {
		a := v.t.(Array)
		if len(a.Dims) == 0 {
			d := k.fail(k.span, ast.CodeUnsized, "a number has no length")
			d.Labels = append(d.Labels, ast.Label{Span: o.span, Text: k.label(o.value, o.e)})
			return d.value()
		}
		return sizeValue(a.Dims[0], k.span)
	})
}

// elementCount is the number of elements of v, or its size along the argument
// axis.
func (k *call) elementCount(v value) value {
	dims := v.t.(Array).Dims
	if k.given("axis") {
		axis, ok := k.axis(k.args["axis"].value, len(dims), v)
		if !ok {
			return bad
		}
		return sizeValue(dims[axis], k.span)
	}
	n, ok := k.count(dims, k.span)
	if !ok {
		return bad
	}
	return sizeValue(n, k.span)
}

// arrayEqual compares shapes first; where they may differ at run time, the
// elements are compared only if they don't.
func (k *call) arrayEqual() value {
	x, y := k.arrayArg("a"), k.arrayArg("b")
	alike, ok := k.flag("equal_nan", false)
	if x.isBad() || y.isBad() || !ok {
		return bad
	}
	return k.namedAll([]value{x, y}, func(vs []value) value {
		x, y := again(vs[0]), again(vs[1])
		a, b := x.t.(Array), y.t.(Array)
		if len(a.Dims) != len(b.Dims) {
			return boolValue(false, k.span)
		}
		var same value
		for i := range a.Dims {
			switch k.compareDims(a.Dims[i], b.Dims[i]) {
			case different:
				return boolValue(false, k.span)
			case undecided:
				v := operation(ir.Eq, nil, Array{DType: ir.Bool}, k.span, sizeValue(a.Dims[i], k.span), sizeValue(b.Dims[i], k.span))
				if same.isBad() {
					same = v
				} else {
					same = operation(ir.And, nil, Array{DType: ir.Bool}, k.span, same, v)
				}
			}
		}
		if !same.isBad() {
			y = k.retype(y, a.Dims, "the arrays have the sizes "+sizePattern(len(a.Dims), 0)+" and "+sizePattern(len(a.Dims), len(a.Dims)))
		}
		equal := k.comparison("==", operand{x, nil}, operand{y, nil}, k.span)
		if equal.isBad() {
			return bad
		}
		if alike {
			none := func(v value) value {
				return k.comparison("!=", operand{again(v), nil}, operand{again(v), nil}, k.span)
			}
			both := k.elementwise(ir.And, ir.Bool, []value{none(vs[0]), none(vs[1])}, k.span)
			equal = k.elementwise(ir.Or, ir.Bool, []value{equal, both}, k.span)
		}
		axes := make([]int, len(a.Dims))
		for i := range axes {
			axes[i] = i
		}
		equal = k.reduce(equal, ir.ReduceAll, axes, false)
		if same.isBad() {
			return equal
		}
		t := Array{DType: ir.Bool}
		return value{t: t, x: &If{
			Cond: same.x, Then: &Block{Value: equal.x}, Else: &Block{Value: boolValue(false, k.span).x}, T: t, Span: k.span,
		}, span: k.span}
	})
}

// print writes its arguments with spaces between them. Tuples and records are
// written part by part.
func (k *call) print() value {
	vs := make([]value, len(k.rest))
	for i, o := range k.rest {
		if vs[i] = k.strong(o.value); vs[i].isBad() {
			return bad
		}
		if _, unit := vs[i].t.(Unit); unit {
			return k.fail(vs[i].span, ast.CodeMissingValue, "this has no value to print").value()
		}
	}
	return k.namedAll(vs, func(vs []value) value {
		p := &printing{checker: k.checker}
		for i, v := range vs {
			if i > 0 {
				p.text(" ")
			}
			p.value(v)
		}
		return operation(ir.Print, ir.PrintAttr{Pieces: p.pieces}, Unit{}, k.span, p.args...)
	})
}

// A printing collects the pieces of a line.
type printing struct {
	*checker
	pieces []ir.Piece
	args   []value
}

func (p *printing) text(s string) {
	if n := len(p.pieces); n > 0 && p.pieces[n-1].Arg < 0 {
		p.pieces[n-1].Text += s
		return
	}
	p.pieces = append(p.pieces, ir.Piece{Text: s, Arg: -1})
}

func (p *printing) value(v value) {
	switch t := v.t.(type) {
	case Array:
		if t.DType == ir.Text && v.konst != nil {
			p.text(v.konst.s)
			return
		}
		p.pieces = append(p.pieces, ir.Piece{Arg: len(p.args)})
		p.args = append(p.args, again(v))
	case Tuple:
		p.text("(")
		for i := range t.Elems {
			if i > 0 {
				p.text(", ")
			}
			p.value(p.part(v, i))
		}
		if len(t.Elems) == 1 {
			p.text(",")
		}
		p.text(")")
	case Record:
		p.text("{")
		for i, name := range t.Names {
			if i > 0 {
				p.text(", ")
			}
			p.text(name + ": ")
			p.value(p.part(v, i))
		}
		p.text("}")
	default:
		p.text(p.show(t))
	}
}

// format is the operation of the same name; its pattern is read before running.
func (k *call) format() value {
	v := k.arg("x")
	text, ok := k.text("pattern", "")
	if v.isBad() || !ok {
		return bad
	}
	a, isArray := v.array()
	if !isArray {
		return k.fail(v.span, ast.CodeTypeMismatch, "format wants numbers, and this is %s", k.show(v.t)).value()
	}
	p, err := ir.ParsePattern(text)
	if err != nil {
		return k.fail(k.args["pattern"].span, ast.CodeArguments, "%s", err).value()
	}
	if !p.Takes(a.DType) {
		d := k.fail(k.args["pattern"].span, ast.CodeTypeMismatch, "%%%c does not write %s", p.Verb, k.show(v.t))
		if a.DType.IsFloat() {
			d.Hint = "write %.0f, or i64(x)"
		}
		return d.value()
	}
	return operation(ir.Format, ir.FormatAttr{Pattern: text}, Array{DType: ir.Text}, k.span, v)
}
