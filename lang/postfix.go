package lang

import "github.com/calx-lang/calx/ast"

// call reads the arguments of a call of f.
func (p *parser) call(f ast.Expr, start int) (ast.Expr, *ast.Diagnostic) {
	c := &ast.Call{Fun: f, Open: p.spanOf(p.token())}
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	want := "`,` or `)`"
	_, mistake = p.each(end, func() *ast.Diagnostic {
		first := p.at
		a, mistake := p.argument()
		if mistake != nil {
			return mistake
		}
		switch {
		case p.kind() == kFor:
			if len(c.Args) > 0 || a.Name.Name != "" {
				return p.withHint(p.expected("`,` or `)`"), "an argument with `for` is the only one of its call; put it in brackets [ ]")
			}
			generated, mistake := p.generator(a.Value, first)
			if mistake != nil {
				return mistake
			}
			a.Value = generated
			want = "`)`"
			if p.kind() == kComma {
				return p.withHint(p.expected(want), "an argument with `for` is the only one of its call; put it in brackets [ ]")
			}
		case a.Name.Name == "" && len(c.Args) > 0 && c.Args[len(c.Args)-1].Name.Name != "":
			return &ast.Diagnostic{
				Code: ast.CodeSyntax, Span: a.Value.Pos(),
				Message: "an argument without a name stands behind one with a name",
				Labels:  []ast.Label{{Span: c.Args[len(c.Args)-1].Name.Span, Text: "named here"}},
				Hint:    "write the named arguments last",
			}
		}
		c.Args = append(c.Args, a)
		return nil
	})
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	if mistake := p.close(end, outer, want); mistake != nil {
		return nil, mistake
	}
	c.Span = p.spanFrom(start)
	return c, nil
}

// argument reads "value" or "name=value".
func (p *parser) argument() (ast.Arg, *ast.Diagnostic) {
	var a ast.Arg
	if p.kind().isWord() && p.kindAt(p.at+1) == kAssign {
		a.Name = p.ident(p.token())
		p.at += 2
	}
	var mistake *ast.Diagnostic
	a.Value, mistake = p.expr()
	return a, mistake
}

// index reads the items of an index into x.
func (p *parser) index(x ast.Expr, start int) (ast.Expr, *ast.Diagnostic) {
	n := &ast.Index{X: x}
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	if p.at == end {
		mistake = p.expected("an index")
		p.shut(outer)
		return nil, mistake
	}
	_, mistake = p.each(end, func() *ast.Diagnostic {
		item, mistake := p.item()
		n.Items = append(n.Items, item)
		return mistake
	})
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	if mistake := p.close(end, outer, "`,` or `]`"); mistake != nil {
		return nil, mistake
	}
	n.Span = p.spanFrom(start)
	return n, nil
}

// item reads one place of an index: "...", newaxis, an expression, a slice.
func (p *parser) item() (ast.Item, *ast.Diagnostic) {
	start := p.at
	item := ast.Item{}
	switch p.kind() {
	case kEllipsis:
		item.Kind = ast.ItemEllipsis
		p.at++
	case kNewaxis:
		item.Kind = ast.ItemNewAxis
		p.at++
	default:
		if mistake := p.slice(&item); mistake != nil {
			return item, mistake
		}
	}
	item.Span = p.spanFrom(start)
	return item, nil
}

func (p *parser) slice(item *ast.Item) *ast.Diagnostic {
	var mistake *ast.Diagnostic
	bound := func() ast.Expr {
		switch p.kind() {
		case kColon, kComma, kCloseBracket:
			return nil
		}
		if mistake != nil {
			return nil
		}
		var x ast.Expr
		x, mistake = p.expr()
		return x
	}
	if p.kind() != kColon {
		x, mistake := p.expr()
		if mistake != nil {
			return mistake
		}
		if p.kind() != kColon {
			item.X = x
			return nil
		}
		item.Lo = x
	}
	item.Kind = ast.ItemSlice
	p.at++
	item.Hi = bound()
	if mistake == nil && p.kind() == kColon {
		p.at++
		item.Step = bound()
	}
	return mistake
}
