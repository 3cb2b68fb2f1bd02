package typecheck

import (
	"fmt"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Indexing: x[i], slices, gathers, masks, and their assignment.

// A selection is an index taken apart.
type selection struct {
	x        value
	stmts    []Stmt // names and checks that come first
	spec     []byte // one letter for each axis of x, as in ir.IndexAttr
	ranges   []ir.RangeAttr
	starts   []value // for each axis: where its range begins, or its point, or its table
	wrap     bool
	table    []ir.Dim // the shape that all tables share
	dims     []ir.Dim // of the result, with new axes
	inserted bool     // has new axes
	mask     *value   // the mask, if it is all of the index and covers all of x
}

func (c *checker) index(e *ast.Index) value {
	x := c.expr(e.X)
	if x.isBad() {
		for _, item := range e.Items {
			if item.X != nil {
				c.expr(item.X)
			}
		}
		return bad
	}
	return c.indexed(x, e)
}

// indexed is x[items].
func (c *checker) indexed(x value, e *ast.Index) value {
	x = c.strong(x)
	if isStructure(x.t) {
		return c.tupleIndex(x, e)
	}
	if x.elems != nil && len(e.Items) == 1 && e.Items[0].Kind == ast.ItemExpr {
		if v, ok := c.knownElement(x, e); ok {
			return v
		}
	}
	s, ok := c.selection(x, e)
	if !ok {
		return bad
	}
	return c.selected(s, e.Span)
}

// knownElement is an element of a vector whose elements are known sizes.
func (c *checker) knownElement(x value, e *ast.Index) (value, bool) {
	if u, ok := e.Items[0].X.(*ast.Unary); !ok || u.Op != "-" {
		if _, number := e.Items[0].X.(*ast.Number); !number {
			return bad, false
		}
	}
	i := c.strong(c.expr(e.Items[0].X))
	if i.konst == nil || i.konst.kind != ir.I64 {
		return bad, false
	}
	k, n := i.konst.i, int64(len(x.elems))
	if k < -n || k >= n {
		return c.indexRange(i.span, k, n, x), true
	}
	return sizeValue(x.elems[(k+n)%n], e.Span), true
}

func (c *checker) indexRange(span ast.Span, index, n int64, x value) value {
	d := c.fail(span, ast.CodeIndex, "index %d is out of range for size %d", index, n)
	if n == 0 {
		d.Notes = append(d.Notes, "it has no elements")
	} else {
		d.Notes = append(d.Notes, fmt.Sprintf("%s has the indices 0 to %d, or -%d to -1 from the end", c.show(x.t), n-1, n))
	}
	return bad
}

func (c *checker) tupleIndex(x value, e *ast.Index) value {
	t, ok := x.t.(Tuple)
	if !ok {
		return c.fail(e.Span, ast.CodeTypeMismatch, "a record has named fields, not positions: %s", c.show(x.t)).value()
	}
	if len(e.Items) != 1 || e.Items[0].Kind != ast.ItemExpr {
		return c.fail(e.Span, ast.CodeRank, "a tuple takes one index").value()
	}
	i := c.strong(c.expr(e.Items[0].X))
	if i.isBad() {
		return bad
	}
	if i.konst == nil || i.konst.kind != ir.I64 {
		d := c.fail(i.span, ast.CodeNotConstant, "the index of a tuple must be known before running")
		d.Hint = "make an array of it: [a, b] can be indexed by any i64"
		return d.value()
	}
	k, n := i.konst.i, int64(len(t.Elems))
	if k < -n || k >= n {
		return c.fail(i.span, ast.CodeIndex, "index %d is out of range for a tuple of %d parts", k, n).value()
	}
	return c.named(x, func(x value) value { return c.part(x, int((k+n)%n)) })
}

// temp gives v a name among the statements of the selection.
func (s *selection) temp(c *checker, v value) value {
	if v.isBad() || simple(v.x) {
		return v
	}
	def := &Def{Var: &Var{Span: v.span}, Type: v.t}
	c.defined(def, &v.info)
	s.stmts = append(s.stmts, &Define{def, v.x})
	v.x = &Local{def}
	return v
}

// sizeOf is an i64 scalar as a size.
func (s *selection) sizeOf(c *checker, v value) ir.Dim {
	if v.size != nil {
		return *v.size
	}
	return *s.temp(c, v).size
}

func (c *checker) selection(x value, e *ast.Index) (*selection, bool) {
	a, ok := x.array()
	if !ok {
		c.fail(e.Span, ast.CodeTypeMismatch, "this can't be indexed: %s", c.show(x.t))
		return nil, false
	}
	values, consumed, ellipses, ok := c.itemValues(e)
	if !ok {
		return nil, false
	}
	if len(a.Dims) == 0 && consumed > 0 {
		c.fail(e.Span, ast.CodeIndex, "a number can't be indexed: %s has no axes", c.show(x.t))
		return nil, false
	}
	if consumed > len(a.Dims) || ellipses > 1 {
		if ellipses > 1 {
			c.fail(e.Span, ast.CodeRank, "an index has one ... at most")
		} else {
			c.fail(e.Span, ast.CodeRank, "%d indices for %s, which has %s", consumed, c.show(x.t), axesOf(len(a.Dims)))
		}
		return nil, false
	}
	s := &selection{x: x}
	axis := 0
	whole := func(n int) {
		for range n {
			s.spec = append(s.spec, ':')
			s.starts = append(s.starts, intValue(0, e.Span))
			s.dims = append(s.dims, s.x.t.(Array).Dims[axis])
			axis++
		}
	}
	firstTable, lastFancy, gap := -1, -1, false
	fancy := func() {
		if lastFancy >= 0 && lastFancy != len(s.spec)-1 {
			gap = true
		}
		lastFancy = len(s.spec)
	}
	for i, item := range e.Items {
		switch item.Kind {
		case ast.ItemEllipsis:
			whole(len(a.Dims) - consumed)
		case ast.ItemNewAxis:
			s.dims = append(s.dims, ir.Size(1))
			s.inserted = true
			if lastFancy >= 0 {
				lastFancy = -2
			}
		case ast.ItemSlice:
			if item.Lo == nil && item.Hi == nil && item.Step == nil {
				whole(1)
				continue
			}
			if !c.slice(s, item, s.x.t.(Array).Dims[axis]) {
				return nil, false
			}
			axis++
		case ast.ItemExpr:
			v := values[i]
			va := v.t.(Array)
			dim := s.x.t.(Array).Dims[axis]
			switch {
			case va.DType == ir.Bool:
				idx, ok := c.maskIndex(s, v, axis, e)
				if !ok {
					return nil, false
				}
				if lastFancy == -2 {
					gap = true
				}
				fancy()
				if firstTable < 0 {
					firstTable = len(s.dims)
				}
				s.spec = append(s.spec, 't')
				s.starts = append(s.starts, idx)
			case len(va.Dims) == 0:
				if !c.point(s, v, item.X, dim) {
					return nil, false
				}
				if lastFancy == -2 {
					gap = true
				}
				fancy()
				s.spec = append(s.spec, '@')
				s.starts = append(s.starts, v)
			default:
				if lastFancy == -2 {
					gap = true
				}
				fancy()
				if firstTable < 0 {
					firstTable = len(s.dims)
				}
				s.wrap = true
				s.spec = append(s.spec, 't')
				s.starts = append(s.starts, v)
			}
			axis++
		}
	}
	whole(len(s.x.t.(Array).Dims) - axis)
	if firstTable >= 0 {
		if gap {
			d := c.fail(e.Span, ast.CodeIndex, "index arrays, and integers with them, must stand side by side")
			d.Hint = "index in two steps, or transpose first"
			return nil, false
		}
		if !c.shareTables(s, e) {
			return nil, false
		}
		dims := append([]ir.Dim(nil), s.dims[:firstTable]...)
		dims = append(dims, s.table...)
		s.dims = append(dims, s.dims[firstTable:]...)
	}
	return s, true
}

func axesOf(n int) string {
	if n == 1 {
		return "one axis"
	}
	return itoa(n) + " axes"
}

// itemValues checks the expressions of an index and counts the axes they take.
func (c *checker) itemValues(e *ast.Index) (values []value, consumed, ellipses int, ok bool) {
	values = make([]value, len(e.Items))
	ok = true
	for i, item := range e.Items {
		switch item.Kind {
		case ast.ItemEllipsis:
			ellipses++
		case ast.ItemSlice:
			consumed++
		case ast.ItemExpr:
			v := c.strong(c.expr(item.X))
			values[i] = v
			a, isArray := v.array()
			if isArray && len(a.Dims) == 1 && a.Dims[0].IsConst(0) && a.DType == ir.F64 {
				v = c.convert(v, ir.I64) // [] is an index of nothing
				values[i], a = v, v.t.(Array)
			}
			switch {
			case v.isBad():
				ok = false
			case !isArray || a.DType != ir.I64 && a.DType != ir.Bool:
				d := c.fail(item.Span, ast.CodeIndex, "an index is an integer, an array of them, or a mask of bools, and this is %s", c.show(v.t))
				if isArray && a.DType.IsFloat() {
					d.Hint = "convert it with i64( )"
				}
				ok = false
			case a.DType == ir.Bool && len(a.Dims) == 0:
				c.fail(item.Span, ast.CodeIndex, "one bool is no index")
				ok = false
			case a.DType == ir.Bool:
				consumed += len(a.Dims)
			default:
				consumed++
			}
		}
	}
	return values, consumed, ellipses, ok
}

// point checks an index by one integer against the size of its axis.
func (c *checker) point(s *selection, v value, e ast.Expr, dim ir.Dim) bool {
	c.noteIndex(v, e, dim)
	if n, known := dim.Const(); known && v.konst != nil {
		if k := v.konst.i; k < -n || k >= n {
			c.indexRange(v.span, k, n, s.x)
			return false
		}
	}
	if v.size == nil || !c.nonnegative(*v.size) {
		s.wrap = true
	}
	return true
}

// maskIndex is the table of indices where a mask holds. A mask of several axes
// makes one axis of those of x.
func (c *checker) maskIndex(s *selection, mask value, axis int, e *ast.Index) (value, bool) {
	a := mask.t.(Array)
	xa := s.x.t.(Array)
	want := append([]ir.Dim(nil), xa.Dims[axis:axis+len(a.Dims)]...)
	needsCheck := false
	for i, d := range a.Dims {
		switch c.compareDims(d, want[i]) {
		case different:
			f := c.fail(mask.span, ast.CodeShapeMismatch, "the mask is %s, and what it masks is %s", c.show(a), c.show(xa))
			f.Notes = append(f.Notes, c.explainSizes(d, want[i])...)
			return bad, false
		case undecided:
			needsCheck = true
		}
	}
	if len(e.Items) == 1 && len(a.Dims) == len(xa.Dims) {
		m := s.temp(c, mask)
		mask = m
		s.mask = &m
	}
	original := mask
	if needsCheck {
		mask = c.retype(again(mask), want, "the mask is "+sizePattern(len(want), 0)+", and what it masks is "+sizePattern(len(want), len(want)))
		if s.mask != nil {
			s.mask = &mask
			m := s.temp(c, mask)
			mask = m
			s.mask = &m
		}
	}
	if len(a.Dims) > 1 {
		merged := ir.Size(1)
		for _, d := range want {
			merged = c.must("*", merged, d)
		}
		mask = c.reshaped(again(mask), []ir.Dim{merged}, mask.span)
		dims := append([]ir.Dim(nil), xa.Dims[:axis]...)
		dims = append(dims, merged)
		dims = append(dims, xa.Dims[axis+len(a.Dims):]...)
		s.x = c.reshaped(s.x, dims, e.Span)
	} else if idx, ok := c.knownMask(original); ok && !needsCheck {
		return idx, true
	}
	return s.temp(c, c.nonzero(again(mask))), true
}

// nonzero is the vector of indices where a mask of one axis holds.
func (c *checker) nonzero(mask value) value {
	t := Array{ir.I64, []ir.Dim{c.freshSize("", mask.span)}}
	return value{t: t, x: &Op{Code: ir.Nonzero, Args: []Expr{mask.x}, T: t, Span: mask.span}, span: mask.span}
}

// knownMask is the vector of indices of a mask that has a name: the same for all
// its uses, so that x[m] fits y[m]. It is computed where the mask is defined.
func (c *checker) knownMask(mask value) (value, bool) {
	local, ok := mask.x.(*Local)
	if !ok {
		return bad, false
	}
	if def, ok := c.masks[local.Def]; ok {
		return value{t: def.Type, x: &Local{def}, span: mask.span}, true
	}
	idx := c.nonzero(again(mask))
	def := &Def{Var: &Var{Span: mask.span}, Type: idx.t}
	for block := c.ctx.block; block != nil; block = block.outer {
		for i, s := range block.stmts {
			if d, ok := s.(*Define); ok && d.Def == local.Def {
				rest := append([]Stmt{&Define{def, idx.x}}, block.stmts[i+1:]...)
				block.stmts = append(block.stmts[:i+1:i+1], rest...)
				c.masks[local.Def] = def
				return value{t: def.Type, x: &Local{def}, span: mask.span}, true
			}
		}
		if block.outer == nil && block.params[local.Def] {
			block.stmts = append([]Stmt{&Define{def, idx.x}}, block.stmts...)
			c.masks[local.Def] = def
			return value{t: def.Type, x: &Local{def}, span: mask.span}, true
		}
	}
	return bad, false
}

// shareTables gives all index tables one shape.
func (c *checker) shareTables(s *selection, e *ast.Index) bool {
	var tables []value
	for i, letter := range s.spec {
		if letter == 't' {
			tables = append(tables, s.starts[i])
		}
	}
	dims, ok := c.broadcastDims(tables)
	if !ok {
		operands := make([]operand, len(tables))
		for i, t := range tables {
			operands[i] = operand{t, nil}
		}
		c.broadcastError("index", operands, e.Span)
		return false
	}
	s.table = dims
	for i, letter := range s.spec {
		if letter == 't' {
			s.starts[i] = c.broadcast(s.starts[i], dims)
		}
	}
	return true
}

// slice takes a slice of an axis of size n.
func (c *checker) slice(s *selection, item ast.Item, n ir.Dim) bool {
	step := int64(1)
	if item.Step != nil {
		v := c.strong(c.expr(item.Step))
		switch {
		case v.isBad():
			return false
		case v.konst == nil || v.konst.kind != ir.I64:
			c.fail(item.Step.Pos(), ast.CodeNotConstant, "the step of a slice must be an integer known before running")
			return false
		case v.konst.i == 0:
			c.fail(item.Step.Pos(), ast.CodeIndex, "the step of a slice can't be 0")
			return false
		}
		step = v.konst.i
	}
	bound := func(x ast.Expr) (value, bool, bool) {
		if x == nil {
			return bad, false, true
		}
		v := c.strong(c.expr(x))
		if v.isBad() {
			return bad, false, false
		}
		if !v.isScalar(ir.I64) {
			c.fail(x.Pos(), ast.CodeIndex, "the bound of a slice is an integer, and this is %s", c.show(v.t))
			return bad, false, false
		}
		u, isUnary := unparen(x).(*ast.Unary)
		fromEnd := isUnary && u.Op == "-" || v.konst != nil && v.konst.i < 0
		return v, fromEnd, true
	}
	lo, loEnd, ok1 := bound(item.Lo)
	hi, hiEnd, ok2 := bound(item.Hi)
	if !ok1 || !ok2 {
		return false
	}
	size, isNumber := n.Const()
	if isNumber && (item.Lo == nil || lo.konst != nil) && (item.Hi == nil || hi.konst != nil) {
		c.constantSlice(s, lo, hi, item, size, step)
		return true
	}
	first, last := ir.Size(0), n // bounds in the order of the axis
	if step < 0 {
		first, last = c.must("-", n, ir.Size(1)), ir.Size(-1)
	}
	at := func(v value, fromEnd bool) ir.Dim {
		d := s.sizeOf(c, v)
		if fromEnd {
			return c.must("+", n, d)
		}
		return d
	}
	if item.Lo != nil {
		first = at(lo, loEnd)
	}
	if item.Hi != nil {
		last = at(hi, hiEnd)
	}
	low, high, floor, ceiling := first, last, ir.Size(0), n
	if step < 0 {
		low, high, floor, ceiling = last, first, ir.Size(-1), c.must("-", n, ir.Size(1))
	}
	// An empty axis has no last element to begin with.
	if step < 0 && item.Lo == nil && item.Hi == nil {
		low = ir.Size(-1)
	}
	c.sliceCheck(s, item, floor, low, "starts before the array")
	c.sliceCheck(s, item, low, high, "ends before it starts")
	c.sliceCheck(s, item, high, ceiling, "ends behind the array")
	count := c.stepCount(first, last, step)
	if d, ok := n.Sub(ir.Size(0)); ok && step < 0 && item.Lo == nil && item.Hi == nil {
		count = c.must("//", c.must("+", d, ir.Size(-step-1)), ir.Size(-step))
	}
	s.addRange(first, count, step, item.Span)
	return true
}

func (s *selection) addRange(first, count ir.Dim, step int64, span ast.Span) {
	s.spec = append(s.spec, 'r')
	s.ranges = append(s.ranges, ir.RangeAttr{Dim: count, Step: step})
	s.starts = append(s.starts, sizeValue(first, span))
	s.dims = append(s.dims, count)
}

// sliceCheck makes sure that d <= e, at run time unless it is known.
func (c *checker) sliceCheck(s *selection, item ast.Item, d, e ir.Dim, what string) {
	if c.notAbove(d, e) {
		return
	}
	x, y := sizeValue(d, item.Span), sizeValue(e, item.Span)
	message := "the slice " + item.Span.Text() + " " + what + ": {0} is above {1}"
	s.stmts = append(s.stmts, c.check(c.elementwise(ir.Le, ir.Bool, []value{x, y}, item.Span), ast.CodeIndex, message, []value{x, y}, item.Span))
}

// check is a statement that stops the run where cond is false.
func (c *checker) check(cond value, code ast.Code, message string, values []value, span ast.Span) Stmt {
	x := &Op{Code: ir.Check, Attr: ir.CheckAttr{Code: string(code), Message: message}, Args: []Expr{cond.x}, T: Unit{}, Span: span}
	for _, v := range values {
		x.Args = append(x.Args, again(v).x)
	}
	return &Eval{x}
}

// constantSlice cuts a slice of numbers to the array, as NumPy does.
func (c *checker) constantSlice(s *selection, lo, hi value, item ast.Item, n, step int64) {
	cut := func(v value, absent bool, otherwise, low, high int64) int64 {
		if absent {
			return otherwise
		}
		k := v.konst.i
		if k < 0 {
			k += n
		}
		return min(max(k, low), high)
	}
	var first, count int64
	if step > 0 {
		first = cut(lo, item.Lo == nil, 0, 0, n)
		last := cut(hi, item.Hi == nil, n, 0, n)
		if last > first {
			count = (last-first-1)/step + 1
		}
	} else {
		first = cut(lo, item.Lo == nil, n-1, -1, n-1)
		last := cut(hi, item.Hi == nil, -1, -1, n-1)
		if first > last {
			count = (first-last-1)/(-step) + 1
		}
	}
	if count == 0 {
		first = 0
	}
	if count <= 1 {
		step = 1
	}
	s.addRange(ir.Size(first), ir.Size(count), step, item.Span)
}

// selected reads a selection.
func (c *checker) selected(s *selection, span ast.Span) value {
	a := s.x.t.(Array)
	onlyRanges, onlyWhole := true, true
	for _, letter := range s.spec {
		onlyRanges = onlyRanges && (letter == ':' || letter == 'r')
		onlyWhole = onlyWhole && letter == ':'
	}
	v := value{t: s.x.t, x: s.x.x, span: span}
	base := s.baseDims()
	switch {
	case onlyWhole:
	case onlyRanges:
		attr := ir.SliceAttr{}
		x := &Op{Code: ir.Slice, Args: []Expr{s.x.x}, T: Array{a.DType, base}, Span: span}
		next := 0
		for i, letter := range s.spec {
			step := int64(1)
			if letter == 'r' {
				step = s.ranges[next].Step
				next++
			}
			attr.Dims = append(attr.Dims, base[i])
			attr.Steps = append(attr.Steps, step)
			x.Args = append(x.Args, s.starts[i].x)
		}
		x.Attr = attr
		v.t, v.x = x.T, x
	default:
		x := &Op{Code: ir.Gather, Attr: s.attr(), Args: []Expr{s.x.x}, T: Array{a.DType, base}, Span: span}
		x.Args = append(x.Args, s.operands()...)
		v.t, v.x = x.T, x
	}
	if s.inserted {
		v = c.reshaped(v, s.dims, span)
	}
	if len(s.stmts) > 0 {
		v.x = &BlockExpr{&Block{Stmts: s.stmts, Value: v.x}}
	}
	return v
}

// baseDims are the sizes of the result without new axes.
func (s *selection) baseDims() []ir.Dim {
	a := s.x.t.(Array)
	var dims []ir.Dim
	next, placed := 0, false
	for i, letter := range s.spec {
		switch letter {
		case ':':
			dims = append(dims, a.Dims[i])
		case 'r':
			dims = append(dims, s.ranges[next].Dim)
			next++
		case 't':
			if !placed {
				dims = append(dims, s.table...)
				placed = true
			}
		}
	}
	return dims
}

func (s *selection) attr() ir.IndexAttr {
	return ir.IndexAttr{Spec: string(s.spec), Range: s.ranges, Wrap: s.wrap}
}

func (s *selection) operands() []Expr {
	var args []Expr
	for i, letter := range s.spec {
		if letter != ':' {
			args = append(args, s.starts[i].x)
		}
	}
	return args
}

// reshaped is v with other sizes and the same number of elements.
func (c *checker) reshaped(v value, dims []ir.Dim, span ast.Span) value {
	a := v.t.(Array)
	t := Array{a.DType, dims}
	return value{t: t, x: &Op{Code: ir.Reshape, Attr: ir.DimsAttr{Dims: dims}, Args: []Expr{v.x}, T: t, Span: span}, span: span}
}

// gatherPoint is x[i] on the first axis.
func (c *checker) gatherPoint(x, i value, span ast.Span) value {
	a := x.t.(Array)
	s := &selection{x: x, spec: []byte{'@'}, starts: []value{i}}
	for k := 1; k < len(a.Dims); k++ {
		s.spec = append(s.spec, ':')
		s.starts = append(s.starts, intValue(0, span))
	}
	return c.selected(s, span)
}

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
