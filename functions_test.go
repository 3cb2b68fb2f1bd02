package calx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

func function(t testing.TB, name, signature string, f any) *calx.Function {
	t.Helper()
	fn, err := calx.NewFunction(name, signature, f)
	if err != nil {
		t.Fatal(err)
	}
	return fn
}

// given runs a text that may call functions of the test.
func given(t testing.TB, ctx context.Context, text string, functions ...*calx.Function) (string, error) {
	t.Helper()
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: text}, calx.Options{Functions: functions})
	if err != nil {
		return "", err
	}
	results, err := program.Run(ctx, nil, calx.RunOptions{})
	if err != nil {
		return "", err
	}
	var shown []string
	for _, result := range results {
		shown = append(shown, strings.Join(strings.Fields(runtime.Format(result.Value)), " "))
	}
	return strings.Join(shown, "; "), nil
}

func TestFunctionsOfTheGoProgram(t *testing.T) {
	type point struct{ X, Y float64 }
	order := []float64{}
	functions := []*calx.Function{
		function(t, "total", "(f64[n]) -> f64", func(x []float64) float64 {
			s := 0.0
			for _, v := range x {
				s += v
			}
			return s
		}),
		function(t, "gain", "(f64) -> f64", func(_ context.Context, x float64) (float64, error) { return 2 * x, nil }).Pure(),
		function(t, "seen", "(f64) -> f64", func(x float64) float64 { order = append(order, x); return x }),
		function(t, "mirror", "(f64[n, m], i64) -> (f64[m, n], i64)", func(a [][]float64, k int) ([][]float64, int) {
			b := make([][]float64, len(a[0]))
			for j := range b {
				for i := range a {
					b[j] = append(b[j], a[i][j])
				}
			}
			return b, k + 1
		}),
		function(t, "rate", "(str) -> f64", func(s string) (float64, error) { return float64(len(s)), nil }),
		function(t, "centre", "({x: f64, y: f64}) -> {x: f64, y: f64}", func(p point) point { return point{p.X / 2, p.Y / 2} }),
		function(t, "chosen", "(i64) -> (f64[_k], i64[_k])", func(k int) (a []float64, b []int64) {
			for i := range k {
				a, b = append(a, float64(i)/2), append(b, int64(i))
			}
			return a, b
		}),
		function(t, "now", "() -> f64", func() float64 { return 7 }),
		function(t, "sum", "(f64[n]) -> f64", func([]float64) float64 { return -1 }),
		function(t, "spoil", "(f64[n]) -> f64[n]", func(x []float64) []float64 { x[0] = 9; return x }),
		function(t, "shape", "(f64[n, m]) -> i64[2]", func(a calx.Array) []int { return a.Shape }),
		function(t, "odd", "(f64[2*n + 1]) -> f64[n]", func(x []float64) []float64 { return x[:len(x)/2] }),
	}
	for text, want := range map[string]string{
		"export let y = total([1, 2, 3])":                                                 "6.0",
		"export let y = total([[1.0, 2], [3, 4]])":                                        "[3.0, 7.0]",
		"export let y = gain([1, 2, 3])":                                                  "[2.0, 4.0, 6.0]",
		"export let y = [gain(i) + total(zeros(i)) for i in 0..3]":                        "[0.0, 2.0, 4.0]",
		"fn twice(f, x) = f(f(x))\nexport let y = twice(gain, 1.5)":                       "6.0",
		"fn use(f: (f64) -> f64, x: f64) -> f64 = f(x)\nexport let y = use(gain, 1)":      "2.0",
		"export let y = mirror([[1.0, 2, 3]], 4)":                                         "([[1.0], [2.0], [3.0]], 5)",
		"export let y = rate(\"EUR\")":                                                    "3.0",
		"export let y = centre({y: 4.0, x: 2})":                                           "{x: 1.0, y: 2.0}",
		"let (a, b) = chosen(3)\nexport let y = a + b\nexport let k = len(a)":             "[0.0, 1.5, 3.0]; 3",
		"export let y = now() + now()":                                                    "14.0",
		"export let y = sum([1.0, 2])\nexport let z = mean([1.0, 2])":                     "-1.0; 1.5",
		"fn sum(x: f64[n]) -> f64 = 5.0\nexport let y = sum([1.0])":                       "5.0",
		"let x = [1.0, 2]\nexport let y = spoil(x)\nexport let z = x":                     "[9.0, 2.0]; [1.0, 2.0]",
		"export let y = shape(zeros(2, 3))":                                               "[2, 3]",
		"export let y = odd([1.0, 2, 3])":                                                 "[1.0]",
		"export let y = [1.0, 2].total()":                                                 "3.0",
		"var s = 0.0\nfor i in 0..3 { if i != 1 { s += gain(i) } }\nexport let y = s":     "4.0",
		"fn f(x: f64) -> f64 { if x > 0 { return gain(x) }; now() }\nexport let y = f(0)": "7.0",
		"export let y = total([seen(x) for x in [3.0, 1, 2]])":                            "6.0",
	} {
		got, err := given(t, context.Background(), text, functions...)
		if err != nil || got != want {
			t.Errorf("%s\ngives %s, %v, want %s", text, got, err, want)
		}
	}
	if fmt.Sprint(order) != "[3 1 2]" {
		t.Errorf("called in the order %v", order)
	}
}

