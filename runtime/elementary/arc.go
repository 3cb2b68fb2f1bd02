package elementary

import "math"

const (
	pi           = 0x1.921fb54442d18p+1
	piLow        = 0x1.1a62633145c07p-53
	halfPi       = pi / 2
	halfPiLow    = piLow / 2
	quarterPi    = pi / 4
	quarterPiLow = piLow / 4
)

// (atan t - t) / t³ as a polynomial in t², for |t| <= 0.66.
const (
	atanC0  = -0x1.5555555555555p-2
	atanC1  = 0x1.999999999992fp-3
	atanC2  = -0x1.249249248f865p-3
	atanC3  = 0x1.c71c71c5f0df2p-4
	atanC4  = -0x1.745d171fa8e56p-4
	atanC5  = 0x1.3b13ae0711015p-4
	atanC6  = -0x1.1110e0fe34e95p-4
	atanC7  = 0x1.e1ddca578bffbp-5
	atanC8  = -0x1.af0730b3adab5p-5
	atanC9  = 0x1.854b97fa3d2f6p-5
	atanC10 = -0x1.6063a9fec3da7p-5
	atanC11 = 0x1.39d720932141ep-5
	atanC12 = -0x1.0828e94a69fdbp-5
	atanC13 = 0x1.880cee20d5e2cp-6
	atanC14 = -0x1.cf0f20517fb32p-7
	atanC15 = 0x1.752da880efecbp-8
	atanC16 = -0x1.2b4edee3f2c0ap-10
)

// (asin s - s) / s³ as a polynomial in s², for |s| <= 1/2.
const (
	asinC0  = 0x1.5555555555574p-3
	asinC1  = 0x1.333333332e719p-4
	asinC2  = 0x1.6db6db71cbee9p-5
	asinC3  = 0x1.f1c71aaf3953ep-6
	asinC4  = 0x1.6e8bdc02d340ep-6
	asinC5  = 0x1.1c4a23358fcc9p-6
	asinC6  = 0x1.ca1adb2fe31b5p-7
	asinC7  = 0x1.75ab62da9d202p-7
	asinC8  = 0x1.606bc0ec2b6f8p-7
	asinC9  = 0x1.f2152339aefb7p-9
	asinC10 = 0x1.5ffc02b67b055p-6
	asinC11 = -0x1.52f1426c38253p-6
	asinC12 = 0x1.09b956221c063p-5
)

// atanReduce gives t with atan(y/x) = base + atan(t) for x, y >= 0, where base
// is 0 if small, else π/4 if middle, else π/2.
func atanReduce(y, x float64) (t float64, small, middle bool) {
	small = y < float64(0.66*x)
	middle = y < float64(2.414*x)
	above := choose(small, y, choose(middle, y-x, -x))
	below := choose(small, x, choose(middle, y+x, y))
	return above / below, small, middle
}

// atanSum is base + baseLow + atan(t) for |t| <= 0.66.
func atanSum(base, baseLow, t float64) float64 {
	z := float64(t * t)
	z2 := float64(z * z)
	z4 := float64(z2 * z2)
	a := (atanC0 + float64(z*atanC1)) + float64(z2*(atanC2+float64(z*atanC3)))
	b := (atanC4 + float64(z*atanC5)) + float64(z2*(atanC6+float64(z*atanC7)))
	c := (atanC8 + float64(z*atanC9)) + float64(z2*(atanC10+float64(z*atanC11)))
	d := (atanC12 + float64(z*atanC13)) + float64(z2*(atanC14+float64(z*atanC15)))
	p := a + float64(z4*(b+float64(z4*(c+float64(z4*(d+float64(z4*atanC16)))))))
	return base + (t + (float64(float64(t*z)*p) + baseLow))
}

// Atan is the arc tangent.
func Atan(x float64) float64 {
	t, small, middle := atanReduce(magnitude(x), 1)
	base := choose(small, 0, choose(middle, quarterPi, halfPi))
	baseLow := choose(small, 0, choose(middle, quarterPiLow, halfPiLow))
	return canonical(withSign(atanSum(base, baseLow, t), x))
}

// Atan2 is the angle of the point (x, y), with the special values of C99. It
// is found above the x axis and, where x is negative, from the left.
func Atan2(y, x float64) float64 {
	const (
		threeQuarterPi    = 0x1.2d97c7f3321d2p+1
		threeQuarterPiLow = 0x1.a79394c9e8a0ap-54
	)
	above, below := magnitude(y), magnitude(x)
	largest := choose(above > below, above, below)
	same := above == below
	factor := choose(largest > 0x1p1000, 0x1p-4, choose(largest < 0x1p-900, 0x1p100, 1))
	t, small, middle := atanReduce(choose(same, 1, float64(above*factor)), choose(same, 1, float64(below*factor)))

	onAxis := above == 0
	small = small || onAxis
	left := math.Float64bits(x)>>63 == 1
	base := choose(small, choose(left, pi, 0), choose(middle, choose(left, threeQuarterPi, quarterPi), halfPi))
	baseLow := choose(small, choose(left, piLow, 0), choose(middle, choose(left, threeQuarterPiLow, quarterPiLow), halfPiLow))
	turn := math.Float64frombits(math.Float64bits(choose(onAxis, 0, t)) ^ math.Float64bits(x)&signBit)
	angle := withSign(magnitude(atanSum(base, baseLow, turn)), y)
	return choose(x != x || y != y, NaN(), canonical(angle))
}

// asinTail is (asin s - s) / s for z = s² <= 1/4.
func asinTail(z float64) float64 {
	z2 := float64(z * z)
	z4 := float64(z2 * z2)
	a := (asinC0 + float64(z*asinC1)) + float64(z2*(asinC2+float64(z*asinC3)))
	b := (asinC4 + float64(z*asinC5)) + float64(z2*(asinC6+float64(z*asinC7)))
	c := (asinC8 + float64(z*asinC9)) + float64(z2*(asinC10+float64(z*asinC11)))
	return float64(z * (a + float64(z4*(b+float64(z4*(c+float64(z4*asinC12)))))))
}

// Asin is the arc sine; above 1/2 it is π/2 - 2·asin(√((1-|x|)/2)).
func Asin(x float64) float64 {
	a := magnitude(x)
	large := a > 0.5
	z := choose(large, float64((1-a)*0.5), float64(a*a))
	s := choose(large, float64(2*math.Sqrt(z)), a)
	tail := float64(s * asinTail(z))
	high, low := fastTwoSum(halfPi, -s)
	y := choose(large, high+(low+(halfPiLow-tail)), s+tail)
	return canonical(withSign(y, x))
}

// Acos is the arc cosine: π/2 - asin(x) for |x| <= 1/2, else 2·asin(√((1-|x|)/2))
// or π less that.
func Acos(x float64) float64 {
	a := magnitude(x)
	large := a > 0.5
	near := x > 0.5
	z := choose(large, float64((1-a)*0.5), float64(a*a))
	root := math.Sqrt(z)
	square, squareLow := twoProduct(root, root)
	lost := choose(root == 0, 0, ((z-square)-squareLow)/root)
	s := choose(near, float64(-2*root), choose(large, float64(2*root), x))
	sLow := choose(near, -lost, choose(large, lost, 0))
	base := choose(near, 0, choose(large, pi, halfPi))
	baseLow := choose(near, 0, choose(large, piLow, halfPiLow))
	high, low := fastTwoSum(base, -s)
	return canonical(high + (low + ((baseLow - sLow) - float64(s*asinTail(z)))))
}
