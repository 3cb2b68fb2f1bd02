package typecheck

import (
	"slices"
	"strconv"

	"github.com/calx-lang/calx/ast"
)

// The operators of calculus as functions of the language.

const ofFunction = "f, *, wrt=0"

func calculusBuiltins() []*builtin {
	table := []*builtin{
		{
			name: "jacobian", signature: ofFunction + ", mode=none", elaborate: derives(jacobianOf, false),
			doc:     `the derivatives of all elements of the value of f with respect to all of an argument: the axes of the value, then those of the argument; mode is "forward" or "reverse", and by size when absent`,
			example: "jacobian(x -> [x[0] * x[1], x[0]^2])([2.0, 3])",
		},
		{
			name: "value_and_jacobian", signature: ofFunction + ", mode=none", elaborate: derives(jacobianOf, true),
			doc:     "the value of f and its Jacobian",
			example: "value_and_jacobian(x -> x^2)([1.0, 2])",
		},
		{
			name: "linearize", signature: "f, ...args, *, wrt=0", elaborate: linearize,
			doc:     "the derivative of f at args, as a function of the tangent: a linear map that can be applied again and again",
			example: "linearize(x -> x^3, 2.0)(1.0)",
		},
		{
			name: "stop_gradient", signature: "x", elaborate: stopGradient,
			doc:     "x, with derivative zero",
			example: "grad(x -> x * stop_gradient(x))(3.0)",
		},
	}
	for _, row := range []struct {
		of           *derivative
		doc, example string // of the second, what stands behind the name
	}{
		{gradOf, "the gradient of f, which gives one real number, with the shape of the argument; wrt names a parameter, gives its position, or is a tuple of them", "(x -> sum(x^2))([1.0, 2, 3])"},
		{hessianOf, "the second derivatives of f, which gives one real number: the axes of the argument twice", "(x -> x[0]^2 * x[1])([2.0, 3])"},
		{jvpOf, "the derivative of f at its arguments in the direction dx: the Jacobian times dx, without making it", "(x -> x^2)([1.0, 2], [1.0, 0])"},
		{vjpOf, "dy, of the shape of the value, times the Jacobian of f at its arguments, without making it", "(x -> x^2)([1.0, 2], [1.0, 1])"},
		{hvpOf, "the Hessian of f at its arguments times v, without making it", "(x -> sum(x^3))([1.0, 2], [1.0, 1])"},
		{matrixHessianOf, "the sum over i and j of m[i, j] times the second derivatives of value i in argument j, for m of the shape of the Jacobian", "(x -> [x[0]^2, x[0] * x[1]])([2.0, 3], [[1.0, 0], [0, 1]])"},
		{matrixTressianOf, "the sum over i and j of m[i, j] times the third derivatives of f in arguments i and j, for m of the shape of the Hessian", "(x -> sum(x^3))([1.0, 2], [[1.0, 0], [0, 1]])"},
	} {
		d := row.of
		example := "(" + row.example[1:]
		table = append(table,
			&builtin{name: d.name, signature: ofFunction, doc: row.doc, example: d.name + example, elaborate: derives(d, false)},
			&builtin{name: "value_and_" + d.name, signature: ofFunction, doc: "the value of f, and what " + d.name + " gives", example: "value_and_" + d.name + example, elaborate: derives(d, true)})
	}
	table = append(table, taylorBuiltin(), checkGradBuiltin())
	table = append(table, sparseBuiltins()...)
	for _, f := range table {
		f.calculus = f.name != "stop_gradient"
	}
	return table
}

// calculusArguments checks the arguments of an operator; wrt is read later.
func (c *checker) calculusArguments(f *builtin, e *ast.Call, first *argument) ([]argument, bool) {
	names := parameterNames(f.parameters())
	var wrt []argument
	rest := *e
	rest.Args = nil
	for _, a := range e.Args {
		if a.Name.Name != "" && !slices.Contains(names, a.Name.Name) {
			c.unknownArgument(f.name, names, argument{name: a.Name})
			return nil, false
		}
		if a.Name.Name == "wrt" {
			t := Static{"wrt"}
			wrt = append(wrt, argument{a.Name, value{t: t, x: &MakeTuple{T: t}, span: a.Value.Pos()}, a.Value})
			continue
		}
		rest.Args = append(rest.Args, a)
	}
	args, ok := c.arguments(&rest, first)
	return append(args, wrt...), ok
}

