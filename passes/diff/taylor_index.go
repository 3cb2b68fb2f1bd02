package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// seriesOfAccumulate is that of x[i] *= v and x[i] /= v where v varies: of each
// element after the other, since a table may name one several times. Elements that
// are not named stay as exact as they were.
func (e *emitter) seriesOfAccumulate(s expansionSite) series {
	attr := s.op.Attr.(ir.IndexAttr)
	x, v, indices := s.args[0], s.args[1], s.args[2:]
	given := e.settledSeries(s.x[0], x.Type, s.order)
	factors := e.settledSeries(s.x[1], v.Type, s.order)
	at := ir.IndexAttr{Spec: strings.ReplaceAll(attr.Spec, "t", "@"), Range: attr.Range, Wrap: attr.Wrap, Batch: attr.Batch}
	first := strings.IndexByte(attr.Spec, 't')
	mask := e.touched(s.x[0].first(), s.x[1].first(), x.Type, v.Type, attr, indices).mask
	if first < 0 {
		all := e.changed(at, attr.Mode, append([]*ir.Value{x}, given...), append([]*ir.Value{v}, factors...), indices)
		return seriesFrom(all[1:], mask)
	}
	letters := strings.ReplaceAll(attr.Spec, ":", "")
	batch := x.Type.Dims[:attr.Batch]
	entries := indices[strings.IndexByte(letters, 't')].Type.Dims[attr.Batch:]
	// The axes of the tables stand in v behind those that come before them.
	before := attr.Batch + first - strings.Count(attr.Spec[:first], "@")
	all := e.flatten(entries)
	flat := func(v *ir.Value, before int) *ir.Value {
		return e.reshaped(v, slices.Concat(v.Type.Dims[:before], []ir.Dim{all}, v.Type.Dims[before+len(entries):]))
	}
	values := []*ir.Value{flat(v, before)}
	for _, u := range factors {
		values = append(values, flat(u, before))
	}
	tables := slices.Clone(indices)
	for i := range tables {
		if letters[i] == 't' {
			tables[i] = flat(tables[i], attr.Batch)
		}
	}
	part := ir.IndexAttr{Spec: strings.Repeat(":", before) + "@" + strings.Repeat(":", values[0].Type.Rank()-before-1)}
	carried := []ir.Carry{{Init: x}}
	for _, u := range given {
		carried = append(carried, ir.Carry{Init: u})
	}
	results := e.For(e.I64(0), e.SizeValue(all), "", carried, func(b *ir.Builder, k *ir.Value, carried []*ir.Value) []*ir.Value {
		in := e.in(b)
		here := slices.Clone(tables)
		for i := range here {
			if letters[i] == 't' {
				here[i] = in.Op(ir.Gather, ir.IndexAttr{Spec: "@", Batch: attr.Batch}, tables[i], in.Broadcast(k, batch...))
			}
		}
		own := make([]*ir.Value, len(values))
		for i, u := range values {
			own[i] = in.Op(ir.Gather, part, u, k)
		}
		return in.changed(at, attr.Mode, carried, own, here)
	})
	return seriesFrom(results[1:], mask)
}

// changed is x[i] *= v or x[i] /= v, for values and their coefficients, where i
// names no element twice.
func (e *emitter) changed(at ir.IndexAttr, mode ir.AccumulateMode, x, v, indices []*ir.Value) []*ir.Value {
	with := func(code ir.Code, first ...*ir.Value) *ir.Value { return e.Op(code, at, append(first, indices...)...) }
	old := make([]*ir.Value, len(x))
	for i, u := range x {
		old[i] = with(ir.Gather, u)
	}
	order := len(x) - 1
	s := expansionSite{args: []*ir.Value{old[0], v[0]}, x: []series{seriesFrom(old[1:], nil), seriesFrom(v[1:], nil)}, order: order}
	var y series
	if mode == ir.AccumulateMul {
		s.y = e.Op(ir.Mul, nil, old[0], v[0])
		y = e.cauchy(order, old[0], s.x[0], v[0], s.x[1])
	} else {
		s.y = e.Op(ir.Div, nil, old[0], v[0])
		y = seriesOfDiv(e, s)
	}
	next := []*ir.Value{with(ir.Update, x[0], s.y)}
	for j, d := range y {
		next = append(next, with(ir.Update, x[j+1], d.v))
	}
	return next
}

// settledSeries are the coefficients 1 … order of what has type t as arrays.
func (e *emitter) settledSeries(x series, t ir.Type, order int) []*ir.Value {
	values := make([]*ir.Value, order)
	for j := range values {
		values[j] = e.settle(x.at(j+1), t)
	}
	return values
}

// seriesFrom are values as coefficients with a mask, if there is one.
func seriesFrom(values []*ir.Value, mask *ir.Value) series {
	x := make(series, len(values))
	for j, v := range values {
		x[j] = dvalue{v, mask}
	}
	return x
}
