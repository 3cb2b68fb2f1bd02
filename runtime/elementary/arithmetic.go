package elementary

import (
	"math"
	"math/bits"
)

// Sqrt is the correctly rounded square root.
func Sqrt(x float64) float64 { return canonical(math.Sqrt(x)) }

// Floor rounds to an integer towards minus infinity.
func Floor(x float64) float64 { return canonical(math.Floor(x)) }

// Ceil rounds to an integer towards plus infinity.
func Ceil(x float64) float64 { return canonical(math.Ceil(x)) }

// Trunc rounds to an integer towards zero.
func Trunc(x float64) float64 { return canonical(math.Trunc(x)) }

// Round rounds to the nearest integer, halves to the even one.
func Round(x float64) float64 { return canonical(math.RoundToEven(x)) }

// Sign is -1, +0 or 1, as NumPy's.
func Sign(x float64) float64 {
	return canonical(choose(x > 0, 1, choose(x < 0, -1, choose(x == 0, 0, x))))
}

// Copysign is |x| with the sign of y; the sign of NaN reads as +.
func Copysign(x, y float64) float64 {
	return canonical(withSign(magnitude(x), choose(y != y, 0, y)))
}

// Real is a number with an order.
type Real interface{ int64 | float32 | float64 }

// Min is the IEEE operation minimum: NaN if either is NaN (it may be any), and
// -0 below +0.
func Min[T Real](x, y T) T {
	switch {
	case x < y:
		return x
	case y < x:
		return y
	case x != x || y != y:
		return x + y
	case x == 0 && 1/float64(x) < 0:
		return x
	}
	return y
}

// Max is the IEEE operation maximum: NaN if either is NaN (it may be any), and
// +0 above -0.
func Max[T Real](x, y T) T {
	switch {
	case x > y:
		return x
	case y > x:
		return y
	case x != x || y != y:
		return x + y
	case x == 0 && 1/float64(x) > 0:
		return x
	}
	return y
}

// Mod is the floored remainder x - y·floor(x/y), exact before a last rounding,
// with the sign of y (Python's %); zero y gives NaN.
func Mod(x, y float64) float64 {
	remainder := fmod(x, y)
	switch {
	case remainder == 0:
		return Copysign(0, y)
	case remainder < 0 != (y < 0) && remainder == remainder:
		return remainder + y
	}
	return remainder
}

// Floordiv is floor(x/y) consistent with Mod, as Python and NumPy: the integer
// next to (x - Mod(x, y)) / y; zero y gives x/y.
func Floordiv(x, y float64) float64 {
	if y == 0 {
		return canonical(x / y)
	}
	remainder := fmod(x, y)
	quotient := (x - remainder) / y
	if remainder != 0 && remainder < 0 != (y < 0) {
		quotient--
	}
	if quotient == 0 {
		return Copysign(0, x/y)
	}
	floor := math.Floor(quotient)
	if quotient-floor > 0.5 {
		floor++
	}
	return canonical(floor)
}

// fmod is the exact remainder with the sign of x (C's fmod).
func fmod(x, y float64) float64 {
	a, b := magnitude(x), magnitude(y)
	if !(a < infinity()) || b == 0 || b != b {
		return NaN()
	}
	if a < b {
		return x
	}
	m, e := mantissa(a)
	d, eDivisor := mantissa(b)
	m %= d
	for shift := e - eDivisor; shift > 0 && m != 0; {
		step := min(shift, 64)
		_, m = bits.Div64(m>>(64-step), m<<step, d)
		shift -= step
	}
	return withSign(float64(m)*powerOfTwo(shifter+float64(max(eDivisor, -1022)))*powerOfTwo(shifter+float64(min(eDivisor+1022, 0))), x)
}

// mantissa writes a finite a >= 0 as integer·2^exponent.
func mantissa(a float64) (integer uint64, exponent int) {
	pattern := math.Float64bits(a)
	exponent = int(pattern >> 52)
	integer = pattern & (1<<52 - 1)
	if exponent == 0 {
		return integer, -1074
	}
	return integer | 1<<52, exponent - 1075
}

// ToInt truncates; ok is false for NaN and outside [-2^63, 2^63).
func ToInt(x float64) (integer int64, ok bool) {
	if x >= -0x1p63 && x < 0x1p63 {
		return int64(x), true
	}
	return 0, false
}
