package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// call copies a call, with the series of its arguments.
func (w *expander) call(e *emitter, op *ir.Op) error {
	callee := op.Callee()
	sizes, ok := callSizes(w.copier, op)
	if !ok {
		return w.tooBig(op)
	}
	given := make([]series, len(op.Args))
	for i, v := range op.Args {
		given[i] = w.series[v]
	}
	results, expansions, err := w.d.expansionCall(e, callee, sizes, w.values(op.Args), given, w.flow.wantedOf(op), w.order)
	if err != nil {
		return err
	}
	for i, v := range op.Results {
		results[i].Name = v.Name
		w.copier.Bind(v, results[i])
	}
	for i, x := range expansions {
		w.set(e, op.Results[callee.SizeResults+i], x)
	}
	return nil
}

// expansionCall emits a call of callee with the series of its arguments. It gives
// the results, with the sizes among them, and the series of those that are none
// and that have a letter in wanted.
func (d *differ) expansionCall(e *emitter, callee *ir.Func, sizes []ir.Dim, args []*ir.Value, given []series, wanted string, order int) (results []*ir.Value, expansions []series, err error) {
	kinds := make([]kind, len(given))
	for i, x := range given {
		kinds[i] = x.kind()
	}
	c, passes := d.plan(callee, kinds, []byte(wanted))
	if !passes || order == 0 {
		return e.callAll(callee, sizes, args), make([]series, len(callee.Results)-callee.SizeResults), nil
	}
	if c.f != callee {
		return d.ruleCall(e, c, sizes, args, given, order)
	}
	patterns := make([]string, len(given))
	all := slices.Clone(args)
	for i, x := range given {
		patterns[i] = x[:min(len(x), order)].pattern()
		all = append(all, e.spreadOut(x, patterns[i], args[i].Type)...)
	}
	x, err := d.expansion(callee, patterns, wanted, order, &ir.Op{Code: ir.Call, Pos: e.Pos})
	if err != nil {
		return nil, nil, err
	}
	out := e.callAll(x.f, sizes, all)
	results, rest := slices.Clip(out[:len(callee.Results)]), out[len(callee.Results):]
	expansions = make([]series, len(x.patterns))
	for i, pattern := range x.patterns {
		expansions[i], rest = seriesIn(pattern, rest)
		expansions[i] = e.seriesLike(expansions[i], results[callee.SizeResults+i].Type)
	}
	return results, expansions, nil
}

// ruleCall is expansionCall for a function with a rule. The rule gives y', as a
// function of x, x' and perhaps y, so that coefficient j of y is coefficient j-1
// of what it gives, over j. A rule that takes y is expanded once for each
// coefficient, with those that are known by then.
func (d *differ) ruleCall(e *emitter, c plan, sizes []ir.Dim, args []*ir.Value, given []series, order int) (results []*ir.Value, expansions []series, err error) {
	callee := c.callee
	if callee.Rule.TakesResults && order > 1 {
		c.wanted = d.readByRule(c)
	}
	p, err := d.pushforward(c.f, c.params, c.wanted, true, &ir.Op{Code: ir.Call, Pos: e.Pos})
	if err != nil {
		return nil, nil, err
	}
	results = e.callAll(callee, sizes, args)
	values := results[callee.SizeResults:]
	expansions = make([]series, len(values))
	for i := range expansions {
		expansions[i] = make(series, order)
	}
	wanted := make([]byte, 0, len(p.f.Results)-p.f.SizeResults)
	for _, k := range p.kinds {
		switch k {
		case dense:
			wanted = append(wanted, dense.letter())
		case masked:
			wanted = append(wanted, dense.letter(), zero.letter())
		}
	}
	for known := range order {
		if !callee.Rule.TakesResults {
			known = order - 1
		}
		all, with := slices.Clone(args), slices.Clone(given)
		if callee.Rule.TakesResults {
			all = append(all, values...)
			for _, x := range expansions {
				with = append(with, e.unified(slices.Clone(x[:known])))
			}
		}
		for i, x := range given {
			slopes, t := e.slopes(x), args[i].Type
			switch k := x.kind(); k {
			case masked:
				all = append(all, e.valueOf(x.at(1), t), x.mask())
				with = append(with, tail(slopes), nil)
			case dense:
				all = append(all, e.valueOf(x.at(1), t))
				with = append(with, tail(slopes))
			}
		}
		for i, x := range with {
			with[i] = x[:min(len(x), known)]
		}
		slope, series, err := d.expansionCall(e, p.f, sizes, all, with, string(wanted), known)
		if err != nil {
			return nil, nil, err
		}
		d.take(e, c, p, slope[p.f.SizeResults:], series, known, values, expansions)
		if !callee.Rule.TakesResults {
			break
		}
	}
	for i, x := range expansions {
		expansions[i] = e.seriesLike(e.unified(x), values[i].Type)
	}
	return results, expansions, nil
}

// readByRule are the wanted results of a rule that takes results: with those that
// it reads to give them, since their series are needed too.
func (d *differ) readByRule(c plan) string {
	wanted := []byte(c.wanted)
	taken := c.f.Params[len(c.f.Params)-len(c.callee.Results)+c.callee.SizeResults:]
	for again := true; again; {
		again = false
		useful := d.need(c.f, string(wanted)).useful
		k := 0
		for _, v := range taken {
			if !v.Type.DType.IsInexact() {
				continue
			}
			if useful[v.ID] && wanted[k] == zero.letter() {
				wanted[k], again = dense.letter(), true
			}
			k++
		}
	}
	return string(wanted)
}

// tail is a series without its first coefficient.
func tail(x series) series {
	if len(x) == 0 {
		return nil
	}
	return x[1:]
}

// take notes the coefficients of values that follow from what a rule gave for
// them up to coefficient known: those that were not known before.
func (d *differ) take(e *emitter, c plan, p *pushforward, slopes []*ir.Value, rest []series, known int, values []*ir.Value, expansions []series) {
	first := 0
	if c.callee.Rule.TakesResults {
		first = known
	}
	kinds := p.kinds
	for i, v := range values {
		if !v.Type.DType.IsInexact() {
			continue
		}
		k := kinds[0]
		kinds = kinds[1:]
		if k == zero {
			continue
		}
		var mask *ir.Value
		if k == masked {
			mask = slopes[1]
		}
		for j := first; j <= known; j++ {
			u := dvalue{slopes[0], mask}
			if j > 0 {
				if u = rest[0].at(j); !u.zero() {
					u = dvalue{e.settle(u, slopes[0].Type), mask}
				}
			}
			expansions[i][j] = e.share(u, j+1)
		}
		slopes, rest = slopes[1:], rest[1:]
		if k == masked {
			slopes, rest = slopes[1:], rest[1:]
		}
	}
}
