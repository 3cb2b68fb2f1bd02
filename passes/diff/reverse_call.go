package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// vjp gives what stands for the results of op, a VJP; nil for those that nobody
// uses.
func (d *differ) vjp(e *emitter, op *ir.Op, used map[*ir.Value]bool) ([]*ir.Value, error) {
	attr := op.Attr.(ir.DeriveAttr)
	callee := attr.Callee
	args, given := op.Args[:len(callee.Params)], op.Args[len(callee.Params):]
	wrt := []byte(attr.Wrt)
	next := len(callee.Results)
	any := false
	for i, letter := range wrt {
		if letter != ir.SeedDense {
			continue
		}
		if wrt[i] = ir.SeedNone; used[op.Results[next]] {
			wrt[i], any = ir.SeedDense, true
		}
		next++
	}
	if !any {
		results := slices.Clone(e.callAll(callee, attr.Sizes, args))
		return append(results, make([]*ir.Value, len(op.Results)-len(results))...), nil
	}
	f := callee
	if f.Rule != nil {
		f = d.calling(f)
	}
	p, err := d.reverse(f, attr.Seeds, string(wrt), false, d.lanes[op])
	if err != nil {
		return nil, err
	}
	all := e.callAll(p.forward, attr.Sizes, args)
	results := slices.Clone(all[:len(callee.Results)])
	seeds := slices.Clone(given)
	for i, letter := range []byte(attr.Seeds) {
		t := results[callee.SizeResults+i].Type
		var values []*ir.Value
		_, rest := represented(kindOf(letter), given)
		values, given = given[:len(given)-len(rest)], rest
		for k, v := range values {
			seeds[len(seeds)-len(rest)-len(values)+k] = e.coerced(v, ir.Type{DType: v.Type.DType, Dims: t.Dims})
		}
	}
	found := e.callAll(p.backward, p.allSizes(attr.Sizes, func(s origin) ir.Dim { return ir.DimOf(s.of(args, all)) }),
		append(p.allResiduals(func(s origin) *ir.Value { return s.of(args, all) }), seeds...))
	for i, letter := range []byte(attr.Wrt) {
		switch {
		case letter != ir.SeedDense:
		case wrt[i] != ir.SeedDense:
			results = append(results, nil)
		default:
			results, found = append(results, found[0]), found[1:]
		}
	}
	return results, nil
}

// calling is a function without a rule that does nothing but call f.
func (d *differ) calling(f *ir.Func) *ir.Func {
	if g := d.callers[f]; g != nil {
		return g
	}
	g := &ir.Func{Name: d.name("%s.call", f.Name), Pos: f.Pos, SizeResults: f.SizeResults, Body: &ir.Block{}}
	c := ir.NewCopier(f, g)
	sizes := make([]ir.Dim, len(f.Sizes))
	typ := func(t ir.Type) ir.Type {
		u, _ := t.Subst(c.Size) // a renaming of sizes
		return u
	}
	for i, v := range f.Sizes {
		size := g.AddSize(v.Name)
		c.Bind(v, size)
		sizes[i] = size.Dim()
	}
	for _, v := range f.Params {
		g.AddParam(typ(v.Type), v.Name)
	}
	for _, t := range f.Results {
		g.Results = append(g.Results, typ(t))
	}
	e := newEmitter(ir.NewBuilder(g, g.Body))
	e.At(f.Pos)
	g.Body.Yield = slices.Clone(e.callAll(f, sizes, g.Params))
	d.callers[f] = g
	d.add(g)
	return g
}

func (p *pullback) allSizes(sizes []ir.Dim, of func(origin) ir.Dim) []ir.Dim {
	sizes = slices.Clone(sizes)
	for _, s := range p.sizes {
		sizes = append(sizes, of(s))
	}
	return sizes
}

func (p *pullback) allResiduals(of func(origin) *ir.Value) []*ir.Value {
	var values []*ir.Value
	for _, s := range p.residuals {
		values = append(values, of(s))
	}
	return values
}

// reverseCall lets a call of f.fwd call the forward function of the callee, and
// calls the backward one.
func (fr *frame) reverseCall(op *ir.Op) {
	if !fr.seeded(op) {
		return
	}
	attr := op.Attr.(ir.CallAttr)
	callee := attr.Callee
	seeds, wrt := fr.lettersOf(op, callee)
	sizes := fr.dims(attr.Sizes)
	switch {
	case callee.Rule != nil:
		fr.reverseByRule(op, callee.Rule, sizes, seeds, wrt)
		return
	case callee.Recursive:
		fr.reverseRecursion(op, sizes, seeds, wrt)
		return
	}
	sums := fr.again()
	p, err := fr.differ.reverse(callee, seeds, wrt, sums, fr.whole || fr.repeats())
	if err != nil {
		fr.failure = err
		return
	}
	op.Attr = ir.CallAttr{Callee: p.forward, Sizes: attr.Sizes}
	fr.addResults(op, p.forward, attr.Sizes)
	cotangents := fr.seedsOf(op, callee)
	if sums {
		cotangents = append(fr.sumsOf(op.Args, wrt), cotangents...)
	}
	found := fr.callBackward(p, sizes, op.Args, op.Results, cotangents)
	if sums {
		fr.addSums(op.Args, p, found)
	} else {
		fr.addFound(op.Args, p, found)
	}
}

