package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A function to be shown: an expression such as grad(f) becomes an exported
// function of its own, from which its code is had.

// ShownFunction is the name of the instance that Options.Function becomes.
const ShownFunction = "shown"

// unannotated are the types that a parameter without annotation is tried at.
var unannotated = []*ast.ArrayType{
	{DType: "f64"},
	{DType: "f64", Dims: []ast.Expr{&ast.Name{Name: "n"}}},
	{DType: "f64", Dims: []ast.Expr{&ast.Name{Name: "n"}, &ast.Name{Name: "m"}}},
}

// showFunction checks the expression of Options.Function, at the types that its
// parameters are annotated with, and exports it.
func (c *checker) showFunction(x ast.Expr) {
	v := c.expr(x)
	if v.isBad() {
		return
	}
	f, ok := v.t.(Function)
	if !ok {
		d := c.fail(x.Pos(), ast.CodeNotFunction, "this is no function: %s", c.show(c.strong(v).t))
		d.Hint = "the code is shown of functions: f, grad(f), f'"
		return
	}
	diags, failed := len(c.diags), c.failed
	var first ast.Diagnostics
	for i, t := range unannotated {
		inst := c.onceInstance(c.shownFunction(x, f.Value, t))
		if !inst.failed {
			c.program.Functions = append(c.program.Functions, inst.Instance)
			return
		}
		if i == 0 {
			first = append(first, c.diags[diags:]...)
		}
		for _, d := range c.diags[diags:] {
			delete(c.reported, d.Span.String()+string(d.Code)+d.Message)
		}
		c.diags, c.failed = c.diags[:diags], failed
		c.instances = c.instances[:len(c.instances)-1]
	}
	c.diags = append(c.diags, first...)
	c.failed += len(first)
}

// shownFunction is a function that calls x with all of its parameters that have
// no default, each of the type t if nothing says what it is.
func (c *checker) shownFunction(x ast.Expr, of *FuncValue, t *ast.ArrayType) *FuncValue {
	f := c.newFunc(ShownFunction)
	f.span, f.file, f.export = x.Pos(), c.ctx.file, true
	call := &ast.Call{Span: x.Pos(), Fun: &ast.Paren{Span: x.Pos(), X: x}, Open: x.Pos()}
	add := func(name ast.Ident, annotation ast.TypeExpr) {
		name.Span = x.Pos()
		f.params = append(f.params, &ast.Param{Name: name, Type: annotation})
		call.Args = append(call.Args, ast.Arg{Value: &ast.Name{Span: x.Pos(), Name: name.Name}})
	}
	for _, p := range of.params {
		if p.Default != nil {
			continue
		}
		annotation := p.Type
		if a, ok := annotation.(*ast.ArrayType); ok {
			plain := *a
			if plain.DType == "num" {
				plain.DType = ir.F64.String()
			}
			plain.Ellipsis = false
			annotation = &plain
		} else if annotation == nil {
			annotation = t
		}
		add(p.Name, annotation)
	}
	if of.params == nil {
		names := parameterNamesOf(of)
		if of.builtin != nil {
			names = nil
			for _, p := range of.builtin.parameters() {
				if !p.optional && !p.keyword {
					names = append(names, p.name)
				}
			}
		}
		for _, name := range names {
			add(ast.Ident{Name: name}, t)
		}
	}
	f.body = call
	return f
}
