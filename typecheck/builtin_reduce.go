package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Reductions and scans.

func reductionBuiltins() []*builtin {
	const signature = "a, *, axis=none, keepdims=false"
	table := []*builtin{
		{
			name: "min", signature: "a, b=none, *, axis=none, keepdims=false, initial=none, where=true",
			doc: "the smallest element, along axes, and of initial, of those where a condition holds; of two arrays the smaller elements", example: "min([3, 1, 2])",
			elaborate: func(k *call) value { return k.extreme(ir.ReduceMin, ir.Min) },
		},
		{
			name: "max", signature: "a, b=none, *, axis=none, keepdims=false, initial=none, where=true",
			doc: "the greatest element, along axes, and of initial, of those where a condition holds; of two arrays the greater elements", example: "max([[3, 1], [2, 5]], axis=0)",
			elaborate: func(k *call) value { return k.extreme(ir.ReduceMax, ir.Max) },
		},
		{
			name: "mean", signature: signature + ", dtype=none, where=true",
			doc: "the mean of the elements, along axes, of those where a condition holds, in a dtype; NaN of none", example: "mean([[1, 2], [3, 6]], axis=1)",
			elaborate: (*call).mean,
		},
		{
			name: "argmin", signature: signature,
			doc: "where the smallest element is, the first of several; without axis in the flattened array", example: "argmin([3, 1, 1])",
			elaborate: func(k *call) value { return k.place(ir.ReduceArgMin) },
		},
		{
			name: "argmax", signature: signature,
			doc: "where the greatest element is, the first of several; without axis in the flattened array", example: "argmax([[3, 1], [2, 5]], axis=0)",
			elaborate: func(k *call) value { return k.place(ir.ReduceArgMax) },
		},
	}
	for _, row := range []struct {
		name, doc, example string
		kind               ir.ReduceKind
		dtype              ir.DType // that of the elements; 0: theirs, bool as i64
	}{
		{"sum", "the sum of the elements, along axes, and of initial", "sum([[1, 2], [3, 4]], axis=0)", ir.ReduceSum, 0},
		{"prod", "the product of the elements, along axes, and of initial", "prod([2, 3, 4])", ir.ReduceProd, 0},
		{"all", "whether all elements are true (not 0), along axes", "all([true, false])", ir.ReduceAll, ir.Bool},
		{"any", "whether an element is true (not 0), along axes", "any([true, false])", ir.ReduceAny, ir.Bool},
		{"count", "how many elements are true (not 0), along axes", "count([3, 0, 5])", ir.ReduceSum, ir.Bool},
		{"count_nonzero", "how many elements are not 0, along axes", "count_nonzero([3, 0, 5])", ir.ReduceSum, ir.Bool},
	} {
		parameters := signature
		switch row.name {
		case "sum", "prod":
			parameters += ", dtype=none, initial=none, where=true"
			row.doc += ", of those where a condition holds, in a dtype"
		case "all", "any":
			parameters += ", where=true"
		}
		table = append(table, &builtin{
			name: row.name, signature: parameters, doc: row.doc, example: row.example,
			elaborate: func(k *call) value {
				v := k.inDType(k.arrayArg("a"))
				if row.dtype == ir.Bool {
					v = k.convertCall(ir.Bool, v, v.span)
				}
				if row.kind == ir.ReduceSum || row.kind == ir.ReduceProd {
					v = k.countable(v)
				}
				if row.kind == ir.ReduceProd || row.kind == ir.ReduceAll {
					v = k.whereElse(v, 1)
				} else {
					v = k.whereElse(v, 0)
				}
				v = k.reduceArgument(v, row.kind)
				if v.isBad() || !k.given("initial") {
					return v
				}
				operator := "+"
				if row.kind == ir.ReduceProd {
					operator = "*"
				}
				return k.binaryOp(operator, k.args["initial"], operand{v, nil}, k.span)
			},
		})
	}
	for _, row := range []struct {
		name, doc string
		kind      ir.ScanKind
	}{
		{"cumsum", "sums of the elements so far, along an axis; without axis of the flattened array", ir.CumSum},
		{"cumprod", "products of the elements so far, along an axis; without axis of the flattened array", ir.CumProd},
		{"cummin", "the smallest of the elements so far, along an axis; without axis of the flattened array", ir.CumMin},
		{"cummax", "the greatest of the elements so far, along an axis; without axis of the flattened array", ir.CumMax},
	} {
		parameters := "a, axis=none"
		if row.kind == ir.CumSum || row.kind == ir.CumProd {
			parameters += ", dtype=none"
		}
		table = append(table, &builtin{
			name: row.name, signature: parameters, doc: row.doc, example: row.name + "([3, 1, 2])",
			elaborate: func(k *call) value { return k.scan(row.kind) },
		})
	}
	return table
}

