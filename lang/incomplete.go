package lang

import (
	"strings"

	"github.com/calx-lang/calx/ast"
)

// Incomplete reports whether a text that was typed so far asks for another line:
// a bracket is open, the last line ends with what goes on, or there is nothing
// but comments, which may belong to a declaration below. An empty line ends
// comments.
func Incomplete(text string) bool {
	src := &ast.Source{Text: text}
	if checkText(src) != nil {
		return false
	}
	a := &arranger{scanner: newScanner(src, &mistakes{}), last: [3]int{-1, -1, -1}, unclosed: map[int32]*ast.Diagnostic{}}
	t := a.next()
	for t.kind != kEnd {
		following := a.next()
		a.arrange(t, following)
		t = following
	}
	if len(a.tokens) == 0 {
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		return len(a.comments) > 0 && strings.TrimSpace(lines[len(lines)-1]) != ""
	}
	return len(a.open) > 0 || a.before().continues()
}
