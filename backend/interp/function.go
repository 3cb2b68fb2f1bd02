package interp

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A function is compiled code. Its frame is a window of words, one of handles
// and one of texts; words begin with the constants.
type function struct {
	name    string
	pos     ast.Span
	code    []instr
	places  []place // of each instruction
	consts  []uint64
	texts   []string // constants; text slots begin with them
	words   int      // sizes of the frame's windows
	handles int
	strings int
	sizes   []loc
	params  []loc
	results []loc
	types   []ir.Type // of params
	unused  []int32   // handle slots of params that nothing uses
	execs   []exec
	calls   []callSite
	moves   []transfer // the results out of the frame

	compiler *compiler // while the module is compiled
}

// An exec is an operation that needs more than an instruction: it reads and
// writes the frame.
type exec func(f *frame) error

// An instr is one step of the machine. What its operands mean depends on op: a
// slot, a target, an index into a table of the function.
type instr struct {
	op   opcode
	flag uint16
	a    int32 // the result, mostly
	b, c int32
	d, e int32
}

// A loc is where a value lives.
type loc struct {
	kind  locKind
	dtype ir.DType
	rank  int32
	slot  int32
}

// A locKind is a part of the frame.
type locKind uint8

const (
	nowhere  locKind = iota
	inWord           // bool, i64, f32, f64 of rank 0
	inPair           // c128 of rank 0: two words
	inHandle         // an array
	inText
)

// A transfer moves one value between slots: of one frame, or of two. A handle
// is taken out of its slot if last, else one more is made.
type transfer struct {
	kind     locKind
	last     bool
	from, to int32
}

// A callSite is a call: what goes in, and where results go.
type callSite struct {
	callee  *function
	sizes   []dim
	args    []transfer
	results []loc
}
