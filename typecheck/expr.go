package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
)

// Expressions.

// expr checks an expression. One without a value is a mistake. If it chooses a
// size, it is computed in the present block: its size may be used where it isn't,
// or before.
func (c *checker) expr(e ast.Expr) value {
	mark := ir.Atom(len(c.atoms))
	v := c.exprOrNothing(e)
	if _, unit := v.t.(Unit); unit {
		return c.fail(e.Pos(), ast.CodeMissingValue, "this has no value").value()
	}
	v.span = e.Pos()
	if v.x != nil && v.items == nil && c.sizedInside(v.t, mark) {
		return c.asDefined(v)
	}
	return v
}

// exprOrNothing checks an expression that may have no value.
func (c *checker) exprOrNothing(e ast.Expr) value {
	switch e := e.(type) {
	case *ast.Number:
		return c.numberLiteral(e)
	case *ast.String:
		return constant{kind: ir.Text, s: e.Value}.value(e.Span)
	case *ast.Bool:
		return boolValue(e.Value, e.Span)
	case *ast.Name:
		return c.name(e)
	case *ast.Paren:
		return c.exprOrNothing(e.X)
	case *ast.Tuple:
		parts := make([]value, len(e.Elems))
		for i, x := range e.Elems {
			parts[i] = c.expr(x)
		}
		return c.makeTuple(parts, e.Span)
	case *ast.List:
		return c.list(e)
	case *ast.Record:
		return c.record(e)
	case *ast.Comprehension:
		return c.comprehension(e)
	case *ast.Block:
		return c.blockExpr(e)
	case *ast.If:
		return c.ifExpr(e)
	case *ast.Lambda:
		return c.lambda(e)
	case *ast.Unary:
		return c.unary(e)
	case *ast.Binary:
		return c.binary(e)
	case *ast.Compare:
		return c.compare(e)
	case *ast.Range:
		return c.rangeArray(e)
	case *ast.Call:
		return c.callExpr(e)
	case *ast.Index:
		return c.index(e)
	case *ast.Field:
		return c.field(e)
	case *ast.Prime:
		return c.prime(e)
	case *ast.Nabla:
		return c.nabla(e)
	}
	return bad
}

func (c *checker) notYet(what string, span ast.Span) value {
	d := c.fail(span, ast.CodeNotYet, "%s is part of the language, but this version can't evaluate it yet", what)
	return d.value()
}

func (c *checker) name(e *ast.Name) value {
	if e.Name == "_" {
		return c.fail(e.Span, ast.CodeUnknownName, "_ is a name that can't be read").value()
	}
	b := c.lookup(e.Name)
	if b == nil {
		return c.unknownName(e.Name, e.Span)
	}
	return c.useBinding(b, e.Span)
}

func (c *checker) useBinding(b *binding, span ast.Span) value {
	switch {
	case b.literal != nil:
		lit := *b.literal
		lit.span = span
		return c.literalValue(&lit)
	case b.fn != nil && internalName(b.name) && !c.ctx.file.library:
		return c.unknownName(b.name, span)
	case b.fn != nil:
		return functionValue(b.fn, span)
	case b.module != nil:
		return c.fail(span, ast.CodeTypeMismatch, "%s is a module; write %s.name", b.name, b.name).value()
	case b.pending:
		d := c.fail(span, ast.CodeUseBefore, "%s is used before line %d gives it a value", b.name, b.span.Line())
		d.Labels = append(d.Labels, ast.Label{Span: b.span, Text: "declared here"})
		return d.value()
	}
	if b.context != nil && b.context != c.ctx && c.ctx.file.names[b.name] == b {
		if b.mutable {
			d := c.fail(span, ast.CodeUnknownName, "a function does not see the var %s", b.name)
			d.Hint = "pass it as an argument, or declare it with let"
			return d.value()
		}
		if c.below(b) {
			d := c.fail(span, ast.CodeUseBefore, "%s stands below this function, which sees only what stands above it", b.name)
			d.Labels = append(d.Labels, ast.Label{Span: b.span, Text: "declared here"})
			return d.value()
		}
	}
	if b.def == nil && b.t == nil {
		if b.known.konst == nil {
			return bad
		}
	}
	return b.use(span)
}

// functionSpan is the place of the function being checked.
func (c *checker) functionSpan() ast.Span {
	if c.ctx.inst == nil {
		return ast.Span{}
	}
	return c.ctx.inst.Span
}

// below reports whether a name of the file stands below the function being
// checked.
func (c *checker) below(b *binding) bool {
	fn := c.functionSpan()
	return fn.IsValid() && fn.Source == b.span.Source && b.span.Start > fn.Start
}

func (c *checker) unknownName(name string, span ast.Span) value {
	d := c.fail(span, ast.CodeUnknownName, "%s is not known here", name)
	if len(c.diags) >= maxReports {
		return bad
	}
	if hint := lang.NameHint(name); hint != "" {
		d.Hint = hint
	} else if full := c.moduleOf(name); full != "" {
		d.Hint = "it is in a module: write " + full
	} else if near := ast.Nearest(name, c.visibleNames()); near != "" {
		d.Hint = "did you mean " + near + "?"
	}
	return d.value()
}

func (c *checker) visibleNames() []string {
	var names []string
	for s := c.ctx.scope; s != nil; s = s.outer {
		for name := range s.names {
			names = append(names, name)
		}
	}
	for name := range c.ctx.file.names {
		names = append(names, name)
	}
	for _, host := range c.opts.Hosts {
		names = append(names, host.Name)
	}
	return append(names, c.universeNames()...)
}
