// Package calx compiles and runs programs of the Calx language: statically
// shaped arrays, and calculus on them.
//
// A text goes in as an ast.Source and comes out of Compile as a Program, or as
// ast.Diagnostics that say what is wrong with it. A Program is given Go values
// as its inputs and gives back its exports; functions that it exports are called,
// or become Go functions. It reads no files, and its time and memory are bounded
// by whoever runs it.
package calx

import (
	"errors"

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
	// Session is for texts that are typed into a session.
	Session *typecheck.Session
	// Functions are those of the Go program that scripts may call.
	Functions []*Function
	// Dump sees what the stages make, as soon as it is made.
	Dump Dump
}

// Compile reads, checks and translates a program. This is the whole compiler.
func Compile(source *ast.Source, opts Options) (p *Program, err error) {
	defer recoverBug(&err)
	file, mistakes := lang.Parse(source)
	return CompileFile(file, mistakes, opts)
}

// Check is Compile without the translation, which is only begun to see whether
// all derivatives exist: it gives all mistakes of a program, and remarks on it.
func Check(source *ast.Source, opts Options) (mistakes ast.Diagnostics, err error) {
	defer recoverBug(&err)
	if err := opts.distinct(); err != nil {
		return nil, err
	}
	file, mistakes := lang.Parse(source)
	checked, more := typecheck.Check(file, opts.checking())
	mistakes = joined(file, mistakes, more)
	if mistakes.HasErrors() || !checked.Derives {
		return mistakes, nil
	}
	module, _, err := lower.LowerEntries(checked)
	if err != nil {
		return nil, err
	}
	if err := refused(passes.Run(module, passes.Options{Until: passes.Diff})); err != nil {
		var refusal ast.Diagnostics
		if !errors.As(err, &refusal) {
			return nil, err
		}
		mistakes = append(mistakes, refusal...)
	}
	return mistakes, nil
}

// CompileFile is Compile for a file that has been parsed, with the mistakes
// found in doing so.
func CompileFile(file *ast.File, mistakes ast.Diagnostics, opts Options) (p *Program, err error) {
	defer recoverBug(&err)
	if err := opts.distinct(); err != nil {
		return nil, err
	}
	if opts.Dump.Syntax != nil {
		opts.Dump.Syntax(file)
	}
	checked, more := typecheck.Check(file, opts.checking())
	mistakes = joined(file, mistakes, more)
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
	if err := refused(passes.Run(module, passes.Options{Verify: opts.Dump.IR != nil, After: opts.Dump.IR})); err != nil {
		return nil, err
	}
	code, err := interp.Compile(module)
	if err != nil {
		return nil, err
	}
	return &Program{
		Warnings: mistakes, checked: checked, module: module, entries: entries, code: code,
		inputs: findInputs(file, checked), functions: findFunctions(checked, entries), hosts: opts.hosts(),
	}, nil
}
