package kernel

import (
	"errors"
	"math"

	"github.com/calx-lang/calx/runtime/elementary"
)

// ErrOutOfRange is returned where a floating-point value has no integer counterpart.
var ErrOutOfRange = errors.New("value outside the range of i64")

// Convert writes x as another real type, rounded to nearest. For floats to integers see Truncate.
func Convert[D, S Real](dst []D, x []S) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = D(x[i&m])
	}
}

// Truncate writes x without its fraction as integers. It stops at the first value without a counterpart (NaN, or outside
// [-2^63, 2^63)), whose position it returns.
func Truncate[T Float](dst []int64, x []T) (int, error) {
	m := mask(len(dst), len(x))
	for i := range dst {
		v, ok := elementary.ToInt(float64(x[i&m]))
		if !ok {
			return i, ErrOutOfRange
		}
		dst[i] = v
	}
	return 0, nil
}

// FromBool writes 1 for true, 0 for false.
func FromBool[T Number](dst []T, x []bool) {
	m := mask(len(dst), len(x))
	var zero T
	for i := range dst {
		dst[i] = zero
		if x[i&m] {
			dst[i] = zero + 1
		}
	}
}

// ToBool writes whether x is not zero; NaN is not zero.
func ToBool[T Number](dst []bool, x []T) {
	m := mask(len(dst), len(x))
	var zero T
	for i := range dst {
		dst[i] = x[i&m] != zero
	}
}

// ToComplex writes x + 0i.
func ToComplex[T Real](dst []complex128, x []T) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = complex(float64(x[i&m]), 0)
	}
}

// Sqrt writes the square root of x, NaN for negative x, -0 for -0.
func Sqrt[T Float](dst, x []T) {
	if d, ok := any(dst).([]float64); ok {
		sqrtF64(d, any(x).([]float64))
		return
	}
	sqrtLoop(dst, x)
}

func sqrtLoop[T Float](dst, x []T) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = T(math.Sqrt(float64(x[i&m])))
	}
}
