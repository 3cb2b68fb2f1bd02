package elementary

import "math"

// (log((1+s)/(1-s)) - 2s) / s³ as a polynomial in s², for (1+s)/(1-s) between √½ and √2.
const (
	logC0 = 0x1.5555555555593p-1
	logC1 = 0x1.999999997fbe6p-2
	logC2 = 0x1.2492494211c5ep-2
	logC3 = 0x1.c71c51e98d3ccp-3
	logC4 = 0x1.746646767bbbep-3
	logC5 = 0x1.39a0de9291ea4p-3
	logC6 = 0x1.2f0effea29650p-3
)

// logSplit writes a positive normal v as m·2^k with √½ <= m < √2.
func logSplit(v float64) (m, k float64) {
	const rootHalf = 0x3FE6A09E667F3BCD
	shifted := math.Float64bits(v) + (oneBits - rootHalf)
	m = math.Float64frombits(shifted&(1<<52-1) + rootHalf)
	k = math.Float64frombits(shifted>>52|0x433<<52) - (0x1p52 + 1023)
	return m, k
}

// logSum is log(1+f) + k·ln 2 + rest, for 1+f between √½ and √2.
func logSum(f, k, rest float64) float64 {
	s := f / (2 + f)
	z := float64(s * s)
	zz := float64(z * z)
	a := logC0 + float64(z*logC1)
	b := logC2 + float64(z*logC3)
	c := logC4 + float64(z*logC5)
	tail := float64(z * ((a + float64(zz*b)) + float64(float64(zz*zz)*(c+float64(zz*logC6)))))
	half := float64(float64(0.5*f) * f)
	low := float64(s*(half+tail)) + (float64(k*ln2Low) + rest)
	return float64(k*ln2High) - ((half - low) - f)
}

// Log is the natural logarithm.
func Log(x float64) float64 {
	subnormal := x < minNormal
	m, k := logSplit(choose(subnormal, float64(x*0x1p54), x))
	y := logSum(m-1, k-choose(subnormal, 54, 0), 0)
	return logLimits(y, x, x)
}

// logLimits is y = log(v) unless v is 0, infinite, negative or NaN; x is what
// is returned for infinity.
func logLimits(y, v, x float64) float64 {
	positive := choose(v < infinity(), y, x)
	zero := choose(v == 0, -infinity(), NaN())
	return choose(v > 0, positive, zero)
}

// Log1p is log(1+x).
func Log1p(x float64) float64 {
	u := 1 + x
	m, k := logSplit(u)
	near := k == 0
	lost := choose(x < 1, x-(u-1), 1-(u-x)) / u
	y := logSum(choose(near, x, m-1), k, choose(near, 0, lost))
	return choose(x == 0, x, logLimits(y, u, x))
}
