package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/dce"
)

type pushforwardKey struct {
	f              *ir.Func
	params, wanted string
	rule           bool
}

// A pushforward is a function that computes what another one does, and the
// tangents of its results. It takes the parameters of that function, then those
// of their tangents that are not zero, each as its kind says; it gives its
// results, then their tangents.
//
// That of the tangent of a rule takes, and gives, no tangents of the rule
// itself: since the rule is linear in them, their values don't matter, and their
// tangents are what the rule makes of them.
type pushforward struct {
	f     *ir.Func
	kinds []kind // of the results that are no sizes
	exact []bool // of masked ones: they are zero where the mask is false; nil until it is known
}

// pushforward is the one of f for tangents of these kinds.
func (d *differ) pushforward(f *ir.Func, params, wanted string, rule bool, at *ir.Op) (*pushforward, error) {
	key := pushforwardKey{f, params, wanted, rule}
	if p := d.pushforwards[key]; p != nil {
		return p, nil
	}
	w := d.flow(f, params, wanted)
	to := &ir.Func{Name: d.name("%s.jvp", f.Name), Recursive: f.Recursive, Pos: f.Pos, SizeResults: f.SizeResults, Body: &ir.Block{}}
	p := &pushforward{f: to, kinds: w.results()}
	d.pushforwards[key] = p
	walk := &forward{d: d, flow: w, to: to, copier: ir.NewCopier(f, to), tangents: map[*ir.Value]dvalue{}}
	if !walk.signature(f, params, rule, p.kinds) {
		return nil, walk.tooBig(at)
	}
	e := newEmitter(ir.NewBuilder(to, to.Body).At(f.Pos))
	for _, v := range f.Params {
		if walk.value(v) == v { // a tangent that a rule takes; it is used in what is swept out
			t, _ := v.Type.Subst(walk.copier.Size)
			walk.copier.Bind(v, e.fill(t, 0))
		}
	}
	d.add(to)
	if err := walk.block(e, f.Body); err != nil {
		return nil, err
	}
	for i, v := range f.Body.Yield {
		if !rule || i < f.SizeResults {
			to.Body.Yield = append(to.Body.Yield, walk.copier.Value(v))
		}
	}
	for i, k := range p.kinds {
		v := f.Body.Yield[f.SizeResults+i]
		to.Body.Yield = append(to.Body.Yield, walk.yielded(e, v, k)...)
		p.exact = append(p.exact, e.isExact(walk.tangents[v]))
	}
	if rule {
		dce.Sweep(to, func(op *ir.Op) bool { return len(op.Regions) == 0 && matters(op) })
	}
	return p, nil
}

// A forward walk copies a function and puts tangents beside its values.
type forward struct {
	d        *differ
	flow     *flow
	to       *ir.Func
	copier   *ir.Copier
	tangents map[*ir.Value]dvalue // of values of the original
}

// tooBig is the error of sizes that can't be written.
func (w *forward) tooBig(op *ir.Op) error {
	return refuse(op, SizesTooBig, "give the sizes names of their own", "the sizes in the derivative of %s have too many terms", w.flow.key.f.Name)
}

// signature makes the parameters of the pushforward and declares its results.
func (w *forward) signature(f *ir.Func, params string, rule bool, kinds []kind) bool {
	for _, v := range f.Sizes {
		w.copier.Bind(v, w.to.AddSize(v.Name))
	}
	linear := func(i int) bool { return rule && w.d.tangents[f][i] }
	for i, v := range f.Params {
		t, ok := v.Type.Subst(w.copier.Size)
		if !ok {
			return false
		}
		if !linear(i) {
			w.copier.Bind(v, w.to.AddParam(t, v.Name))
		}
	}
	for i, v := range f.Params {
		t, _ := v.Type.Subst(w.copier.Size)
		name := tangentName(v, 0)
		if linear(i) {
			name = v.Name
		}
		var values []*ir.Value
		switch kindOf(params[i]) {
		case masked:
			values = []*ir.Value{w.to.AddParam(t, name), w.to.AddParam(ir.Type{DType: ir.Bool, Dims: t.Dims}, "")}
		case dense:
			values = []*ir.Value{w.to.AddParam(t, name)}
		}
		w.tangents[v], _ = represented(kindOf(params[i]), values)
	}
	results := make([]ir.Type, len(f.Results))
	for i, t := range f.Results {
		var ok bool
		if results[i], ok = t.Subst(w.copier.Size); !ok {
			return false
		}
	}
	w.to.Results = slices.Clone(results)
	if rule {
		w.to.Results = w.to.Results[:f.SizeResults]
	}
	for i, k := range kinds {
		t := results[f.SizeResults+i]
		w.to.Results = append(w.to.Results, typesOf(k, t)...)
	}
	return true
}

// typesOf are the types of a derivative of kind k of a value of type t.
func typesOf(k kind, t ir.Type) []ir.Type {
	switch k {
	case dense:
		return []ir.Type{t}
	case masked:
		return []ir.Type{t, {DType: ir.Bool, Dims: t.Dims}}
	}
	return nil
}

// value is what v of the original is in the copy.
func (w *forward) value(v *ir.Value) *ir.Value { return w.copier.Value(v) }

func (w *forward) values(list []*ir.Value) []*ir.Value {
	copies := make([]*ir.Value, len(list))
	for i, v := range list {
		copies[i] = w.value(v)
	}
	return copies
}

