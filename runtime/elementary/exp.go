package elementary

const (
	log2e   = 0x1.71547652b82fep+0
	ln2High = 0x1.62e42fee00000p-1 // 32 bits: its products with exponents are exact
	ln2Low  = 0x1.a39ef35793c76p-33
)

// (exp(r) - 1 - r - r²/2) / r³ for |r| <= ln(2)/2.
const (
	expC0 = 0x1.5555555555557p-3
	expC1 = 0x1.5555555555556p-5
	expC2 = 0x1.111111111009cp-7
	expC3 = 0x1.6c16c16c162b0p-10
	expC4 = 0x1.a01a01ac0a9eep-13
	expC5 = 0x1.a01a01a6ec522p-16
	expC6 = 0x1.71de01c3fc936p-19
	expC7 = 0x1.27e4db25ce3adp-22
	expC8 = 0x1.af4ecd2129492p-26
	expC9 = 0x1.1f7385560be05p-29
)

// expTail is exp(r) - 1 - r for |r| <= ln(2)/2.
func expTail(r float64) float64 {
	z := float64(r * r)
	a := expC0 + float64(r*expC1)
	b := expC2 + float64(r*expC3)
	c := expC4 + float64(r*expC5)
	d := expC6 + float64(r*expC7)
	e := expC8 + float64(r*expC9)
	zz := float64(z * z)
	q := (a + float64(z*b)) + float64(zz*((c+float64(z*d))+float64(zz*e)))
	return float64(z * (0.5 + float64(r*q)))
}

// expReduce splits x + xLow as k·ln 2 + high - low with |high - low| <= ln(2)/2;
// n is k + shifter.
func expReduce(x, xLow float64) (n, k, high, low float64) {
	n = float64(x*log2e) + shifter
	k = n - shifter
	high = x - float64(k*ln2High)
	low = float64(k*ln2Low) - xLow
	return n, k, high, low
}

// expSum is exp(x + xLow) for -1500 < x < 1500 and |xLow| far below |x|.
func expSum(x, xLow float64) float64 {
	_, k, high, low := expReduce(x, xLow)
	sum, rest := fastTwoSum(1, high)
	return scale(sum+(rest+(expTail(high-low)-low)), k)
}

// Exp is e^x.
func Exp(x float64) float64 {
	return canonical(expSum(clamp(x, -746, 710), 0))
}

// expm1Reduce returns high + low = (exp(x)-1)·2^-k and 2^-k, for -46 <= x;
// k is limited to 62 for the 1 that is subtracted.
func expm1Reduce(x float64) (high, low, k, inverse float64) {
	n, k, rHigh, rLow := expReduce(x, 0)
	inverse = powerOfTwo(shifter - (choose(k > 62, 62+shifter, n) - shifter))
	sum, rest := fastTwoSum(1-inverse, rHigh)
	high, low = fastTwoSum(sum, rest+(expTail(rHigh-rLow)-rLow))
	return high, low, k, inverse
}

// Expm1 is e^x - 1.
func Expm1(x float64) float64 {
	m, _, k, _ := expm1Reduce(clamp(x, -40, 710))
	return canonical(choose(x == 0, x, scale(m, k)))
}

// Tanh is the hyperbolic tangent, as (e^2|x| - 1) / (e^2|x| + 1).
func Tanh(x float64) float64 {
	a := magnitude(x)
	high, low, _, inverse := expm1Reduce(float64(2 * choose(a > 22, 22, a)))
	divisor, divisorLow := twoSum(high, float64(2*inverse))
	reciprocal := 1 / divisor
	quotient := float64(high * reciprocal)
	product, productLow := twoProduct(quotient, divisor)
	rest := ((high - product) - productLow) + (low - float64(quotient*(divisorLow+low)))
	return canonical(withSign(quotient+float64(rest*reciprocal), x))
}
