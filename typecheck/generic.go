package typecheck

import (
	"math"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Generic functions, checked for the types of each use.

// callGeneric checks a generic function for the types of this call, or finds it
// checked.
func (c *checker) callGeneric(fv value, f *FuncValue, args []value, env *sizeEnv, span ast.Span) value {
	captures := fv.t.(Function).Captures
	var all []value
	for i := range captures {
		part := value{t: captures[i], span: span}
		if m, ok := fv.x.(*MakeTuple); ok {
			part.x = m.Elems[i]
		} else {
			part.x = &Part{again(fv).x, i, captures[i]}
		}
		part.info = f.captured[i].known
		all = append(all, part)
	}
	all = append(all, args...)
	if c.annotated(f) {
		// Only sizes decide types here, not what else is known of numbers.
		for i, p := range f.params {
			v := &all[len(captures)+i]
			if _, isArray := v.t.(Array); isArray && !c.isSizeName(f, p.Name.Name) {
				v.info = info{}
			}
		}
	}
	inst, order := c.genericInstance(f, all, len(captures), env, span)
	if inst == nil || inst.failed {
		return bad
	}
	if inst.checking {
		c.markRecursive(inst.Instance)
	}
	sizes := map[ir.Atom]ir.Dim{}
	node := &Call{Callee: inst.Instance, Span: span}
	for i, atom := range inst.Sizes {
		sizes[atom] = ir.Sized(order[i])
		node.Sizes = append(node.Sizes, sizes[atom])
	}
	k := 0
	for _, v := range all {
		if _, static := v.t.(Static); static {
			continue
		}
		if k < len(inst.Params) && inst.Params[k].Atom != 0 && v.size != nil {
			sizes[inst.Params[k].Atom] = *v.size
		}
		k++
		node.Args = append(node.Args, v.x)
	}
	node.T = c.translate(inst.Result, inst.Instance, sizes)
	return c.called(node, inst, sizes)
}

func (c *checker) genericInstance(f *FuncValue, args []value, captures int, env *sizeEnv, span ast.Span) (*instantiation, []ir.Atom) {
	keyOf := func(constants bool) *renamer {
		r := c.newRenamer(f)
		for i, v := range args {
			if i < captures {
				r.captured = math.MaxInt
			} else if i == captures {
				r.captured = len(r.order)
			}
			r.key.WriteByte('/')
			r.typ(v.t)
			_, static := v.t.(Static)
			a, isArray := v.t.(Array)
			r.info(v.info, constants || static || !isArray || a.DType == ir.Text)
		}
		return r
	}
	r := keyOf(true)
	key := r.key.String()
	if inst := c.generic[key]; inst != nil {
		if inst.checking && inst.Result == nil {
			return c.fail(span, ast.CodeRecursion, "%s calls itself, so its parameters and its result must be annotated", describeFunction(f.Name)).none(), nil
		}
		return inst, r.order
	}
	if c.depth >= maxNesting {
		d := c.fail(span, ast.CodeRecursion, "generic functions are nested more than %d deep here", maxNesting)
		d.Hint = "a function that calls itself needs annotated parameters and an annotated result"
		return d.none(), nil
	}
	if c.checks++; c.checks > maxChecks {
		d := c.fail(span, ast.CodeTooManyChecks, "this program needs more than %d checks of generic functions", maxChecks)
		return d.none(), nil
	}
	loose := keyOf(false)
	if c.variants[loose.key.String()]++; c.variants[loose.key.String()] > maxConstant {
		if inst := c.withoutConstants(f, args, captures, env, span, loose); inst != nil {
			return inst, loose.order
		}
	}
	return c.instantiate(f, args, captures, env, span, r, key), r.order
}

// none stands where there is no instance.
func (report) none() *instantiation { return nil }

// withoutConstants tries one instance for all values of the constants; nil if a
// constant decides a type.
func (c *checker) withoutConstants(f *FuncValue, args []value, captures int, env *sizeEnv, span ast.Span, r *renamer) *instantiation {
	key := "loose " + r.key.String()
	inst, tried := c.generic[key]
	if !tried {
		general := make([]value, len(args))
		for i, v := range args {
			general[i] = v
			if a, ok := v.t.(Array); ok && a.DType != ir.Text {
				if v.konst != nil {
					general[i].info = info{}
				}
				for _, d := range v.elems {
					if _, isConst := d.Const(); isConst {
						general[i].elems = nil
					}
				}
			}
		}
		diags, failed := len(c.diags), c.failed
		inst = c.instantiate(f, general, captures, env, span, r, key)
		if inst.failed {
			for _, d := range c.diags[diags:] {
				delete(c.reported, d.Span.String()+string(d.Code)+d.Message)
			}
			c.diags, c.failed = c.diags[:diags], failed
		}
	}
	if inst.failed {
		return nil
	}
	return inst
}

// instantiate checks a generic function for the types of args.
func (c *checker) instantiate(f *FuncValue, args []value, captures int, env *sizeEnv, span ast.Span, r *renamer, key string) *instantiation {
	name := f.Name
	if name == "" {
		name = "lambda"
	}
	inst := &instantiation{Instance: &Instance{Name: name, Span: f.span, Doc: f.doc}, checking: true}
	c.generic[key] = inst
	c.instances = append(c.instances, inst.Instance)
	var with []string
	for _, v := range args[captures:] {
		with = append(with, c.show(v.t))
	}
	rename := c.renamedSizes(r, inst)
	at := span
	if f.native != nil {
		span = ast.Span{}
	}
	defer c.enter(f, inst.Instance, span, strings.Join(with, ", "))()
	c.ctx.at = at
	defer c.resetForFunction()()
	for i, v := range args {
		id := ast.Ident{Span: f.span}
		what := ""
		if i < captures {
			id.Name = f.captured[i].name
		} else {
			id = f.params[i-captures].Name
			what = "parameter " + id.Name
		}
		c.addParam(id, mapDims(v.t, rename), c.renameInfo(v.info, rename), what)
		if i >= captures {
			c.ctx.scope.names[id.Name].signature, _ = f.params[i-captures].Type.(*ast.FuncType)
		}
	}
	names := map[string]bool{}
	for _, p := range f.params {
		if p.Type == nil {
			continue
		}
		eachArrayType(p.Type, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				for _, n := range freeNames(d) {
					names[n] = true
				}
			}
		})
	}
	bodyEnv := c.newSizeEnv()
	for name, d := range env.sizes {
		bodyEnv.sizes[name] = rename(d)
		if names[name] && name != "_" {
			c.bindSize(name, bodyEnv.sizes[name], f.span)
		}
	}
	c.ruledInstance(f, inst, bodyEnv.sizes)
	if env.lead != nil {
		bodyEnv.lead = []ir.Dim{}
		for _, d := range env.lead {
			bodyEnv.lead = append(bodyEnv.lead, rename(d))
		}
	}
	c.ctx.scope = &scope{outer: c.ctx.scope, names: map[string]*binding{}}
	c.ctx.resultType, c.ctx.resultEnv = f.result, bodyEnv
	if c.annotated(f) && f.result != nil {
		bodyEnv.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
			return c.freshSize("", span), name[0] == '_'
		}
		inst.Result, _ = bodyEnv.typeOf(f.result)
		bodyEnv.fresh = nil
	}
	c.checkBody(f, inst)
	return inst
}

