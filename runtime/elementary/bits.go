package elementary

import "math"

const (
	signBit = 1 << 63
	oneBits = 0x3FF << 52
	nanBits = 0x7FF8 << 48
	infBits = 0x7FF0 << 48

	minNormal = 0x1p-1022

	// shifter added to a number below 2^51 leaves that number, rounded to an
	// integer (half to even), in the low bits of the sum.
	shifter = 0x1.8p52
)

// NaN is the NaN that the functions of this package return.
func NaN() float64 { return math.Float64frombits(nanBits) }

func infinity() float64 { return math.Float64frombits(infBits) }

// choose is a select: every backend may compute both values.
func choose(condition bool, yes, no float64) float64 {
	if condition {
		return yes
	}
	return no
}

// clamp brings x between low and high; NaN stays.
func clamp(x, low, high float64) float64 {
	raised := choose(low > x, low, x)
	return choose(high < raised, high, raised)
}

// canonical replaces any NaN by the one of the language.
func canonical(x float64) float64 {
	return choose(x != x, NaN(), x)
}

// magnitude is |x|.
func magnitude(x float64) float64 {
	return math.Float64frombits(math.Float64bits(x) &^ signBit)
}

// withSign gives y >= 0 the sign of x.
func withSign(y, x float64) float64 {
	return math.Float64frombits(math.Float64bits(y) | math.Float64bits(x)&signBit)
}

// fastTwoSum returns a+b rounded and its rounding error, for |a| >= |b| or a = 0.
func fastTwoSum(a, b float64) (sum, low float64) {
	sum = a + b
	return sum, b - (sum - a)
}

// twoSum returns a+b rounded and its rounding error.
func twoSum(a, b float64) (sum, low float64) {
	sum = a + b
	other := sum - a
	return sum, (a - (sum - other)) + (b - other)
}

// twoProduct returns a·b rounded and its rounding error, the latter to 2^-106
// of the product, without FMA.
func twoProduct(a, b float64) (product, low float64) {
	const upper = 0xFFFFFFFF_F8000000
	aHigh := math.Float64frombits(math.Float64bits(a) & upper)
	bHigh := math.Float64frombits(math.Float64bits(b) & upper)
	aLow, bLow := a-aHigh, b-bHigh
	product = float64(a * b)
	low = ((float64(aHigh*bHigh) - product) + float64(aHigh*bLow) + float64(aLow*bHigh)) + float64(aLow*bLow)
	return product, low
}

// powerOfTwo is 2^n for the integer in the low bits of n = shifter + k,
// -1022 <= k <= 1023.
func powerOfTwo(n float64) float64 {
	return math.Float64frombits(math.Float64bits(n)<<52 + oneBits)
}

// scale is m·2^k for 0.5 < m < 2 and integral |k| < 2000, rounded once.
func scale(m, k float64) float64 {
	n := float64(k*0.5) + shifter
	half := n - shifter
	return float64(float64(m*powerOfTwo(n)) * powerOfTwo((k-half)+shifter))
}
