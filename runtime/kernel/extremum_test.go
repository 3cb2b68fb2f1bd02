package kernel

import (
	"fmt"
	"math"
	"testing"
)

// layouts of [outer, n, inner] without an empty axis.
var layouts = [][3]int{{1, 1, 1}, {3, 7, 1}, {2, 31, 3}, {2, 33, 4}, {1, 600, 1}, {1, 9000, 1}, {2, 40, 20}, {3, 5, 200}, {1, 3, 5000}, {0, 4, 3}, {3, 4, 0}}

func column[T any](src []T, layout [3]int, o, j int) []T {
	x := make([]T, layout[1])
	for i := range x {
		x[i] = src[(o*layout[1]+i)*layout[2]+j]
	}
	return x
}

// eachColumn compares a reduction of a layout with a function of its columns.
func eachColumn[T, R Element](t *testing.T, what string, src []T, layout [3]int, got []R, want func(x []T) R) {
	t.Helper()
	expected := make([]R, 0, len(got))
	for o := range layout[0] {
		for j := range layout[2] {
			expected = append(expected, want(column(src, layout, o, j)))
		}
	}
	checkSame(t, fmt.Sprintf("%s of %v", what, layout), got, expected)
}

// mild makes numbers with many ties and zeros of both signs, and NaN in some.
func mild(n int, seed uint64, nan bool) []float64 {
	x := specials(n, seed)
	for i, v := range x {
		switch {
		case v != v && !nan:
			x[i] = 1
		case math.Abs(v) > 3 && !math.IsInf(v, 0):
			x[i] = math.Copysign(2, v)
		case math.IsInf(v, 0):
			x[i] = math.Copysign(0, v)
		}
	}
	return x
}

func TestExtremaAndTheirIndices(t *testing.T) {
	argmin := func(x []float64) int64 {
		best := 0
		for i, v := range x {
			if v != v {
				return int64(i)
			}
			if v < x[best] {
				best = i
			}
		}
		return int64(best)
	}
	negated := func(x []float64) []float64 {
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = -v
		}
		return y
	}
	smallest := func(x []float64) float64 {
		best := x[0]
		for _, v := range x {
			best = referenceMin(best, v)
		}
		return best
	}
	bothWays(t, func(t *testing.T) {
		for _, layout := range layouts {
			for _, nan := range []bool{false, true} {
				src := mild(layout[0]*layout[1]*layout[2], 1, nan)
				got, index := make([]float64, layout[0]*layout[2]), make([]int64, layout[0]*layout[2])
				run := func(err error) {
					t.Helper()
					if err != nil {
						t.Fatal(err)
					}
				}
				run(ReduceMin(got, src, layout[0], layout[1], layout[2], nil))
				eachColumn(t, "min", src, layout, got, smallest)
				run(ReduceMax(got, src, layout[0], layout[1], layout[2], nil))
				eachColumn(t, "max", src, layout, got, func(x []float64) float64 { return -smallest(negated(x)) })
				run(ArgMin(index, src, layout[0], layout[1], layout[2], nil))
				eachColumn(t, "argmin", src, layout, index, argmin)
				run(ArgMax(index, src, layout[0], layout[1], layout[2], nil))
				eachColumn(t, "argmax", src, layout, index, func(x []float64) int64 { return argmin(negated(x)) })
				for _, block := range []int{1, 7, 600} {
					var least RunningMin[float64]
					var most RunningMax[float64]
					var first RunningArgMin[float64]
					var last RunningArgMax[float64]
					for rest := src; len(rest) > 0; {
						k := min(block, len(rest))
						least.Add(rest[:k])
						most.Add(rest[:k])
						first.Add(rest[:k])
						last.Add(rest[:k])
						rest = rest[k:]
					}
					v, ok := least.Value()
					if ok != (len(src) > 0) {
						t.Fatalf("running minimum of %d elements: ok is %v", len(src), ok)
					}
					if !ok {
						continue
					}
					w, _ := most.Value()
					i, _ := first.Index()
					j, _ := last.Index()
					checkSame(t, "running extrema", []float64{v, w}, []float64{smallest(src), -smallest(negated(src))})
					checkSame(t, "running indices", []int64{int64(i), int64(j)}, []int64{argmin(src), argmin(negated(src))})
				}
			}
		}
	})
}

func TestExtremaOfAnEmptyAxisAreErrors(t *testing.T) {
	x, i := []float64{}, []int64{0}
	for name, err := range map[string]error{
		"min": ReduceMin(x, x, 0, 0, 1, nil), "max": ReduceMax(x, x, 0, 0, 1, nil),
		"argmin": ArgMin(i, x, 1, 0, 1, nil), "argmax": ArgMax(i, x, 1, 0, 1, nil),
	} {
		if err != ErrEmptyAxis {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func testProd[T Number](t *testing.T) {
	reference := func(x []T) T {
		fold := func(x []T) T {
			p := T(1)
			for _, v := range x {
				p = mulNumber(p, v)
			}
			return p
		}
		if len(x) < 32 {
			return fold(x)
		}
		var lane [16]T
		for l := range lane {
			terms := []T{}
			for i := l; i < len(x); i += 16 {
				terms = append(terms, x[i])
			}
			lane[l] = fold(terms)
		}
		for w := 8; w > 0; w /= 2 {
			for l := range w {
				lane[l] = mulNumber(lane[l], lane[l+w])
			}
		}
		return lane[0]
	}
	for _, layout := range append(layouts, [3]int{2, 0, 3}, [3]int{2, 0, 1}) {
		src := values[T](layout[0]*layout[1]*layout[2], 1)
		for i := range src { // keep products in range
			if layout[1] > 100 && i%2 == 1 && src[i] != 0 {
				if d, ok := any(src).([]float64); ok {
					d[i] = 1 / d[i-1] * 1.001
				}
			}
		}
		got := make([]T, layout[0]*layout[2])
		if err := Prod(got, src, layout[0], layout[1], layout[2], nil); err != nil {
			t.Fatal(err)
		}
		eachColumn(t, "prod", src, layout, got, reference)
		for _, block := range []int{1, 7, 40} {
			running := NewRunningProd[T]()
			for rest := src; len(rest) > 0; {
				k := min(block, len(rest))
				running.Add(rest[:k])
				rest = rest[k:]
			}
			checkSame(t, fmt.Sprintf("fed in blocks of %d", block), []T{running.Value()}, []T{reference(src)})
		}
	}
}

func TestProductsFollowTheRuleOfSums(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		testProd[float64](t)
		testProd[float32](t)
		testProd[int64](t)
		testProd[complex128](t)
	})
}

func TestAllAnyCount(t *testing.T) {
	for _, layout := range append(layouts, [3]int{2, 0, 3}) {
		src := make([]bool, layout[0]*layout[1]*layout[2])
		for i := range src {
			src[i] = i%3 == 0
		}
		got := make([]bool, layout[0]*layout[2])
		if err := All(got, src, layout[0], layout[1], layout[2], nil); err != nil {
			t.Fatal(err)
		}
		eachColumn(t, "all", src, layout, got, func(x []bool) bool { return Count(x) == len(x) })
		if err := Any(got, src, layout[0], layout[1], layout[2], nil); err != nil {
			t.Fatal(err)
		}
		eachColumn(t, "any", src, layout, got, func(x []bool) bool { return Count(x) > 0 })
	}
}
