package diff

import (
	"math"

	"github.com/calx-lang/calx/ir"
)

// Series of the elementary functions: each solves a linear differential equation
// for its coefficients, one after the other, with O(order²) operations.

// seriesRules give the series of the result of operations on elements, for those
// that are no linear ones once the values are known.
var seriesRules = map[ir.Code]func(e *emitter, s expansionSite) series{
	ir.Mul: func(e *emitter, s expansionSite) series {
		return e.cauchy(s.order, s.args[0], s.x[0], s.args[1], s.x[1])
	},
	ir.Div:  seriesOfDiv,
	ir.Sqrt: func(e *emitter, s expansionSite) series { return e.root(s.order, s.x[0], s.y) },
	ir.Exp:  func(e *emitter, s expansionSite) series { return e.exponential(s.order, s.x[0], s.y) },
	ir.Expm1: func(e *emitter, s expansionSite) series {
		return e.exponential(s.order, s.x[0], e.Op(ir.Exp, nil, s.args[0]))
	},
	ir.Log:   func(e *emitter, s expansionSite) series { return e.logarithm(s.order, s.x[0], s.args[0], s.x[0]) },
	ir.Log1p: seriesOfLog1p,
	ir.Sin:   func(e *emitter, s expansionSite) series { return e.wave(s, ir.Cos, -1) },
	ir.Cos:   func(e *emitter, s expansionSite) series { return e.wave(s, ir.Sin, 1) },
	ir.Tan:   seriesOfTan,
	ir.Tanh:  seriesOfTanh,
	ir.Atan:  seriesOfAtan,
	ir.Asin:  func(e *emitter, s expansionSite) series { return e.arc(s, s.x[0]) },
	ir.Acos:  func(e *emitter, s expansionSite) series { return e.arc(s, e.each(s.x[0], e.neg)) },
	ir.Atan2: seriesOfAtan2,
	ir.Pow:   seriesOfPow,
	ir.Sign:  seriesOfSign,
}

// integral is the series of y, for y' = x' w. The value of w is first, and next
// gives its coefficient j from those of y up to j.
func (e *emitter) integral(order int, x series, first *ir.Value, next func(y series, j int) dvalue) series {
	dx, y, w := e.slopes(x), make(series, order), make(series, order)
	for j := 1; j <= order; j++ {
		y[j-1] = e.share(e.convolved(dx, first, w, j), j)
		if j < order {
			w[j-1] = next(y, j)
		}
	}
	return e.unified(y)
}

// exponential is the series of y, for y' = x' y.
func (e *emitter) exponential(order int, x series, y *ir.Value) series {
	return e.integral(order, x, y, func(y series, j int) dvalue { return y.at(j) })
}

// logarithm is the series of y, for y' w = x', where w has the value first and
// the series rest.
func (e *emitter) logarithm(order int, x series, first *ir.Value, rest series) series {
	y, dy := make(series, order), make(series, order)
	for j := 1; j <= order; j++ {
		known := e.total(1, j-1, func(i int) dvalue { return e.product(dy.at(i), rest.at(j-i)) })
		y[j-1] = e.over(e.difference(x.at(j), e.share(known, j)), first)
		dy[j-1] = e.times(y[j-1], float64(j))
	}
	return e.unified(y)
}

// root is the series of y, the square root of what has the series x.
func (e *emitter) root(order int, x series, y *ir.Value) series {
	twice := e.Op(ir.Add, nil, y, y)
	z := make(series, order)
	for j := 1; j <= order; j++ {
		z[j-1] = e.over(e.difference(x.at(j), e.inner(z, j)), twice)
	}
	return e.unified(z)
}

// seriesOfDiv: y b = a.
func seriesOfDiv(e *emitter, s expansionSite) series {
	y := make(series, s.order)
	for j := 1; j <= s.order; j++ {
		y[j-1] = e.over(e.difference(s.x[0].at(j), e.convolved(s.x[1], s.y, y, j)), s.args[1])
	}
	return e.unified(y)
}

func seriesOfLog1p(e *emitter, s expansionSite) series {
	one := e.fill(s.y.Type, 1)
	return e.logarithm(s.order, s.x[0], e.Op(ir.Add, nil, one, s.args[0]), s.x[0])
}

