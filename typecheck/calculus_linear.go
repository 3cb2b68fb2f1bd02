package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// linearize and stop_gradient.

// linearize is the derivative of f at given arguments: a function of tangents
// that has captured f and them.
func linearize(k *call) value {
	f, d, ok := k.derivation(jvpOf)
	if !ok {
		return bad
	}
	product := k.derive(d, f, k.span)
	fn := product.t.(Function).Value
	args := make([]argument, len(k.rest))
	for i, o := range k.rest {
		args[i] = argument{value: o.value, e: o.e}
	}
	if isOpen(fn) {
		// The tangents are still to come: any argument stands for them.
		closed, positional, ok := k.closed(fn, append(args, make([]argument, fn.derivation.countSeeds())...), k.span)
		if !ok {
			return bad
		}
		fn, args = closed, positional[:len(args)]
	}
	seeds := fn.params[len(fn.params)-fn.derivation.countSeeds():]
	primals := *fn
	primals.params = fn.params[:len(fn.params)-len(seeds)]
	primals.Name = fn.derivation.of.Name
	values, ok := k.bindArguments(&primals, args, k.span)
	if !ok {
		return bad
	}
	for _, w := range fn.derivation.wrt {
		values[w] = k.floating(values[w], fn.params[w].Type, false)
	}
	linear := k.newFunc("linearize(" + describeFunction(fn.derivation.of.Name) + ")")
	linear.span, linear.doc, linear.file, linear.params = fn.span, fn.doc, fn.file, seeds
	linear.captured = []capturedName{{name: "f"}}
	t := Function{Value: linear, Captures: []Type{f.t}}
	x := &MakeTuple{Elems: []Expr{f.x}}
	for i, v := range values {
		if v = k.strong(v); v.isBad() {
			return bad
		}
		if floats(v.t) {
			v.info = info{}
		}
		linear.captured = append(linear.captured, capturedName{primals.params[i].Name.Name, v.info})
		t.Captures = append(t.Captures, v.t)
		x.Elems = append(x.Elems, v.x)
	}
	signature := f.signature
	linear.native = func(c *checker, args []value, span ast.Span) value {
		args[0].signature = signature
		product := c.derive(d, again(args[0]), span)
		pass := fn.derivation.passed(args[1 : 1+len(values)])
		return c.callFunction(product, append(pass, plain(args[1+len(values):])...), span)
	}
	x.T = t
	return value{t: t, x: x, span: k.span}
}

// stopGradient is a call of the identity whose derivative is zero.
func stopGradient(k *call) value {
	v := k.arg("x")
	if v.isBad() {
		return bad
	}
	if !resultType(v.t) {
		return k.fail(v.span, ast.CodeTypeMismatch, "stop_gradient takes numbers, arrays, tuples and records of them, and this is %s", k.show(v.t)).value()
	}
	return k.named(v, func(v value) value {
		f := k.identity()
		return k.callGeneric(functionValue(f, k.span), f, []value{v}, k.newSizeEnv(), k.span)
	})
}

// identity is the function that gives its argument, with derivative zero.
func (c *checker) identity() *FuncValue {
	key := derivedKey{name: "stop_gradient"}
	f := c.derived[key]
	if f == nil {
		f = c.newFunc("stop_gradient")
		f.file, f.constant = c.ctx.file, true
		f.params = []*ast.Param{{Name: ast.Ident{Name: "x"}}}
		f.native = func(_ *checker, args []value, _ ast.Span) value { return args[0] }
		c.derived[key] = f
	}
	return f
}

// zeros is a value of type t that is zero.
func (c *checker) zeros(t Type, span ast.Span) value {
	leaves := []value{}
	for _, a := range leavesOf(t) {
		leaves = append(leaves, c.broadcast(number(a.DType, 0, span), a.Dims))
	}
	return c.reassembled(t, &leaves, span)
}

// captureTangents are the tangents of the floats that a function has captured.
func captureTangents(f Function) Tuple {
	var t Tuple
	for _, a := range leavesOf(f) {
		if a.DType.IsInexact() {
			t.Elems = append(t.Elems, a)
		}
	}
	return t
}

// captureTangent is the function that gives what the value of f changes by if
// what f has captured changes by changes.
func (c *checker) captureTangent(f, changes value, span ast.Span) value {
	v := c.derive(derivation{derivative: captureOf}, f, span)
	fn := v.t.(Function)
	t := Function{Value: fn.Value, Captures: []Type{f.t, changes.t}}
	return value{t: t, x: &MakeTuple{Elems: []Expr{again(f).x, changes.x}, T: t}, span: span}
}

// captured is what the value of f changes by if its captured values change.
func (d *derived) captured() value {
	node := d.primal()
	if node == nil {
		return bad
	}
	at := d.offsets()
	all := make([]seed, at[len(at)-1])
	changes := d.leafValues(d.changes)
	for i, a := range leavesOf(d.f.t) {
		if a.DType.IsInexact() {
			all[i].value, changes = changes[0], changes[1:]
		}
	}
	_, dy := d.tangents(node, all)
	return dy
}

// tangentType is the type of the tangents of values of type t: their float and
// complex parts. It is nil if there are none; a tuple of which one part is left
// is that part.
func tangentType(t Type) Type {
	switch t := t.(type) {
	case Array:
		if t.DType.IsInexact() && t.DType != ir.Text {
			return t
		}
	case Tuple:
		var parts Tuple
		for _, p := range t.Elems {
			if p = tangentType(p); p != nil {
				parts.Elems = append(parts.Elems, p)
			}
		}
		if len(parts.Elems) == 1 && len(t.Elems) > 1 {
			return parts.Elems[0]
		}
		if len(parts.Elems) > 0 {
			return parts
		}
	case Record:
		var parts Record
		for i, p := range t.Types {
			if p = tangentType(p); p != nil {
				parts.Names, parts.Types = append(parts.Names, t.Names[i]), append(parts.Types, p)
			}
		}
		if len(parts.Types) > 0 {
			return parts
		}
	}
	return nil
}
