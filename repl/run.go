package repl

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A group is some statements of a text on their way through a run.
type group struct {
	session *Session
	source  *ast.Source
	stmts   []ast.Stmt // as compiled
	written []ast.Stmt // as written
	label   string     // of an export
	program *program
	keep    map[string]string // names in the program, and what they are in the session
	env     map[string]*entry // the names as they were before
}

// run compiles and runs a group, shows what it gives, and keeps its names.
func (s *Session) run(ctx context.Context, source *ast.Source, stmts []ast.Stmt, own []*entry, emit func(Event)) error {
	g, err := s.prepare(source, stmts, own)
	if err != nil {
		return err
	}
	compiled, err := g.compile(s.compileOptions(nil))
	if err != nil {
		return err
	}
	if warnings := g.ownWarnings(compiled.Warnings); len(warnings) > 0 {
		emit(Mistakes{warnings})
	}
	results, err := compiled.Run(ctx, g.program.inputs, calx.RunOptions{Limits: s.options.Limits, Output: s.options.Output})
	if err != nil {
		return err
	}
	return g.finish(compiled, results, emit)
}

// prepare puts the program of a group together.
func (s *Session) prepare(source *ast.Source, stmts []ast.Stmt, own []*entry) (*group, error) {
	g := &group{session: s, source: source, written: stmts, program: s.newProgram(), keep: map[string]string{}}
	for _, e := range own {
		if slices.Contains(stmts, e.stmt) {
			g.program.own[e] = true
		}
	}
	for _, stmt := range stmts {
		stmt, err := g.statement(stmt)
		if err != nil {
			return nil, err
		}
		g.stmts = append(g.stmts, stmt)
		g.program.reachAll(freeNames(stmt))
		if rule, ok := stmt.(*ast.Derivative); ok {
			g.program.rules = append(g.program.rules, rule)
			g.program.reachAll([]string{rule.Name.Name})
		}
	}
	g.renameAnew()
	for name := range g.program.vars {
		for _, stmt := range stmts {
			if slices.Contains(assignedNames(stmt), name) {
				g.keep[name] = name
			}
		}
	}
	return g, nil
}

// statement is a statement as the program of a session has it: it exports
// nothing, and what a script is given must be there.
func (g *group) statement(stmt ast.Stmt) (ast.Stmt, error) {
	switch stmt := stmt.(type) {
	case *ast.Let:
		let := *stmt
		let.Export = false
		g.keepSizes(let.Type)
		return &let, nil
	case *ast.Var:
		variable := *stmt
		return &variable, nil
	case *ast.Import:
		again := *stmt
		return &again, nil
	case *ast.Export:
		g.label = stmt.Label.Value
		return &ast.ExprStmt{X: stmt.Value}, nil
	case *ast.Input:
		value := stmt.Default
		if value == nil {
			if e := g.session.names[stmt.Name.Name]; e == nil || e.value == nil {
				return nil, &ast.Diagnostic{
					Code: ast.CodeMissingInput, Span: stmt.Span, Message: "nobody gives a session the input " + stmt.Name.Name,
					Hint: "give it a value: let " + stmt.Name.Name + " = …",
				}
			}
			value = &ast.Name{Span: stmt.Name.Span, Name: stmt.Name.Name}
		}
		g.keepSizes(stmt.Type)
		return &ast.Let{Span: stmt.Span, Names: []ast.Ident{stmt.Name}, Type: stmt.Type, Value: value}, nil
	}
	return stmt, nil
}

// keepSizes keeps the names that an annotation gives to sizes.
func (g *group) keepSizes(t ast.TypeExpr) {
	for _, name := range sizeNames(t) {
		if g.session.names[name] == nil {
			g.keep[name] = name
		}
	}
}

