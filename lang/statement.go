package lang

import (
	"github.com/calx-lang/calx/ast"
)

type (
	functionParams struct {
		list []*ast.Param
		pos  ast.Span
	}
	letNames struct {
		list  []ast.Ident
		tuple bool
	}
	derivativeNames struct{ primals, tangents []ast.Ident }
)

func (functionParams) paramList()  {}
func (letNames) nameList()         {}
func (derivativeNames) ruleNames() {}

// convert makes the node of what the grammar read from start on.
func (p *parser) convert(s *statement, start int) (ast.Stmt, *ast.Diagnostic) {
	span := p.spanFrom(start)
	switch {
	case s.Function != nil:
		r := s.Function
		params := r.Params.(functionParams)
		return &ast.Fn{
			Span: span, Export: r.Export, Doc: p.docs.above(p.src, span), Name: p.identOf(r.Name),
			Params: params.list, ParamPos: params.pos, Result: r.Result, Body: r.Body,
		}, p.topLevel(start, "a function")
	case s.Let != nil:
		r := s.Let
		names := r.Names.(letNames)
		n := &ast.Let{
			Span: span, Export: r.Export, Names: names.list, Tuple: names.tuple, Type: r.Type, Value: r.Value,
		}
		if r.Export {
			return n, p.topLevel(start, "`export`")
		}
		return n, nil
	case s.Export != nil:
		return &ast.Export{Span: span, Value: s.Export.Value, Label: p.stringOf(s.Export.Label)},
			p.topLevel(start, "`export`")
	case s.Var != nil:
		r := s.Var
		return &ast.Var{Span: span, Name: p.identOf(r.Name), Type: r.Type, Value: r.Value}, nil
	case s.Input != nil:
		r := s.Input
		return &ast.Input{Span: span, Name: p.identOf(r.Name), Type: r.Type, Default: r.Default},
			p.topLevel(start, "`input`")
	case s.Import != nil:
		return &ast.Import{Span: span, Path: p.stringOf(s.Import.Path), Name: p.identOf(s.Import.Name)},
			p.topLevel(start, "`import`")
	case s.Derivative != nil:
		r := s.Derivative
		names := r.Names.(derivativeNames)
		d := &ast.Derivative{
			Span: span, Pullback: r.Word.Value == "pullback", Name: p.identOf(r.Name),
			Primals: names.primals, Tangents: names.tangents, Body: r.Body,
		}
		if r.Result != nil {
			result := p.identOf(*r.Result)
			d.Result = &result
		}
		return d, p.topLevel(start, "`"+r.Word.Value+"`")
	case s.For != nil:
		r := s.For
		return &ast.For{Span: span, Var: p.identOf(r.Var), Range: r.Range, Body: r.Body.(*ast.Block)}, nil
	case s.While != nil:
		return &ast.While{Span: span, Cond: s.While.Cond, Body: s.While.Body.(*ast.Block)}, nil
	case s.Return != nil:
		n := &ast.Return{Span: span}
		if s.Return.Value != nil {
			n.Value = s.Return.Value
		}
		return n, nil
	case s.Jump != nil:
		if s.Jump.Value == "break" {
			return &ast.Break{Span: span}, nil
		}
		return &ast.Continue{Span: span}, nil
	case s.Assign.Value == nil:
		return &ast.ExprStmt{X: s.Assign.Target}, nil
	}
	r := s.Assign
	operator := p.tokens[r.Op.Pos.Offset]
	target, mistake := p.target(r.Target, operator)
	return &ast.Assign{
		Span: span, Target: target, Op: spelling[operator.kind], OpPos: p.spanOf(operator), Value: r.Value,
	}, mistake
}

// topLevel refuses a statement that stands in a block.
func (p *parser) topLevel(start int, what string) *ast.Diagnostic {
	if !p.inBlock {
		return nil
	}
	return &ast.Diagnostic{
		Code: ast.CodeMisplaced, Span: p.spanOf(p.tokens[start]),
		Message: what + " stands at top level, not inside of `{ }`",
	}
}

// target is what an assignment assigns to: names, their parts, and tuples of
// such. Parentheses around one are dropped.
func (p *parser) target(x ast.Expr, operator token) (ast.Expr, *ast.Diagnostic) {
	switch t := x.(type) {
	case *ast.Name:
		return t, nil
	case *ast.Paren:
		return p.target(t.X, operator)
	case *ast.Index, *ast.Field:
		if isPart(t) {
			return t, nil
		}
	case *ast.Tuple:
		if len(t.Elems) == 0 {
			break
		}
		for i, e := range t.Elems {
			part, mistake := p.target(e, operator)
			if mistake != nil {
				return x, mistake
			}
			t.Elems[i] = part
		}
		return t, nil
	}
	d := &ast.Diagnostic{
		Code: ast.CodeSyntax, Span: x.Pos(), Message: "this can't be assigned",
		Labels: []ast.Label{{Span: p.spanOf(operator), Text: "the assignment"}},
		Hint:   "what can be is a variable, x[i], x.name, or a tuple of these",
	}
	switch t := x.(type) {
	case *ast.Call:
		if f, ok := t.Fun.(*ast.Name); ok && f.Name == "var" {
			d.Hint = "a var has one name; to take a tuple apart, write let (…) = …"
		} else if ok {
			d.Hint = "to declare a function, write fn " + f.Name + "(…) = …; to compare, write =="
		}
	case *ast.Compare, *ast.Binary, *ast.Number, *ast.Unary:
		d.Hint = "to compare, write =="
	}
	return x, d
}

