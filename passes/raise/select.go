package raise

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// selectWork bounds the work of both blocks of an if that becomes a select.
const selectWork = 12

// selects replaces ifs in the body of a map, or in such ifs, by their blocks and
// selects.
func (r *raiser) selects(b *ir.Block) {
	if !slices.ContainsFunc(b.Ops, func(op *ir.Op) bool { return op.Code == ir.If }) {
		return
	}
	var ops []*ir.Op
	replaced := map[*ir.Value]*ir.Value{}
	renaming := ir.Renaming{
		Value: func(v *ir.Value) *ir.Value {
			if w, ok := replaced[v]; ok {
				return w
			}
			return v
		},
		Moves: func(a ir.Atom) bool { return replaced[r.f.Value(a)] != nil },
		Size: func(a ir.Atom) ir.Dim {
			if w, ok := replaced[r.f.Value(a)]; ok {
				return ir.DimOf(w)
			}
			return ir.Sized(a)
		},
	}
	for _, op := range b.Ops {
		renameAll(op, renaming)
		if op.Code != ir.If {
			ops = append(ops, op)
			continue
		}
		for _, region := range op.Regions {
			r.selects(region)
		}
		if !r.cheap(op) {
			ops = append(ops, op)
			continue
		}
		ops = append(ops, op.Regions[0].Ops...)
		ops = append(ops, op.Regions[1].Ops...)
		made := ir.NewBuilder(r.f, &ir.Block{}).From(op)
		for i, v := range op.Results {
			chosen := op.Regions[0].Yield[i]
			if other := op.Regions[1].Yield[i]; other != chosen {
				chosen = made.Op(ir.Select, nil, made.Broadcast(op.Args[0], v.Type.Dims...), chosen, other)
			}
			replaced[v] = chosen
			r.uses[chosen] += r.uses[v]
		}
		ops = append(ops, made.Block.Ops...)
	}
	b.Ops = ops
	b.RenameYield(renaming)
}

// renameAll renames what op and the operations in it use.
func renameAll(op *ir.Op, renaming ir.Renaming) {
	op.Rename(renaming)
	for _, region := range op.Regions {
		region.RenameParams(renaming)
		for _, inner := range region.Ops {
			renameAll(inner, renaming)
		}
		region.RenameYield(renaming)
	}
}

// cheap reports whether both blocks of an if may run whatever the condition is.
func (r *raiser) cheap(op *ir.Op) bool {
	work := 0
	for _, region := range op.Regions {
		for _, inner := range region.Ops {
			work += inner.Code.Info().Cost.Work()
			if work > selectWork || !r.ranges.Anywhere(inner, r.effects) {
				return false
			}
		}
		for i, v := range op.Results {
			t := region.Yield[i].Type
			if !t.Equal(v.Type) || t.DType == ir.Text {
				return false
			}
		}
	}
	return true
}
