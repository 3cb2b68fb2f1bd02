package tests

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
)

// A lineMark says what is found in a line of a program.
type lineMark struct {
	file string
	line int
	kind string // "ERROR", "FAILS" or "WARNING"
	code ast.Code
	text string // part of the message
}

var lineMarkForm = regexp.MustCompile(`# (ERROR|FAILS|WARNING) ([a-z-]+)(?: "([^"]*)")?`)

func readLineMarks(t *testing.T, source *ast.Source) (marks []lineMark) {
	t.Helper()
	line := 0
	for text := range strings.Lines(source.Text) {
		line++
		found := lineMarkForm.FindAllStringSubmatch(text, -1)
		if found == nil && (strings.Contains(text, "# ERROR") || strings.Contains(text, "# FAILS")) {
			t.Errorf(`%s:%d: a mark is # ERROR code "text"`, source.Name, line)
		}
		for _, m := range found {
			marks = append(marks, lineMark{source.Name, line, m[1], ast.Code(m[2]), m[3]})
		}
	}
	return marks
}

// checkMarks demands that the marks and the mistakes found are the same.
func (b *behaviour) checkMarks() error {
	left := slices.Clone(b.mistakes)
	for _, m := range b.marks {
		if m.kind == "FAILS" && b.program == nil || m.kind == "ERROR" && b.program != nil {
			return fmt.Errorf("line %d is marked %s, and the program was compiled: %v\n%s", m.line, m.kind, b.program != nil, rendered(b.mistakes))
		}
		i := slices.IndexFunc(left, func(d *ast.Diagnostic) bool {
			return d.Code == m.code && m.isPlaceOf(d) && strings.Contains(d.Message, m.text) &&
				(d.Severity == ast.Warning) == (m.kind == "WARNING")
		})
		if i < 0 {
			return fmt.Errorf("line %d has no mistake %s %q; found were\n%s", m.line, m.code, m.text, coded(b.mistakes))
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		return fmt.Errorf("these mistakes are not marked:\n%s", coded(left))
	}
	return nil
}

// isPlaceOf reports whether the place of a mistake is in the marked line. Of one
// inside the standard library it is a place that it was called from.
func (m lineMark) isPlaceOf(d *ast.Diagnostic) bool {
	at := func(span ast.Span) bool {
		return span.IsValid() && span.Source.Name == m.file && span.Position().Line == m.line
	}
	if !d.Span.IsValid() || !strings.HasPrefix(d.Span.Source.Name, "stdlib/") {
		return at(d.Span)
	}
	return slices.ContainsFunc(d.Labels, func(l ast.Label) bool { return at(l.Span) })
}

// coded renders mistakes with their codes.
func coded(mistakes ast.Diagnostics) string {
	var b strings.Builder
	for _, d := range mistakes {
		fmt.Fprintf(&b, "%s: %s", d.Code, rendered(d))
	}
	return b.String()
}
