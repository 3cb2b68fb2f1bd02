package lang

import (
	"io"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/calx-lang/calx/ast"
)

// The statements. A statement is chosen by its first two tokens, the most
// frequent first; what stands in fields of an interface type is read by a hook
// of the parser.
type (
	statement struct {
		Assign     *assignRule     `parser:"@@"`
		Function   *functionRule   `parser:"| @@"`
		Let        *letRule        `parser:"| @@"`
		Export     *exportRule     `parser:"| @@"`
		Var        *varRule        `parser:"| @@"`
		Input      *inputRule      `parser:"| @@"`
		Import     *importRule     `parser:"| @@"`
		Derivative *derivativeRule `parser:"| @@"`
		For        *forRule        `parser:"| @@"`
		While      *whileRule      `parser:"| @@"`
		Return     *returnRule     `parser:"| @@"`
		Jump       *lexer.Token    `parser:"| @('break' | 'continue')"`
	}
	functionRule struct {
		Export bool         `parser:"@'export':Keyword?"`
		Name   lexer.Token  `parser:"'fn':Keyword @Name"`
		Params paramList    `parser:"@@"`
		Result ast.TypeExpr `parser:"('->' @@)?"`
		Body   bodyExpr     `parser:"@@"`
	}
	letRule struct {
		Export bool         `parser:"@'export':Keyword?"`
		Names  nameList     `parser:"'let':Keyword @@"`
		Type   ast.TypeExpr `parser:"(':' @@)?"`
		Value  ast.Expr     `parser:"'=' @@"`
	}
	exportRule struct {
		Value ast.Expr    `parser:"'export':Keyword @@"`
		Label lexer.Token `parser:"'as' @String"`
	}
	varRule struct {
		Name  lexer.Token  `parser:"'var':Keyword @Name"`
		Type  ast.TypeExpr `parser:"(':' @@)?"`
		Value ast.Expr     `parser:"'=' @@"`
	}
	inputRule struct {
		Name    lexer.Token  `parser:"'input':Keyword @Name"`
		Type    ast.TypeExpr `parser:"':' @@"`
		Default ast.Expr     `parser:"('=' @@)?"`
	}
	importRule struct {
		Path lexer.Token `parser:"'import':Keyword @String"`
		Name lexer.Token `parser:"'as' @Name"`
	}
	derivativeRule struct {
		Word   lexer.Token  `parser:"@('derivative':Keyword | 'pullback':Keyword)"`
		Name   lexer.Token  `parser:"@Name"`
		Names  ruleNames    `parser:"@@"`
		Result *lexer.Token `parser:"('->' @Name)?"`
		Body   bodyExpr     `parser:"@@"`
	}
	forRule struct {
		Var   lexer.Token `parser:"'for':Keyword @Name"`
		Range headExpr    `parser:"'in' @@"`
		Body  blockExpr   `parser:"@@"`
	}
	whileRule struct {
		Cond headExpr  `parser:"'while':Keyword @@"`
		Body blockExpr `parser:"@@"`
	}
	returnRule struct {
		Value returnExpr `parser:"'return':Keyword @@?"`
	}
	assignRule struct {
		Target targetExpr  `parser:"@@"`
		Op     lexer.Token `parser:"(@('=' | '+=' | '-=' | '*=' | '/=')"`
		Value  ast.Expr    `parser:"@@)?"`
	}
)

// What the hooks give: an expression after "=" or a block, the head of a loop,
// a block, and lists in parentheses.
type (
	bodyExpr  interface{ ast.Expr }
	headExpr  interface{ ast.Expr }
	blockExpr interface{ ast.Expr }

	returnExpr interface{ ast.Expr }
	targetExpr interface{ ast.Expr }
	nameList   interface{ nameList() }
	paramList  interface{ paramList() }
	ruleNames  interface{ ruleNames() }
)

// The classes of tokens that the grammar of statements tells apart.
const (
	typeKeyword lexer.TokenType = iota + 1
	typeName
	typeString
	typeSign
)

// definition is the lexer that the grammar is built on.
type definition struct{}

func (definition) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Keyword": typeKeyword, "Name": typeName, "String": typeString, "Sign": typeSign,
	}
}

// Lex gives the tokens of a text up to the end of its first statement.
func (definition) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	src := &ast.Source{Name: name, Text: string(text)}
	return &stream{src: src, tokens: tokenize(src, &mistakes{}).tokens}, nil
}

// A stream gives the grammar the tokens of one statement, without what stands
// inside of brackets: that is for the hooks. The offset of a position is the
// index of the token.
type stream struct {
	src    *ast.Source
	tokens []token
	at     int
	count  int
}

// A statement has less than streamLimit tokens outside of brackets.
const streamLimit = 1 << 16

func (s *stream) Next() (lexer.Token, error) {
	t := s.tokens[s.at]
	out := lexer.Token{Pos: lexer.Position{Offset: s.at}}
	s.count++
	switch {
	case t.kind.endsStatement(), s.count > streamLimit:
		out.Type = lexer.EOF
		return out, nil
	case t.kind == kName:
		out.Type = typeName
	case t.kind == kString:
		out.Type = typeString
	case t.kind.isKeyword():
		out.Type = typeKeyword
	default:
		out.Type = typeSign
	}
	out.Value = s.src.Text[t.start:t.end]
	if t.kind.isOpen() {
		s.at = int(t.partner)
		if t.kind != kOpenBrace {
			return out, nil
		}
	}
	s.at++
	return out, nil
}

// grammar builds the parser of statements upon the hooks of p.
func (p *parser) grammar() *participle.Parser[statement] {
	value := hook(p, (*parser).expr)
	return participle.MustBuild[statement](
		participle.Lexer(definition{}),
		participle.UseLookahead(2),
		participle.ParseTypeWith(value),
		participle.ParseTypeWith(hook(p, (*parser).typeExpr)),
		participle.ParseTypeWith(hook(p, (*parser).body)),
		participle.ParseTypeWith(hook(p, (*parser).loopHead)),
		participle.ParseTypeWith(hook(p, (*parser).loopBody)),
		participle.ParseTypeWith(func(lex *lexer.PeekingLexer) (returnExpr, error) {
			if lex.Peek().EOF() {
				return nil, participle.NextMatch
			}
			return value(lex)
		}),
		participle.ParseTypeWith(func(lex *lexer.PeekingLexer) (targetExpr, error) {
			if p.tokens[lex.Peek().Pos.Offset].kind.beginsStatement() {
				return nil, participle.NextMatch
			}
			return value(lex)
		}),
		participle.ParseTypeWith(hook(p, (*parser).letNames)),
		participle.ParseTypeWith(hook(p, (*parser).functionParams)),
		participle.ParseTypeWith(hook(p, (*parser).derivativeNames)),
	)
}

// hook makes a rule of the parser one of the grammar. A mistake that it finds
// is final: no other rule is tried.
func hook[T any](p *parser, rule func(*parser) (T, *ast.Diagnostic)) func(*lexer.PeekingLexer) (T, error) {
	return func(lex *lexer.PeekingLexer) (T, error) {
		if p.failure == nil {
			p.at = lex.Peek().Pos.Offset
			result, mistake := rule(p)
			if mistake == nil {
				for t := lex.Peek(); !t.EOF() && t.Pos.Offset < p.at; t = lex.Peek() {
					lex.Next()
				}
				return result, nil
			}
			p.failure = mistake
		}
		var none T
		return none, p.failure
	}
}
