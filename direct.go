package calx

import (
	"context"
	"reflect"

	"github.com/calx-lang/calx/runtime"
)

// direct is a function of type t that calls b without reflection, for the types
// of functions that are called most: of one or two numbers and vectors, giving
// one. It is invalid if t is another.
func (b *boundFunction) direct(t reflect.Type) reflect.Value {
	for _, forms := range [][]any{
		unary[float64, float64](b), unary[float64, []float64](b),
		unary[[]float64, float64](b), unary[[]float64, []float64](b),
		binary[float64, float64, float64](b), binary[float64, float64, []float64](b),
		binary[float64, []float64, float64](b), binary[float64, []float64, []float64](b),
		binary[[]float64, float64, float64](b), binary[[]float64, float64, []float64](b),
		binary[[]float64, []float64, float64](b), binary[[]float64, []float64, []float64](b),
	} {
		for _, form := range forms {
			if f := reflect.ValueOf(form); f.Type().ConvertibleTo(t) {
				return f.Convert(t)
			}
		}
	}
	return reflect.Value{}
}

// A quantity is a number or vector that is shared as it is.
type quantity interface{ float64 | []float64 }

func unary[A, R quantity](b *boundFunction) []any {
	call := func(ctx context.Context, x A) (R, error) {
		return taken[R](b, ctx, []runtime.Value{sharing(x)})
	}
	return []any{call, func(x A) (R, error) { return call(context.Background(), x) }}
}

func binary[A, B, R quantity](b *boundFunction) []any {
	call := func(ctx context.Context, x A, y B) (R, error) {
		return taken[R](b, ctx, []runtime.Value{sharing(x), sharing(y)})
	}
	return []any{call, func(x A, y B) (R, error) { return call(context.Background(), x, y) }}
}

func sharing[A quantity](x A) *runtime.Array {
	switch x := any(x).(type) {
	case float64:
		return runtime.Scalar(x)
	case []float64:
		return runtime.Vector(x)
	}
	return nil
}

func taken[R quantity](b *boundFunction, ctx context.Context, args []runtime.Value) (result R, err error) {
	v, err := b.callable.call(ctx, b.program, args)
	if err != nil {
		return result, err
	}
	if result, err = As[R](v); err != nil {
		return result, b.misfit(err)
	}
	return result, nil
}
