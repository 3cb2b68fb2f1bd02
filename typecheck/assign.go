package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Assignment.

// assign is a statement "target op value".
func (c *checker) assign(s *ast.Assign) {
	if t, ok := unparen(s.Target).(*ast.Tuple); ok {
		c.assignTuple(s, t)
		return
	}
	b := c.assigned(s.Target)
	v := c.expr(s.Value)
	if b != nil {
		c.store(s.Target, b, v, s.Op[:1], s.Span) // "+" of "+="
	}
}

func unparen(e ast.Expr) ast.Expr {
	for {
		p, ok := e.(*ast.Paren)
		if !ok {
			return e
		}
		e = p.X
	}
}

// assigned finds the var that a target changes; nil, and reported, if none.
func (c *checker) assigned(target ast.Expr) *binding {
	switch e := target.(type) {
	case *ast.Paren:
		return c.assigned(e.X)
	case *ast.Index:
		return c.assigned(e.X)
	case *ast.Field:
		return c.assigned(e.X)
	case *ast.Name:
		b := c.lookup(e.Name)
		switch {
		case b == nil:
			d := c.fail(e.Span, ast.CodeUnknownName, "%s is not known here", e.Name)
			d.Hint = "declare it: var " + e.Name + " = …"
			return nil
		case b.mutable && b.context != c.ctx:
			c.fail(e.Span, ast.CodeNotAssignable, "%s belongs to the script; a function can't assign it", e.Name)
			return nil
		case b.mutable && b.level != c.ctx.level:
			d := c.fail(e.Span, ast.CodeNotAssignable, "the elements of a comprehension are independent, so they can't assign %s", e.Name)
			d.Hint = "write a for loop"
			return nil
		case b.mutable && b.t == nil:
			return nil
		case !b.mutable:
			c.notAssignable(e, b)
			return nil
		}
		return b
	}
	c.fail(target.Pos(), ast.CodeNotAssignable, "this can't be assigned to")
	return nil
}

func (c *checker) notAssignable(e *ast.Name, b *binding) {
	what := "let " + e.Name + " can't be assigned"
	switch {
	case b.fn != nil:
		what = e.Name + " is a function"
	case b.what != "":
		what = b.what + " can't be assigned"
	}
	d := c.fail(e.Span, ast.CodeNotAssignable, "%s", what)
	if b.span.IsValid() {
		d.Labels = append(d.Labels, ast.Label{Span: b.span, Text: "declared here"})
	}
	if b.fn == nil {
		d.Hint = "declare it with var"
		if b.what != "" {
			d.Hint = "copy it into a var of another name"
		}
	}
}

// store gives target, a part of the var b, a new value; op is "=" or the operator
// of "+=" and the like.
func (c *checker) store(target ast.Expr, b *binding, v value, op string, span ast.Span) {
	if b.t == nil {
		return
	}
	if n, ok := unparen(target).(*ast.Name); ok && op != "=" {
		v = c.binaryOp(op, operand{b.use(n.Span), n}, operand{v, nil}, span)
		c.setVar(b, v, span)
		return
	}
	c.setVar(b, c.replaced(target, b, v, op, span), span)
}

// replaced is the value of target's root after target got the value v.
func (c *checker) replaced(target ast.Expr, b *binding, v value, op string, span ast.Span) value {
	switch e := target.(type) {
	case *ast.Paren:
		return c.replaced(e.X, b, v, op, span)
	case *ast.Name:
		return v
	case *ast.Field:
		old := c.place(e.X, b)
		if old.isBad() || v.isBad() {
			return bad
		}
		t, ok := old.t.(Record)
		if !ok {
			return c.fail(e.Span, ast.CodeNotAssignable, "%s has no fields to assign", c.show(old.t)).value()
		}
		k := -1
		for i, name := range t.Names {
			if name == e.Name.Name {
				k = i
			}
		}
		if k < 0 {
			return c.unknownField(e, t)
		}
		return c.named(old, func(old value) value {
			if op != "=" {
				v = c.binaryOp(op, operand{c.part(old, k), nil}, operand{v, nil}, span)
			}
			v = c.coerce(v, t.Types[k], "the field "+e.Name.Name)
			if v.isBad() {
				return bad
			}
			elems := make([]Expr, len(t.Names))
			for i := range elems {
				if i == k {
					elems[i] = v.x
				} else {
					elems[i] = c.part(old, i).x
				}
			}
			whole := value{t: t, x: &MakeTuple{elems, t}, span: span}
			return c.replaced(e.X, b, whole, "=", span)
		})
	case *ast.Index:
		old := c.place(e.X, b)
		if old.isBad() || v.isBad() {
			return bad
		}
		return c.named(old, func(old value) value {
			return c.replaced(e.X, b, c.update(old, e, v, op), "=", span)
		})
	}
	return bad
}

