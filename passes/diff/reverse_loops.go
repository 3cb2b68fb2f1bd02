package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// reverseLoop makes a for that goes through the rounds of a for or a while
// backwards. It carries the cotangents of what the loop carries, and those of
// values from outside that rounds add to. What it needs of a round is on tapes.
func (fr *frame) reverseLoop(op *ir.Op) {
	seeded := fr.seeded(op)
	if !seeded && !fr.undoes(op) {
		return
	}
	if s := fr.splitLoop(op); s != nil {
		fr.reverseSplit(op, s)
		return
	}
	body := op.Regions[len(op.Regions)-1]
	n := len(op.Results)
	inits := slices.Clone(op.Args[len(op.Args)-n:])
	params := slices.Clone(body.Params[len(body.Params)-n:])
	var moving []*moving
	var carried []int
	for i, v := range op.Results {
		if seeded && (fr.active(params[i]) || fr.active(v)) {
			carried = append(carried, i)
			moving = append(moving, fr.carriedCotangent(undoKey{fr.history.loop[op], i}, v, params[i], body.Yield[i]))
		}
	}
	var outside []*ir.Value
	if seeded {
		outside = fr.readsOutside(body)
	}
	for _, v := range outside {
		moving = append(moving, fr.outsideCotangent(v))
	}
	undone := fr.undone(op, seeded)
	for _, u := range undone {
		moving = append(moving, fr.throughLoop(u.r, body.Yield[u.index]))
	}
	t := fr.newTapes(op)
	rounds := fr.dim(t.rounds)
	results := fr.backwardLoop(rounds, moving, func(e *emitter, k *ir.Value) (*frame, func()) {
		t.round = e.Op(ir.Sub, nil, e.Op(ir.Sub, nil, e.SizeValue(rounds), e.I64(1)), k)
		index := t.round
		if op.Code == ir.For && !ir.DimOf(op.Args[0]).IsConst(0) {
			index = e.Op(ir.Add, nil, index, fr.need(op.Args[0]))
		}
		arm := fr.inside(op, body, e, fr.e.Builder, t)
		if op.Code == ir.For {
			arm.needs[body.Params[0]], arm.placed[index] = index, arm
		}
		return arm, func() {}
	})
	if fr.failure != nil {
		return
	}
	for j, v := range outside {
		if d := results[len(carried)+j]; !d.zero() {
			fr.set(v, fr.e.like(d, fr.typ(v.Type)))
		}
	}
	for j, i := range carried {
		fr.seed(inits[i], results[j])
	}
	for j, u := range undone {
		now := u.r.now
		if d := results[len(carried)+len(outside)+j]; !d.zero() {
			now = d.v
		}
		u.r.moves(inits[u.index], now)
	}
}

// reverseMapByLoops goes through the indices of a map one after the other and
// adds to the cotangents of values from outside in place.
func (fr *frame) reverseMapByLoops(op *ir.Op) {
	region := op.Regions[0]
	n := len(op.Results)
	dims := fr.dims(op.Attr.(ir.MapAttr).Dims)
	outside := fr.readsOutside(region)
	var moving []*moving
	for _, v := range outside {
		moving = append(moving, fr.outsideCotangent(v))
	}
	results := fr.backwardLoop(fr.e.flatten(dims), moving, func(e *emitter, k *ir.Value) (*frame, func()) {
		indices := make([]*ir.Value, len(dims))
		for axis := range slices.Backward(dims) {
			indices[axis] = k
			if axis > 0 {
				size := e.SizeValue(dims[axis])
				indices[axis] = e.Op(ir.Mod, nil, k, size)
				k = e.Op(ir.FloorDiv, nil, k, size)
			}
		}
		store := &mapStore{body: isLeaf(region), indices: indices, results: map[*ir.Value]*ir.Value{}}
		arm := fr.inside(op, region, e, fr.e.Builder, store)
		for axis, p := range region.Params {
			arm.needs[p], arm.placed[indices[axis]] = indices[axis], arm
		}
		return arm, func() {
			for i, v := range op.Results[:n] {
				arm.seed(region.Yield[i], arm.lane(fr.cotangent(v), indices))
			}
		}
	})
	if fr.failure != nil {
		return
	}
	for j, v := range outside {
		if d := results[j]; !d.zero() {
			fr.set(v, fr.e.like(d, fr.typ(v.Type)))
		}
	}
}

// readsOutside lists the values from outside that a block and those in it use
// and that have cotangents.
func (fr *frame) readsOutside(b *ir.Block) []*ir.Value {
	seen := map[*ir.Value]bool{}
	var list []*ir.Value
	fr.freeValues(&ir.Op{Regions: []*ir.Block{b}}, func(v *ir.Value) {
		if !seen[v] && fr.active(v) {
			list = append(list, v)
		}
		seen[v] = true
	})
	if fr.own != nil {
		list = append(list, fr.own.cursors[:]...)
	}
	return list
}

