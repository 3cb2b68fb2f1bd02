package interp

import (
	"fmt"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// arrayOp emits an operation that is neither elementwise nor a region.
func (c *compiler) arrayOp(op *ir.Op) error {
	e := execOf(c, op)
	if e == nil {
		return unsupported(op)
	}
	c.exec(e)
	return nil
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

func execOf(c *compiler, op *ir.Op) exec {
	switch op.Code {
	case ir.Iota:
		return c.iota(op)
	case ir.Broadcast, ir.Reshape, ir.Retype:
		return c.reshape(op)
	case ir.Print:
		return c.print(op)
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
		for i := range a.I64() {
			a.I64()[i] = int64(i)
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

func (c *compiler) print(op *ir.Op) exec {
	pieces := op.Attr.(ir.PrintAttr).Pieces
	o := c.operands(op)
	return func(f *frame) error {
		var line []byte
		for _, p := range pieces {
			if p.Arg < 0 {
				line = append(line, p.Text...)
				continue
			}
			text, err := f.text(&o, p.Arg)
			if err != nil {
				return err
			}
			line = append(line, text...)
		}
		for i := range o.locs {
			if o.locs[i].kind == inHandle {
				o.done(f, i, f.h[o.locs[i].slot])
			}
		}
		if f.m.output == nil {
			return nil
		}
		if _, err := f.m.output.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("the output can't be written: %w", err)
		}
		return nil
	}
}

// text is operand i as people read it.
func (f *frame) text(o *operands, i int) (string, error) {
	l := o.locs[i]
	switch l.kind {
	case inText:
		return f.t[l.slot], nil
	case inHandle:
		return runtime.Format(f.h[l.slot]), nil
	}
	a, err := f.box(l)
	if err != nil {
		return "", err
	}
	defer f.m.memory.Release(a)
	return runtime.Format(a), nil
}
