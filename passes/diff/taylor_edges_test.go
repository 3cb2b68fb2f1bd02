package diff

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// What is not chosen does not matter in any coefficient, whatever its operation
// is: all are finite, and those of nested derivatives.
func TestUnchosenTaylor(t *testing.T) {
	x := runtime.Vector([]float64{-1, 0, 4})
	dx := runtime.Vector([]float64{1, 0.5, 1})
	for name, body := range map[string]string{
		"a root": `
  y: f64[3] = sqrt s`,
		"a root in front": `
  r: f64[3] = sqrt x
  y: f64[3] = select p, r, z`,
		"both sides": `
  r: f64[3] = log x
  q: f64[3] = mul x, x
  y: f64[3] = select p, r, q`,
		"a product with what varies elsewhere": `
  r: f64[3] = sqrt s
  q: f64[3] = select p, z, x
  e: f64[3] = exp q
  y: f64[3] = mul r, e`,
		"a product with what varies everywhere": `
  r: f64[3] = sqrt s
  e: f64[3] = exp x
  y: f64[3] = mul e, r`,
		"a quotient of what varies here and there": `
  q: f64[3] = select p, two, x
  w: f64[3] = add q, two
  r: f64[3] = sqrt s
  y: f64[3] = div r, w`,
		"a power of a chosen base": `
  w: f64[3] = mul x, x
  e: f64[3] = add w, one
  y: f64[3] = pow s, e`,
		"a power with a chosen exponent": `
  w: f64[3] = mul x, x
  e: f64[3] = add w, one
  q: f64[3] = sub x, two
  y: f64[3] = pow q, t`,
		"an angle": `
  r: f64[3] = sqrt s
  q: f64[3] = select p, two, x
  y: f64[3] = atan2 r, q`,
		"clipping": `
  a: f64[3] = max x, one
  b: f64[3] = sub a, one
  y: f64[3] = sqrt b`,
		"a sum": `
  r: f64[3] = sqrt s
  u: f64 = reduce[sum, 0] r
  y: f64[3] = broadcast[3] u`,
		"products": `
  r: f64[3] = sqrt s
  e: f64[3] = add r, one
  y: f64[3] = scan[cumprod] e`,
		"a product of all": `
  r: f64[3] = sqrt s
  e: f64[3] = add r, one
  u: f64 = reduce[prod, 0] e
  y: f64[3] = broadcast[3] u`,
		"a recurrence": `
  r: f64[3] = sqrt s
  y: f64[3] = scan[recur] r, x`,
		"a contraction": `
  r: f64[3] = sqrt s
  u: f64 = contract["i,i->"] r, x
  y: f64[3] = broadcast[3] u`,
		"an element that is overwritten": `
  i: i64 = const 1
  zero: f64 = const 0
  a: f64[3] = update["@"] x, zero, i
  b: f64[3] = abs a
  y: f64[3] = sqrt b`,
		"a factor of elements": `
  i: i64[3] = const[3: 0, 2, 2]
  r: f64[3] = sqrt s
  y: f64[3] = accumulate["t", mul] x, r, i`,
		"a factor beside": `
  i: i64 = const 0
  v: f64 = gather["@"] x, i
  a: f64[3] = update["@"] z, v, i
  b: f64[3] = accumulate["@", mul] a, v, i
  y: f64[3] = sqrt b`,
		"a loop that begins with zero": `
  lo: i64 = const 0
  hi: i64 = const 3
  w: f64[3] = mul x, x
  q: f64[3] = add w, one
  y: f64[3] = for k in lo..hi carry (a: f64[3] = z) {
    b: f64[3] = sqrt a
    c: f64[3] = add b, q
    yield c
  }`,
		"through a loop": `
  lo: i64 = const 0
  hi: i64 = const 3
  y: f64[3] = for k in lo..hi carry (a: f64[3] = s) {
    b: f64[3] = sqrt a
    yield b
  }`,
		"one lane after the other": `
  y: f64[3] = map i<3 {
    a: f64 = gather["@"] x, i
    c: bool = gather["@"] p, i
    zero: f64 = const 0
    r: f64 = if c {
      l: f64 = log a
      yield l
    } else {
      yield zero
    }
    yield r
  }`,
	} {
		text := `
func f[](x: f64[3]) -> (f64[3]) {
  zero.2: f64 = const 0
  one.2: f64 = const 1
  two.2: f64 = const 2.5
  z: f64[3] = broadcast[3] zero.2
  one: f64[3] = broadcast[3] one.2
  two: f64[3] = broadcast[3] two.2
  p: bool[3] = lt one, x
  s: f64[3] = select p, x, z
  t: f64[3] = select p, two, one` + body + `
  return y
}`
		const order = 4
		args := []*runtime.Array{x}
		series := coefficients(t, written(t, text), args, order, ir.SeedDense)(x, dx)
		factorial := 1.0
		for j := 1; j <= order; j++ {
			factorial *= float64(j)
			want := numbers(nested(t, written(t, text), args, j)(x, dx)[0])
			for i := range want {
				if want[i] /= factorial; math.IsNaN(want[i]) || math.IsInf(want[i], 0) {
					t.Errorf("%s: nested derivatives give %v", name, want)
				}
			}
			checkClose(t, fmt.Sprintf("%s: coefficient %d", name, j), series[j-1:j], [][]float64{want}, 1e-12)
		}
	}
}

