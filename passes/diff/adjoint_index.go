package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// scattered is a cotangent of the elements of x that an index selects.
type scattered struct {
	x     *ir.Value // of f.fwd
	attr  ir.IndexAttr
	d     dvalue
	index []*ir.Value // of f.bwd
}

// adjointGather adds the cotangent to the elements that were taken.
func adjointGather(fr *frame, op *ir.Op, d dvalue) {
	if fr.active(op.Args[0]) {
		fr.scatter(op.Args[0], fr.indexAttr(op), d, fr.needAll(op.Args[1:]))
	}
}

// indexAttr is the attribute of an index operation in backward code.
func (fr *frame) indexAttr(op *ir.Op) ir.IndexAttr {
	attr := op.Attr.(ir.IndexAttr)
	attr.Mode = ir.AccumulateAdd
	attr.Range = slices.Clone(attr.Range)
	for i := range attr.Range {
		attr.Range[i].Dim = fr.dim(attr.Range[i].Dim)
	}
	return attr
}

// scatter adds d to the cotangent of the elements of x that an index selects: in
// the array that is there already, which nothing else reads any more. From a
// block that has no such array it is passed on.
func (fr *frame) scatter(x *ir.Value, attr ir.IndexAttr, d dvalue, index []*ir.Value) {
	if fr.closed && fr.home[x] != fr && attr.Batch == 0 {
		fr.pending = append(fr.pending, scattered{x, attr, d, index})
		return
	}
	e := fr.e
	t := fr.typ(x.Type)
	before := fr.cotangent(x)
	v := fr.e.settle(d, ir.Type{})
	after := dvalue{v: e.Op(ir.Accumulate, attr, append([]*ir.Value{fr.e.settle(before, t), v}, index...)...)}
	if before.kind() != dense {
		after.mask = e.marked(attr, e.maskOf(before, t), e.maskOf(d, v.Type), index)
		after = fr.e.exactly(after)
	}
	fr.set(x, after)
}

// marked is a mask that is true also where marks, at an index, is.
func (e *emitter) marked(attr ir.IndexAttr, mask, marks *ir.Value, index []*ir.Value) *ir.Value {
	if truth := known(marks); truth != nil && truth.I != 0 {
		attr.Mode = ir.AccumulateAdd
		return e.Op(ir.Update, attr, append([]*ir.Value{mask, marks}, index...)...)
	}
	if !strings.Contains(attr.Spec, "t") {
		attr.Mode = ir.AccumulateAdd
		here := e.Op(ir.Gather, attr, append([]*ir.Value{mask}, index...)...)
		return e.Op(ir.Update, attr, append([]*ir.Value{mask, e.Op(ir.Or, nil, here, marks)}, index...)...)
	}
	counts := []*ir.Value{e.Convert(mask, ir.I64), e.Convert(marks, ir.I64)}
	count := e.Op(ir.Accumulate, attr, append(counts, index...)...)
	return e.Op(ir.Lt, nil, e.fill(count.Type, 0), count)
}

// taken is d at an index.
func (fr *frame) taken(d dvalue, attr ir.IndexAttr, index []*ir.Value) dvalue {
	return fr.e.linear(d, func(v *ir.Value) *ir.Value {
		return fr.e.Op(ir.Gather, attr, append([]*ir.Value{v}, index...)...)
	})
}

// adjointUpdate: what was written gets the cotangent of its place, unless it was
// overwritten itself, and what was there before gets none.
func adjointUpdate(fr *frame, op *ir.Op, d dvalue) {
	e := fr.e
	x, v := op.Args[0], op.Args[1]
	attr, index := fr.indexAttr(op), fr.needAll(op.Args[2:])
	if fr.active(v) {
		part := fr.taken(d, attr, index)
		if strings.Contains(attr.Spec, "t") {
			part = e.restrict(part, fr.lasting(attr, fr.typ(x.Type), fr.typ(v.Type), index), true)
		}
		fr.add(v, part)
	}
	if fr.active(x) {
		t := fr.typ(v.Type)
		write := func(x, v *ir.Value) *ir.Value {
			return e.Op(ir.Update, attr, append([]*ir.Value{x, v}, index...)...)
		}
		rest := dvalue{write(d.v, e.fill(t, 0)), write(e.maskOf(d, d.v.Type), e.truth(t, false))}
		if d.mask == nil || fr.e.isExact(d) {
			rest = fr.e.exactly(rest)
		}
		fr.add(x, rest)
	}
}

