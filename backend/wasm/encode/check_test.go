package encode

import (
	"strings"
	"testing"
)

// TestCheck shows what is said of bodies whose types are wrong.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(m *Module, f *Function)
		want  string
	}{
		{"operand", func(_ *Module, f *Function) { f.I32Const(1); f.F64Const(1); f.Op(F64Add) },
			"function f: instruction 2, f64.add: i32 is on the stack, and f64 is needed"},
		{"empty", func(_ *Module, f *Function) { f.Op(F64Sqrt) },
			"function f: instruction 0, f64.sqrt: the stack is empty, and f64 is needed"},
		{"result", func(_ *Module, f *Function) {},
			"function f: at the end: the stack is empty, and f64 is needed"},
		{"below a block", func(_ *Module, f *Function) { f.F64Const(1); l := f.Block(F64); f.Op(F64Neg); f.End(l) },
			"function f: instruction 2, f64.neg: the stack is empty, and f64 is needed"},
		{"too many", func(_ *Module, f *Function) { f.F64Const(1); f.F64Const(1) },
			"function f: at the end: 1 values too many are on the stack"},
		{"no else", func(_ *Module, f *Function) { f.I32Const(1); l := f.If(F64); f.F64Const(1); f.End(l) },
			"function f: instruction 3, end: an if without else leaves what it takes, not (result f64)"},
		{"select", func(_ *Module, f *Function) { f.F64Const(1); f.I32Const(1); f.I32Const(1); f.Select() },
			"function f: instruction 3, select: it chooses between f64 and i32"},
		{"constant global", func(m *Module, f *Function) { f.F64Const(1); f.GlobalSet(m.Global("pi", F64, false, 0)) },
			"function f: instruction 1, global.set: global pi can't be changed"},
		{"no memory", func(_ *Module, f *Function) { f.I32Const(0); f.Memory(F64Load, 0) },
			"function f: instruction 1, f64.load: the module has no memory"},
		{"elements", func(m *Module, f *Function) { m.Elements(m.Table(2, 2), 1, f, f); f.F64Const(1) },
			"elements up to 3 of a table of 2"},
		{"unreachable code takes anything", func(_ *Module, f *Function) {
			f.Unreachable()
			f.Op(F64Add)
			f.Drop()
			f.Select()
			f.Op(I64Eqz)
			f.Drop()
		}, ""},
		{"a loop's label takes its parameters", func(_ *Module, f *Function) {
			f.F64Const(1)
			l := f.Enter(Loop, Signature{Params: []ValueType{F64}, Results: []ValueType{F64}})
			f.I32Const(0)
			f.BrIf(l)
			f.End(l)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &Module{}
			c.build(m, m.Function("f", Signature{Results: []ValueType{F64}}))
			got := ""
			if err := m.Check(); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if c.name == "elements" {
				return // an engine says it when the module is instantiated
			}
			if err := compiles(m.Encode()); (err == nil) != (c.want == "") {
				t.Errorf("wazero: %v", err)
			}
		})
	}
}