// place is the present value of a target.
func (c *checker) place(target ast.Expr, b *binding) value {
	switch e := target.(type) {
	case *ast.Paren:
		return c.place(e.X, b)
	case *ast.Name:
		return b.use(e.Span)
	case *ast.Field:
		old := c.place(e.X, b)
		if t, ok := old.t.(Record); ok {
			for i, name := range t.Names {
				if name == e.Name.Name {
					return c.part(old, i)
				}
			}
			return c.unknownField(e, t)
		}
		if !old.isBad() {
			c.fail(e.Span, ast.CodeNotAssignable, "%s has no fields to assign", c.show(old.t))
		}
	case *ast.Index:
		old := c.place(e.X, b)
		if old.isBad() {
			return bad
		}
		return c.indexed(old, e)
	}
	return bad
}

// setVar gives a var a new value of its type.
func (c *checker) setVar(b *binding, v value, span ast.Span) {
	if v.isBad() {
		return
	}
	want := b.t
	if a, ok := want.(Array); ok && len(b.flexible) > 0 {
		dims := append([]ir.Dim(nil), a.Dims...)
		if got, ok := v.t.(Array); ok && len(got.Dims) == len(dims) {
			for i := range dims {
				if b.flexible[i] {
					dims[i] = got.Dims[i]
				}
			}
		}
		want = Array{a.DType, dims}
	}
	v = c.coerce(v, want, "the value of "+b.name)
	if v.isBad() {
		if d := c.lastReport(); d != nil && d.Code == ast.CodeShapeMismatch && len(b.flexible) == 0 && d.Hint == "" {
			d.Hint = "a var keeps its type; sizes that are to change are declared with _"
		} else if d != nil && d.Code == ast.CodeTypeMismatch && b.isIntegerVar() {
			d.Hint = "a var keeps the type of its first value; begin with a float, as in 0.0"
		}
		return
	}
	known := v.info
	def := &Def{Var: b.v, Type: v.t}
	known.konst = nil
	c.defined(def, &known)
	c.emit(&Define{def, v.x})
	b.def, b.t, b.known = def, v.t, known
}

func (b *binding) isIntegerVar() bool {
	a, ok := b.declared.(Array)
	return ok && a.DType == ir.I64
}

// assignTuple is (a, b) = value: all of the right side is computed first.
func (c *checker) assignTuple(s *ast.Assign, t *ast.Tuple) {
	if s.Op != "=" {
		c.fail(s.OpPos, ast.CodeNotAssignable, "several values can be assigned with = only")
	}
	v := c.strong(c.expr(s.Value))
	roots := make([]*binding, len(t.Elems))
	failed := v.isBad()
	for i, e := range t.Elems {
		if _, ok := unparen(e).(*ast.Tuple); ok {
			c.fail(e.Pos(), ast.CodeNotAssignable, "tuples of tuples can't be assigned to")
			failed = true
			continue
		}
		roots[i] = c.assigned(e)
		failed = failed || roots[i] == nil
	}
	if failed {
		return
	}
	n := len(t.Elems)
	isRows := false
	if a, ok := v.array(); ok && len(a.Dims) > 0 && c.compareDims(a.Dims[0], ir.Size(int64(n))) == equal {
		isRows = true
	} else if tt, ok := v.t.(Tuple); !ok || len(tt.Elems) != n {
		c.fail(s.Span, ast.CodeTypeMismatch, "%d values are wanted, and this is %s", n, c.show(v.t))
		return
	}
	v = c.asDefined(v)
	for i, e := range t.Elems {
		var part value
		if isRows {
			part = c.gatherPoint(again(v), intValue(int64(i), s.Span), s.Span)
		} else {
			part = c.part(v, i)
		}
		part.span = s.Value.Pos()
		c.store(e, roots[i], part, "=", s.Span)
	}
}
