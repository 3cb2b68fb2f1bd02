package pattern

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// A lister builds the operations that list the places of a pattern, for an
// output of the sizes outer and an input of the sizes inner.
//
// The places of a group are a table: the axes of the output, the relations, the
// axes of the input of which everything counts. Places that lie outside of the
// input are left out of it.
type lister struct {
	*ir.Builder
	outer, inner  []ir.Dim
	rows, columns ir.Dim // how many elements they have
}

// list gives the places of g, in order of rows.
func (l *lister) list(g *group) (rows, columns *ir.Value, ok bool) {
	table := append(slices.Clone(l.outer), ir.Size(int64(len(g.offsets))))
	var whole []int
	for k, x := range g.first {
		if x.Full {
			table = append(table, l.inner[k])
			whole = append(whole, k)
		}
	}
	total, ok := ir.Product(table)
	if !ok {
		return nil, nil, false
	}
	flat := func(v *ir.Value) *ir.Value { return l.reshape(v, total) }

	strides, ok := l.strides()
	if !ok {
		return nil, nil, false
	}
	rows = flat(l.spread(l.reshape(l.iota(l.rows), l.outer...), table, l.axes(0, len(l.outer))))
	var mask *ir.Value
	for k, x := range g.first {
		switch {
		case x.Full:
			axis := len(l.outer) + 1 + slices.Index(whole, k)
			columns = l.plus(columns, l.spread(l.scaled(l.iota(l.inner[k]), strides[k]), table, []int{axis}))
		default:
			at, axes := l.indices(g, k)
			columns = l.plus(columns, l.spread(l.scaled(at, strides[k]), table, axes))
			if !l.inside(g, k) {
				least, end := l.Broadcast(l.I64(0), at.Type.Dims...), l.Broadcast(l.SizeValue(l.inner[k]), at.Type.Dims...)
				in := l.Op(ir.And, nil, l.Op(ir.Le, nil, least, at), l.Op(ir.Lt, nil, at, end))
				in = l.spread(in, table, axes)
				if mask != nil {
					in = l.Op(ir.And, nil, mask, in)
				}
				mask = in
			}
		}
	}
	if columns == nil {
		columns = l.spread(l.I64(0), table, nil)
	}
	columns = flat(columns)
	if mask != nil {
		_, places := l.Nonzero(flat(mask))
		rows, columns = l.take(rows, places), l.take(columns, places)
	}
	return rows, columns, true
}

// merged gives the places of all groups, each once, in order.
func (l *lister) merged(groups []*group) (rows, columns *ir.Value, ok bool) {
	var keys []*ir.Value
	for _, g := range groups {
		r, c, ok := l.list(g)
		if !ok {
			return nil, nil, false
		}
		keys = append(keys, l.Op(ir.Add, nil, l.scaled(r, l.columns), c))
	}
	key := keys[0]
	if len(keys) > 1 {
		key = l.Op(ir.Concat, ir.AxisAttr{}, keys...)
	}
	key = l.Op(ir.Sort, nil, key)
	n := key.Type.Dims[0]
	none := l.reshape(l.I64(-1), ir.Size(1))
	before := l.Op(ir.Slice, ir.SliceAttr{Dims: []ir.Dim{n}, Steps: []int64{1}}, l.Op(ir.Concat, ir.AxisAttr{}, none, key), l.I64(0))
	_, places := l.Nonzero(l.Op(ir.Not, nil, l.Op(ir.Eq, nil, key, before)))
	key = l.take(key, places)
	width := l.Broadcast(l.SizeValue(l.columns), key.Type.Dims...)
	return l.Op(ir.FloorDiv, nil, key, width), l.Op(ir.Mod, nil, key, width), true
}

