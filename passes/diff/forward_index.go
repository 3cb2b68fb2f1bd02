package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// tangentOfUpdate overwrites tangents as values are overwritten.
func tangentOfUpdate(e *emitter, s site) dvalue {
	dx, dv := s.d[0], s.d[1]
	x, v := s.args[0].Type, s.args[1].Type
	d := dvalue{v: e.again(s, e.valueOf(dx, x), e.valueOf(dv, v))}
	if dx.kind() != dense || dv.kind() != dense {
		d.mask = e.again(s, e.maskOf(dx, x), e.maskOf(dv, v))
	}
	return d
}

// tangentOfJoin is that of append and concat.
func tangentOfJoin(e *emitter, s site) dvalue {
	values, masks := make([]*ir.Value, len(s.args)), make([]*ir.Value, len(s.args))
	whole := true
	for i, d := range s.d {
		values[i] = e.valueOf(d, s.args[i].Type)
		whole = whole && d.kind() == dense
	}
	d := dvalue{v: e.again(s, values...)}
	if !whole {
		for i, d := range s.d {
			masks[i] = e.maskOf(d, s.args[i].Type)
		}
		d.mask = e.again(s, masks...)
	}
	return d
}

// tangentOfAccumulate is that of x[i] += v, and of the other ways.
func tangentOfAccumulate(e *emitter, s site) dvalue {
	dx, dv := s.d[0], s.d[1]
	attr := s.op.Attr.(ir.IndexAttr)
	product := attr.Mode == ir.AccumulateMul || attr.Mode == ir.AccumulateDiv
	switch {
	case dv.zero() && product:
		return e.elementwise(dx, func(v *ir.Value) *ir.Value { return e.again(s, v) })
	case dv.zero():
		return dx
	case product:
		return e.multiplied(s, attr)
	}
	x, v := s.args[0].Type, s.args[1].Type
	clean := dx.zero() || e.isExact(dx)
	d := e.touched(dx, dv, x, v, attr, s.args[2:])
	d.v = e.again(s, d.v, e.settle(dv, v))
	if clean {
		return e.exactly(d)
	}
	return d
}

// touched is dx, a derivative of an array of type x, with those elements settled
// that attr and indices name, for dv to be added there, and its mask as it is
// then. It looks at no others, of which there may be many.
func (e *emitter) touched(dx, dv dvalue, x, v ir.Type, attr ir.IndexAttr, indices []*ir.Value) dvalue {
	if dx.kind() == dense {
		return dx
	}
	attr.Mode = ir.AccumulateAdd
	with := func(code ir.Code, first ...*ir.Value) *ir.Value {
		return e.Op(code, attr, append(first, indices...)...)
	}
	mask, value := e.truth(v, true), e.valueOf(dx, x)
	joins := dv.kind() == masked && !strings.Contains(attr.Spec, "t") // a table may name an element twice
	// What is there is read before anything changes, so that nothing need be copied.
	var here dvalue
	if !dx.zero() && (joins || !e.isExact(dx)) {
		here.mask = with(ir.Gather, dx.mask)
	}
	if !dx.zero() && !e.isExact(dx) {
		here.v = with(ir.Gather, dx.v)
		value = with(ir.Update, value, e.settle(here, v))
	}
	if joins {
		if mask = dv.mask; here.mask != nil {
			mask = e.Op(ir.Or, nil, mask, here.mask)
		}
	}
	return dvalue{value, with(ir.Update, e.maskOf(dx, x), mask)}
}

