package interp

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// TestWholeRows reads and changes rows of an array that is used again, and of one that isn't.
func TestWholeRows(t *testing.T) {
	const text = `
main func main[](x: T[2, 3], v: T[3], i: i64) -> (T[3], T[2, 3], T[2, 3], T[2, 3], T[2, 3]) {
  row: T[3] = gather["@:", wrap] x, i
  a: T[2, 3] = update["@:", wrap] x, v, i
  b: T[2, 3] = accumulate["@:", add, wrap] x, v, i
  c: T[2, 3] = accumulate["@:", MODE, wrap] b, v, i
  return row, x, a, b, c
}`
	x := matrix(t, []float64{1, 2, 3, 4, 5, 6}, 2, 3)
	n, err := runtime.FromSlice([]int64{1, 2, 3, 4, 5, 6}, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		dtype, mode string
		args        []any
		want        string
	}{
		{"f64", "sub", []any{x, []float64{1, 2, 4}, 1}, "([4.0, 5.0, 6.0], [[1.0, 2.0, 3.0],\n [4.0, 5.0, 6.0]], [[1.0, 2.0, 3.0],\n [1.0, 2.0, 4.0]], [[1.0, 2.0,  3.0],\n [5.0, 7.0, 10.0]], [[1.0, 2.0, 3.0],\n [4.0, 5.0, 6.0]])"},
		{"f64", "div", []any{x, []float64{1, 2, 4}, -2}, "([1.0, 2.0, 3.0], [[1.0, 2.0, 3.0],\n [4.0, 5.0, 6.0]], [[1.0, 2.0, 4.0],\n [4.0, 5.0, 6.0]], [[2.0, 4.0, 7.0],\n [4.0, 5.0, 6.0]], [[2.0, 2.0, 1.75],\n [4.0, 5.0, 6.0]])"},
		{"i64", "mul", []any{n, []int64{1, 2, 4}, 0}, "([1, 2, 3], [[1, 2, 3],\n [4, 5, 6]], [[1, 2, 4],\n [4, 5, 6]], [[2, 4, 7],\n [4, 5, 6]], [[2, 8, 28],\n [4, 5,  6]])"},
	} {
		results := run(t, strings.NewReplacer("T", test.dtype, "MODE", test.mode).Replace(text), nil, test.args...)
		got := "("
		for i, v := range results {
			if i > 0 {
				got += ", "
			}
			got += runtime.Format(v)
		}
		if got += ")"; got != test.want {
			t.Errorf("%s %s: got\n%s\nwant\n%s", test.dtype, test.mode, got, test.want)
		}
	}
	p := compile(t, strings.NewReplacer("T", "i64", "MODE", "div").Replace(text), Tuning{})
	for _, test := range []struct {
		i    int
		code ast.Code
	}{{2, ast.CodeIndex}, {-3, ast.CodeIndex}, {1, ast.CodeDivisionByZero}} {
		_, err := p.Run(context.Background(), values(n, []int64{1, 0, 1}, test.i), nil, Options{})
		if code := codeOf(t, err); code != test.code {
			t.Errorf("row %d: %s (%v), want %s", test.i, code, err, test.code)
		}
	}
	if runtime.Format(n) != "[[1, 2, 3],\n [4, 5, 6]]" {
		t.Error("the argument has changed: ", runtime.Format(n))
	}
}

// BenchmarkPairs is the inner loop of n bodies: 100,000 rounds of a dozen operations on arrays of 3 elements.
func BenchmarkPairs(b *testing.B) {
	places := make([]float64, 15)
	for i := range places {
		places[i] = 10 * math.Sin(float64(i*i))
	}
	p := matrix(b, places, 5, 3)
	benchmark(b, `
main func main[n](m: f64[n], p: f64[n, 3], v: f64[n, 3], dt: f64, rounds: i64) -> (f64[n, 3]) {
  zero: i64 = const 0
  one: i64 = const 1
  power: f64 = const 1.5
  all: f64[n, 3] = for round in zero..rounds carry (v0: f64[n, 3] = v) {
    v1: f64[n, 3] = for i in zero..n carry (v2: f64[n, 3] = v0) {
      next: i64 = add i, one
      pi: f64[3] = gather["@:"] p, i
      mi: f64 = gather["@"] m, i
      v3: f64[n, 3] = for j in next..n carry (v4: f64[n, 3] = v2) {
        pj: f64[3] = gather["@:"] p, j
        d: f64[3] = sub pj, pi
        r2: f64 = contract["a,a->"] d, d
        r3: f64 = pow r2, power
        pull: f64 = div dt, r3
        mj: f64 = gather["@"] m, j
        a: f64 = mul pull, mj
        as: f64[3] = broadcast[3] a
        da: f64[3] = mul d, as
        v5: f64[n, 3] = accumulate["@:", add] v4, da, i
        c: f64 = mul pull, mi
        cs: f64[3] = broadcast[3] c
        dc: f64[3] = mul d, cs
        v6: f64[n, 3] = accumulate["@:", sub] v5, dc, j
        yield v6
      }
      yield v3
    }
    yield v1
  }
  return all
}`, []int64{5}, []float64{39, 0.04, 0.01, 0.002, 0.002}, p, p, 1e-4, 10_000)
}
