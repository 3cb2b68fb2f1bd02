package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// Arrays that loops change by elements. What backward code reads of such an
// array is never recorded whole: each write of the forward run records the part
// that it overwrites, and the final version of the array is kept. The backward
// loop carries a running array, which begins as that version. Where it comes to
// a write it puts the recorded part back, which gives the version before, since
// the write has changed nothing else. So the code that belongs to an operation
// between two writes finds the version that the operation read.

// A running array of backward code stands for the versions of an array of f.fwd
// one after the other, the last one first.
type running struct {
	at    *ir.Value               // the version that it is now, nil while it passes a block
	now   *ir.Value               // the running array
	use   *runningUse             // shared by the blocks that it passes
	parts map[*ir.Value]*ir.Value // what has been read of this version
}

// A runningUse tells whether a running array is worth its records.
type runningUse struct {
	key  undoKey
	read bool
}

// An undoKey names an array that a loop carries: the loop by its place in the
// function.
type undoKey struct{ loop, index int }

// sparesMore notes the running arrays that nothing has read, and reports whether
// there were any.
func (r *reversal) sparesMore() bool {
	any := false
	for _, use := range r.runningUses {
		if !use.read {
			r.spared[use.key], any = true, true
		}
	}
	return any
}

// undoneWork is the most work for an element that backward code spends on an
// array that is a function of a running one. Recording it would take as much
// memory in each round as the array that is not recorded for that reason.
const undoneWork = 64

// history tells how arrays of f.fwd come to be.
type history struct {
	block map[*ir.Value]*ir.Block // where a value is defined
	loop  map[*ir.Op]int          // numbers of loops
}

func newHistory(f *ir.Func) *history {
	h := &history{map[*ir.Value]*ir.Block{}, map[*ir.Op]int{}}
	var walk func(b *ir.Block)
	walk = func(b *ir.Block) {
		for _, v := range b.Params {
			h.block[v] = b
		}
		for _, op := range b.Ops {
			if op.Code == ir.For || op.Code == ir.While {
				h.loop[op] = len(h.loop)
			}
			for _, v := range op.Results {
				h.block[v] = b
			}
			for _, region := range op.Regions {
				walk(region)
			}
		}
	}
	walk(f.Body)
	return h
}

// before is the array that v, of a block, was made of by a write, or by a block
// with writes; nil if it was made otherwise.
func (h *history) before(v *ir.Value) *ir.Value {
	if v.Def == nil || v.Type.Rank() == 0 {
		return nil
	}
	var w *ir.Value
	switch op := v.Def; op.Code {
	case ir.Update, ir.Accumulate:
		w = op.Args[0]
	case ir.If:
		w = h.origin(op.Regions[0], op.Regions[0].Yield[v.Index])
		if w != h.origin(op.Regions[1], op.Regions[1].Yield[v.Index]) || slices.Contains(op.Regions, h.block[w]) {
			return nil
		}
	case ir.For, ir.While:
		if w = op.Args[len(op.Args)-len(op.Results)+v.Index]; !h.carries(op, v.Index) {
			return nil
		}
	}
	if w == nil || !w.Type.Equal(v.Type) {
		return nil
	}
	return w
}

// carries reports whether a loop does nothing but write to the array that is
// its result i.
func (h *history) carries(op *ir.Op, i int) bool {
	body := op.Regions[len(op.Regions)-1]
	param := body.Params[len(body.Params)-len(op.Results)+i]
	return param.Type.Rank() > 0 && param.Type.Equal(op.Results[i].Type) && h.origin(body, body.Yield[i]) == param
}

// origin goes back from v through writes as far as the block b goes.
func (h *history) origin(b *ir.Block, v *ir.Value) *ir.Value {
	for h.block[v] == b {
		w := h.before(v)
		if w == nil {
			break
		}
		v = w
	}
	return v
}

// runningAt is the running array of the block of fr that is v now, nil if there
// is none.
func (fr *frame) runningAt(v *ir.Value) *running {
	for _, r := range fr.running {
		if r.at == v {
			return r
		}
	}
	return nil
}

// moves lets r be the version at.
func (r *running) moves(at, now *ir.Value) {
	r.at, r.now, r.parts = at, now, map[*ir.Value]*ir.Value{}
}

