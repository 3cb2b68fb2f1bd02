// Package kernel holds the loops that do the arithmetic of Calx: elementwise operations, reductions, contractions,
// views, indexing, scans, sorting and linear algebra.
//
// In come contiguous row-major slices ([]float64, []float32, []int64, []bool, []complex128) and extents as ints; out
// come results written to a destination slice of the right length, which the caller has made. Kernels know nothing of
// the array IR, of shapes beyond the extents they are given, of limits, or of where memory comes from. Extents are
// trusted (the caller has checked types); index values are data and are checked here.
//
// Results are defined to the bit. Floating-point sums follow one rule that depends on the length alone (see Sum), no
// product is ever fused with an addition, and the assembly for amd64 gives the same bits as the Go loops beside it.
// Payloads and signs of NaN are the only exception: nothing in the language can see them.
//
// Kernels that may run long take poll, which may be nil. It is called about every 100 µs to 1 ms of work; an error from
// it ends the kernel, which returns that error and leaves the destination unspecified. Elementwise kernels do not
// poll: their callers run them in blocks.
package kernel

import (
	"errors"

	"github.com/calx-lang/calx/runtime/elementary"
)

// Float is a real floating-point element.
type Float interface{ float32 | float64 }

// Real is an ordered numeric element.
type Real = elementary.Real

// Number is an element with arithmetic.
type Number interface {
	int64 | float32 | float64 | complex128
}

// Element is any element of an array.
type Element interface {
	bool | int64 | float32 | float64 | complex128
}

// ErrEmptyAxis is returned by reductions that have no value for an axis of length 0 (min, max, argmin, argmax).
var ErrEmptyAxis = errors.New("reduction of an empty axis")

// pollBudget is the work, in units of roughly a nanosecond or less, done between two calls of poll.
const pollBudget = 1 << 18

// poller calls poll after every pollBudget units of work.
type poller struct {
	poll func() error
	left int
}

func newPoller(poll func() error) poller { return poller{poll: poll, left: pollBudget} }

// spend records work and calls poll when the budget is used up.
func (p *poller) spend(work int) error {
	if p.poll == nil {
		return nil
	}
	p.left -= work
	if p.left > 0 {
		return nil
	}
	p.left = pollBudget
	return p.poll()
}

// product multiplies extents.
func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
