package pattern

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// Places are those of a pattern, in order of rows, then columns.
type places struct {
	rows, columns *ir.Value
	// products is where they stand in the products with the derivative, a row of
	// all rows of the pattern for each colour.
	products *ir.Value
	counts   *ir.Value // how many each row has
	starts   *ir.Value // where each row begins; nil if that follows from counts
}

// A lister builds the operations that list the places of a pattern, for an
// output of the sizes outer and an input of the sizes inner.
//
// The places of a group are a table: the relations, the axes of the output, the
// axes of the input of which everything counts. Places that lie outside of the
// input are left out of it.
type lister struct {
	*ir.Builder
	outer, inner  []ir.Dim
	rows, columns ir.Dim    // how many elements they have
	colour        *ir.Value // of each column
	height        ir.Dim    // of the products
	// first is where the leading axis of the output begins, of which outer is a
	// part. All places of a part that is safe lie in the input.
	first ir.Dim
	safe  bool
}

// list gives the places of g. Where only the ends of the leading axis of the
// output have places outside of the input, what lies between is listed apart:
// there is nothing to be left out.
func (l *lister) list(g *group) (p places, ok bool) {
	if p, ok := l.trimmed(g); ok {
		return p, true
	}
	begin, end, ok := l.between(g)
	if !ok {
		return l.part(g)
	}
	var parts [4][]*ir.Value
	borders := []ir.Dim{ir.Size(0), begin, end, l.outer[0]}
	for i := range 3 {
		part := *l
		n, ok := borders[i+1].Sub(borders[i])
		if !ok {
			return p, false
		}
		part.outer, part.first, part.safe = slices.Clone(l.outer), borders[i], i == 1
		part.outer[0] = n
		if part.rows, ok = ir.Product(part.outer); !ok {
			return p, false
		}
		q, ok := part.part(g)
		if !ok {
			return p, false
		}
		for k, v := range []*ir.Value{q.rows, q.columns, q.products, q.counts} {
			parts[k] = append(parts[k], v)
		}
	}
	join := func(parts []*ir.Value) *ir.Value { return l.Op(ir.Concat, ir.AxisAttr{}, parts...) }
	return places{rows: join(parts[0]), columns: join(parts[1]), products: join(parts[2]), counts: join(parts[3])}, true
}

// between gives the part of the leading axis of the output whose places all lie in
// the input; false if there is none, or nothing is outside anyway.
func (l *lister) between(g *group) (begin, end ir.Dim, ok bool) {
	for k, x := range g.first {
		if x.Full || l.inside(g, k) {
			continue
		}
		low, known := x.Offset.Const()
		if ok || !known || x.Axis != 0 || x.Step != 1 {
			return begin, end, false
		}
		offsets := g.column(k)
		last, fits := l.inner[k].Sub(ir.Size(low + slices.Max(offsets)))
		if !fits {
			return begin, end, false
		}
		begin = l.SizeOp(ir.SizeMin, l.outer[0], ir.Size(max(0, -low-slices.Min(offsets))))
		end = l.SizeOp(ir.SizeMax, begin, l.SizeOp(ir.SizeMin, l.outer[0], last))
		ok = true
	}
	return begin, end, ok
}

