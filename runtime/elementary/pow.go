package elementary

import (
	"math"
	"math/bits"
)

// IntegerPowerLimit is the largest |k| for which x^k is multiplied out.
const IntegerPowerLimit = 64

const (
	twoThirds    = 0x1.5555555555555p-1
	twoThirdsLow = 0x1.5555555555555p-55
)

// log((1+s)/(1-s))/s - 2 - (2/3)s², by s⁴, as a polynomial in s².
const (
	powC0 = 0x1.9999999999999p-2
	powC1 = 0x1.2492492492893p-2
	powC2 = 0x1.c71c71c660dd3p-3
	powC3 = 0x1.745d17ca8fff7p-3
	powC4 = 0x1.3b137d56c227cp-3
	powC5 = 0x1.111cdbbd6484bp-3
	powC6 = 0x1.dec9e68055e64p-4
	powC7 = 0x1.e65ae3833b6e8p-4
)

// logPair is log(x) as a sum, to about 2^-65 of it, for x positive and finite.
// With f = m-1 and s = f/(2+f): log m = s·(2 + s²·(2/3 + s²·p(s²))).
func logPair(x float64) (high, low float64) {
	subnormal := x < minNormal
	m, k := logSplit(choose(subnormal, float64(x*0x1p54), x))
	k -= choose(subnormal, 54, 0)
	f := m - 1
	divisor, divisorLow := fastTwoSum(2, f)
	s := f / divisor
	product, productLow := twoProduct(s, divisor)
	sLow := (((f - product) - productLow) - float64(s*divisorLow)) / divisor
	z, zLow := twoProduct(s, s)
	zLow += float64(float64(2*s) * sLow)
	z2 := float64(z * z)
	z4 := float64(z2 * z2)
	a := (powC0 + float64(z*powC1)) + float64(z2*(powC2+float64(z*powC3)))
	b := (powC4 + float64(z*powC5)) + float64(z2*(powC6+float64(z*powC7)))
	u, uLow := fastTwoSum(twoThirds, float64(z*(a+float64(z4*b))))
	uLow += twoThirdsLow
	v, vLow := twoProduct(z, u)
	vLow += float64(z*uLow) + float64(zLow*u)
	w, wLow := fastTwoSum(2, v)
	wLow += vLow
	t, tLow := twoProduct(s, w)
	tLow += float64(s*wLow) + float64(sLow*w)
	sum, sumLow := fastTwoSum(float64(k*ln2High), t)
	return fastTwoSum(sum, sumLow+(float64(k*ln2Low)+tLow))
}

// powPositive is x^y for x positive and finite, x != 1, and y finite.
func powPositive(x, y float64) float64 {
	logarithm, logarithmLow := logPair(x)
	exponent, exponentLow := twoProduct(y, logarithm)
	exponentLow += float64(y * logarithmLow)
	outside := magnitude(exponent) > 1000
	return expSum(clamp(exponent, -1000, 1000), choose(outside, 0, exponentLow))
}

// Pow is x^y: multiplied out for integers |y| <= IntegerPowerLimit, otherwise
// with the special values of C99.
func Pow(x, y float64) float64 {
	if k, ok := smallInteger(y); ok {
		return PowInteger(x, k)
	}
	if powUnusual(x, y) {
		return powSpecial(x, y)
	}
	return powPositive(x, y)
}

// powUnusual says that powPositive must not be asked, or that x^y is
// multiplied out.
func powUnusual(x, y float64) bool {
	ordinary := x > 0 && x != 1 && x < infinity() && magnitude(y) < infinity()
	return !ordinary || magnitude(y) <= IntegerPowerLimit && y == math.RoundToEven(y)
}

// smallInteger returns y if it is an integer of at most IntegerPowerLimit.
func smallInteger(y float64) (int, bool) {
	if !(magnitude(y) <= IntegerPowerLimit) {
		return 0, false
	}
	k := int(y)
	return k, float64(k) == y
}

// PowInteger is x^k by binary powering from the left, then 1/… if k < 0.
func PowInteger(x float64, k int) float64 {
	count := uint(max(k, -k))
	if count == 0 {
		return 1
	}
	power := x
	for bit := bits.Len(count) - 2; bit >= 0; bit-- {
		power = float64(power * power)
		if count>>uint(bit)&1 == 1 {
			power = float64(power * x)
		}
	}
	if k < 0 {
		power = 1 / power
	}
	return canonical(power)
}

// powSpecial is x^y where y is no small integer and x is not positive and
// finite, or is 1, or y is not finite.
func powSpecial(x, y float64) float64 {
	switch {
	case x == 1:
		return 1
	case x != x || y != y:
		return NaN()
	case magnitude(y) == infinity():
		switch a := magnitude(x); {
		case a == 1:
			return 1
		case (a > 1) == (y > 0):
			return infinity()
		}
		return 0
	}
	integer := math.Trunc(y) == y
	odd := integer && magnitude(y) < 0x1p53 && int64(y)&1 == 1
	a := magnitude(x)
	var power float64
	switch {
	case a == 0 && y < 0 || a == infinity() && y > 0:
		power = infinity()
	case a == 0 || a == infinity():
		power = 0
	case !integer:
		return NaN()
	case a == 1:
		power = 1
	default:
		power = powPositive(a, y)
	}
	if odd {
		return withSign(power, x)
	}
	return power
}
