package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// A frame is a block of f.fwd together with the block of f.bwd that goes
// through it backwards. Frames nest as the blocks of f.fwd do.
type frame struct {
	*reversal
	outer *frame
	op    *ir.Op    // whose block it is; nil for the body of the function
	block *ir.Block // of f.fwd
	e     *emitter  // of the backward block

	cotangents map[*ir.Value]dvalue
	changed    []*ir.Value // values of the blocks around that got a cotangent here
	closed     bool        // cotangents of the blocks around do not count in here
	pending    []scattered // what goes to parts of arrays around, if closed

	needs  map[*ir.Value]*ir.Value // what stands in the backward code for values of the block
	before map[*ir.Op][]*ir.Op     // operations that f.fwd gets before others
	after  map[*ir.Op][]*ir.Op     // and behind others
	around *ir.Builder             // of the block around the backward block
	first  int                     // operations of the backward block that stand before all others
	store  store

	running   []*running // arrays that go back through their versions
	finishing bool       // the backward code is complete but for its beginning
}

// A store brings values of a block of f.fwd into the backward block.
type store interface {
	// keeps reports whether a parameter of the block is there without being
	// recorded.
	keeps(param *ir.Value) bool
	// prefersOuter reports whether it is better to compute op again from v, which
	// is of a block around, than to record its result.
	prefersOuter(fr *frame, v *ir.Value, op *ir.Op) bool
	// record lets p, which has no definition yet, be what v was in the forward
	// run. It appends what that takes to head, the beginning of the backward
	// block.
	record(fr *frame, head *ir.Builder, v, p *ir.Value)
}

// inside is the frame of a block of op, which stands in the block of fr. Its
// backward code goes to e, the block of which lies in that of around.
func (fr *frame) inside(op *ir.Op, block *ir.Block, e *emitter, around *ir.Builder, s store) *frame {
	in := fr.newFrame(fr, block, e, s)
	in.op, in.around = op, around
	return in
}

func (r *reversal) newFrame(outer *frame, block *ir.Block, e *emitter, s store) *frame {
	fr := &frame{reversal: r, outer: outer, block: block, e: e, first: len(e.Block.Ops),
		cotangents: map[*ir.Value]dvalue{}, needs: map[*ir.Value]*ir.Value{},
		before: map[*ir.Op][]*ir.Op{}, after: map[*ir.Op][]*ir.Op{}, store: s}
	for _, v := range block.Params {
		r.home[v] = fr
	}
	for _, op := range block.Ops {
		for _, v := range op.Results {
			r.home[v] = fr
		}
	}
	return fr
}

// reverse goes through the block backwards. The cotangents of what it yields are
// there.
func (fr *frame) reverse() {
	for _, op := range slices.Backward(slices.Clone(fr.block.Ops)) {
		if fr.failure != nil {
			return
		}
		fr.e.From(op)
		fr.adjointAndUndo(op)
	}
}

// need is what stands in backward code for the value v of f.fwd.
func (fr *frame) need(v *ir.Value) *ir.Value {
	if size, ok := fr.sizes[v]; ok {
		return size
	}
	if literal := known(v); literal != nil {
		return fr.e.Broadcast(fr.e.Const(v.Type.DType, *literal), fr.dims(v.Type.Dims)...)
	}
	if x := fr.fromRunning(v); x != nil {
		return x
	}
	home := fr.home[v]
	if home == nil {
		panic("diff: a value without a block")
	}
	if p, ok := home.needs[v]; ok {
		return p
	}
	p := fr.bwd.NewValue(ir.Type{}, v.Name)
	home.needs[v], fr.placed[p] = p, home
	p.Type = fr.typ(v.Type)
	return p
}

// dim is what d is in backward code. Sizes that are equal by what they are made
// of are equal there.
func (fr *frame) dim(d ir.Dim) ir.Dim {
	d = fr.fwd.Canon(d)
	e, ok := d.Subst(func(a ir.Atom) ir.Dim {
		p := fr.need(fr.fwd.Value(a))
		if literal := known(p); literal != nil {
			return ir.Size(literal.I)
		}
		return p.Dim()
	})
	if !ok {
		panic("diff: a renaming of sizes overflows")
	}
	return e
}

func (fr *frame) dims(dims []ir.Dim) []ir.Dim {
	list := make([]ir.Dim, len(dims))
	for i, d := range dims {
		list[i] = fr.dim(d)
	}
	return list
}

func (fr *frame) typ(t ir.Type) ir.Type { return ir.Type{DType: t.DType, Dims: fr.dims(t.Dims)} }

// cotangent is what v has got up to now.
func (fr *frame) cotangent(v *ir.Value) dvalue {
	for f := fr; f != nil; f = f.outer {
		if d, ok := f.cotangents[v]; ok {
			return d
		}
		if f.closed || f == fr.home[v] {
			break
		}
	}
	return dvalue{}
}

// set lets d be the cotangent of v.
func (fr *frame) set(v *ir.Value, d dvalue) {
	if _, known := fr.cotangents[v]; !known && fr.home[v] != fr {
		fr.changed = append(fr.changed, v)
	}
	fr.cotangents[v] = d
}

// add adds d to the cotangent of v, if one is wanted.
func (fr *frame) add(v *ir.Value, d dvalue) {
	if !d.zero() && fr.active(v) {
		fr.set(v, fr.e.sum(fr.cotangent(v), d))
	}
}

// active reports whether v depends on wanted parameters, and seeded results on
// it. What was added to f.fwd for backward code is not.
func (r *reversal) active(v *ir.Value) bool {
	return int(v.ID) < len(r.flow.kinds) && r.flow.kind(v) != zero
}

// enters notes where a new value of f.fwd stands.
func (fr *frame) enters(values ...*ir.Value) {
	for _, v := range values {
		fr.home[v] = fr
	}
}

// forwardBefore is a builder for operations that f.fwd gets before op. Place
// is called when they are complete.
func (fr *frame) forwardBefore(op *ir.Op) (b *ir.Builder, place func()) {
	return fr.forward(op, fr.before)
}

// forwardAfter is the same for operations behind op.
func (fr *frame) forwardAfter(op *ir.Op) (b *ir.Builder, place func()) {
	return fr.forward(op, fr.after)
}

// behind is the same for operations right behind the definition of v: at the
// beginning of the block if v is a parameter of it. So an array that is changed
// later on is recorded while nothing has to be copied for that.
func (fr *frame) behind(v *ir.Value) (b *ir.Builder, place func()) {
	switch {
	case v.Def != nil:
		return fr.forwardAfter(v.Def)
	case len(fr.block.Ops) > 0:
		return fr.forwardBefore(fr.block.Ops[0])
	}
	b = ir.NewBuilder(fr.fwd, fr.block)
	return b, func() {
		for _, made := range b.Block.Ops {
			fr.enters(made.Results...)
		}
	}
}

func (fr *frame) forward(op *ir.Op, list map[*ir.Op][]*ir.Op) (b *ir.Builder, place func()) {
	b = ir.NewBuilder(fr.fwd, &ir.Block{}).From(op)
	return b, func() {
		for _, made := range b.Block.Ops {
			fr.enters(made.Results...)
		}
		list[op] = append(list[op], b.Block.Ops...)
	}
}
