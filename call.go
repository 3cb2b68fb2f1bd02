package calx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A callable is an exported function, ready to be called from outside.
type callable struct {
	name   string
	entry  lower.Entry
	params []*input
	result typecheck.Type
	plan   *plan // nil if its sizes take more than comparisons to find
	held   held
}

// What is held of the inputs for a function that reads them.
type held struct {
	sizes []heldSize
	parts []runtime.Value
}

// A heldSize is the value of the size with an index in the entry's list.
type heldSize struct {
	index int
	value int64
}

// reading is the function with what it reads of the inputs.
func (f *callable) reading(b *binding) *callable {
	with := *f
	for i, a := range f.entry.Sizes {
		if n, ok := b.sizes.value(a); ok {
			with.held.sizes = append(with.held.sizes, heldSize{i, n})
		}
	}
	for _, def := range f.entry.Params[len(f.params):] {
		with.held.parts = append(with.held.parts, b.parts[def]...)
	}
	with.plan = with.planned()
	return &with
}

// findFunctions makes the exported functions callable.
func findFunctions(checked *typecheck.Program, entries map[string]lower.Entry) map[string]*callable {
	functions := map[string]*callable{}
	for _, inst := range checked.Functions {
		f := &callable{name: inst.Name, entry: entries[inst.Name], result: inst.Result}
		for _, def := range inst.Params {
			param := &input{role: "argument ", typed: &typecheck.Input{Def: def, Span: def.Var.Span}, place: def.Var.Span}
			param.Name, param.Type, param.Want = def.Var.Name, checked.TypeText(def.Type), wantOf(def.Type)
			f.params = append(f.params, param)
		}
		f.plan = f.planned()
		functions[inst.Name] = f
	}
	return functions
}

// function is the exported function of this name.
func (p *Program) function(name string) (*callable, error) {
	if f := p.functions[name]; f != nil {
		if reads := p.readsOfInputs(f); reads != "" && p.given == nil {
			return nil, &ast.Diagnostic{
				Code: ast.CodeMissingInput, Span: f.entry.Func.Pos,
				Message: fmt.Sprintf("%s reads %s, which was not given", name, reads),
				Hint:    "give the program its inputs with WithInputs",
			}
		}
		return f, nil
	}
	d := &ast.Diagnostic{Code: ast.CodeUnknownName, Message: fmt.Sprintf("the program exports no function %q", name)}
	var names []string
	for known := range p.functions {
		names = append(names, known)
	}
	slices.Sort(names)
	switch near := ast.Nearest(name, names); {
	case near != "":
		d.Hint = fmt.Sprintf("did you mean %s?", near)
	case len(names) > 0:
		d.Notes = []string{"it exports " + strings.Join(names, ", ")}
	}
	return nil, d
}

// readsOfInputs is what a function reads of the inputs of the script, empty if
// nothing.
func (p *Program) readsOfInputs(f *callable) string {
	if len(f.entry.Params) > len(f.params) {
		return "the input " + f.entry.Params[len(f.params)].Var.Name
	}
	for _, a := range f.entry.Sizes {
		isInput := func(in *typecheck.Input) bool { return in.Def.Atom == a }
		if slices.Contains(p.checked.Sizes, a) || slices.ContainsFunc(p.checked.Inputs, isInput) {
			return "the size " + p.checked.SizeText(ir.Sized(a)) + " of the inputs"
		}
	}
	return ""
}

// Call calls an exported function. Arguments are Go values as ValueOf has them,
// shared during the call only; the result is the caller's. An error is an *Error,
// or Errors.
func (p *Program) Call(ctx context.Context, name string, args ...any) (Value, error) {
	f, err := p.function(name)
	if err != nil {
		return nil, err
	}
	if len(args) != len(f.params) {
		return nil, &ast.Diagnostic{
			Code: ast.CodeArguments, Span: f.entry.Func.Pos,
			Message: fmt.Sprintf("%s takes %d arguments, and %d are given", name, len(f.params), len(args)),
		}
	}
	values := make([]runtime.Value, len(args))
	e := p.options.encoder()
	for i, arg := range args {
		if values[i], err = e.value(arg); err != nil {
			return nil, f.params[i].refused(err)
		}
	}
	return f.call(ctx, p, values)
}

// refused is the error for a Go value that is none of a program.
func (in *input) refused(err error) *ast.Diagnostic {
	d := &ast.Diagnostic{
		Code: ast.CodeInputMismatch, Span: in.place, Cause: err,
		Message: fmt.Sprintf("%s must be %s, and %v", in.label(), in.Type, err),
	}
	var f *runtime.Failure
	if errors.As(err, &f) {
		d.Code = f.Code
	}
	return d
}

