package encode

// An Opcode names an instruction: its code, and above it the page of codes
// that a prefix byte opens.
type Opcode uint16

const (
	plain Opcode = 0 << 8
	misc  Opcode = 1 << 8 // prefix 0xFC
	simd  Opcode = 2 << 8 // prefix 0xFD
	pages        = 3
)

var prefixes = [pages]byte{0, 0xFC, 0xFD}

// An instruction is a row of the table: all that is true of an opcode. Types of
// operands and results are letters: i i32, l i64, f f32, d f64, v v128.
type instruction struct {
	name      string
	in, out   string
	immediate immediate
	width     uint8 // of a memory access: log2 of its bytes
	lanes     uint8 // that a lane immediate chooses from
}

type immediate uint8

const (
	noImmediate         immediate = iota
	memoryImmediate               // alignment and offset of an access to memory 0
	memoryLaneImmediate           // the same, and a lane
	laneImmediate
	shuffleImmediate // 16 lanes of two vectors
	constImmediate   // of the type that it leaves
	pageImmediate    // memory 0
	copyImmediate    // memory 0, memory 0
	initImmediate    // a data segment, memory 0
	dataImmediate    // a data segment
	controlImmediate // its own: see control.go
	localImmediate
	globalImmediate
)

// tables are the rows by page; each opcode has its row in one of them.
var tables = [pages][]*[256]instruction{
	plain >> 8: {&controlInstructions, &memoryInstructions, &numericInstructions},
	misc >> 8:  {&bulkInstructions, &saturatingInstructions},
	simd >> 8:  {&vectorInstructions, &vectorIntegerInstructions},
}

// row is the row of o, nil if there is none.
func (o Opcode) row() *instruction {
	if page := int(o >> 8); page < pages {
		for _, table := range tables[page] {
			if row := &table[o&0xFF]; row.name != "" {
				return row
			}
		}
	}
	return nil
}

// String is the name of the instruction in the text format.
func (o Opcode) String() string {
	if row := o.row(); row != nil {
		return row.name
	}
	return "unknown instruction"
}

// Operands are the types that the instruction takes from the stack and those
// that it leaves there. Control instructions and those of variables, whose
// types depend on where they stand, have none.
func (o Opcode) Operands() (in, out []ValueType) {
	row := o.row()
	if row == nil {
		return nil, nil
	}
	return typesOf(row.in), typesOf(row.out)
}

func typesOf(letters string) []ValueType {
	if letters == "" {
		return nil
	}
	types := make([]ValueType, len(letters))
	for i := range letters {
		types[i] = typeOf(letters[i])
	}
	return types
}

func typeOf(letter byte) ValueType {
	switch letter {
	case 'i':
		return I32
	case 'l':
		return I64
	case 'f':
		return F32
	case 'd':
		return F64
	}
	return V128
}
