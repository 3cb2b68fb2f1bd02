// Package inline puts the bodies of small functions in the place of their
// calls. Functions that call themselves, or have a derivative of their own, keep
// their calls. Callees come before
// their callers, so that what is inlined has itself been looked at.
package inline

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/rewrite"
)

const (
	small  = 40     // operations of a function that is inlined everywhere
	single = 400    // of one that has a single call
	growth = 20_000 // operations that a function may gain
)

// Run works on all functions of m.
func Run(m *ir.Module) error {
	calls := map[*ir.Func]int{}
	m.Funcs = m.Reachable()
	for _, f := range m.Funcs {
		count(f.Body, calls)
	}
	in := &inliner{calls: calls, size: map[*ir.Func]int{}}
	for _, f := range order(m) {
		in.function(f)
		in.size[f] = count(f.Body, nil)
	}
	return nil
}

// count gives the number of operations of b and adds its calls to calls.
func count(b *ir.Block, calls map[*ir.Func]int) int {
	n := len(b.Ops)
	for _, op := range b.Ops {
		if callee := op.Callee(); callee != nil && calls != nil {
			calls[callee]++
		}
		for _, region := range op.Regions {
			n += count(region, calls)
		}
	}
	return n
}

// order lists the functions, callees first where there is no recursion.
func order(m *ir.Module) []*ir.Func {
	var list []*ir.Func
	state := map[*ir.Func]int{}
	type frame struct {
		f       *ir.Func
		callees []*ir.Func
	}
	for _, root := range m.Funcs {
		frames := []frame{{f: root}}
		for len(frames) > 0 {
			top := &frames[len(frames)-1]
			if state[top.f] == 0 {
				state[top.f] = 1
				top.callees = callees(top.f.Body, nil)
			}
			if len(top.callees) == 0 {
				if state[top.f] == 1 {
					list = append(list, top.f)
				}
				state[top.f] = 2
				frames = frames[:len(frames)-1]
				continue
			}
			g := top.callees[0]
			top.callees = top.callees[1:]
			if state[g] == 0 {
				frames = append(frames, frame{f: g})
			}
		}
	}
	return list
}

func callees(b *ir.Block, list []*ir.Func) []*ir.Func {
	for _, op := range b.Ops {
		if callee := op.Callee(); callee != nil {
			list = append(list, callee)
		}
		for _, region := range op.Regions {
			list = callees(region, list)
		}
	}
	return list
}

type inliner struct {
	calls map[*ir.Func]int
	size  map[*ir.Func]int // of the functions that have been looked at
}

func (in *inliner) function(f *ir.Func) {
	r := rewrite.New(f)
	gained := 0
	r.Walk(func(op *ir.Op) bool {
		call, ok := op.Attr.(ir.CallAttr)
		if !ok || call.Callee.Recursive || call.Callee == f || call.Callee.Rule != nil {
			return true
		}
		n := in.size[call.Callee]
		if n > small && (in.calls[call.Callee] > 1 || n > single) || gained+n > growth {
			return true
		}
		if !expand(r, op, call) {
			return true
		}
		gained += n
		return false
	})
}

// expand puts a copy of the callee's body in the place of op.
func expand(r *rewrite.Rewriter, op *ir.Op, call ir.CallAttr) bool {
	callee := call.Callee
	b := ir.NewBuilder(r.F, &ir.Block{}).From(op)
	c := ir.NewCopier(callee, r.F)
	for i, size := range callee.Sizes {
		c.BindSize(size, b.SizeValue(call.Sizes[i]), call.Sizes[i])
	}
	for i, param := range callee.Params {
		c.Bind(param, op.Args[i])
	}
	body, ok := c.Block(callee.Body)
	if !ok {
		return false
	}
	for i, v := range op.Results {
		r.Replace(v, body.Yield[i])
	}
	place(body, op)
	// The copies use nothing that is still to be replaced: not to visit them
	// keeps a call within them that was not worth inlining there.
	r.Emit(b.Block.Ops...)
	r.Emit(body.Ops...)
	return true
}

// place tells the operations of an inlined body where the call was. Those of the
// standard library get its place, which is what an error in them is to show.
func place(body *ir.Block, call *ir.Op) {
	for _, op := range body.Ops {
		if op.Pos.IsInternal() {
			op.Pos = call.Pos
		} else {
			op.Calls = append(slices.Clip(op.Calls), call.Pos)
		}
		for _, region := range op.Regions {
			place(region, call)
		}
	}
}
