package host

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/wasm/abi"
	"github.com/calx-lang/calx/backend/wasm/encode"
	"github.com/calx-lang/calx/runtime"
)

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
