package interp

import (
	"context"
	"testing"
)

func benchmark(b *testing.B, text string, sizes []int64, args ...any) {
	b.Helper()
	p := compile(b, text, Tuning{})
	list := values(args...)
	for b.Loop() {
		if _, err := p.Run(context.Background(), list, sizes, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFib27(b *testing.B) { benchmark(b, fib, nil, 27) }

// BenchmarkScalarLoop takes a million rounds of five operations.
func BenchmarkScalarLoop(b *testing.B) {
	benchmark(b, `
main func main[](n: i64, x: f64) -> (f64) {
  z: i64 = const 0
  zero: f64 = const 0
  s: f64 = for i in z..n carry (a: f64 = zero) {
    b: f64 = convert[f64] i
    c: f64 = mul a, x
    d: f64 = add c, b
    e: f64 = sub d, x
    f: f64 = mul e, x
    yield f
  }
  return s
}`, nil, 1000000, 0.5)
}

// BenchmarkChain is five cheap operations on a million elements.
func BenchmarkChain(b *testing.B) {
	x := make([]float64, 1e6)
	for i := range x {
		x[i] = float64(i)
	}
	benchmark(b, `
main func main[n](x: f64[n], y: f64[n], s: f64) -> (f64[n]) {
  a: f64[n] = broadcast[n] s
  b: f64[n] = mul x, a
  c: f64[n] = add b, y
  d: f64[n] = mul c, c
  e: f64[n] = sub d, x
  f: f64[n] = add e, y
  return f
}`, []int64{1e6}, x, x, 0.5)
}

// BenchmarkSumOfSquares makes no array.
func BenchmarkSumOfSquares(b *testing.B) {
	benchmark(b, `
main func main[n](x: f64[n]) -> (f64) {
  a: f64[n] = mul x, x
  s: f64 = reduce[sum, 0] a
  return s
}`, []int64{1e6}, make([]float64, 1e6))
}