// wave is the series of sin or cos: y' = ∓sign x' z and z' = ±sign x' y, for z
// the other of the two.
func (e *emitter) wave(s expansionSite, other ir.Code, sign float64) series {
	dx, y, z := e.slopes(s.x[0]), make(series, s.order), make(series, s.order)
	first := e.Op(other, nil, s.args[0])
	for j := 1; j <= s.order; j++ {
		y[j-1] = e.times(e.share(e.convolved(dx, first, z, j), j), -sign)
		if j < s.order {
			z[j-1] = e.times(e.share(e.convolved(dx, s.y, y, j), j), sign)
		}
	}
	return e.unified(y)
}

// seriesOfTan: y' = (1 + y²) x'.
func seriesOfTan(e *emitter, s expansionSite) series {
	first := e.Op(ir.Add, nil, e.fill(s.y.Type, 1), e.Op(ir.Mul, nil, s.y, s.y))
	return e.integral(s.order, s.x[0], first, func(y series, j int) dvalue { return e.square(s.y, y, j) })
}

// seriesOfTanh: y' = (1 - y²) x'.
func seriesOfTanh(e *emitter, s expansionSite) series {
	first := e.Op(ir.Sub, nil, e.fill(s.y.Type, 1), e.Op(ir.Mul, nil, s.y, s.y))
	return e.integral(s.order, s.x[0], first, func(y series, j int) dvalue { return e.neg(e.square(s.y, y, j)) })
}

// seriesOfAtan: y' (1 + x²) = x'.
func seriesOfAtan(e *emitter, s expansionSite) series {
	x := s.args[0]
	first := e.Op(ir.Add, nil, e.fill(s.y.Type, 1), e.Op(ir.Mul, nil, x, x))
	return e.logarithm(s.order, s.x[0], first, e.cauchy(s.order-1, x, s.x[0], x, s.x[0]))
}

// arc is the series of y, for y' sqrt(1 - a²) = x', with a the operand.
func (e *emitter) arc(s expansionSite, x series) series {
	a, one := s.args[0], e.fill(s.y.Type, 1)
	first := e.Op(ir.Sqrt, nil, e.Op(ir.Mul, nil, e.Op(ir.Sub, nil, one, a), e.Op(ir.Add, nil, one, a)))
	square := e.each(e.cauchy(s.order-1, a, s.x[0], a, s.x[0]), e.neg)
	return e.logarithm(s.order, x, first, e.root(s.order-1, square, first))
}

// seriesOfAtan2: y' (a² + b²) = a' b - b' a; at the origin it is constant.
func seriesOfAtan2(e *emitter, s expansionSite) series {
	a, b := s.args[0], s.args[1]
	p, q := e.shared(s.x[0], s.x[1], s.y.Type)
	dp, dq := e.slopes(p), e.slopes(q)
	first := e.Op(ir.Add, nil, e.Op(ir.Mul, nil, a, a), e.Op(ir.Mul, nil, b, b))
	none := e.fill(s.y.Type, 0)
	origin := e.Op(ir.And, nil, e.Op(ir.Eq, nil, a, none), e.Op(ir.Eq, nil, b, none))
	rest := e.collect(s.order-1, func(j int) dvalue { return e.sum(e.square(a, p, j), e.square(b, q, j)) })
	y, dy := make(series, s.order), make(series, s.order)
	for j := 1; j <= s.order; j++ {
		turn := e.difference(e.convolved(dp, b, q, j), e.convolved(dq, a, p, j))
		known := e.total(1, j-1, func(i int) dvalue { return e.product(dy.at(i), rest.at(j-i)) })
		y[j-1] = e.over(e.share(e.difference(turn, known), j), first)
		dy[j-1] = e.times(y[j-1], float64(j))
	}
	return e.each(e.unified(y), func(d dvalue) dvalue {
		return e.elementwise(d, func(v *ir.Value) *ir.Value { return e.Op(ir.Select, nil, origin, none, v) })
	})
}

// shared are two series of values of type t with one mask.
func (e *emitter) shared(x, y series, t ir.Type) (series, series) {
	if x.zero() || y.zero() || e.sameMask(x.mask(), y.mask()) {
		return x, y
	}
	n := len(x)
	both := e.unified(append(append(make(series, 0, n+len(y)), x...), y...))
	return both[:n:n], both[n:]
}

