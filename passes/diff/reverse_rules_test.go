package diff

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// rooted has a rule with a pullback that calls another rule, which has none.
const rooted = `
func root[](x: f64, w: f64) -> (f64) derivative "root'" with results pullback "root back" {
  s: f64 = sqrt x
  y: f64 = mul s, w
  return y
}

func "root'"[](x: f64, w: f64, dx: f64, dw: f64, y: f64) -> (f64) {
  two: f64 = const 2
  t: f64 = mul two, x
  u: f64 = mul dx, y
  v: f64 = div u, t
  s: f64 = call half[] x
  a: f64 = mul dw, s
  b: f64 = add v, a
  return b
}

func "root back"[](x: f64, w: f64, dy: f64) -> (f64, f64) {
  two: f64 = const 2
  s: f64 = call half[] x
  t: f64 = mul two, s
  a: f64 = mul dy, w
  dx: f64 = div a, t
  dw: f64 = mul dy, s
  return dx, dw
}

func half[](x: f64) -> (f64) derivative "half'" {
  y: f64 = sqrt x
  return y
}

func "half'"[](x: f64, dx: f64) -> (f64) {
  two: f64 = const 2
  y: f64 = call half[] x
  t: f64 = mul two, y
  d: f64 = div dx, t
  return d
}
`

// A pullback that was given agrees with the tangent of the rule, in first and
// second derivatives; a rule of f itself is taken too.
func TestRulesReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for name, text := range map[string]string{
		"within": rooted + `
func f[](x: f64, w: f64) -> (f64) {
  a: f64 = mul x, w
  y: f64 = call root[] a, x
  z: f64 = sin y
  return z
}`,
		"of f itself": rooted + `
func f[](x: f64, w: f64) -> (f64) derivative "root'" with results pullback "root back" {
  s: f64 = sqrt x
  y: f64 = mul s, w
  return y
}`,
		"in a map": rooted + `
func f[](x: f64[2], w: f64) -> (f64[2]) {
  y: f64[2] = map i<2 {
    a: f64 = gather["@"] x, i
    b: f64 = call root[] a, w
    yield b
  }
  return y
}`,
	} {
		x := runtime.Scalar(0.7)
		if name == "in a map" {
			x = runtime.Vector([]float64{0.7, 1.3})
		}
		t.Run(name, func(t *testing.T) { checkReverse(t, r, written(t, text), x, runtime.Scalar(1.2)) })
	}
}

// A rule is not asked where what it gives is not chosen.
func TestUnchosenRule(t *testing.T) {
	got := gradient(t, rooted+`
func f[n](x: f64[n]) -> (f64[n]) {
  zero: f64 = const 0
  one: f64 = const 1
  y: f64[n] = map i<n {
    a: f64 = gather["@"] x, i
    b: f64 = call root[] a, one
    c: f64 = call half[] a
    d: f64 = add b, c
    p: bool = lt zero, a
    e: f64 = select p, d, zero
    yield e
  }
  return y
}`, runtime.Vector([]float64{0, 4, 0}))
	if got[0] != 0 || got[1] != 0.5 || got[2] != 0 {
		t.Errorf("%v", got)
	}
}

// Cotangents of f32 are f32.
func TestSinglePrecisionReverse(t *testing.T) {
	x, err := runtime.NewArray(ir.F32, 3)
	if err != nil {
		t.Fatal(err)
	}
	copy(x.F32(), []float32{0.5, 2, -1})
	run := compile(t, func(m *ir.Module) {
		f := written(t, `
func f[n](x: f32[n]) -> (f64) {
  s: f32[n] = sin x
  m: f32 = reduce[max, 0] s
  p: f32 = reduce[prod, 0] s
  q: f32 = mul m, p
  w: f64 = convert[f64] q
  return w
}`)(m)
		backwards(m, f, "reverse", []ir.Type{typeOf(x)}, []ir.Type{ir.Scalar(ir.F64)}, []int{0}, ir.SeedDense)
	})
	got := run(x, runtime.Scalar(1.0))[0]
	if got.DType() != ir.F32 {
		t.Fatalf("a cotangent of %v", got.DType())
	}
	s := []float64{math.Sin(0.5), math.Sin(2), math.Sin(-1)}
	want := []float64{s[1] * s[1] * s[2] * math.Cos(0.5), 2 * s[0] * s[1] * s[2] * math.Cos(2), s[1] * s[0] * s[1] * math.Cos(-1)}
	for i, w := range want {
		if !(math.Abs(numbers(got)[i]-w) <= 1e-6) {
			t.Errorf("%v, not %v", numbers(got), want)
			break
		}
	}
}

// What has no derivative that is known is refused where it matters, and only
// there.
func TestReverseRefusals(t *testing.T) {
	const text = `
func f[](x: f64) -> (f64, f64) {
  y: f64 = host["measure", pure] x
  z: f64 = mul x, x
  return y, z
}

main func main[](x: f64) -> (f64) {
  one: f64 = const 1
  y: f64, z: f64, dx: f64 = vjp f[] "SEEDS" "d" x, one
  return dx
}`
	for seeds, refused := range map[string]bool{"d.": true, ".d": false} {
		m, err := ir.Parse(strings.ReplaceAll(text, "SEEDS", seeds), nil)
		if err != nil {
			t.Fatal(err)
		}
		var refusal *Refusal
		err = Run(m)
		if refused != errors.As(err, &refusal) || !refused && err != nil {
			t.Errorf("seeds %q: %v", seeds, err)
		}
		if refused && refusal.Reason != NoRule {
			t.Errorf("seeds %q: reason %v", seeds, refusal.Reason)
		}
	}
}
