package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// A loop whose records may be more than the memory that is left is reversed in
// parts. The loop becomes a function of how many rounds it runs and of what it
// begins with, which has a pullback like any other. Forward code records all
// rounds if they fit into half of what is left, and otherwise keeps only what the
// loop began with. In that case backward code calls a function that goes back
// through rounds from there: few enough are recorded and gone through, while more
// of them are run once more, keeping some of the states on the way, and gone
// through part by part, the last one first. Rounds that run again compute the
// same bits, so that nobody can tell.

// A split is a loop of a function as a function.
type split struct {
	loop       *ir.Func    // of first, the carried values and others
	count      *ir.Value   // a size of loop: how many rounds it runs
	sizes      []*ir.Value // of the function that the loop is in, which are sizes of loop behind count
	outside    []*ir.Value // of that function, which are parameters behind the carried values
	carried    int
	pullback   *pullback
	letters    string // of the cotangents of carried values
	wrt        string // of the parameters of loop
	lessened   []bool // carried values of whose cotangents rounds take something away that has no mask
	kinds      []kind // of the cotangents of outside
	bytes      ir.Dim // bytes that all rounds record
	stateBytes ir.Dim // bytes of the carried values
}

// smallRecord is how many bytes are recorded without further thought.
const smallRecord = 1 << 16

// splitLoop makes op, a loop in the body of the function, a function; nil if that
// can't be done, or is not worth it.
func (fr *frame) splitLoop(op *ir.Op) *split {
	if fr.outer != nil || fr.own != nil || fr.whole || fr.undoes(op) || loopHasEffects(op) {
		return nil
	}
	for _, v := range op.Results {
		for _, d := range v.Type.Dims {
			for a := range d.Atoms {
				if fr.fwd.Value(a).Def == op {
					return nil
				}
			}
		}
	}
	s := fr.outline(op)
	if s == nil {
		return nil
	}
	var seeds, wrt []byte
	wrt = append(wrt, ir.SeedNone)
	body := op.Regions[len(op.Regions)-1]
	params := body.Params[len(body.Params)-len(op.Results):]
	for i, v := range op.Results {
		k := zero
		if fr.active(v) || fr.active(params[i]) {
			if k = fr.cotangent(v).kind(); k == zero {
				k = masked
			}
		}
		seeds = append(seeds, k.letter())
		wrt = append(wrt, letterIf(k != zero))
	}
	for _, v := range s.outside {
		k := zero
		if fr.active(v) {
			if k = masked; fr.cotangent(v).kind() == dense || fr.isWanted(v) {
				k = dense
			}
		}
		s.kinds = append(s.kinds, k)
		wrt = append(wrt, letterIf(k != zero))
	}
	if op.Code == ir.While {
		seeds = append(seeds, ir.SeedNone)
	}
	s.wrt = string(wrt)
	for s.letters != string(seeds) {
		s.letters = string(seeds)
		p, err := fr.differ.reversed(pullbackKey{f: s.loop, seeds: s.letters, wrt: s.wrt, whole: true, split: s}, nil)
		if err != nil {
			fr.failure = err
			return nil
		}
		s.pullback = p
		for i, lessened := range s.lessened {
			if lessened {
				seeds[i] = ir.SeedMasked
			}
		}
	}
	if !s.measure() {
		return nil
	}
	if op.Code == ir.For {
		if n, ok := s.in(s.bytes, fr.callSizes(s, fr.rounds(op))).Const(); ok && n <= smallRecord {
			return nil
		}
	}
	return s
}

// repeats reports whether the block of fr runs several times. Loops of what is
// called there are not split: each would have to keep what it began with.
func (fr *frame) repeats() bool {
	for f := fr; f != nil; f = f.outer {
		if f.op != nil && f.op.Code != ir.If {
			return true
		}
	}
	return false
}

func letterIf(active bool) byte {
	if active {
		return ir.SeedDense
	}
	return ir.SeedNone
}

// loopHasEffects reports whether rounds of a loop can't be run again.
func loopHasEffects(op *ir.Op) bool {
	effect := func(op *ir.Op) bool {
		return op.Code.Info().Ordered(op) || op.Callee() != nil && hasEffects(op.Callee())
	}
	return slices.ContainsFunc(op.Regions, func(b *ir.Block) bool { return contains(b, effect) })
}