// countable is v with bools as 0 and 1.
func (c *checker) countable(v value) value {
	if a, ok := v.array(); ok && a.DType == ir.Bool {
		return c.convert(v, ir.I64)
	}
	return v
}

// inDType is v in the dtype that the call asks for, of numbers.
func (k *call) inDType(v value) value {
	if v.isBad() || !k.given("dtype") {
		return v
	}
	t, ok := k.dtype(ir.F64)
	if !ok {
		return bad
	}
	if t == ir.Bool {
		return k.fail(k.args["dtype"].span, ast.CodeArguments, "dtype of %s is one of numbers: i64, f32, f64 or c128", k.fn.name).value()
	}
	return k.convertCall(t, v, v.span)
}

// mask is the argument where in the shape dims.
func (k *call) mask(dims []ir.Dim) value {
	v := k.arrayArg("where")
	if v.isBad() {
		return bad
	}
	if v.t.(Array).DType != ir.Bool {
		d := k.fail(v.span, ast.CodeTypeMismatch, "where of %s must be bool, and this is %s", k.fn.name, k.show(v.t))
		d.Hint = "compare, as in x != 0"
		return d.value()
	}
	return k.stretch(v, dims)
}

// chosen is v where the argument where holds, and otherwise elsewhere, a number.
func (k *call) chosen(v, otherwise value) value {
	if v.isBad() {
		return bad
	}
	a := v.t.(Array)
	return k.elementwise(ir.Select, a.DType, []value{k.mask(a.Dims), v, otherwise}, k.span)
}

// whereElse is v with n where the argument where, if there is one, doesn't hold.
func (k *call) whereElse(v value, n int64) value {
	if v.isBad() || !k.given("where") {
		return v
	}
	return k.chosen(v, number(v.t.(Array).DType, n, k.span))
}

// reduceArgument reduces v along the axes that the call names.
func (k *call) reduceArgument(v value, kind ir.ReduceKind) value {
	if v.isBad() {
		return bad
	}
	axes, ok1 := k.axes("axis", v)
	keep, ok2 := k.flag("keepdims", false)
	if !ok1 || !ok2 {
		return bad
	}
	return k.reduce(v, kind, axes, keep)
}

// reduce removes axes of v, or leaves them with the size 1.
func (k *call) reduce(v value, kind ir.ReduceKind, axes []int, keep bool) value {
	if len(axes) == 0 {
		v.span = k.span
		return v
	}
	a := v.t.(Array)
	reduced := map[int]bool{}
	for _, axis := range axes {
		reduced[axis] = true
	}
	var dims, kept []ir.Dim
	for axis, d := range a.Dims {
		if reduced[axis] {
			kept = append(kept, ir.Size(1))
		} else {
			dims, kept = append(dims, d), append(kept, d)
		}
	}
	t := a.DType
	if kind == ir.ReduceArgMin || kind == ir.ReduceArgMax {
		t = ir.I64
	}
	result := operation(ir.Reduce, ir.ReduceAttr{Kind: kind, Axes: axes}, Array{t, dims}, k.span, v)
	if keep {
		return reshaped(result, kept)
	}
	return result
}