var errNoRate = errors.New("no such rate")

func TestFunctionsOfTheGoProgramThatFail(t *testing.T) {
	never := make(chan bool)
	defer close(never)
	functions := []*calx.Function{
		function(t, "fails", "(f64) -> f64", func(float64) (float64, error) { return 0, errNoRate }),
		function(t, "panics", "(f64) -> f64", func(x float64) float64 { return []float64{}[int(x)] }),
		function(t, "longer", "(f64[n]) -> f64[n]", func(x []float64) []float64 { return append(x, 1) }),
		function(t, "uneven", "(f64) -> f64[2, 2]", func(float64) [][]float64 { return [][]float64{{1, 2}, {3}} }),
		function(t, "other", "(f64) -> f64", func(float64) any { return "text" }),
		function(t, "nothing", "(f64) -> f64", func(float64) any { return nil }),
		function(t, "unequal", "(f64) -> (f64[_k], f64[_k])", func(float64) ([]float64, []float64) { return []float64{1}, nil }),
		function(t, "blocks", "(f64) -> f64", func(float64) float64 { <-never; return 1 }),
		function(t, "late", "(f64) -> f64", func(ctx context.Context, _ float64) (float64, error) { <-ctx.Done(); return 0, ctx.Err() }),
	}
	for name, test := range map[string]struct {
		code ast.Code
		text string
	}{
		"fails(1)":      {ast.CodeHostFunction, "test.calx:2:16: fails: no such rate"},
		"panics(1)":     {ast.CodeHostFunction, "panics: the function panicked: runtime error: index out of range [1] with length 0"},
		"longer([1.0])": {ast.CodeHostFunction, "axis 0 has size 2, and its signature says 1"},
		"uneven(1)":     {ast.CodeHostFunction, "uneven: the rows of an array have one length, and these have 2 and 1"},
		"other(1)":      {ast.CodeHostFunction, "other: its result must be f64, and the value given is str"},
		"nothing(1)":    {ast.CodeHostFunction, "nothing: a nil interface {} is no value"},
		"unequal(1)":    {ast.CodeHostFunction, "one size is 1 and 0"},
		"blocks(1)":     {ast.CodeTimeLimit, "time limit"},
		"late(1)":       {ast.CodeTimeLimit, "time limit"},
		"fails(true)":   {ast.CodeHostFunction, "no such rate"},
		"fails([1+2i])": {ast.CodeTypeMismatch, "the argument 1 of fails must be f64, and this is c128"},
		"fails(1, 2)":   {ast.CodeArguments, "fails takes one argument"},
		"fails()":       {ast.CodeArguments, "fails wants the argument 1"},
		"fails(x=1)":    {ast.CodeUnknownArgument, "fails has no parameter x"},
		"falls(1)":      {ast.CodeUnknownName, "falls"},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		_, err := given(t, ctx, "\nexport let y = "+name, functions...)
		cancel()
		var d *calx.Error
		if !errors.As(err, &d) || d.Code != test.code || !strings.Contains(d.Error(), test.text) || !d.Span.IsValid() {
			t.Errorf("%s: %v, want %s: %s", name, err, test.code, test.text)
		}
		if name == "fails(1)" && !errors.Is(err, errNoRate) {
			t.Error("the cause is lost")
		}
	}
}