// The coefficients in single precision are those in double precision, rounded on
// the way.
func TestTaylorSingle(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for code := range ir.Ops {
		code := ir.Code(code)
		info := code.Info()
		if info.Class != ir.Elementwise || info.Derivative.Kind == ir.Cut || !info.DTypes.Has(ir.F32) || code == ir.Convert {
			continue
		}
		var single, double, ones, twice []*runtime.Array
		for _, name := range info.Operands {
			if name == "c" {
				single = append(single, random(r, ir.Bool, 0, 1, 3))
				double = append(double, single[0])
				continue
			}
			x := random(r, ir.F32, max(info.Sample.Low, -0.75), min(info.Sample.High, 1.5), 3)
			if info.Sample.High == 1 {
				x = random(r, ir.F32, -0.5, 0.5, 3)
			}
			single, double = append(single, x), append(double, runtime.Vector(numbers(x)))
			ones = append(ones, runtime.Vector([]float32{0.5, 0.5, 0.5}))
			twice = append(twice, runtime.Vector([]float64{0.5, 0.5, 0.5}))
		}
		var want [][]float64
		for _, a := range coefficients(t, one(code, nil).of(double...), double, 4, ir.SeedDense)(slices.Concat(double, twice)...) {
			want = append(want, numbers(a))
		}
		got := coefficients(t, one(code, nil).of(single...), single, 4, ir.SeedDense)(slices.Concat(single, ones)...)
		checkClose(t, info.Name, got, want, 1e-4)
	}
}

// High orders of functions whose coefficients are known.
func TestTaylorOfHighOrder(t *testing.T) {
	const order = 20
	sign := func(n int) float64 { return float64(1 - 2*(n%2)) }
	binomial := func(b float64, n int) float64 {
		x := 1.0
		for i := range n {
			x *= (b - float64(i)) / float64(i+1)
		}
		return x
	}
	for name, c := range map[string]struct {
		body string
		at   float64
		want func(n int) float64
	}{
		"exp":           {"y: f64 = exp x", 0, func(n int) float64 { return 1 / math.Gamma(float64(n+1)) }},
		"log":           {"y: f64 = log x", 1, func(n int) float64 { return -sign(n) / float64(n) }},
		"log1p":         {"y: f64 = log1p x", 0, func(n int) float64 { return -sign(n) / float64(n) }},
		"a reciprocal":  {"one: f64 = const 1\ny: f64 = div one, x", 1, sign},
		"sqrt":          {"y: f64 = sqrt x", 1, func(n int) float64 { return binomial(0.5, n) }},
		"a power":       {"e: f64 = const -2.5\ny: f64 = pow x, e", 1, func(n int) float64 { return binomial(-2.5, n) }},
		"a whole power": {"e: f64 = const 17\ny: f64 = pow x, e", 1, func(n int) float64 { return binomial(17, n) }},
		"sin": {"y: f64 = sin x", 0, func(n int) float64 {
			return float64(n%2) * sign(n/2) / math.Gamma(float64(n+1))
		}},
		"atan": {"y: f64 = atan x", 0, func(n int) float64 { return float64(n%2) * sign(n/2) / float64(n) }},
		"asin": {"y: f64 = asin x", 0, func(n int) float64 {
			if n%2 == 0 {
				return 0
			}
			return math.Abs(binomial(-0.5, n/2)) / float64(n)
		}},
	} {
		text := "func f[](x: f64) -> (f64) {\n" + c.body + "\nreturn y\n}"
		x := runtime.Scalar(c.at)
		got := coefficients(t, written(t, text), []*runtime.Array{x}, order, ir.SeedDense)(x, runtime.Scalar(1.0))
		for n := 1; n <= order; n++ {
			if y, want := got[n-1].F64()[0], c.want(n); !(math.Abs(y-want) <= 1e-13*max(math.Abs(want), 1e-3)) {
				t.Errorf("coefficient %d of %s: %v, not %v", n, name, y, want)
			}
		}
	}
}

// What has no derivative that is known has no series.
func TestTaylorRefusals(t *testing.T) {
	for _, op := range []string{`host["measure"]`, `lib[cholesky, ""]`} {
		m, err := ir.Parse(`
func f[](x: f64[1, 1]) -> (f64[1, 1]) {
  y: f64[1, 1] = `+op+` x
  return y
}

main func main[](x: f64[1, 1]) -> (f64[1, 1]) {
  y: f64[1, 1], c1: f64[1, 1], c2: f64[1, 1] = taylor f[] "d" 2 x, x
  return c2
}`, nil)
		if err != nil {
			t.Fatal(err)
		}
		var refusal *Refusal
		if err := Run(m); !errors.As(err, &refusal) || refusal.Reason != NoRule {
			t.Errorf("%s: %v", op, err)
		}
	}
}
