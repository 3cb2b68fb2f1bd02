package main

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

const exitCodes = `Exit codes:
  0  done
  1  the program has a mistake, or failed
  2  calx was used wrongly
`

func helpCommand() *command {
	return &command{name: "help", args: "[COMMAND]", summary: "show what calx can do", run: help}
}

func versionCommand() *command {
	return &command{name: "version", summary: "show the version of calx", run: func(t *terminal, c *command, args []string) int {
		rest, code, ok := t.parse(c, newFlags(c), args)
		if !ok {
			return code
		}
		if len(rest) > 0 {
			return t.wrongUsage(c, "it takes no arguments")
		}
		fmt.Fprintf(t.out, "calx %s (%s %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return exitDone
	}}
}

func help(t *terminal, c *command, args []string) int {
	rest, code, ok := t.parse(c, newFlags(c), args)
	switch {
	case !ok:
		return code
	case len(rest) > 1:
		return t.wrongUsage(c, "it takes one command")
	case len(rest) == 0:
		fmt.Fprint(t.out, overview())
		return exitDone
	}
	about := findCommand(rest[0])
	if about == nil {
		return t.wrongUsage(c, "there is no command %q", rest[0])
	}
	return about.run(t, about, []string{"--help"})
}

func overview() string {
	var b strings.Builder
	b.WriteString("Calx is a small language of arrays and calculus.\n\nUsage: calx COMMAND [arguments]\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-8s %s\n", c.name, c.summary)
	}
	b.WriteString("\nExamples:\n" + indented(`
calx eval '1 + 2'
calx run fit.calx data=table.csv tolerance=1e-6
calx check *.calx
`))
	b.WriteString("\n" + exitCodes + "\n\"calx COMMAND --help\" says more of a command.\n")
	return b.String()
}

// helpText is what --help shows of a command.
func (c *command) helpText(flags *flag.FlagSet) string {
	var b strings.Builder
	hasFlags := false
	flags.VisitAll(func(*flag.Flag) { hasFlags = true })
	usage := "calx " + c.name
	if hasFlags {
		usage += " [flags]"
	}
	if c.args != "" {
		usage += " " + c.args
	}
	fmt.Fprintf(&b, "Usage: %s\n\n%s.\n", usage, strings.ToUpper(c.summary[:1])+c.summary[1:])
	if c.help != "" {
		b.WriteString("\n" + strings.TrimSpace(c.help) + "\n")
	}
	if hasFlags {
		b.WriteString("\nFlags, which may stand before or after the arguments:\n")
		flags.VisitAll(func(f *flag.Flag) {
			value, text := flag.UnquoteUsage(f)
			dashes := "--"
			if len(f.Name) == 1 {
				dashes = "-"
			}
			fmt.Fprintf(&b, "  %-22s %s\n", strings.TrimSpace(dashes+f.Name+" "+value), text)
		})
	}
	b.WriteString("\n" + exitCodes)
	return b.String()
}

// version is that of the module, or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return "devel " + setting.Value[:12]
		}
	}
	return "devel"
}
