package host

import (
	"context"
	"fmt"
	"math"
	gort "runtime"
	"runtime/metrics"
	"slices"
	"testing"
	"time"

	"github.com/calx-lang/calx/runtime"
)

// BenchmarkCall is a call that does nothing: in a run that goes on, and with a
// run of its own.
func BenchmarkCall(b *testing.B) {
	p := newProgram()
	p.identity()
	_, m := p.load(b, Options{}, Hooks{})
	identity := entry(b, m, "identity")
	stack := []uint64{math.Float64bits(2)}
	b.Run("call", func(b *testing.B) {
		run := begin(b, m, context.Background(), runtime.Limits{})
		defer run.End()
		b.ReportAllocs()
		for b.Loop() {
			if err := run.Call(identity, stack); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("run", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			run, err := m.Begin(context.Background(), runtime.Limits{})
			if err != nil {
				b.Fatal(err)
			}
			if err := run.Call(identity, stack); err != nil {
				b.Fatal(err)
			}
			run.End()
		}
	})
}

// BenchmarkPoll is the time from poll to poll when there is nothing between.
func BenchmarkPoll(b *testing.B) {
	p := newProgram()
	p.work(1)
	_, m := p.load(b, Options{}, Hooks{})
	work := entry(b, m, "work")
	cancellable, cancel := context.WithCancel(context.Background())
	defer cancel()
	deadline, stop := context.WithTimeout(context.Background(), time.Hour)
	defer stop()
	for name, ctx := range map[string]context.Context{"background": context.Background(), "cancel": cancellable, "deadline": deadline} {
		b.Run(name, func(b *testing.B) {
			run := begin(b, m, ctx, runtime.Limits{})
			defer run.End()
			b.ReportAllocs()
			if err := run.Call(work, []uint64{uint64(b.N)}); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkTriad is 2*x + y*z in loops of 1, 4 and 8 copies, and in Go.
func BenchmarkTriad(b *testing.B) {
	for _, n := range []int{1e3, 1e5, 1e7} {
		perElement := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/element")
		}
		for _, copies := range []int{1, 4, 8} {
			p := newProgram()
			p.triad(copies)
			e, m := p.load(b, Options{}, Hooks{})
			b.Run(fmt.Sprintf("n=%d/copies=%d", n, copies), func(b *testing.B) {
				x, to := array(b, e, n, func(i int) float64 { return float64(i) }), array(b, e, n, func(int) float64 { return 0 })
				y, z := array(b, e, n, func(i int) float64 { return float64(i) }), array(b, e, n, func(int) float64 { return 2 })
				run := begin(b, m, context.Background(), runtime.Limits{})
				defer run.End()
				triad := entry(b, m, "triad")
				stack := make([]uint64, 5)
				for b.Loop() {
					stack[0], stack[1], stack[2], stack[3], stack[4] = uint64(to.Address()), uint64(x.Address()), uint64(y.Address()), uint64(z.Address()), uint64(n)
					if err := run.Call(triad, stack); err != nil {
						b.Fatal(err)
					}
				}
				perElement(b)
			})
		}
		b.Run(fmt.Sprintf("n=%d/go", n), func(b *testing.B) {
			to, x, y, z := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range x {
				x[i], y[i], z[i], to[i] = float64(i), float64(i), 2, 1
			}
			for b.Loop() {
				for i := range to {
					to[i] = 2*x[i] + float64(y[i]*z[i])
				}
			}
			perElement(b)
		})
	}
}

// BenchmarkArray makes and releases an array.
func BenchmarkArray(b *testing.B) {
	e, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	b.Run("region", func(b *testing.B) {
		for b.Loop() {
			r, err := e.heap.allocate(8000)
			if err != nil {
				b.Fatal(err)
			}
			e.heap.release(r)
		}
	})
	b.Run("array", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a, err := e.NewArray(8000)
			if err != nil {
				b.Fatal(err)
			}
			a.Release()
		}
	})
}

// BenchmarkLoad is what it costs to get ready: an engine, a small module, another
// instance of it.
func BenchmarkLoad(b *testing.B) {
	p := newProgram()
	p.triad(4)
	p.work(1000)
	wasm := p.Encode()
	b.Run("engine", func(b *testing.B) {
		for b.Loop() {
			e, err := New(Options{})
			if err != nil {
				b.Fatal(err)
			}
			e.Close()
		}
	})
	b.Run(fmt.Sprintf("module=%dB", len(wasm)), func(b *testing.B) {
		e, err := New(Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer e.Close()
		for b.Loop() {
			m, err := e.Load(wasm, Hooks{})
			if err != nil {
				b.Fatal(err)
			}
			m.Close()
		}
	})
	b.Run("instance", func(b *testing.B) {
		_, m := p.load(b, Options{}, Hooks{})
		for b.Loop() {
			i, err := m.instantiate()
			if err != nil {
				b.Fatal(err)
			}
			i.close()
		}
	})
}

// stopping are the times that the garbage collector waited for goroutines to
// stop, while collect ran: how often each, by upper bound in seconds.
func stopping(collect func()) (median, largest time.Duration) {
	const name = "/sched/pauses/stopping/gc:seconds"
	read := func() *metrics.Float64Histogram {
		sample := []metrics.Sample{{Name: name}}
		metrics.Read(sample)
		h := sample[0].Value.Float64Histogram()
		return &metrics.Float64Histogram{Counts: slices.Clone(h.Counts), Buckets: h.Buckets}
	}
	before := read()
	collect()
	after := read()
	var all []time.Duration
	for i := range after.Counts {
		for range after.Counts[i] - before.Counts[i] {
			all = append(all, time.Duration(after.Buckets[i+1]*1e9))
		}
	}
	return all[len(all)/2], all[len(all)-1]
}

// TestStopTheWorld: the garbage collector isn't held up by a run that polls every
// 100 µs or so. The median is what counts, since the machine's other work holds
// up a few.
func TestStopTheWorld(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	wait := func(strip int64) (median, largest time.Duration) {
		p := newProgram()
		p.work(strip)
		_, m := p.load(t, Options{}, Hooks{})
		ctx, cancel := context.WithCancel(context.Background())
		run, work := begin(t, m, ctx, runtime.Limits{}), entry(t, m, "work")
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer run.End()
			if err := run.Call(work, []uint64{1 << 50}); err == nil {
				t.Error("the run ended by itself")
			}
		}()
		median, largest = stopping(func() {
			for range 9 {
				time.Sleep(time.Millisecond)
				gort.GC()
			}
		})
		cancel()
		<-done
		return median, largest
	}
	often, worst := wait(80_000)
	seldom, _ := wait(15_000_000)
	t.Logf("a poll each 80,000 rounds: median %v, largest %v; each 15,000,000 rounds: median %v", often, worst, seldom)
	if often > time.Millisecond {
		t.Errorf("the collector waits %v", often)
	}
	if seldom < 5*time.Millisecond {
		t.Errorf("without polls the collector waits only %v: the test measures nothing", seldom)
	}
}
