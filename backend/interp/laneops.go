package interp

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// laneFunc is how an operation runs in lanes, nil if it can't.
func (l *laneCompiler) laneFunc(op *ir.Op) laneFunc {
	switch op.Code {
	case ir.If:
		return ifLanes
	case ir.For:
		return forLanes
	case ir.While:
		return whileLanes
	case ir.Map:
		return mapLanes(l.dims(op.Attr.(ir.MapAttr).Dims))
	case ir.Call:
		attr := op.Attr.(ir.CallAttr)
		if callee := lanesOfFunc(l.compiler.program, attr.Callee); callee != nil {
			return callLanes(l.compiler.program.funcs[attr.Callee], callee, l.dims(attr.Sizes))
		}
		return nil
	case ir.Const:
		return constLanes(op)
	case ir.Check:
		return checkLanes(op.Attr.(ir.CheckAttr))
	case ir.Broadcast, ir.Reshape:
		return broadcastLanes
	case ir.Retype:
		return retypeLanes(op.Attr.(ir.RetypeAttr), l.dims(op.Attr.(ir.RetypeAttr).Dims))
	case ir.Iota:
		return iotaLanes
	case ir.Transpose:
		perm := []int{0}
		for _, axis := range op.Attr.(ir.PermAttr).Perm {
			perm = append(perm, axis+1)
		}
		return rowwise(func(s *laneState, t laneType, in []*runtime.Array) (*runtime.Array, error) {
			return transposed(s.m, in[0], perm)
		})
	case ir.Slice:
		return sliceLanes(op.Attr.(ir.SliceAttr), l.dims(op.Attr.(ir.SliceAttr).Dims))
	case ir.Gather:
		return gatherLanes(newLaneIndex(l, op))
	case ir.Update, ir.Accumulate:
		return changeLanes(newLaneIndex(l, op), op.Code == ir.Accumulate)
	case ir.Append, ir.Concat:
		axis := 1
		if op.Code == ir.Concat {
			axis += op.Attr.(ir.AxisAttr).Axis
		}
		return concatLanes(axis)
	case ir.Reduce:
		attr := op.Attr.(ir.ReduceAttr)
		attr.Axes = slices.Clone(attr.Axes)
		for i := range attr.Axes {
			attr.Axes[i]++
		}
		return rowwise(func(s *laneState, t laneType, in []*runtime.Array) (*runtime.Array, error) {
			return reduced(s.m, in[0], attr)
		})
	case ir.Scan:
		attr := op.Attr.(ir.ScanAttr)
		return rowwise(func(s *laneState, t laneType, in []*runtime.Array) (*runtime.Array, error) {
			y, err := s.m.memory.New(t.dtype, in[0].Shape()...)
			if err != nil {
				return nil, err
			}
			return y, scanned(s.m, y, in[0], in[1:], attr)
		})
	case ir.Sort, ir.ArgSort:
		return rowwise(func(s *laneState, t laneType, in []*runtime.Array) (*runtime.Array, error) {
			y, err := s.m.memory.New(t.dtype, in[0].Shape()...)
			if err != nil {
				return nil, err
			}
			return y, sorted(s.m, y, in[0], op.Code == ir.ArgSort)
		})
	case ir.SearchSorted:
		right := op.Attr.(ir.SearchAttr).Right
		return rowwise(func(s *laneState, t laneType, in []*runtime.Array) (*runtime.Array, error) {
			return searched(s.m, in[0], in[1], right)
		})
	case ir.Lib:
		if run := library(op); run != nil {
			return libLanes(op, run)
		}
		return nil
	case ir.Contract:
		return contractLanes(op.Attr.(ir.ContractAttr))
	}
	if op.Code.Info().Class == ir.Elementwise {
		if k := kernelOf(op); k != nil {
			return elementwiseLanes(k)
		}
	}
	return nil
}

// rowwise is an operation that takes the lanes as one more leading axis of all
// its operands. What is the same in all lanes is computed once.
func rowwise(f func(s *laneState, t laneType, in []*runtime.Array) (*runtime.Array, error)) laneFunc {
	return func(s *laneState, op *laneOp) error {
		var room [4]*runtime.Array
		in := room[:0]
		n := s.lanesOf(op)
		for _, i := range op.args {
			a, err := s.direct(i)
			if err != nil {
				return err
			}
			if n == 1 {
				s.m.memory.Retain(a)
			} else if a, err = s.widened(a); err != nil {
				return err
			}
			in = append(in, a)
		}
		y, err := f(s, op.types[0], in)
		if err != nil {
			return err
		}
		for _, a := range in {
			s.m.memory.Release(a)
		}
		s.set(op.results[0], laneVal{a: y})
		return nil
	}
}

