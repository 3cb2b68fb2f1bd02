package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// What the standard library needs to work along any axes, and the parts of an
// array along one.

func axesBuiltins() []*builtin {
	table := []*builtin{
		{
			name: "put_along_axis", signature: "arr, indices, values, axis",
			doc:       "arr with values at indices along an axis, which differ along the others; of several for one place the last counts",
			example:   "put_along_axis([[3, 1], [2, 5]], [[0], [1]], 9, axis=1)",
			elaborate: (*call).putAlongAxis,
		},
		{
			name: "prim_merge_axes", signature: "a, axis=none",
			doc: "the named axes, all if there are none, merged into one that stands last", elaborate: (*call).mergeAxes,
		},
		{
			name: "prim_insert_axes", signature: "r, a, axis=none",
			doc: "r, which lacks the named axes of a, all if there are none, with axes of size 1 there", elaborate: (*call).insertAxes,
		},
	}
	for _, name := range []string{"split", "array_split"} {
		doc := "parts of an array along an axis, as a tuple: so many equal ones, or those that a list of places cuts it into"
		if name == "array_split" {
			doc = "as split, but the parts need not be equal: the first ones are longer by one"
		}
		table = append(table, &builtin{
			name: name, signature: "ary, indices_or_sections, axis=0", doc: doc, example: name + "([1, 2, 3, 4], 2)",
			elaborate: (*call).split,
		})
	}
	return table
}

// mergeAxes moves the named axes behind the others and makes them one.
func (k *call) mergeAxes() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	axes, ok := k.axes("axis", v)
	if !ok {
		return bad
	}
	named := make([]bool, v.rank())
	for _, axis := range axes {
		named[axis] = true
	}
	var perm []int
	for axis := range named {
		if !named[axis] {
			perm = append(perm, axis)
		}
	}
	kept := len(perm)
	v = permuted(v, append(perm, axes...))
	dims := v.t.(Array).Dims
	n, ok := k.count(dims[kept:], k.span)
	if !ok {
		return bad
	}
	return reshaped(v, append(append([]ir.Dim(nil), dims[:kept]...), n))
}

// insertAxes puts axes of size 1 where mergeAxes took some away.
func (k *call) insertAxes() value {
	r, a := k.arrayArg("r"), k.arrayArg("a")
	if r.isBad() || a.isBad() {
		return bad
	}
	axes, ok := k.axes("axis", a)
	if !ok {
		return bad
	}
	var dims []ir.Dim
	rest := r.t.(Array).Dims
	for axis := range a.rank() {
		if len(axes) > 0 && axes[0] == axis {
			dims, axes = append(dims, ir.Size(1)), axes[1:]
		} else {
			dims, rest = append(dims, rest[0]), rest[1:]
		}
	}
	return reshaped(r, dims)
}

// along checks that indices have the sizes of v but along the axis, and gives
// the index arrays of all axes, in the shape of indices.
func (k *call) along(v, indices value, axis int) ([]value, bool) {
	a, b := v.t.(Array), indices.t.(Array)
	mismatch := func() ([]value, bool) {
		k.fail(k.span, ast.CodeShapeMismatch, "%s wants indices with the sizes of the array but along axis %d, and these are %s and %s", k.fn.name, axis, k.show(a), k.show(b))
		return nil, false
	}
	if len(a.Dims) != len(b.Dims) {
		return mismatch()
	}
	for i := range a.Dims {
		if i == axis {
			continue
		}
		var ok bool
		if indices, ok = k.sameSize(indices, i, a.Dims[i], "the indices have the sizes "+sizePattern(len(b.Dims), 0)+", and the array asks for "+sizePattern(len(b.Dims), len(b.Dims))); !ok {
			return mismatch()
		}
	}
	dims := indices.t.(Array).Dims
	args := make([]value, len(dims))
	for i := range dims {
		if i == axis {
			args[i] = indices
			continue
		}
		args[i] = k.gridLine(dims, i)
	}
	return args, true
}

// gridLine is an array of shape dims whose elements are their place along axis.
func (k *call) gridLine(dims []ir.Dim, axis int) value {
	return k.broadcast(reshaped(positions(dims[axis], k.span), alone(dims, axis)), dims)
}

// alone is the shape of rank len(dims) with the size of one axis and 1 elsewhere.
func alone(dims []ir.Dim, axis int) []ir.Dim {
	shape := make([]ir.Dim, len(dims))
	for i := range shape {
		shape[i] = ir.Size(1)
	}
	shape[axis] = dims[axis]
	return shape
}

func (k *call) takeAlongAxis() value {
	v, indices := k.arrayArg("a"), k.indexArg()
	if v.isBad() || indices.isBad() {
		return bad
	}
	axis, ok := 0, true
	if o, named := k.args["axis"]; named && o.konst.isNone() {
		if v = k.flat(v); v.isBad() {
			return bad
		}
	} else if v.rank() == 0 {
		k.axisError(v.span, -1, 0, v)
		return bad
	} else if axis, ok = k.axisOr(v.rank()-1, v.rank(), v); !ok {
		return bad
	}
	places, ok := k.along(v, indices, axis)
	if !ok {
		return bad
	}
	t := Array{v.t.(Array).DType, places[axis].t.(Array).Dims}
	return operation(ir.Gather, ir.IndexAttr{Spec: strings.Repeat("t", len(t.Dims)), Wrap: true}, t, k.span, append([]value{v}, places...)...)
}

func (k *call) putAlongAxis() value {
	v, indices, values := k.arrayArg("arr"), k.indexArg(), k.args["values"]
	if v.isBad() || indices.isBad() || values.isBad() {
		return bad
	}
	axis, ok := k.axis(k.args["axis"].value, v.rank(), v)
	if !ok {
		return bad
	}
	if _, isArray := values.array(); !isArray {
		return k.fail(values.span, ast.CodeTypeMismatch, "values of put_along_axis are numbers, and this is %s", k.show(values.t)).value()
	}
	places, ok := k.along(v, indices, axis)
	if !ok {
		return bad
	}
	t := v.t.(Array)
	both := k.meet([]value{v, values.value})
	if both[1].isBad() {
		return bad
	}
	if both[0].t.(Array).DType != t.DType {
		return k.fail(values.span, ast.CodeTypeMismatch, "these values do not fit in %s", k.show(t)).value()
	}
	dims := places[axis].t.(Array).Dims
	put := k.stretch(both[1], dims)
	if put.isBad() {
		return bad
	}
	args := append([]value{v, put}, places...)
	return operation(ir.Update, ir.IndexAttr{Spec: strings.Repeat("t", len(dims)), Wrap: true}, t, k.span, args...)
}
