package interp

import (
	"unsafe"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A laneVal is a value in all lanes. Its first axis is the lanes, or 1 if all
// have the same. With at, lane l has row at[l] of a, so that dropping and
// repeating lanes doesn't copy arrays.
type laneVal struct {
	a  *runtime.Array
	at *runtime.Array // i64[n], or nil
}

// A laneState is the values of n lanes. Every laneVal in vals holds handles.
type laneState struct {
	m    *machine
	f    *frame // holds sizes and what comes from around the map
	n    int
	vals []laneVal
}

func (m *machine) newLanes(f *frame, values, n int) *laneState {
	var vals []laneVal
	if k := len(m.laneRoom); k > 0 {
		vals = m.laneRoom[k-1]
		m.laneRoom = m.laneRoom[:k-1]
	}
	return &laneState{m: m, f: f, n: n, vals: resize(vals, values)}
}

// end releases all values.
func (s *laneState) end() {
	for i := range s.vals {
		s.drop(i)
	}
	s.m.laneRoom = append(s.m.laneRoom, s.vals)
	s.vals = nil
}

func (s *laneState) drop(i int) {
	s.m.memory.Release(s.vals[i].a)
	s.m.memory.Release(s.vals[i].at)
	s.vals[i] = laneVal{}
}

// set gives value i, with the caller's handles.
func (s *laneState) set(i int, v laneVal) {
	s.drop(i)
	s.vals[i] = v
}

// share is v with handles of its own.
func (s *laneState) share(v laneVal) laneVal {
	if v.a != nil {
		s.m.memory.Retain(v.a)
	}
	if v.at != nil {
		s.m.memory.Retain(v.at)
	}
	return v
}

// take is argument k of op with handles of its own: those of its value if it is
// not used later.
func (s *laneState) take(op *laneOp, k int) laneVal {
	i := op.args[k]
	v := s.vals[i]
	if op.last != nil && op.last[k] {
		s.vals[i] = laneVal{}
		return v
	}
	return s.share(v)
}

// same reports whether a value is the same in all lanes.
func (s *laneState) same(v laneVal) bool { return v.at == nil && v.a.Shape()[0] == 1 && s.n != 1 }

// lanesOf is how many lanes a result has: one for all if all args are the same
// in all lanes.
func (s *laneState) lanesOf(op *laneOp) int {
	for _, i := range op.args {
		if v := s.vals[i]; v.at != nil || v.a.Shape()[0] != 1 {
			return s.n
		}
	}
	return 1
}

// new is an array for a result in n lanes.
func (s *laneState) new(t laneType, n int) (*runtime.Array, error) {
	var room [9]int
	shape, err := shape(t.dims, s.f.w, append(room[:0], n))
	if err != nil {
		return nil, err
	}
	return s.m.memory.New(t.dtype, shape...)
}

// import1 is a value of the frame, the same in all lanes.
func (s *laneState) import1(l loc) (*runtime.Array, error) {
	if l.kind == inHandle {
		a := s.f.h[l.slot]
		var room [9]int
		return s.m.memory.View(a, 0, append(append(room[:0], 1), a.Shape()...)), nil
	}
	a, err := s.m.memory.New(l.dtype, 1)
	if err != nil {
		return nil, err
	}
	var e cell
	copy(a.Bytes(), unsafe.Slice((*byte)(e.load(s.f, l).p), l.dtype.Bytes()))
	return a, nil
}

func (s *laneState) importAll(p *laneProgram) error {
	for _, i := range p.imports {
		a, err := s.import1(i.loc)
		if err != nil {
			return err
		}
		s.set(i.number, laneVal{a: a})
	}
	return nil
}

// rowsOf is the rows of a at these positions, as a new array.
func (s *laneState) rowsOf(a *runtime.Array, at []int64) (*runtime.Array, error) {
	var room [9]int
	y, err := s.m.memory.New(a.DType(), append(append(room[:0], len(at)), a.Shape()[1:]...)...)
	if err != nil {
		return nil, err
	}
	if err := s.m.spend(y.Len()); err != nil {
		return nil, err
	}
	row := 1
	for _, n := range a.Shape()[1:] {
		row *= n
	}
	row *= int(a.DType().Bytes())
	switch {
	case a.Rank() == 1 && row == 8:
		dst, src := y.Words(), a.Words()
		for i, k := range at {
			dst[i] = src[k]
		}
	default:
		dst, src := y.Bytes(), a.Bytes()
		for i, k := range at {
			copy(dst[i*row:(i+1)*row], src[int(k)*row:])
		}
	}
	return y, nil
}

// direct makes value i one whose lanes are the rows of its array, or that is
// the same in all.
func (s *laneState) direct(i int) (*runtime.Array, error) {
	v := s.vals[i]
	if v.at == nil {
		return v.a, nil
	}
	a, err := s.rowsOf(v.a, v.at.I64())
	if err != nil {
		return nil, err
	}
	s.set(i, laneVal{a: a})
	return a, nil
}

// widened is a, of n rows or one, with n rows; the handle is the caller's.
func (s *laneState) widened(a *runtime.Array) (*runtime.Array, error) {
	if a.Shape()[0] == s.n {
		s.m.memory.Retain(a)
		return a, nil
	}
	var room [9]int
	y, err := s.m.memory.New(a.DType(), append(append(room[:0], s.n), a.Shape()[1:]...)...)
	if err != nil {
		return nil, err
	}
	row := a.Bytes()
	if a.Rank() == 1 {
		spreadInto(elementAt(y, 0), a, y.Shape(), int(a.DType().Bytes()), 0, s.n)
		return y, nil
	}
	for l := range s.n {
		copy(y.Bytes()[l*len(row):], row)
	}
	return y, s.m.spend(y.Len())
}

// selected is a state of the lanes in at, with the values of these numbers.
func (s *laneState) selected(numbers []int, at *runtime.Array) (*laneState, error) {
	t := s.m.newLanes(s.f, len(s.vals), at.Len())
	for _, i := range numbers {
		v, err := s.pick(s.vals[i], at)
		if err != nil {
			return nil, err
		}
		t.set(i, v)
	}
	return t, nil
}

// pick is v in the lanes at, with handles of its own.
func (s *laneState) pick(v laneVal, at *runtime.Array) (laneVal, error) {
	switch {
	case v.a == nil || s.same(v):
		return s.share(v), nil
	case v.at != nil:
		through, err := s.rowsOf(v.at, at.I64())
		if err != nil {
			return laneVal{}, err
		}
		s.m.memory.Retain(v.a)
		return laneVal{v.a, through}, nil
	case v.a.Rank() == 1:
		a, err := s.rowsOf(v.a, at.I64())
		return laneVal{a: a}, err
	}
	s.m.memory.Retain(v.a)
	s.m.memory.Retain(at)
	return laneVal{v.a, at}, nil
}

// place writes the rows of v, in the lanes at, into dst.
func (s *laneState) place(dst *runtime.Array, at []int64, v laneVal) error {
	if err := s.m.spend(dst.Len()); err != nil {
		return err
	}
	dims := dst.Shape()[1:]
	row := int(dst.DType().Bytes())
	for _, n := range dims {
		row *= n
	}
	to, from := dst.Bytes(), v.a.Bytes()
	for i, l := range at {
		k := i
		if v.at != nil {
			k = int(v.at.I64()[i])
		} else if v.a.Shape()[0] == 1 {
			k = 0
		}
		copy(to[int(l)*row:(int(l)+1)*row], from[k*row:])
	}
	return nil
}

// truths splits the lanes by a condition that is not the same in all.
func (s *laneState) truths(c *runtime.Array) (yes, no *runtime.Array, err error) {
	k := kernel.Count(c.Bool())
	if yes, err = s.m.memory.New(ir.I64, k); err != nil {
		return nil, nil, err
	}
	if no, err = s.m.memory.New(ir.I64, s.n-k); err != nil {
		return nil, nil, err
	}
	i, j := 0, 0
	for l, v := range c.Bool() {
		if v {
			yes.I64()[i] = int64(l)
			i++
		} else {
			no.I64()[j] = int64(l)
			j++
		}
	}
	return yes, no, nil
}
