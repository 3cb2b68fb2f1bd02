// Package calx compiles and runs programs of the Calx language: statically
// shaped arrays, and calculus on them.
//
// A text goes in as an ast.Source and comes out of Compile as a Program, or as
// ast.Diagnostics that say what is wrong with it. A Program is given its inputs
// as runtime values and gives back its exports. It reads no files, and its time
// and memory are bounded by whoever runs it.
package calx

import (
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
func CompileFile(file *ast.File, mistakes ast.Diagnostics, opts Options) (*Program, error) {
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
	module, err := lower.Lower(checked)
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
		Warnings: mistakes, checked: checked, module: module, code: code,
		inputs: findInputs(file, checked),
	}, nil
}

// check runs the checker also on a text with mistakes, of which the parser has
// kept what it could read, so that all are reported at once. What then only
// seems wrong because its declaration could not be read is left out.
func check(file *ast.File, mistakes ast.Diagnostics, opts Options) (*typecheck.Program, ast.Diagnostics) {
	checked, more := typecheck.Check(file, typecheck.Options{Load: opts.Load})
	if mistakes.HasErrors() {
		more = slices.DeleteFunc(more, func(d *ast.Diagnostic) bool {
			return d.Code == ast.CodeUnknownName || d.Severity == ast.Warning
		})
	}
	return checked, append(mistakes, more...)
}
