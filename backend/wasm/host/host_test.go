package host

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/wasm/abi"
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

// checked adds get(address, n, i) -> f64, which fails if i is not an index of an
// array of n, and counts its calls in a global that reset clears.
func (p program) checked() {
	calls := p.Global("calls", i64, true, 0)
	f := p.function("get", []encode.ValueType{i32, i64, i64}, []encode.ValueType{f64, i64})
	address, n, i := f.Param(0, "address"), f.Param(1, "n"), f.Param(2, "i")
	f.GlobalGet(calls)
	f.I64Const(1)
	f.Op(encode.I64Add)
	f.GlobalSet(calls)
	f.Get(i)
	f.Get(n)
	f.Op(encode.I64GeU)
	outside := f.If()
	p.fail(f, 5, 17, i, n)
	f.End(outside)
	f.Get(address)
	f.Get(i)
	f.Op(encode.I32WrapI64)
	f.I32Const(3)
	f.Op(encode.I32Shl)
	f.Op(encode.I32Add)
	f.Memory(encode.F64Load, 0)
	f.GlobalGet(calls)
	reset := p.function(abi.ResetName, nil, nil)
	reset.I64Const(0)
	reset.GlobalSet(calls)
}

// TestFailure: an error of the program names its place, and the same instance
// works on, with its globals as at the beginning.
func TestFailure(t *testing.T) {
	p := newProgram()
	p.checked()
	e, m := p.load(t, Options{}, Hooks{})
	a := array(t, e, 3, func(i int) float64 { return float64(10 * i) })
	defer a.Release()
	get := entry(t, m, "get")
	run := begin(t, m, context.Background(), runtime.Limits{})
	defer run.End()
	for range 3 {
		stack := []uint64{uint64(a.Address()), 3, 2}
		if err := run.Call(get, stack); err != nil || math.Float64frombits(stack[0]) != 20 || stack[1] != 1 {
			t.Fatalf("a[2]: %v, %v", stack, err)
		}
		err := run.Call(get, []uint64{uint64(a.Address()), 3, math.MaxUint64})
		var failure *Failure
		if !errors.As(err, &failure) || *failure != (Failure{Site: 17, Code: 5, A: -1, B: 3}) {
			t.Fatalf("a[-1]: %#v", err)
		}
	}
}

// TestLimits: runs end where they are, with the codes of limits, and the next
// run of the same instance works.
func TestLimits(t *testing.T) {
	p := newProgram()
	p.work(50_000)
	p.identity()
	_, m := p.load(t, Options{}, Hooks{})
	work := entry(t, m, "work")
	const forever = 1 << 50
	background := context.Background()
	cancelled := func(after time.Duration) context.Context {
		ctx, cancel := context.WithCancel(background)
		time.AfterFunc(after, cancel)
		if after == 0 {
			<-ctx.Done()
		}
		return ctx
	}
	deadline := func() context.Context {
		ctx, stop := context.WithTimeout(background, 30*time.Millisecond)
		t.Cleanup(stop)
		return ctx
	}
	for _, c := range []struct {
		name   string
		ctx    func() context.Context
		limits runtime.Limits
		want   ast.Code
		site   uint32
	}{
		{"cancelled", func() context.Context { return cancelled(30 * time.Millisecond) }, runtime.Limits{}, ast.CodeCancelled, 42},
		{"cancelled before", func() context.Context { return cancelled(0) }, runtime.Limits{}, ast.CodeCancelled, 0},
		{"time", deadline, runtime.Limits{}, ast.CodeTimeLimit, 42},
		{"steps", func() context.Context { return background }, runtime.Limits{Steps: 1_000_000}, ast.CodeStepLimit, 42},
	} {
		run := begin(t, m, c.ctx(), c.limits)
		err := run.Call(work, []uint64{forever})
		var failure *Failure
		var cause *runtime.Failure
		if !errors.As(err, &failure) || !errors.As(err, &cause) || cause.Code != c.want || failure.Site != c.site {
			t.Errorf("%s: %v", c.name, err)
		}
		run.End()
		run = begin(t, m, context.Background(), runtime.Limits{})
		stack := []uint64{1000}
		if err := run.Call(work, stack); err != nil || math.Float64frombits(stack[0]) != 500500 {
			t.Errorf("after %s: %v, %v", c.name, stack, err)
		}
		run.End()
	}
	if len(m.free) != 1 {
		t.Errorf("%d instances were made", len(m.free))
	}
}

