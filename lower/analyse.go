package lower

import (
	"cmp"
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// analyse finds the units that the program needs, whom they call, which of
// them have effects, and what they take from the script around them.
func (l *lowering) analyse() {
	p := l.program
	l.lastAtom = ir.Atom(len(p.Atoms))
	l.units = map[*typecheck.Instance]*unit{}
	l.facts = facts{exits: map[any]exits{}, ended: map[*typecheck.Block]bool{}, effect: map[*typecheck.Comp]bool{}}
	l.findGlobals()
	l.main = &unit{name: MainName, span: sourceSpan(p), body: p.Body}
	roots := []*unit{l.main}
	for _, input := range p.Inputs {
		if input.Default != nil {
			u := l.unitOf(input.Default)
			u.name = DefaultPrefix + input.Def.Var.Name
			roots = append(roots, u)
		}
	}
	for _, instance := range p.Functions {
		roots = append(roots, l.unitOf(instance))
	}
	for _, u := range roots {
		u.root = true
	}
	// Main stands last, after all that it calls.
	l.order = l.components(append(roots[1:], l.main))
	l.spreadEffects()
	l.spreadUses()
	l.entries()
}

func (l *lowering) unitOf(instance *typecheck.Instance) *unit {
	u := l.units[instance]
	if u == nil {
		u = &unit{name: instance.Name, instance: instance, span: instance.Span, body: instance.Body, recursive: instance.Recursive}
		l.units[instance] = u
	}
	return u
}

// findGlobals numbers the inputs, and finds the lets of the script that are
// literals; the scan numbers the other Defs of the script.
func (l *lowering) findGlobals() {
	l.constants = map[*typecheck.Def]*typecheck.Const{}
	l.rank = map[*typecheck.Def]int{}
	for _, input := range l.program.Inputs {
		l.rank[input.Def] = len(l.rank)
	}
	for _, stmt := range l.program.Body.Stmts {
		if define, ok := stmt.(*typecheck.Define); ok && define.Def.Var.Global {
			if c, ok := define.X.(*typecheck.Const); ok {
				l.constants[define.Def] = c
			}
		}
	}
}

// components scans all units that can be reached and orders them, callees
// first; those that call each other in a circle are marked as recursive. It is
// Tarjan's method.
func (l *lowering) components(roots []*unit) []*unit {
	var order, stack []*unit
	index, low, onStack := map[*unit]int{}, map[*unit]int{}, map[*unit]bool{}
	var visit func(u *unit)
	visit = func(u *unit) {
		l.scan(u)
		index[u] = len(index) + 1
		low[u] = index[u]
		stack, onStack[u] = append(stack, u), true
		for _, callee := range u.calls {
			switch {
			case callee == u:
				u.recursive = true
			case index[callee] == 0:
				visit(callee)
				low[u] = min(low[u], low[callee])
			case onStack[callee]:
				low[u] = min(low[u], index[callee])
			}
		}
		if low[u] != index[u] {
			return
		}
		first := slices.Index(stack, u)
		for _, member := range stack[first:] {
			onStack[member] = false
			member.recursive = member.recursive || len(stack)-first > 1
		}
		order = append(order, stack[first:]...)
		stack = stack[:first]
	}
	for _, u := range roots {
		if index[u] == 0 {
			visit(u)
		}
	}
	// What rules need is not called by those that they are for.
	main := order[len(order)-1]
	order = order[:len(order)-1]
	for i := 0; i < len(order); i++ {
		for _, rule := range l.rules(order[i]) {
			rule.ofRule = true
			if index[rule] == 0 {
				visit(rule)
			}
		}
	}
	return append(order, main)
}

// spreadEffects gives callers the effects of their callees.
func (l *lowering) spreadEffects() {
	l.untilStable(func(u, callee *unit) bool {
		changed := callee.effect && !u.effect
		u.effect = u.effect || callee.effect
		return changed
	})
	for _, call := range l.facts.calls {
		if call.callee.effect {
			l.facts.hasEffect(call.at)
		}
	}
}

// untilStable passes things on from callees to callers until nothing changes:
// once for each circle of calls, since callees stand first.
func (l *lowering) untilStable(pass func(u, callee *unit) (changed bool)) {
	for changed := true; changed; {
		changed = false
		for _, u := range l.order {
			for _, callee := range u.calls {
				if pass(u, callee) && u.recursive {
					changed = true
				}
			}
			for _, rule := range l.rules(u) {
				if pass(u, rule) || pass(rule, u) {
					changed = true
				}
			}
		}
	}
}

// spreadUses finds, for each function, the Defs and opaque atoms that it takes
// from outside: its own and those of its callees.
func (l *lowering) spreadUses() {
	script := l.main.uses
	for _, a := range l.program.Sizes {
		script.atoms[a] = true
	}
	for def := range l.rank {
		for _, part := range parts(def.Type) {
			for _, d := range part.Dims {
				l.leaves(d, func(a ir.Atom) { script.atoms[a] = true })
			}
		}
	}
	for _, u := range l.order {
		if u.instance == nil {
			continue
		}
		for _, a := range u.instance.Sizes {
			u.uses.bound[a] = true
		}
		for _, def := range u.instance.Params {
			if def.Atom != 0 {
				u.uses.bound[def.Atom] = true
			}
		}
		for _, a := range u.instance.Sizes {
			delete(u.uses.atoms, a)
		}
		for a := range u.uses.atoms {
			if l.atomInfo(a).Kind != typecheck.AtomOpaque || !script.atoms[a] && u.uses.bound[a] {
				delete(u.uses.atoms, a)
			}
		}
	}
	l.untilStable(func(u, callee *unit) bool {
		if u.instance == nil {
			return false
		}
		changed := false
		for def := range callee.uses.globals {
			changed = changed || !u.uses.globals[def]
			u.uses.globals[def] = true
		}
		for a := range callee.uses.atoms {
			if !u.uses.atoms[a] && (script.atoms[a] || !u.uses.bound[a]) && !slices.Contains(u.instance.Sizes, a) {
				changed = true
				u.uses.atoms[a] = true
			}
		}
		return changed
	})
}

// leaves calls f with the opaque atoms that d is made of.
func (l *lowering) leaves(d ir.Dim, f func(ir.Atom)) {
	for a := range d.Atoms {
		if info := l.atomInfo(a); info.Kind != typecheck.AtomOpaque {
			l.leaves(info.A, f)
			l.leaves(info.B, f)
		} else {
			f(a)
		}
	}
}

// hiddenGlobals are the Defs of the script that u takes as parameters, in the
// order of the script.
func (l *lowering) hiddenGlobals(u *unit) []*typecheck.Def {
	defs := make([]*typecheck.Def, 0, len(u.uses.globals))
	for def := range u.uses.globals {
		defs = append(defs, def)
	}
	slices.SortFunc(defs, func(a, b *typecheck.Def) int { return cmp.Compare(l.rank[a], l.rank[b]) })
	return defs
}

// hiddenAtoms are the atoms of the script that u takes as sizes.
func (u *unit) hiddenAtoms() []ir.Atom {
	atoms := make([]ir.Atom, 0, len(u.uses.atoms))
	for a := range u.uses.atoms {
		atoms = append(atoms, a)
	}
	slices.Sort(atoms)
	return atoms
}
