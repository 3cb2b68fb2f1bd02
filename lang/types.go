package lang

import (
	"strings"

	"github.com/calx-lang/calx/ast"
)

func isDType(name string) bool {
	switch name {
	case "f64", "f32", "i64", "bool", "c128", "num":
		return true
	}
	return false
}

// typeExpr reads a type.
func (p *parser) typeExpr() (ast.TypeExpr, *ast.Diagnostic) {
	inHead := p.inHead
	defer func() { p.inHead = inHead }()
	p.inHead = false
	switch p.kind() {
	case kName:
		return p.namedType()
	case kOpenParen:
		return p.parenType()
	case kOpenBrace:
		return p.recordType()
	}
	return nil, p.expected("a type")
}

// namedType reads "str", "f64" and "f64[n, 3]".
func (p *parser) namedType() (ast.TypeExpr, *ast.Diagnostic) {
	start := p.at
	name := nameOf(p.src, p.token())
	if name == "str" {
		p.at++
		return &ast.StrType{Span: p.spanFrom(start)}, nil
	}
	if !isDType(name) {
		return nil, p.withHint(p.expected("a type"), typeHint(name))
	}
	t := &ast.ArrayType{DType: name}
	p.at++
	if p.kind() == kOpenBracket && !p.token().has(newlineBefore) {
		if mistake := p.dims(t); mistake != nil {
			return nil, mistake
		}
	}
	t.Span = p.spanFrom(start)
	return t, nil
}

func (p *parser) dims(t *ast.ArrayType) *ast.Diagnostic {
	end, outer, mistake := p.open()
	if mistake != nil {
		return mistake
	}
	first := p.at
	if first == end {
		mistake = p.withHint(p.expected("a dimension or `...`"), "a single number is of type "+t.DType)
		p.shut(outer)
		return mistake
	}
	trailing, mistake := p.each(end, func() *ast.Diagnostic {
		if p.kind() == kEllipsis && p.at == first {
			t.Ellipsis = true
			p.at++
			return nil
		}
		x, mistake := p.climb(bindSum)
		if mistake == nil {
			mistake = p.checkDim(x)
		}
		t.Dims = append(t.Dims, x)
		return mistake
	})
	if mistake != nil {
		p.shut(outer)
		return mistake
	}
	if trailing {
		mistake = p.expected("a dimension")
		p.shut(outer)
		return mistake
	}
	return p.close(end, outer, "`,` or `]`")
}

// checkDim refuses what can't stand in a dimension.
func (p *parser) checkDim(x ast.Expr) *ast.Diagnostic {
	what := "this"
	switch x := x.(type) {
	case *ast.Name:
		return nil
	case *ast.Number:
		if !strings.ContainsAny(x.Text, ".i") && (isHex(x.Text) || !strings.ContainsAny(x.Text, "eE")) {
			return nil
		}
		what = "`" + excerpt(x.Text) + "`"
	case *ast.Paren:
		return p.checkDim(x.X)
	case *ast.Unary:
		if x.Op != "not" {
			return p.checkDim(x.X)
		}
	case *ast.Binary:
		switch x.Op {
		case "+", "-", "*", "//", "%":
			if mistake := p.checkDim(x.X); mistake != nil {
				return mistake
			}
			return p.checkDim(x.Y)
		}
		what = "`" + x.Op + "`"
	case *ast.Call:
		if f, ok := x.Fun.(*ast.Name); ok && (f.Name == "min" || f.Name == "max") {
			for _, a := range x.Args {
				if a.Name.Name != "" {
					return p.badDim(a.Name.Span, "a named argument")
				}
				if mistake := p.checkDim(a.Value); mistake != nil {
					return mistake
				}
			}
			return nil
		}
	}
	return p.badDim(x.Pos(), what)
}

func (p *parser) badDim(place ast.Span, what string) *ast.Diagnostic {
	return &ast.Diagnostic{
		Code: ast.CodeSyntax, Span: place, Message: what + " can't stand in a dimension",
		Hint: "a dimension is made of whole numbers, names, + - * // % and min( ), max( )",
	}
}

func isHex(text string) bool { return len(text) > 1 && (text[1] == 'x' || text[1] == 'X') }

// parenType reads "(a, b)", "(a, b) -> c", and a type in parentheses.
func (p *parser) parenType() (ast.TypeExpr, *ast.Diagnostic) {
	start := p.at
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	var elems []ast.TypeExpr
	trailing, mistake := p.each(end, func() *ast.Diagnostic {
		t, mistake := p.typeExpr()
		elems = append(elems, t)
		return mistake
	})
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	if mistake := p.close(end, outer, "`,` or `)`"); mistake != nil {
		return nil, mistake
	}
	if p.kind() == kArrow {
		if mistake := p.enter(); mistake != nil {
			return nil, mistake
		}
		defer p.leave()
		p.at++
		result, mistake := p.typeExpr()
		if mistake != nil {
			return nil, mistake
		}
		return &ast.FuncType{Span: p.spanFrom(start), Params: elems, Result: result}, nil
	}
	if len(elems) == 1 && !trailing {
		return elems[0], nil
	}
	return &ast.TupleType{Span: p.spanFrom(start), Elems: elems}, nil
}

// recordType reads "{a: t, b: u}".
func (p *parser) recordType() (ast.TypeExpr, *ast.Diagnostic) {
	start := p.at
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	r := &ast.RecordType{}
	p.skipLines()
	if p.at == end {
		mistake = p.expected("a field, such as `name: f64`,")
		p.shut(outer)
		return nil, mistake
	}
	_, mistake = p.each(end, func() *ast.Diagnostic {
		p.skipLines()
		if p.at == end {
			return nil
		}
		if !p.kind().isWord() {
			return p.expected("the name of a field")
		}
		f := ast.TypeField{Name: p.ident(p.token())}
		p.at++
		if mistake := p.take(kColon); mistake != nil {
			return mistake
		}
		var mistake *ast.Diagnostic
		if f.Type, mistake = p.typeExpr(); mistake != nil {
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
		return nil, mistake
	}
	r.Span = p.spanFrom(start)
	return r, nil
}
