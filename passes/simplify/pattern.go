package simplify

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// A pattern is a side of a rule: an operation on patterns, a letter, or a
// constant.
type pattern struct {
	code   ir.Code
	args   []*pattern
	letter byte
	number float64
	truth  bool // the number is a bool
}

// A compiled rule.
type compiled struct {
	types       []ir.DType
	left, right *pattern
	text        string
}

// byCode has the rules by the operation on their left side.
var byCode = func() map[ir.Code][]compiled {
	table := map[ir.Code][]compiled{}
	for _, r := range rules {
		c := compile(r)
		table[c.left.code] = append(table[c.left.code], c)
	}
	return table
}()

var typeWords = map[string][]ir.DType{
	"int": {ir.I64}, "f64": {ir.F64}, "float": {ir.F32, ir.F64}, "complex": {ir.C128}, "bool": {ir.Bool},
	"any": {ir.Bool, ir.I64, ir.F32, ir.F64, ir.C128},
}

func compile(r rule) compiled {
	left, right, _ := strings.Cut(r.text, " = ")
	c := compiled{text: r.text, left: parseSide(left), right: parseSide(right)}
	for _, word := range strings.Fields(r.types) {
		c.types = append(c.types, typeWords[word]...)
	}
	return c
}

func parseSide(text string) *pattern {
	p := &reader{strings.NewReplacer("(", " ( ", ")", " ) ", ",", " , ").Replace(text), nil}
	p.words = strings.Fields(p.text)
	result := p.sum()
	if len(p.words) > 0 {
		panic("simplify: " + text)
	}
	return result
}

type reader struct {
	text  string
	words []string
}

func (r *reader) next() string {
	word := r.words[0]
	r.words = r.words[1:]
	return word
}

func (r *reader) peek() string {
	if len(r.words) == 0 {
		return ""
	}
	return r.words[0]
}

var infix = map[string]ir.Code{"+": ir.Add, "-": ir.Sub, "*": ir.Mul, "/": ir.Div}

// sum reads an operand, or two with an operator between.
func (r *reader) sum() *pattern {
	left := r.operand()
	code, ok := infix[r.peek()]
	if !ok {
		return left
	}
	r.next()
	return &pattern{code: code, args: []*pattern{left, r.operand()}}
}

func (r *reader) operand() *pattern {
	word := r.next()
	if word == "(" {
		inner := r.sum()
		r.next()
		return inner
	}
	if r.peek() == "(" {
		p := &pattern{code: ir.CodeOf(word)}
		for r.next() != ")" {
			p.args = append(p.args, r.sum())
		}
		// The loop has read "(" or "," before each operand, and then ")".
		return p
	}
	switch {
	case word == "true" || word == "false":
		return &pattern{truth: true, number: map[string]float64{"true": 1}[word]}
	case len(word) == 1 && word[0] >= 'a':
		return &pattern{letter: word[0]}
	}
	x, err := strconv.ParseFloat(word, 64)
	if err != nil {
		panic(fmt.Sprintf("simplify: %q: %v", r.text, err))
	}
	return &pattern{number: x}
}

// literal is the number of p as a constant of t.
func (p *pattern) literal(t ir.DType) ir.Literal {
	switch t {
	case ir.Bool, ir.I64:
		return ir.Literal{I: int64(p.number)}
	case ir.C128:
		return ir.Literal{C: complex(p.number, math.Copysign(0, p.number))}
	default:
		return ir.Literal{F: p.number}
	}
}

// constant is the literal that v is, or is an array of.
func constant(v *ir.Value) (ir.Literal, bool) {
	for v.Def != nil && v.Def.Code == ir.Broadcast {
		v = v.Def.Args[0]
	}
	if v.Def == nil {
		return ir.Literal{}, false
	}
	lit, ok := v.Def.Attr.(ir.Literal)
	return lit, ok
}

// sameBits reports whether two literals of t are one value.
func sameBits(t ir.DType, a, b ir.Literal) bool {
	same := func(x, y float64) bool {
		return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
	}
	return a.I == b.I && a.S == b.S && same(a.F, b.F) && same(real(a.C), real(b.C)) && same(imag(a.C), imag(b.C))
}

// match compares v with p and notes what the letters stand for.
func (p *pattern) match(v *ir.Value, letters map[byte]*ir.Value) bool {
	switch {
	case p.letter != 0:
		if bound, ok := letters[p.letter]; ok {
			return bound == v
		}
		letters[p.letter] = v
		return true
	case p.args == nil:
		if p.truth != (v.Type.DType == ir.Bool) {
			return false
		}
		lit, ok := constant(v)
		return ok && sameBits(v.Type.DType, lit, p.literal(v.Type.DType))
	case v.Def == nil || v.Def.Code != p.code:
		return false
	}
	return p.matchArgs(v.Def.Args, letters)
}

func (p *pattern) matchArgs(args []*ir.Value, letters map[byte]*ir.Value) bool {
	all := func(args []*ir.Value) bool {
		for i, arg := range args {
			if !p.args[i].match(arg, letters) {
				return false
			}
		}
		return true
	}
	if all(args) {
		return true
	}
	clear(letters)
	return p.code.Info().Laws&ir.Commutes != 0 && all([]*ir.Value{args[1], args[0]})
}

// build appends what p stands for. Constants have the type t.
func (p *pattern) build(b *ir.Builder, t ir.Type, letters map[byte]*ir.Value) *ir.Value {
	if p.letter != 0 {
		return letters[p.letter]
	}
	if p.args == nil {
		c := b.Const(t.DType, p.literal(t.DType))
		return b.Broadcast(c, t.Dims...)
	}
	args := make([]*ir.Value, len(p.args))
	for i, arg := range p.args {
		args[i] = arg.build(b, t, letters)
	}
	return b.Op(p.code, nil, args...)
}
