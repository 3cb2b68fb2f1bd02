package pattern

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// operation gives the results of op their patterns.
func (a *analysis) operation(op *ir.Op) {
	info := op.Code.Info()
	if info.Derivative.Kind == ir.Cut || info.Class == ir.Creation {
		return
	}
	switch op.Code {
	case ir.If:
		a.conditional(op)
		return
	case ir.Map:
		a.mapRegion(op)
		return
	case ir.For, ir.While:
		a.loop(op)
		return
	case ir.Call:
		a.call(op)
		return
	}
	if !slices.ContainsFunc(op.Args, func(v *ir.Value) bool { return a.values[v] != nil }) {
		return
	}
	if len(op.Results) != 1 {
		a.mixes(op, 0)
		return
	}
	result := op.Results[0]
	if !result.Type.DType.IsInexact() {
		return
	}
	switch {
	case info.Class == ir.Elementwise:
		p := make([]Pattern, len(a.f.Params))
		for _, v := range op.Args {
			p = a.union(p, a.here(v))
		}
		a.set(result, p)
	case op.Code == ir.Reduce:
		a.set(result, a.mapped(a.here(op.Args[0]), a.reduced(op)))
	case op.Code == ir.Contract:
		a.set(result, a.contracted(op))
	case op.Code == ir.Concat, op.Code == ir.Append:
		a.joined(op)
	case op.Code == ir.Update, op.Code == ir.Accumulate:
		a.written(op)
	case op.Code == ir.Scan, op.Code == ir.Sort:
		a.mixes(op, 1)
	case op.Code == ir.Lib:
		a.mixes(op, ir.LookupLibrary(op.Attr.(ir.LibAttr).Name).Rank(0))
	default:
		at, others := a.viewed(op)
		p := a.mapped(a.here(op.Args[0]), at)
		for _, other := range others {
			p = a.union(p, a.mapped(a.here(op.Args[0]), other))
		}
		a.set(result, p)
	}
}

// mixes is an operation each element of whose results depends on everything
// along the last axes of its operands; those before are batch axes.
func (a *analysis) mixes(op *ir.Op, core int) {
	for _, v := range op.Results {
		if !v.Type.DType.IsInexact() {
			continue
		}
		p := make([]Pattern, len(a.f.Params))
		for _, x := range op.Args {
			if a.values[x] == nil {
				continue
			}
			at := a.axes(x.Type.Rank())
			for k := range at {
				if k >= a.lead && (k >= len(at)-core || core == 0) {
					at[k] = full
				}
			}
			p = a.union(p, a.mapped(a.here(x), at))
		}
		a.set(v, p)
	}
}

// viewed is where the elements of a view lie in its operand; they may lie in the
// places of others too.
func (a *analysis) viewed(op *ir.Op) (at Relation, others []Relation) {
	x, y := op.Args[0], op.Results[0]
	at = a.axes(x.Type.Rank())
	own := at[a.lead:]
	switch attr := op.Attr.(type) {
	case ir.PermAttr:
		for k, axis := range attr.Perm {
			own[axis] = along(a.lead + k)
		}
	case ir.SliceAttr:
		for k := range own {
			start := a.at(op.Args[1+k], 0)
			if start.Full || start.Axis >= 0 {
				own[k] = full
				continue
			}
			own[k] = Index{Axis: a.lead + k, Step: attr.Steps[k], Offset: start.Offset}
		}
	case ir.IndexAttr:
		for k, around := range a.gathered(op, attr, own) {
			if around.Offset.Equal(own[k].Offset) {
				continue
			}
			for _, r := range slices.Concat(others, []Relation{at}) {
				other := slices.Clone(r)
				other[a.lead+k] = around
				others = append(others, other)
			}
		}
	case ir.DimsAttr:
		if op.Code == ir.Broadcast {
			shift := y.Type.Rank() - x.Type.Rank()
			for k, d := range x.Type.Dims {
				own[k] = along(a.lead + shift + k)
				if d.IsConst(1) && !y.Type.Dims[shift+k].IsConst(1) {
					own[k] = fixed(ir.Size(0))
				}
			}
		} else {
			a.reshaped(x.Type.Dims, y.Type.Dims, own)
		}
	}
	return at, others
}

