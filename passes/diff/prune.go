package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// prune removes from a derived function what nobody uses, also where it could
// fail, since nothing of it was asked for: everything but checks and effects.
func prune(f *ir.Func) {
	p := &pruner{f: f, used: make([]bool, f.NumValues())}
	f.Body.Uses(f, p.use)
	p.block(f.Body)
}

type pruner struct {
	f    *ir.Func
	used []bool // by ID
}

func (p *pruner) use(v *ir.Value) { p.used[v.ID] = true }

func (p *pruner) block(b *ir.Block) {
	kept := make([]*ir.Op, 0, len(b.Ops))
	for _, op := range slices.Backward(b.Ops) {
		if !matters(op) && !slices.ContainsFunc(op.Results, func(v *ir.Value) bool { return p.used[v.ID] }) {
			continue
		}
		op.Uses(p.f, p.use)
		for _, region := range slices.Backward(op.Regions) {
			region.Uses(p.f, p.use)
			p.block(region)
		}
		kept = append(kept, op)
	}
	slices.Reverse(kept)
	b.Ops = kept
}

// matters reports whether op checks something or has an effect, or anything in
// it or in what it calls.
func matters(op *ir.Op) bool {
	own := func(op *ir.Op) bool { return op.Code == ir.Check || op.Code.Info().Ordered(op) }
	if own(op) || slices.ContainsFunc(op.Regions, func(r *ir.Block) bool { return contains(r, matters) }) {
		return true
	}
	callee := op.Callee()
	return callee != nil && slices.ContainsFunc(reachable([]*ir.Func{callee}), func(f *ir.Func) bool { return contains(f.Body, own) })
}
