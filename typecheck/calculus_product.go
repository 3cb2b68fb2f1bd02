package typecheck

import (
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Products with derivatives: tangents and cotangents, and what is one of them.

var (
	primeOf          = &derivative{name: "derivative"}
	captureOf        = &derivative{name: "change"} // of f, if what it has captured changes
	gradOf           = &derivative{name: "grad"}
	jvpOf            = &derivative{name: "jvp", seeds: seedTangent}
	vjpOf            = &derivative{name: "vjp", seeds: seedCotangent, seed: "dy"}
	jacobianOf       = &derivative{name: "jacobian"}
	hessianOf        = &derivative{name: "hessian", outer: jacobianOf, inner: gradOf, mode: "forward"}
	hvpOf            = &derivative{name: "hvp", seeds: seedTangent, seed: "v", outer: jvpOf, inner: gradOf}
	matrixHessianOf  = &derivative{name: "matrix_hessian_product", seeds: seedCotangent, seed: "m", outer: vjpOf, inner: jacobianOf}
	matrixTressianOf = &derivative{name: "matrix_tressian_product", seeds: seedCotangent, seed: "m", outer: vjpOf, inner: hessianOf}
)

// A derived is a derived function that is being checked at its arguments.
type derived struct {
	*checker
	*derivation
	f       value
	changes value   // of captureOf: the tangents of what f has captured
	args    []value // of f
	seeds   []value
	span    ast.Span // of the call
}

// derivedAt is the body of a derived function; args are f, f's arguments, and
// the seeds.
func (c *checker) derivedAt(d *derivation, args []value, span ast.Span) value {
	n := len(args) - d.countSeeds()
	args = slices.Clone(args)
	for i := range args {
		args[i].span = span
	}
	k := &derived{checker: c, derivation: d, f: args[0], args: args[1:n], seeds: args[n:], span: span}
	if d.derivative == captureOf {
		k.changes, k.args = args[1], args[2:]
	}
	v := k.apply()
	if v.isBad() || !d.value {
		return v
	}
	y := c.callFunction(again(k.f), d.passed(k.args), span)
	if y.isBad() {
		return bad
	}
	return c.makeTuple([]value{y, v}, span)
}

func (d *derived) apply() value {
	switch op := d.derivative; op {
	case primeOf:
		return d.prime()
	case captureOf:
		return d.captured()
	case gradOf:
		return d.grad()
	case jvpOf:
		return d.jvp()
	case vjpOf:
		return d.vjp()
	case jacobianOf:
		return d.jacobian()
	case checkGradOf:
		return d.checkGrad()
	case taylorOf, alongOnes:
		return d.taylor()
	case sparseJacobianOf:
		return d.sparseJacobian()
	default:
		if op.inner == gradOf && !d.givesOneReal(d.primal()) {
			return bad
		}
		inner := d.derive(d.with(op.inner), again(d.f), d.span)
		outer := d.with(op.outer)
		outer.mode = op.mode
		return d.callFunction(d.derive(outer, inner, d.span), append(d.passed(d.args), plain(d.seeds)...), d.span)
	}
}

// plain are values as arguments by position.
func plain(values []value) []argument {
	args := make([]argument, len(values))
	for i, v := range values {
		args[i].value = again(v)
	}
	return args
}

// primal is the call of f at the arguments, as a function of its own; nil if it
// is wrong.
func (d *derived) primal() *Call {
	wrapper := d.wrapper(d.derivation)
	args := []value{again(d.f)}
	for _, v := range d.args {
		args = append(args, again(v))
	}
	v := d.callGeneric(functionValue(wrapper, d.span), wrapper, args, d.newSizeEnv(), d.span)
	if v.isBad() {
		return nil
	}
	node := d.direct(v.x.(*Call))
	if !floats(node.T) {
		r := d.fail(d.span, ast.CodeNotDifferentiable, "%s gives %s, and only floats have a derivative", describeFunction(d.of.Name), d.show(node.T))
		if a, ok := node.T.(Array); ok && a.DType == ir.I64 {
			r.Hint = "write its numbers as floats, 2.0 for 2, or convert with f64( )"
		} else if part := floatPart(node.T); part != "" {
			r.Hint = "take the parts that are floats, as x -> f(x)" + part + " does; the others are what f itself gives"
		}
		return nil
	}
	return node
}

// floatPart is how to name the first part of a structure that is made of floats;
// "" if there is none.
func floatPart(t Type) string {
	for i, p := range partTypes(t) {
		switch r, ok := t.(Record); {
		case !floats(p):
		case ok:
			return "." + r.Names[i]
		default:
			return "[" + strconv.Itoa(i) + "]"
		}
	}
	return ""
}

// direct is a call of f itself in place of one of the wrapper, where that does
// nothing but call f with what it is given.
func (d *derived) direct(node *Call) *Call {
	w := node.Callee
	if w.Body == nil || len(w.Body.Stmts) > 0 {
		return node
	}
	inner, ok := w.Body.Value.(*Call)
	captures := partTypes(d.f.t)
	if !ok || len(inner.Args) != len(captures)+len(w.Params)-1 {
		return node
	}
	sizes := map[ir.Atom]ir.Dim{}
	for i, a := range w.Sizes {
		sizes[a] = node.Sizes[i]
	}
	call := &Call{Callee: inner.Callee, T: node.T, Span: node.Span}
	for i, arg := range inner.Args {
		of := w.Params[0]
		if i < len(captures) {
			part, ok := arg.(*Part)
			if !ok || part.Index != i {
				return node
			}
			arg = part.X
			call.Args = append(call.Args, &Part{again(d.f).x, i, captures[i]})
		} else {
			of = w.Params[i-len(captures)+1]
			call.Args = append(call.Args, node.Args[i-len(captures)+1])
		}
		if local, ok := arg.(*Local); !ok || local.Def != of {
			return node
		}
	}
	for _, size := range inner.Sizes {
		known := true
		d.leaves(size, func(a ir.Atom) {
			_, given := sizes[a]
			known = known && (given || d.owners[a] != w)
		})
		if !known {
			return node
		}
		call.Sizes = append(call.Sizes, d.rename(size, func(a ir.Atom) ir.Dim {
			if e, given := sizes[a]; given {
				return e
			}
			return ir.Sized(a)
		}))
	}
	return call
}

// wrapper is the function that takes f and arguments, and calls f with them.
func (c *checker) wrapper(d *derivation) *FuncValue {
	key := derivedKey{name: "call", of: d.of, choice: passText(d.pass)}
	if f := c.derived[key]; f != nil {
		return f
	}
	f := c.newFunc(d.of.Name)
	f.span, f.doc, f.file = d.of.span, d.of.doc, d.of.file
	if f.file == nil {
		f.file = c.ctx.file
	}
	f.params = append([]*ast.Param{{Name: ast.Ident{Name: "f", Span: d.of.span}}}, d.primals()...)
	for i, p := range f.params {
		f.params[i] = &ast.Param{Name: p.Name}
	}
	f.native = func(c *checker, args []value, span ast.Span) value {
		return c.callFunction(args[0], d.passed(args[1:]), span)
	}
	c.derived[key] = f
	return f
}

// offsets tells where the arrays of each parameter of the wrapper begin among
// all: those of f first, then those of each argument; the last is the end.
func (d *derived) offsets() []int {
	at := []int{len(leavesOf(d.f.t))}
	for _, v := range d.args {
		at = append(at, at[len(at)-1]+len(leavesOf(v.t)))
	}
	return at
}

// forward is f with the tangents of its result, for seeds of the arrays of the
// chosen parameters, in their order.
func (d *derived) forward(seeds [][]seed) (y, dy value) {
	node := d.primal()
	if node == nil {
		return bad, bad
	}
	at := d.offsets()
	all := make([]seed, at[len(at)-1])
	for i, w := range d.wrt {
		copy(all[at[w]:], seeds[i])
	}
	return d.tangents(node, all)
}

// tangents is f with the tangents of its result, for seeds of all arrays that it
// takes.
func (d *derived) tangents(node *Call, all []seed) (y, dy value) {
	x := &Derive{Code: ir.JVP, Callee: node.Callee, Sizes: node.Sizes, Args: node.Args, T: Tuple{[]Type{node.T, node.T}}, Span: d.span}
	x.Seeds, x.Given = lettersOf(all)
	v := d.asDefined(value{t: x.T, x: x, span: d.span})
	return d.part(v, 0), d.part(v, 1)
}

// reverse is f with the cotangents of the arrays of the chosen parameters, in
// their order, for seeds of the arrays of its result.
func (d *derived) reverse(node *Call, seeds []seed) (y value, cotangents [][]value) {
	at := d.offsets()
	letters := []byte(strings.Repeat(string(ir.SeedNone), at[len(at)-1]))
	for _, w := range d.wrt {
		for i := at[w]; i < at[w+1]; i++ {
			letters[i] = ir.SeedDense
		}
	}
	var given Tuple
	first := make([]int, len(d.args))
	for w, v := range d.args {
		first[w] = len(given.Elems)
		if at[w] < at[w+1] && letters[at[w]] == ir.SeedDense {
			for _, a := range leavesOf(v.t) {
				given.Elems = append(given.Elems, a)
			}
		}
	}
	x := &Derive{Code: ir.VJP, Callee: node.Callee, Sizes: node.Sizes, Args: node.Args, Wrt: string(letters), T: Tuple{[]Type{node.T, given}}, Span: d.span}
	x.Seeds, x.Given = lettersOf(seeds)
	v := d.asDefined(value{t: x.T, x: x, span: d.span})
	all := d.leafValues(d.asDefined(d.part(v, 1)))
	for _, w := range d.wrt {
		n := at[w+1] - at[w]
		cotangents = append(cotangents, all[first[w]:first[w]+n:first[w]+n])
	}
	return d.part(v, 0), cotangents
}

// gathered puts the cotangents of the chosen parameters together.
func (d *derived) gathered(cotangents [][]value) value {
	parts := make([]value, len(d.wrt))
	for i, w := range d.wrt {
		leaves := cotangents[i]
		parts[i] = d.reassembled(d.args[w].t, &leaves, d.span)
	}
	if d.tuple {
		return d.makeTuple(parts, d.span)
	}
	return parts[0]
}

func (d *derived) prime() value {
	x := d.args[d.wrt[0]].t.(Array)
	_, dy := d.forward([][]seed{{{value: number(x.DType, 1, d.span)}}})
	if y, ok := dy.array(); ok && x.DType == ir.C128 && y.DType != ir.C128 {
		r := d.fail(d.span, ast.CodeNotDifferentiable, "%s gives a real number for a complex one, which has no derivative in the sense of f'", describeFunction(d.of.Name))
		r.Hint = "use grad, which gives df/dx - i df/dy, or jacobian"
		return bad
	}
	return dy
}

func (d *derived) jvp() value {
	seeds := make([][]seed, len(d.wrt))
	for i, w := range d.wrt {
		v := d.coerce(again(d.seeds[i]), d.args[w].t, "the tangent of "+d.primals()[w].Name.Name)
		if v.isBad() {
			return bad
		}
		seeds[i] = dense(d.leafValues(d.asDefined(v)))
	}
	_, dy := d.forward(seeds)
	return dy
}

func (d *derived) vjp() value {
	mark := ir.Atom(len(d.atoms))
	node := d.primal()
	if node == nil {
		return bad
	}
	v := d.coerce(again(d.seeds[0]), d.sizedBy(node.T, d.seeds[0].t, mark), "the cotangent of "+describeFunction(d.of.Name))
	if v.isBad() {
		return bad
	}
	_, cotangents := d.reverse(node, dense(d.leafValues(d.asDefined(v))))
	return d.gathered(cotangents)
}

// sizedBy is t with the sizes of other where f chooses them: those are compared
// when it has run.
func (d *derived) sizedBy(t, other Type, mark ir.Atom) Type {
	if !d.sizedInside(t, mark) || len(leavesOf(t)) != len(leavesOf(other)) {
		return t
	}
	others := leavesOf(other)
	for i, a := range leavesOf(t) {
		if len(a.Dims) != len(others[i].Dims) {
			return t
		}
	}
	var sizes []ir.Dim
	for _, a := range others {
		sizes = append(sizes, a.Dims...)
	}
	return mapDims(t, func(dim ir.Dim) ir.Dim {
		size := sizes[0]
		sizes = sizes[1:]
		if d.madeInside(dim, mark) {
			return size
		}
		return dim
	})
}

func (d *derived) grad() value {
	node := d.primal()
	if !d.givesOneReal(node) {
		return bad
	}
	_, cotangents := d.reverse(node, dense([]value{number(node.T.(Array).DType, 1, d.span)}))
	return d.gathered(cotangents)
}

// givesOneReal reports a function, called by node, that gives something else
// than a real number.
func (d *derived) givesOneReal(node *Call) bool {
	if node == nil {
		return false
	}
	a, ok := node.T.(Array)
	if !ok || len(a.Dims) > 0 || a.DType == ir.C128 {
		name := describeFunction(d.of.Name)
		r := d.fail(d.span, ast.CodeNotScalar, "%s differentiates a function that gives one real number, and %s gives %s", d.operatorName(), name, d.show(node.T))
		switch {
		case !ok:
			r.Hint = "choose one part of the result, or use jacobian"
		case len(a.Dims) > 0:
			r.Hint = "use jacobian, or sum what " + name + " gives"
		default:
			r.Hint = "take a real( ), imag( ) or abs( ) of it; for a holomorphic function use f' or jacobian"
		}
		return false
	}
	return true
}
