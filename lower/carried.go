package lower

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// carry lists what a loop carries. A size that the entry of each round knows is
// not carried, unless a break can leave the loop with another one.
func (f *function) carry(phi, after []*typecheck.Def, leaves exits) *repeat {
	r := &repeat{leaves: leaves}
	for i, def := range phi {
		types := parts(def.Type)
		if leaves&(breaks|returns) != 0 {
			behind := parts(after[i].Type)
			for k := range types {
				types[k].Dims = slices.Clone(types[k].Dims)
				for axis, d := range types[k].Dims {
					if f.knownDim(d) && !d.Equal(behind[k].Dims[axis]) {
						types[k].Dims[axis] = ir.Sized(f.freshAtom())
					}
				}
			}
		}
		r.vars = append(r.vars, def.Var)
		r.types = append(r.types, types)
	}
	if leaves&returns != 0 && countParts(f.unit.instance.Result) > 0 {
		r.vars = append(r.vars, f.result)
		r.types = append(r.types, f.openTypes(parts(f.unit.instance.Result)))
	}
	return r
}

// openTypes are types with atoms of their own for sizes that the signature does
// not give.
func (f *function) openTypes(types []typecheck.Array) []typecheck.Array {
	fresh := map[string]ir.Dim{}
	for i, t := range types {
		dims := slices.Clone(t.Dims)
		for k, d := range dims {
			given := true
			for a := range d.Atoms {
				given = given && slices.Contains(f.unit.sizes, a)
			}
			if given {
				continue
			}
			if _, ok := fresh[d.Key()]; !ok {
				fresh[d.Key()] = ir.Sized(f.freshAtom())
			}
			dims[k] = fresh[d.Key()]
		}
		types[i].Dims = dims
	}
	return types
}

// A carriage is the list of values that a loop passes on from round to round.
type carriage struct {
	types []typecheck.Array
	names []string
	init  []*ir.Value
}

func (c *carriage) add(t typecheck.Array, name string, init *ir.Value) int {
	c.types = append(c.types, t)
	c.names = append(c.names, name)
	c.init = append(c.init, init)
	return len(c.types) - 1
}

// assignCarried makes the carried Vars of r the parts of values.
func (f *function) assignCarried(r *repeat, values []*ir.Value) {
	for i, v := range r.vars {
		n := len(r.types[i])
		f.assign(v, &binding{r.types[i], values[:n:n]})
		values = values[n:]
	}
}

// enter makes the parameters of a block of a loop.
func (f *function) enter(l *layout, names []string) []*ir.Value {
	sizes := make([]ir.Dim, len(l.slots))
	for j := range sizes {
		sizes[j] = f.b.Param(ir.Scalar(ir.I64), "").Dim()
	}
	values := make([]*ir.Value, len(l.types))
	for i := range values {
		values[i] = f.b.Param(l.irType(i, f.dim, sizes), names[i])
	}
	for j, slot := range l.slots {
		if slot.atom != 0 {
			f.bindAtom(slot.atom, sizes[j])
		}
	}
	return values
}
