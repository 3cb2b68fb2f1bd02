package interp

import (
	"unsafe"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// intOps and floatOps are the instructions of operations on words.
var intOps = map[ir.Code]opcode{
	ir.Neg: opNegI, ir.Abs: opAbsI, ir.Sign: opSignI,
	ir.Add: opAddI, ir.Sub: opSubI, ir.Mul: opMulI, ir.Min: opMinI, ir.Max: opMaxI,
	ir.FloorDiv: opFloorDivI, ir.Mod: opModI, ir.Pow: opPowI,
	ir.And: opAnd, ir.Or: opOr, ir.Xor: opXor, ir.Not: opNotI, ir.Shl: opShl, ir.Shr: opShr, ir.Philox: opPhilox,
	ir.Eq: opEqI, ir.Lt: opLtI, ir.Le: opLeI,
}

var floatOps = map[ir.Code]opcode{
	ir.Neg: opNegF, ir.Abs: opAbsF, ir.Sqrt: opSqrtF,
	ir.Add: opAddF, ir.Sub: opSubF, ir.Mul: opMulF, ir.Div: opDivF, ir.Min: opMinF, ir.Max: opMaxF,
	ir.Eq: opEqF, ir.Lt: opLtF, ir.Le: opLeF,
}

var boolOps = map[ir.Code]opcode{
	ir.And: opAnd, ir.Or: opOr, ir.Xor: opXor, ir.Not: opNotB, ir.Eq: opEqI,
}

// scalar emits an elementwise operation of rank 0, or a size.
func (c *compiler) scalar(op *ir.Op) error {
	if op.Code == ir.SizeOp {
		return c.size(op)
	}
	result := c.loc(op.Results[0])
	args := c.locsOf(op.Args)
	t := args[len(args)-1].dtype
	ins := instr{a: result.slot, b: args[0].slot}
	if len(args) > 1 {
		ins.c = args[1].slot
	}
	if len(args) > 2 {
		ins.d = args[2].slot
	}
	if t == ir.C128 || result.dtype == ir.C128 {
		return c.pairs(op)
	}
	var table map[ir.Code]opcode
	switch t {
	case ir.I64:
		table = intOps
	case ir.Bool:
		table = boolOps
	default:
		table = floatOps
	}
	code, ok := table[op.Code]
	switch {
	case ok:
		ins.op = code
	case op.Code == ir.Select:
		ins.op = opSelect
	case op.Code == ir.Convert:
		ins.op = conversion(t, result.dtype)
	case t.IsFloat():
		if ins.op, ins.flag, ok = functionOp(op.Code); !ok {
			return unsupported(op)
		}
	default:
		return unsupported(op)
	}
	c.emit(ins)
	if result.dtype == ir.F32 && t == ir.F32 && roundsF32(op.Code) {
		c.emit(instr{op: opRoundToF32, a: result.slot, b: result.slot})
	}
	return nil
}

// roundsF32 reports whether an operation on f32 is computed in f64 and rounded.
// For a single + - * / or square root that is the f32 operation itself.
func roundsF32(code ir.Code) bool {
	switch code {
	case ir.Neg, ir.Abs, ir.Min, ir.Max, ir.Select, ir.Convert:
		return false
	}
	return true
}

func functionOp(code ir.Code) (opcode, uint16, bool) {
	for i := range unaryFuncs {
		if unaryFuncs[i].code == code {
			return opFunc1, uint16(i), true
		}
	}
	for i := range binaryFuncs {
		if binaryFuncs[i].code == code {
			return opFunc2, uint16(i), true
		}
	}
	return 0, 0, false
}

func conversion(from, to ir.DType) opcode {
	switch {
	case to == from || from == ir.Bool && to == ir.I64 || from == ir.F32 && to == ir.F64:
		return opMove
	case from.IsFloat() && to == ir.I64:
		return opFToInt
	case from.IsFloat() && to == ir.Bool:
		return opFToBool
	case to == ir.Bool:
		return opIntToBool
	case from == ir.F64 && to == ir.F32:
		return opRoundToF32
	case to == ir.F32:
		return opIntToF32
	}
	return opIntToF
}

// pairs emits an operation that has complex numbers, by its kernel.
func (c *compiler) pairs(op *ir.Op) error {
	k := kernelOf(op)
	if k == nil {
		return unsupported(op)
	}
	result, args := c.loc(op.Results[0]), c.locsOf(op.Args)
	c.exec(func(f *frame) error {
		cells, vecs := &f.m.cells, &f.m.vecs
		for i, a := range args {
			vecs[i] = cells[i].load(f, a)
		}
		out := &cells[len(args)]
		if _, err := k(vec{unsafe.Pointer(out), 1}, vecs[:len(args)]); err != nil {
			return err
		}
		out.store(f, result)
		return nil
	})
	return nil
}

// A cell holds one element as arrays do.
type cell [2]uint64

// load makes the cell the element at l.
func (e *cell) load(f *frame, l loc) vec {
	p := unsafe.Pointer(e)
	switch l.dtype {
	case ir.Bool:
		*(*bool)(p) = f.w[l.slot] != 0
	case ir.F32:
		*(*float32)(p) = float32(number(f.w[l.slot]))
	case ir.C128:
		e[0], e[1] = f.w[l.slot], f.w[l.slot+1]
	default:
		e[0] = f.w[l.slot]
	}
	return vec{p, 1}
}

// store writes the element to l.
func (e *cell) store(f *frame, l loc) { storeElement(f, l, unsafe.Pointer(e)) }

// storeElement writes the element at p, which is as in arrays, to l.
func storeElement(f *frame, l loc, p unsafe.Pointer) {
	switch l.dtype {
	case ir.Bool:
		f.w[l.slot] = truth(*(*bool)(p))
	case ir.F32:
		f.w[l.slot] = word(float64(*(*float32)(p)))
	case ir.C128:
		z := *(*[2]uint64)(p)
		f.w[l.slot], f.w[l.slot+1] = z[0], z[1]
	default:
		f.w[l.slot] = *(*uint64)(p)
	}
}

func (c *compiler) size(op *ir.Op) error {
	attr := op.Attr.(ir.SizeAttr)
	slots := c.atomSlots(attr.B, c.atomSlots(attr.A, nil))
	result := c.loc(op.Results[0]).slot
	c.exec(func(f *frame) error {
		f.w[result] = uint64(attr.Eval(func(a ir.Atom) int64 { return int64(f.w[slots[a]]) }))
		return nil
	})
	return nil
}

// box is a handle of the value at l, taken out of its slot; a scalar is put in
// an array.
func (f *frame) box(l loc) (*runtime.Array, error) {
	if l.kind == inHandle {
		a := f.h[l.slot]
		f.h[l.slot] = nil
		return a, nil
	}
	a, err := f.m.memory.New(l.dtype)
	if err != nil {
		return nil, err
	}
	var e cell
	copy(a.Bytes(), unsafe.Slice((*byte)(e.load(f, l).p), l.dtype.Bytes()))
	return a, nil
}

// put stores a, with its handle, at l; of an array of rank 0 the element.
func (f *frame) put(l loc, a *runtime.Array) {
	if l.kind == inHandle {
		f.h[l.slot] = a
		return
	}
	storeElement(f, l, unsafe.Pointer(unsafe.SliceData(a.Bytes())))
	f.m.memory.Release(a)
}

// accept takes a value from outside.
func (f *frame) accept(l loc, v runtime.Value) error {
	switch v := v.(type) {
	case runtime.Text:
		if l.kind == inText {
			f.t[l.slot] = string(v)
			return nil
		}
	case *runtime.Array:
		if v != nil && l.kind != inText && v.DType() == l.dtype && v.Rank() == int(l.rank) {
			f.put(l, v)
			return nil
		}
	}
	return errWrongArgument
}
