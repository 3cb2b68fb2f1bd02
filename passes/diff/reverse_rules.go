package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// reverseByRule takes the pullback of a rule, or what the reverse of its tangent
// by the tangents is.
func (fr *frame) reverseByRule(op *ir.Op, rule *ir.DerivativeRule, sizes []ir.Dim, seeds, wrt string) {
	callee := op.Callee()
	results := op.Results[callee.SizeResults:len(callee.Results)]
	if rule.Pullback != nil {
		fr.pullBack(op, rule.Pullback, sizes)
		return
	}
	// The tangents that the rule takes don't matter, for it is linear in them.
	b, place := fr.forwardAfter(op)
	args := slices.Clone(op.Args)
	var wanted []byte
	for range op.Args {
		wanted = append(wanted, ir.SeedNone)
	}
	primals := slices.Clone(op.Args)
	for i, v := range op.Args {
		if v.Type.DType.IsInexact() {
			args = append(args, b.Broadcast(b.Number(v.Type.DType, 0), v.Type.Dims...))
			wanted = append(wanted, wrt[i])
			primals = append(primals, v)
		}
	}
	if rule.TakesResults {
		args = append(args, results...)
	}
	for len(wanted) < len(args) {
		wanted = append(wanted, ir.SeedNone)
	}
	p, err := fr.differ.reverse(rule.Tangent, string(ofInexact(callee.Results[callee.SizeResults:], []byte(seeds))), string(wanted), false, fr.whole || fr.repeats())
	if err != nil {
		fr.failure = err
		return
	}
	b.Call(p.forward, op.Attr.(ir.CallAttr).Sizes, args...)
	all := b.Block.Ops[len(b.Block.Ops)-1].Results
	place()
	found := fr.callBackward(p, sizes, args, all, fr.seedsOf(op, callee))
	fr.addFound(primals, p, found)
}

