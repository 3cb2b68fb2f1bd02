package encode

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// The numbers of sections and of kinds of imports and exports.
const (
	customSection = iota
	typeSection
	importSection
	functionSection
	tableSection
	memorySection
	globalSection
	exportSection
	startSection
	elementSection
	codeSection
	dataSection
	dataCountSection
)

const (
	functionKind = iota
	tableKind
	memoryKind
	globalKind
)

const (
	header       = "\x00asm\x01\x00\x00\x00"
	functionType = 0x60
	functionRef  = 0x70
	emptyBlock   = 0x40
	nameSection  = "name"
)

// SitesSection is the name of the custom section that says which place each
// piece of code comes from; Sites reads it. There is one if any function has a
// mark.
const SitesSection = "calx.sites"

// Encode is the module in the binary format. The same calls give the same
// bytes. It panics if a function has an open block.
func (m *Module) Encode() []byte {
	m.number()
	out := []byte(header)
	section := func(id byte, count int, write func(b []byte) []byte) {
		if count > 0 {
			out = appendSection(out, id, write(appendUnsigned(nil, uint64(count))))
		}
	}
	section(typeSection, len(m.types), m.appendTypes)
	imports, importCount := m.imports()
	section(importSection, importCount, func(b []byte) []byte { return append(b, imports...) })
	defined := m.defined()
	section(functionSection, len(defined), func(b []byte) []byte {
		for _, f := range defined {
			b = appendUnsigned(b, uint64(f.kind))
		}
		return b
	})
	var tables []byte
	count := 0
	for _, t := range m.tables {
		if t.imported == nil {
			tables = appendLimits(append(tables, functionRef), t.limits)
			count++
		}
	}
	section(tableSection, count, func(b []byte) []byte { return append(b, tables...) })
	if m.memory != nil && m.memory.imported == nil {
		section(memorySection, 1, func(b []byte) []byte { return appendLimits(b, m.memory.limits) })
	}
	var globals []byte
	count = 0
	for _, g := range m.globals {
		if g.imported == nil {
			globals = g.append(globals)
			count++
		}
	}
	section(globalSection, count, func(b []byte) []byte { return append(b, globals...) })
	section(exportSection, len(m.exports), m.appendExports)
	if m.start != nil {
		out = appendSection(out, startSection, appendUnsigned(nil, uint64(m.start.index)))
	}
	section(elementSection, len(m.elements), m.appendElements)
	if m.usesPassiveData() {
		out = appendSection(out, dataCountSection, appendUnsigned(nil, uint64(len(m.data))))
	}
	places := new(places)
	section(codeSection, len(defined), func(b []byte) []byte {
		for _, f := range defined {
			body := f.appendBody(nil, places)
			b = appendUnsigned(b, uint64(len(body)))
			places.moveTo(len(b))
			b = append(b, body...)
		}
		return b
	})
	section(dataSection, len(m.data), m.appendData)
	if names := m.names(); len(names) > 0 {
		out = appendCustom(out, nameSection, names)
	}
	if len(places.sites) > 0 {
		out = appendCustom(out, SitesSection, places.encode())
	}
	for _, c := range m.customs {
		out = appendCustom(out, c.name, c.bytes)
	}
	return out
}

// defined are the functions that aren't imported.
func (m *Module) defined() []*Function {
	for i, f := range m.functions {
		if f.imported == nil {
			return m.functions[i:]
		}
	}
	return nil
}

func appendSection(b []byte, id byte, payload []byte) []byte {
	return append(appendUnsigned(append(b, id), uint64(len(payload))), payload...)
}

func appendCustom(b []byte, name string, payload []byte) []byte {
	return appendSection(b, customSection, append(appendName(nil, name), payload...))
}