// adjointAndUndo is adjoint for op, with the versions of running arrays that op
// was given. What a division in place left is read before.
func (fr *frame) adjointAndUndo(op *ir.Op) {
	if attr, ok := op.Attr.(ir.IndexAttr); ok && op.Code == ir.Accumulate && attr.Mode == ir.AccumulateDiv {
		fr.adjoint(op)
		fr.undo(op)
		return
	}
	fr.undo(op)
	fr.adjoint(op)
}

// undo takes a running array to the version before op, if op is a write to it.
func (fr *frame) undo(op *ir.Op) {
	if op.Code != ir.Update && op.Code != ir.Accumulate {
		return
	}
	r := fr.runningAt(op.Results[0])
	if r == nil {
		return
	}
	attr := fr.indexAttr(op)
	args := append([]*ir.Value{r.now, fr.need(fr.overwritten(op))}, fr.needAll(op.Args[2:])...)
	r.moves(op.Args[0], fr.e.Op(ir.Update, attr, args...))
}

// overwritten is the part of an array that the write op of f.fwd is about to
// change.
func (fr *frame) overwritten(op *ir.Op) *ir.Value {
	attr := op.Attr.(ir.IndexAttr)
	attr.Mode = ir.AccumulateAdd
	args := append([]*ir.Value{op.Args[0]}, op.Args[2:]...)
	for _, other := range fr.block.Ops {
		if other == op {
			break
		}
		if other.Code == ir.Gather && slices.Equal(other.Args, args) && sameIndex(other.Attr.(ir.IndexAttr), attr) {
			fr.recorded[other.Results[0]] = true
			return other.Results[0]
		}
	}
	b, place := fr.forwardBefore(op)
	old := b.Op(ir.Gather, attr, args...)
	place()
	fr.recorded[old] = true
	return old
}

func sameIndex(a, b ir.IndexAttr) bool {
	return a.Spec == b.Spec && a.Wrap == b.Wrap && a.Batch == b.Batch &&
		slices.EqualFunc(a.Range, b.Range, func(r, s ir.RangeAttr) bool { return r.Step == s.Step && r.Dim.Equal(s.Dim) })
}

// version is the running array that is just v now, nil if there is none.
func (fr *frame) version(v *ir.Value) *running {
	for f := fr; f != nil; f = f.outer {
		if r := f.runningAt(v); r != nil {
			return r
		}
	}
	return nil
}

// passed reports whether v is a version of a running array that is another one
// now.
func (fr *frame) passed(v *ir.Value) bool { return fr.versions[v] && fr.version(v) == nil }

// fromRunning is what backward code computes from a running array instead of
// having v recorded: v itself, or a cheap function of it that is an array. It
// is nil if there is no such thing.
func (fr *frame) fromRunning(v *ir.Value) *ir.Value {
	if v.Type.Rank() == 0 || len(fr.versions) == 0 {
		return nil
	}
	if r := fr.version(v); r != nil {
		r.use.read = true
		return r.now
	}
	home := fr.home[v]
	if home == nil || home.finishing || v.Def == nil {
		return nil
	}
	r := home.source(v, undoneWork)
	if r == nil {
		return nil
	}
	return home.copyHere(r, v)
}

// source is the running array that v is a cheap function of.
func (fr *frame) source(v *ir.Value, limit int) *running {
	if v.Def == nil || fr.home[v] != fr || fr.recorded[v] || len(v.Def.Regions) > 0 || len(v.Def.Results) > 1 {
		return nil
	}
	info := v.Def.Code.Info()
	switch info.Class {
	case ir.Elementwise, ir.View:
	default:
		if v.Def.Code != ir.Gather {
			return nil
		}
	}
	if limit -= info.Cost.Work(); limit < 0 {
		return nil
	}
	var found *running
	for _, arg := range v.Def.Args {
		if arg.Type.Rank() == 0 {
			continue
		}
		r := fr.version(arg)
		if r == nil {
			if r = fr.source(arg, limit); r == nil && fr.versions[arg] {
				return nil
			}
		}
		if r != nil {
			found = r
		}
	}
	return found
}

