package kernel

import "fmt"

// RangeError is an index outside an axis.
type RangeError struct {
	Index int64 // as the program gave it
	Size  int   // the extent of the axis
	Axis  int   // counted from the first axis that is not a batch axis
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("index %d is outside axis %d of length %d", e.Index, e.Axis, e.Size)
}

// Range is Count positions of an axis: Start, Start+Step, …; Step may be negative or zero.
type Range struct {
	Start, Count, Step int
}

// check says whether the range lies inside an axis of the given length; an empty range does.
func (r Range) check(size, axis int) error {
	if r.Count <= 0 {
		return nil
	}
	if r.Start < 0 || r.Start >= size {
		return &RangeError{int64(r.Start), size, axis}
	}
	reach := size - 1 - r.Start // of the steps after the first
	if r.Step < 0 {
		reach = r.Start
	}
	if step := max(r.Step, -r.Step); step < 0 || step > 0 && r.Count-1 > reach/step {
		return &RangeError{int64(r.Start) + int64(r.Count-1)*int64(r.Step), size, axis}
	}
	return nil
}

// viewAxis is an axis of a copy: its extent and its strides in destination and source.
type viewAxis struct {
	n, dst, src int
}

// rowMajor is the stride of every axis of an array.
func rowMajor(dims []int) []int {
	strides := make([]int, len(dims))
	for i, stride := len(dims)-1, 1; i >= 0; i-- {
		strides[i] = stride
		stride *= dims[i]
	}
	return strides
}

// Transpose writes src, of extents dims, with its axes in another order: axis i of dst is axis perm[i] of src.
func Transpose[T Element](dst, src []T, dims, perm []int, poll func() error) error {
	from := rowMajor(dims)
	axes := make([]viewAxis, len(dims))
	stride := 1
	for i := len(perm) - 1; i >= 0; i-- {
		axes[i] = viewAxis{dims[perm[i]], stride, from[perm[i]]}
		stride *= dims[perm[i]]
	}
	c := newViewCopy(dst, src, axes, poll)
	return c.run(0, 0)
}

// Broadcast writes src, of extents from, into dst, of extents to: axes are matched from the last; those that src lacks or
// has with length 1 repeat it.
func Broadcast[T Element](dst, src []T, from, to []int, poll func() error) error {
	strides, out := rowMajor(from), rowMajor(to)
	axes := make([]viewAxis, len(to))
	for i, n := range to {
		axes[i] = viewAxis{n: n, dst: out[i]}
		if j := i - (len(to) - len(from)); j >= 0 && from[j] != 1 {
			axes[i].src = strides[j]
		}
	}
	c := newViewCopy(dst, src, axes, poll)
	return c.run(0, 0)
}

// Slice writes the part of src, of extents dims, that one range for every axis selects.
func Slice[T Element](dst, src []T, dims []int, ranges []Range, poll func() error) error {
	axes, start, err := sliceAxes(dims, ranges)
	if err != nil {
		return err
	}
	c := newViewCopy(dst, src, axes, poll)
	return c.run(0, start)
}

// SetSlice writes src into the part of dst, of extents dims, that one range for every axis selects. Where a range selects
// a position twice, the last element in row order stays.
func SetSlice[T Element](dst, src []T, dims []int, ranges []Range, poll func() error) error {
	axes, start, err := sliceAxes(dims, ranges)
	if err != nil {
		return err
	}
	for i, x := range axes {
		axes[i].dst, axes[i].src = x.src, x.dst
	}
	c := newViewCopy(dst, src, axes, poll)
	return c.run(start, 0)
}

// sliceAxes gives the axes of a slice: the slice's own strides as destination, the array's as source, and where the
// slice starts in the array.
func sliceAxes(dims []int, ranges []Range) (axes []viewAxis, start int, err error) {
	strides := rowMajor(dims)
	axes = make([]viewAxis, len(dims))
	stride := 1
	for i := len(dims) - 1; i >= 0; i-- {
		r := ranges[i]
		if err := r.check(dims[i], i); err != nil {
			return nil, 0, err
		}
		axes[i] = viewAxis{r.Count, stride, strides[i] * r.Step}
		start += strides[i] * r.Start
		stride *= r.Count
	}
	return axes, start, nil
}

// Concat writes arrays one after the other along the middle axis: part i is [outer, extents[i], inner].
func Concat[T Element](dst []T, parts [][]T, outer int, extents []int, inner int, poll func() error) error {
	if len(dst) == 0 {
		return nil // however many rows
	}
	p := newPoller(poll)
	at := 0
	for o := range outer {
		for i, part := range parts {
			width := extents[i] * inner
			for row := part[o*width : (o+1)*width]; len(row) > 0; {
				n := copy(dst[at:], row[:min(len(row), viewPiece)])
				at, row = at+n, row[n:]
				if err := p.spend(n + 4); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
