// Package manual writes the reference of functions, as Markdown. What comes in
// are the table of the checker, the comments of the standard library and of a
// user's script; what goes out is the page docs/functions.md, or what is said of
// one function, module or script. The examples are run, and shown with their
// values.
package manual

import (
	"fmt"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime/elementary"
)

// Functions is the page of all functions of the language.
func Functions() (string, error) {
	all, err := sections()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Functions\n\n`calx doc` writes this page: the built-in functions from the table of the checker, the\n" +
		"modules from their comments. What stands behind `*` is given by name only.\n")
	for _, s := range all {
		text, err := s.table()
		if err != nil {
			return "", err
		}
		b.WriteString("\n" + text)
		if s.name == builtIn {
			b.WriteString("\n" + accuracy())
		}
	}
	return b.String(), nil
}

// table is a section with a line for each of its functions.
func (s section) table() (string, error) {
	var b strings.Builder
	switch s.name {
	case builtIn:
		b.WriteString("## Built in\n\nThey need no prefix.\n\n")
	case "core":
		b.WriteString("## The core in Calx\n\nThese are written in Calx, in the files core*.calx of [stdlib](../stdlib), and need no prefix either.\n\n")
	default:
		fmt.Fprintf(&b, "## %s\n\nIn [stdlib/%s.calx](../stdlib/%s.calx), there without import.\n\n", s.name, s.name, s.name)
	}
	b.WriteString("| function | gives | example |\n|---|---|---|\n")
	for _, e := range s.entries {
		e, err := evaluated(e, nil, calx.Options{})
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", cell(e.head), cell(e.doc), cell(e.shown()))
	}
	return b.String(), nil
}

// cell is a text on one line of a table.
func cell(text string) string { return strings.ReplaceAll(oneLine(text), "|", "\\|") }

func accuracy() string {
	var b strings.Builder
	b.WriteString("## Accuracy\n\nThe largest error of the elementary functions on f64, in units in the last place, over their\n" +
		"whole range; `pow` is `x^y` where it is not multiplied out. All machines give the same bits.\n\n| function | ulp |\n|---|---|\n")
	for _, bound := range elementary.Accuracy {
		fmt.Fprintf(&b, "| `%s` | %v |\n", bound.Name, bound.ULP)
	}
	return b.String()
}

// Of is what is said of a function ("hypot", "linalg.solve") or of a module
// ("linalg"). If there is none of this name, near is one that may be meant.
func Of(name string) (text, near string, err error) {
	all, err := sections()
	if err != nil {
		return "", "", err
	}
	var names []string
	for _, s := range all {
		if s.name == name && name != builtIn {
			text, err := s.table()
			return text, "", err
		}
		names = append(names, s.name)
		for _, e := range s.entries {
			if e.name == name {
				e, err := evaluated(e, nil, calx.Options{})
				return e.paragraphs("#"), "", err
			}
			names = append(names, e.name)
		}
	}
	for _, full := range names {
		if strings.HasSuffix(full, "."+name) {
			return "", full, nil
		}
	}
	return "", ast.Nearest(name, names), nil
}

// paragraphs are a function under a heading of its own.
func (e entry) paragraphs(level string) string {
	text := level + " " + e.name + "\n\n```text\n" + e.head + "\n```\n"
	if e.doc != "" {
		text += "\n" + e.doc + "\n"
	}
	if e.example != "" {
		text += "\n" + e.shown() + "\n"
	}
	return text
}