// random builds a module from bytes: bodies that are well nested, and well typed
// more often than chance would have it.
func random(choices []byte) *Module {
	next := func(n int) int {
		if len(choices) == 0 {
			return 0
		}
		c := int(choices[0])
		choices = choices[1:]
		return c % n
	}
	types := []ValueType{I32, I64, F32, F64, V128}
	list := func() (out []ValueType) {
		for range next(3) {
			out = append(out, types[next(len(types))])
		}
		return out
	}
	opcodes := everyOpcode()
	m := &Module{}
	m.Memory(1, 1)
	table := m.Table(1, 1)
	global := m.Global("g", types[next(len(types))], next(2) == 0, 0)
	var functions []*Function
	for range 1 + next(3) {
		functions = append(functions, m.Function("", Signature{list(), list()}))
	}
	for _, f := range functions {
		var locals []Local
		for i := range f.signature.Params {
			locals = append(locals, f.Param(i, ""))
		}
		for range 1 + next(3) {
			locals = append(locals, f.Local(types[next(len(types))], ""))
		}
		var open []Label
		for len(choices) > 0 && next(64) > 0 {
			switch next(16) {
			case 0:
				f.I32Const(int32(next(256)))
			case 1:
				f.F64Const(float64(next(256)))
			case 2:
				f.V128Const(uint64(next(256)), 0)
			case 3:
				f.Get(locals[next(len(locals))])
			case 4:
				f.Set(locals[next(len(locals))])
			case 5:
				open = append(open, f.Enter([]Opcode{Block, Loop, If}[next(3)], Signature{list(), list()}))
			case 6, 7:
				if n := len(open); n > 0 {
					if next(3) == 0 && f.open[n-1].opcode == If {
						f.Else(open[n-1])
					} else {
						f.End(open[n-1])
						open = open[:n-1]
					}
				}
			case 8:
				if n := len(open); n > 0 {
					l := open[next(n)]
					[]func(Label){f.Br, f.BrIf, func(l Label) { f.BrTable(open, l) }}[next(3)](l)
				}
			case 9:
				f.Drop()
			case 10:
				f.Select()
			case 11:
				[]func(){f.Unreachable, f.Return, f.MemorySize, f.MemoryFill}[next(4)]()
			case 12:
				f.Call(functions[next(len(functions))])
			case 13:
				f.CallIndirect(table, functions[next(len(functions))].signature)
			case 14:
				if next(2) == 0 {
					f.GlobalGet(global)
				} else {
					f.GlobalSet(global)
				}
			default:
				switch o := opcodes[(next(256)*256+next(256))%len(opcodes)]; o.row().immediate {
				case noImmediate:
					f.Op(o)
				case memoryImmediate:
					f.Memory(o, uint32(next(256)))
				case laneImmediate:
					f.Lane(o, 0)
				}
			}
		}
		for i := len(open) - 1; i >= 0; i-- {
			f.End(open[i])
		}
	}
	return m
}

// FuzzCheck: Check and wazero agree on which modules are well typed.
func FuzzCheck(f *testing.F) {
	f.Add([]byte{0})
	f.Add([]byte(strings.Repeat("\x01\x0f\x42\x03\x05\x06\x0a\x10", 20)))
	f.Add([]byte("0000000\x0100000001001000\x0500000"))
	f.Fuzz(func(t *testing.T, choices []byte) {
		m := random(choices[:min(len(choices), 4096)])
		if _, err := Scan(m.Encode()); err != nil {
			t.Errorf("Scan: %v\n%s", err, m.Text())
		}
		ours := m.Check()
		theirs := compiles(m.Encode())
		if (ours == nil) != (theirs == nil) {
			t.Errorf("ours: %v\nwazero: %v\n%s", ours, theirs, m.Text())
		}
	})
}

// FuzzSites: no bytes make the readers of modules panic, and one that is valid
// stays so when its memory becomes an import.
func FuzzSites(f *testing.F) {
	f.Add(sections().Encode())
	f.Add(counter(false).Encode())
	f.Add(counter(true).Encode())
	f.Add([]byte(header + "\x00\x0b\x0acalx.sites"))
	f.Add([]byte(header + "\x00\x10\x0acalx.sites\xff\xff\xff\x7f\x00"))
	f.Fuzz(func(t *testing.T, wasm []byte) {
		sites, err := Sites(wasm)
		if err != nil && sites != nil {
			t.Error("sites and an error")
		}
		if _, err := Scan(wasm); err != nil {
			return // an engine might ask for any amount of memory
		}
		if shared, err := ImportMemory(wasm, "a", "b"); err == nil && compiles(wasm) == nil && compiles(shared) != nil {
			t.Errorf("%x was valid, and %x isn't", wasm, shared)
		}
	})
}
