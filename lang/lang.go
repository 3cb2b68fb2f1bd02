// Package lang turns the text of Calx programs into syntax trees and back.
//
// In comes an ast.Source; out come an ast.File and what is wrong with the text.
// A text passes a scanner (characters to tokens), an arranger (line ends and
// brackets), the grammar of statements, and a parser of expressions by
// precedence; the formatter goes the other way. What names mean, and whether
// types fit, is for others to say.
//
// Everything here may be used by several goroutines at the same time.
package lang

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/calx-lang/calx/ast"
)

// sizeLimit is how many bytes a text may have. Data belong in inputs.
const sizeLimit = 16 << 20

var parsers = sync.Pool{New: func() any { return &parser{} }}

// Parse reads a program. The file holds the statements that could be read, also
// if there are mistakes; all mistakes are reported, in the order of their
// places, at most 100.
func Parse(src *ast.Source) (*ast.File, ast.Diagnostics) {
	file := &ast.File{Source: src}
	m := &mistakes{}
	if d := checkText(src); d != nil {
		return file, ast.Diagnostics{d}
	}
	p := start(src, m, file)
	file.Stmts = p.program()
	p.stop()
	return file, m.inOrder()
}

// ParseExpr reads one expression, which may stretch over several lines. If
// there are mistakes, the expression may be nil.
func ParseExpr(src *ast.Source) (ast.Expr, ast.Diagnostics) {
	m := &mistakes{}
	if d := checkText(src); d != nil {
		return nil, ast.Diagnostics{d}
	}
	p := start(src, m, &ast.File{})
	x := p.lonely()
	p.stop()
	return x, m.inOrder()
}

// checkText refuses a text that can't be read at all.
func checkText(src *ast.Source) *ast.Diagnostic {
	if len(src.Text) > sizeLimit {
		return &ast.Diagnostic{
			Code: ast.CodeTooDeep, Span: ast.Span{Source: src},
			Message: "a text may have at most 16 MiB", Hint: "give data by input",
		}
	}
	if utf8.ValidString(src.Text) {
		return nil
	}
	at := 0
	for {
		r, size := utf8.DecodeRuneInString(src.Text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return &ast.Diagnostic{
		Code: ast.CodeEncoding, Span: ast.Span{Source: src, Start: int32(at), End: int32(at) + 1},
		Message: "the text is not UTF-8", Label: "this byte begins no character",
		Hint: "save the file as UTF-8",
	}
}

// start takes a parser for src; stop gives it back.
func start(src *ast.Source, m *mistakes, file *ast.File) *parser {
	p := parsers.Get().(*parser)
	a := tokenize(src, m)
	file.Comments = a.comments
	*p = parser{
		rules: p.rules, src: src, tokens: a.tokens, unclosed: a.unclosed, mistakes: m,
		docs: newDocs(a.comments), within: -1,
	}
	return p
}

func (p *parser) stop() {
	*p = parser{rules: p.rules}
	parsers.Put(p)
}

// program reads statements up to the end of the text.
func (p *parser) program() []ast.Stmt { return p.statements(len(p.tokens) - 1) }

// lonely reads an expression and nothing else.
func (p *parser) lonely() ast.Expr {
	last := len(p.tokens) - 1
	p.skipLines()
	x, mistake := p.expr()
	if mistake == nil {
		for p.kind() == kNewline || p.kind() == kSemicolon {
			p.at++
		}
		if p.at < last {
			mistake = p.expected("the end of the expression")
		}
	}
	if mistake != nil {
		p.report(mistake)
		return nil
	}
	return x
}

// docs finds the comments above declarations.
type docs struct {
	comments []ast.Comment
	next     int // the first comment that may stand above the next declaration
}

func newDocs(comments []ast.Comment) docs { return docs{comments: comments} }

// above is the text of the comment lines right above the line on which a
// declaration begins. It must be asked in the order of places.
func (d *docs) above(src *ast.Source, declaration ast.Span) string {
	for d.next < len(d.comments) && d.comments[d.next].Span.Start < declaration.Start {
		d.next++
	}
	first := d.next
	below := declaration.Start
	for first > 0 {
		c := d.comments[first-1].Span
		end, ok := lineBefore(src.Text, below)
		if !ok || strings.TrimRight(src.Text[c.End:max(c.End, end)], " \t\r") != "" || c.End > end {
			break
		}
		if _, alone := lineBefore(src.Text, c.Start); !alone {
			break
		}
		first--
		below = c.Start
	}
	lines := make([]string, 0, d.next-first)
	for _, c := range d.comments[first:d.next] {
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(c.Text, "#"), " "))
	}
	return strings.Join(lines, "\n")
}

// lineBefore holds if only white space stands between at and the beginning of
// its line; end is where the line before ends.
func lineBefore(text string, at int32) (end int32, ok bool) {
	for at--; at >= 0; at-- {
		switch text[at] {
		case ' ', '\t', '\r':
		case '\n':
			return at, true
		default:
			return 0, text[:at+1] == byteOrderMark
		}
	}
	return 0, true
}
