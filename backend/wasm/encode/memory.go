package encode

// The opcodes of memory.
const (
	I32Load    Opcode = 0x28
	I64Load    Opcode = 0x29
	F32Load    Opcode = 0x2A
	F64Load    Opcode = 0x2B
	I32Load8S  Opcode = 0x2C
	I32Load8U  Opcode = 0x2D
	I32Load16S Opcode = 0x2E
	I32Load16U Opcode = 0x2F
	I64Load8S  Opcode = 0x30
	I64Load8U  Opcode = 0x31
	I64Load16S Opcode = 0x32
	I64Load16U Opcode = 0x33
	I64Load32S Opcode = 0x34
	I64Load32U Opcode = 0x35
	I32Store   Opcode = 0x36
	I64Store   Opcode = 0x37
	F32Store   Opcode = 0x38
	F64Store   Opcode = 0x39
	I32Store8  Opcode = 0x3A
	I32Store16 Opcode = 0x3B
	I64Store8  Opcode = 0x3C
	I64Store16 Opcode = 0x3D
	I64Store32 Opcode = 0x3E
	MemorySize Opcode = 0x3F
	MemoryGrow Opcode = 0x40
	MemoryInit Opcode = misc | 0x08
	DataDrop   Opcode = misc | 0x09
	MemoryCopy Opcode = misc | 0x0A
	MemoryFill Opcode = misc | 0x0B
)

var memoryInstructions = [256]instruction{
	I32Load:    {name: "i32.load", in: "i", out: "i", immediate: memoryImmediate, width: 2},
	I64Load:    {name: "i64.load", in: "i", out: "l", immediate: memoryImmediate, width: 3},
	F32Load:    {name: "f32.load", in: "i", out: "f", immediate: memoryImmediate, width: 2},
	F64Load:    {name: "f64.load", in: "i", out: "d", immediate: memoryImmediate, width: 3},
	I32Load8S:  {name: "i32.load8_s", in: "i", out: "i", immediate: memoryImmediate, width: 0},
	I32Load8U:  {name: "i32.load8_u", in: "i", out: "i", immediate: memoryImmediate, width: 0},
	I32Load16S: {name: "i32.load16_s", in: "i", out: "i", immediate: memoryImmediate, width: 1},
	I32Load16U: {name: "i32.load16_u", in: "i", out: "i", immediate: memoryImmediate, width: 1},
	I64Load8S:  {name: "i64.load8_s", in: "i", out: "l", immediate: memoryImmediate, width: 0},
	I64Load8U:  {name: "i64.load8_u", in: "i", out: "l", immediate: memoryImmediate, width: 0},
	I64Load16S: {name: "i64.load16_s", in: "i", out: "l", immediate: memoryImmediate, width: 1},
	I64Load16U: {name: "i64.load16_u", in: "i", out: "l", immediate: memoryImmediate, width: 1},
	I64Load32S: {name: "i64.load32_s", in: "i", out: "l", immediate: memoryImmediate, width: 2},
	I64Load32U: {name: "i64.load32_u", in: "i", out: "l", immediate: memoryImmediate, width: 2},
	I32Store:   {name: "i32.store", in: "ii", immediate: memoryImmediate, width: 2},
	I64Store:   {name: "i64.store", in: "il", immediate: memoryImmediate, width: 3},
	F32Store:   {name: "f32.store", in: "if", immediate: memoryImmediate, width: 2},
	F64Store:   {name: "f64.store", in: "id", immediate: memoryImmediate, width: 3},
	I32Store8:  {name: "i32.store8", in: "ii", immediate: memoryImmediate, width: 0},
	I32Store16: {name: "i32.store16", in: "ii", immediate: memoryImmediate, width: 1},
	I64Store8:  {name: "i64.store8", in: "il", immediate: memoryImmediate, width: 0},
	I64Store16: {name: "i64.store16", in: "il", immediate: memoryImmediate, width: 1},
	I64Store32: {name: "i64.store32", in: "il", immediate: memoryImmediate, width: 2},
	MemorySize: {name: "memory.size", out: "i", immediate: pageImmediate},
	MemoryGrow: {name: "memory.grow", in: "i", out: "i", immediate: pageImmediate},
}

var bulkInstructions = [256]instruction{
	MemoryInit & 0xFF: {name: "memory.init", in: "iii", immediate: initImmediate},
	DataDrop & 0xFF:   {name: "data.drop", immediate: dataImmediate},
	MemoryCopy & 0xFF: {name: "memory.copy", in: "iii", immediate: copyImmediate},
	MemoryFill & 0xFF: {name: "memory.fill", in: "iii", immediate: pageImmediate},
}
