package lang

import (
	"testing"

	"github.com/calx-lang/calx/ast"
)

func source(text string) *ast.Source { return &ast.Source{Name: "test.calx", Text: text} }

// mustParse gives the tree of a text without mistakes.
func mustParse(t *testing.T, text string) *ast.File {
	t.Helper()
	file, ds := Parse(source(text))
	for _, d := range ds {
		t.Errorf("%q: %v", text, d)
	}
	return file
}

// Each case is a text and what it means, written by dump.
func TestExpressions(t *testing.T) {
	for _, c := range [][2]string{
		// Precedence, tight to loose.
		{"-x^2", "(- (x ^ 2))"},
		{"2^-x^2", "(2 ^ (- (x ^ 2)))"},
		{"a^b^c", "(a ^ (b ^ c))"},
		{"--x", "(- (- x))"},
		{"-x * y", "((- x) * y)"},
		{"x'^2", "((prime x) ^ 2)"},
		{"a - b - c", "((a - b) - c)"},
		{"a + b * c @ d // e % f / g", "(a + (((((b * c) @ d) // e) % f) / g))"},
		{"0..n + 1..2", "(0 .. (n + 1) .. 2)"},
		{"0 < x <= 1 == y", "(0 < x <= 1 == y)"},
		{"a..b == c..d", "((a .. b) == (c .. d))"},
		{"not a == b and c or d", "(((not (a == b)) and c) or d)"},
		{"a or not not b", "(a or (not (not b)))"},
		{"a · b ≤ c ≥ d ≠ π", "((a @ b) <= c >= d != pi)"},

		// Postfixes.
		{"f(x)(y).z[1]'", "(prime (index (field (call (call f x) y) z) 1))"},
		{"f''(x)", "(call (prime (prime f)) x)"},
		{"x.T.let.in", "(field (field (field x T) let) in)"},
		{"1.T", "(field 1 T)"},
		{"∇f(x)", "(call (nabla f) x)"},
		{"∇(f)(x)", "(call (nabla (paren f)) x)"},
		{"{a: f}.a(1)", "(call (field {a: f} a) 1)"},
		{"x[1, :, ..., newaxis, a:b, ::2, i:, :j,]", "(index x 1 (slice _ _ _) ... newaxis (slice a b _) (slice _ _ 2) (slice i _ _) (slice _ j _))"},
		{"x[::-1]", "(index x (slice _ _ (- 1)))"},
		{"x[a..b]", "(index x (a .. b))"},
		{"f(x, axis=0, if=1,)", "(call f x axis=0 if=1)"},
		{"f()", "(call f)"},

		// Atoms.
		{"()", "(tuple)"},
		{"(a)", "(paren a)"},
		{"(a,)", "(tuple a)"},
		{"(a, b,)", "(tuple a b)"},
		{"[]", "(list)"},
		{"[1, [2],]", "(list 1 (list 2))"},
		{"({a: 1, ...r, if: 2,})", "(paren {a: 1, ...r, if: 2})"},
		{"true and false", "(true and false)"},
		{`"a\tθ"`, `"a\tθ"`},

		// What only begins an expression.
		{"x -> y -> x + y", "(x -> (y -> (x + y)))"},
		{"(x: f64[n], y = 1) -> x", "((x: f64[n], y = 1) -> x)"},
		{"() -> 1", "(() -> 1)"},
		{"f(x -> x, (y))", "(call f (x -> x) (paren y))"},
		{"(t -> sin(t) / t)'(2.0)", "(call (prime (paren (t -> ((call sin t) / t)))) 2.0)"},
		{"if a { 1 } else if b { 2 } else { 3 }", "(if a { 1 } else (if b { 2 } else { 3 }))"},
		{"if (r == {a: 1}) { 1 }", "(if (paren (r == {a: 1})) { 1 })"},
		{"{ let a = 1; a }", "{ let a = 1; a }"},
		{"x -> { x }", "(x -> { x })"},
		{"x -> {a: x}", "(x -> {a: x})"},

		// Comprehensions.
		{"[x for i, j]", "(array x for i, j)"},
		{"[x for i in 0..n, j in m if i > j]", "(array x for i in (0 .. n), j in m if (i > j))"},
		{"[x for i for j in a or b]", "(array x for i for j in (a or b))"},
		{"sum(x[i] for i)", "(call sum (gen (index x i) for i))"},
		{"[sum(C[i, m] for i) for m]", "(array (call sum (gen (index C i m) for i)) for m)"},
	} {
		x, ds := ParseExpr(source(c[0]))
		if len(ds) > 0 {
			t.Errorf("%s: %v", c[0], ds[0])
		} else if got := dump(x); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}
