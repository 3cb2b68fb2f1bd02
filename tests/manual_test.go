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
	"github.com/calx-lang/calx/manual"
	"github.com/calx-lang/calx/runtime"
)

// TestGeneratedPages demands that the pages of the manual that are lists say what
// is so: the functions, and the codes of mistakes.
func TestGeneratedPages(t *testing.T) {
	functions, err := manual.Functions()
	if err != nil {
		t.Fatal(rendered(err))
	}
	for file, text := range map[string]string{
		"../docs/functions.md": functions,
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
