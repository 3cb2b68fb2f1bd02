package elementary

import "math/bits"

// The kernels below set dst[i] to the function of src[i]; dst and src have one
// length and are the same slice or do not overlap.

// vectorKernel sets dst[i] for blocks of 4 elements below n, in order, until a
// block has a lane that only the scalar function can take; it returns how many
// it has set.
type vectorKernel func(dst, first *float64, n int) int

type vectorPairKernel func(dst, first, second *float64, n int) int

// each applies a function, by its vector kernel where there is one.
func each(dst, src []float64, vector vectorKernel, scalar func(float64) float64) {
	dst = dst[:len(src)]
	for i := 0; i < len(src); {
		if haveVectors && len(src)-i >= 4 {
			i += vector(&dst[i], &src[i], len(src)-i)
		}
		for end := min(i+4, len(src)); i < end; i++ {
			dst[i] = scalar(src[i])
		}
	}
}

// eachPair is each for functions of two numbers.
func eachPair(dst, a, b []float64, vector vectorPairKernel, scalar func(x, y float64) float64) {
	dst, b = dst[:len(a)], b[:len(a)]
	for i := 0; i < len(a); {
		if haveVectors && vector != nil && len(a)-i >= 4 {
			i += vector(&dst[i], &a[i], &b[i], len(a)-i)
		}
		for end := min(i+4, len(a)); i < end; i++ {
			dst[i] = scalar(a[i], b[i])
		}
	}
}

func ExpSlice(dst, src []float64)   { each(dst, src, expVector, Exp) }
func Expm1Slice(dst, src []float64) { each(dst, src, expm1Vector, Expm1) }
func LogSlice(dst, src []float64)   { each(dst, src, logVector, Log) }
func Log1pSlice(dst, src []float64) { each(dst, src, log1pVector, Log1p) }
func SinSlice(dst, src []float64)   { each(dst, src, sinVector, Sin) }
func CosSlice(dst, src []float64)   { each(dst, src, cosVector, Cos) }
func TanSlice(dst, src []float64)   { each(dst, src, tanVector, Tan) }
func AsinSlice(dst, src []float64)  { each(dst, src, asinVector, Asin) }
func AcosSlice(dst, src []float64)  { each(dst, src, acosVector, Acos) }
func AtanSlice(dst, src []float64)  { each(dst, src, atanVector, Atan) }
func TanhSlice(dst, src []float64)  { each(dst, src, tanhVector, Tanh) }
func SqrtSlice(dst, src []float64)  { each(dst, src, sqrtVector, Sqrt) }
func FloorSlice(dst, src []float64) { each(dst, src, floorVector, Floor) }
func CeilSlice(dst, src []float64)  { each(dst, src, ceilVector, Ceil) }
func TruncSlice(dst, src []float64) { each(dst, src, truncVector, Trunc) }
func RoundSlice(dst, src []float64) { each(dst, src, roundVector, Round) }

func Atan2Slice(dst, y, x []float64)    { eachPair(dst, y, x, atan2Vector, Atan2) }
func PowSlice(dst, x, y []float64)      { eachPair(dst, x, y, powVector, Pow) }
func ModSlice(dst, x, y []float64)      { eachPair(dst, x, y, nil, Mod) }
func FloordivSlice(dst, x, y []float64) { eachPair(dst, x, y, nil, Floordiv) }

// PowConstantSlice raises every element to one power.
func PowConstantSlice(dst, src []float64, y float64) {
	const block = 512
	dst = dst[:len(src)]
	k, integer := smallInteger(y)
	var exponents []float64
	if !integer {
		exponents = make([]float64, min(block, len(src)))
		for i := range exponents {
			exponents[i] = y
		}
	}
	for start := 0; start < len(src); start += block {
		end := min(start+block, len(src))
		if integer {
			powIntegerBlock(dst[start:end], src[start:end], k)
		} else {
			PowSlice(dst[start:end], src[start:end], exponents[:end-start])
		}
	}
}

// powIntegerBlock is PowInteger for up to 512 elements, a step at a time.
func powIntegerBlock(dst, src []float64, k int) {
	var buffer [512]float64
	base := buffer[:copy(buffer[:], src)]
	dst = dst[:len(base)]
	count := uint(max(k, -k))
	if count == 0 {
		for i := range dst {
			dst[i] = 1
		}
		return
	}
	copy(dst, base)
	for bit := bits.Len(count) - 2; bit >= 0; bit-- {
		if count>>uint(bit)&1 == 1 {
			for i, x := range base {
				dst[i] = float64(float64(dst[i]*dst[i]) * x)
			}
			continue
		}
		for i, power := range dst {
			dst[i] = float64(power * power)
		}
	}
	for i, power := range dst {
		if k < 0 {
			power = 1 / power
		}
		dst[i] = canonical(power)
	}
}
