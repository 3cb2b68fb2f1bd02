package diff

import (
	"reflect"

	"github.com/calx-lang/calx/ir"
)

// A series is what the Taylor coefficients of a value are behind the first,
// which is the value itself: coefficient j is element j-1. Those that are not
// zero all have the same mask, or none: outside of it the value is constant.
type series []dvalue

// at is coefficient j > 0.
func (x series) at(j int) dvalue {
	if j > len(x) {
		return dvalue{}
	}
	return x[j-1]
}

// first is the first coefficient that is not zero.
func (x series) first() dvalue {
	for _, d := range x {
		if !d.zero() {
			return d
		}
	}
	return dvalue{}
}

// zero reports whether the value is constant.
func (x series) zero() bool { return x.first().zero() }

// kind is that of the coefficients.
func (x series) kind() kind { return x.first().kind() }

// mask is that of the coefficients.
func (x series) mask() *ir.Value { return x.first().mask }

// pattern tells for each coefficient whether it is there: it is a part of the
// keys of functions.
func (x series) pattern() string {
	letters := make([]byte, len(x))
	for i, d := range x {
		letters[i] = d.kind().letter()
	}
	return string(letters)
}

// collect makes a series of coefficients, which may have different masks.
func (e *emitter) collect(order int, coefficient func(j int) dvalue) series {
	x := make(series, order)
	for j := range order {
		x[j] = coefficient(j + 1)
	}
	return e.unified(x)
}

// unified gives coefficients one mask.
func (e *emitter) unified(x series) series {
	var masks []*ir.Value
	for _, d := range x {
		if d.zero() {
			continue
		}
		if d.mask == nil {
			masks = nil
			break
		}
		known := false
		for _, m := range masks {
			known = known || e.equalMasks(m, d.mask)
		}
		if !known {
			masks = append(masks, d.mask)
		}
	}
	var all *ir.Value
	for i, m := range masks {
		if all = m; i > 0 {
			all = e.Op(ir.Or, nil, masks[0], m)
			masks[0] = all
		}
	}
	for i, d := range x {
		switch {
		case d.zero():
		case all != nil && e.equalMasks(d.mask, all):
			if e.exact[d.v] == d.mask {
				e.exact[d.v] = all
			}
			x[i].mask = all
		case d.mask != nil:
			x[i] = e.exactly(dvalue{e.settle(d, d.v.Type), all})
		}
	}
	return x
}

// equalMasks reports whether two masks are computed in the same way.
func (e *emitter) equalMasks(m, n *ir.Value) bool {
	return e.sameMask(m, n) || m != nil && n != nil && computedAlike(m, n, 4)
}

// computedAlike looks so many operations back.
func computedAlike(m, n *ir.Value, depth int) bool {
	switch {
	case m == n:
		return true
	case depth == 0 || m.Def == nil || n.Def == nil || m.Index != n.Index:
		return false
	}
	p, q := m.Def, n.Def
	if p.Code != q.Code || len(p.Regions) > 0 || len(p.Args) != len(q.Args) || p.Code.Info().Class == ir.Calling || !reflect.DeepEqual(p.Attr, q.Attr) {
		return false
	}
	for i := range p.Args {
		if !computedAlike(p.Args[i], q.Args[i], depth-1) {
			return false
		}
	}
	return true
}

// filled is x, the series of a value of type t, up to order: coefficients that
// are missing are zero, with the mask of the others.
func (e *emitter) filled(x series, t ir.Type, order int) series {
	y := make(series, order)
	mask := x.mask()
	for j := range y {
		if y[j] = x.at(j + 1); y[j].zero() {
			y[j] = dvalue{e.fill(t, 0), mask}
		}
	}
	return y
}

// each applies a linear operation to every coefficient.
func (e *emitter) each(x series, f func(d dvalue) dvalue) series {
	return e.collect(len(x), func(j int) dvalue {
		if x.at(j).zero() {
			return dvalue{}
		}
		return f(x.at(j))
	})
}

// seriesLike is x as the series of a value of type t.
func (e *emitter) seriesLike(x series, t ir.Type) series {
	y := make(series, len(x))
	for j, d := range x {
		if y[j] = d; !d.zero() {
			y[j].v = e.coerced(d.v, t)
		}
		if d.mask != nil {
			if y[j].mask = y.mask(); y[j].mask == nil {
				y[j].mask = e.coerced(d.mask, t)
			}
		}
	}
	return y
}

