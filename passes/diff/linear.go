package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// tangentParams tells which parameters of the tangent of the rule of f are
// tangents: those behind what f takes, one for each that is inexact.
func tangentParams(f *ir.Func) []bool {
	is := make([]bool, len(f.Rule.Tangent.Params))
	i := len(f.Params)
	for _, p := range f.Params {
		if p.Type.DType.IsInexact() {
			is[i] = true
			i++
		}
	}
	return is
}

// A share is how a value of a rule depends on the tangents that the rule takes.
type share uint8

const (
	nought    share = iota // it is zero, as is written there
	without                // it does not
	linearly               // it is linear in them
	otherwise              // it is the sum, or the choice, of what does and what does not
)

// together is the share of a sum or a choice.
func together(a, b share) share {
	switch {
	case a == nought || a == b:
		return b
	case b == nought:
		return a
	}
	return otherwise
}

// checkRules looks whether the rules of functions are linear in the tangents,
// which is all that makes the reverse of a rule right: tangents may go through
// sums, products with what has none, choices that do not depend on them, views,
// indices and linear kernels.
func (d *differ) checkRules(funcs []*ir.Func) error {
	all := map[linearityKey]*linearity{}
	uses := map[*ir.Func][]*ir.Func{}
	for _, f := range funcs {
		if f.Rule == nil {
			continue
		}
		tangent := f.Rule.Tangent
		params := make([]share, len(tangent.Params))
		for i, is := range tangentParams(f) {
			if params[i] = without; is {
				params[i] = linearly
			}
		}
		c := &linearChecker{rule: f, all: all, solver: &d.solver}
		results := c.function(tangent, params)
		if c.err != nil {
			return c.err
		}
		if slices.ContainsFunc(results, func(s share) bool { return s == without || s == otherwise }) {
			return &Refusal{tangent.Pos, nil, NotLinear, "the derivative of " + f.Name + " has a part without its tangents",
				"multiply by a tangent, as in derivative f(x; dx) = cos(x) * dx"}
		}
		if err := d.callBody(f, all[keyOf(tangent, params)]); err != nil {
			return err
		}
		uses[f] = c.rules(all[keyOf(tangent, params)], map[*linearity]bool{})
	}
	for f := range uses {
		if !slices.Contains(funcs, f) {
			continue
		}
		for _, g := range uses[f] {
			if reaches(uses, g, f, map[*ir.Func]bool{}) {
				return &Refusal{f.Rule.Tangent.Pos, nil, Endless, "the derivatives of " + f.Name + " and " + g.Name + " are made of each other", "write one of them without the other"}
			}
		}
	}
	return nil
}

// callBody lets the tangent of f call the body of f where it gives it tangents.
// Since f is linear in them, its derivative there is that of its body; by its
// rule it would be made of itself.
func (d *differ) callBody(f *ir.Func, l *linearity) error {
	var body *ir.Func
	fits := true
	contains(l.f.Body, func(op *ir.Op) bool {
		call, ok := op.Attr.(ir.CallAttr)
		if !ok || call.Callee != f || !l.takesTangents(op) {
			return false
		}
		if body == nil {
			body, fits = d.withoutRule(f)
		}
		call.Callee = body
		op.Attr = call
		return false
	})
	if !fits {
		return &Refusal{f.Pos, nil, SizesTooBig, "the sizes of " + f.Name + " have too many terms", "give the sizes names of their own"}
	}
	return nil
}

// takesTangents reports whether a call in a rule is given what depends on the
// tangents of the rule.
func (l *linearity) takesTangents(op *ir.Op) bool {
	return slices.ContainsFunc(l.of(op.Args), func(s share) bool { return s > without })
}

