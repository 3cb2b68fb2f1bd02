package manual

import (
	"path/filepath"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
)

// Script is the manual of a script: the comment that it begins with, and the
// functions that it exports. The result of one whose parameters all have types is
// shown as the checker found it. Examples are run unless the script wants inputs. An error is what is wrong with the script or an example.
func Script(source *ast.Source, opts calx.Options) (string, error) {
	var types string
	opts.Dump = calx.Dump{Types: func(text string) { types = text }}
	file, mistakes := lang.Parse(source)
	program, err := calx.CompileFile(file, mistakes, opts)
	if err != nil {
		return "", err
	}
	opts.Dump = calx.Dump{}
	var b strings.Builder
	b.WriteString("# " + filepath.Base(source.Name) + "\n")
	if text := preface(file); text != "" {
		b.WriteString("\n" + text + "\n")
	}
	for _, e := range exported(file, "") {
		if e.typed && !strings.Contains(e.head, ") -> ") {
			e.head += resultOf(e.name, types)
		}
		if len(program.Inputs()) == 0 {
			if e, err = evaluated(e, source, opts); err != nil {
				return "", err
			}
		}
		b.WriteString("\n" + e.paragraphs("##"))
	}
	return b.String(), nil
}

// resultOf is " -> " with the type of a function's result, from the types that
// the checker found.
func resultOf(name, types string) string {
	for line := range strings.Lines(types) {
		if strings.HasPrefix(line, "fn "+name+"(") {
			return " " + strings.TrimSpace(line[strings.LastIndex(line, ") -> ")+1:])
		}
	}
	return ""
}

// preface is the comment at the beginning of a file, unless it belongs to the
// statement below it.
func preface(file *ast.File) string {
	var lines []string
	next := 0
	for i, c := range file.Comments {
		above := file.Source.Text[next:c.Span.Start]
		if i == 0 && strings.TrimSpace(above) != "" || i > 0 && strings.TrimLeft(above, " \t\r") != "\n" {
			break
		}
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(c.Text, "#"), " "))
		next = int(c.Span.End)
	}
	below := strings.TrimLeft(file.Source.Text[next:], " \t\r")
	if below != "" && below != "\n" && !strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(below, "\n"), " \t\r"), "\n") {
		return ""
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
