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

// What an embedding program needs of other packages.
type (
	// Source is a text with a name.
	Source = ast.Source
	// Value is what programs compute with: ValueOf and As lead there and back.
	Value = runtime.Value
	// Limits bound a run or a call.
	Limits = runtime.Limits
	// Error is a mistake with its code and place, found with errors.As.
	Error = ast.Diagnostic
	// Errors are all mistakes of a program, or of what it was given.
	Errors = ast.Diagnostics
)

// A Program is a compiled script. It doesn't change, and may be run by several
// goroutines at once.
type Program struct {
	// Warnings are remarks on a program that can be run.
	Warnings ast.Diagnostics

	checked   *typecheck.Program
	module    *ir.Module
	entries   map[string]lower.Entry
	code      *interp.Program
	inputs    []*input
	functions map[string]*callable
	hosts     map[string]interp.HostFunc
	options   RunOptions
	given     *binding // the inputs that functions read, nil if there are none
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

// RunOptions are those of runs and calls.
type RunOptions struct {
	Limits Limits
	Output io.Writer // where print writes, and waits; nil discards. Calls at one time write at one time
}

// With is the same program whose calls have these options.
func (p *Program) With(opts RunOptions) *Program {
	with := *p
	with.options = opts
	return &with
}

// WithInputs is the same program whose functions read these inputs, so that those
// which do can be called. Inputs are Go values as Run takes them, and are checked
// as there; they are copied, now. The options of p hold for the computation of
// defaults. Run is given its own inputs.
func (p *Program) WithInputs(ctx context.Context, inputs map[string]any) (with *Program, err error) {
	defer recoverBug(&err)
	given, err := p.values(inputs, p.options.encoder())
	if err != nil {
		return nil, err
	}
	ctx, cancel := limited(ctx, p.options.Limits)
	if cancel != nil {
		defer cancel()
	}
	b, err := p.bind(given, p.evaluator(ctx, p.options))
	if err != nil {
		return nil, err
	}
	b.own()
	with = new(Program)
	*with = *p
	with.given, with.functions = b, make(map[string]*callable, len(p.functions))
	for name, f := range p.functions {
		with.functions[name] = f.reading(b)
	}
	return with, nil
}

// evaluator calls functions of the program within a run.
func (p *Program) evaluator(ctx context.Context, opts RunOptions) evaluate {
	return func(name string, args []runtime.Value, sizes []int64) ([]runtime.Value, error) {
		return p.code.Call(ctx, name, args, sizes, p.machineOptions(opts))
	}
}

// A Result is an export of a run.
type Result = data.Named

// Results are the exports of a run, in the order of the text.
type Results []Result

// Get is the result of this name, nil if there is none.
func (r Results) Get(name string) Value {
	for _, result := range r {
		if result.Name == name {
			return result.Value
		}
	}
	return nil
}

// Run runs the program until it is done, fails, or ctx ends. Inputs are Go values
// as ValueOf has them, shared during the run only; results are the caller's.
// Inputs are checked against their types, and against each other, before anything
// runs; integers become floats where those are wanted, but nothing narrows. An
// error is Errors, or an *Error of a mistake at run time.
func (p *Program) Run(ctx context.Context, inputs map[string]any, opts RunOptions) (results Results, err error) {
	defer recoverBug(&err)
	given, err := p.values(inputs, opts.encoder())
	if err != nil {
		return nil, err
	}
	ctx, cancel := limited(ctx, opts.Limits)
	if cancel != nil {
		defer cancel()
	}
	b, err := p.bind(given, p.evaluator(ctx, opts))
	if err != nil {
		return nil, err
	}
	sizes, args, unknown := b.argumentsOf(p.entries[lower.MainName])
	if unknown != "" {
		return nil, fmt.Errorf("this is a bug in Calx, not in the program: %s is not known", unknown)
	}
	values, err := p.code.Run(ctx, args, sizes, p.machineOptions(opts))
	if err != nil {
		return nil, err
	}
	return p.results(values), nil
}

// values are the inputs as programs have them.
func (p *Program) values(inputs map[string]any, e *encoder) (map[string]runtime.Value, error) {
	given := make(map[string]runtime.Value, len(inputs))
	var mistakes ast.Diagnostics
	for _, in := range p.inputs {
		x, ok := inputs[in.Name]
		if !ok {
			continue
		}
		v, err := e.value(x)
		if err != nil {
			mistakes = append(mistakes, in.refused(err))
		}
		given[in.Name] = v
	}
	for name := range inputs {
		if _, ok := given[name]; !ok {
			given[name] = runtime.Tuple{} // for the report of what is no input
		}
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return given, nil
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
