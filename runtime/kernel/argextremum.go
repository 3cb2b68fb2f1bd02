package kernel

import "github.com/calx-lang/calx/runtime/elementary"

// RunningArgMin finds the first index of the least element (by ==, so that zeros are equal) of blocks fed one after the
// other; the first NaN wins.
type RunningArgMin[T Real] struct {
	best  T
	at    int
	count int
}

// Add feeds a block.
func (r *RunningArgMin[T]) Add(block []T) {
	r.at, r.best = firstExtremum(block, r.at, r.best, r.count, Min[T], elementary.Min[T])
	r.count += len(block)
}

// Index is the position of the minimum so far; ok is false if there have been no elements.
func (r *RunningArgMin[T]) Index() (i int, ok bool) { return r.at, r.count > 0 }

// RunningArgMax finds the first index of the greatest element (by ==) of blocks fed one after the other; the first NaN wins.
type RunningArgMax[T Real] struct {
	best  T
	at    int
	count int
}

// Add feeds a block.
func (r *RunningArgMax[T]) Add(block []T) {
	r.at, r.best = firstExtremum(block, r.at, r.best, r.count, Max[T], elementary.Max[T])
	r.count += len(block)
}

// Index is the position of the maximum so far; ok is false if there have been no elements.
func (r *RunningArgMax[T]) Index() (i int, ok bool) { return r.at, r.count > 0 }

// firstExtremum improves the extremum best at index at, found in count elements, by the block that follows them.
func firstExtremum[T Real](block []T, at int, best T, count int, elementwise func(dst, x, y []T), scalar func(x, y T) T) (int, T) {
	if len(block) == 0 || count > 0 && best != best {
		return at, best
	}
	v := foldBlocks(block, elementwise, scalar)
	if count > 0 && (v == best || scalar(v, best) == best) {
		return at, best
	}
	for i, x := range block {
		if x == v || x != x && v != v {
			return count + i, v
		}
	}
	return at, best
}

// ArgMin writes the index of the first least element along the middle axis: [outer, n, inner] -> [outer, inner]. The first
// NaN wins. ErrEmptyAxis if n is 0.
func ArgMin[T Real](dst []int64, src []T, outer, n, inner int, poll func() error) error {
	return argExtremum(dst, src, outer, n, inner, Min[T], elementary.Min[T], poll)
}

// ArgMax writes the index of the first greatest element along the middle axis: [outer, n, inner] -> [outer, inner]. The
// first NaN wins. ErrEmptyAxis if n is 0.
func ArgMax[T Real](dst []int64, src []T, outer, n, inner int, poll func() error) error {
	return argExtremum(dst, src, outer, n, inner, Max[T], elementary.Max[T], poll)
}

func argExtremum[T Real](dst []int64, src []T, outer, n, inner int, elementwise func(dst, x, y []T), scalar func(x, y T) T, poll func() error) error {
	if n == 0 {
		return ErrEmptyAxis
	}
	p := newPoller(poll)
	for o := range outer {
		rows := src[o*n*inner:][:n*inner]
		for j := range inner {
			at, best, count := 0, rows[j], 0
			for inner == 1 && count < n {
				piece := min(n-count, sumPiece)
				at, best = firstExtremum(rows[count:][:piece], at, best, count, elementwise, scalar)
				count += piece
				if err := p.spend(2 * piece); err != nil {
					return err
				}
			}
			for i := count; i < n; i++ {
				if best != best {
					break
				}
				if v := rows[i*inner+j]; v != best && scalar(v, best) != best {
					at, best = i, v
				}
				if err := p.spend(2); err != nil {
					return err
				}
			}
			dst[o*inner+j] = int64(at)
		}
	}
	return nil
}