// appendUnsigned appends v in LEB128.
func appendUnsigned(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

// appendSigned appends v in signed LEB128.
func appendSigned(b []byte, v int64) []byte {
	for v < -64 || v > 63 {
		b = append(b, byte(v&0x7F)|0x80)
		v >>= 7
	}
	return append(b, byte(v&0x7F))
}

func appendName(b []byte, name string) []byte {
	return append(appendUnsigned(b, uint64(len(name))), name...)
}

func appendValueTypes(b []byte, types []ValueType) []byte {
	b = appendUnsigned(b, uint64(len(types)))
	for _, t := range types {
		b = append(b, byte(t))
	}
	return b
}

func appendLimits(b []byte, l limits) []byte {
	return appendUnsigned(appendUnsigned(append(b, 1), uint64(l.least)), uint64(l.most))
}

func (m *Module) appendTypes(b []byte) []byte {
	for _, s := range m.types {
		b = append(b, functionType)
		b = appendValueTypes(b, s.Params)
		b = appendValueTypes(b, s.Results)
	}
	return b
}

// imports are the entries of the import section.
func (m *Module) imports() (b []byte, count int) {
	begin := func(name *importName, kind byte) {
		count++
		b = append(appendName(appendName(b, name.module), name.name), kind)
	}
	for _, f := range m.functions {
		if f.imported != nil {
			begin(f.imported, functionKind)
			b = appendUnsigned(b, uint64(f.kind))
		}
	}
	for _, t := range m.tables {
		if t.imported != nil {
			begin(t.imported, tableKind)
			b = appendLimits(append(b, functionRef), t.limits)
		}
	}
	if m.memory != nil && m.memory.imported != nil {
		begin(m.memory.imported, memoryKind)
		b = appendLimits(b, m.memory.limits)
	}
	for _, g := range m.globals {
		if g.imported != nil {
			begin(g.imported, globalKind)
			b = append(b, byte(g.kind), flag(g.mutable))
		}
	}
	return b, count
}

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}

func (g *Global) append(b []byte) []byte {
	b = append(b, byte(g.kind), flag(g.mutable))
	constant := step{value: g.initial}
	switch g.kind {
	case I32:
		constant.opcode = I32Const
	case I64:
		constant.opcode = I64Const
	case F32:
		constant.opcode = F32Const
	case F64:
		constant.opcode = F64Const
	case V128:
		constant.opcode = V128Const
	default:
		panic(fmt.Sprintf("encode: global %s has type %d", g.name, g.kind))
	}
	return append(constant.append(b), byte(End))
}

func (m *Module) appendExports(b []byte) []byte {
	for _, e := range m.exports {
		b = appendName(b, e.name)
		switch of := e.of.(type) {
		case *Function:
			b = appendUnsigned(append(b, functionKind), uint64(of.index))
		case *Table:
			b = appendUnsigned(append(b, tableKind), uint64(of.index))
		case *Memory:
			b = append(b, memoryKind, 0)
		case *Global:
			b = appendUnsigned(append(b, globalKind), uint64(of.index))
		}
	}
	return b
}

// appendOffset appends the constant expression that is v.
func appendOffset(b []byte, v uint32) []byte {
	return append(appendSigned(append(b, byte(I32Const)), int64(int32(v))), byte(End))
}

func (m *Module) appendElements(b []byte) []byte {
	for _, e := range m.elements {
		if e.table.index == 0 {
			b = appendOffset(append(b, 0), e.offset)
		} else {
			b = appendUnsigned(append(b, 2), uint64(e.table.index))
			b = append(appendOffset(b, e.offset), 0)
		}
		b = appendUnsigned(b, uint64(len(e.functions)))
		for _, f := range e.functions {
			b = appendUnsigned(b, uint64(f.index))
		}
	}
	return b
}

func (m *Module) usesPassiveData() bool {
	return slices.ContainsFunc(m.data, func(d *Data) bool { return !d.active })
}

func (m *Module) appendData(b []byte) []byte {
	for _, d := range m.data {
		if d.active {
			b = appendOffset(append(b, 0), d.offset)
		} else {
			b = append(b, 1)
		}
		b = append(appendUnsigned(b, uint64(len(d.bytes))), d.bytes...)
	}
	return b
}