// seriesOfSign is that of z/|z|, which at 0 is constant.
func seriesOfSign(e *emitter, s expansionSite) series {
	size := e.Op(ir.Abs, nil, s.args[0])
	length := e.modulus(s, s.y, size)
	none := e.fill(size.Type, 0)
	whole := func(v *ir.Value) *ir.Value { return e.Op(ir.Complex, nil, v, none) }
	lengths := make(series, len(length))
	for i, d := range length {
		lengths[i] = e.elementwise(d, whole)
	}
	y := make(series, s.order)
	for j := 1; j <= s.order; j++ {
		y[j-1] = e.over(e.difference(s.x[0].at(j), e.convolved(lengths, s.y, y, j)), whole(size))
	}
	return e.constantAtZero(e.unified(y), size)
}

// modulus is the series of |z|, from the direction and the size of z: at 0 it is
// constant.
func (e *emitter) modulus(s expansionSite, direction, size *ir.Value) series {
	away, twice := e.Op(ir.Conj, nil, direction), e.Op(ir.Add, nil, size, size)
	part := func(code ir.Code, d dvalue) dvalue {
		return e.elementwise(d, func(v *ir.Value) *ir.Value { return e.Op(code, nil, v) })
	}
	re, im := make(series, s.order), make(series, s.order)
	y := make(series, s.order)
	for j := 1; j <= s.order; j++ {
		z := s.x[0].at(j)
		re[j-1], im[j-1] = part(ir.Real, z), part(ir.Imag, z)
		square := e.difference(e.sum(e.inner(re, j), e.inner(im, j)), e.inner(y, j))
		y[j-1] = e.sum(part(ir.Real, e.mul(z, away)), e.over(square, twice))
	}
	return e.constantAtZero(e.unified(y), size)
}

// constantAtZero is x with coefficients that are zero where size is.
func (e *emitter) constantAtZero(x series, size *ir.Value) series {
	none := e.fill(size.Type, 0)
	at := e.Op(ir.Eq, nil, size, none)
	return e.each(x, func(d dvalue) dvalue {
		return e.elementwise(d, func(v *ir.Value) *ir.Value { return e.Op(ir.Select, nil, at, e.fill(v.Type, 0), v) })
	})
}

// seriesOfPow is that of a^b: of exp(b log(a)) if b varies, but at a = 0, where
// b counts as constant if it is not negative.
func seriesOfPow(e *emitter, s expansionSite) series {
	a, b := s.args[0], s.args[1]
	if s.x[1].zero() {
		return e.power(s.order, a, s.x[0], b, s.y)
	}
	none := e.fill(s.y.Type, 0)
	sign := b
	if b.Type.DType == ir.C128 {
		sign = e.Op(ir.Real, nil, b)
	}
	flat := e.Op(ir.And, nil, e.Op(ir.Eq, nil, a, none), e.Op(ir.Le, nil, e.fill(sign.Type, 0), sign))
	log := e.Op(ir.Select, nil, flat, none, e.Op(ir.Log, nil, a))
	p, q := e.shared(s.x[0], s.x[1], s.y.Type)
	if p.zero() {
		return e.exponential(s.order, e.each(q, func(d dvalue) dvalue { return e.mul(d, log) }), s.y)
	}
	varying := e.exponential(s.order, e.cauchy(s.order, b, q, log, e.logarithm(s.order, p, a, p)), s.y)
	if m := s.x[1].mask(); m != nil {
		flat = e.Op(ir.Or, nil, flat, e.Op(ir.Not, nil, m))
	}
	fixed := e.filled(e.power(s.order, a, p, b, s.y), s.y.Type, s.order)
	varying = e.filled(varying, s.y.Type, s.order)
	return e.collect(s.order, func(j int) dvalue {
		return dvalue{e.Op(ir.Select, nil, flat, fixed.at(j).v, varying.at(j).v), p.mask()}
	})
}

// power is the series of y = a^b for a constant b, where a has the series x.
func (e *emitter) power(order int, a *ir.Value, x series, b, y *ir.Value) series {
	exponent, isNumber := numberOf(known(b))
	if isNumber && exponent == math.Trunc(exponent) && exponent >= 0 && exponent <= float64(order) {
		return e.repeated(order, a, x, int(exponent))
	}
	z := make(series, order)
	if isNumber {
		for j := 1; j <= order; j++ {
			z[j-1] = e.over(e.total(1, j, func(i int) dvalue {
				weight := (exponent*float64(i) - float64(j-i)) / float64(j)
				if i == j {
					return e.times(e.mul(x.at(j), y), weight)
				}
				return e.times(e.product(x.at(i), z.at(j-i)), weight)
			}), a)
		}
		return e.powerAtZero(e.unified(z), a, func(j int, v *ir.Value) *ir.Value { return e.literalAtZero(x, exponent, j, v) })
	}
	next := e.Op(ir.Add, nil, b, e.fill(b.Type, 1))
	dx := e.slopes(x)
	for j := 1; j <= order; j++ {
		weighted := e.mul(e.share(e.convolved(dx, y, z, j), j), next)
		z[j-1] = e.over(e.difference(weighted, e.convolved(x, y, z, j)), a)
	}
	return e.powerAtZero(e.unified(z), a, e.valueAtZero(order, a, x, b))
}

