// Package licm moves out of loops and maps what is the same in each iteration:
// operations without effects that cannot fail, since the loop may not run at
// all. Nothing is moved out of the blocks of an if.
package licm

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/bounds"
)

// Run works on all functions of m.
func Run(m *ir.Module) error {
	effects := ir.FindEffects(m)
	for _, f := range m.Funcs {
		h := &hoister{f: f, effects: effects, ranges: bounds.New(f), depth: make([]int, f.NumValues())}
		h.block(f.Body, 0)
	}
	return nil
}

type hoister struct {
	f       *ir.Func
	effects *ir.Effects
	ranges  *bounds.Ranges
	depth   []int // of the block that a value stands in, by ID
}

// block moves out of the loops in b what it can.
func (h *hoister) block(b *ir.Block, depth int) {
	for _, v := range b.Params {
		h.depth[v.ID] = depth
	}
	var ops []*ir.Op
	for _, op := range b.Ops {
		for _, region := range op.Regions {
			h.ranges.Enter(op)
			h.block(region, depth+1)
		}
		if op.Code == ir.For || op.Code == ir.While || op.Code == ir.Map {
			for _, region := range op.Regions {
				ops = h.hoist(region, ops, depth)
			}
		}
		for _, v := range op.Results {
			h.depth[v.ID] = depth
		}
		ops = append(ops, op)
	}
	b.Ops = ops
}

// hoist appends to ops what of region stands as well outside, at depth.
func (h *hoister) hoist(region *ir.Block, ops []*ir.Op, depth int) []*ir.Op {
	var kept []*ir.Op
	for _, op := range region.Ops {
		if !h.fixed(op, depth) {
			kept = append(kept, op)
			continue
		}
		for _, v := range op.Results {
			h.depth[v.ID] = depth
		}
		ops = append(ops, op)
	}
	region.Ops = kept
	return ops
}

// fixed reports whether op can stand at depth.
func (h *hoister) fixed(op *ir.Op, depth int) bool {
	if len(op.Regions) > 0 {
		return false
	}
	outside := true
	op.Uses(h.f, func(v *ir.Value) { outside = outside && h.depth[v.ID] <= depth })
	return outside && h.ranges.Anywhere(op, h.effects)
}
