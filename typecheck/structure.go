package typecheck

import (
	"slices"
	"sort"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Tuples, records, lists, lambdas.

func (c *checker) makeTuple(parts []value, span ast.Span) value {
	t := Tuple{Elems: make([]Type, len(parts))}
	x := &MakeTuple{Elems: make([]Expr, len(parts))}
	v := value{x: x, span: span}
	for i, p := range parts {
		if p = c.strong(p); p.isBad() {
			return bad
		}
		t.Elems[i], x.Elems[i] = p.t, p.x
		v.parts = append(v.parts, p.info)
	}
	if !c.smallEnough(t, span) {
		return bad
	}
	v.t, x.T = t, t
	v.elems = knownSizes(parts)
	return v
}

// maxParts bounds the arrays that a tuple or record is made of.
const maxParts = 10_000

func (c *checker) smallEnough(t Type, span ast.Span) bool {
	if n := countParts(t); n > maxParts {
		c.fail(span, ast.CodeTooManyChecks, "a type has at most %d parts, and this one has %d", maxParts, n)
		return false
	}
	return true
}

func countParts(t Type) int {
	switch t.(type) {
	case Tuple, Record, Function:
		n := 1
		for _, p := range partTypes(t) {
			n += countParts(p)
		}
		return n
	}
	return 1
}

// knownSizes are the sizes that i64 scalars stand for, nil unless all are known.
func knownSizes(parts []value) []ir.Dim {
	dims := make([]ir.Dim, len(parts))
	for i, p := range parts {
		if p.size == nil {
			return nil
		}
		dims[i] = *p.size
	}
	return dims
}

// makeRecord makes a record of parts with these names, which are distinct.
func (c *checker) makeRecord(names []string, parts []value, span ast.Span) value {
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool { return names[order[a]] < names[order[b]] })
	var t Record
	x := &MakeTuple{}
	v := value{x: x, span: span}
	for _, i := range order {
		p := c.strong(parts[i])
		if p.isBad() {
			return bad
		}
		t.Names = append(t.Names, names[i])
		t.Types = append(t.Types, p.t)
		x.Elems = append(x.Elems, p.x)
		v.parts = append(v.parts, p.info)
	}
	if !c.smallEnough(t, span) {
		return bad
	}
	v.t, x.T = t, t
	return v
}

func (c *checker) record(e *ast.Record) value {
	var names []string
	var parts []value
	failed := false
	set := func(name string, v value) {
		failed = failed || v.isBad()
		if i := slices.Index(names, name); i >= 0 {
			parts[i] = v
			return
		}
		names, parts = append(names, name), append(parts, v)
	}
	var build func(i int) value
	build = func(i int) value {
		if i == len(e.Fields) {
			if failed {
				return bad
			}
			return c.makeRecord(names, parts, e.Span)
		}
		f := e.Fields[i]
		v := c.expr(f.Value)
		if f.Name.Name != "" {
			for _, g := range e.Fields[:i] {
				if g.Name.Name == f.Name.Name {
					c.fail(f.Name.Span, ast.CodeRedeclared, "the field %s is given twice", f.Name.Name)
				}
			}
			set(f.Name.Name, c.strong(v))
			return build(i + 1)
		}
		t, ok := v.t.(Record)
		if !ok {
			if !v.isBad() {
				c.fail(f.Value.Pos(), ast.CodeTypeMismatch, "... wants a record, and this is %s", c.show(v.t))
			}
			failed = true
			return build(i + 1)
		}
		return c.named(v, func(v value) value {
			for k, name := range t.Names {
				set(name, c.part(v, k))
			}
			return build(i + 1)
		})
	}
	return build(0)
}

func (c *checker) list(e *ast.List) value {
	if v, ok := c.numberList(e); ok {
		return v
	}
	elems := make([]value, len(e.Elems))
	weak := true
	for i, x := range e.Elems {
		elems[i] = c.expr(x)
		if elems[i].isBad() {
			for _, rest := range e.Elems[i+1:] {
				c.expr(rest)
			}
			return bad
		}
		if _, ok := elems[i].array(); !ok {
			return c.fail(x.Pos(), ast.CodeTypeMismatch, "an array is made of numbers or arrays, and this is %s", c.show(elems[i].t)).value()
		}
		weak = weak && elems[i].lit != nil
	}
	if weak {
		return c.listLiteral(elems, e.Span)
	}
	met := c.meet(elems)
	for _, v := range met {
		if v.isBad() {
			return bad
		}
	}
	v := c.stackValues(met, met[0].t.(Array).DType, e.Span)
	if !v.isBad() {
		v.elems = knownSizes(met)
	}
	return v
}

func (c *checker) listLiteral(elems []value, span ast.Span) value {
	lit := &literal{op: "list", kind: ir.I64, span: span}
	for i, v := range elems {
		if i > 0 && !slices.EqualFunc(v.lit.dims, elems[0].lit.dims, ir.Dim.Equal) {
			d := c.fail(v.span, ast.CodeShapeMismatch, "the rows of an array have one shape, and these are %s and %s",
				c.shapeOf(elems[0]), c.shapeOf(v))
			d.Labels = append(d.Labels, ast.Label{Span: elems[0].span, Text: "the first"})
			return d.value()
		}
		lit.kind = max(lit.kind, v.lit.kind)
		lit.args = append(lit.args, v.lit)
	}
	lit.dims = []ir.Dim{ir.Size(int64(len(elems)))}
	if len(elems) > 0 {
		lit.dims = append(lit.dims, elems[0].lit.dims...)
	}
	return c.literalValue(lit)
}

func (c *checker) shapeOf(v value) string {
	a, _ := v.t.(Array)
	if len(a.Dims) == 0 {
		return "a number"
	}
	return c.showDims(a.Dims)
}

func (c *checker) lambda(e *ast.Lambda) value {
	f := c.newFunc("")
	f.params, f.body, f.span, f.file = e.Params, e.Body, e.Span, c.ctx.file
	f.statics = map[string]*binding{}
	t := Function{Value: f}
	x := &MakeTuple{}
	own := map[string]bool{}
	for _, p := range e.Params {
		own[p.Name.Name] = true
	}
	for _, name := range freeNames(e) {
		if own[name] {
			continue
		}
		b := c.lookupLocal(name)
		if b == nil || b.pending {
			continue
		}
		if b.t == nil || b.def == nil || b.known.konst != nil {
			f.statics[name] = b
			continue
		}
		v := b.use(e.Span)
		f.captured = append(f.captured, capturedName{name, b.known})
		t.Captures = append(t.Captures, v.t)
		x.Elems = append(x.Elems, v.x)
	}
	if !c.smallEnough(t, e.Span) {
		return bad
	}
	x.T = t
	return value{t: t, x: x, span: e.Span}
}

// lookupLocal finds a name of the function being checked, or a var of the
// script.
func (c *checker) lookupLocal(name string) *binding {
	for s := c.ctx.scope; s != nil; s = s.outer {
		if b := s.names[name]; b != nil {
			return b
		}
	}
	if b := c.ctx.file.names[name]; b != nil && b.mutable && b.context == c.ctx {
		return b
	}
	return nil
}

func (c *checker) newFunc(name string) *FuncValue {
	c.funcs++
	return &FuncValue{Name: name, id: c.funcs}
}
