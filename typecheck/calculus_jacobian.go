package typecheck

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Jacobians: one product for each element of the argument (forward) or of the
// value (reverse), made of a seed that is 1 in one place.
//
// Block (b, a) of a Jacobian belongs to array b of the value and array a of the
// chosen arguments: the axes of b, then those of a. A real value of a complex
// argument has its derivative from reverse mode, a complex value of a real
// argument from forward mode, whatever the mode is: only they give all of it.

// A jacobian is a Jacobian being made.
type jacobian struct {
	*derived
	node    *Call
	outputs []Array // with sizes that are known before the products are made
	inputs  [][]Array
}

// blocks finds the arrays that the value and the chosen arguments consist of, and
// how many elements each has.
func (d *derived) blocks() (j *jacobian, n, m []ir.Dim, ok bool) {
	mark := ir.Atom(len(d.atoms))
	j = &jacobian{derived: d, node: d.primal()}
	if j.node == nil {
		return nil, nil, nil, false
	}
	if d.sizedInside(j.node.T, mark) {
		// f runs here once, so that the sizes that it chooses are known.
		d.asDefined(value{t: j.node.T, x: j.node, span: d.span})
	}
	j.outputs = leavesOf(j.node.T)
	for _, w := range d.wrt {
		j.inputs = append(j.inputs, leavesOf(d.args[w].t))
		for _, a := range leavesOf(d.args[w].t) {
			size, ok := d.count(a.Dims, d.span)
			if !ok {
				return nil, nil, nil, false
			}
			n = append(n, size)
		}
	}
	for _, b := range j.outputs {
		size, ok := d.count(b.Dims, d.span)
		if !ok {
			return nil, nil, nil, false
		}
		m = append(m, size)
	}
	return j, n, m, true
}

func (d *derived) jacobian() value {
	j, n, m, ok := d.blocks()
	if !ok {
		return bad
	}
	switch d.mode {
	case "forward":
		return j.assemble(true)
	case "reverse":
		return j.assemble(false)
	}
	inputs, outputs := d.total(n), d.total(m)
	if d.notAbove(inputs, outputs) {
		return j.assemble(true)
	}
	if more, ok := inputs.Sub(ir.Size(1)); ok && d.notAbove(outputs, more) {
		return j.assemble(false)
	}
	node := &If{Cond: operation(ir.Le, nil, Array{DType: ir.Bool}, d.span, sizeValue(inputs, d.span), sizeValue(outputs, d.span)).x, Span: d.span}
	var then, otherwise value
	node.Then, then = d.inBlock(func() value { return j.assemble(true) })
	node.Else, otherwise = d.inBlock(func() value { return j.assemble(false) })
	if then.isBad() || otherwise.isBad() {
		return bad
	}
	node.T = then.t
	return value{t: node.T, x: node, span: d.span}
}

func (c *checker) total(sizes []ir.Dim) ir.Dim {
	sum := ir.Size(0)
	for _, n := range sizes {
		sum = c.must("+", sum, n)
	}
	return sum
}

