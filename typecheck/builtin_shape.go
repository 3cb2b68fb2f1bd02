package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Views: other shapes and orders of the same elements.

func shapeBuiltins() []*builtin {
	return []*builtin{
		{
			name: "reshape", signature: "a, ...shape",
			doc: "the same elements, in order, in another shape; a size of -1 follows from the others", example: "reshape(0..6, 2, -1)",
			elaborate: (*call).reshapeCall,
		},
		{
			name: "ravel", signature: "a", doc: "the elements, in order, as a vector", example: "ravel([[1, 2], [3, 4]])",
			elaborate: func(k *call) value { return k.flat(k.arrayArg("a")) },
		},
		{
			name: "transpose", signature: "a, axes=none",
			doc: "a with its axes in another order, reversed if none is given", example: "transpose([[1, 2], [3, 4]])",
			elaborate: (*call).transpose,
		},
		{
			name: "permute_dims", signature: "a, axes",
			doc: "a with its axes in another order", example: "permute_dims(zeros(2, 3, 4), (2, 0, 1)).shape",
			elaborate: (*call).transpose,
		},
		{
			name: "swapaxes", signature: "a, axis1, axis2", doc: "a with two axes exchanged", example: "swapaxes(zeros(2, 3, 4), 0, -1).shape",
			elaborate: (*call).swapAxes,
		},
		{
			name: "matrix_transpose", signature: "x", doc: "x with its last two axes exchanged", example: "matrix_transpose(zeros(5, 2, 3)).shape",
			elaborate: (*call).matrixTranspose,
		},
		{
			name: "moveaxis", signature: "a, source, destination",
			doc: "a with axes moved to other places, the others in their order", example: "moveaxis(zeros(2, 3, 4), 0, -1).shape",
			elaborate: (*call).moveAxis,
		},
		{
			name: "squeeze", signature: "a, axis=none",
			doc: "a without axes of size 1: those named, or all that are known to be", example: "squeeze(zeros(3, 1)).shape",
			elaborate: (*call).squeeze,
		},
		{
			name: "expand_dims", signature: "a, axis",
			doc: "a with new axes of size 1 at the given places of the result", example: "expand_dims([1, 2], 1)",
			elaborate: (*call).expandDims,
		},
		{
			name: "broadcast_to", signature: "a, ...shape",
			doc: "a repeated along new leading axes and axes of size 1", example: "broadcast_to([1, 2], (3, 2))",
			elaborate: (*call).broadcastTo,
		},
		{
			name: "flip", signature: "a, axis=none", doc: "a with the order along axes reversed", example: "flip([1, 2, 3])",
			elaborate: (*call).flip,
		},
		{
			name: "tile", signature: "a, reps", doc: "copies of a, side by side", example: "tile([1, 2], 3)",
			elaborate: (*call).tile,
		},
	}
}

// reshaped is v in the shape dims, of as many elements.
func reshaped(v value, dims []ir.Dim) value {
	if v.isBad() {
		return bad
	}
	a := v.t.(Array)
	if sameDims(a.Dims, dims) {
		return v
	}
	return operation(ir.Reshape, ir.DimsAttr{Dims: dims}, Array{a.DType, dims}, v.span, v)
}

func sameDims(a, b []ir.Dim) bool { return ir.ArrayOf(ir.I64, a...).Equal(ir.ArrayOf(ir.I64, b...)) }

// permuted is v with its axes in the order perm.
func permuted(v value, perm []int) value {
	if v.isBad() {
		return bad
	}
	a := v.t.(Array)
	dims := make([]ir.Dim, len(perm))
	ordered := true
	for i, axis := range perm {
		dims[i] = a.Dims[axis]
		ordered = ordered && i == axis
	}
	if ordered {
		return v
	}
	return operation(ir.Transpose, ir.PermAttr{Perm: perm}, Array{a.DType, dims}, v.span, v)
}

// movedAxis is the order of axes in which axis from stands at to.
func movedAxis(rank, from, to int) []int {
	perm := make([]int, 0, rank)
	for axis := range rank {
		if axis != from {
			perm = append(perm, axis)
		}
	}
	perm = append(perm, 0)
	copy(perm[to+1:], perm[to:])
	perm[to] = from
	return perm
}

// transposeOf is v with its axes reversed.
func (c *checker) transposeOf(v value) value {
	v = c.strong(v)
	perm := make([]int, v.rank())
	for i := range perm {
		perm[i] = len(perm) - 1 - i
	}
	return permuted(v, perm)
}

// flat is v as a vector.
func (k *call) flat(v value) value {
	if v.isBad() {
		return bad
	}
	n, ok := k.count(v.t.(Array).Dims, v.span)
	if !ok {
		return bad
	}
	return reshaped(v, []ir.Dim{n})
}

