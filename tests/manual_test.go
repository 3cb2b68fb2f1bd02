package tests

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/txtar"

	"github.com/calx-lang/calx"
	calxast "github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/elementary"
	"github.com/calx-lang/calx/stdlib"
	"github.com/calx-lang/calx/typecheck"
)

// TestGeneratedPages demands that the pages of the manual that are lists say what
// is so: the functions, and the codes of mistakes.
func TestGeneratedPages(t *testing.T) {
	for file, text := range map[string]string{
		"../docs/functions.md": functionsPage(t),
		"../docs/errors.md":    errorsPage(t),
	} {
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(content) != text {
			t.Errorf("go test ./tests -run TestGeneratedPages -update rewrites it\n%s", diff.Diff(file, content, "found", []byte(text)))
		}
	}
}

// functionsPage lists all functions, from the table of the checker and from the
// comments of the standard library.
func functionsPage(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# Functions\n\nThis page is generated: the built-in functions from the table of the checker, the\n" +
		"modules from their comments. What stands behind `*` is given by name only.\n\n## Built in\n\n" +
		"They need no prefix.\n\n| function | gives | example |\n|---|---|---|\n")
	for _, f := range typecheck.Builtins() {
		fmt.Fprintf(&b, "| `%s(%s)` | %s | %s |\n", f.Name, f.Signature, cell(f.Doc), example(t, f.Example))
	}
	b.WriteString("\n## Accuracy\n\nThe largest error of the elementary functions on f64, in units in the last place, over their\n" +
		"whole range; `pow` is `x^y` where it is not multiplied out. All machines give the same bits.\n\n| function | ulp |\n|---|---|\n")
	for _, bound := range elementary.Accuracy {
		fmt.Fprintf(&b, "| `%s` | %v |\n", bound.Name, bound.ULP)
	}
	for _, module := range stdlib.Modules() {
		text, _ := stdlib.Source(module)
		file, mistakes := lang.Parse(&calxast.Source{Name: module, Text: text})
		if mistakes.HasErrors() {
			t.Fatal(rendered(mistakes))
		}
		prefix := module + "."
		if module == "core" {
			prefix = ""
			b.WriteString("\n## The core in Calx\n\nThese are written in Calx, in the files core*.calx of [stdlib](../stdlib), and need no prefix either.\n\n")
		} else {
			fmt.Fprintf(&b, "\n## %s\n\nIn [stdlib/%s.calx](../stdlib/%s.calx), there without import.\n\n", module, module, module)
		}
		b.WriteString("| function | gives | example |\n|---|---|---|\n")
		for _, stmt := range file.Stmts {
			if f, ok := stmt.(*calxast.Fn); ok && f.Export {
				doc, expression, _ := strings.Cut(f.Doc, "Example: ")
				fmt.Fprintf(&b, "| `%s%s` | %s | %s |\n", prefix, cell(head(f)), cell(doc), example(t, expression))
			}
		}
	}
	return b.String()
}

// example is an expression with its value, nothing without one.
func example(t *testing.T, expression string) string {
	if expression == "" {
		return ""
	}
	return "`" + cell(expression) + "` is `" + cell(valueOf(t, expression)) + "`"
}

// cell is a text on one line of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

// valueOf is the value of an expression, as it is printed.
func valueOf(t *testing.T, expression string) string {
	source := &calxast.Source{Name: "example", Text: "export let value = " + expression}
	program, err := calx.Compile(source, calx.Options{})
	if err != nil {
		t.Fatal(rendered(err))
	}
	results, err := program.Run(context.Background(), nil, calx.RunOptions{})
	if err != nil {
		t.Fatal(rendered(err))
	}
	return runtime.Format(results.Get("value"))
}

// head is the head of a function as it is written, on one line.
func head(f *calxast.Fn) string {
	text := f.Span.Text()
	text = text[strings.Index(text, "fn ")+len("fn "):]
	depth := 0
	for i, r := range text {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '{', '=':
			if depth == 0 {
				return strings.TrimSpace(strings.Join(strings.Fields(text[:i]), " "))
			}
		}
	}
	return text
}

// errorsPage shows an example of each code, as a user sees it.
func errorsPage(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# Mistakes\n\nEvery mistake has a code, which `--json` shows and an embedding program sees. This\n" +
		"page is generated: its examples are the files of [tests/lang/errors](../tests/lang/errors),\nand what is shown is what Calx says. In them ⟪3 × ab⟫ stands for ababab, and\n⟪\"\\xff\"⟫ for a byte.\n")
	for _, c := range codes(t) {
		file := filepath.Join("lang", "errors", c+".txtar")
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Errorf("the code %s has no example: %v", c, err)
			continue
		}
		for i := range archive.Files {
			archive.Files[i].Data = []byte(withoutMarks(string(archive.Files[i].Data)))
		}
		example := newBehaviour(t, archive)
		example.compile()
		if example.program != nil {
			example.run(t)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", c, archive.Comment)
		for _, section := range archive.Files {
			form := "text"
			if strings.HasSuffix(section.Name, ".calx") {
				form = "calx"
			} else {
				fmt.Fprintf(&b, "%s:\n", section.Name)
			}
			fmt.Fprintf(&b, "```%s\n%s```\n", form, section.Data)
		}
		if len(example.mistakes) > 0 {
			fmt.Fprintf(&b, "```text\n%s```\n", shortened(rendered(example.mistakes)))
		}
	}
	return b.String()
}

func withoutMarks(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(lineMarkForm.ReplaceAllString(line, ""), " ")
	}
	return strings.Join(lines, "\n")
}

// shortened cuts the lines that a page has no room for.
func shortened(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if runes := []rune(line); len(runes) > 120 {
			lines[i] = string(runes[:117]) + "..."
		}
	}
	return strings.Join(lines, "\n")
}

// codes are the codes of ast/codes.go, in their order.
func codes(t *testing.T) (list []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../ast/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value)
			list = append(list, text)
		}
		return true
	})
	if len(list) == 0 {
		t.Fatal("ast/codes.go has no codes")
	}
	return list
}
