package repl

import (
	"strings"
	"testing"

	"github.com/calx-lang/calx/typecheck"
)

// TestHelp: there is help on each function, and the source of those that are
// written in Calx.
func TestHelp(t *testing.T) {
	s := New(Options{})
	for _, doc := range typecheck.Builtins() {
		if text, ok := s.helpOn(doc.Name); !ok || !strings.Contains(text, doc.Doc) {
			t.Errorf("the help on %s is %q", doc.Name, text)
		}
	}
	for _, f := range s.library() {
		if text, ok := s.helpOn(f.fullName()); !ok || !strings.HasPrefix(text, f.fullName()+"(") || strings.Count(text, "\n") == 0 {
			t.Errorf("the help on %s is %q", f.fullName(), text)
		}
		text := ""
		if err := s.source(t.Context(), f.fullName(), func(e Event) { text = e.(Answer).Text }); err != nil || !strings.Contains(text, "fn "+f.fn.Name.Name) {
			t.Errorf("the source of %s is %q, %v", f.fullName(), text, err)
		}
	}
	if text, ok := s.helpOn("linalg"); !ok || !strings.Contains(text, "linalg.det(") {
		t.Errorf("the help on linalg is %q", text)
	}
}
