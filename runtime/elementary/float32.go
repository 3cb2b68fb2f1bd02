package elementary

// Functions of float32 are those of float64, rounded.

// Float32 is function(x), rounded to float32.
func Float32(x float32, function func(float64) float64) float32 {
	return float32(function(float64(x)))
}

// Float32Slice sets dst[i] to the rounded result of a float64 kernel for src[i];
// dst and src have one length and are the same slice or do not overlap.
func Float32Slice(dst, src []float32, kernel func(dst, src []float64)) {
	dst = dst[:len(src)]
	buffer := make([]float64, min(len(src), float32Block))
	for start := 0; start < len(src); start += float32Block {
		part := src[start:min(start+float32Block, len(src))]
		for i, x := range part {
			buffer[i] = float64(x)
		}
		kernel(buffer[:len(part)], buffer[:len(part)])
		for i, y := range buffer[:len(part)] {
			dst[start+i] = float32(y)
		}
	}
}

// Float32PairSlice is Float32Slice for kernels of two arguments.
func Float32PairSlice(dst, a, b []float32, kernel func(dst, a, b []float64)) {
	dst, b = dst[:len(a)], b[:len(a)]
	first := make([]float64, min(len(a), float32Block))
	second := make([]float64, len(first))
	for start := 0; start < len(a); start += float32Block {
		end := min(start+float32Block, len(a))
		for i, x := range a[start:end] {
			first[i], second[i] = float64(x), float64(b[start+i])
		}
		kernel(first[:end-start], first[:end-start], second[:end-start])
		for i, y := range first[:end-start] {
			dst[start+i] = float32(y)
		}
	}
}

// float32Block is the number of elements converted at a time.
const float32Block = 512
