package interp

import (
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A rowPlan is an index that selects one sub-array: a position along each of the
// first axes, and all of the others.
type rowPlan struct {
	points []loc
	flag   uint16
}

// rowPlan is the plan of an index operation whose operands begin at first; ok
// says whether it has that form.
func (c *compiler) rowPlan(op *ir.Op, first int) (p rowPlan, ok bool) {
	attr := op.Attr.(ir.IndexAttr)
	positions := strings.TrimRight(attr.Spec, ":")
	if attr.Batch != 0 || len(positions) == len(attr.Spec) || positions != strings.Repeat("@", len(positions)) {
		return p, false
	}
	return rowPlan{c.locsOf(op.Args[first:]), c.flags(op)}, c.loc(op.Args[0]).kind == inHandle
}

// find is where the sub-array of x begins, and its shape.
func (p *rowPlan) find(f *frame, x *runtime.Array) (offset int, shape []int, err error) {
	shape = x.Shape()
	for _, l := range p.points {
		k, n := int64(f.w[l.slot]), shape[0]
		if uint64(k) >= uint64(n) {
			if k, err = inside(k, n, p.flag); err != nil {
				return 0, nil, err
			}
		}
		offset, shape = offset*n+int(k), shape[1:]
	}
	for _, n := range shape {
		offset *= n
	}
	return offset, shape, nil
}

func (c *compiler) gatherRow(o operands, p rowPlan) exec {
	return func(f *frame) error {
		x := f.h[o.locs[0].slot]
		offset, shape, err := p.find(f, x)
		if err != nil {
			return err
		}
		y := f.m.memory.View(x, offset, shape)
		o.done(f, 0, x)
		f.h[o.result.slot] = y
		return nil
	}
}

func (c *compiler) updateRow(o operands, p rowPlan) exec {
	return func(f *frame) error {
		offset, _, err := p.find(f, f.h[o.locs[0].slot])
		if err != nil {
			return err
		}
		x, err := o.changeable(f)
		if err != nil {
			return err
		}
		v := f.h[o.locs[1].slot]
		if err := f.m.copyBytes(x.Bytes()[offset*int(x.DType().Bytes()):], v.Bytes()); err != nil {
			return err
		}
		o.done(f, 1, v)
		f.h[o.result.slot] = x
		return nil
	}
}

// accumulateRow combines in pieces.
func (c *compiler) accumulateRow(o operands, p rowPlan, each kernelFunc) exec {
	return func(f *frame) error {
		offset, _, err := p.find(f, f.h[o.locs[0].slot])
		if err != nil {
			return err
		}
		x, err := o.changeable(f)
		if err != nil {
			return err
		}
		v := f.h[o.locs[1].slot]
		args := f.m.vecs[:2]
		for start := 0; start < v.Len(); start += stripLength {
			n := min(stripLength, v.Len()-start)
			args[0], args[1] = part(x, offset+start, n), part(v, start, n)
			if _, err := each(args[0], args); err != nil {
				return err
			}
			if err := f.m.spend(n); err != nil {
				return err
			}
		}
		o.done(f, 1, v)
		f.h[o.result.slot] = x
		return nil
	}
}
