package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// f' and ∇f, and which parameters a function can be differentiated in.

// prime is f'.
func (c *checker) prime(e *ast.Prime) value {
	f := c.expr(e.X)
	if f.isBad() {
		return bad
	}
	fn, ok := f.t.(Function)
	if !ok {
		d := c.fail(e.X.Pos(), ast.CodeNotFunction, "' is the derivative of a function, and this is %s", c.show(f.t))
		if _, isArray := f.array(); isArray {
			d.Hint = "to transpose, write .T"
		}
		return bad
	}
	if !c.ofOneNumber(fn.Value, f, e.Span) {
		return bad
	}
	return c.derive(derivation{derivative: primeOf, chosen: []int{0}}, f, e.Span)
}

// ofOneNumber reports a function that is not one of one number.
func (c *checker) ofOneNumber(f *FuncValue, v value, span ast.Span) bool {
	names := parameterNamesOf(f)
	required := len(names)
	var te ast.TypeExpr
	switch {
	case f.abstract != nil:
		te = f.abstract.Params[0]
	case f.builtin != nil:
		required = 0
		for _, p := range f.builtin.parameters() {
			if !p.optional || p.variadic {
				required++
			}
		}
	case len(f.params) > 0:
		te = f.params[0].Type
		for i, p := range f.params {
			if p.Default != nil && i > 0 {
				required--
			}
		}
	}
	at, isArray := te.(*ast.ArrayType)
	switch {
	case required != 1 && !isOpen(f) || required > 1:
		d := c.fail(span, ast.CodeArguments, "f' is the derivative of a function of one number, and %s takes %s", describeFunction(f.Name), plural(required, "argument"))
		if required > 1 {
			d.Hint = "write grad(" + describeName(f) + ", wrt=" + names[0] + ")"
		}
		return false
	case te == nil || isArray && len(at.Dims) == 0 && !at.Ellipsis:
		return c.floatParameter(f, 0, span)
	}
	d := c.fail(span, ast.CodeArguments, "f' is the derivative of a function of one number, and %s takes %s", describeFunction(f.Name), te.Pos().Text())
	d.Hint = "write grad(" + describeName(f) + ") or jacobian(" + describeName(f) + ")"
	return false
}

func describeName(f *FuncValue) string {
	if f.Name == "" {
		return "f"
	}
	return f.Name
}

// nabla is ∇f.
func (c *checker) nabla(e *ast.Nabla) value {
	f := c.expr(e.X)
	if f.isBad() {
		return bad
	}
	k := &call{checker: c, fn: lookupBuiltin("grad"), span: e.Span, args: map[string]operand{"f": {f, e.X}}}
	v := k.fn.elaborate(k)
	v.span = e.Span
	return v
}

// floatParameter reports a parameter whose written type has no floats.
func (c *checker) floatParameter(f *FuncValue, w int, span ast.Span) bool {
	var te ast.TypeExpr
	switch {
	case f.abstract != nil && w < len(f.abstract.Params):
		te = f.abstract.Params[w]
	case w < len(f.params):
		te = f.params[w].Type
	}
	wrong := false
	switch te := te.(type) {
	case *ast.StrType, *ast.FuncType:
		wrong = true
	case *ast.ArrayType:
		t, known := dtypes[te.DType]
		wrong = known && !t.IsInexact()
	}
	if wrong {
		d := c.fail(span, ast.CodeNotDifferentiable, "%s can't be differentiated in %s, which is %s", describeFunction(f.Name), parameterNamesOf(f)[w], te.Pos().Text())
		d.Labels = append(d.Labels, ast.Label{Span: te.Pos(), Text: "declared here"})
		c.otherParameter(d, f)
	}
	return !wrong
}

// otherParameter advises to choose a parameter that has floats.
func (c *checker) otherParameter(d report, f *FuncValue) {
	for _, p := range f.params {
		if te, ok := p.Type.(*ast.ArrayType); ok && dtypes[te.DType].IsInexact() {
			d.Hint = "choose a parameter of floats: wrt=" + p.Name.Name
			return
		}
	}
	d.Hint = "only floats and complex numbers have a derivative"
}

// differentiable reports an argument with respect to which f can't be
// differentiated.
func (c *checker) differentiable(f *FuncValue, args []value) bool {
	d := f.derivation
	for _, w := range d.wrt {
		v := args[w]
		if floats(v.t) {
			args[w].info = info{}
			continue
		}
		name := f.params[w].Name.Name
		r := c.fail(v.span, ast.CodeNotDifferentiable, "%s differentiates in %s, and this is %s", d.operatorName(), name, c.show(v.t))
		if a, ok := v.t.(Array); ok && a.DType == ir.I64 {
			r.Hint = "convert it with f64( ), or write its numbers as floats"
		} else {
			r.Hint = "only floats and complex numbers have a derivative"
		}
		return false
	}
	return true
}
