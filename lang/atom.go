package lang

import "github.com/calx-lang/calx/ast"

// postfix reads an atom with its calls, indices, fields and derivatives.
func (p *parser) postfix() (ast.Expr, *ast.Diagnostic) {
	start := p.at
	x, mistake := p.atom()
	for mistake == nil {
		t := p.token()
		switch {
		case t.kind == kPrime:
			if mistake = p.checkPrime(x, t); mistake != nil {
				break
			}
			p.at++
			x = &ast.Prime{Span: p.spanFrom(start), X: x}
		case t.kind == kDot:
			p.at++
			if !p.kind().isWord() {
				return nil, p.expected("the name of a field")
			}
			name := p.ident(p.token())
			p.at++
			x = &ast.Field{Span: p.spanFrom(start), X: x, Name: name}
		case t.kind == kOpenParen && !t.has(newlineBefore):
			x, mistake = p.call(x, start)
		case t.kind == kOpenBracket && !t.has(newlineBefore):
			x, mistake = p.index(x, start)
		default:
			return x, nil
		}
		if mistake == nil {
			mistake = p.grow()
		}
	}
	return nil, mistake
}

// checkPrime refuses the derivative of what can't be a function: there the sign
// is meant to transpose.
func (p *parser) checkPrime(x ast.Expr, t token) *ast.Diagnostic {
	if isFunctionLike(x) {
		return nil
	}
	return &ast.Diagnostic{
		Code: ast.CodeSyntax, Span: p.spanOf(t),
		Message: "`'` is the derivative of a function, and this is none", Hint: "to transpose, write x.T",
	}
}

// isFunctionLike tells what may be a function from what can't.
func isFunctionLike(x ast.Expr) bool {
	switch x.(type) {
	case *ast.List, *ast.Comprehension, *ast.Number, *ast.String, *ast.Bool, *ast.Record, *ast.Tuple:
		return false
	}
	return true
}

func (p *parser) atom() (ast.Expr, *ast.Diagnostic) {
	start := p.at
	t := p.token()
	switch t.kind {
	case kNumber:
		p.at++
		return &ast.Number{Span: p.spanOf(t), Text: p.src.Text[t.start:t.end]}, nil
	case kString:
		p.at++
		return &ast.String{Span: p.spanOf(t), Value: textOf(p.src.Text[t.start:t.end])}, nil
	case kTrue, kFalse:
		p.at++
		return &ast.Bool{Span: p.spanOf(t), Value: t.kind == kTrue}, nil
	case kName:
		p.at++
		return p.name(t), nil
	case kNabla:
		return p.nabla()
	case kOpenParen:
		return p.parens()
	case kOpenBracket:
		return p.list()
	case kOpenBrace:
		if !p.inHead && beginsRecord(p.tokens, start) {
			return p.record()
		}
		if !p.inHead {
			return nil, p.withHint(p.expected("an operand"), "put the block in parentheses")
		}
	case kIf:
		return nil, p.withHint(p.expected("an operand"), "put the `if` in parentheses")
	}
	return nil, p.expected("an expression")
}

func (p *parser) name(t token) *ast.Name {
	return &ast.Name{Span: p.spanOf(t), Name: nameOf(p.src, t)}
}

// nabla reads "∇f" and "∇(f)".
func (p *parser) nabla() (ast.Expr, *ast.Diagnostic) {
	start := p.at
	p.at++
	n := &ast.Nabla{}
	var mistake *ast.Diagnostic
	switch p.kind() {
	case kName:
		n.X = p.name(p.token())
		p.at++
	case kOpenParen:
		n.X, mistake = p.parens()
		if _, isTuple := n.X.(*ast.Tuple); isTuple && mistake == nil {
			p.at = start + 1
			mistake = p.expected("one function in the parentheses")
		}
	default:
		mistake = p.expected("the name of a function, or one in parentheses,")
	}
	if mistake != nil {
		return nil, mistake
	}
	n.Span = p.spanFrom(start)
	return n, p.grow()
}

// An inside is what a bracket changes about reading while it is open.
type inside struct {
	inHead bool
	within int32
}

// open reads an opening bracket and gives the index of its partner.
func (p *parser) open() (end int, outer inside, mistake *ast.Diagnostic) {
	if mistake := p.enter(); mistake != nil {
		return 0, outer, mistake
	}
	outer = inside{p.inHead, p.within}
	t := p.token()
	p.inHead = false
	p.within = -1
	if t.has(reported) {
		p.within = int32(p.at)
	}
	p.at++
	return int(t.partner), outer, nil
}

// close reads the closing bracket. What was expected instead is said by want.
func (p *parser) close(end int, outer inside, want string) *ast.Diagnostic {
	var mistake *ast.Diagnostic
	if p.at != end {
		mistake = p.expected(want)
	}
	p.shut(outer)
	p.at++
	return mistake
}

func (p *parser) shut(outer inside) {
	p.leave()
	p.inHead, p.within = outer.inHead, outer.within
}

