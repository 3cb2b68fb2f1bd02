package interp

import (
	"unsafe"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// mapLoop emits a map as a loop over its lanes, one at a time. Where the body
// can run in blocks the instruction at its head does so and jumps over the loop.
func (c *compiler) mapLoop(op *ir.Op) error {
	body := op.Regions[0]
	indices := c.locsOf(body.Params)
	counter := c.temporary(ir.Scalar(ir.I64)).slot
	total := c.temporary(ir.Scalar(ir.I64)).slot
	loop := &lanesOfMap{dims: c.dims(op.Attr.(ir.MapAttr).Dims), indices: indices, counter: counter, total: total}
	for _, r := range op.Results {
		loop.results = append(loop.results, mapResult{c.loc(r), c.dims(r.Type.Dims)})
	}
	c.exec(loop.begin)
	head := c.emit(instr{op: opJumpNotLtI, b: counter, c: total})
	start := len(c.fn.code)
	if err := c.block(body); err != nil {
		return err
	}
	last := c.live.yieldLast[body]
	for i, v := range body.Yield {
		from, to := c.loc(v), loop.results[i].loc
		c.exec(func(f *frame) error { return storeLane(f, from, to, counter, last[i]) })
	}
	c.place = op.Pos
	c.exec(loop.advance)
	c.emit(instr{op: opNext, a: int32(start), b: counter, c: total})
	c.here(head)
	return nil
}

// lanesOfMap is the index space of a map and what it makes.
type lanesOfMap struct {
	dims           []dim
	indices        []loc
	counter, total int32
	results        []mapResult
}

type mapResult struct {
	loc  loc
	dims []dim
}

// begin makes the results and sets the indices to the first lane.
func (l *lanesOfMap) begin(f *frame) error {
	lanes := 1
	var room [8]int
	space, err := shape(l.dims, f.w, room[:0])
	if err != nil {
		return err
	}
	if lanes, err = runtime.Size(space); err != nil {
		return err
	}
	for _, r := range l.results {
		dims, err := shape(r.dims, f.w, room[:0])
		if err != nil {
			return err
		}
		if f.h[r.loc.slot], err = f.m.memory.New(r.loc.dtype, dims...); err != nil {
			return err
		}
	}
	for _, i := range l.indices {
		f.w[i.slot] = 0
	}
	f.w[l.counter], f.w[l.total] = 0, uint64(lanes)
	return nil
}

// advance sets the indices to the next lane.
func (l *lanesOfMap) advance(f *frame) error {
	for k := len(l.indices) - 1; k >= 0; k-- {
		i := &f.w[l.indices[k].slot]
		*i++
		if k == 0 {
			return nil
		}
		n, err := l.dims[k].value(f.w)
		if err != nil || int64(*i) < n {
			return err
		}
		*i = 0
	}
	return nil
}

// storeLane writes what a lane yields to its place in the result.
func storeLane(f *frame, from, to loc, counter int32, last bool) error {
	result, lane := f.h[to.slot], int(f.w[counter])
	if from.kind == inHandle {
		x := f.h[from.slot]
		bytes := x.Bytes()
		copy(result.Bytes()[lane*len(bytes):], bytes)
		if last {
			f.m.memory.Release(x)
			f.h[from.slot] = nil
		}
		return nil
	}
	var e cell
	width := int(from.dtype.Bytes())
	copy(result.Bytes()[lane*width:], unsafe.Slice((*byte)(e.load(f, from).p), width))
	return nil
}
