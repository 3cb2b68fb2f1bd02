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
	if !c.constantIndex(e.Items[0].X) {
		return bad, false
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

// constantIndex reports whether e is made of numbers and constants alone.
func (c *checker) constantIndex(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Number:
		return true
	case *ast.Paren:
		return c.constantIndex(e.X)
	case *ast.Unary:
		return c.constantIndex(e.X)
	case *ast.Binary:
		return c.constantIndex(e.X) && c.constantIndex(e.Y)
	case *ast.Name:
		b := c.lookup(e.Name)
		return b != nil && b.known.konst != nil
	}
	return false
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

// selected reads a selection.
func (c *checker) selected(s *selection, span ast.Span) value {
	a := s.x.t.(Array)
	onlyRanges, onlyWhole := true, true
	for _, letter := range s.spec {
		onlyRanges = onlyRanges && (letter == ':' || letter == 'r')
		onlyWhole = onlyWhole && letter == ':'
	}
	if len(s.stmts) > 0 && !simple(s.x.x) {
		// The checks may read sizes that are known when x is.
		checks := s.stmts
		s.stmts = nil
		s.x = s.temp(c, s.x)
		s.stmts = append(s.stmts, checks...)
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
