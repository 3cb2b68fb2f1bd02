package typecheck

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// What two ways of control flow give.

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

// sizedInside reports whether a size of t is madeInside.
func (c *checker) sizedInside(t Type, mark ir.Atom) bool {
	inside := false
	eachDim(t, func(d ir.Dim) { inside = inside || c.madeInside(d, mark) })
	return inside
}
