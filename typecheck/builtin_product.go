package typecheck

import (
	"math/big"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Products. All of them become contractions.

func productBuiltins() []*builtin {
	return []*builtin{
		{
			name: "matmul", signature: "x1, x2", doc: "the matrix product, x1 @ x2", example: "matmul([[1, 2], [3, 4]], [1, 1])",
			elaborate: func(k *call) value {
				x, y := k.args["x1"], k.args["x2"]
				return k.binaryOp("@", x, y, k.span)
			},
		},
		{
			name: "dot", signature: "a, b",
			doc: "sum over the last axis of a and the last but one of b; with a number the product", example: "dot([1, 2], [3, 4])",
			elaborate: (*call).dot,
		},
		{
			name: "vdot", signature: "a, b", doc: "the sum of conj(a) * b over all elements", example: "vdot([1i, 2], [1i, 2])",
			elaborate: (*call).vdot,
		},
		{
			name: "inner", signature: "a, b", doc: "sum of products over the last axes", example: "inner([1, 2], [3, 4])",
			elaborate: func(k *call) value { return k.tensorProduct(1, true) },
		},
		{
			name: "outer", signature: "a, b", doc: "the products of all elements of a with all of b", example: "outer([1, 2], [3, 4])",
			elaborate: (*call).outer,
		},
		{
			name: "tensordot", signature: "a, b, axes=2",
			doc:       "sum of products over the last axes of a and the first of b, as many as axes says, or over a pair of lists of axes",
			example:   "tensordot([[1, 2], [3, 4]], [[1, 0], [0, 1]])",
			elaborate: (*call).tensordot,
		},
		{
			name: "kron", signature: "a, b", doc: "the Kronecker product: in the place of each element of a that element times b; the one of fewer axes has axes of size 1 before",
			example: "kron([[1, 2]], [[1], [10]])", elaborate: (*call).kron,
		},
		{
			name: "cross", signature: "a, b, axisa=-1, axisb=-1, axisc=-1, axis=none",
			doc:     "the vector product of vectors of three numbers, or two, along the last axis, or those named; of two vectors of two numbers it is a number",
			example: "cross([1, 0, 0], [0, 1, 0])", elaborate: (*call).cross,
		},
		{
			name: "einsum", signature: "subscripts, ...operands",
			doc: "sums of products by letters of axes, as in NumPy; ... stands for the axes that have none", example: `einsum("ij,jk->ik", [[1, 2], [3, 4]], [[1, 0], [0, 1]])`,
			elaborate: (*call).einsum,
		},
	}
}

const axisLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// contraction is the sum of products of x and y by the letters of spec, after
// batch leading axes of both. Sizes of shared letters must have been compared.
func contraction(x, y value, spec string, batch int, span ast.Span) value {
	if x.isBad() || y.isBad() {
		return bad
	}
	a, b := x.t.(Array), y.t.(Array)
	parts, err := ir.ParseContract(spec)
	if err != nil {
		return bad
	}
	sizes := map[rune]ir.Dim{}
	for i, letter := range parts.B {
		sizes[letter] = b.Dims[batch+i]
	}
	for i, letter := range parts.A {
		sizes[letter] = a.Dims[batch+i]
	}
	dims := append([]ir.Dim(nil), a.Dims[:batch]...)
	for _, letter := range parts.Result {
		dims = append(dims, sizes[letter])
	}
	return operation(ir.Contract, ir.ContractAttr{Spec: spec, Batch: batch}, Array{a.DType, dims}, span, x, y)
}

// matmul is x @ y: vectors and matrices, and stacks of matrices along leading
// axes, which broadcast.
func (c *checker) matmul(x, y value, ex, ey ast.Expr, span ast.Span) value {
	x, y = c.strong(x), c.strong(y)
	if x.isBad() || y.isBad() {
		return bad
	}
	for _, v := range []value{x, y} {
		a, ok := v.array()
		if !ok {
			return c.fail(v.span, ast.CodeTypeMismatch, "@ wants arrays of numbers, and this is %s", c.show(v.t)).value()
		}
		if len(a.Dims) == 0 {
			d := c.productError(x, y, ex, ey, span)
			d.Notes = append(d.Notes, "a number has no axis to sum over")
			d.Hint = "use * for a product with a number"
			return d.value()
		}
	}
	both := c.meet([]value{x, y})
	x, y = c.countable(both[0]), c.countable(both[1])
	if x.isBad() || y.isBad() {
		return bad
	}
	a, b := x.t.(Array), y.t.(Array)
	last, first := len(a.Dims)-1, max(len(b.Dims)-2, 0)
	y, ok := c.sameSize(y, first, a.Dims[last], "these shapes do not multiply: "+sizePattern(len(b.Dims), 0)+" on the right of @ must be "+sizePattern(len(b.Dims), len(b.Dims)))
	if !ok {
		d := c.productError(x, both[1], ex, ey, span)
		which := "the first"
		if len(b.Dims) > 1 {
			which = "the last but one"
		}
		d.Notes = append(d.Notes, "the last dimension of the left, "+c.showDim(a.Dims[last])+", must equal "+which+" of the right, "+c.showDim(b.Dims[first]))
		d.Notes = append(d.Notes, c.explainSizes(a.Dims[last], b.Dims[first])...)
		return d.value()
	}
	b = y.t.(Array)
	leadX, leadY := max(len(a.Dims)-2, 0), max(len(b.Dims)-2, 0)
	if leadX > 0 && leadY > 0 {
		shared, ok := c.broadcastShapes([][]ir.Dim{a.Dims[:leadX], b.Dims[:leadY]})
		if !ok {
			d := c.productError(x, y, ex, ey, span)
			d.Notes = append(d.Notes, "the leading dimensions "+c.showDims(a.Dims[:leadX])+" and "+c.showDims(b.Dims[:leadY])+" do not broadcast")
			return d.value()
		}
		x = c.broadcast(x, append(append([]ir.Dim(nil), shared...), a.Dims[leadX:]...))
		y = c.broadcast(y, append(append([]ir.Dim(nil), shared...), b.Dims[leadY:]...))
		return contraction(x, y, "ik,kj->ij", len(shared), span)
	}
	if leadX+leadY > len(axisLetters)-26 {
		return c.fail(span, ast.CodeRank, "a product of arrays of rank %d and %d", len(a.Dims), len(b.Dims)).value()
	}
	stackX, stackY := axisLetters[26:26+leadX], axisLetters[26:26+leadY]
	row, column := "i", "j"
	if len(a.Dims) == 1 {
		row = ""
	}
	if len(b.Dims) == 1 {
		column = ""
	}
	return contraction(x, y, stackX+row+"k,"+stackY+"k"+column+"->"+stackX+stackY+row+column, 0, span)
}

func (c *checker) productError(x, y value, ex, ey ast.Expr, span ast.Span) report {
	d := c.fail(span, ast.CodeShapeMismatch, "these shapes do not multiply: %s @ %s", c.show(x.t), c.show(y.t))
	d.Labels = append([]ast.Label{{Span: x.span, Text: c.label(x, ex)}, {Span: y.span, Text: c.label(y, ey)}}, d.Labels...)
	return d
}

// factors are the arguments a and b in the dtype that they meet in.
func (k *call) factors() (x, y value, ok bool) {
	vs := make([]value, 2)
	for i, name := range []string{"a", "b"} {
		o := k.args[name]
		if o.isBad() {
			return bad, bad, false
		}
		if _, ok := o.array(); !ok {
			k.fail(o.span, ast.CodeTypeMismatch, "%s wants numbers, and this is %s", k.fn.name, k.show(o.t))
			return bad, bad, false
		}
		vs[i] = o.value
	}
	vs = k.meet(vs)
	x, y = k.countable(vs[0]), k.countable(vs[1])
	return x, y, !x.isBad() && !y.isBad()
}

func (k *call) dot() value {
	x, y, ok := k.factors()
	if !ok {
		return bad
	}
	if x.rank() == 0 || y.rank() == 0 {
		return k.binaryOp("*", operand{x, nil}, operand{y, nil}, k.span)
	}
	return k.sumProducts(x, y, []int{x.rank() - 1}, []int{max(y.rank()-2, 0)})
}

func (k *call) vdot() value {
	x, y, ok := k.factors()
	if !ok {
		return bad
	}
	if x.t.(Array).DType == ir.C128 {
		x = k.elementwise(ir.Conj, ir.C128, []value{x}, k.span)
	}
	x, y = k.flat(x), k.flat(y)
	if x.isBad() || y.isBad() {
		return bad
	}
	return k.sumProducts(x, y, []int{0}, []int{0})
}

// tensorProduct sums over the last n axes of a and the first, or last, n of b.
func (k *call) tensorProduct(n int, lastOfB bool) value {
	x, y, ok := k.factors()
	if !ok {
		return bad
	}
	if x.rank() == 0 || y.rank() == 0 {
		if n == 0 || lastOfB {
			return k.binaryOp("*", operand{x, nil}, operand{y, nil}, k.span)
		}
	}
	if n < 0 || n > x.rank() || n > y.rank() {
		return k.fail(k.span, ast.CodeShapeMismatch, "%s over %d axes of %s and %s", k.fn.name, n, k.show(x.t), k.show(y.t)).value()
	}
	var ofX, ofY []int
	for i := range n {
		ofX = append(ofX, x.rank()-n+i)
		if lastOfB {
			ofY = append(ofY, y.rank()-n+i)
		} else {
			ofY = append(ofY, i)
		}
	}
	return k.sumProducts(x, y, ofX, ofY)
}

func (k *call) tensordot() value {
	if !k.given("axes") {
		return k.tensorProduct(2, false)
	}
	axes := k.args["axes"].value
	if a, ok := axes.t.(Array); ok && len(a.Dims) == 0 {
		n, ok := k.integer("axes", axes)
		if !ok {
			return bad
		}
		return k.tensorProduct(int(min(max(n, -1), 1<<20)), false)
	}
	pair := k.items(axes)
	for i, v := range pair {
		pair[i] = k.asList(v)
	}
	x, y, ok := k.factors()
	if !ok {
		return bad
	}
	if len(pair) != 2 {
		return k.fail(k.span, ast.CodeArguments, "axes of tensordot is a number, or a pair: axes of a, axes of b").value()
	}
	ofX, ok1 := k.axisList(pair[0], x.rank(), x, false)
	ofY, ok2 := k.axisList(pair[1], y.rank(), y, false)
	if !ok1 || !ok2 {
		return bad
	}
	if len(ofX) != len(ofY) {
		return k.fail(k.span, ast.CodeShapeMismatch, "tensordot pairs %d axes of a with %d of b", len(ofX), len(ofY)).value()
	}
	return k.sumProducts(x, y, ofX, ofY)
}

// asList is a vector of numbers that are known as the list that it was written as.
func (k *call) asList(v value) value {
	if len(v.elems) == 0 {
		return v
	}
	list := &literal{op: "list", kind: ir.I64, dims: []ir.Dim{ir.Size(int64(len(v.elems)))}, span: v.span}
	for _, d := range v.elems {
		n, ok := d.Const()
		if !ok {
			return v
		}
		number := &literal{integer: big.NewInt(n), float: float64(n), kind: ir.I64, span: v.span}
		list.args = append(list.args, number)
	}
	return k.literalValue(list)
}

// sumProducts sums over pairs of axes; the others of x, then of y remain.
func (k *call) sumProducts(x, y value, ofX, ofY []int) value {
	a, b := x.t.(Array), y.t.(Array)
	if len(a.Dims)+len(b.Dims) > len(axisLetters) {
		return k.fail(k.span, ast.CodeRank, "a product of arrays of rank %d and %d", len(a.Dims), len(b.Dims)).value()
	}
	left := []byte(axisLetters[:len(a.Dims)])
	right := []byte(axisLetters[len(a.Dims) : len(a.Dims)+len(b.Dims)])
	for i := range ofX {
		var ok bool
		if y, ok = k.sameSize(y, ofY[i], a.Dims[ofX[i]], "the sizes "+sizePattern(len(b.Dims), 0)+" of the second factor must be "+sizePattern(len(b.Dims), len(b.Dims))); !ok {
			d := k.fail(k.span, ast.CodeShapeMismatch, "%s of %s and %s: axis %d of the first has %s elements, axis %d of the second %s",
				k.fn.name, k.show(a), k.show(b), ofX[i], k.showDim(a.Dims[ofX[i]]), ofY[i], k.showDim(b.Dims[ofY[i]]))
			d.Notes = append(d.Notes, k.explainSizes(a.Dims[ofX[i]], b.Dims[ofY[i]])...)
			return d.value()
		}
		right[ofY[i]] = left[ofX[i]]
	}
	var result strings.Builder
	for _, letter := range left {
		if strings.IndexByte(string(right), letter) < 0 {
			result.WriteByte(letter)
		}
	}
	for _, letter := range right {
		if strings.IndexByte(string(left), letter) < 0 {
			result.WriteByte(letter)
		}
	}
	return contraction(x, y, string(left)+","+string(right)+"->"+result.String(), 0, k.span)
}

func (k *call) outer() value {
	x, y, ok := k.factors()
	if !ok {
		return bad
	}
	x, y = k.flat(x), k.flat(y)
	if x.isBad() || y.isBad() {
		return bad
	}
	n, m := x.t.(Array).Dims[0], y.t.(Array).Dims[0]
	grid := []ir.Dim{n, m}
	x = k.broadcast(reshaped(x, []ir.Dim{n, ir.Size(1)}), grid)
	y = k.broadcast(y, grid)
	return k.binaryArrays("*", x, y, k.span)
}
