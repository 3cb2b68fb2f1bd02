package terminal

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/calx-lang/calx/repl"
)

// candidatesShown is how many candidates of a completion are listed.
const candidatesShown = 100

// An Editor reads texts from a terminal. A text is edited in whole, with all its
// lines; the session completes it, and says if it asks for another line.
type Editor struct {
	in       *os.File
	out      io.Writer
	session  *repl.Session
	keyboard keyboard
	chunks   chan chunk
	more     chan struct{} // asks for a chunk
	asked    bool
	resizes  chan os.Signal
	painter  painter
	history  *history
	text     text
	searched *searching // nil if nobody searches
}

// A chunk is what came from the terminal at once.
type chunk struct {
	bytes []byte
	err   error
}

// A searching finds texts of the history that hold a word.
type searching struct {
	word  string
	at    int // the text found, -1 if none is
	typed text
}

// NewEditor makes an editor on a terminal. An empty history is none that is
// kept; a file that can't be read or written is as good as none.
func NewEditor(session *repl.Session, in, out *os.File, history string) *Editor {
	e := &Editor{
		in: in, out: out, session: session, history: readHistory(history),
		chunks: make(chan chunk), more: make(chan struct{}, 1), resizes: make(chan os.Signal, 1),
	}
	e.painter = painter{out: out, size: func() (int, int) { return size(out) }}
	go e.receive()
	go session.Prepare()
	return e
}

// size is that of a terminal, or what one usually has.
func size(terminal *os.File) (columns, rows int) {
	columns, rows, err := term.GetSize(int(terminal.Fd()))
	if err != nil || columns < 1 || rows < 1 {
		return 80, 24
	}
	return columns, rows
}

// receive reads from the terminal, but only while a text is being read.
func (e *Editor) receive() {
	for range e.more {
		bytes := make([]byte, 4096)
		n, err := e.in.Read(bytes)
		if n == 0 && err == nil {
			err = io.EOF
		}
		e.chunks <- chunk{bytes[:n], err}
	}
}

// Close ends the editor.
func (e *Editor) Close() { close(e.more) }

const (
	pasteOn  = "\x1b[?2004h"
	pasteOff = "\x1b[?2004l"
)

// Read reads a text.
func (e *Editor) Read(interrupts <-chan os.Signal) (string, error) {
	state, err := term.MakeRaw(int(e.in.Fd()))
	if err != nil {
		return "", err
	}
	stop := notifyResize(e.resizes)
	defer func() {
		stop()
		io.WriteString(e.out, pasteOff)
		term.Restore(int(e.in.Fd()), state)
	}()
	if _, err := io.WriteString(e.out, pasteOn); err != nil {
		return "", err
	}
	e.text, e.searched = text{killed: e.text.killed}, nil
	e.history.rewind("")
	e.painter.forget()
	for {
		pressed, ok := e.keyboard.next()
		if !ok { // all that came is on the screen before more is waited for
			if err := e.paint(); err != nil {
				return "", err
			}
			if err := e.wait(interrupts); err != nil {
				e.painter.leave("")
				return "", err
			}
			continue
		}
		done, err := e.press(pressed, state)
		if done || err != nil {
			return e.text.text, err
		}
	}
}

// Remember keeps a text in the history.
func (e *Editor) Remember(text string) { e.history.add(text) }

// wait waits for keys.
func (e *Editor) wait(interrupts <-chan os.Signal) error {
	if !e.asked {
		e.more <- struct{}{}
		e.asked = true
	}
	for {
		select {
		case <-interrupts: // sent by another program; Ctrl-C is a key here
			return ErrInterrupted
		case <-e.resizes:
			if err := e.repaint(); err != nil {
				return err
			}
		case c := <-e.chunks:
			e.asked = false
			e.keyboard.bytes = append(e.keyboard.bytes, c.bytes...)
			if len(c.bytes) > 0 {
				return nil
			}
			return c.err
		}
	}
}

// shown is what stands on the screen.
func (e *Editor) shown() (head, text string, at int) {
	if s := e.searched; s != nil {
		head = fmt.Sprintf("(search: %s) ", s.word)
		if s.at < 0 {
			head = fmt.Sprintf("(not found: %s) ", s.word)
		}
		return head, e.text.text, e.text.at
	}
	return prompt, e.text.text, e.text.at
}

func (e *Editor) paint() error   { return e.painter.paint(e.shown()) }
func (e *Editor) repaint() error { return e.painter.resized(e.shown()) }

