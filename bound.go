package calx

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// Bind gives an exported function as a Go function of type F, whose parameters
// and results are held against those of the function once, now. F may begin with
// a context.Context, has a parameter for each of the function's, and ends with an
// error; a function that gives a tuple may have a result for each of its parts.
// Types convert as ValueOf and As do.
//
// The Go function has the limits and output of p, and may be called by several
// goroutines at once.
func Bind[F any](p *Program, name string) (F, error) {
	var bound F
	f, err := p.function(name)
	if err != nil {
		return bound, err
	}
	t := reflect.TypeFor[F]()
	b := &boundFunction{program: p, callable: f, face: faceOf(t)}
	if err := b.check(t); err != nil {
		return bound, err
	}
	made := b.direct(t)
	if !made.IsValid() {
		made = reflect.MakeFunc(t, b.call)
	}
	reflect.ValueOf(&bound).Elem().Set(made)
	return bound, nil
}

// A boundFunction is what is behind a Go function made by Bind.
type boundFunction struct {
	*callable
	face    face
	program *Program
}

// A face is what the type of a Go function says.
type face struct {
	context bool           // the first parameter is a context.Context
	params  []reflect.Type // the others
	results []reflect.Type // without the error
	split   bool           // results are the parts of a tuple
}

var contextType = reflect.TypeFor[context.Context]()

func faceOf(t reflect.Type) (w face) {
	if t.Kind() != reflect.Func {
		return w
	}
	for i := range t.NumIn() {
		if i == 0 && t.In(0) == contextType {
			w.context = true
			continue
		}
		w.params = append(w.params, t.In(i))
	}
	for i := range t.NumOut() {
		if i == t.NumOut()-1 && t.Out(i) == errorType {
			break
		}
		w.results = append(w.results, t.Out(i))
	}
	return w
}

func (b *boundFunction) check(t reflect.Type) error {
	fail := func(format string, args ...any) error {
		return &ast.Diagnostic{Code: ast.CodeInputMismatch, Span: b.entry.Func.Pos, Message: b.name + " can't be bound: " + fmt.Sprintf(format, args...)}
	}
	switch {
	case t.Kind() != reflect.Func:
		return fail("%s is no type of functions", t)
	case t.IsVariadic():
		return fail("%s takes any number of arguments", t)
	case t.NumOut() == 0 || t.Out(t.NumOut()-1) != errorType:
		return fail("the last result of %s must be an error", t)
	case len(b.params) != len(b.face.params):
		return fail("it takes %d arguments, and %s has %d parameters for them", len(b.params), t, len(b.face.params))
	}
	for i, param := range b.params {
		if !canGive(b.face.params[i], param.typed.Def.Type) {
			d := fail("its parameter %s is %s, and a %s can't be given for that", param.Name, param.Type, b.face.params[i])
			d.(*ast.Diagnostic).Span = param.place
			return d
		}
	}
	wants := []typecheck.Type{b.result}
	if tuple, ok := b.result.(typecheck.Tuple); ok && len(b.face.results) > 1 {
		b.face.split, wants = true, tuple.Elems
	}
	result := b.program.checked.TypeText(b.result)
	if len(b.face.results) != len(wants) {
		return fail("its result is %s, and %s has %d results for it beside the error", result, t, len(b.face.results))
	}
	for i, to := range b.face.results {
		if !canTake(to, wants[i]) {
			return fail("its result is %s, and %s does not fit into a %s", result, b.program.checked.TypeText(wants[i]), to)
		}
	}
	return nil
}

func (b *boundFunction) call(in []reflect.Value) []reflect.Value {
	ctx := context.Background()
	if b.face.context {
		if given, ok := in[0].Interface().(context.Context); ok {
			ctx = given
		}
		in = in[1:]
	}
	out := make([]reflect.Value, len(b.face.results)+1)
	if err := b.callInto(ctx, in, out); err != nil {
		for i, t := range b.face.results {
			out[i] = reflect.Zero(t)
		}
		out[len(b.face.results)] = reflect.ValueOf(&err).Elem()
		return out
	}
	out[len(b.face.results)] = noError
	return out
}

var noError = reflect.Zero(errorType)

func (b *boundFunction) callInto(ctx context.Context, in, out []reflect.Value) error {
	values := make([]runtime.Value, len(in))
	for i, x := range in {
		var err error
		if values[i], err = encode(x, 0); err != nil {
			return b.params[i].refused(err)
		}
	}
	v, err := b.callable.call(ctx, b.program, values)
	if err != nil {
		return err
	}
	parts := []runtime.Value{v}
	if b.face.split {
		parts = v.(runtime.Tuple)
	}
	for i, t := range b.face.results {
		made := reflect.New(t).Elem()
		if err := decode(parts[i], made); err != nil {
			return b.misfit(err)
		}
		out[i] = made
	}
	return nil
}

// misfit is the error for a result that its Go type doesn't hold.
func (b *boundFunction) misfit(err error) error {
	return &ast.Diagnostic{Code: ast.CodeInputMismatch, Span: b.entry.Func.Pos, Message: "the result of " + b.name + ": " + err.Error()}
}

// canGive reports whether Go values of type t may be given for values of type
// want. What Array, any and the like hold is seen at the call.
func canGive(t reflect.Type, want typecheck.Type) bool {
	return matches(t, want, func(f form, dtype ir.DType) bool { return widensTo(f.dtype, dtype) })
}

// canTake reports whether Go values of type t may hold values of type have.
func canTake(t reflect.Type, have typecheck.Type) bool {
	return matches(t, have, form.holds)
}

func matches(t reflect.Type, want typecheck.Type, elements func(form, ir.DType) bool) bool {
	if t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer && t != runtimeArrayType {
		t = t.Elem()
	}
	if t == valueType || t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		return true
	}
	switch want := want.(type) {
	case typecheck.Array:
		if want.DType == ir.Text {
			return t.Kind() == reflect.String
		}
		if t == arrayType || t == runtimeArrayType {
			return true
		}
		f, ok := formOf(t)
		if !ok || len(f.sizes) != len(want.Dims) || !elements(f, want.DType) {
			return false
		}
		for k, size := range f.sizes {
			if n, constant := want.Dims[k].Const(); constant && size >= 0 && int64(size) != n {
				return false
			}
		}
		return true
	case typecheck.Tuple:
		if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Interface {
			return false
		}
		for _, part := range want.Elems {
			if !matches(t.Elem(), part, elements) {
				return false
			}
		}
		return true
	case typecheck.Record:
		if t.Kind() == reflect.Map && t.Key().Kind() == reflect.String {
			for _, part := range want.Types {
				if !matches(t.Elem(), part, elements) {
					return false
				}
			}
			return true
		}
		if t.Kind() != reflect.Struct {
			return false
		}
		names, places := fieldsOf(t)
		if len(names) != len(want.Names) {
			return false
		}
		for i, name := range names {
			k := slices.Index(want.Names, name)
			if k < 0 || !matches(t.Field(places[i]).Type, want.Types[k], elements) {
				return false
			}
		}
		return true
	}
	return false
}
