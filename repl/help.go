package repl

import (
	"context"
	"fmt"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/stdlib"
	"github.com/calx-lang/calx/typecheck"
)

// A libraryFunction is one of the standard library that everybody may use.
type libraryFunction struct {
	module string
	fn     *ast.Fn
}

// fullName is the name as a user writes it: "linalg.solve", "linspace".
func (f libraryFunction) fullName() string {
	if f.module == "core" {
		return f.fn.Name.Name
	}
	return f.module + "." + f.fn.Name.Name
}

// Prepare reads the standard library, which otherwise the first completion does.
// It may go on while the session does anything else.
func (s *Session) Prepare() { s.library() }

// readLibrary gives the functions of the standard library.
func readLibrary() (functions []libraryFunction) {
	for _, module := range stdlib.Modules() {
		text, _ := stdlib.Source(module)
		file, _ := lang.Parse(&ast.Source{Name: module, Text: text})
		for _, stmt := range file.Stmts {
			if fn, ok := stmt.(*ast.Fn); ok && fn.Export {
				functions = append(functions, libraryFunction{module, fn})
			}
		}
	}
	return functions
}

func (s *Session) libraryFunction(name string) (libraryFunction, bool) {
	for _, f := range s.library() {
		if f.fullName() == name {
			return f, true
		}
	}
	return libraryFunction{}, false
}

func builtin(name string) (typecheck.BuiltinDoc, bool) {
	for _, doc := range typecheck.Builtins() {
		if doc.Name == name {
			return doc, true
		}
	}
	return typecheck.BuiltinDoc{}, false
}

func (s *Session) help(_ context.Context, name string, emit func(Event)) error {
	if name == "" {
		emit(Answer{overview()})
		return nil
	}
	text, ok := s.helpOn(name)
	if !ok {
		return fmt.Errorf("there is no help on %s%s", name, s.meant(name))
	}
	emit(Answer{text})
	return nil
}

// meant suggests a name that is known.
func (s *Session) meant(name string) string {
	names := s.allNames()
	for _, f := range s.library() {
		names = append(names, f.fullName())
	}
	if near := ast.Nearest(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func (s *Session) helpOn(name string) (text string, ok bool) {
	if word, isCommand := strings.CutPrefix(name, ":"); isCommand {
		c, err := findCommand(word)
		return strings.TrimSpace(":"+c.name+" "+c.args) + "\n  " + c.summary, err == nil
	}
	if e := s.names[name]; e != nil {
		switch e.kind {
		case function:
			return described(s.signature(e), e.stmt.(*ast.Fn).Doc), true
		case imported:
			return e.text, true
		}
		return e.name + ": " + e.typed, true
	}
	if doc, ok := builtin(name); ok {
		text := described(doc.Name+"("+doc.Signature+")", doc.Doc)
		if doc.Example != "" {
			text += "\n  > " + doc.Example
		}
		return text, true
	}
	if f, ok := s.libraryFunction(name); ok {
		return described(f.fullName()+signature(f.fn), f.fn.Doc), true
	}
	for _, w := range words {
		if w.name == name {
			return described(w.form, w.doc), true
		}
	}
	var members []string
	for _, f := range s.library() {
		if f.module == name {
			members = append(members, f.fullName()+signature(f.fn))
		}
	}
	return strings.Join(members, "\n"), len(members) > 0
}

func described(head, doc string) string {
	for line := range strings.SplitSeq(doc, "\n") {
		if line != "" {
			head += "\n  " + line
		}
	}
	return head
}

// signature is a function's parameters and result as they are written.
func (s *Session) signature(e *entry) string { return e.name + signature(e.stmt.(*ast.Fn)) }

func signature(fn *ast.Fn) string {
	text := fn.ParamPos.Text()
	if fn.Result != nil {
		text += " -> " + lang.FormatType(fn.Result)
	}
	return text
}

// source answers with the text of a name's declaration, or with the code of a
// function that an expression makes: grad(f).
func (s *Session) source(_ context.Context, name string, emit func(Event)) error {
	if e := s.names[name]; e != nil {
		emit(Answer{e.text})
		return nil
	}
	if f, ok := s.libraryFunction(name); ok {
		emit(Answer{functionText(f.fn)})
		return nil
	}
	if _, ok := builtin(name); ok {
		return fmt.Errorf("%s is not written in Calx", name)
	}
	source := &ast.Source{Name: "expression", Text: name}
	x, mistakes := lang.ParseExpr(source)
	if mistakes.HasErrors() {
		return mistakes
	}
	if _, isName := x.(*ast.Name); isName {
		return fmt.Errorf("%s is not known here%s", name, s.meant(name))
	}
	g, err := s.prepare(source, []ast.Stmt{&ast.ExprStmt{X: x}}, nil)
	if err != nil {
		return err
	}
	g.stmts = nil
	file, options := g.file(s.compileOptions(nil))
	text, err := calx.SourceOf(file, x, options)
	if err != nil {
		return err
	}
	emit(Answer{strings.TrimSuffix(text, "\n")})
	return nil
}

func overview() string {
	var b strings.Builder
	b.WriteString("Type an expression to see its value, or a statement. Names keep their values.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "%-14s %s\n", strings.TrimSpace(":"+c.name+" "+c.args), c.summary)
	}
	b.WriteString("\nTab completes names, fields, arguments and files, and makes α of \\alpha.\nCtrl-C stops a computation, Ctrl-R searches what was typed.\n")
	b.WriteString("A command may be cut short: :q.")
	return b.String()
}
