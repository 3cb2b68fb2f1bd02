package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Sparse Jacobians: a matrix for each array of the value and of the chosen
// arguments, whose rows are the elements of the one and whose columns those of the
// other. The program tells which elements may differ from zero (ir.PatternOp).
// Columns that no row has two of share a colour, and one product with the
// derivative gives all columns of a colour; or so for rows, with reverse mode.
// What is made of it all is written in Calx: stdlib/sparse.calx.

var (
	sparseJacobianOf = &derivative{name: "sparse_jacobian"}
	sparseHessianOf  = &derivative{name: "sparse_hessian", outer: sparseJacobianOf, inner: gradOf, mode: "forward"}
)

// sparseBuiltins are the operators that give sparse matrices.
func sparseBuiltins() []*builtin {
	return []*builtin{
		{
			name: "sparse_jacobian", signature: ofFunction + ", mode=none", elaborate: derives(sparseJacobianOf, false),
			doc:     "the Jacobian of f as a sparse matrix by rows, {data, indices, indptr, shape}: a row for each element of the value, a column for each of the argument; the program tells which elements may differ from zero",
			example: "sparse_jacobian(x -> x[1:] - x[:-1]^2)([1.0, 2, 3])",
		},
		{
			name: "value_and_sparse_jacobian", signature: ofFunction + ", mode=none", elaborate: derives(sparseJacobianOf, true),
			doc:     "the value of f, and what sparse_jacobian gives",
			example: "value_and_sparse_jacobian(x -> x^2)([1.0, 2])",
		},
		{
			name: "sparse_hessian", signature: ofFunction, elaborate: derives(sparseHessianOf, false),
			doc:     "the second derivatives of f, which gives one real number, as a sparse matrix by rows, {data, indices, indptr, shape}",
			example: "sparse_hessian(x -> sum(x[1:] * x[:-1]))([1.0, 2, 3])",
		},
		{
			name: "value_and_sparse_hessian", signature: ofFunction, elaborate: derives(sparseHessianOf, true),
			doc:     "the value of f, and what sparse_hessian gives",
			example: "value_and_sparse_hessian(x -> sum(x^3))([1.0, 2])",
		},
	}
}

// sparseJacobian is the Jacobian as sparse matrices: the structure of the value,
// and in each place that of the chosen arguments.
func (d *derived) sparseJacobian() value {
	j, _, _, ok := d.blocks()
	if !ok {
		return bad
	}
	outer := make([]value, len(j.outputs))
	for b := range j.outputs {
		parts := make([]value, len(j.wrt))
		for w := range j.wrt {
			leaves := make([]value, len(j.inputs[w]))
			for a := range leaves {
				if leaves[a] = j.sparseBlock(b, w, a); leaves[a].isBad() {
					return bad
				}
			}
			parts[w] = j.reassembled(j.args[j.wrt[w]].t, &leaves, j.span)
		}
		outer[b] = parts[0]
		if j.tuple {
			outer[b] = j.makeTuple(parts, j.span)
		}
	}
	return j.reassembled(j.node.T, &outer, j.span)
}

