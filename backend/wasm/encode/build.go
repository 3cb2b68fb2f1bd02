package encode

import (
	"fmt"
	"math"
	"slices"
)

func (f *Function) add(s step) {
	if f.imported != nil {
		panic(fmt.Sprintf("encode: function %s is imported and has no body", f.name))
	}
	f.code = append(f.code, s)
}

// row demands that o has this kind of immediate.
func (f *Function) row(o Opcode, want immediate) *instruction {
	row := o.row()
	if row == nil || row.immediate != want {
		panic(fmt.Sprintf("encode: %s (0x%X) is added in another way", o, uint16(o)))
	}
	return row
}

// Op adds an instruction without immediates.
func (f *Function) Op(o Opcode) {
	f.row(o, noImmediate)
	f.add(step{opcode: o})
}

// Memory adds a load or store: at the address on the stack plus offset. The
// alignment said is that of the type; engines don't demand it.
func (f *Function) Memory(o Opcode, offset uint32) {
	f.row(o, memoryImmediate)
	f.add(step{opcode: o, value: uint64(offset)})
}

// MemoryLane adds a load or store of one lane of a vector.
func (f *Function) MemoryLane(o Opcode, offset uint32, lane int) {
	f.row(o, memoryLaneImmediate).check(lane)
	f.add(step{opcode: o, value: uint64(offset), lane: uint8(lane)})
}

// Lane adds an instruction for one lane of a vector.
func (f *Function) Lane(o Opcode, lane int) {
	f.row(o, laneImmediate).check(lane)
	f.add(step{opcode: o, lane: uint8(lane)})
}

func (row *instruction) check(lane int) {
	if lane < 0 || lane >= int(row.lanes) {
		panic(fmt.Sprintf("encode: %s has no lane %d", row.name, lane))
	}
}

// Shuffle adds i8x16.shuffle: each byte of the result is one of the 32 of two
// vectors.
func (f *Function) Shuffle(bytes [16]uint8) {
	s := step{opcode: I8x16Shuffle}
	for i, b := range bytes {
		if b >= 32 {
			panic(fmt.Sprintf("encode: i8x16.shuffle has no byte %d", b))
		}
		if i < 8 {
			s.value |= uint64(b) << (8 * i)
		} else {
			s.high |= uint64(b) << (8 * (i - 8))
		}
	}
	f.add(s)
}

// I32Const adds a constant.
func (f *Function) I32Const(v int32) { f.add(step{opcode: I32Const, value: uint64(uint32(v))}) }

// I64Const adds a constant.
func (f *Function) I64Const(v int64) { f.add(step{opcode: I64Const, value: uint64(v)}) }

// F32Const adds a constant with these bits.
func (f *Function) F32Const(v float32) {
	f.add(step{opcode: F32Const, value: uint64(math.Float32bits(v))})
}

// F64Const adds a constant with these bits.
func (f *Function) F64Const(v float64) { f.add(step{opcode: F64Const, value: math.Float64bits(v)}) }

// V128Const adds a constant vector, the lower half first.
func (f *Function) V128Const(low, high uint64) {
	f.add(step{opcode: V128Const, value: low, high: high})
}

// F64x2Const adds a vector of two equal numbers.
func (f *Function) F64x2Const(v float64) { f.V128Const(math.Float64bits(v), math.Float64bits(v)) }

func (f *Function) local(o Opcode, l Local) {
	if l.function != f {
		panic(fmt.Sprintf("encode: a local of another function in %s", f.name))
	}
	f.add(step{opcode: o, value: uint64(l.index)})
}

// Get reads a local.
func (f *Function) Get(l Local) { f.local(LocalGet, l) }

// Set writes a local.
func (f *Function) Set(l Local) { f.local(LocalSet, l) }

// Tee writes a local and leaves the value on the stack.
func (f *Function) Tee(l Local) { f.local(LocalTee, l) }

// GlobalGet reads a global.
func (f *Function) GlobalGet(g *Global) { f.add(step{opcode: GlobalGet, of: g}) }

// GlobalSet writes a mutable global.
func (f *Function) GlobalSet(g *Global) { f.add(step{opcode: GlobalSet, of: g}) }

// MemorySize reads the pages of memory.
func (f *Function) MemorySize() { f.add(step{opcode: MemorySize}) }

// MemoryGrow adds pages and leaves their number before, or -1.
func (f *Function) MemoryGrow() { f.add(step{opcode: MemoryGrow}) }

// MemoryCopy copies: target, source, bytes.
func (f *Function) MemoryCopy() { f.add(step{opcode: MemoryCopy}) }