// multiplied is the tangent of x[i] *= v or x[i] /= v where v has one: of each
// element after the other, since a table may name one several times. Elements that
// are not named stay as exact as they were.
func (e *emitter) multiplied(s site, attr ir.IndexAttr) dvalue {
	x, v := s.args[0], s.args[1]
	indices := s.args[2:]
	dx, dv := e.settle(s.d[0], x.Type), e.settle(s.d[1], v.Type)
	at := ir.IndexAttr{Spec: strings.ReplaceAll(attr.Spec, "t", "@"), Range: attr.Range, Wrap: attr.Wrap, Batch: attr.Batch}
	first := strings.IndexByte(attr.Spec, 't')
	mask := e.touched(s.d[0], s.d[1], x.Type, v.Type, attr, indices).mask
	if first < 0 {
		_, changed := e.multiply(at, attr.Mode, x, dx, v, dv, indices)
		return dvalue{changed, mask}
	}
	letters := strings.ReplaceAll(attr.Spec, ":", "")
	batch := x.Type.Dims[:attr.Batch]
	table := indices[strings.IndexByte(letters, 't')].Type
	entries := table.Dims[attr.Batch:]
	// The axes of the tables stand in v behind those that come before them.
	before := attr.Batch + first - strings.Count(attr.Spec[:first], "@")
	all := e.flatten(entries)
	flat := func(v *ir.Value, before, axes int) *ir.Value {
		dims := slices.Concat(v.Type.Dims[:before], []ir.Dim{all}, v.Type.Dims[before+axes:])
		return e.reshaped(v, dims)
	}
	v, dv = flat(v, before, len(entries)), flat(dv, before, len(entries))
	tables := slices.Clone(indices)
	for i := range tables {
		if letters[i] == 't' {
			tables[i] = flat(tables[i], attr.Batch, len(entries))
		}
	}
	part := ir.IndexAttr{Spec: strings.Repeat(":", before) + "@" + strings.Repeat(":", v.Type.Rank()-before-1)}
	results := e.For(e.I64(0), e.SizeValue(all), "", []ir.Carry{{Init: x}, {Init: dx}},
		func(b *ir.Builder, k *ir.Value, carried []*ir.Value) []*ir.Value {
			in := e.in(b)
			one := ir.IndexAttr{Spec: "@", Batch: attr.Batch}
			here := slices.Clone(tables)
			for i := range here {
				if letters[i] == 't' {
					here[i] = in.Op(ir.Gather, one, tables[i], in.Broadcast(k, batch...))
				}
			}
			y, dy := in.multiply(at, attr.Mode, carried[0], carried[1],
				in.Op(ir.Gather, part, v, k), in.Op(ir.Gather, part, dv, k), here)
			return []*ir.Value{y, dy}
		})
	return dvalue{results[1], mask}
}

// multiply is x[i] *= v or x[i] /= v, and its tangent, where i names no element
// twice.
func (e *emitter) multiply(at ir.IndexAttr, mode ir.AccumulateMode, x, dx, v, dv *ir.Value, indices []*ir.Value) (y, dy *ir.Value) {
	with := func(code ir.Code, first ...*ir.Value) *ir.Value { return e.Op(code, at, append(first, indices...)...) }
	old, change := with(ir.Gather, x), with(ir.Gather, dx)
	if mode == ir.AccumulateMul {
		change = e.Op(ir.Add, nil, e.Op(ir.Mul, nil, change, v), e.Op(ir.Mul, nil, old, dv))
		old = e.Op(ir.Mul, nil, old, v)
	} else {
		old = e.Op(ir.Div, nil, old, v)
		change = e.Op(ir.Div, nil, e.Op(ir.Sub, nil, change, e.Op(ir.Mul, nil, old, dv)), v)
	}
	return with(ir.Update, x, old), with(ir.Update, dx, change)
}

// flatten is the number of elements of these sizes as one size.
func (e *emitter) flatten(dims []ir.Dim) ir.Dim {
	all, ok := ir.Product(dims)
	if !ok {
		short := make([]ir.Dim, len(dims))
		for i, d := range dims {
			short[i] = e.Shorten(d)
		}
		all, _ = ir.Product(short)
	}
	return all
}

// reshaped is v with other sizes, of which there are as many elements.
func (e *emitter) reshaped(v *ir.Value, dims []ir.Dim) *ir.Value {
	if v.Type.Equal(ir.ArrayOf(v.Type.DType, dims...)) {
		return v
	}
	return e.Op(ir.Reshape, ir.DimsAttr{Dims: dims}, v)
}