// ordered is the argument of an extreme: numbers with an order, and some along
// every reduced axis if that is known.
func (k *call) ordered(v value, axes []int) (value, bool) {
	a, ok := v.array()
	if !ok {
		return bad, false
	}
	if a.DType == ir.C128 {
		d := k.fail(v.span, ast.CodeTypeMismatch, "%s wants numbers with an order, and this is %s", k.fn.name, k.show(v.t))
		d.Hint = "take abs(z), real(z) or imag(z)"
		return bad, false
	}
	for _, axis := range axes {
		if a.Dims[axis].IsConst(0) {
			k.fail(k.span, ast.CodeEmptyReduction, "%s of nothing: axis %d of %s is empty", k.fn.name, axis, k.show(a))
			return bad, false
		}
	}
	return k.countable(v), true
}

// extreme is min or max: of two arrays elementwise, of one along axes.
func (k *call) extreme(kind ir.ReduceKind, code ir.Code) value {
	if k.given("b") {
		if k.given("axis") || k.given("keepdims") || k.given("initial") || k.given("where") {
			return k.fail(k.span, ast.CodeArguments, "%s of two arrays is elementwise and has no axis", k.fn.name).value()
		}
		operands := []operand{k.args["a"], k.args["b"]}
		vs := make([]value, 2)
		for i, o := range operands {
			if o.isBad() {
				return bad
			}
			if _, ok := o.array(); !ok {
				return k.fail(o.span, ast.CodeTypeMismatch, "%s wants numbers, and this is %s", k.fn.name, k.show(o.t)).value()
			}
			vs[i] = o.value
		}
		return k.applyElements(code, vs, operands)
	}
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	axes, ok := k.axes("axis", v)
	if !ok {
		return bad
	}
	if k.given("initial") {
		return k.extremeFrom(kind, axes)
	}
	if k.given("where") {
		d := k.fail(k.args["where"].span, ast.CodeArguments, "%s where a condition holds wants initial, which it is where none does", k.fn.name)
		return d.value()
	}
	truth := v.t.(Array).DType == ir.Bool
	v, ok = k.ordered(v, axes)
	if !ok {
		return bad
	}
	v = k.reduceArgument(v, kind)
	if truth {
		return k.convertCall(ir.Bool, v, k.span)
	}
	return v
}

// extremeFrom is min or max of the elements along axes and of initial, a number.
func (k *call) extremeFrom(kind ir.ReduceKind, axes []int) value {
	keep, ok := k.flag("keepdims", false)
	initial := k.args["initial"]
	if initial.isBad() || !ok {
		return bad
	}
	if a, isArray := initial.array(); !isArray || len(a.Dims) != 0 {
		return k.fail(initial.span, ast.CodeTypeMismatch, "initial of %s is a number, and this is %s", k.fn.name, k.show(initial.t)).value()
	}
	if k.given("where") {
		chosen := k.meet([]value{k.arg("a"), initial.value})
		k.args["a"] = operand{k.chosen(chosen[0], chosen[1]), nil}
	}
	both := k.meet([]value{k.mergeAxes(), initial.value})
	if both[0].isBad() || both[1].isBad() {
		return bad
	}
	last := both[0].rank() - 1
	shape := append([]ir.Dim(nil), both[0].t.(Array).Dims...)
	shape[last] = ir.Size(1)
	v := k.concatenateAlong([]value{both[0], k.broadcast(both[1], shape)}, last)
	if v.isBad() {
		return bad
	}
	truth := v.t.(Array).DType == ir.Bool
	if v, ok = k.ordered(v, []int{last}); !ok {
		return bad
	}
	v = k.reduce(v, kind, []int{last}, false)
	if truth {
		v = k.convertCall(ir.Bool, v, k.span)
	}
	if v.isBad() || !keep {
		return v
	}
	dims := append([]ir.Dim(nil), k.args["a"].t.(Array).Dims...)
	for _, axis := range axes {
		dims[axis] = ir.Size(1)
	}
	return reshaped(v, dims)
}

