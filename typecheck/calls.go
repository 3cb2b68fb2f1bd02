package typecheck

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

func (c *checker) callExpr(e *ast.Call) value {
	fun := unparen(e.Fun)
	var first *argument
	var fv value
	field, isField := fun.(*ast.Field)
	switch {
	case isField:
		if m := c.moduleNamed(field.X); m != nil {
			fv = c.member(m, field)
			break
		}
		x := c.expr(field.X)
		if x.isBad() {
			c.arguments(e, nil)
			return bad
		}
		if r, ok := x.t.(Record); ok {
			if i := indexOf(r.Names, field.Name.Name); i >= 0 {
				fv = c.named(x, func(x value) value { return c.part(x, i) })
				fv.span = field.Span
				break
			}
		}
		f := c.methodNamed(field)
		if f.isBad() {
			c.arguments(e, nil)
			return bad
		}
		fv, first = f, &argument{value: x, e: field.X}
	default:
		fv = c.expr(fun)
	}
	if fv.isBad() {
		c.arguments(e, nil)
		return bad
	}
	if fv.konst != nil && fv.konst.dt != 0 {
		return c.conversion(fv.konst.dt, e)
	}
	f, ok := fv.t.(Function)
	if !ok {
		d := c.fail(fun.Pos(), ast.CodeNotFunction, "this is no function: %s", c.show(fv.t))
		if _, isArray := fv.array(); isArray {
			d.Hint = "to multiply write *, to index write [ ]"
		}
		c.arguments(e, nil)
		return bad
	}
	if len(e.Args) == 1 && first == nil {
		if g, ok := e.Args[0].Value.(*ast.Comprehension); ok && !g.Brackets {
			return c.reduction(f.Value, g, e.Span)
		}
	}
	var args []argument
	if f.Value.builtin != nil && f.Value.builtin.calculus {
		args, ok = c.calculusArguments(f.Value.builtin, e, first)
	} else if f.Value.builtin != nil && joins[f.Value.Name] && first == nil && len(e.Args) > 0 {
		args, ok = c.joinArguments(f.Value.Name, e)
	} else {
		args, ok = c.arguments(e, first)
	}
	if !ok {
		return bad
	}
	v := c.callFunction(fv, args, e.Span)
	v.span = e.Span
	return v
}

// conversion is f64(x) and the like.
func (c *checker) conversion(t ir.DType, e *ast.Call) value {
	args, ok := c.arguments(e, nil)
	if !ok {
		return bad
	}
	if len(args) != 1 || args[0].name.Name != "" {
		return c.fail(e.Span, ast.CodeArguments, "%s( ) takes one value", t).value()
	}
	v := args[0].value
	if v.lit == nil {
		return c.convertCall(t, v, e.Span)
	}
	if v.lit.kind <= t && t != ir.Bool {
		return c.materialize(v.lit, t)
	}
	return c.convertCall(t, c.strong(v), e.Span)
}

// methodNamed finds the function that x.name(…) calls.
func (c *checker) methodNamed(field *ast.Field) value {
	name := field.Name.Name
	for s := c.ctx.scope; s != nil; s = s.outer {
		if b := s.names[name]; b != nil {
			if _, isFunc := b.t.(Function); isFunc {
				return b.use(field.Name.Span)
			}
		}
	}
	if b := c.ctx.file.names[name]; b != nil && b.fn != nil {
		return functionValue(b.fn, field.Name.Span)
	} else if b != nil && !b.pending {
		if _, isFunc := b.t.(Function); isFunc {
			return c.useBinding(b, field.Name.Span)
		}
	}
	if b := c.undeclared(name); b != nil && b.fn != nil {
		return c.useBinding(b, field.Name.Span)
	}
	d := c.fail(field.Name.Span, ast.CodeUnknownField, "there is no function or field %s", name)
	if near := ast.Nearest(name, c.visibleNames()); near != "" {
		d.Hint = "did you mean " + near + "?"
	}
	return d.value()
}

// callFunction calls a function value.
func (c *checker) callFunction(fv value, args []argument, span ast.Span) value {
	for _, a := range args {
		if a.isBad() {
			return bad
		}
	}
	f := fv.t.(Function).Value
	if extra, applied := c.beyond(fv.signature, args); applied {
		values := make([]value, len(args))
		for i, a := range args {
			values[i] = a.value
		}
		fv.signature = nil
		return c.applyAlong(f.Name, values, extra, span, func(core []value) value {
			inner := slices.Clone(args)
			for i := range inner {
				inner[i].value = core[i]
			}
			return c.callFunction(fv, inner, span)
		})
	}
	switch {
	case f.abstract != nil:
		return c.callAbstract(f, args, span)
	case f.builtin != nil:
		return c.callBuiltin(f.builtin, args, span)
	case f.derivation != nil:
		return c.callDerived(fv, args, span)
	}
	values, ok := c.bindArguments(f, args, span)
	if !ok {
		return bad
	}
	return c.named(fv, func(fv value) value { return c.callUser(fv, values, span) })
}

