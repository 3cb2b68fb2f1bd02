package calx_test

import (
	"context"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

const readers = `
input k: f64
input y: f64[p]
input count: i64 = 2
input twice: f64[2*p] = concatenate((y, k * y))
let m = y[0] + 1
export fn scaled(x: f64[n]) -> f64[n] = k * x
export fn sized(x: f64) -> f64 = p * x
export fn moved(x: f64) -> f64 = m + x
export fn both(x: f64[p]) -> f64[p] = x + y
export fn repeated(x: f64[n]) = concatenate((x, y))
export fn halves(x: f64) = x + twice[:p // 2]
export fn many(x: f64) = full(count, x)
export fn plain(x: f64) -> f64 = x
export y as "y"
`

// Functions read the inputs that the program was given.
func TestWithInputs(t *testing.T) {
	y := []float64{1, 2, math.NaN()}
	program, err := compile(t, readers).WithInputs(context.Background(), map[string]any{"k": 2, "y": y})
	if err != nil {
		t.Fatal(err)
	}
	y[0] = 100
	for _, test := range []struct {
		name string
		arg  any
		want string // or the error
	}{
		{"scaled", []float64{1, 2}, "[2.0, 4.0]"},
		{"sized", 2.0, "6.0"},
		{"sized", 2, "6.0"},
		{"moved", 1.0, "3.0"},
		{"both", []float64{1, 1, 1}, "[2.0, 3.0, nan]"},
		{"both", []int{1, 1, 1}, "[2.0, 3.0, nan]"},
		{"repeated", []float64{7}, "[7.0, 1.0, 2.0, nan]"},
		{"halves", 1.0, "[2.0]"},
		{"many", 1.5, "[1.5, 1.5]"},
		{"plain", 1.5, "1.5"},
		{"both", []float64{1, 1}, "these shapes do not broadcast: [3] and [2]"},
	} {
		v, err := program.Call(context.Background(), test.name, test.arg)
		if err != nil && !strings.Contains(err.Error(), test.want) || err == nil && runtime.Format(v) != test.want {
			t.Errorf("%s(%v): %v, %v, want %s", test.name, test.arg, v, err, test.want)
		}
	}
	both, err := calx.Bind[func([3]float64) ([]float64, error)](program, "both")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		z, err := both([3]float64{1, 1, 1})
		if err != nil || z[1] != 3 {
			t.Error(z, err)
		}
		z[1] = -1
	}
}

func TestWithInputsChecksThem(t *testing.T) {
	program := compile(t, readers)
	for want, inputs := range map[string]map[string]any{
		"input y, which is f64[p], was not given":                                      {"k": 1},
		"did you mean count?":                                                          {"k": 1, "y": []float64{1}, "cuont": 3},
		"input twice must be f64[2*p], and the value given is f64[3]":                  {"k": 1, "y": []float64{1}, "twice": []float64{1, 2, 3}},
		"input y must be f64[p], and the rows of an array have one length":             {"k": 1, "y": [][]float64{{1}, {}}},
		"input count must be i64, and the value given is f64; numbers never narrow by": {"k": 1, "y": []float64{1}, "count": 1.5},
	} {
		_, err := program.WithInputs(context.Background(), inputs)
		found, _ := ast.AsDiagnostics(err)
		if !strings.Contains(said(found), want) {
			t.Errorf("%v: %v, want %s", inputs, err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := program.WithInputs(ctx, map[string]any{"k": 1, "y": []float64{1}})
	expectFailure(t, err, ast.CodeCancelled)
}

// said is all that mistakes say.
func said(mistakes ast.Diagnostics) string {
	var b strings.Builder
	mistakes.Render(&b, false)
	return b.String()
}

// What one program was given, another was not; both serve any number of
// goroutines.
func TestProgramsWithOtherInputs(t *testing.T) {
	program := compile(t, readers)
	var all sync.WaitGroup
	for g := range 10 {
		with, err := program.WithInputs(context.Background(), map[string]any{"k": g, "y": make([]float64, g)})
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			all.Go(func() {
				for _, name := range []string{"repeated", "scaled"} {
					v, err := with.Call(context.Background(), name, []float64{1})
					if err != nil || v.(*runtime.Array).Len() != map[string]int{"repeated": g + 1, "scaled": 1}[name] {
						t.Error(g, v, err)
					}
				}
				v, err := with.Call(context.Background(), "sized", 1.5)
				if s, _ := calx.As[float64](v); err != nil || s != 1.5*float64(g) {
					t.Error(g, v, err)
				}
			})
		}
	}
	all.Wait()
	if _, err := program.Call(context.Background(), "sized", 1.5); err == nil || !strings.Contains(err.Error(), "sized reads the size p of the inputs, which was not given") {
		t.Error(err)
	}
	if _, err := program.Run(context.Background(), map[string]any{"k": 1, "y": []float64{1}}, calx.RunOptions{}); err != nil {
		t.Error(err)
	}
}
