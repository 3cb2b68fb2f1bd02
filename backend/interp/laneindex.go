package interp

import (
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A laneIndex is the attribute of an index operation in lanes, and the argument
// where its operands begin.
type laneIndex struct {
	attr   ir.IndexAttr
	ranges []dim
	first  int
}

func newLaneIndex(l *laneCompiler, op *ir.Op) *laneIndex {
	p := &laneIndex{attr: op.Attr.(ir.IndexAttr), first: 2}
	if op.Code == ir.Gather {
		p.first = 1
	}
	for _, r := range p.attr.Range {
		p.ranges = append(p.ranges, l.dim(r.Dim))
	}
	return p
}

// operand calls f with each letter that has an operand, and its argument.
func (p *laneIndex) operand(f func(axis int, letter byte, arg int) error) error {
	arg := p.first
	for i := range len(p.attr.Spec) {
		if letter := p.attr.Spec[i]; letter != ':' {
			if err := f(i, letter, arg); err != nil {
				return err
			}
			arg++
		}
	}
	return nil
}

// axes are the axes of the index without starts and tables.
func (p *laneIndex) axes(s *laneState) ([]kernel.IndexAxis, error) {
	axes := make([]kernel.IndexAxis, len(p.attr.Spec))
	ranged := 0
	for i := range axes {
		axes[i].Kind = p.attr.Spec[i]
		if axes[i].Kind == 'r' {
			n, err := p.ranges[ranged].size(s.f.w)
			if err != nil {
				return nil, err
			}
			axes[i].Count, axes[i].Step = n, int(p.attr.Range[ranged].Step)
			ranged++
		}
	}
	return axes, nil
}

// batched is the index of arrays that have the lanes, n of them, as a batch
// axis more. Release gives up what it made.
func (p *laneIndex) batched(s *laneState, op *laneOp, x *runtime.Array, n int) (index kernel.Index, release func(), err error) {
	var made []*runtime.Array
	release = func() {
		for _, a := range made {
			s.m.memory.Release(a)
		}
	}
	index = kernel.Index{Batch: 1, TableSize: 1, Wrap: p.attr.Wrap}
	for _, n := range x.Shape()[:p.attr.Batch+1] {
		index.Batch *= n
	}
	if index.Axes, err = p.axes(s); err != nil {
		return index, release, err
	}
	firstTable := strings.IndexByte(p.attr.Spec, 't')
	err = p.operand(func(axis int, letter byte, arg int) error {
		a, err := s.direct(op.args[arg])
		if err != nil {
			return err
		}
		if a.Shape()[0] != n && p.attr.Batch > 0 {
			if a, err = s.widened(a); err != nil {
				return err
			}
			made = append(made, a)
		}
		if letter == 't' {
			index.Axes[axis].Table = a.I64()
			if axis == firstTable {
				for _, n := range a.Shape()[1+p.attr.Batch:] {
					index.TableSize *= n
				}
			}
		} else {
			index.Axes[axis].Start = a.I64()
		}
		return nil
	})
	return index, release, err
}

func gatherLanes(p *laneIndex) laneFunc {
	elements := onlyPoints(p.attr)
	return func(s *laneState, op *laneOp) error {
		n := s.lanesOf(op)
		if elements {
			return p.elements(s, op, n)
		}
		x := s.vals[op.args[0]]
		var room [9]int
		shape, err := shape(op.types[0].dims, s.f.w, append(room[:0], n))
		if err != nil {
			return err
		}
		if x.at == nil && x.a.Shape()[0] == n {
			index, release, err := p.batched(s, op, x.a, n)
			if err != nil {
				return err
			}
			y, err := gathered(s.m, x.a, index, p.attr.Batch+1, shape)
			release()
			if err == nil {
				s.set(op.results[0], laneVal{a: y})
			}
			return err
		}
		if y, ok, err := p.byTables(s, op, x, n, shape); ok || err != nil {
			if err == nil {
				s.set(op.results[0], laneVal{a: y})
			}
			return err
		}
		return p.oneByOne(s, op, x, shape[1:])
	}
}

// elements gathers one element for each of n lanes.
func (p *laneIndex) elements(s *laneState, op *laneOp, n int) error {
	x := s.vals[op.args[0]]
	y, err := s.m.memory.New(x.a.DType(), n)
	if err != nil {
		return err
	}
	offsets, err := s.m.memory.New(ir.I64, n)
	if err != nil {
		return err
	}
	at, dims := offsets.I64(), x.a.Shape()
	switch { // the row of each lane
	case x.at != nil:
		copy(at, x.at.I64())
	case dims[0] == 1:
		clear(at)
	default:
		for l := range at {
			at[l] = int64(l)
		}
	}
	for k, arg := range op.args[1:] {
		size := int64(dims[1+k])
		points := s.vals[arg].a.I64()
		for l := range at {
			i := points[0]
			if len(points) > 1 {
				i = points[l]
			}
			if uint64(i) >= uint64(size) {
				if !p.attr.Wrap || i >= 0 || i < -size {
					return outside(i, int(size))
				}
				i += size
			}
			at[l] = at[l]*size + i
		}
	}
	switch x.a.DType().Bytes() {
	case 1:
		pickElements(raw[bool](y), raw[bool](x.a), at)
	case 4:
		pickElements(raw[float32](y), raw[float32](x.a), at)
	case 8:
		pickElements(y.Words(), x.a.Words(), at)
	default:
		pickElements(raw[complex128](y), raw[complex128](x.a), at)
	}
	s.m.memory.Release(offsets)
	s.set(op.results[0], laneVal{a: y})
	return nil
}

func pickElements[T any](dst, src []T, at []int64) {
	for l, k := range at {
		dst[l] = src[k]
	}
}

// byTables gathers from rows that lanes share: points become tables of one entry
// for each lane. It does not serve all forms.
func (p *laneIndex) byTables(s *laneState, op *laneOp, x laneVal, n int, shape []int) (*runtime.Array, bool, error) {
	spec := p.attr.Spec
	points, tables := strings.Count(spec, "@"), strings.Count(spec, "t")
	if p.attr.Batch > 0 || tables > 0 && (points > 0 || spec[0] != 't' || x.at != nil) {
		return nil, false, nil
	}
	axes, err := p.axes(s)
	if err != nil {
		return nil, false, err
	}
	var made []*runtime.Array
	defer func() {
		for _, a := range made {
			s.m.memory.Release(a)
		}
	}()
	size, ok := n, true
	table := func(a *runtime.Array) ([]int64, error) {
		if a.Shape()[0] != n {
			var err error
			if a, err = s.widened(a); err != nil {
				return nil, err
			}
			made = append(made, a)
		}
		return a.I64(), nil
	}
	leads := false
	if err := p.operand(func(axis int, letter byte, arg int) error {
		a, err := s.direct(op.args[arg])
		if err != nil {
			return err
		}
		switch {
		case letter == 'r':
			ok = ok && a.Len() == 1
			axes[axis].Start = a.I64()
		case letter == '@' && a.Len() == 1 && n > 1:
			axes[axis].Start = a.I64()
		default:
			axes[axis].Kind = 't'
			leads = leads || axis == 0
			if axes[axis].Table, err = table(a); err != nil {
				return err
			}
			size = len(axes[axis].Table)
		}
		return nil
	}); err != nil || !ok {
		return nil, false, err
	}
	source := s.m.memory.View(x.a, 0, x.a.Shape()[1:])
	if x.at != nil || !leads { // an axis for the rows, whose table brings the lanes to the front
		s.m.memory.Release(source)
		source = s.m.memory.View(x.a, 0, x.a.Shape())
		row := kernel.IndexAxis{Kind: 't'}
		if x.at != nil {
			row.Table = x.at.I64()
		} else {
			zeros, err := s.m.memory.Zeros(ir.I64, n)
			if err != nil {
				return nil, false, err
			}
			made = append(made, zeros)
			row.Table = zeros.I64()
		}
		axes = append([]kernel.IndexAxis{row}, axes...)
	}
	made = append(made, source)
	y, err := gathered(s.m, source, kernel.Index{Axes: axes, Batch: 1, TableSize: size, Wrap: p.attr.Wrap}, 0, shape)
	return y, true, err
}

// oneByOne gathers for each lane from its row.
func (p *laneIndex) oneByOne(s *laneState, op *laneOp, x laneVal, shape []int) error {
	return s.eachLane(op, func(lane int) (*runtime.Array, error) {
		at := lane
		if x.at != nil {
			at = int(x.at.I64()[lane])
		}
		row := s.row(x.a, at)
		defer s.m.memory.Release(row)
		index, err := p.ofLane(s, op, row, lane)
		if err != nil {
			return nil, err
		}
		return gathered(s.m, row, index, p.attr.Batch, shape)
	})
}

// ofLane is the index that one lane has.
func (p *laneIndex) ofLane(s *laneState, op *laneOp, row *runtime.Array, lane int) (kernel.Index, error) {
	index := kernel.Index{Batch: 1, TableSize: 1, Wrap: p.attr.Wrap}
	for _, n := range row.Shape()[:p.attr.Batch] {
		index.Batch *= n
	}
	var err error
	if index.Axes, err = p.axes(s); err != nil {
		return index, err
	}
	firstTable := strings.IndexByte(p.attr.Spec, 't')
	err = p.operand(func(axis int, letter byte, arg int) error {
		a, err := s.direct(op.args[arg])
		if err != nil {
			return err
		}
		size := a.Len() / max(a.Shape()[0], 1)
		entries := a.I64()[:size]
		if a.Shape()[0] != 1 {
			entries = a.I64()[lane*size : (lane+1)*size]
		}
		if letter != 't' {
			index.Axes[axis].Start = entries
			return nil
		}
		index.Axes[axis].Table = entries
		if axis == firstTable {
			for _, n := range a.Shape()[1+p.attr.Batch:] {
				index.TableSize *= n
			}
		}
		return nil
	})
	return index, err
}

// changeLanes is update or accumulate: each lane has an array of its own.
func changeLanes(p *laneIndex, accumulates bool) laneFunc {
	return func(s *laneState, op *laneOp) error {
		n := s.lanesOf(op)
		x := s.take(op, 0)
		if x.at != nil {
			a, err := s.rowsOf(x.a, x.at.I64())
			if err != nil {
				return err
			}
			s.forget(x)
			x = laneVal{a: a}
		}
		if x.a.Shape()[0] != n {
			a, err := s.widened(x.a)
			if err != nil {
				return err
			}
			s.forget(x)
			x.a = a
		}
		if !x.a.Owned() || s.m.noInPlace {
			a, err := s.m.memory.New(x.a.DType(), x.a.Shape()...)
			if err != nil {
				return err
			}
			if err := s.m.copyBytes(a.Bytes(), x.a.Bytes()); err != nil {
				return err
			}
			s.forget(x)
			x.a = a
		}
		v, err := s.direct(op.args[1])
		if err != nil {
			return err
		}
		if v.Shape()[0] != n {
			if v, err = s.widened(v); err != nil {
				return err
			}
		} else {
			s.m.memory.Retain(v)
		}
		index, release, err := p.batched(s, op, x.a, n)
		if err != nil {
			return err
		}
		batch := p.attr.Batch + 1
		dims := x.a.Shape()[batch:]
		if accumulates {
			err = accumulate(s.m, x.a, v, batch, index, combines[p.attr.Mode])
		} else {
			err = updated(s.m, x.a, v, dims, index)
		}
		release()
		s.m.memory.Release(v)
		if err == nil {
			s.set(op.results[0], x)
		}
		return err
	}
}
