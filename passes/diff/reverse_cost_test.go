package diff

import (
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
)

// work is what the operations of a block take, by the table; that of blocks in
// it counts once.
func work(b *ir.Block) int {
	total := 0
	for _, op := range b.Ops {
		if op.Code != ir.Call {
			total += op.Code.Info().Cost.Work()
		}
		for _, region := range op.Regions {
			total += work(region)
		}
	}
	return total
}

// A value with its gradient takes at most four times what the value takes.
func TestCostReverse(t *testing.T) {
	for name, body := range map[string]string{
		"rosenbrock": `
func f[n](x: f64[n]) -> (f64) {
  z: i64 = const 0
  o: i64 = const 1
  h: f64 = const 100
  one: f64 = const 1
  a: f64[n - 1] = slice[(n - 1, 1)] x, z
  b: f64[n - 1] = slice[(n - 1, 1)] x, o
  a2: f64[n - 1] = mul a, a
  d: f64[n - 1] = sub b, a2
  d2: f64[n - 1] = mul d, d
  hb: f64[n - 1] = broadcast[n - 1] h
  t: f64[n - 1] = mul hb, d2
  ob: f64[n - 1] = broadcast[n - 1] one
  e: f64[n - 1] = sub ob, a
  e2: f64[n - 1] = mul e, e
  s: f64[n - 1] = add t, e2
  y: f64 = reduce[sum, 0] s
  return y
}`,
		"softmax and logarithm": `
func f[n](x: f64[n]) -> (f64) {
  z: i64 = const 0
  m: f64 = reduce[max, 0] x
  b: f64[n] = broadcast[n] m
  c: f64[n] = sub x, b
  e: f64[n] = exp c
  s: f64 = reduce[sum, 0] e
  l: f64 = log s
  h: f64 = gather["@"] c, z
  y: f64 = sub l, h
  return y
}`,
		"a layer": `
func f[n](x: f64[n]) -> (f64) {
  w: f64[n, n] = contract["i,j->ij"] x, x
  a: f64[n] = contract["ij,j->i"] w, x
  h: f64[n] = tanh a
  y: f64 = contract["i,i->"] h, h
  return y
}`,
		"a loop over elements": `
func f[n](x: f64[n]) -> (f64) {
  one: i64 = const 1
  m: i64 = size[value, n]
  y: f64[n] = for i in one..m carry (a: f64[n] = x) {
    h: i64 = sub i, one
    p: f64 = gather["@"] a, h
    q: f64 = gather["@"] a, i
    s: f64 = sin p
    r: f64 = mul s, q
    b: f64[n] = update["@"] a, r, i
    yield b
  }
  u: f64 = reduce[sum, 0] y
  return u
}`,
		"a map of loops": `
func f[n](x: f64[n]) -> (f64) {
  zero: i64 = const 0
  y: f64[n] = map i<n {
    a: f64 = gather["@"] x, i
    r: f64 = for k in zero..i carry (b: f64 = a) {
      e: f64 = sin b
      q: f64 = mul e, a
      yield q
    }
    yield r
  }
  s: f64 = reduce[sum, 0] y
  return s
}`,
	} {
		m, err := ir.Parse(body+`

main func main[n](x: f64[n]) -> (f64, f64[n]) {
  one: f64 = const 1
  y: f64, dx: f64[n] = vjp f[n] "d" "d" x, one
  return y, dx
}`, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		before := work(m.Funcs[0].Body)
		if err := RunWhole(m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		after := 0
		for _, f := range m.Funcs {
			if strings.HasPrefix(f.Name, "f") {
				after += work(f.Body)
			}
		}
		if t.Logf("%s: %d and %d", name, before, after); after > 4*before {
			t.Errorf("%s: the gradient takes %d, the value alone %d", name, after, before)
		}
	}
}