func elementwiseLanes(k kernelFunc) laneFunc {
	return func(s *laneState, op *laneOp) error {
		n := s.lanesOf(op)
		y, err := s.new(op.types[0], n)
		if err != nil {
			return err
		}
		vecs := &s.m.vecs
		var spread [3]*runtime.Array
		for i, arg := range op.args {
			a, err := s.direct(arg)
			if err != nil {
				return err
			}
			if len(op.types[0].dims) > 0 && a.Shape()[0] != n {
				if a, err = s.widened(a); err != nil {
					return err
				}
				spread[i] = a
			}
			vecs[i] = part(a, 0, a.Len())
		}
		if y.Len() > 0 {
			if _, err := k(part(y, 0, y.Len()), vecs[:len(op.args)]); err != nil {
				return err
			}
		}
		for _, a := range spread {
			s.m.memory.Release(a)
		}
		s.set(op.results[0], laneVal{a: y})
		return s.m.spend(y.Len())
	}
}

// broadcastLanes: new axes come after the lanes.
func broadcastLanes(s *laneState, op *laneOp) error {
	x, err := s.direct(op.args[0])
	if err != nil {
		return err
	}
	n := x.Shape()[0]
	var room, more [9]int
	shape, err := shape(op.types[0].dims, s.f.w, append(room[:0], n))
	if err != nil {
		return err
	}
	total, err := runtime.Size(shape)
	if err != nil {
		return runtime.Fail(ast.CodeMemoryLimit, "%s", err)
	}
	if total == x.Len() { // a reshape, or a broadcast that repeats nothing
		s.set(op.results[0], laneVal{a: s.m.memory.View(x, 0, shape)})
		return nil
	}
	aligned := append(more[:0], n)
	for range len(shape) - len(x.Shape()) {
		aligned = append(aligned, 1)
	}
	v := s.m.memory.View(x, 0, append(aligned, x.Shape()[1:]...))
	y, err := s.m.memory.New(x.DType(), shape...)
	if err != nil {
		return err
	}
	if total > 0 {
		spreadInto(elementAt(y, 0), v, shape, int(x.DType().Bytes()), 0, total)
	}
	s.m.memory.Release(v)
	s.set(op.results[0], laneVal{a: y})
	return s.m.spend(total)
}

// constLanes gives a constant array, which nobody owns, to all lanes.
func constLanes(op *ir.Op) laneFunc {
	a, err := constantArray(op.Results[0].Type, op.Attr.(ir.ArrayLiteral))
	return func(s *laneState, op *laneOp) error {
		if err != nil {
			return err
		}
		var room [9]int
		s.set(op.results[0], laneVal{a: s.m.memory.View(a, 0, append(append(room[:0], 1), a.Shape()...))})
		return nil
	}
}

func iotaLanes(s *laneState, op *laneOp) error {
	y, err := s.new(op.types[0], 1)
	if err != nil {
		return err
	}
	for i := range y.I64() {
		y.I64()[i] = int64(i)
	}
	s.set(op.results[0], laneVal{a: y})
	return nil
}

func retypeLanes(attr ir.RetypeAttr, dims []dim) laneFunc {
	return func(s *laneState, op *laneOp) error {
		x := s.vals[op.args[0]].a
		for i := range dims {
			want, err := dims[i].value(s.f.w)
			if err != nil {
				return err
			}
			if want != int64(x.Shape()[1+i]) {
				row := s.m.memory.View(x, 0, x.Shape()[1:])
				return wrongSizes(s.f, attr.Message, row, dims)
			}
		}
		s.set(op.results[0], s.take(op, 0))
		return nil
	}
}

func checkLanes(attr ir.CheckAttr) laneFunc {
	return func(s *laneState, op *laneOp) error {
		lane := slices.Index(s.vals[op.args[0]].a.Bool(), false)
		if lane < 0 {
			return nil
		}
		return &runtime.Failure{Code: ast.Code(attr.Code), Message: fillIn(attr.Message, func(i int) string {
			if i+1 >= len(op.args) {
				return ""
			}
			v := s.vals[op.args[i+1]]
			row := lane
			if v.at != nil {
				row = int(v.at.I64()[lane])
			} else if v.a.Shape()[0] == 1 {
				row = 0
			}
			size := v.a.Len() / v.a.Shape()[0]
			text := runtime.Format(s.m.memory.View(v.a, row*size, v.a.Shape()[1:]))
			return strings.ReplaceAll(text, "\n", " ")
		})}
	}
}

func concatLanes(axis int) laneFunc {
	return rowwise(func(s *laneState, t laneType, in []*runtime.Array) (*runtime.Array, error) {
		var room [9]int
		shape := append(room[:0], in[0].Shape()...)
		for _, a := range in[1:] {
			shape[axis] += a.Shape()[axis]
		}
		y, err := s.m.memory.New(t.dtype, shape...)
		if err != nil {
			return nil, err
		}
		return y, moving(t.dtype,
			func() error { return joinParts[bool](s.m, y, in, axis) },
			func() error { return joinParts[float32](s.m, y, in, axis) },
			func() error { return joinParts[int64](s.m, y, in, axis) },
			func() error { return joinParts[complex128](s.m, y, in, axis) })
	})
}

