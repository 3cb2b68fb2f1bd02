package terminal

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/calx-lang/calx/repl"
)

// Lines reads texts from lines that nobody edits here: of a file, a pipe, or a
// terminal that can't do more. Prompts may be nil.
func Lines(session *repl.Session, in io.Reader, prompts io.Writer) TextReader {
	l := &lines{session: session, prompts: prompts, read: make(chan line), more: make(chan struct{}, 1)}
	go l.receive(bufio.NewReader(in))
	return l
}

type lines struct {
	session *repl.Session
	prompts io.Writer
	read    chan line
	more    chan struct{} // asks for a line
	asked   bool
}

type line struct {
	text string
	err  error
}

func (l *lines) receive(in *bufio.Reader) {
	for range l.more {
		text, err := in.ReadString('\n')
		if text != "" && errors.Is(err, io.EOF) {
			err = nil
		}
		l.read <- line{strings.TrimRight(text, "\r\n"), err}
	}
}

// Read reads a line and those that it asks for. At the end of all lines it gives
// what was read.
func (l *lines) Read(interrupts <-chan os.Signal) (text string, err error) {
	text, err = l.line(prompt, interrupts)
	for err == nil && l.session.Incomplete(text) {
		var further string
		further, err = l.line(continued, interrupts)
		if err == nil || further != "" {
			text += "\n" + further
		}
	}
	if errors.Is(err, io.EOF) && text != "" {
		err = nil
	}
	return text, err
}

func (l *lines) line(head string, interrupts <-chan os.Signal) (string, error) {
	if l.prompts != nil {
		if _, err := io.WriteString(l.prompts, head); err != nil {
			return "", err
		}
	}
	if !l.asked {
		l.more <- struct{}{}
		l.asked = true
	}
	select {
	case <-interrupts:
		if l.prompts != nil {
			io.WriteString(l.prompts, "\n")
		}
		return "", ErrInterrupted
	case got := <-l.read:
		l.asked = false
		if l.prompts != nil && errors.Is(got.err, io.EOF) {
			io.WriteString(l.prompts, "\n")
		}
		return got.text, got.err
	}
}

func (l *lines) Remember(string) {}