// lasting tells which of the elements of type v, written into an array of type
// x at an index with tables, are there in the end: those that come last.
func (fr *frame) lasting(attr ir.IndexAttr, x, v ir.Type, index []*ir.Value) *ir.Value {
	e := fr.e
	all := e.flatten(v.Dims)
	numbers := e.reshaped(e.Op(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{all}}), v.Dims)
	places := e.fill(ir.Type{DType: ir.I64, Dims: x.Dims}, -1)
	written := e.Op(ir.Update, attr, append([]*ir.Value{places, numbers}, index...)...)
	return e.Op(ir.Eq, nil, e.Op(ir.Gather, attr, append([]*ir.Value{written}, index...)...), numbers)
}

func adjointAccumulate(fr *frame, op *ir.Op, d dvalue) {
	e := fr.e
	x, v := op.Args[0], op.Args[1]
	attr, index := fr.indexAttr(op), fr.needAll(op.Args[2:])
	switch mode := op.Attr.(ir.IndexAttr).Mode; mode {
	case ir.AccumulateAdd, ir.AccumulateSub:
		if fr.active(v) {
			part := fr.taken(d, attr, index)
			if mode == ir.AccumulateSub {
				part = fr.e.keeping(part, func(v *ir.Value) *ir.Value { return e.Op(ir.Neg, nil, v) })
			}
			fr.add(v, part)
		}
		fr.add(x, d)
	case ir.AccumulateDiv:
		factors := fr.need(v)
		if fr.active(v) {
			part := e.mul(fr.taken(d, attr, index), e.Op(ir.Gather, attr, append([]*ir.Value{fr.need(op.Results[0])}, index...)...))
			fr.add(v, e.neg(e.elementwise(part, func(u *ir.Value) *ir.Value { return e.Op(ir.Div, nil, u, factors) })))
		}
		fr.scale(x, attr, mode, d, factors, index)
	case ir.AccumulateMul:
		factors := fr.need(v)
		if fr.active(v) {
			fr.add(v, fr.factored(attr, d, fr.need(x), factors, index))
		}
		fr.scale(x, attr, mode, d, factors, index)
	}
}

// scale adds to the cotangent of x that of x multiplied or divided by factors at
// an index.
func (fr *frame) scale(x *ir.Value, attr ir.IndexAttr, mode ir.AccumulateMode, d dvalue, factors *ir.Value, index []*ir.Value) {
	if !fr.active(x) {
		return
	}
	attr.Mode = mode
	fr.add(x, fr.e.elementwise(d, func(v *ir.Value) *ir.Value {
		return fr.e.Op(ir.Accumulate, attr, append([]*ir.Value{v, factors}, index...)...)
	}))
}

// factored is the cotangent of v in x[index] *= v: the cotangent of the place
// times what the place was multiplied with besides. If a table may name a place
// several times, these products are made one factor after the other, from both
// ends.
func (fr *frame) factored(attr ir.IndexAttr, d dvalue, x, v *ir.Value, index []*ir.Value) dvalue {
	e := fr.e
	if !strings.Contains(attr.Spec, "t") {
		return e.mul(fr.taken(d, attr, index), e.Op(ir.Gather, attr, append([]*ir.Value{x}, index...)...))
	}
	t := v.Type
	s := e.steps(attr, index, v)
	ones := e.fill(ir.Type{DType: x.Type.DType, Dims: x.Type.Dims}, 1)
	// before is what the place held before each step, behind the product of the
	// factors of the steps after it.
	before := s.run(e, x, false)
	behind := s.run(e, ones, true)
	others := e.reshaped(e.Op(ir.Mul, nil, before, behind), t.Dims)
	return e.mul(fr.taken(d, attr, index), others)
}

