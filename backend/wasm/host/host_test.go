package host

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/calx-lang/calx/backend/wasm/encode"
	"github.com/calx-lang/calx/runtime"
)

func begin(tb testing.TB, m *Module, ctx context.Context, limits runtime.Limits) *Instance {
	tb.Helper()
	i, err := m.Begin(ctx, limits)
	if err != nil {
		tb.Fatal(err)
	}
	return i
}

func array(tb testing.TB, e *Engine, n int, value func(i int) float64) *Array {
	tb.Helper()
	a, err := e.NewArray(int64(8 * n))
	if err != nil {
		tb.Fatal(err)
	}
	for i := range Elements[float64](a) {
		Elements[float64](a)[i] = value(i)
	}
	return a
}

// TestKernel runs a vector kernel on arrays that Go sees as slices, of all
// lengths around its strides.
func TestKernel(t *testing.T) {
	for _, guarded := range []bool{false, true} {
		t.Run(fmt.Sprint("guard=", guarded), func(t *testing.T) {
			p := newProgram()
			p.triad(8)
			e, m := p.load(t, Options{Guard: guarded}, Hooks{})
			run := begin(t, m, context.Background(), runtime.Limits{})
			defer run.End()
			triad := entry(t, m, "triad")
			for n := range 40 {
				x := array(t, e, n, func(i int) float64 { return float64(i) })
				y := array(t, e, n, func(i int) float64 { return 1 / float64(i+1) })
				z := array(t, e, n, func(i int) float64 { return math.Inf(i - 1) })
				to := array(t, e, n, func(int) float64 { return -1 })
				stack := []uint64{uint64(to.Address()), uint64(x.Address()), uint64(y.Address()), uint64(z.Address()), uint64(n)}
				if err := run.Call(triad, stack); err != nil {
					t.Fatal(err)
				}
				for i, got := range Elements[float64](to) {
					if want := float64(2*float64(i)) + float64(1/float64(i+1)*math.Inf(i-1)); got != want {
						t.Errorf("n = %d: element %d is %v, want %v", n, i, got, want)
					}
				}
				for _, a := range []*Array{x, y, z, to} {
					if a.Address()%64 != 0 {
						t.Errorf("address %d", a.Address())
					}
					a.Release()
				}
			}
			if err := e.heap.verify(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestHighAddresses: arrays beyond 2 GiB work as others do.
func TestHighAddresses(t *testing.T) {
	p := newProgram()
	p.triad(4)
	e, m := p.load(t, Options{}, Hooks{})
	low, err := e.NewArray(3 << 30)
	if err != nil {
		t.Skip(err)
	}
	defer low.Release()
	x := array(t, e, 101, func(i int) float64 { return float64(i) })
	defer x.Release()
	if x.Address() < 3<<30 {
		t.Fatalf("address %d", x.Address())
	}
	run := begin(t, m, context.Background(), runtime.Limits{})
	defer run.End()
	in := uint64(x.Address())
	if err := run.Call(entry(t, m, "triad"), []uint64{in, in, in, in, 101}); err != nil {
		t.Fatal(err)
	}
	for i, got := range Elements[float64](x) {
		if want := float64(2*i + i*i); got != want {
			t.Errorf("element %d is %v, want %v", i, got, want)
		}
	}
	if _, err := e.NewArray(2 << 30); err == nil {
		t.Error("5 GiB in 4")
	}
}

// TestGuard finds a kernel that writes outside, before and behind, and one that
// writes what is freed.
func TestGuard(t *testing.T) {
	p := newProgram()
	f := p.function("store", []encode.ValueType{i32}, nil)
	f.Get(f.Param(0, "address"))
	f.I32Const(1)
	f.Memory(encode.I32Store8, 0)
	e, m := p.load(t, Options{Guard: true}, Hooks{})
	store := entry(t, m, "store")
	for _, c := range []struct {
		offset int
		want   string
	}{{0, ""}, {99, ""}, {-1, "outside of the 100 bytes"}, {100, "outside of the 100 bytes"}} {
		a, err := e.NewArray(100)
		if err != nil {
			t.Fatal(err)
		}
		run := begin(t, m, context.Background(), runtime.Limits{})
		got := fmt.Sprint(run.Call(store, []uint64{uint64(int(a.Address()) + c.offset)}))
		if c.want == "" && got != "<nil>" || !strings.Contains(got, c.want) {
			t.Errorf("offset %d: %s", c.offset, got)
		}
		run.End()
		a.Release()
		if c.want != "" {
			_ = e.Inspect() // releasing it reports the same again
		}
	}
	a, err := e.NewArray(100)
	if err != nil {
		t.Fatal(err)
	}
	if x := Elements[float64](a); !math.IsNaN(x[0]) || !math.IsNaN(x[11]) {
		t.Errorf("fresh memory is %v", x)
	}
	kept := Elements[byte](a)
	a.Release()
	kept[50] = 1
	if _, err := e.NewArray(100); err != nil {
		t.Fatal(err)
	}
	if err := e.Inspect(); err == nil || !strings.Contains(err.Error(), "after it was freed") {
		t.Errorf("use after free: %v", err)
	}
}

// TestRefused: what isn't a module for this package is refused with a reason.
func TestRefused(t *testing.T) {
	good := newProgram()
	good.identity()
	e, _ := good.load(t, Options{}, Hooks{})
	without := &encode.Module{}
	foreign := newProgram()
	foreign.ImportFunction("env", "system", encode.Signature{})
	own := &encode.Module{}
	own.Memory(1, 1)
	wrong := newProgram()
	wrong.Function("wrong", encode.Signature{}).F64Const(1)
	trap := newProgram()
	start := trap.Function("start", encode.Signature{})
	start.Unreachable()
	trap.Start(start)
	for name, c := range map[string]struct {
		wasm []byte
		want string
	}{
		"empty":   {nil, "not a WebAssembly module"},
		"text":    {[]byte("# a program"), "not a WebAssembly module"},
		"newer":   {[]byte("\x00asm\x02\x00\x00\x00"), "newer version"},
		"cut":     {good.Encode()[:60], "damaged"},
		"without": {without.Encode(), "hooks"},
		"memory":  {own.Encode(), "memory of its own"},
		"types":   {wrong.Encode(), "too many results"},
		"foreign": {foreign.Encode(), "env"},
		"start":   {trap.Encode(), "by itself"},
	} {
		if _, err := e.Load(c.wasm, Hooks{}); err == nil || !strings.Contains(err.Error(), "refused") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestConcurrent: many runs at once, each with arrays of its own.
func TestConcurrent(t *testing.T) {
	p := newProgram()
	p.triad(8)
	p.work(1000)
	e, m := p.load(t, Options{}, Hooks{})
	triad, work := entry(t, m, "triad"), entry(t, m, "work")
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for round := range 50 {
				n := 1000*worker + round
				run := begin(t, m, context.Background(), runtime.Limits{})
				x := array(t, e, n, func(i int) float64 { return float64(worker) })
				to := array(t, e, n, func(int) float64 { return 0 })
				in := uint64(x.Address())
				if err := run.Call(triad, []uint64{uint64(to.Address()), in, in, in, uint64(n)}); err != nil {
					t.Error(err)
				}
				for i, got := range Elements[float64](to) {
					if want := float64(2*worker + worker*worker); got != want {
						t.Errorf("worker %d, element %d: %v", worker, i, got)
						return
					}
				}
				if err := run.Call(work, []uint64{5000}); err != nil {
					t.Error(err)
				}
				run.End()
				x.Release()
				to.Release()
			}
		})
	}
	group.Wait()
	if err := e.heap.verify(); err != nil {
		t.Error(err)
	}
}

// TestCache: a second engine finds compiled code on disk.
func TestCache(t *testing.T) {
	directory := t.TempDir()
	for range 2 {
		p := newProgram()
		p.identity()
		_, m := p.load(t, Options{Cache: directory}, Hooks{})
		run := begin(t, m, context.Background(), runtime.Limits{})
		stack := []uint64{math.Float64bits(1.5)}
		if err := run.Call(entry(t, m, "identity"), stack); err != nil || math.Float64frombits(stack[0]) != 1.5 {
			t.Error(stack, err)
		}
		run.End()
	}
}
