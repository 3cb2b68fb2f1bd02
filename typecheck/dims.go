package typecheck

import (
	"math"
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Sizes: atoms, arithmetic of dimensions, and what can be said of two of them.

// newAtom makes an opaque atom that is at least min.
func (c *checker) newAtom(name string, group int, min int64, span ast.Span) ir.Atom {
	c.atoms = append(c.atoms, AtomInfo{Name: name, Group: group, Span: span, Min: min})
	c.owners = append(c.owners, c.instance())
	c.upper = append(c.upper, nil)
	return ir.Atom(len(c.atoms) - 1)
}

// freshSize is a size that is not known before.
func (c *checker) freshSize(name string, span ast.Span) ir.Dim {
	return ir.Sized(c.newAtom(name, 0, 0, span))
}

// structured is the atom for an operation on two sizes, the same for the same
// operands in one instance.
func (c *checker) structured(kind AtomKind, a, b ir.Dim) ir.Dim {
	key := strconv.Itoa(int(kind)) + ":" + a.Key() + ":" + b.Key()
	if atom, ok := c.interned[key]; ok {
		return ir.Sized(atom)
	}
	low := int64(math.MinInt64)
	la, okA := c.lowest(a)
	lb, okB := c.lowest(b)
	switch kind {
	case AtomDiv:
		if okA && okB && la >= 0 && lb > 0 {
			low = 0
		}
	case AtomMod:
		if okB && lb > 0 {
			low = 0
		}
	case AtomMin:
		if okA && okB {
			low = min(la, lb)
		}
	case AtomWhole:
		if okA {
			low = la
		}
	case AtomMax:
		if okA {
			low = la
		}
		if okB {
			low = max(low, lb)
		}
	}
	c.atoms = append(c.atoms, AtomInfo{Kind: kind, A: a, B: b, Min: low})
	c.owners = append(c.owners, c.instance())
	c.upper = append(c.upper, nil)
	atom := ir.Atom(len(c.atoms) - 1)
	c.interned[key] = atom
	return ir.Sized(atom)
}

// arith is d op e; ok is false where the result can't be expressed.
func (c *checker) arith(op string, d, e ir.Dim) (ir.Dim, bool) {
	dc, dConst := d.Const()
	ec, eConst := e.Const()
	switch op {
	case "+":
		return d.Add(e)
	case "-":
		return d.Sub(e)
	case "*":
		return d.Mul(e)
	case "//", "%":
		if eConst && ec == 0 {
			return ir.Dim{}, false
		}
		if dConst && eConst {
			q, r := floorDivMod(dc, ec)
			if op == "//" {
				return ir.Size(q), true
			}
			return ir.Size(r), true
		}
		// A quotient by a variable says nothing where that variable is 0.
		if eConst {
			if q, exact := d.DivExact(e); exact {
				if op == "//" {
					return q, true
				}
				return ir.Size(0), true
			}
		}
		if op == "//" {
			return c.structured(AtomDiv, d, e), true
		}
		return c.structured(AtomMod, d, e), true
	case "min", "max":
		if diff, ok := d.Sub(e); ok {
			if low, known := c.lowest(diff); known && low >= 0 {
				if op == "min" {
					return e, true
				}
				return d, true
			}
		}
		if diff, ok := e.Sub(d); ok {
			if low, known := c.lowest(diff); known && low >= 0 {
				if op == "min" {
					return d, true
				}
				return e, true
			}
		}
		if d.Key() > e.Key() {
			d, e = e, d
		}
		if op == "min" {
			return c.structured(AtomMin, d, e), true
		}
		return c.structured(AtomMax, d, e), true
	}
	return ir.Dim{}, false
}

func floorDivMod(a, b int64) (q, r int64) {
	if b == -1 {
		return -a, 0
	}
	q, r = a/b, a%b
	if r != 0 && (r < 0) != (b < 0) {
		q, r = q-1, r+b
	}
	return q, r
}

// must is arith for what can be computed: where the formula would be too long,
// the operands get names.
func (c *checker) must(op string, d, e ir.Dim) ir.Dim {
	if r, ok := c.arith(op, d, e); ok {
		return r
	}
	r, _ := c.arith(op, c.whole(d), c.whole(e))
	return r
}

// whole is d as an atom of its own.
func (c *checker) whole(d ir.Dim) ir.Dim {
	if _, alone := d.Atom(); alone {
		return d
	}
	return c.structured(AtomWhole, d, ir.Dim{})
}

// lowest is a lower bound of d, from what is known of its atoms: an atom with a
// negative coefficient counts with its upper bound, as for the index of a loop.
func (c *checker) lowest(d ir.Dim) (int64, bool) { return c.lowestWithin(d, 4) }

func (c *checker) lowestWithin(d ir.Dim, rounds int) (int64, bool) {
	if n, ok := d.Const(); ok {
		return n, true
	}
	// Replace an atom that counts negatively by its upper bound.
	if rounds > 0 {
		var candidate ir.Atom
		d.Atoms(func(a ir.Atom) bool {
			if len(c.upper[a]) > 0 && !d.NonNegativeIn(a) {
				candidate = a
				return false
			}
			return true
		})
		if candidate != 0 {
			for _, bound := range c.upper[candidate] {
				e, ok := d.Subst(func(a ir.Atom) ir.Dim {
					if a == candidate {
						return bound
					}
					return ir.Sized(a)
				})
				if ok {
					if low, known := c.lowestWithin(e, rounds-1); known && low >= 0 {
						return low, true
					}
				}
			}
		}
	}
	return d.Lowest(func(a ir.Atom) (int64, bool) {
		low := c.atoms[a].Min
		return low, low != math.MinInt64
	})
}

// nonnegative reports whether d is known to be at least 0.
func (c *checker) nonnegative(d ir.Dim) bool {
	low, ok := c.lowest(d)
	return ok && low >= 0
}

// notAbove reports whether d <= e is known.
func (c *checker) notAbove(d, e ir.Dim) bool {
	diff, ok := e.Sub(d)
	return ok && c.nonnegative(diff)
}

// A verdict says what is known of two sizes.
type verdict uint8

const (
	undecided verdict = iota
	equal
	different
)

// compareDims compares two sizes as the language defines it.
func (c *checker) compareDims(d, e ir.Dim) verdict {
	if d.Equal(e) {
		return equal
	}
	if diff, ok := d.Sub(e); ok {
		if n, isConst := diff.Const(); isConst && n != 0 {
			return different
		}
	}
	group, same := 0, true
	visit := func(a ir.Atom) bool {
		info := &c.atoms[a]
		if info.Group == 0 || group != 0 && info.Group != group {
			same = false
		}
		group = info.Group
		return same
	}
	d.Atoms(visit)
	if same {
		e.Atoms(visit)
	}
	if same && group != 0 {
		return different
	}
	return undecided
}

// rename rewrites the atoms of d by f, rebuilding structured ones.
func (c *checker) rename(d ir.Dim, f func(ir.Atom) ir.Dim) ir.Dim {
	r, ok := d.Subst(func(a ir.Atom) ir.Dim { return c.renameAtom(a, f) })
	if !ok {
		r, _ = d.Subst(func(a ir.Atom) ir.Dim { return c.whole(c.renameAtom(a, f)) })
	}
	return r
}

func (c *checker) renameAtom(a ir.Atom, f func(ir.Atom) ir.Dim) ir.Dim {
	info := c.atoms[a]
	if info.Kind == AtomOpaque {
		return f(a)
	}
	if info.Kind == AtomWhole {
		return c.whole(c.rename(info.A, f))
	}
	op := map[AtomKind]string{AtomDiv: "//", AtomMod: "%", AtomMin: "min", AtomMax: "max"}[info.Kind]
	return c.must(op, c.rename(info.A, f), c.rename(info.B, f))
}

// leaves calls f with the opaque atoms that d is made of.
func (c *checker) leaves(d ir.Dim, f func(ir.Atom)) {
	d.Atoms(func(a ir.Atom) bool {
		if info := &c.atoms[a]; info.Kind != AtomOpaque {
			c.leaves(info.A, f)
			c.leaves(info.B, f)
		} else {
			f(a)
		}
		return true
	})
}

// mapDims rewrites all sizes of t.
func mapDims(t Type, f func(ir.Dim) ir.Dim) Type {
	switch t := t.(type) {
	case Array:
		if len(t.Dims) == 0 {
			return t
		}
		dims := make([]ir.Dim, len(t.Dims))
		for i, d := range t.Dims {
			dims[i] = f(d)
		}
		return Array{t.DType, dims}
	case Tuple:
		return Tuple{mapTypes(t.Elems, f)}
	case Record:
		return Record{t.Names, mapTypes(t.Types, f)}
	case Function:
		return Function{t.Value, mapTypes(t.Captures, f)}
	}
	return t
}

func mapTypes(ts []Type, f func(ir.Dim) ir.Dim) []Type {
	out := make([]Type, len(ts))
	for i, t := range ts {
		out[i] = mapDims(t, f)
	}
	return out
}

// eachDim calls f with all sizes of t.
func eachDim(t Type, f func(ir.Dim)) {
	mapDims(t, func(d ir.Dim) ir.Dim { f(d); return d })
}
