package encode

import (
	"encoding/binary"
	"fmt"
)

// appendBody appends the locals and the code of f. It tells places where marked
// code is, counted from the beginning of the body.
func (f *Function) appendBody(b []byte, places *places) []byte {
	if len(f.open) > 0 {
		l := f.open[len(f.open)-1]
		panic(fmt.Sprintf("encode: %s %d of %s is open at the end", l.opcode, l.id, f.name))
	}
	b = f.appendLocals(b)
	marks := f.marks
	for i, s := range f.code {
		if len(marks) > 0 && marks[0].step == i {
			places.add(len(b), marks[0].site)
			marks = marks[1:]
		}
		b = s.append(b)
		if signature, ok := s.of.(Signature); ok {
			b = f.module.appendBlockType(b, signature)
		}
	}
	return append(b, byte(End))
}

// appendLocals appends the locals that aren't parameters, as runs of one type.
func (f *Function) appendLocals(b []byte) []byte {
	variables := f.locals[len(f.signature.Params):]
	type run struct {
		kind  ValueType
		count int
	}
	var runs []run
	for _, v := range variables {
		if n := len(runs); n > 0 && runs[n-1].kind == v.kind {
			runs[n-1].count++
		} else {
			runs = append(runs, run{v.kind, 1})
		}
	}
	b = appendUnsigned(b, uint64(len(runs)))
	for _, r := range runs {
		b = append(appendUnsigned(b, uint64(r.count)), byte(r.kind))
	}
	return b
}

func (m *Module) appendBlockType(b []byte, s Signature) []byte {
	switch {
	case len(s.Params) == 0 && len(s.Results) == 0:
		return append(b, emptyBlock)
	case len(s.Params) == 0 && len(s.Results) == 1:
		return append(b, byte(s.Results[0]))
	}
	return appendSigned(b, int64(m.typeIndex(s)))
}

// append appends the instruction, but for the type of a block.
func (s *step) append(b []byte) []byte {
	row := s.opcode.row()
	if prefix := prefixes[s.opcode>>8]; prefix != 0 {
		b = appendUnsigned(append(b, prefix), uint64(s.opcode&0xFF))
	} else {
		b = append(b, byte(s.opcode))
	}
	switch row.immediate {
	case memoryImmediate:
		return appendUnsigned(append(b, row.width), s.value)
	case memoryLaneImmediate:
		return append(appendUnsigned(append(b, row.width), s.value), s.lane)
	case laneImmediate:
		return append(b, s.lane)
	case shuffleImmediate:
		return s.appendVector(b)
	case constImmediate:
		return s.appendConstant(b)
	case pageImmediate:
		return append(b, 0)
	case copyImmediate:
		return append(b, 0, 0)
	case initImmediate:
		return append(appendUnsigned(b, uint64(s.of.(*Data).index)), 0)
	case dataImmediate:
		return appendUnsigned(b, uint64(s.of.(*Data).index))
	case localImmediate:
		return appendUnsigned(b, s.value)
	case globalImmediate:
		return appendUnsigned(b, uint64(s.of.(*Global).index))
	case controlImmediate:
		return s.appendControl(b)
	}
	return b
}

func (s *step) appendVector(b []byte) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, s.value), s.high)
}

func (s *step) appendConstant(b []byte) []byte {
	switch s.opcode {
	case I32Const:
		return appendSigned(b, int64(int32(s.value)))
	case I64Const:
		return appendSigned(b, int64(s.value))
	case F32Const:
		return binary.LittleEndian.AppendUint32(b, uint32(s.value))
	case F64Const:
		return binary.LittleEndian.AppendUint64(b, s.value)
	}
	return s.appendVector(b)
}

func (s *step) appendControl(b []byte) []byte {
	switch s.opcode {
	case Br, BrIf:
		return appendUnsigned(b, s.value)
	case BrTable:
		depths := s.of.(*branches).depths
		b = appendUnsigned(b, uint64(len(depths)-1))
		for _, d := range depths {
			b = appendUnsigned(b, uint64(d))
		}
	case Call:
		return appendUnsigned(b, uint64(s.of.(*Function).index))
	case CallIndirect:
		to := s.of.(indirect)
		return appendUnsigned(appendUnsigned(b, uint64(to.kind)), uint64(to.table.index))
	}
	return b
}