// set notes the tangent of v.
func (w *forward) set(e *emitter, v *ir.Value, d dvalue) {
	if d.zero() || w.flow.kind(v) == zero {
		return
	}
	d = e.like(d, w.value(v).Type)
	if d.v.Name == "" {
		d.v.Name = tangentName(v, 0)
	}
	w.tangents[v] = d
}

// yielded is the tangent of v as it leaves a block.
func (w *forward) yielded(e *emitter, v *ir.Value, k kind) []*ir.Value {
	return e.as(w.tangents[v], k, w.value(v).Type)
}

// block copies what is in b.
func (w *forward) block(e *emitter, b *ir.Block) error {
	for _, op := range b.Ops {
		e.From(op)
		if !slices.ContainsFunc(op.Results, func(v *ir.Value) bool { return w.flow.kind(v) != zero }) {
			copied, ok := w.copier.Op(op)
			if !ok {
				return w.tooBig(op)
			}
			e.Block.Ops = append(e.Block.Ops, copied)
			continue
		}
		var err error
		switch op.Code {
		case ir.If, ir.For, ir.While, ir.Map:
			err = w.region(e, op)
		case ir.Call:
			err = w.call(e, op)
		default:
			copied, ok := w.copier.Op(op)
			if !ok {
				return w.tooBig(op)
			}
			e.Block.Ops = append(e.Block.Ops, copied)
			err = w.operation(e, op)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// call copies a call, with the tangents of its arguments.
func (w *forward) call(e *emitter, op *ir.Op) error {
	callee := op.Callee()
	sizes, ok := callSizes(w.copier, op)
	if !ok {
		return w.tooBig(op)
	}
	tangents := make([]dvalue, len(op.Args))
	for i, v := range op.Args {
		tangents[i] = w.tangents[v]
	}
	results, derivatives, err := w.d.call(e, callee, sizes, w.values(op.Args), tangents, w.flow.wantedOf(op))
	if err != nil {
		return err
	}
	for i, v := range op.Results {
		results[i].Name = v.Name
		w.copier.Bind(v, results[i])
	}
	for i, u := range derivatives {
		w.set(e, op.Results[callee.SizeResults+i], u)
	}
	return nil
}

// call emits a call of callee with the tangents of its arguments. It gives the
// results, with the sizes among them, and the tangents of those that are none
// and that have a letter in wanted.
func (d *differ) call(e *emitter, callee *ir.Func, sizes []ir.Dim, args []*ir.Value, tangents []dvalue, wanted string) (results []*ir.Value, derivatives []dvalue, err error) {
	kinds := make([]kind, len(tangents))
	for i, u := range tangents {
		kinds[i] = u.kind()
	}
	derivatives = make([]dvalue, len(callee.Results)-callee.SizeResults)
	c, passes := d.plan(callee, kinds, []byte(wanted))
	if !passes {
		return e.callAll(callee, sizes, args), derivatives, nil
	}
	at := &ir.Op{Code: ir.Call, Pos: e.Pos}
	p, err := d.pushforward(c.f, c.params, c.wanted, c.f != callee, at)
	if err != nil {
		return nil, nil, err
	}
	given := slices.Clone(args)
	if c.f != callee {
		results = e.callAll(callee, sizes, args)
		if callee.Rule.TakesResults {
			given = append(given, results[callee.SizeResults:]...)
		}
	}
	for i, u := range tangents {
		given = append(given, e.as(u, u.kind(), args[i].Type)...)
	}
	out := e.callAll(p.f, sizes, given)
	rest := out[p.f.SizeResults:]
	if c.f == callee {
		results, rest = slices.Clip(out[:len(callee.Results)]), out[len(callee.Results):]
	}
	next := 0
	for i, t := range callee.Results[callee.SizeResults:] {
		if c.f != callee && !t.DType.IsInexact() {
			continue
		}
		derivatives[i], rest = represented(p.kinds[next], rest)
		derivatives[i] = e.like(derivatives[i], results[callee.SizeResults+i].Type)
		if p.exact != nil && p.exact[next] {
			derivatives[i] = e.exactly(derivatives[i])
		}
		next++
	}
	return results, derivatives, nil
}

// callAll emits a call and gives all of its results.
func (e *emitter) callAll(f *ir.Func, sizes []ir.Dim, args []*ir.Value) []*ir.Value {
	e.Call(f, sizes, args...)
	return slices.Clip(e.Block.Ops[len(e.Block.Ops)-1].Results)
}

// callSizes are the sizes that a call gives, in the copy. It is false if one
// can't be written.
func callSizes(c *ir.Copier, op *ir.Op) ([]ir.Dim, bool) {
	sizes := slices.Clone(op.Attr.(ir.CallAttr).Sizes)
	fits := true
	for i, d := range sizes {
		s, ok := d.Subst(c.Size)
		sizes[i], fits = s, fits && ok
	}
	return sizes, fits
}

// wantedOf says which results of a call, without sizes, have derivatives.
func (w *flow) wantedOf(op *ir.Op) string {
	results := op.Results[op.Callee().SizeResults:]
	wanted := make([]byte, len(results))
	for i, v := range results {
		wanted[i] = letterIf(w.kind(v) != zero)
	}
	return string(wanted)
}