// part gives the places of g in this part of the output.
func (l *lister) part(g *group) (p places, ok bool) {
	table := append([]ir.Dim{ir.Size(int64(len(g.offsets)))}, l.outer...)
	var whole []int
	for k, x := range g.first {
		if x.Full {
			whole = append(whole, k)
			table = append(table, l.inner[k])
		}
	}
	total, ok := ir.Product(table)
	strides, fits := l.strides()
	if !ok || !fits {
		return p, false
	}
	row := l.iota(l.rows)
	if !l.first.IsConst(0) {
		before, ok := ir.Product(append([]ir.Dim{l.first}, l.outer[1:]...))
		if !ok {
			return p, false
		}
		row = l.Op(ir.Add, nil, row, l.Broadcast(l.SizeValue(before), l.rows))
	}
	p.rows = l.spread(l.reshape(row, l.outer...), table, axes(1, len(l.outer)))
	var mask *ir.Value
	for k, x := range g.first {
		if x.Full {
			axis := 1 + len(l.outer) + slices.Index(whole, k)
			p.columns = l.plus(p.columns, l.spread(l.scaled(l.iota(l.inner[k]), strides[k]), table, []int{axis}))
			continue
		}
		at, along, ok := l.indices(g, k)
		if !ok {
			return p, false
		}
		p.columns = l.plus(p.columns, l.spread(l.scaled(at, strides[k]), table, along))
		if !l.safe && !l.inside(g, k) {
			least, end := l.Broadcast(l.I64(0), at.Type.Dims...), l.Broadcast(l.SizeValue(l.inner[k]), at.Type.Dims...)
			in := l.Op(ir.And, nil, l.Op(ir.Le, nil, least, at), l.Op(ir.Lt, nil, at, end))
			in = l.spread(in, table, along)
			if mask != nil {
				in = l.Op(ir.And, nil, mask, in)
			}
			mask = in
		}
	}
	if p.columns == nil {
		p.columns = l.spread(l.I64(0), table, nil)
	}
	p.counts = l.counts(mask, table)
	flat := func(v *ir.Value) *ir.Value { return l.reshape(l.byRows(v), total) }
	rows := p.rows
	p.rows, p.columns = flat(p.rows), flat(p.columns)
	if mask != nil {
		_, inside := l.Nonzero(flat(mask))
		p.rows, p.columns = l.take(p.rows, inside), l.take(p.columns, inside)
	} else if colours := l.shifted(g); colours != nil {
		p.products = flat(l.Op(ir.Add, nil, colours, rows))
		return p, true
	}
	p.products = l.Op(ir.Add, nil, l.scaled(l.take(l.colour, p.columns), l.height), p.rows)
	return p, true
}

// byRows is a table with the relations behind the axes of the output.
func (l *lister) byRows(v *ir.Value) *ir.Value {
	if len(l.outer) == 0 {
		return v
	}
	perm := axes(1, len(l.outer))
	perm = append(perm, 0)
	return l.Op(ir.Transpose, ir.PermAttr{Perm: append(perm, axes(1+len(l.outer), v.Type.Rank()-1-len(l.outer))...)}, v)
}

// counts tells how many places of a table each row has, by the mask of those that
// there are; nil is all.
func (l *lister) counts(mask *ir.Value, table []ir.Dim) *ir.Value {
	others := append([]int{0}, axes(1+len(l.outer), len(table)-1-len(l.outer))...)
	if mask != nil {
		sum := l.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: others}, l.Convert(mask, ir.I64))
		return l.reshape(sum, l.rows)
	}
	each := l.I64(1)
	for _, k := range others {
		each = l.Op(ir.Mul, nil, each, l.SizeValue(table[k]))
	}
	return l.Broadcast(each, l.rows)
}

// shifted gives, for a group along one axis all of whose places are there, where
// the colours of its places begin in the products, without a look at each: they
// are those of the columns, shifted. It is nil for other groups.
func (l *lister) shifted(g *group) *ir.Value {
	if len(l.outer) != 1 || len(l.inner) != 1 || g.first[0].Full || g.first[0].Axis != 0 || g.first[0].Step != 1 {
		return nil
	}
	start, ok := g.first[0].Offset.Add(l.first)
	if !ok {
		return nil
	}
	begins := l.scaled(l.colour, l.height)
	var lines []*ir.Value
	for _, offset := range g.column(0) {
		from, ok := start.Add(ir.Size(offset))
		if !ok {
			return nil
		}
		line := l.Op(ir.Slice, ir.SliceAttr{Dims: l.outer, Steps: []int64{1}}, begins, l.SizeValue(from))
		lines = append(lines, l.reshape(line, ir.Size(1), l.rows))
	}
	if len(lines) == 1 {
		return lines[0]
	}
	return l.Op(ir.Concat, ir.AxisAttr{}, lines...)
}

