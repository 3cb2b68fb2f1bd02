package interp

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

const (
	laneElements = 16384 // elements of a value in all lanes of a block
	maxLanes     = 1024
	minLanes     = 32 // below, a block costs more than its lanes one at a time (measured)
)

// run does one operation after the other.
func (b *laneBlock) run(s *laneState) error {
	for i := range b.ops {
		op := &b.ops[i]
		err := op.run(s, op)
		if err == nil {
			err = s.m.tick()
		}
		if err != nil {
			return s.m.at(err, op.place)
		}
	}
	return nil
}

// finish takes the yields of b out of s and releases what b defined.
func (b *laneBlock) finish(s *laneState) []laneVal {
	yields := make([]laneVal, len(b.yield))
	for i, n := range b.yield {
		if b.last[i] {
			yields[i] = s.vals[n]
			s.vals[n] = laneVal{}
		} else {
			yields[i] = s.share(s.vals[n])
		}
	}
	for _, n := range b.defined {
		s.drop(n)
	}
	return yields
}

func (s *laneState) setAll(numbers []int, values []laneVal) {
	for i, n := range numbers {
		s.set(n, values[i])
	}
}

// ifLanes runs each block on the lanes that take it.
func ifLanes(s *laneState, op *laneOp) error {
	c := s.vals[op.args[0]].a
	whole := -1 // the block that all lanes take
	if k := kernel.Count(c.Bool()); k == c.Len() {
		whole = 0
	} else if k == 0 {
		whole = 1
	}
	if whole >= 0 {
		b := op.blocks[whole]
		if err := b.run(s); err != nil {
			return err
		}
		s.setAll(op.results, b.finish(s))
		return nil
	}
	yes, no, err := s.truths(c)
	if err != nil {
		return err
	}
	defer s.m.memory.Release(yes)
	defer s.m.memory.Release(no)
	results := make([]*runtime.Array, len(op.results))
	for i, t := range op.types {
		if results[i], err = s.new(t, s.n); err != nil {
			return err
		}
	}
	for i, at := range []*runtime.Array{yes, no} {
		b := op.blocks[i]
		t, err := s.selected(b.free, at)
		if err != nil {
			return err
		}
		if err := b.run(t); err != nil {
			return err
		}
		for k, v := range b.finish(t) {
			if err := t.place(results[k], at.I64(), v); err != nil {
				return err
			}
			t.forget(v)
		}
		t.end()
	}
	for i, n := range op.results {
		s.set(n, laneVal{a: results[i]})
	}
	return nil
}

// forget releases the handles of v.
func (s *laneState) forget(v laneVal) {
	s.m.memory.Release(v.a)
	s.m.memory.Release(v.at)
}

// mapLanes runs a map inside of a map: its lanes are pairs of a lane and an
// index.
func mapLanes(dims []dim) laneFunc {
	return func(s *laneState, op *laneOp) error {
		var room [8]int
		space, err := shape(dims, s.f.w, room[:0])
		if err != nil {
			return err
		}
		inner, err := runtime.Size(space)
		if err != nil {
			return err
		}
		body := op.blocks[0]
		n := 1 // lanes that differ
		for _, i := range body.free {
			if v := s.vals[i]; v.at != nil || v.a.Shape()[0] != 1 {
				n = s.n
			}
		}
		for i, t := range op.types {
			a, err := s.new(t, n)
			if err != nil {
				return err
			}
			s.set(op.results[i], laneVal{a: a})
		}
		for first := 0; first < n*inner; first += s.m.laneLimit {
			if err := s.pairs(op, space, inner, first, min(s.m.laneLimit, n*inner-first)); err != nil {
				return err
			}
		}
		return nil
	}
}

// pairs runs count pairs of lane and index from the given one on.
func (s *laneState) pairs(op *laneOp, space []int, inner, first, count int) error {
	body := op.blocks[0]
	at, err := s.m.memory.New(ir.I64, count)
	if err != nil {
		return err
	}
	for k := range at.I64() {
		at.I64()[k] = int64((first + k) / inner)
	}
	t, err := s.selected(body.free, at)
	if err != nil {
		return err
	}
	s.m.memory.Release(at)
	if err := t.setIndices(body.params, space, first%inner); err != nil {
		return err
	}
	if err := body.run(t); err != nil {
		return err
	}
	for i, v := range body.finish(t) {
		if err := t.store(s.vals[op.results[i]].a, first, v); err != nil {
			return err
		}
		t.forget(v)
	}
	t.end()
	return s.m.step(count)
}

// setIndices sets the indices of a map: those of the lanes from the given one
// on, which go round.
func (s *laneState) setIndices(params []int, space []int, first int) error {
	stride := 1
	for k := len(params) - 1; k >= 0; k-- {
		a, err := s.m.memory.New(ir.I64, s.n)
		if err != nil {
			return err
		}
		index, within := int64(first/stride%max(space[k], 1)), first%stride
		for l := range a.I64() {
			a.I64()[l] = index
			if within++; within == stride {
				within = 0
				if index++; index == int64(space[k]) {
					index = 0
				}
			}
		}
		stride *= space[k]
		s.set(params[k], laneVal{a: a})
	}
	return nil
}

// store writes v to the rows of dst, seen as one for each lane, from first on.
func (s *laneState) store(dst *runtime.Array, first int, v laneVal) error {
	row := len(v.a.Bytes()) / max(v.a.Shape()[0], 1)
	to, from := dst.Bytes()[first*row:], v.a.Bytes()
	switch {
	case v.at != nil:
		for i, k := range v.at.I64() {
			copy(to[i*row:(i+1)*row], from[int(k)*row:])
		}
	case v.a.Shape()[0] == s.n:
		copy(to, from)
	default:
		for i := range s.n {
			copy(to[i*row:(i+1)*row], from)
		}
	}
	return nil
}

// callLanes runs a function in all lanes at once.
func callLanes(fn *function, program *laneProgram, sizes []dim) laneFunc {
	return func(s *laneState, op *laneOp) error {
		m := s.m
		passed := make([]int64, len(sizes))
		for i := range sizes {
			var err error
			if passed[i], err = sizes[i].value(s.f.w); err != nil {
				return err
			}
		}
		if err := m.step(s.n); err != nil {
			return err
		}
		if err := m.enter(fn); err != nil {
			return err
		}
		m.laneCalls = append(m.laneCalls, laneCall{len(m.calls) - 1, op.place})
		for i, n := range passed {
			m.f.w[fn.sizes[i].slot] = uint64(n)
		}
		results, err := program.call(s, op)
		if err != nil { // found in the frame of the callee, which ends here
			err = m.at(err, place{span: fn.pos})
		}
		m.leave()
		m.laneCalls = m.laneCalls[:len(m.laneCalls)-1]
		if err == nil {
			s.setAll(op.results, results)
		}
		return err
	}
}

// call runs a function whose frame has been entered on the args of op.
func (p *laneProgram) call(s *laneState, op *laneOp) ([]laneVal, error) {
	t := s.m.newLanes(&s.m.f, p.values, s.n)
	if err := t.importAll(p); err != nil {
		return nil, err
	}
	for k, n := range p.params {
		t.set(n, s.take(op, k))
	}
	if err := p.body.run(t); err != nil {
		return nil, err
	}
	results := p.body.finish(t)
	t.end()
	return results, nil
}
