package interp

import (
	"slices"
	"unsafe"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// stripLength is how many elements of a group are computed at a time: few
// enough that its registers stay in the first cache.
const stripLength = 512

// A stripPlan is a compiled group. Every value that takes part has a number:
// inputs, scalars, then members.
type stripPlan struct {
	dims    []dim
	inputs  []stripInput
	scalars []stripScalar
	values  int       // how many numbers there are
	once    []stripOp // of values that are the same everywhere
	ops     []stripOp
	widths  []int    // bytes of an element of each register
	inReg   []regUse // values that live in registers
	outputs []stripOutput
	sinks   []stripSink
}

type stripInput struct {
	loc   loc
	value int
	last  bool
	full  bool // read element by element, not only broadcast
}

type stripScalar struct {
	loc   loc
	value int
}

// A stripOp computes a member. With a spread it broadcasts an input instead, and
// positions are those of the elements.
type stripOp struct {
	kernel    kernelFunc
	positions bool
	spread    bool
	input     int // of inputs, for a spread
	width     int // of an element, for a spread
	dst       int
	args      []int
	place     place
}

type regUse struct{ value, register int }

type stripOutput struct {
	loc   loc
	value int
	reuse []int // inputs whose storage may serve
}

type stripSink struct {
	loc   loc
	value int
	axes  int // how many last axes are reduced
	kind  ir.ReduceKind
	dtype ir.DType   // of the operand
	store *storePlan // nil for a reduction
	place place
}

// group plans g and emits it.
func (c *compiler) group(g *group) error {
	p := &stripPlan{dims: c.dims(g.dims)}
	number := map[*ir.Value]int{}
	lastRead := map[int]int{} // by value: the op that reads it last
	uniform := map[int]bool{}
	add := func() int {
		p.values++
		return p.values - 1
	}
	for i, v := range g.inputs {
		number[v] = add()
		p.inputs = append(p.inputs, stripInput{loc: c.loc(v), value: number[v], last: g.last[i]})
	}
	input := func(v *ir.Value) int { return slices.Index(g.inputs, v) }
	operand := func(v *ir.Value) int {
		n, ok := number[v]
		if !ok {
			n = add()
			number[v] = n
			uniform[n] = true
			p.scalars = append(p.scalars, stripScalar{c.loc(v), n})
		}
		return n
	}
	made := map[int]int{} // by value: the op that makes it
	spreadOf := map[*ir.Value]bool{}
	for _, op := range g.members {
		result := op.Results[0]
		// Outputs and what sinks take in have all their elements.
		wanted := slices.Contains(g.outputs, result) || slices.ContainsFunc(g.sinks, func(s *ir.Op) bool { return taken(s) == result })
		if op.Code == ir.Broadcast {
			source := op.Args[0]
			if source.Type.Rank() == 0 && !wanted {
				number[result] = operand(source) // the scalar itself
				continue
			}
			if i := input(source); i >= 0 && !sameDims(source.Type.Dims, g.dims) {
				spreadOf[source] = true
				s := stripOp{spread: true, input: i, width: int(source.Type.DType.Bytes()), dst: add(), place: placeOf(op)}
				number[result] = s.dst
				made[s.dst] = len(p.ops)
				p.ops = append(p.ops, s)
				continue
			}
		}
		if op.Code == ir.Iota {
			s := stripOp{positions: true, dst: add(), place: placeOf(op)}
			number[result] = s.dst
			made[s.dst] = len(p.ops)
			p.ops = append(p.ops, s)
			continue
		}
		s := stripOp{place: placeOf(op)}
		same := !wanted
		for _, a := range op.Args {
			if i := input(a); i >= 0 {
				p.inputs[i].full = true
			}
			n := operand(a)
			s.args = append(s.args, n)
			same = same && uniform[n]
		}
		if op.Code == ir.Broadcast {
			t := result.Type.DType
			s.kernel = convertKernels[[2]ir.DType{t, t}]
		} else if s.kernel = kernelOf(op); s.kernel == nil {
			return unsupported(op)
		}
		s.dst = add()
		number[result] = s.dst
		if same {
			uniform[s.dst] = true
			p.once = append(p.once, s)
			continue
		}
		// A kernel of one operand wants as many elements as it gives.
		if len(s.args) == 1 && uniform[s.args[0]] && op.Code != ir.Broadcast {
			one := s
			one.dst = add()
			uniform[one.dst] = true
			p.once = append(p.once, one)
			t := result.Type.DType
			s.kernel, s.args = convertKernels[[2]ir.DType{t, t}], []int{one.dst}
		}
		for _, a := range s.args {
			lastRead[a] = len(p.ops)
		}
		made[s.dst] = len(p.ops)
		p.ops = append(p.ops, s)
	}
	for _, s := range g.sinks {
		n := number[taken(s)]
		lastRead[n] = len(p.ops)
		k := stripSink{loc: c.loc(s.Results[0]), value: n, dtype: taken(s).Type.DType, place: placeOf(s)}
		if attr, ok := s.Attr.(ir.ReduceAttr); ok {
			k.axes, k.kind = len(attr.Axes), attr.Kind
		} else {
			k.store = c.storePlan(s)
		}
		p.sinks = append(p.sinks, k)
	}
	for _, v := range g.outputs {
		n := number[v]
		out := stripOutput{loc: c.loc(v), value: n}
		for i, in := range g.inputs {
			if g.last[i] && !c.program.tuning.NoInPlace && p.inputs[i].full && !spreadOf[in] &&
				in.Type.DType.Bytes() == v.Type.DType.Bytes() && lastRead[i] <= made[n] {
				out.reuse = append(out.reuse, i)
			}
		}
		p.outputs = append(p.outputs, out)
	}
	c.assignRegisters(p, g, number, uniform, made, lastRead)
	c.place = placeOf(g.members[0])
	c.exec(p.run)
	c.release(g.dead)
	return nil
}

// assignRegisters gives registers to the values between the first op that makes
// them and the last that reads them.
func (c *compiler) assignRegisters(p *stripPlan, g *group, number map[*ir.Value]int, uniform map[int]bool, made, lastRead map[int]int) {
	isOutput := map[int]bool{}
	for _, o := range p.outputs {
		isOutput[o.value] = true
	}
	width := map[int]int{}
	for _, op := range g.members {
		width[number[op.Results[0]]] = int(op.Results[0].Type.DType.Bytes())
	}
	ends := make([][]int, len(p.ops)+1)
	held := map[int]int{}
	var idle []int
	for _, s := range p.once {
		p.widths = append(p.widths, 16)
		p.inReg = append(p.inReg, regUse{s.dst, len(p.widths) - 1})
	}
	for j, s := range p.ops {
		if !isOutput[s.dst] {
			r := -1
			for k, free := range idle {
				if p.widths[free] == max(width[s.dst], 8) {
					r = free
					idle = slices.Delete(idle, k, k+1)
					break
				}
			}
			if r < 0 {
				p.widths = append(p.widths, max(width[s.dst], 8))
				r = len(p.widths) - 1
			}
			held[s.dst] = r
			p.inReg = append(p.inReg, regUse{s.dst, r})
			end := max(lastRead[s.dst], j)
			ends[end] = append(ends[end], s.dst)
		}
		for _, v := range ends[j] {
			idle = append(idle, held[v])
		}
	}
}

// run computes the group in a frame.
func (p *stripPlan) run(f *frame) error {
	m := f.m
	var room [8]int
	dims, err := shape(p.dims, f.w, room[:0])
	if err != nil {
		return err
	}
	total, err := runtime.Size(dims)
	if err != nil {
		return runtime.Fail(ast.CodeMemoryLimit, "%s", err)
	}
	s := m.strips.acquire(p)
	defer m.strips.release(s)
	for i := range p.scalars {
		s.vecs[p.scalars[i].value] = s.cells[i].load(f, p.scalars[i].loc)
	}
	for i := range p.inputs {
		s.arrays[i] = f.h[p.inputs[i].loc.slot]
	}
	for i := range p.outputs {
		if s.outputs[i], err = p.outputArray(f, s, i, dims); err != nil {
			return err
		}
	}
	if err := p.startSinks(f, s, dims); err != nil {
		return err
	}
	if total > 0 {
		if err := p.strips(f, s, dims, total); err != nil {
			return err
		}
	}
	p.finishSinks(f, s)
	for i := range p.inputs {
		if in := &p.inputs[i]; in.last {
			m.memory.Release(s.arrays[i])
			f.h[in.loc.slot] = nil
		}
	}
	for i := range p.outputs {
		f.h[p.outputs[i].loc.slot] = s.outputs[i]
	}
	return nil
}

// outputArray is the storage of output i: that of an input that ends here, or
// new.
func (p *stripPlan) outputArray(f *frame, s *stripState, i int, dims []int) (*runtime.Array, error) {
	for _, k := range p.outputs[i].reuse {
		if x := s.arrays[k]; x.Owned() && !slices.Contains(s.outputs[:i], x) {
			if x.DType() == p.outputs[i].loc.dtype {
				f.m.memory.Retain(x)
				return x, nil
			}
			return f.m.memory.Recast(x, p.outputs[i].loc.dtype), nil
		}
	}
	return f.m.memory.New(p.outputs[i].loc.dtype, dims...)
}

// strips goes through the elements.
func (p *stripPlan) strips(f *frame, s *stripState, dims []int, total int) error {
	m := f.m
	for _, u := range p.inReg {
		s.vecs[u.value].p = unsafe.Pointer(&s.registers[u.register][0])
	}
	for i := range p.once {
		op := &p.once[i]
		s.vecs[op.dst].n = 1
		if err := s.compute(op); err != nil {
			return m.at(err, op.place)
		}
	}
	for start := 0; start < total; start += stripLength {
		n := min(stripLength, total-start)
		for i := range p.inputs {
			in := &p.inputs[i]
			if in.full {
				s.vecs[in.value] = part(s.arrays[i], start, n)
			}
		}
		for i := range p.outputs {
			s.vecs[p.outputs[i].value] = part(s.outputs[i], start, n)
		}
		for i := range p.ops {
			op := &p.ops[i]
			s.vecs[op.dst].n = n
			if op.positions {
				out := unsafe.Slice((*int64)(s.vecs[op.dst].p), n)
				for k := range out {
					out[k] = int64(start + k)
				}
			} else if op.spread {
				spreadInto(s.vecs[op.dst].p, s.arrays[op.input], dims, op.width, start, n)
			} else if err := s.compute(op); err != nil {
				return m.at(err, op.place)
			}
		}
		for i := range p.sinks {
			s.sinks[i].feed.add(s.vecs[p.sinks[i].value])
		}
		if m.work -= n * len(p.ops); m.work < 0 {
			if err := m.spend(0); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *stripState) compute(op *stripOp) error {
	for k, a := range op.args {
		s.args[k] = s.vecs[a]
	}
	_, err := op.kernel(s.vecs[op.dst], s.args[:len(op.args)])
	return err
}

// part is n elements of a from start on.
func part(a *runtime.Array, start, n int) vec {
	return vec{unsafe.Add(unsafe.Pointer(unsafe.SliceData(a.Bytes())), start*int(a.DType().Bytes())), n}
}

// A stripState is the memory in which a group runs; the machine keeps one.
type stripState struct {
	vecs      []vec
	args      [3]vec
	cells     []cell
	arrays    []*runtime.Array
	outputs   []*runtime.Array
	registers [][]uint64
	sinks     []sink
}

type stripStates struct{ idle []*stripState }

func (list *stripStates) acquire(p *stripPlan) *stripState {
	var s *stripState
	if n := len(list.idle); n > 0 {
		s = list.idle[n-1]
		list.idle = list.idle[:n-1]
	} else {
		s = &stripState{}
	}
	s.vecs = resize(s.vecs, p.values)
	s.cells = resize(s.cells, len(p.scalars))
	s.arrays = resize(s.arrays, len(p.inputs))
	s.outputs = resize(s.outputs, len(p.outputs))
	s.sinks = resize(s.sinks, len(p.sinks))
	if len(s.registers) < len(p.widths) {
		s.registers = append(s.registers, make([][]uint64, len(p.widths)-len(s.registers))...)
	}
	for i, w := range p.widths {
		if len(s.registers[i]) < stripLength*w/8 {
			s.registers[i] = make([]uint64, stripLength*w/8)
		}
	}
	return s
}

func (list *stripStates) release(s *stripState) {
	list.idle = append(list.idle, s)
}

// forget drops the arrays that earlier groups were about.
func (list *stripStates) forget() {
	for _, s := range list.idle {
		clear(s.arrays[:cap(s.arrays)])
		clear(s.outputs[:cap(s.outputs)])
		clear(s.vecs[:cap(s.vecs)])
	}
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+8)
	}
	return s[:n]
}