// leave shows the text in whole and goes below it.
func (e *Editor) leave(note string) error {
	e.searched = nil
	e.text.at = len(e.text.text)
	if err := e.paint(); err != nil {
		return err
	}
	return e.painter.leave(note)
}

// press does what a key says; done if the text is.
func (e *Editor) press(k key, state *term.State) (done bool, err error) {
	if e.searched != nil && e.search(k) {
		return false, nil
	}
	switch k.kind {
	case enter:
		if e.session.Incomplete(e.text.text) {
			e.text.insert("\n")
			return false, nil
		}
		return true, e.leave("")
	case interrupt:
		if err := e.leave("^C"); err != nil {
			return false, err
		}
		return false, ErrInterrupted
	case endOfInput:
		if e.text.text == "" {
			if err := e.leave(""); err != nil {
				return false, err
			}
			return false, io.EOF
		}
		e.text.press(k)
	case tab:
		return false, e.complete()
	case up:
		if !e.text.lineUp() {
			e.recall(e.history.previous(e.text.text))
		}
	case down:
		if !e.text.lineDown() {
			e.recall(e.history.next())
		}
	case previous:
		e.recall(e.history.previous(e.text.text))
	case next:
		e.recall(e.history.next())
	case search:
		e.searched = &searching{at: len(e.history.texts), typed: e.text}
	case clearScreen:
		e.painter.forget()
		_, err := io.WriteString(e.out, "\x1b[H\x1b[2J")
		return false, err
	case suspend:
		return false, e.suspend(state)
	default:
		e.text.press(k)
	}
	return false, nil
}

func (e *Editor) recall(text string, ok bool) {
	if ok {
		e.text.set(text)
	}
}

// search does what a key says while somebody searches; false if it ends that and
// means what it always does.
func (e *Editor) search(k key) bool {
	s := e.searched
	find := func(before int) {
		if s.at = e.history.find(s.word, before); s.at >= 0 {
			e.text.set(e.history.texts[s.at])
		}
	}
	switch k.kind {
	case inserted, pasted:
		s.word += clean(k.text)
		before := len(e.history.texts)
		if s.at >= 0 {
			before = s.at + 1
		}
		find(before)
	case backspace:
		word := text{text: s.word, at: len(s.word)}
		word.press(k)
		s.word = word.text
		find(len(e.history.texts))
	case search:
		if s.at >= 0 {
			find(s.at)
		}
	case giveUp, interrupt:
		e.text, e.searched = s.typed, nil
	default:
		e.searched = nil
		e.history.rewind(s.typed.text)
		return false
	}
	return true
}

// complete puts in what all candidates begin with, or lists them.
func (e *Editor) complete() error {
	before := e.text.text[:e.text.at]
	at, candidates := e.session.Complete(before)
	if len(candidates) == 0 {
		if strings.TrimSpace(before[e.text.lineStart():]) == "" {
			e.text.insert(strings.Repeat(" ", tabWidth))
		}
		return nil
	}
	common := candidates[0]
	for _, candidate := range candidates[1:] {
		n := 0
		for _, r := range common {
			if !strings.HasPrefix(candidate[n:], string(r)) {
				break
			}
			n += len(string(r))
		}
		common = common[:n]
	}
	if len(candidates) == 1 || len(common) > len(before)-at {
		e.text.replace(at, common)
		if strings.HasPrefix(common, `\`) && len(candidates) == 1 {
			return e.complete() // the name of a symbol becomes the symbol
		}
		return nil
	}
	return e.list(candidates)
}

// list shows the candidates of a completion below the text, which is painted
// anew below them.
func (e *Editor) list(candidates []string) error {
	if err := e.paint(); err != nil {
		return err
	}
	if err := e.painter.leave(""); err != nil {
		return err
	}
	columns, _ := e.painter.size()
	rest := len(candidates) - candidatesShown
	lines := columned(candidates[:min(len(candidates), candidatesShown)], columns)
	if rest > 0 {
		lines = slices.Concat(lines, []string{fmt.Sprintf("… and %d more", rest)})
	}
	_, err := io.WriteString(e.out, strings.Join(lines, "\r\n")+"\r\n")
	return err
}

// suspend stops the program until the shell goes on with it.
func (e *Editor) suspend(state *term.State) error {
	if err := e.paint(); err != nil {
		return err
	}
	if err := e.painter.leave(""); err != nil {
		return err
	}
	if err := term.Restore(int(e.in.Fd()), state); err != nil {
		return err
	}
	stopProgram()
	_, err := term.MakeRaw(int(e.in.Fd()))
	return err
}
