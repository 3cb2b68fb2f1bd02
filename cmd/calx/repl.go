package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/calx-lang/calx/repl"
	prompt "github.com/calx-lang/calx/repl/terminal"
)

func replCommand() *command {
	return &command{
		name: "repl", args: "[FILE ...]",
		summary: "begin a session: type expressions, see their values",
		help: `
The files are loaded first, as if they were typed. In the session ":help" says
more. "calx" alone on a terminal begins a session too. Without a terminal the
lines of the standard input are what is typed, and the exit code is 1 if there
was a mistake in them. The history is kept in the folder calx of the user's
configuration.

Examples:
  calx repl
  calx repl functions.calx --time-limit 10s
`,
		run: startSession,
	}
}

func startSession(t *terminal, c *command, args []string) int {
	var limits limitFlags
	flags := newFlags(c)
	limits.add(flags)
	files, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	session := repl.New(repl.Options{
		Limits: limits.limits(), Output: t.out, Load: load, Files: filesBeginning,
		Read: readTyped, Write: writeTyped,
	})
	for _, file := range files {
		if !t.loadInto(session, file) {
			return exitFailed
		}
	}
	options := prompt.Options{Out: t.out, Color: t.color, Time: limits.time, Interactive: t.isTerminal()}
	var texts prompt.TextReader
	switch {
	case !options.Interactive:
		texts = prompt.Lines(session, t.in, nil)
	case os.Getenv("TERM") == "dumb":
		texts = prompt.Lines(session, t.in, t.out)
	default:
		editor := prompt.NewEditor(session, t.in.(*os.File), t.out.(*os.File), historyFile())
		defer editor.Close()
		texts = editor
	}
	if options.Interactive {
		fmt.Fprintf(t.out, "calx %s, \":help\" says more\n", version())
	}
	clean, err := prompt.Run(session, texts, options)
	if err != nil {
		return t.failed(err, false)
	}
	if !clean && !options.Interactive {
		return exitFailed
	}
	return exitDone
}

// loadInto gives a file to a session; it reports whether that went well.
func (t *terminal) loadInto(session *repl.Session, file string) bool {
	fine := true
	session.Enter(context.Background(), ":load "+file, func(event repl.Event) {
		out := t.out
		switch event := event.(type) {
		case repl.Failed:
			out, fine = t.err, false
		case repl.Mistakes:
			out, fine = t.err, fine && !event.Diagnostics.HasErrors()
		}
		if err := repl.Render(out, event, repl.Style{Color: t.color}); err != nil {
			fine = false
		}
	})
	return fine
}

// historyFile is where the history is kept, empty if there is no place for it.
func historyFile() string {
	folder, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(folder, "calx", "history")
}

// scriptLimit is how large a file is that a session loads; a device has no end.
const scriptLimit = 64 << 20

// readTyped reads a file that was named in a session.
func readTyped(name string) (string, error) {
	file, err := os.Open(atHome(name))
	if err != nil {
		_, err = readFile(atHome(name))
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, scriptLimit+1))
	var at *fs.PathError
	switch {
	case errors.As(err, &at):
		return "", fmt.Errorf("%s can't be read: %w", name, at.Err)
	case len(text) > scriptLimit:
		return "", fmt.Errorf("%s is larger than %d MiB", name, scriptLimit>>20)
	}
	return string(text), err
}

// writeTyped writes a file that was named in a session.
func writeTyped(name, text string) error {
	err := os.WriteFile(atHome(name), []byte(text), 0o666)
	var at *fs.PathError
	if errors.As(err, &at) {
		return fmt.Errorf("%s can't be written: %w", name, at.Err)
	}
	return err
}

// atHome is a path in which "~/" stands for the user's folder.
func atHome(file string) string {
	if rest, ok := strings.CutPrefix(file, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return file
}

// filesBeginning are the files that begin so, folders with a slash.
func filesBeginning(prefix string) (files []string) {
	folder, start := filepath.Split(prefix)
	place := filepath.Clean(folder)
	if strings.HasPrefix(folder, "~/") {
		place = atHome(folder)
	}
	entries, err := os.ReadDir(place)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, start) || start == "" && name[0] == '.' {
			continue
		}
		if info, err := os.Stat(filepath.Join(place, name)); err == nil && info.IsDir() { // also behind a link
			name += "/"
		}
		files = append(files, folder+name)
	}
	return files
}
