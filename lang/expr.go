package lang

import "github.com/calx-lang/calx/ast"

// How tightly operators bind. Tighter than all are the postfixes.
const (
	bindNone = iota // lambdas, ifs and blocks, which are no operands
	bindOr
	bindAnd
	bindNot
	bindCompare
	bindRange
	bindSum
	bindProduct
	bindUnary
	bindPower
	bindPostfix
)

func binding(k kind) int {
	switch k {
	case kOr:
		return bindOr
	case kAnd:
		return bindAnd
	case kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual:
		return bindCompare
	case kRange:
		return bindRange
	case kPlus, kMinus:
		return bindSum
	case kStar, kSlash, kFloorDiv, kPercent, kAt:
		return bindProduct
	}
	return 0
}

// expr reads an expression: a lambda, an if, a block, or operators.
func (p *parser) expr() (ast.Expr, *ast.Diagnostic) {
	outer := p.height
	p.height = 0
	defer func() { p.height = max(p.height, outer) }()
	switch p.kind() {
	case kIf:
		if p.inHead {
			return nil, p.withHint(p.expected("an expression"), "put the inner `if` in parentheses")
		}
		return p.ifExpr()
	case kOpenBrace:
		if !p.inHead && !beginsRecord(p.tokens, p.at) {
			return blockOf(p.block())
		}
	case kName:
		if p.kindAt(p.at+1) == kArrow {
			return p.lambda()
		}
	case kOpenParen:
		if p.kindAt(int(p.token().partner)+1) == kArrow {
			return p.lambda()
		}
	}
	return p.climb(bindOr)
}

// climb reads operators that bind at least as tightly as least.
func (p *parser) climb(least int) (ast.Expr, *ast.Diagnostic) {
	outer := p.height
	p.height = 0
	defer func() { p.height = max(p.height, outer) }()
	start := p.at
	x, mistake := p.operand(least)
	for mistake == nil {
		bind := binding(p.kind())
		if bind < least || bind == 0 {
			return x, nil
		}
		switch bind {
		case bindCompare:
			x, mistake = p.compare(x, start)
		case bindRange:
			x, mistake = p.rangeExpr(x, start)
		default:
			operator := p.token()
			p.at++
			var y ast.Expr
			if y, mistake = p.climb(bind + 1); mistake == nil {
				x = &ast.Binary{Span: p.spanFrom(start), Op: spelling[operator.kind], OpPos: p.spanOf(operator), X: x, Y: y}
			}
		}
		if mistake == nil {
			mistake = p.grow()
		}
	}
	return nil, mistake
}

// compare reads the rest of a chain of comparisons that begins with x.
func (p *parser) compare(x ast.Expr, start int) (ast.Expr, *ast.Diagnostic) {
	c := &ast.Compare{Operands: []ast.Expr{x}}
	for binding(p.kind()) == bindCompare {
		c.Ops = append(c.Ops, spelling[p.kind()])
		c.OpPos = append(c.OpPos, p.spanOf(p.token()))
		p.at++
		y, mistake := p.climb(bindCompare + 1)
		if mistake != nil {
			return nil, mistake
		}
		c.Operands = append(c.Operands, y)
	}
	c.Span = p.spanFrom(start)
	return c, nil
}

// rangeExpr reads the rest of a range that begins with lo.
func (p *parser) rangeExpr(lo ast.Expr, start int) (ast.Expr, *ast.Diagnostic) {
	r := &ast.Range{Lo: lo}
	p.at++
	var mistake *ast.Diagnostic
	if r.Hi, mistake = p.climb(bindSum); mistake != nil {
		return nil, mistake
	}
	if p.kind() == kRange {
		p.at++
		if r.Step, mistake = p.climb(bindSum); mistake != nil {
			return nil, mistake
		}
	}
	if p.kind() == kRange {
		return nil, p.expected("the end of the range, which has a first, a last and a step,")
	}
	r.Span = p.spanFrom(start)
	return r, nil
}

// operand reads what stands left of an operator.
func (p *parser) operand(least int) (ast.Expr, *ast.Diagnostic) {
	if p.kind() != kNot {
		return p.unary()
	}
	if least > bindNot {
		return nil, p.withHint(p.expected("an operand"), "put `not` and what it negates in parentheses")
	}
	if mistake := p.enter(); mistake != nil {
		return nil, mistake
	}
	defer p.leave()
	start := p.at
	p.at++
	x, mistake := p.climb(bindNot)
	if mistake != nil {
		return nil, mistake
	}
	return &ast.Unary{
		Span: p.spanFrom(start), Op: "not", OpPos: p.spanOf(p.tokens[start]), X: x,
	}, p.grow()
}

