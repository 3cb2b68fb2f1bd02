package elementary

// expTimes is e^x·(u, v), where e^x alone may overflow.
func expTimes(x, u, v float64) (float64, float64) {
	if x > 709 {
		const exp709 = 0x1.d422d2be5dc9bp+1022
		e := Exp(x - 709)
		return e * u * exp709, e * v * exp709
	}
	e := Exp(x)
	return e * u, e * v
}

// ExpComplex is e^z, with the special values of C99.
func ExpComplex(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case y == 0:
		return complex(Exp(x), y)
	case magnitude(y) < infinity():
		re, im := expTimes(x, Cos(y), Sin(y))
		return canonicalParts(re, im)
	case x == -infinity():
		return 0
	case x == infinity():
		return complex(x, NaN())
	}
	return complex(NaN(), NaN())
}

// Expm1Complex is e^z - 1, without cancellation near 0.
func Expm1Complex(z complex128) complex128 {
	x, y := real(z), imag(z)
	if y == 0 {
		return complex(Expm1(x), y)
	}
	if x > 709 || !(magnitude(y) < infinity()) {
		w := ExpComplex(z)
		return canonicalParts(real(w)-1, imag(w))
	}
	s := Sin(0.5 * y)
	return canonicalParts(float64(Expm1(x)*Cos(y))-float64(2*float64(s*s)), float64(Exp(x)*Sin(y)))
}

// LogComplex is log|z| + i·arg z.
func LogComplex(z complex128) complex128 {
	return complex(logAbs(real(z), imag(z)), ArgComplex(z))
}

// logAbs is log √(x²+y²), accurate near |z| = 1.
func logAbs(x, y float64) float64 {
	larger, smaller := magnitude(x), magnitude(y)
	if smaller > larger {
		larger, smaller = smaller, larger
	}
	const ln2 = 0x1.62e42fefa39efp-1
	switch {
	case larger > 0.5 && larger < 2:
		square, squareLow := twoProduct(larger, larger)
		other, otherLow := twoProduct(smaller, smaller)
		sum, sumLow := twoSum(square-1, other)
		if excess := sum + (sumLow + (squareLow + otherLow)); excess > -0.5 && excess < 1 {
			return 0.5 * Log1p(excess)
		}
	case larger > 0x1p1000 && larger < infinity():
		return Log(Hypot(x*0.25, y*0.25)) + 2*ln2
	case larger < 0x1p-960 && larger > 0:
		return Log(Hypot(x*0x1p60, y*0x1p60)) - 60*ln2
	}
	return Log(Hypot(x, y))
}

// Log1pComplex is log(1+z), without cancellation near 0.
func Log1pComplex(z complex128) complex128 {
	x, y := real(z), imag(z)
	if !(magnitude(x) < 0.5 && magnitude(y) < 0.5) {
		return LogComplex(complex(1+x, y))
	}
	square, squareLow := twoProduct(x, x)
	other, otherLow := twoProduct(y, y)
	sum, sumLow := twoSum(float64(2*x), square)
	total, totalLow := twoSum(sum, other)
	excess := total + (totalLow + (sumLow + (squareLow + otherLow)))
	return complex(float64(0.5*Log1p(excess)), Atan2(y, 1+x))
}
