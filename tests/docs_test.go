package tests

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
)

// TestDocumentation runs what the pages show. A block "```calx" is a program of
// its own; the block "```text" behind it, after blank lines only, is what
// "calx run" writes: remarks, what is printed, then the exports or what went
// wrong; the blocks "```text STAGE" that follow are what "calx dump" shows of a
// stage behind the syntax tree, or what toldOf gives. Without any, the program must have no mistakes.
// Programs are written in the style of "calx fmt".
//
// A comment "# calx run FILE name=value …" in a program names its file and gives
// it inputs. A block "```calx FILE" is a file that programs below it may import.
// A block of any language with a path in a folder behind it shows lines of that
// file of the project. A row of a table may end in "`EXPR` is `VALUE`".
func TestDocumentation(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, file := range append(pages, "../README.md", "../ARCHITECTURE.md") {
		name := strings.TrimPrefix(filepath.ToSlash(file), "../")
		if name == "docs/errors.md" {
			continue // generated, with marks for what can't be shown
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runPage(t, name)
		})
	}
}

// A page is a text with programs in it.
type page struct {
	name    string
	lines   []string
	files   map[string]*ast.Source // that programs may import
	changed bool
}

func runPage(t *testing.T, name string) {
	p := &page{name: name, files: map[string]*ast.Source{}}
	p.lines = strings.SplitAfter(readSource(t, "../"+name).Text, "\n")
	for i := 0; i < len(p.lines); i++ {
		info, ok := strings.CutPrefix(strings.TrimSpace(p.lines[i]), "```")
		if !ok {
			continue
		}
		first, end := i+1, p.blockEnd(i)
		if end < 0 {
			t.Fatalf("%s:%d: the block has no end", name, i+1)
		}
		language, word, _ := strings.Cut(info, " ")
		switch {
		case strings.Contains(word, "/"):
			p.checkExcerpt(t, word, first, end)
		case language == "calx":
			end = p.runProgram(t, word, first, end)
		}
		i = end
	}
	if name != "docs/functions.md" { // generated, of examples that are tried where they stand
		p.checkRows(t)
	}
	if p.changed && !t.Failed() {
		if err := os.WriteFile("../"+name, []byte(strings.Join(p.lines, "")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// runProgram tries the program in the lines from first to end, and gives the line
// that ends the last block of what is shown of it.
func (p *page) runProgram(t *testing.T, word string, first, end int) int {
	b := &docProgram{page: p, text: strings.Join(p.lines[first:end], "")}
	if text, mistakes := lang.FormatSource(&ast.Source{Text: b.text}); mistakes == nil {
		end = p.compare(t, first, end, text)
		b.text = strings.Join(p.lines[first:end], "")
	}
	shown := false
	for {
		wantFirst, wantEnd, stage, ok := p.outputBehind(end)
		if !ok {
			break
		}
		shown = true
		got, err := b.run(word, stage)
		if err != nil {
			t.Errorf("%s:%d: %s", p.name, first, rendered(err))
			return wantEnd
		}
		end = p.compare(t, wantFirst, wantEnd, got)
	}
	if !shown {
		if err := b.check(word); err != nil {
			t.Errorf("%s:%d: %s", p.name, first, rendered(err))
		}
	}
	return end
}

// compare demands that the lines from first to end are the text that was found,
// or puts it there. It gives the line behind them.
func (p *page) compare(t *testing.T, first, end int, found string) int {
	written := strings.Join(p.lines[first:end], "")
	switch {
	case written == found:
		return end
	case *update:
		lines := strings.SplitAfter(strings.TrimSuffix(found, "\n"), "\n")
		lines[len(lines)-1] += "\n"
		p.lines = slices.Concat(p.lines[:first], lines, p.lines[end:])
		p.changed = true
		return first + len(lines)
	}
	t.Errorf("%s:%d: go test ./tests -run TestDocumentation -update rewrites it\n%s",
		p.name, first+1, diff.Diff("written", []byte(written), "found", []byte(found)))
	return end
}

// checkExcerpt demands that the lines from first to end follow each other in a
// file, whatever their indentation.
func (p *page) checkExcerpt(t *testing.T, file string, first, end int) {
	if !strings.Contains(unindented(readSource(t, "../"+file).Text), unindented(strings.Join(p.lines[first:end], ""))) {
		t.Errorf("%s:%d: this does not stand in %s any more", p.name, first+1, file)
	}
}

func unindented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}

// blockEnd is the line that ends the block which begins at line i, -1 if there
// is none.
func (p *page) blockEnd(i int) int {
	for j := i + 1; j < len(p.lines); j++ {
		if strings.TrimSpace(p.lines[j]) == "```" {
			return j
		}
	}
	return -1
}

// outputBehind finds the lines of the output, or of a stage, that is shown behind
// the block which ends at line i.
func (p *page) outputBehind(i int) (first, end int, stage string, ok bool) {
	prose := false
	for i++; i < len(p.lines) && !strings.HasPrefix(p.lines[i], "```"); i++ {
		prose = prose || strings.TrimSpace(p.lines[i]) != ""
	}
	if i >= len(p.lines) {
		return 0, 0, "", false
	}
	info, ok := strings.CutPrefix(strings.TrimSpace(p.lines[i]), "```text")
	stage = strings.TrimSpace(info)
	end = p.blockEnd(i)
	if !ok || end < 0 || prose && stage == "" || strings.Contains(stage, "/") {
		return 0, 0, "", false
	}
	return i + 1, end, stage, true
}

// A docProgram is a block of a page.
type docProgram struct {
	page *page
	text string
}

var commandForm = regexp.MustCompile(`(?m)^# +calx run (\S+\.calx)(.*)$`)

// source is the program with the name of its file: that of its block, that of
// the command in it, or that of the page.
func (b *docProgram) source(word string) (source *ast.Source, arguments []string) {
	name := strings.TrimSuffix(path.Base(b.page.name), ".md") + ".calx"
	if strings.HasSuffix(word, ".calx") {
		name = word
	} else if m := commandForm.FindStringSubmatch(b.text); m != nil {
		name, arguments = m[1], strings.Fields(m[2])
	}
	return &ast.Source{Name: name, Text: b.text}, arguments
}

func (b *docProgram) load(_ *ast.Source, name string) (*ast.Source, error) {
	if file := b.page.files[path.Clean(name)]; file != nil {
		return file, nil
	}
	return nil, fmt.Errorf("no block above is the file %s", name)
}

// check looks for mistakes in a program whose output isn't shown.
func (b *docProgram) check(word string) error {
	source, _ := b.source(word)
	if source.Name == word {
		b.page.files[word] = source
	}
	mistakes, err := calx.Check(source, calx.Options{Load: b.load})
	if err == nil && len(mistakes) > 0 {
		return mistakes
	}
	return err
}

// run is what "calx run" writes, or "calx dump" of a stage.
func (b *docProgram) run(word, stage string) (string, error) {
	var out strings.Builder
	source, arguments := b.source(word)
	if text, ok, err := b.toldOf(source, stage); ok {
		return text, err
	}
	stages := map[string]string{}
	program, err := calx.Compile(source, calx.Options{Load: b.load, Dump: calx.Dump{
		Types: func(text string) { stages["types"] = text },
		IR:    func(name string, m *ir.Module) { stages[name] = m.String(); stages["ir"] = m.String() },
	}})
	if err != nil {
		return rendered(err), nil
	}
	if stage != "" {
		text, ok := stages[stage]
		if !ok {
			return "", fmt.Errorf("there is no stage %s", stage)
		}
		return text, nil
	}
	program.Warnings.Render(&out, false)
	inputs := map[string]any{}
	for _, argument := range arguments {
		name, text, _ := strings.Cut(argument, "=")
		want := data.Want{}
		for _, in := range program.Inputs() {
			if in.Name == name {
				want = in.Want
			}
		}
		if inputs[name], err = readInput(text, want); err != nil {
			return rendered(err), nil
		}
	}
	results, err := program.Run(context.Background(), inputs, calx.RunOptions{Limits: limits, Output: &out})
	if err != nil {
		out.WriteString(rendered(err))
		return out.String(), nil
	}
	err = data.WriteText(&out, results)
	return out.String(), err
}

// readInput reads a file of the project, or a value as written.
func readInput(text string, want data.Want) (runtime.Value, error) {
	var v data.Value
	var err error
	if file, part, ok := data.SplitName(text); ok {
		var content []byte
		if content, err = os.ReadFile("../" + file); err == nil {
			v, err = data.Read(file, part, content, limits.Memory)
		}
	} else {
		v, err = data.ReadText(&ast.Source{Name: "argument", Text: text})
	}
	if err != nil {
		return nil, err
	}
	return v.Fit(want)
}
