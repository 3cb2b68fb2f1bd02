package lower

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A meeting collects what an if yields, where two arms meet: pairs of values
// that differ.
type meeting struct {
	f         *function
	types     []typecheck.Array
	then, els []*ir.Value
	names     []string
	fresh     map[[2]string]ir.Dim
	signals   map[[2]signal]int
	not       *ir.Value                   // of the condition
	targets   []func(results []*ir.Value) // fill in the results
}

// join appends the if of two arms and makes what either has assigned what it is
// behind the if.
func (f *function) join(c *ir.Value, then, els *arm) (*binding, flow) {
	m := &meeting{f: f, fresh: map[[2]string]ir.Dim{}, signals: map[[2]signal]int{}}
	var left flow
	m.signal(f.wants.falls, c, then.flow.falls, els.flow.falls, &left.falls)
	m.signal(f.wants.stays, c, then.flow.stays, els.flow.stays, &left.stays)
	m.signal(f.wants.runs, c, then.flow.runs, els.flow.runs, &left.runs)
	assigned := map[*typecheck.Var]*binding{}
	var vars []*typecheck.Var
	for _, v := range slices.Concat(then.changed, els.changed) {
		// Behind a return on both sides nothing but the result is left.
		if assigned[v] == nil && (!left.runs.off || v == f.result) {
			assigned[v] = m.binding(v, f.afterArm(then, v), f.afterArm(els, v))
			vars = append(vars, v)
		}
	}
	var value *binding
	if !left.falls.off && (then.value != nil || els.value != nil) {
		value = m.binding(nil, then.value, els.value)
	}
	m.emit(c, then, els)
	for _, v := range vars {
		f.assign(v, assigned[v])
	}
	return value, left
}

// afterArm is what v is behind an arm; nil if nothing.
func (f *function) afterArm(a *arm, v *typecheck.Var) *binding {
	if b, ok := a.after[v]; ok {
		return b
	}
	return f.env[v]
}

// signal joins two signals. One that follows from c takes no result, nor does
// one that nothing asks for.
func (m *meeting) signal(wanted bool, c *ir.Value, x, y signal, out *signal) {
	switch {
	case x == y:
		*out = x
	case !wanted:
		*out = signal{lost: true}
	case x == signal{} && y == off:
		*out = signal{v: c}
	case x == off && y == signal{}:
		if m.not == nil {
			m.not = m.f.b.Op(ir.Not, nil, c)
		}
		*out = signal{v: m.not}
	default:
		i, ok := m.signals[[2]signal{x, y}]
		if !ok {
			i = m.add(typecheck.Array{DType: ir.Bool}, "", m.f.signalValue(x), m.f.signalValue(y))
			m.signals[[2]signal{x, y}] = i
		}
		m.targets = append(m.targets, func(results []*ir.Value) { out.v = results[i] })
	}
}

func (m *meeting) add(t typecheck.Array, name string, x, y *ir.Value) int {
	m.types = append(m.types, t)
	m.names = append(m.names, name)
	m.then = append(m.then, x)
	m.els = append(m.els, y)
	return len(m.types) - 1
}

// binding joins two values of v, of which one may be nil. Parts that are the same on
// both sides take no result.
func (m *meeting) binding(v *typecheck.Var, x, y *binding) *binding {
	shape := x
	if x == nil {
		shape = y
	}
	n := len(shape.types)
	out := &binding{make([]typecheck.Array, n), make([]*ir.Value, n)}
	for k := range n {
		var vx, vy *ir.Value
		if x != nil {
			vx = x.values[k]
		}
		if y != nil {
			vy = y.values[k]
		}
		if vx == vy {
			out.types[k], out.values[k] = m.same(x.types[k], y.types[k], vx), vx
			continue
		}
		t := m.meet(shape.types[k], x, y, k)
		i := m.add(t, m.f.partName(v, k), vx, vy)
		out.types[k] = t
		m.targets = append(m.targets, func(results []*ir.Value) { out.values[k] = results[i] })
	}
	return out
}

// same is the type of a value that is v on both sides.
func (m *meeting) same(x, y typecheck.Array, v *ir.Value) typecheck.Array {
	dims := make([]ir.Dim, len(x.Dims))
	for axis := range dims {
		switch {
		case m.f.knownDim(x.Dims[axis]):
			dims[axis] = x.Dims[axis]
		case m.f.knownDim(y.Dims[axis]):
			dims[axis] = y.Dims[axis]
		default:
			a := m.f.freshAtom()
			m.f.bindAtom(a, v.Type.Dims[axis])
			dims[axis] = ir.Sized(a)
		}
	}
	return typecheck.Array{DType: x.DType, Dims: dims}
}

// meet is the type of part k on both sides. Sizes that differ, or that are not
// known outside, become atoms of their own.
func (m *meeting) meet(shape typecheck.Array, x, y *binding, k int) typecheck.Array {
	if len(shape.Dims) == 0 {
		return shape
	}
	dims := make([]ir.Dim, len(shape.Dims))
	for axis, d := range shape.Dims {
		dx, dy := d, d
		if x != nil {
			dx = x.types[k].Dims[axis]
		}
		if y != nil {
			dy = y.types[k].Dims[axis]
		}
		if dx.Equal(dy) && m.f.knownDim(dx) {
			dims[axis] = dx
			continue
		}
		key := [2]string{dx.Key(), dy.Key()}
		size, ok := m.fresh[key]
		if !ok {
			size = ir.Sized(m.f.freshAtom())
			m.fresh[key] = size
		}
		dims[axis] = size
	}
	return typecheck.Array{DType: shape.DType, Dims: dims}
}

// emit appends the if.
func (m *meeting) emit(c *ir.Value, then, els *arm) {
	f := m.f
	if len(m.types) == 0 && len(then.b.Block.Ops) == 0 && len(els.b.Block.Ops) == 0 {
		return
	}
	l := newLayout(m.types, f.known)
	f.using(then.b, func() { then.b.Block.Yield = f.pack(l, m.then) })
	f.using(els.b, func() { els.b.Block.Yield = f.pack(l, m.els) })
	results := f.b.EmitTyped(ir.If, nil, []*ir.Value{c}, f.resultTypes(l), then.b.Block, els.b.Block)
	values := f.unpack(l, results)
	for i, v := range values {
		v.Name = m.names[i]
	}
	for _, fill := range m.targets {
		fill(values)
	}
}
