package ir

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/calx-lang/calx/ast"
)

// Parse reads the text form. Positions "@line:column" are taken to be in
// source, and left out if it is nil. The module that it gives is well formed as
// far as the text can tell; Verify says the rest.
func Parse(text string, source *ast.Source) (*Module, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, source: source, module: &Module{}, funcs: map[string]*Func{}}
	for p.err == nil && p.peek().kind != 0 {
		p.function()
	}
	for name, f := range p.funcs {
		if f.Body == nil {
			p.fail("no function %s", name)
		}
	}
	if p.err != nil {
		return nil, p.err
	}
	return p.module, nil
}

// A parser goes on after an error without reading, so that only loops need to
// look at err.
type parser struct {
	tokens []token
	pos    int // of the next token
	err    error
	source *ast.Source
	module *Module
	funcs  map[string]*Func
	f      *Func
	values map[string]*Value
	depth  int
}

// maxNesting bounds the regions in each other that Parse reads.
const maxNesting = 1000

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("line %d: %s", p.peek().line, fmt.Sprintf(format, args...))
	}
}

func (p *parser) peek() token {
	if p.err != nil {
		return p.tokens[len(p.tokens)-1]
	}
	return p.tokens[p.pos]
}

func (p *parser) next() token {
	t := p.peek()
	if p.err == nil && t.kind != 0 {
		p.pos++
	}
	return t
}

// at reports whether the word or punctuation s is next.
func (p *parser) at(s string) bool {
	t := p.peek()
	return (t.kind == 'p' || t.kind == 'w') && t.text == s
}

// accept reads s if it is next.
func (p *parser) accept(s string) bool {
	found := p.at(s)
	if found {
		p.next()
	}
	return found
}

func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.fail("%q instead of %q", p.peek().text, s)
	}
}

func (p *parser) word() string {
	if p.peek().kind != 'w' {
		p.fail("%q instead of a name", p.peek().text)
	}
	return p.next().text
}

func (p *parser) quoted() string {
	if p.peek().kind != '"' {
		p.fail("%q instead of a text", p.peek().text)
	}
	return p.next().text
}

func (p *parser) integer() int64 {
	sign := ""
	if p.accept("-") {
		sign = "-"
	}
	n, err := strconv.ParseInt(sign+p.next().text, 10, 64)
	if err != nil {
		p.fail("no integer: %v", err)
	}
	return n
}

// list reads items separated by commas up to the closing punctuation.
func (p *parser) list(closing string, item func()) {
	for p.err == nil && !p.accept(closing) {
		item()
		if !p.accept(",") {
			p.expect(closing)
			return
		}
	}
}

var (
	repeatedName  = regexp.MustCompile(`^(.*[^.])\.[0-9]+$`)
	numberedValue = regexp.MustCompile(`^%[0-9]+$`)
)

// define notes v under the name that the text gives it.
func (p *parser) define(v *Value, name string) {
	if p.values[name] != nil {
		p.fail("%s is defined twice", name)
	}
	p.values[name] = v
	if m := repeatedName.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	if !numberedValue.MatchString(name) {
		v.Name = name
	}
}

func (p *parser) value() *Value {
	name := p.word()
	v := p.values[name]
	if v == nil {
		p.fail("no value %s", name)
	}
	return v
}

func (p *parser) arguments() []*Value {
	var args []*Value
	for p.err == nil {
		if t := p.peek(); len(args) == 0 && (t.kind != 'w' || p.tokens[p.pos+1].text == ":" || t.line != p.tokens[p.pos-1].line) {
			return nil
		}
		args = append(args, p.value())
		if !p.accept(",") {
			break
		}
	}
	return args
}

func (p *parser) named(name string) *Func {
	if p.funcs[name] == nil {
		p.funcs[name] = &Func{Name: name}
	}
	return p.funcs[name]
}

func (p *parser) funcName() string {
	if p.peek().kind == '"' {
		return p.next().text
	}
	return p.word()
}

