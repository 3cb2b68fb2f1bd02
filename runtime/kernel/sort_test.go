package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sortLengths straddle the change from merging to digits.
var sortLengths = []int{0, 1, 2, 3, 11, 12, 13, 24, 25, 100, 511, 512, 513, 5000}

// checkSorted compares with a stable sort of positions by the given order.
func checkSorted[T Element](t *testing.T, src []T, outer, n int, less func(x, y T) bool) {
	t.Helper()
	scratch := make([]SortItem, 2*n)
	got, sorted := make([]int64, outer*n), make([]T, outer*n)
	if err := ArgSort(got, src, outer, n, scratch, nil); err != nil {
		t.Fatal(err)
	}
	if err := Sort(sorted, src, outer, n, scratch, nil); err != nil {
		t.Fatal(err)
	}
	for o := range outer {
		row := src[o*n : (o+1)*n]
		want := numbered(n)
		slices.SortStableFunc(want, func(i, j int64) int {
			switch {
			case less(row[i], row[j]):
				return -1
			case less(row[j], row[i]):
				return 1
			}
			return 0
		})
		checkSame(t, fmt.Sprintf("positions of %d %T", n, src), got[o*n:(o+1)*n], want)
		ordered := make([]T, n)
		for i, at := range want {
			ordered[i] = row[at]
		}
		checkSame(t, fmt.Sprintf("order of %d %T", n, src), sorted[o*n:(o+1)*n], ordered)
	}
}

func TestSortIsStableWithNaNLast(t *testing.T) {
	for _, n := range sortLengths {
		checkSorted(t, specials(3*n, 1), 3, n, before[float64])
		checkSorted(t, values[float64](n, 2), 1, n, before[float64])
		checkSorted(t, values[float32](2*n, 3), 2, n, before[float32])
		short := make([]float32, 2*n)
		for i, v := range specials(2*n, 9) {
			short[i] = float32(v)
		}
		checkSorted(t, short, 2, n, before[float32])
		checkSorted(t, values[int64](2*n, 4), 2, n, before[int64])
		small := values[int64](n, 5)
		for i := range small {
			small[i] %= 7
		}
		checkSorted(t, small, 1, n, before[int64])
		checkSorted(t, values[bool](n, 6), 1, n, func(x, y bool) bool { return !x && y })
		re, im := specials(n, 7), specials(n, 8)
		z := make([]complex128, n)
		Complex(z, re, im)
		checkSorted(t, z, 1, n, func(x, y complex128) bool {
			class := func(z complex128) int {
				c := 0
				if math.IsNaN(imag(z)) {
					c++
				}
				if math.IsNaN(real(z)) {
					c += 2
				}
				return c
			}
			if class(x) != class(y) {
				return class(x) < class(y)
			}
			return before(real(x), real(y)) || !before(real(y), real(x)) && before(imag(x), imag(y))
		})
	}
}

func TestOrderedBits(t *testing.T) {
	ascending := []float64{math.Inf(-1), -math.MaxFloat64, -1, -5e-324, math.Copysign(0, -1), 0, 5e-324, 1, math.MaxFloat64, math.Inf(1), math.NaN()}
	for i, v := range ascending {
		if back := fromOrderedBits(orderedBits(v)); math.Float64bits(back) != math.Float64bits(v) && v == v || v != v && back == back {
			t.Errorf("%v comes back as %v", v, back)
		}
		if i > 0 && orderedBits(ascending[i-1]) >= orderedBits(v) {
			t.Errorf("%v does not stand before %v", ascending[i-1], v)
		}
	}
	if orderedBits(math.Copysign(math.NaN(), -1)) != orderedBits(math.NaN()) {
		t.Error("the sign of a NaN counts")
	}
}

func TestSearchSorted(t *testing.T) {
	nan := math.NaN()
	rows := []float64{-1, 0, 0, 2, nan, nan, 1, 1, 1, 1, 1, 1}
	queries := []float64{math.Copysign(0, -1), nan, -5, 1, nan, 0}
	got := make([]int64, 6)
	for right, want := range map[bool][]int64{false: {1, 4, 0, 0, 6, 0}, true: {3, 6, 0, 6, 6, 0}} {
		if err := SearchSorted(got, rows, queries, 2, 6, 3, right, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("right %v", right), got, want)
	}
	if err := SearchSorted(got, nil, queries[:1], 1, 0, 1, false, nil); err != nil || got[0] != 0 {
		t.Errorf("in an empty row: %v, %v", got[0], err)
	}
}

func TestNonzero(t *testing.T) {
	mask := []bool{false, true, true, false, true}
	got := make([]int64, Count(mask))
	Nonzero(got, mask)
	checkSame(t, "positions", got, []int64{1, 2, 4})
	Nonzero(nil, []bool{false})
}

func TestSortStopsWhenPollFails(t *testing.T) {
	stop := errors.New("stop")
	x := values[float64](1<<18, 1)
	if err := Sort(make([]float64, len(x)), x, 1, len(x), make([]SortItem, 2*len(x)), func() error { return stop }); err != stop {
		t.Errorf("error %v, want the poll's", err)
	}
	if err := ArgSort(make([]int64, len(x)), x, 1, len(x), make([]SortItem, 2*len(x)), func() error { return stop }); err != stop {
		t.Errorf("error %v, want the poll's", err)
	}
}

func BenchmarkSort(b *testing.B) {
	for _, n := range []int{10, 1000, 1_000_000} {
		x, y, scratch := values[float64](n, 1), make([]float64, n), make([]SortItem, 2*n)
		rand.New(rand.NewPCG(1, 1)).Shuffle(n, func(i, j int) { x[i], x[j] = x[j], x[i] })
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				_ = Sort(y, x, 1, n, scratch, nil)
			}
		})
	}
}
