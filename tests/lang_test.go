package tests

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/diff"
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
//	inputs      "name = value" lines, a value as in the language or a section
//	functions   of the embedding program: "name signature: text" lines, each fails
//	limits      of the run: "steps = N", "time = 20ms", "cancelled = true"
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
// In a program ⟪3 × ab⟫ is ababab, and ⟪"\xff"⟫ is a text with Go's escapes.
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
	inputs  map[string]any
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
	b := newBehaviour(t, archive)
	for _, section := range archive.Files {
		if ext := path.Ext(section.Name); ext == ".calx" || ext == ".csv" {
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
		t.Errorf("go test ./tests -run TestLanguage -update rewrites it\n%s", diff.Diff(section.Name, []byte(want), "found", []byte(got)))
	}
	if changed && !t.Failed() {
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func newBehaviour(t testing.TB, archive *txtar.Archive) *behaviour {
	b := &behaviour{archive: archive, stages: map[string]string{}, counts: map[string]int{}}
	b.source = &ast.Source{Name: "program.calx", Text: expanded(t, b.section("program.calx"))}
	return b
}

var expansion = regexp.MustCompile(`⟪(?:([0-9]+) × ([^⟫]*)|("[^⟫]*"))⟫`)

// expanded writes out ⟪3 × ab⟫ and ⟪"\xff"⟫.
func expanded(t testing.TB, text string) string {
	return expansion.ReplaceAllStringFunc(text, func(form string) string {
		parts := expansion.FindStringSubmatch(form)
		if parts[3] != "" {
			bytes, err := strconv.Unquote(parts[3])
			if err != nil {
				t.Fatal(err)
			}
			return bytes
		}
		times, _ := strconv.Atoi(parts[1])
		return strings.Repeat(parts[2], times)
	})
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

// functions are those of the embedding program: each takes one argument and
// fails with its text.
func (b *behaviour) functions() (list []*calx.Function, err error) {
	for line := range strings.Lines(b.section("functions")) {
		head, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		name, signature, _ := strings.Cut(head, " ")
		f, err := calx.NewFunction(name, signature, func(any) (any, error) { return nil, errors.New(text) })
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func (b *behaviour) compile() {
	functions, err := b.functions()
	if err != nil {
		b.fail(err)
		return
	}
	program, err := calx.Compile(b.source, calx.Options{Load: b.load, Functions: functions, Dump: calx.Dump{
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

// bounds are the limits of this run; outside ends it from outside.
func (b *behaviour) bounds(t testing.TB) (ctx context.Context, outside context.CancelFunc, bounds runtime.Limits) {
	ctx, outside, bounds = context.Background(), func() {}, limits
	for line := range strings.Lines(b.section("limits")) {
		var err error
		switch name, value, _ := strings.Cut(strings.TrimSpace(line), " = "); name {
		case "steps":
			bounds.Steps, err = strconv.ParseInt(value, 10, 64)
		case "time":
			var limit time.Duration
			if limit, err = time.ParseDuration(value); err == nil {
				ctx, outside = context.WithTimeout(ctx, limit)
			}
			bounds.Steps = 0
		case "cancelled":
			ctx, outside = context.WithCancel(ctx)
			outside()
		default:
			t.Fatalf("there is no limit %s", name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return ctx, outside, bounds
}

func (b *behaviour) run(t testing.TB) {
	ctx, outside, bounds := b.bounds(t)
	defer outside()
	var err error
	if b.inputs, err = b.readInputs(); err != nil {
		b.fail(err)
		return
	}
	b.outcome, b.results = runWhole(ctx, b.program, b.inputs, bounds)
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
		ctx, outside, bounds := b.bounds(t)
		defer outside()
		if text := checked.run(ctx, w, b.inputs, bounds).differs(b.outcome); text != "" {
			t.Errorf("%s: %s", w.name, text)
		}
	}
}

// needsBinding reports whether the run shows what package calx does around it: it
// computes defaults, refuses inputs and gives functions of the embedding program.
func (b *behaviour) needsBinding() bool {
	if b.section("functions") != "" {
		return true
	}
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

// readInputs reads the section of the inputs.
func (b *behaviour) readInputs() (map[string]any, error) {
	values := map[string]any{}
	for line := range strings.Lines(b.section("inputs")) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " = ")
		v, err := data.ReadText(&ast.Source{Name: name, Text: text})
		if file, part, ok := data.SplitName(text); ok {
			v, err = data.Read(file, part, []byte(b.section(file)), 1<<20)
		}
		if err != nil {
			return nil, err
		}
		values[name], err = v.Natural()
		inputs := b.program.Inputs()
		if i := slices.IndexFunc(inputs, func(in calx.Input) bool { return in.Name == name }); err == nil && i >= 0 {
			values[name], err = v.Fit(inputs[i].Want)
		}
		if err != nil {
			return nil, err
		}
	}
	return values, nil
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
