package diff

import (
	"math/rand/v2"
	"testing"

	"github.com/calx-lang/calx/ir"
)

// writing are functions with loops that write to arrays by elements, and read
// them again, of x with n elements.
var writing = map[string]string{
	"each element from the one before": `
func f[n](x: f64[n]) -> (f64) {
  one: i64 = const 1
  y: f64[n] = for i in one..n carry (a: f64[n] = x) {
    h: i64 = sub i, one
    p: f64 = gather["@"] a, h
    q: f64 = gather["@"] a, i
    r: f64 = mul p, q
    s: f64 = sin r
    b: f64[n] = update["@"] a, s, i
    yield b
  }
  u: f64 = reduce[sum, 0] y
  return u
}`,
	"all elements before": `
func f[n](x: f64[n]) -> (f64) {
  zero: i64 = const 0
  z: f64 = const 0
  start: f64[n] = broadcast[n] z
  y: f64[n] = for i in zero..n carry (a: f64[n] = start) {
    m: i64 = size[max, i, 0]
    p: f64[m] = slice[(m, 1)] a, zero
    q: f64[m] = sin p
    w: f64 = contract["i,i->"] q, p
    e: f64 = gather["@"] x, i
    c: f64 = cos w
    r: f64 = mul c, e
    b: f64[n] = update["@"] a, r, i
    yield b
  }
  u: f64 = contract["i,i->"] y, y
  return u
}`,
	"in loops in a loop, and only sometimes": `
func f[n](x: f64[n]) -> (f64) {
  zero: i64 = const 0
  one: i64 = const 1
  y: f64[n] = for i in zero..n carry (a: f64[n] = x) {
    e: f64 = gather["@"] a, i
    v: f64[n] = for k in zero..i carry (b: f64[n] = a) {
      p: f64 = gather["@"] b, k
      q: f64 = mul p, e
      s: f64 = sin q
      c: bool = lt s, p
      d: f64[n] = if c {
        g: f64[n] = update["@"] b, s, k
        yield g
      } else {
        o: f64[n] = accumulate["@", mul] b, e, i
        h: f64[n] = accumulate["@", div] o, q, k
        yield h
      }
      yield d
    }
    w: f64 = contract["i,i->"] v, v
    t: f64 = tanh w
    z: f64[n] = accumulate["@", add] v, t, i
    yield z
  }
  u: f64 = contract["i,i->"] y, y
  return u
}`,
	"until a condition holds": `
func f[n](x: f64[n]) -> (f64) {
  zero: i64 = const 0
  one: i64 = const 1
  i: i64, y: f64[n] = while carry (k: i64 = zero, a: f64[n] = x) {
    c: bool = lt k, n
    yield c
  } do (j: i64, d: f64[n]) {
    p: f64 = gather["@"] d, j
    s: f64 = contract["i,i->"] d, d
    t: f64 = sin s
    q: f64 = mul t, p
    b: f64[n] = update["@"] d, q, j
    l: i64 = add j, one
    yield l, b
  }
  u: f64 = contract["i,i->"] y, y
  return u
}`,
	"twice in a round, read between": `
func f[n](x: f64[n]) -> (f64) {
  zero: i64 = const 0
  y: f64[n] = for i in zero..n carry (a: f64[n] = x) {
    p: f64[n] = sin a
    w: f64 = contract["i,i->"] p, a
    v: f64 = tanh w
    b: f64[n] = update["@"] a, v, i
    c: f64[n] = tanh b
    s: f64 = contract["i,i->"] c, c
    u: f64 = sin s
    d: f64[n] = accumulate["@", add] b, u, zero
    yield d
  }
  r: f64 = contract["i,i->"] y, y
  return r
}`,
}

func TestWrittenArrays(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for name, text := range writing {
		t.Run(name, func(t *testing.T) { checkReverse(t, r, written(t, text), random(r, ir.F64, 0.2, 0.9, 5)) })
	}
}

// TestUndoIsSmall: n writes of an element leave no copies of the array.
func TestUndoIsSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for _, name := range []string{"each element from the one before", "all elements before",
		"until a condition holds", "twice in a round, read between"} {
		t.Run(name, func(t *testing.T) {
			const n = 2000
			p := gradientProgram(t, func(m *ir.Module) *ir.Func {
				f := written(t, writing[name])(m)
				return define(m, "g", []ir.Type{ir.ArrayOf(ir.F64, ir.Size(n))}, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
					return b.Call(f, []ir.Dim{ir.Size(n)}, v...)
				})
			}, []ir.Type{ir.ArrayOf(ir.F64, ir.Size(n))})
			mustFit(t, p, 200*n, random(r, ir.F64, 0, 1, n))
		})
	}
}

// TestLinearRecordsNothing: what is linear is not read again, however it is
// written.
func TestLinearRecordsNothing(t *testing.T) {
	m := &ir.Module{}
	f := written(t, `
func f[n, m](x: f64[n], steps: i64) -> (f64[n]) {
  zero: i64 = const 0
  one: i64 = const 1
  y: f64[n] = for i in zero..steps carry (a: f64[n] = x) {
    p: f64[m] = slice[(m, 1)] a, zero
    b: f64[n] = accumulate["r", (m, 1), add] a, p, one
    yield b
  }
  return y
}`)(m)
	types := []ir.Type{ir.ArrayOf(ir.F64, ir.Size(8)), ir.Scalar(ir.I64)}
	sizes := []ir.Dim{ir.Size(8), ir.Size(7)}
	m.Main = define(m, "gradient", append(types, types[0]), func(b *ir.Builder, v []*ir.Value) []*ir.Value {
		_, cotangents := b.VJP(f, sizes, "d", "d.", v...)
		return cotangents
	})
	if err := Run(m); err != nil {
		t.Fatal(err)
	}
	for _, g := range m.Funcs {
		if g.Name == "f.fwd" && len(g.Results) > len(f.Results) {
			t.Errorf("it records something:\n%s", g)
		}
	}
}
