package calx

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A Function is a function of the Go program that scripts may call by its name.
type Function struct {
	host     typecheck.Host
	function reflect.Value
	face     face
	params   []typecheck.Type
	result   typecheck.Type
	chooses  map[ir.Atom]bool // the sizes that the function chooses
}

// NewFunction makes a Go function callable under a name, with a signature such
// as "(f64[n], f64) -> f64[n]". The types of the Go function are held against it
// now, as Bind does: f may begin with a context.Context, and ends with an error if
// it has one to give. Scripts call it like a function of their own, so also along
// leading axes; it is called each time, in order, unless Pure says otherwise.
//
// Its arguments are copies, so it may keep them, and its results are copied. An
// error that it returns, a panic, and a result of a size other than the signature
// says are errors of the script, with the place of the call. If the run can end
// early (a time limit, a context with a deadline or to cancel), f runs in a
// goroutine of its own, and one that doesn't return is left behind; otherwise f
// runs in the goroutine of the run, which runtime.Goexit in f ends.
func NewFunction(name, signature string, f any) (*Function, error) {
	fn := &Function{host: typecheck.Host{Name: name}, function: reflect.ValueOf(f)}
	if err := fn.declare(signature); err != nil {
		return nil, err
	}
	return fn, fn.check()
}

// Pure is the function as one whose result follows from its arguments and that
// does nothing else: calls may be left out, done once for several, or in another
// order.
func (fn *Function) Pure() *Function {
	pure := *fn
	pure.host.Pure = true
	return &pure
}

// declare reads the signature. That it determines all sizes is for the checker to
// say, which sees a function with it.
func (fn *Function) declare(signature string) error {
	name := fn.host.Name
	text := "input " + name + ": " + signature
	file, mistakes := lang.Parse(&ast.Source{Name: "signature of " + name, Text: text})
	if mistakes.HasErrors() {
		return mistakes
	}
	wrong := &ast.Diagnostic{
		Code: ast.CodeTypeMismatch, Span: ast.Span{Source: file.Source, Start: 0, End: int32(len(text))},
		Message: fmt.Sprintf("%q is no signature of a function", signature), Hint: `a signature is written "(f64[n], i64) -> f64"`,
	}
	if len(file.Stmts) != 1 {
		return wrong
	}
	in, ok := file.Stmts[0].(*ast.Input)
	if !ok || in.Name.Name != name || in.Default != nil {
		return wrong
	}
	if fn.host.Signature, ok = in.Type.(*ast.FuncType); !ok {
		return wrong
	}
	params := make([]*ast.Param, len(fn.host.Signature.Params))
	call := &ast.Call{Span: in.Span, Fun: &ast.Name{Span: in.Name.Span, Name: name}}
	for i, te := range fn.host.Signature.Params {
		if _, isFunction := te.(*ast.FuncType); isFunction {
			wrong.Message = "a function of the Go program takes no functions"
			return wrong
		}
		id := ast.Ident{Name: fmt.Sprintf("argument%d", i+1), Span: te.Pos()}
		params[i] = &ast.Param{Name: id, Type: te}
		call.Args = append(call.Args, ast.Arg{Value: &ast.Name{Span: te.Pos(), Name: id.Name}})
	}
	file.Stmts[0] = &ast.Fn{Span: in.Span, Export: true, Name: in.Name, Params: params, Result: fn.host.Signature.Result, Body: call}
	checked, mistakes := typecheck.Check(file, typecheck.Options{})
	if mistakes.HasErrors() {
		return mistakes
	}
	if len(checked.Functions) != 1 {
		wrong.Message = "the signature of a function of the Go program has no ... and no num"
		return wrong
	}
	for _, def := range checked.Functions[0].Params {
		fn.params = append(fn.params, def.Type)
	}
	fn.result, fn.chooses = checked.Functions[0].Result, map[ir.Atom]bool{}
	for _, part := range arraysOf(fn.result) {
		for _, d := range part.Dims {
			for atom := range d.Atoms {
				if checked.Atoms[atom].Kind != typecheck.AtomOpaque || slices.Contains(checked.Functions[0].Sizes, atom) {
					continue
				}
				if _, alone := d.Atom(); !alone {
					wrong.Message = "a size that a function chooses stands alone in its signature"
					return wrong
				}
				fn.chooses[atom] = true
			}
		}
	}
	return nil
}

// arraysOf are the arrays that values of type t are made of.
func arraysOf(t typecheck.Type) (arrays []typecheck.Array) {
	switch t := t.(type) {
	case typecheck.Array:
		return []typecheck.Array{t}
	case typecheck.Tuple:
		for _, part := range t.Elems {
			arrays = append(arrays, arraysOf(part)...)
		}
	case typecheck.Record:
		for _, part := range t.Types {
			arrays = append(arrays, arraysOf(part)...)
		}
	}
	return arrays
}

