package manual

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/stdlib"
	"github.com/calx-lang/calx/typecheck"
)

// An entry is what is said of a function.
type entry struct {
	name    string // as a user writes it: "linalg.solve"
	head    string // with its parameters, and its result where that is stated
	doc     string
	example string // an expression; empty if there is none
	value   string // that of the example, as it is printed
	typed   bool   // all parameters have types
}

// A section are functions that belong together: a module, the core, or what is
// built in.
type section struct {
	name    string // of the module; "core" and "built in" need no prefix
	entries []entry
}

const builtIn = "built in"

// sections are all functions of the language, without the values of examples.
func sections() ([]section, error) {
	table := section{name: builtIn}
	for _, f := range typecheck.Builtins() {
		table.entries = append(table.entries, entry{
			name: f.Name, head: f.Name + "(" + f.Signature + ")", doc: f.Doc, example: f.Example,
		})
	}
	all := []section{table}
	for _, module := range stdlib.Modules() {
		text, _ := stdlib.Source(module)
		file, mistakes := lang.Parse(&ast.Source{Name: module, Text: text, Internal: true})
		if mistakes.HasErrors() {
			return nil, mistakes
		}
		prefix := module + "."
		if module == "core" {
			prefix = ""
		}
		all = append(all, section{module, exported(file, prefix)})
	}
	return all, nil
}

// exported are the functions that a file exports, in the order of the text.
func exported(file *ast.File, prefix string) (entries []entry) {
	for _, stmt := range file.Stmts {
		if f, ok := stmt.(*ast.Fn); ok && f.Export {
			doc, example, _ := strings.Cut(f.Doc, "Example: ")
			untyped := slices.ContainsFunc(f.Params, func(p *ast.Param) bool { return p.Type == nil })
			entries = append(entries, entry{
				name: prefix + f.Name.Name, head: prefix + head(f), doc: strings.TrimSpace(doc), example: oneLine(example), typed: !untyped,
			})
		}
	}
	return entries
}

// head is the name of a function with its parameters and result as they are
// written.
func head(f *ast.Fn) string {
	params := make([]string, len(f.Params))
	for i, p := range f.Params {
		params[i] = p.Name.Name
		if p.Type != nil {
			params[i] += ": " + lang.FormatType(p.Type)
		}
		if p.Default != nil && p.Type != nil {
			params[i] += " = " + lang.FormatExpr(p.Default)
		} else if p.Default != nil {
			params[i] += "=" + lang.FormatExpr(p.Default)
		}
	}
	text := f.Name.Name + "(" + strings.Join(params, ", ") + ")"
	if f.Result != nil {
		text += " -> " + lang.FormatType(f.Result)
	}
	return text
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// evaluated is e with the value of its example, which is computed at the end of
// a script; nil is the empty one.
func evaluated(e entry, script *ast.Source, opts calx.Options) (entry, error) {
	if e.example == "" {
		return e, nil
	}
	const result = "value_of_the_example"
	source := &ast.Source{Name: "the example of " + e.name}
	if script != nil {
		source.Name, source.Text = script.Name, strings.TrimSuffix(script.Text, "\n")+"\n"
	}
	source.Text += "export let " + result + " = " + e.example + "\n"
	program, err := calx.Compile(source, opts)
	if err != nil {
		return e, e.wrong(err)
	}
	results, err := program.Run(context.Background(), nil, calx.RunOptions{})
	if err != nil {
		return e, e.wrong(err)
	}
	e.value = runtime.Format(results.Get(result))
	return e, nil
}

// wrong is what is wrong with the example.
func (e entry) wrong(err error) error {
	mistakes, ok := ast.AsDiagnostics(err)
	if !ok || len(mistakes) == 0 {
		return fmt.Errorf("the example of %s: %w", e.name, err)
	}
	first := *mistakes[0]
	first.Notes = append(slices.Clone(first.Notes), "this is the example of "+e.name)
	return append(ast.Diagnostics{&first}, mistakes[1:]...)
}

// shown is an example with its value, if that is known.
func (e entry) shown() string {
	switch {
	case e.example == "":
		return ""
	case e.value == "":
		return "`" + e.example + "`"
	}
	return "`" + e.example + "` is `" + oneLine(e.value) + "`"
}
