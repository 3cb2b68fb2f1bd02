package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

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