// indices gives where the places lie along axis k of the input: a table of some
// of the axes of the table.
func (l *lister) indices(g *group, k int) (at *ir.Value, axes []int) {
	x := g.first[k]
	relations := len(l.outer)
	offset := l.SizeValue(x.Offset)
	dims := []ir.Dim{}
	if x.Axis >= 0 && x.Step != 0 {
		axes, dims = append(axes, x.Axis), append(dims, l.outer[x.Axis])
		at = l.scaled(l.iota(l.outer[x.Axis]), ir.Size(x.Step))
	}
	if g.varies(k) {
		axes, dims = append(axes, relations), append(dims, ir.Size(int64(len(g.offsets))))
		beyond := l.ArrayConst(ir.ArrayOf(ir.I64, dims[len(dims)-1]), ir.ArrayLiteral{I: g.column(k)})
		beyond = l.Op(ir.Add, nil, beyond, l.Broadcast(offset, beyond.Type.Dims...))
		if at == nil {
			return beyond, axes
		}
		return l.Op(ir.Add, nil, l.spread(at, dims, []int{0}), l.spread(beyond, dims, []int{1})), axes
	}
	if first := g.offsets[0][k]; first != 0 {
		offset = l.Op(ir.Add, nil, offset, l.I64(first))
	}
	switch {
	case at == nil:
		return offset, axes
	case x.Offset.IsConst(0) && g.offsets[0][k] == 0:
		return at, axes
	}
	return l.Op(ir.Add, nil, at, l.Broadcast(offset, dims...)), axes
}

// inside reports whether all indices along axis k of the input lie in it.
func (l *lister) inside(g *group, k int) bool {
	x := g.first[k]
	offsets := g.column(k)
	low, okLow := x.Offset.Add(ir.Size(slices.Min(offsets)))
	high, okHigh := x.Offset.Add(ir.Size(slices.Max(offsets)))
	if !okLow || !okHigh {
		return false
	}
	if x.Axis >= 0 && x.Step != 0 {
		last, okLast := l.outer[x.Axis].Sub(ir.Size(1))
		far, okFar := last.Mul(ir.Size(x.Step))
		if !okLast || !okFar {
			return false
		}
		if x.Step > 0 {
			high, okHigh = high.Add(far)
		} else {
			low, okLow = low.Add(far)
		}
		if !okLow || !okHigh {
			return false
		}
	}
	left, ok := l.inner[k].Sub(high)
	least, isConst := low.Const()
	room, known := left.Const()
	return ok && isConst && known && least >= 0 && room >= 1
}

// strides are how far apart the elements of the input lie along each axis.
func (l *lister) strides() ([]ir.Dim, bool) {
	out := make([]ir.Dim, len(l.inner))
	for k := range out {
		var ok bool
		if out[k], ok = ir.Product(l.inner[k+1:]); !ok {
			return nil, false
		}
	}
	return out, true
}

func (l *lister) axes(from, to int) []int {
	var out []int
	for k := from; k < to; k++ {
		out = append(out, k)
	}
	return out
}

func (l *lister) iota(n ir.Dim) *ir.Value { return l.Op(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{n}}) }

func (l *lister) reshape(v *ir.Value, dims ...ir.Dim) *ir.Value {
	if v.Type.Equal(ir.ArrayOf(v.Type.DType, dims...)) {
		return v
	}
	return l.Op(ir.Reshape, ir.DimsAttr{Dims: dims}, v)
}

// spread is v, whose axes are those of a table, as the table.
func (l *lister) spread(v *ir.Value, table []ir.Dim, axes []int) *ir.Value {
	thin := make([]ir.Dim, len(table))
	for k := range thin {
		thin[k] = ir.Size(1)
		if slices.Contains(axes, k) {
			thin[k] = table[k]
		}
	}
	if len(axes) > 0 {
		v = l.reshape(v, thin...)
	}
	return l.Broadcast(v, table...)
}

func (l *lister) scaled(v *ir.Value, by ir.Dim) *ir.Value {
	if by.IsConst(1) {
		return v
	}
	return l.Op(ir.Mul, nil, v, l.Broadcast(l.SizeValue(by), v.Type.Dims...))
}

// plus is u + v, where u may be nothing yet.
func (l *lister) plus(u, v *ir.Value) *ir.Value {
	if u == nil {
		return v
	}
	return l.Op(ir.Add, nil, u, v)
}

// take is v at places.
func (l *lister) take(v, places *ir.Value) *ir.Value {
	return l.Op(ir.Gather, ir.IndexAttr{Spec: "t"}, v, places)
}
