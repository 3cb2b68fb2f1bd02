package calx_test

import (
	"context"
	"math"
	"os"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/runtime"
)

// The numbers are NumPy's (2.4, float64). For the components: numpy.linalg.eigh
// of the covariance, in the order of falling variance, each with the sign that
// makes its largest entry positive. For least squares: numpy.linalg.lstsq of the
// table with a column of ones before it.
func TestExamplesAgreeWithNumPy(t *testing.T) {
	tests := []struct {
		script, table string
		results       map[string][]float64
	}{
		{"pca.calx", "iris.csv", map[string][]float64{
			"principal_components": {
				0.3613865917853682, 0.6565887712868428, -0.5820298513060652, 0.31548719290397365,
				-0.08452251406456901, 0.7301614347850258, 0.597910830100087, -0.3197231036661291,
				0.8566706059498348, -0.1733726627958576, 0.0762360758209639, -0.479838986994634,
				0.3582891971515505, -0.07548101991746305, 0.5458314320200742, 0.7536574252640467,
			},
			"variance_explained": {0.9246187232017268, 0.05306648311706805, 0.01710260980792972, 0.005212183873275545},
			"species_means": {
				-2.6424154639468505, 0.19088504677006948,
				0.5332065690393407, -0.2455498320353835,
				2.1092088949075007, 0.054664785265311266,
			},
		}},
		{"least_squares.calx", "diabetes.csv", map[string][]float64{
			"intercept": {-334.5671385187848},
			"coefficients": {
				-0.036361224223622646, -22.859648090498414, 5.6029620919237, 1.1168079933181823, -1.0899963340632286,
				0.7464504555142115, 0.3720047150891365, 6.5338319359903405, 68.4831249647879, 0.2801169893215006,
			},
			"r_squared": {0.5177484222203498},
		}},
	}
	for _, test := range tests {
		t.Run(test.script, func(t *testing.T) {
			program, err := calx.Compile(source(t, "examples/"+test.script), calx.Options{})
			if err != nil {
				t.Fatal(err)
			}
			table, err := data.ReadCSV(source(t, "examples/data/"+test.table))
			if err != nil {
				t.Fatal(err)
			}
			matrix, err := table.Fit(program.Inputs()[0].Want)
			if err != nil {
				t.Fatal(err)
			}
			results, err := program.Run(context.Background(), map[string]any{"data": matrix}, calx.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(results) != len(test.results) {
				t.Errorf("%d results, want %d", len(results), len(test.results))
			}
			for name, want := range test.results {
				compare(t, name, results.Get(name), want)
			}
		})
	}
}

func source(t testing.TB, file string) *ast.Source {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return &ast.Source{Name: file, Text: string(text)}
}

// compare asks for agreement to 1e-10 of the number, or of 1 if it is smaller.
func compare(t *testing.T, name string, got runtime.Value, want []float64) {
	t.Helper()
	array, ok := got.(*runtime.Array)
	if !ok || len(array.F64()) != len(want) {
		t.Errorf("%s is %s, want %v", name, runtime.Format(got), want)
		return
	}
	for i, x := range array.F64() {
		if !(math.Abs(x-want[i]) <= 1e-10*max(1, math.Abs(want[i]))) {
			t.Errorf("%s: element %d is %v, want %v", name, i, x, want[i])
		}
	}
}