// sliceLanes: with the same starts in all lanes a slice of one more axis, else
// one slice for each lane.
func sliceLanes(attr ir.SliceAttr, dims []dim) laneFunc {
	return func(s *laneState, op *laneOp) error {
		x, err := s.direct(op.args[0])
		if err != nil {
			return err
		}
		n := x.Shape()[0]
		ranges := []kernel.Range{{Start: 0, Count: n, Step: 1}}
		same := true
		for i := range dims {
			count, err := dims[i].size(s.f.w)
			if err != nil {
				return err
			}
			start := s.vals[op.args[1+i]].a
			same = same && start.Len() == 1
			ranges = append(ranges, kernel.Range{Count: count, Step: int(attr.Steps[i])})
			if start.Len() > 0 {
				ranges[1+i].Start = int(start.I64()[0])
			}
		}
		if same {
			y, err := sliced(s.m, x, ranges)
			if err == nil {
				s.set(op.results[0], laneVal{a: y})
			}
			return err
		}
		return s.eachLane(op, func(lane int) (*runtime.Array, error) {
			for i := range dims {
				ranges[1+i].Start = int(at(s.vals[op.args[1+i]].a.I64(), lane))
			}
			row := s.row(x, lane)
			defer s.m.memory.Release(row)
			return sliced(s.m, row, ranges[1:])
		})
	}
}

// row is the part of a, of a row for each lane or one, that lane has.
func (s *laneState) row(a *runtime.Array, lane int) *runtime.Array {
	if a.Shape()[0] == 1 {
		lane = 0
	}
	return s.m.memory.View(a, lane*(a.Len()/max(a.Shape()[0], 1)), a.Shape()[1:])
}

// eachLane makes a result from what f gives for each lane.
func (s *laneState) eachLane(op *laneOp, f func(lane int) (*runtime.Array, error)) error {
	y, err := s.new(op.types[0], s.n)
	if err != nil {
		return err
	}
	width := len(y.Bytes()) / max(s.n, 1)
	for lane := range s.n {
		a, err := f(lane)
		if err != nil {
			return err
		}
		copy(y.Bytes()[lane*width:], a.Bytes())
		s.m.memory.Release(a)
	}
	s.set(op.results[0], laneVal{a: y})
	return s.m.spend(y.Len() + s.n)
}

// contractLanes gives the lanes a letter, which an operand that is the same in
// all lanes lacks.
func contractLanes(attr ir.ContractAttr) laneFunc {
	free := byte('a')
	for strings.IndexByte(attr.Spec, free) >= 0 {
		if free++; free == 'z'+1 {
			free = 'A'
		}
	}
	operands, result, _ := strings.Cut(attr.Spec, "->")
	left, right, _ := strings.Cut(operands, ",")
	lane := string(free)
	parsed := func(spec string) kernel.Contraction {
		c, _ := kernel.ParseContraction(spec) // made of a spec that was verified
		return c
	}
	leftVaries := parsed(lane + left + "," + right + "->" + lane + result)
	rightVaries := parsed(left + "," + lane + right + "->" + lane + result)
	neither := parsed(attr.Spec)
	return func(s *laneState, op *laneOp) error {
		a, err := s.direct(op.args[0])
		if err != nil {
			return err
		}
		b, err := s.direct(op.args[1])
		if err != nil {
			return err
		}
		n := s.lanesOf(op)
		spec, batch := neither, attr.Batch+1
		var room [9]int
		shape, err := shape(op.types[0].dims, s.f.w, append(room[:0], n))
		if err != nil {
			return err
		}
		release := func(*runtime.Array) {}
		switch oneA, oneB := a.Shape()[0] != n, b.Shape()[0] != n; {
		case attr.Batch == 0 && oneB && !oneA:
			spec, batch = leftVaries, 0
			b = s.m.memory.View(b, 0, b.Shape()[1:])
			defer s.m.memory.Release(b)
		case attr.Batch == 0 && oneA && !oneB:
			spec, batch = rightVaries, 0
			a = s.m.memory.View(a, 0, a.Shape()[1:])
			defer s.m.memory.Release(a)
		case oneA || oneB:
			if a, err = s.widened(a); err != nil {
				return err
			}
			if b, err = s.widened(b); err != nil {
				return err
			}
			release = s.m.memory.Release
		}
		y, err := contracted(s.m, a, b, spec, batch, shape)
		if err != nil {
			return err
		}
		release(a)
		release(b)
		s.set(op.results[0], laneVal{a: y})
		return nil
	}
}
