package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// reverseMap makes a map over the same indices, which gives for each what it
// contributes to values from outside; the contributions are added up behind it.
// Where that would make an array for each index, loops with accumulators do it.
func (fr *frame) reverseMap(op *ir.Op) {
	if !fr.seeded(op) {
		return
	}
	if fr.contributesByElement(op) {
		fr.reverseMapByLanes(op)
	} else {
		fr.reverseMapByLoops(op)
	}
}

// contributesByElement reports whether the body of a map reads arrays from
// outside that have cotangents at indices only, in the body itself, and all
// sizes in it are the same for all indices.
func (fr *frame) contributesByElement(op *ir.Op) bool {
	region := op.Regions[0]
	own := map[ir.Atom]bool{}
	inner := map[*ir.Value]bool{}
	var define func(b *ir.Block)
	define = func(b *ir.Block) {
		note := func(v *ir.Value) { own[ir.Atom(v.ID)], inner[v] = true, true }
		for _, v := range b.Params {
			note(v)
		}
		for _, op := range b.Ops {
			for _, v := range op.Results {
				note(v)
			}
			for _, r := range op.Regions {
				define(r)
			}
		}
	}
	define(region)
	outside := func(v *ir.Value) bool { return v.Type.Rank() > 0 && !inner[v] && fr.active(v) }
	even := true
	for _, op := range region.Ops {
		for i, v := range op.Args {
			parts := op.Code == ir.Slice || op.Code == ir.Gather && op.Attr.(ir.IndexAttr).Batch == 0
			even = even && !(outside(v) && (i > 0 || !parts))
		}
		for _, r := range op.Regions {
			for _, x := range r.Ops {
				x.AllUses(fr.fwd, func(v *ir.Value) { even = even && !outside(v) })
			}
			r.Uses(fr.fwd, func(v *ir.Value) { even = even && !outside(v) })
		}
		for _, v := range op.Results {
			for _, d := range v.Type.Dims {
				for a := range d.Atoms {
					even = even && !own[a]
				}
			}
		}
	}
	region.Uses(fr.fwd, func(v *ir.Value) { even = even && !outside(v) })
	return even
}

func (fr *frame) reverseMapByLanes(op *ir.Op) {
	n := len(op.Results)
	region := op.Regions[0]
	dims := fr.dims(op.Attr.(ir.MapAttr).Dims)
	in := fr.e.inside()
	store := &mapStore{body: isLeaf(region), results: map[*ir.Value]*ir.Value{}}
	arm := fr.inside(op, region, in, fr.e.Builder, store)
	arm.closed = true
	for _, p := range region.Params {
		i := in.Param(p.Type, p.Name)
		store.indices = append(store.indices, i)
		arm.needs[p] = i
	}
	for i, v := range op.Results[:n] {
		arm.seed(region.Yield[i], arm.lane(fr.cotangent(v), store.indices))
	}
	arm.reverse()

	// What the map gives: whole contributions, then those to elements.
	given := &given{b: in.Builder, lanes: dims}
	kinds := make([]kind, len(arm.changed))
	exact := make([]bool, len(arm.changed))
	for i, v := range arm.changed {
		d := arm.cotangent(v)
		kinds[i] = d.kind()
		exact[i] = arm.e.isExact(d)
		given.add(arm.e.as(d, kinds[i], arm.typ(v.Type))...)
	}
	for _, s := range arm.pending {
		given.add(arm.e.as(s.d, s.d.kind(), s.d.v.Type)...)
		for _, v := range s.index {
			if !arm.outlives(v) {
				given.add(v)
			}
		}
	}
	arm.finish()
	if fr.failure != nil {
		return
	}
	results := fr.e.EmitTyped(ir.Map, ir.MapAttr{Dims: dims}, nil, given.types, in.Block)
	axes := make([]int, len(dims))
	for i := range axes {
		axes[i] = i
	}
	for i, v := range arm.changed {
		var d dvalue
		d, results = represented(kinds[i], results)
		if exact[i] {
			d = fr.e.exactly(d)
		}
		fr.add(v, fr.e.sumOver(d, axes...))
	}
	for _, s := range arm.pending {
		exact := arm.e.isExact(s.d)
		s.d, results = represented(s.d.kind(), results)
		if exact {
			s.d = fr.e.exactly(s.d)
		}
		l := lanes{dims: dims, indices: store.indices, inside: s.index, whole: make([]*ir.Value, len(s.index)), arm: arm}
		for i, v := range s.index {
			if !arm.outlives(v) {
				l.whole[i], results = results[0], results[1:]
			}
		}
		fr.scatterLanes(s, l)
	}
}

