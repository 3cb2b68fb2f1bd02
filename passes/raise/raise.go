// Package raise turns loops and maps over elements into operations on whole
// arrays, where no bit of the result depends on it:
//
//   - a for that writes one element or row after the other becomes a map,
//   - an if in a map becomes a select, if both blocks are cheap and cannot fail,
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
		r := &raiser{f: f, effects: effects, ranges: bounds.New(f), r: rewrite.New(f), uses: countUses(f)}
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
}

// countUses counts how often each value is used.
func countUses(f *ir.Func) map[*ir.Value]int {
	uses := map[*ir.Value]int{}
	count := func(v *ir.Value) { uses[v]++ }
	for _, op := range f.Body.Ops {
		op.AllUses(f, count)
	}
	f.Body.Uses(f, count)
	return uses
}

func (r *raiser) visit(op *ir.Op) bool {
	r.ranges.Enter(op)
	if op.Code == ir.Reduce {
		return !r.sumOfProducts(op)
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
		if r.region(loop) {
			r.r.Emit(loop)
		}
		for _, op := range after {
			op.Rename(r.r.Renaming())
		}
		r.r.Emit(after...)
		return false
	case ir.Map:
		r.selects(op.Regions[0])
		return !r.lift(op)
	}
	return true
}

// replace lets w stand for v.
func (r *raiser) replace(v, w *ir.Value) {
	if w.Name == "" && w.Def != nil {
		w.Name = v.Name
	}
	r.uses[w] += r.uses[v]
	r.r.Replace(v, w)
}
