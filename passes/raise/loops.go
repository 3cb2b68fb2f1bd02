package raise

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// A row is how a loop's body writes a carried array: element or row i of it, and
// nothing else.
type row struct {
	axis  int
	write *ir.Op // Update or Accumulate
}

// forAsMap gives operations that together do what a for does, if each carried
// array is written once in each iteration, at the index, and read only there
// and before: a map that makes the rows, and what puts them in.
func (r *raiser) forAsMap(op *ir.Op) (before []*ir.Op, loop *ir.Op, after []*ir.Op) {
	body := op.Regions[0]
	index, carried := body.Params[0], body.Params[1:]
	if len(carried) == 0 || slices.ContainsFunc(body.Ops, r.effects.Ordered) {
		return nil, nil, nil
	}
	rows := make([]row, len(carried))
	for j, v := range carried {
		if !r.findRow(&rows[j], v, index, body.Yield[j]) || v.Type.Rank() == 0 {
			return nil, nil, nil
		}
	}
	reads, ok := r.onlyRows(body, carried, rows, index)
	if !ok {
		return nil, nil, nil
	}

	b := ir.NewBuilder(r.f, &ir.Block{}).From(op)
	lo, hi := r.ranges.Polynomial(op.Args[0]), r.ranges.Polynomial(op.Args[1])
	count, ok := hi.Sub(lo)
	if !ok {
		return nil, nil, nil
	}
	if !r.ranges.NotNegative(count) {
		count = b.SizeOp(ir.SizeMax, count, ir.Size(0))
	}
	inner := &ir.Block{Yield: make([]*ir.Value, len(rows))}
	if lo.IsConst(0) {
		inner.Params = []*ir.Value{index}
	} else {
		// i = k + lo
		k := inner.AddParam(r.f, ir.Scalar(ir.I64), index.Name)
		add := &ir.Op{Code: ir.Add, Args: []*ir.Value{k, op.Args[0]}, Results: []*ir.Value{index}, Pos: op.Pos, Calls: op.Calls}
		index.Def = add
		r.ranges.Redefined(index)
		inner.Ops = append(inner.Ops, add)
	}
	index.Index = 0
	for _, read := range reads {
		for j, v := range carried {
			if read.Args[0] == v {
				read.Args[0] = op.Args[2+j]
			}
		}
	}
	for _, inside := range body.Ops {
		j := slices.IndexFunc(rows, func(row row) bool { return row.write == inside })
		if j < 0 {
			inner.Ops = append(inner.Ops, inside)
			continue
		}
		inner.Yield[j] = r.rowValue(inside, op.Args[2+j], inner)
	}
	loop = &ir.Op{Code: ir.Map, Attr: ir.MapAttr{Dims: []ir.Dim{count}}, Regions: []*ir.Block{inner}, Pos: op.Pos, Calls: op.Calls}
	before = b.Block.Ops
	b = ir.NewBuilder(r.f, &ir.Block{}).From(op)
	for j, row := range rows {
		t := carried[j].Type
		dims := append([]ir.Dim{count}, slices.Delete(slices.Clone(t.Dims), row.axis, row.axis+1)...)
		made := loop.AddResult(r.f, ir.ArrayOf(t.DType, dims...), "")
		r.replace(op.Results[j], r.putRows(b, made, op.Args[2+j], op.Args[0], lo, count, row.axis))
	}
	return before, loop, b.Block.Ops
}

// findRow looks at what a loop yields for a carried array v.
func (r *raiser) findRow(found *row, v, index, yield *ir.Value) bool {
	write := yield.Def
	if write == nil || write.Code != ir.Update && write.Code != ir.Accumulate || write.Args[0] != v || r.uses[yield] > 1 {
		return false
	}
	axis, ok := r.rowAxis(write, index, write.Args[2:])
	*found = row{axis, write}
	return ok && (write.Code == ir.Update || write.Attr.(ir.IndexAttr).Mode != ir.AccumulateDiv || v.Type.DType.IsInexact())
}

