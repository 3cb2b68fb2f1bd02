package lang

import (
	"unicode/utf8"

	"github.com/calx-lang/calx/ast"
)

const (
	indentWidth = 2
	lineWidth   = 120 // longer lines are broken, if they have brackets
)

// A typesetter puts pieces into lines.
type typesetter struct {
	text   string
	pieces []piece
	out    []byte
	stack  []opened
	undo   []undone // what the line in hand did to the stack
}

// An opened bracket knows the indent of the line where it was opened.
type opened struct {
	piece  int32
	indent int
}

type undone struct {
	opened
	pushed bool
}

// layout writes a text without mistakes in the one style of Calx.
func layout(src *ast.Source) string {
	s := &typesetter{text: src.Text, pieces: cut(src), out: make([]byte, 0, len(src.Text)+len(src.Text)/8)}
	for i := 0; i < len(s.pieces); {
		if i > 0 {
			s.out = append(s.out, '\n')
			if s.blankBefore(i) {
				s.out = append(s.out, '\n')
			}
		}
		i = s.line(i)
	}
	if len(s.pieces) > 0 {
		s.out = append(s.out, '\n')
	}
	return string(s.out)
}

// line writes the line that begins with piece i and gives the piece behind it.
// A line that gets too long is written again with a bracket of it broken up.
func (s *typesetter) line(i int) int {
	begin := len(s.out)
	for limit := lineWidth; ; limit = lineWidth {
		for {
			next, tooLong := s.try(i, limit)
			if !tooLong {
				return next
			}
			broken := s.breakUp(i, next)
			s.out = s.out[:begin]
			s.rollBack()
			if broken {
				break
			}
			limit = int(^uint(0) >> 1)
		}
	}
}

// try writes a line, as long as it is not longer than limit.
func (s *typesetter) try(i, limit int) (next int, tooLong bool) {
	indent := s.indent(i)
	for range indent {
		s.out = append(s.out, ' ')
	}
	width := indent
	s.undo = s.undo[:0]
	for j := i; ; j++ {
		p := &s.pieces[j]
		if j > i {
			gap := s.gap(j, i)
			s.out = append(s.out, gap...)
			width += len(gap)
		}
		text := s.text[p.start:p.end]
		s.out = append(s.out, text...)
		width += utf8.RuneCountInString(text)
		switch {
		case p.kind.isOpen():
			s.push(opened{int32(j), indent})
		case p.kind.isClose():
			s.pop()
		}
		if width > limit && !p.has(markComment) {
			return j, true
		}
		if j+1 == len(s.pieces) || s.breakBefore(j+1) {
			return j + 1, false
		}
	}
}

func (s *typesetter) push(o opened) {
	s.stack = append(s.stack, o)
	s.undo = append(s.undo, undone{o, true})
}

func (s *typesetter) pop() {
	last := len(s.stack) - 1
	s.undo = append(s.undo, undone{s.stack[last], false})
	s.stack = s.stack[:last]
}

func (s *typesetter) rollBack() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		if u := s.undo[i]; u.pushed {
			s.stack = s.stack[:len(s.stack)-1]
		} else {
			s.stack = append(s.stack, u.opened)
		}
	}
	s.undo = s.undo[:0]
}

// indent is that of a line that begins with piece i.
func (s *typesetter) indent(i int) int {
	p := &s.pieces[i]
	indent := 0
	if len(s.stack) > 0 {
		indent = s.stack[len(s.stack)-1].indent
		if p.kind.isClose() {
			return indent
		}
		indent += indentWidth
	}
	if !p.has(markStarts | markElement | markClause) {
		indent += indentWidth
	}
	return indent
}

// breakBefore says whether a line ends before piece i.
func (s *typesetter) breakBefore(i int) bool {
	p, before := &s.pieces[i], &s.pieces[i-1]
	switch {
	case before.has(markComment):
		return true
	case p.has(markComment):
		return p.breaks > 0
	case p.partner == int32(i-1):
		return false
	case p.kind == kCloseBrace && s.pieces[p.partner].class == classBlock:
		return s.pieces[p.partner].has(markSpread)
	case p.has(markStarts):
		return len(s.stack) == 0 || s.pieces[s.stack[len(s.stack)-1].piece].has(markSpread)
	case p.kind == kElse && before.kind == kCloseBrace:
		return false
	}
	return p.breaks > 0
}

// blankBefore says whether a blank line stands before the line that begins with
// piece i.
func (s *typesetter) blankBefore(i int) bool {
	p, before := &s.pieces[i], &s.pieces[i-1]
	return p.breaks > 1 && p.has(markStarts) && !p.kind.isClose() && !before.kind.isOpen()
}

// breakUp breaks a bracket that was opened on the line of piece i, and which
// the line got too long with, at piece j.
func (s *typesetter) breakUp(i, j int) bool {
	// The outermost one that is still open, else the longest that is closed.
	for _, u := range s.undo {
		if u.pushed && s.pieces[u.piece].partner > int32(j) && s.canBreak(u.piece) {
			s.breakBracket(u.piece)
			return true
		}
	}
	best, length := int32(-1), int32(0)
	for k := int32(i); k < int32(j); k++ {
		p := &s.pieces[k]
		if p.kind.isOpen() && p.partner <= int32(j) {
			if n := s.pieces[p.partner].start - p.start; n > length && s.canBreak(k) {
				best, length = k, n
			}
			k = p.partner
		}
	}
	if best >= 0 {
		s.breakBracket(best)
	}
	return best >= 0
}

func (s *typesetter) canBreak(open int32) bool {
	p := &s.pieces[open]
	switch p.class {
	case classParen, classList, classRecord:
		return p.partner > open+1 && s.pieces[open+1].breaks == 0 && !s.startsOver(open+1)
	case classBlock:
		return p.partner > open+1 && !p.has(markSpread)
	}
	return false
}

// startsOver holds for a word that must not come to begin a line inside of
// brackets, for there it might begin a statement.
func (s *typesetter) startsOver(i int32) bool {
	p := &s.pieces[i]
	return p.kind == kName && statementWords[s.text[p.start:p.end]] != 0
}

// breakBracket puts the elements of a bracket on lines of their own.
func (s *typesetter) breakBracket(open int32) {
	p := &s.pieces[open]
	if p.class == classBlock {
		p.marks |= markSpread
		return
	}
	for k := open + 1; k <= p.partner; k++ {
		q := &s.pieces[k]
		begins := q.has(markElement)
		if p.has(markGenerator) {
			begins = k == open+1 || k == p.partner || q.kind == kFor
		}
		if begins && !s.startsOver(k) {
			q.breaks = max(1, q.breaks)
		}
		if q.kind.isOpen() {
			k = q.partner
		}
	}
}
