package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// selected lists the positions that an index selects in [batch, dims…], in row-major order of the result.
func selected(x Index, dims []int) []int {
	var loops []int // of the result
	first := -1
	for k, axis := range x.Axes {
		switch {
		case axis.Kind == ':':
			loops = append(loops, dims[k])
		case axis.Kind == 'r':
			loops = append(loops, axis.Count)
		case axis.Kind == 't' && first < 0:
			first = len(loops)
			loops = append(loops, x.TableSize)
		}
	}
	at := []int{}
	for b := range x.Batch {
		indices(loops, func(index []int) {
			from := []int{b}
			loop := 0
			entry := 0
			for k, axis := range x.Axes {
				var i int
				switch axis.Kind {
				case ':':
					i = index[loop]
					loop++
				case '@':
					i = int(pick(axis.Start, b))
				case 'r':
					i = int(pick(axis.Start, b)) + index[loop]*axis.Step
					loop++
				case 't':
					if loop == first {
						entry = index[loop]
						loop++
					}
					i = int(axis.Table[(b*x.TableSize+entry)%len(axis.Table)])
				}
				if i < 0 {
					i += dims[k]
				}
				from = append(from, i)
			}
			at = append(at, position(append([]int{x.Batch}, dims...), from))
		})
	}
	return at
}

func randomIndices(r *rand.Rand, n, size int) []int64 {
	x := make([]int64, n)
	for i := range x {
		x[i] = int64(r.IntN(2*size) - size)
	}
	return x
}

func TestIndexing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	dims := []int{4, 7, 5}
	for _, letters := range []string{
		":::", "@::", ":@:", "::@", "@@@", "@@:", "r::", ":r:", "rr:", "::r", "@r@", "t::", ":t:", "::t", "tt:", "t:t", ":tt", "ttt", "@t:", "t@r", ":t@", "rtt", ":t:",
	} {
		for _, batch := range []int{0, 1, 3, 700} {
			for _, size := range []int{0, 1, 6, 1100} {
				if batch*size > 10000 {
					continue
				}
				x := Index{Batch: batch, TableSize: size, Wrap: true}
				for k, letter := range letters {
					axis := IndexAxis{Kind: byte(letter)}
					switch letter {
					case '@':
						axis.Start = randomIndices(r, batch, dims[k])
						if batch == 3 {
							axis.Start = axis.Start[:1] // one for all entries
						}
					case 'r':
						axis.Count, axis.Step = 2, -3
						axis.Start = make([]int64, batch)
						for i := range axis.Start {
							axis.Start[i] = int64(3 + r.IntN(dims[k]-3))
						}
					case 't':
						axis.Table = randomIndices(r, batch*size, dims[k])
					}
					x.Axes = append(x.Axes, axis)
				}
				name := fmt.Sprintf("%q batch %d table %d", letters, batch, size)
				at := selected(x, dims)
				src := values[float64](batch*product(dims), 1)
				got, want := make([]float64, len(at)), make([]float64, len(at))
				for i, a := range at {
					want[i] = src[a]
				}
				if err := Gather(got, src, dims, x, nil); err != nil {
					t.Fatal(name, err)
				}
				checkSame(t, name, got, want)

				v := values[float64](len(at), 2)
				updated := append([]float64{}, src...)
				expected := append([]float64{}, src...)
				for i, a := range at {
					expected[a] = v[i]
				}
				if err := Update(updated, v, dims, x, nil); err != nil {
					t.Fatal(name, err)
				}
				checkSame(t, "update "+name, updated, expected)
				for how, combine := range []func(x, v float64) float64{
					func(x, v float64) float64 { return x + v }, func(x, v float64) float64 { return x - v },
					func(x, v float64) float64 { return x * v }, func(x, v float64) float64 { return x / v },
				} {
					copy(updated, src)
					copy(expected, src)
					for i, a := range at {
						expected[a] = combine(expected[a], v[i])
					}
					if err := Accumulate(updated, v, dims, x, Combine(how), nil); err != nil {
						t.Fatal(name, err)
					}
					checkSame(t, fmt.Sprintf("accumulate %d %s", how, name), updated, expected)
				}
			}
		}
	}
}

func TestIndicesOutsideAreErrorsAndChangeNothing(t *testing.T) {
	dims := []int{3, 4}
	whole := IndexAxis{Kind: ':'}
	for _, c := range []struct {
		axes []IndexAxis
		wrap bool
		want RangeError
	}{
		{[]IndexAxis{{Kind: '@', Start: []int64{3}}, whole}, false, RangeError{3, 3, 0}},
		{[]IndexAxis{whole, {Kind: '@', Start: []int64{-1}}}, false, RangeError{-1, 4, 1}},
		{[]IndexAxis{whole, {Kind: '@', Start: []int64{-5}}}, true, RangeError{-5, 4, 1}},
		{[]IndexAxis{whole, {Kind: 't', Table: []int64{0, 1, math.MinInt64}}}, true, RangeError{math.MinInt64, 4, 1}},
		{[]IndexAxis{whole, {Kind: 't', Table: []int64{0, 1, math.MaxInt64}}}, false, RangeError{math.MaxInt64, 4, 1}},
		{[]IndexAxis{{Kind: 'r', Start: []int64{1}, Count: 3, Step: 1}, whole}, true, RangeError{3, 3, 0}},
		{[]IndexAxis{{Kind: 'r', Start: []int64{-1}, Count: 1, Step: 1}, whole}, true, RangeError{-1, 3, 0}},
	} {
		x := Index{Axes: c.axes, Batch: 1, TableSize: 3, Wrap: c.wrap}
		array, v := numbered(12), make([]int64, 12)
		for name, err := range map[string]error{
			"gather":     Gather(v, array, dims, x, nil),
			"update":     Update(array, v, dims, x, nil),
			"accumulate": Accumulate(array, v, dims, x, CombineSub, nil),
		} {
			var outside *RangeError
			if !errors.As(err, &outside) || *outside != c.want {
				t.Errorf("%s: %v, want %v", name, err, &c.want)
			}
		}
		checkSame(t, "untouched", array, numbered(12))
	}
	if err := Accumulate([]int64{1}, []int64{0}, []int{1}, Index{Axes: []IndexAxis{whole}, Batch: 1}, CombineDiv, nil); err != ErrDivisionByZero {
		t.Errorf("dividing by an integer zero: %v", err)
	}
}

func BenchmarkGather(b *testing.B) {
	const n = 1_000_000
	x, y := values[float64](n, 1), make([]float64, n)
	r := rand.New(rand.NewPCG(1, 2))
	table := make([]int64, n)
	for i := range table {
		table[i] = int64(r.IntN(n))
	}
	spec := Index{Axes: []IndexAxis{{Kind: 't', Table: table}}, Batch: 1, TableSize: n}
	for b.Loop() {
		_ = Gather(y, x, []int{n}, spec, nil)
	}
}

func BenchmarkUpdatePoint(b *testing.B) {
	x := make([]float64, 100)
	start := []int64{5}
	for b.Loop() {
		_ = Update(x, []float64{1}, []int{100}, Index{Axes: []IndexAxis{{Kind: '@', Start: start}}, Batch: 1}, nil)
	}
}
