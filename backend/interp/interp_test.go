package interp

import (
	"context"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// parse reads and verifies a module.
func parse(t testing.TB, text string) *ir.Module {
	t.Helper()
	m, err := ir.Parse(text, &ast.Source{Name: "test.ir", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	return m
}

// compile is the program of a text.
func compile(t testing.TB, text string, tuning Tuning) *Program {
	t.Helper()
	p, err := CompileTuned(parse(t, text), tuning)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// run runs a text with sizes and arguments, which are Go numbers, slices and strings.
func run(t testing.TB, text string, sizes []int64, args ...any) []runtime.Value {
	t.Helper()
	results, err := compile(t, text, Tuning{}).Run(context.Background(), values(args...), sizes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func values(args ...any) []runtime.Value {
	list := make([]runtime.Value, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case float64:
			list[i] = runtime.Scalar(a)
		case int:
			list[i] = runtime.Scalar(int64(a))
		case bool:
			list[i] = runtime.Scalar(a)
		case complex128:
			list[i] = runtime.Scalar(a)
		case float32:
			list[i] = runtime.Scalar(a)
		case []float64:
			list[i] = runtime.Vector(a)
		case []int64:
			list[i] = runtime.Vector(a)
		case []bool:
			list[i] = runtime.Vector(a)
		case []complex128:
			list[i] = runtime.Vector(a)
		case string:
			list[i] = runtime.Text(a)
		case runtime.Value:
			list[i] = a
		}
	}
	return list
}

// check compares the results of a run as text.
func check(t *testing.T, text string, sizes []int64, args []any, want ...string) {
	t.Helper()
	results := run(t, text, sizes, args...)
	if len(results) != len(want) {
		t.Fatalf("%d results, not %d", len(results), len(want))
	}
	for i, r := range results {
		if got := runtime.Format(r); got != want[i] {
			t.Errorf("result %d is %s, not %s", i, got, want[i])
		}
	}
}

const fib = `
recursive func fib[](n: i64) -> (i64) {
  one: i64 = const 1
  two: i64 = const 2
  %1: bool = lt n, two
  %2: i64 = if %1 {
    yield n
  } else {
    %3: i64 = sub n, one
    %4: i64 = call fib[] %3
    %5: i64 = sub n, two
    %6: i64 = call fib[] %5
    %7: i64 = add %4, %6
    yield %7
  }
  return %2
}

main func main[](n: i64) -> (i64) {
  %1: i64 = call fib[] n
  return %1
}
`

func TestRecursion(t *testing.T) { check(t, fib, nil, []any{20}, "6765") }

func TestLoopCarriesScalars(t *testing.T) {
	check(t, `
main func main[](n: i64, x: f64) -> (f64, f64) {
  z: i64 = const 0
  a: f64 = const 0
  b: f64 = const 1
  x1: f64, x2: f64 = for i in z..n carry (p: f64 = a, q: f64 = b) {
    s: f64 = add p, q
    yield q, s
  }
  return x1, x2
}`, nil, []any{10, 1.0}, "55.0", "89.0")
}

func TestWhileCountsDown(t *testing.T) {
	check(t, `
main func main[](n: i64) -> (i64, i64) {
  zero: i64 = const 0
  one: i64 = const 1
  k: i64, s: i64 = while carry (a: i64 = n, b: i64 = zero) {
    c: bool = lt zero, a
    yield c
  } do (d: i64, e: i64) {
    m: i64 = sub d, one
    t: i64 = add e, d
    yield m, t
  }
  return k, s
}`, nil, []any{100}, "0", "5050")
}

func TestGroupWithSum(t *testing.T) {
	check(t, `
main func main[n](x: f64[n], s: f64) -> (f64[n], f64) {
  two: f64 = const 2
  a: f64[n] = broadcast[n] two
  b: f64[n] = mul x, a
  c: f64[n] = broadcast[n] s
  d: f64[n] = add b, c
  e: f64 = reduce[sum, 0] d
  return d, e
}`, []int64{3}, []any{[]float64{1, 2, 3}, 0.5}, "[2.5, 4.5, 6.5]", "13.5")
}

func TestMapOfScalars(t *testing.T) {
	check(t, `
main func main[n, m](x: f64[n], y: f64[m]) -> (f64[n, m]) {
  %1: f64[n, m] = map i<n, j<m {
    a: i64 = add i, j
    b: f64 = convert[f64] a
    yield b
  }
  return %1
}`, []int64{2, 3}, []any{[]float64{1, 2}, []float64{1, 2, 3}}, "[[0.0, 1.0, 2.0],\n [1.0, 2.0, 3.0]]")
}

func TestOneValueAsTwoResults(t *testing.T) {
	check(t, `
main func main[n](x: f64[n]) -> (f64[n], f64[n], f64[n], f64[n]) {
  y: f64[n] = neg x
  return y, x, y, x
}`, []int64{2}, []any{[]float64{1, 2}}, "[-1.0, -2.0]", "[1.0, 2.0]", "[-1.0, -2.0]", "[1.0, 2.0]")
}