// each reads what one reads, separated by commas, up to the token at end. It
// tells whether there was a comma behind the last.
func (p *parser) each(end int, one func() *ast.Diagnostic) (trailing bool, mistake *ast.Diagnostic) {
	for p.at < end {
		if mistake := one(); mistake != nil {
			return false, mistake
		}
		trailing = false
		if p.kind() != kComma {
			break
		}
		p.at++
		trailing = true
	}
	return trailing, nil
}

// parens reads "(x)" and tuples.
func (p *parser) parens() (ast.Expr, *ast.Diagnostic) {
	start := p.at
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	var elems []ast.Expr
	trailing, mistake := p.each(end, func() *ast.Diagnostic {
		x, mistake := p.expr()
		elems = append(elems, x)
		return mistake
	})
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	if mistake := p.close(end, outer, "`,` or `)`"); mistake != nil {
		return nil, mistake
	}
	if len(elems) == 1 && !trailing {
		return &ast.Paren{Span: p.spanFrom(start), X: elems[0]}, p.grow()
	}
	return &ast.Tuple{Span: p.spanFrom(start), Elems: elems}, p.grow()
}

// list reads "[a, b]" and "[e for i, j]".
func (p *parser) list() (ast.Expr, *ast.Diagnostic) {
	start := p.at
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	var elems []ast.Expr
	var generated *ast.Comprehension
	_, mistake = p.each(end, func() *ast.Diagnostic {
		x, mistake := p.expr()
		if mistake == nil && p.kind() == kFor && len(elems) == 0 {
			generated, mistake = p.generator(x, start)
			if mistake == nil && p.kind() == kComma {
				mistake = p.withHint(p.expected("`]`"), "an expression with `for` stands in brackets of its own")
			}
		}
		elems = append(elems, x)
		return mistake
	})
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	want := "`,` or `]`"
	if generated != nil {
		want = "`]`"
	}
	if mistake := p.close(end, outer, want); mistake != nil {
		return nil, mistake
	}
	if generated == nil {
		return &ast.List{Span: p.spanFrom(start), Elems: elems}, p.grow()
	}
	generated.Brackets = true
	generated.Span = p.spanFrom(start)
	return generated, p.grow()
}

// generator reads "for i, j if cond" behind body.
func (p *parser) generator(body ast.Expr, start int) (*ast.Comprehension, *ast.Diagnostic) {
	c := &ast.Comprehension{Body: body}
	for p.kind() == kFor {
		p.at++
		clause, mistake := p.binders()
		if mistake != nil {
			return nil, mistake
		}
		c.Clauses = append(c.Clauses, clause)
	}
	if p.kind() == kIf {
		p.at++
		var mistake *ast.Diagnostic
		if c.Cond, mistake = p.climb(bindOr); mistake != nil {
			return nil, mistake
		}
	}
	c.Span = p.spanFrom(start)
	return c, nil
}

// binders reads "i, j" or "i in a, j in b"; the first decides.
func (p *parser) binders() (ast.Clause, *ast.Diagnostic) {
	var clause ast.Clause
	ranged := p.kindAt(p.at+1) == kIn
	for {
		if p.kind() != kName {
			return clause, p.expected("a name")
		}
		b := ast.Binder{Name: p.ident(p.token())}
		p.at++
		switch {
		case ranged && p.kind() != kIn:
			return clause, p.withHint(p.expected("`in`"), "within one `for` either all names have an `in` or none; begin another `for`")
		case !ranged && p.kind() == kIn:
			return clause, p.withHint(p.expected("`,` or the end of the binders"), "within one `for` either all names have an `in` or none; begin another `for`")
		}
		if ranged {
			p.at++
			var mistake *ast.Diagnostic
			if b.In, mistake = p.climb(bindOr); mistake != nil {
				return clause, mistake
			}
		}
		clause.Binders = append(clause.Binders, b)
		if p.kind() != kComma || p.kindAt(p.at+1) != kName {
			return clause, nil
		}
		p.at++
	}
}

// record reads "{a: x, ...r}".
func (p *parser) record() (ast.Expr, *ast.Diagnostic) {
	start := p.at
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	r := &ast.Record{}
	p.skipLines()
	_, mistake = p.each(end, func() *ast.Diagnostic {
		p.skipLines()
		var f ast.RecordField
		switch {
		case p.kind() == kEllipsis:
			p.at++
		case p.kind().isWord() && p.kindAt(p.at+1) == kColon:
			f.Name = p.ident(p.token())
			p.at += 2
		case p.at == end:
			return nil
		default:
			return p.expected("a field, such as `name: value`")
		}
		var mistake *ast.Diagnostic
		if f.Value, mistake = p.expr(); mistake != nil {
			return mistake
		}
		r.Fields = append(r.Fields, f)
		p.skipLines()
		return nil
	})
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	if mistake := p.close(end, outer, "`,` or `}`"); mistake != nil {
		return nil, p.withHint(mistake, "is a comma missing?")
	}
	r.Span = p.spanFrom(start)
	return r, p.grow()
}

func (p *parser) skipLines() {
	for p.kind() == kNewline {
		p.at++
	}
}
