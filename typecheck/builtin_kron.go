package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Products of Kronecker, and of vectors in space.

// kron gives each array, of rank r, axes of size 1 beside its own, so that the product
// has the sizes a0 b0 a1 b1 …, and joins these two by two.
func (k *call) kron() value {
	a, b, ok := k.factors()
	if !ok {
		return bad
	}
	rank := max(a.rank(), b.rank())
	if 2*rank > maxRank {
		return k.fail(k.span, ast.CodeRank, "kron of arrays of rank %d and %d", a.rank(), b.rank()).value()
	}
	left, right := padRank(a.t.(Array).Dims, rank), padRank(b.t.(Array).Dims, rank)
	var spreadA, spreadB, joined []ir.Dim
	for axis := range rank {
		spreadA = append(spreadA, left[axis], ir.Size(1))
		spreadB = append(spreadB, ir.Size(1), right[axis])
		joined = append(joined, k.must("*", left[axis], right[axis]))
	}
	return reshaped(k.binaryArrays("*", reshaped(a, spreadA), reshaped(b, spreadB), k.span), joined)
}

// padRank is a shape with sizes of 1 before it.
func padRank(dims []ir.Dim, rank int) []ir.Dim {
	var padded []ir.Dim
	for range rank - len(dims) {
		padded = append(padded, ir.Size(1))
	}
	return append(padded, dims...)
}

// cross brings the axes of the vectors to the end, where functions of the core in
// Calx take them.
func (k *call) cross() value {
	a, b, ok := k.factors()
	if !ok {
		return bad
	}
	flat := true
	for _, v := range []struct {
		value *value
		name  string
	}{{&a, "axisa"}, {&b, "axisb"}} {
		if k.given("axis") {
			v.name = "axis"
		}
		rank := v.value.rank()
		if rank == 0 {
			return k.fail(v.value.span, ast.CodeRank, "cross wants vectors, and this is a number").value()
		}
		axis := rank - 1
		if k.given(v.name) {
			if axis, ok = k.axis(k.args[v.name].value, rank, *v.value); !ok {
				return bad
			}
		}
		*v.value = permuted(*v.value, movedAxis(rank, axis, rank-1))
		flat = flat && v.value.t.(Array).Dims[rank-1].IsConst(2)
	}
	if flat {
		return k.callLibrary("cross_of_two", a, b)
	}
	result := k.callLibrary("cross_of_three", k.third(a), k.third(b))
	if result.isBad() {
		return bad
	}
	rank := result.rank()
	to, name := rank-1, "axisc"
	if k.given("axis") {
		name = "axis"
	}
	if k.given(name) {
		if to, ok = k.axis(k.args[name].value, rank, result); !ok {
			return bad
		}
	}
	return permuted(result, movedAxis(rank, rank-1, to))
}

// third is v whose last axis, if it has two elements, gets a zero as the third.
func (k *call) third(v value) value {
	a := v.t.(Array)
	last := len(a.Dims) - 1
	if !a.Dims[last].IsConst(2) {
		return v
	}
	dims := append([]ir.Dim(nil), a.Dims...)
	dims[last] = ir.Size(1)
	return k.concatenateAlong([]value{v, k.broadcast(number(a.DType, 0, k.span), dims)}, last)
}