// rowAxis is the axis that an access takes the element index of, if it takes
// all of the others, and if that is certainly inside.
func (r *raiser) rowAxis(access *ir.Op, index *ir.Value, operands []*ir.Value) (int, bool) {
	attr := access.Attr.(ir.IndexAttr)
	axis := -1
	for i := range len(attr.Spec) {
		switch {
		case attr.Spec[i] == '@' && axis < 0:
			axis = i
		case attr.Spec[i] != ':':
			return 0, false
		}
	}
	ok := attr.Batch == 0 && axis >= 0 && operands[0] == index &&
		r.ranges.Inside(index, access.Args[0].Type.Dims[axis])
	return axis, ok
}

// onlyRows reports whether the carried arrays are used for nothing but their
// writes and reads of the same rows, and gives those.
func (r *raiser) onlyRows(body *ir.Block, carried []*ir.Value, rows []row, index *ir.Value) (reads []*ir.Op, ok bool) {
	ok = true
	var walk func(b *ir.Block)
	walk = func(b *ir.Block) {
		for _, op := range b.Ops {
			op.Uses(r.f, func(v *ir.Value) {
				j := slices.Index(carried, v)
				if j < 0 || rows[j].write == op && op.Args[1] != v {
					return
				}
				axis, isRow := -1, false
				if op.Code == ir.Gather && op.Args[0] == v {
					axis, isRow = r.rowAxis(op, index, op.Args[1:])
				}
				ok = ok && isRow && axis == rows[j].axis
				reads = append(reads, op)
			})
			for _, region := range op.Regions {
				walk(region)
				for _, v := range region.Yield {
					ok = ok && !slices.Contains(carried, v)
				}
			}
		}
	}
	walk(body)
	for j, v := range body.Yield {
		ok = ok && v == rows[j].write.Results[0]
	}
	return reads, ok
}

// rowValue is what a write puts in: for an Accumulate what the row of before
// becomes.
func (r *raiser) rowValue(write *ir.Op, before *ir.Value, inner *ir.Block) *ir.Value {
	if write.Code == ir.Update {
		return write.Args[1]
	}
	b := ir.NewBuilder(r.f, &ir.Block{}).From(write)
	attr := write.Attr.(ir.IndexAttr)
	code := map[ir.AccumulateMode]ir.Code{ir.AccumulateAdd: ir.Add, ir.AccumulateSub: ir.Sub,
		ir.AccumulateMul: ir.Mul, ir.AccumulateDiv: ir.Div}[attr.Mode]
	old := b.Op(ir.Gather, ir.IndexAttr{Spec: attr.Spec, Wrap: attr.Wrap}, append([]*ir.Value{before}, write.Args[2:]...)...)
	v := b.Op(code, nil, old, write.Args[1])
	inner.Ops = append(inner.Ops, b.Block.Ops...)
	return v
}

// putRows puts count rows, from row start on, into an array.
func (r *raiser) putRows(b *ir.Builder, rows, array, start *ir.Value, lo, count ir.Dim, axis int) *ir.Value {
	if axis > 0 {
		perm := make([]int, array.Type.Rank())
		for i := range perm {
			switch {
			case i < axis:
				perm[i] = i + 1
			case i > axis:
				perm[i] = i
			}
		}
		rows = b.Op(ir.Transpose, ir.PermAttr{Perm: perm}, rows)
	}
	if lo.IsConst(0) && rows.Type.Equal(array.Type) {
		return rows
	}
	spec := []byte(strings.Repeat(":", array.Type.Rank()))
	spec[axis] = 'r'
	attr := ir.IndexAttr{Spec: string(spec), Range: []ir.RangeAttr{{Dim: count, Step: 1}}}
	return b.Op(ir.Update, attr, array, rows, start)
}
