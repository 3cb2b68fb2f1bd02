package smoothness

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// loop goes over the body until nothing is added to what it carries. times is what
// the number of iterations depends on; a while tells by its condition.
func (w *work) loop(op *ir.Op, init, params []*ir.Value, body *ir.Block, times []fact) {
	carried := make([][]fact, len(init))
	for i, v := range init {
		carried[i] = w.get(v)
	}
	for {
		for i, p := range params {
			w.facts[p.ID] = carried[i]
		}
		if op.Code == ir.While {
			for i, p := range op.Regions[0].Params {
				w.facts[p.ID] = carried[i]
			}
			w.block(op.Regions[0])
			times = w.get(op.Regions[0].Yield[0])
		}
		w.block(body)
		changed := false
		for i := range carried {
			changed = w.grow(&carried[i], w.get(body.Yield[i])) || changed
		}
		if !changed {
			break
		}
	}
	for i, v := range op.Results {
		w.set(v, op, chosen(carried[i], times, op))
	}
}

// call puts what is known of a callee behind the facts of the arguments.
func (w *work) call(op *ir.Op) {
	callee := op.Callee()
	var found [][]fact
	if op.Code == ir.Call && callee.Rule != nil {
		found = w.byRule(op)
	} else {
		found = w.of(callee).results
	}
	n := len(callee.Params)
	for i, v := range op.Results[callee.SizeResults:] {
		if i < len(found) {
			w.set(v, op, w.through(op.Args[:n], found[i]))
			continue
		}
		// A derivative is linear in what it is applied to, and constant where the
		// function is linear in all arguments together; it jumps at kinks.
		facts := w.all(op.Args[n:])
		for _, inner := range found {
			if all := inner[n]; all.degree > Linear || len(all.kinks) > 0 {
				facts = join(facts, atLeast(w.through(op.Args[:n], inner), Smooth))
			}
		}
		w.set(v, op, facts)
	}
}

// through gives the facts of what depends in that way on arguments. What varies with
// several of them depends on it as on all together.
func (w *work) through(args []*ir.Value, inner []fact) []fact {
	out := slices.Clone(w.none)
	for p := range out {
		several := 0
		for k, v := range args {
			d := w.get(v)[p]
			if !d.varies() || !inner[k].varies() {
				continue
			}
			several++
			out[p] = out[p].and(behind(d, inner[k]))
		}
		if several > 1 && out[p].degree > Constant {
			out[p].degree = max(out[p].degree, inner[len(args)].degree)
		}
	}
	return out
}

// behind is the fact of what depends so on what has the fact d.
func behind(d, inner fact) fact {
	if d.degree == Constant {
		return d
	}
	degree := max(d.degree, inner.degree)
	if inner.degree == Constant {
		degree = Constant
	}
	return fact{degree, d.kinks.with(inner.kinks), d.cuts.with(inner.cuts)}
}

// byRule tells from the derivative that was declared how the results of op depend
// on its arguments: not at all if it is zero, linearly if it does not vary.
func (w *work) byRule(op *ir.Op) [][]fact {
	f := op.Callee()
	tangent := w.of(f.Rule.Tangent).results
	out := make([][]fact, len(f.Results)-f.SizeResults)
	next := 0
	for i, t := range f.Results[f.SizeResults:] {
		out[i] = make([]fact, len(f.Params)+1)
		if !t.DType.IsInexact() {
			out[i] = w.of(f).results[i]
			continue
		}
		facts := tangent[next]
		next++
		seed := len(f.Params)
		var varies fact
		for _, d := range facts[:seed] {
			varies = varies.and(d)
		}
		all := &out[i][len(f.Params)]
		for k, p := range f.Params {
			if !p.Type.DType.IsInexact() {
				continue
			}
			d := facts[seed]
			seed++
			if d.degree == Constant {
				out[i][k].cuts = places{place(op)}
				continue
			}
			if out[i][k] = (fact{degree: Linear, kinks: d.kinks.with(varies.kinks)}); varies.varies() {
				out[i][k].degree = Smooth
			}
			*all = all.and(out[i][k])
		}
	}
	return out
}
