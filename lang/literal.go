package lang

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/calx-lang/calx/ast"
)

// number reads a number: 1, 1_000, 1.5, .5, 1., 1e-3, 2i, 0x1F. A point that is
// followed by a point or a letter isn't part of it.
func (s *scanner) number(t *token) {
	t.kind = kNumber
	start := s.offset
	if s.text[start] == '0' && start+1 < len(s.text) && (s.text[start+1] == 'x' || s.text[start+1] == 'X') {
		s.offset += 2
		for s.offset < len(s.text) && (isHexDigit(s.text[s.offset]) || s.text[s.offset] == '_') {
			s.offset++
		}
	} else {
		s.decimal()
	}
	if s.namePartAt(s.offset) {
		s.badSuffix(t, start)
		return
	}
	s.checkDigits(t, s.text[start:s.offset])
}

func (s *scanner) decimal() {
	s.digits()
	if s.offset < len(s.text) && s.text[s.offset] == '.' && !s.pointBelongsToNext() {
		s.offset++
		s.digits()
	}
	if s.offset < len(s.text) && (s.text[s.offset] == 'e' || s.text[s.offset] == 'E') {
		i := s.offset + 1
		if i < len(s.text) && (s.text[i] == '+' || s.text[i] == '-') {
			i++
		}
		if i < len(s.text) && isDigit(s.text[i]) {
			s.offset = i
			s.digits()
		}
	}
	if s.offset < len(s.text) && s.text[s.offset] == 'i' && !s.namePartAt(s.offset+1) {
		s.offset++
	}
}

func (s *scanner) digits() {
	for s.offset < len(s.text) && (isDigit(s.text[s.offset]) || s.text[s.offset] == '_') {
		s.offset++
	}
}

// pointBelongsToNext looks at what follows the point at the offset.
func (s *scanner) pointBelongsToNext() bool {
	i := s.offset + 1
	if i >= len(s.text) || isDigit(s.text[i]) {
		return false
	}
	return s.text[i] == '.' || s.namePartAt(i)
}

// badSuffix reports a number with a name stuck to it, and skips the name.
func (s *scanner) badSuffix(t *token, start int) {
	t.flags |= reported
	end := s.offset
	for s.namePartAt(s.offset) {
		_, size := utf8.DecodeRuneInString(s.text[s.offset:])
		s.offset += size
	}
	number, suffix := s.text[start:end], s.text[end:s.offset]
	d := &ast.Diagnostic{
		Code: ast.CodeSyntax, Span: s.span(start, s.offset),
		Message: "`" + excerpt(s.text[start:s.offset]) + "` is no number",
	}
	switch {
	case number == "0" && strings.ContainsAny(suffix[:1], "bBoO"):
		d.Hint = "numbers are decimal, or hexadecimal as in 0x1F"
	case suffix == "j":
		d.Hint = "write " + number + "i"
	case suffix == "e" || suffix == "E":
		d.Hint = "an exponent needs digits: " + number + "e3"
	default:
		d.Hint = "to multiply, write " + excerpt(number) + " * " + excerpt(suffix)
	}
	s.mistakes.add(d)
}

// checkDigits reports misplaced "_" and numbers that begin with 0.
func (s *scanner) checkDigits(t *token, text string) {
	message, hint := "", ""
	digits := text
	if len(text) > 2 && (text[1] == 'x' || text[1] == 'X') {
		digits = text[2:]
	}
	switch {
	case text == "0x" || text == "0X":
		message = "`" + text + "` has no digits"
	case !underscoresBetweenDigits(digits):
		message, hint = "a `_` in a number stands between two digits", "write "+excerpt(withoutUnderscores(text))
	case len(digits) == len(text) && text[0] == '0' && strings.Trim(text, "0123456789_") == "" && strings.Trim(text, "0_") != "":
		message, hint = "a whole number does not begin with 0", "write "+excerpt(strings.TrimLeft(text, "0_"))
	default:
		return
	}
	t.flags |= reported
	s.mistakes.add(&ast.Diagnostic{
		Code: ast.CodeSyntax, Span: s.span(s.offset-len(text), s.offset), Message: message, Hint: hint,
	})
}

func underscoresBetweenDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != '_' {
			continue
		}
		if i == 0 || i == len(text)-1 || !isHexDigit(text[i-1]) || !isHexDigit(text[i+1]) {
			return false
		}
	}
	return true
}

func withoutUnderscores(text string) string { return strings.ReplaceAll(text, "_", "") }

func isHexDigit(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// string reads a text in double quotes and checks its escapes.
func (s *scanner) string(t *token) {
	t.kind = kString
	start := s.offset
	s.offset++
	for s.offset < len(s.text) && s.text[s.offset] != '"' && s.text[s.offset] != '\n' {
		if s.text[s.offset] == '\\' && s.offset+1 < len(s.text) && s.text[s.offset+1] != '\n' {
			s.offset++
		}
		s.offset++
	}
	if s.offset >= len(s.text) || s.text[s.offset] == '\n' {
		s.offset = start + len(strings.TrimRight(s.text[start:s.offset], "\r"))
		t.flags |= reported
		s.mistakes.add(&ast.Diagnostic{
			Code: ast.CodeSyntax, Span: s.span(start, start+1),
			Message: "this text has no closing `\"` on its line",
			Hint:    "a line end inside a text is written \\n",
		})
		return
	}
	s.offset++
	s.checkEscapes(t, start+1, s.offset-1)
}

func (s *scanner) checkEscapes(t *token, start, end int) {
	rest := s.text[start:end]
	for rest != "" {
		i := strings.IndexByte(rest, '\\')
		if i < 0 {
			return
		}
		rest = rest[i:]
		_, _, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			at := end - len(rest)
			_, size := utf8.DecodeRuneInString(rest[1:])
			t.flags |= reported
			s.mistakes.add(&ast.Diagnostic{
				Code: ast.CodeSyntax, Span: s.span(at, at+1+size),
				Message: "`" + rest[:1+size] + "` begins no escape",
				Hint:    `escapes are \n \t \\ \" \x41 \u03b8 and Go's others; a backslash itself is \\`,
			})
			tail = rest[1+size:]
		}
		rest = tail
	}
}

// textOf is what a string token stands for; as far as it can be read, if it
// has been reported.
func textOf(written string) string {
	if value, err := strconv.Unquote(written); err == nil {
		return value
	}
	return strings.Trim(written, `"'`)
}

// excerpt is text as it is shown in a message: not longer than a few words.
func excerpt(text string) string {
	const limit = 40
	if len(text) <= limit {
		return text
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
