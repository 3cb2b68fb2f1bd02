package elementary

import (
	"math"
	"math/bits"
)

// canonicalParts replaces NaN parts by the NaN of the language.
func canonicalParts(re, im float64) complex128 {
	return complex(canonical(re), canonical(im))
}

// MulComplex is (ac-bd) + (ad+bc)i, each product and sum rounded. Its NaN may be any.
func MulComplex(x, y complex128) complex128 {
	a, b, c, d := real(x), imag(x), real(y), imag(y)
	return complex(float64(a*c)-float64(b*d), float64(a*d)+float64(b*c))
}

// DivComplex is x/y by Smith's method: it scales by the larger part of the
// divisor, so that no intermediate overflows unless the quotient nearly does.
// Dividing by zero divides the parts by +0. Its NaN may be any.
func DivComplex(x, y complex128) complex128 {
	a, b, c, d := real(x), imag(x), real(y), imag(y)
	switch {
	case c == 0 && d == 0:
		return complex(a/magnitude(c), b/magnitude(d))
	case magnitude(c) >= magnitude(d):
		ratio := d / c
		divisor := c + float64(d*ratio)
		return complex((a+float64(b*ratio))/divisor, (b-float64(a*ratio))/divisor)
	}
	ratio := c / d
	divisor := float64(c*ratio) + d
	return complex((float64(a*ratio)+b)/divisor, (float64(b*ratio)-a)/divisor)
}

// Hypot is √(x²+y²) without overflow on the way; infinity wins over NaN.
func Hypot(x, y float64) float64 {
	a, b := magnitude(x), magnitude(y)
	larger, smaller := choose(a > b, a, b), choose(a > b, b, a)
	factor := choose(larger > 0x1p500, 0x1p-600, choose(larger < 0x1p-450, 0x1p600, 1))
	inverse := choose(larger > 0x1p500, 0x1p600, choose(larger < 0x1p-450, 0x1p-600, 1))
	larger = float64(larger * factor)
	smaller = float64(smaller * factor)
	square, squareLow := twoProduct(larger, larger)
	other, otherLow := twoProduct(smaller, smaller)
	sum, sumLow := fastTwoSum(square, other)
	root := float64(math.Sqrt(sum+(sumLow+(squareLow+otherLow))) * inverse)
	return choose(a == infinity() || b == infinity(), infinity(), canonical(root))
}

// AbsComplex is |z|.
func AbsComplex(z complex128) float64 { return Hypot(real(z), imag(z)) }

// SignComplex is z/|z|, and 0 for 0.
func SignComplex(z complex128) complex128 {
	size := AbsComplex(z)
	if size == 0 {
		return 0
	}
	return canonicalParts(real(z)/size, imag(z)/size)
}

// ArgComplex is the angle of z in [-π, π].
func ArgComplex(z complex128) float64 { return Atan2(imag(z), real(z)) }

// SqrtComplex is the square root with non-negative real part, the branch cut
// along the negative real axis.
func SqrtComplex(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case x == 0 && y == 0:
		return complex(0, y)
	case magnitude(y) == infinity():
		return complex(infinity(), y)
	case x == infinity():
		return canonicalParts(x, choose(y != y, y, withSign(0, y)))
	case x == -infinity():
		return canonicalParts(choose(y != y, y, 0), withSign(infinity(), y))
	case x != x || y != y:
		return complex(NaN(), NaN())
	}
	largest := math.Max(magnitude(x), magnitude(y))
	unscale := 1.0
	switch {
	case largest > 0x1p1020:
		x, y, unscale = x*0x1p-4, y*0x1p-4, 4
	case largest < 0x1p-960:
		x, y, unscale = x*0x1p108, y*0x1p108, 0x1p-54
	}
	root := math.Sqrt(float64((magnitude(x) + Hypot(x, y)) * 0.5))
	other := y / float64(2*root)
	if x < 0 {
		return complex(magnitude(other)*unscale, withSign(root*unscale, y))
	}
	return complex(root*unscale, other*unscale)
}

// PowComplex is z^w: multiplied out for integers |w| <= IntegerPowerLimit,
// real for real z > 0 and real w, otherwise e^(w·log z). A power of zero is
// zero if w has positive real part and NaN otherwise.
func PowComplex(z, w complex128) complex128 {
	if imag(w) == 0 {
		if k, ok := smallInteger(real(w)); ok {
			return powComplexInteger(z, k)
		}
	}
	switch {
	case z == 0 && real(w) > 0:
		return 0
	case z == 0:
		return complex(NaN(), NaN())
	case imag(w) != 0:
		return ExpComplex(MulComplex(w, LogComplex(z)))
	case imag(z) == 0 && real(z) > 0:
		return complex(Pow(real(z), real(w)), 0)
	}
	size := Pow(AbsComplex(z), real(w))
	angle := real(w) * ArgComplex(z)
	return canonicalParts(size*Cos(angle), size*Sin(angle))
}

// powComplexInteger is PowInteger for complex numbers.
func powComplexInteger(z complex128, k int) complex128 {
	count := uint(max(k, -k))
	if count == 0 {
		return 1
	}
	power := z
	for bit := bits.Len(count) - 2; bit >= 0; bit-- {
		power = MulComplex(power, power)
		if count>>uint(bit)&1 == 1 {
			power = MulComplex(power, z)
		}
	}
	if k < 0 {
		power = DivComplex(1, power)
	}
	return canonicalParts(real(power), imag(power))
}
