package typecheck

import (
	"maps"
	"math"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Functions that are checked once for all sizes.

// onceInstance checks a function for all sizes, the first time it is asked for.
func (c *checker) onceInstance(f *FuncValue) *instantiation {
	if inst := c.once[f]; inst != nil {
		return inst
	}
	inst := c.checkSignature(f)
	c.instances = append(c.instances, inst.Instance)
	return inst
}

// checkSignature checks a function for all sizes. What its parameters that are
// functions do is only known by their types.
func (c *checker) checkSignature(f *FuncValue) *instantiation {
	inst := &instantiation{Instance: &Instance{Name: f.Name, Span: f.span, Doc: f.doc, Export: f.export}, names: map[string]ir.Atom{}, checking: true}
	c.once[f] = inst
	defer c.enter(f, inst.Instance, ast.Span{}, "")()
	c.ctx.standalone = true
	defer c.resetForFunction()()
	if !c.declareSignature(f, inst) {
		inst.failed, inst.checking = true, false
		return inst
	}
	c.checkBody(f, inst)
	return inst
}

// callAbstract is a call of a function that is known by its type only.
func (c *checker) callAbstract(f *FuncValue, args []argument, span ast.Span) value {
	te := f.abstract
	if len(args) != len(te.Params) {
		return c.fail(span, ast.CodeArguments, "%s takes %s", describeFunction(f.Name), plural(len(te.Params), "argument")).value()
	}
	for i, a := range args {
		if c.fit(a.value, te.Params[i], f.sizes, "the argument of "+describeFunction(f.Name)).isBad() {
			return bad
		}
	}
	t, ok := f.sizes.typeOf(te.Result)
	if !ok {
		return bad
	}
	return value{t: t, x: &Local{&Def{Var: &Var{Name: f.Name, Span: span}, Type: t}}, span: span}
}

// declareSignature makes the sizes and parameters of a function that is checked
// once.
func (c *checker) declareSignature(f *FuncValue, inst *instantiation) bool {
	c.groups++
	group := c.groups
	env := c.newSizeEnv()
	scalars := map[string]bool{}
	for _, p := range f.params {
		if te, ok := p.Type.(*ast.ArrayType); ok && te.DType == "i64" && len(te.Dims) == 0 {
			scalars[p.Name.Name] = true
			atom := c.newAtom(p.Name.Name, group, math.MinInt64, p.Name.Span)
			env.sizes[p.Name.Name] = ir.Sized(atom)
		}
	}
	env.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
		label := name
		if name == "_" {
			label = ""
		}
		atom := c.newAtom(label, group, 0, span)
		inst.Sizes = append(inst.Sizes, atom)
		if name != "_" {
			inst.names[name] = atom
		}
		return ir.Sized(atom), true
	}
	// A size must be found from the parameters: alone, or in c*n + k.
	for _, p := range f.params {
		eachArrayType(p.Type, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				if n, ok := unparen(d).(*ast.Name); ok && n.Name != "_" {
					env.dim(n)
				}
			}
		})
	}
	c.solvable(f, env)
	types := make([]Type, len(f.params))
	for i, p := range f.params {
		if te, ok := p.Type.(*ast.FuncType); ok {
			types[i] = Function{Value: c.abstractFunction(p, te, env)}
			continue
		}
		t, ok := env.typeOf(p.Type)
		if !ok {
			return false
		}
		types[i] = t
	}
	env.fresh = nil
	for i, p := range f.params {
		known := info{}
		if scalars[p.Name.Name] {
			d := env.sizes[p.Name.Name]
			known.size = &d
		}
		c.addParam(p.Name, types[i], known, "parameter "+p.Name.Name)
		c.ctx.scope.names[p.Name.Name].signature, _ = p.Type.(*ast.FuncType)
		if scalars[p.Name.Name] {
			inst.Params[len(inst.Params)-1].Atom, _ = env.sizes[p.Name.Name].Atom()
		}
	}
	var names []string
	for name := range env.sizes {
		if !scalars[name] && name != "_" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		c.bindSize(name, env.sizes[name], f.span)
	}
	for name := range scalars {
		c.ctx.scope.names[name].sizeName = c.isSizeName(f, name)
	}
	c.ruledInstance(f, inst, env.sizes)
	c.ctx.scope = &scope{outer: c.ctx.scope, names: map[string]*binding{}}
	if f.result != nil {
		env.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
			if name[0] != '_' {
				return ir.Dim{}, false
			}
			return c.freshSize("", span), true
		}
		t, ok := env.typeOf(f.result)
		if !ok {
			return false
		}
		inst.Result = t
	}
	c.ctx.resultType, c.ctx.resultEnv = f.result, env
	return true
}

