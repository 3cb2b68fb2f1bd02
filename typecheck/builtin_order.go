package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Order and choice by index.

func orderBuiltins() []*builtin {
	return []*builtin{
		{
			name: "sort", signature: "a, axis=-1, kind=none, *, stable=true",
			doc: "the elements in order along an axis, NaN last; with axis=none of the flattened array; equal ones stay in order, whatever kind says", example: "sort([3, 1, 2])",
			elaborate: (*call).sort,
		},
		{
			name: "argsort", signature: "a, axis=-1, kind=none, *, stable=true",
			doc: "where the sorted elements come from; equal ones stay in order, whatever kind says", example: "argsort([3, 1, 2])",
			elaborate: (*call).sort,
		},
		{
			name: "searchsorted", signature: "a, v, side=none, sorter=none",
			doc:       `where in the sorted vector a each v belongs: before equal elements, or behind them with side="right"; sorter is an order that sorts a`,
			example:   "searchsorted([1, 2, 3], 2)",
			elaborate: (*call).searchSorted,
		},
		{
			name: "nonzero", signature: "a",
			doc: "the indices of the elements that are not 0: a tuple with a vector for each axis", example: "nonzero([3, 0, 5])",
			elaborate: (*call).nonzeroCall,
		},
		{
			name: "take", signature: "a, indices, axis=none, *, mode=none",
			doc: `elements at indices along an axis; without axis of the flattened array. Indices outside are an error, go round with mode="wrap", or are the nearest with mode="clip"`, example: "take([10, 20, 30], [2, 0])",
			elaborate: (*call).take,
		},
		{
			name: "take_along_axis", signature: "a, indices, axis=-1",
			doc: "elements at indices along an axis, which differ along the others: of argsort, say", example: "take_along_axis([[3, 1]], argsort([[3, 1]]), axis=1)",
			elaborate: (*call).takeAlongAxis,
		},
	}
}

func (k *call) sort() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	axis := v.rank() - 1
	if o, named := k.args["axis"]; named && o.konst.isNone() {
		if v, axis = k.flat(v), 0; v.isBad() {
			return bad
		}
	} else if v.rank() == 0 {
		k.axisError(v.span, -1, 0, v)
		return bad
	} else {
		var ok bool
		if axis, ok = k.axisOr(axis, v.rank(), v); !ok {
			return bad
		}
	}
	truth := v.t.(Array).DType == ir.Bool
	v, ok := k.ordered(v, nil)
	if !ok {
		return bad
	}
	places := k.fn.name == "argsort"
	v = k.alongLast(v, axis, func(v value) value {
		if places {
			return operation(ir.ArgSort, nil, Array{ir.I64, v.t.(Array).Dims}, k.span, v)
		}
		return operation(ir.Sort, nil, v.t, k.span, v)
	})
	if truth && !places {
		return k.convertCall(ir.Bool, v, k.span)
	}
	return v
}

func (k *call) searchSorted() value {
	side, ok := k.text("side", "left")
	if !ok {
		return bad
	}
	if side != "left" && side != "right" {
		return k.fail(k.args["side"].span, ast.CodeArguments, `side of searchsorted is "left" or "right"`).value()
	}
	var both []value
	for _, name := range []string{"a", "v"} {
		o := k.args[name]
		if o.isBad() {
			return bad
		}
		if _, isArray := o.array(); !isArray {
			return k.fail(o.span, ast.CodeTypeMismatch, "searchsorted wants numbers, and this is %s", k.show(o.t)).value()
		}
		both = append(both, o.value)
	}
	both = k.meet(both)
	for i := range both {
		if both[i].isBad() {
			return bad
		}
		if both[i], ok = k.ordered(both[i], nil); !ok {
			return bad
		}
	}
	sorted, v := both[0], both[1]
	if k.given("sorter") {
		k.args["a"], k.args["indices"] = operand{sorted, nil}, k.args["sorter"]
		if sorted = k.take(); sorted.isBad() {
			return bad
		}
	}
	if sorted.rank() != 1 {
		return k.fail(sorted.span, ast.CodeRank, "searchsorted looks in a vector, and this is %s", k.show(sorted.t)).value()
	}
	dims := v.t.(Array).Dims
	if v = k.flat(v); v.isBad() {
		return bad
	}
	found := operation(ir.SearchSorted, ir.SearchAttr{Right: side == "right"}, Array{ir.I64, v.t.(Array).Dims}, k.span, sorted, v)
	return reshaped(found, dims)
}

