package terminal

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// lineSign stands for a line end in the file of a history, whose entries are
// single lines; where it is meant itself a backslash stands before it.
const lineSign = "⏎"

const (
	historyLimit = 2000    // how many texts are remembered
	historyBytes = 1 << 20 // how much of the end of a file is read
)

var (
	toLine   = strings.NewReplacer("\n", lineSign, lineSign, `\`+lineSign)
	fromLine = strings.NewReplacer(lineSign, "\n", `\`+lineSign, lineSign)
)

// A history are the texts of this session and of those before it. Each is
// written to the file at once, behind what other sessions write.
type history struct {
	file  string // empty if nothing is kept
	texts []string
	at    int    // of the text that is shown; behind the last is the one being typed
	typed string // that one
}

// readHistory reads the file of a history. One that can't be read, or is no
// file, is none.
func readHistory(file string) *history {
	h := &history{file: file}
	if file == "" {
		return h
	}
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		h.file = ""
		return h
	}
	content, whole := endOf(file)
	for line := range strings.Lines(content) {
		if text := fromLine.Replace(strings.TrimSpace(line)); text != "" && utf8.ValidString(text) && clean(text) == text {
			h.texts = append(h.texts, text)
		}
	}
	if len(h.texts) > historyLimit {
		h.texts = h.texts[len(h.texts)-historyLimit:]
		whole = false
	}
	if !whole {
		h.rewrite()
	}
	h.rewind("")
	return h
}

// endOf is the end of a file, from the start of a line.
func endOf(name string) (content string, whole bool) {
	file, err := os.Open(name)
	if err != nil {
		return "", true
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return "", true
	}
	bytesRead := make([]byte, min(size, historyBytes))
	n, _ := file.ReadAt(bytesRead, size-int64(len(bytesRead)))
	bytesRead = bytesRead[:n]
	if size <= historyBytes {
		return string(bytesRead), true
	}
	return string(bytesRead[bytes.IndexByte(bytesRead, '\n')+1:]), false
}

// rewrite leaves the texts that are remembered in the file. Nobody sees half of
// it; a session that can't write goes on without.
func (h *history) rewrite() {
	file, err := os.CreateTemp(filepath.Dir(h.file), "history-")
	if err != nil {
		return
	}
	var content strings.Builder
	for _, text := range h.texts {
		content.WriteString(toLine.Replace(text) + "\n")
	}
	_, err = file.WriteString(content.String())
	if closed := file.Close(); err != nil || closed != nil || os.Rename(file.Name(), h.file) != nil {
		os.Remove(file.Name())
	}
}

// add remembers a text, but not twice in succession.
func (h *history) add(text string) {
	if len(h.texts) > 0 && h.texts[len(h.texts)-1] == text {
		return
	}
	h.texts = append(h.texts, text)
	if h.file == "" || os.MkdirAll(filepath.Dir(h.file), 0o700) != nil {
		return
	}
	file, err := os.OpenFile(h.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer file.Close()
	file.WriteString(toLine.Replace(text) + "\n") // in vain on a full disk: it is remembered here
}

// rewind goes behind the last text.
func (h *history) rewind(typed string) { h.at, h.typed = len(h.texts), typed }

// previous is the text before the one shown, which is current now.
func (h *history) previous(current string) (text string, ok bool) {
	if h.at == 0 {
		return "", false
	}
	if h.at == len(h.texts) {
		h.typed = current
	}
	h.at--
	return h.texts[h.at], true
}

func (h *history) next() (text string, ok bool) {
	if h.at == len(h.texts) {
		return "", false
	}
	h.at++
	if h.at == len(h.texts) {
		return h.typed, true
	}
	return h.texts[h.at], true
}

// find is the place of the last text before the given place that holds a word,
// -1 if there is none.
func (h *history) find(word string, before int) int {
	for i := min(before, len(h.texts)) - 1; i >= 0; i-- {
		if strings.Contains(h.texts[i], word) {
			return i
		}
	}
	return -1
}
