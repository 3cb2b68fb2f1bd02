package diff

import "github.com/calx-lang/calx/ir"

// A solver finds the least solution of equations that functions of a module
// have in common: each part is passed over until none changes.
type solver struct {
	depth   int
	pending []part
}

type part interface{ pass() (changed bool) }

// solve passes over x, and over the parts that it comes to depend on.
func (s *solver) solve(x part) {
	s.pending = append(s.pending, x)
	s.depth++
	for x.pass() {
	}
	s.depth--
	if s.depth > 0 {
		return
	}
	s.depth++
	for again := true; again; {
		again = false
		for i := 0; i < len(s.pending); i++ {
			again = s.pending[i].pass() || again
		}
	}
	s.depth--
	s.pending = s.pending[:0]
}

type needKey struct {
	f      *ir.Func
	wanted string
}

// A need tells which values of a function its wanted results depend on, so
// that they may have derivatives.
type need struct {
	d       *differ
	key     needKey
	useful  []bool // by ID
	changed bool
}

// need is that of f, of whose results (without sizes) those are wanted that
// have another letter than SeedNone.
func (d *differ) need(f *ir.Func, wanted string) *need {
	key := needKey{f, wanted}
	n := d.needs[key]
	if n == nil {
		n = &need{d: d, key: key, useful: make([]bool, f.NumValues())}
		d.needs[key] = n
		d.solver.solve(n)
	}
	return n
}

func (n *need) pass() bool {
	n.changed = false
	f := n.key.f
	for i, v := range f.Body.Yield[f.SizeResults:] {
		if n.key.wanted[i] != ir.SeedNone {
			n.use(v)
		}
	}
	n.block(f.Body)
	return n.changed
}

func (n *need) use(v *ir.Value) {
	if v.Type.DType.IsInexact() && !n.useful[v.ID] {
		n.useful[v.ID], n.changed = true, true
	}
}

// same lets all of values be useful if one is.
func (n *need) same(values ...*ir.Value) {
	for _, v := range values {
		if n.useful[v.ID] {
			for _, w := range values {
				n.use(w)
			}
			return
		}
	}
}

func (n *need) block(b *ir.Block) {
	for i := len(b.Ops) - 1; i >= 0; i-- {
		op := b.Ops[i]
		switch op.Code {
		case ir.If, ir.Map:
			for _, region := range op.Regions {
				for j, v := range op.Results {
					n.feed(v, region.Yield[j])
				}
			}
		case ir.For, ir.While:
			for j := range op.Results {
				n.same(carried(op, j)...)
			}
		case ir.Call:
			n.call(op)
		default:
			if passes(op) {
				for _, v := range op.Results {
					n.feed(v, op.Args...)
				}
			}
		}
		for _, region := range op.Regions {
			n.block(region)
		}
	}
}

// feed lets values be useful if v is.
func (n *need) feed(v *ir.Value, values ...*ir.Value) {
	if n.useful[v.ID] {
		for _, w := range values {
			n.use(w)
		}
	}
}

// carried are the values that are one in a loop: the initial one, those that
// its blocks see and give, and the result.
func carried(op *ir.Op, i int) []*ir.Value {
	if op.Code == ir.For {
		return []*ir.Value{op.Args[2+i], op.Regions[0].Params[1+i], op.Regions[0].Yield[i], op.Results[i]}
	}
	return []*ir.Value{op.Args[i], op.Regions[0].Params[i], op.Regions[1].Params[i], op.Regions[1].Yield[i], op.Results[i]}
}

// passes reports whether a derivative may pass through an operation without
// blocks that is no call.
func passes(op *ir.Op) bool {
	if op.Code == ir.Sign {
		return op.Args[0].Type.DType == ir.C128
	}
	return op.Code.Info().Derivative.Kind != ir.Cut
}

