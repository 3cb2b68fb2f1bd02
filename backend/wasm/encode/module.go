// Package encode writes WebAssembly modules: version 1 of the format with
// multiple values, bulk memory, sign extension, saturating conversions and
// 128-bit vectors. In comes a Module, built by calls; out goes its binary form
// (Encode), its text (Text, which wat2wasm reads), or the first mistake of its
// types (Check). It knows nothing of the programs that modules are made from.
//
// Functions, globals, locals and labels are handles, so that order and nesting
// need no counting by the caller. What can't be written at all, such as a branch
// to a label that is not open or a lane that a vector doesn't have, panics where
// it is built: it is a mistake of the compiler that calls.
package encode

import (
	"fmt"
	"slices"
)

// A ValueType is the type of a local, a global, an operand.
type ValueType byte

// The types of values.
const (
	I32  ValueType = 0x7F
	I64  ValueType = 0x7E
	F32  ValueType = 0x7D
	F64  ValueType = 0x7C
	V128 ValueType = 0x7B
)

// String is the name in the text format.
func (t ValueType) String() string {
	switch t {
	case I32:
		return "i32"
	case I64:
		return "i64"
	case F32:
		return "f32"
	case F64:
		return "f64"
	case V128:
		return "v128"
	}
	return "unknown"
}

// A Signature is the type of a function, or of a block.
type Signature struct {
	Params, Results []ValueType
}

func (s Signature) equal(t Signature) bool {
	return slices.Equal(s.Params, t.Params) && slices.Equal(s.Results, t.Results)
}

// A Module is a module being built. Its zero value is empty.
type Module struct {
	Name string // for debuggers; may be empty

	types     []Signature
	functions []*Function
	tables    []*Table
	memory    *Memory
	globals   []*Global
	exports   []export
	elements  []element
	data      []*Data
	customs   []custom
	start     *Function
}

// An importName says where an import comes from; a definition has none.
type importName struct{ module, name string }

// A Table holds functions for indirect calls.
type Table struct {
	index    uint32
	imported *importName
	limits   limits
}

// A Memory is the memory of a module.
type Memory struct {
	imported *importName
	limits   limits
}

// limits are in entries of a table, or in pages of 64 KiB.
type limits struct{ least, most uint32 }

// A Global is a variable of a module.
type Global struct {
	index    uint32
	imported *importName
	name     string
	kind     ValueType
	mutable  bool
	initial  uint64
}

// Data is a piece of memory that a module brings with it.
type Data struct {
	index  uint32
	active bool
	offset uint32
	bytes  []byte
}

type export struct {
	name string
	of   any // *Function, *Table, *Memory or *Global
}

type element struct {
	table     *Table
	offset    uint32
	functions []*Function
}

type custom struct {
	name  string
	bytes []byte
}

// typeIndex is the index of s among the types, where it is put if it is new.
func (m *Module) typeIndex(s Signature) uint32 {
	for i, t := range m.types {
		if t.equal(s) {
			return uint32(i)
		}
	}
	m.types = append(m.types, Signature{slices.Clone(s.Params), slices.Clone(s.Results)})
	return uint32(len(m.types) - 1)
}

// ImportFunction makes a function that the environment gives.
func (m *Module) ImportFunction(module, name string, signature Signature) *Function {
	f := m.newFunction(name, signature)
	f.imported = &importName{module, name}
	return f
}

// ImportMemory imports the memory, of least to most pages.
func (m *Module) ImportMemory(module, name string, least, most uint32) *Memory {
	memory := m.Memory(least, most)
	memory.imported = &importName{module, name}
	return memory
}

// ImportTable imports a table of least to most entries.
func (m *Module) ImportTable(module, name string, least, most uint32) *Table {
	t := m.Table(least, most)
	t.imported = &importName{module, name}
	return t
}

// ImportGlobal imports a global.
func (m *Module) ImportGlobal(module, name string, kind ValueType, mutable bool) *Global {
	g := m.Global(name, kind, mutable, 0)
	g.imported = &importName{module, name}
	return g
}

// Function makes a function, whose body is to be built. The name is for
// debuggers and the text.
func (m *Module) Function(name string, signature Signature) *Function {
	return m.newFunction(name, signature)
}

// Memory makes the memory, of least to most pages of 64 KiB. A module has one.
func (m *Module) Memory(least, most uint32) *Memory {
	if m.memory != nil {
		panic("encode: a second memory")
	}
	m.memory = &Memory{limits: limitsOf(least, most)}
	return m.memory
}

// Table makes a table of least to most entries.
func (m *Module) Table(least, most uint32) *Table {
	t := &Table{limits: limitsOf(least, most)}
	m.tables = append(m.tables, t)
	return t
}

func limitsOf(least, most uint32) limits {
	if least > most {
		panic(fmt.Sprintf("encode: limits %d to %d", least, most))
	}
	return limits{least, most}
}

// Global makes a global; initial are the bits of its first value, which for a
// vector are all 0.
func (m *Module) Global(name string, kind ValueType, mutable bool, initial uint64) *Global {
	if kind == V128 && initial != 0 {
		panic("encode: a global vector begins as 0")
	}
	g := &Global{name: name, kind: kind, mutable: mutable, initial: initial}
	m.globals = append(m.globals, g)
	return g
}

// Export makes a function, table, memory or global visible under a name.
func (m *Module) Export(name string, of any) {
	switch of.(type) {
	case *Function, *Table, *Memory, *Global:
	default:
		panic(fmt.Sprintf("encode: a %T can't be exported", of))
	}
	for _, e := range m.exports {
		if e.name == name {
			panic(fmt.Sprintf("encode: %q is exported twice", name))
		}
	}
	m.exports = append(m.exports, export{name, of})
}

// Elements puts functions into a table, beginning at offset, when the module is
// instantiated.
func (m *Module) Elements(table *Table, offset uint32, functions ...*Function) {
	m.elements = append(m.elements, element{table, offset, slices.Clone(functions)})
}

// Data puts bytes into memory at offset when the module is instantiated.
func (m *Module) Data(offset uint32, bytes []byte) *Data {
	d := &Data{active: true, offset: offset, bytes: bytes}
	m.data = append(m.data, d)
	return d
}

// PassiveData is for Body.MemoryInit.
func (m *Module) PassiveData(bytes []byte) *Data {
	d := &Data{bytes: bytes}
	m.data = append(m.data, d)
	return d
}

// Start makes f, which has neither parameters nor results, run when the module
// is instantiated.
func (m *Module) Start(f *Function) { m.start = f }

// Custom adds a custom section, which engines ignore.
func (m *Module) Custom(name string, bytes []byte) {
	m.customs = append(m.customs, custom{name, bytes})
}

// number gives everything its index: imports come first, each kind in the order
// in which it was made.
func (m *Module) number() {
	first := func(imported *importName) int {
		if imported != nil {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(m.functions, func(f, g *Function) int { return first(f.imported) - first(g.imported) })
	slices.SortStableFunc(m.tables, func(s, t *Table) int { return first(s.imported) - first(t.imported) })
	slices.SortStableFunc(m.globals, func(g, h *Global) int { return first(g.imported) - first(h.imported) })
	for i, f := range m.functions {
		f.index = uint32(i)
	}
	for i, t := range m.tables {
		t.index = uint32(i)
	}
	for i, g := range m.globals {
		g.index = uint32(i)
	}
	for i, d := range m.data {
		d.index = uint32(i)
	}
}