// outline copies a loop to a function. That of a while runs at most so many
// rounds, and gives how many it has run behind the carried values.
func (fr *frame) outline(op *ir.Op) *split {
	g := &ir.Func{Name: fr.name("%s.loop", fr.f.Name), Pos: op.Pos, Body: &ir.Block{}}
	s := &split{loop: g, count: g.AddSize(""), carried: len(op.Results)}
	c := ir.NewCopier(fr.fwd, g)
	body := op.Regions[len(op.Regions)-1]
	inits := op.Args[len(op.Args)-s.carried:]

	seen, atoms := map[*ir.Value]bool{}, map[*ir.Value]bool{}
	var free []*ir.Value
	var note func(v *ir.Value)
	mention := func(t ir.Type) {
		for _, d := range t.Dims {
			for a := range d.Atoms {
				atoms[fr.fwd.Value(a)] = true
				note(fr.fwd.Value(a))
			}
		}
	}
	note = func(v *ir.Value) {
		if !seen[v] {
			seen[v] = true
			mention(v.Type)
			free = append(free, v)
		}
	}
	fr.freeValues(&ir.Op{Regions: op.Regions}, note)
	for _, v := range inits {
		mention(v.Type)
	}
	// What operations of the loop mention as a size.
	var attrs func(b *ir.Block)
	attrs = func(b *ir.Block) {
		for _, inner := range b.Ops {
			uses := map[*ir.Value]int{}
			inner.Uses(fr.fwd, func(v *ir.Value) { uses[v]++ })
			for _, v := range inner.Args {
				uses[v]--
			}
			for v, n := range uses {
				atoms[v] = atoms[v] || n > 0
			}
			for _, region := range inner.Regions {
				for _, p := range region.Params {
					for _, d := range p.Type.Dims {
						for a := range d.Atoms {
							atoms[fr.fwd.Value(a)] = true
						}
					}
				}
				attrs(region)
			}
		}
	}
	for _, region := range op.Regions {
		attrs(region)
	}
	b := ir.NewBuilder(g, g.Body).From(op)
	for _, v := range free {
		switch literal := known(v); {
		case literal != nil && v.Type.Rank() == 0:
			c.Bind(v, b.Const(v.Type.DType, *literal))
		case atoms[v]:
			s.sizes = append(s.sizes, v)
			c.Bind(v, g.AddSize(v.Name))
		}
	}
	fits := true
	typ := func(t ir.Type) ir.Type {
		u, ok := t.Subst(c.Size)
		fits = fits && ok
		return u
	}
	first := g.AddParam(ir.Scalar(ir.I64), "")
	var params []*ir.Value
	for i := range inits {
		params = append(params, g.AddParam(typ(op.Results[i].Type), op.Results[i].Name))
	}
	for _, v := range free {
		if known(v) != nil && v.Type.Rank() == 0 || atoms[v] {
			continue
		}
		s.outside = append(s.outside, v)
		c.Bind(v, g.AddParam(typ(v.Type), v.Name))
	}
	block, ok := c.Block(body)
	if !fits || !ok {
		return nil
	}
	b = ir.NewBuilder(g, g.Body).From(op)
	var types []ir.Type
	for _, p := range params {
		types = append(types, p.Type)
	}
	if op.Code == ir.For {
		index := block.Params[0]
		k := g.NewValue(ir.Scalar(ir.I64), "")
		index.Def, index.Index = &ir.Op{Code: ir.Add, Args: []*ir.Value{k, first}, Results: []*ir.Value{index}, Pos: op.Pos, Calls: op.Calls}, 0
		block.Params[0] = k
		block.Ops = slices.Concat([]*ir.Op{index.Def}, block.Ops)
		b.Return(b.EmitTyped(ir.For, nil, slices.Concat([]*ir.Value{b.I64(0), s.count}, params), types, block)...)
	} else {
		head, ok := c.Block(op.Regions[0])
		if !ok {
			return nil
		}
		k := head.AddParam(g, ir.Scalar(ir.I64), "")
		in := ir.NewBuilder(g, head).From(op)
		head.Yield[0] = in.Op(ir.And, nil, in.Op(ir.Lt, nil, k, s.count), head.Yield[0])
		k = block.AddParam(g, ir.Scalar(ir.I64), "")
		in = ir.NewBuilder(g, block).From(op)
		block.Yield = append(block.Yield, in.Op(ir.Add, nil, k, in.I64(1)))
		b.Return(b.EmitTyped(ir.While, nil, append(slices.Clone(params), b.I64(0)), append(types, ir.Scalar(ir.I64)), head, block)...)
	}
	fr.differ.add(g)
	return s
}

// measure finds how much the rounds record. It is false if that does not depend
// on how many there are, or not on that alone.
func (s *split) measure() bool {
	f := s.pullback.forward
	rounds := f.Sizes[0].Dim()
	ok := true
	size := func(t ir.Type) ir.Dim {
		n := ir.Size(int64(t.DType.Bytes()))
		for _, d := range t.Dims {
			d, fits := d.Subst(func(a ir.Atom) ir.Dim {
				j, result := a.ResultIndex()
				if !result {
					return ir.Sized(a)
				}
				ok = ok && s.counts(j)
				return rounds
			})
			ok = ok && fits
			n, fits = n.Mul(d)
			ok = ok && fits
		}
		return n
	}
	total := func(types []ir.Type) (sum ir.Dim) {
		for _, t := range types {
			var fits bool
			sum, fits = sum.Add(size(t))
			ok = ok && fits
		}
		return sum
	}
	s.stateBytes = total(s.loop.Results)
	s.bytes = total(f.Results[len(s.loop.Results):])
	for _, from := range s.pullback.sizes {
		ok = ok && !from.argument && s.counts(from.index)
	}
	grows := false
	for a := range s.bytes.Atoms {
		grows = grows || f.Value(a) == f.Sizes[0]
	}
	return ok && grows
}

