package tests

import (
	"regexp"
	"strings"
	"testing"
)

// exampleRow is a row of a table whose last cell shows an expression and its value.
var exampleRow = regexp.MustCompile("^\\|.*\\| `(.+)` is `(.*)` \\|\n?$")

// checkRows demands that the rows of a page which say "`EXPR` is `VALUE`" in their
// last cell are right, or puts there what was found.
func (p *page) checkRows(t *testing.T) {
	for i, line := range p.lines {
		m := exampleRow.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		expr, value := unescaped(line[m[2]:m[3]]), line[m[4]:m[5]]
		b := &docProgram{page: p, text: "export " + expr + " as \"value\"\n"}
		out, err := b.run("", "")
		if err != nil {
			t.Errorf("%s:%d: %s", p.name, i+1, rendered(err))
			continue
		}
		found, ok := strings.CutPrefix(strings.Join(strings.Fields(out), " "), "value = ")
		switch {
		case !ok:
			t.Errorf("%s:%d: %s", p.name, i+1, out)
		case found == value:
		case *update:
			p.lines[i] = line[:m[4]] + found + line[m[5]:]
			p.changed = true
		default:
			t.Errorf("%s:%d: %s is %s, and the page says %s", p.name, i+1, expr, found, value)
		}
	}
}

// unescaped is what a cell of a table means by its text.
func unescaped(cell string) string { return strings.ReplaceAll(cell, "\\|", "|") }
