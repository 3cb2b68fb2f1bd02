package host

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/wasm/abi"
	"github.com/calx-lang/calx/backend/wasm/encode"
	"github.com/calx-lang/calx/runtime"
)

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
