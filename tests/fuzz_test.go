package tests

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// FuzzCompile compiles any text, and runs it if it needs no inputs: it gives
// values or mistakes with their codes, within its limits, and never panics.
//
//	go test ./tests -run '^$' -fuzz FuzzCompile -fuzztime 10m
func FuzzCompile(f *testing.F) {
	for _, text := range corpusPrograms(f) {
		f.Add(text)
	}
	for _, pattern := range []string{"cases/*.calx", "../examples/*.calx", "../stdlib/*.calx"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			f.Add(readSource(f, file).Text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		program, err := calx.Compile(&ast.Source{Name: "fuzz.calx", Text: text}, calx.Options{})
		if err != nil {
			checkMistakes(t, err)
			return
		}
		for _, in := range program.Inputs() {
			if !in.Optional {
				return
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		begin := time.Now()
		_, err = program.Run(ctx, nil, calx.RunOptions{Limits: runtime.Limits{Memory: 16 << 20, Steps: 100_000, Depth: 200}})
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("it ran for %v, and its limit is 1s", took)
		}
		if err != nil {
			checkMistakes(t, err)
		}
	})
}

// checkMistakes demands that an error is a mistake of the program, not of ours.
func checkMistakes(t *testing.T, err error) {
	t.Helper()
	found, ok := ast.AsDiagnostics(err)
	if !ok {
		t.Fatalf("an error without a code: %v", err)
	}
	for _, d := range found {
		if d.Code == "" || strings.Contains(d.Message, "bug in") {
			t.Errorf("%s: %s", d.Code, rendered(err))
		}
	}
}

// corpusPrograms are the programs of the language corpus.
func corpusPrograms(t testing.TB) (texts []string) {
	files, err := filepath.Glob("lang/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			if section.Name == "program.calx" {
				texts = append(texts, string(section.Data))
			}
		}
	}
	return texts
}
