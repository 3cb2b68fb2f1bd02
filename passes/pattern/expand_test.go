package pattern_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes"
)

// What is left of a pattern: how many colours the program tells, and how its places
// are found: by arithmetic alone, by leaving out those outside, or by sorting.
func TestColours(t *testing.T) {
	for _, test := range []struct {
		source string
		colour int
		how    string
	}{
		{"(x: f64[n]) = sin(x)", 1, "arithmetic"},
		{"(x: f64[n]) = x[1:] * x[:-1]", 2, "arithmetic"},
		{"(x: f64[n]) = [x[i-1] * x[i] * x[i+1] for i in 1..n-1]", 3, "arithmetic"},
		{"(x: f64[n]) { var y = x^2; y[1:] += x[:-1]; y }", 2, "arithmetic"},
		{"(x: f64[n]) { var y = x^2; y[2:] += x[:-2]; y }", 3, "filter"},
		{"(x: f64[n]) = x[5:] * x[:-5]", 2, "arithmetic"},
		{"(x: f64[n]) = x * x[::-1]", 0, "sort"},
		{"(x: f64[n]) = [x[i] * x[j] for i, j]", 0, "sort"},
		{"(u: f64[m, n]) = u[1:-1, 1:-1]^2 + u[2:, 1:-1] * u[:-2, 1:-1] + u[1:-1, 2:] * u[1:-1, :-2]", 5, "arithmetic"},
		{"(u: f64[l, m, n]) = u[1:, 1:, 1:]^2 * u[:-1, 1:, 1:] * u[1:, :-1, 1:] * u[1:, 1:, :-1]", 4, "arithmetic"},
		{"(u: f64[m, n]) = sum(u^2, axis=1)", 0, "arithmetic"},
		{"(x: f64[n]) = x[::2]^2", 0, "filter"},
	} {
		colours, how := found(t, test.source)
		if colours != test.colour || how != test.how {
			t.Errorf("%s: %d colours by %s, not %d by %s", test.source, colours, how, test.colour, test.how)
		}
	}
}

// found looks at what the pass pattern makes of the Jacobian of f.
func found(t *testing.T, source string) (colours int, how string) {
	t.Helper()
	param, _, _ := strings.Cut(source[1:], ":")
	head, _, _ := strings.Cut(source, ")")
	text := fmt.Sprintf("fn f%s\nexport fn j%s) = sparse_jacobian(f)(%s).indices", source, head, param)
	see := func(stage string, m *ir.Module) {
		if stage != passes.Pattern {
			return
		}
		i := slices.IndexFunc(m.Funcs, func(f *ir.Func) bool { return f.Name == "j" })
		how = "arithmetic"
		for _, op := range m.Funcs[i].Body.Ops {
			switch {
			case op.Code == ir.Sort:
				how = "sort"
			case op.Code == ir.Nonzero && how != "sort":
				how = "filter"
			case op.Code == ir.If && op.Args[0].Def.Code == ir.Lt:
				if attr, ok := op.Args[0].Def.Args[1].Def.Attr.(ir.Literal); ok {
					colours = int(attr.I)
				}
			}
		}
	}
	_, err := calx.Compile(&ast.Source{Name: "f.calx", Text: text}, calx.Options{Dump: calx.Dump{IR: see}})
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return colours, how
}
