package interp

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A storePlan is an accumulate to neighbouring rows of an array of one number,
// as the derivative of a slice is: the array is made, and what a group computes
// is combined with its rows as it comes.
type storePlan struct {
	fill  loc // the number
	dims  []dim
	first loc // of the rows
	count dim
	wrap  bool
	axes  int
	copy  kernelFunc
	each  kernelFunc
	how   kernel.Combine
}

func (c *compiler) storePlan(op *ir.Op) *storePlan {
	attr := op.Attr.(ir.IndexAttr)
	t := op.Results[0].Type
	return &storePlan{
		fill: c.loc(op.Args[0].Def.Args[0]), dims: c.dims(t.Dims),
		first: c.loc(op.Args[2]), count: c.dim(attr.Range[0].Dim), wrap: attr.Wrap, axes: len(attr.Spec),
		copy: convertKernels[[2]ir.DType{t.DType, t.DType}], each: combination(attr.Mode, t.DType), how: combines[attr.Mode],
	}
}

// A store is a storePlan in the middle of a group.
type store struct {
	array *runtime.Array
	at    int // where the next element goes
	each  kernelFunc
	args  [2]vec
}

// start makes the array and finds the rows.
func (p *storePlan) start(f *frame, t ir.DType) (*store, error) {
	m := f.m
	var room [8]int
	dims, err := shape(p.dims, f.w, room[:0])
	if err != nil {
		return nil, err
	}
	count, err := p.count.size(f.w)
	if err != nil {
		return nil, err
	}
	array, err := m.memory.New(t, dims...)
	if err != nil {
		return nil, err
	}
	args := m.vecs[:1]
	args[0] = m.cells[0].load(f, p.fill)
	for at := 0; at < array.Len(); at += stripLength {
		n := min(stripLength, array.Len()-at)
		if _, err := p.copy(part(array, at, n), args); err != nil {
			return nil, err
		}
		if err := m.spend(n); err != nil {
			return nil, err
		}
	}
	s := &store{array: array, each: p.each}
	at, n := int64(f.w[p.first.slot]), int64(dims[0])
	if p.wrap && at < 0 {
		at += n
	}
	if at < 0 || at > n-int64(count) { // outside, or nothing
		return s, accumulate(m, array, array, 0, p.index(f, count), p.how)
	}
	s.at = int(at)
	for _, n := range dims[1:] {
		s.at *= n
	}
	return s, nil
}

// index is the index as a kernel takes it.
func (p *storePlan) index(f *frame, count int) kernel.Index {
	index := kernel.Index{Batch: 1, TableSize: 1, Wrap: p.wrap}
	index.Axes = append(index.Axes, kernel.IndexAxis{Kind: 'r', Start: []int64{int64(f.w[p.first.slot])}, Count: count, Step: 1})
	for range p.axes - 1 {
		index.Axes = append(index.Axes, kernel.IndexAxis{Kind: ':'})
	}
	return index
}

func (s *store) add(v vec) {
	s.args[0], s.args[1] = part(s.array, s.at, v.n), v
	_, _ = s.each(s.args[0], s.args[:]) // sums and differences don't fail
	s.at += v.n
}

func (s *store) finish() {}
