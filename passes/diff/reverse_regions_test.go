package diff

import (
	"math/rand/v2"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// Programs whose reverse derivative has residuals, tapes, or contributions from
// many places, and whose function f is smooth near these arguments.
var recorded = map[string]struct {
	text string
	args []*runtime.Array
}{
	"a map that reads each element, and its neighbours": {`
func f[n](x: f64[n], w: f64) -> (f64[n - 2]) {
  one: i64 = const 1
  two: i64 = const 2
  y: f64[n - 2] = map i<n - 2 {
    j: i64 = add i, one
    k: i64 = add two, i
    a: f64 = gather["@"] x, i
    b: f64 = gather["@"] x, j
    c: f64 = gather["@"] x, k
    d: f64 = mul a, b
    e: f64 = sin c
    g: f64 = mul d, e
    h: f64 = mul g, w
    yield h
  }
  return y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 1, -0.3, 2, 0.7}), runtime.Scalar(1.5)}},

	"a map over two indices, of rows, columns and a diagonal": {`
func f[n, m](x: f64[n, m], v: f64[m], w: f64[n]) -> (f64[n, m], f64[m, n]) {
  z: i64 = const 0
  y: f64[n, m] = map i<n, j<m {
    a: f64 = gather["@@"] x, i, j
    b: f64 = gather["@"] v, j
    c: f64 = gather["@"] w, i
    d: f64 = mul a, b
    e: f64 = exp d
    g: f64 = mul e, c
    yield g
  }
  u: f64[m, n] = map j.2<m, i.2<n {
    a.2: f64 = gather["@@"] x, i.2, j.2
    b.2: f64[m] = gather["@:"] x, i.2
    p: i64[2] = broadcast[2] j.2
    q: f64[2] = gather["t"] v, p
    r: f64 = reduce[prod, 0] q
    s: f64 = reduce[sum, 0] b.2
    t: f64 = mul s, r
    k: f64 = mul t, a.2
    yield k
  }
  return y, u
}`, []*runtime.Array{matrix(2, 3, 0.5, -1, 0.25, 0.75, 0.1, -0.4), runtime.Vector([]float64{0.3, -0.2, 1}), runtime.Vector([]float64{1.5, 0.5})}},

	"a map that reads at indices of its own, in ranges and by tables": {`
func f[n, m](x: f64[n, m], k: i64[m]) -> (f64[m], f64[m]) {
  one: i64 = const 1
  zero: i64 = const 0
  y: f64[m], z: f64[m] = map j<m {
    i: i64 = gather["@"] k, j
    a: f64[2] = gather["r@", (2, 1), wrap] x, i, j
    b: f64[m] = gather["@:"] x, i
    c: f64 = reduce[prod, 0] a
    d: f64 = reduce[sum, 0] b
    e: f64 = mul c, d
    g: f64 = sin e
    s: f64[2, 2] = slice[(2, 1), (2, 1)] x, i, zero
    u: f64 = reduce[prod, 0, 1] s
    t: i64[2] = broadcast[2] i
    v: f64[2, m] = gather["t:"] x, t
    w: f64 = reduce[prod, 0, 1] v
    h: f64 = add u, w
    yield g, h
  }
  return y, z
}`, []*runtime.Array{matrix(3, 2, 0.5, -1, 0.25, 0.75, 0.1, -0.4), runtime.Vector([]int64{1, 0})}},

	"a map with an if": {`
func f[n](x: f64[n], w: f64, c: bool[n]) -> (f64[n]) {
  y: f64[n] = map i<n {
    b: bool = gather["@"] c, i
    a: f64 = gather["@"] x, i
    e: f64 = exp a
    r: f64 = if b {
      p: f64 = mul e, w
      q: f64 = sin p
      s: f64 = mul q, p
      yield s
    } else {
      p.2: f64 = reduce[sum, 0] x
      q.2: f64 = mul p.2, e
      yield q.2
    }
    t: f64 = mul r, r
    yield t
  }
  return y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 1, -0.3}), runtime.Scalar(1.5), runtime.Vector([]bool{true, false, true})}},

	"a map of loops of different lengths": {`
func f[n](x: f64[n]) -> (f64[n]) {
  zero: i64 = const 0
  one: f64 = const 1
  y: f64[n] = map i<n {
    p: f64 = for k in zero..i carry (a: f64 = one) {
      b: f64 = gather["@"] x, k
      c: f64 = mul a, b
      d: f64 = sin c
      e: f64 = add d, a
      yield e
    }
    part: f64[i] = slice[(i, 1)] x, zero
    s: f64 = reduce[prod, 0] part
    q: f64 = mul p, s
    yield q
  }
  return y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 1, -0.3, 0.8})}},

	"a map in a map, and a loop in it": {`
func f[n](x: f64[n], k: i64) -> (f64[n, n]) {
  zero: i64 = const 0
  y: f64[n, n] = map i<n {
    a: f64 = gather["@"] x, i
    row: f64[n] = map j<n {
      b: f64 = gather["@"] x, j
      c: f64 = mul a, b
      r: f64 = for t in zero..k carry (s: f64 = c) {
        u: f64 = sin s
        v: f64 = mul u, a
        yield v
      }
      yield r
    }
    m: f64 = reduce[sum, 0] row
    w: f64[n] = broadcast[n] m
    z: f64[n] = mul row, w
    yield z
  }
  return y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 1, -0.3}), runtime.Scalar(int64(3))}},

	"a loop with an if, a while and a call in it": {`
func g[](a: f64, b: f64) -> (f64, f64) {
  p: f64 = mul a, b
  s: f64 = sin p
  e: f64 = exp s
  t: f64 = mul e, s
  return t, e
}

func f[n](x: f64[n], w: f64) -> (f64, f64[n]) {
  zero: i64 = const 0
  two: i64 = const 2
  one: i64 = const 1
  bound: f64 = const 3
  n.1: i64 = size[value, n]
  s: f64, y: f64[n] = for i in one..n.1 carry (s.1: f64 = w, a: f64[n] = x) {
    v: f64 = gather["@"] a, i
    r: i64 = mod i, two
    odd: bool = lt zero, r
    p: f64, b: f64[n] = if odd {
      q: f64, h: f64 = call g[] s.1, v
      j: i64 = sub i, one
      b.1: f64[n] = update["@"] a, h, j
      yield q, b.1
    } else {
      q.4: f64 = while carry (q.1: f64 = s.1) {
        big: bool = lt q.1, bound
        yield big
      } do (q.2: f64) {
        d: f64 = mul q.2, q.2
        e: f64 = add d, bound
        g.1: f64 = mul e, v
        l: f64 = abs g.1
        m: f64 = add l, e
        yield m
      }
      b.2: f64[n] = accumulate["@", mul] a, q.4, i
      yield q.4, b.2
    }
    o: f64 = log p
    k: f64 = abs o
    yield k, b
  }
  return s, y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 1, -0.3, 0.8, 1.1}), runtime.Scalar(0.7)}},

	"a loop that calls a function with arrays, one of them twice": {`
func g[n](a: f64[n], b: f64[n], i: i64, s: f64) -> (f64, f64[n]) {
  p: f64 = gather["@"] a, i
  q: f64 = gather["@"] b, i
  r: f64 = mul p, q
  t: f64 = mul r, s
  u: f64 = sin t
  c: f64[n] = update["@"] b, u, i
  return u, c
}

func f[n](x: f64[n], w: f64) -> (f64, f64[n]) {
  zero: i64 = const 0
  m: i64 = size[value, n]
  s: f64, y: f64[n] = for i in zero..m carry (s.1: f64 = w, a: f64[n] = x) {
    p: f64, q: f64[n] = call g[n] x, a, i, s.1
    r: f64, t: f64[n] = call g[n] q, q, i, p
    u: f64, v: f64[n] = call g[n] x, x, i, r
    b: f64[n] = add t, v
    yield u, b
  }
  return s, y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 0.9, -0.8}), runtime.Scalar(1.3)}},

	"a loop that needs parts of other sizes in each round": {`
func f[n](x: f64[n]) -> (f64[n], f64) {
  zero: i64 = const 0
  one: i64 = const 1
  m: i64 = size[value, n]
  y: f64[n] = for i in one..m carry (a: f64[n] = x) {
    p: f64[i] = slice[(i, 1)] a, zero
    q: f64[i] = mul p, p
    e: f64[i] = cos q
    s: f64 = reduce[prod, 0] e
    b: f64[n] = update["@"] a, s, i
    c: f64[n] = accumulate["r", (i, 1), div] b, e, zero
    yield c
  }
  u: f64 = reduce[sum, 0] y
  return y, u
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 0.2, -0.3, 0.4})}},

	"a loop over nothing": {`
func f[n](x: f64[n]) -> (f64[n], f64) {
  zero: i64 = const 0
  two: i64 = const 2
  one: f64 = const 1
  y: f64[n], s: f64 = for i in two..zero carry (a: f64[n] = x, s.1: f64 = one) {
    b: f64[n] = mul a, a
    v: f64 = gather["@"] a, i
    t: f64 = mul s.1, v
    yield b, t
  }
  return y, s
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 0.2})}},

	"recursion over halves": {`
recursive func f[n](x: f64[n], lo: i64, hi: i64) -> (f64) {
  one: i64 = const 1
  two: i64 = const 2
  d: i64 = sub hi, lo
  small: bool = le d, one
  y: f64 = if small {
    v: f64 = gather["@"] x, lo
    s: f64 = sin v
    yield s
  } else {
    t: i64 = add lo, hi
    mid: i64 = floordiv t, two
    a: f64 = call f[n] x, lo, mid
    b: f64 = call f[n] x, mid, hi
    p: f64 = mul a, b
    q: f64 = add p, a
    yield q
  }
  return y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, 0.2, -0.3, 0.4, 1}), runtime.Scalar(int64(0)), runtime.Scalar(int64(5))}},

	"an existential size that a loop carries on": {`
func f[n](x: f64[n]) -> some 1 (i64, f64[_0]) {
  four: i64 = const 4
  m: i64 = size[value, n]
  k: i64, y: f64[k] = while carry (a: i64 = m, b: f64[a] = x) {
    go: bool = lt a, four
    yield go
  } do (a.1: i64, b.1: f64[a.1]) {
    c: f64[a.1] = sin b.1
    d: f64[2*a.1] = append b.1, c
    e: f64[2*a.1] = mul d, d
    s: i64 = size[value, 2*a.1]
    yield s, e
  }
  return k, y
}`, []*runtime.Array{runtime.Vector([]float64{0.5, -0.7})}},
}

// matrix is an n by m array of these elements.
func matrix(n, m int, elements ...float64) *runtime.Array {
	a, err := runtime.NewArray(ir.F64, n, m)
	if err != nil {
		panic(err)
	}
	copy(a.F64(), elements)
	return a
}

func TestRecordedReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for name, test := range recorded {
		t.Run(name, func(t *testing.T) { checkReverse(t, r, written(t, test.text), test.args...) })
	}
}
