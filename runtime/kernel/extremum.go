package kernel

import (
	"slices"

	"github.com/calx-lang/calx/runtime/elementary"
)

// extremumBlock is the number of elements that are folded together elementwise in the search for an extremum.
const extremumBlock = 128

// foldBlocks folds x, which is not empty, by min or max, which may be done in any order: block by block elementwise, and
// then the block in halves.
func foldBlocks[T Real](x []T, elementwise func(dst, x, y []T), scalar func(x, y T) T) T {
	best := x[0]
	if len(x) < extremumBlock {
		for _, v := range x {
			best = scalar(best, v)
		}
		return best
	}
	var block [extremumBlock]T
	copy(block[:], x)
	for x = x[extremumBlock:]; len(x) > 0; {
		n := min(extremumBlock, len(x))
		elementwise(block[:n], block[:n], x[:n])
		x = x[n:]
	}
	width := extremumBlock / 2
	for ; width >= 8; width /= 2 {
		elementwise(block[:width], block[:width], block[width:2*width])
	}
	for _, v := range block[:2*width] {
		best = scalar(best, v)
	}
	return best
}

// RunningMin is the IEEE minimum of elements fed block by block: NaN wins, and -0 is below +0.
type RunningMin[T Real] struct {
	best T
	some bool
}

// Add feeds a block.
func (r *RunningMin[T]) Add(block []T) {
	if len(block) == 0 {
		return
	}
	v := foldBlocks(block, Min[T], elementary.Min[T])
	if r.some {
		v = elementary.Min(r.best, v)
	}
	r.best, r.some = v, true
}

// Value is the minimum so far; ok is false if there have been no elements.
func (r *RunningMin[T]) Value() (v T, ok bool) { return r.best, r.some }

// RunningMax is the IEEE maximum of elements fed block by block: NaN wins, and +0 is above -0.
type RunningMax[T Real] struct {
	best T
	some bool
}

// Add feeds a block.
func (r *RunningMax[T]) Add(block []T) {
	if len(block) == 0 {
		return
	}
	v := foldBlocks(block, Max[T], elementary.Max[T])
	if r.some {
		v = elementary.Max(r.best, v)
	}
	r.best, r.some = v, true
}

// Value is the maximum so far; ok is false if there have been no elements.
func (r *RunningMax[T]) Value() (v T, ok bool) { return r.best, r.some }

// ReduceMin writes minima along the middle axis: [outer, n, inner] -> [outer, inner]. ErrEmptyAxis if n is 0.
func ReduceMin[T Real](dst, src []T, outer, n, inner int, poll func() error) error {
	return reduceExtremum(dst, src, outer, n, inner, Min[T], elementary.Min[T], poll)
}

// ReduceMax writes maxima along the middle axis: [outer, n, inner] -> [outer, inner]. ErrEmptyAxis if n is 0.
func ReduceMax[T Real](dst, src []T, outer, n, inner int, poll func() error) error {
	return reduceExtremum(dst, src, outer, n, inner, Max[T], elementary.Max[T], poll)
}

// columnTile is the number of columns that are reduced together: they stay in the first-level cache.
const columnTile = 2048

func reduceExtremum[T Real](dst, src []T, outer, n, inner int, elementwise func(dst, x, y []T), scalar func(x, y T) T, poll func() error) error {
	if n == 0 {
		return ErrEmptyAxis
	}
	p := newPoller(poll)
	for o := range outer {
		rows := src[o*n*inner:][:n*inner]
		if inner == 1 {
			best := rows[0]
			for len(rows) > 0 {
				piece := min(len(rows), sumPiece)
				best = scalar(best, foldBlocks(rows[:piece], elementwise, scalar))
				rows = rows[piece:]
				if err := p.spend(piece + 8); err != nil {
					return err
				}
			}
			dst[o] = best
			continue
		}
		for lo := 0; lo < inner; lo += columnTile {
			out := dst[o*inner+lo:][:min(columnTile, inner-lo)]
			copy(out, rows[lo:])
			for i := 1; i < n; i++ {
				elementwise(out, out, rows[i*inner+lo:][:len(out)])
				if err := p.spend(len(out) + 8); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// All writes whether every element along the middle axis holds: [outer, n, inner] -> [outer, inner]; true if n is 0.
func All(dst, src []bool, outer, n, inner int, poll func() error) error {
	return reduceBool(dst, src, outer, n, inner, true, And, poll)
}

// Any writes whether some element along the middle axis holds: [outer, n, inner] -> [outer, inner]; false if n is 0.
func Any(dst, src []bool, outer, n, inner int, poll func() error) error {
	return reduceBool(dst, src, outer, n, inner, false, Or, poll)
}

func reduceBool(dst, src []bool, outer, n, inner int, empty bool, combine func(dst, x, y []bool), poll func() error) error {
	p := newPoller(poll)
	Fill(dst[:outer*inner], empty)
	for o := range outer {
		rows := src[o*n*inner:][:n*inner]
		if inner == 1 {
			for len(rows) > 0 && dst[o] == empty {
				piece := min(len(rows), sumPiece)
				dst[o] = slices.Contains(rows[:piece], !empty) != empty
				rows = rows[piece:]
				if err := p.spend(piece + 4); err != nil {
					return err
				}
			}
			continue
		}
		for lo := 0; lo < inner; lo += columnTile {
			out := dst[o*inner+lo:][:min(columnTile, inner-lo)]
			for i := range n {
				combine(out, out, rows[i*inner+lo:][:len(out)])
				if err := p.spend(len(out) + 8); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
