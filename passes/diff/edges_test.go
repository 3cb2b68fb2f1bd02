package diff

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

var inf, nan = math.Inf(1), math.NaN()

// partial is the derivative of an operation by operand i at these numbers.
func partial(t *testing.T, code ir.Code, i int, at ...float64) float64 {
	t.Helper()
	var args []*runtime.Array
	active := make([]bool, len(at))
	for _, x := range at {
		args = append(args, runtime.Scalar(x))
	}
	active[i] = true
	x := newExperiment(t, one(code, nil).of(args...), args, active)
	return x.first(append(args, runtime.Scalar(1.0))...)[0].F64()[0]
}

// The conventions at the points where a derivative is not what differences say,
// or where a formula could go wrong.
func TestEdges(t *testing.T) {
	for _, c := range []struct {
		code ir.Code
		by   int
		at   []float64
		want float64
	}{
		{ir.Abs, 0, []float64{0}, 0},
		{ir.Abs, 0, []float64{-3}, -1},
		{ir.Sqrt, 0, []float64{0}, inf},
		{ir.Log, 0, []float64{0}, inf},
		{ir.Log1p, 0, []float64{-1}, inf},
		{ir.Asin, 0, []float64{1}, inf},
		{ir.Acos, 0, []float64{-1}, -inf},
		{ir.Expm1, 0, []float64{-50}, math.Exp(-50)},
		{ir.Exp, 0, []float64{-inf}, 0},
		{ir.Atan, 0, []float64{1e300}, 0},
		{ir.Tanh, 0, []float64{inf}, 0},
		{ir.Max, 0, []float64{1, 1}, 0.5},
		{ir.Max, 1, []float64{1, 1}, 0.5},
		{ir.Max, 0, []float64{nan, 1}, 1},
		{ir.Max, 1, []float64{nan, 1}, 0},
		{ir.Min, 1, []float64{1, nan}, 1},
		{ir.Min, 1, []float64{nan, nan}, 0.5},
		{ir.Max, 0, []float64{2, 1}, 1},
		{ir.Max, 0, []float64{1, 2}, 0},
		{ir.Min, 0, []float64{1, 2}, 1},
		{ir.Min, 1, []float64{1, 2}, 0},
		{ir.Min, 0, []float64{inf, inf}, 0.5},
		{ir.Pow, 0, []float64{0, 0}, 0},
		{ir.Pow, 0, []float64{0, 0.5}, inf},
		{ir.Pow, 0, []float64{0, 1}, 1},
		{ir.Pow, 0, []float64{0, 2}, 0},
		{ir.Pow, 0, []float64{0, -1}, -inf},
		{ir.Pow, 0, []float64{-2, 3}, 12},
		{ir.Pow, 0, []float64{-2, -1}, -0.25},
		{ir.Pow, 0, []float64{3, 0}, 0},
		{ir.Pow, 0, []float64{inf, 0}, 0},
		{ir.Pow, 0, []float64{1e-320, 0}, 0},
		{ir.Pow, 1, []float64{0, 2}, 0},
		{ir.Pow, 1, []float64{0, 0}, 0},
		{ir.Pow, 1, []float64{1, 5}, 0},
		{ir.Pow, 1, []float64{-2, 2}, nan},
		{ir.Atan2, 0, []float64{0, 0}, 0},
		{ir.Atan2, 1, []float64{0, 0}, 0},
		{ir.Atan2, 0, []float64{0, 2}, 0.5},
		{ir.Atan2, 0, []float64{0, -2}, -0.5},
		{ir.Mod, 0, []float64{7, 3}, 1},
		{ir.Mod, 1, []float64{7, 3}, -2},
		{ir.Mod, 1, []float64{-7, 3}, 3},
		{ir.Mod, 1, []float64{6, 0.1}, -59}, // 6/0.1 rounds to 60
		{ir.CopySign, 0, []float64{-2, 1}, -1},
		{ir.CopySign, 0, []float64{-2, -1}, 1},
		{ir.CopySign, 1, []float64{-2, -1}, 0},
		{ir.Div, 0, []float64{1, 0}, inf},
		{ir.Div, 1, []float64{1, inf}, 0},
	} {
		got := partial(t, c.code, c.by, c.at...)
		if got != c.want && !(got != got && c.want != c.want) {
			t.Errorf("%v%v by operand %d: %v, not %v", c.code, c.at, c.by, got, c.want)
		}
	}
}

