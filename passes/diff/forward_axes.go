package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// spread is v repeated along axes of dims, which are those that v lacks.
func (e *emitter) spread(v *ir.Value, axes []int, dims []ir.Dim) *ir.Value {
	var lead, perm []int
	lead = append(lead, axes...)
	for axis := range dims {
		if !slices.Contains(axes, axis) {
			lead = append(lead, axis)
		}
	}
	order := make([]ir.Dim, len(dims))
	perm = make([]int, len(dims))
	for i, axis := range lead {
		order[i], perm[axis] = dims[axis], i
	}
	return e.transposed(e.Broadcast(v, order...), perm)
}

// transposed is v with its axes in another order.
func (e *emitter) transposed(v *ir.Value, perm []int) *ir.Value {
	if slices.IsSorted(perm) {
		return v
	}
	return e.Op(ir.Transpose, ir.PermAttr{Perm: perm}, v)
}

// lastAxis is the order of axes in which axis comes last.
func lastAxis(rank, axis int) []int {
	var perm []int
	for i := range rank {
		if i != axis {
			perm = append(perm, i)
		}
	}
	return append(perm, axis)
}

// shifted is v, of shape [… n], moved one place along its last axis: down, so
// that element 0 is n, or up. What comes in is the number fill.
func (e *emitter) shifted(v *ir.Value, fill int64, up bool) *ir.Value {
	t := v.Type
	last := t.Rank() - 1
	if _, ok := t.Dims[last].Add(ir.Size(1)); !ok {
		dims := slices.Clone(t.Dims)
		dims[last] = e.Shorten(dims[last])
		return e.coerced(e.shifted(e.coerced(v, ir.Type{DType: t.DType, Dims: dims}), fill, up), t)
	}
	dims := slices.Clone(t.Dims)
	dims[last] = ir.Size(1)
	parts := []*ir.Value{e.fill(ir.Type{DType: t.DType, Dims: dims}, fill), v}
	start := e.I64(0)
	starts := make([]*ir.Value, t.Rank())
	for i := range starts {
		starts[i] = start
	}
	if up {
		slices.Reverse(parts)
		starts[last] = e.I64(1)
	}
	joined := e.Op(ir.Concat, ir.AxisAttr{Axis: last}, parts...)
	steps := make([]int64, t.Rank())
	for i := range steps {
		steps[i] = 1
	}
	return e.Op(ir.Slice, ir.SliceAttr{Dims: t.Dims, Steps: steps}, append([]*ir.Value{joined}, starts...)...)
}

// scan is a scan of v along its last axis.
func (e *emitter) scan(kind ir.ScanKind, reverse bool, v ...*ir.Value) *ir.Value {
	return e.Op(ir.Scan, ir.ScanAttr{Kind: kind, Reverse: reverse}, v...)
}

// before is the product of the elements of x, [… n], that come before each one
// along the last axis, or behind it.
func (e *emitter) before(x *ir.Value, behind bool) *ir.Value {
	return e.shifted(e.scan(ir.CumProd, behind, x), 1, behind)
}

// others is the product of all elements along the last axis but each one: not
// the quotient, which does not know what to do at zeros.
func (e *emitter) others(x *ir.Value) *ir.Value {
	return e.Op(ir.Mul, nil, e.before(x, false), e.before(x, true))
}

func tangentOfReduce(e *emitter, s site) dvalue {
	attr := s.op.Attr.(ir.ReduceAttr)
	x, d := s.args[0], s.d[0]
	switch attr.Kind {
	case ir.ReduceSum:
		return e.sumOver(d, attr.Axes...)
	case ir.ReduceProd:
		for _, axis := range slices.Backward(attr.Axes) {
			perm := lastAxis(x.Type.Rank(), axis)
			turn := func(v *ir.Value) *ir.Value { return e.transposed(v, perm) }
			x, d = turn(x), e.linear(d, turn)
			last := x.Type.Rank() - 1
			d = e.sumOver(e.mul(d, e.others(x)), last)
			x = e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceProd, Axes: []int{last}}, x)
		}
		return d
	case ir.ReduceMin, ir.ReduceMax:
		attained, count := e.attained(x, s.y, attr.Axes)
		total := e.sumOver(e.restrict(d, attained, true), attr.Axes...)
		if d.kind() == dense {
			total.mask = nil
		}
		return e.elementwise(total, func(v *ir.Value) *ir.Value { return e.Op(ir.Div, nil, v, count) })
	}
	return dvalue{}
}

