package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// Series of operations on arrays: those that are linear are applied to each
// coefficient, those that multiply are sums over the pairs of coefficients.

// alike are the operations whose tangents depend on those of their operands in a
// linear way that only the values decide: coefficients are as tangents are.
var alike = map[ir.Code]bool{
	ir.Neg: true, ir.Add: true, ir.Sub: true, ir.Mod: true, ir.CopySign: true, ir.Abs: true,
	ir.Select: true, ir.Min: true, ir.Max: true, ir.Convert: true,
	ir.Complex: true, ir.Real: true, ir.Imag: true, ir.Conj: true,
	ir.Broadcast: true, ir.Transpose: true, ir.Slice: true, ir.Reshape: true, ir.Retype: true,
	ir.Gather: true, ir.Update: true, ir.Append: true, ir.Concat: true, ir.Sort: true,
}

// seriesOf is the series of the result of an operation that is no region and no
// call; ok is false if it is not known.
func (e *emitter) seriesOf(s expansionSite) (x series, ok bool) {
	code := s.op.Code
	switch attr := s.op.Attr.(type) {
	case ir.ReduceAttr:
		if attr.Kind == ir.ReduceProd {
			return e.seriesOfProduct(s, attr), true
		}
		return e.asTangents(s), true
	case ir.ScanAttr:
		switch attr.Kind {
		case ir.CumProd:
			return e.cumulated(s.order, s.args[0], s.x[0], s.y, attr.Reverse), true
		case ir.Recur:
			return e.seriesOfRecur(s, attr.Reverse), true
		}
		return e.asTangents(s), true
	case ir.ContractAttr:
		return e.seriesOfContract(s, attr), true
	case ir.LibAttr:
		switch attr.Name {
		case "fft":
			return e.each(s.x[0], func(d dvalue) dvalue { return e.tangentOfTransform(s, attr, d) }), true
		case "trsolve":
			return e.seriesOfSolve(s, attr), true
		}
		return nil, false
	}
	if code == ir.Accumulate {
		mode := s.op.Attr.(ir.IndexAttr).Mode
		if !s.x[1].zero() && (mode == ir.AccumulateMul || mode == ir.AccumulateDiv) {
			return e.seriesOfAccumulate(s), true
		}
		return e.asTangents(s), true
	}
	if code == ir.Abs && s.args[0].Type.DType == ir.C128 {
		return e.modulus(s, e.Op(ir.Sign, nil, s.args[0]), s.y), true
	}
	if rule := seriesRules[code]; rule != nil {
		return rule(e, s), true
	}
	if !alike[code] {
		return nil, false
	}
	return e.asTangents(s), true
}

// asTangents applies the rule of the tangent to each coefficient.
func (e *emitter) asTangents(s expansionSite) series {
	rule := tangentRules[s.op.Code]
	if rule == nil || s.op.Code == ir.Abs {
		rule = (*emitter).byPartials
	}
	return e.collect(s.order, func(j int) dvalue {
		at := site{op: s.op, args: s.args, y: s.y, d: make([]dvalue, len(s.args))}
		any := false
		for i, x := range s.x {
			at.d[i] = x.at(j)
			any = any || !at.d[i].zero()
		}
		if !any {
			return dvalue{}
		}
		if len(s.x) > 1 && s.op.Code != ir.Add && s.op.Code != ir.Sub {
			for i, x := range s.x {
				if !x.zero() && at.d[i].zero() {
					at.d[i] = dvalue{e.fill(s.args[i].Type, 0), x.mask()}
				}
			}
		}
		return rule(e, at)
	})
}

// pick is the last element of v along its last axis, 0 if there is none.
func (e *emitter) pick(v *ir.Value) *ir.Value {
	dims := v.Type.Dims
	last := len(dims) - 1
	n := dims[last]
	place := e.Op(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{n}})
	end := e.Broadcast(e.Op(ir.Sub, nil, e.SizeValue(n), e.I64(1)), n)
	only := e.Broadcast(e.Op(ir.Eq, nil, place, end), dims...)
	kept := e.Op(ir.Select, nil, only, v, e.fill(v.Type, 0))
	return e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: []int{last}}, kept)
}

// seriesOfProduct is that of the product of elements along axes: the last of
// their products so far.
func (e *emitter) seriesOfProduct(s expansionSite, attr ir.ReduceAttr) series {
	a, x := s.args[0], s.x[0]
	for _, axis := range slices.Backward(attr.Axes) {
		perm := lastAxis(a.Type.Rank(), axis)
		turn := func(v *ir.Value) *ir.Value { return e.transposed(v, perm) }
		a = turn(a)
		x = e.each(x, func(d dvalue) dvalue { return e.linear(d, turn) })
		last := a.Type.Rank() - 1
		x = e.cumulated(s.order, a, x, e.scan(ir.CumProd, false, a), false)
		a = e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceProd, Axes: []int{last}}, a)
		x = e.each(x, func(d dvalue) dvalue {
			y := dvalue{v: e.pick(d.v)}
			if d.mask != nil {
				y.mask = e.anyOver(d.mask, last)
			}
			return y
		})
	}
	return x
}

// cumulated is the series of y, the products so far of a along the last axis:
// y[i] = y[i-1] a[i].
func (e *emitter) cumulated(order int, a *ir.Value, x series, y *ir.Value, reverse bool) series {
	before := []*ir.Value{e.shifted(y, 1, reverse)}
	mask := e.soFar(x.mask(), reverse)
	z := make(series, order)
	for j := 1; j <= order; j++ {
		own := e.total(1, j, func(i int) dvalue { return e.mulOrNothing(x.at(i), before[j-i]) })
		z[j-1] = e.recurring(a, own, mask, reverse)
		before = append(before, e.beforeEach(z[j-1], reverse))
	}
	return z
}