func (k *call) nonzeroCall() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	if v.rank() == 0 {
		return k.fail(v.span, ast.CodeRank, "nonzero wants an array, and this is a number").value()
	}
	v = k.convertCall(ir.Bool, v, v.span)
	return k.named(v, func(v value) value {
		dims := v.t.(Array).Dims
		flat := k.flat(v)
		if flat.isBad() {
			return bad
		}
		return k.named(k.nonzero(flat), func(places value) value {
			parts := make([]value, len(dims))
			stride := ir.Size(1)
			for axis := len(dims) - 1; axis >= 0; axis-- {
				part := again(places)
				if axis < len(dims)-1 {
					part = k.arithmetic("//", []value{part, sizeValue(stride, k.span)}, k.span)
				}
				if axis > 0 {
					part = k.arithmetic("%", []value{part, sizeValue(dims[axis], k.span)}, k.span)
				}
				parts[axis] = part
				stride = k.must("*", stride, dims[axis])
			}
			return k.makeTuple(parts, k.span)
		})
	})
}

// indexArg is the argument indices: integers.
func (k *call) indexArg() value {
	v := k.arrayArg("indices")
	if v.isBad() {
		return bad
	}
	if v.t.(Array).DType != ir.I64 {
		// An empty list has no integers in it.
		if o := k.args["indices"]; o.lit != nil && v.rank() == 1 && v.t.(Array).Dims[0].IsConst(0) {
			return k.convert(v, ir.I64)
		}
		return k.fail(v.span, ast.CodeTypeMismatch, "indices are i64, and these are %s", k.show(v.t)).value()
	}
	return v
}

// inside are indices of an axis of n elements as the argument mode wants them.
func (k *call) inside(indices value, n ir.Dim) value {
	mode, ok := k.text("mode", "raise")
	if !ok {
		return bad
	}
	size := sizeValue(n, k.span)
	switch mode {
	case "raise":
		return indices
	case "wrap":
		return k.arithmetic("%", []value{indices, size}, k.span)
	case "clip":
		last := k.arithmetic("-", []value{size, intValue(1, k.span)}, k.span)
		below := k.elementwise(ir.Min, ir.I64, []value{indices, last}, k.span)
		return k.elementwise(ir.Max, ir.I64, []value{below, intValue(0, k.span)}, k.span)
	}
	return k.fail(k.args["mode"].span, ast.CodeArguments, `mode of take is "raise", "wrap" or "clip"`).value()
}

func (k *call) take() value {
	v, indices := k.arrayArg("a"), k.indexArg()
	if v.isBad() || indices.isBad() {
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
	a := v.t.(Array)
	if indices = k.inside(indices, a.Dims[axis]); indices.isBad() {
		return bad
	}
	letter := "t"
	if indices.rank() == 0 {
		letter = "@"
	}
	spec := strings.Repeat(":", axis) + letter + strings.Repeat(":", len(a.Dims)-axis-1)
	dims := append([]ir.Dim(nil), a.Dims[:axis]...)
	dims = append(append(dims, indices.t.(Array).Dims...), a.Dims[axis+1:]...)
	return operation(ir.Gather, ir.IndexAttr{Spec: spec, Wrap: true}, Array{a.DType, dims}, k.span, v, indices)
}
