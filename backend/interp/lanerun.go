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
		if err := op.run(s, op); err != nil {
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
		for i, n := range passed {
			m.f.w[fn.sizes[i].slot] = uint64(n)
		}
		t := m.newLanes(&m.f, program.values, s.n)
		if err := t.importAll(program); err != nil {
			return err
		}
		for k, n := range program.params {
			t.set(n, s.take(op, k))
		}
		if err := program.body.run(t); err != nil {
			return err
		}
		results := program.body.finish(t)
		t.end()
		m.leave()
		s.setAll(op.results, results)
		return nil
	}
}