// restValues are the further arguments.
func (k *call) restValues() []value {
	vs := make([]value, len(k.rest))
	for i, o := range k.rest {
		vs[i] = o.value
	}
	return vs
}

// noSizes reports a missing shape.
func (k *call) noSizes() bool {
	if len(k.rest) > 0 {
		return false
	}
	k.fail(k.span, ast.CodeArguments, "%s wants a shape: a size, several, or a list of them", k.fn.name)
	return true
}

func (k *call) reshapeCall() value {
	v := k.arrayArg("a")
	if v.isBad() || k.noSizes() {
		return bad
	}
	return k.named(v, func(v value) value {
		return k.shape(k.restValues(), func(dims []ir.Dim) value {
			return k.reshape(v, append([]ir.Dim(nil), dims...))
		})
	})
}

// reshape gives v the sizes dims, of which one may be -1.
func (k *call) reshape(v value, dims []ir.Dim) value {
	a := v.t.(Array)
	total, ok := k.count(a.Dims, k.span)
	if !ok {
		return bad
	}
	open, shown := -1, k.showDims(dims)
	for i, d := range dims {
		if !d.IsConst(-1) {
			continue
		}
		if open >= 0 {
			return k.fail(k.span, ast.CodeShapeMismatch, "only one size of a reshape may be -1, and this is %s", shown).value()
		}
		open = i
		dims[i] = ir.Size(1)
	}
	product, ok := k.count(dims, k.span)
	if !ok {
		return bad
	}
	if open >= 0 {
		quotient, exact := total.DivExact(product)
		if product.IsConst(0) {
			return k.fail(k.span, ast.CodeShapeMismatch, "%s can't be reshaped to %s: any size would do for the -1", k.show(a), shown).value()
		}
		if !exact {
			n, okTotal := total.Const()
			m, okProduct := product.Const()
			if okTotal && okProduct {
				return k.fail(k.span, ast.CodeShapeMismatch, "%s can't be reshaped to %s: %d is no multiple of %d", k.show(a), shown, n, m).value()
			}
			quotient = k.must("//", total, product)
		}
		dims[open] = quotient
		if product, ok = k.count(dims, k.span); !ok {
			return bad
		}
	}
	switch k.compareDims(total, product) {
	case different:
		d := k.fail(k.span, ast.CodeShapeMismatch, "%s can't be reshaped to %s", k.show(a), shown)
		d.Notes = append(d.Notes, "it has "+k.showDim(total)+" elements, and the shape "+k.showDim(product))
		d.Notes = append(d.Notes, k.explainSizes(total, product)...)
		return d.value()
	case undecided:
		v = k.retype(k.flat(v), []ir.Dim{product}, "an array of {0} elements can't be reshaped to {1}")
	}
	v.span = k.span
	return k.atLeastZero(dims, reshaped(v, dims))
}

func (k *call) transpose() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	if !k.given("axes") {
		return k.transposeOf(v)
	}
	axes, ok := k.axisList(k.args["axes"].value, v.rank(), v, false)
	if !ok {
		return bad
	}
	if len(axes) != v.rank() {
		return k.fail(k.span, ast.CodeAxis, "transpose wants all %d axes of %s, and these are %d", v.rank(), k.show(v.t), len(axes)).value()
	}
	return permuted(v, axes)
}

func (k *call) swapAxes() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	i, ok1 := k.axis(k.args["axis1"].value, v.rank(), v)
	j, ok2 := k.axis(k.args["axis2"].value, v.rank(), v)
	if !ok1 || !ok2 {
		return bad
	}
	return permuted(v, swapped(v.rank(), i, j))
}

// swapped is the order of axes with two of them exchanged.
func swapped(rank, i, j int) []int {
	perm := make([]int, rank)
	for axis := range perm {
		perm[axis] = axis
	}
	perm[i], perm[j] = j, i
	return perm
}

func (k *call) matrixTranspose() value {
	v := k.arrayArg("x")
	if v.isBad() {
		return bad
	}
	rank := v.rank()
	if rank < 2 {
		return k.fail(v.span, ast.CodeRank, "%s wants a matrix, and this is %s", k.fn.name, k.show(v.t)).value()
	}
	return permuted(v, swapped(rank, rank-2, rank-1))
}

func (k *call) moveAxis() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	rank := v.rank()
	from, ok1 := k.axisList(k.args["source"].value, rank, v, false)
	to, ok2 := k.axisList(k.args["destination"].value, rank, v, false)
	if !ok1 || !ok2 {
		return bad
	}
	if len(from) != len(to) {
		return k.fail(k.span, ast.CodeArguments, "moveaxis moves %d axes to %d places", len(from), len(to)).value()
	}
	perm := make([]int, rank)
	moved, taken := make([]bool, rank), make([]bool, rank)
	for i := range from {
		perm[to[i]], moved[from[i]], taken[to[i]] = from[i], true, true
	}
	next := 0
	for place := range perm {
		if taken[place] {
			continue
		}
		for moved[next] {
			next++
		}
		perm[place] = next
		next++
	}
	return permuted(v, perm)
}