// isAbstract reports whether a type holds a function that is known by its type
// only.
func isAbstract(t Type) bool {
	if f, ok := t.(Function); ok && f.Value.abstract != nil {
		return true
	}
	return slices.ContainsFunc(partTypes(t), isAbstract)
}

// abstractFunction is a parameter that is a function, known by its type only. A
// size that only its result has is any size.
func (c *checker) abstractFunction(p *ast.Param, te *ast.FuncType, env *sizeEnv) *FuncValue {
	f := c.newFunc(p.Name.Name)
	f.abstract, f.sizes = te, env
	for _, part := range append(append([]ast.TypeExpr{}, te.Params...), te.Result) {
		eachArrayType(part, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				env.dim(d)
			}
		})
	}
	return f
}

// solvable binds sizes that stand only in c*n + k, where all others are known by
// then, and reports those that nothing determines.
func (c *checker) solvable(f *FuncValue, env *sizeEnv) {
	each := func(visit func(ast.Expr, []string)) {
		for _, p := range f.params {
			eachArrayType(p.Type, func(a *ast.ArrayType) {
				for _, d := range a.Dims {
					if unknown := env.unknownNames(d); len(unknown) > 0 {
						visit(d, unknown)
					}
				}
			})
		}
	}
	for solved := true; solved; {
		solved = false
		each(func(d ast.Expr, unknown []string) {
			if len(unknown) == 1 && c.solves(d, unknown[0], env) {
				env.dim(&ast.Name{Span: d.Pos(), Name: unknown[0]})
				solved = true
			}
		})
	}
	each(func(d ast.Expr, unknown []string) {
		fresh := env.fresh
		env.fresh = nil
		env.unknown(d)
		env.fresh = fresh
		for _, name := range unknown {
			env.sizes[name] = c.freshSize(name, d.Pos())
		}
	})
}

// unknownNames are the names in a dimension that are not bound yet.
func (env *sizeEnv) unknownNames(d ast.Expr) (unknown []string) {
	for _, name := range freeNames(d) {
		if _, ok := env.sizes[name]; !ok && name != "_" && name != "min" && name != "max" && !slices.Contains(unknown, name) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

// solves reports whether a dimension, whose only unknown is name, is c*name + k.
func (c *checker) solves(d ast.Expr, name string, env *sizeEnv) bool {
	atom := c.newAtom(name, 0, 0, d.Pos())
	probe := c.newSizeEnv()
	maps.Copy(probe.sizes, env.sizes)
	probe.sizes[name] = ir.Sized(atom)
	pattern, ok := probe.dim(d)
	_, _, linear := pattern.LinearIn(atom)
	return ok && linear
}

// callOnce calls a function that is checked once.
func (c *checker) callOnce(f *FuncValue, args []value, env *sizeEnv, span ast.Span) value {
	inst := c.onceInstance(f)
	if inst.failed {
		return bad
	}
	if inst.checking {
		if inst.Result == nil {
			d := c.fail(span, ast.CodeRecursion, "%s calls itself, so its result must be annotated", f.Name)
			d.Hint = "write fn " + f.Name + "(…) -> type"
			return d.value()
		}
		c.markRecursive(inst.Instance)
	}
	sizes := map[ir.Atom]ir.Dim{}
	for name, atom := range inst.names {
		sizes[atom] = env.sizes[name]
	}
	node := &Call{Callee: inst.Instance, Span: span}
	for i, p := range inst.Params {
		if p.Atom != 0 && args[i].size != nil {
			sizes[p.Atom] = *args[i].size
		}
		c.matchSizes(p.Type, args[i].t, sizes)
		node.Args = append(node.Args, args[i].x)
	}
	for _, atom := range inst.Sizes {
		node.Sizes = append(node.Sizes, sizes[atom])
	}
	node.T = c.translate(inst.Result, inst.Instance, sizes)
	return c.called(node, inst, sizes)
}

// markRecursive marks the functions being checked from inst on.
func (c *checker) markRecursive(inst *Instance) {
	for ctx := c.ctx; ctx != nil && ctx.inst != nil; ctx = ctx.outer {
		ctx.inst.Recursive = true
		if ctx.inst == inst {
			return
		}
	}
}

// matchSizes finds what the atoms that stand alone in the type of a parameter
// are for an argument.
func (c *checker) matchSizes(param, arg Type, sizes map[ir.Atom]ir.Dim) {
	switch p := param.(type) {
	case Array:
		a, ok := arg.(Array)
		if !ok {
			return
		}
		for i, d := range p.Dims {
			if atom, alone := d.Atom(); alone && i < len(a.Dims) {
				if _, known := sizes[atom]; !known {
					sizes[atom] = a.Dims[i]
				}
			}
		}
	case Tuple, Record, Function:
		ps, as := partTypes(param), partTypes(arg)
		for i := range ps {
			c.matchSizes(ps[i], as[i], sizes)
		}
	}
}
