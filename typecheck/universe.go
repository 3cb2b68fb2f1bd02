package typecheck

import (
	"math"
	"slices"
	"sort"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/stdlib"
)

// Names that are there without declaration: constants, types, builtins, and the
// standard library.

var namedConstants = map[string]float64{"pi": math.Pi, "e": math.E, "inf": math.Inf(1), "nan": math.NaN()}

// universe finds a name that is there without declaration; nil if it is none.
func (c *checker) universe(name string) *binding {
	if b, ok := c.builtinValues[name]; ok {
		return b
	}
	b := c.findUniverse(name)
	c.builtinValues[name] = b
	return b
}

func (c *checker) findUniverse(name string) *binding {
	if f, ok := namedConstants[name]; ok {
		return &binding{name: name, literal: &literal{float: f, kind: ir.F64}}
	}
	if t, ok := dtypes[name]; ok {
		v := constant{dt: t}.value(ast.Span{})
		return &binding{name: name, t: v.t, known: v.info}
	}
	if name == "none" {
		v := none.value(ast.Span{})
		return &binding{name: name, t: v.t, known: v.info}
	}
	if f := lookupBuiltin(name); f != nil {
		value := c.newFunc(name)
		value.builtin = f
		return &binding{name: name, fn: value}
	}
	if name != "core" && slices.Contains(stdlib.Modules(), name) || stdlib.IsPlanned(name) {
		return &binding{name: name, module: &fileScope{name: name, library: true}}
	}
	if core := c.module("core"); core != nil && c.ctx.file != core {
		if b := core.names[name]; b != nil && b.fn != nil && b.fn.export {
			return b
		}
	}
	return nil
}

// internalName reports whether only the standard library may use a name.
func internalName(name string) bool { return len(name) > 5 && name[:5] == "prim_" }

// module is a module of the standard library, parsed when it is first used; nil
// if there is none with this name yet.
func (c *checker) module(name string) *fileScope {
	if m, ok := c.modules[name]; ok {
		return m
	}
	c.modules[name] = nil
	var parts []*ast.File
	for _, part := range stdlib.Files(name) {
		file, diags := lang.Parse(&ast.Source{Name: "stdlib/" + part.Name, Text: part.Text, Internal: true})
		if diags.HasErrors() {
			c.diags = append(c.diags, diags...)
			c.failed++
			return nil
		}
		parts = append(parts, file)
	}
	if len(parts) == 0 {
		return nil
	}
	scope := &fileScope{name: name, names: map[string]*binding{}, library: true}
	c.modules[name] = scope
	outer := c.ctx
	c.ctx = &context{file: scope, scope: emptyScope(), block: outer.block}
	for _, file := range parts {
		c.declareTop(file)
	}
	c.ctx = outer
	return scope
}

// moduleNamed is the module that e names, nil if it is an expression.
func (c *checker) moduleNamed(e ast.Expr) *fileScope {
	n, ok := unparen(e).(*ast.Name)
	if !ok {
		return nil
	}
	b := c.lookup(n.Name)
	if b == nil {
		return nil
	}
	return b.module
}

// member is a function or value of a module.
func (c *checker) member(m *fileScope, field *ast.Field) value {
	name := field.Name.Name
	scope := m
	if m.library {
		if scope = c.module(m.name); scope == nil {
			return c.notYet("the module "+m.name, field.Span)
		}
	}
	exported := func(name string) bool {
		if b := scope.names[name]; b != nil && b.fn != nil && b.fn.export {
			return true
		}
		return slices.Contains(scope.exported, name)
	}
	if !exported(name) {
		d := c.fail(field.Name.Span, ast.CodeUnknownName, "%s has no %s", m.name, name)
		var names []string
		for n := range scope.names {
			if exported(n) {
				names = append(names, n)
			}
		}
		if near := ast.Nearest(name, names); near != "" {
			d.Hint = "did you mean " + near + "?"
		} else if scope.names[name] != nil {
			d.Hint = "it is declared there, but not exported"
		}
		return d.value()
	}
	return c.useBinding(scope.names[name], field.Span)
}

