package diff

import (
	"strings"

	"github.com/calx-lang/calx/ir"
)

// spread is d repeated along axes of dims, which are those that it lacks.
func (fr *frame) spread(d dvalue, axes []int, dims []ir.Dim) dvalue {
	return fr.e.linear(d, func(v *ir.Value) *ir.Value { return fr.e.spread(v, axes, dims) })
}

func adjointReduce(fr *frame, op *ir.Op, d dvalue) {
	e := fr.e
	attr := op.Attr.(ir.ReduceAttr)
	x := op.Args[0]
	if !fr.active(x) {
		return
	}
	dims := fr.dims(x.Type.Dims)
	switch attr.Kind {
	case ir.ReduceSum:
		fr.add(x, fr.spread(d, attr.Axes, dims))
	case ir.ReduceProd:
		fr.add(x, e.mul(fr.spread(d, attr.Axes, dims), fr.otherFactors(fr.need(x), attr.Axes)))
	case ir.ReduceMin, ir.ReduceMax:
		attained, count := e.attained(fr.need(x), fr.need(op.Results[0]), attr.Axes)
		shared := e.elementwise(d, func(v *ir.Value) *ir.Value { return e.Op(ir.Div, nil, v, count) })
		fr.add(x, e.restrict(fr.spread(shared, attr.Axes, dims), attained, true))
	}
}

// otherFactors is the product of all elements of x along axes but each one.
func (fr *frame) otherFactors(x *ir.Value, axes []int) *ir.Value {
	e := fr.e
	var perm, inverse []int
	for axis := range x.Type.Rank() {
		if !contained(axes, axis) {
			perm = append(perm, axis)
		}
	}
	kept := len(perm)
	perm = append(perm, axes...)
	inverse = make([]int, len(perm))
	for i, axis := range perm {
		inverse[axis] = i
	}
	turned := e.transposed(x, perm)
	dims := turned.Type.Dims
	flat := append(append([]ir.Dim(nil), dims[:kept]...), e.flatten(dims[kept:]))
	return e.transposed(e.reshaped(e.others(e.reshaped(turned, flat)), dims), inverse)
}

func contained(axes []int, axis int) bool {
	for _, a := range axes {
		if a == axis {
			return true
		}
	}
	return false
}

func adjointScan(fr *frame, op *ir.Op, d dvalue) {
	e := fr.e
	attr := op.Attr.(ir.ScanAttr)
	x, back := op.Args[0], !attr.Reverse
	t := fr.typ(x.Type)
	switch attr.Kind {
	case ir.CumSum:
		if fr.active(x) {
			fr.add(x, e.exactly(dvalue{e.scan(ir.CumSum, back, e.settle(d, t)), e.soFar(d.mask, back)}))
		}
	case ir.CumProd: // y[i] = y[i-1] x[i]
		if fr.active(x) {
			factors := fr.need(x)
			fr.add(x, e.mul(fr.recurred(d, factors, back, t), e.before(factors, attr.Reverse)))
		}
	case ir.CumMin, ir.CumMax:
		if fr.active(x) {
			fr.putLast(x, d, e.attaining(fr.need(op.Results[0]), attr.Reverse))
		}
	case ir.Recur: // y[i] = a[i] y[i-1] + b[i]
		r := fr.recurred(d, fr.need(x), back, t)
		fr.add(op.Args[1], r)
		if fr.active(x) {
			fr.add(x, e.mul(r, e.shifted(fr.need(op.Results[0]), 0, attr.Reverse)))
		}
	}
}

// recurred is d, of type t, and each time the element behind it, or before it,
// multiplied by the factor there. Where that is zero by its mask the factor,
// which may be infinite, does not count.
func (fr *frame) recurred(d dvalue, factors *ir.Value, reverse bool, t ir.Type) dvalue {
	e := fr.e
	mask := e.soFar(d.mask, reverse)
	kept := e.settle(dvalue{factors, mask}, factors.Type)
	return e.exactly(dvalue{e.scan(ir.Recur, reverse, e.shifted(kept, 0, reverse), e.settle(d, t)), mask})
}

