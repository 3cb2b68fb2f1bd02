package lower

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// An exported function, or the default of an input, is called from outside,
// where nobody has the lets of the script that it reads. It gets an entry: a
// function of its own that runs the statements of the script that those lets
// need, and then calls it. Only inputs, and their sizes, remain as parameters
// behind those of the function.

// entries puts an entry before each root that reads lets of the script.
func (l *lowering) entries() {
	isInput := map[*typecheck.Var]bool{}
	isSize := map[ir.Atom]bool{}
	for _, input := range l.program.Inputs {
		isInput[input.Def.Var] = true
		isSize[input.Def.Atom] = true
	}
	for _, a := range l.program.Sizes {
		isSize[a] = true
	}
	var order []*unit
	for _, u := range l.order {
		order = append(order, u)
		if !u.root || u == l.main {
			continue
		}
		needsLet := false
		for a := range u.uses.atoms {
			needsLet = needsLet || !isSize[a]
		}
		for def := range u.uses.globals {
			needsLet = needsLet || !isInput[def.Var]
		}
		if needsLet {
			order = append(order, l.entry(u))
		}
	}
	l.order = order
}

// entry makes the entry of u, and takes the name of u for it.
func (l *lowering) entry(u *unit) *unit {
	inner := u.instance
	call := &typecheck.Call{Callee: inner, T: inner.Result, Span: inner.Span}
	for _, a := range inner.Sizes {
		call.Sizes = append(call.Sizes, ir.Sized(a))
	}
	for _, def := range inner.Params {
		call.Args = append(call.Args, &typecheck.Local{Def: def})
	}
	entry := *inner
	entry.Rule = nil
	entry.Body = &typecheck.Block{Stmts: l.needed(u), Value: call}
	e := &unit{name: u.name, instance: &entry, span: u.span, body: entry.Body, root: true}
	u.root = false
	l.scan(e)
	inputs := map[*typecheck.Def]bool{}
	sizes := map[ir.Atom]bool{}
	for _, input := range l.program.Inputs {
		inputs[input.Def] = e.uses.globals[input.Def] || u.uses.globals[input.Def]
		if a := input.Def.Atom; a != 0 {
			sizes[a] = e.uses.atoms[a] || u.uses.atoms[a]
		}
	}
	for _, a := range l.program.Sizes {
		sizes[a] = e.uses.atoms[a] || u.uses.atoms[a]
	}
	e.uses.globals, e.uses.atoms = only(inputs), only(sizes)
	return e
}

func only[T comparable](set map[T]bool) map[T]bool {
	for x, in := range set {
		if !in {
			delete(set, x)
		}
	}
	return set
}

// needed are the statements of the script that give the Defs and atoms that u
// takes from it their values, and the checks of what they compute with.
func (l *lowering) needed(u *unit) []typecheck.Stmt {
	stmts := l.program.Body.Stmts
	all := make([]uses, len(stmts))
	first := map[ir.Atom]int{} // the statement that mentions an atom first gives it its value
	for i, stmt := range stmts {
		all[i] = l.usesOf(stmt)
		for a := range all[i].atoms {
			if _, seen := first[a]; !seen {
				first[a] = i
			}
		}
	}
	vars, atoms := map[*typecheck.Var]bool{}, map[ir.Atom]bool{}
	for def := range u.uses.globals {
		vars[def.Var] = true
	}
	for a := range u.uses.atoms {
		atoms[a] = true
	}
	var list []typecheck.Stmt
	for i := len(stmts) - 1; i >= 0; i-- {
		keep := isCheck(stmts[i])
		for v := range all[i].reads {
			keep = keep && vars[v]
		}
		for v := range all[i].writes {
			keep = keep || vars[v]
		}
		for a := range all[i].atoms {
			keep = keep || atoms[a] && first[a] == i
		}
		if !keep {
			continue
		}
		list = append(list, stmts[i])
		for v := range all[i].reads {
			vars[v] = true
		}
		for a := range all[i].atoms {
			atoms[a] = true
		}
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

func isCheck(stmt typecheck.Stmt) bool {
	eval, ok := stmt.(*typecheck.Eval)
	if !ok {
		return false
	}
	op, ok := eval.X.(*typecheck.Op)
	return ok && op.Code == ir.Check
}

// usesOf is what one statement of the script reads, assigns and mentions.
func (l *lowering) usesOf(stmt typecheck.Stmt) uses {
	u := &unit{}
	u.uses = newUses()
	s := &scanner{l: l, u: u, callees: map[*unit]bool{}}
	s.statement(stmt)
	for a := range u.uses.atoms {
		if l.atomInfo(a).Kind != typecheck.AtomOpaque {
			delete(u.uses.atoms, a)
		}
	}
	for _, callee := range u.calls {
		for def := range callee.uses.globals {
			u.uses.reads[def.Var] = true
		}
		for a := range callee.uses.atoms {
			u.uses.atoms[a] = true
		}
	}
	return u.uses
}
