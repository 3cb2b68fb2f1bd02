// Package terminal is the face of a session: it reads texts, gives them to the
// session, and writes what comes back. On a terminal the texts are edited,
// completed and remembered: bytes become keys (keys.go), keys change a text
// (text.go), which is painted (paint.go), and the editor leads that (editor.go).
// Elsewhere they come in lines from any reader (lines.go).
package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"github.com/calx-lang/calx/repl"
)

// A TextReader gives the texts of a conversation, each with all its lines.
// ErrInterrupted is for one that was given up, io.EOF for the end.
type TextReader interface {
	Read(interrupts <-chan os.Signal) (string, error)
	Remember(text string)
}

// ErrInterrupted is what a TextReader gives for Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

const (
	prompt    = "> "
	continued = ". "
)

// Options of a conversation.
type Options struct {
	Out         io.Writer
	Color       bool          // of mistakes
	Time        time.Duration // that a text may take; 0 is no limit
	Interactive bool          // somebody types: an interrupt doesn't end the conversation
}

// Run leads a conversation to its end. It reports whether all texts were
// without mistakes.
func Run(session *repl.Session, texts TextReader, options Options) (clean bool, err error) {
	// All the time, for an interrupt between two texts must not end the program.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	clean = true
	for {
		forget(interrupts, options) // too late for what was computed
		text, err := texts.Read(interrupts)
		forget(interrupts, options) // too early for what will be
		switch {
		case errors.Is(err, ErrInterrupted) && !options.Interactive:
			return false, nil
		case errors.Is(err, ErrInterrupted):
			if text == "" {
				fmt.Fprintln(options.Out, "Ctrl-D or :quit ends the session")
			}
			continue
		case errors.Is(err, io.EOF):
			return clean, nil
		case err != nil:
			return clean, err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		texts.Remember(text)
		fine, end := give(session, text, interrupts, options)
		clean = clean && fine
		if end {
			return clean, nil
		}
	}
}

// forget takes an interrupt away that found nothing to stop, if somebody types,
// who may press again.
func forget(interrupts <-chan os.Signal, options Options) {
	if !options.Interactive {
		return
	}
	select {
	case <-interrupts:
	default:
	}
}

// give gives a text to the session. An interrupt ends what it computes.
func give(session *repl.Session, text string, interrupts <-chan os.Signal, options Options) (fine, end bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if options.Time > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, options.Time)
		defer stop()
	}
	var interrupted atomic.Bool
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-interrupts:
			interrupted.Store(true)
			cancel()
		case <-done:
		}
	}()
	fine = true
	below := false // what the terminal shows of Ctrl-C
	style := repl.Style{Color: options.Color, Columns: columns(options.Out)}
	session.Enter(ctx, text, func(event repl.Event) {
		if interrupted.Load() && options.Interactive && !below {
			fmt.Fprintln(options.Out)
			below = true
		}
		switch event := event.(type) {
		case repl.Quit:
			end = true
		case repl.Failed:
			fine = false
		case repl.Mistakes:
			fine = fine && !event.Diagnostics.HasErrors()
		}
		if err := repl.Render(options.Out, event, style); err != nil {
			fine, end = false, true // nobody is there to read on
		}
	})
	close(done)
	<-watched
	if interrupted.Load() && !options.Interactive {
		return false, true
	}
	return fine, end
}

// columns are those of a terminal; 0 if there is none.
func columns(out io.Writer) int {
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0
	}
	columns, _ := size(file)
	return columns
}
