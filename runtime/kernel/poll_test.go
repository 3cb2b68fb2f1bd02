package kernel

import (
	"errors"
	"testing"
)

// TestLongKernelsStopWhenPollFails runs every kernel that polls on an operand that takes a millisecond or more.
func TestLongKernelsStopWhenPollFails(t *testing.T) {
	const n = 1 << 21
	stop := errors.New("stop")
	poll := func() error { return stop }
	x, y := make([]float64, n), make([]float64, n)
	positions, zeros := make([]int64, n), make([]int64, n)
	yes := make([]bool, n)
	Fill(yes, true)
	table := Index{Axes: []IndexAxis{{Kind: 't', Table: zeros}}, Batch: 1, TableSize: n}
	whole := Index{Axes: []IndexAxis{{Kind: ':'}}, Batch: 1}
	kernels := map[string]func() error{
		"transpose":             func() error { return Transpose(y, x, []int{1 << 11, 1 << 10}, []int{1, 0}, poll) },
		"broadcast":             func() error { return Broadcast(y, x[:1], []int{1}, []int{n}, poll) },
		"slice":                 func() error { return Slice(y, x, []int{n}, []Range{{n - 1, n, -1}}, poll) },
		"set slice":             func() error { return SetSlice(y, x, []int{n}, []Range{{0, n, 1}}, poll) },
		"concat":                func() error { return Concat(y, [][]float64{x}, 1, []int{n}, 1, poll) },
		"gather by table":       func() error { return Gather(y, x, []int{n}, table, poll) },
		"gather all":            func() error { return Gather(y, x, []int{n}, whole, poll) },
		"update":                func() error { return Update(y, x, []int{n}, table, poll) },
		"accumulate":            func() error { return Accumulate(y, x, []int{n}, whole, CombineAdd, poll) },
		"min of a row":          func() error { return ReduceMin(y[:1], x, 1, n, 1, poll) },
		"max of columns":        func() error { return ReduceMax(y[:n/2], x, 1, 2, n/2, poll) },
		"argmin of a row":       func() error { return ArgMin(positions[:1], x, 1, n, 1, poll) },
		"argmax of columns":     func() error { return ArgMax(positions[:n/2], x, 1, 2, n/2, poll) },
		"prod of a row":         func() error { return Prod(y[:1], x, 1, n, 1, poll) },
		"prod of columns":       func() error { return Prod(y[:n/64], x, 1, 64, n/64, poll) },
		"all of a row":          func() error { return All(make([]bool, 1), yes, 1, n, 1, poll) },
		"any of columns":        func() error { return Any(make([]bool, n/2), yes, 1, 2, n/2, poll) },
		"recur":                 func() error { return Recur(y, x, x, 1, n, false, poll) },
		"cumulative minimum":    func() error { return CumMin(y, x, 1, n, true, poll) },
		"search":                func() error { return SearchSorted(positions, x, x, 1, n, n, true, poll) },
		"elementwise products":  func() error { return contract("i,i->i", y, x, x, poll, n) },
		"many small products":   func() error { return MatMul(y, x, x, n/4, 2, 2, 2, poll) },
		"many products":         func() error { return MatMul(y, x, x, n/256, 16, 16, 16, poll) },
		"long sums of products": func() error { return contract("i,i->", y, x, x, poll, n) },
	}
	for name, run := range kernels {
		if err := run(); err != stop {
			t.Errorf("%s: error %v, want the poll's", name, err)
		}
	}
}

func contract(spec string, dst, a, b []float64, poll func() error, n int) error {
	c, err := ParseContraction(spec)
	if err != nil {
		return err
	}
	return Contract(dst, a, b, c, 0, []int{n}, []int{n}, poll)
}

func BenchmarkBool(b *testing.B) {
	const n = 4096
	x, y, z := values[bool](n, 1), values[bool](n, 2), make([]bool, n)
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(n)
			for b.Loop() {
				f()
			}
		})
	}
	run("and", func() { And(z, x, y) })
	run("not", func() { Not(z, x) })
	run("count", func() { Count(x) })
	i, j, k := values[int64](n, 1), values[int64](n, 2), make([]int64, n)
	run("i64-add", func() { Add(k, i, j) })
	run("i64-less", func() { Less(z, i, j) })
	run("i64-min", func() { Min(k, i, j) })
	run("i64-scalar", func() { Mul(k, i, j[:1]) })
	run("convert", func() { Convert(make([]float64, n), i) })
}
