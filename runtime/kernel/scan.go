package kernel

import "github.com/calx-lang/calx/runtime/elementary"

// Scans run along the last axis of [outer, n], from the first element on, or from the last if reverse. The first result
// of a scan is the first element itself. dst may be src.

// scanPiece is the number of elements between polls.
const scanPiece = 1 << 14

// scanRows calls step for pieces of every row: first says that a piece begins its row; elements at, at+stride, … count
// of them are to be done.
func scanRows(outer, n int, reverse bool, poll func() error, step func(at, stride, count int, first bool)) error {
	if n == 0 {
		return nil // however many rows
	}
	p := newPoller(poll)
	for o := range outer {
		at, stride := o*n, 1
		if reverse {
			at, stride = o*n+n-1, -1
		}
		for lo := 0; lo < n; lo += scanPiece {
			count := min(scanPiece, n-lo)
			step(at+lo*stride, stride, count, lo == 0)
			if err := p.spend(3*count + 8); err != nil {
				return err
			}
		}
	}
	return nil
}

// CumSum writes running sums, added one after the other.
func CumSum[T Number](dst, src []T, outer, n int, reverse bool, poll func() error) error {
	var sum T
	return scanRows(outer, n, reverse, poll, func(at, stride, count int, first bool) {
		s := sum
		if first {
			s = src[at]
			dst[at] = s
			at += stride
			count--
		}
		for range count {
			s += src[at]
			dst[at] = s
			at += stride
		}
		sum = s
	})
}

// CumProd writes running products, multiplied one after the other.
func CumProd[T Number](dst, src []T, outer, n int, reverse bool, poll func() error) error {
	switch src := any(src).(type) {
	case []float64:
		return scan(any(dst).([]float64), src, outer, n, reverse, poll, func(p, v float64) float64 { return p * v })
	case []float32:
		return scan(any(dst).([]float32), src, outer, n, reverse, poll, func(p, v float32) float32 { return p * v })
	case []int64:
		return scan(any(dst).([]int64), src, outer, n, reverse, poll, func(p, v int64) int64 { return p * v })
	case []complex128:
		return scan(any(dst).([]complex128), src, outer, n, reverse, poll, elementary.MulComplex)
	}
	return nil
}

// CumMin writes running IEEE minima.
func CumMin[T Real](dst, src []T, outer, n int, reverse bool, poll func() error) error {
	return scan(dst, src, outer, n, reverse, poll, elementary.Min[T])
}

// CumMax writes running IEEE maxima.
func CumMax[T Real](dst, src []T, outer, n int, reverse bool, poll func() error) error {
	return scan(dst, src, outer, n, reverse, poll, elementary.Max[T])
}

func scan[T Number](dst, src []T, outer, n int, reverse bool, poll func() error, combine func(x, v T) T) error {
	var last T
	return scanRows(outer, n, reverse, poll, func(at, stride, count int, first bool) {
		x := last
		if first {
			x = src[at]
			dst[at] = x
			at += stride
			count--
		}
		for range count {
			x = combine(x, src[at])
			dst[at] = x
			at += stride
		}
		last = x
	})
}

// Recur writes the linear recurrence y_i = a_i*y_{i-1} + b_i, the product rounded, with y_0 = b_0. dst may be a or b.
func Recur[T Number](dst, a, b []T, outer, n int, reverse bool, poll func() error) error {
	switch a := any(a).(type) {
	case []float64:
		return recur(any(dst).([]float64), a, any(b).([]float64), outer, n, reverse, poll)
	case []float32:
		return recur(any(dst).([]float32), a, any(b).([]float32), outer, n, reverse, poll)
	case []int64:
		return recur(any(dst).([]int64), a, any(b).([]int64), outer, n, reverse, poll)
	case []complex128:
		return recurComplex(any(dst).([]complex128), a, any(b).([]complex128), outer, n, reverse, poll)
	}
	return nil
}

func recur[T Real](dst, a, b []T, outer, n int, reverse bool, poll func() error) error {
	var last T
	return scanRows(outer, n, reverse, poll, func(at, stride, count int, first bool) {
		y := last
		if first {
			y = b[at]
			dst[at] = y
			at += stride
			count--
		}
		for range count {
			y = T(a[at]*y) + b[at]
			dst[at] = y
			at += stride
		}
		last = y
	})
}

func recurComplex(dst, a, b []complex128, outer, n int, reverse bool, poll func() error) error {
	var last complex128
	return scanRows(outer, n, reverse, poll, func(at, stride, count int, first bool) {
		y := last
		if first {
			y = b[at]
			dst[at] = y
			at += stride
			count--
		}
		for range count {
			y = elementary.MulComplex(a[at], y) + b[at]
			dst[at] = y
			at += stride
		}
		last = y
	})
}