// given collects what a map gives.
type given struct {
	b     *ir.Builder
	lanes []ir.Dim
	types []ir.Type
}

func (g *given) add(values ...*ir.Value) {
	for _, v := range values {
		g.b.Block.Yield = append(g.b.Block.Yield, v)
		g.types = append(g.types, ir.Type{DType: v.Type.DType, Dims: slices.Concat(g.lanes, v.Type.Dims)})
	}
}

// lane is the element of d, which belongs to an array over all indices, at these.
func (fr *frame) lane(d dvalue, indices []*ir.Value) dvalue {
	return fr.e.linear(d, func(v *ir.Value) *ir.Value { return fr.e.element(v, indices...) })
}

// element is v at indices of its first axes.
func (e *emitter) element(v *ir.Value, indices ...*ir.Value) *ir.Value {
	spec := strings.Repeat("@", len(indices)) + strings.Repeat(":", v.Type.Rank()-len(indices))
	return e.Op(ir.Gather, ir.IndexAttr{Spec: spec}, append([]*ir.Value{v}, indices...)...)
}

// isLeaf reports whether it is best to compute all of the body of a map again.
func isLeaf(b *ir.Block) bool {
	work := 0
	for _, op := range b.Ops {
		info := op.Code.Info()
		switch info.Class {
		case ir.Elementwise, ir.View, ir.Creation:
		case ir.Index:
			if op.Code != ir.Gather {
				return false
			}
		default:
			return false
		}
		work += info.Cost.Work()
	}
	return work <= leafWork
}

// leafWork is the most work of a body that is computed again: 40 additions.
const leafWork = 40

// A mapStore records values of the body of a map as results of it, at the
// indices. All of a leaf is computed again, and what has not the same size at
// all indices.
type mapStore struct {
	body    bool        // the body is a leaf
	indices []*ir.Value // in backward code
	results map[*ir.Value]*ir.Value
}

func (s *mapStore) keeps(*ir.Value) bool { return true }

func (s *mapStore) prefersOuter(*frame, *ir.Value, *ir.Op) bool { return true }

func (s *mapStore) computesAgain(fr *frame, op *ir.Op) (again, decided bool) {
	if s.body {
		return true, true
	}
	for _, v := range op.Results {
		for _, d := range v.Type.Dims {
			if !fr.reaches(fr.fwd.Canon(d)) {
				return true, true
			}
		}
	}
	return false, false
}

func (s *mapStore) record(fr *frame, head *ir.Builder, v, p *ir.Value) {
	r := s.results[v]
	if r == nil {
		dims := make([]ir.Dim, v.Type.Rank())
		for i, d := range v.Type.Dims {
			dims[i] = fr.fwd.Canon(d)
		}
		lanes := fr.op.Attr.(ir.MapAttr).Dims
		r = fr.op.AddResult(fr.fwd, ir.Type{DType: v.Type.DType, Dims: slices.Concat(lanes, dims)}, v.Name)
		fr.op.Regions[0].Yield = append(fr.op.Regions[0].Yield, v)
		s.results[v] = r
		fr.outer.enters(r)
	}
	whole := fr.outer.need(r)
	spec := strings.Repeat("@", len(s.indices)) + strings.Repeat(":", v.Type.Rank())
	becomes(head, p, ir.Gather, ir.IndexAttr{Spec: spec}, append([]*ir.Value{whole}, s.indices...)...)
}