// adjointContract: of "s,t->u" it is "u,t->s" for the first operand, and
// "s,u->t" for the second one.
func adjointContract(fr *frame, op *ir.Op, d dvalue) {
	e := fr.e
	attr := op.Attr.(ir.ContractAttr)
	letters, _ := ir.ParseContract(attr.Spec)
	sides := [2]string{letters.A, letters.B}
	for i, x := range op.Args {
		if !fr.active(x) {
			continue
		}
		other := op.Args[1-i]
		own, across := sides[i], sides[1-i]
		made, lacking := "", []int(nil)
		for k := range len(own) {
			if letter := own[k : k+1]; strings.Contains(letters.Result, letter) || strings.Contains(across, letter) {
				made += letter
			} else {
				lacking = append(lacking, attr.Batch+k)
			}
		}
		spec := letters.Result + "," + across
		if i == 1 {
			spec = across + "," + letters.Result
		}
		dims := fr.dims(x.Type.Dims)
		product := e.contract(ir.ContractAttr{Spec: spec + "->" + made, Batch: attr.Batch}, i, d, fr.need(other))
		u := dvalue{v: e.spread(product, lacking, dims)}
		if d.mask != nil {
			u.mask = e.contracted(d.mask, attr.Batch, letters.Result, own, dims)
		}
		fr.add(x, u)
	}
}

// library is the adjoint of a kernel of the library that is linear, or that
// solves linear equations. The others are behind functions with rules.
func (fr *frame) library(op *ir.Op) {
	attr := op.Attr.(ir.LibAttr)
	for _, y := range op.Results {
		if !fr.active(y) || fr.cotangent(y).zero() {
			continue
		}
		switch attr.Name {
		case "fft":
			adjointTransform(fr, op, attr, fr.cotangent(y))
		case "trsolve":
			adjointSolve(fr, op, attr, fr.cotangent(y))
		default:
			fr.refuse(op)
		}
		return
	}
}

// adjointTransform: the matrix of the transform is symmetric.
func adjointTransform(fr *frame, op *ir.Op, attr ir.LibAttr, d dvalue) {
	e := fr.e
	x := op.Args[0]
	t := fr.typ(op.Results[0].Type)
	u := dvalue{v: e.Lib(attr.Name, attr.Options, fr.e.settle(d, t))[0]}
	if d.mask != nil {
		u.mask = e.anywhere(d.mask, 1, t.Dims)
	}
	fr.add(x, e.elementwise(u, func(v *ir.Value) *ir.Value {
		if x.Type.DType != ir.C128 {
			return e.Op(ir.Real, nil, v)
		}
		return v
	}))
}

// adjointSolve: A X = B gives B̄ from Aᵀ B̄ = X̄, and Ā = -B̄ Xᵀ in the triangle
// of A that is read; Aᵀ X = B gives B̄ from A B̄ = X̄, and Ā = -X B̄ᵀ.
func adjointSolve(fr *frame, op *ir.Op, attr ir.LibAttr, d dvalue) {
	e := fr.e
	a, b := op.Args[0], op.Args[1]
	var words []string
	turned := false
	for _, word := range strings.Fields(attr.Options) {
		if word == "trans" {
			turned = true
		} else {
			words = append(words, word)
		}
	}
	if !turned {
		words = append(words, "trans")
	}
	right := dvalue{v: e.Lib(attr.Name, strings.Join(words, " "), fr.need(a), fr.e.settle(d, fr.typ(b.Type)))[0]}
	if d.mask != nil {
		right.mask = e.anywhere(d.mask, 2, right.v.Type.Dims)
	}
	fr.add(b, right)
	if fr.active(a) {
		x, y := fr.e.settle(right, fr.typ(b.Type)), fr.need(op.Results[0])
		if turned {
			x, y = y, x
		}
		product := e.Op(ir.Contract, ir.ContractAttr{Spec: "im,jm->ij", Batch: a.Type.Rank() - 2}, x, y)
		u := dvalue{v: e.triangle(e.Op(ir.Neg, nil, product), attr.Options)}
		if d.mask != nil {
			u.mask = e.anywhere(d.mask, 2, u.v.Type.Dims)
		}
		fr.add(a, u)
	}
}
