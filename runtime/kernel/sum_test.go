package kernel

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

var sumLengths = []int{0, 1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 100, 511, 512, 513, 8192, 16384, 16385, 40001}

func testSums[T Number](t *testing.T) {
	for _, n := range sumLengths {
		x := values[T](n, 1)
		want := []T{referenceSum(x)}
		checkSame(t, fmt.Sprintf("%T SumOf %d", x, n), []T{SumOf(x)}, want)
		got := make([]T, 1)
		if err := Sum(got, x, 1, n, 1, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("%T Sum of %d", x, n), got, want)
	}
	for _, layout := range [][3]int{
		{3, 5, 2}, {3, 40, 2}, {2, 31, 9}, {2, 32, 9}, {2, 33, 130}, {1, 100, 300}, {2, 0, 4}, {2, 0, 12}, {0, 40, 9}, {2, 40, 0}, {3, 0, 1},
		{1, 20000, 3},
	} {
		outer, n, inner := layout[0], layout[1], layout[2]
		src := values[T](outer*n*inner, 2)
		got, want := values[T](outer*inner, 3), make([]T, outer*inner)
		for o := range outer {
			for j := range inner {
				column := make([]T, n)
				for i := range column {
					column[i] = src[(o*n+i)*inner+j]
				}
				want[o*inner+j] = referenceSum(column)
			}
		}
		if err := Sum(got, src, outer, n, inner, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("%T Sum of %v", src, layout), got, want)
	}
}

func TestSumsFollowTheRule(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		testSums[float64](t)
		testSums[float32](t)
		testSums[int64](t)
		testSums[complex128](t)
	})
}

func TestSumStartsFromPlusZero(t *testing.T) {
	negative := math.Copysign(0, -1)
	for _, n := range []int{0, 1, 40} {
		x := make([]float64, n)
		Fill(x, negative)
		if got := SumOf(x); got != 0 || math.Signbit(got) {
			t.Errorf("sum of %d times -0 is %v, want +0", n, got)
		}
	}
}

func TestSumOfFedBlocksIsTheSum(t *testing.T) {
	for _, n := range sumLengths {
		x := values[float64](n, 1)
		for _, block := range []int{1, 7, 16, 40, 1000} {
			var s RunningSum[float64]
			for rest := x; len(rest) > 0; {
				k := min(block, len(rest))
				s.Add(rest[:k])
				rest = rest[k:]
			}
			checkSame(t, fmt.Sprintf("%d in blocks of %d", n, block), []float64{s.Value()}, []float64{referenceSum(x)})
		}
	}
}

func TestSumStopsWhenPollFails(t *testing.T) {
	stop := errors.New("stop")
	for _, layout := range [][3]int{{1, 1 << 20, 1}, {1 << 20, 1, 1}, {1, 1 << 20, 3}, {1, 1 << 14, 100}, {1 << 14, 20, 10}} {
		outer, n, inner := layout[0], layout[1], layout[2]
		err := Sum(make([]float64, outer*inner), make([]float64, outer*n*inner), outer, n, inner, func() error { return stop })
		if err != stop {
			t.Errorf("%v: error %v, want the poll's", layout, err)
		}
	}
}
