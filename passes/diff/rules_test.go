package diff

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A function with a rule has the derivative that the rule says, be it none; what
// the function does does not matter, nor does what it costs to find.
func TestRules(t *testing.T) {
	got := tangent(t, `
func stop[n](x: f64[n]) -> (f64[n]) derivative "stop'" {
  return x
}

func "stop'"[n](x: f64[n], dx: f64[n]) -> (f64[n]) {
  zero: f64 = const 0
  z: f64[n] = broadcast[n] zero
  return z
}

func measured[](x: f64, w: f64) -> (f64) derivative "measured'" {
  y: f64 = host["measure", pure] x
  z: f64 = mul y, w
  return z
}

func "measured'"[](x: f64, w: f64, dx: f64, dw: f64) -> (f64) {
  never: f64 = host["missing", pure] w
  two: f64 = const 2
  a: f64 = mul two, dx
  b: f64 = div a, x
  c: f64 = mul never, dw
  d: f64 = add b, c
  return d
}

func f[n](x: f64[n], s: f64) -> (f64[n], f64, f64) {
  i: i64 = const 1
  zero: f64 = const 0
  a: f64[n] = call stop[n] x
  b: f64[n] = mul a, x
  k: f64 = const 3
  c: f64 = call measured[] s, k
  d: f64 = max s, zero
  e: f64 = call measured[] d, k
  return b, c, e
}

main func main[](x: f64[2], dx: f64[2], s: f64, ds: f64) -> (f64[2], f64, f64) {
  a: f64[2], b: f64, c: f64, da: f64[2], db: f64, dc: f64 = jvp f[2] "dd" x, s, dx, ds
  return da, db, dc
}`, runtime.Vector([]float64{2, 3}), runtime.Vector([]float64{1, 10}), runtime.Scalar(-4.0), runtime.Scalar(1.0))
	if want := []float64{2, 30, -0.5, 0}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// What a function prints is printed once.
func TestEffectsHappenOnce(t *testing.T) {
	m, err := ir.Parse(`
func f[](x: f64) -> (f64) {
  print["x is ", {0}] x
  y: f64 = sin x
  return y
}

main func main[](x: f64) -> (f64, f64) {
  y: f64, dy: f64 = jvp f[] "d" x, x
  return y, dy
}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(m); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(m.String(), "print["); n != 1 {
		t.Errorf("%d times in\n%s", n, m)
	}
}

// A derivative that is not known is refused at its place, and only where it
// matters.
func TestRefusals(t *testing.T) {
	const around = `

main func main[](x: f64, dx: f64) -> (f64) {
  y: f64, dy: f64 = jvp f[] "d" x, dx
  return dy
}`
	rule := func(body string) string {
		return `
func g[](x: f64) -> (f64) derivative "g'" {
  y: f64 = exp x
  return y
}

func "g'"[](x: f64, dx: f64) -> (f64) {
  zero: f64 = const 0
  one: f64 = const 1
  lo: i64 = const 0
  hi: i64 = const 3
` + body + `
  return y
}

func f[](x: f64) -> (f64) {
  y: f64 = call g[] x
  return y
}` + around
	}
	for name, c := range map[string]struct {
		text   string
		reason Reason // 0: none
		place  string
		says   string
	}{
		"a host function": {`
func f[](x: f64) -> (f64) {
  a: f64 = mul x, x
  y: f64 = host["measure", pure] a @3:7
  return y
}` + around, NoRule, "3:7", "measure"},
		"a host function of a constant": {`
func f[](x: f64) -> (f64) {
  k: f64 = const 2
  y: f64 = host["measure", pure] k
  z: f64 = mul y, x
  return z
}` + around, 0, "", ""},
		"a host function that decides only": {`
func f[](x: f64) -> (f64) {
  k: f64 = host["measure", pure] x
  c: bool = lt k, x
  y: f64 = select c, x, k
  z: f64 = select c, x, x
  return z
}` + around, 0, "", ""},
		"a kernel without a rule": {`
func f[](x: f64) -> (f64) {
  a: f64[2, 2] = broadcast[2, 2] x
  b: f64[2, 2] = lib[cholesky, ""] a @4:3
  y: f64 = reduce[sum, 0, 1] b
  return y
}` + around, NoRule, "4:3", "cholesky"},
		"its own derivative": {`
recursive func f[](x: f64) -> (f64) {
  y: f64, dy: f64 = jvp f[] "d" x, x @2:5
  return dy
}` + around, Endless, "2:5", "f"},
		"a linear rule": {rule(`
  a: f64 = call g[] x
  c: bool = lt zero, x
  b: f64 = select c, dx, zero
  d: f64 = for i in lo..hi carry (s: f64 = zero) {
    t: f64 = add s, b
    yield t
  }
  e: f64 = div d, a
  y: f64 = sub e, dx`), 0, "", ""},
		"a product of tangents":     {rule("  y: f64 = mul dx, dx @7:2"), NotLinear, "7:2", "mul"},
		"a function of a tangent":   {rule("  s: f64 = sin dx @7:2\n  y: f64 = mul s, x"), NotLinear, "7:2", "sin"},
		"a quotient by a tangent":   {rule("  y: f64 = div x, dx @7:2"), NotLinear, "7:2", "div"},
		"a condition on a tangent":  {rule("  c: bool = lt dx, x @7:2\n  y: f64 = select c, dx, zero"), NotLinear, "7:2", "lt"},
		"a part without a tangent":  {rule("  y: f64 = exp x"), NotLinear, "", "without"},
		"a sum with something else": {rule("  a: f64 = add dx, x\n  y: f64 = mul a, x @8:2"), NotLinear, "", ""},
		"a loop that adds a constant": {rule(`  y: f64 = for i in lo..hi carry (s: f64 = dx) {
    t: f64 = add s, one
    yield t
  }`), NotLinear, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ir.Parse(c.text, &ast.Source{Name: "test", Text: strings.Repeat(strings.Repeat(".", 20)+"\n", 20)})
			if err != nil {
				t.Fatal(err)
			}
			if err := ir.Verify(m); err != nil {
				t.Fatal(err)
			}
			err = Run(m)
			var refusal *Refusal
			switch {
			case c.reason == 0 && err != nil:
				t.Fatal(err)
			case c.reason == 0:
				if err := ir.Verify(m); err != nil {
					t.Error(err)
				}
			case !errors.As(err, &refusal):
				t.Fatalf("no refusal but %v", err)
			default:
				if refusal.Reason != c.reason || !strings.Contains(refusal.Error(), c.place) || !strings.Contains(refusal.Message, c.says) {
					t.Errorf("refusal %d: %v", refusal.Reason, refusal)
				}
			}
		})
	}
}
