package pattern

import "github.com/calx-lang/calx/ir"

// conditional is that of either branch.
func (a *analysis) conditional(op *ir.Op) {
	a.block(op.Regions[0])
	a.block(op.Regions[1])
	for i, v := range op.Results {
		if v.Type.DType.IsInexact() {
			a.set(v, a.union(a.here(op.Regions[0].Yield[i]), a.here(op.Regions[1].Yield[i])))
		}
	}
}

// mapRegion has the indices of the map as leading axes of what is inside.
func (a *analysis) mapRegion(op *ir.Op) {
	body := op.Regions[0]
	for k, index := range body.Params {
		a.numbers[index] = affine{axis: a.lead + k, step: 1}
	}
	lead := a.lead
	a.lead += len(body.Params)
	a.block(body)
	yields := make([][]Pattern, len(op.Results))
	for i, v := range body.Yield {
		yields[i] = a.here(v)
	}
	a.lead = lead
	for i, v := range op.Results {
		if v.Type.DType.IsInexact() {
			a.set(v, yields[i])
		}
	}
}

// loop is dense in whatever its body reads that varies.
func (a *analysis) loop(op *ir.Op) {
	p := make([]Pattern, len(a.f.Params))
	op.AllUses(a.f, func(v *ir.Value) {
		if a.values[v] != nil {
			p = a.union(p, a.spread(a.values[v]))
		}
	})
	for _, v := range op.Results {
		if v.Type.DType.IsInexact() {
			a.set(v, p)
		}
	}
}

// call puts the patterns of the callee behind those of the arguments.
func (a *analysis) call(op *ir.Op) {
	callee := op.Callee()
	inner := a.of(callee)
	sizes := op.Attr.(ir.CallAttr).Sizes
	for i, v := range op.Results[callee.SizeResults:] {
		if !v.Type.DType.IsInexact() {
			continue
		}
		p := make([]Pattern, len(a.f.Params))
		for k, arg := range op.Args {
			if a.values[arg] == nil {
				continue
			}
			for _, r := range inner[i][k] {
				p = a.union(p, a.mapped(a.here(arg), a.inside(r, callee, sizes)))
			}
		}
		a.set(v, p)
	}
}

// inside is a relation of a callee with its sizes replaced, behind the indices
// of the maps around.
func (a *analysis) inside(r Relation, callee *ir.Func, sizes []ir.Dim) Relation {
	at := a.axes(len(r))
	for k, x := range r {
		if x.Full {
			at[a.lead+k] = full
			continue
		}
		offset, ok := x.Offset.Subst(func(atom ir.Atom) ir.Dim {
			for i, s := range callee.Sizes {
				if atom == ir.Atom(s.ID) {
					return sizes[i]
				}
			}
			return ir.Sized(atom)
		})
		if ok {
			offset, ok = a.dim(offset)
		}
		switch {
		case !ok:
			at[a.lead+k] = full
		case x.Axis < 0:
			at[a.lead+k] = fixed(offset)
		default:
			at[a.lead+k] = Index{Axis: a.lead + x.Axis, Step: x.Step, Offset: offset}
		}
	}
	return at
}
