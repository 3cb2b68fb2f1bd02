package lang

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
)

// corpus are texts that fuzzing starts from.
var corpus = []string{
	"", "\ufeffx", "x = 1; y = 2\n\n\n# c\n\nz", "a +\n  b\n- c\n-d", "{ a: 1 }", "{ a; b }\n{ }\n{\n}", "f(x)'[1:2, ::-1, ..., newaxis].T",
	"let (a, b): (f64[n + 1, 2*m], (f64) -> i64) = g(x -> x^-2, y=(1,), z={a: 1, ...r})",
	"if a { 1 }\n# c\nelse if b { 2 } else {\n 3 }", "fn f(x: f64[n] = [1,\n 2 # two\n ], y = 2) -> {a: str} {\n  return x }\n",
	"[sum(x[i, j] for i in 0..n..2 if i > 0) for j]", "export f(1)' as \"d\"\nimport \"a\" as b\ninput x: f64[..., n] = 3",
	"derivative f(x, y; dx,) -> E = ∇f(x) · dx\npullback f(x; dy) { dy }", "while not a and b or 0 < x <= 1 { x[i] += 1; break }",
	"x = \"θ\\n\" ; π ≤ 0x1F ≠ 1_0.5e-3 ≥ 2i", "f((((", "let a = (1\nlet b = ]", "fn f() {\nfn g() = 1\n}", "x\n\n\n\ny # t\n# u\n", "(\n# c\na # d\n, b\n)",
	"1 . T", "1..n", "1. ..n", "a[i+1 :n - 1]", "x -> { y -> y }", "{\nlet a = 1; a }", "export (a) as \"b\"\nexport (\na)",
	"loooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, [b, c, export], { d; e })",
}

func addCorpus(f *testing.F) {
	for _, text := range corpus {
		f.Add(text)
	}
	files, err := filepath.Glob("testdata/programs/*.calx")
	if err != nil || len(files) == 0 {
		f.Fatal("no programs in testdata")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
}

// No text makes the parser panic, and every place it names is in the text.
func FuzzParse(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, text string) {
		src := source(text)
		file, ds := Parse(src)
		if file == nil {
			t.Fatal("no file")
		}
		check := func(s ast.Span) {
			if s.IsValid() && (s.Source != src || s.Start < 0 || s.End < s.Start || int(s.End) > len(text)) {
				t.Fatalf("the place %d to %d is not in the text of %d bytes", s.Start, s.End, len(text))
			}
		}
		for _, d := range ds {
			if d.Code == "" || d.Message == "" || !d.Span.IsValid() {
				t.Fatalf("incomplete: %+v", d)
			}
			check(d.Span)
			for _, l := range d.Labels {
				check(l.Span)
			}
		}
		for _, c := range file.Comments {
			check(c.Span)
		}
		for _, s := range file.Stmts {
			check(s.Pos())
		}
		var out strings.Builder
		ds.Render(&out, false)
		ParseExpr(src)
	})
}

// What the formatter writes means the same, and formatting it again changes
// nothing. The same holds for printing the tree.
func FuzzFormat(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, text string) {
		file, ds := Parse(source(text))
		if ds.HasErrors() {
			return
		}
		checkFormat(t, text, file, Format(file), true)
		file.Source = nil
		checkFormat(t, text, file, Format(file), false)
	})
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkFormat(t tester, text string, file *ast.File, formatted string, exact bool) {
	t.Helper()
	want := dump(file)
	again, ds := Parse(source(formatted))
	if ds.HasErrors() {
		t.Fatalf("%q becomes %q: %v", text, formatted, ds)
	}
	got := dump(again)
	if !exact {
		want, got = withoutParens(want), withoutParens(got)
	}
	if got != want {
		t.Fatalf("%q becomes %q\n got %s\nwant %s", text, formatted, got, want)
	}
	if exact && len(again.Comments) != len(file.Comments) {
		t.Fatalf("%q becomes %q, with other comments", text, formatted)
	}
	if twice, _ := FormatSource(source(formatted)); twice != formatted {
		t.Fatalf("%q becomes %q, then %q", text, formatted, twice)
	}
}

// withoutParens drops parentheses from what dump wrote: printing a tree may add
// some.
func withoutParens(dumped string) string {
	return strings.NewReplacer("(paren ", "", "(", "", ")", "").Replace(dumped)
}
