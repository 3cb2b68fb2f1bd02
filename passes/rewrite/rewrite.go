// Package rewrite walks a function from its beginning to its end and lets a
// pass look at each operation and put others in its place. What was replaced is
// replaced in all that follows, in operands and in sizes.
package rewrite

import "github.com/calx-lang/calx/ir"

// A Rewriter is in the middle of a walk.
type Rewriter struct {
	F *ir.Func

	// Enter and Leave, if not nil, are called around each region.
	Enter, Leave func(*ir.Block)
	// After, if not nil, is called with each operation that has regions when
	// they have been walked. The operation stays if it says so.
	After func(op *ir.Op) (keep bool)

	values map[*ir.Value]*ir.Value
	sizes  map[ir.Atom]ir.Dim
	out    []*ir.Op // of the current block
	todo   [][]*ir.Op
}

// New is a Rewriter of f.
func New(f *ir.Func) *Rewriter {
	return &Rewriter{F: f, values: map[*ir.Value]*ir.Value{}, sizes: map[ir.Atom]ir.Dim{}}
}

// Walk calls visit with each operation after what it uses has been replaced,
// before its regions. The operation stays if visit says so.
func (r *Rewriter) Walk(visit func(op *ir.Op) (keep bool)) {
	r.block(r.F.Body, visit)
}

func (r *Rewriter) block(b *ir.Block, visit func(*ir.Op) bool) {
	renaming := r.Renaming()
	outer, waiting := r.out, r.todo
	r.out, r.todo = make([]*ir.Op, 0, len(b.Ops)), [][]*ir.Op{b.Ops}
	for len(r.todo) > 0 {
		last := len(r.todo) - 1
		if len(r.todo[last]) == 0 {
			r.todo = r.todo[:last]
			continue
		}
		op := r.todo[last][0]
		r.todo[last] = r.todo[last][1:]
		op.Rename(renaming)
		if !visit(op) {
			continue
		}
		for _, region := range op.Regions {
			region.RenameParams(renaming)
			if r.Enter != nil {
				r.Enter(region)
			}
			r.block(region, visit)
			if r.Leave != nil {
				r.Leave(region)
			}
		}
		if len(op.Regions) == 0 || r.After == nil || r.After(op) {
			r.out = append(r.out, op)
		}
	}
	b.Ops = r.out
	b.RenameYield(renaming)
	r.out, r.todo = outer, waiting
}

// Renaming is what has been replaced up to now, and will have been later.
func (r *Rewriter) Renaming() ir.Renaming {
	return ir.Renaming{Value: r.Value, Size: r.Size, Moves: func(a ir.Atom) bool {
		_, moves := r.sizes[a]
		return moves
	}}
}

// Value is what stands for v now.
func (r *Rewriter) Value(v *ir.Value) *ir.Value {
	for {
		w, ok := r.values[v]
		if !ok {
			return v
		}
		v = w
	}
}

// Size is what stands for an atom now.
func (r *Rewriter) Size(a ir.Atom) ir.Dim {
	d, ok := r.sizes[a]
	if !ok {
		return ir.Sized(a)
	}
	for b := range d.Atoms {
		if _, replaced := r.sizes[b]; replaced {
			if again, ok := d.Subst(r.Size); ok {
				d, r.sizes[a] = again, again
			}
			break
		}
	}
	return d
}

// Replace lets w stand for v, as a size too.
func (r *Rewriter) Replace(v, w *ir.Value) {
	r.values[v] = w
	if v.Type.DType == ir.I64 && v.Type.Rank() == 0 {
		r.sizes[ir.Atom(v.ID)] = r.dimOf(w)
	}
}

// ReplaceSize lets d stand for v where types mention it, and only there.
func (r *Rewriter) ReplaceSize(v *ir.Value, d ir.Dim) { r.sizes[ir.Atom(v.ID)] = d }

// dimOf is ir.DimOf where what it is made of may have been replaced too.
func (r *Rewriter) dimOf(w *ir.Value) ir.Dim {
	if d, ok := r.sizes[ir.Atom(w.ID)]; ok {
		return d
	}
	return ir.DimOf(w)
}

// Emit appends operations that are not visited, before the current one.
func (r *Rewriter) Emit(ops ...*ir.Op) { r.out = append(r.out, ops...) }

// Insert lets ops be visited next, before what follows the current operation.
func (r *Rewriter) Insert(ops []*ir.Op) { r.todo = append(r.todo, ops) }
