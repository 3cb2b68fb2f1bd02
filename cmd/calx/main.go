// Command calx checks, formats and runs programs of the Calx language. It reads
// the files that are named on its command line, gives their contents to package
// calx, and writes what comes back; "calx help" says how it is used.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// The exit codes, as every help shows them.
const (
	exitDone   = 0 // done
	exitFailed = 1 // the program has a mistake, or failed
	exitUsage  = 2 // calx was used wrongly
)

func main() {
	os.Exit(dispatch(&terminal{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		color: term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}, os.Args[1:]))
}

// A terminal is what a command reads from and writes to.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	color    bool // of what is written to err
}

// A command is one of the words that may follow "calx".
type command struct {
	name    string
	args    string // as help shows them
	summary string // one line
	help    string // what the summary leaves unsaid, and examples
	run     func(t *terminal, c *command, args []string) int
}

func commands() []*command {
	return []*command{
		replCommand(), runCommand(), checkCommand(), formatCommand(), evalCommand(), dumpCommand(), reportCommand(), docCommand(), versionCommand(), helpCommand(),
	}
}

func findCommand(name string) *command {
	for _, c := range commands() {
		if c.name == name {
			return c
		}
	}
	return nil
}

// dispatch runs the command that args begin with.
func dispatch(t *terminal, args []string) int {
	if len(args) == 0 && t.isTerminal() {
		args = []string{"repl"}
	}
	if len(args) == 0 {
		fmt.Fprint(t.err, overview())
		return exitUsage
	}
	switch args[0] {
	case "-h", "-help", "--help":
		return help(t, helpCommand(), args[1:])
	case "-version", "--version":
		c := versionCommand()
		return c.run(t, c, args[1:])
	}
	c := findCommand(args[0])
	if c == nil {
		return t.wrongUsage(nil, "there is no command %q", args[0])
	}
	return c.run(t, c, args[1:])
}

// isTerminal reports whether somebody types, and looks at what comes back.
func (t *terminal) isTerminal() bool {
	in, typed := t.in.(*os.File)
	out, seen := t.out.(*os.File)
	return typed && seen && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd()))
}

// wrongUsage says what is wrong with a command line.
func (t *terminal) wrongUsage(c *command, format string, args ...any) int {
	name := "calx"
	if c != nil {
		name += " " + c.name
	}
	fmt.Fprintf(t.err, "%s: %s\n", name, fmt.Sprintf(format, args...))
	fmt.Fprintf(t.err, "\"%s --help\" shows how it is used.\n", name)
	return exitUsage
}

// indented is text with two spaces before each line.
func indented(text string) string {
	var b bytes.Buffer
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		b.WriteString("  " + line)
	}
	return b.String()
}