// field is x.name without a call.
func (c *checker) field(e *ast.Field) value {
	if m := c.moduleNamed(e.X); m != nil {
		return c.member(m, e)
	}
	x := c.strong(c.expr(e.X))
	if x.isBad() {
		return bad
	}
	name := e.Name.Name
	if r, ok := x.t.(Record); ok {
		i := indexOf(r.Names, name)
		if i < 0 {
			return c.unknownField(e, r)
		}
		return c.named(x, func(x value) value { return c.part(x, i) })
	}
	a, ok := x.array()
	if !ok {
		return c.fail(e.Span, ast.CodeUnknownField, "%s has no field %s", c.show(x.t), name).value()
	}
	switch name {
	case "T":
		return c.transposeOf(x)
	case "ndim":
		return intValue(int64(len(a.Dims)), e.Span)
	case "dtype":
		return constant{dt: a.DType}.value(e.Span)
	case "size":
		n := ir.Size(1)
		for _, d := range a.Dims {
			n = c.must("*", n, d)
		}
		return c.after(x, sizeValue(n, e.Span))
	case "shape":
		parts := make([]value, len(a.Dims))
		for i, d := range a.Dims {
			parts[i] = sizeValue(d, e.Span)
		}
		v := c.stackValues(parts, ir.I64, e.Span)
		if len(parts) == 0 {
			v = c.convert(c.listLiteral(nil, e.Span), ir.I64)
		}
		v.elems = append([]ir.Dim{}, a.Dims...)
		return c.after(x, v)
	}
	d := c.fail(e.Name.Span, ast.CodeUnknownField, "an array has no field %s", name)
	if b := c.lookup(name); b != nil && b.fn != nil {
		d.Hint = "to call the function write ." + name + "( )"
	} else if near := ast.Nearest(name, []string{"T", "shape", "size", "ndim", "dtype"}); near != "" {
		d.Hint = "did you mean " + near + "?"
	}
	return d.value()
}

// after is v, where x is computed first unless it is a leaf: the sizes of x may
// be known only then.
func (c *checker) after(x, v value) value {
	if simple(x.x) || v.isBad() {
		return v
	}
	def := &Def{Var: &Var{Span: x.span}, Type: x.t}
	v.x = &BlockExpr{&Block{Stmts: []Stmt{&Define{def, x.x}}, Value: v.x}}
	return v
}

func (c *checker) unknownField(e *ast.Field, r Record) value {
	d := c.fail(e.Name.Span, ast.CodeUnknownField, "%s has no field %s", c.show(r), e.Name.Name)
	if near := ast.Nearest(e.Name.Name, r.Names); near != "" {
		d.Hint = "did you mean " + near + "?"
	}
	return d.value()
}

// moduleOf is "linalg.solve" for a name that a module has, "" if none does.
func (c *checker) moduleOf(name string) string {
	for _, m := range stdlib.Modules() {
		if scope := c.module(m); scope != nil && m != "core" {
			if b := scope.names[name]; b != nil && b.fn != nil && b.fn.export {
				return m + "." + name
			}
		}
	}
	return ""
}

// universeNames are the names that are there without declaration.
func (c *checker) universeNames() []string {
	var names []string
	for name := range namedConstants {
		names = append(names, name)
	}
	for name := range dtypes {
		names = append(names, name)
	}
	for name := range builtinTable() {
		if !internalName(name) {
			names = append(names, name)
		}
	}
	for _, module := range stdlib.Modules() {
		if module != "core" {
			names = append(names, module)
		}
	}
	names = append(names, stdlib.Planned()...)
	if core := c.module("core"); core != nil {
		for name, b := range core.names {
			if b.fn != nil && b.fn.export {
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	return names
}