// isPart holds for x[i], x.name, x[i].name and so on.
func isPart(x ast.Expr) bool {
	for {
		switch t := x.(type) {
		case *ast.Name:
			return true
		case *ast.Index:
			x = t.X
		case *ast.Field:
			x = t.X
		default:
			return false
		}
	}
}

// body reads "= expr" or a block.
func (p *parser) body() (bodyExpr, *ast.Diagnostic) {
	switch p.kind() {
	case kOpenBrace:
		return blockOf(p.block())
	case kAssign:
		p.at++
		return p.expr()
	}
	return nil, p.expected("`=` or `{`")
}

func (p *parser) loopHead() (headExpr, *ast.Diagnostic) { return p.head() }

func (p *parser) loopBody() (blockExpr, *ast.Diagnostic) { return blockOf(p.block()) }

// letNames reads "x" or "(a, b)".
func (p *parser) letNames() (nameList, *ast.Diagnostic) {
	switch p.kind() {
	case kName:
		p.at++
		return letNames{list: []ast.Ident{p.ident(p.tokens[p.at-1])}}, nil
	case kOpenParen:
		list, mistake := p.nameTuple()
		return letNames{list: list, tuple: true}, mistake
	}
	return nil, p.expected("a name or `(`")
}

func (p *parser) nameTuple() ([]ast.Ident, *ast.Diagnostic) {
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	var list []ast.Ident
	if p.at == end {
		mistake = p.expected("a name")
	} else {
		_, mistake = p.each(end, func() *ast.Diagnostic {
			if p.kind() != kName {
				return p.expected("a name")
			}
			list = append(list, p.ident(p.token()))
			p.at++
			return nil
		})
	}
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	return list, p.close(end, outer, "`,` or `)`")
}

func (p *parser) functionParams() (paramList, *ast.Diagnostic) {
	start := p.at
	if p.kind() != kOpenParen {
		return nil, p.expected("`(`")
	}
	list, mistake := p.params()
	if mistake != nil {
		return nil, mistake
	}
	return functionParams{list, p.spanFrom(start)}, nil
}

// params reads "(x: f64[n], y = 1)".
func (p *parser) params() ([]*ast.Param, *ast.Diagnostic) {
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	list := []*ast.Param{}
	_, mistake = p.each(end, func() *ast.Diagnostic {
		if p.kind() != kName {
			return p.expected("the name of a parameter")
		}
		param := &ast.Param{Name: p.ident(p.token())}
		p.at++
		var mistake *ast.Diagnostic
		if p.kind() == kColon {
			p.at++
			if param.Type, mistake = p.typeExpr(); mistake != nil {
				return mistake
			}
		}
		if p.kind() == kAssign {
			p.at++
			if param.Default, mistake = p.expr(); mistake != nil {
				return mistake
			}
		}
		list = append(list, param)
		return nil
	})
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	return list, p.close(end, outer, "`,` or `)`")
}

// derivativeNames reads "(x, y; dx, dy)".
func (p *parser) derivativeNames() (ruleNames, *ast.Diagnostic) {
	if p.kind() != kOpenParen {
		return nil, p.expected("`(`")
	}
	end, outer, mistake := p.open()
	if mistake != nil {
		return nil, mistake
	}
	var names derivativeNames
	list := &names.primals
	name := func() *ast.Diagnostic {
		if p.kind() != kName {
			return p.expected("a name")
		}
		*list = append(*list, p.ident(p.token()))
		p.at++
		return nil
	}
	// At least one name stands on each side of the ";".
	readNames := func() *ast.Diagnostic {
		if mistake := name(); mistake != nil {
			return mistake
		}
		for p.kind() == kComma {
			p.at++
			if p.kind() == kSemicolon || p.at == end {
				return nil
			}
			if mistake := name(); mistake != nil {
				return mistake
			}
		}
		return nil
	}
	if mistake = readNames(); mistake == nil && p.kind() != kSemicolon {
		mistake = p.expected("`,` or `;` and the names of the tangents")
	}
	if mistake == nil {
		p.at++
		list = &names.tangents
		mistake = readNames()
	}
	if mistake != nil {
		p.shut(outer)
		return nil, mistake
	}
	return names, p.close(end, outer, "`,` or `)`")
}
