package ast

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// at is the place of the n-th occurrence (from 0) of part in src.
func at(t *testing.T, src *Source, part string, n int) Span {
	t.Helper()
	offset := 0
	for ; ; n-- {
		i := strings.Index(src.Text[offset:], part)
		if i < 0 {
			t.Fatalf("%q is not in the text", part)
		}
		offset += i
		if n == 0 {
			return Span{src, int32(offset), int32(offset + len(part))}
		}
		offset += len(part)
	}
}

func rendered(ds ...*Diagnostic) string {
	var out strings.Builder
	Diagnostics(ds).Render(&out, false)
	return out.String()
}

func TestRender(t *testing.T) {
	fit := &Source{Name: "fit.calx", Text: strings.Repeat("\n", 11) + "  let r = y + w\n"}
	wide := &Source{Name: "w.calx", Text: "let 数 = \"日本\" ++ θ̄\n\tx = 1 + y\n"}
	long := &Source{Name: "l.calx", Text: "fn f(x) {\n  a\n  b\n} y\nlet z = 1\nlet z = 2\n"}
	other := &Source{Name: "lib.calx", Text: "fn g(x: f64) = x\n"}
	for name, c := range map[string]struct {
		d    *Diagnostic
		want string
	}{
		"an operator between labels": {
			&Diagnostic{
				Message: "these shapes do not broadcast: f64[n, 3] + f64[4]", Span: at(t, fit, "+", 0),
				Labels: []Label{{at(t, fit, "y", 0), "f64[n, 3], parameter y"}, {at(t, fit, "w", 0), "f64[4], from line 9"}},
				Notes:  []string{"the last dimensions are 3 and 4; they must be equal, or one of them 1"},
			},
			`error: these shapes do not broadcast: f64[n, 3] + f64[4]
  --> fit.calx:12:13
   |
12 |   let r = y + w
   |           ^   ^ f64[4], from line 9
   |           f64[n, 3], parameter y
   = the last dimensions are 3 and 4; they must be equal, or one of them 1
`,
		},
		"three labels on a line": {
			&Diagnostic{
				Message: "m", Span: at(t, fit, "r", 0), Label: "first",
				Labels: []Label{{at(t, fit, "y", 0), "second"}, {at(t, fit, "w", 0), "third"}},
			},
			`error: m
  --> fit.calx:12:7
   |
12 |   let r = y + w
   |       ^   ^   ^ third
   |       |   second
   |       first
`,
		},
		"no place": {&Diagnostic{Severity: Warning, Message: "m", Hint: "h"}, "warning: m\n = hint: h\n"},
		"wide characters": {
			&Diagnostic{Message: "m", Span: at(t, wide, "++", 0), Label: "here"},
			`error: m
 --> w.calx:1:14
  |
1 | let 数 = "日本" ++ θ̄
  |                 ^^ here
`,
		},
		"tabs": {
			&Diagnostic{Message: "m", Span: at(t, wide, "y", 0), Label: "here"},
			`error: m
 --> w.calx:2:10
  |
2 |     x = 1 + y
  |             ^ here
`,
		},
		"several lines": {
			&Diagnostic{Message: "m", Span: at(t, long, "{\n  a\n  b\n}", 0), Label: "the body"},
			`error: m
 --> l.calx:1:9
  |
1 | fn f(x) {
  |         ^
...
4 | } y
  | ^ the body
`,
		},
		"the end of a line and of the text": {
			&Diagnostic{
				Message: "m", Span: Span{long, int32(len(long.Text)), int32(len(long.Text))},
				Labels: []Label{{Span{long, 9, 10}, "line end"}},
			},
			`error: m
 --> l.calx:7:1
  |
1 | fn f(x) {
  |          ^ line end
...
7 |
  | ^
`,
		},
		"two files": {
			&Diagnostic{
				Message: "m", Span: at(t, long, "z", 1), Label: "again",
				Labels: []Label{{at(t, other, "f64", 0), "declared so"}, {at(t, long, "z", 0), "first"}}, Hint: "h",
			},
			`error: m
 --> l.calx:6:5
  |
5 | let z = 1
  |     ^ first
6 | let z = 2
  |     ^ again
 --> lib.calx:1:9
  |
1 | fn g(x: f64) = x
  |         ^^^ declared so
  = hint: h
`,
		},
		"a control character": {
			&Diagnostic{Message: "a\x1b[31m", Span: at(t, &Source{Name: "c", Text: "a\x1bb"}, "b", 0)},
			"error: a\ufffd[31m\n --> c:1:3\n  |\n1 | a\ufffdb\n  |   ^\n",
		},
	} {
		if diff := cmp.Diff(c.want, rendered(c.d)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRenderLongLine(t *testing.T) {
	text := strings.Repeat("a", 5<<20) + "!" + strings.Repeat("b", 5<<20)
	src := &Source{Name: "long.calx", Text: text}
	got := rendered(&Diagnostic{
		Message: "m", Span: at(t, src, "!", 0), Label: "here", Labels: []Label{{Span{src, 0, 3}, "begin"}, {Span{src, 9 << 20, 10 << 20}, "far"}},
	})
	if len(got) > 2000 {
		t.Errorf("%d bytes are written of a long line", len(got))
	}
	for _, want := range []string{"^^^ begin", "… a", "!bbb", "^ here", "long.calx:1:5242881", "far"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestRenderColor(t *testing.T) {
	src := &Source{Name: "a", Text: "x"}
	var out strings.Builder
	Diagnostics{{Message: "m", Span: Span{src, 0, 1}}}.Render(&out, true)
	if !strings.HasPrefix(out.String(), "\x1b[1;31merror:\x1b[0m") {
		t.Errorf("%q", out.String())
	}
}

func TestRenderJSON(t *testing.T) {
	src := &Source{Name: "a.calx", Text: "let\nθ = x + y"}
	ds := Diagnostics{
		{
			Code: CodeSyntax, Message: "m", Span: at(t, src, "x + y", 0), Label: "l",
			Labels: []Label{{at(t, src, "θ", 0), "name"}}, Notes: []string{"n"}, Hint: "h",
		},
		{Severity: Warning, Code: CodeRank, Message: "no place"},
	}
	got, err := json.Marshal(ds)
	want := `[{"severity":"error","code":"syntax","message":"m","file":"a.calx","line":2,"column":5,"endLine":2,"endColumn":10,` +
		`"label":"l","labels":[{"file":"a.calx","line":2,"column":1,"endLine":2,"endColumn":2,"text":"name"}],"notes":["n"],"hint":"h"},` +
		`{"severity":"warning","code":"rank","message":"no place"}]`
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if none, _ := json.Marshal(Diagnostics(nil)); string(none) != "[]" {
		t.Errorf("no diagnostics are %s", none)
	}
}
