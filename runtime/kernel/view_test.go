package kernel

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

// numbered is 0, 1, 2, …
func numbered(n int) []int64 {
	x := make([]int64, n)
	for i := range x {
		x[i] = int64(i)
	}
	return x
}

// indices calls f with every index of an array in row-major order.
func indices(dims []int, f func(index []int)) {
	index := make([]int, len(dims))
	for range product(dims) {
		f(index)
		for k := len(dims) - 1; k >= 0; k-- {
			if index[k]++; index[k] < dims[k] {
				break
			}
			index[k] = 0
		}
	}
}

// position is the place of an index in row-major order.
func position(dims, index []int) int {
	at := 0
	for k, n := range dims {
		at = at*n + index[k]
	}
	return at
}

func TestTranspose(t *testing.T) {
	for _, c := range []struct{ dims, perm []int }{
		{nil, nil}, {[]int{5}, []int{0}}, {[]int{3, 4}, []int{1, 0}}, {[]int{40, 50}, []int{1, 0}}, {[]int{17, 16}, []int{1, 0}},
		{[]int{3, 4, 5}, []int{2, 1, 0}}, {[]int{3, 20, 18}, []int{0, 2, 1}}, {[]int{20, 3, 18}, []int{2, 0, 1}}, {[]int{3, 0, 2}, []int{1, 2, 0}},
		{[]int{2, 3, 4, 5}, []int{2, 3, 0, 1}}, {[]int{2, 3, 4, 5}, []int{3, 1, 2, 0}}, {[]int{1, 3, 1, 5}, []int{3, 2, 1, 0}},
	} {
		src := numbered(product(c.dims))
		got, want := make([]int64, len(src)), make([]int64, 0, len(src))
		dims := make([]int, len(c.dims))
		for i, p := range c.perm {
			dims[i] = c.dims[p]
		}
		indices(dims, func(index []int) {
			from := make([]int, len(index))
			for i, p := range c.perm {
				from[p] = index[i]
			}
			want = append(want, src[position(c.dims, from)])
		})
		if err := Transpose(got, src, c.dims, c.perm, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("transpose %v by %v", c.dims, c.perm), got, want)
	}
}

func TestBroadcast(t *testing.T) {
	for _, c := range []struct{ from, to []int }{
		{nil, nil}, {nil, []int{3, 2}}, {[]int{3}, []int{2, 3}}, {[]int{3, 1}, []int{3, 4}}, {[]int{1, 4}, []int{3, 4}}, {[]int{2, 1, 3}, []int{2, 4, 3}},
		{[]int{1, 4, 1}, []int{2, 3, 4, 5}}, {[]int{3}, []int{0, 3}}, {[]int{1}, []int{0}},
	} {
		src := numbered(product(c.from))
		got, want := make([]int64, product(c.to)), []int64{}
		indices(c.to, func(index []int) {
			from := append([]int{}, index[len(c.to)-len(c.from):]...)
			for i, n := range c.from {
				if n == 1 {
					from[i] = 0
				}
			}
			want = append(want, src[position(c.from, from)])
		})
		if err := Broadcast(got, src, c.from, c.to, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("%v to %v", c.from, c.to), got, want)
	}
}

func TestSlices(t *testing.T) {
	for _, c := range []struct {
		dims   []int
		ranges []Range
	}{
		{nil, nil},
		{[]int{10}, []Range{{2, 5, 1}}},
		{[]int{10}, []Range{{9, 10, -1}}},
		{[]int{10}, []Range{{9, 4, -3}}},
		{[]int{10}, []Range{{3, 4, 0}}},
		{[]int{10}, []Range{{77, 0, 5}}},
		{[]int{4, 6}, []Range{{0, 4, 1}, {1, 3, 2}}},
		{[]int{4, 6}, []Range{{3, 4, -1}, {0, 6, 1}}},
		{[]int{4, 6, 3}, []Range{{1, 2, 1}, {0, 6, 1}, {0, 3, 1}}},
		{[]int{4, 0, 3}, []Range{{1, 2, 1}, {0, 0, 1}, {0, 3, 1}}},
	} {
		src := numbered(product(c.dims))
		counts := make([]int, len(c.dims))
		for i, r := range c.ranges {
			counts[i] = r.Count
		}
		want, written := []int64{}, make([]int64, len(src))
		indices(counts, func(index []int) {
			from := make([]int, len(index))
			for i, r := range c.ranges {
				from[i] = r.Start + index[i]*r.Step
			}
			at := position(c.dims, from)
			want = append(want, src[at])
			written[at] = int64(len(want))
		})
		got := make([]int64, product(counts))
		if err := Slice(got, src, c.dims, c.ranges, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("slice %v of %v", c.ranges, c.dims), got, want)
		ordinals := numbered(len(want))
		for i := range ordinals {
			ordinals[i]++
		}
		back := make([]int64, len(src))
		if err := SetSlice(back, ordinals, c.dims, c.ranges, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("set slice %v of %v", c.ranges, c.dims), back, written)
	}
}

func TestRangesOutsideAreErrors(t *testing.T) {
	for _, r := range []Range{{-1, 1, 1}, {10, 1, 1}, {0, 11, 1}, {9, 11, -1}, {5, 3, 3}, {0, math.MaxInt, math.MaxInt}, {1, 3, math.MinInt}, {0, 2, 10}} {
		var outside *RangeError
		if err := Slice(make([]int64, 100), make([]int64, 10), []int{10}, []Range{r}, nil); !errors.As(err, &outside) {
			t.Errorf("%v of 10: %v", r, err)
		} else if outside.Size != 10 || outside.Axis != 0 {
			t.Errorf("%v of 10: %+v", r, *outside)
		}
	}
}

func TestConcat(t *testing.T) {
	got := make([]int64, 2*(1+0+2)*2)
	parts := [][]int64{{1, 2, 3, 4}, {}, {5, 6, 7, 8, 9, 10, 11, 12}}
	if err := Concat(got, parts, 2, []int{1, 0, 2}, 2, nil); err != nil {
		t.Fatal(err)
	}
	checkSame(t, "concat", got, []int64{1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12})
}

func BenchmarkTranspose1000(b *testing.B) {
	x, y := values[float64](1e6, 1), make([]float64, 1e6)
	b.SetBytes(16e6)
	for b.Loop() {
		_ = Transpose(y, x, []int{1000, 1000}, []int{1, 0}, nil)
	}
}
