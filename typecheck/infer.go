package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// The ranges of binders without "in".

// Comprehensions and reductions over generators.

// An inferredRange is the range of a binder without "in": that of the axes which
// it indexes alone.
type inferredRange struct {
	name    string
	atom    ir.Atom
	dim     *ir.Dim
	span    ast.Span // where dim comes from
	checks  []ir.Dim // sizes that must be dim at run time
	offsets []offsetIndex
}

// An offsetIndex is an index made from a binder whose range is not known yet.
type offsetIndex struct {
	index, dim ir.Dim
	span       ast.Span
}

// inferRange looks for places in a comprehension where the binder alone indexes
// an axis of an array with a name.
func (c *checker) inferRange(r *inferredRange, e *ast.Comprehension) {
	hidden := map[string]bool{}
	for _, name := range boundNames(e) {
		hidden[name] = true
	}
	ast.Walk(e, func(n ast.Node) bool {
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
	})
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
				f := c.fail(r.binder.Name.Span, ast.CodeAmbiguousRange, "%s indexes axes of which one is made inside of the comprehension, so they can't be compared", inf.name)
				f.Hint = "give the range: for " + inf.name + " in a..b"
				ok = false
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