func (n *need) call(op *ir.Op) {
	callee := op.Callee()
	wanted := make([]byte, len(op.Results)-callee.SizeResults)
	any := false
	for i, v := range op.Results[callee.SizeResults:] {
		wanted[i] = zero.letter()
		if n.useful[v.ID] {
			wanted[i], any = dense.letter(), true
		}
	}
	if !any {
		return
	}
	f, first, only := callee, 0, false
	if callee.Rule != nil {
		f, first, only = callee.Rule.Tangent, len(callee.Params), true
		wanted = ofInexact(callee.Results[callee.SizeResults:], wanted)
	}
	inner := n.d.need(f, string(wanted))
	for i, p := range callee.Params {
		if only && !p.Type.DType.IsInexact() {
			continue
		}
		if inner.useful[f.Params[first].ID] {
			n.use(op.Args[i])
		}
		first++
	}
}

// ofInexact are the letters that stand for inexact types.
func ofInexact(types []ir.Type, letters []byte) []byte {
	var list []byte
	for i, t := range types {
		if t.DType.IsInexact() {
			list = append(list, letters[i])
		}
	}
	return list
}

type flowKey struct {
	f              *ir.Func
	params, wanted string
}

// A flow tells which values of a function have derivatives, and of what kind:
// those that depend on active parameters and on which wanted results depend.
// A kind is never less than that of the derivative that forward mode finds.
type flow struct {
	d       *differ
	key     flowKey
	need    *need
	kinds   []kind // by ID
	steep   bool   // whether zero as a number isn't enough
	changed bool
}

// flow is that of f with tangents of these kinds for its parameters, a letter
// each, of whose results (without sizes) those are wanted that have another
// letter than SeedNone.
func (d *differ) flow(f *ir.Func, params, wanted string) *flow {
	key := flowKey{f, params, wanted}
	w := d.flows[key]
	if w == nil {
		w = &flow{d: d, key: key, need: d.need(f, wanted), kinds: make([]kind, f.NumValues()), steep: steep(f)}
		d.flows[key] = w
		d.solver.solve(w)
	}
	return w
}

// flowOf is flow for a function that is going to change, of which nothing is
// remembered.
func (d *differ) flowOf(f *ir.Func, params, wanted string) *flow {
	w := d.flow(f, params, wanted)
	delete(d.flows, w.key)
	delete(d.needs, needKey{f, wanted})
	return w
}

// kind is that of the derivative of v.
func (w *flow) kind(v *ir.Value) kind { return w.kinds[v.ID] }

// results are the kinds of the results that are no sizes.
func (w *flow) results() []kind {
	f := w.key.f
	kinds := make([]kind, len(f.Results)-f.SizeResults)
	for i, v := range f.Body.Yield[f.SizeResults:] {
		if w.key.wanted[i] != ir.SeedNone {
			kinds[i] = w.kind(v)
		}
	}
	return kinds
}

func (w *flow) pass() bool {
	w.changed = false
	for i, p := range w.key.f.Params {
		w.set(p, kindOf(w.key.params[i]))
	}
	w.block(w.key.f.Body)
	return w.changed
}

func (w *flow) set(v *ir.Value, k kind) {
	if w.need.useful[v.ID] && k > w.kinds[v.ID] {
		w.kinds[v.ID], w.changed = k, true
	}
}

func (w *flow) block(b *ir.Block) {
	for _, op := range b.Ops {
		switch op.Code {
		case ir.For, ir.While:
			w.loop(op)
		case ir.If:
			for _, region := range op.Regions {
				w.block(region)
			}
			for i, v := range op.Results {
				w.set(v, eitherOr(w.kind(op.Regions[0].Yield[i]), w.kind(op.Regions[1].Yield[i])))
			}
		case ir.Map:
			w.block(op.Regions[0])
			for i, v := range op.Results {
				w.set(v, w.kind(op.Regions[0].Yield[i]))
			}
		case ir.Call:
			w.call(op)
		default:
			if passes(op) {
				k := w.result(op)
				for _, v := range op.Results {
					w.set(v, k)
				}
			}
		}
	}
}

// loop lets what is carried have the greatest kind that it has anywhere.
func (w *flow) loop(op *ir.Op) {
	for again := true; again; {
		again = false
		for i := range op.Results {
			again = w.unify(carried(op, i)) || again
		}
		for _, region := range op.Regions {
			w.block(region)
		}
		if !again {
			for i := range op.Results {
				again = w.unify(carried(op, i)) || again
			}
		}
	}
}

