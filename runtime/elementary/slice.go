package elementary

// The kernels below set dst[i] to the function of src[i]; dst and src have one
// length and are the same slice or do not overlap.

// each is the plain kernel of a function.
func each(dst, src []float64, function func(float64) float64) {
	dst = dst[:len(src)]
	for i, x := range src {
		dst[i] = function(x)
	}
}

// eachPair is the plain kernel of a function of two numbers.
func eachPair(dst, a, b []float64, function func(x, y float64) float64) {
	dst, b = dst[:len(a)], b[:len(a)]
	for i, x := range a {
		dst[i] = function(x, b[i])
	}
}

func ExpSlice(dst, src []float64)   { each(dst, src, Exp) }
func Expm1Slice(dst, src []float64) { each(dst, src, Expm1) }
func LogSlice(dst, src []float64)   { each(dst, src, Log) }
func Log1pSlice(dst, src []float64) { each(dst, src, Log1p) }
func SinSlice(dst, src []float64)   { each(dst, src, Sin) }
func CosSlice(dst, src []float64)   { each(dst, src, Cos) }
func TanSlice(dst, src []float64)   { each(dst, src, Tan) }
func AsinSlice(dst, src []float64)  { each(dst, src, Asin) }
func AcosSlice(dst, src []float64)  { each(dst, src, Acos) }
func AtanSlice(dst, src []float64)  { each(dst, src, Atan) }
func TanhSlice(dst, src []float64)  { each(dst, src, Tanh) }
func SqrtSlice(dst, src []float64)  { each(dst, src, Sqrt) }
func FloorSlice(dst, src []float64) { each(dst, src, Floor) }
func CeilSlice(dst, src []float64)  { each(dst, src, Ceil) }
func TruncSlice(dst, src []float64) { each(dst, src, Trunc) }
func RoundSlice(dst, src []float64) { each(dst, src, Round) }

func Atan2Slice(dst, y, x []float64)    { eachPair(dst, y, x, Atan2) }
func PowSlice(dst, x, y []float64)      { eachPair(dst, x, y, Pow) }
func ModSlice(dst, x, y []float64)      { eachPair(dst, x, y, Mod) }
func FloordivSlice(dst, x, y []float64) { eachPair(dst, x, y, Floordiv) }

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
