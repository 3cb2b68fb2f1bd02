package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/calx-lang/calx/ast"
)

const (
	byteOrderMark = "\ufeff"
	subscriptZero = '₀'
	subscriptNine = '₉'
)

// A scanner cuts a text into tokens, one at a time, without regard to lines
// and brackets; arrange.go sees to these.
type scanner struct {
	src      *ast.Source
	text     string
	offset   int
	previous token
	comments []ast.Comment
	mistakes *mistakes
}

func newScanner(src *ast.Source, m *mistakes) *scanner {
	s := &scanner{src: src, text: src.Text, mistakes: m}
	if strings.HasPrefix(s.text, byteOrderMark) {
		s.offset = len(byteOrderMark)
	}
	return s
}

func (s *scanner) next() token {
	f := s.skip()
	t := token{flags: f, start: int32(s.offset), partner: -1}
	if s.offset >= len(s.text) {
		t.end = t.start
		return t
	}
	c := s.text[s.offset]
	switch {
	case isNameStart(c):
		s.word(&t)
	case isDigit(c), c == '.' && s.offset+1 < len(s.text) && isDigit(s.text[s.offset+1]):
		s.number(&t)
	case c == '"':
		s.string(&t)
	case c == '\'':
		s.quote(&t)
	case c < utf8.RuneSelf:
		s.sign(&t)
	default:
		s.wide(&t)
	}
	t.end = int32(s.offset)
	s.previous = t
	return t
}

// skip passes white space and comments and notes what it passed.
func (s *scanner) skip() flags {
	var f flags
	if s.offset == 0 || s.previous.end == 0 {
		f |= spaceBefore
	}
	for s.offset < len(s.text) {
		switch s.text[s.offset] {
		case ' ', '\t', '\r':
			f |= spaceBefore
			s.offset++
		case '\n':
			f |= spaceBefore | newlineBefore
			s.offset++
		case '#':
			f |= spaceBefore
			s.comment()
		default:
			return f
		}
	}
	return f
}

func (s *scanner) comment() {
	length := strings.IndexByte(s.text[s.offset:], '\n')
	if length < 0 {
		length = len(s.text) - s.offset
	}
	text := strings.TrimRight(s.text[s.offset:s.offset+length], " \t\r")
	s.comments = append(s.comments, ast.Comment{Span: s.span(s.offset, s.offset+len(text)), Text: text})
	s.offset += length
}

// word reads a name or a keyword. After a "." every word is a name.
func (s *scanner) word(t *token) {
	start := s.offset
	t.kind = kName
	t.flags |= plain
	for s.offset < len(s.text) {
		c := s.text[s.offset]
		if c < utf8.RuneSelf {
			if !isNamePart(c) {
				break
			}
			s.offset++
			continue
		}
		r, size := utf8.DecodeRuneInString(s.text[s.offset:])
		if !isWideNamePart(r) {
			break
		}
		t.flags &^= plain
		s.offset += size
	}
	if s.previous.kind == kDot {
		return
	}
	if k, ok := keywords[s.text[start:s.offset]]; ok {
		t.kind = k
	}
}

// quote reads a "'": the derivative directly after an operand. Elsewhere it is
// a mistake, most often a text in the wrong quotes.
func (s *scanner) quote(t *token) {
	start := s.offset
	s.offset++
	if !t.has(spaceBefore) && s.previous.kind.endsOperand() {
		t.kind = kPrime
		return
	}
	t.flags |= reported
	rest := s.text[s.offset:]
	if i := strings.IndexAny(rest, "'\n"); i >= 0 && rest[i] == '\'' {
		s.offset += i + 1
		t.kind = kString
		s.mistakes.add(&ast.Diagnostic{
			Code: ast.CodeSyntax, Span: s.span(start, s.offset),
			Message: "text stands in double quotes; `'` is the derivative",
			Hint:    "write \"" + excerpt(rest[:i]) + "\"",
		})
		return
	}
	t.kind = kBad
	message := "`'` is the derivative and stands directly after what it derives"
	hint := ""
	if s.previous.kind.endsOperand() {
		hint = "remove the white space before it; to transpose, write x.T"
	}
	s.mistakes.add(&ast.Diagnostic{
		Code: ast.CodeSyntax, Span: s.span(start, s.offset), Message: message, Hint: hint,
	})
}

// nameOf is the name that a word stands for, in NFC.
func nameOf(src *ast.Source, t token) string {
	text := src.Text[t.start:t.end]
	if t.has(plain) || t.kind != kName {
		return text
	}
	if text == "π" {
		return "pi"
	}
	return norm.NFC.String(text)
}

func (s *scanner) span(start, end int) ast.Span {
	return ast.Span{Source: s.src, Start: int32(start), End: int32(end)}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

func isNamePart(c byte) bool { return isNameStart(c) || isDigit(c) }

func isWideNamePart(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) ||
		subscriptZero <= r && r <= subscriptNine
}

// namePartAt holds if a name could go on at offset i.
func (s *scanner) namePartAt(i int) bool {
	if i >= len(s.text) {
		return false
	}
	if c := s.text[i]; c < utf8.RuneSelf {
		return isNamePart(c)
	}
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return isWideNamePart(r)
}
