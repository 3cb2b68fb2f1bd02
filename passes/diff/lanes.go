package diff

import "github.com/calx-lang/calx/ir"

// inLanes finds the derivatives that are taken in the bodies of maps, also in
// functions that these call. There are many of them at once, in lanes, where all
// that memory allows is done in step.
func inLanes(funcs []*ir.Func) map[*ir.Op]bool {
	taken := map[*ir.Op]bool{}
	called := map[*ir.Func]bool{}
	var work []*ir.Func
	var walk func(b *ir.Block, lanes bool)
	walk = func(b *ir.Block, lanes bool) {
		for _, op := range b.Ops {
			if callee := op.Callee(); callee != nil && lanes {
				if taken[op] = derives(op); !called[callee] {
					called[callee] = true
					work = append(work, callee)
				}
			}
			for _, region := range op.Regions {
				walk(region, lanes || op.Code == ir.Map)
			}
		}
	}
	for _, f := range funcs {
		walk(f.Body, false)
	}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		walk(f.Body, true)
	}
	return taken
}
