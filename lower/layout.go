package lower

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A layout tells how values leave a region or a function: which of their sizes
// are not known outside. Each such size, or group of equal ones, is a slot: an
// i64 that leads the values.
type layout struct {
	types []typecheck.Array
	slots []slot
	atoms map[ir.Atom]int // the slot that gives an atom
	dims  map[string]int  // the slot that gives a size, by Dim.Key
}

// A slot is found as the size of an axis of any of the values at places.
type slot struct {
	atom   ir.Atom // 0 if it is a size that is no atom alone
	places []axis
}

type axis struct{ value, axis int }

// newLayout gives a slot to each atom that stands alone as a size and is not
// known, and to each other size that can't be made of known atoms and slots.
func newLayout(types []typecheck.Array, known func(ir.Atom) bool) *layout {
	l := &layout{types: types, atoms: map[ir.Atom]int{}, dims: map[string]int{}}
	for i, t := range types {
		for k, d := range t.Dims {
			if a, ok := d.Atom(); ok && !known(a) {
				j, ok := l.atoms[a]
				if !ok {
					j = len(l.slots)
					l.atoms[a] = j
					l.slots = append(l.slots, slot{atom: a})
				}
				l.slots[j].places = append(l.slots[j].places, axis{i, k})
			}
		}
	}
	for i, t := range types {
		for k, d := range t.Dims {
			missing := false
			for a := range d.Atoms {
				_, ok := l.atoms[a]
				missing = missing || !ok && !known(a)
			}
			if !missing {
				continue
			}
			j, ok := l.dims[d.Key()]
			if !ok {
				j = len(l.slots)
				l.dims[d.Key()] = j
				l.slots = append(l.slots, slot{})
			}
			l.slots[j].places = append(l.slots[j].places, axis{i, k})
		}
	}
	return l
}

// irType is the type of value i where known translates sizes without slots and
// sizes are those of the slots.
func (l *layout) irType(i int, known func(ir.Dim) ir.Dim, sizes []ir.Dim) ir.Type {
	t := l.types[i]
	dims := make([]ir.Dim, len(t.Dims))
	for k, d := range t.Dims {
		if len(l.slots) > 0 {
			if j, ok := l.dims[d.Key()]; ok {
				dims[k] = sizes[j]
				continue
			}
		}
		mixed := false
		for a := range d.Atoms {
			_, isSlot := l.atoms[a]
			mixed = mixed || isSlot
		}
		if !mixed {
			dims[k] = known(d)
			continue
		}
		result, ok := d.Subst(func(a ir.Atom) ir.Dim {
			if j, ok := l.atoms[a]; ok {
				return sizes[j]
			}
			return known(ir.Sized(a))
		})
		if !ok {
			panic(bugf("the size %s can't be expressed", d.Key()))
		}
		dims[k] = result
	}
	return ir.ArrayOf(t.DType, dims...)
}

// sizeOf reads the size of slot j off values, of which some may be nil;
// ok is false for a slot that only those have.
func (l *layout) sizeOf(j int, values []*ir.Value) (d ir.Dim, ok bool) {
	for _, place := range l.slots[j].places {
		if v := values[place.value]; v != nil {
			return v.Type.Dims[place.axis], true
		}
	}
	return ir.Dim{}, false
}