// withoutRule is a copy of f that has no rule.
func (d *differ) withoutRule(f *ir.Func) (*ir.Func, bool) {
	to := &ir.Func{Name: d.name("%s.body", f.Name), Recursive: f.Recursive, Pos: f.Pos, SizeResults: f.SizeResults}
	copier := ir.NewCopier(f, to)
	fits := true
	for _, v := range f.Sizes {
		copier.Bind(v, to.AddSize(v.Name))
	}
	typ := func(t ir.Type) ir.Type {
		u, ok := t.Subst(copier.Size)
		fits = fits && ok
		return u
	}
	for _, v := range f.Params {
		copier.Bind(v, to.AddParam(typ(v.Type), v.Name))
	}
	for _, t := range f.Results {
		to.Results = append(to.Results, typ(t))
	}
	body, ok := copier.Block(f.Body)
	to.Body = body
	d.add(to)
	return to, fits && ok
}

// rules are the functions with rules that are given, in l and in what it calls,
// what depends on tangents.
func (c *linearChecker) rules(l *linearity, seen map[*linearity]bool) (list []*ir.Func) {
	if l == nil || seen[l] {
		return nil
	}
	seen[l] = true
	contains(l.f.Body, func(op *ir.Op) bool {
		callee := op.Callee()
		switch {
		case callee == nil || !l.takesTangents(op):
		case callee.Rule != nil:
			list = append(list, callee)
		default:
			list = append(list, c.rules(c.all[keyOf(callee, l.of(op.Args))], seen)...)
		}
		return false
	})
	return list
}

// reaches reports whether a way leads from one function to another.
func reaches(uses map[*ir.Func][]*ir.Func, from, to *ir.Func, seen map[*ir.Func]bool) bool {
	if from == to {
		return true
	}
	seen[from] = true
	return slices.ContainsFunc(uses[from], func(g *ir.Func) bool { return !seen[g] && reaches(uses, g, to, seen) })
}

// A linearChecker looks at one rule and what it calls.
type linearChecker struct {
	rule   *ir.Func
	all    map[linearityKey]*linearity
	solver *solver
	err    error
}

// A linearity tells the shares of the values of a function, for given shares of
// its parameters.
type linearity struct {
	c       *linearChecker
	f       *ir.Func
	params  []share
	shares  []share // by ID
	changed bool
}

type linearityKey struct {
	f      *ir.Func
	params string
}

func keyOf(f *ir.Func, params []share) linearityKey {
	letters := make([]byte, len(params))
	for i, s := range params {
		letters[i] = '0' + byte(s)
	}
	return linearityKey{f, string(letters)}
}

// function gives the shares of the results that are no sizes.
func (c *linearChecker) function(f *ir.Func, params []share) []share {
	key := keyOf(f, params)
	l := c.all[key]
	if l == nil {
		l = &linearity{c: c, f: f, params: params, shares: make([]share, f.NumValues())}
		c.all[key] = l
		c.solver.solve(l)
	}
	return l.of(f.Body.Yield[f.SizeResults:])
}

func (l *linearity) of(values []*ir.Value) []share {
	list := make([]share, len(values))
	for i, v := range values {
		list[i] = l.share(v)
	}
	return list
}

// share is that of v. Numbers that are whole have none.
func (l *linearity) share(v *ir.Value) share {
	if !v.Type.DType.IsInexact() {
		return without
	}
	return l.shares[v.ID]
}

func (l *linearity) set(v *ir.Value, s share) {
	if v.Type.DType.IsInexact() {
		if t := together(l.shares[v.ID], s); t != l.shares[v.ID] {
			l.shares[v.ID], l.changed = t, true
		}
	}
}

func (l *linearity) pass() bool {
	l.changed = false
	for i, p := range l.f.Params {
		l.set(p, l.params[i])
	}
	if l.c.err == nil {
		l.block(l.f.Body)
	}
	return l.changed && l.c.err == nil
}

