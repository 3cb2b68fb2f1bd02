package kernel

import (
	"errors"
	"math"
)

// ErrDivisionByZero is returned by integer division and remainder by zero.
var ErrDivisionByZero = errors.New("integer division by zero")

// FloorDivOf is the quotient x/y rounded towards minus infinity; y is not 0. The least integer by -1 is itself.
func FloorDivOf(x, y int64) int64 {
	q := x / y
	if x%y != 0 && (x < 0) != (y < 0) {
		q--
	}
	return q
}

// ModOf is x - y*floor(x/y), which has the sign of y; y is not 0. The least integer by -1 is 0.
func ModOf(x, y int64) int64 {
	r := x % y
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	return r
}

// FloorDivInt writes x/y rounded towards minus infinity. It stops at the first zero divisor, whose position it returns.
func FloorDivInt(dst, x, y []int64) (int, error) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		d := y[i&my]
		if d == 0 {
			return i, ErrDivisionByZero
		}
		dst[i] = FloorDivOf(x[i&mx], d)
	}
	return 0, nil
}

// ModInt writes the remainder of FloorDivInt. It stops at the first zero divisor, whose position it returns.
func ModInt(dst, x, y []int64) (int, error) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		d := y[i&my]
		if d == 0 {
			return i, ErrDivisionByZero
		}
		dst[i] = ModOf(x[i&mx], d)
	}
	return 0, nil
}

// AndInt writes the bits set in both x and y.
func AndInt(dst, x, y []int64) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] & y[i&my]
	}
}

// OrInt writes the bits set in x or y.
func OrInt(dst, x, y []int64) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] | y[i&my]
	}
}

// XorInt writes the bits set in exactly one of x and y.
func XorInt(dst, x, y []int64) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] ^ y[i&my]
	}
}

// NotInt writes x with every bit turned.
func NotInt(dst, x []int64) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = ^x[i&m]
	}
}

// ShiftLeftOf is x shifted left by y bits: 0 for counts outside 0…63.
func ShiftLeftOf(x, y int64) int64 {
	if y < 0 {
		return 0
	}
	return x << uint64(y)
}

// ShiftRightOf is x shifted right by y bits, the sign following: 0 or -1 by the sign of x for counts outside 0…63.
func ShiftRightOf(x, y int64) int64 {
	if y < 0 {
		return x >> 63
	}
	return x >> uint64(y)
}

// ShiftLeft writes x shifted left by y bits (see ShiftLeftOf).
func ShiftLeft(dst, x, y []int64) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = ShiftLeftOf(x[i&mx], y[i&my])
	}
}

// ShiftRight writes x shifted right by y bits (see ShiftRightOf).
func ShiftRight(dst, x, y []int64) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = ShiftRightOf(x[i&mx], y[i&my])
	}
}

// Truncated is x without its fraction as an integer; ok is false for NaN and values outside [-2^63, 2^63).
func Truncated[T Float](x T) (v int64, ok bool) {
	f := float64(x)
	if !(f >= math.MinInt64 && f < -math.MinInt64) {
		return 0, false
	}
	return int64(f), true
}
