package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// check_grad holds a gradient against finite differences, which the module
// numeric takes: for each array of the chosen arguments of the function of that
// array alone.

var checkGradOf = &derivative{name: "check_grad"}

func checkGradBuiltin() *builtin {
	return &builtin{
		name: "check_grad", signature: "f, ...args, *, wrt=0",
		doc:     "the gradient of f at args held against finite differences: a record of max_error, how far they are apart where that is most, index, the place in the chosen arguments, one after the other in row order, what both have there, analytic and numeric, and error, how far off the difference may be",
		example: "check_grad(x -> sum(x^2), [1.0, 2])",
		elaborate: func(k *call) value {
			f, d, ok := k.derivation(checkGradOf)
			if !ok {
				return bad
			}
			args := make([]argument, len(k.rest))
			for i, o := range k.rest {
				args[i] = argument{value: o.value, e: o.e}
			}
			return k.callFunction(k.derive(d, f, k.span), args, k.span)
		},
	}
}

// checkGrad is the worst entry of the gradient of f at the arguments.
func (d *derived) checkGrad() value {
	if !d.givesOneReal(d.primal()) {
		return bad
	}
	gradient := d.callFunction(d.derive(d.with(gradOf), again(d.f), d.span), d.passed(d.args), d.span)
	if gradient.isBad() {
		return bad
	}
	entries := d.leafValues(d.asDefined(gradient))
	var worst value
	offset := ir.Size(0)
	for _, w := range d.wrt {
		for i, leaf := range d.leafValues(d.asDefined(again(d.args[w]))) {
			a := leaf.t.(Array)
			if a.DType == ir.C128 {
				return d.fail(d.span, ast.CodeNotDifferentiable, "check_grad takes differences in real numbers, and %s is complex", d.primals()[w].Name.Name).value()
			}
			found := d.worstOf(d.alone(w, i), leaf, entries[0])
			entries = entries[1:]
			n, ok := d.count(a.Dims, d.span)
			if found.isBad() || !ok {
				return bad
			}
			found = d.movedOn(found, offset)
			if offset = d.must("+", offset, n); worst.t == nil {
				worst = found
				continue
			}
			if worst = d.greater(worst, found); worst.isBad() {
				return bad
			}
		}
	}
	return worst
}

// alone is f as a function of array i of argument w.
func (d *derived) alone(w, i int) value {
	f := d.newFunc(d.of.Name)
	f.span, f.doc, f.file = d.of.span, d.of.doc, d.of.file
	if f.file == nil {
		f.file = d.ctx.file
	}
	f.params = []*ast.Param{{Name: ast.Ident{Name: "x", Span: d.of.span}}}
	f.captured = []capturedName{{name: "f"}}
	t := Function{Value: f, Captures: []Type{d.f.t}}
	x := &MakeTuple{Elems: []Expr{again(d.f).x}}
	for k, v := range d.args {
		f.captured = append(f.captured, capturedName{d.primals()[k].Name.Name, v.info})
		t.Captures = append(t.Captures, v.t)
		x.Elems = append(x.Elems, again(v).x)
	}
	given, signature := *d.derivation, d.f.signature
	f.native = func(c *checker, args []value, span ast.Span) value {
		args[0].signature = signature
		values := args[1 : len(args)-1]
		leaves := c.leafValues(c.asDefined(values[w]))
		a := leaves[i].t.(Array)
		leaves[i] = c.asDefined(c.retype(c.convert(args[len(args)-1], a.DType), a.Dims, "the point must have the shape of the argument"))
		values[w] = c.reassembled(values[w].t, &leaves, span)
		return c.callFunction(again(args[0]), given.passed(values), span)
	}
	x.T = t
	return value{t: t, x: x, span: d.span}
}

// worstOf calls the function of the library that compares.
func (d *derived) worstOf(f, x, analytic value) value {
	library := d.module("numeric")
	if library == nil {
		return bad
	}
	return d.asDefined(d.callFunction(d.useBinding(library.names["worst"], d.span), plain([]value{f, x, analytic}), d.span))
}

// movedOn is a result of the library for an array that others come before.
func (d *derived) movedOn(found value, offset ir.Dim) value {
	r := found.t.(Record)
	parts := d.fields(found)
	i := indexOf(r.Names, "index")
	parts[i] = d.arithmetic("+", []value{parts[i], sizeValue(offset, d.span)}, d.span)
	return d.asDefined(d.makeRecord(r.Names, parts, d.span))
}

func (d *derived) fields(v value) []value {
	var parts []value
	for i := range partTypes(v.t) {
		parts = append(parts, d.part(v, i))
	}
	return parts
}

// greater is the one of two such results that has the greater error.
func (d *derived) greater(v, u value) value {
	r := v.t.(Record)
	left, right := d.fields(v), d.fields(u)
	i := indexOf(r.Names, "max_error")
	less := d.asDefined(operation(ir.Lt, nil, Array{DType: ir.Bool}, d.span, again(left[i]), again(right[i])))
	parts := make([]value, len(left))
	for k := range parts {
		parts[k] = operation(ir.Select, nil, left[k].t.(Array), d.span, again(less), again(right[k]), again(left[k]))
	}
	return d.asDefined(d.makeRecord(r.Names, parts, d.span))
}
