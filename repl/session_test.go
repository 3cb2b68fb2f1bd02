package repl

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/calx-lang/calx/ast"
)

var update = flag.Bool("update", false, "rewrite what the sessions of testdata show")

// TestSessions replays the sessions of testdata: behind "> " stands what is
// typed, behind ". " its further lines, and below what the session shows. The
// other files of an archive are there for imports and :load. With -update the
// sessions are rewritten.
func TestSessions(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no sessions", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range archive.Files {
				file := &archive.Files[i]
				if file.Name != "session" {
					continue
				}
				got := replay(t, string(file.Data), archive)
				if *update {
					file.Data = []byte(got)
				} else if diff := cmp.Diff(string(file.Data), got); diff != "" {
					t.Errorf("the session shows something else (-update rewrites it):\n%s", diff)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestManual replays the sessions that the manual shows.
func TestManual(t *testing.T) {
	page, err := os.ReadFile("../docs/repl.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range strings.Split(string(page), "```session\n")[1:] {
		want, _, _ := strings.Cut(part, "```")
		if diff := cmp.Diff(want, replay(t, want, &txtar.Archive{})); diff != "" {
			t.Errorf("session %d of the page shows something else:\n%s", i+1, diff)
		}
	}
}

// replay gives the inputs of a transcript to a new session, and what comes of it.
func replay(t *testing.T, transcript string, archive *txtar.Archive) string {
	files := map[string]string{}
	for _, file := range archive.Files {
		files[file.Name] = string(file.Data)
	}
	var out bytes.Buffer
	s := New(Options{
		Output: &out,
		Load: func(_ *ast.Source, path string) (*ast.Source, error) {
			text, ok := files[path]
			if !ok {
				return nil, errors.New("there is no such file")
			}
			return &ast.Source{Name: path, Text: text}, nil
		},
		Read: func(file string) (string, error) {
			text, ok := files[file]
			if !ok {
				return "", errors.New("there is no file " + file)
			}
			return text, nil
		},
		Write: func(file, text string) error {
			files[file] = text
			return nil
		},
	})
	lines := strings.Split(transcript, "\n")
	for i := 0; i < len(lines); i++ {
		text, ok := strings.CutPrefix(lines[i], "> ")
		if !ok {
			if strings.HasPrefix(lines[i], "#") && out.Len() == 0 {
				out.WriteString(lines[i] + "\n")
			}
			continue
		}
		out.WriteString("> " + text + "\n")
		for i+1 < len(lines) && (strings.HasPrefix(lines[i+1], ". ") || lines[i+1] == ".") {
			i++
			if !s.Incomplete(text) {
				t.Errorf("%q is complete, and goes on", text)
			}
			out.WriteString(lines[i] + "\n")
			text += "\n" + strings.TrimPrefix(strings.TrimPrefix(lines[i], "."), " ")
		}
		if s.Incomplete(text) {
			t.Errorf("%q is not complete", text)
		}
		s.Enter(context.Background(), text, func(e Event) {
			if err := Render(&out, e, Style{}); err != nil {
				t.Error(err)
			}
			if _, ok := e.(Quit); ok {
				out.WriteString("(the end)\n")
			}
		})
	}
	return out.String()
}
