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

// BenchmarkElementAssignments is 1e5 assignments to an array of 1e5 elements.
func BenchmarkElementAssignments(b *testing.B) {
	benchmark(b, `
main func main[n](x: f64[n]) -> (f64[n]) {
  z: i64 = const 0
  y: f64[n] = for i in z..n carry (a: f64[n] = x) {
    v: f64 = gather["@"] a, i
    w: f64 = add v, v
    c: f64[n] = update["@"] a, w, i
    yield c
  }
  return y
}`, []int64{1e5}, make([]float64, 1e5))
}

// BenchmarkMap is a body of five operations in a million lanes.
func BenchmarkMap(b *testing.B) {
	benchmark(b, `
main func main[n](x: f64[n], s: f64) -> (f64[n]) {
  y: f64[n] = map i<n {
    v: f64 = gather["@"] x, i
    w: f64 = mul v, s
    u: f64 = add w, v
    t: f64 = mul u, u
    r: f64 = sub t, s
    yield r
  }
  return y
}`, []int64{1e6}, make([]float64, 1e6), 0.5)
}

// BenchmarkMapWithWhile iterates a different number of times in each lane.
func BenchmarkMapWithWhile(b *testing.B) {
	benchmark(b, `
main func main[n](x: i64[n]) -> (i64[n]) {
  one: i64 = const 1
  two: i64 = const 2
  three: i64 = const 3
  zero: i64 = const 0
  y: i64[n] = map i<n {
    v: i64 = add i, one
    p: i64, q: i64 = while carry (a: i64 = v, b: i64 = zero) {
      c: bool = lt one, a
      yield c
    } do (d: i64, e: i64) {
      m: i64 = mod d, two
      odd: bool = eq m, one
      t: i64 = mul d, three
      u: i64 = add t, one
      h: i64 = floordiv d, two
      k: i64 = select odd, u, h
      l: i64 = add e, one
      yield k, l
    }
    yield q
  }
  return y
}`, []int64{10000}, make([]int64, 10000))
}

// BenchmarkCallFromGo is a run of a small program, all included.
func BenchmarkCallFromGo(b *testing.B) {
	benchmark(b, `
main func main[](x: f64) -> (f64) {
  y: f64 = mul x, x
  return y
}`, nil, 2.0)
}

// BenchmarkRows sums the rows of a matrix of many short rows.
func BenchmarkRows(b *testing.B) {
	x := matrix(b, make([]float64, 1e6), 100000, 10)
	benchmark(b, `
main func main[n, m](x: f64[n, m]) -> (f64[n]) {
  y: f64[n, m] = mul x, x
  s: f64[n] = reduce[sum, 1] y
  return s
}`, []int64{100000, 10}, x)
}

// BenchmarkColumnBroadcast subtracts a number for each row.
func BenchmarkColumnBroadcast(b *testing.B) {
	x := matrix(b, make([]float64, 1e6), 1000, 1000)
	benchmark(b, `
main func main[n, m](x: f64[n, m], v: f64[n, 1], w: f64[m]) -> (f64[n, m]) {
  a: f64[n, m] = broadcast[n, m] v
  y: f64[n, m] = sub x, a
  b: f64[n, m] = broadcast[n, m] w
  z: f64[n, m] = mul y, b
  return z
}`, []int64{1000, 1000}, x, matrix(b, make([]float64, 1000), 1000, 1), make([]float64, 1000))
}

// BenchmarkSmallArrays is a thousand rounds of five operations on vectors of
// three elements, and a row of a matrix read and written.
func BenchmarkSmallArrays(b *testing.B) {
	benchmark(b, `
main func main[n](x: f64[n, 3], k: i64) -> (f64[n, 3]) {
  zero: i64 = const 0
  y: f64[n, 3] = for i in zero..k carry (a: f64[n, 3] = x) {
    j: i64 = mod i, n
    row: f64[3] = gather["@:"] a, j
    two: f64 = const 0.5
    c: f64[3] = broadcast[3] two
    d: f64[3] = mul row, c
    e: f64[3] = add d, row
    s: f64 = contract["i,i->"] e, e
    f: f64[3] = broadcast[3] s
    g: f64[3] = sub e, f
    h: f64[n, 3] = update["@:"] a, g, j
    yield h
  }
  return y
}`, []int64{10}, matrix(b, make([]float64, 30), 10, 3), 1000)
}
