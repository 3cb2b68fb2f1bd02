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

// lanes are the index operands of a part of an array in the body of a map, and
// behind it.
type lanes struct {
	dims    []ir.Dim    // of the map
	indices []*ir.Value // of a lane
	inside  []*ir.Value // the operands in the body
	whole   []*ir.Value // over all lanes; nil for those that are the same for all
	arm     *frame
}

// scatterLanes adds to the cotangent of s.x what the lanes of a map give it.
func (fr *frame) scatterLanes(s scattered, l lanes) {
	if fr.scatterAligned(s, l) {
		return
	}
	e := fr.e
	m := len(l.dims)
	letters := strings.ReplaceAll(s.attr.Spec, ":", "")
	// All tables get the axes of the lanes, of the tables, and of each range.
	shape := slices.Clone(l.dims)
	tableAt, tableRank := -1, 0
	for i, letter := range letters {
		if letter == 't' && tableAt < 0 {
			tableAt, tableRank = m, l.inside[i].Type.Rank()
			shape = append(shape, l.inside[i].Type.Dims...)
		}
	}
	firstRange := len(shape)
	for _, r := range s.attr.Range {
		shape = append(shape, r.Dim)
	}
	// expanded is operand k, which has these axes behind those of the lanes.
	expanded := func(k int, axes ...int) *ir.Value {
		v, first := l.whole[k], 0
		if v == nil {
			v, first = l.inside[k], m
		}
		dims := make([]ir.Dim, len(shape))
		for i := range dims {
			if dims[i] = ir.Size(1); i >= first && i < m || contained(axes, i) {
				dims[i] = shape[i]
			}
		}
		return e.Broadcast(e.reshaped(v, dims), shape...)
	}
	var tables []*ir.Value
	ranges := 0
	for i, letter := range letters {
		switch letter {
		case '@':
			tables = append(tables, expanded(i))
		case 't':
			var axes []int
			for k := range tableRank {
				axes = append(axes, tableAt+k)
			}
			tables = append(tables, expanded(i, axes...))
		case 'r':
			r := s.attr.Range[ranges]
			axis := firstRange + ranges
			offset := e.Op(ir.Mul, nil, e.Op(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{r.Dim}}), e.Broadcast(e.I64(r.Step), r.Dim))
			dims := slices.Repeat([]ir.Dim{ir.Size(1)}, len(shape))
			dims[axis] = r.Dim
			along := e.Broadcast(e.reshaped(offset, dims), shape...)
			tables = append(tables, e.Op(ir.Add, nil, expanded(i), along))
			ranges++
		}
	}
	// The order of the axes of d: lanes, then as the index of one lane gave them.
	var whole, rangeAxes, tableAxes []int
	before := 0 // axes ":" before the first table
	next := m
	seen, placed := false, false
	for _, letter := range s.attr.Spec {
		switch letter {
		case ':':
			if whole = append(whole, next); !seen {
				before++
			}
			next++
			continue
		case 'r':
			rangeAxes = append(rangeAxes, next)
			next++
		case 't':
			if !placed {
				placed = true
				for range tableRank {
					tableAxes = append(tableAxes, next)
					next++
				}
			}
		}
		seen = true
	}
	perm := slices.Clone(whole[:before])
	for i := range m {
		perm = append(perm, i)
	}
	perm = slices.Concat(perm, tableAxes, rangeAxes, whole[before:])
	spec := strings.NewReplacer("@", "t", "r", "t").Replace(s.attr.Spec)
	fr.scatter(s.x, ir.IndexAttr{Spec: spec, Wrap: s.attr.Wrap}, fr.transposed(s.d, perm), tables)
}

// scatterAligned is scatterLanes where each index of the map is the index of one
// axis of the array, or that and a number.
func (fr *frame) scatterAligned(s scattered, l lanes) bool {
	e := fr.e
	m := len(l.dims)
	used := make([]bool, m)
	var perm []int
	var spec []byte
	attr := ir.IndexAttr{}
	var starts []*ir.Value
	next, operand, ranges := m, 0, 0
	x := fr.typ(s.x.Type)
	for axis := range len(s.attr.Spec) {
		switch s.attr.Spec[axis] {
		case ':':
			spec, perm = append(spec, ':'), append(perm, next)
			next++
		case '@':
			lane, start, ok := l.lane(e, l.inside[operand], s.attr.Wrap)
			if !ok || used[lane] {
				return false
			}
			used[lane] = true
			perm = append(perm, lane)
			if start == nil && l.dims[lane].Equal(x.Dims[axis]) {
				spec = append(spec, ':')
			} else {
				if start == nil {
					start = e.I64(0)
				}
				spec = append(spec, 'r')
				attr.Range = append(attr.Range, ir.RangeAttr{Dim: l.dims[lane], Step: 1})
				starts = append(starts, start)
			}
			operand++
		case 'r':
			start := l.inside[operand]
			if !l.arm.outlives(start) {
				return false
			}
			spec, perm = append(spec, 'r'), append(perm, next)
			attr.Range = append(attr.Range, s.attr.Range[ranges])
			starts = append(starts, start)
			next, operand, ranges = next+1, operand+1, ranges+1
		default:
			return false
		}
	}
	// Over an index of the map that selects nothing the contributions add up.
	var summed []int
	for i := range used {
		if !used[i] {
			summed = append(summed, i)
		}
	}
	d := fr.e.sumOver(s.d, summed...)
	for i, axis := range perm {
		for _, gone := range summed {
			if gone < axis {
				perm[i]--
			}
		}
	}
	d = fr.transposed(d, perm)
	if attr.Spec = string(spec); strings.Trim(attr.Spec, ":") == "" {
		fr.add(s.x, d)
	} else {
		fr.scatter(s.x, attr, d, starts)
	}
	return true
}

// lane tells whether v, in the body of a map, is an index of the map, or one and
// a number: start, nil for 0.
func (l lanes) lane(e *emitter, v *ir.Value, wraps bool) (lane int, start *ir.Value, ok bool) {
	if lane = slices.Index(l.indices, v); lane >= 0 {
		return lane, nil, true
	}
	if v.Def == nil || v.Def.Code != ir.Add && v.Def.Code != ir.Sub || wraps {
		return 0, nil, false
	}
	a, b := v.Def.Args[0], v.Def.Args[1]
	if v.Def.Code == ir.Add && slices.Contains(l.indices, b) {
		a, b = b, a
	}
	if lane = slices.Index(l.indices, a); lane < 0 || !l.arm.outlives(b) {
		return 0, nil, false
	}
	if v.Def.Code == ir.Sub {
		b = e.Op(ir.Sub, nil, e.I64(0), b)
	}
	return lane, b, true
}

// outlives reports whether v of backward code is there outside of the block of
// fr too.
func (fr *frame) outlives(v *ir.Value) bool {
	home, ok := fr.placed[v]
	return known(v) != nil && v.Type.Rank() == 0 || ok && home != fr
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
