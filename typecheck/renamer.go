package typecheck

import (
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// The sizes of a call under names of their own.

// A renamer gives the sizes of a call's arguments names of their own, in the
// order of their first occurrence, so that calls that differ in names only share
// one instance.
type renamer struct {
	c      *checker
	order  []ir.Atom
	index  map[ir.Atom]int
	groups map[int]int
	key    strings.Builder

	captured int // how many of order come from captured values
}

func (c *checker) newRenamer(f *FuncValue) *renamer {
	r := &renamer{c: c, index: map[ir.Atom]int{}, groups: map[int]int{}}
	r.key.WriteString(strconv.Itoa(f.id))
	return r
}

// group is the signature that a renamed atom belongs to: what a function has
// captured is of none.
func (r *renamer) group(a ir.Atom) int {
	if r.index[a] < r.captured {
		return 0
	}
	return r.c.atoms[a].Group
}

func (r *renamer) leaf(a ir.Atom) {
	if r.c.owners[a] == nil && r.c.ctx.inst != nil && !r.c.belongs(a) {
		// A size of the script keeps its name in functions.
		r.key.WriteString("#" + strconv.Itoa(int(a)))
		return
	}
	if _, ok := r.index[a]; !ok {
		r.index[a] = len(r.order)
		r.order = append(r.order, a)
		group := r.group(a)
		if _, ok := r.groups[group]; !ok && group != 0 {
			r.groups[group] = len(r.groups) + 1
		}
		r.key.WriteString("!" + strconv.Itoa(r.groups[group]))
		if r.c.atoms[a].Min >= 0 {
			r.key.WriteString("+")
		}
		if r.c.atoms[a].Min > 0 {
			r.key.WriteString(strconv.FormatInt(r.c.atoms[a].Min, 10))
		}
	}
}

// belongs reports whether an atom is of the function being checked.
func (c *checker) belongs(a ir.Atom) bool { return c.owners[a] == c.instance() }

func (r *renamer) dim(d ir.Dim) {
	r.c.leaves(d, r.leaf)
	r.key.WriteString(r.text(d))
	r.key.WriteByte(';')
}

func (r *renamer) text(d ir.Dim) string {
	return d.Format(func(a ir.Atom) string {
		info := &r.c.atoms[a]
		if info.Kind != AtomOpaque {
			return "(" + strconv.Itoa(int(info.Kind)) + ":" + r.text(info.A) + ":" + r.text(info.B) + ")"
		}
		if i, ok := r.index[a]; ok {
			return "$" + strconv.Itoa(i)
		}
		return "#" + strconv.Itoa(int(a))
	})
}

func (r *renamer) typ(t Type) {
	switch t := t.(type) {
	case Array:
		r.key.WriteString(t.DType.String())
		r.key.WriteByte('[')
		for _, d := range t.Dims {
			r.dim(d)
		}
		r.key.WriteByte(']')
	case Tuple, Record:
		if rec, ok := t.(Record); ok {
			r.key.WriteString(strings.Join(rec.Names, ","))
		}
		r.key.WriteByte('(')
		for _, p := range partTypes(t) {
			r.typ(p)
		}
		r.key.WriteByte(')')
	case Function:
		r.key.WriteString("fn" + strconv.Itoa(t.Value.id) + "(")
		for _, p := range t.Captures {
			r.typ(p)
		}
		r.key.WriteByte(')')
	case Static:
		r.key.WriteString(t.Name)
	default:
		r.key.WriteString("unit")
	}
}

func (r *renamer) info(k info, constants bool) {
	if constants {
		r.key.WriteString("=" + k.konst.key())
	}
	if k.size != nil && (constants || k.konst == nil) {
		r.key.WriteString("s")
		r.dim(*k.size)
	}
	for _, d := range k.elems {
		if _, isConst := d.Const(); isConst && !constants {
			continue
		}
		r.key.WriteString("e")
		r.dim(d)
	}
	for _, p := range k.parts {
		r.key.WriteByte('(')
		r.info(p, constants)
		r.key.WriteByte(')')
	}
}