// A moving cotangent is one that a backward loop carries.
type moving struct {
	t       ir.Type // outside of the loop
	before  dvalue  // its value before the loop
	masked  bool    // it gets a mask even if it has none before
	settled bool    // it gets none even if it has one
	varying []int   // axes the size of which may differ from round to round
	put     func(arm *frame, d dvalue)
	take    func(arm *frame) (dvalue, ir.Type)
	fixed   func(arm *frame, d dvalue) bool // the body has left d as it was

	params []*ir.Value // in the loop
	d      dvalue
}

// carriedCotangent is that of what a loop carries: v behind it, param and yield
// in a round. A round may take something of it away: where it writes over an
// element, or in the block of an if that does not use it. What computed that, in
// the round before or in front of the loop, may have a derivative that is
// infinite, so the loop carries a mask along then, even if what comes from behind
// the loop has none. That a round does so is found when it has been gone through;
// the function is gone through once more then.
func (fr *frame) carriedCotangent(key undoKey, v, param, yield *ir.Value) *moving {
	m := &moving{t: fr.typ(v.Type), before: fr.cotangent(v), masked: fr.lessened[key]}
	own := map[*ir.Value]bool{}
	for axis, d := range param.Type.Dims {
		for a := range d.Atoms {
			own[fr.fwd.Value(a)] = true
		}
		for a := range v.Type.Dims[axis].Atoms {
			if w := fr.fwd.Value(a); w.Def != nil && w.Def == v.Def && !slices.Contains(m.varying, axis) {
				m.varying = append(m.varying, axis)
			}
		}
	}
	m.put = func(arm *frame, d dvalue) { arm.seed(yield, d) }
	m.take = func(arm *frame) (dvalue, ir.Type) {
		d := arm.cotangent(param)
		if m.d.mask == nil && d.kind() != dense {
			fr.lessened[key], fr.lessensMore = true, true
		}
		return d, arm.typ(param.Type)
	}
	m.fixed = func(*frame, dvalue) bool { return false }
	return m
}

// outsideCotangent is that of a value from outside, to which rounds add.
func (fr *frame) outsideCotangent(v *ir.Value) *moving {
	t := fr.typ(v.Type)
	m := &moving{t: t, before: fr.cotangent(v), settled: fr.isWanted(v)}
	m.put = func(arm *frame, d dvalue) { arm.cotangents[v] = d }
	m.take = func(arm *frame) (dvalue, ir.Type) { return arm.cotangents[v], t }
	m.fixed = func(arm *frame, d dvalue) bool { return arm.cotangents[v] == d }
	return m
}

// backwardLoop emits a for over so many rounds that carries cotangents. Enter
// makes the frame of the body, and begin gives it what else it begins with. What comes out are the cotangents behind the
// loop, zero for those that it leaves alone.
func (fr *frame) backwardLoop(rounds ir.Dim, list []*moving, enter func(e *emitter, k *ir.Value) (arm *frame, begin func())) []dvalue {
	in := fr.e.inside()
	k := in.Param(ir.Scalar(ir.I64), "")
	for _, m := range list {
		m.before = fr.ready(m)
		t := ir.Type{DType: m.t.DType, Dims: slices.Clone(m.t.Dims)}
		for _, axis := range m.varying {
			size := in.Param(ir.Scalar(ir.I64), "")
			m.params = append(m.params, size)
			t.Dims[axis] = size.Dim()
		}
		m.d.v = in.Param(t, "")
		m.params = append(m.params, m.d.v)
		if m.before.mask != nil {
			m.d.mask = in.Param(ir.Type{DType: ir.Bool, Dims: t.Dims}, "")
			m.params = append(m.params, m.d.mask)
			m.d = fr.e.exactly(m.d)
		}
	}
	arm, begin := enter(in, k)
	for _, m := range slices.Backward(list) { // what is carried may be a value from outside
		m.put(arm, m.d)
	}
	begin()
	arm.reverse()
	args := []*ir.Value{fr.e.I64(0), fr.e.SizeValue(rounds)}
	var types []ir.Type
	for _, m := range list {
		if m.fixed(arm, m.d) {
			in.Block.Params = slices.DeleteFunc(in.Block.Params, func(v *ir.Value) bool { return slices.Contains(m.params, v) })
			continue
		}
		d, t := m.take(arm)
		v := arm.e.settle(d, t)
		behind := ir.Type{DType: m.t.DType, Dims: slices.Clone(m.t.Dims)}
		for _, axis := range m.varying {
			in.Block.Yield = append(in.Block.Yield, in.SizeValue(v.Type.Dims[axis]))
			args = append(args, fr.e.SizeValue(m.before.v.Type.Dims[axis]))
			behind.Dims[axis] = ir.Sized(ir.ResultAtom(len(types)))
			types = append(types, ir.Scalar(ir.I64))
		}
		in.Block.Yield = append(in.Block.Yield, v)
		args = append(args, m.before.v)
		types = append(types, behind)
		if m.d.mask != nil {
			in.Block.Yield = append(in.Block.Yield, in.maskOf(d, t))
			args = append(args, m.before.mask)
			types = append(types, ir.Type{DType: ir.Bool, Dims: behind.Dims})
		}
	}
	for i, v := range in.Block.Params {
		v.Index = i
	}
	arm.finish()
	if fr.failure != nil {
		return nil
	}
	results := fr.e.EmitTyped(ir.For, nil, args, types, in.Block)
	after := make([]dvalue, len(list))
	for i, m := range list {
		if m.fixed(arm, m.d) {
			continue
		}
		results = results[len(m.varying):]
		after[i], results = represented(m.d.kind(), results)
		if m.d.mask != nil {
			after[i] = fr.e.exactly(after[i])
		}
	}
	return after
}

