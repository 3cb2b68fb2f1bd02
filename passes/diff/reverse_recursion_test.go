package diff

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// Functions that call themselves, in all places where a call may stand, and with
// everything on their tapes that has a type.
var recursive = map[string]string{
	"in a loop": `
recursive func f[n](x: f64[n], w: f64, k: i64) -> (f64, f64[n]) {
  zero: i64 = const 0
  one: i64 = const 1
  leaf: bool = le k, zero
  s: f64, y: f64[n] = if leaf {
    a: f64 = gather["@"] x, zero
    b: f64 = mul a, w
    c: f64 = sin b
    yield c, x
  } else {
    j: i64 = sub k, one
    p: f64, q: f64[n] = for i in zero..k carry (t: f64 = w, u: f64[n] = x) {
      r: f64, v: f64[n] = call f[n] u, t, j
      e: f64 = exp r
      g: f64 = mul e, t
      h: f64 = sin g
      v.1: f64[n] = sin v
      v.2: f64[n] = mul v.1, u
      yield h, v.2
    }
    yield p, q
  }
  return s, y
}`,
	"in a while, with an array of another size in each call": `
recursive func f[n](x: f64[n], w: f64, k: i64) -> (f64, f64[n]) {
  zero: i64 = const 0
  one: i64 = const 1
  two: i64 = const 2
  m: i64 = size[value, n]
  half: i64 = floordiv m, two
  small: bool = le m, one
  s: f64 = if small {
    a: f64 = reduce[prod, 0] x
    b: f64 = mul a, w
    yield b
  } else {
    c: i64, t: f64 = while carry (c.1: i64 = zero, t.1: f64 = w) {
      go: bool = lt c.1, k
      yield go
    } do (c.2: i64, t.2: f64) {
      part: f64[half] = slice[(half, 1)] x, c.2
      square: f64[half] = mul part, part
      r: f64, z: f64[half] = call f[half] square, t.2, one
      d: f64 = reduce[prod, 0] z
      g: f64 = mul r, d
      h: f64 = cos g
      c.3: i64 = add c.2, one
      yield c.3, h
    }
    yield t
  }
  e: f64[n] = exp x
  l: f64[n] = broadcast[n] s
  y: f64[n] = mul e, l
  return s, y
}`,
	"in a map": `
recursive func f[n](x: f64[n], w: f64, k: i64) -> (f64, f64[n]) {
  zero: i64 = const 0
  one: i64 = const 1
  leaf: bool = le k, zero
  y: f64[n] = if leaf {
    c: f64[n] = sin x
    yield c
  } else {
    j: i64 = sub k, one
    q: f64[n] = map i<n {
      a: f64 = gather["@"] x, i
      b: f64 = mul a, w
      s: f64, z: f64[n] = call f[n] x, b, j
      e: f64 = mul s, a
      yield e
    }
    yield q
  }
  t: f64 = reduce[sum, 0] y
  u: f64 = sin t
  v: f64 = mul u, w
  return v, y
}`,
	"with complex numbers and conditions": `
recursive func f[n](x: f64[n], w: f64, k: i64) -> (f64, f64[n]) {
  zero: i64 = const 0
  one: i64 = const 1
  nothing: f64 = const 0
  leaf: bool = le k, zero
  z: c128[n] = convert[c128] x
  e: c128[n] = exp z
  p: c128[n] = mul e, z
  r: f64[n] = real p
  m: f64[n] = imag p
  g: f64[n] = abs e
  c: bool[n] = lt g, r
  o: f64[n] = select c, r, m
  s: f64 = reduce[sum, 0] o
  a: f64 = mul s, w
  v: f64, y: f64[n] = if leaf {
    yield a, o
  } else {
    j: i64 = sub k, one
    h: f64 = sin a
    v.1: f64, y.1: f64[n] = call f[n] o, h, j
    q: f64[n] = mul y.1, r
    t: f64 = mul v.1, h
    yield t, q
  }
  return v, y
}`,
}

func TestRecursionReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for name, text := range recursive {
		t.Run(name, func(t *testing.T) {
			checkReverse(t, r, written(t, text), runtime.Vector([]float64{0.4, -0.3, 0.8}), runtime.Scalar(0.6), runtime.Scalar(int64(2)))
		})
	}
}

// Backward code of a function that calls itself does not compute calls again.
func TestRecursionRecords(t *testing.T) {
	m, err := ir.Parse(`
recursive func f[n](x: f64[n], k: i64) -> (f64) {
  one: i64 = const 1
  last: bool = lt k, one
  y: f64 = if last {
    a: f64 = gather["@"] x, k
    yield a
  } else {
    j: i64 = sub k, one
    b: f64 = call f[n] x, j
    c: f64 = gather["@"] x, k
    d: f64 = mul b, c
    yield d
  }
  return y
}

main func main[n](x: f64[n], k: i64) -> (f64[n]) {
  one: f64 = const 1
  y: f64, dx: f64[n] = vjp f[n] "d" "d." x, k, one
  return dx
}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(m); err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Funcs {
		if !strings.Contains(f.Name, ".bwd") {
			continue
		}
		contains(f.Body, func(op *ir.Op) bool {
			if callee := op.Callee(); callee != nil && !strings.Contains(callee.Name, ".bwd") {
				t.Errorf("%s calls %s", f.Name, callee.Name)
			}
			if op.Code == ir.Broadcast && strings.Contains(f.Name, ".bwd.") {
				t.Errorf("%s makes an array", f.Name)
			}
			return false
		})
	}
}
