package lang

import (
	"strings"
	"sync"
	"testing"

	"github.com/calx-lang/calx/ast"
)

// Texts that are deep, long or broken throughout are read in linear time, and
// never overflow the stack, whatever a later stage does with the tree.
func TestLimits(t *testing.T) {
	r := strings.Repeat
	for name, c := range map[string]struct {
		text string
		code ast.Code // of one of the mistakes
	}{
		"parentheses":          {r("(", 100_000) + "1" + r(")", 100_000), ast.CodeTooDeep},
		"open parentheses":     {r("(", 100_000), ast.CodeSyntax},
		"closing brackets":     {r("(", 100_000) + r("]", 100_000), ast.CodeSyntax},
		"mixed brackets":       {r("([{", 100_000) + r("})]", 100_000), ast.CodeSyntax},
		"minuses":              {r("-", 100_000) + "1", ast.CodeTooDeep},
		"nots":                 {r("not ", 100_000) + "a", ast.CodeTooDeep},
		"powers":               {"1" + r("^1", 100_000), ast.CodeTooDeep},
		"lambdas":              {r("x -> ", 100_000) + "x", ast.CodeTooDeep},
		"else ifs":             {"if a { 1 }" + r(" else if b { 2 }", 100_000), ast.CodeTooDeep},
		"ifs":                  {r("if ", 100_000), ast.CodeSyntax},
		"blocks":               {r("{", 100_000) + r("}", 100_000), ast.CodeTooDeep},
		"records":              {r("{a: ", 100_000) + "1" + r("}", 100_000), ast.CodeTooDeep},
		"loops":                {r("for i in x { ", 100_000), ast.CodeSyntax},
		"types":                {"let x: " + r("(", 1000) + "f64" + r(")", 1000) + " = 1", ast.CodeTooDeep},
		"result types":         {"let x: " + r("() -> ", 1000) + "f64 = 1", ast.CodeTooDeep},
		"a sum":                {"1" + r("+1", 100_000), ast.CodeTooDeep},
		"calls":                {"f" + r("(1)", 100_000), ast.CodeTooDeep},
		"primes":               {"f" + r("'", 100_000), ast.CodeTooDeep},
		"sums in parentheses":  {r("(", 400) + "1" + r(r("+1", 300)+")", 400), ast.CodeTooDeep},
		"a list of 8 MB":       {"let x = [" + r("1, ", 8<<20/3) + "]", ""},
		"garbage of 10 MB":     {r("$", 10<<20), ast.CodeSyntax},
		"spaced garbage":       {r("$ ", 5<<20), ast.CodeSyntax},
		"words of 10 MB":       {r("a b ", 10<<18), ast.CodeSyntax},
		"lines of 10 MB":       {r("\n", 10<<20), ""},
		"quotes":               {r("'", 1<<20), ast.CodeSyntax},
		"double quotes":        {r("\"", 1<<20), ast.CodeSyntax},
		"functions":            {r("fn f() = 1;", 100_000), ""},
		"open functions":       {r("fn f(\n", 100_000), ast.CodeSyntax},
		"nested functions":     {r("(", 100_000) + "\nfn f() = 1\n" + r("]", 100_000), ast.CodeSyntax},
		"broken statements":    {r("a b; ", 1<<16), ast.CodeSyntax},
		"broken lines":         {r("let = 3\n", 100_000), ast.CodeSyntax},
		"too much":             {r(" ", 16<<20+1), ast.CodeTooDeep},
		"just enough":          {"1" + r("+1", 9_999), ""},
		"many lambdas":         {"[" + r("x -> x, ", 20_000) + "]", ""},
		"many loops":           {r("for i in x { }\n", 20_000), ""},
		"a chain of relations": {"1" + r("<1", 100_000), ""},
	} {
		src := source(c.text)
		file, ds := Parse(src)
		if len(ds) > 100 {
			t.Errorf("%s: %d mistakes", name, len(ds))
		}
		found := c.code == "" && len(ds) == 0
		for _, d := range ds {
			found = found || d.Code == c.code
		}
		if !found {
			t.Errorf("%s: %v, want %q", name, ds, c.code)
		}
		if len(ds) == 0 && len(file.Stmts) <= 1 {
			Format(file)
		}
	}
}

func TestConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				file, ds := Parse(source("fn f(x) { let y = x -> { x }\n y }"))
				if got := dump(file); len(ds) > 0 || got != "fn f(x) = { let y = (x -> { x }); y }" {
					t.Error(got, ds)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkParse(b *testing.B) {
	const program = `# The sample covariance.
fn cov(x: f64[n, p]) -> f64[p, p] {
  let c = x - mean(x, axis=0)
  c.T @ c / (n - 1)
}
let g = grad(rosenbrock)
var x = zeros(n)
for i in 0..n { x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i] }
x[1:-1] += where(a < b and not c, {a: 1, ...r}.a, t -> sin(t) / t)
print(g([1.0, 2, 3]), H([1.0, 2, 3]), (t -> sin(t) / t)'(2.0))
`
	src := source(strings.Repeat(program, 500))
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			if _, ds := Parse(src); len(ds) > 0 {
				b.Fatal(ds)
			}
		}
		b.ReportMetric(float64(src.Lines()-1)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
	})
	b.Run("format", func(b *testing.B) {
		for b.Loop() {
			FormatSource(src)
		}
	})
}

// Building the grammar is part of the start of every command.
func BenchmarkBuildGrammar(b *testing.B) {
	for b.Loop() {
		(&parser{}).grammar()
	}
}
