package calx

import (
	"context"
	"fmt"
	"reflect"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// Bind gives an exported function as a Go function of type F, whose parameters
// and results are held against those of the function once, now. F may begin with
// a context.Context, has a parameter for each of the function's, and ends with an
// error; a function that gives a tuple may have a result for each of its parts.
// Types convert as ValueOf and As do: what can't fit is an error now, a number too
// large for its Go type one of the call.
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

// wants are the types that the results of the Go function are held against: that
// of the result, those of its parts, or none.
func (w *face) wants(result typecheck.Type) []typecheck.Type {
	switch result := result.(type) {
	case typecheck.Unit:
		return nil
	case typecheck.Tuple:
		if len(w.results) != 1 {
			w.split = true
			return result.Elems
		}
	}
	return []typecheck.Type{result}
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
		if why, ok := canGive(b.face.params[i], param.typed.Def.Type); !ok {
			d := fail("its parameter %s is %s, and a %s can't be given for that%s", param.Name, param.Type, b.face.params[i], why)
			d.(*ast.Diagnostic).Span = param.place
			return d
		}
	}
	wants := b.face.wants(b.result)
	result := b.program.checked.TypeText(b.result)
	if len(b.face.results) != len(wants) {
		return fail("its result is %s, and %s has %d results for it beside the error", result, t, len(b.face.results))
	}
	for i, to := range b.face.results {
		if why, ok := canTake(to, wants[i]); !ok {
			return fail("its result is %s, and %s does not fit into a %s%s", result, b.program.checked.TypeText(wants[i]), to, why)
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
	e := b.program.options.encoder()
	for i, x := range in {
		var err error
		if values[i], err = e.encode(x, 0); err != nil {
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
