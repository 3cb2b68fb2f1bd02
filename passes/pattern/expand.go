package pattern

import (
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/rewrite"
)

// Run replaces the patterns that a program asks for by operations that list
// their places. It must come behind diff, whose functions they are of.
func Run(m *ir.Module) error {
	d := &finder{known: map[*ir.Func][][]Pattern{}}
	replaced := false
	for _, f := range m.Funcs {
		r := rewrite.New(f)
		var err error
		r.Walk(func(op *ir.Op) bool {
			if op.Code != ir.PatternOp {
				return true
			}
			b := ir.NewBuilder(f, &ir.Block{}).From(op)
			results, fits := d.expand(b, op)
			if !fits {
				err = fmt.Errorf("%v: the sizes of the pattern of %s are too long formulas", op.Pos, op.Callee().Name)
				return true
			}
			r.Emit(b.Block.Ops...)
			for i, v := range results {
				r.Replace(op.Results[i], v)
			}
			replaced = true
			return false
		})
		if err != nil {
			return err
		}
	}
	if replaced {
		m.Funcs = m.Reachable()
	}
	return nil
}

// expand gives what stands for the results of op; false if a size can't be
// written.
func (d *finder) expand(b *ir.Builder, op *ir.Op) (results []*ir.Value, ok bool) {
	attr := op.Attr.(ir.PatternAttr)
	p, ok := d.of(attr.Callee)[attr.Output][attr.Input].at(attr.Callee, attr.Sizes)
	if !ok {
		return nil, false
	}
	m, okRows := ir.Product(attr.Rows)
	n, okColumns := ir.Product(attr.Columns)
	if !okRows || !okColumns {
		return nil, false
	}
	l := &lister{Builder: b, outer: attr.Rows, inner: attr.Columns, rows: m, columns: n, height: m}
	groups := p.groups()
	colours := l.colours(groups)
	var found places
	switch {
	case len(groups) == 0:
		none := l.iota(ir.Size(0))
		found = places{rows: none, columns: none, products: none, counts: b.Broadcast(b.I64(0), m)}
	case len(groups) == 1 && groups[0].ordered():
		found, ok = l.list(groups[0])
	default:
		found, ok = l.merged(groups)
	}
	if !ok {
		return nil, false
	}
	k := b.SizeValue(found.rows.Type.Dims[0])
	return []*ir.Value{k, found.rows, found.columns, l.ends(found), b.I64(colours), l.colour, found.products}, true
}

// at is p with the sizes of f replaced.
func (p Pattern) at(f *ir.Func, sizes []ir.Dim) (Pattern, bool) {
	fits := true
	out := make(Pattern, len(p))
	for i, r := range p {
		out[i] = slices.Clone(r)
		for k, x := range r {
			d, ok := x.Offset.Subst(func(atom ir.Atom) ir.Dim {
				for i, s := range f.Sizes {
					if atom == ir.Atom(s.ID) {
						return sizes[i]
					}
				}
				return ir.Sized(atom)
			})
			out[i][k].Offset = d
			fits = fits && ok
		}
	}
	return out, fits
}

// A group is relations that differ in offsets only, by numbers.
type group struct {
	first   Relation
	offsets [][]int64 // beyond those of first, in order
}

// groups are the relations of p, put together.
func (p Pattern) groups() []*group {
	var groups []*group
next:
	for _, r := range p {
		for _, g := range groups {
			if offsets, ok := g.beyond(r); ok {
				i, _ := slices.BinarySearchFunc(g.offsets, offsets, slices.Compare[[]int64])
				g.offsets = slices.Insert(g.offsets, i, offsets)
				continue next
			}
		}
		groups = append(groups, &group{r, [][]int64{make([]int64, len(r))}})
	}
	return groups
}

// Sorted is p with relations that differ by numbers side by side, in order.
func (p Pattern) Sorted() Pattern {
	var out Pattern
	for _, g := range p.groups() {
		for _, offsets := range g.offsets {
			r := slices.Clone(g.first)
			for k, offset := range offsets {
				if d, ok := r[k].Offset.Add(ir.Size(offset)); ok {
					r[k].Offset = d
				}
			}
			out = append(out, r)
		}
	}
	return out
}

// beyond tells by how much the offsets of r are more than those of g.
func (g *group) beyond(r Relation) ([]int64, bool) {
	offsets := make([]int64, len(r))
	for k, x := range r {
		y := g.first[k]
		if x.Full != y.Full || x.Axis != y.Axis || x.Step != y.Step {
			return nil, false
		}
		d, ok := x.Offset.Sub(y.Offset)
		if !ok {
			return nil, false
		}
		if offsets[k], ok = d.Const(); !ok {
			return nil, false
		}
	}
	return offsets, true
}

// varies reports whether the relations differ in axis k.
func (g *group) varies(k int) bool {
	return g.offsets[0][k] != g.offsets[len(g.offsets)-1][k] || slices.ContainsFunc(g.offsets, func(o []int64) bool { return o[k] != g.offsets[0][k] })
}

// ordered reports whether the places of a row come in order of columns if the
// relations are gone through first, then the axes of which everything counts.
func (g *group) ordered() bool {
	everything := false
	for k, x := range g.first {
		if !x.Full && everything && g.varies(k) {
			return false
		}
		everything = everything || x.Full
	}
	return true
}

// column gives the offsets in axis k.
func (g *group) column(k int) []int64 {
	out := make([]int64, len(g.offsets))
	for i, o := range g.offsets {
		out[i] = o[k]
	}
	return out
}
