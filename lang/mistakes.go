package lang

import (
	"sort"

	"github.com/calx-lang/calx/ast"
)

// mistakeLimit is how many mistakes of one text are reported.
const mistakeLimit = 100

// mistakes collects what is wrong with a text.
type mistakes struct {
	list ast.Diagnostics
}

func (m *mistakes) add(d *ast.Diagnostic) {
	if !m.enough() {
		m.list = append(m.list, d)
	}
}

// enough holds if more mistakes need not be looked for. Some more are kept than
// are reported, for they aren't found in the order of their places.
func (m *mistakes) enough() bool { return len(m.list) >= 2*mistakeLimit }

// inOrder gives the mistakes in the order of their places.
func (m *mistakes) inOrder() ast.Diagnostics {
	sort.SliceStable(m.list, func(i, j int) bool { return m.list[i].Span.Start < m.list[j].Span.Start })
	if len(m.list) > mistakeLimit {
		m.list = m.list[:mistakeLimit]
		last := m.list[mistakeLimit-1]
		last.Notes = append(last.Notes, "there are more mistakes; the first 100 are shown")
	}
	return m.list
}
