package kernel

import (
	"errors"

	"github.com/calx-lang/calx/runtime/elementary"
)

// ErrDivisionByZero is returned by integer division and remainder by zero.
var ErrDivisionByZero = errors.New("integer division by zero")

// FloorDivInt writes x/y rounded towards minus infinity. It stops at the first zero divisor, whose position it returns.
func FloorDivInt(dst, x, y []int64) (int, error) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		d := y[i&my]
		if d == 0 {
			return i, ErrDivisionByZero
		}
		dst[i] = elementary.FloordivInt(x[i&mx], d)
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
		dst[i] = elementary.ModInt(x[i&mx], d)
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

// ShiftLeft writes x shifted left by y bits (see elementary.ShiftLeft).
func ShiftLeft(dst, x, y []int64) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = elementary.ShiftLeft(x[i&mx], y[i&my])
	}
}

// ShiftRight writes x shifted right by y bits (see elementary.ShiftRight).
func ShiftRight(dst, x, y []int64) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = elementary.ShiftRight(x[i&mx], y[i&my])
	}
}
