package lower_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
	"github.com/google/go-cmp/cmp"
)

// checked parses and checks a source text.
func checked(t *testing.T, text string) *typecheck.Program {
	t.Helper()
	file, diags := lang.Parse(&ast.Source{Name: "test.calx", Text: text})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	p, diags := typecheck.Check(file, typecheck.Options{})
	if diags.HasErrors() {
		for _, d := range diags {
			t.Error(d)
		}
		t.FailNow()
	}
	return p
}

// Each file of testdata/run ends with what it prints ("# print: ") and with its
// exports, one line each, in order.
func TestRun(t *testing.T) {
	files, err := filepath.Glob("testdata/run/*.calx")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".calx"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p := checked(t, string(text))
			m := lowered(t, p)
			for _, tuning := range []interp.Tuning{{}, {NoInPlace: true, NoBlocks: true}} {
				if diff := cmp.Diff(expected(string(text)), ran(t, p, m, tuning)); diff != "" {
					t.Errorf("%+v\n%s", tuning, diff)
				}
			}
		})
	}
}

// expected are the comment lines at the end of a text.
func expected(text string) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	first := len(lines)
	for first > 0 && strings.HasPrefix(lines[first-1], "# ") {
		first--
	}
	list := lines[first:]
	for i := range list {
		list[i] = strings.TrimPrefix(list[i], "# ")
	}
	return list
}

// ran are the lines that a run gives.
func ran(t *testing.T, p *typecheck.Program, m *ir.Module, tuning interp.Tuning) []string {
	t.Helper()
	program, err := interp.CompileTuned(m, tuning)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	results, err := program.Run(context.Background(), nil, nil, interp.Options{Output: &out})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		if line != "" {
			lines = append(lines, "print: "+line)
		}
	}
	results = results[m.Main.SizeResults:]
	for _, export := range p.Exports {
		n := width(export.Def.Type)
		lines = append(lines, show(results[:n]))
		results = results[n:]
	}
	return lines
}

func width(t typecheck.Type) int {
	n := 0
	switch t := t.(type) {
	case typecheck.Array:
		return 1
	case typecheck.Tuple:
		for _, e := range t.Elems {
			n += width(e)
		}
	case typecheck.Record:
		for _, e := range t.Types {
			n += width(e)
		}
	}
	return n
}

// Functions called from outside find the lets that they read; inputs remain
// parameters.
func TestEntries(t *testing.T) {
	p := checked(t, `
input x: f64[n]
let w = [1.0, 2] * 2
print(w)
let big = w[w > 3]
let unrelated = sum(x)
export fn apply(y: f64[m]) -> f64[m] = y * w[0] + sum(big)
export fn choose(y: f64) -> f64[_] = big + y
export fn scaled(y: f64) -> f64 = y * sum(x)
input z: f64 = w[1]
input q: f64[n // 2] = x[:n // 2] * w[0]
`)
	m, entries, err := lower.LowerEntries(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	program, err := interp.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	x := runtime.Vector([]float64{1, 2, 3})
	for _, c := range []struct {
		name  string
		sizes []int64
		args  []runtime.Value
		want  string
	}{
		{"apply", []int64{3}, []runtime.Value{x}, "[6, 8, 10]"},
		{"choose", nil, []runtime.Value{runtime.Scalar(1.0)}, "[5]"},
		{"scaled", []int64{3}, []runtime.Value{runtime.Scalar(2.0), x}, "12"},
		{"default:z", nil, nil, "4"},
		{"default:q", []int64{3, 1}, []runtime.Value{x}, "[2]"},
	} {
		f := entries[c.name].Func
		if len(f.Sizes) != len(c.sizes) || len(f.Params) != len(c.args) {
			t.Errorf("%s takes\n%s", c.name, f)
			continue
		}
		var out strings.Builder
		results, err := program.Call(context.Background(), c.name, c.args, c.sizes, interp.Options{Output: &out})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(results[f.SizeResults:]); got != c.want || out.Len() > 0 {
			t.Errorf("%s gives %s and prints %q, not %s", c.name, got, out.String(), c.want)
		}
	}
	if main := entries[lower.MainName]; len(main.Sizes) != 2 || len(main.Params) != 3 {
		t.Errorf("main takes %v and %d inputs", main.Sizes, len(main.Params))
	}
}
