package host

import (
	"testing"

	"github.com/calx-lang/calx/backend/wasm/abi"
	"github.com/calx-lang/calx/backend/wasm/encode"
)

// A program is a module written by hand for tests, with all that package abi
// demands.
type program struct {
	*encode.Module
	hooks *encode.Table
	cell  *encode.Global
}

func newProgram() program {
	m := &encode.Module{Name: "test"}
	p := program{m, m.Table(uint32(abi.Hooks), uint32(abi.Hooks)), m.Global("cell", encode.I32, true, 0)}
	m.ImportMemory(abi.MemoryModule, abi.MemoryName, 1, pages)
	m.Export(abi.HooksName, p.hooks)
	m.Export(abi.CellName, p.cell)
	return p
}

// function is an exported function.
func (p program) function(name string, params, results []encode.ValueType) *encode.Function {
	f := p.Function(name, encode.Signature{Params: params, Results: results})
	p.Export(name, f)
	return f
}

// call calls a hook whose parameters but the site are on the stack.
func (p program) call(f *encode.Function, h abi.Hook, site int32) {
	f.I32Const(site)
	f.I32Const(int32(h))
	f.CallIndirect(p.hooks, h.Signature())
}

// fail ends the program.
func (p program) fail(f *encode.Function, code, site int32, a, b encode.Local) {
	for _, word := range []struct {
		offset uint32
		value  int32
	}{{abi.CellCode, code}, {abi.CellSite, site}} {
		f.GlobalGet(p.cell)
		f.I32Const(word.value)
		f.Memory(encode.I32Store, word.offset)
	}
	f.GlobalGet(p.cell)
	f.Get(a)
	f.Memory(encode.I64Store, abi.CellA)
	f.GlobalGet(p.cell)
	f.Get(b)
	f.Memory(encode.I64Store, abi.CellB)
	f.Unreachable()
}

// load compiles the program in a new engine.
func (p program) load(tb testing.TB, options Options, hooks Hooks) (*Engine, *Module) {
	tb.Helper()
	e, err := New(options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Close(); err != nil {
			tb.Error(err)
		}
	})
	return e, p.loadIn(tb, e, hooks)
}

func (p program) loadIn(tb testing.TB, e *Engine, hooks Hooks) *Module {
	tb.Helper()
	if err := p.Check(); err != nil {
		tb.Fatal(err)
	}
	m, err := e.Load(p.Encode(), hooks)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func entry(tb testing.TB, m *Module, name string) Entry {
	tb.Helper()
	e, err := m.Entry(name)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

var i32, i64, f64, v128 = encode.I32, encode.I64, encode.F64, encode.V128

// triad adds triad(to, x, y, z, n): to[i] = 2*x[i] + y[i]*z[i], in vectors of
// two, copies of them in each round of the loop. Each array has one pointer that
// is bumped, the accesses constant offsets with the highest first, and the
// rounds end at the bottom by a count of bytes that remain.
func (p program) triad(copies int) {
	f := p.function("triad", []encode.ValueType{i32, i32, i32, i32, i32}, nil)
	to, x, y, z, n := f.Param(0, "to"), f.Param(1, "x"), f.Param(2, "y"), f.Param(3, "z"), f.Param(4, "n")
	rest, two := f.Local(i32, "rest"), f.Local(v128, "two")
	f.F64x2Const(2)
	f.Set(two)
	f.Get(n)
	f.I32Const(8)
	f.Op(encode.I32Mul)
	f.Set(rest)
	stride := int32(16 * copies)
	bump := func(stride int32) {
		for _, pointer := range []encode.Local{to, x, y, z} {
			f.Get(pointer)
			f.I32Const(stride)
			f.Op(encode.I32Add)
			f.Set(pointer)
		}
		f.Get(rest)
		f.I32Const(stride)
		f.Op(encode.I32Sub)
		f.Tee(rest)
	}
	vectors := f.Block()
	f.Get(rest)
	f.I32Const(stride)
	f.Op(encode.I32LtS)
	f.BrIf(vectors)
	round := f.Loop()
	for i := copies - 1; i >= 0; i-- {
		at := uint32(16 * i)
		f.Get(to)
		f.Get(two)
		f.Get(x)
		f.Memory(encode.V128Load, at)
		f.Op(encode.F64x2Mul)
		f.Get(y)
		f.Memory(encode.V128Load, at)
		f.Get(z)
		f.Memory(encode.V128Load, at)
		f.Op(encode.F64x2Mul)
		f.Op(encode.F64x2Add)
		f.Memory(encode.V128Store, at)
	}
	bump(stride)
	f.I32Const(stride)
	f.Op(encode.I32GeS)
	f.BrIf(round)
	f.End(round)
	f.End(vectors)
	scalars := f.Block()
	f.Get(rest)
	f.Op(encode.I32Eqz)
	f.BrIf(scalars)
	round = f.Loop()
	f.Get(to)
	f.F64Const(2)
	f.Get(x)
	f.Memory(encode.F64Load, 0)
	f.Op(encode.F64Mul)
	f.Get(y)
	f.Memory(encode.F64Load, 0)
	f.Get(z)
	f.Memory(encode.F64Load, 0)
	f.Op(encode.F64Mul)
	f.Op(encode.F64Add)
	f.Memory(encode.F64Store, 0)
	bump(8)
	f.BrIf(round)
	f.End(round)
	f.End(scalars)
}

// work adds work(rounds) -> f64, which adds 1, 2, 3 … with a poll after each
// strip of inner rounds.
func (p program) work(strip int64) {
	f := p.function("work", []encode.ValueType{i64}, []encode.ValueType{f64})
	rounds, left, sum, term := f.Param(0, "rounds"), f.Local(i64, "left"), f.Local(f64, "sum"), f.Local(f64, "term")
	pollStrip := p.Function("poll", encode.Signature{Params: []encode.ValueType{i64}})
	pollStrip.Get(pollStrip.Param(0, "steps"))
	p.call(pollStrip, abi.Poll, 42)
	outer := f.Loop()
	f.I64Const(strip)
	f.Get(rounds)
	f.I64Const(strip)
	f.Get(rounds)
	f.Op(encode.I64LtS)
	f.Select()
	f.Set(left)
	f.Get(rounds)
	f.Get(left)
	f.Op(encode.I64Sub)
	f.Set(rounds)
	inner := f.Loop()
	f.Get(term)
	f.F64Const(1)
	f.Op(encode.F64Add)
	f.Tee(term)
	f.Get(sum)
	f.Op(encode.F64Add)
	f.Set(sum)
	f.Get(left)
	f.I64Const(1)
	f.Op(encode.I64Sub)
	f.Tee(left)
	f.Op(encode.I64Eqz)
	f.Op(encode.I32Eqz)
	f.BrIf(inner)
	f.End(inner)
	f.I64Const(strip)
	f.Call(pollStrip)
	f.Get(rounds)
	f.I64Const(0)
	f.Op(encode.I64GtS)
	f.BrIf(outer)
	f.End(outer)
	f.Get(sum)
}

// identity adds identity(x) -> f64.
func (p program) identity() {
	f := p.function("identity", []encode.ValueType{f64}, []encode.ValueType{f64})
	f.Get(f.Param(0, "x"))
}
