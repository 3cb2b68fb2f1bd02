package elementary

import "math"

// sinhCosh is the hyperbolic sine and cosine of x, both times u and v, where
// they alone may overflow.
func sinhCosh(x, u, v float64) (sinh, cosh float64) {
	a := magnitude(x)
	if a > 40 {
		first, second := expTimes(a, float64(0.5*u), float64(0.5*v))
		return math.Float64frombits(math.Float64bits(first) ^ math.Float64bits(x)&signBit), second
	}
	e := Expm1(a)
	sinh = withSign(float64(0.5*(e+e/(e+1))), x)
	cosh = 1 + float64(0.5*float64(e*(e/(e+1))))
	return float64(sinh * u), float64(cosh * v)
}

// sinhComplex is sinh x cos y + i cosh x sin y, with the special values of C99.
func sinhComplex(x, y float64) (re, im float64) {
	switch {
	case y == 0:
		re, _ = sinhCosh(x, 1, 1)
		return re, y
	case magnitude(y) < infinity():
		return sinhCosh(x, Cos(y), Sin(y))
	case x == 0 || magnitude(x) == infinity():
		return x, NaN()
	}
	return NaN(), NaN()
}

// coshComplex is cosh x cos y + i sinh x sin y, with the special values of C99.
func coshComplex(x, y float64) (re, im float64) {
	switch {
	case y == 0:
		_, re = sinhCosh(x, 1, 1)
		return re, choose(x != x, y, withSign(0, x)*withSign(1, y))
	case magnitude(y) < infinity():
		im, re = sinhCosh(x, Sin(y), Cos(y))
		return re, im
	case x == 0:
		return NaN(), 0
	case magnitude(x) == infinity():
		return infinity(), NaN()
	}
	return NaN(), NaN()
}

// SinComplex is the sine, -i·sinh(iz).
func SinComplex(z complex128) complex128 {
	re, im := sinhComplex(-imag(z), real(z))
	return canonicalParts(im, -re)
}

// CosComplex is the cosine, cosh(iz).
func CosComplex(z complex128) complex128 {
	return canonicalParts(coshComplex(-imag(z), real(z)))
}

// TanhComplex is the hyperbolic tangent after Kahan, with the special values
// of C99.
func TanhComplex(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case x != x:
		return canonicalParts(x, choose(y == 0, y, x))
	case magnitude(x) == infinity():
		sign := 0.0
		if magnitude(y) < infinity() {
			sign = float64(Sin(y) * Cos(y))
		}
		return complex(withSign(1, x), withSign(0, sign))
	case !(magnitude(y) < infinity()):
		return complex(choose(x == 0, x, NaN()), NaN())
	case magnitude(x) >= 22:
		e := Exp(-magnitude(x))
		return complex(withSign(1, x), float64(float64(float64(4*float64(Sin(y)*Cos(y)))*e)*e))
	}
	t := Tan(y)
	growth := 1 + float64(t*t)
	s, _ := sinhCosh(x, 1, 1)
	rho := math.Sqrt(1 + float64(s*s))
	divisor := 1 + float64(float64(growth*s)*s)
	return canonicalParts(float64(float64(growth*rho)*s)/divisor, t/divisor)
}

// TanComplex is the tangent, -i·tanh(iz).
func TanComplex(z complex128) complex128 {
	w := TanhComplex(complex(-imag(z), real(z)))
	return canonicalParts(imag(w), -real(w))
}

// asinh is the inverse hyperbolic sine.
func asinh(x float64) float64 {
	a := magnitude(x)
	if a > 0x1p30 {
		const ln2 = 0x1.62e42fefa39efp-1
		return withSign(Log(a)+ln2, x)
	}
	square := float64(a * a)
	return withSign(Log1p(a+square/(1+math.Sqrt(1+square))), x)
}

// AsinComplex is the arc sine after Kahan, with cuts along the real axis
// outside [-1, 1].
func AsinComplex(z complex128) complex128 {
	x, y := real(z), imag(z)
	if largest := math.Max(magnitude(x), magnitude(y)); largest > 0x1p500 {
		return canonicalParts(asinFar(x, y))
	}
	minus, plus := SqrtComplex(complex(1-x, -y)), SqrtComplex(complex(1+x, y))
	across := float64(real(minus)*real(plus)) - float64(imag(minus)*imag(plus))
	along := float64(real(minus)*imag(plus)) - float64(imag(minus)*real(plus))
	return canonicalParts(Atan2(x, across), asinh(along))
}

// asinFar is the arc sine for |z| beyond 2^500: its angle, and log(2|z|).
func asinFar(x, y float64) (re, im float64) {
	const ln2 = 0x1.62e42fefa39efp-1
	return Atan2(x, magnitude(y)), withSign(logAbs(x, y)+ln2, y)
}

// AcosComplex is the arc cosine after Kahan, with cuts as AsinComplex.
func AcosComplex(z complex128) complex128 {
	x, y := real(z), imag(z)
	if largest := math.Max(magnitude(x), magnitude(y)); largest > 0x1p500 {
		_, im := asinFar(x, y)
		return canonicalParts(Atan2(magnitude(y), x), -im)
	}
	minus, plus := SqrtComplex(complex(1-x, -y)), SqrtComplex(complex(1+x, y))
	along := float64(real(plus)*imag(minus)) - float64(imag(plus)*real(minus))
	return canonicalParts(float64(2*Atan2(real(minus), real(plus))), asinh(along))
}

// AtanComplex is the arc tangent, with cuts along the imaginary axis outside
// [-i, i].
func AtanComplex(z complex128) complex128 {
	x, y := real(z), imag(z)
	b := magnitude(y)
	size := Hypot(x, y)
	if size > 0x1p500 {
		return canonicalParts(withSign(halfPi, x), withSign(choose(size < infinity(), b/size/size, 0), y))
	}
	across := float64((1-b)*(1+b)) - float64(x*x)
	gap := float64(x*x) + float64((1-b)*(1-b))
	return canonicalParts(float64(0.5*Atan2(float64(2*x), across)), withSign(float64(0.25*Log1p(float64(4*b)/gap)), y))
}
