// Package ast holds what the front end passes on: source texts and places in
// them, diagnostics, and the syntax tree. It imports nothing of Calx.
package ast

import (
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Source is one text of a program: a script, an imported file, a module of
// the standard library, or a line typed into a session.
type Source struct {
	Name string // as shown in errors
	Text string
	// Internal marks the standard library: an error in it is shown at the place in
	// the program that led there.
	Internal bool

	once  sync.Once
	lines []int // offset of the first byte of each line
}

// A Span is the half-open range of bytes [Start, End) of a Source. The zero
// Span has no place.
type Span struct {
	Source     *Source
	Start, End int32
}

// A Position is a place as people count it: from 1, columns in code points.
type Position struct {
	Line, Column int
}

// IsValid reports whether s has a place.
func (s Span) IsValid() bool { return s.Source != nil }

// IsInternal reports whether s is a place in the standard library.
func (s Span) IsInternal() bool { return s.Source != nil && s.Source.Internal }

// Text is the source text of s.
func (s Span) Text() string {
	if s.Source == nil {
		return ""
	}
	return s.Source.Text[s.Start:s.End]
}

// To is the smallest span that covers s and t, which are of one Source.
func (s Span) To(t Span) Span {
	if s.Source == nil {
		return t
	}
	if t.Source != s.Source {
		return s
	}
	return Span{s.Source, min(s.Start, t.Start), max(s.End, t.End)}
}

// Position is the place where s begins; the zero Position if s has no place.
func (s Span) Position() Position {
	if s.Source == nil {
		return Position{}
	}
	return s.Source.Position(int(s.Start))
}

// Line is the line, counted from 1, where s begins; 0 if s has no place.
func (s Span) Line() int { return s.Position().Line }

func (src *Source) index() []int {
	src.once.Do(func() {
		src.lines = append(src.lines, 0)
		for i := 0; i < len(src.Text); i++ {
			if src.Text[i] == '\n' {
				src.lines = append(src.lines, i+1)
			}
		}
	})
	return src.lines
}

// Position is the place of the byte at offset.
func (src *Source) Position(offset int) Position {
	lines := src.index()
	line := sort.SearchInts(lines, offset+1) - 1
	before := src.Text[lines[line]:offset]
	if line == 0 {
		before = strings.TrimPrefix(before, "\ufeff") // a byte order mark takes no column
	}
	return Position{line + 1, utf8.RuneCountInString(before) + 1}
}

// Lines is the number of lines of the text.
func (src *Source) Lines() int { return len(src.index()) }

// Line is the text of line n, counted from 1, without its end.
func (src *Source) Line(n int) string {
	lines := src.index()
	text := src.Text[lines[n-1]:]
	if n < len(lines) {
		text = src.Text[lines[n-1]:lines[n]]
	}
	return strings.TrimRight(text, "\r\n")
}

// String is "name:line:column".
func (s Span) String() string {
	if s.Source == nil {
		return "-"
	}
	p := s.Position()
	return s.Source.Name + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}
