package encode

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// wat2wasm is what the tools of the standard make of a text, without its custom
// sections. The test is skipped where they aren't installed.
func wat2wasm(t *testing.T, text string) []byte {
	t.Helper()
	tool, err := exec.LookPath("wat2wasm")
	if err != nil {
		t.Skip("wat2wasm is not installed")
	}
	in := filepath.Join(t.TempDir(), "module.wat")
	out := in + ".wasm"
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if message, err := exec.Command(tool, in, "-o", out).CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", message, text)
	}
	wasm, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// withoutCustom is a module without its custom sections.
func withoutCustom(t *testing.T, wasm []byte) []byte {
	t.Helper()
	out := []byte(header)
	err := eachSection(wasm, func(id byte, payload []byte) {
		if id != customSection {
			out = appendSection(out, id, payload)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// compiles reports what wazero says of a module.
func compiles(wasm []byte) error {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	_, err := r.CompileModule(ctx, wasm)
	return err
}

// instantiate makes a module ready to be called.
func instantiate(t *testing.T, m *Module) api.Module {
	t.Helper()
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { r.Close(ctx) })
	instance, err := r.Instantiate(ctx, m.Encode())
	if err != nil {
		t.Fatalf("%v\n%s", err, m.Text())
	}
	return instance
}

func call(t *testing.T, instance api.Module, name string, arguments ...uint64) []uint64 {
	t.Helper()
	results, err := instance.ExportedFunction(name).Call(context.Background(), arguments...)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// TestBytes is the shortest module that does something, byte by byte.
func TestBytes(t *testing.T) {
	m := &Module{}
	f := m.Function("add", Signature{Params: []ValueType{F64, F64}, Results: []ValueType{F64}})
	f.Get(f.Param(0, "x"))
	f.Get(f.Param(1, "y"))
	f.Op(F64Add)
	m.Export("add", f)
	want := "\x00asm\x01\x00\x00\x00" +
		"\x01\x07\x01\x60\x02\x7c\x7c\x01\x7c" + // type 0: (f64, f64) -> f64
		"\x03\x02\x01\x00" + // one function of type 0
		"\x07\x07\x01\x03add\x00\x00" + // export "add" (func 0)
		"\x0a\x09\x01\x07\x00\x20\x00\x20\x01\xa0\x0b" + // no locals, get 0, get 1, add, end
		"\x00\x18\x04name\x01\x06\x01\x00\x03add\x02\x09\x01\x00\x02\x00\x01x\x01\x01y"
	if got := string(m.Encode()); got != want {
		t.Errorf("got  %x\nwant %x", got, want)
	}
	if again := string(m.Encode()); again != want {
		t.Error("encoded again, the bytes differ")
	}
}

func TestLEB128(t *testing.T) {
	for _, c := range []struct {
		v    int64
		want string
	}{
		{0, "\x00"}, {63, "\x3f"}, {64, "\xc0\x00"}, {-1, "\x7f"}, {-64, "\x40"}, {-65, "\xbf\x7f"}, {127, "\xff\x00"}, {128, "\x80\x01"},
		{math.MaxInt32, "\xff\xff\xff\xff\x07"}, {math.MinInt32, "\x80\x80\x80\x80\x78"},
		{math.MaxInt64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00"}, {math.MinInt64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f"},
	} {
		got := appendSigned(nil, c.v)
		if string(got) != c.want {
			t.Errorf("%d: %x, want %x", c.v, got, c.want)
		}
		r := reader{got}
		if back := r.signed(); back != c.v || r.rest == nil {
			t.Errorf("%d reads back as %d", c.v, back)
		}
	}
}

// everyOpcode are all rows of the table.
func everyOpcode() (opcodes []Opcode) {
	for o := range Opcode(pages << 8) {
		if o.row() != nil {
			opcodes = append(opcodes, o)
		}
	}
	return opcodes
}

// instructionModule has one function for each instruction that has types of its own.
func instructionModule() *Module {
	m := &Module{Name: "instructions"}
	m.Memory(1, 2)
	data := m.PassiveData([]byte("passive"))
	for _, o := range everyOpcode() {
		row := o.row()
		if row.immediate >= controlImmediate {
			continue
		}
		in, out := o.Operands()
		f := m.Function(o.String(), Signature{Params: in, Results: out})
		for i := range in {
			f.Get(f.Param(i, ""))
		}
		switch row.immediate {
		case noImmediate:
			f.Op(o)
		case memoryImmediate:
			f.Memory(o, 1000)
		case memoryLaneImmediate:
			f.MemoryLane(o, 0, int(row.lanes)-1)
		case laneImmediate:
			f.Lane(o, int(row.lanes)-1)
		case shuffleImmediate:
			f.Shuffle([16]uint8{31, 30, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0})
		case constImmediate:
			f.add(step{opcode: o, value: 0x4045800000000000, high: 7})
		case pageImmediate, copyImmediate:
			f.add(step{opcode: o})
		case initImmediate, dataImmediate:
			f.add(step{opcode: o, of: data})
		}
	}
	return m
}

// TestInstructions holds the whole table against wazero and against the tools of
// the standard: a wrong opcode, name, type or immediate differs somewhere.
func TestInstructions(t *testing.T) {
	m := instructionModule()
	const version1, signExtension, saturating, bulk, vectors = 172, 5, 8, 4, 236
	if got, want := len(everyOpcode()), version1+signExtension+saturating+bulk+vectors; got != want {
		t.Errorf("the table has %d instructions, want %d", got, want)
	}
	if err := m.Check(); err != nil {
		t.Error(err)
	}
	wasm := m.Encode()
	if err := compiles(wasm); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(wat2wasm(t, m.Text()), withoutCustom(t, wasm)); diff != "" {
		t.Errorf("wat2wasm (-), Encode (+):\n%s", diff)
	}
}

// sections is a module with something in every section.
func sections() *Module {
	m := &Module{Name: "all sections"}
	table := m.Table(5, 10)
	other := m.Table(1, 1)
	m.ImportMemory("calx", "memory", 1, 65535)
	depth := m.Global("depth", I32, true, 0)
	bits := math.Float64bits(math.Inf(-1))
	m.Export("minus_infinity", m.Global("", F64, false, bits))
	m.Global("", F32, false, 0x7fc00001)
	m.Global("", V128, true, 0)
	swap := Signature{Params: []ValueType{I32, F64}, Results: []ValueType{F64, I32}}
	f := m.Function("swap (both)", swap)
	f.Mark(7)
	f.Get(f.Param(1, "x"))
	f.Get(f.Param(0, "n"))
	outside := m.ImportFunction("host", "print", Signature{Params: []ValueType{I64}})
	g := m.Function("swap (both)", swap)
	g.Mark(3)
	a, b := g.Local(I64, "a"), g.Local(I64, "")
	g.Local(V128, "v")
	g.Get(g.Param(0, ""))
	g.Get(g.Param(1, ""))
	inner := g.Enter(Block, swap)
	g.Mark(1 << 31)
	g.I32Const(4)
	g.CallIndirect(table, swap)
	g.Op(Nop)
	g.End(inner)
	g.Drop()
	g.F64Const(0x1p-1074)
	g.Drop()
	g.I64Const(-5)
	g.Tee(a)
	g.Set(b)
	g.GlobalGet(depth)
	first := g.If(F64)
	g.F64Const(math.NaN())
	g.Else(first)
	g.F64Const(math.Copysign(0, -1))
	g.End(first)
	g.F32Const(1.5)
	g.Drop()
	g.Get(a)
	g.Call(outside)
	g.Op(F64Add)
	g.I32Const(math.MinInt32)
	begin := m.Function("begin", Signature{})
	m.Start(begin)
	m.Elements(table, 3, f, g)
	m.Elements(other, 0, outside)
	m.Data(1<<31, []byte("\x00data\"\\\xff"))
	m.Data(0, nil)
	m.Export("hooks", table)
	m.Export("memory", m.memory)
	m.Export("swap", g)
	m.Custom("calx.types", []byte("anything"))
	return m
}

// TestSections has something in every section, imports made last.
func TestSections(t *testing.T) {
	m := sections()
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	wasm := m.Encode()
	if err := compiles(wasm); err != nil {
		t.Fatal(err)
	}
	payload, err := FindCustom(wasm, "calx.types")
	if err != nil || string(payload) != "anything" {
		t.Errorf("custom section: %q, %v", payload, err)
	}
	if diff := cmp.Diff(wat2wasm(t, m.Text()), withoutCustom(t, wasm)); diff != "" {
		t.Errorf("wat2wasm (-), Encode (+):\n%s", diff)
	}
}

// TestSites finds marked code at the bytes where it begins.
func TestSites(t *testing.T) {
	wasm := sections().Encode()
	sites, err := Sites(wasm)
	if err != nil {
		t.Fatal(err)
	}
	var code []byte
	if err := eachSection(wasm, func(id byte, payload []byte) {
		if id == codeSection {
			code = payload
		}
	}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sites {
		got = append(got, fmt.Sprintf("%d: %x", s.Mark, code[s.Offset:s.Offset+2]))
	}
	want := []string{"7: 2001", "3: 2000", "2147483648: 4104"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestText shows how a small function reads.
func TestText(t *testing.T) {
	m := &Module{}
	f := m.Function("sum", Signature{Params: []ValueType{I32}, Results: []ValueType{I32}})
	n, s := f.Param(0, "n"), f.Local(I32, "s")
	loop := f.Loop()
	f.Get(s)
	f.Get(n)
	f.Op(I32Add)
	f.Set(s)
	f.Get(n)
	f.I32Const(1)
	f.Op(I32Sub)
	f.Tee(n)
	f.BrIf(loop)
	f.End(loop)
	f.Get(s)
	m.Export("sum", f)
	want := `(module
  (type (func (param i32) (result i32)))
  (func $sum (type 0) (param $n i32) (result i32) (local $s i32)
    loop
      local.get $s
      local.get $n
      i32.add
      local.set $s
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if 0
    end
    local.get $s
  )
  (export "sum" (func $sum))
)
`
	if diff := cmp.Diff(want, m.Text()); diff != "" {
		t.Error(diff)
	}
	if got := call(t, instantiate(t, m), "sum", 100)[0]; got != 5050 {
		t.Errorf("sum(100) = %d", got)
	}
}

// TestBranches runs branches out of nested blocks by label.
func TestBranches(t *testing.T) {
	m := &Module{}
	f := m.Function("choose", Signature{Params: []ValueType{I32}, Results: []ValueType{I32}})
	outer := f.Block(I32)
	var cases []Label
	for range 3 {
		cases = append([]Label{f.Block()}, cases...)
	}
	f.Get(f.Param(0, ""))
	f.BrTable(cases[:2], cases[2])
	for i, l := range cases {
		f.End(l)
		f.I32Const(int32(10 * (i + 1)))
		f.Br(outer)
	}
	f.End(outer)
	m.Export("choose", f)
	instance := instantiate(t, m)
	for argument, want := range []uint64{10, 20, 30, 30} {
		if got := call(t, instance, "choose", uint64(argument))[0]; got != want {
			t.Errorf("choose(%d) = %d, want %d", argument, got, want)
		}
	}
}

// TestMistakes: what can't be written panics where it is built.
func TestMistakes(t *testing.T) {
	signature := Signature{Params: []ValueType{I32}}
	for want, build := range map[string]func(m *Module, f *Function){
		"which is not open":         func(_ *Module, f *Function) { l := f.Block(); f.End(l); f.Br(l) },
		"not the innermost block":   func(_ *Module, f *Function) { l := f.Block(); f.Block(); f.End(l) },
		"else in a block":           func(_ *Module, f *Function) { f.Else(f.Block()) },
		"is open at the end":        func(m *Module, f *Function) { f.Loop(); m.Encode() },
		"a local of another":        func(m *Module, f *Function) { f.Get(m.Function("g", signature).Param(0, "")) },
		"has no parameter 1":        func(_ *Module, f *Function) { f.Param(1, "") },
		"has no lane 2":             func(_ *Module, f *Function) { f.Lane(F64x2ExtractLane, 2) },
		"added in another way":      func(_ *Module, f *Function) { f.Op(F64Load) },
		"unknown instruction (0xA0": func(_ *Module, f *Function) { f.Memory(0xA0FF, 0) },
		"has no byte 32":            func(_ *Module, f *Function) { f.Shuffle([16]uint8{32}) },
		"a second memory":           func(m *Module, _ *Function) { m.Memory(1, 1); m.Memory(1, 1) },
		"is exported twice":         func(m *Module, f *Function) { m.Export("f", f); m.Export("f", f) },
		"is imported and has":       func(m *Module, _ *Function) { m.ImportFunction("a", "b", signature).Drop() },
		"of another module":         func(_ *Module, f *Function) { f.Call((&Module{}).Function("g", signature)) },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if r := recover(); !strings.Contains(fmt.Sprint(r), want) {
					t.Errorf("panic %q", r)
				}
			}()
			m := &Module{}
			build(m, m.Function("f", signature))
		})
	}
}
