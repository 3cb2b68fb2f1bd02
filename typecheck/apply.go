package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Application along leading axes.

// applyAlong calls a function for each position on the leading axes of those
// arguments that have more axes than their parameters.
// call calls it with arguments of the ranks that it declares.
func (c *checker) applyAlong(name string, args []value, extra []int, span ast.Span, call func([]value) value) value {
	for i := range args {
		args[i] = c.strong(args[i])
		if args[i].isBad() {
			return bad
		}
	}
	return c.namedAll(args, func(args []value) value {
		var shapes [][]ir.Dim
		for i, v := range args {
			if extra[i] > 0 {
				shapes = append(shapes, v.t.(Array).Dims[:extra[i]])
			}
		}
		lead, ok := c.broadcastShapes(shapes)
		if !ok {
			var parts []string
			for i, v := range args {
				if extra[i] > 0 {
					parts = append(parts, c.show(v.t))
				}
			}
			return c.fail(span, ast.CodeShapeMismatch, "%s is applied along leading axes that do not broadcast: %s", describeFunction(name), strings.Join(parts, ", ")).value()
		}
		node := &Comp{Dims: lead, Span: span}
		mark := ir.Atom(len(c.atoms))
		var result value
		for k := range lead {
			zero := ir.Size(0)
			pop := c.push()
			node.Index = append(node.Index, c.indexDef(ast.Ident{Name: "", Span: span}, &zero, &lead[k]).def)
			pop()
		}
		c.ctx.level++
		node.Body, result = c.inBlock(func() value {
			core := make([]value, len(args))
			for i, v := range args {
				core[i] = again(v)
				if extra[i] > 0 {
					core[i] = c.element(core[i], node.Index[len(lead)-extra[i]:], lead[len(lead)-extra[i]:], span)
					core[i].span = v.span
				}
			}
			return c.strong(call(core))
		})
		c.ctx.level--
		if result.isBad() {
			return bad
		}
		node.Body.Value = result.x
		if c.sizedInside(result.t, mark) {
			return c.fail(span, ast.CodeShapeMismatch, "%s chooses the size of its result, so it can't be applied along leading axes", describeFunction(name)).value()
		}
		t, ok := c.leading(result.t, lead, span)
		if !ok {
			return bad
		}
		node.T = t
		return value{t: t, x: node, span: span}
	})
}

// element is v at the position of the indices on its leading axes; axes of size
// 1 stretch.
func (c *checker) element(v value, index []*Def, lead []ir.Dim, span ast.Span) value {
	a := v.t.(Array)
	dims := append([]ir.Dim(nil), a.Dims...)
	needsCheck := false
	s := &selection{}
	for k, def := range index {
		d := ir.Sized(def.Atom)
		at := value{t: def.Type, x: &Local{def}, info: info{size: &d}, span: span}
		switch {
		case a.Dims[k].IsConst(1):
			at = intValue(0, span)
		case !a.Dims[k].Equal(lead[k]):
			dims[k], needsCheck = lead[k], true
		}
		s.spec = append(s.spec, '@')
		s.starts = append(s.starts, at)
	}
	if needsCheck {
		n := len(dims)
		v = c.retype(v, dims, "leading axes do not broadcast: "+sizePattern(n, 0)+" and "+sizePattern(n, n))
	}
	for k := len(index); k < len(dims); k++ {
		s.spec = append(s.spec, ':')
		s.starts = append(s.starts, intValue(0, span))
	}
	s.x = v
	return c.selected(s, span)
}

// isSizeParam reports whether a parameter is an i64 that types of the signature
// mention.
func (c *checker) isSizeParam(f *FuncValue, p *ast.Param) bool {
	te, ok := p.Type.(*ast.ArrayType)
	if !ok || te.DType != "i64" || len(te.Dims) != 0 {
		return false
	}
	return c.isSizeName(f, p.Name.Name)
}

// isSizeName reports whether types of f's signature mention name as a size.
func (c *checker) isSizeName(f *FuncValue, name string) bool {
	found := false
	visit := func(te ast.TypeExpr) {
		if te == nil {
			return
		}
		eachArrayType(te, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				found = found || indexOf(freeNames(d), name) >= 0
			}
		})
	}
	for _, q := range f.params {
		visit(q.Type)
	}
	visit(f.result)
	return found
}
