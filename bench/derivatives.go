package bench

import (
	"context"
	"embed"
	"fmt"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

//go:embed programs/derivatives/*.calx
var derivatives embed.FS

// A Derivative is a function and what is had by differentiating it: the program
// exports value, and derived, which takes the same.
type Derivative struct {
	Name    string
	Program string // a file of programs/derivatives
	Derived string // the name of the function that is compared with value
	Args    func() []any
}

// Derivatives are those whose cost is stated: that of value and gradient, of a
// Hessian-vector product, of a sparse Jacobian, in runs of the function alone.
func Derivatives() []Derivative {
	const big = 100_000
	rosenbrock := func() []any { return []any{vector(between(-2, 2, 1, big))} }
	return []Derivative{
		{"rosenbrock/1e5", "rosenbrock", "derived", rosenbrock},
		{"rosenbrock_hvp/1e5", "rosenbrock", "product", rosenbrock},
		{"cross_entropy/10x1e5", "cross_entropy", "derived", func() []any {
			return []any{matrix(between(-3, 3, 1, 10*big), 10, big), runtime.Vector(places(big, 10))}
		}},
		{"mlp/784-30-10x100", "mlp", "derived", func() []any {
			return []any{matrix(between(-0.1, 0.1, 1, 30*784), 30, 784), vector(between(-1, 1, 7, 30)),
				matrix(between(-1, 1, 3, 300), 10, 30), vector(between(-1, 1, 5, 10)),
				matrix(spread(9, 78_400), 100, 784), matrix(spread(11, 1000), 100, 10)}
		}},
		{"pendulum/1000", "pendulum", "derived", func() []any { return []any{vector([]float64{1, 0, 0.1})} }},
		{"likelihood/200", "likelihood", "derived", func() []any {
			return []any{matrix(definite(200), 200, 200), vector(between(-1, 1, 1, 200))}
		}},
		{"kernel/100", "kernel", "derived", func() []any {
			return []any{vector(between(0.5, 1.5, 1, 15)), matrix(between(-1, 1, 1, 1400), 100, 14), matrix(between(-1, 1, 5, 10_000), 100, 100)}
		}},
		{"writes/1e5", "writes", "derived", func() []any { return []any{vector(between(-0.5, 0.5, 1, big))} }},
		{"steps/1e6", "steps", "derived", func() []any { return []any{runtime.Scalar(0.5), integer(1_000_000)} }},
	}
}

// Functions compiles the program and gives calls of both functions.
func (d Derivative) Functions() (value, derived func() error, err error) {
	text, err := derivatives.ReadFile("programs/derivatives/" + d.Program + ".calx")
	if err != nil {
		return nil, nil, err
	}
	program, err := calx.Compile(&ast.Source{Name: d.Program + ".calx", Text: string(text)}, calx.Options{})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Program, err)
	}
	args := d.Args()
	call := func(name string) func() error {
		return func() error {
			_, err := program.Call(context.Background(), name, args...)
			return err
		}
	}
	return call("value"), call(d.Derived), nil
}
