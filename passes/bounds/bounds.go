// Package bounds knows between which sizes integers lie, so that passes can tell
// that an index is inside of its axis and that a size is not negative. An
// integer is looked at as a polynomial in sizes and indices of maps; what it
// can't prove it calls unknown.
package bounds

import "github.com/calx-lang/calx/ir"

// Ranges is what is known of the integers of a function.
type Ranges struct {
	f       *ir.Func
	natural map[ir.Atom]bool  // sizes, which are not negative
	between map[ir.Atom]limit // indices of maps and loops
	known   map[*ir.Value]ir.Dim
}

// A limit is the first and the last value of an index.
type limit struct{ first, last ir.Dim }

// New knows which sizes the parameters of f have.
func New(f *ir.Func) *Ranges {
	r := &Ranges{f, map[ir.Atom]bool{}, map[ir.Atom]limit{}, map[*ir.Value]ir.Dim{}}
	for _, v := range f.Params {
		for _, d := range v.Type.Dims {
			if a, ok := d.Atom(); ok {
				r.natural[a] = true
			}
		}
	}
	return r
}

// Enter notes the indices of a map or a for. What is said from then on about
// values that depend on them holds in its body.
func (r *Ranges) Enter(op *ir.Op) {
	note := func(index *ir.Value, first, end ir.Dim) {
		if last, ok := end.Sub(ir.Size(1)); ok {
			r.between[ir.Atom(index.ID)] = limit{first, last}
		}
	}
	switch op.Code {
	case ir.Map:
		for i, v := range op.Regions[0].Params {
			note(v, ir.Size(0), r.unlessEmpty(op.Attr.(ir.MapAttr).Dims[i]))
		}
	case ir.For:
		note(op.Regions[0].Params[0], r.Polynomial(op.Args[0]), r.Polynomial(op.Args[1]))
	}
}

// unlessEmpty is d in the body of a map, where it is at least 1: of max(a, 0)
// that is a.
func (r *Ranges) unlessEmpty(d ir.Dim) ir.Dim {
	if a, ok := d.Atom(); ok && r.f.Value(a).Def != nil {
		size, ok := r.f.Value(a).Def.Attr.(ir.SizeAttr)
		if ok && size.Kind == ir.SizeMax {
			for _, pair := range [2][2]ir.Dim{{size.A, size.B}, {size.B, size.A}} {
				if n, isConst := pair[1].Const(); isConst && n <= 0 {
					return pair[0]
				}
			}
		}
	}
	return d
}

// deepest bounds the chain of operations that Polynomial looks through.
const deepest = 16

// Polynomial is the i64 scalar v as a polynomial; v itself if it is made by
// anything but sums, differences and products. Since integers wrap, v is equal
// to it if its value is one that an i64 has.
func (r *Ranges) Polynomial(v *ir.Value) ir.Dim { return r.polynomial(v, deepest) }

// Redefined says that v is now the result of an operation.
func (r *Ranges) Redefined(*ir.Value) { clear(r.known) }

func (r *Ranges) polynomial(v *ir.Value, depth int) ir.Dim {
	if d, ok := r.known[v]; ok {
		return d
	}
	if v.Def == nil || depth == 0 {
		return v.Dim()
	}
	d := r.combined(v, depth-1)
	r.known[v] = d
	return d
}

// combined is v, which an operation gives, as a polynomial.
func (r *Ranges) combined(v *ir.Value, depth int) ir.Dim {
	op := v.Def
	var combine func(a, b ir.Dim) (ir.Dim, bool)
	switch op.Code {
	case ir.Add:
		combine = ir.Dim.Add
	case ir.Sub:
		combine = ir.Dim.Sub
	case ir.Mul:
		combine = ir.Dim.Mul
	case ir.Const, ir.SizeOp:
		return r.f.Canon(ir.DimOf(v))
	default:
		return v.Dim()
	}
	if d, ok := combine(r.polynomial(op.Args[0], depth), r.polynomial(op.Args[1], depth)); ok {
		return d
	}
	return v.Dim()
}

// NotNegative reports whether d >= 0 is certain, inside of the maps and loops
// that have been entered.
func (r *Ranges) NotNegative(d ir.Dim) bool {
	d = r.f.Canon(d)
	for range deepest {
		index, coefficient, found := r.someIndex(d)
		if !found {
			break
		}
		// The least value of a linear polynomial is at an end of the range.
		end := r.between[index].first
		if coefficient < 0 {
			end = r.between[index].last
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
			natural = natural && r.isNatural(a)
		}
	}
	return natural
}

// isNatural reports whether the atom is a size that is certainly not negative.
func (r *Ranges) isNatural(a ir.Atom) bool {
	if known, ok := r.natural[a]; ok {
		return known
	}
	r.natural[a] = false // until it is known
	v := r.f.Value(a)
	if v.Def == nil {
		return false
	}
	natural := v.Def.Code == ir.Nonzero
	if size, ok := v.Def.Attr.(ir.SizeAttr); ok {
		n, isConst := size.B.Const()
		switch size.Kind {
		case ir.SizeMax:
			natural = r.NotNegative(size.A) || r.NotNegative(size.B)
		case ir.SizeMin:
			natural = r.NotNegative(size.A) && r.NotNegative(size.B)
		case ir.SizeDiv:
			natural = isConst && n > 0 && r.NotNegative(size.A)
		case ir.SizeMod:
			natural = isConst && n > 0
		}
	}
	r.natural[a] = natural
	return natural
}

// someIndex is an index in d that stands alone in its term and in no other.
func (r *Ranges) someIndex(d ir.Dim) (index ir.Atom, coefficient int64, found bool) {
	uses := map[ir.Atom]int{}
	for _, atoms := range d.Terms {
		for _, a := range atoms {
			uses[a]++
		}
	}
	for c, atoms := range d.Terms {
		if len(atoms) != 1 || uses[atoms[0]] != 1 {
			continue
		}
		if _, ok := r.between[atoms[0]]; ok {
			return atoms[0], c, true
		}
	}
	return 0, 0, false
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
// apart, certainly are elements of an axis of size n.
func (r *Ranges) RangeInside(start, length ir.Dim, step int64, n ir.Dim) bool {
	span, ok1 := length.Mul(ir.Size(step))
	end, ok2 := start.Add(span)
	last, ok3 := end.Sub(ir.Size(step))
	if step < 0 {
		start, last = last, start
	}
	next, ok4 := last.Add(ir.Size(1))
	return ok1 && ok2 && ok3 && ok4 && r.NotNegative(start) && r.AtMost(next, n)
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
