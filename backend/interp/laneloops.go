package interp

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A laneLoop is a loop in lanes. Lanes that are done are written to the results
// and dropped.
type laneLoop struct {
	outer   *laneState
	op      *laneOp
	s       *laneState // the lanes that go on
	lanes   *runtime.Array
	results []*runtime.Array
	carried []laneVal
}

// start begins a loop with the carried values in args from first on.
func startLoop(s *laneState, op *laneOp, first int) (*laneLoop, error) {
	l := &laneLoop{outer: s, op: op}
	for k := first; k < len(op.args); k++ {
		l.carried = append(l.carried, s.take(op, k))
	}
	l.s = s.m.newLanes(s.f, len(s.vals), s.n)
	for _, b := range op.blocks {
		for _, n := range b.free {
			if l.s.vals[n].a == nil {
				l.s.vals[n] = s.share(s.vals[n])
			}
		}
	}
	return l, nil
}

// goOn keeps the lanes where c holds. It reports whether there are any.
func (l *laneLoop) goOn(c *runtime.Array) (bool, error) {
	k := kernel.Count(c.Bool())
	if k == c.Len() {
		return true, nil
	}
	if k == 0 && l.lanes == nil { // all end at once
		return false, nil
	}
	s := l.s
	c, err := s.widened(c)
	if err != nil {
		return false, err
	}
	defer s.m.memory.Release(c)
	yes, no, err := s.truths(c)
	if err != nil {
		return false, err
	}
	if l.results == nil {
		l.results = make([]*runtime.Array, len(l.carried))
		for i, t := range l.op.types {
			if l.results[i], err = s.new(t, l.outer.n); err != nil {
				return false, err
			}
		}
		if l.lanes, err = s.m.memory.New(ir.I64, s.n); err != nil {
			return false, err
		}
		for i := range l.lanes.I64() {
			l.lanes.I64()[i] = int64(i)
		}
	}
	done, err := s.rowsOf(l.lanes, no.I64())
	if err != nil {
		return false, err
	}
	left, err := s.rowsOf(l.lanes, yes.I64())
	if err != nil {
		return false, err
	}
	for i, v := range l.carried {
		ending, err := s.pick(v, no)
		if err != nil {
			return false, err
		}
		if err := s.place(l.results[i], done.I64(), ending); err != nil {
			return false, err
		}
		s.forget(ending)
		if l.carried[i], err = s.kept(v, yes); err != nil {
			return false, err
		}
		s.forget(v)
	}
	for i, v := range s.vals {
		if v.a == nil {
			continue
		}
		kept, err := s.pick(v, yes)
		if err != nil {
			return false, err
		}
		s.set(i, kept)
	}
	for _, a := range []*runtime.Array{l.lanes, done, yes, no} {
		s.m.memory.Release(a)
	}
	l.lanes, s.n = left, k
	return k > 0, nil
}

// kept is a carried value in the lanes at, with rows of its own: the loop may
// change it in place.
func (s *laneState) kept(v laneVal, at *runtime.Array) (laneVal, error) {
	v, err := s.pick(v, at)
	if err != nil || v.at == nil {
		return v, err
	}
	a, err := s.rowsOf(v.a, v.at.I64())
	s.forget(v)
	return laneVal{a: a}, err
}

// end gives the results.
func (l *laneLoop) end() {
	for i, n := range l.op.results {
		if l.lanes == nil {
			l.outer.set(n, l.carried[i])
			continue
		}
		l.s.forget(l.carried[i])
		l.outer.set(n, laneVal{a: l.results[i]})
	}
	if l.lanes != nil {
		l.s.m.memory.Release(l.lanes)
	}
	l.s.end()
}

func whileLanes(s *laneState, op *laneOp) error {
	l, err := startLoop(s, op, 0)
	if err != nil {
		return err
	}
	cond, body := op.blocks[0], op.blocks[1]
	for {
		for i, n := range cond.params {
			l.s.set(n, s.share(l.carried[i]))
		}
		if err := cond.run(l.s); err != nil {
			return err
		}
		c := cond.finish(l.s)[0]
		more, err := l.goOn(c.a)
		if err != nil {
			return err
		}
		s.forget(c)
		if !more {
			break
		}
		if err := l.round(body, body.params); err != nil {
			return err
		}
	}
	l.end()
	return nil
}

// round runs the body once on the lanes that go on.
func (l *laneLoop) round(body *laneBlock, params []int) error {
	for i, n := range params {
		l.s.set(n, l.carried[i])
		l.carried[i] = laneVal{}
	}
	if err := body.run(l.s); err != nil {
		return err
	}
	l.carried = body.finish(l.s)
	return l.s.m.step(l.s.n)
}

func forLanes(s *laneState, op *laneOp) error {
	l, err := startLoop(s, op, 2)
	if err != nil {
		return err
	}
	body := op.blocks[0]
	// The index and its bound are carried along outside of the numbered values.
	lo, hi := s.vals[op.args[0]].a, s.vals[op.args[1]].a
	bounds := &forBounds{}
	for i := range max(lo.Len(), hi.Len()) {
		bounds.index = append(bounds.index, at(lo.I64(), i))
		bounds.hi = append(bounds.hi, at(hi.I64(), i))
	}
	for {
		c, err := bounds.below(s.m)
		if err != nil {
			return err
		}
		more, err := l.goOn(c)
		if err != nil {
			return err
		}
		if more {
			bounds.keep(c.Bool())
		}
		s.m.memory.Release(c)
		if !more {
			break
		}
		i, err := s.m.memory.New(ir.I64, len(bounds.index))
		if err != nil {
			return err
		}
		copy(i.I64(), bounds.index)
		l.s.set(body.params[0], laneVal{a: i})
		if err := l.round(body, body.params[1:]); err != nil {
			return err
		}
		for k := range bounds.index {
			bounds.index[k]++
		}
	}
	l.end()
	return nil
}

// forBounds are the index and the bound in each lane, or once for all.
type forBounds struct{ index, hi []int64 }

func (b *forBounds) below(m *machine) (*runtime.Array, error) {
	c, err := m.memory.New(ir.Bool, len(b.index))
	if err != nil {
		return nil, err
	}
	for k := range b.index {
		c.Bool()[k] = b.index[k] < b.hi[k]
	}
	return c, nil
}

func (b *forBounds) keep(c []bool) {
	k := 0
	for i, yes := range c {
		if yes {
			b.index[k], b.hi[k] = b.index[i], b.hi[i]
			k++
		}
	}
	b.index, b.hi = b.index[:k], b.hi[:k]
}