func derives(op *derivative, withValue bool) func(*call) value {
	return func(k *call) value {
		f, d, ok := k.derivation(op)
		if !ok {
			return bad
		}
		d.value = withValue
		if k.given("mode") {
			mode, ok := k.text("mode", "")
			if !ok {
				return bad
			}
			if mode != "forward" && mode != "reverse" {
				return k.fail(k.args["mode"].span, ast.CodeArguments, `mode is "forward" or "reverse"`).value()
			}
			d.mode = mode
		}
		return k.derive(d, f, k.span)
	}
}

// derivation reads the function of an operator, and what it is to be derived in.
func (k *call) derivation(op *derivative) (f value, d derivation, ok bool) {
	f = k.args["f"].value
	fn, isFunction := f.t.(Function)
	if !isFunction {
		f = k.strong(f)
		if !f.isBad() {
			span := f.span
			if span == (ast.Span{}) {
				span = k.span // an argument of an operator that is itself derived
			}
			r := k.fail(span, ast.CodeNotFunction, "%s takes a function, and this is %s", k.fn.name, k.show(f.t))
			if e, isCall := k.args["f"].e.(*ast.Call); isCall {
				if name, isName := e.Fun.(*ast.Name); isName {
					r.Hint = "derive the function, then call it: " + k.fn.name + "(" + name.Name + ")(…)"
				}
			}
		}
		return f, d, false
	}
	d = derivation{derivative: op, chosen: []int{0}}
	names := parameterNamesOf(fn.Value)
	if o, isGiven := k.args["wrt"]; isGiven {
		d.chosen, d.tuple, ok = k.choice(o, names, fn.Value)
		if !ok {
			return f, d, false
		}
	}
	if len(names) == 0 && !isOpen(fn.Value) {
		k.fail(f.span, ast.CodeArguments, "%s has no parameter to differentiate in", describeFunction(fn.Value.Name))
		return f, d, false
	}
	for _, w := range d.chosen {
		if !k.floatParameter(fn.Value, w, f.span) {
			return f, d, false
		}
	}
	return f, d, true
}

// choice reads wrt: names or positions of parameters.
func (k *call) choice(o operand, names []string, f *FuncValue) (chosen []int, tuple, ok bool) {
	items := []ast.Expr{o.e}
	if t, isTuple := unparenOrNil(o.e).(*ast.Tuple); isTuple {
		items, tuple = t.Elems, true
		if len(items) == 0 {
			items = []ast.Expr{t}
		}
	}
	for _, e := range items {
		i := -1
		switch e := unparenOrNil(e).(type) {
		case *ast.Name:
			if i = slices.Index(names, e.Name); i < 0 {
				d := k.fail(e.Span, ast.CodeUnknownParameter, "%s has no parameter %s", describeFunction(f.Name), e.Name)
				if near := ast.Nearest(e.Name, names); near != "" {
					d.Hint = "did you mean " + near + "?"
				} else if len(names) > 0 {
					d.Notes = append(d.Notes, "its parameters are "+listed(names))
				}
				return nil, false, false
			}
		case *ast.Number:
			n, err := strconv.Atoi(e.Text)
			if err != nil || n >= len(names) && !isOpen(f) {
				k.fail(e.Span, ast.CodeUnknownParameter, "%s has %s, and the first is 0", describeFunction(f.Name), plural(len(names), "parameter"))
				return nil, false, false
			}
			i = n
		}
		if i < 0 {
			at := k.span
			if e != nil {
				at = e.Pos()
			}
			k.fail(at, ast.CodeUnknownParameter, "wrt names parameters of the function, or gives their positions: wrt=x, wrt=(x, y), wrt=0")
			return nil, false, false
		}
		if slices.Contains(chosen, i) {
			k.fail(e.Pos(), ast.CodeUnknownParameter, "the same parameter is chosen twice")
			return nil, false, false
		}
		chosen = append(chosen, i)
	}
	return chosen, tuple, true
}

func listed(names []string) string {
	text := names[0]
	for _, name := range names[1:] {
		text += ", " + name
	}
	return text
}
