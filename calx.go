package calx

import (
	"context"
	"fmt"
	"io"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A Program is a compiled script. It doesn't change, and may be run by several
// goroutines at once.
type Program struct {
	// Warnings are remarks on a program that can be run.
	Warnings ast.Diagnostics

	checked *typecheck.Program
	module  *ir.Module
	entries map[string]lower.Entry
	code    *interp.Program
	inputs  []*input
}

// Inputs are what the program is given, in the order of the text.
func (p *Program) Inputs() []Input {
	inputs := make([]Input, len(p.inputs))
	for i, in := range p.inputs {
		inputs[i] = in.Input
	}
	return inputs
}

// Kept are the names that a session keeps.
func (p *Program) Kept() []*typecheck.Kept { return p.checked.Kept }

// RunOptions are those of a run.
type RunOptions struct {
	Limits runtime.Limits
	Output io.Writer // where print writes; nil discards
}

// A Result is an export of a run.
type Result = data.Named

// Results are the exports of a run, in the order of the text.
type Results []Result

// Get is the result of this name, nil if there is none.
func (r Results) Get(name string) runtime.Value {
	for _, result := range r {
		if result.Name == name {
			return result.Value
		}
	}
	return nil
}

// Run runs the program until it is done, fails, or ctx ends. Inputs are checked
// against their types, and against each other, before anything runs; integers
// become floats where those are wanted, but nothing narrows. An error is
// ast.Diagnostics, or a *ast.Diagnostic of a mistake at run time. Arrays given
// are not changed, and results may share them.
func (p *Program) Run(ctx context.Context, inputs map[string]runtime.Value, opts RunOptions) (Results, error) {
	options := interp.Options{Limits: opts.Limits, Output: opts.Output}
	b, err := p.bind(inputs, func(name string, args []runtime.Value, sizes []int64) ([]runtime.Value, error) {
		return p.code.Call(ctx, name, args, sizes, options)
	})
	if err != nil {
		return nil, err
	}
	sizes, args, unknown := b.argumentsOf(p.entries[lower.MainName])
	if unknown != "" {
		return nil, fmt.Errorf("this is a bug in Calx, not in the program: %s is not known", unknown)
	}
	values, err := p.code.Run(ctx, args, sizes, options)
	if err != nil {
		return nil, err
	}
	return p.results(values), nil
}

// results puts the exports together from what Main gives: sizes that are not
// known before, then the parts.
func (p *Program) results(values []runtime.Value) Results {
	values = values[p.module.Main.SizeResults:]
	var results Results
	for _, export := range p.checked.Exports {
		if v := rebuild(export.Def.Type, &values); v != nil {
			results = append(results, Result{Name: export.Name, Value: v})
		}
	}
	return results
}
