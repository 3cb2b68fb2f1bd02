package lower

import (
	"fmt"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

func (f *function) bindAtom(a ir.Atom, d ir.Dim) {
	was, known := f.atoms[a]
	f.atomTrail = append(f.atomTrail, atomChange{a, was, known})
	f.atoms[a] = d
}

func (f *function) hasAtom(a ir.Atom) bool {
	_, ok := f.atoms[a]
	return ok
}

// forgetAtoms undoes what bindAtom has done since the trail was that long.
func (f *function) forgetAtoms(start int) {
	for i := len(f.atomTrail) - 1; i >= start; i-- {
		if change := f.atomTrail[i]; change.known {
			f.atoms[change.a] = change.was
		} else {
			delete(f.atoms, change.a)
		}
	}
	f.atomTrail = f.atomTrail[:start]
}

// known reports whether the value of a can be computed here.
func (f *function) known(a ir.Atom) bool {
	if f.hasAtom(a) {
		return true
	}
	info := f.atomInfo(a)
	return info.Kind != typecheck.AtomOpaque && f.knownDim(info.A) && f.knownDim(info.B)
}

func (f *function) knownDim(d ir.Dim) bool {
	for a := range d.Atoms {
		if !f.known(a) {
			return false
		}
	}
	return true
}

// dim is a size of the program as one of the function.
func (f *function) dim(d ir.Dim) ir.Dim { return f.dimWith(d, f.atom) }

// atom is the value of a.
func (f *function) atom(a ir.Atom) ir.Dim {
	if d, ok := f.atoms[a]; ok {
		return d
	}
	d := f.structured(a, f.atom)
	f.bindAtom(a, d)
	return d
}

// structured computes an atom from its operands.
func (f *function) structured(a ir.Atom, atom func(ir.Atom) ir.Dim) ir.Dim {
	info := f.atomInfo(a)
	if info.Kind == typecheck.AtomWhole {
		return f.b.Shorten(f.dimWith(info.A, atom))
	}
	kind, ok := map[typecheck.AtomKind]ir.SizeKind{
		typecheck.AtomDiv: ir.SizeDiv, typecheck.AtomMod: ir.SizeMod,
		typecheck.AtomMin: ir.SizeMin, typecheck.AtomMax: ir.SizeMax,
	}[info.Kind]
	if !ok {
		panic(bugf("the size %q (atom %d) has no value in %s", info.Name, a, f.unit.name))
	}
	return f.b.SizeOp(kind, f.dimWith(info.A, atom), f.dimWith(info.B, atom))
}

// dimWith is d with its atoms replaced.
func (f *function) dimWith(d ir.Dim, atom func(ir.Atom) ir.Dim) ir.Dim {
	if _, ok := d.Const(); ok {
		return d
	}
	if result, ok := d.Subst(atom); ok {
		return result
	}
	result, ok := d.Subst(func(a ir.Atom) ir.Dim { return f.b.Shorten(atom(a)) })
	if !ok {
		panic(bugf("the size %s can't be computed", d.Key()))
	}
	return result
}

func (f *function) dims(dims []ir.Dim) []ir.Dim {
	out := make([]ir.Dim, len(dims))
	for i, d := range dims {
		out[i] = f.dim(d)
	}
	return out
}

// settle makes values those of a value of type t: atoms that have no value yet
// are bound to the sizes that the values have in their places; where a value has
// its sizes in another form than t, it is retyped.
func (f *function) settle(values []*ir.Value, t typecheck.Type) []*ir.Value {
	if a, ok := t.(typecheck.Array); ok && len(a.Dims) == 0 {
		return values
	}
	return f.settleParts(values, parts(t))
}

func (f *function) settleParts(values []*ir.Value, types []typecheck.Array) []*ir.Value {
	if len(values) != len(types) {
		panic(bugf("%d values where the type has %d parts", len(values), len(types)))
	}
	for i, t := range types {
		if t.DType != values[i].Type.DType || len(t.Dims) != values[i].Type.Rank() {
			panic(bugf("a value is %v where the type is %v of rank %d", values[i].Type, t.DType, len(t.Dims)))
		}
		for k, d := range t.Dims {
			f.bindSize(d, values[i].Type.Dims[k])
		}
	}
	out, copied := values, false
	for i, t := range types {
		if len(t.Dims) == 0 {
			continue
		}
		v := f.retype(values[i], f.typeLike(t, values[i]))
		if v != values[i] && !copied {
			out, copied = slices.Clone(values), true
		}
		out[i] = v
	}
	return out
}

// typeLike is t with the sizes of v where t has ones that are not known.
func (f *function) typeLike(t typecheck.Array, v *ir.Value) ir.Type {
	dims := make([]ir.Dim, len(t.Dims))
	for k, d := range t.Dims {
		if dims[k] = v.Type.Dims[k]; f.knownDim(d) {
			dims[k] = f.dim(d)
		}
	}
	return ir.ArrayOf(t.DType, dims...)
}

// bindSize gives the one atom of d that is not known the value that makes d the
// size actual.
func (f *function) bindSize(d, actual ir.Dim) {
	var unknown ir.Atom
	for a := range d.Atoms {
		if !f.known(a) {
			if unknown != 0 && a != unknown {
				return
			}
			unknown = a
		}
	}
	if unknown == 0 {
		return
	}
	if _, ok := d.Atom(); ok {
		f.bindAtom(unknown, actual)
		return
	}
	// d = coef*unknown + rest
	rest := f.dimWith(d, func(a ir.Atom) ir.Dim {
		if a == unknown {
			return ir.Size(0)
		}
		return f.atom(a)
	})
	plusOne := f.dimWith(d, func(a ir.Atom) ir.Dim {
		if a == unknown {
			return ir.Size(1)
		}
		return f.atom(a)
	})
	plusTwo := f.dimWith(d, func(a ir.Atom) ir.Dim {
		if a == unknown {
			return ir.Size(2)
		}
		return f.atom(a)
	})
	coef, ok1 := plusOne.Sub(rest)
	again, ok2 := plusTwo.Sub(plusOne)
	multiple, ok3 := actual.Sub(rest)
	if ok1 && ok2 && ok3 && coef.Equal(again) {
		f.bindAtom(unknown, f.quotient(multiple, coef))
	}
}

func (f *function) quotient(d, e ir.Dim) ir.Dim {
	if q, ok := d.DivExact(e); ok {
		return q
	}
	return f.b.SizeOp(ir.SizeDiv, d, e)
}

// retype is v as a value of type t, which differs from its own in the form of
// sizes at most.
func (f *function) retype(v *ir.Value, t ir.Type) *ir.Value {
	if v.Type.Equal(t) {
		return v
	}
	n := t.Rank()
	r := f.b.Op(ir.Retype, ir.RetypeAttr{Dims: t.Dims, Message: "the shape must be " + sizePattern(n, n) +
		", and it is " + sizePattern(n, 0)}, v)
	r.Name = v.Name
	return r
}

// sizePattern is "[{first}, {first+1}, …]".
func sizePattern(n, first int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("{%d}", first+i)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// pack gives what a block yields: the sizes of the slots, then the values,
// retyped where they must be. Values may be nil: those are filled with zeros.
func (f *function) pack(l *layout, values []*ir.Value) []*ir.Value {
	sizes := f.slotSizes(l, values)
	yield := make([]*ir.Value, 0, len(sizes)+len(values))
	for _, d := range sizes {
		yield = append(yield, f.b.SizeValue(d))
	}
	for i, v := range values {
		t := l.irType(i, f.dim, sizes)
		if v == nil {
			v = f.zeros(t)
		}
		yield = append(yield, f.retype(v, t))
	}
	return yield
}

// slotSizes reads the sizes of the slots off values. Those that only missing
// values have are as small as they can be.
func (f *function) slotSizes(l *layout, values []*ir.Value) []ir.Dim {
	sizes := make([]ir.Dim, len(l.slots))
	var free []int
	for j := range sizes {
		d, ok := l.sizeOf(j, values)
		if !ok {
			free = append(free, j)
		}
		sizes[j] = d
	}
	const largest = 16
	for n := int64(0); len(free) > 0 && n <= largest; n++ {
		for _, j := range free {
			sizes[j] = ir.Size(n)
		}
		negative := false
		for i, v := range values {
			if v != nil {
				continue
			}
			for _, d := range l.irType(i, f.dim, sizes).Dims {
				size, isConst := d.Const()
				negative = negative || isConst && size < 0
			}
		}
		if !negative {
			break
		}
	}
	return sizes
}

// zeros is a value of type t that is never used.
func (f *function) zeros(t ir.Type) *ir.Value {
	if t.DType == ir.Text {
		return f.b.Text("")
	}
	return f.b.Broadcast(f.b.Number(t.DType, 0), t.Dims...)
}

// unpack takes the results of a region or call apart: the atoms of slots are
// bound, and the values are given.
func (f *function) unpack(l *layout, results []*ir.Value) []*ir.Value {
	for j, slot := range l.slots {
		if slot.atom != 0 && !f.hasAtom(slot.atom) {
			f.bindAtom(slot.atom, results[j].Dim())
		}
	}
	return results[len(l.slots):]
}

// resultTypes are the types of what a region with this layout gives, where slot
// j is result first+j.
func (f *function) resultTypes(l *layout) []ir.Type {
	var sizes []ir.Dim
	var types []ir.Type
	for j := range l.slots {
		types = append(types, ir.Scalar(ir.I64))
		sizes = append(sizes, ir.Sized(ir.ResultAtom(j)))
	}
	for i := range l.types {
		types = append(types, l.irType(i, f.dim, sizes))
	}
	return types
}
