package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/calx-lang/calx/lang"
)

func formatCommand() *command {
	return &command{
		name: "fmt", args: "[FILE...]",
		summary: "write programs in the one style",
		help: `
Without a FILE, or with -, the standard input is formatted. Without flags the
result goes to the standard output.

Examples:
  calx fmt -w *.calx
  calx fmt < a.calx
`,
		run: formatFiles,
	}
}

// formatFlags say what is done with a formatted program.
type formatFlags struct{ write, list, diff bool }

func (f *formatFlags) add(flags *flag.FlagSet) {
	flags.BoolVar(&f.write, "w", false, "write the result to the file")
	flags.BoolVar(&f.list, "l", false, "list the files that are not in the style, and fail if there are any")
	flags.BoolVar(&f.diff, "d", false, "show what would change, and fail if anything would")
}

func formatFiles(t *terminal, c *command, args []string) int {
	var options formatFlags
	flags := newFlags(c)
	options.add(flags)
	files, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, file := range files {
		if file == "-" && options.write {
			return t.wrongUsage(c, "-w needs files")
		}
	}
	worst := exitDone
	for _, file := range files {
		worst = max(worst, t.format(file, options))
	}
	return worst
}

func (t *terminal) format(file string, options formatFlags) int {
	source, err := t.readSource(file)
	if err != nil {
		return t.failed(err, false)
	}
	text, mistakes := lang.FormatSource(source)
	if mistakes.HasErrors() {
		return t.failed(mistakes, false)
	}
	if !options.write && !options.list && !options.diff {
		fmt.Fprint(t.out, text)
		return exitDone
	}
	if text == source.Text {
		return exitDone
	}
	if options.list {
		fmt.Fprintln(t.out, source.Name)
	}
	if options.diff {
		t.out.Write(diff.Diff(source.Name, []byte(source.Text), source.Name+" formatted", []byte(text)))
	}
	if !options.write {
		return exitFailed
	}
	if err := rewrite(file, text); err != nil {
		return t.failed(err, false)
	}
	return exitDone
}

// rewrite gives a file a new text, with the permissions that it has.
func rewrite(file, text string) error {
	about, err := os.Stat(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), about.Mode().Perm())
}