// numberOf is the real number that a literal is.
func numberOf(l *ir.Literal) (float64, bool) {
	switch {
	case l == nil || imag(l.C) != 0:
		return 0, false
	case l.C != 0:
		return real(l.C), true
	}
	return l.F, true
}

// repeated is the series of a^n by multiplication, n >= 0.
func (e *emitter) repeated(order int, a *ir.Value, x series, n int) series {
	if n == 0 {
		return nil
	}
	var power *ir.Value
	var z series
	for {
		if n%2 == 1 {
			if power == nil {
				power, z = a, x
			} else {
				power, z = e.Op(ir.Mul, nil, power, a), e.cauchy(order, power, z, a, x)
			}
		}
		if n /= 2; n == 0 {
			return z
		}
		a, x = e.Op(ir.Mul, nil, a, a), e.cauchy(order, a, x, a, x)
	}
}

// powerAtZero is z with other coefficients where a is 0: there makes of
// coefficient j as it is elsewhere what it is there.
func (e *emitter) powerAtZero(z series, a *ir.Value, there func(j int, v *ir.Value) *ir.Value) series {
	at := e.Op(ir.Eq, nil, a, e.fill(a.Type, 0))
	y := make(series, len(z))
	for i, d := range z {
		y[i] = e.elementwise(d, func(v *ir.Value) *ir.Value { return e.Op(ir.Select, nil, at, there(i+1, v), v) })
	}
	return y
}

// literalAtZero is coefficient j of u^b, for u the series x without a value and a
// number b that is no whole one up to the order: as long as j < b it is zero, then
// infinite, as the derivative of t^b is.
func (e *emitter) literalAtZero(x series, b float64, j int, v *ir.Value) *ir.Value {
	switch {
	case float64(j) < b:
		return e.fill(v.Type, 0)
	case x.at(1).zero():
		return v
	}
	binomial := 1.0
	for i := range j {
		binomial *= (b - float64(i)) / float64(i+1)
	}
	return e.times(e.monomial(x.at(1), j), math.Copysign(math.Inf(1), binomial)).v
}

// monomial is d to the power n > 0.
func (e *emitter) monomial(d dvalue, n int) dvalue {
	p := d
	for range n - 1 {
		p = e.product(p, d)
	}
	return p
}

// valueAtZero gives coefficient j of u^b, for u the series x without the value a,
// which is 0: where b is a whole number it is that of the product, elsewhere as
// literalAtZero.
func (e *emitter) valueAtZero(order int, a *ir.Value, x series, b *ir.Value) func(j int, v *ir.Value) *ir.Value {
	t := b.Type
	none := e.fill(t, 0)
	binomials := []*ir.Value{e.fill(t, 1)}
	powers := []series{nil, x}
	left := b // b - j
	for j := 1; j <= order; j++ {
		binomials = append(binomials, e.Op(ir.Div, nil, e.Op(ir.Mul, nil, binomials[j-1], left), e.fill(t, int64(j))))
		left = e.Op(ir.Sub, nil, b, e.fill(t, int64(j)))
		below := powers[j]
		powers = append(powers, e.collect(order, func(k int) dvalue {
			return e.total(1, k-j, func(i int) dvalue { return e.product(x.at(i), below.at(k-i)) })
		}))
	}
	return func(j int, v *ir.Value) *ir.Value {
		power := e.Op(ir.Pow, nil, a, e.Op(ir.Sub, nil, b, e.fill(t, int64(j))))
		if steep := x.at(1); steep.zero() {
			v = e.Op(ir.Select, nil, e.Op(ir.Eq, nil, power, none), none, v)
		} else {
			v = e.mul(e.monomial(steep, j), e.Op(ir.Mul, nil, binomials[j], power)).v
		}
		for m := range j + 1 {
			whole := none
			if m > 0 {
				whole = e.valueOf(powers[m].at(j), t)
			}
			v = e.Op(ir.Select, nil, e.Op(ir.Eq, nil, b, e.fill(t, int64(m))), whole, v)
		}
		return v
	}
}
