package elementary

import (
	"math"
	"math/bits"
)

// twoOverPiBits is 2/π: a word of zeros, then the binary digits after the point.
var twoOverPiBits = [...]uint64{
	0x0000000000000000,
	0xa2f9836e4e441529,
	0xfc2757d1f534ddc0,
	0xdb6295993c439041,
	0xfe5163abdebbc561,
	0xb7246e3a424dd2e0,
	0x06492eea09d1921c,
	0xfe1deb1cb129a73e,
	0xe88235f52ebb4484,
	0xe99c7026b45f7e41,
	0x3991d639835339f4,
	0x9c845f8bbdf9283b,
	0x1ff897ffde05980f,
	0xef2f118b5a0a6d1f,
	0x6d367ecf27cb09b7,
	0x4f463f669e5fea2d,
	0x7527bac7ebe5f17b,
	0x3d0739f78a5292ea,
	0x6bfb5fb11f8d5d08,
	0x56033046fc7b6bab,
	0xf0cfbc209af4361d,
}

// twoOverPiWord is the 64 digits of 2/π that follow the first `after` ones;
// digits before the point are zeros.
func twoOverPiWord(after int) uint64 {
	word, shift := (after+64)/64, uint(after+64)%64
	return twoOverPiBits[word]<<shift | twoOverPiBits[word+1]>>(64-shift)
}

// trigReduceHuge splits |x| >= 1 as quadrants·π/2 + high + low, |high| <= π/4
// (Payne and Hanek): in the product of the 53 bits of x with 2/π, digits that
// give multiples of 4 are left out and 192 digits are kept.
func trigReduceHuge(x float64) (quadrants uint64, high, low float64) {
	pattern := math.Float64bits(x) &^ signBit
	if pattern >= infBits {
		return 0, NaN(), 0
	}
	mantissa := pattern&(1<<52-1) | 1<<52
	first := int(pattern>>52) - 1075 - 2
	h1, l1 := bits.Mul64(mantissa, twoOverPiWord(first+64))
	h2, w2 := bits.Mul64(mantissa, twoOverPiWord(first+128))
	w1, carry := bits.Add64(l1, h2, 0)
	w0 := mantissa*twoOverPiWord(first) + h1 + carry

	// The top two bits are the quadrant, the others a fraction of π/2.
	quadrants = w0 >> 62
	w0, w1, w2 = w0<<2|w1>>62, w1<<2|w2>>62, w2<<2
	var sign uint64
	if w0>>63 == 1 {
		quadrants++
		sign = signBit
		var borrow uint64
		w2, borrow = bits.Sub64(0, w2, 0)
		w1, borrow = bits.Sub64(0, w1, borrow)
		w0, _ = bits.Sub64(0, w0, borrow)
	}
	exponent := -53
	if w0 == 0 {
		w0, w1, w2 = w1, w2, 0
		exponent -= 64
	}
	zeros := bits.LeadingZeros64(w0)
	w0, w1 = w0<<zeros|w1>>(64-zeros), w1<<zeros|w2>>(64-zeros)
	exponent -= zeros
	turn := float64(float64(w0>>11) * powerOfTwo(shifter+float64(exponent)))
	turnLow := float64(float64(w0<<53|w1>>11) * powerOfTwo(shifter+float64(exponent-64)))

	const halfPi, halfPiLow = 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54
	product, productLow := twoProduct(turn, halfPi)
	high, low = fastTwoSum(product, productLow+(float64(turn*halfPiLow)+float64(turnLow*halfPi)))
	return quadrants, math.Float64frombits(math.Float64bits(high) ^ sign), math.Float64frombits(math.Float64bits(low) ^ sign)
}
