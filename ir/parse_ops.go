package ir

import (
	"math"
	"strconv"
)

var codeByName = func() map[string]Code {
	names := map[string]Code{}
	for c := Invalid + 1; c < numCodes; c++ {
		names[c.String()] = c
	}
	return names
}()

// block reads operations up to and with the closing brace.
func (p *parser) block(b *Block, end string) {
	if p.depth++; p.depth > maxNesting {
		p.fail("regions nested too deep")
	}
	for p.err == nil && !p.accept("}") {
		if p.at(end) && p.tokens[p.pos+1].text != ":" {
			p.next()
			b.Yield = p.arguments()
			p.expect("}")
			break
		}
		p.operation(b)
	}
	p.depth--
}

func (p *parser) operation(b *Block) {
	op := &Op{}
	if p.peek().kind == 'w' && p.tokens[p.pos+1].text == ":" {
		for p.err == nil {
			name := p.word()
			p.expect(":")
			p.define(op.AddResult(p.f, p.typ(), ""), name)
			if !p.accept(",") {
				break
			}
		}
		p.expect("=")
	}
	name := p.word()
	if op.Code = codeByName[name]; op.Code == Invalid {
		p.fail("no operation %s", name)
		return
	}
	region := func() *Block {
		inner := &Block{}
		op.Regions = append(op.Regions, inner)
		return inner
	}
	switch op.Code {
	case If:
		op.Args = []*Value{p.value()}
		p.expect("{")
		op.Pos = p.position()
		p.block(region(), "yield")
		p.expect("else")
		p.expect("{")
		p.block(region(), "yield")
	case For:
		inner := region()
		index := p.word()
		p.expect("in")
		op.Args = append(op.Args, p.value())
		p.expect("..")
		op.Args = append(op.Args, p.value())
		p.define(inner.AddParam(p.f, Scalar(I64), ""), index)
		p.carried(op, inner)
		p.expect("{")
		op.Pos = p.position()
		p.block(inner, "yield")
	case While:
		head := region()
		p.carried(op, head)
		p.expect("{")
		op.Pos = p.position()
		p.block(head, "yield")
		p.expect("do")
		body := region()
		p.expect("(")
		p.list(")", func() {
			name := p.word()
			p.expect(":")
			p.define(body.AddParam(p.f, p.typ(), ""), name)
		})
		p.expect("{")
		p.block(body, "yield")
	case Map:
		inner := region()
		var attr MapAttr
		for p.err == nil {
			index := p.word()
			p.expect("<")
			attr.Dims = append(attr.Dims, p.dim())
			p.define(inner.AddParam(p.f, Scalar(I64), ""), index)
			if !p.accept(",") {
				break
			}
		}
		op.Attr = attr
		p.expect("{")
		op.Pos = p.position()
		p.block(inner, "yield")
	default:
		op.Attr = p.attribute(op)
		op.Args = p.arguments()
		op.Pos = p.position()
	}
	b.Ops = append(b.Ops, op)
}

func (p *parser) carried(op *Op, inner *Block) {
	p.expect("carry")
	p.expect("(")
	p.list(")", func() {
		name := p.word()
		p.expect(":")
		t := p.typ()
		p.expect("=")
		op.Args = append(op.Args, p.value())
		p.define(inner.AddParam(p.f, t, ""), name)
	})
}

// attribute reads what stands between the name of an operation and its
// operands, of the kind that the table says.
func (p *parser) attribute(op *Op) Attr {
	switch op.Code.Info().Attr.(type) {
	case NoAttr:
		return nil
	case Literal:
		if len(op.Results) != 1 {
			p.fail("a constant with %d results", len(op.Results))
			return nil
		}
		if t := op.Results[0].Type; t.Rank() > 0 {
			return p.arrayLiteral(t)
		}
		return p.literal(op.Results[0].Type.DType)
	case CallAttr:
		callee := p.named(p.funcName())
		p.expect("[")
		return CallAttr{callee, p.dims("]")}
	case DeriveAttr:
		attr := DeriveAttr{Callee: p.named(p.funcName())}
		p.expect("[")
		attr.Sizes = p.dims("]")
		attr.Seeds = p.quoted()
		if op.Code == VJP {
			attr.Wrt = p.quoted()
		}
		if op.Code == Taylor {
			attr.Order = int(p.integer())
		}
		return attr
	case PatternAttr:
		attr := PatternAttr{Callee: p.named(p.funcName())}
		p.expect("[")
		attr.Sizes = p.dims("]")
		attr.Output = int(p.integer())
		p.expect("[")
		attr.Rows = p.dims("]")
		attr.Input = int(p.integer())
		p.expect("[")
		attr.Columns = p.dims("]")
		return attr
	}
	p.expect("[")
	attr := p.bracketed(op.Code)
	p.expect("]")
	return attr
}