// ready is the cotangent with which a loop begins: one that is zero where its
// mask is false, or one without a mask.
func (fr *frame) ready(m *moving) dvalue {
	d := m.before
	switch {
	case m.settled || d.kind() == dense && !m.masked:
		return dvalue{v: fr.e.settle(d, m.t)}
	case d.kind() == dense:
		return fr.e.exactly(dvalue{d.v, fr.e.truth(m.t, true)})
	}
	return fr.e.exactly(dvalue{fr.e.settle(d, m.t), fr.e.maskOf(d, m.t)})
}

// tapes record values of the rounds of a loop. What has the same size in each
// round goes to one array for each value, with an axis for the rounds; the rest
// to one end to end, of which the place in each round is recorded too.
type tapes struct {
	rounds  ir.Dim    // how many there are, behind the loop
	count   *ir.Value // the rounds so far, in the body of a while
	results map[*ir.Value]*ir.Value

	round *ir.Value // in backward code
}

// newTapes counts the rounds of a loop.
func (fr *frame) newTapes(op *ir.Op) *tapes {
	t := &tapes{results: map[*ir.Value]*ir.Value{}}
	if op.Code == ir.While {
		b, place := fr.forwardBefore(op)
		start := b.I64(0)
		place()
		var result *ir.Value
		t.count, result = fr.carry(op, start, ir.Scalar(ir.I64), func(count *ir.Value) *ir.Value {
			next, _ := count.Dim().Add(ir.Size(1))
			return ir.NewBuilder(fr.fwd, op.Regions[1]).SizeValue(next)
		})
		t.rounds = result.Dim()
		return t
	}
	n, ok := ir.DimOf(op.Args[1]).Sub(ir.DimOf(op.Args[0]))
	if !ok {
		n, _ = op.Args[1].Dim().Sub(op.Args[0].Dim())
	}
	if t.rounds = n; !fr.isSize(n) {
		b, place := fr.forwardBefore(op)
		t.rounds = b.SizeOp(ir.SizeMax, n, ir.Size(0))
		place()
	}
	return t
}

// isSize reports whether n is that of an axis of a parameter, or how many rounds
// a loop has that is split, and so not negative.
func (fr *frame) isSize(n ir.Dim) bool {
	if fr.isSplit && n.Equal(fr.fwd.Sizes[0].Dim()) {
		return true
	}
	return slices.ContainsFunc(fr.fwd.Params, func(p *ir.Value) bool {
		return slices.ContainsFunc(p.Type.Dims, n.Equal)
	})
}

// carry lets a loop of f.fwd carry one value more, of type t, which may mention
// others that it carries. It gives the value in the body and behind the loop.
// Next gives what it is for the next round.
func (fr *frame) carry(op *ir.Op, init *ir.Value, t ir.Type, next func(v *ir.Value) *ir.Value) (inside, behind *ir.Value) {
	body := op.Regions[len(op.Regions)-1]
	first := len(body.Params) - len(op.Results)
	in := func(values []*ir.Value, t ir.Type) ir.Type {
		u, _ := t.Subst(func(a ir.Atom) ir.Dim {
			if i := slices.Index(body.Params, fr.fwd.Value(a)); i >= first {
				return values[len(values)-len(op.Results)+i-first].Dim()
			}
			return ir.Sized(a)
		})
		return u
	}
	behindType := in(op.Results, t)
	headType := in(op.Regions[0].Params, t)
	op.Args = append(op.Args, init)
	if op.Code == ir.While {
		op.Regions[0].AddParam(fr.fwd, headType, "")
	}
	inside = body.AddParam(fr.fwd, t, "")
	body.Yield = append(body.Yield, next(inside))
	behind = op.AddResult(fr.fwd, behindType, "")
	fr.enters(behind)
	return inside, behind
}