// steps are the changes of an index operation with tables, one after the other.
type steps struct {
	at      ir.IndexAttr // of one step
	letters string       // of the operands
	batch   []ir.Dim
	tables  []*ir.Value // with one axis for the steps; other operands as they are
	factors *ir.Value   // likewise
	part    ir.IndexAttr
	n       ir.Dim
}

func (e *emitter) steps(attr ir.IndexAttr, index []*ir.Value, v *ir.Value) *steps {
	first := strings.IndexByte(attr.Spec, 't')
	s := &steps{letters: strings.ReplaceAll(attr.Spec, ":", ""), tables: slices.Clone(index)}
	s.at = ir.IndexAttr{Spec: strings.ReplaceAll(attr.Spec, "t", "@"), Range: attr.Range, Wrap: attr.Wrap, Batch: attr.Batch}
	table := index[strings.IndexByte(s.letters, 't')].Type
	s.batch = table.Dims[:attr.Batch]
	entries := table.Dims[attr.Batch:]
	s.n = e.flatten(entries)
	flat := func(v *ir.Value, before int) *ir.Value {
		return e.reshaped(v, slices.Concat(v.Type.Dims[:before], []ir.Dim{s.n}, v.Type.Dims[before+len(entries):]))
	}
	// The axes of the tables stand in v behind those that come before them.
	before := attr.Batch + first - strings.Count(attr.Spec[:first], "@")
	s.factors = flat(v, before)
	for i := range s.tables {
		if s.letters[i] == 't' {
			s.tables[i] = flat(s.tables[i], attr.Batch)
		}
	}
	s.part = ir.IndexAttr{Spec: strings.Repeat(":", before) + "@" + strings.Repeat(":", s.factors.Type.Rank()-before-1)}
	return s
}

// run multiplies x by the factors, in their order or backwards, and gives what
// the place of each was before.
func (s *steps) run(e *emitter, x *ir.Value, backwards bool) *ir.Value {
	last := e.Op(ir.Sub, nil, e.SizeValue(s.n), e.I64(1))
	results := e.For(e.I64(0), e.SizeValue(s.n), "", []ir.Carry{{Init: x}, {Init: e.fill(s.factors.Type, 0)}},
		func(b *ir.Builder, k *ir.Value, carried []*ir.Value) []*ir.Value {
			in := e.in(b)
			if backwards {
				k = in.Op(ir.Sub, nil, last, k)
			}
			here := slices.Clone(s.tables)
			for i := range here {
				if s.letters[i] == 't' {
					here[i] = in.Op(ir.Gather, ir.IndexAttr{Spec: "@", Batch: len(s.batch)}, here[i], in.Broadcast(k, s.batch...))
				}
			}
			old := in.Op(ir.Gather, s.at, append([]*ir.Value{carried[0]}, here...)...)
			factor := in.Op(ir.Gather, s.part, s.factors, k)
			kept := in.Op(ir.Update, s.part, carried[1], old, k)
			product := in.Op(ir.Mul, nil, old, factor)
			return []*ir.Value{in.Op(ir.Update, s.at, append([]*ir.Value{carried[0], product}, here...)...), kept}
		})
	return results[1]
}

// adjointSort gives each element the cotangent of the place where it went.
func adjointSort(fr *frame, op *ir.Op, d dvalue) {
	fr.putLast(op.Args[0], d, fr.e.Op(ir.ArgSort, nil, fr.need(op.Args[0])))
}

// putLast adds d to the cotangent of x at places along its last axis, of which
// each row has its own.
func (fr *frame) putLast(x *ir.Value, d dvalue, places *ir.Value) {
	fr.scatter(x, ir.IndexAttr{Spec: "t", Batch: places.Type.Rank() - 1}, d, []*ir.Value{places})
}