// reshaped pairs axes of equal sizes from both ends; axes of size 1 may come
// and go, what is left is full.
func (a *analysis) reshaped(x, y []ir.Dim, own Relation) {
	for k, d := range x {
		if d.IsConst(1) {
			own[k] = fixed(ir.Size(0))
		} else {
			own[k] = full
		}
	}
	i, j := 0, 0
	for {
		for i < len(x) && x[i].IsConst(1) {
			i++
		}
		for j < len(y) && y[j].IsConst(1) {
			j++
		}
		if i == len(x) || j == len(y) || !x[i].Equal(y[j]) {
			break
		}
		own[i] = along(a.lead + j)
		i, j = i+1, j+1
	}
	m, n := len(x), len(y)
	for {
		for m > i && x[m-1].IsConst(1) {
			m--
		}
		for n > j && y[n-1].IsConst(1) {
			n--
		}
		if m == i || n == j || !x[m-1].Equal(y[n-1]) {
			return
		}
		m, n = m-1, n-1
		own[m] = along(a.lead + n)
	}
}

// gathered is where a gather takes its elements from, and, where an index may be
// negative and count from the end, where it does then.
func (a *analysis) gathered(op *ir.Op, attr ir.IndexAttr, own Relation) (around Relation) {
	operands := op.Args[1:]
	axis, tables := a.lead, -1
	for k := range attr.Batch {
		own[k] = along(axis)
		axis++
	}
	around = slices.Clone(own)
	ranges := attr.Range
	for k, letter := range attr.Spec {
		k += attr.Batch
		if letter == ':' {
			own[k] = along(axis)
			around[k] = own[k]
			axis++
			continue
		}
		v := operands[0]
		operands = operands[1:]
		switch letter {
		case '@':
			own[k], around[k] = a.wrapped(a.at(v, 0), attr, op.Args[0].Type.Dims[k])
		case 'r':
			start := a.at(v, 0)
			own[k] = full
			if !start.Full && start.Axis < 0 {
				own[k] = Index{Axis: axis, Step: ranges[0].Step, Offset: start.Offset}
			}
			around[k] = own[k]
			ranges = ranges[1:]
			axis++
		case 't':
			rank := v.Type.Rank() - attr.Batch
			if tables < 0 {
				tables = axis
				axis += rank
			}
			own[k], around[k] = full, full
			if rank == 1 {
				own[k], around[k] = a.wrapped(a.at(v, tables), attr, op.Args[0].Type.Dims[k])
			}
		}
	}
	return around
}

// wrapped is x where negative indices count from the end of n elements: if it may
// be negative, it is one of the two.
func (a *analysis) wrapped(x Index, attr ir.IndexAttr, n ir.Dim) (at, around Index) {
	if !attr.Wrap || x.Full {
		return x, x
	}
	c, known := x.Offset.Const()
	if known && c >= 0 && (x.Axis < 0 || x.Step >= 0) {
		return x, x
	}
	size, ok := a.dim(n)
	if last, ok := size.Sub(ir.Size(1)); ok && x.Axis < 0 && x.Offset.Equal(last) {
		return x, x // or there are no elements
	}
	sum, fits := size.Add(x.Offset)
	if !ok || !fits {
		return full, full
	}
	around = x
	if around.Offset = sum; known && x.Axis < 0 {
		return around, around
	}
	return x, around
}

// reduced is where the elements of a sum lie in its operand.
func (a *analysis) reduced(op *ir.Op) Relation {
	at := a.axes(op.Args[0].Type.Rank())
	next := a.lead
	for k := range op.Args[0].Type.Rank() {
		if slices.Contains(op.Attr.(ir.ReduceAttr).Axes, k) {
			at[a.lead+k] = full
			continue
		}
		at[a.lead+k] = along(next)
		next++
	}
	return at
}

func (a *analysis) contracted(op *ir.Op) []Pattern {
	attr := op.Attr.(ir.ContractAttr)
	sides, result := splitSpec(attr.Spec)
	p := make([]Pattern, len(a.f.Params))
	for i, v := range op.Args {
		at := a.axes(v.Type.Rank())
		for k, letter := range sides[i] {
			at[a.lead+attr.Batch+k] = full
			if j := slices.Index(result, letter); j >= 0 {
				at[a.lead+attr.Batch+k] = along(a.lead + attr.Batch + j)
			}
		}
		p = a.union(p, a.mapped(a.here(v), at))
	}
	return p
}

// splitSpec takes "ik,kj->ij" apart.
func splitSpec(spec string) (sides [2][]rune, result []rune) {
	side := 0
	for _, r := range spec {
		switch {
		case r == ',':
			side = 1
		case r == '-':
			side = 2
		case r == '>':
		case side == 2:
			result = append(result, r)
		default:
			sides[side] = append(sides[side], r)
		}
	}
	return sides, result
}

