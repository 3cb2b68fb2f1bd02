// Package terminal is the face of a session: it reads lines, joins those that
// belong together, gives them to the session, and writes what comes back. With
// an editor the lines are edited, completed and remembered (editor.go); without
// one they come from any reader.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/calx-lang/calx/repl"
)

// A LineReader gives the lines of a conversation. ErrInterrupted is for a line
// that was given up, io.EOF for the end.
type LineReader interface {
	ReadLine(prompt string) (string, error)
	// Remember keeps a text, which may have several lines.
	Remember(text string)
}

// ErrInterrupted is what a LineReader gives for Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

const (
	prompt    = "> "
	continued = ". "
)

// Options of a conversation.
type Options struct {
	Out   io.Writer
	Color bool          // of mistakes
	Time  time.Duration // that a text may take; 0 is no limit
	Help  bool          // say what ends a session when Ctrl-C doesn't
}

// Run leads a conversation to its end. It reports whether all texts were
// without mistakes.
func Run(session *repl.Session, lines LineReader, options Options) (clean bool, err error) {
	clean = true
	for {
		text, err := read(session, lines)
		switch {
		case errors.Is(err, ErrInterrupted):
			if text == "" && options.Help {
				fmt.Fprintln(options.Out, "Ctrl-D or :quit ends the session")
			}
			continue
		case errors.Is(err, io.EOF) && text == "":
			return clean, nil
		case err != nil && !errors.Is(err, io.EOF):
			return clean, err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		lines.Remember(text)
		fine, quit := enter(session, text, options)
		clean = clean && fine
		if quit {
			return clean, nil
		}
	}
}

// read reads a text: a line and those that it asks for. At the end of all lines
// it gives what was read.
func read(session *repl.Session, lines LineReader) (text string, err error) {
	text, err = lines.ReadLine(prompt)
	for err == nil && session.Incomplete(text) {
		var line string
		line, err = lines.ReadLine(continued)
		if err == nil || line != "" {
			text += "\n" + line
		}
	}
	return text, err
}

// enter gives a text to the session. An interrupt ends what it computes.
func enter(session *repl.Session, text string, options Options) (fine, quit bool) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if options.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, options.Time)
		defer cancel()
	}
	fine = true
	session.Enter(ctx, text, func(event repl.Event) {
		switch event := event.(type) {
		case repl.Quit:
			quit = true
		case repl.Failed:
			fine = false
		case repl.Mistakes:
			fine = fine && !event.Diagnostics.HasErrors()
		}
		if err := repl.Render(options.Out, event, options.Color); err != nil {
			quit = true // nobody is there to read on
		}
	})
	return fine, quit
}

// Plain reads lines from any reader, without prompts.
func Plain(in io.Reader) LineReader { return &plain{bufio.NewReader(in)} }

type plain struct{ in *bufio.Reader }

func (p *plain) ReadLine(string) (string, error) {
	line, err := p.in.ReadString('\n')
	if line != "" && errors.Is(err, io.EOF) {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

func (p *plain) Remember(string) {}