// again reports whether the block of fr runs again and again, so that calls in it
// had better add to arrays in place.
func (fr *frame) again() bool {
	for f := fr; f != nil; f = f.outer {
		if f.op != nil && (f.op.Code == ir.For || f.op.Code == ir.While) {
			return true
		}
	}
	return false
}

// sumParams are the parameters of backward that cotangents of arrays are added
// to.
func (fr *frame) sumParams(wrt string) []*ir.Value {
	var sums []*ir.Value
	for i, p := range fr.fwd.Params[:len(wrt)] {
		if wrt[i] == ir.SeedNone || p.Type.Rank() == 0 {
			continue
		}
		for _, t := range typesOf(kindOf(wrt[i]), fr.typ(p.Type)) {
			sums = append(sums, fr.bwd.NewValue(t, ""))
		}
		before, _ := represented(kindOf(wrt[i]), sums[len(sums)-len(typesOf(kindOf(wrt[i]), p.Type)):])
		fr.cotangents[p] = fr.e.exactly(before)
	}
	return sums
}

// sumsOf are the cotangents that a call adds to, as sumParams takes them. An
// argument that stands there several times is added to once.
func (fr *frame) sumsOf(args []*ir.Value, wrt string) []*ir.Value {
	var sums []*ir.Value
	for i, v := range args {
		if wrt[i] == ir.SeedNone || v.Type.Rank() == 0 {
			continue
		}
		var d dvalue
		if slices.Index(args, v) == i {
			d = fr.e.settledOnly(fr.cotangent(v))
		}
		sums = append(sums, fr.e.as(d, kindOf(wrt[i]), fr.typ(v.Type))...)
	}
	return sums
}

// settledOnly is d, zero where its mask is false.
func (e *emitter) settledOnly(d dvalue) dvalue {
	if d.kind() == masked {
		d.v = e.settle(d, d.v.Type)
	}
	return e.exactly(d)
}

// addSums takes what a call gave that was given sumsOf.
func (fr *frame) addSums(args []*ir.Value, p *pullback, found []*ir.Value) {
	for i, v := range args {
		d, rest := fr.found(p, i, v, found)
		if found = rest; d.zero() {
			continue
		}
		if v.Type.Rank() > 0 && slices.Index(args, v) == i {
			fr.set(v, d)
		} else {
			fr.add(v, d)
		}
	}
}

// lettersOf are the kinds of the cotangents of the results of a call, and which
// arguments want one.
func (fr *frame) lettersOf(op *ir.Op, callee *ir.Func) (seeds, wrt string) {
	var letters []byte
	for _, v := range op.Results[callee.SizeResults:len(callee.Results)] {
		k := zero
		if fr.active(v) {
			k = fr.cotangent(v).kind()
		}
		letters = append(letters, k.letter())
	}
	var wanted []byte
	for _, v := range op.Args {
		k := zero
		switch {
		case !fr.active(v):
		case v.Type.Rank() > 0 && (fr.isWanted(v) || fr.cotangent(v).kind() == dense):
			k = dense // it takes no part of a sum that is not zero
		default:
			k = masked
		}
		wanted = append(wanted, k.letter())
	}
	return string(letters), string(wanted)
}

// seedsOf are the cotangents of the results of a call, as lettersOf says.
func (fr *frame) seedsOf(op *ir.Op, callee *ir.Func) []*ir.Value {
	var values []*ir.Value
	for _, v := range op.Results[callee.SizeResults:len(callee.Results)] {
		if d := fr.cotangent(v); fr.active(v) {
			values = append(values, fr.e.as(d, d.kind(), fr.typ(v.Type))...)
		}
	}
	return values
}

// addResults gives op, a call in f.fwd, the residuals among the results of
// forward.
func (fr *frame) addResults(op *ir.Op, forward *ir.Func, sizes []ir.Dim) {
	for _, t := range forward.Results[len(op.Results):] {
		u, ok := t.Subst(func(a ir.Atom) ir.Dim {
			if j, is := a.ResultIndex(); is {
				return op.Results[j].Dim()
			}
			return sizes[slices.Index(forward.Sizes, forward.Value(a))]
		})
		if !ok {
			panic("diff: a renaming of sizes overflows")
		}
		fr.enters(op.AddResult(fr.fwd, u, ""))
	}
}

// callBackward calls the backward function of p, of which args and results are
// those of the call of the forward one, in f.fwd.
func (fr *frame) callBackward(p *pullback, sizes []ir.Dim, args, results, cotangents []*ir.Value) []*ir.Value {
	all := p.allSizes(sizes, func(s origin) ir.Dim {
		v := s.of(args, results)
		fr.need(v)
		return fr.dim(v.Dim())
	})
	given := p.allResiduals(func(s origin) *ir.Value { return fr.need(s.of(args, results)) })
	return fr.e.callAll(p.backward, all, append(given, cotangents...))
}

// addFound adds the cotangents that a call of the backward function of p gave
// for args.
func (fr *frame) addFound(args []*ir.Value, p *pullback, found []*ir.Value) {
	for i, v := range args {
		var d dvalue
		d, found = fr.found(p, i, v, found)
		fr.add(v, d)
	}
}

// found is the cotangent of argument i, which is v, that the backward function
// of p gave, and the rest of what it gave.
func (fr *frame) found(p *pullback, i int, v *ir.Value, found []*ir.Value) (d dvalue, rest []*ir.Value) {
	d, rest = represented(p.kinds[i], found)
	if p.exact[i] {
		d = fr.e.exactly(d)
	}
	return fr.e.like(d, fr.typ(v.Type)), rest
}
