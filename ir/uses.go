package ir

import "slices"

// Uses calls f with each value that op itself uses: its operands and the atoms
// of its attribute and of the types of its results, not those inside of its
// regions. Repeated values are repeated.
func (op *Op) Uses(fn *Func, f func(*Value)) {
	for _, v := range op.Args {
		f(v)
	}
	atom := func(a Atom) bool {
		if a >= 0 {
			f(fn.values[a])
		}
		return true
	}
	op.attrDims(func(d Dim) Dim { d.Atoms(atom); return d })
	for _, v := range op.Results {
		for _, d := range v.Type.Dims {
			for a := range d.Atoms {
				if w := fn.values[a]; w.Def != op {
					f(w)
				}
			}
		}
	}
}

// Uses calls f with each value that the block itself uses: what it yields and
// the atoms of the types of its parameters that are no parameters of it.
func (b *Block) Uses(fn *Func, f func(*Value)) {
	b.paramAtoms(fn, f)
	for _, v := range b.Yield {
		f(v)
	}
}

// AllUses is Uses of op and of everything inside of its regions.
func (op *Op) AllUses(fn *Func, f func(*Value)) {
	op.Uses(fn, f)
	for _, region := range op.Regions {
		region.Uses(fn, f)
		for _, inner := range region.Ops {
			inner.AllUses(fn, f)
		}
	}
}

// A Renaming replaces values and sizes. Value gives what stands for a value;
// Size the Dim that stands for an atom, if Moves says that it is another one.
type Renaming struct {
	Value func(*Value) *Value
	Moves func(Atom) bool
	Size  func(Atom) Dim
}

// stays reports whether no atom of d moves.
func (r Renaming) stays(d Dim) bool {
	for a := range d.Atoms {
		if r.Moves(a) {
			return false
		}
	}
	return true
}

// dim replaces the atoms of d, or only those by atoms and numbers if it would
// have too many terms otherwise. A coefficient that still overflows makes a
// size that no array has.
func (r Renaming) dim(d Dim) Dim {
	if r.stays(d) {
		return d
	}
	if renamed, ok := d.Subst(r.Size); ok {
		return renamed
	}
	renamed, ok := d.Subst(func(a Atom) Dim {
		size := r.Size(a)
		_, isAtom := size.Atom()
		if _, isConst := size.Const(); isAtom || isConst {
			return size
		}
		return Sized(a)
	})
	if !ok {
		return Size(Unrepresentable)
	}
	return renamed
}

func (r Renaming) typ(t Type) Type {
	if !slices.ContainsFunc(t.Dims, func(d Dim) bool { return !r.stays(d) }) {
		return t
	}
	dims := make([]Dim, len(t.Dims))
	for i, d := range t.Dims {
		dims[i] = r.dim(d)
	}
	return Type{t.DType, dims}
}

// Rename replaces what op itself uses. The types of its results follow.
func (op *Op) Rename(r Renaming) {
	op.Attr = op.attrDims(r.dim)
	for i, v := range op.Args {
		op.Args[i] = r.Value(v)
	}
	for _, v := range op.Results {
		v.Type = r.typ(v.Type)
	}
}

// RenameParams replaces the atoms of the types of the parameters of b.
func (b *Block) RenameParams(r Renaming) {
	for _, v := range b.Params {
		v.Type = r.typ(v.Type)
	}
}

// RenameYield replaces what the block yields.
func (b *Block) RenameYield(r Renaming) {
	for i, v := range b.Yield {
		b.Yield[i] = r.Value(v)
	}
}

// attrDims is op.Attr with every Dim replaced by what f gives for it.
func (op *Op) attrDims(f func(Dim) Dim) Attr {
	all := func(dims []Dim) []Dim {
		if len(dims) == 0 {
			return dims
		}
		result := make([]Dim, len(dims))
		for i, d := range dims {
			result[i] = f(d)
		}
		return result
	}
	switch a := op.Attr.(type) {
	case DimsAttr:
		a.Dims = all(a.Dims)
		return a
	case SizeAttr:
		a.A, a.B = f(a.A), f(a.B)
		return a
	case SliceAttr:
		a.Dims = all(a.Dims)
		return a
	case RetypeAttr:
		a.Dims = all(a.Dims)
		return a
	case IndexAttr:
		ranges := slices.Clone(a.Range)
		for i := range ranges {
			ranges[i].Dim = f(ranges[i].Dim)
		}
		a.Range = ranges
		return a
	case MapAttr:
		a.Dims = all(a.Dims)
		return a
	case CallAttr:
		a.Sizes = all(a.Sizes)
		return a
	case DeriveAttr:
		a.Sizes = all(a.Sizes)
		return a
	case PatternAttr:
		a.Sizes, a.Rows, a.Columns = all(a.Sizes), all(a.Rows), all(a.Columns)
		return a
	case LibAttr:
		a.Sizes = all(a.Sizes)
		return a
	default:
		return op.Attr
	}
}

// A Copier makes copies of operations, perhaps in another Func.
type Copier struct {
	From, To *Func
	values   map[int32]*Value
	sizes    map[Atom]Dim
}

// NewCopier copies from one Func to another, or within one.
func NewCopier(from, to *Func) *Copier {
	return &Copier{from, to, map[int32]*Value{}, map[Atom]Dim{}}
}

// Bind lets w stand for v in copies.
func (c *Copier) Bind(v, w *Value) {
	c.values[v.ID] = w
	if v.Type.DType == I64 && v.Type.Rank() == 0 {
		c.sizes[Atom(v.ID)] = DimOf(w)
	}
}

// BindSize lets w, whose size is d, stand for v in copies.
func (c *Copier) BindSize(v, w *Value, d Dim) {
	c.values[v.ID] = w
	c.sizes[Atom(v.ID)] = d
}

// Value is what stands for v: v itself if nothing is bound to it.
func (c *Copier) Value(v *Value) *Value {
	if w, ok := c.values[v.ID]; ok {
		return w
	}
	return v
}

// Size is what stands for an atom.
func (c *Copier) Size(a Atom) Dim {
	if d, ok := c.sizes[a]; ok {
		return d
	}
	return Sized(a)
}

// Op copies op with its regions and binds its results to their copies. It is
// false if a size has too many terms.
func (c *Copier) Op(op *Op) (*Op, bool) {
	copied := &Op{Code: op.Code, Pos: op.Pos, Calls: op.Calls}
	fits := true
	copied.Attr = op.attrDims(func(d Dim) Dim {
		s, ok := d.Subst(c.Size)
		fits = fits && ok
		return s
	})
	for _, v := range op.Args {
		copied.Args = append(copied.Args, c.Value(v))
	}
	for _, region := range op.Regions {
		inner, ok := c.Block(region)
		if !ok {
			return nil, false
		}
		copied.Regions = append(copied.Regions, inner)
	}
	for _, v := range op.Results {
		t, ok := v.Type.Subst(c.Size)
		fits = fits && ok
		c.Bind(v, copied.AddResult(c.To, t, v.Name))
	}
	return copied, fits
}

// Block copies a block.
func (c *Copier) Block(b *Block) (*Block, bool) {
	copied := &Block{}
	for _, v := range b.Params {
		t, ok := v.Type.Subst(c.Size)
		if !ok {
			return nil, false
		}
		c.Bind(v, copied.AddParam(c.To, t, v.Name))
	}
	for _, op := range b.Ops {
		inner, ok := c.Op(op)
		if !ok {
			return nil, false
		}
		copied.Ops = append(copied.Ops, inner)
	}
	for _, v := range b.Yield {
		copied.Yield = append(copied.Yield, c.Value(v))
	}
	return copied, true
}
