package ir

// Effects tells what operations of a module may do besides giving results.
type Effects struct {
	ordered map[*Func]bool
	mayFail map[*Func]bool
	inCycle map[*Func]bool
}

// FindEffects looks at the functions of a module and whom they call.
func FindEffects(m *Module) *Effects {
	e := &Effects{map[*Func]bool{}, map[*Func]bool{}, map[*Func]bool{}}
	callers := map[*Func][]*Func{}
	callees := map[*Func][]*Func{}
	for _, f := range m.Funcs {
		var walk func(b *Block)
		walk = func(b *Block) {
			for _, op := range b.Ops {
				if callee := op.Callee(); callee != nil {
					callers[callee] = append(callers[callee], f)
					callees[f] = append(callees[f], callee)
				}
				e.ordered[f] = e.ordered[f] || op.Code.Info().Ordered(op)
				e.mayFail[f] = e.mayFail[f] || op.Code.Info().MayFail(op)
				for _, region := range op.Regions {
					walk(region)
				}
			}
		}
		if f.Body != nil {
			walk(f.Body)
		}
	}
	e.findCycles(m, callees)
	for f := range e.inCycle {
		e.mayFail[f] = true // it may not end
	}
	spread(e.ordered, callers)
	spread(e.mayFail, callers)
	return e
}

// spread adds to a set all callers of its members.
func spread(set map[*Func]bool, callers map[*Func][]*Func) {
	var work []*Func
	for f, in := range set {
		if in {
			work = append(work, f)
		}
	}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		for _, caller := range callers[f] {
			if !set[caller] {
				set[caller] = true
				work = append(work, caller)
			}
		}
	}
}

// findCycles finds the functions that may call themselves: the strongly
// connected components of the calls, by Tarjan's method without recursion.
func (e *Effects) findCycles(m *Module, callees map[*Func][]*Func) {
	index, low := map[*Func]int{}, map[*Func]int{}
	onStack := map[*Func]bool{}
	var stack []*Func
	type frame struct {
		f    *Func
		next int
	}
	for _, root := range m.Funcs {
		if index[root] != 0 {
			continue
		}
		frames := []frame{{f: root}}
		for len(frames) > 0 {
			top := &frames[len(frames)-1]
			f := top.f
			if top.next == 0 && index[f] == 0 {
				index[f] = len(index) + 1
				low[f] = index[f]
				stack, onStack[f] = append(stack, f), true
			}
			if top.next < len(callees[f]) {
				g := callees[f][top.next]
				top.next++
				switch {
				case g == f:
					e.inCycle[f] = true
				case index[g] == 0:
					frames = append(frames, frame{f: g})
				case onStack[g]:
					low[f] = min(low[f], index[g])
				}
				continue
			}
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				caller := frames[len(frames)-1].f
				low[caller] = min(low[caller], low[f])
			}
			if low[f] != index[f] {
				continue
			}
			for size := 0; ; size++ {
				g := stack[len(stack)-1]
				stack, onStack[g] = stack[:len(stack)-1], false
				if g != f || size > 0 {
					e.inCycle[g] = true
				}
				if g == f {
					break
				}
			}
		}
	}
}

// Ordered reports whether op, with its regions and callees, has an effect that
// keeps its place in the program.
func (e *Effects) Ordered(op *Op) bool {
	return e.either(op, e.ordered, func(op *Op) bool { return op.Code.Info().Ordered(op) })
}

// MayFail reports whether op, with its regions and callees, may end the program
// with an error or run without end.
func (e *Effects) MayFail(op *Op) bool {
	return e.either(op, e.mayFail, func(op *Op) bool { return op.Code.Info().MayFail(op) })
}

func (e *Effects) either(op *Op, funcs map[*Func]bool, own func(*Op) bool) bool {
	if own(op) {
		return true
	}
	if callee := op.Callee(); callee != nil && funcs[callee] {
		return true
	}
	for _, region := range op.Regions {
		for _, inner := range region.Ops {
			if e.either(inner, funcs, own) {
				return true
			}
		}
	}
	return false
}