// call calls the function with one value for each parameter.
func (f *callable) call(ctx context.Context, p *Program, values []runtime.Value) (v runtime.Value, err error) {
	defer recoverBug(&err)
	ctx, cancel := limited(ctx, p.options.Limits)
	if cancel != nil {
		defer cancel()
	}
	var room [8]int64
	sizes, args, ok := f.plan.arguments(values, room[:0])
	if !ok {
		if sizes, args, err = f.arguments(p, values); err != nil {
			return nil, err
		}
	}
	results, err := p.code.Call(ctx, f.name, args, sizes, p.machineOptions(p.options))
	if err != nil {
		return nil, err
	}
	parts := results[f.entry.Func.SizeResults:]
	return rebuild(f.result, &parts), nil
}

// limited is ctx with the time limit; cancel is nil if there is none.
func limited(ctx context.Context, limits runtime.Limits) (context.Context, context.CancelFunc) {
	if ctx == nil {
		ctx = context.Background()
	}
	if limits.Time <= 0 {
		return ctx, nil
	}
	return context.WithTimeout(ctx, limits.Time)
}

func (p *Program) machineOptions(opts RunOptions) interp.Options {
	return interp.Options{Limits: opts.Limits, Output: opts.output(), Hosts: p.hosts}
}

// arguments checks values against the types of the parameters, and finds sizes.
func (f *callable) arguments(p *Program, values []runtime.Value) ([]int64, []runtime.Value, error) {
	b := &binding{program: p, sizes: newSolver(p.checked), parts: map[*typecheck.Def][]runtime.Value{}}
	if p.given != nil {
		b = p.given.further()
	}
	var mistakes ast.Diagnostics
	for i, param := range f.params {
		mistakes = append(mistakes, b.add(param, values[i])...)
	}
	if len(mistakes) > 0 {
		return nil, nil, mistakes
	}
	if mistake := b.sizes.discover(b.axes); mistake != nil {
		return nil, nil, ast.Diagnostics{mistake}
	}
	if mistakes := b.sizes.compare(b.axes); len(mistakes) > 0 {
		return nil, nil, mistakes
	}
	sizes, args, unknown := b.argumentsOf(f.entry)
	if unknown != "" {
		return nil, nil, fmt.Errorf("this is a bug in Calx, not in the program: %s is not known", unknown)
	}
	return sizes, args, nil
}

// A plan finds the sizes of a call where each is the size of an axis, or the
// value of a parameter. It serves values that fit as they are; others are left
// to the solver, which also tells what is wrong with them.
type plan struct {
	params []typecheck.Array
	axes   [][]planAxis
	values []int // of each parameter: the size that its value is, -1 if none
	sizes  int
	held   held
}

// A planAxis is a constant size, or the size with an index in the entry's list.
type planAxis struct {
	index    int // -1 for a constant
	constant int
	first    bool // the one that tells the size
}

func (f *callable) planned() *plan {
	plan := &plan{sizes: len(f.entry.Sizes), held: f.held}
	told := make([]bool, len(f.entry.Sizes))
	for _, size := range f.held.sizes {
		told[size.index] = true
	}
	for _, param := range f.params {
		a, ok := param.typed.Def.Type.(typecheck.Array)
		if !ok {
			return nil
		}
		plan.params = append(plan.params, a)
		k := slices.Index(f.entry.Sizes, param.typed.Def.Atom)
		if plan.values = append(plan.values, k); k >= 0 {
			told[k] = true
		}
	}
	for _, a := range plan.params {
		var axes []planAxis
		for _, d := range a.Dims {
			if n, ok := d.Const(); ok {
				axes = append(axes, planAxis{index: -1, constant: int(n)})
				continue
			}
			atom, ok := d.Atom()
			k := slices.Index(f.entry.Sizes, atom)
			if !ok || k < 0 {
				return nil
			}
			axes = append(axes, planAxis{index: k, first: !told[k]})
			told[k] = true
		}
		plan.axes = append(plan.axes, axes)
	}
	if slices.Contains(told, false) {
		return nil
	}
	return plan
}

// arguments are what the machine is called with; ok is false if the values are
// not those of the plan.
func (plan *plan) arguments(values []runtime.Value, sizes []int64) ([]int64, []runtime.Value, bool) {
	if plan == nil {
		return nil, nil, false
	}
	for range plan.sizes {
		sizes = append(sizes, 0)
	}
	for _, size := range plan.held.sizes {
		sizes[size.index] = size.value
	}
	for i, want := range plan.params {
		if want.DType == ir.Text {
			if _, ok := values[i].(runtime.Text); !ok {
				return nil, nil, false
			}
			continue
		}
		a, ok := values[i].(*runtime.Array)
		if !ok || a.DType() != want.DType || a.Rank() != len(want.Dims) {
			return nil, nil, false
		}
		values[i] = a.Canonical()
		if k := plan.values[i]; k >= 0 {
			sizes[k] = a.I64()[0]
		}
	}
	for i, axes := range plan.axes {
		for k, axis := range axes {
			n := values[i].(*runtime.Array).Shape()[k]
			switch {
			case axis.index < 0 && n != axis.constant || axis.index >= 0 && !axis.first && sizes[axis.index] != int64(n):
				return nil, nil, false
			case axis.first:
				sizes[axis.index] = int64(n)
			}
		}
	}
	return sizes, append(values, plan.held.parts...), true
}
