package passes_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes"
)

var update = flag.Bool("update", false, "rewrite the expectations under testdata")

// Each file testdata/PASS.txt is a list of cases: "-- name --", a module, a line
// "=>", and the module after the pass. A file of two names joined by "+" runs
// these passes one after the other.
func TestPasses(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data")
	}
	for _, path := range files {
		names := strings.Split(strings.TrimSuffix(filepath.Base(path), ".txt"), "+")
		t.Run(strings.Join(names, "+"), func(t *testing.T) { runFile(t, path, names) })
	}
}

func runFile(t *testing.T, path string, names []string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(data), "-- ")
	rewritten := parts[0]
	for _, part := range parts[1:] {
		title, body, _ := strings.Cut(part, " --\n")
		before, want, _ := strings.Cut(body, "=>\n")
		got := ""
		t.Run(title, func(t *testing.T) {
			got = apply(t, before, names)
			if again := apply(t, got, names); again != got {
				t.Errorf("not idempotent: it gives\n%s\nand then\n%s", got, again)
			}
			if got != strings.TrimSpace(want)+"\n" && !*update {
				t.Errorf("got\n%s\nwant\n%s\n(-update rewrites)", got, want)
			}
		})
		rewritten += "-- " + title + " --\n" + before + "=>\n" + got + "\n"
	}
	if *update {
		if err := os.WriteFile(path, []byte(rewritten), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func apply(t *testing.T, text string, names []string) string {
	t.Helper()
	m, err := ir.Parse(text, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatalf("before: %v in\n%s", err, text)
	}
	for _, name := range names {
		for _, pass := range passes.Pipeline {
			if pass.Name != name {
				continue
			}
			if err := pass.Run(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := ir.Verify(m); err != nil {
			t.Fatalf("after %s: %v in\n%s", name, err, m)
		}
	}
	return m.String()
}

func TestPipelineComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, pass := range passes.Pipeline {
		if pass.Name == "" || pass.Doc == "" || pass.After == "" || pass.Run == nil || seen[pass.Name] {
			t.Errorf("pass %q lacks something or is there twice", pass.Name)
		}
		seen[pass.Name] = true
	}
}
