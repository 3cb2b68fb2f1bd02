package interp

import (
	"unsafe"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// mapLoop emits a map as a loop over its lanes, one at a time. Where the body
// can run in blocks the instruction at its head does so and jumps over the loop.
// With a reduce of its only result along last axes, the elements go there.
func (c *compiler) mapLoop(op, reduce *ir.Op) error {
	body := op.Regions[0]
	loop := &lanesOfMap{
		dims:    c.dims(op.Attr.(ir.MapAttr).Dims),
		indices: c.locsOf(body.Params),
		counter: c.temporary(ir.Scalar(ir.I64)).slot,
		total:   c.temporary(ir.Scalar(ir.I64)).slot,
		least:   c.program.tuning.MinLanes,
		place:   placeOf(op),
	}
	for _, r := range op.Results {
		loop.results = append(loop.results, mapResult{dims: c.dims(r.Type.Dims)})
		if reduce == nil {
			loop.results[len(loop.results)-1].loc = c.loc(r)
		}
	}
	if reduce != nil {
		attr := reduce.Attr.(ir.ReduceAttr)
		loop.sink = &stripSink{loc: c.loc(reduce.Results[0]), axes: len(attr.Axes), kind: attr.Kind, dtype: reduce.Args[0].Type.DType, place: placeOf(reduce)}
	}
	if !c.program.tuning.NoBlocks {
		loop.program = c.lanes(op)
	}
	c.exec(loop.begin)
	head := c.emit(instr{op: opJumpNotLtI, b: loop.counter, c: loop.total})
	start := len(c.fn.code)
	if err := c.block(body); err != nil {
		return err
	}
	last := c.live.yieldLast[body]
	for i, v := range body.Yield {
		from := c.loc(v)
		if reduce != nil {
			c.exec(func(f *frame) error { return feedLane(f, from, last[i]) })
			continue
		}
		to := loop.results[i].loc
		c.exec(func(f *frame) error { return storeLane(f, from, to, loop.counter, last[i]) })
	}
	c.place = placeOf(op)
	c.exec(loop.advance)
	c.emit(instr{op: opNext, a: int32(start), b: loop.counter, c: loop.total})
	c.here(head)
	if reduce != nil {
		c.place = placeOf(reduce)
		c.exec(loop.finish)
	}
	return nil
}

// lanesOfMap is the index space of a map and what it makes.
type lanesOfMap struct {
	dims           []dim
	indices        []loc
	counter, total int32
	results        []mapResult
	sink           *stripSink   // takes the elements, if not nil
	program        *laneProgram // nil if lanes run one at a time
	least          int          // lanes for which a block is worth it
	place          place
}

type mapResult struct {
	loc  loc
	dims []dim
}

// begin makes the results and sets the indices to the first lane; or it runs all
// lanes in blocks, and leaves none.
func (l *lanesOfMap) begin(f *frame) error {
	var room, more [8]int
	space, err := shape(l.dims, f.w, room[:0])
	if err != nil {
		return err
	}
	lanes, err := runtime.Size(space)
	if err != nil {
		return runtime.Fail(ast.CodeMemoryLimit, "%s", err)
	}
	for _, r := range l.results {
		dims, err := shape(r.dims, f.w, more[:0])
		if err != nil {
			return err
		}
		if l.sink != nil {
			if err := f.m.openFeed(l.sink, dims); err != nil {
				return err
			}
		} else if f.h[r.loc.slot], err = f.m.memory.New(r.loc.dtype, dims...); err != nil {
			return err
		}
	}
	for _, i := range l.indices {
		f.w[i.slot] = 0
	}
	f.w[l.counter], f.w[l.total] = 0, uint64(lanes)
	if l.program == nil || lanes < l.least {
		return nil
	}
	n, err := l.program.lanesOfBlock(f)
	if err != nil || n < l.least {
		return err
	}
	if err := l.blocks(f, space, lanes, n); err != nil {
		return err
	}
	f.w[l.counter] = uint64(lanes)
	return nil
}

// lanesOfBlock is how many lanes are run at a time: as many as keep the largest
// value of the body small.
func (p *laneProgram) lanesOfBlock(f *frame) (int, error) {
	largest := 1
	var room [8]int
	for _, dims := range p.shapes {
		s, err := shape(dims, f.w, room[:0])
		if err != nil {
			return 0, nil // let the lane that makes it fail
		}
		size, err := runtime.Size(s)
		if err != nil {
			return 0, nil
		}
		largest = max(largest, size)
	}
	return min(max(laneElements/largest, 1), maxLanes), nil
}

// blocks runs all lanes, limit of them at a time.
func (l *lanesOfMap) blocks(f *frame, space []int, lanes, limit int) error {
	m := f.m
	outer := m.laneLimit
	m.laneLimit = limit
	body := l.program.body
	s := m.newLanes(f, l.program.values, limit)
	if err := s.importAll(l.program); err != nil {
		return err
	}
	for first := 0; first < lanes; first += limit {
		s.n = min(limit, lanes-first)
		if err := s.setIndices(body.params, space, first); err != nil {
			return err
		}
		if err := body.run(s); err != nil {
			return err
		}
		for i, v := range body.finish(s) {
			if l.sink != nil {
				if err := s.feed(v); err != nil {
					return err
				}
			} else if err := s.store(f.h[l.results[i].loc.slot], first, v); err != nil {
				return err
			}
			s.forget(v)
		}
		if err := m.step(s.n); err != nil {
			return err
		}
	}
	s.end()
	m.laneLimit = outer
	return nil
}

// openFeed begins a reduction of elements of an array of these sizes.
func (m *machine) openFeed(k *stripSink, dims []int) error {
	outer := len(dims) - k.axes
	if err := emptyExtreme(k.kind, dims[outer:]); err != nil {
		return m.at(err, k.place)
	}
	result, err := m.memory.New(k.dtype, dims[:outer]...)
	if err != nil {
		return m.at(err, k.place)
	}
	m.feeds = append(m.feeds, sink{result, newFeeder(k.kind, k.dtype, result, dims[outer:])})
	return nil
}

// finish ends the reduction.
func (l *lanesOfMap) finish(f *frame) error {
	last := len(f.m.feeds) - 1
	s := f.m.feeds[last]
	f.m.feeds[last] = sink{}
	f.m.feeds = f.m.feeds[:last]
	s.feed.finish()
	f.put(l.sink.loc, s.result)
	return nil
}

// feed passes the elements of v in all lanes on.
func (s *laneState) feed(v laneVal) error {
	a := v.a
	var err error
	switch {
	case v.at != nil:
		if a, err = s.rowsOf(v.a, v.at.I64()); err != nil {
			return err
		}
		defer s.m.memory.Release(a)
	case a.Shape()[0] != s.n:
		if a, err = s.widened(a); err != nil {
			return err
		}
		defer s.m.memory.Release(a)
	}
	s.m.feeds[len(s.m.feeds)-1].feed.add(part(a, 0, a.Len()))
	return nil
}

// feedLane passes what a lane yields on.
func feedLane(f *frame, from loc, last bool) error {
	feed := f.m.feeds[len(f.m.feeds)-1].feed
	if from.kind == inHandle {
		x := f.h[from.slot]
		feed.add(part(x, 0, x.Len()))
		if last {
			f.m.memory.Release(x)
			f.h[from.slot] = nil
		}
		return nil
	}
	var e cell
	feed.add(e.load(f, from))
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