// sparseBlock is the matrix of output b and array a of choice w.
func (j *jacobian) sparseBlock(b, w, a int) value {
	in, out := j.inputs[w][a], j.outputs[b]
	m, knownRows := j.count(out.Dims, j.span)
	n, knownColumns := j.count(in.Dims, j.span)
	if !knownRows || !knownColumns {
		return bad
	}
	pattern := j.pattern(b, w, a)
	if pattern.isBad() {
		return bad
	}
	rows, columns := j.asDefined(j.part(pattern, 0)), j.asDefined(j.part(pattern, 1))
	colours := j.asDefined(j.part(pattern, 3))
	columnColours := func() value {
		return j.makeTuple([]value{again(colours), j.part(pattern, 4), j.part(pattern, 5)}, j.span)
	}
	height, width := sizeValue(m, j.span), sizeValue(n, j.span)

	var data value
	switch {
	case j.mode == "forward" && (in.DType != ir.C128 || out.DType == ir.C128), in.DType != ir.C128 && out.DType == ir.C128:
		colouring := j.told(colours, columnColours, func() value { return j.sparse("column_colouring", rows, columns, height, width) })
		data = j.sparseColumns(b, w, a, colouring)
	case j.mode == "reverse", in.DType == ir.C128 && out.DType != ir.C128:
		colouring := j.asDefined(j.sparse("row_colouring", rows, columns, height, width))
		data = j.sparseRows(b, w, a, colouring)
	default:
		colouring := j.told(colours, func() value {
			none := func(n ir.Dim) value { return j.broadcast(intValue(0, j.span), []ir.Dim{n}) }
			places := rows.t.(Array).Dims[0]
			byRows := j.makeTuple([]value{intValue(0, j.span), none(m), none(places)}, j.span)
			return j.makeTuple([]value{boolValue(false, j.span), byRows, columnColours()}, j.span)
		}, func() value { return j.sparse("fewest_colours", rows, columns, height, width) })
		if colouring.isBad() {
			return bad
		}
		node := &If{Cond: j.part(colouring, 0).x, Span: j.span}
		var byRows, byColumns value
		node.Then, byRows = j.inBlock(func() value { return j.sparseRows(b, w, a, j.part(colouring, 1)) })
		node.Else, byColumns = j.inBlock(func() value { return j.sparseColumns(b, w, a, j.part(colouring, 2)) })
		if byRows.isBad() || byColumns.isBad() {
			return bad
		}
		node.T = byColumns.t
		data = value{t: node.T, x: node, span: j.span}
	}
	return j.asDefined(j.sparse("matrix", j.asDefined(data), columns, j.part(pattern, 2), height, width))
}

// told is the one colouring if the program tells the colours of columns, of which
// there are so many, and the other one if it doesn't.
func (j *jacobian) told(colours value, program, search func() value) value {
	node := &If{Cond: operation(ir.Lt, nil, Array{DType: ir.Bool}, j.span, intValue(0, j.span), again(colours)).x, Span: j.span}
	var then, otherwise value
	node.Then, then = j.inBlock(program)
	node.Else, otherwise = j.inBlock(search)
	if then.isBad() || otherwise.isBad() {
		return bad
	}
	node.T = then.t
	return j.asDefined(value{t: node.T, x: node, span: j.span})
}

// sparse calls a function of the module sparse.
func (j *jacobian) sparse(name string, args ...value) value {
	given := make([]argument, len(args))
	for i, v := range args {
		if v.isBad() {
			return bad
		}
		given[i].value = again(v)
	}
	module := j.module("sparse")
	if module == nil {
		return bad
	}
	return j.callFunction(functionValue(module.names[name].fn, j.span), given, j.span)
}

// pattern is the pattern of output b with regard to array a of choice w, which is
// that of its tangent with regard to the tangent of that: so it is of the
// derivative, whatever rules there are.
func (j *jacobian) pattern(b, w, a int) value {
	args := []value{again(j.f)}
	input := len(leavesOf(j.f.t))
	for _, v := range j.args {
		args = append(args, again(v))
		input += len(leavesOf(v.t))
	}
	for i, k := range j.wrt {
		args = append(args, again(j.args[k]))
		if i < w {
			input += len(j.inputs[i])
		}
	}
	wrapper := j.tangentWrapper()
	v := j.callGeneric(functionValue(wrapper, j.span), wrapper, args, j.newSizeEnv(), j.span)
	if v.isBad() {
		return bad
	}
	node := v.x.(*Call)
	in, out := j.inputs[w][a], j.outputs[b]
	m, _ := j.count(out.Dims, j.span)
	n, _ := j.count(in.Dims, j.span)
	places := Array{ir.I64, []ir.Dim{j.freshSize("", j.span)}}
	x := &Pattern{
		Callee: node.Callee, Sizes: node.Sizes, Args: node.Args, Output: b, Input: input + a,
		Rows: out.Dims, Columns: in.Dims,
		T:    Tuple{[]Type{places, places, Array{ir.I64, []ir.Dim{j.must("+", m, ir.Size(1))}}, Array{DType: ir.I64}, Array{ir.I64, []ir.Dim{n}}, places}},
		Span: j.span,
	}
	return j.asDefined(value{t: x.T, x: x, span: j.span})
}

