package raise

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

const (
	unrollTerms = 31 // terms of a sum that is written out
	unrollOps   = 16 // operations of each
)

// unroll writes out a map in a map that only a sum or product reads, if it has a
// small constant size and is a window: an index of it and one of the outer map
// are added. As a whole the window could not be lifted, since it begins
// elsewhere for each outer index; each of its terms is a shifted array.
func (r *raiser) unroll(op *ir.Op) bool {
	body := op.Regions[0]
	count, ok := ir.Product(op.Attr.(ir.MapAttr).Dims)
	n, isConst := count.Const()
	if r.depth == 0 || !ok || !isConst || n < 1 || n > unrollTerms || len(op.Results) != 1 ||
		len(body.Ops) > unrollOps || body.Yield[0].Type.Rank() > 0 || !r.isSummed(op.Results[0]) || !r.isWindow(op) {
		return false
	}
	b := ir.NewBuilder(r.f, &ir.Block{}).From(op)
	made := terms{sizes: make([]int, len(body.Params))}
	for k, d := range op.Attr.(ir.MapAttr).Dims {
		size, _ := d.Const()
		made.sizes[k] = int(size)
	}
	for i := range int(n) {
		c := ir.NewCopier(r.f, r.f)
		for k := len(body.Params) - 1; k >= 0; k-- {
			c.Bind(body.Params[k], b.I64(int64(i%made.sizes[k])))
			i /= made.sizes[k]
		}
		for _, inner := range body.Ops {
			copied, ok := c.Op(inner)
			if !ok {
				return false
			}
			b.Block.Ops = append(b.Block.Ops, copied)
		}
		made.values = append(made.values, c.Value(body.Yield[0]))
	}
	r.terms[op.Results[0]] = made
	r.r.Insert(b.Block.Ops)
	return true
}

// terms are what a map has been written out as: its elements in row order.
type terms struct {
	sizes  []int
	values []*ir.Value
}

// isSummed reports whether a single sum or product reads v.
func (r *raiser) isSummed(v *ir.Value) bool {
	reader := r.reader[v]
	if r.uses[v] != 1 || reader == nil || reader.Code != ir.Reduce {
		return false
	}
	kind := reader.Attr.(ir.ReduceAttr).Kind
	return len(reader.Attr.(ir.ReduceAttr).Axes) == v.Type.Rank() &&
		(kind == ir.ReduceSum || kind == ir.ReduceProd && v.Type.DType != ir.C128)
}

// isWindow reports whether a body has no regions and some access in it is at an
// index of the map plus one of a map around it.
func (r *raiser) isWindow(op *ir.Op) bool {
	window := false
	own := map[ir.Atom]bool{}
	for _, v := range op.Regions[0].Params {
		own[ir.Atom(v.ID)] = true
	}
	for _, inner := range op.Regions[0].Ops {
		if len(inner.Regions) > 0 {
			return false
		}
		if inner.Code != ir.Gather {
			continue
		}
		for _, v := range inner.Args[1:] {
			if v.Type.Rank() > 0 {
				continue
			}
			mine, others := false, false
			for a := range r.ranges.Polynomial(v).Atoms {
				mine = mine || own[a]
				others = others || r.outer[a]
			}
			window = window || mine && others
		}
	}
	return window
}

// sumOfTerms adds, or multiplies, the terms that a map was written out as: the
// last axis first, each from its first term to its last, beginning with 0 or 1,
// as sums of fewer than 32 terms are defined.
func (r *raiser) sumOfTerms(op *ir.Op) bool {
	made, ok := r.terms[op.Args[0]]
	if !ok {
		return false
	}
	t := op.Results[0].Type.DType
	b := ir.NewBuilder(r.f, &ir.Block{}).From(op)
	code, start := ir.Add, b.Number(t, 0)
	if op.Attr.(ir.ReduceAttr).Kind == ir.ReduceProd {
		code, start = ir.Mul, b.Number(t, 1)
	}
	values := made.values
	for i, v := range values {
		values[i] = r.r.Value(v)
	}
	for k := len(made.sizes) - 1; k >= 0; k-- {
		var sums []*ir.Value
		for row := range slices.Chunk(values, made.sizes[k]) {
			sum := start
			for _, v := range row {
				sum = b.Op(code, nil, sum, v)
			}
			sums = append(sums, sum)
		}
		values = sums
	}
	r.replace(op.Results[0], values[0])
	r.r.Emit(b.Block.Ops...)
	return true
}
