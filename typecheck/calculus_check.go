package typecheck

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Checking of declared derivatives, for each instance of their functions and at
// the sizes of that: the parameters are those of the function, then a tangent
// for each that has floats, then, under the name behind the arrow, the result.

// checkRules checks the rules of all instances that there are, and those that
// this makes. Those of the standard library are left out where nothing is
// differentiated.
func (c *checker) checkRules() {
	for i := 0; i < len(c.ruled); i++ {
		inst := c.ruled[i]
		if inst.failed || slices.ContainsFunc(inst.Params, func(p *Def) bool { return isAbstract(p.Type) }) {
			continue
		}
		f := inst.of
		if len(c.derived) == 0 && f.file != nil && f.file.library {
			continue
		}
		if f.constant {
			if t := c.zeroRule(inst); t != nil {
				inst.Rule = &Rule{Tangent: t}
			}
			continue
		}
		tangent := ruleOf(f, false)
		captures := capturesFloats(inst.Params)
		if tangent == nil || captures && len(tangent.Tangents) != len(c.tangentsOf(inst, true)) {
			continue
		}
		if t := c.checkRule(inst, tangent); t != nil {
			inst.Rule = &Rule{Tangent: t, TakesResult: tangent.Result != nil && !c.choosesSize(inst)}
			if pullback := ruleOf(f, true); pullback != nil && !captures {
				inst.Rule.Pullback = c.checkRule(inst, pullback)
			}
		}
	}
}

// capturesFloats reports whether a function among the parameters has captured
// floats. A rule that lists no tangents for functions doesn't say what follows
// from them, so the derivative is that of the body.
func capturesFloats(params []*Def) bool {
	for _, p := range params {
		if _, ok := p.Type.(Function); ok && slices.ContainsFunc(leavesOf(p.Type), func(a Array) bool { return a.DType.IsInexact() }) {
			return true
		}
	}
	return false
}

// choosesSize reports whether the result has sizes that the parameters don't
// determine.
func (c *checker) choosesSize(inst *instantiation) bool {
	chosen := false
	given := map[ir.Atom]bool{}
	for _, a := range inst.Sizes {
		given[a] = true
	}
	for _, p := range inst.Params {
		given[p.Atom] = true
	}
	eachDim(inst.Result, func(d ir.Dim) {
		c.leaves(d, func(a ir.Atom) { chosen = chosen || c.owners[a] == inst.Instance && !given[a] })
	})
	return chosen
}

// enterRule begins the check of a function of a rule of inst: its parameters and
// sizes are those of inst.
func (c *checker) enterRule(inst *instantiation, names []ast.Ident, kind string) (*instantiation, func()) {
	f := inst.of
	rule := &instantiation{Instance: &Instance{Name: f.Name + "." + kind, Span: f.span, Doc: f.doc, Sizes: inst.Sizes}}
	leave := c.enter(&FuncValue{Name: rule.Name, file: f.file, span: f.span}, rule.Instance, inst.at, inst.with)
	reset := c.resetForFunction()
	c.ctx.at, c.ctx.standalone = inst.at, !inst.at.IsValid()
	next := 0
	for i, v := range inst.given {
		id := ast.Ident{Span: f.span}
		if i < len(names) {
			id = names[i]
		}
		if _, static := v.t.(Static); static {
			c.bind(&binding{name: id.Name, t: v.t, known: v.info, span: id.Span})
			continue
		}
		c.addParam(id, v.t, v.info, "parameter "+id.Name)
		rule.Params[next].Atom = inst.Params[next].Atom
		next++
	}
	return rule, func() { reset(); leave() }
}

// checkRule is the function of a rule for inst, nil if it is wrong.
func (c *checker) checkRule(inst *instantiation, r *ast.Derivative) *Instance {
	word := ruleWord(r.Pullback)
	kind := "tangent"
	if r.Pullback {
		kind = "pullback"
	}
	f := inst.of
	rule, leave := c.enterRule(inst, r.Primals, kind)
	defer leave()
	result := tangentType(inst.Result)
	var seeds []Type
	var of []int
	for i, v := range inst.given {
		if t := tangentType(v.t); t != nil {
			seeds, of = append(seeds, t), append(of, i)
		}
	}
	if result == nil || len(seeds) == 0 {
		if c.annotated(f) {
			c.fail(r.Name.Span, ast.CodeDerivativeRule, "%s has nothing to differentiate: it gives %s", f.Name, c.show(inst.Result))
		}
		return nil
	}
	wanted := result
	switch {
	case r.Pullback:
		wanted = Tuple{seeds}
		if len(seeds) == 1 {
			wanted = seeds[0]
		}
		if len(r.Tangents) != 1 {
			d := c.fail(lastSpan(r), ast.CodeDerivativeRule, "the pullback of %s takes one cotangent behind the ;, that of its result, and this lists %d", f.Name, len(r.Tangents))
			if _, isTuple := result.(Tuple); isTuple {
				d.Hint = "the cotangent of a tuple is a tuple: take its parts with let (a, b) = dy"
			}
			return nil
		}
		c.addParam(r.Tangents[0], result, info{}, "the cotangent "+r.Tangents[0].Name)
	case !c.bindTangents(inst, r, seeds, of):
		return nil
	}
	if r.Result != nil && !r.Pullback && !c.choosesSize(inst) {
		c.addParam(*r.Result, inst.Result, info{}, "the result "+r.Result.Name)
	}
	for _, name := range inst.sizeNames {
		c.bindSize(name.name, name.size, f.span)
	}
	c.ctx.scope = &scope{outer: c.ctx.scope, names: map[string]*binding{}}
	if r.Result != nil && (r.Pullback || c.choosesSize(inst)) {
		c.declareLocal(*r.Result, c.resultAgain(inst), "the result "+r.Result.Name)
	}
	if r.Pullback || !c.choosesSize(inst) {
		c.ctx.wanted, c.ctx.wantedFor = wanted, "the "+word+" of "+f.Name
		rule.Result = wanted
	}
	c.instances = append(c.instances, rule.Instance)
	c.checkBody(&FuncValue{Name: "the " + word + " of " + f.Name, body: r.Body, span: r.Name.Span}, rule)
	if rule.failed {
		return nil
	}
	return rule.Instance
}

