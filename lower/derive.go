package lower

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// Derivatives: products with them, and those that were declared.

// derive lowers a call with its derivative. What the callee takes from the script
// has no tangents.
func (f *function) derive(x *typecheck.Derive) []*ir.Value {
	was := f.setPos(x.Span)
	callee, sizes, args := f.arguments(x.Callee, x.Sizes, x.Args)
	var seeds []*ir.Value
	for _, given := range x.Given {
		seeds = append(seeds, f.expr(given)...)
	}
	none := strings.Repeat(string(ir.SeedNone), countGlobals(callee))
	letters, wrt := x.Seeds, x.Wrt+none
	seeded := callee.function.Params
	if x.Code != ir.VJP {
		letters += none
	} else {
		seeded = nil
	}
	seeds = f.seedTypes(callee, sizes, letters, seeded, seeds)
	args = append(args, seeds...)
	var results, derivatives []*ir.Value
	switch x.Code {
	case ir.JVP:
		results, derivatives = f.b.JVP(callee.function, sizes, letters, args...)
	case ir.VJP:
		results, derivatives = f.b.VJP(callee.function, sizes, letters, wrt, args...)
	default:
		results, derivatives = f.b.Taylor(callee.function, sizes, letters, x.Order, args...)
	}
	values := f.settle(slices.Concat(results, derivatives), x.T)
	f.restorePos(was)
	return values
}

// pattern lowers the pattern of a function, which is not called.
func (f *function) pattern(x *typecheck.Pattern) []*ir.Value {
	was := f.setPos(x.Span)
	callee, sizes, _ := f.arguments(x.Callee, x.Sizes, x.Args)
	results := f.b.Pattern(ir.PatternAttr{Callee: callee.function, Sizes: sizes, Output: x.Output, Input: x.Input, Rows: f.dims(x.Rows), Columns: f.dims(x.Columns)})
	values := f.settle(results[1:], x.T)
	f.restorePos(was)
	return values
}

// seedTypes gives seeds their sizes in the form that the callee has them in,
// where they are known before the call. Seeds of params are tangents, those of
// none cotangents.
func (f *function) seedTypes(callee *unit, sizes []ir.Dim, letters string, params []*ir.Value, seeds []*ir.Value) []*ir.Value {
	bySize := map[ir.Atom]ir.Dim{}
	for i, size := range callee.function.Sizes {
		bySize[ir.Atom(size.ID)] = sizes[i]
	}
	var types []ir.Type
	for _, p := range params {
		types = append(types, p.Type)
	}
	if params == nil {
		types = callee.function.Results[callee.function.SizeResults:]
	}
	out := make([]*ir.Value, 0, len(seeds))
	for i, letter := range letters {
		n := 0
		switch letter {
		case ir.SeedDense:
			n = 1
		case ir.SeedMasked:
			n = 2
		}
		for _, v := range seeds[:n] {
			dims := slices.Clone(v.Type.Dims)
			for k, d := range types[i].Dims {
				known := true
				for a := range d.Atoms {
					_, isResult := a.ResultIndex()
					known = known && !isResult
				}
				if t, ok := d.Subst(substitute(bySize)); known && ok {
					dims[k] = t
				}
			}
			out = append(out, f.retype(v, ir.ArrayOf(v.Type.DType, dims...)))
		}
		seeds = seeds[n:]
	}
	return out
}

func countGlobals(u *unit) int {
	n := 0
	for _, def := range u.globals {
		n += countParts(def.Type)
	}
	return n
}

// rules are the units of the declared derivative of u, nil where there is none.
func (l *lowering) rules(u *unit) []*unit {
	if u.instance == nil || u.instance.Rule == nil {
		return nil
	}
	rules := []*unit{l.unitOf(u.instance.Rule.Tangent)}
	if pullback := u.instance.Rule.Pullback; pullback != nil {
		rules = append(rules, l.unitOf(pullback))
	}
	return rules
}

// ruleParams are what a function of a rule takes: what u takes, a tangent for
// each inexact parameter (of a pullback, the cotangents of the results), and what
// else it declares. Values of the script are constant: nobody reads their
// tangents.
func ruleParams(u *unit, own []*typecheck.Def, pullback bool) []*typecheck.Def {
	n := len(u.params)
	params := slices.Concat(own[:n:n], u.globals)
	tangents := 0
	if !pullback {
		for _, def := range u.params {
			if hasInexact(def.Type) {
				tangents++
			}
		}
	}
	params = append(params, own[n:n+tangents]...)
	if !pullback {
		for _, def := range u.globals {
			for _, part := range parts(def.Type) {
				if part.DType.IsInexact() {
					params = append(params, &typecheck.Def{Var: &typecheck.Var{Span: def.Var.Span}, Type: part})
				}
			}
		}
	}
	return append(params, own[n+tangents:]...)
}

func hasInexact(t typecheck.Type) bool {
	return slices.ContainsFunc(parts(t), func(a typecheck.Array) bool { return a.DType.IsInexact() })
}

// declareRule declares the functions of the rule of u, which has been declared.
func (l *lowering) declareRule(u *unit) {
	rules := l.rules(u)
	if rules == nil {
		return
	}
	declared := u.instance.Rule
	rule := &ir.DerivativeRule{Tangent: l.declareRuleFunction(u, rules[0], false), TakesResults: declared.TakesResult}
	if declared.Pullback != nil {
		rule.Pullback = l.declareRuleFunction(u, rules[1], true)
	}
	u.function.Rule = rule
}

func (l *lowering) declareRuleFunction(of, u *unit, pullback bool) *ir.Func {
	u.sizes = slices.Clone(of.sizes)
	u.params = ruleParams(of, u.instance.Params, pullback)
	u.ofRule = true
	result := parts(u.instance.Result)
	if pullback {
		for _, def := range of.globals {
			for _, part := range parts(def.Type) {
				if part.DType.IsInexact() {
					u.zeros = append(u.zeros, part)
				}
			}
		}
		result = append(result, u.zeros...)
	}
	l.declareFunction(u, result)
	return u.function
}
