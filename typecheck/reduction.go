package typecheck

import (
	"math"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Reductions over generators.

var reductions = map[string]bool{
	"sum": true, "prod": true, "mean": true, "min": true, "max": true, "any": true, "all": true,
	"argmax": true, "argmin": true, "count": true,
}

// reduction is f(body for binders if cond): f of the array, without making it.
func (c *checker) reduction(f *FuncValue, e *ast.Comprehension, span ast.Span) value {
	if !reductions[f.Name] || f.file != nil && !f.file.library {
		d := c.fail(span, ast.CodeMisplaced, "%s is no reduction, so it can't take a generator", f.Name)
		d.Hint = "write [ ] around it to make an array"
		return d.value()
	}
	bs := binders(e)
	ragged := false
	for i, b := range bs {
		if b.In != nil {
			if r, ok := unparen(b.In).(*ast.Range); ok {
				ragged = ragged || c.mentions(r, bs[:i])
			}
		}
	}
	if e.Cond == nil && !ragged {
		return c.callFunction(functionValue(f, span), []argument{{value: c.comp(e, bs, true, nil)}}, span)
	}
	switch f.Name {
	case "sum", "prod", "any", "all", "count":
		return c.nestedReduction(f.Name, e, bs, span)
	case "min", "max":
		if !ragged {
			break
		}
		// The extreme value of nothing is no value: count what there is.
		n := c.nestedReduction("tally", e, bs, span)
		v := c.nestedReduction(f.Name, e, bs, span)
		if n.isBad() || v.isBad() {
			return bad
		}
		cond := c.elementwise(ir.Lt, ir.Bool, []value{intValue(0, span), n}, span)
		check := c.check(cond, ast.CodeEmptyReduction, f.Name+" of nothing", nil, span)
		v.x = &BlockExpr{&Block{Stmts: []Stmt{check}, Value: v.x}}
		return v
	case "mean":
		if !ragged {
			break
		}
		total := c.convert(c.nestedReduction("sum", e, bs, span), ir.F64)
		n := c.convert(c.nestedReduction("tally", e, bs, span), ir.F64)
		return c.arithmetic("/", []value{total, n}, span)
	default:
		if ragged {
			return c.fail(span, ast.CodeShapeMismatch, "%s gives a position, so the ranges can't depend on each other", f.Name).value()
		}
	}
	return c.callFunction(functionValue(f, span), []argument{{value: c.comp(e, bs, true, nil)}}, span)
}

// nestedReduction reduces binder by binder, the last one first, so that ranges
// may depend on earlier binders; what cond leaves out counts as the identity.
// "tally" counts the elements.
func (c *checker) nestedReduction(kind string, e *ast.Comprehension, bs []ast.Binder, span ast.Span) value {
	element := func() value { return c.filteredElement(kind, e) }
	if len(bs) > 1 {
		element = func() value { return c.nestedReduction(kind, e, bs[1:], span) }
	}
	return c.reduceLevel(kind, c.comp(e, bs[:1], true, element), span)
}

// identity is what counts for an element that is left out.
func identity(kind string, t ir.DType, span ast.Span) value {
	k := constant{kind: t}
	switch kind {
	case "prod":
		k.i, k.f, k.c = 1, 1, 1
	case "all":
		k.i = 1
	case "min":
		k.i, k.f = math.MaxInt64, math.Inf(1)
	case "max":
		k.i, k.f = math.MinInt64, math.Inf(-1)
	}
	return k.value(span)
}

// filteredElement is the element of a reduction: the identity where the
// condition does not hold.
func (c *checker) filteredElement(kind string, e *ast.Comprehension) value {
	if e.Cond == nil {
		return c.reducedElement(kind, e)
	}
	cond := c.condition(e.Cond, "a filter")
	var v value
	then, _ := c.inBlock(func() value { v = c.reducedElement(kind, e); return v })
	if cond.isBad() || v.isBad() {
		return bad
	}
	then.Value = v.x
	t := v.t.(Array)
	node := &If{Cond: cond.x, Then: then, Else: &Block{Value: identity(kind, t.DType, e.Span).x}, T: t, Span: e.Span}
	return value{t: t, x: node, span: v.span}
}

func (c *checker) reducedElement(kind string, e *ast.Comprehension) value {
	if kind == "tally" {
		return intValue(1, e.Span)
	}
	v := c.strong(c.expr(e.Body))
	if v.isBad() {
		return bad
	}
	a, ok := v.array()
	if !ok || len(a.Dims) != 0 {
		return c.fail(e.Body.Pos(), ast.CodeShapeMismatch, "with a condition, or a range that depends on another, a reduction is of numbers, and this is %s", c.show(v.t)).value()
	}
	switch kind {
	case "count", "any", "all":
		if a.DType != ir.Bool {
			return c.fail(e.Body.Pos(), ast.CodeTypeMismatch, "%s is of bools, and this is %s", kind, c.show(v.t)).value()
		}
		if kind == "count" {
			return c.convert(v, ir.I64)
		}
	default:
		if a.DType == ir.Bool {
			return c.convert(v, ir.I64)
		}
	}
	return v
}

// reduceLevel reduces the first axis.
func (c *checker) reduceLevel(kind string, v value, span ast.Span) value {
	if v.isBad() {
		return bad
	}
	kinds := map[string]ir.ReduceKind{
		"sum": ir.ReduceSum, "tally": ir.ReduceSum, "count": ir.ReduceSum, "prod": ir.ReduceProd,
		"any": ir.ReduceAny, "all": ir.ReduceAll, "min": ir.ReduceMin, "max": ir.ReduceMax,
	}
	a := v.t.(Array)
	t := Array{a.DType, a.Dims[1:]}
	reduce := func(v value) Expr {
		return &Op{Code: ir.Reduce, Attr: ir.ReduceAttr{Kind: kinds[kind], Axes: []int{0}}, Args: []Expr{v.x}, T: t, Span: span}
	}
	if kind != "min" && kind != "max" {
		return value{t: t, x: reduce(v), span: span}
	}
	// A row without elements has no extreme value of its own.
	return c.named(v, func(v value) value {
		cond := c.elementwise(ir.Lt, ir.Bool, []value{intValue(0, span), sizeValue(a.Dims[0], span)}, span)
		node := &If{Cond: cond.x, Then: &Block{Value: reduce(again(v))}, Else: &Block{Value: identity(kind, a.DType, span).x}, T: t, Span: span}
		return value{t: t, x: node, span: span}
	})
}
