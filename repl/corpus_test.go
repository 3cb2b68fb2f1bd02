package repl

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
)

// TestCorpus types the programs of the language's corpus into sessions, one
// statement after the other. They must print and export the same as if they are
// run as scripts, whatever became of their values in between.
func TestCorpus(t *testing.T) {
	paths, err := filepath.Glob("../tests/lang/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("there is no corpus: ", err)
	}
	typed := 0
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text, ok := selfContained(archive)
		if !ok || strings.HasSuffix(path, "/lets-below.txtar") { // in a session functions see what is declared below
			continue
		}
		var printed bytes.Buffer
		program, err := calx.Compile(&ast.Source{Name: "program.calx", Text: text}, calx.Options{})
		if err != nil {
			continue
		}
		results, err := program.Run(context.Background(), nil, calx.RunOptions{Output: &printed})
		if err != nil {
			continue
		}
		typed++
		compareTyped(t, path, text, results, printed.String())
	}
	if typed < 100 {
		t.Errorf("only %d programs were typed", typed)
	}
}

// selfContained is the program of an archive that needs nothing else.
func selfContained(archive *txtar.Archive) (text string, ok bool) {
	for _, file := range archive.Files {
		switch file.Name {
		case "program.calx":
			text, ok = string(file.Data), true
		case "inputs", "functions", "limits":
			return "", false
		}
	}
	return text, ok
}

func compareTyped(t *testing.T, path, text string, results calx.Results, printed string) {
	var out bytes.Buffer
	s := New(Options{Output: &out})
	exports := map[string]Value{}
	var names []string
	failed := false
	emit := func(e Event) {
		switch e := e.(type) {
		case Value:
			exports[e.Label] = e
		case Mistakes:
			failed = failed || e.Diagnostics.HasErrors()
			// A session knows no functions that stand below.
			if e.Diagnostics.HasErrors() && !declaredBelow(text, e.Diagnostics) {
				t.Errorf("%s: %v", path, e.Diagnostics[0])
			}
		case Failed:
			failed = true
			t.Errorf("%s: %v", path, e.Err)
		}
	}
	file, _ := lang.Parse(&ast.Source{Name: "program.calx", Text: text})
	for _, stmt := range file.Stmts {
		if let, ok := stmt.(*ast.Let); ok && let.Export {
			for _, id := range let.Names {
				names = append(names, id.Name)
			}
		}
		s.Enter(context.Background(), stmt.Pos().Text(), emit)
		if failed {
			return
		}
	}
	for _, name := range names {
		s.Enter(context.Background(), "export "+name+" as \""+name+"\"", emit)
	}
	if out.String() != printed {
		t.Errorf("%s prints %q in a session, not %q", path, out.String(), printed)
	}
	for _, result := range results {
		got, want := exports[result.Name].Value, result.Value
		if runtime.Format(got) != runtime.Format(want) || calx.TypeOf(got) != calx.TypeOf(want) {
			t.Errorf("%s: %s is %s in a session, not %s", path, result.Name, runtime.Format(got), runtime.Format(want))
		}
	}
}

// declaredBelow reports whether all mistakes are about functions of the text.
func declaredBelow(text string, mistakes ast.Diagnostics) bool {
	file, _ := lang.Parse(&ast.Source{Name: "program.calx", Text: text})
	var functions []string
	for _, stmt := range file.Stmts {
		if fn, ok := stmt.(*ast.Fn); ok {
			functions = append(functions, fn.Name.Name)
		}
	}
	return !slices.ContainsFunc(mistakes, func(d *ast.Diagnostic) bool {
		return d.Code != ast.CodeUnknownName || !slices.Contains(functions, d.Span.Text())
	})
}
