package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Assignment to elements.

// update is old with old[items] op= v; op is "=" or an operator.
func (c *checker) update(old value, e *ast.Index, v value, op string) value {
	if isStructure(old.t) {
		return c.fail(e.Span, ast.CodeNotAssignable, "the parts of a tuple can't be assigned").value()
	}
	s, ok := c.selection(old, e)
	if !ok || v.isBad() {
		return bad
	}
	if s.inserted {
		return c.fail(e.Span, ast.CodeNotAssignable, "newaxis has no place in what is assigned to").value()
	}
	a := s.x.t.(Array)
	what := "the elements of " + c.show(old.t)
	va, ok := v.array()
	if !ok {
		return c.fail(v.span, ast.CodeTypeMismatch, "%s can't be %s", what, c.show(v.t)).value()
	}
	if op != "=" && a.DType == ir.Bool || op == "/" && a.DType == ir.I64 {
		d := c.fail(e.Span, ast.CodeTypeMismatch, "%s= does not give elements of %s", op, c.show(old.t))
		return d.value()
	}
	if narrows(v, a.DType) {
		d := c.fail(v.span, ast.CodeTypeMismatch, "%s can't be %s", what, va.DType)
		d.Hint = "numbers never narrow by themselves; convert with " + a.DType.String() + "( )"
		return d.value()
	}
	v = c.convert(v, a.DType)
	if v.isBad() {
		return bad
	}
	va = v.t.(Array)
	if s.mask != nil && len(va.Dims) == 0 && op != "/" {
		return c.maskedUpdate(s, old, v, op, e)
	}
	dims := s.baseDims()
	shape, ok := c.broadcastShapes([][]ir.Dim{dims, va.Dims})
	if ok {
		ok = len(shape) == len(dims)
		for i := range shape {
			ok = ok && c.compareDims(shape[i], dims[i]) != different
		}
	}
	if !ok {
		d := c.fail(e.Span, ast.CodeShapeMismatch, "%s is %s, and what is assigned to it is %s",
			e.Span.Text(), c.show(Array{a.DType, dims}), c.show(v.t))
		d.Labels = append([]ast.Label{{Span: v.span, Text: c.show(v.t)}}, d.Labels...)
		return d.value()
	}
	v = c.broadcast(v, dims)
	attr := s.attr()
	x := &Op{Code: ir.Update, Args: []Expr{s.x.x, v.x}, T: a, Span: e.Span}
	if op != "=" {
		x.Code = ir.Accumulate
		attr.Mode = map[string]ir.AccumulateMode{"+": ir.AccumulateAdd, "-": ir.AccumulateSub, "*": ir.AccumulateMul, "/": ir.AccumulateDiv}[op]
	}
	x.Attr = attr
	x.Args = append(x.Args, s.operands()...)
	result := value{t: a, x: x, span: e.Span}
	if oa := old.t.(Array); len(oa.Dims) != len(a.Dims) {
		result = c.reshaped(result, oa.Dims, e.Span)
	}
	if len(s.stmts) > 0 {
		result.x = &BlockExpr{&Block{Stmts: s.stmts, Value: result.x}}
	}
	return result
}

func narrows(v value, to ir.DType) bool {
	a := v.t.(Array)
	if v.lit != nil {
		return a.DType > to && !(to == ir.F32 && a.DType == ir.F64) || to == ir.Bool
	}
	return !widens(a.DType, to)
}

// maskedUpdate is x[mask] op= number, as a choice for each element.
func (c *checker) maskedUpdate(s *selection, old, v value, op string, e *ast.Index) value {
	oa := old.t.(Array)
	chosen := v
	if op != "=" {
		chosen = c.binaryArrays(op, again(old), v, e.Span)
	}
	result := c.elementwise(ir.Select, oa.DType, []value{again(*s.mask), chosen, again(old)}, e.Span)
	if result.isBad() {
		return bad
	}
	var keep []Stmt
	for _, stmt := range s.stmts {
		// The table of indices is not needed.
		if d, ok := stmt.(*Define); ok {
			if op, ok := d.X.(*Op); ok && op.Code == ir.Nonzero {
				continue
			}
		}
		keep = append(keep, stmt)
	}
	if len(keep) > 0 {
		result.x = &BlockExpr{&Block{Stmts: keep, Value: result.x}}
	}
	return result
}
