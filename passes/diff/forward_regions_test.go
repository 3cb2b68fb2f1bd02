package diff

import (
	"math/rand/v2"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// Programs with blocks, calls and rules, whose function f is smooth near these
// arguments.
var structured = map[string]struct {
	text string
	args []*runtime.Array
}{
	"an if, of which one side has no derivative": {`
func f[](x: f64, c: bool) -> (f64, f64) {
  k: f64 = const 3
  y: f64, z: f64 = if c {
    a: f64 = sin x
    yield a, k
  } else {
    b: f64 = mul x, x
    yield k, b
  }
  s: f64 = mul y, z
  return s, y
}`, []*runtime.Array{runtime.Scalar(0.7), runtime.Scalar(true)}},

	"blocks that give different sizes": {`
func f[n](x: f64[n], c: bool) -> some 1 (i64, f64[_0]) {
  zero: f64 = const 0
  z: f64[n] = broadcast[n] zero
  p: bool[n] = lt z, x
  k: i64, at: f64[k] = if c {
    m: i64, i: i64[m] = nonzero p
    g: f64[m] = gather["t"] x, i
    e: f64[m] = exp g
    yield m, e
  } else {
    s: i64 = size[value, n + n]
    t: f64[n + n] = append x, x
    yield s, t
  }
  q: f64[k] = mul at, at
  return k, q
}`, []*runtime.Array{runtime.Vector([]float64{1, -2, 0.5}), runtime.Scalar(true)}},

	"a loop that grows an array": {`
func f[n](x: f64[n], w: f64) -> some 1 (i64, f64[_0]) {
  lo: i64 = const 0
  hi: i64 = const 3
  one: f64[1] = broadcast[1] w
  k: i64, y: f64[k] = for i in lo..hi carry (l: i64 = n, a: f64[l] = x) {
    s: f64[l] = sin a
    m: i64 = size[value, l + 1]
    t: f64[l + 1] = append s, one
    yield m, t
  }
  return k, y
}`, []*runtime.Array{runtime.Vector([]float64{1, -2}), runtime.Scalar(0.4)}},

	"derivatives that move through what a loop carries": {`
func f[](x: f64, n: i64) -> (f64, f64, f64, f64) {
  lo: i64 = const 0
  zero: f64 = const 0
  a: f64, b: f64, c: f64, d: f64 = for i in lo..n carry (p: f64 = x, q: f64 = zero, r: f64 = zero, s: f64 = zero) {
    t: f64 = sin p
    u: f64 = add q, t
    v: f64 = mul q, r
    yield t, u, q, v
  }
  return a, b, c, d
}`, []*runtime.Array{runtime.Scalar(0.9), runtime.Scalar(int64(5))}},

	"loops in each other, and in a map": {`
func f[n, m](x: f64[n, m]) -> (f64[n], f64) {
  lo: i64 = const 0
  zero: f64 = const 0
  one: i64 = const 1
  r: f64[n] = map i<n {
    s: f64 = for j in lo..m carry (t: f64 = zero) {
      u: f64 = for k in lo..j carry (v: f64 = t) {
        e: f64 = gather["@@"] x, i, k
        w: f64 = mul v, e
        o: f64 = add w, e
        yield o
      }
      d: f64 = gather["@@"] x, i, j
      p: f64 = add u, d
      yield p
    }
    yield s
  }
  total: f64 = reduce[prod, 0] r
  return r, total
}`, []*runtime.Array{random(rand.New(rand.NewPCG(7, 7)), ir.F64, -1, 1, 3, 4)}},

	"a loop until it converges": {`
func f[](x: f64) -> (f64) {
  half: f64 = const 0.5
  small: f64 = const 1e-20
  y: f64 = while carry (a: f64 = x) {
    s: f64 = mul a, a
    d: f64 = sub s, x
    q: f64 = mul d, d
    c: bool = lt small, q
    yield c
  } do (b: f64) {
    v: f64 = div x, b
    w: f64 = add b, v
    h: f64 = mul half, w
    yield h
  }
  return y
}`, []*runtime.Array{runtime.Scalar(2.5)}},

	"an array that a loop writes": {`
func f[n](x: f64[n]) -> (f64[n], f64) {
  lo: i64 = const 0
  one: i64 = const 1
  zero: f64 = const 0
  z: f64[n] = broadcast[n] zero
  s: i64 = size[value, n]
  y: f64[n] = for i in one..s carry (a: f64[n] = z) {
    h: i64 = sub i, one
    p: f64 = gather["@"] a, h
    q: f64 = gather["@"] x, i
    r: f64 = mul q, q
    t: f64 = add p, r
    b: f64[n] = update["@"] a, t, i
    c: f64[n] = accumulate["@"] b, q, h
    yield c
  }
  u: f64 = reduce[sum, 0] y
  return y, u
}`, []*runtime.Array{runtime.Vector([]float64{1, -2, 0.5, 3})}},

	"a function that calls itself": {`
recursive func f[](x: f64, w: f64, n: i64) -> (f64) {
  zero: i64 = const 0
  one: i64 = const 1
  c: bool = le n, zero
  y: f64 = if c {
    yield x
  } else {
    m: i64 = sub n, one
    v: f64 = mul w, w
    r: f64 = call f[] x, v, m
    s: f64 = sin r
    t: f64 = mul s, x
    yield t
  }
  return y
}`, []*runtime.Array{runtime.Scalar(0.8), runtime.Scalar(1.1), runtime.Scalar(int64(4))}},

	"functions that call each other, and exchange what they pass": {`
recursive func even[](x: f64, y: f64, n: i64) -> (f64, f64) {
  zero: i64 = const 0
  one: i64 = const 1
  c: bool = le n, zero
  p: f64, q: f64 = if c {
    yield x, y
  } else {
    m: i64 = sub n, one
    a: f64, b: f64 = call odd[] y, x, m
    s: f64 = sin a
    yield s, b
  }
  return p, q
}

recursive func odd[](x: f64, y: f64, n: i64) -> (f64, f64) {
  one: i64 = const 1
  m: i64 = sub n, one
  a: f64, b: f64 = call even[] x, y, m
  s: f64 = mul a, b
  return s, a
}

func f[](x: f64, n: i64) -> (f64, f64) {
  k: f64 = const 0.6
  a: f64, b: f64 = call even[] k, x, n
  return a, b
}`, []*runtime.Array{runtime.Scalar(1.3), runtime.Scalar(int64(6))}},

	"a rule instead of what the function does": {`
func cube[n](x: f64[n], k: i64) -> (f64[n]) derivative "cube'" with results {
  a: f64[n] = mul x, x
  b: f64[n] = mul a, x
  return b
}

func "cube'"[n](x: f64[n], k: i64, dx: f64[n], y: f64[n]) -> (f64[n]) {
  three: f64 = const 3
  t: f64[n] = broadcast[n] three
  a: f64[n] = mul t, y
  b: f64[n] = div a, x
  c: f64[n] = mul b, dx
  return c
}

func f[n](x: f64[n], k: i64) -> (f64[n], f64) {
  s: f64[n] = sin x
  c: f64[n] = call cube[n] s, k
  t: f64 = reduce[sum, 0] c
  return c, t
}`, []*runtime.Array{runtime.Vector([]float64{1, -2, 0.5}), runtime.Scalar(int64(3))}},

	"a rule of several arguments, one of which has no derivative": {`
func product[](a: f64, b: f64) -> (f64, f64) derivative "product'" {
  y: f64 = mul a, b
  z: f64 = add a, b
  return y, z
}

func "product'"[](a: f64, b: f64, da: f64, db: f64) -> (f64, f64) {
  p: f64 = mul a, db
  q: f64 = mul b, da
  r: f64 = add p, q
  s: f64 = add da, db
  return r, s
}

func f[](x: f64) -> (f64, f64) {
  k: f64 = const 2.5
  a: f64, b: f64 = call product[] x, k
  c: f64, d: f64 = call product[] a, b
  return c, d
}`, []*runtime.Array{runtime.Scalar(1.3)}},

	"a derivative inside": {`
func g[](y: f64, x: f64) -> (f64) {
  p: f64 = mul x, y
  s: f64 = sin p
  t: f64 = mul s, x
  return t
}

func f[](x: f64) -> (f64) {
  one: f64 = const 1
  y: f64, d: f64 = jvp g[] "d." x, x, one
  r: f64 = mul x, d
  return r
}`, []*runtime.Array{runtime.Scalar(0.7)}},
}

func TestStructuredForward(t *testing.T) {
	for name, test := range structured {
		r := rand.New(rand.NewPCG(5, 6))
		t.Run(name, func(t *testing.T) { checkForward(t, r, written(t, test.text), test.args...) })
	}
}