func (l *linearity) block(b *ir.Block) {
	for _, op := range b.Ops {
		switch op.Code {
		case ir.For, ir.While:
			for i := range op.Results {
				values := carried(op, i)
				s := nought
				for _, v := range values {
					s = together(s, l.share(v))
				}
				for _, v := range values[1:] {
					l.set(v, s)
				}
			}
		case ir.Call:
			callee := op.Callee()
			results := l.c.function(callee, l.of(op.Args))
			for i, v := range op.Results[callee.SizeResults:] {
				l.set(v, results[i])
			}
		case ir.If, ir.Map:
		default:
			s := l.operation(op)
			if s == otherwise && l.c.err == nil {
				advice := "a derivative is a sum of products with tangents, as in derivative f(x; dx) = cos(x) * dx"
				l.c.err = refuse(op, NotLinear, advice, "the derivative of %s is not linear in its tangents: %s of them is not", l.c.rule.Name, op.Code.Info().Name)
			}
			for _, v := range op.Results {
				l.set(v, s)
			}
		}
		for _, region := range op.Regions {
			l.block(region)
			if op.Code == ir.If || op.Code == ir.Map {
				for i, v := range op.Results {
					l.set(v, l.share(region.Yield[i]))
				}
			}
		}
	}
}

// operation is the share of the results of an operation without blocks that is
// no call.
func (l *linearity) operation(op *ir.Op) share {
	shares := l.of(op.Args)
	switch op.Code {
	case ir.Const:
		if isZero(op) {
			return nought
		}
		return without
	case ir.Neg, ir.Real, ir.Imag, ir.Conj, ir.Broadcast, ir.Transpose, ir.Slice, ir.Reshape, ir.Retype, ir.Gather:
		return shares[0]
	case ir.Add, ir.Sub, ir.Complex, ir.Update, ir.Append:
		return together(shares[0], shares[1])
	case ir.Select:
		return together(shares[1], shares[2])
	case ir.Concat:
		s := nought
		for _, t := range shares {
			s = together(s, t)
		}
		return s
	case ir.Mul, ir.Contract:
		return product(shares[0], shares[1])
	case ir.Div:
		return quotient(shares[0], shares[1])
	case ir.Accumulate:
		switch op.Attr.(ir.IndexAttr).Mode {
		case ir.AccumulateMul:
			return product(shares[0], shares[1])
		case ir.AccumulateDiv:
			return quotient(shares[0], shares[1])
		}
		return together(shares[0], shares[1])
	case ir.Convert:
		if op.Results[0].Type.DType.IsInexact() {
			return shares[0]
		}
	case ir.Reduce:
		if op.Attr.(ir.ReduceAttr).Kind == ir.ReduceSum {
			return shares[0]
		}
	case ir.Scan:
		switch op.Attr.(ir.ScanAttr).Kind {
		case ir.CumSum:
			return shares[0]
		case ir.Recur:
			return quotient(shares[1], shares[0])
		}
	case ir.Lib:
		switch op.Attr.(ir.LibAttr).Name {
		case "fft":
			return shares[0]
		case "trsolve":
			return quotient(shares[1], shares[0])
		}
	}
	for _, s := range shares {
		if s > without {
			return otherwise
		}
	}
	return without
}

// product is the share of a product.
func product(a, b share) share {
	switch {
	case a == nought || b == nought:
		return nought
	case a == without:
		return b
	case b == without:
		return a
	}
	return otherwise
}

// quotient is the share of what is linear in a and anything in b.
func quotient(a, b share) share {
	if b > without {
		return otherwise
	}
	return a
}

// isZero reports whether all elements of a constant are zero.
func isZero(op *ir.Op) bool {
	switch attr := op.Attr.(type) {
	case ir.Literal:
		return attr.I == 0 && attr.F == 0 && attr.C == 0
	case ir.ArrayLiteral:
		return !slices.ContainsFunc(attr.I, func(n int64) bool { return n != 0 }) &&
			!slices.ContainsFunc(attr.F, func(x float64) bool { return x != 0 }) &&
			!slices.ContainsFunc(attr.C, func(z complex128) bool { return z != 0 })
	}
	return false
}
