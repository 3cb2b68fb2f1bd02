package main

import (
	"encoding/json"
	"fmt"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/lang"
)

func reportCommand() *command {
	return &command{
		name: "report", args: "FILE",
		summary: "say how the functions of a program can be differentiated",
		help: `
FILE is a script, or - for the standard input. Of each function that it exports
or differentiates, and of each part of its value and each argument, it is shown
  smooth, linear (up to a constant), piecewise, constant, cut (locally constant)
  or unknown (by a function of the host without a rule)
  the kinks, where one piece meets another, and the cuts, where something that
  depends on the argument has derivative zero: a cast, floor, a comparison
  the Jacobian: zero, diagonal, banded, sparse or dense, and what is read
Nothing runs. With --json the standard output is one object: {"functions": [...]}

Examples:
  calx report fit.calx
  calx report --json fit.calx
`,
		run: reportFile,
	}
}

func reportFile(t *terminal, c *command, args []string) int {
	flags := newFlags(c)
	asJSON := flags.Bool("json", false, "write one JSON object")
	files, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	if len(files) != 1 {
		return t.wrongUsage(c, "it needs the name of one script")
	}
	source, err := t.readSource(files[0])
	if err != nil {
		return t.failed(err, *asJSON)
	}
	file, mistakes := lang.Parse(source)
	if mistakes.HasErrors() {
		return t.failed(mistakes, *asJSON)
	}
	reports, err := calx.ReportsOf(file, nil, calx.Options{Load: load})
	if err != nil {
		return t.failed(err, *asJSON)
	}
	if *asJSON {
		encoder := json.NewEncoder(t.out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(map[string]any{"functions": append([]calx.Report{}, reports...)}); err != nil {
			return t.failed(err, true)
		}
		return exitDone
	}
	for i, r := range reports {
		if i > 0 {
			fmt.Fprintln(t.out)
		}
		fmt.Fprint(t.out, r)
	}
	return exitDone
}
