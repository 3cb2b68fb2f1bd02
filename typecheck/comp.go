package typecheck

import (
	"math"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Comprehensions and reductions over generators.

// An inferredRange is the range of a binder without "in": that of the axes which
// it indexes alone.
type inferredRange struct {
	name     string
	atom     ir.Atom
	dim      *ir.Dim
	span     ast.Span // where dim comes from
	checks   []ir.Dim // sizes that must be dim at run time
	offsets  []offsetIndex
	captured bool
}

// An offsetIndex is an index made from a binder whose range is not known yet.
type offsetIndex struct {
	index, dim ir.Dim
	span       ast.Span
}

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
	inside := false
	eachDim(v.t, func(d ir.Dim) { inside = inside || c.madeInside(d, mark) })
	if inside {
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
			what: "the binder " + name.Name, inferred: r.inferred, home: c.ctx.block,
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

// inferRange looks for places in a comprehension where the binder alone indexes
// an axis of an array with a name.
func (c *checker) inferRange(r *inferredRange, e *ast.Comprehension) {
	hidden := map[string]bool{}
	for _, name := range boundNames(e) {
		hidden[name] = true
	}
	var visit func(ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Comprehension:
			if n != e {
				for _, b := range binders(n) {
					if b.Name.Name == r.name {
						return false
					}
				}
			}
		case *ast.Lambda:
			for _, p := range n.Params {
				if p.Name.Name == r.name {
					return false
				}
			}
		case *ast.Index:
			name, ok := unparen(n.X).(*ast.Name)
			if !ok || hidden[name.Name] {
				return true
			}
			b := c.lookup(name.Name)
			if b == nil || b.pending {
				return true
			}
			a, ok := b.t.(Array)
			if !ok {
				return true
			}
			axis := 0
			for _, item := range n.Items {
				if item.Kind == ast.ItemNewAxis {
					continue
				}
				if item.Kind == ast.ItemEllipsis || axis >= len(a.Dims) {
					break
				}
				if x, ok := item.X.(*ast.Name); ok && item.Kind == ast.ItemExpr {
					if x.Name == r.name && r.dim == nil {
						r.dim, r.span = &a.Dims[axis], item.Span
						return false
					}
					if m := c.lookup(x.Name); m != nil {
						if ma, ok := m.t.(Array); ok && ma.DType == ir.Bool {
							axis += len(ma.Dims) - 1
						}
					}
				}
				axis++
			}
		}
		return r.dim == nil
	}
	ast.Walk(e, visit)
}

// noteIndex records that v, written as e, indexes an axis of size dim.
func (c *checker) noteIndex(v value, e ast.Expr, dim ir.Dim) {
	if n, ok := unparen(e).(*ast.Name); ok {
		b := c.lookup(n.Name)
		if b == nil || b.inferred == nil {
			return
		}
		r := b.inferred
		switch {
		case r.dim == nil:
			r.dim, r.span = &dim, n.Span
		case dim.Equal(*r.dim):
		case c.compareDims(dim, *r.dim) == different:
			d := c.fail(n.Span, ast.CodeShapeMismatch, "%s runs over axes of different sizes: %s and %s", n.Name, c.showDim(*r.dim), c.showDim(dim))
			d.Labels = append([]ast.Label{{Span: r.span, Text: "size " + c.showDim(*r.dim)}, {Span: n.Span, Text: "size " + c.showDim(dim)}}, d.Labels...)
			d.Hint = "give the range: for " + n.Name + " in 0..n"
		default:
			r.checks = append(r.checks, dim)
		}
		return
	}
	if v.size == nil {
		return
	}
	v.size.Atoms(func(a ir.Atom) bool {
		r := c.inferredAtoms[a]
		if r == nil {
			return true
		}
		o := offsetIndex{*v.size, dim, e.Pos()}
		if r.dim == nil {
			r.offsets = append(r.offsets, o)
		} else {
			c.checkOffset(r, o)
		}
		return false
	})
}

// checkOffset reports an index made from a binder that may leave its axis.
func (c *checker) checkOffset(r *inferredRange, o offsetIndex) {
	if c.nonnegative(o.index) && c.notAbove(c.must("+", o.index, ir.Size(1)), o.dim) {
		return
	}
	d := c.fail(o.span, ast.CodeAmbiguousRange, "the index %s may leave its axis of size %s: %s runs over all of 0..%s",
		o.span.Text(), c.showDim(o.dim), r.name, c.showDim(*r.dim))
	d.Labels = append([]ast.Label{{Span: r.span, Text: "this gives " + r.name + " its range"}}, d.Labels...)
	d.Hint = "give the range: for " + r.name + " in a..b"
}

// settleInferred finishes the ranges that the body has determined.
func (c *checker) settleInferred(ranges []*binderRange, mark ir.Atom) bool {
	ok := true
	for _, r := range ranges {
		inf := r.inferred
		if inf == nil {
			continue
		}
		delete(c.inferredAtoms, inf.atom)
		if inf.dim == nil {
			d := c.fail(r.binder.Name.Span, ast.CodeAmbiguousRange, "nothing gives %s its range: no axis is indexed by %s alone", inf.name, inf.name)
			d.Hint = "give the range: for " + inf.name + " in a..b"
			ok = false
			continue
		}
		if c.madeInside(*inf.dim, mark) {
			d := c.fail(r.binder.Name.Span, ast.CodeAmbiguousRange, "the axis that gives %s its range is made inside of the comprehension", inf.name)
			d.Hint = "give the range: for " + inf.name + " in a..b"
			ok = false
			continue
		}
		r.count = *inf.dim
		if last, fine := r.count.Sub(ir.Size(1)); fine {
			c.upper[inf.atom] = []ir.Dim{last}
		}
		for _, o := range inf.offsets {
			c.checkOffset(inf, o)
		}
		for _, d := range inf.checks {
			if c.madeInside(d, mark) {
				continue
			}
			x, y := sizeValue(r.count, r.binder.Name.Span), sizeValue(d, r.binder.Name.Span)
			message := inf.name + " runs over axes of different sizes: {0} and {1}"
			cond := c.elementwise(ir.Eq, ir.Bool, []value{x, y}, r.binder.Name.Span)
			c.emit(c.check(cond, ast.CodeShapeMismatch, message, []value{x, y}, r.binder.Name.Span))
		}
	}
	return ok
}

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