func (k *call) squeeze() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	a := v.t.(Array)
	drop := make([]bool, len(a.Dims))
	if k.given("axis") {
		axes, ok := k.axes("axis", v)
		if !ok {
			return bad
		}
		for _, axis := range axes {
			if v, ok = k.sameSize(v, axis, ir.Size(1), "only an axis of size 1 can be squeezed, and the sizes are "+sizePattern(len(a.Dims), 0)); !ok {
				return k.fail(k.span, ast.CodeAxis, "axis %d of %s has the size %s; only an axis of size 1 can be squeezed", axis, k.show(a), k.showDim(a.Dims[axis])).value()
			}
			drop[axis] = true
		}
	} else {
		for axis, d := range a.Dims {
			drop[axis] = d.IsConst(1)
		}
	}
	var dims []ir.Dim
	for axis, d := range a.Dims {
		if !drop[axis] {
			dims = append(dims, d)
		}
	}
	return reshaped(v, dims)
}

func (k *call) expandDims() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	a := v.t.(Array)
	places := k.args["axis"].value
	rank := len(a.Dims) + len(k.items(places))
	axes, ok := k.axisList(places, rank, value{}, true)
	if !ok {
		return bad
	}
	var dims []ir.Dim
	old := a.Dims
	for axis := range rank {
		if len(axes) > 0 && axes[0] == axis {
			dims, axes = append(dims, ir.Size(1)), axes[1:]
		} else {
			dims, old = append(dims, old[0]), old[1:]
		}
	}
	return reshaped(v, dims)
}

func (k *call) broadcastTo() value {
	v := k.arrayArg("a")
	if v.isBad() || k.noSizes() {
		return bad
	}
	return k.named(v, func(v value) value {
		return k.shape(k.restValues(), func(dims []ir.Dim) value {
			dims = append([]ir.Dim(nil), dims...)
			return k.atLeastZero(dims, k.stretch(v, dims))
		})
	})
}

// stretch broadcasts v to exactly the shape dims.
func (k *call) stretch(v value, dims []ir.Dim) value {
	a := v.t.(Array)
	fits := len(a.Dims) <= len(dims)
	for i := 0; fits && i < len(a.Dims); i++ {
		want := dims[len(dims)-len(a.Dims)+i]
		fits = a.Dims[i].IsConst(1) || k.compareDims(a.Dims[i], want) != different
	}
	if !fits {
		d := k.fail(k.span, ast.CodeShapeMismatch, "%s does not broadcast to the shape %s", k.show(a), k.showDims(dims))
		d.Notes = append(d.Notes, "sizes must be equal, counted from the last axis, or those of the array 1")
		return d.value()
	}
	return k.broadcast(v, dims)
}

func (k *call) flip() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	axes, ok := k.axes("axis", v)
	if !ok || len(axes) == 0 {
		return v
	}
	return k.named(v, func(v value) value { return k.reversed(v, axes) })
}

// reversed turns the order along axes round.
func (c *checker) reversed(v value, axes []int) value {
	a := v.t.(Array)
	args := []value{v}
	steps := make([]int64, len(a.Dims))
	for axis := range steps {
		steps[axis] = 1
		args = append(args, intValue(0, v.span))
	}
	for _, axis := range axes {
		steps[axis] = -1
		args[1+axis] = sizeValue(c.must("-", a.Dims[axis], ir.Size(1)), v.span)
	}
	return operation(ir.Slice, ir.SliceAttr{Dims: a.Dims, Steps: steps}, a, v.span, args...)
}

func (k *call) tile() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	return k.named(v, func(v value) value {
		return k.shape([]value{k.args["reps"].value}, func(reps []ir.Dim) value {
			sizes := append([]ir.Dim(nil), v.t.(Array).Dims...)
			reps = append([]ir.Dim(nil), reps...)
			for len(sizes) < len(reps) {
				sizes = append([]ir.Dim{ir.Size(1)}, sizes...)
			}
			for len(reps) < len(sizes) {
				reps = append([]ir.Dim{ir.Size(1)}, reps...)
			}
			var apart, copies, dims []ir.Dim
			for i, n := range sizes {
				total, ok := k.count([]ir.Dim{reps[i], n}, k.span)
				if !ok {
					return bad
				}
				apart = append(apart, ir.Size(1), n)
				copies = append(copies, reps[i], n)
				dims = append(dims, total)
			}
			return k.atLeastZero(reps, reshaped(k.broadcast(reshaped(v, apart), copies), dims))
		})
	})
}
