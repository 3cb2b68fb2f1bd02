package elementary

import "math"

const twoOverPi = 0x1.45f306dc9c883p-1

// π/2 in parts of 33 bits, whose products with integers below 2^20 are exact, and a rest.
const (
	halfPi0 = 0x1.921fb54400000p+0
	halfPi1 = 0x1.0b4611a600000p-34
	halfPi2 = 0x1.3198a2e000000p-69
	halfPi3 = 0x1.b839a252049c1p-104
)

// (sin x - x) / x³ and (cos x - 1 + x²/2) / x⁴ as polynomials in x², for |x| <= π/4.
const (
	sinC0 = -0x1.5555555555549p-3
	sinC1 = 0x1.111111110f877p-7
	sinC2 = -0x1.a01a019c11285p-13
	sinC3 = 0x1.71de35775aa1ap-19
	sinC4 = -0x1.ae5e65f69cb37p-26
	sinC5 = 0x1.5d92ee4ed54dfp-33
)

const (
	cosC0 = 0x1.5555555555552p-5
	cosC1 = -0x1.6c16c16c15fc7p-10
	cosC2 = 0x1.a01a019e1526ep-16
	cosC3 = -0x1.27e4f90803912p-22
	cosC4 = 0x1.1eea963240b9cp-29
	cosC5 = -0x1.90055bad49129p-37
)

// trigLimit is the largest |x| that trigReduce takes; above it trigReduceHuge.
const trigLimit = 0x1p20

func trigFar(x float64) bool { return magnitude(x) > trigLimit }

// trigReduce splits a = |x| as quadrants·π/2 + high + low, |high| <= π/4; the
// two low bits of quadrants count.
func trigReduce(a float64) (quadrants uint64, high, low float64) {
	n := float64(a*twoOverPi) + shifter
	k := n - shifter
	rest := a - float64(k*halfPi0)
	step := float64(k * halfPi1)
	middle := rest - step
	lowMiddle := (rest - middle) - step
	step = float64(k * halfPi2)
	fine := middle - step
	lowFine := (middle - fine) - step
	high, low = fastTwoSum(fine, (lowMiddle+lowFine)-float64(k*halfPi3))
	return math.Float64bits(n), high, low
}

// sinParts is sin(x + low) as x + the result, for |x| <= π/4.
func sinParts(x, low float64) float64 {
	z := float64(x * x)
	zz := float64(z * z)
	a := sinC0 + float64(z*sinC1)
	b := sinC2 + float64(z*sinC3)
	c := sinC4 + float64(z*sinC5)
	p := (a + float64(zz*b)) + float64(float64(zz*zz)*c)
	return float64(float64(x*z)*p) + (low - float64(float64(0.5*z)*low))
}

// cosParts is cos(x + low) as the sum of its results, for |x| <= π/4.
func cosParts(x, low float64) (high, rest float64) {
	z := float64(x * x)
	zz := float64(z * z)
	a := cosC0 + float64(z*cosC1)
	b := cosC2 + float64(z*cosC3)
	c := cosC4 + float64(z*cosC5)
	p := (a + float64(zz*b)) + float64(float64(zz*zz)*c)
	half := float64(0.5 * z)
	high = 1 - half
	return high, ((1 - high) - half) + (float64(zz*p) - float64(x*low))
}

// sinQuadrant is sin(quadrants·π/2 + x + low), its sign flipped if sign is signBit.
func sinQuadrant(quadrants uint64, x, low float64, sign uint64) float64 {
	sine := x + sinParts(x, low)
	high, rest := cosParts(x, low)
	cosine := high + rest
	odd := 0 - quadrants&1
	bits := math.Float64bits(sine)&^odd | math.Float64bits(cosine)&odd
	return canonical(math.Float64frombits(bits ^ (quadrants&2)<<62 ^ sign))
}

// tanQuadrant is tan(quadrants·π/2 + x + low): sine by cosine, or minus cosine
// by sine, each to about 2^-60.
func tanQuadrant(quadrants uint64, x, low float64, sign uint64) float64 {
	sine, sineLow := fastTwoSum(x, sinParts(x, low))
	cosHigh, cosRest := cosParts(x, low)
	cosine, cosineLow := fastTwoSum(cosHigh, cosRest)
	odd := quadrants&1 == 1
	above, aboveLow := choose(odd, cosine, sine), choose(odd, cosineLow, sineLow)
	below, belowLow := choose(odd, sine, cosine), choose(odd, sineLow, cosineLow)
	quotient := above / below
	product, productLow := twoProduct(quotient, below)
	rest := ((above - product) - productLow) + (aboveLow - float64(quotient*belowLow))
	tangent := quotient + rest/below
	return canonical(math.Float64frombits(math.Float64bits(tangent) ^ quadrants<<63 ^ sign))
}

func sinNear(x float64) float64 {
	quadrants, high, low := trigReduce(magnitude(x))
	return sinQuadrant(quadrants, high, low, math.Float64bits(x)&signBit)
}

func cosNear(x float64) float64 {
	quadrants, high, low := trigReduce(magnitude(x))
	return sinQuadrant(quadrants+1, high, low, 0)
}

func tanNear(x float64) float64 {
	quadrants, high, low := trigReduce(magnitude(x))
	return tanQuadrant(quadrants, high, low, math.Float64bits(x)&signBit)
}

// Sin is the sine.
func Sin(x float64) float64 {
	if trigFar(x) {
		quadrants, high, low := trigReduceHuge(x)
		return sinQuadrant(quadrants, high, low, math.Float64bits(x)&signBit)
	}
	return sinNear(x)
}

// Cos is the cosine.
func Cos(x float64) float64 {
	if trigFar(x) {
		quadrants, high, low := trigReduceHuge(x)
		return sinQuadrant(quadrants+1, high, low, 0)
	}
	return cosNear(x)
}

// Tan is the tangent.
func Tan(x float64) float64 {
	if trigFar(x) {
		quadrants, high, low := trigReduceHuge(x)
		return tanQuadrant(quadrants, high, low, math.Float64bits(x)&signBit)
	}
	return tanNear(x)
}
