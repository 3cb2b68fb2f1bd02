// Package sink puts broadcasts beside the elementwise operations that read them:
// a backend that computes both in one sweep then makes no array of what is
// repeated. A broadcast around a loop or an if is copied into it; those that
// nobody uses any more are left to dce. Bodies of maps stay as they are, since
// what is the same for all indices is best made once.
package sink

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// Run works on all functions of m.
func Run(m *ir.Module) error {
	for _, f := range m.Funcs {
		block(f, f.Body)
	}
	return nil
}

func block(f *ir.Func, b *ir.Block) {
	here := map[*ir.Op]bool{}
	copies := map[*ir.Value]*ir.Value{}
	ops := make([]*ir.Op, 0, len(b.Ops))
	for _, op := range b.Ops {
		if op.Code.Info().Class == ir.Elementwise {
			for i, v := range op.Args {
				if v.Def == nil || v.Def.Code != ir.Broadcast || here[v.Def] {
					continue
				}
				if copies[v] == nil {
					copied := &ir.Op{Code: ir.Broadcast, Attr: v.Def.Attr, Args: slices.Clone(v.Def.Args), Pos: v.Def.Pos, Calls: v.Def.Calls}
					copies[v] = copied.AddResult(f, v.Type, v.Name)
					ops = append(ops, copied)
				}
				op.Args[i] = copies[v]
			}
		}
		here[op] = true
		ops = append(ops, op)
		if op.Code != ir.Map {
			for _, region := range op.Regions {
				block(f, region)
			}
		}
	}
	b.Ops = ops
}
