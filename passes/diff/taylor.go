package diff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// Taylor mode: beside each value that depends on the direction stand the
// coefficients of its series. It is forward mode with series for tangents: which
// values have one, and where they are zero, is the same.

// An expansionKey is what an expansion was made for. Params has a pattern of the
// series of each parameter.
type expansionKey struct {
	f              *ir.Func
	order          int
	params, wanted string
}

// An expansion is a function that computes what another one does, and the
// coefficients of its results. It takes the parameters of that function, then
// their coefficients that are not zero, those of a parameter together and followed
// by their mask if they have one; it gives its results, then their coefficients in
// the same way.
type expansion struct {
	f        *ir.Func
	patterns []string // of the results that are no sizes
}

// taylor gives what stands for the results of op, a Taylor.
func (d *differ) taylor(e *emitter, op *ir.Op, used map[*ir.Value]bool) ([]*ir.Value, error) {
	attr := op.Attr.(ir.DeriveAttr)
	callee := attr.Callee
	n := len(callee.Params)
	given := make([]series, n)
	rest := op.Args[n:]
	for i := range given {
		var direction dvalue
		direction, rest = represented(kindOf(attr.Seeds[i]), rest)
		given[i] = series{direction}
	}
	wanted := make([]byte, len(callee.Results)-callee.SizeResults)
	next := len(callee.Results)
	for i, t := range callee.Results[callee.SizeResults:] {
		wanted[i] = zero.letter()
		if t.DType.IsInexact() {
			for _, v := range op.Results[next : next+attr.Order] {
				if used[v] {
					wanted[i] = dense.letter()
				}
			}
			next += attr.Order
		}
	}
	results, expansions, err := d.expansionCall(e, callee, attr.Sizes, op.Args[:n], given, string(wanted), attr.Order)
	if err != nil {
		return nil, err
	}
	for i, x := range expansions {
		v := results[callee.SizeResults+i]
		switch {
		case !v.Type.DType.IsInexact():
		case wanted[i] == zero.letter():
			results = append(results, make([]*ir.Value, attr.Order)...)
		default:
			results = append(results, e.settledSeries(x, v.Type, attr.Order)...)
		}
	}
	return results, nil
}

// patternOf is the pattern of coefficients up to order of one kind.
func patternOf(k kind, order int) string { return strings.Repeat(string(k.letter()), order) }

// merged is a pattern for what has one of two.
func merged(p, q string) string {
	k, l := patternKind(p), patternKind(q)
	if k != l {
		k = masked
	}
	all := make([]byte, max(len(p), len(q)))
	for i := range all {
		if all[i] = zero.letter(); i < len(p) && p[i] != all[i] || i < len(q) && q[i] != all[i] {
			all[i] = k.letter()
		}
	}
	return string(all)
}

// patternKind is the kind of the coefficients of a pattern.
func patternKind(pattern string) kind {
	for i := range len(pattern) {
		if k := kindOf(pattern[i]); k != zero {
			return k
		}
	}
	return zero
}

// typesIn are the types of what a series of a value of type t is, in a pattern.
func typesIn(pattern string, t ir.Type) []ir.Type {
	var types []ir.Type
	for i := range len(pattern) {
		if kindOf(pattern[i]) != zero {
			types = append(types, t)
		}
	}
	if patternKind(pattern) == masked {
		types = append(types, ir.Type{DType: ir.Bool, Dims: t.Dims})
	}
	return types
}

// spreadOut gives x, the series of a value of type t, in a pattern.
func (e *emitter) spreadOut(x series, pattern string, t ir.Type) []*ir.Value {
	var values []*ir.Value
	k := patternKind(pattern)
	for j := range len(pattern) {
		switch {
		case kindOf(pattern[j]) == zero:
		case k == masked:
			values = append(values, e.valueOf(x.at(j+1), t))
		default:
			values = append(values, e.settle(x.at(j+1), t))
		}
	}
	if k == masked {
		values = append(values, e.maskOf(x.first(), t))
	}
	return values
}

// seriesIn is the series in a pattern that the first of values are, and the rest
// of values.
func seriesIn(pattern string, values []*ir.Value) (series, []*ir.Value) {
	x := make(series, len(pattern))
	for j := range x {
		if kindOf(pattern[j]) != zero {
			x[j].v, values = values[0], values[1:]
		}
	}
	if patternKind(pattern) == masked {
		for j := range x {
			if x[j].v != nil {
				x[j].mask = values[0]
			}
		}
		values = values[1:]
	}
	return x, values
}

