package smoothness_test

import (
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes"
	"github.com/calx-lang/calx/passes/smoothness"
)

// How the first result of f depends on each of its parameters: the degree, its
// kinks after "kink", its cuts after "cut".
func TestDependences(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"fn f(x: f64, w: f64) = 3 * x + sin(w)", "x linear, w smooth"},
		{"fn f(x: f64, w: f64) = x * w", "x linear, w linear"},
		{"fn f(x: f64) = x * x", "x smooth"},
		{"fn g(a: f64, b: f64) = a * b; export fn f(x: f64) = g(x, x)", "x smooth"},
		{"fn f(x: f64, w: f64) = x / w", "x linear, w smooth"},
		{"fn f(x: f64, w: f64) = 2 * x", "x linear, w constant"},
		{"fn f(x: f64) = abs(x) + max(x, 1)", "x linear kink abs max"},
		{"fn f(x: f64) = floor(x)", "x constant cut floor"},
		{"fn f(x: f64) = floor(x) * x", "x linear cut floor"},
		{"fn f(x: f64, c: f64) = where(c > 0, x, x^2)", "x smooth, c constant kink select"},
		{"fn f(x: f64) = if x > 0 { x } else { exp(x) }", "x smooth kink if"},
		{"fn f(x: f64) = f64(i64(x))", "x constant cut convert"},
		{"fn f(x: f64) = f64(x > 0) * 2", "x constant cut lt"},
		{"fn f(x: f64[n]) = sort(x)", "x linear kink sort"},
		{"fn f(x: f64[n]) = max(x)", "x linear kink reduce"},
		{"fn f(x: f64[n]) = prod(x)", "x smooth"},
		{"fn f(x: f64[n]) = x[argmax(x)]", "x linear kink gather"},
		{"fn f(x: f64[n]) = cumsum(x)", "x linear"},
		{"fn f(A: f64[n, n], x: f64[n]) = A @ x", "A linear, x linear"},
		{"fn f(x: f64[n]) = x @ x", "x smooth"},
		{"fn f(A: f64[n, n], b: f64[n]) = linalg.solve(A, b)", "A smooth, b linear"},
		{"fn f(x: f64, w: f64) { var s = x; for i in 0..10 { s = w * s + 1 }; s }", "x linear, w smooth"},
		{"fn f(x: f64) { var s = x; while s < 10 { s = 2 * s }; s }", "x linear kink while"},
		{"fn f(x: f64) = x * stop_gradient(x)", "x linear cut call"},
		{"fn g(x: f64) = floor(x); derivative g(x; dx) = dx; export fn f(x: f64) = g(x)", "x linear"},
		{"fn g(x: f64) = x; derivative g(x; dx) = x * dx; export fn f(x: f64) = g(x)", "x smooth"},
		{"fn g(a: f64, b: f64) = a * b; export fn f(a: f64, b: f64) = grad(g)(a, b)", "a smooth, b smooth"},
		{"fn g(a: f64, b: f64) = 2 * a + b; export fn f(a: f64, b: f64) = grad(g)(a, b)", "a constant, b constant"},
		{"fn f(x: f64) -> f64 = if x > 1 { f(x / 2) } else { x }", "x linear kink if"},
		{"fn f(x: f64, y: f64) = x % y", "x linear kink mod, y linear kink mod"},
		{"fn f(z: c128) = real(conj(z)) + abs(z)", "z linear kink abs"},
	} {
		if !strings.Contains(test.source, "export") {
			test.source = "export " + test.source
		}
		if got := dependences(t, test.source); got != test.want {
			t.Errorf("%s: %s, not %s", test.source, got, test.want)
		}
	}
}

func dependences(t *testing.T, text string) string {
	t.Helper()
	var parts []string
	see := func(stage string, m *ir.Module) {
		if stage != passes.BeforeDiff {
			return
		}
		for _, f := range m.Entries {
			if f.Name != "f" {
				continue
			}
			for i, d := range smoothness.Of(f)[0] {
				part := f.Params[i].Name + " " + d.Degree.String()
				parts = append(parts, part+named(" kink", d.Kinks)+named(" cut", d.Cuts))
			}
		}
	}
	_, err := calx.Compile(&ast.Source{Name: "f.calx", Text: text}, calx.Options{Dump: calx.Dump{IR: see}})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return strings.Join(parts, ", ")
}

func named(what string, places []smoothness.Place) string {
	text := ""
	for _, p := range places {
		text += " " + p.Code.String()
	}
	if text == "" {
		return ""
	}
	return what + text
}
