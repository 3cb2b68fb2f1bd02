package tests

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// What is infinite or NaN at u = 0, or has a derivative that is.
var singular = []string{
	"sqrt(u)", "log(u)", "1 / u", "u^0.5", "u^v", "v / (u * u)", "sin(u) / u", "exp(1 / u)", "log1p(-1 / u)", "logaddexp(1 / u, v)",
	"linalg.norm([u, u])", "hypot(u, 1 / u)", "std([u, u])", "atan2(u, u)", "abs(complex(u, u))", "real(sqrt(complex(u, v * u)))",
	"linalg.cholesky([[1 / u, 0.0], [0, 1]])[0, 0]", "linalg.det([[1 / u, 1], [2, 1]])", "linalg.inv([[1 / u, 1], [1, 2]])[0, 0]",
	"linalg.solve([[1.0, 2], [3, 1]], [1 / u, 1])[0]", "sum([1 / u, v] @ [[1.0, 2], [3, v]])", "sum(real(fft.ifft([1 / u + 0i, v])))",
	"sum(cumprod([1, 1 / u, 2]))", "prod([1 / u, v])", "sort([1 / u, v])[0]", "interp(v, [0.0, 1, 2], [1 / u, v, 1])",
	"repeated(1 / u, 3)", "repeated(sqrt(u), 2)", "inverse([u, 1])[0]", "in_rounds(u, v)", "until(u, v)",
}

// How the expression s is left out where x[0] is 0, in favour of g.
var guards = []string{
	"where(x[0] != 0, s, g)", "where(x[0] == 0, g, s)", "(if x[0] != 0 { s } else { g })", "max(g, where(x[0] > 0, s, -inf))",
	"min(where(x[0] > 0, s, inf), g)", "clip(where(x[0] > 0, s, g), -1e9, 1e9)", "sum(where([x[0] != 0, true], [s, g], [g, g])) - g",
	"sum([if x[k] != 0 and k > 5 { s } else { g / 2 } for k in 0..2])", "written_over(s, g)", "set_in_rounds(s, g)", "chosen_in_rounds(x, s, g)",
	"chosen(x, s, g, 2)", "left_out(s, g)", "sum(where([x[0] != 0, true], [[s, 1], [0, 1]] @ [1, g], 0))",
}

const helpers = `
fn repeated(t: f64, k: i64) -> f64 = if k == 0 { t * t } else { repeated(t, k - 1) * t + t }
fn inverse(x: f64[n]) -> f64[n] = 1 / x
derivative inverse(x; dx) = -dx / x^2
pullback inverse(x; dy) = -dy / x^2
fn in_rounds(u: f64, v: f64) -> f64 { var a = 1 / u; for i in 0..3 { a = a * v + sqrt(u) }; a }
fn until(u: f64, v: f64) -> f64 { var a = sqrt(u); var k = 0; while k < 3 { a = a * v + log(u + 0 * a); k += 1 }; a }
fn written_over(s: f64, g: f64) -> f64 { var y = [s, g]; y[0] = 0; sum(y) }
fn set_in_rounds(s: f64, g: f64) -> f64 { var y = [s, s]; for i in 0..2 { y[i] = g * i }; sum(y) }
fn chosen_in_rounds(x: f64[n], s: f64, g: f64) -> f64 { var a = s; for i in 0..2 { a = if x[0] == 0 { g } else { a + s } }; a }
fn chosen(x: f64[n], s: f64, g: f64, k: i64) -> f64 = if k == 0 { if x[0] == 0 { g } else { s } } else { chosen(x, s, g, k - 1) }
fn left_out(s: f64, g: f64) -> f64 { let y = [s, g]; sum(y[[false, true]]) }
fn twice(f: (f64[3]) -> f64, x: f64[3]) -> f64 = f(x) + f(2 * x)
let x = [0, 0.5, 0.75]
let d = [1.0, 2, 3]
export grad(f)(x) as "gradient"
export jacobian(f, mode="forward")(x) as "forward"
export hessian(f)(x) as "Hessian"
export jacobian(grad(f), mode="reverse")(x) as "reverse over reverse"
export grad(x -> sum(grad(f)(x) * d))(x) as "gradient of a gradient"
export jvp(grad(f))(x, d) as "along a tangent"
export vjp(jacobian(f))(x, d) as "along a cotangent"
export hvp(f)(x, d) as "Hessian along a tangent"
export [hessian(f)(t * x) for t in [1, 2]] as "in lanes"
export grad(x -> sum([f(t * x) for t in [1, 2]]))(x) as "of lanes"
export grad(x -> { var s = 0.0; for t in 1..3 { s += f(t * x) }; s })(x) as "of a loop"
export grad(x -> { var y = x; for t in 0..2 { y = y * [1, 1, f(y)] / 2 }; sum(y) })(x) as "of rounds that depend on each other"
export grad(x -> twice(f, x))(x) as "of calls"
`

// TestGuards: what a choice leaves out, be it infinite, never reaches a derivative, whatever
// leaves it out and wherever the derivative is taken: it is that of what was
// chosen.
//
//	go test ./tests -run TestGuards -rapid.checks=2000
func TestGuards(t *testing.T) {
	results := func(t *rapid.T, body string) calx.Results {
		text := fmt.Sprintf("fn f(x: f64[3]) -> f64 = %s\n%s", body, helpers)
		program, err := calx.Compile(&ast.Source{Name: "guards.calx", Text: text}, calx.Options{})
		if err != nil {
			t.Fatalf("%s\n%s", rendered(err), text)
		}
		r, err := program.Run(context.Background(), nil, calx.RunOptions{})
		if err != nil {
			t.Fatalf("%s\n%s", rendered(err), text)
		}
		return r
	}
	draw := func(t *rapid.T, name string, list ...string) string { return rapid.SampledFrom(list).Draw(t, name) }
	rapid.Check(t, func(t *rapid.T) {
		u := draw(t, "u", "x[0]", "x[0] * x[1]", "x[0]^2", "(x[1] - x[1] + x[0])")
		v := draw(t, "v", "x[1]", "x[2]")
		s := fmt.Sprintf(draw(t, "around", "(%s)", "((%s) * x[1])", "repeated(%s, 1)", "(%s)^2", "sum([%s, x[2]] * x[1])"), draw(t, "singular", singular...))
		good := draw(t, "chosen", "(x[1] * x[2])", "(sin(x[1]) * x[2]^2)", "(exp(x[1]) + x[2]^3)")
		want := results(t, good)
		body := replaced(draw(t, "guard", guards...), "s", replaced(replaced(s, "u", u), "v", v), "g", good)
		for i, r := range results(t, body) {
			got, right := r.Value.(*runtime.Array).F64(), want[i].Value.(*runtime.Array).F64()
			for k := range right {
				if !(math.Abs(got[k]-right[k]) <= 1e-9*max(1, math.Abs(right[k]))) {
					t.Fatalf("%s of %s: %v, not %v", r.Name, body, got, right)
				}
			}
		}
	})
}

// replaced puts texts in the place of names.
func replaced(text string, pairs ...string) string {
	isLetter := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' }
	var out strings.Builder
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && isLetter(text[j]) {
			j++
		}
		word := text[i:max(j, i+1)]
		for k := 0; k < len(pairs); k += 2 {
			if word == pairs[k] {
				word = pairs[k+1]
				break
			}
		}
		i = max(j, i+1)
		out.WriteString(word)
	}
	return out.String()
}