// renameAnew gives names that are declared anew others in the program where what
// they stood for is needed: let a = a + 1.
func (g *group) renameAnew() {
	name := func(id *ast.Ident) {
		if id.Name == "_" {
			return
		}
		typed := id.Name
		if g.program.uses(typed) {
			id.Name += "‹new›"
		}
		g.keep[id.Name] = typed
	}
	for _, stmt := range g.stmts {
		switch stmt := stmt.(type) {
		case *ast.Let:
			stmt.Names = slices.Clone(stmt.Names)
			for i := range stmt.Names {
				name(&stmt.Names[i])
			}
		case *ast.Var:
			name(&stmt.Name)
		case *ast.Import:
			if g.program.uses(stmt.Name.Name) {
				stmt.Name.Name += "‹new›"
			}
		}
	}
}

// compile compiles the program; the options say what else is to be seen.
func (g *group) compile(options calx.Options) (*calx.Program, error) {
	file, options := g.file(options)
	return calx.CompileFile(file, nil, options)
}

// file is the program as a file, and what a compilation must know of it.
func (g *group) file(options calx.Options) (*ast.File, calx.Options) {
	options.Session = &typecheck.Session{Made: g.program.made}
	for name := range g.keep {
		options.Session.Keep = append(options.Session.Keep, name)
	}
	slices.Sort(options.Session.Keep)
	return &ast.File{Source: g.source, Stmts: slices.Concat(g.program.stmts, g.program.fns, g.stmts)}, options
}

// ownWarnings are the remarks on what was typed now.
func (g *group) ownWarnings(warnings ast.Diagnostics) (own ast.Diagnostics) {
	for _, d := range warnings {
		if d.Span.Source == g.source {
			own = append(own, d)
		}
	}
	return own
}

