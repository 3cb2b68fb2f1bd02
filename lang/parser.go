package lang

import (
	"errors"
	"regexp"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/calx-lang/calx/ast"
)

const (
	// depthLimit bounds how deep brackets, prefixes, "else if"s and lambdas
	// nest.
	depthLimit = 500

	// heightLimit bounds the height of the tree, to which a chain of operators
	// or of postfixes adds one each. What walks the tree may recurse.
	heightLimit = 10_000
)

// A parser reads the tokens of one text. It is used again for others, since
// building its grammar takes longer than reading a line.
type parser struct {
	rules *participle.Parser[statement] // built when the first statement is read

	src      *ast.Source
	tokens   []token
	unclosed map[int32]*ast.Diagnostic
	mistakes *mistakes
	docs     docs

	at      int             // the token to read next
	depth   int             // see depthLimit
	height  int             // of the highest tree since height was last set to 0
	inHead  bool            // in the head of an if or a loop, outside of brackets
	inBlock bool            // not at top level
	within  int32           // the bracket around that is never closed, or -1
	failure *ast.Diagnostic // what a hook found in the statement
}

// said stands for a mistake that has been reported elsewhere.
var said = &ast.Diagnostic{}

func (p *parser) token() token { return p.tokens[p.at] }
func (p *parser) kind() kind   { return p.tokens[p.at].kind }
func (p *parser) kindAt(i int) kind {
	if i < len(p.tokens) {
		return p.tokens[i].kind
	}
	return kEnd
}

func (p *parser) spanOf(t token) ast.Span {
	return ast.Span{Source: p.src, Start: t.start, End: t.end}
}

// spanFrom covers what was read from token start on.
func (p *parser) spanFrom(start int) ast.Span {
	s := p.spanOf(p.tokens[start])
	if p.at > start {
		s.End = max(s.End, p.tokens[p.at-1].end)
	}
	return s
}

func (p *parser) ident(t token) ast.Ident {
	return ast.Ident{Name: nameOf(p.src, t), Span: p.spanOf(t)}
}

func (p *parser) identOf(t lexer.Token) ast.Ident { return p.ident(p.tokens[t.Pos.Offset]) }

func (p *parser) stringOf(t lexer.Token) *ast.String {
	at := p.tokens[t.Pos.Offset]
	return &ast.String{Span: p.spanOf(at), Value: textOf(p.src.Text[at.start:at.end])}
}

// take reads a token of kind k.
func (p *parser) take(k kind) *ast.Diagnostic {
	if p.kind() != k {
		return p.expected("`" + spelling[k] + "`")
	}
	p.at++
	return nil
}