// MemoryFill fills: target, byte, bytes.
func (f *Function) MemoryFill() { f.add(step{opcode: MemoryFill}) }

// MemoryInit copies from passive data: target, offset in d, bytes.
func (f *Function) MemoryInit(d *Data) { f.add(step{opcode: MemoryInit, of: d}) }

// DataDrop says that d is no longer needed.
func (f *Function) DataDrop(d *Data) { f.add(step{opcode: DataDrop, of: d}) }

// Call calls a function.
func (f *Function) Call(g *Function) {
	if g.module != f.module {
		panic(fmt.Sprintf("encode: %s calls %s of another module", f.name, g.name))
	}
	f.add(step{opcode: Call, of: g})
}

// CallIndirect calls the entry of t whose index is on the stack.
func (f *Function) CallIndirect(t *Table, signature Signature) {
	f.add(step{opcode: CallIndirect, of: indirect{t, f.module.typeIndex(signature)}})
}

// Enter opens a Block, Loop or If that takes params from the stack.
func (f *Function) Enter(o Opcode, signature Signature) Label {
	if o != Block && o != Loop && o != If {
		panic(fmt.Sprintf("encode: %s opens no block", o))
	}
	if len(signature.Params) > 0 || len(signature.Results) > 1 {
		f.module.typeIndex(signature)
	}
	f.add(step{opcode: o, value: uint64(f.blocks), of: Signature{slices.Clone(signature.Params), slices.Clone(signature.Results)}})
	l := Label{f, o, f.blocks}
	f.blocks++
	f.open = append(f.open, l)
	return l
}

// Block opens a block, which branches leave at its end.
func (f *Function) Block(results ...ValueType) Label {
	return f.Enter(Block, Signature{Results: results})
}

// Loop opens a loop, which branches begin again.
func (f *Function) Loop(results ...ValueType) Label {
	return f.Enter(Loop, Signature{Results: results})
}

// If opens what is done if the i32 on the stack isn't 0.
func (f *Function) If(results ...ValueType) Label { return f.Enter(If, Signature{Results: results}) }

// innermost demands that l is the block opened last of those open.
func (f *Function) innermost(l Label) {
	if n := len(f.open); n == 0 || f.open[n-1] != l {
		panic(fmt.Sprintf("encode: %s %d is not the innermost block of %s", l.opcode, l.id, f.name))
	}
}

// Else opens what is done otherwise.
func (f *Function) Else(l Label) {
	f.innermost(l)
	if l.opcode != If {
		panic(fmt.Sprintf("encode: else in a %s", l.opcode))
	}
	f.open[len(f.open)-1].opcode = Else
	f.add(step{opcode: Else, value: uint64(l.id)})
}

// End closes l, which must be the innermost block.
func (f *Function) End(l Label) {
	if n := len(f.open); n > 0 && l.opcode == If && f.open[n-1].opcode == Else {
		l.opcode = Else
	}
	f.innermost(l)
	f.open = f.open[:len(f.open)-1]
	f.add(step{opcode: End, value: uint64(l.id)})
}

// depth counts the blocks between here and l.
func (f *Function) depth(l Label) uint32 {
	for i := len(f.open) - 1; i >= 0; i-- {
		if o := f.open[i]; o.id == l.id && o.function == l.function {
			return uint32(len(f.open) - 1 - i)
		}
	}
	panic(fmt.Sprintf("encode: a branch in %s to %s %d, which is not open", f.name, l.opcode, l.id))
}

// Br branches to l.
func (f *Function) Br(l Label) { f.add(step{opcode: Br, value: uint64(f.depth(l))}) }

// BrIf branches to l if the i32 on the stack isn't 0.
func (f *Function) BrIf(l Label) { f.add(step{opcode: BrIf, value: uint64(f.depth(l))}) }

// BrTable branches to the label whose number is on the stack, to otherwise if
// there is none.
func (f *Function) BrTable(labels []Label, otherwise Label) {
	b := &branches{}
	for _, l := range labels {
		b.depths = append(b.depths, f.depth(l))
	}
	b.depths = append(b.depths, f.depth(otherwise))
	f.add(step{opcode: BrTable, of: b})
}

// Return leaves the function with the results on the stack.
func (f *Function) Return() { f.add(step{opcode: Return}) }

// Unreachable traps.
func (f *Function) Unreachable() { f.add(step{opcode: Unreachable}) }

// Drop takes a value off the stack.
func (f *Function) Drop() { f.add(step{opcode: Drop}) }

// Select leaves the first of two values if the i32 above them isn't 0, otherwise
// the second.
func (f *Function) Select() { f.add(step{opcode: Select}) }