// TestLatency: one of two concurrent runs that is cancelled in the middle of its
// loop ends within 10 ms, and the other goes on.
func TestLatency(t *testing.T) {
	p := newProgram()
	p.work(50_000)
	_, m := p.load(t, Options{}, Hooks{})
	work := entry(t, m, "work")
	start := func() (cancel func(), ended chan error) {
		ctx, cancel := context.WithCancel(context.Background())
		run := begin(t, m, ctx, runtime.Limits{})
		ended = make(chan error, 1)
		go func() {
			err := run.Call(work, []uint64{1 << 50})
			run.End()
			ended <- err
		}()
		return cancel, ended
	}
	stop, other := start()
	var waits []time.Duration
	for range 7 {
		cancel, ended := start()
		time.Sleep(5 * time.Millisecond)
		cancelled := time.Now()
		cancel()
		if err := <-ended; err == nil {
			t.Fatal("the run ended by itself")
		}
		waits = append(waits, time.Since(cancelled))
	}
	select {
	case err := <-other:
		t.Errorf("the other run ended: %v", err)
	default:
	}
	stop()
	<-other
	slices.Sort(waits)
	t.Logf("after cancelling: %v", waits)
	if median := waits[len(waits)/2]; median > 10*time.Millisecond {
		t.Errorf("runs end %v after they are cancelled", median)
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

// hooked adds outside(hook, operation, block), a call of one of the hooks, and
// depth(n), which calls itself n deep.
func (p program) hooked() {
	f := p.function("outside", []encode.ValueType{i32, i32, i32}, nil)
	f.Get(f.Param(1, "operation"))
	f.Get(f.Param(2, "block"))
	f.I32Const(99)
	f.Get(f.Param(0, "hook"))
	f.CallIndirect(p.hooks, abi.Host.Signature())
	g := p.function("depth", []encode.ValueType{i64}, []encode.ValueType{i64})
	n := g.Param(0, "n")
	g.Get(n)
	g.Op(encode.I64Eqz)
	last := g.If(i64)
	g.I64Const(0)
	g.Else(last)
	g.Get(n)
	g.I64Const(1)
	g.Op(encode.I64Sub)
	g.Call(g)
	g.I64Const(1)
	g.Op(encode.I64Add)
	g.End(last)
}

// TestHooks: what a module calls outside sees its memory, may run the module
// again, and ends the run with an error.
func TestHooks(t *testing.T) {
	p := newProgram()
	p.hooked()
	refused := errors.New("refused")
	var calls []string
	var outside Entry
	hook := func(name string) func(*Instance, uint32, uint32) error {
		return func(run *Instance, operation, block uint32) error {
			values, err := View[float64](run, block, 2)
			if err != nil {
				return err
			}
			calls = append(calls, fmt.Sprint(name, " ", operation, " ", values))
			switch operation {
			case 1:
				return refused
			case 2:
				panic("a mistake of the host function")
			case 5:
				return run.Call(outside, []uint64{uint64(abi.Print), 0, uint64(block)})
			case 3:
				inner, err := run.module.Begin(run.Context(), runtime.Limits{})
				if err != nil {
					return err
				}
				defer inner.End()
				return inner.Call(outside, []uint64{uint64(abi.Print), 4, uint64(block)})
			}
			values[1]++
			return nil
		}
	}
	e, m := p.load(t, Options{}, Hooks{hook("library"), hook("host"), hook("print")})
	outside = entry(t, m, "outside")
	a := array(t, e, 2, func(i int) float64 { return float64(i + 1) })
	block := uint64(a.Address())
	run := begin(t, m, context.Background(), runtime.Limits{})
	for _, c := range []struct {
		hook      abi.Hook
		operation uint64
		block     uint64
		check     func(err error) bool
	}{
		{abi.Library, 0, block, func(err error) bool { return err == nil }},
		{abi.Host, 3, block, func(err error) bool { return err == nil }},
		{abi.Host, 1, block, func(err error) bool {
			var f *Failure
			return errors.As(err, &f) && f.Site == 99 && errors.Is(err, refused)
		}},
		{abi.Host, 0, 1<<32 - 8, func(err error) bool { var f *Failure; return errors.As(err, &f) }},
		{abi.Host, 5, block, func(err error) bool { return strings.Contains(fmt.Sprint(err), "a call is going on") }},
		{abi.Host, 2, block, func(err error) bool { var f *Fault; return errors.As(err, &f) }},
		{abi.Host, 0, block, func(err error) bool { return strings.Contains(fmt.Sprint(err), "a fault came before") }},
	} {
		if err := run.Call(outside, []uint64{uint64(c.hook), c.operation, c.block}); !c.check(err) {
			t.Errorf("hook %d, operation %d: %v", c.hook, c.operation, err)
		}
	}
	run.End()
	want := "[library 0 [1 2] host 3 [1 3] print 4 [1 3] host 1 [1 4] host 5 [1 4] host 2 [1 4]]"
	if got := fmt.Sprint(calls); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	run = begin(t, m, context.Background(), runtime.Limits{})
	defer run.End()
	if err := run.Call(outside, []uint64{uint64(abi.Library), 0, block}); err != nil {
		t.Errorf("after a fault: %v", err)
	}
	var fault *Fault
	if err := run.Call(entry(t, m, "depth"), []uint64{1 << 40}); !errors.As(err, &fault) {
		t.Errorf("calls without end: %v", err)
	}
}

// allocating adds allocate(address, bytes) -> address.
func (p program) allocating() {
	f := p.function("allocate", []encode.ValueType{i32, i64}, []encode.ValueType{i32})
	f.Get(f.Param(0, "address"))
	f.Get(f.Param(1, "bytes"))
	p.call(f, abi.Allocate, 8)
}

// TestAllocate: a module's storage moves, is counted, is freed with the run or
// handed on.
func TestAllocate(t *testing.T) {
	p := newProgram()
	p.allocating()
	e, m := p.load(t, Options{Guard: true}, Hooks{})
	allocate := entry(t, m, "allocate")
	before := e.Used()
	run := begin(t, m, context.Background(), runtime.Limits{Memory: 10_000})
	call := func(address uint32, bytes int64) (uint32, error) {
		stack := []uint64{uint64(address), uint64(bytes)}
		err := run.Call(allocate, stack)
		return uint32(stack[0]), err
	}
	a, err := call(0, 80)
	if err != nil {
		t.Fatal(err)
	}
	x, err := View[float64](run, a, 10)
	if err != nil {
		t.Fatal(err)
	}
	x[9] = 9
	b, err := call(a, 9_000)
	if err != nil {
		t.Fatal(err)
	}
	if y, _ := View[float64](run, b, 10); y[9] != 9 {
		t.Error("moved storage lost what it held")
	}
	for _, bytes := range []int64{2_000, -1, math.MaxInt64} {
		_, err = call(0, bytes)
		var cause *runtime.Failure
		if !errors.As(err, &cause) || cause.Code != ast.CodeMemoryLimit {
			t.Errorf("%d bytes: %v", bytes, err)
		}
	}
	if _, err := run.Arena(2_000); err == nil {
		t.Error("an arena beyond the limit")
	}
	if _, err := run.Arena(500); err != nil {
		t.Error(err)
	}
	if c, err := call(b, 0); c != 0 || err != nil {
		t.Error(c, err)
	}
	c, err := call(0, 0)
	if c == 0 || err != nil {
		t.Error(c, err)
	}
	d, err := call(0, 64)
	if err != nil {
		t.Fatal(err)
	}
	result, err := run.Take(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Take(d); err == nil {
		t.Error("a result was taken twice")
	}
	var fault *Fault
	if _, err := call(d, 0); !errors.As(err, &fault) {
		t.Errorf("freed what was taken: %v", err)
	}
	run.End()
	result.Release()
	if used := e.Used(); used >= before {
		t.Errorf("%d bytes are in use, at the beginning %d", used, before)
	}
	if err := e.heap.verify(); err != nil {
		t.Error(err)
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

// TestConstants: all instances see the same constants, written once.
func TestConstants(t *testing.T) {
	p := newProgram()
	data := p.Global("data", i32, true, 0)
	p.Export(abi.DataName, data)
	p.Export(abi.DataBytesName, p.Global("", i32, false, 16))
	bytes := p.PassiveData([]byte("\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x40"))
	write := p.function(abi.DataInitName, nil, nil)
	write.GlobalGet(data)
	write.I32Const(0)
	write.I32Const(16)
	write.MemoryInit(bytes)
	f := p.function("second", nil, []encode.ValueType{f64, i32})
	f.GlobalGet(data)
	f.Memory(encode.F64Load, 8)
	f.GlobalGet(data)
	e, m := p.load(t, Options{}, Hooks{})
	first, second := begin(t, m, context.Background(), runtime.Limits{}), begin(t, m, context.Background(), runtime.Limits{})
	x, y := make([]uint64, 2), make([]uint64, 2)
	if err := errors.Join(first.Call(entry(t, m, "second"), x), second.Call(entry(t, m, "second"), y)); err != nil {
		t.Fatal(err)
	}
	if math.Float64frombits(x[0]) != 2 || x[0] != y[0] || x[1] != y[1] {
		t.Errorf("%v and %v", x, y)
	}
	first.End()
	second.End()
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if used := e.Used(); used != 0 {
		t.Errorf("%d bytes are in use without modules", used)
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