// enter goes one level deeper; leave undoes it.
func (p *parser) enter() *ast.Diagnostic {
	if p.depth++; p.depth > depthLimit {
		p.depth--
		return p.tooDeep(p.token(), "this is nested more than 500 levels deep")
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// grow notes that a node was put on top of the highest tree.
func (p *parser) grow() *ast.Diagnostic {
	if p.height++; p.height > heightLimit {
		return p.tooDeep(p.tokens[p.at-1], "this expression has more than 10000 operators or calls in one chain")
	}
	return nil
}

func (p *parser) tooDeep(t token, message string) *ast.Diagnostic {
	return &ast.Diagnostic{
		Code: ast.CodeTooDeep, Message: message, Span: p.spanOf(t), Hint: "give parts of it names with let",
	}
}

func (p *parser) report(d *ast.Diagnostic) {
	if d != said {
		p.mistakes.add(d)
	}
}

// statements reads statements up to the token at end. A mistake costs its own
// statement only.
func (p *parser) statements(end int) []ast.Stmt {
	var list []ast.Stmt
	for {
		for p.at < end && (p.kind() == kNewline || p.kind() == kSemicolon) {
			p.at++
		}
		if p.at >= end {
			p.at = end
			return list
		}
		start := p.at
		s, mistake := p.statement()
		if mistake == nil && !p.kind().endsStatement() {
			mistake = p.afterStatement(start)
		}
		if mistake != nil {
			p.report(mistake)
			p.at = p.statementEnd(start)
			if s == nil {
				continue
			}
		}
		list = append(list, s)
	}
}

// statementEnd is the first token after start that ends a statement outside of
// brackets.
func (p *parser) statementEnd(start int) int {
	i := start
	for !p.tokens[i].kind.endsStatement() {
		if p.tokens[i].kind.isOpen() {
			i = int(p.tokens[i].partner)
		}
		i++
	}
	return i
}

func (p *parser) statement() (ast.Stmt, *ast.Diagnostic) {
	start := p.at
	if p.kind() == kEnd || p.kind() == kBad {
		return nil, p.expected("a statement")
	}
	lex, err := lexer.Upgrade(&stream{src: p.src, tokens: p.tokens, at: start})
	if err != nil {
		return nil, p.expected("a statement")
	}
	p.failure = nil
	p.inHead = false
	if p.rules == nil {
		p.rules = p.grammar()
	}
	rule, err := p.rules.ParseFromLexer(lex, participle.AllowTrailing(true))
	if mistake := p.failure; mistake != nil {
		p.failure = nil
		return nil, mistake
	}
	if err != nil {
		return nil, p.translate(err, lex)
	}
	p.at = max(p.at, lex.Peek().Pos.Offset)
	return p.convert(rule, start)
}

var firstExpected = regexp.MustCompile(`\(expected (?:@\()?("[^"]*"|<[a-z]+>)`)

// translate says what the grammar found wrong.
func (p *parser) translate(err error, lex *lexer.PeekingLexer) *ast.Diagnostic {
	var unexpected *participle.UnexpectedTokenError
	if !errors.As(err, &unexpected) {
		p.at = max(p.at, lex.Peek().Pos.Offset)
		return p.expected("a statement")
	}
	p.at = unexpected.Unexpected.Pos.Offset
	what := "something else"
	if m := firstExpected.FindStringSubmatch(unexpected.Message()); m != nil {
		switch what = m[1]; what {
		case "<name>":
			what = "a name"
		case "<string>":
			what = "a text in double quotes"
		default:
			what = "`" + strings.Trim(what, `"`) + "`"
		}
	}
	return p.expected(what)
}

// expected is the mistake that something else than the next token should stand
// there.
func (p *parser) expected(what string) *ast.Diagnostic {
	t := p.token()
	if p.mistakes.enough() || t.has(reported) && (t.kind == kBad || t.has(inserted)) {
		return said
	}
	if p.within >= 0 {
		if d := p.unclosed[p.within]; d != nil && d.Code == ast.CodeSyntax {
			need := spelling[closing(p.tokens[p.within].kind)]
			d.Labels = []ast.Label{{Span: p.placeOf(p.at), Text: "its `" + need + "` is missing before this"}}
			delete(p.unclosed, p.within)
		}
		return said
	}
	message := "expected " + what
	if p.at > 0 {
		switch before := p.tokens[p.at-1]; before.kind {
		case kNewline, kSemicolon:
		default:
			if !before.has(inserted) {
				message += " after `" + p.textOf(before) + "`"
			}
		}
	}
	return &ast.Diagnostic{
		Code: ast.CodeSyntax, Span: p.placeOf(p.at),
		Message: message + ", found " + p.describe(t), Hint: p.slipHint(p.at),
	}
}

// placeOf is the place where the token at i is shown in an error; what is
// missing at an end is missing directly behind what stands before.
func (p *parser) placeOf(i int) ast.Span {
	t := p.tokens[i]
	if (t.kind == kEnd || t.kind == kNewline) && i > 0 {
		t.start = p.tokens[i-1].end
		t.end = t.start
	}
	return p.spanOf(t)
}

func (p *parser) textOf(t token) string { return excerpt(p.src.Text[t.start:t.end]) }

func (p *parser) describe(t token) string {
	switch {
	case t.kind == kEnd:
		return "the end of the text"
	case t.kind == kNewline:
		return "the end of the line"
	case t.kind.isKeyword():
		return "the keyword `" + p.textOf(t) + "`"
	}
	return "`" + p.textOf(t) + "`"
}
