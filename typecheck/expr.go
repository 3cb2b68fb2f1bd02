package typecheck

import (
	"slices"
	"sort"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Expressions.

// expr checks an expression. One without a value is a mistake.
func (c *checker) expr(e ast.Expr) value {
	v := c.exprOrNothing(e)
	if _, unit := v.t.(Unit); unit {
		return c.fail(e.Pos(), ast.CodeMissingValue, "this has no value").value()
	}
	v.span = e.Pos()
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
		c.expr(e.X)
		return c.notYet("the derivative f'", e.Span)
	case *ast.Nabla:
		c.expr(e.X)
		return c.notYet("the gradient ∇", e.Span)
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
		if b.fn.notYet != "" {
			return c.notYet(b.fn.notYet, span)
		}
		return functionValue(b.fn, span)
	case b.module != nil:
		return c.fail(span, ast.CodeTypeMismatch, "%s is a module; write %s.name", b.name, b.name).value()
	case b.pending:
		d := c.fail(span, ast.CodeUseBefore, "%s is used before line %d gives it a value", b.name, b.span.Line())
		d.Labels = append(d.Labels, ast.Label{Span: b.span, Text: "declared here"})
		return d.value()
	}
	if b.context != nil && b.context != c.ctx && b.v != nil && b.v.Global {
		if b.mutable {
			d := c.fail(span, ast.CodeUnknownName, "a function does not see the var %s", b.name)
			d.Hint = "pass it as an argument, or declare it with let"
			return d.value()
		}
		if fn := c.functionSpan(); fn.Source == b.span.Source && fn.IsValid() && b.span.Start > fn.Start {
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

func (c *checker) unknownName(name string, span ast.Span) value {
	d := c.fail(span, ast.CodeUnknownName, "%s is not known here", name)
	if near := suggest(name, c.visibleNames()); near != "" {
		d.Hint = "did you mean " + near + "?"
	} else if full := c.moduleOf(name); full != "" {
		d.Hint = "it is in a module: write " + full
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
	return append(names, c.universeNames()...)
}

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

// rangeArray is lo..hi or lo..hi..step as an array.
func (c *checker) rangeArray(e *ast.Range) value {
	r, ok := c.rangeOf(e)
	if !ok {
		return bad
	}
	return c.withRange(r, func(lo, hi ir.Dim) value {
		count := c.rangeCount(lo, hi, r)
		t := Array{ir.I64, []ir.Dim{count}}
		v := value{t: t, x: &Op{Code: ir.Iota, Attr: ir.DimsAttr{Dims: t.Dims}, T: t, Span: e.Span}, span: e.Span}
		if !r.step.IsConst(1) {
			v = c.elementwise(ir.Mul, ir.I64, []value{v, sizeValue(r.step, e.Span)}, e.Span)
		}
		if !lo.IsConst(0) {
			v = c.elementwise(ir.Add, ir.I64, []value{v, sizeValue(lo, e.Span)}, e.Span)
		}
		return v
	})
}

// A rangeValue is the range of a loop, a binder, or an array.
type rangeValue struct {
	lo, hi value // i64 scalars
	step   ir.Dim
	span   ast.Span
}

// constStep is the step if it is known before running.
func (r *rangeValue) constStep() (int64, bool) { return r.step.Const() }

func (c *checker) rangeOf(e *ast.Range) (rangeValue, bool) {
	r := rangeValue{step: ir.Size(1), span: e.Span}
	bound := func(x ast.Expr) (value, bool) {
		v := c.strong(c.expr(x))
		if v.isBad() {
			return bad, false
		}
		if !v.isScalar(ir.I64) {
			d := c.fail(x.Pos(), ast.CodeTypeMismatch, "a range is made of integers, and this is %s", c.show(v.t))
			d.Hint = "arange and linspace make arrays of floats"
			return bad, false
		}
		return v, true
	}
	var ok1, ok2 bool
	r.lo, ok1 = bound(e.Lo)
	r.hi, ok2 = bound(e.Hi)
	if e.Step != nil {
		step, ok := bound(e.Step)
		switch {
		case !ok:
			return r, false
		case step.konst == nil:
			step = c.asDefined(step)
			zero := c.elementwise(ir.Eq, ir.Bool, []value{again(step), intValue(0, e.Step.Pos())}, e.Step.Pos())
			c.emit(c.check(c.elementwise(ir.Not, ir.Bool, []value{zero}, e.Step.Pos()), ast.CodeIndex, "the step of a range can't be 0", nil, e.Step.Pos()))
			r.step = *step.size
			return r, ok1 && ok2
		case step.konst.i == 0:
			c.fail(e.Step.Pos(), ast.CodeIndex, "the step of a range can't be 0")
			return r, false
		}
		r.step = ir.Size(step.konst.i)
	}
	return r, ok1 && ok2
}

// withRange gives the bounds of a range as sizes.
func (c *checker) withRange(r rangeValue, body func(lo, hi ir.Dim) value) value {
	return c.scalarSize(r.lo, func(lo ir.Dim) value {
		return c.scalarSize(r.hi, func(hi ir.Dim) value { return body(lo, hi) })
	})
}

// rangeCount is how many elements a range has; it may come out below zero.
func (c *checker) rangeCount(lo, hi ir.Dim, r rangeValue) ir.Dim {
	if step, ok := r.constStep(); ok {
		return c.stepCount(lo, hi, step)
	}
	// Rounded up: (hi - lo + step - sign(step)) // step.
	step := sizeValue(r.step, r.span)
	sign := c.elementwise(ir.Sign, ir.I64, []value{step}, r.span)
	span := c.arithmetic("-", []value{sizeValue(hi, r.span), sizeValue(lo, r.span)}, r.span)
	up := c.arithmetic("-", []value{c.arithmetic("+", []value{span, step}, r.span), sign}, r.span)
	count := c.asDefined(value{t: step.t, x: c.arithmetic("//", []value{up, again(step)}, r.span).x, span: r.span})
	return *count.size
}

// stepCount is how many elements a slice or a range with a constant step has.
func (c *checker) stepCount(lo, hi ir.Dim, step int64) ir.Dim {
	if step < 0 {
		lo, hi, step = hi, lo, -step
	}
	count := c.must("-", hi, lo)
	if step == 1 {
		return count
	}
	return c.must("//", c.must("+", count, ir.Size(step-1)), ir.Size(step))
}

func (c *checker) blockExpr(e *ast.Block) value {
	block, v := c.inBlock(func() value { return c.statements(e.Stmts, true) })
	if v.isBad() {
		return v
	}
	if v.t == nil {
		v.t = Unit{}
	}
	v = c.strong(v)
	block.Value = v.x
	v.x = &BlockExpr{block}
	return v
}

// ifExpr is a conditional; one without a value has the type Unit.
func (c *checker) ifExpr(e *ast.If) value {
	cond := c.condition(e.Cond, "if")
	if !cond.isBad() && cond.konst != nil {
		if cond.konst.i != 0 {
			return c.exprOrNothing(e.Then)
		}
		if e.Else == nil {
			return value{t: Unit{}, x: &BlockExpr{&Block{}}, span: e.Span}
		}
		return c.exprOrNothing(e.Else)
	}
	vars := c.assignedIn(e)
	before := saveStates(vars)
	mark := ir.Atom(len(c.atoms))
	branch := func(x ast.Expr) (*Block, value, []state) {
		restoreStates(vars, before)
		var block *Block
		var v value
		switch x := x.(type) {
		case nil:
			block, v = &Block{}, value{t: Unit{}}
		case *ast.Block:
			block, v = c.inBlock(func() value { return c.statements(x.Stmts, true) })
		default:
			block, v = c.inBlock(func() value { return c.exprOrNothing(x) })
		}
		return block, v, saveStates(vars)
	}
	then, tv, ts := branch(e.Then)
	other, ov, os := branch(e.Else)
	if cond.isBad() || tv.isBad() && !diverges(then) || ov.isBad() && !diverges(other) {
		restoreStates(vars, before)
		for _, b := range vars {
			c.forget(b)
		}
		return bad
	}
	node := &If{Cond: cond.x, Then: then, Else: other, T: Unit{}, Span: e.Span}
	switch {
	case diverges(then):
		node.After = c.mergeStates(vars, os, os, mark)
	case diverges(other):
		node.After = c.mergeStates(vars, ts, ts, mark)
	default:
		node.After = c.mergeStates(vars, ts, os, mark)
	}
	result := value{span: e.Span, x: node}
	_, thenUnit := tv.t.(Unit)
	_, otherUnit := ov.t.(Unit)
	switch {
	case diverges(then) && diverges(other):
		then.Value, other.Value = nil, nil
	case diverges(then):
		then.Value = nil
		if !otherUnit {
			ov = c.strong(ov)
			node.T, other.Value = c.escape(ov.t, mark), ov.x
		}
	case diverges(other):
		other.Value = nil
		if !thenUnit {
			tv = c.strong(tv)
			node.T, then.Value = c.escape(tv.t, mark), tv.x
		}
	case thenUnit || otherUnit:
		then.Value, other.Value = effectOnly(then), effectOnly(other)
		if thenUnit != otherUnit && e.Else != nil {
			node.T = Unit{}
		}
	default:
		t, a, b, ok := c.mergeValues(tv, ov, mark, e.Span)
		if !ok {
			return bad
		}
		node.T, then.Value, other.Value = t, a.x, b.x
	}
	if e.Else == nil {
		node.Else = nil
	}
	result.t = node.T
	return result
}

// effectOnly drops the value of a block that nobody uses.
func effectOnly(b *Block) Expr {
	if b.Value != nil {
		if _, unit := b.Value.Type().(Unit); unit {
			b.Stmts = append(b.Stmts, &Eval{b.Value})
		}
	}
	return nil
}

// condition checks the head of an if or while: a bool scalar.
func (c *checker) condition(e ast.Expr, what string) value {
	v := c.strong(c.expr(e))
	if v.isBad() {
		return bad
	}
	a, ok := v.array()
	if !ok || a.DType != ir.Bool {
		d := c.fail(e.Pos(), ast.CodeTypeMismatch, "%s wants a bool, and this is %s", what, c.show(v.t))
		if ok {
			d.Hint = "compare, as in x != 0"
		}
		return d.value()
	}
	if len(a.Dims) != 0 {
		d := c.fail(e.Pos(), ast.CodeShapeMismatch, "%s wants one bool, and this is %s", what, c.show(v.t))
		d.Hint = "use any( ) or all( ), or where(c, a, b) to choose element by element"
		return d.value()
	}
	return v
}

// mergeValues finds the type that the values of two branches share.
func (c *checker) mergeValues(x, y value, mark ir.Atom, span ast.Span) (t Type, a, b value, ok bool) {
	if x.lit != nil || y.lit != nil {
		if _, isArray := x.array(); isArray {
			if _, isArray := y.array(); isArray {
				both := c.meet([]value{x, y})
				x, y = both[0], both[1]
			}
		}
	}
	x, y = c.strong(x), c.strong(y)
	if x.isBad() || y.isBad() {
		return nil, bad, bad, false
	}
	shared := map[string]ir.Dim{}
	t, ok = c.mergeTypes(x.t, y.t, mark, shared)
	if !ok {
		d := c.fail(span, ast.CodeShapeMismatch, "the branches give %s and %s", c.show(x.t), c.show(y.t))
		d.Labels = append([]ast.Label{{Span: x.span, Text: c.show(x.t)}, {Span: y.span, Text: c.show(y.t)}}, d.Labels...)
		ax, okx := x.array()
		ay, oky := y.array()
		if !okx || !oky {
			d.Code = ast.CodeBranchMismatch
		} else if len(ax.Dims) != len(ay.Dims) {
			d.Notes = append(d.Notes, "one has "+itoa(len(ax.Dims))+" axes, the other "+itoa(len(ay.Dims)))
		}
		return nil, bad, bad, false
	}
	return t, c.convertTo(x, t), c.convertTo(y, t), true
}

// convertTo gives v the dtypes of t; sizes stay as they are.
func (c *checker) convertTo(v value, t Type) value {
	switch t := t.(type) {
	case Array:
		return c.convert(v, t.DType)
	case Tuple, Record:
		same := structureDTypes(v.t) == structureDTypes(t)
		if same {
			return v
		}
		return c.named(v, func(v value) value {
			var elems []Expr
			var types []Type
			for i, p := range partTypes(t) {
				w := c.convertTo(c.part(v, i), p)
				elems, types = append(elems, w.x), append(types, w.t)
			}
			var nt Type = Tuple{types}
			if r, ok := t.(Record); ok {
				nt = Record{r.Names, types}
			}
			return value{t: nt, x: &MakeTuple{elems, nt}, span: v.span}
		})
	}
	return v
}

func structureDTypes(t Type) string {
	switch t := t.(type) {
	case Array:
		return t.DType.String()
	case Tuple, Record:
		s := "("
		for _, p := range partTypes(t) {
			s += structureDTypes(p) + ","
		}
		return s + ")"
	}
	return ""
}

func partTypes(t Type) []Type {
	switch t := t.(type) {
	case Tuple:
		return t.Elems
	case Record:
		return t.Types
	case Function:
		return t.Captures
	}
	return nil
}

// mergeTypes is the type of what may be an x or a y. Sizes that are neither
// equal nor different, or that were made inside (after mark), give new ones.
func (c *checker) mergeTypes(x, y Type, mark ir.Atom, shared map[string]ir.Dim) (Type, bool) {
	switch x := x.(type) {
	case Array:
		y, ok := y.(Array)
		if !ok || len(x.Dims) != len(y.Dims) || (x.DType == ir.Text) != (y.DType == ir.Text) {
			return nil, false
		}
		t := Array{DType: x.DType}
		if x.DType != y.DType {
			t.DType = widen(x.DType, y.DType)
		}
		for i, d := range x.Dims {
			switch e := y.Dims[i]; c.compareDims(d, e) {
			case different:
				return nil, false
			case equal:
				t.Dims = append(t.Dims, c.escapeDim(d, mark, shared))
			default:
				key := d.Key() + "|" + e.Key()
				if _, ok := shared[key]; !ok {
					shared[key] = c.freshSize("", ast.Span{})
				}
				t.Dims = append(t.Dims, shared[key])
			}
		}
		return t, true
	case Tuple:
		y, ok := y.(Tuple)
		if !ok || len(x.Elems) != len(y.Elems) {
			return nil, false
		}
		elems, ok := c.mergeAll(x.Elems, y.Elems, mark, shared)
		return Tuple{elems}, ok
	case Record:
		y, ok := y.(Record)
		if !ok || !slices.Equal(x.Names, y.Names) {
			return nil, false
		}
		elems, ok := c.mergeAll(x.Types, y.Types, mark, shared)
		return Record{x.Names, elems}, ok
	case Function:
		y, ok := y.(Function)
		if !ok || x.Value != y.Value {
			return nil, false
		}
		elems, ok := c.mergeAll(x.Captures, y.Captures, mark, shared)
		return Function{x.Value, elems}, ok
	}
	return x, c.sameType(x, y)
}

func (c *checker) mergeAll(xs, ys []Type, mark ir.Atom, shared map[string]ir.Dim) ([]Type, bool) {
	out := make([]Type, len(xs))
	for i := range xs {
		t, ok := c.mergeTypes(xs[i], ys[i], mark, shared)
		if !ok {
			return nil, false
		}
		out[i] = t
	}
	return out, true
}

// escape is the type of a value outside of the region that it was made in: sizes
// made inside (after mark) are not known there before.
func (c *checker) escape(t Type, mark ir.Atom) Type {
	shared := map[string]ir.Dim{}
	return mapDims(t, func(d ir.Dim) ir.Dim { return c.escapeDim(d, mark, shared) })
}

func (c *checker) escapeDim(d ir.Dim, mark ir.Atom, shared map[string]ir.Dim) ir.Dim {
	if !c.madeInside(d, mark) {
		return d
	}
	key := d.Key()
	if _, ok := shared[key]; !ok {
		shared[key] = c.freshSize("", ast.Span{})
	}
	return shared[key]
}

// madeInside reports whether d is made of atoms that are newer than mark.
func (c *checker) madeInside(d ir.Dim, mark ir.Atom) bool {
	inside := false
	c.leaves(d, func(a ir.Atom) { inside = inside || a >= mark })
	return inside
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
		if b.inferred != nil {
			b.inferred.captured = true
		}
		if b.t == nil || b.def == nil || b.known.konst != nil {
			f.statics[name] = b
			continue
		}
		v := b.use(e.Span)
		f.captured = append(f.captured, capturedName{name, b.v, b.known})
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
