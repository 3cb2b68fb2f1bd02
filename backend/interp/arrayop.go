package interp

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// arrayOp emits an operation that is neither elementwise nor a region.
func (c *compiler) arrayOp(op *ir.Op) error {
	if (op.Code == ir.Gather || op.Code == ir.Update) && c.element(op) {
		return nil
	}
	e := execOf(c, op)
	if e == nil {
		return unsupported(op)
	}
	c.exec(e)
	return nil
}

// element emits the reading or writing of one element of 8 bytes as an
// instruction.
func (c *compiler) element(op *ir.Op) bool {
	x := op.Args[0].Type
	if !onlyPoints(op.Attr.(ir.IndexAttr)) || x.DType != ir.F64 && x.DType != ir.I64 || x.Rank() < 1 || x.Rank() > 2 {
		return false
	}
	args := c.locsOf(op.Args)
	ins := instr{a: c.loc(op.Results[0]).slot, b: args[0].slot, flag: c.flags(op)}
	ins.op = opGather1
	points := args[1:]
	if op.Code == ir.Update {
		ins.op, ins.e = opUpdate1, args[1].slot
		points = args[2:]
	}
	ins.c = points[0].slot
	if len(points) == 2 {
		ins.op++
		ins.d = points[1].slot
	}
	c.emit(ins)
	return true
}

// operands are the arguments of an operation with what is to become of them.
type operands struct {
	locs    []loc
	last    []bool
	inPlace bool
	result  loc
}

func (c *compiler) operands(op *ir.Op) operands {
	o := operands{locs: c.locsOf(op.Args), last: c.live.last[op], inPlace: !c.program.tuning.NoInPlace}
	if len(op.Results) > 0 {
		o.result = c.loc(op.Results[len(op.Results)-1])
	}
	return o
}

// array is operand i, which stays in its slot; a scalar is put in an array that
// done releases.
func (o *operands) array(f *frame, i int) (*runtime.Array, error) {
	if l := o.locs[i]; l.kind != inHandle {
		return f.box(l)
	}
	return f.h[o.locs[i].slot], nil
}

// done releases operand i if it is not used later.
func (o *operands) done(f *frame, i int, a *runtime.Array) {
	if l := o.locs[i]; l.kind != inHandle {
		f.m.memory.Release(a)
	} else if o.last[i] {
		f.m.memory.Release(a)
		f.h[l.slot] = nil
	}
}

// take is a handle of operand i: its own if it is not used later, else one
// more. Its storage may be changed if it is owned and mine.
func (o *operands) take(f *frame, i int) (a *runtime.Array, mine bool, err error) {
	l := o.locs[i]
	if l.kind != inHandle {
		a, err = f.box(l)
		return a, true, err
	}
	a = f.h[l.slot]
	if o.last[i] {
		f.h[l.slot] = nil
		return a, o.inPlace && a.Owned(), nil
	}
	f.m.memory.Retain(a)
	return a, false, nil
}

// execOf makes the code of an operation that needs more than an instruction.
func execOf(c *compiler, op *ir.Op) exec {
	switch op.Code {
	case ir.Const:
		return c.arrayConst(op)
	case ir.Iota:
		return c.iota(op)
	case ir.Broadcast, ir.Reshape:
		return c.reshape(op)
	case ir.Retype:
		return c.retype(op)
	case ir.Transpose:
		return c.transpose(op)
	case ir.Slice:
		return c.slice(op)
	case ir.Gather:
		return c.gather(op)
	case ir.Update:
		return c.update(op)
	case ir.Accumulate:
		return c.accumulate(op)
	case ir.Append:
		return c.append(op)
	case ir.Concat:
		return c.concat(op)
	case ir.Reduce:
		return c.reduce(op)
	case ir.Scan:
		return c.scan(op)
	case ir.Contract:
		return c.contract(op)
	case ir.Sort, ir.ArgSort:
		return c.sort(op)
	case ir.SearchSorted:
		return c.searchSorted(op)
	case ir.Nonzero:
		return c.nonzero(op)
	case ir.Host:
		return c.host(op)
	case ir.Budget:
		return c.budget(op)
	case ir.Check:
		return c.check(op)
	case ir.Print:
		return c.print(op)
	case ir.Format:
		return c.format(op)
	}
	return nil
}

func (c *compiler) iota(op *ir.Op) exec {
	n, result := c.dim(op.Attr.(ir.DimsAttr).Dims[0]), c.loc(op.Results[0])
	return func(f *frame) error {
		size, err := n.size(f.w)
		if err != nil {
			return err
		}
		a, err := f.m.memory.New(ir.I64, size)
		if err != nil {
			return err
		}
		for start := 0; start < size; start += copyPiece {
			piece := a.I64()[start:min(size, start+copyPiece)]
			for i := range piece {
				piece[i] = int64(start + i)
			}
			if err := f.m.spend(len(piece)); err != nil {
				return err
			}
		}
		f.h[result.slot] = a
		return nil
	}
}

// reshape shares the storage; of rank 0, a broadcast is one too.
func (c *compiler) reshape(op *ir.Op) exec {
	o := c.operands(op)
	dims := c.dims(op.Results[0].Type.Dims)
	return func(f *frame) error {
		var room [8]int
		shape, err := shape(dims, f.w, room[:0])
		if err != nil {
			return err
		}
		a, err := o.array(f, 0)
		if err != nil {
			return err
		}
		v := f.m.memory.View(a, 0, shape)
		o.done(f, 0, a)
		f.put(o.result, v)
		return nil
	}
}
