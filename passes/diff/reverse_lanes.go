package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

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
