package lang

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/calx-lang/calx/ast"
)

func TestStatements(t *testing.T) {
	for _, c := range [][2]string{
		// Declarations.
		{"fn f(x: f64[n], y = 2,) -> f64 = x", "fn f(x: f64[n], y = 2) -> f64 = x"},
		{"export fn f() { 1 }", "export fn f() = { 1 }"},
		{"fn f(g: (f64, i64) -> f64) -> (f64) -> f64 = g", "fn f(g: ((from f64 i64) to f64)) -> ((from f64) to f64) = g"},
		{"let x: f64[_] = 1", "let x: f64[_] = 1"},
		{"export let (a, b,) = c", "export let (a, b) = c"},
		{"let (a) = c", "let (a) = c"},
		{"var x: i64[_] = []", "var x: i64[_] = (list)"},
		{"input x: f64[..., n, 2*m + 1] = 1", "input x: f64[..., n, ((2 * m) + 1)] = 1"},
		{"input x: {a: (str,), in: (f64)}", "input x: {a: (tuple str), in: f64}"},
		{"input x: ()", "input x: (tuple)"},
		{"input x: num[min(n, -m), max(1, 0x1F) // 2 % 3]", "input x: num[(call min n (- m)), (((call max 1 0x1F) // 2) % 3)]"},
		{`import "a.calx" as b`, `import "a.calx" as b`},
		{`export x -> x as "d/dx"`, `export (x -> x) as "d/dx"`},
		{"derivative f(x, y; dx,) -> E = dx", "derivative f(x, y; dx) -> E = dx"},
		{"pullback f(x; dy) { dy }", "pullback f(x; dy) = { dy }"},

		// Actions.
		{"x = 1", "x = 1"},
		{"x[i, :].a -= y", "(field (index x i (slice _ _ _)) a) -= y"},
		{"(a, (b.c, d)) = e", "(tuple a (tuple (field b c) d)) = e"},
		{"((a)) = e", "a = e"},
		{"for i in 0..n { x += i }", "for i in (0 .. n) { x += i }"},
		{"while not done { break; continue }", "while (not done) { break; continue }"},
		{"return\nreturn x", "return; return x"},
		{"for x in xs { }", "for x in xs {  }"},

		// Line ends (note 2).
		{"a\nb; c;;\n\nd", "a; b; c; d"},
		{"a +\nb", "(a + b)"},
		{"a\n+ b", "(a + b)"},
		{"a\n+b", "a; (+ b)"},
		{"a\n-  # c\nb", "(a - b)"},
		{"x\n  .T\n  .f(\n1\n)", "(call (field (field x T) f) 1)"},
		{"x\n.5", "x; .5"},
		{"if a { 1 }\n\n# c\nelse { 2 }", "(if a { 1 } else { 2 })"},
		{"fn f(x)\n-> f64\n= x", "fn f(x) -> f64 = x"},
		{"let x\n= 1", "let x = 1"},
		{"a\nand b\nor not\nc", "((a and b) or (not c))"},
		{"f\n(x)", "f; (paren x)"},
		{"x\n[1]", "x; (list 1)"},
		{"(a\n+b\n)", "(paren (a + b))"},
		{"f(x -> {\na\nb\n})", "(call f (x -> { a; b }))"},
		{"let r = {\na: 1\n, b: 2,\n\n...c\n}", "let r = {a: 1, b: 2, ...c}"},
		{"a ..\nb\n.. c", "(a .. b .. c)"},
		{"a\r\nb\r\n", "a; b"},
		{"\ufeffa", "a"},

		// Words that are keywords only where they begin a statement (note 3).
		{"var = 1; var x = var", "var = 1; var x = var"},
		{"input(x); input = 2; input.a", "(call input x); input = 2; (field input a)"},
		{"derivative\npullback", "derivative; pullback"},
		{"import = export + var", "import = (export + var)"},
		{"export = 1", "export = 1"},
		{"export -x", "(export - x)"},
		{"export", "export"},
		{"export(a)", "(call export a)"},
		{`export (a) as "b"`, `export (paren a) as "b"`},
		{`export [a] as "b"`, `export (list a) as "b"`},
		{"as = 1", "as = 1"},
		{"let input = 1", "let input = 1"},
		{"f(let=1, fn=2)", "(call f let=1 fn=2)"},
		{"f(\nlet=1,\nfn=2)", "(call f let=1 fn=2)"},
		{"let r = {\nlet: 1,\nfn: 2}", "let r = {let: 1, fn: 2}"},

		// Braces (note 5).
		{"{ a }", "{ a }"},
		{"{a: 1}", "{a: 1}"},
		{"{\n\n...a}", "{...a}"},
		{"if a { } ; {}", "(if a {  }); {  }"},
		{"if f({a: 1}) { }", "(if (call f {a: 1}) {  })"},
		{"for i in [{a: 1}] { }", "for i in (list {a: 1}) {  }"},

		// Names are compared in NFC.
		{"x\u0304 = e\u0301", "x\u0304 = \u00e9"},
		{"x₀ = θ2", "x₀ = θ2"},
	} {
		if got := dump(mustParse(t, c[0])); got != c[1] {
			t.Errorf("%q\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, text := range []string{"1", "1_000", "1.5", ".5", "1.", "1e-3", "1.5E+3", "2i", "1.5e3i", "0x1F", "0xff_ff", "0", "00", "0.5", "01.5"} {
		x, ds := ParseExpr(source(text))
		if n, ok := x.(*ast.Number); len(ds) > 0 || !ok || n.Text != text {
			t.Errorf("%s is read as %v, %v", text, x, ds)
		}
	}
	for _, c := range [][2]string{{"1..n", "(1 .. n)"}, {"1...5", ""}, {"1.T", "(field 1 T)"}, {"1.e5", "(field 1 e5)"}, {"1..5", "(1 .. 5)"}, {"1. ..5", "(1. .. 5)"}} {
		x, ds := ParseExpr(source(c[0]))
		if (len(ds) > 0) != (c[1] == "") {
			t.Errorf("%s: %v", c[0], ds)
		} else if c[1] != "" && dump(x) != c[1] {
			t.Errorf("%s is read as %s", c[0], dump(x))
		}
	}
}

func TestSpans(t *testing.T) {
	const text = "# doc\nexport fn f(x: f64) = x  # c\n  y[1] += g(a, b=2).T' ; \n"
	file := mustParse(t, text)
	fn := file.Stmts[0].(*ast.Fn)
	assign := file.Stmts[1].(*ast.Assign)
	prime := assign.Value.(*ast.Prime)
	call := prime.X.(*ast.Field).X.(*ast.Call)
	for _, c := range []struct {
		span ast.Span
		want string
	}{
		{fn.Span, "export fn f(x: f64) = x"},
		{fn.ParamPos, "(x: f64)"},
		{fn.Params[0].Type.Pos(), "f64"},
		{assign.Span, "y[1] += g(a, b=2).T'"},
		{assign.OpPos, "+="},
		{assign.Target.Pos(), "y[1]"},
		{prime.Span, "g(a, b=2).T'"},
		{call.Span, "g(a, b=2)"},
		{call.Open, "("},
		{call.Args[1].Name.Span, "b"},
		{file.Comments[1].Span, "# c"},
	} {
		if got := c.span.Text(); got != c.want {
			t.Errorf("the span is of %q, want %q", got, c.want)
		}
	}
}

// The comment lines right above a function are its documentation.
func TestDoc(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"# a\n#  b\n#\nfn f() = 1", "a\n b\n"},
		{"# no\n\n# a\n  export fn f() = 1", "a"},
		{"# no\n\nfn f() = 1", ""},
		{"x # no\nfn f() = 1", ""},
		{"# a \r\nfn f() = 1", "a"},
		{"\ufeff# a\nfn f() = 1", "a"},
		{"# of g\nfn g() = 1; fn f() = 1", ""},
	} {
		stmts := mustParse(t, c.text).Stmts
		if got := stmts[len(stmts)-1].(*ast.Fn).Doc; got != c.want {
			t.Errorf("%q has the documentation %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.calx")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs in testdata")
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file := mustParse(t, string(text))
		checkFormat(t, string(text), file, Format(file), true)
	}
}
