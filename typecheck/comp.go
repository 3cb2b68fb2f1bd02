package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A binderRange is the range of a binder, found before the body is checked.
type binderRange struct {
	binder   ast.Binder
	rows     *value // goes through the rows of an array
	lo       ir.Dim
	step     ir.Dim
	count    ir.Dim
	inferred *inferredRange
	index    *Def
}

func binders(e *ast.Comprehension) []ast.Binder {
	var all []ast.Binder
	for _, clause := range e.Clauses {
		all = append(all, clause.Binders...)
	}
	return all
}

// comprehension is [body for binders if cond].
func (c *checker) comprehension(e *ast.Comprehension) value {
	if !e.Brackets {
		return c.fail(e.Span, ast.CodeMisplaced, "a generator is the argument of a reduction; write [ ] to make an array").value()
	}
	return c.comp(e, binders(e), false, nil)
}

// comp makes the array of a comprehension over the binders bs. In a reduction,
// ranges that run backwards are empty. element, if not nil, checks what stands
// for the body and the condition.
func (c *checker) comp(e *ast.Comprehension, bs []ast.Binder, reduction bool, element func() value) value {
	var result value
	block, _ := c.inBlock(func() value {
		result = c.compInBlock(e, bs, reduction, element)
		return result
	})
	if result.isBad() {
		return bad
	}
	if len(block.Stmts) > 0 {
		block.Value = result.x
		result.x = &BlockExpr{block}
	}
	return result
}

func (c *checker) compInBlock(e *ast.Comprehension, bs []ast.Binder, reduction bool, element func() value) value {
	filter := e.Cond
	if element != nil {
		filter = nil
	} else {
		element = func() value { return c.expr(e.Body) }
	}
	ranges := make([]*binderRange, len(bs))
	for i, b := range bs {
		for _, other := range bs[:i] {
			if other.Name.Name == b.Name.Name && b.Name.Name != "_" {
				c.fail(b.Name.Span, ast.CodeRedeclared, "the binder %s stands twice", b.Name.Name)
			}
		}
		r, ok := c.binderRange(b, bs[:i], e, reduction)
		if !ok {
			for _, b := range bs {
				c.bindUnknown(b.Name)
			}
			c.inBlock(func() value { return c.expr(e.Body) })
			return bad
		}
		ranges[i] = r
	}
	node := &Comp{Span: e.Span}
	mark := ir.Atom(len(c.atoms))
	for _, r := range ranges {
		zero := ir.Size(0)
		pop := c.push()
		var upper *ir.Dim
		if r.inferred == nil || r.inferred.dim != nil {
			upper = &r.count
		}
		r.index = c.indexDef(ast.Ident{Name: r.binder.Name.Name, Span: r.binder.Name.Span}, &zero, upper).def
		pop()
		node.Index = append(node.Index, r.index)
		if r.inferred != nil {
			r.inferred.atom = r.index.Atom
			c.inferredAtoms[r.index.Atom] = r.inferred
		}
	}
	c.ctx.level++
	loops := c.ctx.loops
	c.ctx.loops = 0
	defer func() {
		c.ctx.level--
		c.ctx.loops = loops
	}()
	var cond value
	if filter != nil {
		node.Cond, cond = c.inBlock(func() value {
			c.bindIndices(ranges)
			return c.condition(filter, "a filter")
		})
	}
	var body value
	node.Body, body = c.inBlock(func() value {
		c.bindIndices(ranges)
		return c.strong(element())
	})
	ok := c.settleInferred(ranges, mark)
	if body.isBad() || !ok || filter != nil && cond.isBad() {
		return bad
	}
	node.Body.Value = body.x
	for _, r := range ranges {
		node.Dims = append(node.Dims, r.count)
	}
	lead := node.Dims
	if filter != nil {
		lead = []ir.Dim{c.freshSize("", e.Span)}
	}
	t, ok := c.elementType(body, lead, mark, e)
	if !ok {
		return bad
	}
	node.T = t
	return value{t: t, x: node, span: e.Span}
}

func (c *checker) bindUnknown(name ast.Ident) {
	c.bind(&binding{name: name.Name, span: name.Span, v: &Var{Name: name.Name, Span: name.Span}})
}

// elementType is the type of an array of elements of the type of v.
func (c *checker) elementType(v value, lead []ir.Dim, mark ir.Atom, e *ast.Comprehension) (Type, bool) {
	if c.sizedInside(v.t, mark) {
		d := c.fail(e.Body.Pos(), ast.CodeShapeMismatch, "the elements of an array have one shape, and this one differs from element to element: %s", c.show(v.t))
		d.Hint = "make arrays of one size, padded with zeros where needed"
		return nil, false
	}
	return c.leading(v.t, lead, e.Body.Pos())
}

