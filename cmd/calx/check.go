package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
)

func checkCommand() *command {
	return &command{
		name: "check", args: "FILE...",
		summary: "report the mistakes of programs without running them",
		help: `
FILE is a script, or - for the standard input. Nothing is written if there is
nothing to report. With --json the standard output is one object:
{"diagnostics": [{"severity", "code", "message", "file", "line", "column", ...}]}

Examples:
  calx check fit.calx
  calx check --json *.calx
`,
		run: checkFiles,
	}
}

func checkFiles(t *terminal, c *command, args []string) int {
	flags := newFlags(c)
	asJSON := flags.Bool("json", false, "write the mistakes as one JSON object")
	files, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	if len(files) == 0 {
		return t.wrongUsage(c, "it needs the name of a script")
	}
	var found ast.Diagnostics
	for _, file := range files {
		found = append(found, t.check(file)...)
	}
	if *asJSON {
		writeDiagnostics(t.out, found)
	} else {
		found.Render(t.err, t.color)
	}
	if found.HasErrors() {
		return exitFailed
	}
	return exitDone
}

// check gives the mistakes of one script, and remarks on it.
func (t *terminal) check(file string) ast.Diagnostics {
	source, err := t.readSource(file)
	if err != nil {
		return asMistakes(err)
	}
	mistakes, err := calx.Check(source, calx.Options{Load: load})
	if err != nil {
		return asMistakes(err)
	}
	return mistakes
}

// codeFailed is of what is no mistake of a program: a file that can't be read.
const codeFailed ast.Code = "failed"

// asMistakes is err as mistakes with their places, if it has any.
func asMistakes(err error) ast.Diagnostics {
	if mistakes, ok := ast.AsDiagnostics(err); ok {
		return mistakes
	}
	return ast.Diagnostics{{Code: codeFailed, Message: err.Error()}}
}

// failed shows what went wrong.
func (t *terminal) failed(err error, asJSON bool) int {
	if asJSON {
		writeDiagnostics(t.out, asMistakes(err))
	} else {
		asMistakes(err).Render(t.err, t.color)
	}
	return exitFailed
}

func writeDiagnostics(w io.Writer, found ast.Diagnostics) {
	text, err := json.MarshalIndent(map[string]ast.Diagnostics{"diagnostics": found}, "", "  ")
	if err != nil {
		text = []byte(`{"diagnostics": []}`) // does not happen: all fields are texts and numbers
	}
	fmt.Fprintf(w, "%s\n", text)
}