// unify raises the kinds of what is carried, of which the first value is what it
// begins with. What begins as exactly zero, and doesn't stay so, must be known to be
// zero in the rounds before that if something steep may meet it.
func (w *flow) unify(values []*ir.Value) (changed bool) {
	k := zero
	for _, v := range values {
		k = max(k, w.kind(v))
	}
	if k == dense && w.kind(values[0]) != dense && w.steep {
		k = masked
	}
	for _, v := range values[1:] {
		if w.need.useful[v.ID] && w.kind(v) < k {
			w.set(v, k)
			changed = true
		}
	}
	return changed
}

// eitherOr is the kind of a derivative that is one here and another there.
func eitherOr(k, l kind) kind {
	if k == l {
		return k
	}
	return masked
}

// result is the kind of the derivative of the results of an operation without
// blocks that is no call.
func (w *flow) result(op *ir.Op) kind {
	k := zero
	for _, v := range op.Args {
		k = max(k, w.kind(v))
	}
	if k == zero {
		return zero
	}
	switch op.Code {
	case ir.Select, ir.Min, ir.Max, ir.Update, ir.Append:
		last := len(op.Args) - 2
		if op.Code == ir.Update {
			last = 0
		}
		return eitherOr(w.kind(op.Args[last]), w.kind(op.Args[last+1]))
	case ir.Concat:
		for _, v := range op.Args {
			if w.kind(v) != dense {
				return masked
			}
		}
	case ir.Accumulate:
		x, v := w.kind(op.Args[0]), w.kind(op.Args[1])
		switch {
		case v == zero:
			return x
		case x != dense:
			return masked
		}
	case ir.Host:
		return dense
	}
	return k
}

func (w *flow) call(op *ir.Op) {
	callee := op.Callee()
	kinds := make([]kind, len(callee.Params))
	for i := range callee.Params {
		kinds[i] = w.kind(op.Args[i])
	}
	wanted := make([]byte, len(op.Results)-callee.SizeResults)
	for i, v := range op.Results[callee.SizeResults:] {
		wanted[i] = zero.letter()
		if w.need.useful[v.ID] {
			wanted[i] = dense.letter()
		}
	}
	c, ok := w.d.plan(callee, kinds, wanted)
	if !ok {
		return
	}
	for i, k := range c.kinds(w.d) {
		w.set(op.Results[callee.SizeResults+i], k)
	}
}

// A plan is how a derivative passes through a call: as the tangent of a
// function for active parameters, or by the tangent of its rule.
type plan struct {
	callee         *ir.Func // the function that was called
	f              *ir.Func // the one to push forward: callee, or its rule
	params, wanted string
}

// plan is false if no derivative passes.
func (d *differ) plan(callee *ir.Func, kinds []kind, wanted []byte) (plan, bool) {
	c := plan{callee: callee, f: callee}
	letters := make([]byte, len(kinds))
	any := false
	for i, k := range kinds {
		letters[i] = k.letter()
		any = any || k != zero
	}
	want := false
	for _, l := range wanted {
		want = want || l != ir.SeedNone
	}
	if !any || !want {
		return c, false
	}
	if callee.Rule != nil {
		c.f = callee.Rule.Tangent
		all := make([]byte, 0, len(c.f.Params))
		for range callee.Params {
			all = append(all, zero.letter())
		}
		for i, p := range callee.Params {
			if p.Type.DType.IsInexact() {
				all = append(all, letters[i])
			}
		}
		for len(all) < len(c.f.Params) {
			all = append(all, zero.letter())
		}
		letters = all
		wanted = ofInexact(callee.Results[callee.SizeResults:], wanted)
	}
	c.params, c.wanted = string(letters), string(wanted)
	return c, true
}

// kinds are those of the derivatives of the results of the call that are no
// sizes.
func (c plan) kinds(d *differ) []kind {
	kinds := d.flow(c.f, c.params, c.wanted).results()
	if c.callee.Rule == nil {
		return kinds
	}
	var all []kind
	for _, t := range c.callee.Results[c.callee.SizeResults:] {
		k := zero
		if t.DType.IsInexact() {
			k, kinds = kinds[0], kinds[1:]
		}
		all = append(all, k)
	}
	return all
}
