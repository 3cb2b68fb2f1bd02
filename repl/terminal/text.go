package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// A text is being edited. It may have several lines; the cursor stands before
// the byte at, between characters as people count them, which may be several
// code points.
type text struct {
	text   string
	at     int
	killed string // what yank brings back
}

func (t *text) set(s string) { t.text, t.at = s, len(s) }

// insert puts s before the cursor.
func (t *text) insert(s string) {
	t.text = t.text[:t.at] + s + t.text[t.at:]
	t.at += len(s)
}

// replace puts s in place of text[from:] up to the cursor.
func (t *text) replace(from int, s string) {
	t.text = t.text[:from] + s + t.text[t.at:]
	t.at = from + len(s)
}

// clean is a text that was pasted, without what can't be seen: other line ends
// than \n, and control characters.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}

// before is where the character before the cursor begins, behind where the one
// behind it ends.
func (t *text) before() int {
	line := strings.LastIndexByte(t.text[:t.at], '\n') + 1
	if line == t.at {
		return max(0, t.at-1)
	}
	at, rest, state := line, t.text[line:t.at], -1
	for rest != "" {
		at = t.at - len(rest)
		_, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
	}
	return at
}

func (t *text) behind() int {
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(t.text[t.at:], -1)
	return t.at + len(cluster)
}

func isWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// wordBefore is where the word before the cursor begins, wordBehind where the
// one behind it ends.
func (t *text) wordBefore() int {
	c := *t
	for _, inside := range []bool{false, true} {
		for c.at > 0 && isWord(c.text[c.before():]) == inside {
			c.at = c.before()
		}
	}
	return c.at
}

func (t *text) wordBehind() int {
	c := *t
	for _, inside := range []bool{false, true} {
		for c.at < len(c.text) && isWord(c.text[c.at:]) == inside {
			c.at = c.behind()
		}
	}
	return c.at
}

// lineStart and lineEnd are of the line of the cursor.
func (t *text) lineStart() int { return strings.LastIndexByte(t.text[:t.at], '\n') + 1 }

func (t *text) lineEnd() int {
	if i := strings.IndexByte(t.text[t.at:], '\n'); i >= 0 {
		return t.at + i
	}
	return len(t.text)
}

// lineUp moves the cursor into the line above; false if there is none.
func (t *text) lineUp() bool {
	start := t.lineStart()
	if start == 0 {
		return false
	}
	width := uniseg.StringWidth(t.text[start:t.at])
	t.at = start - 1
	t.toWidth(t.lineStart(), width)
	return true
}

func (t *text) lineDown() bool {
	end := t.lineEnd()
	if end == len(t.text) {
		return false
	}
	width := uniseg.StringWidth(t.text[t.lineStart():t.at])
	t.at = end + 1
	t.toWidth(t.at, width)
	return true
}

// toWidth moves the cursor to the column of that width in the line that begins
// at start, or to its end.
func (t *text) toWidth(start, width int) {
	t.at = start
	for t.at < t.lineEnd() && uniseg.StringWidth(t.text[start:t.at]) < width {
		t.at = t.behind()
	}
}

// cut takes text[from:to] away.
func (t *text) cut(from, to int) {
	t.text = t.text[:from] + t.text[to:]
	t.at = from
}

// kill takes text[from:to] away for yank.
func (t *text) kill(from, to int) {
	if from < to {
		t.killed = t.text[from:to]
		t.cut(from, to)
	}
}

// transpose exchanges the characters around the cursor, at the end of a line
// the last two.
func (t *text) transpose() {
	c := *t
	if c.at == c.lineEnd() {
		c.at = c.before()
	}
	if c.at <= c.lineStart() || c.at == c.lineEnd() {
		return
	}
	from, to := c.before(), c.behind()
	t.text = t.text[:from] + t.text[c.at:to] + t.text[from:c.at] + t.text[to:]
	t.at = to
}

// press does what a key says, if it is one of those that edit; others are for
// the editor.
func (t *text) press(k key) {
	switch k.kind {
	case inserted:
		t.insert(k.text)
	case pasted:
		t.insert(clean(k.text))
	case newline:
		t.insert("\n")
	case backspace:
		t.cut(t.before(), t.at)
	case deleted, endOfInput:
		t.cut(t.at, t.behind())
	case left:
		t.at = t.before()
	case right:
		t.at = t.behind()
	case home:
		t.at = t.lineStart()
	case end:
		t.at = t.lineEnd()
	case wordLeft:
		t.at = t.wordBefore()
	case wordRight:
		t.at = t.wordBehind()
	case killWordLeft:
		t.kill(t.wordBefore(), t.at)
	case killWordRight:
		t.kill(t.at, t.wordBehind())
	case killToStart:
		t.kill(t.lineStart(), t.at)
	case killToEnd:
		t.kill(t.at, t.lineEnd())
	case yank:
		t.insert(t.killed)
	case transpose:
		t.transpose()
	}
}
