// Package raise turns loops and maps over elements into operations on whole
// arrays, where no bit of the result depends on it:
//
//   - a for that writes one element or row after the other becomes a map,
//   - an if in a map becomes a select, if both blocks are cheap and cannot fail,
//   - a small sum over a moving window is written out, term by term,
//   - a sum of products becomes a contraction, whose order of adding is the same,
//   - a map whose body has no regions is lifted: every operation of the body is
//     done once with leading axes for the indices that it depends on.
//
// Inner maps come before outer ones. What does not fit stays as it is.
package raise

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/bounds"
	"github.com/calx-lang/calx/passes/rewrite"
)

// Run works on all functions of m.
func Run(m *ir.Module) error {
	effects := ir.FindEffects(m)
	for _, f := range m.Funcs {
		r := &raiser{f: f, effects: effects, ranges: bounds.New(f), r: rewrite.New(f),
			outer: map[ir.Atom]bool{}, terms: map[*ir.Value]terms{}}
		r.findUses()
		r.r.After = r.region
		r.r.Walk(r.visit)
	}
	return nil
}

type raiser struct {
	f       *ir.Func
	effects *ir.Effects
	ranges  *bounds.Ranges
	r       *rewrite.Rewriter
	uses    map[*ir.Value]int
	reader  map[*ir.Value]*ir.Op // one that uses a value
	depth   int                  // of maps around the current operation
	outer   map[ir.Atom]bool     // indices of maps that have been entered
	terms   map[*ir.Value]terms
}

// findUses counts how often each value is used.
func (r *raiser) findUses() {
	r.uses, r.reader = map[*ir.Value]int{}, map[*ir.Value]*ir.Op{}
	var walk func(b *ir.Block)
	walk = func(b *ir.Block) {
		for _, op := range b.Ops {
			op.Uses(r.f, func(v *ir.Value) {
				r.uses[v]++
				r.reader[v] = op
			})
			for _, region := range op.Regions {
				walk(region)
			}
		}
		b.Uses(r.f, func(v *ir.Value) { r.uses[v]++ })
	}
	walk(r.f.Body)
}

func (r *raiser) visit(op *ir.Op) bool {
	r.ranges.Enter(op)
	switch op.Code {
	case ir.Reduce:
		return !r.sumOfTerms(op) && !r.sumOfProducts(op)
	case ir.Map:
		if r.unroll(op) {
			return false
		}
		r.depth++
		for _, v := range op.Regions[0].Params {
			r.outer[ir.Atom(v.ID)] = true
		}
	}
	return true
}

// region looks at an operation whose regions have been raised.
func (r *raiser) region(op *ir.Op) bool {
	switch op.Code {
	case ir.For:
		before, loop, after := r.forAsMap(op)
		if loop == nil {
			return true
		}
		r.r.Emit(before...)
		r.ranges.Enter(loop)
		if !r.raiseMap(loop) {
			r.r.Emit(loop)
		}
		for _, op := range after {
			op.Rename(r.r.Renaming())
		}
		r.r.Emit(after...)
		return false
	case ir.Map:
		r.depth--
		return !r.raiseMap(op)
	}
	return true
}

// raiseMap puts something in the place of a map whose body has been raised.
func (r *raiser) raiseMap(op *ir.Op) bool {
	r.selects(op.Regions[0])
	return r.lift(op)
}

// replace lets w stand for v.
func (r *raiser) replace(v, w *ir.Value) {
	if w.Name == "" && w.Def != nil {
		w.Name = v.Name
	}
	r.uses[w] += r.uses[v]
	r.r.Replace(v, w)
}
