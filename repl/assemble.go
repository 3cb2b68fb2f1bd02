package repl

import (
	"fmt"
	"maps"
	"slices"

	"github.com/calx-lang/calx/ast"
)

// A small program for each input: before the statements typed stands what they
// reach of the session, directly or through functions. So an input costs what
// it uses, and a function that no longer fits what it uses is a mistake only
// where it is used.

// A program is being put together.
type program struct {
	session *Session
	stmts   []ast.Stmt // before those typed
	fns     []ast.Stmt // behind the values
	inputs  map[string]any
	made    map[*ast.Let]bool
	vars    map[string]*entry // those reached
	seen    map[*entry]bool
	own     map[*entry]bool   // declared by the statements typed
	rules   []*ast.Derivative // typed, which take the place of older ones
}

func (s *Session) newProgram() *program {
	return &program{
		session: s, inputs: map[string]any{}, made: map[*ast.Let]bool{},
		vars: map[string]*entry{}, seen: map[*entry]bool{}, own: map[*entry]bool{},
	}
}

// hidden is the name, which nobody can type, of an entry whose name stands for
// another one now.
func hidden(e *entry) string { return fmt.Sprintf("%s‹%d›", e.name, e.id) }

func (p *program) nameOf(e *entry) string {
	if p.session.names[e.name] == e {
		return e.name
	}
	return hidden(e)
}

// reachAll adds what names stand for now.
func (p *program) reachAll(names []string) {
	for _, name := range names {
		if e := p.session.names[name]; e != nil {
			p.reach(e)
		}
	}
}

// reach adds an entry, behind all that it needs.
func (p *program) reach(e *entry) {
	if p.seen[e] || p.own[e] {
		return
	}
	p.seen[e] = true
	ident := ast.Ident{Name: p.nameOf(e), Span: e.ident.Span}
	switch e.kind {
	case function:
		p.reachAll(e.free)
		p.function(e)
	case imported:
		again := *e.stmt.(*ast.Import)
		again.Name = ident
		p.stmts = append(p.stmts, &again)
	case constant:
		again := *e.stmt.(*ast.Let)
		again.Names = []ast.Ident{ident}
		p.stmts = append(p.stmts, &again)
	case data:
		p.input(e, ident)
	case made:
		p.madeLet(e)
	case variable:
		p.vars[ident.Name] = e
		p.fns = append(p.fns, p.variable(e, ident))
	}
}

func (p *program) input(e *entry, ident ast.Ident) {
	again := *e.stmt.(*ast.Input)
	again.Name = ident
	p.stmts = append(p.stmts, &again)
	p.inputs[ident.Name] = e.value
}

// variable is a var with its value, which is an input.
func (p *program) variable(e *entry, ident ast.Ident) ast.Stmt {
	from := ast.Ident{Name: "value of " + ident.Name, Span: ident.Span}
	p.input(e, from)
	return &ast.Var{
		Span: ident.Span, Name: ident, Type: e.declared, Value: &ast.Name{Span: ident.Span, Name: from.Name},
	}
}

// function declares a function and its rules.
func (p *program) function(e *entry) {
	p.fns = append(p.fns, e.stmt)
	for _, rule := range e.rules {
		if !slices.ContainsFunc(p.rules, sameKind(rule)) {
			p.fns = append(p.fns, rule)
		}
	}
}

// madeLet declares the names of a let again: the checker reads it, nobody
// computes it.
func (p *program) madeLet(e *entry) {
	names := p.frozen(e)
	for _, name := range e.free {
		captured := e.captured[name]
		if captured == nil || names[name] != "" {
			continue
		}
		now := p.nameOf(captured)
		if captured.kind == variable { // its value then, whatever is assigned later
			now = hidden(captured)
			if !p.seen[captured] {
				p.seen[captured] = true
				p.stmts = append(p.stmts, p.variable(captured, ast.Ident{Name: now, Span: captured.ident.Span}))
			}
		} else {
			p.reach(captured)
		}
		if now != name {
			names[name] = now
		}
	}
	let := e.stmt.(*ast.Let)
	again := *let
	if len(names) > 0 {
		again = *renamed(let, names)
	}
	again.Names = nil
	for i, sibling := range e.siblings {
		if sibling == nil {
			again.Names = append(again.Names, ast.Ident{Name: "_", Span: let.Names[i].Span})
			continue
		}
		p.seen[sibling] = true
		name := p.nameOf(sibling)
		again.Names = append(again.Names, ast.Ident{Name: name, Span: sibling.ident.Span})
		if sibling.value != nil {
			p.inputs[name] = sibling.value
		}
	}
	p.made[&again] = true
	p.stmts = append(p.stmts, &again)
}

// uses reports whether a program needs what a name stood for, be it built in.
func (p *program) uses(name string) bool {
	for e := range p.seen {
		if e.name == name && p.session.names[name] == e || e.kind == function && slices.Contains(e.free, name) {
			return true
		}
	}
	return false
}

// frozen declares the functions that a let was made with, where they are others
// now, as they were then; with them those that call them. It gives their names.
func (p *program) frozen(e *entry) map[string]string {
	names := map[string]string{}
	for found := true; found; {
		found = false
		for name, fn := range e.captured {
			if fn.kind != function || names[name] != "" {
				continue
			}
			calls := slices.ContainsFunc(fn.free, func(called string) bool { return names[called] != "" })
			if p.session.names[name] != fn || calls {
				names[name] = fmt.Sprintf("%s‹%d, %d›", name, fn.id, e.id)
				found = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fn, as := e.captured[name], names[name]
		again := *renamed(fn.stmt.(*ast.Fn), names)
		again.Name.Name = as
		p.fns = append(p.fns, &again)
		for _, rule := range fn.rules {
			rule := *renamed(rule, names)
			rule.Name.Name = as
			p.fns = append(p.fns, &rule)
		}
		for _, free := range fn.free {
			if names[free] == "" {
				p.reachAll([]string{free})
			}
		}
	}
	return names
}