// attained tells where the extreme y of x along axes is, and at how many places,
// which share its derivative equally. If any element is NaN, so is y.
func (e *emitter) attained(x, y *ir.Value, axes []int) (where, count *ir.Value) {
	where = e.same(x, e.spread(y, axes, x.Type.Dims))
	count = e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: axes}, e.Convert(where, x.Type.DType))
	return where, count
}

// same tells where x is y, which is NaN wherever x is.
func (e *emitter) same(x, y *ir.Value) *ir.Value {
	return e.Op(ir.Or, nil, e.Op(ir.Eq, nil, x, y), e.Op(ir.Not, nil, e.Op(ir.Eq, nil, x, x)))
}

// soFar tells where a mask is true at an element or anywhere before it, along
// the last axis.
func (e *emitter) soFar(mask *ir.Value, reverse bool) *ir.Value {
	if mask == nil {
		return nil
	}
	return e.positive(e.scan(ir.CumSum, reverse, e.Convert(mask, ir.I64)))
}

// positive tells where counts are greater than 0.
func (e *emitter) positive(count *ir.Value) *ir.Value {
	return e.Op(ir.Lt, nil, e.fill(count.Type, 0), count)
}

func tangentOfScan(e *emitter, s site) dvalue {
	attr := s.op.Attr.(ir.ScanAttr)
	x, d := s.args[0], s.d[0]
	switch attr.Kind {
	case ir.CumSum:
		return e.exactly(dvalue{e.scan(ir.CumSum, attr.Reverse, e.settle(d, x.Type)), e.soFar(d.mask, attr.Reverse)})
	case ir.CumProd: // y[i] = y[i-1] x[i]
		return e.recurred(x, e.mul(d, e.before(x, attr.Reverse)), attr.Reverse)
	case ir.CumMin, ir.CumMax:
		return e.alongLast(d, e.attaining(s.y, attr.Reverse))
	}
	// y[i] = a[i] y[i-1] + b[i]
	own := e.sum(e.mul(d, e.shifted(s.y, 0, attr.Reverse)), s.d[1])
	return e.recurred(x, own, attr.Reverse)
}

// recurred is d and each time the element before it multiplied by a factor of
// its own. Where that is zero by its mask the factor, which may be infinite, does
// not count.
func (e *emitter) recurred(factors *ir.Value, d dvalue, reverse bool) dvalue {
	mask := e.soFar(d.mask, reverse)
	if mask != nil {
		factors = e.settle(dvalue{factors, e.shifted(mask, 0, reverse)}, factors.Type)
	}
	return e.exactly(dvalue{e.scan(ir.Recur, reverse, factors, e.settle(d, factors.Type)), mask})
}

// attaining is, for each element of the cumulated extreme y, the place where it
// was first attained, along the last axis.
func (e *emitter) attaining(y *ir.Value, reverse bool) *ir.Value {
	dims := y.Type.Dims
	n := dims[len(dims)-1]
	place := e.Broadcast(e.Op(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{n}}), dims...)
	same := e.same(e.shifted(y, 0, reverse), y)
	kind, start := ir.CumMax, e.I64(0)
	if reverse {
		kind, start = ir.CumMin, e.Op(ir.Sub, nil, e.SizeValue(n), e.I64(1))
	}
	return e.scan(kind, reverse, e.Op(ir.Select, nil, same, e.Broadcast(start, dims...), place))
}