// renamedSizes makes the atoms of an instance for the sizes that r has named.
func (c *checker) renamedSizes(r *renamer, inst *instantiation) func(ir.Dim) ir.Dim {
	renamed := map[ir.Atom]ir.Dim{}
	groups := map[int]int{}
	for i, a := range r.order {
		source := c.atoms[a]
		group := source.Group
		if i < r.captured {
			group = 0
		}
		if group != 0 {
			if groups[group] == 0 {
				c.groups++
				groups[group] = c.groups
			}
			group = groups[group]
		}
		atom := c.newAtom(source.Name, group, source.Min, source.Span)
		c.owners[atom] = inst.Instance
		inst.Sizes = append(inst.Sizes, atom)
		renamed[a] = ir.Sized(atom)
	}
	return func(d ir.Dim) ir.Dim {
		return c.rename(d, func(a ir.Atom) ir.Dim {
			if e, ok := renamed[a]; ok {
				return e
			}
			return ir.Sized(a)
		})
	}
}

func (c *checker) renameInfo(k info, rename func(ir.Dim) ir.Dim) info {
	out := info{konst: k.konst}
	if k.size != nil {
		d := rename(*k.size)
		out.size = &d
	}
	if k.elems != nil {
		out.elems = []ir.Dim{}
	}
	for _, d := range k.elems {
		out.elems = append(out.elems, rename(d))
	}
	for _, p := range k.parts {
		out.parts = append(out.parts, c.renameInfo(p, rename))
	}
	return out
}