// product is d times u, which is zero where one of them is.
func (e *emitter) product(d, u dvalue) dvalue {
	if d.zero() || u.zero() {
		return dvalue{}
	}
	p := dvalue{e.Op(ir.Mul, nil, d.v, u.v), d.mask}
	switch {
	case e.sameMask(d.mask, u.mask) || u.mask == nil || e.exact[u.v] == u.mask:
	case d.mask == nil || e.exact[d.v] == d.mask:
		p.mask = u.mask
	default:
		p.mask = e.Op(ir.And, nil, d.mask, u.mask)
	}
	return p
}

// times is d times the number n.
func (e *emitter) times(d dvalue, n float64) dvalue {
	switch {
	case d.zero() || n == 0:
		return dvalue{}
	case n == 1:
		return d
	case n == -1:
		return e.neg(d)
	}
	return e.mul(d, e.number(d.v.Type, n))
}

// number is x as an array of type t.
func (e *emitter) number(t ir.Type, x float64) *ir.Value {
	literal := ir.Literal{F: x}
	switch t.DType {
	case ir.C128:
		literal = ir.Literal{C: complex(x, 0)}
	case ir.F32:
		literal.F = float64(float32(x))
	}
	return e.Broadcast(e.Const(t.DType, literal), t.Dims...)
}

// over is d divided by v.
func (e *emitter) over(d dvalue, v *ir.Value) dvalue {
	return e.elementwise(d, func(u *ir.Value) *ir.Value { return e.Op(ir.Div, nil, u, v) })
}

// share is d divided by the number n.
func (e *emitter) share(d dvalue, n int) dvalue {
	if d.zero() || n == 1 {
		return d
	}
	return e.over(d, e.fill(d.v.Type, int64(n)))
}

func (e *emitter) difference(d, u dvalue) dvalue {
	if !d.zero() && !u.zero() && d.kind() == u.kind() && e.sameMask(d.mask, u.mask) {
		return dvalue{e.Op(ir.Sub, nil, d.v, u.v), d.mask}
	}
	return e.sum(d, e.neg(u))
}

// total is the sum of term(i) for lo <= i <= hi.
func (e *emitter) total(lo, hi int, term func(i int) dvalue) dvalue {
	var sum dvalue
	for i := lo; i <= hi; i++ {
		sum = e.sum(sum, term(i))
	}
	return sum
}

// inner is the part of coefficient j of x² that leaves out the first and the
// last coefficient of x.
func (e *emitter) inner(x series, j int) dvalue {
	sum := e.total(1, (j-1)/2, func(i int) dvalue { return e.product(x.at(i), x.at(j-i)) })
	sum = e.times(sum, 2)
	if j%2 == 0 {
		sum = e.sum(sum, e.product(x.at(j/2), x.at(j/2)))
	}
	return sum
}

// square is coefficient j of the square of a, which has the series x.
func (e *emitter) square(a *ir.Value, x series, j int) dvalue {
	return e.sum(e.times(e.mul(x.at(j), a), 2), e.inner(x, j))
}

// convolved is coefficient j of the product of x, without its value, and y, whose
// value is b.
func (e *emitter) convolved(x series, b *ir.Value, y series, j int) dvalue {
	return e.sum(e.mul(x.at(j), b), e.total(1, j-1, func(i int) dvalue { return e.product(x.at(i), y.at(j-i)) }))
}

// cauchy is the series of the product of a and b, which have the series x and y.
func (e *emitter) cauchy(order int, a *ir.Value, x series, b *ir.Value, y series) series {
	return e.collect(order, func(j int) dvalue {
		if a == b {
			return e.square(a, x, j)
		}
		return e.sum(e.convolved(x, b, y, j), e.mul(y.at(j), a))
	})
}

// slopes are the coefficients of the derivative of x: element j-1 is that which
// belongs to coefficient j of x.
func (e *emitter) slopes(x series) series {
	y := make(series, len(x))
	for i, d := range x {
		y[i] = e.times(d, float64(i+1))
	}
	return y
}
