package lang

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calx-lang/calx/ast"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

// Each file of testdata/format holds a text, in.calx, and what it is formatted
// to, out.calx.
func TestFormat(t *testing.T) {
	files, err := filepath.Glob("testdata/format/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata/format")
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			head, want, _ := strings.Cut(string(data), "-- out.calx --\n")
			_, in, found := strings.Cut(head, "-- in.calx --\n")
			if !found {
				t.Fatal("there is no in.calx")
			}
			file := mustParse(t, in)
			got := Format(file)
			checkFormat(t, in, file, got, true)
			if *update {
				if err := os.WriteFile(name, []byte(head+"-- out.calx --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got, rewrite with -update:\n%s", diff)
			}
		})
	}
}

// The printer writes the parentheses that a tree needs, and no others.
func TestFormatExpr(t *testing.T) {
	for _, want := range []string{
		"(a + b) * c - d", "a - (b - c)", "(-x)^2", "-x^2", "(a^b)^c", "2^-x", "not (a and b)", "(a < b) == c", "(a..b)[1]",
		"(x -> x)'(1)", "∇(x -> x)(1)", "(if a { b } else { c }) + 1", "f(x -> {a: x}, y=1)", "(a, b)[0]", "(a,)", "()",
		"[x for i in 0..n if a or b]", "sum(x[i, :] for i)", "{a: 1, ...r}.a", "if (r == {a: 1}) { 1 }", "1.T", "1. .T", "x[::-1, newaxis, ...]",
		"\"\\n\"", "1 - -x", "a or b and not c",
	} {
		x, ds := ParseExpr(source(want))
		if len(ds) > 0 {
			t.Errorf("%s: %v", want, ds[0])
			continue
		}
		if got := FormatExpr(bare(x)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// bare drops the parentheses of operands.
func bare(x ast.Expr) ast.Expr {
	switch n := x.(type) {
	case *ast.Paren:
		return bare(n.X)
	case *ast.Unary:
		n.X = bare(n.X)
	case *ast.Binary:
		n.X, n.Y = bare(n.X), bare(n.Y)
	case *ast.Compare:
		for i := range n.Operands {
			n.Operands[i] = bare(n.Operands[i])
		}
	case *ast.Prime:
		n.X = bare(n.X)
	case *ast.Nabla:
		n.X = bare(n.X)
	case *ast.Index:
		n.X = bare(n.X)
	case *ast.Call:
		n.Fun = bare(n.Fun)
	case *ast.If:
		n.Cond = bare(n.Cond)
	}
	return x
}

func TestFormatType(t *testing.T) {
	for _, want := range []string{
		"f64", "str", "f64[n + 1, 2*m, min(n, m)]", "num[..., n]", "f64[...]", "(f64,)", "()", "(f64[n], i64) -> (f64) -> bool", "{a: f64, in: (i64, str)}",
	} {
		file := mustParse(t, "input x: "+want)
		if len(file.Stmts) == 1 {
			if got := FormatType(file.Stmts[0].(*ast.Input).Type); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
}
