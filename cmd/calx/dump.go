package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
)

func dumpCommand() *command {
	return &command{
		name: "dump", args: "FILE",
		summary: "show what the compiler makes of a program",
		help: `
FILE is a script, or - for the standard input. The stages are
  ast     the syntax tree
  types   the types of inputs, functions, names and exports
  ir      the array program that runs, behind all passes
  source  the function that --fn names, behind all passes, as Calx
  lower   the array program before any pass
and the name of each pass, behind which the array program is shown.

Examples:
  calx dump --stage=types fit.calx
  calx dump --stage=ir --fn gradient fit.calx
  calx dump --stage=source --fn 'grad(loss)' fit.calx
`,
		run: dumpFile,
	}
}

func dumpFile(t *terminal, c *command, args []string) int {
	flags := newFlags(c)
	stage := flags.String("stage", "ir", "`name` of the stage: ast, types, ir, lower or a pass (default ir)")
	fn := flags.String("fn", "", "`name` of a function; only it is shown")
	files, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	if len(files) != 1 {
		return t.wrongUsage(c, "it needs the name of one script")
	}
	source, err := t.readSource(files[0])
	if err != nil {
		return t.failed(err, false)
	}
	if *stage == "source" {
		return t.dumpSource(c, source, *fn)
	}
	d := &dumper{stage: *stage, function: *fn, stages: []string{"ast", "types", "ir"}}
	_, err = calx.Compile(source, calx.Options{Load: load, Dump: calx.Dump{Syntax: d.syntax, Types: d.types, IR: d.ir}})
	if err != nil && !(d.found && (*stage == "ast" || *stage == "types")) {
		return t.failed(err, false)
	}
	if *stage == "ir" {
		d.text, d.found = d.last, true
	}
	if !d.found {
		return t.wrongUsage(c, "there is no stage %q; there are %s", *stage, strings.Join(d.stages, ", "))
	}
	if d.text == "" && *fn != "" {
		return t.failed(fmt.Errorf("stage %s of %s has no function %s", *stage, source.Name, *fn), false)
	}
	fmt.Fprint(t.out, d.text)
	return exitDone
}

// dumpSource writes the function that an expression is.
func (t *terminal) dumpSource(c *command, source *ast.Source, function string) int {
	if function == "" {
		return t.wrongUsage(c, "--stage=source needs --fn, a function: --fn 'grad(f)'")
	}
	file, mistakes := lang.Parse(source)
	if mistakes.HasErrors() {
		return t.failed(mistakes, false)
	}
	x, mistakes := lang.ParseExpr(&ast.Source{Name: "--fn", Text: function})
	if mistakes.HasErrors() {
		return t.failed(mistakes, false)
	}
	text, err := calx.SourceOf(file, x, calx.Options{Load: load})
	if err != nil {
		return t.failed(err, false)
	}
	fmt.Fprint(t.out, text)
	return exitDone
}

// A dumper keeps the text of one stage.
type dumper struct {
	stage, function string
	stages          []string // the names that were seen
	found           bool
	text            string
	last            string // of the last stage of the array program
}

func (d *dumper) syntax(file *ast.File) {
	if d.stage == "ast" {
		d.text, d.found = syntaxText(file, d.function), true
	}
}

func (d *dumper) types(text string) {
	if d.stage != "types" {
		return
	}
	d.found = true
	for line := range strings.Lines(text) {
		if d.function == "" || strings.HasPrefix(line, "fn "+d.function+"(") {
			d.text += line
		}
	}
}

func (d *dumper) ir(stage string, m *ir.Module) {
	if !slices.Contains(d.stages, stage) {
		d.stages = append(d.stages, stage)
	}
	if d.stage != "ir" && d.stage != stage {
		return
	}
	d.last = d.functions(m)
	if d.stage == stage {
		d.text, d.found = d.last, true
	}
}

func (d *dumper) functions(m *ir.Module) string {
	if d.function == "" {
		return m.String()
	}
	for _, f := range m.Funcs {
		if f.Name == d.function {
			return f.String()
		}
	}
	return ""
}