// place is argmin or argmax.
func (k *call) place(kind ir.ReduceKind) value {
	v := k.arrayArg("a")
	keep, ok := k.flag("keepdims", false)
	if v.isBad() || !ok {
		return bad
	}
	rank := v.rank()
	if k.given("axis") {
		axis, ok := k.axis(k.args["axis"].value, rank, v)
		if !ok {
			return bad
		}
		if v, ok = k.ordered(v, []int{axis}); !ok {
			return bad
		}
		return k.reduce(v, kind, []int{axis}, keep)
	}
	if v = k.flat(v); v.isBad() {
		return bad
	}
	if v, ok = k.ordered(v, []int{0}); !ok {
		return bad
	}
	v = k.reduce(v, kind, []int{0}, false)
	if keep {
		ones := make([]ir.Dim, rank)
		for i := range ones {
			ones[i] = ir.Size(1)
		}
		return reshaped(v, ones)
	}
	return v
}

// mean divides the sum by the number of elements.
func (k *call) mean() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	axes, ok := k.axes("axis", v)
	if !ok {
		return bad
	}
	if !v.t.(Array).DType.IsInexact() && !k.given("dtype") {
		v = k.convert(v, ir.F64)
	}
	if v = k.inDType(v); v.isBad() {
		return bad
	}
	if !v.t.(Array).DType.IsInexact() {
		return k.fail(k.args["dtype"].span, ast.CodeArguments, "a mean is a fraction, and its dtype f32, f64 or c128").value()
	}
	return k.named(v, func(v value) value {
		a := v.t.(Array)
		if k.given("where") {
			mask := k.mask(a.Dims)
			if mask.isBad() {
				return bad
			}
			return k.named(mask, func(mask value) value {
				k.args["where"] = operand{again(mask), nil}
				sum := k.reduceArgument(k.whereElse(v, 0), ir.ReduceSum)
				n := k.reduceArgument(k.convert(again(mask), ir.I64), ir.ReduceSum)
				return k.binaryArrays("/", sum, k.convert(n, a.DType), k.span)
			})
		}
		var over []ir.Dim
		for _, axis := range axes {
			over = append(over, a.Dims[axis])
		}
		n, ok := k.count(over, k.span)
		if !ok {
			return bad
		}
		sum := k.reduceArgument(v, ir.ReduceSum)
		return k.binaryArrays("/", sum, k.convert(sizeValue(n, k.span), a.DType), k.span)
	})
}

// scan runs along an axis, moved to the end for it.
func (k *call) scan(kind ir.ScanKind) value {
	v := k.inDType(k.arrayArg("a"))
	if v.isBad() {
		return bad
	}
	axis := 0
	if k.given("axis") {
		var ok bool
		if axis, ok = k.axis(k.args["axis"].value, v.rank(), v); !ok {
			return bad
		}
	} else if v = k.flat(v); v.isBad() {
		return bad
	}
	truth := v.t.(Array).DType == ir.Bool
	if kind == ir.CumMin || kind == ir.CumMax {
		var ok bool
		if v, ok = k.ordered(v, nil); !ok {
			return bad
		}
	} else {
		v, truth = k.countable(v), false
	}
	v = k.alongLast(v, axis, func(v value) value {
		return operation(ir.Scan, ir.ScanAttr{Kind: kind}, v.t, k.span, v)
	})
	if truth {
		return k.convertCall(ir.Bool, v, k.span)
	}
	return v
}

// alongLast applies f, which works along the last axis and keeps the shape, with
// an axis moved there.
func (c *checker) alongLast(v value, axis int, f func(value) value) value {
	if v.isBad() {
		return bad
	}
	last := v.rank() - 1
	there := movedAxis(last+1, axis, last)
	back := movedAxis(last+1, last, axis)
	return permuted(f(permuted(v, there)), back)
}
