// Package calx compiles and runs programs of the Calx language: statically
// shaped arrays, and calculus on them.
//
// A text goes in as an ast.Source and comes out of Compile as a Program, or as
// ast.Diagnostics that say what is wrong with it. A Program is given its inputs
// as runtime values and gives back its exports. It reads no files, and its time
// and memory are bounded by whoever runs it.
package calx

import (
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/passes"
	"github.com/calx-lang/calx/typecheck"
)

// Options are those of a compilation.
type Options struct {
	// Load gives the file that an import in from names; without it nothing can
	// be imported. A file has one name, whoever imports it.
	Load func(from *ast.Source, path string) (*ast.Source, error)
	// Dump sees what the stages make, as soon as it is made.
	Dump Dump
}

// Compile reads, checks and translates a program. This is the whole compiler.
func Compile(source *ast.Source, opts Options) (*Program, error) {
	file, mistakes := lang.Parse(source)
	return CompileFile(file, mistakes, opts)
}

// CompileFile is Compile for a file that has been parsed, with the mistakes
// found in doing so.
func CompileFile(file *ast.File, mistakes ast.Diagnostics, opts Options) (p *Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("this is a bug in Calx, not in the program: %v", r)
		}
	}()
	if opts.Dump.Syntax != nil {
		opts.Dump.Syntax(file)
	}
	checked, mistakes := check(file, mistakes, opts)
	if mistakes.HasErrors() {
		return nil, mistakes
	}
	if opts.Dump.Types != nil {
		opts.Dump.Types(typesText(checked))
	}
	module, entries, err := lower.LowerEntries(checked)
	if err != nil {
		return nil, err
	}
	if err := passes.Run(module, passes.Options{After: opts.Dump.IR}); err != nil {
		return nil, err
	}
	code, err := interp.Compile(module)
	if err != nil {
		return nil, err
	}
	return &Program{
		Warnings: mistakes, checked: checked, module: module, entries: entries, code: code,
		inputs: findInputs(file, checked),
	}, nil
}

// check runs the checker also on a text with mistakes, of which the parser has
// kept what it could read, so that all are reported at once. What then only
// seems wrong because something could not be read is left out.
func check(file *ast.File, mistakes ast.Diagnostics, opts Options) (*typecheck.Program, ast.Diagnostics) {
	checked, more := typecheck.Check(file, typecheck.Options{Load: opts.Load})
	if mistakes.HasErrors() {
		damaged := damagedStatements(file, mistakes)
		more = slices.DeleteFunc(more, func(d *ast.Diagnostic) bool {
			return d.Severity == ast.Warning || d.Code == ast.CodeUnknownName || touches(d, damaged)
		})
	}
	return checked, append(mistakes, more...)
}

// damagedStatements are the places of the statements at top level that mistakes
// of the parser lie in.
func damagedStatements(file *ast.File, mistakes ast.Diagnostics) (damaged []ast.Span) {
	for _, stmt := range file.Stmts {
		place := stmt.Pos()
		if slices.ContainsFunc(mistakes, func(d *ast.Diagnostic) bool { return within(d.Span, place) }) {
			damaged = append(damaged, place)
		}
	}
	return damaged
}

// touches reports whether a mistake lies in one of these places, or has to do
// with them.
func touches(d *ast.Diagnostic, places []ast.Span) bool {
	return slices.ContainsFunc(places, func(place ast.Span) bool {
		return within(d.Span, place) || slices.ContainsFunc(d.Labels, func(l ast.Label) bool { return within(l.Span, place) })
	})
}

func within(s, place ast.Span) bool {
	return s.Source == place.Source && place.Start <= s.Start && s.Start < place.End
}