// tangent runs a module whose main function takes x and dx.
func tangent(t *testing.T, text string, args ...*runtime.Array) []float64 {
	t.Helper()
	run := compile(t, func(m *ir.Module) {
		parsed, err := ir.Parse(text, nil)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		m.Funcs = parsed.Funcs
	})
	var list []float64
	for _, a := range run(args...) {
		list = append(list, numbers(a)...)
	}
	return list
}

// What is not chosen does not matter, even where its own derivative is infinite
// or undefined, in whatever way it is chosen.
func TestUnchosen(t *testing.T) {
	x := runtime.Vector([]float64{-1, 0, 4})
	dx := runtime.Vector([]float64{1, 1, 1})
	for name, c := range map[string]struct {
		body string
		want []float64
	}{
		"a select in front": {`
  p: bool[3] = lt z, x
  s: f64[3] = sqrt x
  y: f64[3] = select p, s, z`, []float64{0, 0, 0.25}},
		"a select behind": {`
  p: bool[3] = lt z, x
  s: f64[3] = select p, x, z
  y: f64[3] = sqrt s`, []float64{0, 0, 0.25}},
		"clipping": {`
  s: f64[3] = sub x, one
  t: f64[3] = max s, z
  y: f64[3] = sqrt t`, []float64{0, 0, 0.5 / math.Sqrt(3)}},
		"both sides": {`
  p: bool[3] = lt z, x
  s: f64[3] = sqrt x
  e: f64[3] = mul x, x
  y: f64[3] = select p, s, e`, []float64{-2, 0, 0.25}},
		"a clipped sum": {`
  p: bool[3] = lt x, one
  s: f64[3] = select p, z, x
  t: f64[3] = sqrt s
  u: f64 = reduce[sum, 0] t
  y: f64[3] = broadcast[3] u`, []float64{0.25, 0.25, 0.25}},
		"an element that is overwritten": {`
  i: i64 = const 1
  zero: f64 = const 0
  a: f64[3] = update["@"] x, zero, i
  b: f64[3] = abs a
  y: f64[3] = sqrt b`, []float64{-0.5, 0, 0.25}},
		"the zero that a loop begins with": {`
  lo: i64 = const 0
  hi: i64 = const 2
  q: f64[3] = mul x, x
  w: f64[3] = add q, one
  y: f64[3] = for k in lo..hi carry (a: f64[3] = z) {
    b: f64[3] = sqrt a
    c: f64[3] = add b, w
    yield c
  }`, []float64{-2 - 1/math.Sqrt2, 0, 8 + 4/math.Sqrt(17)}},
		"elements beside one that is multiplied": {`
  i: i64 = const 2
  p: bool[3] = lt one, x
  s: f64[3] = select p, x, z
  w: f64 = gather["@"] x, i
  b: f64[3] = accumulate["@", mul] s, w, i
  y: f64[3] = sqrt b`, []float64{0, 0, 1}},
		"elements beside one that a loop multiplies": {`
  lo: i64 = const 0
  hi: i64 = const 2
  i: i64 = const 2
  w: f64 = gather["@"] x, i
  s: f64[3] = update["@"] z, one.2, i
  t: f64[3] = for k in lo..hi carry (a: f64[3] = s) {
    b: f64[3] = accumulate["@", mul] a, w, i
    yield b
  }
  y: f64[3] = sqrt t`, []float64{0, 0, 1}},
		"through a loop": {`
  lo: i64 = const 0
  hi: i64 = const 2
  p: bool[3] = lt one, x
  s: f64[3] = select p, x, z
  y: f64[3] = for k in lo..hi carry (a: f64[3] = s) {
    b: f64[3] = sqrt a
    yield b
  }`, []float64{0, 0, 1 / (4 * math.Sqrt(8))}},
	} {
		text := `
func f[](x: f64[3]) -> (f64[3]) {
  zero.2: f64 = const 0
  one.2: f64 = const 1
  z: f64[3] = broadcast[3] zero.2
  one: f64[3] = broadcast[3] one.2` + c.body + `
  return y
}

main func main[](x: f64[3], dx: f64[3]) -> (f64[3]) {
  y: f64[3], dy: f64[3] = jvp f[] "d" x, dx
  return dy
}`
		got := tangent(t, text, x, dx)
		for i, want := range c.want {
			if !(math.Abs(got[i]-want) <= 1e-15) {
				t.Errorf("%s: %v, not %v", name, got, c.want)
				break
			}
		}
	}
}