// expansion is the one of f for series of its parameters in these patterns.
func (d *differ) expansion(f *ir.Func, patterns []string, wanted string, order int, at *ir.Op) (*expansion, error) {
	key := expansionKey{f, order, strings.Join(patterns, ","), wanted}
	if x := d.expansions[key]; x != nil {
		return x, nil
	}
	kinds := make([]byte, len(patterns))
	for i, pattern := range patterns {
		kinds[i] = patternKind(pattern).letter()
	}
	to := &ir.Func{Name: d.name("%s.taylor%s", f.Name, strconv.Itoa(order)), Recursive: f.Recursive, Pos: f.Pos, SizeResults: f.SizeResults, Body: &ir.Block{}}
	x := &expansion{f: to}
	d.expansions[key] = x
	w := d.flow(f, string(kinds), wanted)
	walk := &expander{forward{d: d, flow: w, to: to, copier: ir.NewCopier(f, to)}, order, map[*ir.Value]series{}}
	if !walk.signature(f, patterns) {
		return nil, walk.tooBig(at)
	}
	if f.Recursive { // calls in it have to know what it gives
		for _, k := range w.results() {
			x.patterns = append(x.patterns, patternOf(k, order))
		}
		if !walk.declare(f, x.patterns) {
			return nil, walk.tooBig(at)
		}
	}
	e := newEmitter(ir.NewBuilder(to, to.Body))
	d.add(to)
	if err := walk.block(e, f.Body); err != nil {
		return nil, err
	}
	results := f.Body.Yield[f.SizeResults:]
	if !f.Recursive {
		for i, v := range results {
			pattern := ""
			if wanted[i] != ir.SeedNone {
				pattern = walk.series[v].pattern()
			}
			x.patterns = append(x.patterns, pattern)
		}
		if !walk.declare(f, x.patterns) {
			return nil, walk.tooBig(at)
		}
	}
	to.Body.Yield = walk.values(f.Body.Yield)
	for i, v := range results {
		to.Body.Yield = append(to.Body.Yield, e.spreadOut(walk.series[v], x.patterns[i], walk.value(v).Type)...)
	}
	return x, nil
}

// An expander copies a function and puts series beside its values.
type expander struct {
	forward
	order  int
	series map[*ir.Value]series // of values of the original
}

// An expansionSite is an operation as Taylor mode sees it, in the program that it
// makes.
type expansionSite struct {
	op    *ir.Op      // the copy
	args  []*ir.Value // its operands
	y     *ir.Value   // its first result
	x     []series    // of the operands
	order int
}

// signature makes the parameters of the expansion.
func (w *expander) signature(f *ir.Func, patterns []string) bool {
	for _, v := range f.Sizes {
		w.copier.Bind(v, w.to.AddSize(v.Name))
	}
	for _, v := range f.Params {
		t, ok := v.Type.Subst(w.copier.Size)
		if !ok {
			return false
		}
		w.copier.Bind(v, w.to.AddParam(t, v.Name))
	}
	for i, v := range f.Params {
		var values []*ir.Value
		for _, t := range typesIn(patterns[i], w.value(v).Type) {
			values = append(values, w.to.AddParam(t, ""))
		}
		w.series[v], _ = seriesIn(patterns[i], values)
	}
	return true
}

// declare tells what the expansion gives.
func (w *expander) declare(f *ir.Func, patterns []string) bool {
	results := make([]ir.Type, len(f.Results))
	for i, t := range f.Results {
		var ok bool
		if results[i], ok = t.Subst(w.copier.Size); !ok {
			return false
		}
	}
	w.to.Results = slices.Clone(results)
	for i, pattern := range patterns {
		w.to.Results = append(w.to.Results, typesIn(pattern, results[f.SizeResults+i])...)
	}
	return true
}

// set notes the series of v.
func (w *expander) set(e *emitter, v *ir.Value, x series) {
	if !x.zero() && w.flow.kind(v) != zero {
		w.series[v] = e.seriesLike(x, w.value(v).Type)
	}
}

