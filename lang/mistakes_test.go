package lang

import (
	"fmt"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
)

// Each case is a text and what is said of it: place, message, and behind "|"
// what to write instead; one line for each mistake.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// What is missing or too much.
		{"let x 3", "1:7 expected `=` after `x`, found `3`"},
		{"let x = ", "1:8 expected an expression after `=`, found the end of the text"},
		{"let if = 3", "1:5 expected a name or `(` after `let`, found the keyword `if` | `if` is a keyword and can't be a name"},
		{"var for = 3", "1:5 expected the end of the statement after `var`, found the keyword `for` | `for` is a keyword and can't be a name"},
		{"fn f(x)\nlet y = 1", "1:8 expected `=` or `{` after `)`, found the end of the line"},
		{"for x { }", "1:7 expected `in` after `x`, found `{`"},
		{"if { }", "1:4 expected an expression after `if`, found `{`"},
		{`import "a"`, "1:11 expected `as` after `\"a\"`, found the end of the text"},
		{"export x", "1:9 expected `as` after `x`, found the end of the text"},
		{"input x = 3", "1:9 expected `:` after `x`, found `=`"},
		{"derivative f(x) = 3", "1:15 expected `,` or `;` and the names of the tangents after `x`, found `)`"},
		{"x[]", "1:3 expected an index after `[`, found `]`"},
		{"x[1:2:3:4]", "1:8 expected `,` or `]` after `3`, found `:`"},
		{"a..b..c..d", "1:8 expected the end of the range, which has a first, a last and a step, after `c`, found `..`"},
		{"x y", "1:3 expected the end of the statement after `x`, found `y` | statements stand on lines of their own, or `;` stands between them"},
		{"foo = 1 +\nlet b = 2", "1:10 expected an expression after `+`, found the end of the line"},
		{"{a: 1\n b: 2}", "2:2 expected `,` or `}`, found `b` | is a comma missing?"},

		// What stands in the wrong place.
		{"x + if a {1} else {2}", "1:5 expected an operand after `+`, found the keyword `if` | put the `if` in parentheses"},
		{"a == not b", "1:6 expected an operand after `==`, found the keyword `not` | put `not` and what it negates in parentheses"},
		{"if x { 1 } + 2", "1:12 expected the end of the statement after `}`, found `+` | to go on with an operator, put what ends with `}` in parentheses"},
		{"if x {a: 1} { }", "1:8 expected the end of the statement after `a`, found `:`\n1:13 expected the end of the statement after `}`, found `{` | statements stand on lines of their own, or `;` stands between them"},
		{"f(a=1, 2)", "1:8 an argument without a name stands behind one with a name | write the named arguments last"},
		{"f(a, x for i)", "1:8 expected `,` or `)` after `x`, found the keyword `for` | an argument with `for` is the only one of its call; put it in brackets [ ]"},
		{"f(x for i in a, axis=0)", "1:21 expected `in` after `axis`, found `=` | within one `for` either all names have an `in` or none; begin another `for`"},
		{"[x for i in a, j]", "1:17 expected `in` after `j`, found `]` | within one `for` either all names have an `in` or none; begin another `for`"},
		{"[x for i, j in a]", "1:13 expected `,` or the end of the binders after `j`, found the keyword `in` | within one `for` either all names have an `in` or none; begin another `for`"},
		{"[x for i, (j)]", "1:9 expected `]` after `i`, found `,` | an expression with `for` stands in brackets of its own"},
		{"[x for i,]", "1:9 expected `]` after `i`, found `,` | an expression with `for` stands in brackets of its own"},
		{"[x for i y]", "1:10 expected `]` after `i`, found `y` | is a comma missing?"},
		{"[a, x for i]", "1:7 expected `,` or `]` after `x`, found the keyword `for`"},
		{"var (a, b) = c", "1:1 this can't be assigned | a var has one name; to take a tuple apart, write let (…) = …"},
		{"f(x) = 3", "1:1 this can't be assigned | to declare a function, write fn f(…) = …; to compare, write =="},
		{"(a, 1) = 3", "1:5 this can't be assigned | to compare, write =="},
		{"{a: 1} = 3", "1:1 this can't be assigned | what can be is a variable, x[i], x.name, or a tuple of these"},
		{"1 < x = 2", "1:1 this can't be assigned | to compare, write =="},
		{"while a { fn g() = 1 }", "1:11 a function stands at top level, not inside of `{ }`"},
		{"fn f() {\n  fn g() = 1\n  g()\n}", "2:3 `fn` stands at top level, not inside of brackets"},
		{"{ export let a = 1 }", "1:3 `export` stands at top level, not inside of `{ }`"},
		{"input x: f64[n / 2]", "1:14 `/` can't stand in a dimension | a dimension is made of whole numbers, names, + - * // % and min( ), max( )"},
		{"input x: f64[2.5]", "1:14 `2.5` can't stand in a dimension | a dimension is made of whole numbers, names, + - * // % and min( ), max( )"},
		{"input x: f64[]", "1:14 expected a dimension or `...` after `[`, found `]` | a single number is of type f64"},

		// Characters.
		{"a $ b", "1:3 `$` has no meaning in Calx"},
		{"x²", "1:2 `²` has no meaning in Calx | a power is written x^2"},
		{"a\u00a0+ b", "1:2 this white space is no ordinary space | write a space"},
		{"a\u200bb", "1:2 there is an invisible character here | remove it"},
		{"let x = \"abc\nlet y = 1", "1:9 this text has no closing `\"` on its line | a line end inside a text is written \\n"},
		{`"a\qb"`, "1:3 `\\q` begins no escape | escapes are \\n \\t \\\\ \\\" \\x41 \\u03b8 and Go's others; a backslash itself is \\\\"},
		{"2x", "1:1 `2x` is no number | to multiply, write 2 * x"},
		{"1e", "1:1 `1e` is no number | an exponent needs digits: 1e3"},
		{"2j", "1:1 `2j` is no number | write 2i"},
		{"0777", "1:1 a whole number does not begin with 0 | write 777"},
		{"1__0", "1:1 a `_` in a number stands between two digits | write 10"},
		{"0x", "1:1 `0x` has no digits"},

		// What others write.
		{"if x = 3 { }", "1:6 expected a body in `{ }` after `x`, found `=` | to compare, write =="},
		{"x ** 2", "1:3 `**` is no operator of Calx | a power is written x^2"},
		{"a && b || !c", "1:3 `&&` is no operator of Calx | write and\n1:8 `||` is no operator of Calx | write or\n1:11 `!` is no operator of Calx | write not"},
		{"def f(x):", "1:5 expected the end of the statement after `def`, found `f` | a function is declared with fn"},
		{"if a { } elif b { }", "1:10 expected the end of the statement after `}`, found `elif` | write else if"},
		{"f(lambda x: x)", "1:10 expected `,` or `)` after `lambda`, found `x` | a function is written x -> e"},
		{"for i in range(3):\n  x", "1:18 expected a body in `{ }` after `)`, found `:` | a body stands in { }"},
		{"[1 2]", "1:4 expected `,` or `]` after `1`, found `2` | is a comma missing?"},
		{"[1, 2; 3, 4]", "1:6 expected `,` or `]` after `2`, found `;` | the rows of a matrix are lists: [[1, 2], [3, 4]]"},
		{"[[1, 2]\n [3, 4]]", "2:2 expected `,` or `]` after `]`, found `[` | a comma is missing before it, or it belongs on the line before, to what it indexes or calls"},
		{"[1, 2]'", "1:7 `'` is the derivative of a function, and this is none | to transpose, write x.T"},
		{"A'B", "1:3 expected the end of the statement after `'`, found `B` | `'` is the derivative; to transpose, write x.T"},
		{"A '", "1:3 `'` is the derivative and stands directly after what it derives | remove the white space before it; to transpose, write x.T"},
		{"f('abc')", "1:3 text stands in double quotes; `'` is the derivative | write \"abc\""},
		{"x := 3", "1:3 expected the end of the statement after `x`, found `:` | write let x = e, or x = e for a var"},
		{"x %= 3", "1:4 expected an expression after `%`, found `=` | assignments are = += -= *= /="},
		{"let x: float = 3", "1:8 expected a type after `:`, found `float` | write f64"},
		{"t.0", "1:2 expected the end of the statement after `t`, found `.0` | a part of a tuple is written t[0]"},
	} {
		_, ds := Parse(source(c.text))
		if got := report(ds); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func report(ds ast.Diagnostics) string {
	var lines []string
	for _, d := range ds {
		p := d.Span.Position()
		line := fmt.Sprintf("%d:%d %s", p.Line, p.Column, d.Message)
		if d.Hint != "" {
			line += " | " + d.Hint
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// A mistake costs its own statement; the others are read, and their mistakes
// found.
func TestRecovery(t *testing.T) {
	for _, c := range []struct{ text, want, tree string }{
		{
			"let a = )\nlet b 2\nc d\nlet e = 1",
			"1:9 this `)` closes nothing\n2:7 expected `=` after `b`, found `2`\n3:3 expected the end of the statement after `c`, found `d` | statements stand on lines of their own, or `;` stands between them",
			"c; let e = 1",
		},
		{
			"fn f(x) {\n  let a = 1 +\n  let b = (2 3)\n  b b b\n  a\n}\nlet c = [\nfn g() = 1 1",
			"2:14 expected an expression after `+`, found the end of the line\n3:14 expected `,` or `)` after `2`, found `3` | is a comma missing?\n" +
				"4:5 expected the end of the statement after `b`, found `b` | statements stand on lines of their own, or `;` stands between them\n" +
				"7:9 this `[` is never closed\n8:12 expected the end of the statement after `1`, found `1` | statements stand on lines of their own, or `;` stands between them",
			"fn f(x) = { b; a }; let c = (list); fn g() = 1",
		},
		{
			"fn f(x) {\n  if x {\n    1\n\nfn g(y) {\n  y y\n}\ninput z: f64",
			"1:9 this `{` is never closed\n2:8 this `{` is never closed\n6:5 expected the end of the statement after `y`, found `y` | statements stand on lines of their own, or `;` stands between them",
			"fn f(x) = { (if x { 1 }) }; fn g(y) = { y }; input z: f64",
		},
		{
			"let a = f(1, [2, 3)\nlet b = 2",
			"1:14 this `[` is never closed",
			"let a = (call f 1 (list 2 3)); let b = 2",
		},
		{
			"fn f() {\n  let a = g(1,\n  var b = 2\n  a + b\n}\n",
			"2:12 this `(` is never closed",
			"fn f() = { let a = (call g 1); var b = 2; (a + b) }",
		},
		{
			"let a = (1 + 2\nb = 3\nprint(b)\n",
			"1:9 this `(` is never closed",
			"",
		},
		{"let a = f(1]\nlet b = 2", "1:12 `]` can't close `(` | write `)`", "let a = (call f 1); let b = 2"},
	} {
		file, ds := Parse(source(c.text))
		if got := report(ds); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
		if got := dump(file); got != c.tree {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.tree)
		}
	}
}

// An open bracket is reported where it stands; where it was missed is a label.
func TestUnclosed(t *testing.T) {
	for _, c := range []struct {
		text         string
		line, column int
		want         string
	}{
		{"x = (1 + 2", 1, 11, "the text ends here without its `)`"},
		{"x = (1 + 2\nlet y = 3", 2, 1, "its `)` is missing before this"},
		{"x = (1 + 2\ny = 3\nz", 2, 1, "its `)` is missing before this"},
		{"fn f() { (a }", 1, 13, "its `)` is missing before this"},
	} {
		_, ds := Parse(source(c.text))
		if len(ds) != 1 || len(ds[0].Labels) != 1 {
			t.Errorf("%q: %v", c.text, ds)
			continue
		}
		l := ds[0].Labels[0]
		if got := l.Span.Position(); got != (ast.Position{Line: c.line, Column: c.column}) || l.Text != c.want {
			t.Errorf("%q: %v: %s", c.text, got, l.Text)
		}
	}
}

func TestCodes(t *testing.T) {
	for text, want := range map[string]ast.Code{
		"let":                          ast.CodeSyntax,
		"a\nb\xff\xfec":                ast.CodeEncoding,
		strings.Repeat("(", 501):       ast.CodeSyntax,
		"{ fn f() = 1 }":               ast.CodeMisplaced,
		strings.Repeat("-", 501) + "x": ast.CodeTooDeep,
	} {
		_, ds := Parse(source(text))
		if len(ds) == 0 || ds[0].Code != want {
			t.Errorf("%.20q: %v, want %s", text, ds, want)
		}
	}
	_, ds := Parse(source("a\nb\xff\xfec"))
	if report(ds) != "2:2 the text is not UTF-8 | save the file as UTF-8" {
		t.Error(report(ds))
	}
}

func TestParseExprMistakes(t *testing.T) {
	for _, text := range []string{"", "let x = 1", "a; b", "a\nb", "1 +", "x = 1", "\xff"} {
		if _, ds := ParseExpr(source(text)); len(ds) != 1 {
			t.Errorf("%q: %v", text, ds)
		}
	}
	if x, ds := ParseExpr(source("\n1 +\n 1 # c\n")); len(ds) > 0 || dump(x) != "(1 + 1)" {
		t.Error(x, ds)
	}
}

func TestNameHint(t *testing.T) {
	if NameHint("None") == "" || NameHint("True") == "" || NameHint("x") != "" {
		t.Error("hints of names")
	}
}

func TestManyMistakes(t *testing.T) {
	_, ds := Parse(source(strings.Repeat("let = 1\n", 200)))
	if len(ds) != 100 || len(ds[99].Notes) != 1 || ds[99].Span.Line() != 100 {
		t.Errorf("%d mistakes, the last is %+v", len(ds), ds[len(ds)-1])
	}
}
