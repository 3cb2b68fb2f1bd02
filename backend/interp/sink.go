package interp

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A sink is a reduction along last axes, or an accumulate to rows, that takes its
// elements in row-major order, block by block.
type sink struct {
	result *runtime.Array
	feed   feeder
}

// A feeder reduces elements as they come and writes each result.
type feeder interface {
	add(v vec)
	finish() // after the last element
}

// canStream reports whether a reduction can be a sink: it is along last axes.
func canStream(attr ir.ReduceAttr, t ir.Type) bool {
	if attr.Kind == ir.ReduceArgMin || attr.Kind == ir.ReduceArgMax {
		return false
	}
	for i, axis := range attr.Axes {
		if axis != t.Rank()-len(attr.Axes)+i {
			return false
		}
	}
	return len(attr.Axes) > 0
}

func (p *stripPlan) startSinks(f *frame, s *stripState, dims []int) error {
	for i := range p.sinks {
		k := &p.sinks[i]
		if k.store != nil {
			store, err := k.store.start(f, k.dtype)
			if err != nil {
				return f.m.at(err, k.place)
			}
			s.sinks[i] = sink{store.array, store}
			continue
		}
		outer := len(dims) - k.axes
		if err := emptyExtreme(k.kind, dims[outer:]); err != nil {
			return f.m.at(err, k.place)
		}
		result, err := f.m.memory.New(k.dtype, dims[:outer]...)
		if err != nil {
			return f.m.at(err, k.place)
		}
		s.sinks[i] = sink{result, newFeeder(k.kind, k.dtype, result, dims[outer:])}
	}
	return nil
}

func (p *stripPlan) finishSinks(f *frame, s *stripState) {
	for i := range p.sinks {
		s.sinks[i].feed.finish()
		f.put(p.sinks[i].loc, s.sinks[i].result)
		s.sinks[i] = sink{}
	}
}

// emptyExtreme is the failure of an extreme along axes without elements.
func emptyExtreme(kind ir.ReduceKind, axes []int) error {
	switch kind {
	case ir.ReduceSum, ir.ReduceProd, ir.ReduceAll, ir.ReduceAny:
		return nil
	}
	for _, n := range axes {
		if n == 0 {
			return runtime.Fail(ast.CodeEmptyReduction, "nothing has no %s: the axis has no elements", kind)
		}
	}
	return nil
}

func newFeeder(kind ir.ReduceKind, t ir.DType, result *runtime.Array, axes []int) feeder {
	switch t {
	case ir.Bool:
		if kind == ir.ReduceAll {
			return newFolding[bool](result, axes, func() all { return all{} })
		}
		return newFolding[bool](result, axes, func() some { return some{} })
	case ir.I64:
		return realFeeder[int64](kind, result, axes)
	case ir.F32:
		return realFeeder[float32](kind, result, axes)
	case ir.F64:
		return realFeeder[float64](kind, result, axes)
	}
	return sumFeeder[complex128](kind, result, axes)
}

func realFeeder[T kernel.Real](kind ir.ReduceKind, result *runtime.Array, axes []int) feeder {
	switch kind {
	case ir.ReduceMin:
		return newFolding[T](result, axes, func() least[T] { return least[T]{} })
	case ir.ReduceMax:
		return newFolding[T](result, axes, func() greatest[T] { return greatest[T]{} })
	}
	return sumFeeder[T](kind, result, axes)
}

func sumFeeder[T interface {
	kernel.Number
	runtime.Element
}](kind ir.ReduceKind, result *runtime.Array, axes []int) feeder {
	if kind == ir.ReduceProd {
		return newFolding[T](result, axes, kernel.NewRunningProd[T])
	}
	s := newFolding[T](result, axes, func() kernel.RunningSum[T] { return kernel.RunningSum[T]{} })
	s.whole = kernel.SumOf[T]
	return s
}

// running is a reduction of what it is fed.
type running[T, R any] interface {
	*R
	Add(block []T)
	Value() T
}

// A folding reduces along the last axis, the results of that along the axis
// before, and so on: level 0 is the last axis.
type folding[T runtime.Element, R any, P running[T, R]] struct {
	results []T
	fresh   func() R
	whole   func(block []T) T // reduces a block that is a whole axis; may be nil
	levels  []R
	lengths []int // of the axes, last first
	counts  []int
	carried [1]T
}

func newFolding[T runtime.Element, R any, P running[T, R]](result *runtime.Array, axes []int, fresh func() R) *folding[T, R, P] {
	s := &folding[T, R, P]{
		results: slice[T](part(result, 0, result.Len())),
		fresh:   fresh,
		levels:  make([]R, len(axes)),
		counts:  make([]int, len(axes)),
	}
	for k := len(axes) - 1; k >= 0; k-- {
		s.levels[k] = fresh()
		s.lengths = append(s.lengths, axes[k])
	}
	return s
}

func (s *folding[T, R, P]) add(v vec) {
	length := s.lengths[0]
	for x := slice[T](v); len(x) > 0; {
		if s.whole != nil && s.counts[0] == 0 && len(x) >= length {
			s.carry(1, s.whole(x[:length]))
			x = x[length:]
			continue
		}
		n := min(len(x), length-s.counts[0])
		P(&s.levels[0]).Add(x[:n])
		s.counts[0] += n
		x = x[n:]
		if s.counts[0] == length {
			s.carry(1, s.take(0))
		}
	}
}

// take is the result of a level that is complete; the level begins anew.
func (s *folding[T, R, P]) take(level int) T {
	v := P(&s.levels[level]).Value()
	s.levels[level], s.counts[level] = s.fresh(), 0
	return v
}

// carry hands a result to a level, and the results of levels that are complete
// with it further on.
func (s *folding[T, R, P]) carry(level int, v T) {
	for ; level < len(s.levels); level++ {
		s.carried[0] = v
		P(&s.levels[level]).Add(s.carried[:])
		if s.counts[level]++; s.counts[level] < s.lengths[level] {
			return
		}
		v = s.take(level)
	}
	s.results[0] = v
	s.results = s.results[1:]
}

// finish writes the results for which no element came, because an axis is empty:
// the identity of the reduction, which is also what identities reduce to.
func (s *folding[T, R, P]) finish() {
	empty := s.fresh()
	fill(s.results, P(&empty).Value())
}

type (
	least[T kernel.Real]    struct{ kernel.RunningMin[T] }
	greatest[T kernel.Real] struct{ kernel.RunningMax[T] }
	all                     struct{ no bool }
	some                    struct{ yes bool }
)

func (r *least[T]) Value() T    { v, _ := r.RunningMin.Value(); return v }
func (r *greatest[T]) Value() T { v, _ := r.RunningMax.Value(); return v }

func (r *all) Add(block []bool) {
	for _, v := range block {
		r.no = r.no || !v
	}
}
func (r *all) Value() bool { return !r.no }

func (r *some) Add(block []bool) {
	for _, v := range block {
		r.yes = r.yes || v
	}
}
func (r *some) Value() bool { return r.yes }