// Equal extremes share their derivative; a cumulated one follows the element
// that attained it first.
func TestTies(t *testing.T) {
	x, dx := runtime.Vector([]float64{2, 1, 2, 2}), runtime.Vector([]float64{1, 10, 4, 7})
	got := tangent(t, `
func f[n](x: f64[n]) -> (f64, f64, f64[n], f64[n]) {
  a: f64 = reduce[max, 0] x
  b: f64 = reduce[min, 0] x
  c: f64[n] = scan[cummax] x
  d: f64[n] = scan[cummin, reverse] x
  return a, b, c, d
}

main func main[](x: f64[4], dx: f64[4]) -> (f64, f64, f64[4], f64[4]) {
  a: f64, b: f64, c: f64[4], d: f64[4], da: f64, db: f64, dc: f64[4], dd: f64[4] = jvp f[4] "d" x, dx
  return da, db, dc, dd
}`, x, dx)
	want := []float64{4, 10, 1, 1, 1, 1, 10, 10, 7, 7}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// The tangents of f32 are those of f64, rounded on the way.
func TestSinglePrecision(t *testing.T) {
	text := `
func f[n](x: f64[n]) -> (f64[n], f64) {
  a: f64[n] = sin x
  b: f64[n] = mul a, x
  c: f64[n] = max b, a
  k: f64 = const 0.75
  e: f64[n] = broadcast[n] k
  d: f64[n] = pow c, e
  p: f64 = reduce[prod, 0] d
  q: f64[n] = scan[cumprod] d
  return q, p
}

main func main[](x: f64[3], dx: f64[3]) -> (f64[3], f64) {
  a: f64[3], b: f64, c: f64[3], d: f64 = jvp f[3] "d" x, dx
  return c, d
}`
	double := tangent(t, text, runtime.Vector([]float64{0.5, 1.5, 2}), runtime.Vector([]float64{1, 2, -1}))
	single := tangent(t, strings.ReplaceAll(text, "f64", "f32"), runtime.Vector([]float32{0.5, 1.5, 2}), runtime.Vector([]float32{1, 2, -1}))
	for i := range double {
		if !(math.Abs(single[i]-double[i]) <= 1e-5*math.Abs(double[i])) {
			t.Errorf("%v, not %v", single, double)
		}
	}
}

// Numbers of other types than the argument's carry the derivative along, or cut
// it.
func TestConversions(t *testing.T) {
	got := tangent(t, `
func f[](x: f64) -> (f32, c128, f64, f64) {
  a: f32 = convert[f32] x
  b: f64 = convert[f64] a
  c: c128 = convert[c128] b
  d: c128 = mul c, c
  i: i64 = convert[i64] x
  e: f64 = convert[f64] i
  g: f64 = mul e, x
  h: f64 = floor g
  return a, d, g, h
}

main func main[](x: f64, dx: f64) -> (f32, c128, f64, f64) {
  a: f32, b: c128, c: f64, d: f64, da: f32, db: c128, dc: f64, dd: f64 = jvp f[] "d" x, dx
  return da, db, dc, dd
}`, runtime.Scalar(2.5), runtime.Scalar(1.0))
	if want := []float64{1, 5, 0, 2, 0}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// A complex number at 0 has no direction, and so no derivative of its absolute
// value or its sign.
func TestComplexZero(t *testing.T) {
	got := tangent(t, `
func f[](z: c128) -> (f64, c128, c128) {
  a: f64 = abs z
  b: c128 = sign z
  two: c128 = const (2, 0)
  c: c128 = pow z, two
  return a, b, c
}

main func main[](z: c128, dz: c128) -> (f64, c128, c128) {
  a: f64, b: c128, c: c128, da: f64, db: c128, dc: c128 = jvp f[] "d" z, dz
  return da, db, dc
}`, runtime.Scalar(0i), runtime.Scalar(1+2i))
	if want := []float64{0, 0, 0, 0, 0}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}