func tangentOfContract(e *emitter, s site) dvalue {
	attr := s.op.Attr.(ir.ContractAttr)
	letters, _ := ir.ParseContract(attr.Spec)
	var total dvalue
	for i, d := range s.d {
		if d.zero() {
			continue
		}
		u := dvalue{v: e.contract(attr, i, d, s.args[1-i])}
		if d.mask != nil {
			own := []string{letters.A, letters.B}[i]
			u.mask = e.contracted(d.mask, attr.Batch, own, letters.Result, s.y.Type.Dims)
		}
		total = e.sum(total, u)
	}
	return total
}

// contract is the contraction of d, operand i of it, and another array. Where d is
// zero by its mask the elements that it meets do not count, be they infinite. That
// they are is rare; it is looked for only if a NaN comes out.
func (e *emitter) contract(attr ir.ContractAttr, i int, d dvalue, other *ir.Value) *ir.Value {
	with := func(e *emitter, attr ir.ContractAttr, x, other *ir.Value) *ir.Value {
		if i == 1 {
			x, other = other, x
		}
		if scaled := e.scaled(attr, x, other); scaled != nil {
			return scaled
		}
		return e.Op(ir.Contract, attr, x, other)
	}
	settled := e.settle(d, ir.Type{})
	product := with(e, attr, settled, other)
	if d.mask == nil || known(other) != nil {
		return product
	}
	whole := e.Op(ir.Eq, nil, product, product)
	if product.Type.Rank() > 0 {
		whole = e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceAll, Axes: allAxes(product.Type)}, whole)
	}
	rare, usual := e.inside(), e.inside()
	usual.Block.Yield = []*ir.Value{product}
	none := rare.fill(other.Type, 0)
	finite := rare.Op(ir.Eq, nil, rare.Op(ir.Sub, nil, other, other), none)
	infinite := rare.Op(ir.Not, nil, finite)
	meets := rare.positive(with(rare, attr, rare.Convert(d.mask, ir.F64), rare.Convert(infinite, ir.F64)))
	rest := with(rare, attr, settled, rare.Op(ir.Select, nil, finite, other, none))
	rare.Block.Yield = []*ir.Value{rare.Op(ir.Select, nil, meets, product, rest)}
	return e.EmitTyped(ir.If, nil, []*ir.Value{whole}, []ir.Type{product.Type}, usual.Block, rare.Block)[0]
}

// scaled is a contraction that multiplies all of an array by one number; nil if
// it is another.
func (e *emitter) scaled(attr ir.ContractAttr, x, y *ir.Value) *ir.Value {
	letters, _ := ir.ParseContract(attr.Spec)
	switch {
	case attr.Batch == 0 && letters.A == "" && letters.B == letters.Result:
		x = e.Broadcast(x, y.Type.Dims...)
	case attr.Batch == 0 && letters.B == "" && letters.A == letters.Result:
		y = e.Broadcast(y, x.Type.Dims...)
	default:
		return nil
	}
	return e.Op(ir.Mul, nil, x, y)
}

// contracted tells, for each element of a contraction with the axes result,
// whether it depends on any element of an operand, with the axes own, where mask
// is true. Both have batch axes before.
func (e *emitter) contracted(mask *ir.Value, batch int, own, result string, dims []ir.Dim) *ir.Value {
	var summed, lacking []int
	for i := range len(own) {
		if strings.IndexByte(result, own[i]) < 0 {
			summed = append(summed, batch+i)
		}
	}
	left := ""
	for i := range len(own) {
		if strings.IndexByte(result, own[i]) >= 0 {
			left += own[i : i+1]
		}
	}
	mask = e.anyOver(mask, summed...)
	perm := make([]int, 0, mask.Type.Rank())
	for i := range batch {
		perm = append(perm, i)
	}
	for i := range len(result) {
		if k := strings.IndexByte(left, result[i]); k >= 0 {
			perm = append(perm, batch+k)
		} else {
			lacking = append(lacking, batch+i)
		}
	}
	return e.spread(e.transposed(mask, perm), lacking, dims)
}