// counts reports whether result j of the forward function is how many rounds a
// while has run.
func (s *split) counts(j int) bool {
	f := s.pullback.forward
	if len(s.loop.Results) == s.carried {
		return false
	}
	v := f.Body.Yield[j]
	return v.Type.Equal(ir.Scalar(ir.I64)) && v.Def != nil && v.Def.Code == ir.While && countsRounds(v.Def, v.Index)
}

// countsRounds reports whether result i of a while counts its rounds from 0.
func countsRounds(op *ir.Op, i int) bool {
	body := op.Regions[1]
	start, next := known(op.Args[i]), body.Yield[i]
	return start != nil && start.I == 0 && next.Def != nil && isNext(next, body.Params[i])
}

// isNext reports whether v is k + 1.
func isNext(v, k *ir.Value) bool {
	if v.Def.Code == ir.Add {
		one := known(v.Def.Args[1])
		return v.Def.Args[0] == k && one != nil && one.I == 1
	}
	d, ok := ir.DimOf(v).Sub(k.Dim())
	return ok && d.IsConst(1)
}

// in is d, of loop or its forward function, with these sizes.
func (s *split) in(d ir.Dim, sizes []ir.Dim) ir.Dim {
	f := s.pullback.forward
	e, ok := d.Subst(func(a ir.Atom) ir.Dim {
		if i := slices.Index(f.Sizes, f.Value(a)); i >= 0 {
			return sizes[i]
		}
		return ir.Sized(a)
	})
	if !ok {
		return ir.Size(ir.Unrepresentable)
	}
	return e
}

// rounds is how many rounds a for has, if it is not negative.
func (fr *frame) rounds(op *ir.Op) ir.Dim {
	n, ok := ir.DimOf(op.Args[1]).Sub(ir.DimOf(op.Args[0]))
	if !ok {
		n, _ = op.Args[1].Dim().Sub(op.Args[0].Dim())
	}
	return n
}

// callSizes are the sizes of a call of the loop in f.fwd.
func (fr *frame) callSizes(s *split, rounds ir.Dim) []ir.Dim {
	sizes := []ir.Dim{rounds}
	for _, v := range s.sizes {
		sizes = append(sizes, v.Dim())
	}
	return sizes
}

// callWith is callAll with arguments whose sizes may be written in another way.
func (e *emitter) callWith(f *ir.Func, sizes []ir.Dim, args []*ir.Value) []*ir.Value {
	fitted := make([]*ir.Value, len(args))
	for i, v := range args {
		t, ok := f.Params[i].Type.Subst(func(a ir.Atom) ir.Dim { return sizes[slices.Index(f.Sizes, f.Value(a))] })
		if fitted[i] = v; ok {
			fitted[i] = e.coerced(v, t)
		}
	}
	return e.callAll(f, sizes, fitted)
}

// A splitStore is the store of the function that a loop has become. Backward
// takes sums, to which it adds the cotangents of values from outside, and the
// cotangents of the carried values behind the loop; it gives the same before it,
// in the same representation.
type splitStore struct {
	*residualStore
	*split
}

func (s splitStore) begin(fr *frame, seeds, wrt string) []*ir.Value {
	var sums []*ir.Value
	for i, k := range s.kinds {
		p := fr.fwd.Params[1+s.carried+i]
		var values []*ir.Value
		for _, t := range typesOf(k, fr.typ(p.Type)) {
			values = append(values, fr.bwd.NewValue(t, ""))
		}
		if k != zero {
			d, _ := represented(k, values)
			fr.cotangents[p] = fr.e.exactly(d)
		}
		sums = append(sums, values...)
	}
	params, _ := fr.seedParams(seeds)
	for _, v := range fr.fwd.Body.Yield {
		if d := fr.cotangent(v); !d.zero() {
			fr.e.exactly(d)
		}
	}
	return append(sums, params...)
}

func (s splitStore) end(fr *frame) []*ir.Value {
	var list []*ir.Value
	give := func(k kind, p *ir.Value) {
		t := fr.typ(p.Type)
		list = append(list, fr.e.settledAs(fr.cotangent(p), k, t)...)
	}
	for i, k := range s.kinds {
		give(k, fr.fwd.Params[1+s.carried+i])
	}
	s.lessened = make([]bool, s.carried)
	for i := range s.carried {
		k, p := kindOf(s.letters[i]), fr.fwd.Params[1+i]
		s.lessened[i] = k == dense && fr.cotangent(p).kind() != dense
		give(k, p)
	}
	return list
}

// settledAs is as for a derivative that is to be zero where its mask is false.
func (e *emitter) settledAs(d dvalue, k kind, t ir.Type) []*ir.Value {
	switch k {
	case zero:
		return nil
	case dense:
		return []*ir.Value{e.settle(d, t)}
	}
	return []*ir.Value{e.settle(d, t), e.maskOf(d, t)}
}