// pullBack calls the pullback of a rule. Where masks say that all cotangents are
// zero it is not called, since what it would multiply them with may be infinite.
// If they are zero in parts, what it gives for them is its derivative along them,
// which knows of masks and is the same, for it is linear; but not if it calls
// kernels, of which each element of what they give depends on all.
func (fr *frame) pullBack(op *ir.Op, pullback *ir.Func, sizes []ir.Dim) {
	callee := op.Callee()
	e := fr.e
	n := len(op.Args)
	given := fr.needAll(op.Args)
	var gate *ir.Value
	var cotangents []dvalue
	var types []ir.Type
	letters := strings.Repeat(string(ir.SeedNone), n)
	some, parts := false, false
	for _, v := range op.Results[callee.SizeResults:len(callee.Results)] {
		if !v.Type.DType.IsInexact() {
			continue
		}
		d := fr.cotangent(v)
		cotangents, types = append(cotangents, d), append(types, fr.typ(v.Type))
		letters += string(d.kind().letter())
		switch {
		case d.zero():
		case d.mask == nil:
			some = true
		default:
			parts = parts || v.Type.Rank() > 0
			here := e.anyOver(d.mask, allAxes(v.Type)...)
			if gate == nil {
				gate = here
			} else {
				gate = e.Op(ir.Or, nil, gate, here)
			}
		}
	}
	if some {
		gate = nil
	}
	var wanted []*ir.Value
	var wantedLetters []byte
	for _, v := range op.Args {
		if v.Type.DType.IsInexact() {
			wanted = append(wanted, v)
			wantedLetters = append(wantedLetters, letterIf(fr.active(v)))
		}
	}
	kinds, exact := slices.Repeat([]kind{dense}, len(wanted)), make([]bool, len(wanted))
	f := pullback
	var settled []*ir.Value // what pullback takes if all masks are true
	if parts && !hasKernels(pullback) && fr.isLinear(pullback, n) {
		p, err := fr.pushforward(pullback, letters, string(wantedLetters), true, op)
		if err != nil {
			fr.failure = err
			return
		}
		f, kinds, exact = p.f, p.kinds, p.exact
		settled = slices.Clone(given)
		for i, d := range cotangents {
			settled = append(settled, e.valueOf(d, types[i]))
			given = append(given, e.as(d, d.kind(), types[i])...)
		}
	} else {
		for i, d := range cotangents {
			given = append(given, e.settle(d, types[i]))
		}
	}
	inParts := func(e *emitter) []*ir.Value {
		found := slices.Clone(e.callAll(f, sizes, given)[f.SizeResults:])
		k := 0
		for i, v := range wanted {
			for range typesOf(kinds[i], v.Type) {
				found[k] = e.coerced(found[k], fr.typ(v.Type))
				k++
			}
		}
		return found
	}
	call := func(e *emitter) []*ir.Value {
		if settled == nil {
			return inParts(e)
		}
		// Mostly nothing is left out: then there is no mask to be kept.
		whole := e.truth(ir.Scalar(ir.F64), true)
		for _, d := range cotangents {
			if d.kind() == masked {
				all := e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceAll, Axes: allAxes(d.mask.Type)}, d.mask)
				whole = e.Op(ir.And, nil, whole, all)
			}
		}
		yes, no := e.inside(), e.inside()
		plain := yes.callAll(pullback, sizes, settled)[pullback.SizeResults:]
		var given []ir.Type
		for i, v := range wanted {
			t := fr.typ(v.Type)
			given = append(given, typesOf(kinds[i], t)...)
			yes.Block.Yield = append(yes.Block.Yield, yes.as(dvalue{v: yes.coerced(plain[i], t)}, kinds[i], t)...)
		}
		no.Block.Yield = inParts(no)
		return slices.Clone(e.EmitTyped(ir.If, nil, []*ir.Value{whole}, given, yes.Block, no.Block))
	}
	var found []*ir.Value
	if gate == nil {
		found = call(e)
	} else {
		yes, no := e.inside(), e.inside()
		yes.Block.Yield = call(yes)
		var given []ir.Type
		for i, v := range wanted {
			t := fr.typ(v.Type)
			given = append(given, typesOf(kinds[i], t)...)
			no.Block.Yield = append(no.Block.Yield, no.as(dvalue{}, kinds[i], t)...)
		}
		found = e.EmitTyped(ir.If, nil, []*ir.Value{gate}, given, yes.Block, no.Block)
	}
	for i, v := range wanted {
		var d dvalue
		d, found = represented(kinds[i], found)
		if gate != nil && d.kind() == dense {
			d = e.exactly(dvalue{d.v, e.Broadcast(gate, d.v.Type.Dims...)})
		} else if exact[i] {
			d = e.exactly(d)
		}
		fr.add(v, d)
	}
}

// hasKernels reports whether f calls kernels of the library.
func hasKernels(f *ir.Func) bool {
	kernel := func(op *ir.Op) bool { return op.Code == ir.Lib }
	return slices.ContainsFunc(reachable([]*ir.Func{f}), func(g *ir.Func) bool { return contains(g.Body, kernel) })
}

// isLinear reports whether a pullback is known to be linear in the cotangents,
// which are its parameters behind the first n.
func (d *differ) isLinear(pullback *ir.Func, n int) bool {
	if _, known := d.tangents[pullback]; !known {
		shares := make([]share, len(pullback.Params))
		is := make([]bool, len(pullback.Params))
		for i := range shares {
			if shares[i] = without; i >= n {
				shares[i], is[i] = linearly, true
			}
		}
		c := &linearChecker{rule: pullback, all: map[linearityKey]*linearity{}, solver: &d.solver}
		results := c.function(pullback, shares)
		if c.err != nil || slices.ContainsFunc(results, func(s share) bool { return s == without || s == otherwise }) {
			is = nil
		}
		d.tangents[pullback] = is
	}
	return d.tangents[pullback] != nil
}

func allAxes(t ir.Type) []int {
	axes := make([]int, t.Rank())
	for i := range axes {
		axes[i] = i
	}
	return axes
}