// keeps: of the parameters the index alone is a function of the round.
func (t *tapes) keeps(param *ir.Value) bool { return param.Index == 0 && t.count == nil }

func (t *tapes) prefersOuter(*frame, *ir.Value, *ir.Op) bool { return true }

func (t *tapes) record(fr *frame, head *ir.Builder, v, p *ir.Value) {
	body := fr.op.Regions[len(fr.op.Regions)-1]
	if i := v.Index - (len(body.Params) - len(fr.op.Results)); v.Def == nil && i >= 0 && stays(fr.op, i) {
		fr.adopt(head, p, fr.op.Args[len(fr.op.Args)-len(fr.op.Results)+i])
		return
	}
	for _, d := range v.Type.Dims {
		if !fr.reaches(fr.fwd.Canon(d)) {
			t.recordUneven(fr, head, v, p)
			return
		}
	}
	tape := t.results[v]
	if tape == nil {
		tape = t.even(fr, v)
		t.results[v] = tape
	}
	whole := fr.outer.need(tape)
	spec := "@" + strings.Repeat(":", v.Type.Rank())
	becomes(head, p, ir.Gather, ir.IndexAttr{Spec: spec}, whole, t.round)
}

// even is a tape with an axis for the rounds.
func (t *tapes) even(fr *frame, v *ir.Value) *ir.Value {
	op := fr.op
	dims := make([]ir.Dim, v.Type.Rank())
	for i, d := range v.Type.Dims {
		dims[i] = fr.fwd.Canon(d)
	}
	length, inside := t.rounds, t.rounds
	if t.count != nil {
		length, inside = ir.Size(0), t.count.Dim()
	}
	b, place := fr.outer.forwardBefore(op)
	blank := b.Broadcast(b.Number(v.Type.DType, 0), slices.Concat([]ir.Dim{length}, dims)...)
	place()
	typ := ir.Type{DType: v.Type.DType, Dims: slices.Concat([]ir.Dim{inside}, dims)}
	b, place = fr.behind(v)
	defer place()
	_, tape := fr.outer.carry(op, blank, typ, func(tape *ir.Value) *ir.Value {
		if t.count != nil {
			entry := b.Op(ir.Reshape, ir.DimsAttr{Dims: slices.Concat([]ir.Dim{ir.Size(1)}, v.Type.Dims)}, v)
			return b.Op(ir.Append, nil, tape, entry)
		}
		at := op.Regions[0].Params[0]
		if !ir.DimOf(op.Args[0]).IsConst(0) {
			at = b.Op(ir.Sub, nil, at, op.Args[0])
		}
		spec := "@" + strings.Repeat(":", v.Type.Rank())
		return b.Op(ir.Update, ir.IndexAttr{Spec: spec}, tape, v, at)
	})
	return tape
}

// recordUneven puts all elements of v behind those of the rounds before.
func (t *tapes) recordUneven(fr *frame, head *ir.Builder, v, p *ir.Value) {
	op := fr.op
	b, place := fr.outer.forwardBefore(op)
	none := b.I64(0)
	blank := b.Broadcast(b.Number(v.Type.DType, 0), ir.Size(0))
	place()
	b, place = fr.behind(v)
	all := (&emitter{Builder: b}).flatten(v.Type.Dims)
	length, _ := fr.outer.carry(op, none, ir.Scalar(ir.I64), func(length *ir.Value) *ir.Value {
		next, ok := length.Dim().Add(all)
		if !ok {
			next, _ = length.Dim().Add(b.Shorten(all))
		}
		return b.SizeValue(next)
	})
	fr.enters(length)
	_, tape := fr.outer.carry(op, blank, ir.ArrayOf(v.Type.DType, length.Dim()), func(tape *ir.Value) *ir.Value {
		return b.Op(ir.Append, nil, tape, b.Op(ir.Reshape, ir.DimsAttr{Dims: []ir.Dim{all}}, v))
	})
	place()
	start := fr.need(length)
	t.record(fr, head, length, start)
	n := (&emitter{Builder: head}).flatten(p.Type.Dims)
	part := head.Op(ir.Slice, ir.SliceAttr{Dims: []ir.Dim{n}, Steps: []int64{1}}, fr.outer.need(tape), start)
	becomes(head, p, ir.Reshape, ir.DimsAttr{Dims: p.Type.Dims}, part)
}