// joined is that of arrays one after the other: each lies at its offset.
func (a *analysis) joined(op *ir.Op) {
	axis := 0
	if attr, ok := op.Attr.(ir.AxisAttr); ok {
		axis = attr.Axis
	}
	p := make([]Pattern, len(a.f.Params))
	before, known := ir.Size(0), true
	for _, v := range op.Args {
		at := a.axes(v.Type.Rank())
		back, ok := ir.Size(0).Sub(before)
		at[a.lead+axis] = Index{Axis: a.lead + axis, Step: 1, Offset: back}
		if !known || !ok {
			at[a.lead+axis] = full
		}
		part := a.mapped(a.here(v), at)
		d, outside := a.dim(v.Type.Dims[axis])
		if known {
			part = a.within(part, a.lead+axis, before, 1, d)
		}
		p = a.union(p, part)
		sum, fits := before.Add(d)
		before, known = sum, known && outside && fits
	}
	a.set(op.Results[0], p)
}

// written is that of an array with some elements replaced or changed: its own,
// and those of v at the places where they are written.
func (a *analysis) written(op *ir.Op) {
	attr := op.Attr.(ir.IndexAttr)
	x, v := op.Args[0], op.Args[1]
	at := a.axes(v.Type.Rank())
	own := at[a.lead:]
	for k := range attr.Batch {
		own[k] = along(a.lead + k)
	}
	// narrow is where along an axis of x elements are written.
	type narrow struct {
		axis        int
		first, size ir.Dim
		step        int64
	}
	var narrows []narrow
	operands := op.Args[2:]
	axis, tables := attr.Batch, -1
	ranges := attr.Range
	for k, letter := range attr.Spec {
		k += attr.Batch
		if letter == ':' {
			own[axis] = along(a.lead + k)
			axis++
			continue
		}
		index := operands[0]
		operands = operands[1:]
		switch letter {
		case '@':
			if at, around := a.wrapped(a.at(index, 0), attr, x.Type.Dims[k]); !at.Full && at.Axis < 0 && at.Offset.Equal(around.Offset) {
				narrows = append(narrows, narrow{a.lead + k, at.Offset, ir.Size(1), 1})
			}
		case 'r':
			start := a.at(index, 0)
			if !start.Full && start.Axis < 0 {
				narrows = append(narrows, narrow{a.lead + k, start.Offset, ranges[0].Dim, ranges[0].Step})
			}
			own[axis] = full
			if back, ok := ir.Size(0).Sub(start.Offset); ok && !start.Full && start.Axis < 0 && ranges[0].Step == 1 {
				own[axis] = Index{Axis: a.lead + k, Step: 1, Offset: back}
			}
			ranges = ranges[1:]
			axis++
		case 't':
			if tables < 0 {
				tables = axis
				axis += index.Type.Rank() - attr.Batch
				for j := tables; j < axis; j++ {
					own[j] = full
				}
			}
		}
	}
	part := a.mapped(a.here(v), at)
	for _, n := range narrows {
		part = a.within(part, n.axis, n.first, n.step, n.size)
	}
	a.set(op.Results[0], a.union(a.here(x), part))
}

// few is how many elements of an axis are told apart by within.
const few = 4

// within is p for a part of the output, the elements at first, first + step, … of an
// axis, size of them. What they depend on at a fixed place is told by how far that
// is from each: so it counts for a diagonal of the output, not for all of it.
func (a *analysis) within(p []Pattern, axis int, first ir.Dim, step int64, size ir.Dim) []Pattern {
	n, known := size.Const()
	if !known || n > few {
		return p
	}
	out := make([]Pattern, len(p))
	for i, param := range a.f.Params {
		for _, r := range p[i] {
			k := slices.IndexFunc(r, func(x Index) bool { return !x.Full && x.Axis < 0 })
			if k < 0 {
				out[i] = union(out[i], Pattern{r}, param.Type.Rank())
				continue
			}
			for j := range n {
				moved := slices.Clone(r)
				at, ok := first.Add(ir.Size(j * step))
				if ok {
					moved[k] = along(axis)
					moved[k].Offset, ok = r[k].Offset.Sub(at)
				}
				if !ok {
					moved = r
				}
				out[i] = union(out[i], Pattern{moved}, param.Type.Rank())
			}
		}
	}
	return out
}