func TestFunctionsAreCheckedWhenMade(t *testing.T) {
	for _, test := range []struct {
		name, signature string
		f               any
		want            string
	}{
		{"f", "(f64[n]) -> f64", func([]string) float64 { return 0 }, "its parameter 1 is f64[n], which does not fit into a []string"},
		{"f", "(f64[n]) -> f64", func([]float32) float64 { return 0 }, "does not fit into a []float32"},
		{"f", "(f64[n]) -> f64", func([]float64, int) float64 { return 0 }, "its signature has 1 parameters, and func([]float64, int) float64 has 2 for them"},
		{"f", "(f64) -> i64", func(float64) float64 { return 0 }, "its result is i64, and a float64 can't be given for that"},
		{"f", "(f64) -> f64", func(float64) error { return nil }, "has 0 results for it"},
		{"f", "(f64) -> f64", func(...float64) float64 { return 0 }, "any number of arguments"},
		{"f", "(f64[3]) -> f64", func([2]float64) float64 { return 0 }, "f64[3], which does not fit into a [2]float64"},
		{"f", "(f64) -> f64[n]", func(float64) []float64 { return nil }, "nothing determines the size n"},
		{"f", "(f64) -> (f64[_k], f64[_k + 1])", func(float64) ([]float64, []float64) { return nil, nil }, "stands alone"},
		{"f", "(f64", nil, "never closed"},
		{"f", "f64", nil, "is no signature of a function"},
		{"f", "(f64) -> f64 = 3", nil, "is no signature of a function"},
		{"f", "(f64) -> f64\nlet y = 3", nil, "is no signature of a function"},
		{"2f", "(f64) -> f64", nil, ""},
		{"f: f64\ninput f", "(f64) -> f64", nil, "is no signature of a function"},
		{"let", "(f64) -> f64", nil, ""},
		{"f", "(num) -> f64", nil, ""},
		{"f", "(f64[..., n]) -> f64", nil, "no ... and no num"},
		{"f", "((f64) -> f64) -> f64", nil, "takes no functions"},
		{"f", "(f64) -> f64", nil, "is no function"},
		{"f", "(f64) -> f64", (func(float64) float64)(nil), "is no function"},
	} {
		_, err := calx.NewFunction(test.name, test.signature, test.f)
		var d *calx.Error
		if err == nil || !errors.As(err, &d) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s for %T: got %v, want %s", test.name, test.signature, test.f, err, test.want)
		}
	}
	if _, err := given(t, context.Background(), "", function(t, "f", "() -> f64", func() float64 { return 1 }), function(t, "f", "() -> f64", func() float64 { return 1 })); err == nil {
		t.Error("two functions have one name")
	}
}

func TestOutputOfCalls(t *testing.T) {
	program := compile(t, "export fn f(x: f64) -> f64 { print(\"x is\", x); x }")
	out := &strings.Builder{}
	f, err := calx.Bind[func(float64) (float64, error)](program.With(calx.RunOptions{Output: io.Writer(out)}), "f")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f(2); err != nil || out.String() != "x is 2.0\n" {
		t.Errorf("%q, %v", out, err)
	}
}

// A function of the Go program may be there for what it does only.
func TestFunctionsWithoutResults(t *testing.T) {
	var seen []float64
	note := function(t, "note", "(f64) -> ()", func(x float64) { seen = append(seen, x) })
	fail := function(t, "fail", "(f64) -> ()", func(x float64) error { return errNoRate })
	if got, err := given(t, context.Background(), "for i in 0..3 { note(i) }\nexport let y = 1", note); got != "1" || fmt.Sprint(seen) != "[0 1 2]" {
		t.Error(got, err, seen)
	}
	_, err := given(t, context.Background(), "fail(1)\nexport let y = 1", fail)
	expectFailure(t, err, ast.CodeHostFunction)
}
