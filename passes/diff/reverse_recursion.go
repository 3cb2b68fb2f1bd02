package diff

import (
	"math"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// A recursion is the pullback of a function that calls itself, of which the
// residuals are as many as there are calls. They go to two tapes, of numbers and
// of integers. Forward takes the tapes, lets the calls in it append theirs, and
// then appends its own; it gives the tapes behind the results of the function.
// Backward takes the arguments, the tapes and where its part of them ends; it
// reads its own, and lets the calls in it, last first, read theirs; it gives
// where its part begins behind the cotangents. Those of arrays are added to what
// it takes for them, so that no call makes an array of zeros.
type recursion struct {
	forward, backward *ir.Func
	unknown           []int // results that are sizes of the cotangents

	fwdTapes, bwdTapes [2]*ir.Value // parameters: numbers, integers
	ends               [2]*ir.Value // parameters of backward
	kinds              []kind       // of what backward gives, as it is known up to now
	found              []kind       // of those, as they came out
	begins             [2]*ir.Value // in backward, before calls are gone through
	cursors            [2]*ir.Value // stand for the places reached, as keys of cotangents
	calls              map[*ir.Op]*recursion
	entries            [2][]*ir.Value // what forward appends, last first
	head               [2]*ir.Value   // places reached by what has been read
}

var tapeTypes = [2]ir.DType{ir.F64, ir.I64}

// recursion is that of f for these seeds and parameters.
func (d *differ) recursion(f *ir.Func, seeds, wrt string) (*recursion, error) {
	key := pullbackKey{f: f, seeds: seeds, wrt: wrt, sums: true}
	if c := d.recursions[key]; c != nil {
		return c, nil
	}
	c := &recursion{forward: &ir.Func{}, backward: &ir.Func{}, kinds: make([]kind, len(wrt))}
	for i, p := range f.Params[:len(wrt)] {
		// Masks come from those of the seeds, or from parts of sums; others are
		// found when the function has been gone through once.
		c.kinds[i] = kindOf(wrt[i])
		if c.kinds[i] == masked && p.Type.Rank() == 0 && !strings.Contains(seeds, string(ir.SeedMasked)) {
			c.kinds[i] = dense
		}
	}
	d.recursions[key] = c
	_, err := d.reversed(key, c)
	return c, err
}

// masksMore reports whether a cotangent that backward gives turned out to have a
// mask that calls in it do not know of. What was made of those is forgotten then.
func (c *recursion) masksMore(r *reversal, known derived) bool {
	more := false
	for i, k := range c.found {
		if k == masked && c.kinds[i] == dense && kindOf(r.wrt[i]) == masked {
			c.kinds[i], more = masked, true
		}
	}
	if more {
		r.recursions, r.pullbacks = known.recursions, known.pullbacks
	}
	return more
}

// derived are the pullbacks that are known.
type derived struct {
	recursions map[pullbackKey]*recursion
	pullbacks  map[pullbackKey]*pullback
}

// pullback is what calls must know of the two functions.
func (c *recursion) pullback() *pullback {
	p := &pullback{forward: c.forward, backward: c.backward, kinds: c.kinds, exact: make([]bool, len(c.kinds))}
	for i, k := range c.kinds {
		p.exact[i] = k == masked
	}
	return p
}

// begin declares what the two functions take and give, so that they can call
// themselves.
func (c *recursion) begin(fr *frame, seeds, wrt string) []*ir.Value {
	c.calls, c.entries = map[*ir.Op]*recursion{}, [2][]*ir.Value{}
	fr.bwd.Recursive, fr.fwd.Recursive = true, true
	for i, p := range fr.fwd.Params {
		q := fr.bwd.AddParam(fr.typ(p.Type), p.Name)
		fr.needs[p], fr.placed[q] = q, nil
		fr.bwd.Results = append(fr.bwd.Results, typesOf(c.kinds[i], q.Type)...)
	}
	for k, t := range tapeTypes {
		n, m := fr.fwd.AddSize(""), fr.bwd.AddSize("")
		fr.sizes[n] = m
		c.fwdTapes[k] = fr.fwd.AddParam(ir.ArrayOf(t, n.Dim()), "")
		c.bwdTapes[k] = fr.bwd.AddParam(ir.ArrayOf(t, m.Dim()), "")
		fr.bwd.Results = append(fr.bwd.Results, ir.Scalar(ir.I64))
	}
	for k := range tapeTypes {
		c.ends[k] = fr.bwd.AddParam(ir.Scalar(ir.I64), "")
		c.begins[k] = fr.bwd.NewValue(ir.Scalar(ir.I64), "")
		c.cursors[k] = &ir.Value{ID: math.MaxInt32, Type: ir.Scalar(ir.I64)}
		fr.enters(c.cursors[k])
		fr.cotangents[c.cursors[k]] = dvalue{v: c.begins[k]}
		c.head[k] = c.ends[k]
	}
	n := len(fr.fwd.Results)
	fr.fwd.Results = append(fr.fwd.Results, ir.Scalar(ir.I64), ir.Scalar(ir.I64))
	for k, t := range tapeTypes {
		fr.fwd.Results = append(fr.fwd.Results, ir.ArrayOf(t, ir.Sized(ir.ResultAtom(n+k))))
	}
	sums := fr.sumParams(wrt)
	params, unknown := fr.seedParams(seeds)
	c.unknown = unknown
	// Calls in the bodies look at what the functions take and give.
	*c.forward, *c.backward = *fr.fwd, *fr.bwd
	return append(sums, params...)
}

// complete gives the functions, whose bodies are there, to those that call them.
func (c *recursion) complete(r *reversal) *pullback {
	*c.forward, *c.backward = *r.fwd, *r.bwd
	return c.pullback()
}

func (c *recursion) keeps(*ir.Value) bool { return true }

func (c *recursion) prefersOuter(*frame, *ir.Value, *ir.Op) bool { return false }

// record reads p from a tape. What is read first is appended last.
func (c *recursion) record(fr *frame, head *ir.Builder, v, p *ir.Value) {
	e := &emitter{Builder: head}
	k := 0
	if v.Type.DType == ir.I64 || v.Type.DType == ir.Bool {
		k = 1
	}
	c.entries[k] = append(c.entries[k], v)
	n := e.flatten(p.Type.Dims)
	if v.Type.DType == ir.C128 {
		n, _ = n.Mul(ir.Size(2))
	}
	c.head[k] = head.Op(ir.Sub, nil, c.head[k], head.SizeValue(n))
	tape, at := c.bwdTapes[k], c.head[k]
	if v.Type.Rank() == 0 && v.Type.DType == tapeTypes[k] {
		becomes(head, p, ir.Gather, ir.IndexAttr{Spec: "@"}, tape, at)
		return
	}
	part := func(start *ir.Value) *ir.Value {
		n := e.flatten(p.Type.Dims)
		return e.reshaped(head.Op(ir.Slice, ir.SliceAttr{Dims: []ir.Dim{n}, Steps: []int64{1}}, tape, start), p.Type.Dims)
	}
	if v.Type.DType == ir.C128 {
		re := part(at)
		becomes(head, p, ir.Complex, nil, re, part(head.Op(ir.Add, nil, at, head.SizeValue(e.flatten(p.Type.Dims)))))
		return
	}
	becomes(head, p, ir.Convert, ir.ConvertAttr{To: v.Type.DType}, part(at))
}

// read is called when all has been read.
func (c *recursion) read(head *ir.Builder) {
	for k, begin := range c.begins {
		alias(head, begin, c.head[k])
	}
}

// places are those that backward has reached.
func (c *recursion) places(fr *frame) []*ir.Value {
	return []*ir.Value{fr.cotangent(c.cursors[0]).v, fr.cotangent(c.cursors[1]).v}
}

// end leads the tapes through forward.
func (c *recursion) end(fr *frame) []*ir.Value {
	tapes := c.thread(fr.fwd, fr.fwd.Body, c.fwdTapes)
	b := ir.NewBuilder(fr.fwd, fr.fwd.Body)
	e := &emitter{Builder: b}
	for k, entries := range c.entries {
		var parts []*ir.Value
		for _, v := range slices.Backward(entries) {
			list := []*ir.Value{v}
			if v.Type.DType == ir.C128 {
				list = []*ir.Value{b.Op(ir.Real, nil, v), b.Op(ir.Imag, nil, v)}
			}
			for _, x := range list {
				parts = append(parts, e.reshaped(b.Convert(x, tapeTypes[k]), []ir.Dim{e.flatten(x.Type.Dims)}))
			}
		}
		for group := range slices.Chunk(parts, mostJoined) {
			joined := group[0]
			if len(group) > 1 {
				joined = b.Op(ir.Concat, ir.AxisAttr{Axis: 0}, e.summable(group)...)
			}
			tapes[k] = b.Op(ir.Append, nil, e.summable([]*ir.Value{tapes[k], joined})...)
		}
	}
	fr.fwd.Body.Yield = append(fr.fwd.Body.Yield, lengths(fr.fwd, fr.fwd.Body, tapes)...)
	fr.fwd.Body.Yield = append(fr.fwd.Body.Yield, tapes[:]...)
	return c.places(fr)
}

// mostJoined is how many arrays are joined at once, so that the sum of their sizes
// can be written.
const mostJoined = 32

// summable are vectors the sum of whose sizes can be written: these, or the same
// with sizes of one term each.
func (e *emitter) summable(vectors []*ir.Value) []*ir.Value {
	var sum ir.Dim
	ok := true
	for _, v := range vectors {
		if sum, ok = sum.Add(v.Type.Dims[0]); !ok {
			break
		}
	}
	if ok {
		return vectors
	}
	short := make([]*ir.Value, len(vectors))
	for i, v := range vectors {
		short[i] = e.coerced(v, ir.ArrayOf(v.Type.DType, e.Shorten(v.Type.Dims[0])))
	}
	return short
}

// lengths are those of tapes, as values at the end of b.
func lengths(f *ir.Func, b *ir.Block, tapes [2]*ir.Value) []*ir.Value {
	at := ir.NewBuilder(f, b)
	return []*ir.Value{at.SizeValue(tapes[0].Type.Dims[0]), at.SizeValue(tapes[1].Type.Dims[0])}
}

// thread leads tapes through the calls in a block of f, and gives what they are
// then.
func (c *recursion) thread(f *ir.Func, b *ir.Block, tapes [2]*ir.Value) [2]*ir.Value {
	ops := b.Ops
	b.Ops = make([]*ir.Op, 0, len(ops))
	taped := func(results []*ir.Value) [2]*ir.Value { return [2]*ir.Value(results[len(results)-2:]) }
	behind := func(op *ir.Op) [2]*ir.Value {
		n, m := op.AddResult(f, ir.Scalar(ir.I64), ""), op.AddResult(f, ir.Scalar(ir.I64), "")
		op.AddResult(f, ir.ArrayOf(ir.F64, n.Dim()), "")
		op.AddResult(f, ir.ArrayOf(ir.I64, m.Dim()), "")
		return taped(op.Results)
	}
	for _, op := range ops {
		inner := func(op *ir.Op) bool { return c.calls[op] != nil }
		switch {
		case c.calls[op] != nil:
			attr := op.Attr.(ir.CallAttr)
			sizes := append(slices.Clone(attr.Sizes), tapes[0].Type.Dims[0], tapes[1].Type.Dims[0])
			op.Attr = ir.CallAttr{Callee: c.calls[op].forward, Sizes: sizes}
			op.Args = append(slices.Clone(op.Args), tapes[:]...)
			tapes = behind(op)
		case op.Code == ir.If && slices.ContainsFunc(op.Regions, func(r *ir.Block) bool { return contains(r, inner) }):
			for _, region := range op.Regions {
				last := c.thread(f, region, tapes)
				region.Yield = append(region.Yield, lengths(f, region, last)...)
				region.Yield = append(region.Yield, last[:]...)
			}
			tapes = behind(op)
		case (op.Code == ir.For || op.Code == ir.While) && slices.ContainsFunc(op.Regions, func(r *ir.Block) bool { return contains(r, inner) }):
			op.Args = append(append(slices.Clone(op.Args), lengths(f, b, tapes)...), tapes[:]...)
			for _, region := range op.Regions {
				n, m := region.AddParam(f, ir.Scalar(ir.I64), ""), region.AddParam(f, ir.Scalar(ir.I64), "")
				region.AddParam(f, ir.ArrayOf(ir.F64, n.Dim()), "")
				region.AddParam(f, ir.ArrayOf(ir.I64, m.Dim()), "")
			}
			body := op.Regions[len(op.Regions)-1]
			last := c.thread(f, body, taped(body.Params))
			body.Yield = append(body.Yield, lengths(f, body, last)...)
			body.Yield = append(body.Yield, last[:]...)
			tapes = behind(op)
		}
		b.Ops = append(b.Ops, op)
	}
	return tapes
}

// reverseRecursion calls the backward function of a callee that calls itself.
// Within functions like it, but not in maps, the tapes go on; elsewhere they
// begin empty.
func (fr *frame) reverseRecursion(op *ir.Op, sizes []ir.Dim, seeds, wrt string) {
	callee := op.Callee()
	c, err := fr.differ.recursion(callee, seeds, wrt)
	if err != nil {
		fr.failure = err
		return
	}
	own := fr.own
	if own != nil && fr.inMap() {
		own = nil
	}
	for _, j := range c.unknown {
		fr.need(op.Results[j])
	}
	attr := op.Attr.(ir.CallAttr)
	given := fr.needAll(op.Args)
	var tapes, ends []*ir.Value
	var known []ir.Dim
	if own != nil {
		own.calls[op] = c
		tapes, ends = own.bwdTapes[:], own.places(fr)
	} else {
		b, place := fr.forwardBefore(op)
		var empty []*ir.Value
		for _, t := range tapeTypes {
			empty = append(empty, b.Broadcast(b.Number(t, 0), ir.Size(0)))
		}
		place()
		op.Args = append(slices.Clone(op.Args), empty...)
		op.Attr = ir.CallAttr{Callee: c.forward, Sizes: append(slices.Clone(attr.Sizes), ir.Size(0), ir.Size(0))}
		n, m := op.AddResult(fr.fwd, ir.Scalar(ir.I64), ""), op.AddResult(fr.fwd, ir.Scalar(ir.I64), "")
		made := []*ir.Value{n, m, op.AddResult(fr.fwd, ir.ArrayOf(ir.F64, n.Dim()), ""), op.AddResult(fr.fwd, ir.ArrayOf(ir.I64, m.Dim()), "")}
		fr.enters(made...)
		ends, tapes = fr.needAll(made[:2]), fr.needAll(made[2:])
	}
	for _, v := range tapes {
		known = append(known, v.Type.Dims[0])
	}
	sizes = append(sizes, known...)
	for _, j := range c.unknown {
		sizes = append(sizes, fr.dim(op.Results[j].Dim()))
	}
	seeded := fr.seedsOf(op, callee)
	args := op.Args[:len(callee.Params)]
	sums := fr.sumsOf(args, wrt)
	found := fr.e.callAll(c.backward, sizes, slices.Concat(given, tapes, ends, sums, seeded))
	fr.addSums(args, c.pullback(), found)
	if own != nil {
		for k, v := range found[len(found)-2:] {
			fr.set(own.cursors[k], dvalue{v: v})
		}
	}
}

// inMap reports whether the block of fr is in a map.
func (fr *frame) inMap() bool {
	for f := fr; f != nil; f = f.outer {
		if f.op != nil && f.op.Code == ir.Map {
			return true
		}
	}
	return false
}
