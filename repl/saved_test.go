package repl

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
)

// onFiles is a session with files of its own, and what it shows.
func onFiles(files map[string]string, out *bytes.Buffer) *Session {
	read := func(file string) (string, error) {
		text, ok := files[filepath.Clean(file)]
		if !ok {
			return "", errors.New("there is no file " + file)
		}
		return text, nil
	}
	return New(Options{
		Output: out, Read: read,
		Load: func(from *ast.Source, path string) (*ast.Source, error) {
			file := filepath.Join(filepath.Dir(from.Name), path)
			text, err := read(file)
			return &ast.Source{Name: file, Text: text}, err
		},
		Write: func(file, text string) error { files[filepath.Clean(file)] = text; return nil },
	})
}

func show(t *testing.T, s *Session, out *bytes.Buffer, texts ...string) string {
	t.Helper()
	out.Reset()
	for _, text := range texts {
		s.Enter(context.Background(), text, func(e Event) {
			if err := Render(out, e, Style{}); err != nil {
				t.Error(err)
			}
		})
	}
	return out.String()
}

// importPath is another one where it stands in a file of another folder.
var importPath = regexp.MustCompile(`"[^"]*table.calx"`)

// TestSaved: a session that loads what another one has saved has the same names
// with the same values, and saves the same.
func TestSaved(t *testing.T) {
	scripts := map[string][]string{"declared anew": {
		"let k = 2", "fn f(x) = k * x", "let was = f(1)", "let frozen = x -> f(x)", "fn f(x) = 10 * x", "let other = f(1)",
		"fn f(x) = [x]", "var n = 0", "n += 3", "let n2 = n", "n = 5", "let f = 7", "let k = \"now a text\"",
		"import \"parts/table.calx\" as table", ":load parts/more.calx", "let m = [1.5, 2]", "input m: f64[2]", "input z: i64 = 4",
		"fn deeper(x) = more(x) + z", "let shown = (was, frozen(1), other, n2, n, deeper(1), table.table, again.table)",
	}}
	paths, err := filepath.Glob("../tests/lang/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("there is no corpus: ", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := selfContained(archive); ok {
			file, _ := lang.Parse(&ast.Source{Name: "program.calx", Text: text})
			for _, stmt := range file.Stmts {
				scripts[path] = append(scripts[path], stmt.Pos().Text())
			}
		}
	}
	for name, texts := range scripts {
		files := map[string]string{
			"parts/table.calx": "export let table = [1, 2, 3]",
			"parts/more.calx":  "import \"table.calx\" as again\nfn more(x) = x + again.table[0]",
		}
		var out bytes.Buffer
		typed := onFiles(files, &out)
		show(t, typed, &out, texts...)
		if len(typed.log) == 0 {
			continue
		}
		show(t, typed, &out, ":save kept/session.calx")
		loaded := onFiles(files, &out)
		if shown := show(t, loaded, &out, ":load kept/session.calx"); strings.Contains(shown, "error") {
			t.Errorf("%s: %s\n%s", name, shown, files["kept/session.calx"])
			continue
		}
		of := func(s *Session) string {
			vars := strings.Split(importPath.ReplaceAllString(show(t, s, &out, ":vars"), ""), "\n")
			slices.Sort(vars) // functions of a file are declared before all else
			return strings.Join(vars, "\n") + show(t, s, &out, valueNames(s)...)
		}
		if diff := cmp.Diff(of(typed), of(loaded)); diff != "" {
			t.Errorf("%s: the session that loads has other values:\n%s", name, diff)
		}
		show(t, loaded, &out, ":save kept/again.calx")
		if diff := cmp.Diff(files["kept/session.calx"], files["kept/again.calx"]); diff != "" {
			t.Errorf("%s: is saved in another way:\n%s", name, diff)
		}
	}
}

func valueNames(s *Session) (names []string) {
	for _, e := range s.sorted() {
		if e.kind != function && e.kind != imported {
			names = append(names, e.name)
		}
	}
	slices.Sort(names)
	return names
}
