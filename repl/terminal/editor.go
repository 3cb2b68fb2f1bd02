package terminal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/chzyer/readline"

	"github.com/calx-lang/calx/repl"
)

// lineSign stands for a line end in the history, whose entries are single lines.
const lineSign = "⏎"

// historyLimit is how many texts are remembered.
const historyLimit = 2000

// An Editor reads lines from the terminal, with completion by the session, and
// a history that is kept in a file.
type Editor struct {
	instance *readline.Instance
	session  *repl.Session
	before   string // the lines above, of the text that is being read
}

// NewEditor makes an editor on the standard streams. An empty history is none
// that is kept; a file that can't be written is as good as none.
func NewEditor(session *repl.Session, history string) (*Editor, error) {
	e := &Editor{session: session}
	if !prepared(history) {
		history = ""
	}
	instance, err := readline.NewEx(&readline.Config{
		Prompt: prompt, HistoryFile: history, HistoryLimit: historyLimit, DisableAutoSaveHistory: true,
		HistorySearchFold: true, AutoComplete: completer{e}, Listener: readline.FuncListener(e.symbol),
		InterruptPrompt: "^C", EOFPrompt: "",
	})
	if err != nil {
		return nil, err
	}
	e.instance = instance
	return e, nil
}

// prepared makes the file of a history, for its owner only.
func prepared(history string) bool {
	if history == "" || os.MkdirAll(filepath.Dir(history), 0o700) != nil {
		return false
	}
	file, err := os.OpenFile(history, os.O_CREATE|os.O_RDWR, 0o600)
	return err == nil && file.Close() == nil
}

// Close gives the terminal back.
func (e *Editor) Close() error { return e.instance.Close() }

// ReadLine reads a line. One from the history may stand for several.
func (e *Editor) ReadLine(prompt string) (string, error) {
	if prompt != continued {
		e.before = ""
	}
	e.instance.SetPrompt(prompt)
	line, err := e.instance.Readline()
	switch {
	case errors.Is(err, readline.ErrInterrupt):
		return line, ErrInterrupted
	case errors.Is(err, io.EOF):
		return "", io.EOF
	case err != nil:
		return "", err
	}
	line = strings.ReplaceAll(line, lineSign, "\n")
	e.before += line + "\n"
	return line, nil
}

// Remember keeps a text in the history.
func (e *Editor) Remember(text string) {
	// A history that can't be written is no reason to stop a session.
	_ = e.instance.SaveHistory(strings.ReplaceAll(text, "\n", lineSign))
}

// A completer offers what the session has for the text before the cursor.
type completer struct{ editor *Editor }

// Do gives what may follow the cursor, and the length of what is there of it.
func (c completer) Do(line []rune, position int) (rest [][]rune, length int) {
	text := c.editor.before + string(line[:position])
	at, candidates := c.editor.session.Complete(text)
	word := text[at:]
	for _, candidate := range candidates {
		if end, ok := strings.CutPrefix(candidate, word); ok && end != "" {
			rest = append(rest, []rune(end))
		}
	}
	return rest, len([]rune(word))
}

// symbol puts the character in place of \name at a Tab.
func (e *Editor) symbol(line []rune, position int, key rune) ([]rune, int, bool) {
	if key != readline.CharTab {
		return nil, 0, false
	}
	text := string(line[:position])
	at, candidates := e.session.Complete(text)
	if len(candidates) != 1 || !strings.HasPrefix(text[at:], `\`) || strings.HasPrefix(candidates[0], `\`) {
		return nil, 0, false
	}
	head := []rune(text[:at] + candidates[0])
	return append(head, line[position:]...), len(head), true
}