// leading is the type of arrays of elements of type t.
func (c *checker) leading(t Type, lead []ir.Dim, span ast.Span) (Type, bool) {
	switch t := t.(type) {
	case Array:
		if t.DType != ir.Text {
			dims := append([]ir.Dim(nil), lead...)
			return Array{t.DType, append(dims, t.Dims...)}, true
		}
	case Tuple, Record:
		var parts []Type
		for _, p := range partTypes(t) {
			lp, ok := c.leading(p, lead, span)
			if !ok {
				return nil, false
			}
			parts = append(parts, lp)
		}
		if r, ok := t.(Record); ok {
			return Record{r.Names, parts}, true
		}
		return Tuple{parts}, true
	}
	c.fail(span, ast.CodeTypeMismatch, "an array can't be made of %s", c.show(t))
	return nil, false
}

// bindIndices gives the binders their values in the present block.
func (c *checker) bindIndices(ranges []*binderRange) {
	for _, r := range ranges {
		name := r.binder.Name
		b := &binding{
			name: name.Name, t: r.index.Type, def: r.index, v: r.index.Var, span: name.Span,
			what: "the binder " + name.Name, inferred: r.inferred,
		}
		d := ir.Sized(r.index.Atom)
		b.known.size = &d
		switch {
		case r.rows != nil:
			row := c.gatherPoint(again(*r.rows), b.use(name.Span), name.Span)
			c.declareLocal(name, row, "the binder "+name.Name)
			continue
		case !r.step.IsConst(1) || !r.lo.IsConst(0):
			v := b.use(name.Span)
			if !r.step.IsConst(1) {
				v = c.arithmetic("*", []value{v, sizeValue(r.step, name.Span)}, name.Span)
			}
			if !r.lo.IsConst(0) {
				v = c.arithmetic("+", []value{v, sizeValue(r.lo, name.Span)}, name.Span)
			}
			c.declareLocal(name, v, "the binder "+name.Name)
			continue
		}
		c.bind(b)
	}
}

func (c *checker) binderRange(b ast.Binder, earlier []ast.Binder, e *ast.Comprehension, reduction bool) (*binderRange, bool) {
	r := &binderRange{binder: b, step: ir.Size(1)}
	switch in := unparenOrNil(b.In).(type) {
	case nil:
		r.inferred = &inferredRange{name: b.Name.Name}
		c.inferRange(r.inferred, e)
		if r.inferred.dim != nil {
			r.count = *r.inferred.dim
		}
		return r, true
	case *ast.Range:
		if c.mentions(in, earlier) {
			c.fail(in.Span, ast.CodeShapeMismatch, "the range of %s depends on another binder, so the rows would differ in length", b.Name.Name)
			return nil, false
		}
		rv, ok := c.rangeOf(in)
		if !ok {
			return nil, false
		}
		lo, hi := c.asDefined(rv.lo), c.asDefined(rv.hi)
		r.lo, r.step = *lo.size, rv.step
		r.count = c.rangeCount(*lo.size, *hi.size, rv)
		if reduction {
			r.count = c.must("max", r.count, ir.Size(0))
		} else if !c.nonnegative(r.count) {
			step, known := rv.constStep()
			x, y := sizeValue(*lo.size, in.Span), sizeValue(*hi.size, in.Span)
			switch {
			case !known:
				x, y = intValue(0, in.Span), sizeValue(r.count, in.Span)
			case step < 0:
				x, y = y, x
			}
			if known && lo.konst != nil && hi.konst != nil {
				c.fail(in.Span, ast.CodeShapeMismatch, "this range runs backwards, and an array can't have a size below zero")
				return nil, false
			}
			ok := c.elementwise(ir.Le, ir.Bool, []value{x, y}, in.Span)
			c.emit(c.check(ok, ast.CodeShapeMismatch, "the range "+in.Span.Text()+" runs backwards: {0} is above {1}", []value{x, y}, in.Span))
		}
		return r, true
	default:
		if c.mentions(in, earlier) {
			c.fail(in.Pos(), ast.CodeShapeMismatch, "what %s goes through depends on another binder; write a comprehension inside the other", b.Name.Name)
			return nil, false
		}
		v := c.strong(c.expr(in))
		if v.isBad() {
			return nil, false
		}
		a, ok := v.array()
		if !ok || len(a.Dims) == 0 {
			d := c.fail(in.Pos(), ast.CodeTypeMismatch, "a binder goes through a range or the rows of an array, and this is %s", c.show(v.t))
			if v.isScalar(ir.I64) {
				d.Hint = "write 0..n"
			}
			return nil, false
		}
		v = c.asDefined(v)
		r.rows, r.count = &v, a.Dims[0]
		return r, true
	}
}

func unparenOrNil(e ast.Expr) ast.Expr {
	if e == nil {
		return nil
	}
	return unparen(e)
}

// mentions reports whether e uses one of the binders.
func (c *checker) mentions(e ast.Expr, bs []ast.Binder) bool {
	for _, name := range freeNames(e) {
		for _, b := range bs {
			if b.Name.Name == name {
				return true
			}
		}
	}
	return false
}