// block copies what is in b.
func (w *expander) block(e *emitter, b *ir.Block) error {
	for _, op := range b.Ops {
		e.From(op)
		var err error
		switch active := slices.ContainsFunc(op.Results, func(v *ir.Value) bool { return w.flow.kind(v) != zero }); {
		case active && len(op.Regions) > 0:
			err = w.region(e, op)
		case active && op.Code == ir.Call:
			err = w.call(e, op)
		default:
			copied, ok := w.copier.Op(op)
			if !ok {
				return w.tooBig(op)
			}
			e.Block.Ops = append(e.Block.Ops, copied)
			if active {
				err = w.operation(e, op)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// operation emits the series of the result of op, which has been copied and is no
// region and no call.
func (w *expander) operation(e *emitter, op *ir.Op) error {
	s := expansionSite{args: w.values(op.Args), y: w.value(op.Results[0]), x: make([]series, len(op.Args)), order: w.order}
	s.op = s.y.Def
	varies := false
	for i, v := range op.Args {
		s.x[i] = w.series[v]
		varies = varies || !s.x[i].zero()
	}
	if !varies {
		return nil
	}
	x, ok := e.seriesOf(s)
	if !ok {
		return unknown(op)
	}
	w.set(e, op.Results[0], x)
	return nil
}

// region copies an operation with blocks. Its blocks give, and loops carry, the
// coefficients of what has a series behind all that there was.
func (w *expander) region(e *emitter, op *ir.Op) error {
	copied := &ir.Op{Code: op.Code, Pos: op.Pos, Calls: op.Calls, Args: w.values(op.Args)}
	if attr, ok := op.Attr.(ir.MapAttr); ok {
		dims := make([]ir.Dim, len(attr.Dims))
		for i, d := range attr.Dims {
			if dims[i], ok = d.Subst(w.copier.Size); !ok {
				return w.tooBig(op)
			}
		}
		copied.Attr = ir.MapAttr{Dims: dims}
	}
	loop := op.Code == ir.For || op.Code == ir.While
	patterns := make([]string, len(op.Results))
	if loop {
		first := len(op.Args) - len(op.Results)
		for i, v := range op.Results {
			patterns[i] = patternOf(w.flow.kind(v), w.order)
			init := op.Args[first+i]
			copied.Args = append(copied.Args, e.spreadOut(w.series[init], patterns[i], w.value(init).Type)...)
		}
	}
	inner := make([]*emitter, len(op.Regions))
	for k, region := range op.Regions {
		in := e.inside()
		inner[k] = in
		if !w.params(in.Block, region, loop) {
			return w.tooBig(op)
		}
		if err := w.block(in, region); err != nil {
			return err
		}
		in.Block.Yield = w.values(region.Yield)
		copied.Regions = append(copied.Regions, in.Block)
		for i := range op.Results {
			if !loop && w.flow.kind(op.Results[i]) != zero {
				pattern := w.series[region.Yield[i]].pattern()
				if patterns[i] = merged(patterns[i], pattern); k == 0 {
					patterns[i] = pattern
				}
			}
		}
	}
	for k, region := range op.Regions {
		if op.Code == ir.While && k == 0 {
			continue
		}
		for i, v := range region.Yield {
			more := inner[k].spreadOut(w.series[v], patterns[i], w.value(v).Type)
			inner[k].Block.Yield = append(inner[k].Block.Yield, more...)
		}
	}
	for _, v := range op.Results {
		t, ok := v.Type.Subst(w.copier.Size)
		if !ok {
			return w.tooBig(op)
		}
		w.copier.Bind(v, copied.AddResult(w.to, t, v.Name))
	}
	for i, v := range op.Results {
		var values []*ir.Value
		for _, t := range typesIn(patterns[i], w.value(v).Type) {
			values = append(values, copied.AddResult(w.to, t, ""))
		}
		w.series[v], _ = seriesIn(patterns[i], values)
	}
	e.Block.Ops = append(e.Block.Ops, copied)
	return nil
}

// params gives a block the parameters of the original and, in a loop, their
// coefficients. It is false if a size can't be written.
func (w *expander) params(b, original *ir.Block, loop bool) bool {
	if !copyParams(w.copier, b, original) {
		return false
	}
	if !loop {
		return true
	}
	for _, v := range original.Params {
		pattern := patternOf(w.flow.kind(v), w.order)
		var values []*ir.Value
		for _, t := range typesIn(pattern, w.value(v).Type) {
			values = append(values, b.AddParam(w.to, t, ""))
		}
		w.series[v], _ = seriesIn(pattern, values)
	}
	return true
}
