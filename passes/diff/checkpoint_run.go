package diff

import (
	"math"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// growth is how many times what it holds an array needs to grow by appending: the
// old one, and the new one with room.
const growth = 3

// reverseSplit lets f.fwd record the rounds of the loop op if they fit, and goes
// back through them, or through parts of them that fit.
func (fr *frame) reverseSplit(op *ir.Op, s *split) {
	n := s.carried
	forward := s.pullback.forward
	inits := slices.Clone(op.Args[len(op.Args)-n:])

	// The loop becomes an if. Its further results are what has been recorded, or
	// else the arrays that the loop began with.
	b, place := fr.forwardBefore(op)
	half := b.Op(ir.FloorDiv, nil, b.Op(ir.Budget, nil), b.I64(2))
	whole := &emitter{Builder: ir.NewBuilder(fr.fwd, &ir.Block{}).From(op)}
	parts := &emitter{Builder: ir.NewBuilder(fr.fwd, &ir.Block{}).From(op)}
	var first, fits *ir.Value
	var rounds ir.Dim
	var all, again []*ir.Value
	if op.Code == ir.For {
		first = op.Args[0]
		if rounds = fr.rounds(op); !fr.isSize(rounds) {
			rounds = b.SizeOp(ir.SizeMax, rounds, ir.Size(0))
		}
		sizes := fr.callSizes(s, rounds)
		fits = b.Op(ir.Le, nil, b.SizeValue(s.in(s.bytes, sizes)), half)
		args := slices.Concat([]*ir.Value{first}, inits, s.outside)
		all = whole.callWith(forward, sizes, args)
		again = parts.callWith(s.loop, sizes, args)
	} else {
		// Nobody knows how many rounds there will be: so many are recorded as fit,
		// with the room that arrays need to grow.
		first = b.I64(0)
		one := b.SizeValue(s.in(s.bytes, fr.callSizes(s, ir.Size(1))))
		one = b.Op(ir.Max, nil, b.Op(ir.Mul, nil, one, b.I64(growth)), b.I64(1))
		most := b.Op(ir.Max, nil, b.Op(ir.FloorDiv, nil, half, one), b.I64(1))
		e := &emitter{Builder: b}
		all = e.callWith(forward, fr.callSizes(s, most.Dim()), slices.Concat([]*ir.Value{first}, inits, s.outside))
		fits = b.Op(ir.Lt, nil, all[n], most)
		again = parts.callWith(s.loop, fr.callSizes(s, ir.Size(math.MaxInt64)), slices.Concat([]*ir.Value{first}, all[:n], s.outside))
	}
	place()
	fr.recorded[fits] = true
	op.Code, op.Args, op.Regions = ir.If, []*ir.Value{fits}, []*ir.Block{whole.Block, parts.Block}
	whole.Block.Yield, parts.Block.Yield = slices.Clone(all[:n]), slices.Clone(again[:n])
	records := slices.Clone(op.Results)
	if len(s.loop.Results) > n {
		run := op.AddResult(fr.fwd, ir.Scalar(ir.I64), "")
		fr.enters(run)
		whole.Block.Yield = append(whole.Block.Yield, all[n])
		parts.Block.Yield = append(parts.Block.Yield, parts.Op(ir.Add, nil, all[n], again[n]))
		rounds, records = run.Dim(), append(records, run)
	}
	// kept is v, made in one of the blocks, behind the if. Axes that changes tells
	// of have no elements if the other block runs.
	kept := func(here, other *emitter, v *ir.Value, changes func(axis int) bool) *ir.Value {
		t := ir.Type{DType: v.Type.DType, Dims: slices.Clone(v.Type.Dims)}
		none := slices.Clone(v.Type.Dims)
		for axis, d := range v.Type.Dims {
			if changes(axis) {
				size := op.AddResult(fr.fwd, ir.Scalar(ir.I64), "")
				here.Block.Yield = append(here.Block.Yield, here.SizeValue(d))
				other.Block.Yield = append(other.Block.Yield, other.I64(0))
				t.Dims[axis], none[axis] = size.Dim(), ir.Size(0)
				fr.enters(size)
			}
		}
		here.Block.Yield = append(here.Block.Yield, v)
		other.Block.Yield = append(other.Block.Yield, other.fill(ir.Type{DType: v.Type.DType, Dims: none}, 0))
		r := op.AddResult(fr.fwd, t, "")
		fr.enters(r)
		return r
	}
	for j := len(records); j < len(all); j++ {
		dims := forward.Results[j].Dims
		records = append(records, kept(whole, parts, all[j], func(axis int) bool {
			for a := range dims[axis].Atoms {
				if _, result := a.ResultIndex(); result || forward.Value(a) == forward.Sizes[0] {
					return true
				}
			}
			return false
		}))
	}
	states := slices.Clone(inits)
	for i, v := range inits {
		if v.Type.Rank() > 0 {
			states[i] = kept(parts, whole, v, func(axis int) bool { return axis == 0 })
		}
	}
	fr.reverseParts(s, keptOfLoop{fits, first, rounds, inits, records, states})
}

// A keptOfLoop is what forward code keeps of a loop that is split.
type keptOfLoop struct {
	fits    *ir.Value // all rounds were recorded
	first   *ir.Value // index of the first one
	rounds  ir.Dim
	inits   []*ir.Value // carried values before the loop
	records []*ir.Value // results of the forward function, if all was recorded
	states  []*ir.Value // inits, if not
}

// reverseParts emits the backward code of a loop that is split. Records and
// states are what forward code keeps of it, if all was recorded and if not.
func (fr *frame) reverseParts(s *split, k keptOfLoop) {
	var given []*ir.Value // sums, then cotangents
	var owners []*ir.Value
	var kinds []kind
	give := func(v, owner *ir.Value, kind kind) {
		if kind != zero {
			given = append(given, fr.e.settledAs(fr.cotangent(v), kind, fr.typ(v.Type))...)
			owners, kinds = append(owners, owner), append(kinds, kind)
		}
	}
	for i, v := range s.outside {
		give(v, v, s.kinds[i])
	}
	outside := len(owners)
	for i, v := range k.records[:s.carried] {
		give(v, k.inits[i], kindOf(s.letters[i]))
	}
	sizes := fr.dims(fr.callSizes(s, k.rounds))
	first := fr.need(k.first)
	arguments := fr.needAll(s.outside)

	c := fr.need(k.fits)
	whole, parts := fr.e.inside(), fr.e.inside()
	var residuals []*ir.Value
	for _, from := range s.pullback.residuals {
		switch {
		case !from.argument:
			residuals = append(residuals, fr.need(k.records[from.index]))
		case from.index == 0:
			residuals = append(residuals, first)
		case from.index <= s.carried:
			residuals = append(residuals, fr.need(k.inits[from.index-1]))
		default:
			residuals = append(residuals, arguments[from.index-1-s.carried])
		}
	}
	all := s.pullback.allSizes(sizes, func(origin) ir.Dim { return sizes[0] })
	found := whole.callWith(s.pullback.backward, all, slices.Concat(residuals, given))
	whole.Block.Yield = slices.Clone(found)

	// A quarter of what is left is for the records of one part.
	one := parts.Op(ir.Max, nil, parts.SizeValue(s.in(s.bytes, append([]ir.Dim{ir.Size(1)}, sizes[1:]...))), parts.I64(1))
	quarter := parts.Op(ir.FloorDiv, nil, parts.Op(ir.Budget, nil), parts.I64(4))
	most := parts.Op(ir.Max, nil, parts.Op(ir.FloorDiv, nil, quarter, one), parts.I64(1))
	again := parts.callWith(s.backThrough(fr.differ), sizes, slices.Concat([]*ir.Value{first, most}, fr.needAll(k.states), arguments, given))
	parts.Block.Yield = slices.Clone(again)

	var types []ir.Type
	for _, v := range given {
		types = append(types, v.Type)
	}
	results := fr.e.EmitTyped(ir.If, nil, []*ir.Value{c}, types, whole.Block, parts.Block)
	for i, v := range owners {
		var d dvalue
		d, results = represented(kinds[i], results)
		if d = fr.e.exactly(d); i < outside {
			fr.set(v, d)
		} else {
			fr.seed(v, d)
		}
	}
}

// backThrough is a function that goes back through rounds of the loop. It takes
// the sizes of the loop, the index of the first round, how many rounds may be
// recorded at once, and then the carried values before the first round, other
// values, sums and cotangents behind the last round; it gives sums and cotangents
// before the first one.
func (s *split) backThrough(d *differ) *ir.Func {
	g, p := s.loop, s.pullback
	f := &ir.Func{Name: d.name("%s.back", g.Name), Recursive: true, Pos: g.Pos, Body: &ir.Block{}}
	from := func(other *ir.Func) func(t ir.Type) ir.Type {
		return func(t ir.Type) ir.Type {
			u, ok := t.Subst(func(a ir.Atom) ir.Dim { return f.Sizes[slices.Index(other.Sizes, other.Value(a))].Dim() })
			if !ok {
				panic("diff: a renaming of sizes overflows")
			}
			return u
		}
	}
	for _, v := range g.Sizes {
		f.AddSize(v.Name)
	}
	first := f.AddParam(ir.Scalar(ir.I64), "")
	most := f.AddParam(ir.Scalar(ir.I64), "")
	for _, v := range g.Params[1:] {
		f.AddParam(from(g)(v.Type), v.Name)
	}
	states, outside := f.Params[2:2+s.carried], f.Params[2+s.carried:]
	for _, v := range p.backward.Params[len(p.residuals):] {
		f.AddParam(from(p.backward)(v.Type), "")
	}
	given := f.Params[2+len(g.Params)-1:]
	for _, t := range p.backward.Results {
		f.Results = append(f.Results, from(p.backward)(t))
	}
	e := newEmitter(ir.NewBuilder(f, f.Body))
	e.At(g.Pos)
	count := f.Sizes[0]
	sizes := func(rounds ir.Dim) []ir.Dim {
		list := []ir.Dim{rounds}
		for _, v := range f.Sizes[1:] {
			list = append(list, v.Dim())
		}
		return list
	}

	few, many := e.inside(), e.inside()
	args := slices.Concat([]*ir.Value{first}, states, outside)
	all := few.callWith(p.forward, sizes(count.Dim()), args)
	residuals := p.allResiduals(func(s origin) *ir.Value { return s.of(args, all) })
	allSizes := p.allSizes(sizes(count.Dim()), func(s origin) ir.Dim { return ir.DimOf(s.of(args, all)) })
	few.Block.Yield = slices.Clone(few.callWith(p.backward, allSizes, slices.Concat(residuals, given)))

	// As many states are kept as fit into half of what is left beside the records.
	ceil := func(n, d *ir.Value) *ir.Value {
		return many.Op(ir.FloorDiv, nil, many.Op(ir.Add, nil, n, many.Op(ir.Sub, nil, d, many.I64(1))), d)
	}
	one := many.SizeValue(s.in(s.bytes, sizes(ir.Size(1))))
	state := many.Op(ir.Max, nil, many.SizeValue(s.in(s.stateBytes, sizes(ir.Size(0)))), many.I64(1))
	left := many.Op(ir.Sub, nil, many.Op(ir.Budget, nil), many.Op(ir.Mul, nil, most, one))
	room := many.Op(ir.FloorDiv, nil, left, many.Op(ir.Mul, nil, state, many.I64(2)))
	kept := many.Op(ir.Max, nil, many.Op(ir.Min, nil, ceil(count, most), room), many.I64(2))
	length := ceil(count, kept)
	n := ceil(count, length)
	carries := make([]ir.Carry, 0, 2*s.carried)
	for _, v := range states {
		carries = append(carries, ir.Carry{Init: v})
	}
	for _, v := range states {
		blank := many.Broadcast(many.Number(v.Type.DType, 0), slices.Concat([]ir.Dim{n.Dim()}, v.Type.Dims)...)
		carries = append(carries, ir.Carry{Init: blank})
	}
	last := many.Op(ir.Sub, nil, n, many.I64(1))
	snapshots := many.For(many.I64(0), n, "", carries, func(b *ir.Builder, i *ir.Value, carried []*ir.Value) []*ir.Value {
		in := e.in(b)
		now := carried[:s.carried]
		var kept []*ir.Value
		for k, v := range now {
			kept = append(kept, in.Op(ir.Update, rowIndex(v.Type.Rank()), carried[s.carried+k], v, i))
		}
		// Behind the last part nothing is wanted.
		rounds := in.Op(ir.Select, nil, in.Op(ir.Lt, nil, i, last), length, in.I64(0))
		start := in.Op(ir.Add, nil, first, in.Op(ir.Mul, nil, i, length))
		next := in.callWith(g, sizes(rounds.Dim()), slices.Concat([]*ir.Value{start}, now, outside))[:s.carried]
		return slices.Concat(next, kept)
	})[s.carried:]
	carries = nil
	for _, v := range given {
		carries = append(carries, ir.Carry{Init: v})
	}
	many.Block.Yield = many.For(many.I64(0), n, "", carries, func(b *ir.Builder, k *ir.Value, carried []*ir.Value) []*ir.Value {
		in := e.in(b)
		i := in.Op(ir.Sub, nil, last, k)
		before := in.Op(ir.Mul, nil, i, length)
		rounds := in.Op(ir.Min, nil, length, in.Op(ir.Sub, nil, count, before))
		var state []*ir.Value
		for _, v := range snapshots {
			state = append(state, in.Op(ir.Gather, rowIndex(v.Type.Rank()-1), v, i))
		}
		start := in.Op(ir.Add, nil, first, before)
		return in.callWith(f, sizes(rounds.Dim()), slices.Concat([]*ir.Value{start, most}, state, outside, carried))
	})
	f.Body.Yield = slices.Clone(e.EmitTyped(ir.If, nil, []*ir.Value{e.Op(ir.Le, nil, count, most)}, f.Results, few.Block, many.Block))
	d.add(f)
	return f
}

// rowIndex selects one of several arrays of this rank.
func rowIndex(rank int) ir.IndexAttr {
	return ir.IndexAttr{Spec: "@" + strings.Repeat(":", rank)}
}
