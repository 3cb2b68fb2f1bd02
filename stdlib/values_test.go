package stdlib_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// evaluate is the value of an expression, or the code of the mistake that it is.
func evaluate(names, expression string, inputs map[string]any) (runtime.Value, string) {
	code := func(err error) string {
		if mistakes, ok := ast.AsDiagnostics(err); ok {
			return string(mistakes[0].Code)
		}
		return err.Error()
	}
	text := names + "\nexport (" + expression + ") as \"value\"\n"
	program, err := calx.Compile(&ast.Source{Name: "test.calx", Text: text}, calx.Options{})
	if err != nil {
		return nil, code(err)
	}
	results, err := program.Run(context.Background(), inputs, calx.RunOptions{})
	if err != nil {
		return nil, code(err)
	}
	return results.Get("value"), ""
}

// TestValues holds built-in functions and those of the library against NumPy, and
// derivatives against mpmath. Numbers agree to a few units in the last place,
// derivatives to 1e-13, linear algebra and transforms to 1e-12, and values that are
// zero in their sign.
func TestValues(t *testing.T) {
	for _, file := range []string{"numpy.txt", "transforms.txt", "derivatives.txt"} {
		t.Run(file, func(t *testing.T) { testValues(t, "testdata/"+file) })
	}
}

func testValues(t *testing.T, file string) {
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	names, rows, ok := strings.Cut(string(content), "\n---\n")
	if !ok {
		t.Fatal("no line of dashes")
	}
	for _, row := range strings.Split(strings.TrimSpace(rows), "\n") {
		expression, want, ok := strings.Cut(row, " => ")
		if !ok {
			t.Fatalf("no value: %s", row)
		}
		value, code := evaluate(names, expression, nil)
		if wanted, isError := strings.CutPrefix(want, "error "); isError {
			if code != wanted {
				t.Errorf("%s\n got %v, error %q\nwant error %q", expression, value, code, wanted)
			}
			continue
		}
		if code != "" {
			t.Errorf("%s: error %s", expression, code)
			continue
		}
		tolerance := 2e-15
		if strings.Contains(expression, "linalg.") || strings.Contains(expression, "fft.") {
			tolerance = 1e-12
		}
		if strings.HasSuffix(file, "derivatives.txt") {
			tolerance = 1e-13
		}
		if difference := compare(asJSON(t, value), parse(t, want), tolerance); difference != "" {
			t.Errorf("%s: %s", expression, difference)
		}
	}
}

// TestExamples runs what the manual shows.
func TestExamples(t *testing.T) {
	for _, f := range typecheck.Builtins() {
		if f.Example == "" {
			continue
		}
		if value, code := evaluate("", f.Example, nil); code != "" || value == nil {
			t.Errorf("%s: error %s", f.Example, code)
		}
	}
}

func asJSON(t *testing.T, v runtime.Value) any {
	var b bytes.Buffer
	if err := data.WriteJSON(&b, []data.Named{{Name: "value", Value: v}}); err != nil {
		t.Fatal(err)
	}
	return parse(t, b.String()).(map[string]any)["value"]
}

func parse(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// compare says how two arrays, or tuples of them, differ.
func compare(got, want any, tolerance float64) string {
	if wants, isTuple := want.([]any); isTuple {
		parts, ok := got.([]any)
		if !ok || len(parts) != len(wants) {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		for i := range wants {
			if difference := compare(parts[i], wants[i], tolerance); difference != "" {
				return fmt.Sprintf("part %d: %s", i, difference)
			}
		}
		return ""
	}
	g, ok := got.(map[string]any)
	w := want.(map[string]any)
	if !ok || fmt.Sprint(g["dtype"], g["shape"]) != fmt.Sprint(w["dtype"], w["shape"]) {
		return fmt.Sprintf("got %v\nwant %v", got, want)
	}
	if w["dtype"] == "float32" {
		tolerance = 3e-7
	}
	exact := w["dtype"] == "int64" || w["dtype"] == "bool"
	gs, ws := g["data"].([]any), w["data"].([]any)
	for i := range ws {
		if exact && fmt.Sprint(gs[i]) != fmt.Sprint(ws[i]) || !exact && !near(gs[i], ws[i], tolerance) {
			return fmt.Sprintf("element %d: got %v, want %v", i, gs[i], ws[i])
		}
	}
	return ""
}

// near compares numbers; a complex one is a list of two.
func near(got, want any, tolerance float64) bool {
	if parts, isComplex := want.([]any); isComplex {
		g, ok := got.([]any)
		if !ok {
			return false
		}
		size := math.Hypot(float(parts[0]), float(parts[1]))
		return size != size || math.IsInf(size, 0) && near(g[0], parts[0], 0) && near(g[1], parts[1], 0) ||
			math.Hypot(float(g[0])-float(parts[0]), float(g[1])-float(parts[1])) <= tolerance*max(size, 1e-3)
	}
	g, w := float(got), float(want)
	switch {
	case w != w:
		return g != g
	case w == 0 && tolerance < 1e-13:
		return g == 0 && math.Signbit(g) == math.Signbit(w)
	}
	return g == w || math.Abs(g-w) <= tolerance*max(math.Abs(w), 1e-3)
}

func float(v any) float64 {
	x, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// worstUlps is what the comments of core.calx promise.
var worstUlps = map[string]float64{
	"sinh": 3, "cosh": 3, "arcsinh": 3, "arccosh": 3, "arctanh": 3, "log2": 2, "log10": 3, "cbrt": 2, "exp2": 2,
}

func TestAccuracy(t *testing.T) {
	content, err := os.ReadFile("testdata/accuracy.txt")
	if err != nil {
		t.Fatal(err)
	}
	arguments, values := map[string][]float64{}, map[string][]float64{}
	for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		f := fields[0]
		arguments[f] = append(arguments[f], float(fields[1]))
		values[f] = append(values[f], float(fields[2]))
	}
	for f, limit := range worstUlps {
		if len(values[f]) == 0 {
			t.Errorf("no values of %s", f)
			continue
		}
		value, code := evaluate("input x: f64[n]", f+"(x)", map[string]any{"x": runtime.Vector(arguments[f])})
		if code != "" {
			t.Errorf("%s: %s", f, code)
			continue
		}
		for i, got := range value.(*runtime.Array).F64() {
			want := values[f][i]
			ulp := math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want)
			// The reference is rounded, which adds half a unit.
			if off := math.Abs(got-want) / ulp; !(off <= limit+0.5) {
				t.Errorf("%s(%v) = %v, off by %.1f ulp from %v", f, arguments[f][i], got, off, want)
			}
		}
	}
}