// recurring is what r becomes along the last axis in y[i] = a[i] y[i-1] + r[i].
func (e *emitter) recurring(a *ir.Value, r dvalue, mask *ir.Value, reverse bool) dvalue {
	if r.zero() {
		return dvalue{}
	}
	return dvalue{e.scan(ir.Recur, reverse, a, e.settle(r, a.Type)), mask}
}

// beforeEach is the value of d one place before each element, where 0 comes in; nil
// if d is zero.
func (e *emitter) beforeEach(d dvalue, reverse bool) *ir.Value {
	if d.zero() {
		return nil
	}
	return e.shifted(d.v, 0, reverse)
}

// mulOrNothing is d times v, zero if there is no v.
func (e *emitter) mulOrNothing(d dvalue, v *ir.Value) dvalue {
	if v == nil {
		return dvalue{}
	}
	return e.mul(d, v)
}

// seriesOfRecur: y[i] = a[i] y[i-1] + b[i].
func (e *emitter) seriesOfRecur(s expansionSite, reverse bool) series {
	before := []*ir.Value{e.shifted(s.y, 0, reverse)}
	x, b := s.x[0], s.x[1]
	all := e.unionOf(x.first(), b.first())
	mask := e.soFar(all.mask, reverse)
	y := make(series, s.order)
	for j := 1; j <= s.order; j++ {
		own := e.total(1, j, func(i int) dvalue { return e.mulOrNothing(x.at(i), before[j-i]) })
		y[j-1] = e.recurring(s.args[0], e.sum(own, b.at(j)), mask, reverse)
		before = append(before, e.beforeEach(y[j-1], reverse))
	}
	return y
}

// unionOf is a derivative, whose value does not matter, that is zero where both
// are.
func (e *emitter) unionOf(d, u dvalue) dvalue {
	switch {
	case d.zero():
		return u
	case u.zero() || d.mask == nil || e.sameMask(d.mask, u.mask):
		return d
	case u.mask == nil:
		return u
	}
	return dvalue{d.v, e.Op(ir.Or, nil, d.mask, u.mask)}
}

// seriesOfContract sums over the pairs of coefficients.
func (e *emitter) seriesOfContract(s expansionSite, attr ir.ContractAttr) series {
	letters, _ := ir.ParseContract(attr.Spec)
	var settled [2][]*ir.Value
	var masks [2]*ir.Value
	for k, own := range []string{letters.A, letters.B} {
		settled[k] = []*ir.Value{s.args[k]}
		for j := 1; j <= s.order; j++ {
			var v *ir.Value
			if d := s.x[k].at(j); !d.zero() {
				v = e.settle(d, s.args[k].Type)
			}
			settled[k] = append(settled[k], v)
		}
		if m := s.x[k].mask(); m != nil {
			masks[k] = e.contracted(m, attr.Batch, own, letters.Result, s.y.Type.Dims)
		}
	}
	term := func(i, k int, mask *ir.Value) dvalue {
		if settled[0][i] == nil || settled[1][k] == nil {
			return dvalue{}
		}
		return dvalue{e.Op(ir.Contract, attr, settled[0][i], settled[1][k]), mask}
	}
	return e.collect(s.order, func(j int) dvalue {
		left := e.total(1, j, func(i int) dvalue { return term(i, j-i, masks[0]) })
		return e.sum(left, term(0, j, masks[1]))
	})
}

// tangentOfTransform is what a Fourier transform makes of d.
func (e *emitter) tangentOfTransform(s expansionSite, attr ir.LibAttr, d dvalue) dvalue {
	y := dvalue{v: e.Lib(attr.Name, attr.Options, e.settle(d, s.args[0].Type))[0]}
	if d.mask != nil {
		y.mask = e.anywhere(d.mask, 1, s.y.Type.Dims)
	}
	return y
}

// seriesOfSolve: A Y = B, with the triangle of A that is read, or its transpose.
func (e *emitter) seriesOfSolve(s expansionSite, attr ir.LibAttr) series {
	a, b := s.args[0], s.args[1]
	product := ir.ContractAttr{Spec: "ij,jk->ik", Batch: a.Type.Rank() - 2}
	if slices.Contains(strings.Fields(attr.Options), "trans") {
		product.Spec = "ji,jk->ik"
	}
	wide := func(m *ir.Value) *ir.Value {
		if m == nil {
			return nil
		}
		return e.anywhere(m, 2, s.y.Type.Dims)
	}
	left, right := wide(s.x[0].mask()), wide(s.x[1].mask())
	read := make([]*ir.Value, s.order+1)
	for j := 1; j <= s.order; j++ {
		if d := s.x[0].at(j); !d.zero() {
			read[j] = e.triangle(e.settle(d, a.Type), attr.Options)
		}
	}
	solved := []*ir.Value{s.y}
	return e.collect(s.order, func(j int) dvalue {
		moved := e.total(1, j, func(i int) dvalue {
			if read[i] == nil || solved[j-i] == nil {
				return dvalue{}
			}
			return dvalue{e.Op(ir.Contract, product, read[i], solved[j-i]), left}
		})
		own := s.x[1].at(j)
		if !own.zero() {
			own = dvalue{e.settle(own, b.Type), right}
		}
		y := e.elementwise(e.difference(own, moved), func(v *ir.Value) *ir.Value { return e.Lib(attr.Name, attr.Options, a, v)[0] })
		solved = append(solved, nil)
		if !y.zero() {
			solved[j] = e.settle(y, s.y.Type)
		}
		return y
	})
}