// lastSpan is where the tangents of a rule end.
func lastSpan(r *ast.Derivative) ast.Span {
	if n := len(r.Tangents); n > 0 {
		return r.Tangents[n-1].Span
	}
	return r.Name.Span
}

// tangentsOf are the parameters that may have tangents: those that have floats
// here or might in another use, and with functions, what is a function too.
func (c *checker) tangentsOf(inst *instantiation, functions bool) []int {
	var list []int
	for i, v := range inst.given {
		k := i - (len(inst.given) - len(inst.of.params))
		if _, isFunction := v.t.(Function); isFunction {
			if functions {
				list = append(list, i)
			}
		} else if k >= 0 && maybeFloats(inst.of.params[k].Type) || tangentType(v.t) != nil {
			list = append(list, i)
		}
	}
	return list
}

// bindTangents makes the tangents of a rule parameters: those of the types
// seeds, which belong to the parameters of, or of all that may have tangents. A
// generic function may be used with integers where floats could be: their
// tangents are zero. The tangent of a function is a function: what its value
// changes by if what it has captured does.
func (c *checker) bindTangents(inst *instantiation, r *ast.Derivative, seeds []Type, of []int) bool {
	possible, all := c.tangentsOf(inst, false), c.tangentsOf(inst, true)
	switch len(r.Tangents) {
	case len(seeds):
		possible = of
	case len(possible):
	case len(all):
		possible = all
	default:
		d := c.fail(lastSpan(r), ast.CodeDerivativeRule, "the derivative of %s takes %s behind the ;, and this lists %d", inst.of.Name, plural(len(possible), "tangent"), len(r.Tangents))
		var names []string
		for _, i := range possible {
			names = append(names, r.Primals[i].Name)
		}
		d.Notes = append(d.Notes, "one for each parameter of floats: "+strings.Join(names, ", "))
		return false
	}
	names := map[string]value{} // of tangents that are no parameters
	for k, i := range possible {
		name := r.Tangents[k]
		v := inst.given[i]
		if f, isFunction := v.t.(Function); isFunction {
			changes := value{t: Tuple{}, x: &MakeTuple{T: Tuple{}}, span: name.Span}
			if t := captureTangents(f); len(t.Elems) > 0 {
				c.addParam(ast.Ident{Span: name.Span}, t, info{}, "the tangent "+name.Name)
				changes = c.ctx.given[len(c.ctx.given)-1]
			}
			names[name.Name] = c.captureTangent(c.ctx.given[i], changes, name.Span)
		} else if t := tangentType(v.t); t != nil {
			c.addParam(name, t, info{}, "the tangent "+name.Name)
		} else {
			a, _ := v.array()
			names[name.Name] = c.broadcast(number(ir.F64, 0, name.Span), a.Dims)
		}
	}
	for _, name := range r.Tangents {
		if v, ok := names[name.Name]; ok {
			c.declareLocal(name, v, "the tangent "+name.Name)
		}
	}
	return true
}

// maybeFloats reports whether a parameter of a written type may have floats.
func maybeFloats(te ast.TypeExpr) bool {
	switch te := te.(type) {
	case *ast.StrType, *ast.FuncType:
		return false
	case *ast.ArrayType:
		t, known := dtypes[te.DType]
		return !known || t.IsInexact()
	case *ast.TupleType:
		return slices.ContainsFunc(te.Elems, maybeFloats)
	case *ast.RecordType:
		return slices.ContainsFunc(te.Fields, func(f ast.TypeField) bool { return maybeFloats(f.Type) })
	}
	return true
}

// resultAgain is what the function of inst gives for the parameters of its rule.
func (c *checker) resultAgain(inst *instantiation) value {
	node := &Call{Callee: inst.Instance, Span: inst.of.span}
	sizes := map[ir.Atom]ir.Dim{}
	for _, a := range inst.Sizes {
		sizes[a] = ir.Sized(a)
		node.Sizes = append(node.Sizes, sizes[a])
	}
	for i, def := range c.ctx.inst.Params[:len(inst.Params)] {
		if a := inst.Params[i].Atom; a != 0 {
			sizes[a] = ir.Sized(a)
		}
		node.Args = append(node.Args, &Local{def})
	}
	node.T = c.translate(inst.Result, inst.Instance, sizes)
	return value{t: node.T, x: node, span: inst.of.span}
}

// zeroRule is the function that gives the tangent zero.
func (c *checker) zeroRule(inst *instantiation) *Instance {
	rule, leave := c.enterRule(inst, nil, "tangent")
	defer leave()
	rule.Result = tangentType(inst.Result)
	if rule.Result == nil {
		return nil
	}
	c.addParam(ast.Ident{Span: inst.of.span}, rule.Result, info{}, "")
	c.instances = append(c.instances, rule.Instance)
	rule.Body = &Block{Value: c.zeros(rule.Result, inst.Span).x}
	return rule.Instance
}
