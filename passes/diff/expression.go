package diff

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/calx-lang/calx/ir"
)

// An expression is a partial derivative as the table of operations writes it:
// a number, the name of an operand or y, or op applied to args. Its operators
// are those of the language, and its functions the names of the table.
type expression struct {
	op     string // "number", "name", an operator, a function
	args   []*expression
	number float64
	name   string
}

var expressions sync.Map // of texts

// parsed is a text of the table, which is known to be right.
func parsed(text string) *expression {
	if x, ok := expressions.Load(text); ok {
		return x.(*expression)
	}
	x, err := parseExpression(text, nil)
	if err != nil {
		panic(fmt.Sprintf("diff: %v", err))
	}
	expressions.Store(text, x)
	return x
}

// levels are the binary operators, those that bind less first.
var levels = [][]string{{"or"}, {"and"}, {"==", "<=", ">=", "<", ">"}, {"+", "-"}, {"*", "//", "/"}}

// parseExpression reads a text. Names are looked up if operands is not nil.
func parseExpression(text string, operands []string) (x *expression, err error) {
	p := &expressionParser{text: text, operands: operands}
	x = p.binary(0)
	if p.space(); p.err == nil && p.text != "" {
		p.fail()
	}
	if p.err != nil {
		return nil, fmt.Errorf("%q: %w", text, p.err)
	}
	return x, nil
}

type expressionParser struct {
	text     string // what is left
	operands []string
	err      error
}

func (p *expressionParser) fail() *expression {
	if p.err == nil {
		p.err = fmt.Errorf("unexpected %q", p.text)
	}
	p.text = ""
	return &expression{op: "number"}
}

func (p *expressionParser) space() {
	for p.text != "" && p.text[0] == ' ' {
		p.text = p.text[1:]
	}
}

// take reads a word or a sign, if it is next.
func (p *expressionParser) take(word string) bool {
	p.space()
	n := len(word)
	if len(p.text) < n || p.text[:n] != word {
		return false
	}
	if letter(word[0]) && len(p.text) > n && letter(p.text[n]) {
		return false
	}
	p.text = p.text[n:]
	return true
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func digit(c byte) bool { return c >= '0' && c <= '9' || c == '.' }

func (p *expressionParser) binary(level int) *expression {
	if level == len(levels) {
		return p.sign()
	}
	x := p.binary(level + 1)
	for {
		i := slices.IndexFunc(levels[level], p.take)
		if i < 0 {
			return x
		}
		x = &expression{op: levels[level][i], args: []*expression{x, p.binary(level + 1)}}
	}
}

func (p *expressionParser) sign() *expression {
	if p.take("-") {
		x := p.sign()
		if x.op == "number" {
			return &expression{op: "number", number: -x.number}
		}
		return &expression{op: "neg", args: []*expression{x}}
	}
	x := p.operand()
	if p.take("^") {
		return &expression{op: "^", args: []*expression{x, p.sign()}}
	}
	return x
}

func (p *expressionParser) operand() *expression {
	if p.take("(") {
		x := p.binary(0)
		if !p.take(")") {
			return p.fail()
		}
		return x
	}
	if p.take("not") {
		return &expression{op: "not", args: []*expression{p.operand()}}
	}
	n := 0
	for n < len(p.text) && (digit(p.text[n]) || letter(p.text[n])) {
		n++
	}
	if n == 0 {
		return p.fail()
	}
	word := p.text[:n]
	if digit(word[0]) {
		x, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return p.fail()
		}
		p.text = p.text[n:]
		return &expression{op: "number", number: x}
	}
	rest := p.text
	p.text = p.text[n:]
	if p.take("(") {
		return p.call(word)
	}
	if p.operands != nil && word != "y" && !slices.Contains(p.operands, word) {
		p.text = rest
		return p.fail()
	}
	return &expression{op: "name", name: word}
}

func (p *expressionParser) call(name string) *expression {
	code, ok := codes[name]
	if !ok {
		code = ir.CodeOf(name)
	}
	x := &expression{op: name}
	for {
		x.args = append(x.args, p.binary(0))
		if !p.take(",") {
			break
		}
	}
	if !p.take(")") || code == ir.Invalid || len(x.args) != len(code.Info().Operands) {
		return p.fail()
	}
	return x
}