// distinct demands that each function has a name of its own.
func (opts Options) distinct() error {
	seen := map[string]bool{}
	for _, fn := range opts.Functions {
		if fn == nil {
			return &ast.Diagnostic{Code: ast.CodeArguments, Message: "a function of the Go program is nil"}
		}
		if name := fn.host.Name; seen[name] {
			return &ast.Diagnostic{Code: ast.CodeRedeclared, Message: fmt.Sprintf("two functions of the Go program are called %s", name)}
		}
		seen[fn.host.Name] = true
	}
	return nil
}

// hosts are the functions as the machine knows them.
func (opts Options) hosts() map[string]interp.HostFunc {
	hosts := make(map[string]interp.HostFunc, len(opts.Functions))
	for _, fn := range opts.Functions {
		hosts[fn.host.Name] = fn.call
	}
	return hosts
}

// checking are the options as the checker knows them.
func (opts Options) checking() typecheck.Options {
	hosts := make([]typecheck.Host, len(opts.Functions))
	for i, fn := range opts.Functions {
		hosts[i] = fn.host
	}
	return typecheck.Options{Load: opts.loader(), Session: opts.Session, Hosts: hosts}
}

// check holds the Go type against the signature.
func (fn *Function) check() error {
	fail := func(format string, args ...any) error {
		return &ast.Diagnostic{Code: ast.CodeInputMismatch, Span: fn.host.Signature.Pos(), Message: "the function " + fn.host.Name + ": " + fmt.Sprintf(format, args...)}
	}
	if fn.function.Kind() != reflect.Func || fn.function.IsNil() {
		return fail("%v is no function", fn.function)
	}
	t := fn.function.Type()
	fn.face = faceOf(t)
	switch {
	case t.IsVariadic():
		return fail("%s takes any number of arguments", t)
	case len(fn.face.params) != len(fn.params):
		return fail("its signature has %d parameters, and %s has %d for them", len(fn.params), t, len(fn.face.params))
	}
	for i, to := range fn.face.params {
		if why, ok := canTake(to, fn.params[i]); !ok {
			return fail("its parameter %d is %s, which does not fit into a %s%s", i+1, fn.host.Signature.Params[i].Pos().Text(), to, why)
		}
	}
	wants := fn.face.wants(fn.result)
	result := fn.host.Signature.Result.Pos().Text()
	if len(fn.face.results) != len(wants) {
		return fail("its result is %s, and %s has %d results for it", result, t, len(fn.face.results))
	}
	for i, from := range fn.face.results {
		if why, ok := canGive(from, wants[i]); !ok {
			return fail("its result is %s, and a %s can't be given for that%s", result, from, why)
		}
	}
	return nil
}

// call is the function as the machine calls it.
func (fn *Function) call(ctx context.Context, args []runtime.Value) ([]runtime.Value, error) {
	in := make([]reflect.Value, 0, len(fn.params)+1)
	if fn.face.context {
		in = append(in, reflect.ValueOf(ctx))
	}
	for i, t := range fn.params {
		to := reflect.New(fn.face.params[i]).Elem()
		if err := decode(rebuild(t, &args), to); err != nil {
			return nil, err
		}
		in = append(in, to)
	}
	out := fn.function.Call(in)
	if len(out) > len(fn.face.results) {
		if err, ok := out[len(out)-1].Interface().(error); ok {
			return nil, err
		}
	}
	parts := make(runtime.Tuple, len(fn.face.results))
	e := &encoder{runtime.DefaultMemory}
	for i := range parts {
		var err error
		if parts[i], err = e.encode(out[i], 0); err != nil {
			return nil, err
		}
	}
	var v runtime.Value = parts
	if !fn.face.split {
		v = parts[0]
	}
	return fn.flat(v)
}

// flat takes a result apart: the sizes that the function chose, then the arrays.
func (fn *Function) flat(v runtime.Value) ([]runtime.Value, error) {
	f := &fitter{input: &input{}, given: describe(v)}
	f.input.Name, f.input.Type = "its result", fn.host.Signature.Result.Pos().Text()
	f.fit("its result", v, fn.result)
	if f.mistake != nil {
		return nil, errors.New(f.mistake.Message)
	}
	var sizes []runtime.Value
	chosen := map[ir.Atom]int64{}
	for _, ax := range f.axes {
		atom, alone := ax.want.Atom()
		if !alone || !fn.chooses[atom] {
			continue
		}
		size, seen := chosen[atom]
		if !seen {
			chosen[atom] = ax.size
			sizes = append(sizes, runtime.Scalar(ax.size))
		} else if size != ax.size {
			return nil, fmt.Errorf("its result must be %s, and one size is %d and %d", f.input.Type, size, ax.size)
		}
	}
	return append(sizes, f.parts...), nil
}