// copyHere computes v, a cheap function of a running array, at this place.
func (fr *frame) copyHere(r *running, v *ir.Value) *ir.Value {
	if part := r.parts[v]; part != nil {
		return part
	}
	c := ir.NewCopier(fr.fwd, fr.bwd)
	bind := func(arg *ir.Value) {
		if arg.Type.Equal(ir.Scalar(ir.I64)) {
			c.BindSize(arg, fr.need(arg), fr.dim(arg.Dim()))
		} else {
			c.Bind(arg, fr.need(arg))
		}
	}
	fr.freeValues(v.Def, bind)
	copied, ok := c.Op(v.Def)
	if !ok {
		panic("diff: a renaming of sizes overflows")
	}
	fr.e.Block.Ops = append(fr.e.Block.Ops, copied)
	part := copied.Results[0]
	part.Type = fr.typ(v.Type)
	r.parts[v] = part
	return part
}

// An undone array is one that a loop carries and that its backward loop takes
// back to its first version.
type undone struct {
	r     *running // of the block of the loop
	index int      // of the array among what the loop carries
}

// undone lists the arrays among what a loop carries of which there is a running
// array: one that fr has already, or a new one that begins behind the loop.
func (fr *frame) undone(op *ir.Op, seeded bool) []undone {
	var list []undone
	for i, v := range op.Results {
		r := fr.runningAt(v)
		if stays(op, i) {
			if r != nil {
				r.moves(op.Args[len(op.Args)-len(op.Results)+i], r.now)
			}
			continue
		}
		if key := (undoKey{fr.history.loop[op], i}); r == nil && seeded && !fr.spared[key] && fr.history.carries(op, i) {
			r = &running{use: &runningUse{key: key}}
			r.moves(nil, fr.need(v))
			fr.runningUses = append(fr.runningUses, r.use)
		}
		if r != nil {
			r.at = nil
			fr.notes(op, i)
			list = append(list, undone{r, i})
		}
	}
	return list
}

// stays reports whether a loop leaves what is its result i as it is.
func stays(op *ir.Op, i int) bool {
	body := op.Regions[len(op.Regions)-1]
	return body.Yield[i] == body.Params[len(body.Params)-len(op.Results)+i]
}

// notes marks the versions of the array that is result i of a loop.
func (fr *frame) notes(op *ir.Op, i int) {
	body := op.Regions[len(op.Regions)-1]
	v := body.Yield[i]
	for fr.versions[v] = true; fr.history.block[v] == body && v.Def != nil; fr.versions[v] = true {
		v = fr.history.before(v)
	}
}

// throughLoop lets the body of a backward loop carry r: it is at yield when a
// round begins, and at param when it ends.
func (fr *frame) throughLoop(r *running, yield *ir.Value) *moving {
	inner := &running{use: r.use}
	t := r.now.Type
	return &moving{
		t: t, before: dvalue{v: r.now},
		put: func(arm *frame, d dvalue) {
			inner.moves(yield, d.v)
			arm.running = append(arm.running, inner)
		},
		take:  func(*frame) (dvalue, ir.Type) { return dvalue{v: inner.now}, t },
		fixed: func(_ *frame, d dvalue) bool { return inner.now == d.v },
	}
}

// A passing is a running array that the blocks of an if give.
type passing struct {
	r      *running
	before *ir.Value
	arms   [2]*running
}

// throughIf lets the blocks of an if take running arrays back to before it, each
// through its own writes.
func (fr *frame) throughIf(op *ir.Op, arms [2]*frame) []passing {
	var list []passing
	for i, result := range op.Results {
		r := fr.runningAt(result)
		if r == nil {
			continue
		}
		p := passing{r: r, before: fr.history.before(result)}
		for k, arm := range arms {
			v := op.Regions[k].Yield[i]
			p.arms[k] = &running{use: r.use}
			p.arms[k].moves(v, r.now)
			arm.running = append(arm.running, p.arms[k])
			for ; v != p.before; v = fr.history.before(v) {
				fr.versions[v] = true
			}
		}
		r.at = nil
		list = append(list, p)
	}
	return list
}

// undoes reports whether a running array goes back through the blocks of op.
func (fr *frame) undoes(op *ir.Op) bool {
	return slices.ContainsFunc(op.Results, func(v *ir.Value) bool { return fr.runningAt(v) != nil })
}
