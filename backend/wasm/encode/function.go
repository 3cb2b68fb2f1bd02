package encode

import "fmt"

// A Function is a function of a module and, unless it is imported, its body.
// Instructions are added by calls, each after the one before.
type Function struct {
	index     uint32
	imported  *importName
	name      string
	signature Signature
	kind      uint32 // index of the signature among the module's types
	module    *Module

	locals []local // parameters first
	code   []step
	open   []Label // blocks that stand open, outermost first
	blocks int     // opened so far
	marks  []mark
}

type local struct {
	name string
	kind ValueType
}

// A Local is a parameter or local variable of one function.
type Local struct {
	function *Function
	index    uint32
}

// A Label is a block, loop or if of one function, for branches to it: to the
// beginning of a loop, to the end of the others.
type Label struct {
	function *Function
	opcode   Opcode
	id       int
}

// A step is an instruction with its immediates.
type step struct {
	opcode Opcode
	lane   uint8
	value  uint64 // a constant, an offset, the index of a local, the depth of a label
	high   uint64 // the upper half of a vector
	of     any    // *Function, *Global, *Data, Signature of a block, indirect or *branches
}

type indirect struct {
	table *Table
	kind  uint32
}

// branches are the depths of a br_table; the last is the default.
type branches struct{ depths []uint32 }

// A mark gives the instructions from one on the place that they come from.
type mark struct {
	step int
	site uint32
}

func (m *Module) newFunction(name string, signature Signature) *Function {
	f := &Function{name: name, module: m, kind: m.typeIndex(signature)}
	f.signature = m.types[f.kind]
	for i, t := range signature.Params {
		f.locals = append(f.locals, local{fmt.Sprintf("p%d", i), t})
	}
	m.functions = append(m.functions, f)
	return f
}

// Param is parameter i. A name that is not empty becomes its name.
func (f *Function) Param(i int, name string) Local {
	if i < 0 || i >= len(f.signature.Params) {
		panic(fmt.Sprintf("encode: function %s has no parameter %d", f.name, i))
	}
	if name != "" {
		f.locals[i].name = name
	}
	return Local{f, uint32(i)}
}

// Local makes a local variable, which begins as 0. The name may be empty.
func (f *Function) Local(kind ValueType, name string) Local {
	f.locals = append(f.locals, local{name, kind})
	return Local{f, uint32(len(f.locals) - 1)}
}

// Mark says that the instructions from here on, until the next mark, come from
// site, a number of the caller's.
func (f *Function) Mark(site uint32) {
	if n := len(f.marks); n > 0 {
		switch last := &f.marks[n-1]; {
		case last.site == site:
			return
		case last.step == len(f.code):
			last.site = site
			return
		}
	}
	f.marks = append(f.marks, mark{len(f.code), site})
}
