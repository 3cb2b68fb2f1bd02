package tests

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// TestLanguage runs the corpus: each file of lang is one behaviour. Its comment
// says which, program.calx is a program, and other .calx files are what it
// imports. Any of these sections may follow:
//
//	inputs      "name = value" lines, written as in the language
//	out         what a run prints, then its exports
//	types       what the checker finds
//	ir          the array program behind all passes; "ir PASS" behind that pass
//	structure   "operation N" lines: how many are left behind all passes
//	errors      the mistakes as a user sees them
//
// Comments in the program mark what is found in their lines: "# ERROR code
// "text"" is a mistake found by the checker, "# FAILS …" one at run time,
// "# WARNING …" a remark; the text is part of its message. No others may be found.
//
// A program is also run in all other ways, which must give the same.
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("lang/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		if strings.HasPrefix(file, "lang/pending/") {
			continue
		}
		t.Run(strings.TrimSuffix(strings.TrimPrefix(file, "lang/"), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCorpusFile(t, file)
		})
	}
}

// A behaviour is one file of the corpus.
type behaviour struct {
	archive *txtar.Archive
	source  *ast.Source
	inputs  map[string]runtime.Value
	program *calx.Program
	marks   []lineMark

	types    string
	stages   map[string]string // text of the IR
	final    string            // name of the last stage
	counts   map[string]int    // of operations in the last stage
	mistakes ast.Diagnostics
	outcome  outcome
	results  calx.Results
}

func runCorpusFile(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(archive.Comment)) == "" {
		t.Errorf("the file has no comment that says what it shows")
	}
	b := &behaviour{archive: archive, stages: map[string]string{}, counts: map[string]int{}}
	b.source = &ast.Source{Name: "program.calx", Text: b.section("program.calx")}
	for _, section := range archive.Files {
		if strings.HasSuffix(section.Name, ".calx") {
			b.marks = append(b.marks, readLineMarks(t, &ast.Source{Name: section.Name, Text: string(section.Data)})...)
		}
	}
	b.compile()
	if b.program != nil {
		b.run(t)
	}
	if err := b.checkMarks(); err != nil {
		t.Error(err)
	}
	changed := false
	for i, section := range archive.Files {
		got, known := b.found(section)
		if !known {
			continue
		}
		want := string(section.Data)
		if got == want {
			continue
		}
		if *update {
			archive.Files[i].Data, changed = []byte(got), true
			continue
		}
		t.Errorf("%s (go test ./tests -run TestLanguage -update rewrites it)\n%s", section.Name, cmp.Diff(want, got))
	}
	if changed && !t.Failed() {
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func (b *behaviour) section(name string) string {
	for _, section := range b.archive.Files {
		if section.Name == name {
			return string(section.Data)
		}
	}
	return ""
}

func (b *behaviour) load(_ *ast.Source, name string) (*ast.Source, error) {
	for _, section := range b.archive.Files {
		if section.Name == path.Clean(name) {
			return &ast.Source{Name: section.Name, Text: string(section.Data)}, nil
		}
	}
	return nil, fmt.Errorf("there is no file %s", name)
}

func (b *behaviour) compile() {
	program, err := calx.Compile(b.source, calx.Options{Load: b.load, Dump: calx.Dump{
		Types: func(text string) { b.types = text },
		IR: func(stage string, m *ir.Module) {
			b.stages[stage], b.final = m.String(), stage
			clear(b.counts)
			for _, f := range m.Funcs {
				countOps(f.Body, b.counts)
			}
		},
	}})
	if err != nil {
		b.fail(err)
		return
	}
	b.program = program
	b.mistakes = append(b.mistakes, program.Warnings...)
}

func (b *behaviour) fail(err error) {
	found, ok := ast.AsDiagnostics(err)
	if !ok {
		found = ast.Diagnostics{{Message: err.Error()}}
	}
	b.mistakes = append(b.mistakes, found...)
}

func countOps(block *ir.Block, counts map[string]int) {
	for _, op := range block.Ops {
		counts[op.Code.String()]++
		for _, region := range op.Regions {
			countOps(region, counts)
		}
	}
}

// limits bound the runs of the corpus.
var limits = runtime.Limits{Memory: 256 << 20, Steps: 1e8}

func (b *behaviour) run(t *testing.T) {
	ctx := context.Background()
	b.inputs = readInputs(t, b.program.Inputs(), b.section("inputs"))
	b.outcome, b.results = runWhole(ctx, b.program, b.inputs, limits)
	if b.outcome.err != nil {
		b.fail(b.outcome.err)
	}
	if b.needsBinding() {
		return
	}
	checked, err := checkProgram(b.source, b.load)
	if err != nil {
		t.Fatal(rendered(err))
	}
	for _, w := range otherWays {
		if text := checked.run(ctx, w, b.inputs, limits).differs(b.outcome); text != "" {
			t.Errorf("%s: %s", w.name, text)
		}
	}
}

// needsBinding reports whether the run shows what package calx does before it: it
// computes defaults and refuses inputs.
func (b *behaviour) needsBinding() bool {
	for _, in := range b.program.Inputs() {
		if b.inputs[in.Name] == nil {
			return true
		}
	}
	found, _ := ast.AsDiagnostics(b.outcome.err)
	return len(found) > 0 && strings.HasPrefix(b.line(found[0].Span.Position().Line), "input ")
}

func (b *behaviour) line(number int) string {
	lines := strings.Split(b.source.Text, "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return lines[number-1]
}

func readInputs(t *testing.T, inputs []calx.Input, text string) map[string]runtime.Value {
	t.Helper()
	values := map[string]runtime.Value{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " = ")
		v, err := data.ReadText(&ast.Source{Name: name, Text: value})
		if err != nil {
			t.Fatal(rendered(err))
		}
		values[name], err = v.Natural()
		if i := slices.IndexFunc(inputs, func(in calx.Input) bool { return in.Name == name }); err == nil && i >= 0 {
			values[name], err = v.Fit(inputs[i].Want)
		}
		if err != nil {
			t.Fatal(rendered(err))
		}
	}
	return values
}

// found is what was found for a section; known is false if it is none that a run
// fills in.
func (b *behaviour) found(section txtar.File) (text string, known bool) {
	switch section.Name {
	case "out":
		return b.outcome.printed + shown(b.results), true
	case "types":
		return b.types, true
	case "ir":
		return b.stages[b.final], true
	case "structure":
		for line := range strings.Lines(string(section.Data)) {
			name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			text += fmt.Sprintf("%s %d\n", name, b.counts[name])
		}
		return text, true
	case "errors":
		return rendered(b.mistakes), true
	}
	if stage, ok := strings.CutPrefix(section.Name, "ir "); ok {
		return b.stages[stage], true
	}
	return "", false
}

// shown is "name = value" for each result, the lines of a value below each other.
func shown(results calx.Results) string {
	var b strings.Builder
	for _, result := range results {
		head := result.Name + " = "
		text := runtime.Format(result.Value)
		if text == "" {
			text = `""`
		}
		indent := strings.Repeat(" ", utf8.RuneCountInString(head))
		fmt.Fprintf(&b, "%s%s\n", head, strings.ReplaceAll(text, "\n", "\n"+indent))
	}
	return b.String()
}
