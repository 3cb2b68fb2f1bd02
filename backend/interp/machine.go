package interp

import (
	"context"
	"io"
	"sync"
	"unsafe"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A machine is one run. Calls of the program are records on a stack of its own,
// so the depth of recursion is not that of Go's stack.
type machine struct {
	ctx    context.Context
	limits runtime.Limits
	memory *runtime.Memory
	output io.Writer
	hosts  map[string]HostFunc

	f       frame // the one that runs
	calls   []record
	words   stack[uint64]
	handles stack[*runtime.Array]
	texts   stack[string]

	fuel   int   // steps until the next look at the context
	steps  int64 // taken, fuel apart
	given  int   // what fuel began with
	work   int   // elements until the next look at the context
	ticks  int   // operations until the next look at the context
	pollFn func() error
	strips stripStates

	// Room for the operations that run one at a time.
	ranges []kernel.Range
	axes   []kernel.IndexAxis
	points []int64
	vecs   [3]vec
	cells  [4]cell

	feeds     []sink      // of the maps that run, innermost last
	laneRoom  [][]laneVal // kept
	laneLimit int         // lanes of a block of the map that runs
	laneCalls []laneCall
	noInPlace bool
}

// A frame is what a function sees of the machine.
type frame struct {
	w  []uint64
	h  []*runtime.Array
	t  []string
	m  *machine
	fn *function
	pc int
}

// A record is a frame that waits for a call to return.
type record struct {
	f                               frame
	wordChunk, wordTop, handleChunk int
	handleTop, textChunk, textTop   int
}

const (
	stepsPerLook    = 1 << 14
	workPerLook     = 1 << 17
	opsPerLook      = 32
	elementsPerStep = 1 << 10
)

// machines keeps those of earlier runs, for their room.
var machines = sync.Pool{New: func() any { return new(machine) }}

func newMachine(ctx context.Context, opts Options) *machine {
	m := machines.Get().(*machine)
	limits := opts.Limits.WithDefaults()
	pollFn := m.pollFn
	kept := machine{
		ctx: ctx, limits: limits, memory: runtime.NewMemory(limits.Memory), output: opts.Output, hosts: opts.Hosts,
		work: workPerLook, calls: m.calls[:0], words: m.words, handles: m.handles, texts: m.texts,
		strips: m.strips, laneRoom: m.laneRoom, laneCalls: m.laneCalls[:0], ranges: m.ranges, axes: m.axes, points: m.points,
	}
	*m = kept
	m.f.m = m
	if m.pollFn = pollFn; pollFn == nil {
		m.pollFn = m.poll
	}
	m.words.begin(8, m.memory)
	m.handles.begin(8, m.memory)
	m.texts.begin(16, m.memory)
	m.refuel()
	return m
}

// close ends a run. After one that failed, handles are left in frames, so that
// nothing of it is used again.
func (m *machine) close(failed bool) {
	if failed {
		return
	}
	m.memory.Close()
	m.ctx, m.output, m.hosts, m.memory = nil, nil, nil, nil
	m.strips.forget()
	clear(m.axes)
	clear(m.calls[:cap(m.calls)])
	machines.Put(m)
}

// refuel gives the steps until the next look.
func (m *machine) refuel() {
	m.given = int(min(stepsPerLook, m.limits.Steps-m.steps))
	m.fuel = m.given
}

// look is called when the fuel is used up.
func (m *machine) look() error {
	m.steps += int64(m.given - m.fuel)
	if m.steps > m.limits.Steps {
		return runtime.Fail(ast.CodeStepLimit, "the program took more than %d steps", m.limits.Steps)
	}
	m.refuel()
	return runtime.Interrupted(m.ctx)
}

// step counts n steps.
func (m *machine) step(n int) error {
	if m.fuel -= n; m.fuel < 0 {
		return m.look()
	}
	return nil
}

// poll is what kernels call now and then.
func (m *machine) poll() error { return runtime.Interrupted(m.ctx) }

// tick counts an operation that is more than an instruction. One may take as
// long as kernels do between two looks of theirs.
func (m *machine) tick() error {
	if m.ticks--; m.ticks < 0 {
		m.ticks = opsPerLook
		return m.poll()
	}
	return nil
}

// spend counts work on n elements; so many of them are a step.
func (m *machine) spend(n int) error {
	if m.work -= n; m.work < 0 {
		done := workPerLook - m.work
		m.work = workPerLook
		if err := m.step(done / elementsPerStep); err != nil {
			return err
		}
		return m.poll()
	}
	return nil
}

// run calls fn from outside.
func (m *machine) run(fn *function, args []runtime.Value, sizes []int64) ([]runtime.Value, error) {
	if err := m.enter(fn); err != nil {
		return nil, runtime.At(err, fn.pos, nil)
	}
	for i, l := range fn.sizes {
		m.f.w[l.slot] = uint64(sizes[i])
	}
	for i, l := range fn.params {
		if err := m.f.accept(l, args[i]); err != nil {
			return nil, err
		}
	}
	m.f.drop(fn.unused)
	if err := m.loop(0); err != nil {
		return nil, err
	}
	results := make([]runtime.Value, len(fn.results))
	for i, l := range fn.results {
		switch l.kind {
		case inText:
			results[i] = runtime.Text(m.f.t[l.slot])
		case inHandle:
			a := m.f.h[l.slot]
			if fn.moves[i].last {
				m.f.h[l.slot] = nil
			} else { // another result is this array too
				a = m.memory.View(a, 0, a.Shape())
			}
			results[i] = m.memory.Detach(a).Canonical()
		default:
			a := runtime.NewScalar(l.dtype)
			copy(a.Bytes(), unsafe.Slice((*byte)(m.cells[0].load(&m.f, l).p), l.dtype.Bytes()))
			results[i] = a.Canonical()
		}
	}
	return results, nil
}

// enter makes a frame for fn the running one.
func (m *machine) enter(fn *function) error {
	if len(m.calls) >= m.limits.Depth {
		return runtime.Fail(ast.CodeRecursionLimit, "calls are nested more than %d deep", m.limits.Depth)
	}
	r := record{m.f, m.words.chunk, m.words.top, m.handles.chunk, m.handles.top, m.texts.chunk, m.texts.top}
	words, err := m.words.push(fn.words, 8, m.memory)
	if err != nil {
		return err
	}
	handles, err := m.handles.push(fn.handles, 8, m.memory)
	if err != nil {
		return err
	}
	var texts []string
	if fn.strings > 0 {
		if texts, err = m.texts.push(fn.strings, 16, m.memory); err != nil {
			return err
		}
		copy(texts, fn.texts)
	}
	copy(words, fn.consts)
	m.calls = append(m.calls, r)
	m.f.w, m.f.h, m.f.t, m.f.fn, m.f.pc = words, handles, texts, fn, 0
	return nil
}

// leave makes the frame of the caller the running one.
func (m *machine) leave() {
	r := &m.calls[len(m.calls)-1]
	m.f = r.f
	m.words.chunk, m.words.top = r.wordChunk, r.wordTop
	m.handles.chunk, m.handles.top = r.handleChunk, r.handleTop
	m.texts.chunk, m.texts.top = r.textChunk, r.textTop
	m.calls = m.calls[:len(m.calls)-1]
}

// call begins a call. The callee's loop goes on in the same Go frame.
func (m *machine) call(site *callSite) error {
	caller := m.f
	var sizes [8]int64
	passed := sizes[:0]
	for i := range site.sizes {
		n, err := site.sizes[i].value(caller.w)
		if err != nil {
			return err
		}
		passed = append(passed, n)
	}
	if err := m.enter(site.callee); err != nil {
		return err
	}
	fn := site.callee
	for i, n := range passed {
		m.f.w[fn.sizes[i].slot] = uint64(n)
	}
	for i := range site.args {
		t := site.args[i]
		t.to = fn.params[i].slot
		pass(&m.f, &caller, t)
	}
	m.f.drop(fn.unused)
	return nil
}

// ret ends a call: the results go to the caller's slots, and the caller's loop
// goes on.
func (m *machine) ret() {
	callee := m.f
	m.leave()
	site := &m.f.fn.calls[m.f.fn.code[m.f.pc].a]
	for i, t := range callee.fn.moves {
		t.to = site.results[i].slot
		pass(&m.f, &callee, t)
	}
}

// pass moves a value from one frame to another.
func pass(to, from *frame, t transfer) {
	switch t.kind {
	case inWord:
		to.w[t.to] = from.w[t.from]
	case inPair:
		to.w[t.to], to.w[t.to+1] = from.w[t.from], from.w[t.from+1]
	case inText:
		to.t[t.to] = from.t[t.from]
	case inHandle:
		to.h[t.to] = from.h[t.from]
		if t.last {
			from.h[t.from] = nil
		} else {
			to.m.memory.Retain(to.h[t.to])
		}
	}
}

// drop releases the handles in these slots.
func (f *frame) drop(slots []int32) {
	for _, s := range slots {
		f.m.memory.Release(f.h[s])
		f.h[s] = nil
	}
}

// A laneCall is a call made in lanes: its frame is calls[depth].
type laneCall struct {
	depth int
	place place
}

// trace is the places of the calls that led to where the machine is, innermost
// first.
func (m *machine) trace() []ast.Span {
	var calls []ast.Span
	lane := len(m.laneCalls) - 1
	for i := len(m.calls) - 1; i > 0; i-- {
		f := &m.calls[i].f
		var p place
		if lane >= 0 && m.laneCalls[lane].depth == i {
			p = m.laneCalls[lane].place
			lane--
		} else {
			p = f.fn.places[f.pc]
		}
		calls = append(append(calls, p.span), p.calls...)
	}
	return calls
}

// A stack gives windows that don't move. Windows of handles come back empty,
// since every handle of a frame is passed on or released.
type stack[T any] struct {
	chunks [][]T
	chunk  int // the one in use
	top    int // what of it is used
}

// begin makes a stack of an earlier run empty; its first chunk is kept.
func (s *stack[T]) begin(width int64, memory *runtime.Memory) {
	s.chunk, s.top = 0, 0
	if len(s.chunks) == 0 {
		return
	}
	clear(s.chunks[1:])
	s.chunks = s.chunks[:1]
	if memory.Charge(int64(len(s.chunks[0]))*width) != nil {
		s.chunks = s.chunks[:0]
	}
}

func (s *stack[T]) push(n int, width int64, memory *runtime.Memory) ([]T, error) {
	if len(s.chunks) == 0 || s.top+n > len(s.chunks[s.chunk]) {
		next := 0
		if len(s.chunks) > 0 {
			next = s.chunk + 1
		}
		if next == len(s.chunks) || len(s.chunks[next]) < n {
			size := max(n, 512)
			if next > 0 {
				size = max(n, min(2*len(s.chunks[next-1]), 1<<20))
			}
			for _, c := range s.chunks[next:] {
				memory.Refund(int64(len(c)) * width)
			}
			s.chunks = s.chunks[:next]
			if err := memory.Charge(int64(size) * width); err != nil {
				return nil, err
			}
			s.chunks = append(s.chunks, make([]T, size))
		}
		s.chunk, s.top = next, 0
	}
	window := s.chunks[s.chunk][s.top : s.top+n : s.top+n]
	s.top += n
	return window, nil
}
