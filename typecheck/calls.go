package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Calls: which function, which argument for which parameter.

// An argument of a call.
type argument struct {
	name ast.Ident // empty if positional
	value
	e ast.Expr
}

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
	if f.Value.builtin != nil && joins[f.Value.Name] && first == nil && len(e.Args) > 0 {
		args, ok = c.joinArguments(e)
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

// joins are the functions whose parts may stand in a bracket list, where they
// may differ in shape.
var joins = map[string]bool{"concatenate": true, "stack": true, "hstack": true, "vstack": true, "block": true}

// joinArguments are the arguments of a function that joins the parts of a list
// written in place.
func (c *checker) joinArguments(e *ast.Call) ([]argument, bool) {
	list, ok := unparen(e.Args[0].Value).(*ast.List)
	if !ok || e.Args[0].Name.Name != "" {
		return c.arguments(e, nil)
	}
	parts := make([]value, len(list.Elems))
	for i, x := range list.Elems {
		parts[i] = c.expr(x)
		ok = ok && !parts[i].isBad()
	}
	rest := *e
	rest.Args = e.Args[1:]
	args, restOK := c.arguments(&rest, nil)
	first := value{t: Tuple{}, items: parts, span: list.Span}
	return append([]argument{{value: first, e: list}}, args...), ok && restOK
}

func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// arguments checks the arguments of a call; first stands before them.
func (c *checker) arguments(e *ast.Call, first *argument) ([]argument, bool) {
	var args []argument
	if first != nil {
		args = append(args, *first)
	}
	ok := true
	for _, a := range e.Args {
		if g, isGenerator := a.Value.(*ast.Comprehension); isGenerator && !g.Brackets {
			c.fail(g.Span, ast.CodeMisplaced, "a generator is the only argument of a reduction; write [ ] to make an array")
			ok = false
			continue
		}
		v := c.expr(a.Value)
		ok = ok && !v.isBad()
		args = append(args, argument{a.Name, v, a.Value})
	}
	return args, ok
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
	if b := c.universe(name); b != nil && b.fn != nil {
		return c.useBinding(b, field.Name.Span)
	}
	d := c.fail(field.Name.Span, ast.CodeUnknownField, "there is no function or field %s", name)
	if near := suggest(name, c.visibleNames()); near != "" {
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
	switch {
	case f.notYet != "":
		return c.notYet(f.notYet, span)
	case f.abstract != nil:
		return c.callAbstract(f, args, span)
	case f.builtin != nil:
		return c.callBuiltin(f.builtin, args, span)
	}
	values, ok := c.bindArguments(f, args, span)
	if !ok {
		return bad
	}
	return c.named(fv, func(fv value) value { return c.callUser(fv, values, span) })
}

// callBuiltin gives a builtin its arguments.
func (c *checker) callBuiltin(f *builtin, args []argument, span ast.Span) value {
	k := &call{checker: c, fn: f, span: span, args: map[string]operand{}}
	params := f.parameters()
	next := 0
	for _, a := range args {
		if a.name.Name != "" {
			p := -1
			for i := range params {
				if params[i].name == a.name.Name {
					p = i
				}
			}
			if p < 0 || params[p].variadic {
				return c.unknownArgument(f.name, parameterNames(params), a)
			}
			if _, twice := k.args[a.name.Name]; twice {
				return c.fail(a.name.Span, ast.CodeArguments, "%s is given twice", a.name.Name).value()
			}
			k.args[a.name.Name] = operand{a.value, a.e}
			continue
		}
		for next < len(params) && params[next].keyword {
			next = len(params)
		}
		if next == len(params) {
			d := c.fail(a.span, ast.CodeArguments, "too many arguments for %s(%s)", f.name, f.signature)
			for _, p := range params {
				if p.keyword && p.name == "axis" && (a.isScalar(ir.I64) || isStructure(a.t)) {
					d.Hint = "axis is given by name: axis=" + a.span.Text()
				}
			}
			return d.value()
		}
		if params[next].variadic {
			k.rest = append(k.rest, operand{a.value, a.e})
			continue
		}
		k.args[params[next].name] = operand{a.value, a.e}
		next++
	}
	for _, p := range params {
		if _, ok := k.args[p.name]; !ok && !p.optional {
			return c.fail(span, ast.CodeArguments, "%s(%s) wants %s", f.name, f.signature, p.name).value()
		}
	}
	v := f.elaborate(k)
	v.span = span
	return v
}

func parameterNames(params []builtinParam) []string {
	var names []string
	for _, p := range params {
		if !p.variadic {
			names = append(names, p.name)
		}
	}
	return names
}

func (c *checker) unknownArgument(f string, names []string, a argument) value {
	d := c.fail(a.name.Span, ast.CodeUnknownArgument, "%s has no parameter %s", describeFunction(f), a.name.Name)
	if near := suggest(a.name.Name, append([]string(nil), names...)); near != "" {
		d.Hint = "did you mean " + near + "?"
	} else if len(names) > 0 {
		d.Notes = append(d.Notes, "its parameters are "+strings.Join(names, ", "))
	}
	return d.value()
}

func describeFunction(name string) string {
	if name == "" {
		return "this function"
	}
	return name
}

// bindArguments finds the value of each parameter of a function written in Calx.
func (c *checker) bindArguments(f *FuncValue, args []argument, span ast.Span) ([]value, bool) {
	values := make([]value, len(f.params))
	given := make([]bool, len(f.params))
	var names []string
	for _, p := range f.params {
		names = append(names, p.Name.Name)
	}
	next := 0
	for _, a := range args {
		i := next
		if a.name.Name != "" {
			if i = indexOf(names, a.name.Name); i < 0 {
				c.unknownArgument(f.Name, names, a)
				return nil, false
			}
		} else {
			next++
		}
		if i >= len(f.params) {
			d := c.fail(a.span, ast.CodeArguments, "%s takes %s, and this is one more", describeFunction(f.Name), plural(len(f.params), "argument"))
			if f.span.IsValid() {
				d.Labels = append(d.Labels, ast.Label{Span: f.span, Text: "declared here"})
			}
			return nil, false
		}
		if given[i] {
			c.fail(a.span, ast.CodeArguments, "%s is given twice", names[i])
			return nil, false
		}
		values[i], given[i] = a.value, true
	}
	for i, p := range f.params {
		if given[i] {
			continue
		}
		if p.Default == nil {
			d := c.fail(span, ast.CodeArguments, "%s wants the argument %s", describeFunction(f.Name), p.Name.Name)
			d.Labels = append(d.Labels, ast.Label{Span: p.Name.Span, Text: "declared here"})
			return nil, false
		}
		if values[i] = c.defaultValue(f, p); values[i].isBad() {
			return nil, false
		}
	}
	return values, true
}

func plural(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "one " + what
	}
	return itoa(n) + " " + what + "s"
}

// defaultValue is the default of a parameter, as the names of f's file have it.
func (c *checker) defaultValue(f *FuncValue, p *ast.Param) value {
	outer := *c.ctx
	c.ctx.file, c.ctx.scope = f.file, &scope{names: map[string]*binding{}}
	for name, b := range f.statics {
		c.ctx.scope.names[name] = b
	}
	v := c.expr(p.Default)
	c.ctx.file, c.ctx.scope = outer.file, outer.scope
	return v
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
	if !applied {
		return c.callCore(fv, args, span)
	}
	return c.applyAlong(fv, args, extra, span)
}

// applyAlong calls a function for each position on the leading axes of those
// arguments that have more axes than their parameters.
func (c *checker) applyAlong(fv value, args []value, extra []int, span ast.Span) value {
	f := fv.t.(Function).Value
	for i, p := range f.params {
		if extra[i] > 0 && c.isSizeParam(f, p) {
			return c.fail(args[i].span, ast.CodeShapeMismatch, "%s decides a size, so it must be one number, and this is %s", p.Name.Name, c.show(args[i].t)).value()
		}
	}
	for i := range args {
		args[i] = c.strong(args[i])
		if args[i].isBad() {
			return bad
		}
	}
	return c.namedAll(args, func(args []value) value {
		var shapes [][]ir.Dim
		for i, v := range args {
			if extra[i] > 0 {
				shapes = append(shapes, v.t.(Array).Dims[:extra[i]])
			}
		}
		lead, ok := c.broadcastShapes(shapes)
		if !ok {
			var parts []string
			for i, v := range args {
				if extra[i] > 0 {
					parts = append(parts, c.show(v.t))
				}
			}
			return c.fail(span, ast.CodeShapeMismatch, "%s is applied along leading axes that do not broadcast: %s", describeFunction(f.Name), strings.Join(parts, ", ")).value()
		}
		node := &Comp{Dims: lead, Span: span}
		mark := ir.Atom(len(c.atoms))
		var result value
		for k := range lead {
			zero := ir.Size(0)
			pop := c.push()
			node.Index = append(node.Index, c.indexDef(ast.Ident{Name: "", Span: span}, &zero, &lead[k]).def)
			pop()
		}
		c.ctx.level++
		node.Body, result = c.inBlock(func() value {
			core := make([]value, len(args))
			for i, v := range args {
				core[i] = again(v)
				if extra[i] > 0 {
					core[i] = c.element(core[i], node.Index[len(lead)-extra[i]:], lead[len(lead)-extra[i]:], span)
					core[i].span = v.span
				}
			}
			return c.strong(c.callCore(fv, core, span))
		})
		c.ctx.level--
		if result.isBad() {
			return bad
		}
		node.Body.Value = result.x
		inside := false
		eachDim(result.t, func(d ir.Dim) { inside = inside || c.madeInside(d, mark) })
		if inside {
			return c.fail(span, ast.CodeShapeMismatch, "%s chooses the size of its result, so it can't be applied along leading axes", describeFunction(f.Name)).value()
		}
		t, ok := c.leading(result.t, lead, span)
		if !ok {
			return bad
		}
		node.T = t
		return value{t: t, x: node, span: span}
	})
}

// element is v at the position of the indices on its leading axes; axes of size
// 1 stretch.
func (c *checker) element(v value, index []*Def, lead []ir.Dim, span ast.Span) value {
	a := v.t.(Array)
	dims := append([]ir.Dim(nil), a.Dims...)
	needsCheck := false
	s := &selection{}
	for k, def := range index {
		d := ir.Sized(def.Atom)
		at := value{t: def.Type, x: &Local{def}, info: info{size: &d}, span: span}
		switch {
		case a.Dims[k].IsConst(1):
			at = intValue(0, span)
		case !a.Dims[k].Equal(lead[k]):
			dims[k], needsCheck = lead[k], true
		}
		s.spec = append(s.spec, '@')
		s.starts = append(s.starts, at)
	}
	if needsCheck {
		n := len(dims)
		v = c.retype(v, dims, "leading axes do not broadcast: "+sizePattern(n, 0)+" and "+sizePattern(n, n))
	}
	for k := len(index); k < len(dims); k++ {
		s.spec = append(s.spec, ':')
		s.starts = append(s.starts, intValue(0, span))
	}
	s.x = v
	return c.selected(s, span)
}

// isSizeParam reports whether a parameter is an i64 that types of the signature
// mention.
func (c *checker) isSizeParam(f *FuncValue, p *ast.Param) bool {
	te, ok := p.Type.(*ast.ArrayType)
	if !ok || te.DType != "i64" || len(te.Dims) != 0 {
		return false
	}
	return c.isSizeName(f, p.Name.Name)
}

// isSizeName reports whether types of f's signature mention name as a size.
func (c *checker) isSizeName(f *FuncValue, name string) bool {
	found := false
	visit := func(te ast.TypeExpr) {
		if te == nil {
			return
		}
		eachArrayType(te, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				found = found || indexOf(freeNames(d), name) >= 0
			}
		})
	}
	for _, q := range f.params {
		visit(q.Type)
	}
	visit(f.result)
	return found
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
