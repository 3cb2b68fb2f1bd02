package elementary

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
	dst = dst[:len(src)]
	if k, ok := smallInteger(y); ok {
		for i, x := range src {
			dst[i] = PowInteger(x, k)
		}
		return
	}
	for i, x := range src {
		dst[i] = Pow(x, y)
	}
}