// sparseColumns are the elements at the places, by forward mode; colouring is how
// many colours of columns there are, the colour of each, and where the places stand
// among the products.
func (j *jacobian) sparseColumns(b, w, a int, colouring value) value {
	in, out := j.inputs[w][a], j.outputs[b]
	m, _ := j.count(out.Dims, j.span)
	return j.coloured(in, colouring, Array{out.DType, []ir.Dim{m}}, func(s seed) value {
		tangents := j.productColumn(w, a, s)
		if tangents == nil {
			return bad
		}
		return tangents[b]
	})
}

// sparseRows are the elements at the places, by reverse mode.
func (j *jacobian) sparseRows(b, w, a int, colouring value) value {
	in, out := j.inputs[w][a], j.outputs[b]
	n, _ := j.count(in.Dims, j.span)
	data := j.coloured(out, colouring, Array{in.DType, []ir.Dim{n}}, func(s seed) value {
		cotangents := j.productRow(b, s)
		if cotangents == nil {
			return bad
		}
		return cotangents[w][a]
	})
	if !data.isBad() && in.DType != ir.C128 {
		data = j.convert(data, out.DType)
	}
	return data
}

// coloured makes the products for the seeds that are 1 in all places of one colour
// of an array of type t, each of type line if it is made flat, and gives the
// elements at the places that belong to the colouring.
func (j *jacobian) coloured(t Array, colouring value, line Array, products func(seed) value) value {
	if colouring.isBad() {
		return bad
	}
	colouring = j.asDefined(colouring)
	colour := j.asDefined(j.part(colouring, 1))
	return j.scalarSize(j.asDefined(j.part(colouring, 0)), func(count ir.Dim) value {
		all := j.over(count, func(index value) value {
			n := colour.t.(Array).Dims
			at := operation(ir.Eq, nil, Array{ir.Bool, n}, j.span, again(colour), j.broadcast(index, n))
			mask := j.asDefined(j.reshaped(at, t.Dims, j.span))
			return products(seed{j.broadcast(number(t.DType, 1, j.span), t.Dims), &mask})
		})
		if all.isBad() {
			return bad
		}
		total, ok := j.count([]ir.Dim{count, line.Dims[0]}, j.span)
		if !ok {
			return bad
		}
		return j.sparse("placed", j.asDefined(j.reshaped(all, []ir.Dim{total}, j.span)), j.asDefined(j.part(colouring, 2)))
	})
}

// tangentWrapper is the function that takes f, arguments and tangents, and gives
// the tangent of what f gives.
func (j *jacobian) tangentWrapper() *FuncValue {
	d := j.derivation
	key := derivedKey{name: "tangent", of: d.of, choice: choiceText(d.wrt, d.tuple) + " " + passText(d.pass)}
	if f := j.derived.checker.derived[key]; f != nil {
		return f
	}
	of := d.with(jvpOf)
	of.wrt, of.pass, of.of, of.signature = d.wrt, d.pass, d.of, d.signature
	f := j.newFunc(d.of.Name)
	f.span, f.doc, f.file = d.of.span, d.of.doc, d.of.file
	if f.file == nil {
		f.file = j.ctx.file
	}
	f.params = []*ast.Param{{Name: ast.Ident{Name: "f", Span: d.of.span}}}
	for _, p := range of.parameters() {
		f.params = append(f.params, &ast.Param{Name: p.Name})
	}
	f.native = func(c *checker, args []value, span ast.Span) value {
		k := len(args) - len(d.wrt)
		product := c.derive(of.with(jvpOf), args[0], span)
		return c.callFunction(product, append(d.passed(args[1:k]), plain(args[k:])...), span)
	}
	j.derived.checker.derived[key] = f
	return f
}
