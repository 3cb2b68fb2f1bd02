package terminal

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A key is what somebody pressed: a character, a key with a name, or a text that
// was pasted.
type key struct {
	kind keyKind
	text string // of inserted and pasted
}

type keyKind uint8

const (
	unknown  keyKind = iota
	inserted         // a character
	pasted
	enter
	newline // Alt-Enter: a line end in the text
	tab
	backspace
	deleted // Del
	endOfInput
	interrupt
	left
	right
	up
	down
	home
	end
	wordLeft
	wordRight
	killWordLeft
	killWordRight
	killToStart
	killToEnd
	yank
	transpose
	clearScreen
	search
	giveUp
	suspend
	previous // Ctrl-P and Ctrl-N are of the history, wherever the cursor is
	next
)

// control are the keys that a terminal sends as one byte.
var control = map[byte]keyKind{
	'\r': enter, '\n': enter, '\t': tab, 127: backspace, 8: backspace,
	1: home, 2: left, 3: interrupt, 4: endOfInput, 5: end, 6: right, 7: giveUp, 11: killToEnd, 12: clearScreen,
	14: next, 16: previous, 18: search, 20: transpose, 21: killToStart, 23: killWordLeft, 25: yank, 26: suspend,
}

// alt are the keys that are pressed with Alt, or behind Esc.
var alt = map[byte]keyKind{
	'\r': newline, '\n': newline, 'b': wordLeft, 'f': wordRight, 'd': killWordRight, 127: killWordLeft, 8: killWordLeft,
}

// sequences are the keys that a terminal sends behind "Esc [" or "Esc O".
var sequences = map[string]keyKind{
	"A": up, "B": down, "C": right, "D": left, "H": home, "F": end,
	"1~": home, "7~": home, "4~": end, "8~": end, "3~": deleted,
	"1;5C": wordRight, "1;5D": wordLeft, "1;3C": wordRight, "1;3D": wordLeft, "5C": wordRight, "5D": wordLeft,
}

const (
	pasteBegins = "\x1b[200~"
	pasteEnds   = "\x1b[201~"
)

// A keyboard makes keys of the bytes that a terminal sends, which may be cut
// anywhere.
type keyboard struct {
	bytes   []byte // not yet read
	pasting bool
}

// next is the next key; not ok if more bytes are needed.
func (k *keyboard) next() (pressed key, ok bool) {
	if k.pasting {
		return k.paste()
	}
	if len(k.bytes) == 0 {
		return key{}, false
	}
	switch b := k.bytes[0]; {
	case b == 0x1b:
		return k.escape()
	case b < ' ' || b == 127:
		k.bytes = k.bytes[1:]
		return key{kind: control[b]}, true
	case !utf8.FullRune(k.bytes):
		return key{}, false
	}
	r, size := utf8.DecodeRune(k.bytes)
	k.bytes = k.bytes[size:]
	if r == utf8.RuneError {
		return key{}, true
	}
	return key{inserted, string(r)}, true
}

// escape reads what begins with Esc.
func (k *keyboard) escape() (pressed key, ok bool) {
	if len(k.bytes) < 2 {
		return key{}, false
	}
	if k.bytes[1] != '[' && k.bytes[1] != 'O' {
		pressed = key{kind: alt[k.bytes[1]]}
		k.bytes = k.bytes[2:]
		return pressed, true
	}
	for i, b := range k.bytes[2:] {
		if b >= '@' && b <= '~' { // the last of a sequence
			name := string(k.bytes[:i+3])
			k.bytes = k.bytes[i+3:]
			if name == pasteBegins {
				k.pasting = true
				return k.next()
			}
			return key{kind: sequences[name[2:]]}, true
		}
		if b < ' ' { // none
			k.bytes = k.bytes[i+2:]
			return key{}, true
		}
	}
	return key{}, false
}

// paste reads what is pasted, or the part of it that is there.
func (k *keyboard) paste() (pressed key, ok bool) {
	text := k.bytes
	if i := bytes.Index(text, []byte(pasteEnds)); i >= 0 {
		k.bytes, k.pasting = text[i+len(pasteEnds):], false
		return key{pasted, string(text[:i])}, true
	}
	// The last bytes may be the beginning of the end, of a character, or of a line end.
	whole := len(text)
	if i := bytes.LastIndexByte(text, 0x1b); i >= 0 && strings.HasPrefix(pasteEnds, string(text[i:])) {
		whole = i
	}
	for i := max(0, whole-utf8.UTFMax); i < whole; i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:whole]) {
			whole = i
		}
	}
	if whole > 0 && text[whole-1] == '\r' {
		whole--
	}
	if whole == 0 {
		return key{}, false
	}
	k.bytes = text[whole:]
	return key{pasted, string(text[:whole])}, true
}
