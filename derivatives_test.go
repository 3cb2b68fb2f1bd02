package calx_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
)

func TestDerivativesOfTheGoProgram(t *testing.T) {
	// Kepler's equation E - ecc·sin(E) = M, solved by Newton's method.
	kepler := function(t, "kepler", "(f64, f64) -> f64", func(mean, ecc float64) float64 {
		e := mean
		for range 50 {
			e -= (e - ecc*math.Sin(e) - mean) / (1 - ecc*math.Cos(e))
		}
		return e
	}).Pure()
	total := function(t, "total", "(f64[n], i64) -> f64", func(x []float64, _ int) float64 {
		s := 0.0
		for _, v := range x {
			s += v
		}
		return s
	}).Pure()
	text := `
derivative kepler(M, ecc; dM, decc) -> E = (dM + sin(E) * decc) / (1 - ecc * cos(E))
derivative total(x, k; dx) = sum(dx) * n
fn residual(M: f64, ecc: f64) = kepler(M, ecc) - ecc * sin(kepler(M, ecc)) - M
export grad(kepler, wrt=(0, 1))(0.0, 0.5) as "at the perihelion"
export max(abs(jvp(residual)([0.1, 1, 2], 0.6, 1.0))) < 1e-12 as "the equation holds to first order"
export jacobian(kepler)(0.0, 0.5) as "Jacobian"
export grad(total)([1.0, 2, 3], 1) as "with its sizes"
`
	got, err := given(t, context.Background(), text, kepler, total)
	want := "(2.0, 0.0); true; 2.0; [3.0, 3.0, 3.0]"
	if err != nil || got != want {
		t.Errorf("%s, %v, not %s", got, err, want)
	}
}

func TestDerivativeThatIsNotKnown(t *testing.T) {
	sensor := function(t, "sensor", "(f64) -> f64", func(x float64) float64 { return x })
	source := &calx.Source{Name: "test.calx", Text: "fn calibrated(x) = 2 * sensor(x)\nexport calibrated'(1.0) as \"slope\"\n"}
	options := calx.Options{Functions: []*calx.Function{sensor}}
	mistakes, err := calx.Check(source, options)
	if err != nil {
		t.Fatal(err)
	}
	_, compileErr := calx.Compile(source, options)
	compiled, _ := ast.AsDiagnostics(compileErr)
	for _, found := range []ast.Diagnostics{mistakes, compiled} {
		if len(found) != 1 || found[0].Code != ast.CodeNoDerivative || found[0].Span.Text() != "sensor(x)" || !strings.Contains(found[0].Hint, "derivative sensor(") {
			t.Errorf("%+v", found)
		}
	}
}
