// Package repl is a session of the language without a terminal: texts come in,
// one after the other, and events go out: values, answers, mistakes. Names keep
// their values from text to text.
//
// Each text is compiled as a small program of its own (assemble.go). Values of
// earlier texts are inputs of it; nothing is computed twice. A function is
// declared again, and sees the names as they are now. A let that holds a
// function is checked again, with what its names stood for when it was made.
// A mistake changes nothing: statements before it have their effect, the others
// none.
//
// Files and terminals are for others; package terminal is the face of a session.
package repl

import (
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// Options of a session. What is nil isn't there.
type Options struct {
	Limits runtime.Limits
	Output io.Writer // where print writes, at once
	// Load gives the file that an import names; the name of its source is its path.
	Load func(from *ast.Source, path string) (*ast.Source, error)
	// Read and Write are for :load and :save, Files for the completion of names:
	// it gives the files and folders (with a slash) that begin so.
	Read  func(file string) (string, error)
	Write func(file, text string) error
	Files func(prefix string) []string
}

// An Event is what comes of a text.
type Event interface{ event() }

type (
	// A Value is that of an expression. Label is the text behind "as" of an export.
	Value struct {
		Label string
		Value runtime.Value // nil for a function
		Type  string
	}
	// An Answer is what a command says; it may have several lines.
	Answer struct{ Text string }
	// Mistakes stop a text, unless they are warnings.
	Mistakes struct{ Diagnostics ast.Diagnostics }
	// Failed is a mistake without a place: of a command, or of Calx.
	Failed struct{ Err error }
	// Quit asks for the end of the session.
	Quit struct{}
)

func (Value) event()    {}
func (Answer) event()   {}
func (Mistakes) event() {}
func (Failed) event()   {}
func (Quit) event()     {}

// A Session is one conversation. It isn't for several goroutines at once.
type Session struct {
	options Options
	names   map[string]*entry
	log     []logged // the statements that took effect, except expressions
	texts   int
	ids     int
	loaded  map[string]*ast.Source   // imported files, as they were at first
	library func() []libraryFunction // that of the standard library, read once
}

// New begins a session.
func New(options Options) *Session {
	return &Session{options: options, names: map[string]*entry{}, loaded: map[string]*ast.Source{}, library: sync.OnceValue(readLibrary)}
}

// Incomplete reports whether a text asks for another line.
func (s *Session) Incomplete(text string) bool {
	parts := cut(text)
	last := parts[len(parts)-1]
	return !isCommand(last) && lang.Incomplete(last+"\n")
}

// Enter does what a text says and emits what comes of it, until it is done,
// fails, or ctx ends. Commands in it stand on lines of their own.
func (s *Session) Enter(ctx context.Context, text string, emit func(Event)) {
	quit := false
	for _, part := range cut(text) {
		fine := true
		switch {
		case quit:
			return
		case isCommand(part):
			fine = s.command(ctx, strings.TrimSpace(part), func(event Event) {
				_, quit = event.(Quit)
				emit(event)
			})
		case strings.TrimSpace(part) != "":
			s.texts++
			fine = s.enter(ctx, &ast.Source{Name: typecheck.SessionText + strconv.Itoa(s.texts), Text: part}, emit)
		}
		if !fine {
			return
		}
	}
}

// cut cuts a text into commands and what stands between them.
func cut(text string) (parts []string) {
	part := ""
	for line := range strings.Lines(text) {
		switch {
		case isCommand(line) && (part == "" || !lang.Incomplete(part+"\n")):
			if part != "" {
				parts = append(parts, part)
			}
			parts, part = append(parts, line), ""
		default:
			part += line
		}
	}
	if part != "" || len(parts) == 0 {
		parts = append(parts, part)
	}
	return parts
}

// enter does the statements of a source; it reports whether all went well.
func (s *Session) enter(ctx context.Context, source *ast.Source, emit func(Event)) bool {
	file, mistakes := lang.Parse(source)
	if len(mistakes) > 0 {
		emit(Mistakes{mistakes})
	}
	if mistakes.HasErrors() {
		return false
	}
	for _, stmts := range segments(file.Stmts) {
		if !s.segment(ctx, &ast.File{Source: source, Stmts: stmts}, emit) {
			return false
		}
	}
	return true
}

// segments cuts a text where a name that it declares as a function, or a
// derivative, is declared anew, for the functions of a segment are known to all
// of it.
func segments(stmts []ast.Stmt) (segments [][]ast.Stmt) {
	begin := 0
	functions, others := map[string]bool{}, map[string]bool{}
	var rules []*ast.Derivative
	for i, stmt := range stmts {
		anew, name := false, ""
		if fn, ok := stmt.(*ast.Fn); ok {
			name = fn.Name.Name
			anew = functions[name] || others[name]
		}
		for _, id := range declaredNames(stmt) {
			anew = anew || functions[id.Name]
		}
		rule, _ := stmt.(*ast.Derivative)
		anew = anew || rule != nil && slices.ContainsFunc(rules, sameKind(rule))
		if anew {
			segments = append(segments, stmts[begin:i])
			begin = i
			clear(functions)
			clear(others)
			rules = nil
		}
		if rule != nil {
			rules = append(rules, rule)
		}
		if name != "" {
			functions[name] = true
		}
		for _, id := range declaredNames(stmt) {
			others[id.Name] = true
		}
	}
	return append(segments, stmts[begin:])
}

// segment does statements whose functions are known to all of them.
func (s *Session) segment(ctx context.Context, file *ast.File, emit func(Event)) bool {
	before := maps.Clone(s.names)
	own := s.declareFunctions(file)
	for _, group := range s.groups(file) {
		if err := s.run(ctx, file.Source, group, own, emit); err != nil {
			report(err, emit)
			s.withdraw(own, before)
			return false
		}
		for _, e := range own {
			if slices.Contains(group, e.stmt) {
				before[e.name] = e // it stays, whatever follows
			}
		}
	}
	return true
}

func report(err error, emit func(Event)) {
	if mistakes, ok := ast.AsDiagnostics(err); ok {
		emit(Mistakes{mistakes})
		return
	}
	emit(Failed{err})
}

// declareFunctions makes the functions of a text known to all of it.
func (s *Session) declareFunctions(file *ast.File) (own []*entry) {
	for _, stmt := range file.Stmts {
		if fn, ok := stmt.(*ast.Fn); ok {
			fn.Export = false
			e := &entry{name: fn.Name.Name, ident: fn.Name, kind: function, stmt: fn, text: functionText(fn), free: freeNames(fn)}
			s.add(e)
			own = append(own, e)
		}
	}
	return own
}

func functionText(fn *ast.Fn) string {
	text := ""
	if fn.Doc != "" {
		for line := range strings.SplitSeq(fn.Doc, "\n") {
			text += strings.TrimRight("# "+line, " ") + "\n"
		}
	}
	return text + fn.Span.Text()
}

// withdraw takes functions back that a text has declared in vain.
func (s *Session) withdraw(own []*entry, before map[string]*entry) {
	for _, e := range own {
		if s.names[e.name] != e || before[e.name] == e {
			continue
		}
		if old := before[e.name]; old != nil {
			s.names[e.name] = old
		} else {
			delete(s.names, e.name)
		}
	}
}

func (s *Session) add(e *entry) {
	old := s.names[e.name]
	if old != nil && old.ident.Span.Source == e.ident.Span.Source && e.kind != function && e.kind != imported {
		// Functions of this text see it, though they stand above.
		e.ident.Span = ast.Span{}
	}
	s.ids++
	e.id = s.ids
	s.names[e.name] = e
}

// groups cuts a text into programs: a name that is declared anew begins one, an
// expression, whose value is to be shown, ends one.
func (s *Session) groups(file *ast.File) (groups [][]ast.Stmt) {
	var group []ast.Stmt
	declared := map[string]bool{}
	flush := func() {
		if len(group) > 0 {
			groups = append(groups, group)
		}
		group = nil
	}
	for _, stmt := range file.Stmts {
		anew := false
		for _, id := range declaredNames(stmt) {
			anew = anew || declared[id.Name] || s.names[id.Name] != nil || s.mentioned(id.Name, file.Source)
		}
		if anew {
			flush()
		}
		for _, id := range declaredNames(stmt) {
			declared[id.Name] = true
		}
		group = append(group, stmt)
		switch stmt.(type) {
		case *ast.ExprStmt, *ast.Export:
			flush()
		default:
			if anew {
				flush()
			}
		}
	}
	flush()
	return groups
}

// mentioned reports whether a function of an earlier text uses a name.
func (s *Session) mentioned(name string, now *ast.Source) bool {
	for _, e := range s.names {
		if e.kind == function && e.ident.Span.Source != now && slices.Contains(e.free, name) {
			return true
		}
	}
	return false
}

// declaredNames are those that a statement gives values; functions have theirs
// before.
func declaredNames(stmt ast.Stmt) []ast.Ident {
	switch stmt := stmt.(type) {
	case *ast.Let:
		return slices.DeleteFunc(slices.Clone(stmt.Names), func(id ast.Ident) bool { return id.Name == "_" })
	case *ast.Var:
		return []ast.Ident{stmt.Name}
	case *ast.Input:
		return []ast.Ident{stmt.Name}
	case *ast.Import:
		return []ast.Ident{stmt.Name}
	}
	return nil
}

// options of a compilation.
func (s *Session) compileOptions(session *typecheck.Session) calx.Options {
	options := calx.Options{Session: session}
	if s.options.Load != nil {
		options.Load = s.load
	}
	return options
}

// load reads a file that is imported once.
func (s *Session) load(from *ast.Source, path string) (*ast.Source, error) {
	key := from.Name + "\x00" + path
	if source := s.loaded[key]; source != nil {
		return source, nil
	}
	source, err := s.options.Load(from, path)
	if err == nil {
		s.loaded[key] = source
	}
	return source, err
}