// bracketed reads an attribute up to the closing bracket.
func (p *parser) bracketed(code Code) Attr {
	switch code.Info().Attr.(type) {
	case DimsAttr:
		return DimsAttr{p.moreDims(false)}
	case SizeAttr:
		kind := SizeKind(p.oneOf(sizeKinds[:]))
		p.expect(",")
		attr := SizeAttr{Kind: kind, A: p.dim()}
		if kind != SizeValue {
			p.expect(",")
			attr.B = p.dim()
		}
		return attr
	case ConvertAttr:
		return ConvertAttr{p.dtype()}
	case PermAttr:
		return PermAttr{p.axes(false)}
	case SliceAttr:
		var attr SliceAttr
		for more := p.at("("); more && p.err == nil; more = p.accept(",") {
			r := p.stepped()
			attr.Dims, attr.Steps = append(attr.Dims, r.Dim), append(attr.Steps, r.Step)
		}
		return attr
	case RetypeAttr:
		message := p.quoted()
		return RetypeAttr{p.moreDims(true), message}
	case IndexAttr:
		attr := IndexAttr{Spec: p.quoted()}
		for p.err == nil && p.accept(",") {
			switch {
			case p.at("("):
				attr.Range = append(attr.Range, p.stepped())
			case p.accept("wrap"):
				attr.Wrap = true
			case p.accept("batch"):
				attr.Batch = int(p.integer())
			default:
				attr.Mode = AccumulateMode(p.oneOf(accumulateModes[:]))
			}
		}
		return attr
	case AxisAttr:
		return AxisAttr{int(p.integer())}
	case ReduceAttr:
		kind := ReduceKind(p.oneOf(reduceKinds[:]))
		return ReduceAttr{kind, p.axes(true)}
	case ScanAttr:
		kind := ScanKind(p.oneOf(scanKinds[:]))
		return ScanAttr{kind, p.accept(",") && p.accept("reverse")}
	case ContractAttr:
		attr := ContractAttr{Spec: p.quoted()}
		if p.accept(",") {
			p.expect("batch")
			attr.Batch = int(p.integer())
		}
		return attr
	case SearchAttr:
		return SearchAttr{p.accept("right")}
	case LibAttr:
		attr := LibAttr{Name: p.word()}
		p.expect(",")
		attr.Options = p.quoted()
		attr.Sizes = p.moreDims(true)
		return attr
	case HostAttr:
		name := p.quoted()
		return HostAttr{name, p.accept(",") && p.accept("pure")}
	case CheckAttr:
		code := p.quoted()
		p.expect(",")
		return CheckAttr{code, p.quoted()}
	case FormatAttr:
		return FormatAttr{p.quoted()}
	case PrintAttr:
		var attr PrintAttr
		for more := !p.at("]"); more && p.err == nil; more = p.accept(",") {
			if p.accept("{") {
				attr.Pieces = append(attr.Pieces, Piece{Arg: int(p.integer())})
				p.expect("}")
			} else {
				attr.Pieces = append(attr.Pieces, Piece{p.quoted(), -1})
			}
		}
		return attr
	}
	p.fail("%v has an attribute that has no text", code)
	return nil
}

// moreDims reads the dims before the closing bracket, each after a comma, the
// first too if after is true.
func (p *parser) moreDims(after bool) []Dim {
	dims := []Dim{}
	for more := after && p.accept(",") || !after && !p.at("]"); more && p.err == nil; more = p.accept(",") {
		dims = append(dims, p.dim())
	}
	return dims
}

func (p *parser) axes(after bool) []int {
	axes := []int{}
	for more := after && p.accept(",") || !after && !p.at("]"); more && p.err == nil; more = p.accept(",") {
		axes = append(axes, int(p.integer()))
	}
	return axes
}

func (p *parser) stepped() RangeAttr {
	p.expect("(")
	d := p.dim()
	p.expect(",")
	step := p.integer()
	p.expect(")")
	return RangeAttr{d, step}
}

func (p *parser) oneOf(names []string) int {
	word := p.word()
	for i, name := range names {
		if name == word {
			return i
		}
	}
	p.fail("%q is none of %v", word, names)
	return 0
}

func (p *parser) literal(t DType) Literal {
	switch t {
	case Bool:
		if p.accept("true") {
			return Literal{I: 1}
		}
		p.expect("false")
		return Literal{}
	case I64:
		return Literal{I: p.integer()}
	case F32, F64:
		return Literal{F: p.float()}
	case C128:
		p.expect("(")
		re := p.float()
		p.expect(",")
		im := p.float()
		p.expect(")")
		return Literal{C: complex(re, im)}
	default:
		return Literal{S: p.quoted()}
	}
}

func (p *parser) float() float64 {
	negative := p.accept("-")
	x := 0.0
	switch t := p.next(); t.text {
	case "nan":
		x = math.NaN()
	case "inf":
		x = math.Inf(1)
	default:
		var err error
		if x, err = strconv.ParseFloat(t.text, 64); err != nil {
			p.fail("no number: %s", t.text)
		}
	}
	if negative {
		return -x
	}
	return x
}
