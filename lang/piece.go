package lang

import (
	"strings"

	"github.com/calx-lang/calx/ast"
)

// A piece is a token or a comment as the formatter sees it.
type piece struct {
	start, end int32
	partner    int32 // of a bracket: the piece that closes or opens it
	kind       kind  // kEnd for a comment
	class      class // of an opening bracket
	marks      marks
	breaks     uint8 // line ends before it in the text: 0, 1, or 2 for more
}

type marks uint16

const (
	markComment    marks = 1 << iota
	markStarts           // begins a statement
	markElement          // begins an element of a list in brackets
	markClause           // the "for" or "if" behind an element
	markSign             // a sign before its operand, not an operator
	markPostfix          // an opening bracket of a call or an index
	markKeywordArg       // the "=" of an argument, or of a parameter without a type
	markSpread           // a block whose statements stand on lines of their own
	markGenerator        // an opening bracket with a "for" inside
)

func (p *piece) has(m marks) bool { return p.marks&m != 0 }

// A class says what an opening bracket is for.
type class uint8

const (
	classNone  class = iota
	classParen       // calls, parameters, tuples
	classList
	classIndex
	classDims
	classRecord
	classBlock
)

// A cutter makes the pieces of a text.
type cutter struct {
	src      *ast.Source
	tokens   []token
	comments []ast.Comment
	pieces   []piece
	open     []int32 // the open brackets, as pieces
	typed    []bool  // for each of them, whether a ":" came since the last ","
	end      int32   // where the last piece ends
}

// cut makes the pieces of a text. Line ends and the ";" between statements are
// none: the marks say what they said.
func cut(src *ast.Source) []piece {
	a := tokenize(src, &mistakes{})
	c := &cutter{src: src, tokens: a.tokens, comments: a.comments}
	c.pieces = make([]piece, 0, len(a.tokens)+len(a.comments))
	before := kNewline // the token before, also a line end
	for i, t := range c.tokens {
		separates := t.kind == kNewline || t.kind == kSemicolon && c.class() != classParen
		if t.kind == kEnd {
			c.takeComments(t.start, markStarts)
		} else if !separates {
			at := c.place(before, t)
			c.takeComments(t.start, at)
			c.add(i, at)
		}
		before = t.kind
	}
	return c.pieces
}

// class is that of the innermost open bracket.
func (c *cutter) class() class {
	if len(c.open) == 0 {
		return classNone
	}
	return c.pieces[c.open[len(c.open)-1]].class
}

// place says whether t begins a statement or an element, after the token before.
func (c *cutter) place(before kind, t token) marks {
	switch c.class() {
	case classNone, classBlock:
		if before == kNewline || before == kSemicolon || t.kind == kCloseBrace || before == kOpenBrace && c.lastIs(kOpenBrace) {
			return markStarts
		}
	default:
		switch {
		case before == kComma, before == kSemicolon, before == kNewline, before.isOpen(), t.kind.isClose():
			return markElement
		case t.kind == kFor, t.kind == kIf && before.endsOperand():
			return markClause
		}
	}
	return 0
}

// lastIs holds if the last piece that is no comment is an open bracket.
func (c *cutter) lastIs(k kind) bool {
	for i := len(c.pieces) - 1; i >= 0; i-- {
		if !c.pieces[i].has(markComment) {
			return c.pieces[i].kind == k
		}
	}
	return false
}

// takeComments adds the comments before the byte at limit, which stand where at
// says.
func (c *cutter) takeComments(limit int32, at marks) {
	for len(c.comments) > 0 && c.comments[0].Span.Start < limit {
		s := c.comments[0].Span
		c.comments = c.comments[1:]
		c.push(piece{start: s.Start, end: s.End, partner: -1, marks: markComment | at&(markStarts|markElement|markClause)})
	}
}

// push adds a piece and counts the line ends before it.
func (c *cutter) push(p piece) {
	p.breaks = uint8(min(2, strings.Count(c.src.Text[c.end:p.start], "\n")))
	if p.breaks > 0 && c.class() == classBlock {
		c.pieces[c.open[len(c.open)-1]].marks |= markSpread
	}
	c.end = p.end
	c.pieces = append(c.pieces, p)
}

func (c *cutter) add(i int, at marks) {
	t := c.tokens[i]
	p := piece{start: t.start, end: t.end, partner: -1, kind: t.kind, marks: at}
	level := len(c.open) - 1
	switch {
	case t.kind.isOpen():
		c.classify(i, &p)
	case t.kind == kPlus || t.kind == kMinus:
		if at&markStarts != 0 || !c.endsOperand() {
			p.marks |= markSign
		}
	case level < 0:
	case t.kind == kColon:
		c.typed[level] = true
	case t.kind == kComma:
		c.typed[level] = false
	case t.kind == kAssign && c.class() == classParen && !c.typed[level]:
		p.marks |= markKeywordArg
	case t.kind == kFor:
		c.pieces[c.open[level]].marks |= markGenerator
	}
	if t.kind.isClose() && level >= 0 {
		p.partner = c.open[level]
		c.pieces[p.partner].partner = int32(len(c.pieces))
		first := c.pieces[p.partner+1:]
		c.push(p)
		if len(first) > 0 && first[0].breaks > 0 {
			last := &c.pieces[len(c.pieces)-1]
			last.breaks = max(1, last.breaks)
		}
		c.open, c.typed = c.open[:level], c.typed[:level]
		return
	}
	c.push(p)
	if t.kind.isOpen() {
		c.open, c.typed = append(c.open, int32(len(c.pieces)-1)), append(c.typed, false)
	}
}

// endsOperand holds if the last piece that is no comment ends an operand.
func (c *cutter) endsOperand() bool {
	last := c.last()
	return last != nil && last.kind.endsOperand() && !c.closesBlock(last)
}

func (c *cutter) last() *piece {
	for i := len(c.pieces) - 1; i >= 0; i-- {
		if !c.pieces[i].has(markComment) {
			return &c.pieces[i]
		}
	}
	return nil
}

func (c *cutter) closesBlock(p *piece) bool {
	return p.kind == kCloseBrace && p.partner >= 0 && c.pieces[p.partner].class == classBlock
}

// classify finds what the bracket at token i is for.
func (c *cutter) classify(i int, p *piece) {
	t := c.tokens[i]
	postfix := p.marks&markStarts == 0 && !t.has(newlineBefore) && c.endsOperand()
	switch {
	case t.kind == kOpenBrace:
		p.class = classBlock
		if beginsRecord(c.tokens, i) {
			p.class = classRecord
		}
		return
	case t.kind == kOpenParen:
		p.class = classParen
	case !postfix:
		p.class = classList
	case isDType(c.src.Text[c.last().start:c.last().end]):
		p.class = classDims
	default:
		p.class = classIndex
	}
	if postfix {
		p.marks |= markPostfix
	}
}