// unary reads signs and powers: "-x^2" is -(x^2), "2^-x" is 2^(-x).
func (p *parser) unary() (ast.Expr, *ast.Diagnostic) {
	depth := p.depth
	defer func() { p.depth = depth }()
	start := p.at
	for p.kind() == kMinus || p.kind() == kPlus {
		if mistake := p.enter(); mistake != nil {
			return nil, mistake
		}
		p.at++
	}
	signs := p.at
	x, mistake := p.postfix()
	if mistake != nil {
		return nil, mistake
	}
	if p.kind() == kPower {
		if mistake := p.enter(); mistake != nil {
			return nil, mistake
		}
		operator := p.token()
		p.at++
		y, mistake := p.unary()
		if mistake != nil {
			return nil, mistake
		}
		x = &ast.Binary{Span: p.spanFrom(signs), Op: "^", OpPos: p.spanOf(operator), X: x, Y: y}
		if mistake := p.grow(); mistake != nil {
			return nil, mistake
		}
	}
	for i := signs - 1; i >= start; i-- {
		x = &ast.Unary{Span: p.spanFrom(i), Op: spelling[p.tokens[i].kind], OpPos: p.spanOf(p.tokens[i]), X: x}
		if mistake := p.grow(); mistake != nil {
			return nil, mistake
		}
	}
	return x, nil
}

// lambda reads "x -> e" and "(params) -> e".
func (p *parser) lambda() (ast.Expr, *ast.Diagnostic) {
	if mistake := p.enter(); mistake != nil {
		return nil, mistake
	}
	defer p.leave()
	start := p.at
	l := &ast.Lambda{Parens: p.kind() == kOpenParen}
	var mistake *ast.Diagnostic
	if l.Parens {
		if l.Params, mistake = p.params(); mistake != nil {
			return nil, mistake
		}
	} else {
		l.Params = []*ast.Param{{Name: p.ident(p.token())}}
		p.at++
	}
	if mistake := p.take(kArrow); mistake != nil {
		return nil, mistake
	}
	if l.Body, mistake = p.expr(); mistake != nil {
		return nil, mistake
	}
	l.Span = p.spanFrom(start)
	return l, p.grow()
}

// ifExpr reads an if with all its "else if"s.
func (p *parser) ifExpr() (ast.Expr, *ast.Diagnostic) {
	if mistake := p.enter(); mistake != nil {
		return nil, mistake
	}
	defer p.leave()
	start := p.at
	n := &ast.If{}
	p.at++
	var mistake *ast.Diagnostic
	if n.Cond, mistake = p.head(); mistake != nil {
		return nil, mistake
	}
	if n.Then, mistake = p.block(); mistake != nil {
		return nil, mistake
	}
	if p.kind() == kElse {
		p.at++
		switch p.kind() {
		case kIf:
			n.Else, mistake = p.ifExpr()
		case kOpenBrace:
			n.Else, mistake = blockOf(p.block())
		default:
			mistake = p.expected("`if` or `{`")
		}
		if mistake != nil {
			return nil, mistake
		}
	}
	n.Span = p.spanFrom(start)
	return n, p.grow()
}

// blockOf keeps a nil *ast.Block from becoming an expression that isn't nil.
func blockOf(b *ast.Block, mistake *ast.Diagnostic) (ast.Expr, *ast.Diagnostic) {
	if mistake != nil {
		return nil, mistake
	}
	return b, nil
}

// head reads what stands between "if", "while" or "in" and the body. There a
// "{" outside of brackets begins the body.
func (p *parser) head() (ast.Expr, *ast.Diagnostic) {
	inHead := p.inHead
	p.inHead = true
	defer func() { p.inHead = inHead }()
	x, mistake := p.expr()
	if mistake == nil && p.kind() != kOpenBrace {
		mistake = p.expected("a body in `{ }`")
	}
	if mistake != nil {
		return nil, mistake
	}
	return x, nil
}

// beginsRecord tells a record from a block by what follows its "{".
func beginsRecord(tokens []token, brace int) bool {
	i := brace + 1
	for tokens[i].kind == kNewline {
		i++
	}
	k := tokens[i].kind
	return k == kEllipsis || k.isWord() && tokens[i+1].kind == kColon
}

// block reads "{ statements }". Mistakes inside of it are reported here, and do
// not keep the rest from being read.
func (p *parser) block() (*ast.Block, *ast.Diagnostic) {
	if p.kind() != kOpenBrace {
		return nil, p.expected("`{`")
	}
	if mistake := p.enter(); mistake != nil {
		return nil, mistake
	}
	defer p.leave()
	inHead, inBlock, within := p.inHead, p.inBlock, p.within
	defer func() { p.inHead, p.inBlock, p.within = inHead, inBlock, within }()
	p.inHead, p.inBlock, p.within = false, true, -1
	outer := p.height
	p.height = 0
	defer func() { p.height = max(p.height, outer) }()
	start := p.at
	end := int(p.token().partner)
	p.at++
	b := &ast.Block{Stmts: p.statements(end)}
	p.at = end + 1
	b.Span = p.spanFrom(start)
	return b, p.grow()
}
