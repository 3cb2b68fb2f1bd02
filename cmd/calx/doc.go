package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/manual"
)

func docCommand() *command {
	return &command{
		name: "doc", args: "[NAME | FILE.calx]",
		summary: "write the reference of functions as Markdown",
		help: `
Without an argument all functions of the language are listed. NAME is one of
them, such as hypot or linalg.solve, or a module. FILE.calx is a script, of which
the exported functions are described by the comments above them; - is one on the
standard input. What stands behind "Example: " in a comment is run, and shown
with its value.

Examples:
  calx doc linalg.solve
  calx doc -o scoring.md scoring.calx
`,
		run: writeDoc,
	}
}

func writeDoc(t *terminal, c *command, args []string) int {
	flags := newFlags(c)
	out := flags.String("o", "", "`file` that is written instead of the standard output")
	rest, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	if len(rest) > 1 {
		return t.wrongUsage(c, "it takes one name or one script")
	}
	text, err := t.documentation(rest)
	if err == nil && *out != "" {
		err = os.WriteFile(*out, []byte(text), 0o666)
	} else if err == nil {
		fmt.Fprint(t.out, text)
	}
	if err != nil {
		return t.failed(err, false)
	}
	return exitDone
}

// documentation is what is said of what args name: everything if they are empty.
func (t *terminal) documentation(args []string) (string, error) {
	if len(args) == 0 {
		return manual.Functions()
	}
	name := args[0]
	if name == "-" || strings.HasSuffix(name, ".calx") {
		source, err := t.readSource(name)
		if err != nil {
			return "", err
		}
		return manual.Script(source, calx.Options{Load: load})
	}
	text, near, err := manual.Of(name)
	switch {
	case err != nil || text != "":
		return text, err
	case near != "":
		return "", fmt.Errorf("there is no function or module %s; %s may be meant", name, near)
	}
	return "", fmt.Errorf("there is no function or module %s", name)
}
