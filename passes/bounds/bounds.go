// Package bounds knows between which sizes integers lie, so that passes can tell
// that an index is inside of its axis and that a size is not negative. An
// integer is looked at as a polynomial in sizes and indices of maps; what it
// can't prove it calls unknown.
package bounds

import "github.com/calx-lang/calx/ir"

// Ranges is what is known of the integers of a function.
type Ranges struct {
	f       *ir.Func
	natural map[ir.Atom]bool   // sizes, which are not negative
	below   map[ir.Atom]ir.Dim // indices of maps, with their sizes
}

// New knows which sizes the parameters of f have.
func New(f *ir.Func) *Ranges {
	r := &Ranges{f, map[ir.Atom]bool{}, map[ir.Atom]ir.Dim{}}
	for _, v := range f.Params {
		for _, d := range v.Type.Dims {
			if a, ok := d.Atom(); ok {
				r.natural[a] = true
			}
		}
	}
	return r
}

// Enter notes the indices of a map.
func (r *Ranges) Enter(op *ir.Op) {
	for i, v := range op.Regions[0].Params {
		r.below[ir.Atom(v.ID)] = op.Attr.(ir.MapAttr).Dims[i]
	}
}

// deepest bounds the chain of operations that Polynomial looks through.
const deepest = 16

// Polynomial is the i64 scalar v as a polynomial; v itself if it is made by
// anything but sums, differences and products. Since integers wrap, v is equal
// to it if its value is one that an i64 has.
func (r *Ranges) Polynomial(v *ir.Value) ir.Dim { return r.polynomial(v, deepest) }

func (r *Ranges) polynomial(v *ir.Value, depth int) ir.Dim {
	if v.Def == nil || depth == 0 {
		return v.Dim()
	}
	var op func(a, b ir.Dim) (ir.Dim, bool)
	switch v.Def.Code {
	case ir.Add:
		op = ir.Dim.Add
	case ir.Sub:
		op = ir.Dim.Sub
	case ir.Mul:
		op = ir.Dim.Mul
	default:
		return r.f.Canon(ir.DimOf(v))
	}
	a := r.polynomial(v.Def.Args[0], depth-1)
	b := r.polynomial(v.Def.Args[1], depth-1)
	if d, ok := op(a, b); ok {
		return d
	}
	return v.Dim()
}

// NotNegative reports whether d >= 0 is certain, inside of the maps that have
// been entered: there an index i < D is at least 0 and at most D - 1.
func (r *Ranges) NotNegative(d ir.Dim) bool {
	d = r.f.Canon(d)
	for range deepest {
		index, coefficient, found := r.someIndex(d)
		if !found {
			break
		}
		// The least value of a linear polynomial is at an end of the range.
		end := ir.Size(0)
		if coefficient < 0 {
			last, ok := r.below[index].Sub(ir.Size(1))
			if !ok {
				return false
			}
			end = last
		}
		least, ok := d.Subst(func(a ir.Atom) ir.Dim {
			if a == index {
				return end
			}
			return ir.Sized(a)
		})
		if !ok {
			return false
		}
		d = r.f.Canon(least)
	}
	natural := true
	for coefficient, atoms := range d.Terms {
		natural = natural && coefficient >= 0
		for _, a := range atoms {
			natural = natural && r.natural[a]
		}
	}
	return natural
}

// someIndex is an index of a map in d that stands alone in its term, once.
func (r *Ranges) someIndex(d ir.Dim) (index ir.Atom, coefficient int64, found bool) {
	uses := map[ir.Atom]int{}
	for c, atoms := range d.Terms {
		for _, a := range atoms {
			if _, ok := r.below[a]; ok {
				uses[a]++
				if len(atoms) == 1 {
					index, coefficient, found = a, c, true
				}
			}
		}
	}
	return index, coefficient, found && uses[index] == 1
}

// AtMost reports whether d <= e is certain.
func (r *Ranges) AtMost(d, e ir.Dim) bool {
	rest, ok := r.f.Canon(e).Sub(r.f.Canon(d))
	return ok && r.NotNegative(rest)
}

// Inside reports whether the i64 scalar v is certainly an index of an axis of
// size n.
func (r *Ranges) Inside(v *ir.Value, n ir.Dim) bool {
	p := r.Polynomial(v)
	next, ok := p.Add(ir.Size(1))
	return ok && r.NotNegative(p) && r.AtMost(next, n)
}

// Anywhere reports whether op may stand where it would not run otherwise: it has
// no effect and no regions, cannot fail, and makes no array of a negative size.
func (r *Ranges) Anywhere(op *ir.Op, effects *ir.Effects) bool {
	if len(op.Regions) > 0 || effects.Ordered(op) || r.MayFail(op, effects) {
		return false
	}
	for _, v := range op.Results {
		for _, d := range v.Type.Dims {
			if !hasSize(op.Args, d) && !r.NotNegative(d) {
				return false
			}
		}
	}
	return true
}

// MayFail is that of the effects, but for accesses that are certainly inside. A
// slice, which does not fail where it stands, may fail elsewhere.
func (r *Ranges) MayFail(op *ir.Op, effects *ir.Effects) bool {
	switch op.Code {
	case ir.Slice:
		return !r.sliceInside(op)
	case ir.Gather:
		return !r.gatherInside(op)
	}
	return effects.MayFail(op)
}

func (r *Ranges) sliceInside(op *ir.Op) bool {
	attr := op.Attr.(ir.SliceAttr)
	for i, n := range op.Args[0].Type.Dims {
		if !r.RangeInside(r.Polynomial(op.Args[1+i]), attr.Dims[i], attr.Steps[i], n) {
			return false
		}
	}
	return true
}

// RangeInside reports whether length elements from start on, so many steps
// apart, certainly are elements of an axis of size n, and start is one or, if
// length is 0, may be n.
func (r *Ranges) RangeInside(start, length ir.Dim, step int64, n ir.Dim) bool {
	// last = start + step*(length-1)
	span, ok1 := length.Mul(ir.Size(step))
	end, ok2 := start.Add(span)
	last, ok3 := end.Sub(ir.Size(step))
	next, ok4 := last.Add(ir.Size(1))
	if !ok1 || !ok2 || !ok3 || !ok4 || !r.NotNegative(start) {
		return false
	}
	if step > 0 {
		return r.AtMost(next, n) && r.AtMost(start, n)
	}
	first, ok := start.Add(ir.Size(1))
	return ok && r.NotNegative(last) && r.AtMost(first, n)
}

func hasSize(args []*ir.Value, d ir.Dim) bool {
	for _, v := range args {
		for _, e := range v.Type.Dims {
			if d.Equal(e) {
				return true
			}
		}
	}
	return false
}

// gatherInside reports whether a Gather of points certainly does not fail.
func (r *Ranges) gatherInside(op *ir.Op) bool {
	attr := op.Attr.(ir.IndexAttr)
	if attr.Batch > 0 {
		return false
	}
	next := 1
	for i := range len(attr.Spec) {
		switch attr.Spec[i] {
		case ':':
		case '@':
			if !r.Inside(op.Args[next], op.Args[0].Type.Dims[i]) {
				return false
			}
			next++
		default:
			return false
		}
	}
	return true
}
