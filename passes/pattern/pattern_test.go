package pattern_test

import (
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/pattern"
)

// Each element of f depends on these of its arguments.
func TestPatterns(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"(x: f64[n]) = sin(x) * x", "x diagonal [i]"},
		{"(x: f64[n], y: f64) = x * y", "x diagonal [i], y dense []"},
		{"(x: f64[n]) = x[1:] - x[:-1]", "x banded [i+1] [i]"},
		{"(x: f64[n]) = [x[i-1] - 2*x[i] + x[i+1] for i in 1..n-1]", "x banded [i] [i+1] [i+2]"},
		{"(x: f64[n]) = concatenate((x[1:], [0.0]))", "x banded [i+1]"},
		{"(x: f64[n]) = x[::-1]", "x sparse [-i+n-1]"},
		{"(x: f64[n, m]) = sum(x, axis=0)", "x sparse [:, i]"},
		{"(x: f64[n, m]) = x.T", "x sparse [j, i]"},
		{"(A: f64[n, m], x: f64[m]) = A @ x", "A sparse [i, :], x dense [:]"},
		{"(x: f64[n]) = sum(x^2)", "x dense [:]"},
		{"(x: f64[n], w: f64[n]) = where(w > 0, x, 0)", "x diagonal [i], w zero"},
		{"(x: f64[n]) { var y = x; y[1:] += x[:-1]; y }", "x banded [i] [i-1]"},
		{"(x: f64[n], k: i64) = x[k]", "x dense [:], k zero"},
		{"(x: f64[n]) = x[2]", "x sparse [2]"},
		{"(x: f64[n]) = concatenate(([x[0] - 1], x[1:-1]^2, [x[-1]]))", "x diagonal [i]"},
		{"(x: f64[n]) = concatenate(([x[0] - x[-1]], x[1:]))", "x sparse [i] [i+n-1]"},
		{"(x: f64[n]) { var r = x^2; for i in 1..n-1 { r[i] = x[i-1] * x[i+1] }; r[0] = x[0]; r[n-1] = x[-2]; r }", "x banded [i] [i-1] [i+1]"},
		{"(u: f64[n, m]) { var r = 2 * u; r[0, :] = u[1, :]; r[:, m-1] = 0.0; r }", "u banded [i, j] [i+1, j]"},
		{"(x: f64[n]) = [x[i] - x[i-1] for i in 0..n]", "x sparse [i] [i-1] [i+n-1]"},
		{"(x: f64[n]) = x[n-2] * x", "x sparse [i] [n - 2] [2*n - 2]"},
		{"(x: f64[n]) = cumsum(x)", "x dense [:]"},
		{"(x: f64[n, m]) = sort(x)", "x sparse [i, :]"},
		{"(x: f64[n, m]) = reshape(x, (n, 1, m))", "x sparse [i, k]"},
		{"(x: f64[n]) = [x[i] * x[j] for i, j]", "x sparse [i] [j]"},
		{"(x: f64[n, m]) = [sum(x[i, j] for j) for i]", "x sparse [i, :]"},
		{"(x: f64[n], c: bool) = if c { x } else { x[::-1] }", "x sparse [i] [-i+n-1], c zero"},
		{"(x: f64[n]) = floor(x)", "x zero"},
		{"(x: f64[n, n]) = [x[i, i] for i]", "x sparse [i, i]"},
		{"(x: f64[n]) { var s = 0.0; for i in 0..n { s = sin(s) + x[i] }; s }", "x dense [:]"},
	} {
		if got := patterns(t, "export fn f"+test.source); got != test.want {
			t.Errorf("%s: %s, not %s", test.source, got, test.want)
		}
	}
}

func patterns(t *testing.T, text string) string {
	t.Helper()
	var f *ir.Func
	_, err := calx.Compile(&ast.Source{Name: "f.calx", Text: text}, calx.Options{Dump: calx.Dump{IR: func(_ string, m *ir.Module) {
		for _, g := range m.Funcs {
			if g.Name == "f" {
				f = g
			}
		}
	}}})
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for i, p := range pattern.Of(f)[0] {
		text := f.Params[i].Name + " " + p.Class(f.Results[f.SizeResults].Rank()).String()
		for _, r := range p {
			text += " " + r.Text(func(a ir.Atom) string { return f.Value(a).Name })
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