func (p *parser) function() {
	isMain := p.accept("main")
	recursive := p.accept("recursive")
	p.expect("func")
	f := p.named(p.funcName())
	if f.Body != nil {
		p.fail("two functions %s", f.Name)
		return
	}
	f.Body, f.Recursive = &Block{}, recursive
	p.f, p.values = f, map[string]*Value{}
	p.module.Funcs = append(p.module.Funcs, f)
	if isMain {
		p.module.Main = f
	}
	p.expect("[")
	p.list("]", func() { name := p.word(); p.define(f.AddSize(""), name) })
	p.expect("(")
	p.list(")", func() {
		name := p.word()
		p.expect(":")
		p.define(f.AddParam(p.typ(), ""), name)
	})
	p.expect("->")
	if p.accept("some") {
		f.SizeResults = int(p.integer())
	}
	p.expect("(")
	f.Results = []Type{}
	p.list(")", func() { f.Results = append(f.Results, p.typ()) })
	if f.SizeResults < 0 || f.SizeResults > len(f.Results) {
		p.fail("%d of %d results are sizes", f.SizeResults, len(f.Results))
	}
	if p.accept("derivative") {
		f.Rule = &DerivativeRule{Tangent: p.named(p.funcName())}
		if p.accept("with") {
			p.expect("results")
			f.Rule.TakesResults = true
		}
		if p.accept("pullback") {
			f.Rule.Pullback = p.named(p.funcName())
		}
	}
	p.expect("{")
	f.Pos = p.position()
	p.block(f.Body, "return")
}

func (p *parser) position() ast.Span {
	if !p.accept("@") {
		return ast.Span{}
	}
	line := p.integer()
	p.expect(":")
	column := p.integer()
	if p.source == nil || line < 1 || line > int64(p.source.Lines()) {
		return ast.Span{}
	}
	start := 0
	for n := 1; n < int(line); n++ {
		start += len(p.source.Line(n)) + 1
	}
	for ; column > 1 && start < len(p.source.Text); column-- {
		_, width := utf8.DecodeRuneInString(p.source.Text[start:])
		start += width
	}
	return ast.Span{Source: p.source, Start: int32(start), End: int32(start)}
}

var dtypeByName = map[string]DType{"bool": Bool, "i64": I64, "f32": F32, "f64": F64, "c128": C128, "str": Text}

func (p *parser) dtype() DType {
	name := p.word()
	t := dtypeByName[name]
	if t == 0 {
		p.fail("no type %s", name)
	}
	return t
}

func (p *parser) typ() Type {
	t := Type{DType: p.dtype()}
	if p.accept("[") {
		t.Dims = p.dims("]")
	}
	return t
}

func (p *parser) dims(closing string) []Dim {
	dims := []Dim{}
	p.list(closing, func() { dims = append(dims, p.dim()) })
	return dims
}

var errTooLarge = errors.New("a size has too many terms")

// dim reads what Dim.Format writes: a sum of products of numbers and atoms.
func (p *parser) dim() Dim {
	sum := Dim{}
	for first := true; p.err == nil; first = false {
		sign := int64(1)
		switch {
		case p.accept("-"):
			sign = -1
		case p.accept("+"):
		case !first:
			return sum
		}
		product, ok := Size(sign), true
		for p.err == nil && ok {
			factor := Dim{}
			if t := p.peek(); t.kind == '0' {
				// The sign belongs to the number: -1<<63 has no positive.
				n, err := strconv.ParseUint(p.next().text, 10, 64)
				if err != nil || n > 1<<63 || n == 1<<63 && sign > 0 {
					p.fail("no size: %s", t.text)
				}
				factor = Size(int64(n))
				if n == 1<<63 {
					product = Size(1)
				}
			} else {
				factor = p.atom()
			}
			product, ok = product.Mul(factor)
			if !p.accept("*") {
				break
			}
		}
		if ok {
			sum, ok = sum.Add(product)
		}
		if !ok {
			p.fail("%v", errTooLarge)
		}
	}
	return sum
}

var resultSize = regexp.MustCompile(`^_[0-9]{1,6}$`)

func (p *parser) atom() Dim {
	if t := p.peek(); t.kind == 'w' && resultSize.MatchString(t.text) {
		p.next()
		j, _ := strconv.Atoi(t.text[1:])
		if p.f.Body != nil && j >= 1<<20 {
			p.fail("no result %d", j)
		}
		return Sized(ResultAtom(j))
	}
	if v := p.value(); v != nil {
		return v.Dim()
	}
	return Dim{}
}
