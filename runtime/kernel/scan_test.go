package kernel

import (
	"errors"
	"fmt"
	"testing"

	"github.com/calx-lang/calx/runtime/elementary"
)

func testScans[T Real](t *testing.T) {
	type scanKernel func(dst, src []T, outer, n int, reverse bool, poll func() error) error
	kernels := []struct {
		name    string
		run     scanKernel
		combine func(x, v T) T
	}{
		{"cumsum", CumSum[T], func(x, v T) T { return x + v }},
		{"cumprod", CumProd[T], func(x, v T) T { return x * v }},
		{"cummin", CumMin[T], elementary.Min[T]},
		{"cummax", CumMax[T], elementary.Max[T]},
	}
	for _, layout := range [][2]int{{0, 3}, {3, 0}, {1, 1}, {3, 7}, {2, 40}, {1, 40000}} {
		outer, n := layout[0], layout[1]
		src := values[T](outer*n, 1)
		a := values[T](outer*n, 2)
		for _, reverse := range []bool{false, true} {
			step := func(i int) int {
				if reverse {
					return n - 1 - i
				}
				return i
			}
			for _, k := range kernels {
				want := make([]T, len(src))
				for o := range outer {
					for i := range n {
						want[o*n+step(i)] = src[o*n+step(i)]
						if i > 0 {
							want[o*n+step(i)] = k.combine(want[o*n+step(i-1)], src[o*n+step(i)])
						}
					}
				}
				got := append([]T{}, src...)
				if err := k.run(got, got, outer, n, reverse, nil); err != nil {
					t.Fatal(err)
				}
				checkSame(t, fmt.Sprintf("%s of %v in place", k.name, layout), got, want)
			}
			want := make([]T, len(src))
			for o := range outer {
				for i := range n {
					want[o*n+step(i)] = src[o*n+step(i)]
					if i > 0 {
						want[o*n+step(i)] = T(a[o*n+step(i)]*want[o*n+step(i-1)]) + src[o*n+step(i)]
					}
				}
			}
			got := make([]T, len(src))
			if err := Recur(got, a, src, outer, n, reverse, nil); err != nil {
				t.Fatal(err)
			}
			checkSame(t, fmt.Sprintf("recur of %v", layout), got, want)
		}
	}
}

func TestScansGoOneAfterTheOther(t *testing.T) {
	testScans[float64](t)
	testScans[float32](t)
	testScans[int64](t)
}

func TestComplexScans(t *testing.T) {
	got := make([]complex128, 3)
	_ = CumProd(got, []complex128{1i, 1i, 2}, 1, 3, false, nil)
	checkSame(t, "cumprod", got, []complex128{1i, -1, -2})
	_ = CumSum(got, []complex128{1i, 1i, 2}, 1, 3, true, nil)
	checkSame(t, "cumsum from the end", got, []complex128{2 + 2i, 2 + 1i, 2})
	_ = Recur(got, []complex128{5, 1i, 2}, []complex128{1i, 1, 1}, 1, 3, false, nil)
	checkSame(t, "recur", got, []complex128{1i, 0, 1})
}

func TestScansStopWhenPollFails(t *testing.T) {
	stop := errors.New("stop")
	x := make([]float64, 1<<20)
	if err := CumSum(x, x, 1, len(x), false, func() error { return stop }); err != stop {
		t.Errorf("error %v, want the poll's", err)
	}
}
