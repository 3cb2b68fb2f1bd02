package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Which argument is for which parameter.

// Calls: which function, which argument for which parameter.

// An argument of a call.
type argument struct {
	name ast.Ident // empty if positional
	value
	e ast.Expr
}

// joins are the functions whose parts may stand in a bracket list, where they
// may differ in shape.
var joins = map[string]bool{"concatenate": true, "stack": true, "hstack": true, "vstack": true, "column_stack": true, "block": true}

// joinArguments are the arguments of a function that joins the parts of a list
// written in place.
func (c *checker) joinArguments(name string, e *ast.Call) ([]argument, bool) {
	list, ok := unparen(e.Args[0].Value).(*ast.List)
	if !ok || e.Args[0].Name.Name != "" {
		return c.arguments(e, nil)
	}
	first := c.listParts(list, name == "block")
	rest := *e
	rest.Args = e.Args[1:]
	args, restOK := c.arguments(&rest, nil)
	return append([]argument{{value: first, e: list}}, args...), !first.isBad() && restOK
}

// listParts are the parts of a list written in place; with nested, lists in it
// are lists of parts too.
func (c *checker) listParts(list *ast.List, nested bool) value {
	v := value{t: Tuple{}, items: make([]value, len(list.Elems)), span: list.Span}
	for i, x := range list.Elems {
		if inner, ok := unparen(x).(*ast.List); ok && nested {
			v.items[i] = c.listParts(inner, true)
		} else {
			v.items[i] = c.expr(x)
		}
		if v.items[i].isBad() {
			v.t = nil
		}
	}
	return v
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
	if near := ast.Nearest(a.name.Name, names); near != "" {
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
			switch {
			case f.derivation != nil:
				d.Hint = "its arguments are " + strings.Join(names, ", ")
			case f.span.IsValid():
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
			if f.derivation != nil {
				d.Hint = "its arguments are " + strings.Join(names, ", ")
			} else {
				d.Labels = append(d.Labels, ast.Label{Span: p.Name.Span, Text: "declared here"})
			}
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
