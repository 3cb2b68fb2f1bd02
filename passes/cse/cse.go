// Package cse lets operations that compute the same as an earlier one, which
// stands in the same block or around it, give way to that. After it no two
// operations without effects and regions, one of which sees the other, are
// equal.
package cse

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/rewrite"
)

// Run works on all functions of m.
func Run(m *ir.Module) error {
	effects := ir.FindEffects(m)
	for _, f := range m.Funcs {
		merge(f, effects)
	}
	return nil
}

func merge(f *ir.Func, effects *ir.Effects) {
	// seen has all operations in scope; those of each block are taken out when
	// it is left.
	seen := map[string]*ir.Op{}
	blocks := [][]string{nil}
	r := rewrite.New(f)
	r.Enter = func(*ir.Block) { blocks = append(blocks, nil) }
	r.Leave = func(*ir.Block) {
		last := len(blocks) - 1
		for _, key := range blocks[last] {
			delete(seen, key)
		}
		blocks = blocks[:last]
	}
	r.Walk(func(op *ir.Op) bool {
		if len(op.Regions) > 0 || effects.Ordered(op) {
			return true
		}
		if op.Code.Info().Laws&ir.Commutes != 0 && op.Args[1].ID < op.Args[0].ID {
			op.Args[0], op.Args[1] = op.Args[1], op.Args[0]
		}
		key := op.Key(f)
		first := seen[key]
		if first == nil {
			seen[key] = op
			blocks[len(blocks)-1] = append(blocks[len(blocks)-1], key)
			return true
		}
		if !slices.EqualFunc(first.Results, op.Results, func(a, b *ir.Value) bool { return a.Type.Rank() == b.Type.Rank() }) {
			return true
		}
		for i, v := range op.Results {
			r.Replace(v, first.Results[i])
			if first.Results[i].Name == "" {
				first.Results[i].Name = v.Name
			}
		}
		return false
	})
}