// merged gives the places of all groups, each once.
func (l *lister) merged(groups []*group) (p places, ok bool) {
	var keys []*ir.Value
	for _, g := range groups {
		q, ok := l.list(g)
		if !ok {
			return p, false
		}
		keys = append(keys, l.Op(ir.Add, nil, l.scaled(q.rows, l.columns), q.columns))
	}
	key := keys[0]
	if len(keys) > 1 {
		key = l.Op(ir.Concat, ir.AxisAttr{}, keys...)
	}
	key = l.Op(ir.Sort, nil, key)
	n := key.Type.Dims[0]
	none := l.reshape(l.I64(-1), ir.Size(1))
	before := l.Op(ir.Slice, ir.SliceAttr{Dims: []ir.Dim{n}, Steps: []int64{1}}, l.Op(ir.Concat, ir.AxisAttr{}, none, key), l.I64(0))
	_, distinct := l.Nonzero(l.Op(ir.Not, nil, l.Op(ir.Eq, nil, key, before)))
	key = l.take(key, distinct)
	width := l.Broadcast(l.SizeValue(l.columns), key.Type.Dims...)
	p.rows, p.columns = l.Op(ir.FloorDiv, nil, key, width), l.Op(ir.Mod, nil, key, width)
	p.products = p.rows
	zeros, ones := l.Broadcast(l.I64(0), l.rows), l.Broadcast(l.I64(1), key.Type.Dims...)
	p.counts = l.Op(ir.Accumulate, ir.IndexAttr{Spec: "t"}, zeros, ones, p.rows)
	return p, true
}

// ends tells where each row begins, and where the last one ends.
func (l *lister) ends(p places) *ir.Value {
	if p.starts != nil {
		return p.starts
	}
	return l.Op(ir.Concat, ir.AxisAttr{}, l.reshape(l.I64(0), ir.Size(1)), l.Op(ir.Scan, ir.ScanAttr{Kind: ir.CumSum}, p.counts))
}

// indices gives where the places lie along axis k of the input: a table of some
// of the axes of the table.
func (l *lister) indices(g *group, k int) (at *ir.Value, along []int, ok bool) {
	x := g.first[k]
	if x.Axis == 0 {
		moved, ok := l.first.Mul(ir.Size(x.Step))
		if !ok {
			return nil, nil, false
		}
		if x.Offset, ok = x.Offset.Add(moved); !ok {
			return nil, nil, false
		}
	}
	if x.Axis >= 0 && x.Step != 0 {
		along, at = []int{1 + x.Axis}, l.scaled(l.iota(l.outer[x.Axis]), ir.Size(x.Step))
	}
	if g.varies(k) {
		offsets := g.column(k)
		beyond := l.ArrayConst(ir.ArrayOf(ir.I64, ir.Size(int64(len(offsets)))), ir.ArrayLiteral{I: offsets})
		if !x.Offset.IsConst(0) {
			beyond = l.Op(ir.Add, nil, beyond, l.Broadcast(l.SizeValue(x.Offset), beyond.Type.Dims...))
		}
		if at == nil {
			return beyond, []int{0}, true
		}
		dims := []ir.Dim{beyond.Type.Dims[0], at.Type.Dims[0]}
		return l.Op(ir.Add, nil, l.spread(at, dims, []int{1}), l.spread(beyond, dims, []int{0})), append([]int{0}, along...), true
	}
	offset, ok := x.Offset.Add(ir.Size(g.offsets[0][k]))
	if !ok {
		return nil, nil, false
	}
	switch {
	case at == nil:
		return l.SizeValue(offset), nil, true
	case offset.IsConst(0):
		return at, along, true
	}
	return l.Op(ir.Add, nil, at, l.Broadcast(l.SizeValue(offset), at.Type.Dims...)), along, true
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

// axes are n axes from first on.
func axes(first, n int) []int {
	out := make([]int, n)
	for k := range out {
		out[k] = first + k
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