// beyond says how many axes more than a written type of a function asks for each
// argument has; false if none has.
func (c *checker) beyond(te *ast.FuncType, args []argument) (extra []int, applied bool) {
	if te == nil || len(te.Params) != len(args) {
		return nil, false
	}
	extra = make([]int, len(args))
	for i, a := range args {
		p, ok := te.Params[i].(*ast.ArrayType)
		if a.name.Name != "" {
			return nil, false
		}
		if ok && !p.Ellipsis {
			extra[i] = max(a.rank()-len(p.Dims), 0)
			applied = applied || extra[i] > 0
		}
	}
	return extra, applied
}

// callUser calls a function written in Calx: along leading axes where arguments
// have more axes than the parameters' types say.
func (c *checker) callUser(fv value, args []value, span ast.Span) value {
	f := fv.t.(Function).Value
	// A number that may be a size needs a name.
	for i, v := range args {
		if v.lit == nil && v.isScalar(ir.I64) && v.size == nil {
			return c.named(v, func(v value) value {
				again := append([]value(nil), args...)
				again[i] = v
				return c.callUser(fv, again, span)
			})
		}
	}
	applied := false
	extra := make([]int, len(args))
	for i, p := range f.params {
		te, ok := p.Type.(*ast.ArrayType)
		if !ok || te.Ellipsis {
			continue
		}
		if n := args[i].rank() - len(te.Dims); n > 0 {
			extra[i] = n
			applied = true
		}
	}
	if f.derivation != nil {
		if !c.seedsBeyond(fv, args, extra) {
			return bad
		}
		applied = slices.Max(append(extra, 0)) > 0
	}
	if !applied {
		return c.callCore(fv, args, span)
	}
	for i, p := range f.params {
		if extra[i] > 0 && c.isSizeParam(f, p) {
			return c.fail(args[i].span, ast.CodeShapeMismatch, "%s decides a size, so it must be one number, and this is %s", p.Name.Name, c.show(args[i].t)).value()
		}
	}
	return c.applyAlong(f.Name, args, extra, span, func(core []value) value { return c.callCore(fv, core, span) })
}

// callCore calls a function with arguments of the ranks that it declares.
func (c *checker) callCore(fv value, args []value, span ast.Span) value {
	f := fv.t.(Function).Value
	env := c.newSizeEnv()
	for i, p := range f.params {
		if args[i].isBad() {
			return bad
		}
		if te, ok := p.Type.(*ast.ArrayType); ok && te.DType == "i64" && len(te.Dims) == 0 {
			if v := c.convert(args[i], ir.I64); v.isScalar(ir.I64) && v.size != nil && args[i].t.(Array).DType == ir.I64 {
				env.sizes[p.Name.Name] = *v.size
			}
		}
	}
	before := c.failed
	for _, linear := range []bool{false, true} {
		for i, p := range f.params {
			if p.Type != nil {
				env.bindSizes(p.Type, args[i].t, linear)
			}
		}
	}
	core := make([]value, len(args))
	for i, p := range f.params {
		core[i] = args[i]
		if p.Type != nil {
			core[i] = c.fit(args[i], p.Type, env, "the argument "+p.Name.Name+" of "+describeFunction(f.Name))
			if te, ok := p.Type.(*ast.FuncType); ok && !core[i].isBad() {
				c.fitFunction(core[i], te, env, p, f)
			}
		} else {
			core[i] = c.strong(args[i])
		}
		if core[i].isBad() {
			return bad
		}
	}
	if c.failed > before {
		return bad
	}
	if f.derivation != nil && !c.differentiable(f, core) {
		return bad
	}
	if f.host != nil && len(f.rules) == 0 {
		return c.callHost(f, core, env, span)
	}
	if c.checkedOnce(f) {
		return c.callOnce(f, core, env, span)
	}
	return c.callGeneric(fv, f, core, env, span)
}

// fitFunction holds a function given as an argument against its declared type,
// by calling it so; a size in its result that is not known yet is found there.
func (c *checker) fitFunction(v value, te *ast.FuncType, env *sizeEnv, p *ast.Param, f *FuncValue) {
	types := make([]Type, len(te.Params))
	for i, pt := range te.Params {
		for _, a := range arrayTypes(pt) {
			for _, d := range a.Dims {
				if _, ok := env.dim(d); !ok {
					return // its sizes are found when it is called
				}
			}
		}
		t, ok := env.typeOf(pt)
		if !ok {
			return
		}
		types[i] = t
	}
	var result value
	c.inBlock(func() value {
		args := make([]argument, len(types))
		for i, t := range types {
			def := &Def{Var: &Var{Span: v.span}, Type: t}
			known := info{}
			c.defined(def, &known)
			args[i] = argument{value: value{t: t, x: &Local{def}, info: known, span: v.span}}
		}
		result = c.strong(c.callFunction(v, args, v.span))
		return result
	})
	if result.isBad() {
		return
	}
	env.bindSizes(te.Result, result.t, false)
	env.bindSizes(te.Result, result.t, true)
	c.inBlock(func() value {
		return c.fit(result, te.Result, env, "the result of the argument "+p.Name.Name+" of "+describeFunction(f.Name))
	})
}

func arrayTypes(te ast.TypeExpr) []*ast.ArrayType {
	var all []*ast.ArrayType
	eachArrayType(te, func(a *ast.ArrayType) { all = append(all, a) })
	return all
}