// assemble makes all blocks and puts them together: the structure of the value,
// and in each place the structure of the chosen arguments.
func (j *jacobian) assemble(forward bool) value {
	columns := make([][][]value, len(j.wrt)) // [choice][array][output]
	rows := make([][][]value, len(j.outputs))
	block := func(b, w, a int) value {
		in, out := j.inputs[w][a], j.outputs[b]
		realValue := in.DType == ir.C128 && out.DType != ir.C128
		complexValue := in.DType != ir.C128 && out.DType == ir.C128
		if !realValue && (forward || complexValue) {
			if columns[w] == nil {
				columns[w] = make([][]value, len(j.inputs[w]))
			}
			if columns[w][a] == nil {
				columns[w][a] = j.column(w, a)
			}
			return columns[w][a][b]
		}
		if rows[b] == nil {
			rows[b] = j.row(b)
		}
		return rows[b][w][a]
	}
	failed := false
	outer := make([]value, len(j.outputs))
	for b := range j.outputs {
		parts := make([]value, len(j.wrt))
		for w := range j.wrt {
			leaves := make([]value, len(j.inputs[w]))
			for a := range leaves {
				leaves[a] = again(block(b, w, a))
				failed = failed || leaves[a].isBad()
			}
			if failed {
				return bad
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

// column is the derivative of all outputs in array a of choice w.
func (j *jacobian) column(w, a int) []value {
	in := j.inputs[w][a]
	all := j.each(in, func(s seed) value {
		parts := j.productColumn(w, a, s)
		if parts == nil {
			return bad
		}
		return j.makeTuple(parts, j.span)
	})
	if all.isBad() {
		return make([]value, len(j.outputs))
	}
	blocks := j.leafValues(all)
	for b := range blocks {
		out := j.outputs[b]
		v := blocks[b]
		if len(in.Dims) > 0 {
			v = j.reshaped(v, slices.Concat(in.Dims, out.Dims), j.span)
			var perm []int
			for axis := range out.Dims {
				perm = append(perm, len(in.Dims)+axis)
			}
			for axis := range in.Dims {
				perm = append(perm, axis)
			}
			v = permuted(v, perm)
		}
		blocks[b] = j.asDefined(v)
	}
	return blocks
}

// productColumn gives the tangents of all outputs for a seed of array a of choice w; nil if
// something is wrong.
func (j *jacobian) productColumn(w, a int, s seed) []value {
	seeds := make([][]seed, len(j.wrt))
	for i := range seeds {
		seeds[i] = make([]seed, len(j.inputs[i]))
	}
	seeds[w][a] = s
	_, dy := j.forward(seeds)
	if dy.isBad() {
		return nil
	}
	parts := j.leafValues(j.asDefined(dy))
	for b := range parts {
		parts[b] = j.retyped(parts[b], j.outputs[b])
	}
	return parts
}

// productRow gives the cotangents of all arrays of all choices for a seed of output b; nil
// if something is wrong.
func (j *jacobian) productRow(b int, s seed) [][]value {
	node := j.primal()
	if node == nil {
		return nil
	}
	seeds := make([]seed, len(j.outputs))
	seeds[b] = s
	_, cotangents := j.derived.reverse(node, seeds)
	return cotangents
}

// row is the derivative of output b in all arrays of all choices.
func (j *jacobian) row(b int) [][]value {
	out := j.outputs[b]
	result := make([][]value, len(j.wrt))
	for w := range result {
		result[w] = make([]value, len(j.inputs[w]))
	}
	all := j.each(out, func(s seed) value {
		cotangents := j.productRow(b, s)
		if cotangents == nil {
			return bad
		}
		return j.makeTuple(slices.Concat(cotangents...), j.span)
	})
	if all.isBad() {
		return result
	}
	blocks := j.leafValues(all)
	for w := range result {
		for a := range result[w] {
			v := blocks[0]
			blocks = blocks[1:]
			if len(out.Dims) > 0 {
				v = j.reshaped(v, slices.Concat(out.Dims, j.inputs[w][a].Dims), j.span)
			}
			if in := j.inputs[w][a]; in.DType != ir.C128 {
				v = j.convert(v, out.DType)
			}
			result[w][a] = j.asDefined(v)
		}
	}
	return result
}

// retyped is v with the sizes of t, which it has.
func (j *jacobian) retyped(v value, t Array) value {
	if a := v.t.(Array); slices.EqualFunc(a.Dims, t.Dims, ir.Dim.Equal) {
		return v
	}
	return j.retype(v, t.Dims, "the derivative must have the shape of the value")
}

// each gives the products for all seeds that are 1 in one place of an array of
// type t, on a leading axis if it has axes at all.
func (j *jacobian) each(t Array, products func(seed) value) value {
	if len(t.Dims) == 0 {
		return j.asDefined(products(seed{value: number(t.DType, 1, j.span)}))
	}
	n, ok := j.count(t.Dims, j.span)
	if !ok {
		return bad
	}
	return j.over(n, func(index value) value { return products(j.oneHot(t, n, index)) })
}

// over makes arrays of what body gives for each index below n.
func (j *jacobian) over(n ir.Dim, body func(index value) value) value {
	node := &Comp{Dims: []ir.Dim{n}, Span: j.span}
	zero := ir.Size(0)
	pop := j.push()
	index := j.indexDef(ast.Ident{Span: j.span}, &zero, &n).def
	pop()
	node.Index = []*Def{index}
	var element value
	j.ctx.level++
	node.Body, element = j.inBlock(func() value {
		return body(value{t: index.Type, x: &Local{index}, span: j.span})
	})
	j.ctx.level--
	if element.isBad() {
		return bad
	}
	lead, ok := j.leading(element.t, node.Dims, j.span)
	if !ok {
		return bad
	}
	node.T = lead
	return j.asDefined(value{t: lead, x: node, span: j.span})
}

// oneHot is 1 in the place index, in row order, of an array of type t with n
// elements, and 0 elsewhere.
func (c *checker) oneHot(t Array, n ir.Dim, index value) seed {
	span := index.span
	at := operation(ir.Eq, nil, Array{ir.Bool, []ir.Dim{n}}, span, positions(n, span), c.broadcast(index, []ir.Dim{n}))
	mask := c.asDefined(c.reshaped(at, t.Dims, span))
	return seed{c.broadcast(number(t.DType, 1, span), t.Dims), &mask}
}
