package repl

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A command is a word behind ":".
type command struct {
	name, args, summary string
	run                 func(s *Session, ctx context.Context, args string, emit func(Event)) error
}

// commands stand in the order in which :help shows them.
func commands() []command {
	return []command{
		{"help", "[NAME]", "say what there is, or what a function does", (*Session).help},
		{"type", "EXPR", "the type of an expression, which is not computed", (*Session).typeOf},
		{"source", "NAME", "how a name was declared; the code of grad(f)", (*Session).source},
		{"why", "FUNCTION", "how a function can be differentiated: kinks, cuts, the form of its Jacobian; of grad(f), f", (*Session).why},
		{"ir", "EXPR", "what the compiler makes of an expression", (*Session).ir},
		{"time", "EXPR", "compute an expression and say how long it took", (*Session).time},
		{"vars", "", "the names of the session, with their types", (*Session).vars},
		{"load", "FILE", "do what stands in a file, as if it were typed here", (*Session).loadFile},
		{"save", "FILE", "write what was typed, without mistakes and expressions, to a file", (*Session).save},
		{"quit", "", "end the session; so does Ctrl-D", quit},
	}
}

func isCommand(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), ":") }

// command does a command, whose name may be cut short; it reports whether that
// went well.
func (s *Session) command(ctx context.Context, text string, emit func(Event)) (fine bool) {
	text = strings.TrimSpace(text[1:])
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	c, err := findCommand(text[:end])
	args := strings.TrimSpace(text[end:])
	switch {
	case err != nil:
	case c.args == "" && args != "":
		err = fmt.Errorf(":%s stands alone", c.name)
	case c.args != "" && c.args[0] != '[' && args == "":
		err = fmt.Errorf("write :%s %s", c.name, c.args)
	default:
		fine = true
		err = c.run(s, ctx, args, func(event Event) {
			if m, ok := event.(Mistakes); ok && m.Diagnostics.HasErrors() {
				fine = false
			}
			emit(event)
		})
	}
	if err != nil {
		report(err, emit)
		return false
	}
	return fine
}

// findCommand is the command of a name, or the only one that begins so.
func findCommand(name string) (command, error) {
	var found []command
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c, nil
		}
		if name != "" && strings.HasPrefix(c.name, name) {
			found = append(found, c)
			names = append(names, ":"+c.name)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return command{}, fmt.Errorf(":%s may be %s", name, strings.Join(names, " or "))
	case name == "":
		return command{}, errors.New("behind : stands a command; :help shows those that there are")
	}
	return command{}, fmt.Errorf("there is no command :%s; :help shows those that there are", name)
}

// fileName is the name of a file as a command has it, which may be in quotes.
func fileName(args string) string {
	if name, err := strconv.Unquote(args); err == nil && args[0] == '"' {
		return name
	}
	return args
}

func quit(_ *Session, _ context.Context, _ string, emit func(Event)) error {
	emit(Quit{})
	return nil
}

// expression compiles one expression.
func (s *Session) expression(text string, options calx.Options) (*group, *calx.Program, error) {
	source := &ast.Source{Name: "expression", Text: text}
	x, mistakes := lang.ParseExpr(source)
	if mistakes.HasErrors() {
		return nil, nil, mistakes
	}
	g, err := s.prepare(source, []ast.Stmt{&ast.ExprStmt{X: x}}, nil)
	if err != nil {
		return nil, nil, err
	}
	compiled, err := g.compile(options)
	return g, compiled, err
}

func (s *Session) typeOf(_ context.Context, text string, emit func(Event)) error {
	if e := s.names[text]; e != nil && e.kind == function {
		emit(Answer{s.signature(e)})
		return nil
	}
	_, compiled, err := s.expression(text, s.compileOptions(nil))
	if err != nil {
		return err
	}
	for _, k := range compiled.Kept() {
		if k.Name == typecheck.Shown {
			emit(Answer{k.Type})
			return nil
		}
	}
	emit(Answer{"no value"})
	return nil
}

func (s *Session) ir(_ context.Context, text string, emit func(Event)) error {
	options := s.compileOptions(nil)
	last := ""
	options.Dump.IR = func(_ string, m *ir.Module) { last = m.String() }
	if _, _, err := s.expression(text, options); err != nil {
		return err
	}
	emit(Answer{last})
	return nil
}

func (s *Session) time(ctx context.Context, text string, emit func(Event)) error {
	begin := time.Now()
	g, compiled, err := s.expression(text, s.compileOptions(nil))
	if err != nil {
		return err
	}
	ready := time.Now()
	results, err := compiled.Run(ctx, g.program.inputs, calx.RunOptions{Limits: s.options.Limits, Output: s.options.Output})
	if err != nil {
		return err
	}
	took := time.Since(ready)
	if err := g.finish(compiled, results, emit); err != nil {
		return err
	}
	emit(Answer{fmt.Sprintf("# %s, and %s to compile it", rounded(took), rounded(ready.Sub(begin)))})
	return nil
}

// rounded is a duration of three digits.
func rounded(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// sorted are the entries in the order in which they were made.
func (s *Session) sorted() []*entry {
	var entries []*entry
	for _, e := range s.names {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b *entry) int { return a.id - b.id })
	return entries
}

func (s *Session) vars(_ context.Context, _ string, emit func(Event)) error {
	var b strings.Builder
	for _, e := range s.sorted() {
		switch e.kind {
		case function:
			fmt.Fprintf(&b, "fn %s\n", s.signature(e))
		case imported:
			fmt.Fprintln(&b, e.text)
		case variable:
			fmt.Fprintf(&b, "var %s: %s%s\n", e.name, e.typed, short(e.value))
		default:
			fmt.Fprintf(&b, "let %s: %s%s\n", e.name, e.typed, short(e.value))
		}
	}
	if b.Len() == 0 {
		b.WriteString("there are no names yet")
	}
	emit(Answer{b.String()})
	return nil
}

// short is a number as a remark behind its type.
func short(v runtime.Value) string {
	if a, ok := v.(*runtime.Array); ok && a.Rank() == 0 {
		return " = " + runtime.Format(a)
	}
	return ""
}

func (s *Session) loadFile(ctx context.Context, file string, emit func(Event)) error {
	if s.options.Read == nil {
		return errors.New("files can't be read here")
	}
	file = fileName(file)
	text, err := s.options.Read(file)
	if err != nil {
		return err
	}
	s.enter(ctx, &ast.Source{Name: file, Text: text}, emit)
	return nil
}

func (s *Session) save(_ context.Context, file string, emit func(Event)) error {
	if s.options.Write == nil {
		return errors.New("files can't be written here")
	}
	if len(s.log) == 0 {
		return errors.New("there is nothing to save yet")
	}
	file = fileName(file)
	var b strings.Builder
	for _, statement := range s.log {
		b.WriteString(statement.in(filepath.Dir(file)) + "\n")
	}
	text := b.String()
	if err := s.options.Write(file, text); err != nil {
		return err
	}
	count := "one statement"
	if len(s.log) > 1 {
		count = fmt.Sprintf("%d statements", len(s.log))
	}
	emit(Answer{fmt.Sprintf("wrote %s to %s", count, file)})
	return nil
}
