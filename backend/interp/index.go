package interp

import (
	"strings"
	"unsafe"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// An indexPlan is the attribute of an index operation, and where its operands
// begin.
type indexPlan struct {
	attr   ir.IndexAttr
	ranges []dim
	first  int // operand of the first letter that has one
}

func (c *compiler) indexPlan(op *ir.Op, first int) *indexPlan {
	attr := op.Attr.(ir.IndexAttr)
	p := &indexPlan{attr: attr, first: first}
	for _, r := range attr.Range {
		p.ranges = append(p.ranges, c.dim(r.Dim))
	}
	return p
}

// index is the index in this frame, in room that the machine lends.
func (p *indexPlan) index(f *frame, o *operands) (kernel.Index, error) {
	m := f.m
	index := kernel.Index{Batch: 1, TableSize: 1, Wrap: p.attr.Wrap}
	for _, n := range f.h[o.locs[0].slot].Shape()[:p.attr.Batch] {
		index.Batch *= n
	}
	m.axes = m.axes[:0]
	m.points = resize(m.points[:0], len(p.attr.Spec))
	operand, ranged := p.first, 0
	for i := range len(p.attr.Spec) {
		axis := kernel.IndexAxis{Kind: p.attr.Spec[i]}
		switch axis.Kind {
		case '@', 'r':
			if l := o.locs[operand]; l.kind == inHandle {
				axis.Start = f.h[l.slot].I64()
			} else {
				m.points[i] = int64(f.w[l.slot])
				axis.Start = m.points[i : i+1]
			}
			operand++
			if axis.Kind == 'r' {
				n, err := p.ranges[ranged].size(f.w)
				if err != nil {
					return index, err
				}
				axis.Count, axis.Step = n, int(p.attr.Range[ranged].Step)
				ranged++
			}
		case 't':
			if l := o.locs[operand]; l.kind == inHandle {
				table := f.h[l.slot]
				axis.Table = table.I64()
				if strings.IndexByte(p.attr.Spec, 't') == i { // all have one shape
					for _, n := range table.Shape()[p.attr.Batch:] {
						index.TableSize *= n
					}
				}
			} else {
				m.points[i] = int64(f.w[l.slot])
				axis.Table = m.points[i : i+1]
			}
			operand++
		}
		m.axes = append(m.axes, axis)
	}
	index.Axes = m.axes
	return index, nil
}

// release gives up the index operands that are used for the last time.
func (p *indexPlan) release(f *frame, o *operands) {
	for i := p.first; i < len(o.locs); i++ {
		if o.locs[i].kind == inHandle {
			o.done(f, i, f.h[o.locs[i].slot])
		}
	}
}

// onlyPoints reports whether the index selects one element.
func onlyPoints(attr ir.IndexAttr) bool {
	return attr.Batch == 0 && strings.Count(attr.Spec, "@") == len(attr.Spec)
}

// flags are those of an index instruction.
func (c *compiler) flags(op *ir.Op) uint16 {
	var flag uint16
	if op.Attr.(ir.IndexAttr).Wrap {
		flag |= wraps
	}
	if c.live.last[op][0] {
		flag |= takes
		if !c.program.tuning.NoInPlace {
			flag |= changes
		}
	}
	return flag
}

// point finds the element of x that points select.
func point(f *frame, x *runtime.Array, points []loc, flag uint16) (int, error) {
	at := 0
	for i, n := range x.Shape() {
		k := int64(f.w[points[i].slot])
		if uint64(k) >= uint64(n) {
			var err error
			if k, err = inside(k, n, flag); err != nil {
				return 0, err
			}
		}
		at = at*n + int(k)
	}
	return at, nil
}

func elementAt(x *runtime.Array, i int) unsafe.Pointer { return part(x, i, 1).p }

// gather emits the reading of elements. Of rows that stand together it makes a
// view.
func (c *compiler) gather(op *ir.Op) exec {
	attr := op.Attr.(ir.IndexAttr)
	o := c.operands(op)
	if onlyPoints(attr) && o.locs[0].kind == inHandle {
		flag := c.flags(op)
		points := o.locs[1:]
		return func(f *frame) error {
			x := f.h[o.locs[0].slot]
			at, err := point(f, x, points, flag)
			if err != nil {
				return err
			}
			storeElement(f, o.result, elementAt(x, at))
			o.done(f, 0, x)
			return nil
		}
	}
	if row, ok := c.rowPlan(op, 1); ok {
		return c.gatherRow(o, row)
	}
	p := c.indexPlan(op, 1)
	dims := c.dims(op.Results[0].Type.Dims)
	return func(f *frame) error {
		x := f.h[o.locs[0].slot]
		index, err := p.index(f, &o)
		if err != nil {
			return err
		}
		var room [8]int
		shape, err := shape(dims, f.w, room[:0])
		if err != nil {
			return err
		}
		y, err := gathered(f.m, x, index, attr.Batch, shape)
		if err != nil {
			return err
		}
		p.release(f, &o)
		o.done(f, 0, x)
		f.put(o.result, y)
		return nil
	}
}

func gathered(m *machine, x *runtime.Array, index kernel.Index, batch int, shape []int) (*runtime.Array, error) {
	dims := x.Shape()[batch:]
	if batch == 0 {
		if offset, ok := rows(dims, index); ok {
			return m.memory.View(x, offset, shape), nil
		}
	}
	y, err := m.memory.New(x.DType(), shape...)
	if err != nil {
		return nil, err
	}
	return y, moving(x.DType(),
		func() error { return kernel.Gather(raw[bool](y), raw[bool](x), dims, index, m.pollFn) },
		func() error { return kernel.Gather(raw[float32](y), raw[float32](x), dims, index, m.pollFn) },
		func() error { return kernel.Gather(raw[int64](y), raw[int64](x), dims, index, m.pollFn) },
		func() error {
			return kernel.Gather(raw[complex128](y), raw[complex128](x), dims, index, m.pollFn)
		})
}

// rows reports whether an index without tables selects elements that stand
// together, and where they begin.
func rows(dims []int, index kernel.Index) (offset int, ok bool) {
	var room [8]kernel.Range
	ranges := room[:0]
	for i, a := range index.Axes {
		r := kernel.Range{Count: 1, Step: 1}
		switch a.Kind {
		case ':':
			r.Count = dims[i]
		case '@':
			r.Start = int(a.Start[0])
			if index.Wrap && r.Start < 0 {
				r.Start += dims[i]
			}
		case 'r':
			r.Start, r.Count, r.Step = int(a.Start[0]), a.Count, a.Step
		default:
			return 0, false
		}
		ranges = append(ranges, r)
	}
	return contiguous(dims, ranges)
}

// changeable is a handle of operand 0 whose storage may be changed: the operand
// itself if nobody else sees it, else a copy.
func (o *operands) changeable(f *frame) (*runtime.Array, error) {
	x, mine, err := o.take(f, 0)
	if err != nil || mine {
		return x, err
	}
	y, err := f.m.memory.New(x.DType(), x.Shape()...)
	if err != nil {
		return nil, err
	}
	if err := f.m.copyBytes(y.Bytes(), x.Bytes()); err != nil {
		return nil, err
	}
	f.m.memory.Release(x)
	return y, nil
}

func (c *compiler) update(op *ir.Op) exec {
	attr := op.Attr.(ir.IndexAttr)
	o := c.operands(op)
	if onlyPoints(attr) && o.locs[0].kind == inHandle {
		flag := c.flags(op)
		points := o.locs[2:]
		width := int(o.result.dtype.Bytes())
		return func(f *frame) error {
			at, err := point(f, f.h[o.locs[0].slot], points, flag)
			if err != nil {
				return err
			}
			x, err := o.changeable(f)
			if err != nil {
				return err
			}
			var e cell
			copy(x.Bytes()[at*width:], unsafe.Slice((*byte)(e.load(f, o.locs[1]).p), width))
			f.h[o.result.slot] = x
			return nil
		}
	}
	if row, ok := c.rowPlan(op, 2); ok {
		return c.updateRow(o, row)
	}
	p := c.indexPlan(op, 2)
	return func(f *frame) error {
		index, err := p.index(f, &o)
		if err != nil {
			return err
		}
		v, err := o.array(f, 1)
		if err != nil {
			return err
		}
		x, err := o.changeable(f)
		if err != nil {
			return err
		}
		dims := x.Shape()[attr.Batch:]
		offset, together := 0, false
		if attr.Batch == 0 {
			offset, together = rows(dims, index)
		}
		if together {
			err = f.m.copyBytes(x.Bytes()[offset*int(x.DType().Bytes()):], v.Bytes())
		} else {
			err = updated(f.m, x, v, dims, index)
		}
		if err != nil {
			return err
		}
		p.release(f, &o)
		o.done(f, 1, v)
		f.put(o.result, x)
		return nil
	}
}

// updated writes v to the elements of x that the index selects.
func updated(m *machine, x, v *runtime.Array, dims []int, index kernel.Index) error {
	return moving(x.DType(),
		func() error { return kernel.Update(raw[bool](x), raw[bool](v), dims, index, m.pollFn) },
		func() error { return kernel.Update(raw[float32](x), raw[float32](v), dims, index, m.pollFn) },
		func() error { return kernel.Update(raw[int64](x), raw[int64](v), dims, index, m.pollFn) },
		func() error {
			return kernel.Update(raw[complex128](x), raw[complex128](v), dims, index, m.pollFn)
		})
}

var combines = [...]kernel.Combine{
	ir.AccumulateAdd: kernel.CombineAdd, ir.AccumulateSub: kernel.CombineSub,
	ir.AccumulateMul: kernel.CombineMul, ir.AccumulateDiv: kernel.CombineDiv,
}

// elementCode is the elementwise operation of a mode.
var elementCode = [...]ir.Code{
	ir.AccumulateAdd: ir.Add, ir.AccumulateSub: ir.Sub,
	ir.AccumulateMul: ir.Mul, ir.AccumulateDiv: ir.Div,
}

// combination is the kernel of a mode.
func combination(mode ir.AccumulateMode, t ir.DType) kernelFunc {
	code := elementCode[mode]
	if code == ir.Div && t == ir.I64 {
		code = ir.FloorDiv
	}
	return kernels[kernelKey{code, t}]
}

func (c *compiler) accumulate(op *ir.Op) exec {
	attr := op.Attr.(ir.IndexAttr)
	o := c.operands(op)
	how := combines[attr.Mode]
	if onlyPoints(attr) && o.locs[0].kind == inHandle {
		flag := c.flags(op)
		points := o.locs[2:]
		combine := combination(attr.Mode, o.result.dtype)
		return func(f *frame) error {
			at, err := point(f, f.h[o.locs[0].slot], points, flag)
			if err != nil {
				return err
			}
			x, err := o.changeable(f)
			if err != nil {
				return err
			}
			p := elementAt(x, at)
			if x.DType() == ir.F64 {
				y, v := (*float64)(p), number(f.w[o.locs[1].slot])
				switch attr.Mode {
				case ir.AccumulateAdd:
					*y += v
				case ir.AccumulateSub:
					*y -= v
				case ir.AccumulateMul:
					*y *= v
				default:
					*y /= v
				}
			} else {
				target, args := vec{p, 1}, &f.m.vecs
				args[0], args[1] = target, f.m.cells[0].load(f, o.locs[1])
				if _, err := combine(target, args[:2]); err != nil {
					return err
				}
			}
			f.h[o.result.slot] = x
			return nil
		}
	}
	each := combination(attr.Mode, o.result.dtype)
	if row, ok := c.rowPlan(op, 2); ok {
		return c.accumulateRow(o, row, each)
	}
	p := c.indexPlan(op, 2)
	return func(f *frame) error {
		index, err := p.index(f, &o)
		if err != nil {
			return err
		}
		v, err := o.array(f, 1)
		if err != nil {
			return err
		}
		x, err := o.changeable(f)
		if err != nil {
			return err
		}
		offset, together := 0, false
		if attr.Batch == 0 && v.Len() <= stripLength {
			offset, together = rows(x.Shape(), index)
		}
		if together {
			target, args := part(x, offset, v.Len()), &f.m.vecs
			args[0], args[1] = target, part(v, 0, v.Len())
			_, err = each(target, args[:2])
		} else {
			err = accumulate(f.m, x, v, attr.Batch, index, how)
		}
		if err != nil {
			return err
		}
		p.release(f, &o)
		o.done(f, 1, v)
		f.put(o.result, x)
		return nil
	}
}

func accumulate(m *machine, x, v *runtime.Array, batch int, index kernel.Index, how kernel.Combine) error {
	dims := x.Shape()[batch:]
	switch x.DType() {
	case ir.I64:
		return kernel.Accumulate(x.I64(), v.I64(), dims, index, how, m.pollFn)
	case ir.F32:
		return kernel.Accumulate(x.F32(), v.F32(), dims, index, how, m.pollFn)
	case ir.F64:
		return kernel.Accumulate(x.F64(), v.F64(), dims, index, how, m.pollFn)
	}
	return kernel.Accumulate(x.C128(), v.C128(), dims, index, how, m.pollFn)
}