// finish keeps what a run has given.
func (g *group) finish(compiled *calx.Program, results calx.Results, emit func(Event)) error {
	g.env = map[string]*entry{}
	for name, e := range g.session.names {
		g.env[name] = e
	}
	kept := map[string]*typecheck.Kept{}
	for _, k := range compiled.Kept() {
		kept[k.Name] = k
	}
	var entries []*entry
	for name, typed := range g.keep {
		if kept[name] == nil {
			continue
		}
		e, err := g.entry(name, typed, kept[name], results.Get(name))
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	g.imports()
	for i := range g.stmts {
		g.join(g.written[i], entries)
		if _, shown := g.stmts[i].(*ast.ExprStmt); !shown {
			g.session.log = append(g.session.log, g.logged(g.written[i]))
		}
	}
	slices.SortFunc(entries, func(a, b *entry) int { return int(a.ident.Span.Start - b.ident.Span.Start) })
	for _, e := range entries {
		g.session.add(e)
	}
	if k := kept[typecheck.Shown]; k != nil {
		v := Value{Label: g.label, Type: k.Type}
		if k.Data {
			v.Value = results.Get(typecheck.Shown)
			v.Type = calx.TypeOf(v.Value)
		}
		emit(v)
	}
	return nil
}

// A logged is a statement that took effect.
type logged struct {
	text string
	// imported is what an import reads, path how that is found from the statement.
	imported, path string
	name           string
}

func (g *group) logged(stmt ast.Stmt) logged {
	l := logged{text: g.text(stmt)}
	if stmt, ok := stmt.(*ast.Import); ok {
		if source, err := g.session.load(g.source, stmt.Path.Value); err == nil {
			l.imported, l.path, l.name = source.Name, stmt.Path.Value, stmt.Name.Name
		}
	}
	return l
}

// in is the statement as it is written in a file of a folder, from where what it
// imports is found in another way.
func (l logged) in(folder string) string {
	if l.imported == "" || filepath.IsAbs(l.path) || filepath.Join(folder, filepath.FromSlash(l.path)) == filepath.Clean(l.imported) {
		return l.text
	}
	path, err := filepath.Rel(folder, l.imported)
	if err != nil {
		return l.text
	}
	return fmt.Sprintf("import %q as %s", filepath.ToSlash(path), l.name)
}

func (g *group) text(stmt ast.Stmt) string {
	if fn, ok := stmt.(*ast.Fn); ok {
		return functionText(fn)
	}
	return stmt.Pos().Text()
}

// entry is what the session keeps of a name.
func (g *group) entry(name, typed string, kept *typecheck.Kept, v runtime.Value) (*entry, error) {
	ident := ast.Ident{Name: typed}
	for i, stmt := range g.stmts {
		switch stmt := stmt.(type) {
		case *ast.Let:
			for k, id := range stmt.Names {
				if id.Name == name {
					ident.Span = id.Span
					e, err := valueEntry(ident, kept, v)
					if err == nil && e.kind == made {
						e.stmt, e.free = stmt, freeNames(stmt)
						e.siblings = make([]*entry, len(stmt.Names))
						e.siblings[k] = e
					}
					return e, err
				}
			}
		case *ast.Var:
			if stmt.Name.Name == name {
				ident.Span = stmt.Name.Span
				return variableEntry(ident, g.written[i].(*ast.Var).Type, v)
			}
		}
	}
	if old := g.program.vars[name]; old != nil {
		e, err := variableEntry(old.ident, old.declared, v)
		if err == nil {
			e.text = old.text
		}
		return e, err
	}
	ident.Span = g.stmts[0].Pos()
	return valueEntry(ident, kept, v) // the name of a size
}

// join gives entries the text of their statement, and those of one let, which
// is checked again, what its names stand for now.
func (g *group) join(stmt ast.Stmt, entries []*entry) {
	place := stmt.Pos()
	for _, e := range entries {
		at := e.ident.Span
		if at.Source != place.Source || at.Start < place.Start || at.End > place.End || e.text != "" {
			continue
		}
		e.text = g.text(stmt)
		if e.kind == made {
			e.captured = g.captured(e, entries)
		}
	}
}

// captured is what the names of a let stand for now, and the functions that
// those call.
func (g *group) captured(e *entry, entries []*entry) map[string]*entry {
	captured := map[string]*entry{}
	calls := slices.Clone(e.free)
	for i := 0; i < len(calls); i++ {
		name := calls[i]
		old := g.env[name]
		for _, other := range entries {
			if other.name == name && i < len(e.free) && other.ident.Span.Start < e.ident.Span.Start {
				old = other
			}
		}
		if old == nil || captured[name] != nil || i >= len(e.free) && old.kind != function {
			continue
		}
		captured[name] = old
		if old.kind == function {
			calls = append(calls, old.free...)
		}
	}
	return captured
}

// sameKind finds the rules that a new one takes the place of.
func sameKind(rule *ast.Derivative) func(*ast.Derivative) bool {
	return func(old *ast.Derivative) bool {
		return old.Name.Name == rule.Name.Name && old.Pullback == rule.Pullback
	}
}

// imports keeps the files that were imported, and the rules of functions.
func (g *group) imports() {
	for i, stmt := range g.written {
		switch stmt := stmt.(type) {
		case *ast.Import:
			g.session.add(&entry{name: stmt.Name.Name, ident: stmt.Name, kind: imported, stmt: stmt, text: stmt.Span.Text()})
		case *ast.Derivative:
			if e := g.session.names[stmt.Name.Name]; e != nil && e.kind == function {
				again := *e
				rule := g.stmts[i].(*ast.Derivative)
				for _, old := range e.rules {
					if sameKind(rule)(old) {
						again.text = strings.Replace(again.text, "\n"+old.Span.Text(), "", 1)
					}
				}
				again.rules = append(slices.DeleteFunc(slices.Clone(e.rules), sameKind(rule)), rule)
				again.free = slices.Concat(e.free, freeNames(rule))
				again.text += "\n" + stmt.Span.Text()
				g.session.names[e.name] = &again
			}
		}
	}
}
