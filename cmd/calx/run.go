package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/signal"

	"golang.org/x/term"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/data"
)

func runCommand() *command {
	return &command{
		name: "run", args: "FILE [name=value ...]",
		summary: "run a program and show what it exports",
		help: `
FILE is a script, or - for the standard input. Each input of the script is given
as name=value, where value is a number, a truth value or an array as in the
language, or a file:

  x=2.5  z=1+2i  x=[[1,2],[3,4]]  name=text
  x=table.csv            a matrix of all columns, or a record of them by name
  y=table.csv:species    one column; text becomes positions in sorted order
  x=array.npy  x=arrays.npz:name  x=value.json  x=case.json:field

What the script prints comes first, then "name = value" for each export. With
--json the standard output is one object of all exports, each as
{"dtype": "float64", "shape": [2], "data": [1.0, "nan"]}, or, if something went
wrong, {"diagnostics": [...]}; what the script prints goes to the standard error.

Examples:
  calx run pca.calx data=iris.csv
  calx run fit.calx --inputs case.json --json
  calx run slow.calx n=1000000 --time-limit 10s --memory-limit 512MB
`,
		run: runFile,
	}
}

func runFile(t *terminal, c *command, args []string) int {
	var options runFlags
	flags := newFlags(c)
	options.add(flags)
	inputs := flags.String("inputs", "", "JSON `file` whose object \"inputs\" holds inputs by name")
	rest, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	if len(rest) == 0 {
		return t.wrongUsage(c, "it needs the name of a script")
	}
	given, err := readArguments(rest[1:])
	if err != nil {
		return t.wrongUsage(c, "%v", err)
	}
	source, err := t.readSource(rest[0])
	if err != nil {
		return t.failed(err, options.json)
	}
	program, err := calx.Compile(source, calx.Options{Load: load})
	if err != nil {
		return t.failed(err, options.json)
	}
	if *inputs != "" {
		if given, err = withCase(given, *inputs); err != nil {
			return t.failed(err, options.json)
		}
	}
	values, err := given.values(program.Inputs(), int64(options.memory))
	if err != nil {
		return t.failed(err, options.json)
	}
	return t.execute(program, values, options, func(w io.Writer, results calx.Results) error {
		return data.WriteText(w, results)
	})
}

// execute runs a program and shows its results.
func (t *terminal) execute(program *calx.Program, inputs map[string]any, options runFlags, show func(io.Writer, calx.Results) error) int {
	program.Warnings.Render(t.err, t.color)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the process
	if options.time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, options.time)
		defer cancel()
	}
	printed := t.printed(options.json)
	results, err := program.Run(ctx, inputs, calx.RunOptions{Limits: options.limits(), Output: printed})
	if flushed := printed.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		return t.failed(err, options.json)
	}
	if options.json {
		show = func(w io.Writer, results calx.Results) error { return data.WriteJSON(w, results) }
	}
	if err := show(t.out, results); err != nil {
		return t.failed(err, false)
	}
	return exitDone
}

// A flusher holds back what is written until it is flushed.
type flusher interface {
	io.Writer
	Flush() error
}

// printed is where the output of print goes: at once if somebody is looking.
func (t *terminal) printed(json bool) flusher {
	out := t.out
	if json {
		out = t.err
	}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return direct{out}
	}
	return bufio.NewWriterSize(out, 64<<10)
}

type direct struct{ io.Writer }

func (direct) Flush() error { return nil }
