package lower_test

import (
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/typecheck"
)

// compiled checks and lowers a source text.
func compiled(t *testing.T, text string) *ir.Module {
	t.Helper()
	file, diags := lang.Parse(&ast.Source{Name: "test.calx", Text: text})
	if diags.HasErrors() {
		t.Fatalf("%v", diags)
	}
	p, diags := typecheck.Check(file, typecheck.Options{})
	if diags.HasErrors() {
		for _, d := range diags {
			t.Error(d)
		}
		t.FailNow()
	}
	return lowered(t, p)
}

func TestSources(t *testing.T) {
	for _, text := range []string{
		"input x: f64[n]\nexport let y = x + x",
	} {
		m := compiled(t, text)
		t.Logf("%s\n%s", text, m)
	}
}
