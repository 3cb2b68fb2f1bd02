package stdlib_test

import (
	"context"
	"math"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// The functions of module numeric, of functions of the Go program that have no
// derivative of their own: the gradient is right to 1e-9, second derivatives to
// 1e-7, and both are no farther off than they say.
func TestNumericOfHostFunctions(t *testing.T) {
	wave, err := calx.NewFunction("wave", "(f64[3]) -> f64", func(x []float64) float64 {
		return x[0]*math.Exp(x[1]) + math.Sin(x[0]*x[2])
	})
	if err != nil {
		t.Fatal(err)
	}
	steep, err := calx.NewFunction("steep", "(f64) -> f64", func(x float64) float64 { return math.Log(x) })
	if err != nil {
		t.Fatal(err)
	}
	program, err := calx.Compile(&ast.Source{Name: "test.calx", Text: `
		fn same(x: f64[3]) -> f64 = x[0] * exp(x[1]) + sin(x[0] * x[2])
		fn far(found, exact) = max(abs(found.value - exact))
		fn doubt(found, exact) = max(abs(found.value - exact) - found.error)
		let point = [1.0, 0.5, 2.0]
		let slopes = numeric.grad(wave, error=true)(point)
		export far(slopes, grad(same)(point)) as "grad"
		export doubt(slopes, grad(same)(point)) as "doubt of grad"
		let curves = numeric.hessian(wave, error=true)(point)
		export far(curves, hessian(same)(point)) as "hessian"
		export doubt(curves, hessian(same)(point)) as "doubt of hessian"
		let points = [0.01, 0.5, 3.0, 400.0]
		let rates = numeric.derivative(steep, error=true)(points)
		export far(rates, 1 / points) as "derivative"
		export doubt(rates, 1 / points) as "doubt of derivative"
		let all = numeric.jacobian(x -> wave(x) * x, error=true)(point)
		export far(all, jacobian(x -> same(x) * x)(point)) as "jacobian"
		export doubt(all, jacobian(x -> same(x) * x)(point)) as "doubt of jacobian"
	`}, calx.Options{Functions: []*calx.Function{wave, steep}})
	if err != nil {
		t.Fatal(err)
	}
	results, err := program.Run(context.Background(), nil, calx.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	bounds := map[string]float64{
		"grad": 1e-11, "hessian": 1e-8, "derivative": 1e-9, "jacobian": 1e-11,
		"doubt of grad": 0, "doubt of hessian": 0, "doubt of derivative": 0, "doubt of jacobian": 0,
	}
	for name, bound := range bounds {
		if x := results.Get(name).(*runtime.Array).F64()[0]; !(x <= bound) {
			t.Errorf("%s: %g, more than %g", name, x, bound)
		}
	}
}
