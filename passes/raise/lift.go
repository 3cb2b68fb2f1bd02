package raise

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// axes are indices of a map, ascending, by their number.
type axes []int

func (a axes) union(b axes) axes {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

func (a axes) equal(b axes) bool { return slices.Equal(a, b) }

// A lifted value is what a value of the body is for all values of the indices
// that it depends on: those axes lead.
type lifted struct {
	axes axes
	v    *ir.Value
}

// A lifter builds the operations that do what a map does. It gives up by
// setting failed.
type lifter struct {
	*raiser
	b      *ir.Builder
	dims   []ir.Dim
	params []*ir.Value       // of the body: the indices
	index  map[*ir.Value]int // their numbers
	values map[*ir.Value]lifted
	bounds []ir.Type // operands and results, which intermediate values may be as large as
	failed bool
}

// lift replaces a map, if it can, and if no value on the way is larger than all
// operands and results.
func (r *raiser) lift(op *ir.Op) bool {
	body := op.Regions[0]
	l := &lifter{raiser: r, b: ir.NewBuilder(r.f, &ir.Block{}), dims: op.Attr.(ir.MapAttr).Dims,
		params: body.Params, index: map[*ir.Value]int{}, values: map[*ir.Value]lifted{}}
	for k, v := range body.Params {
		l.index[v] = k
	}
	l.findBounds(op)
	for i, needed := range r.needed(body) {
		if !needed {
			continue
		}
		l.b.From(body.Ops[i])
		if l.operation(body.Ops[i]); l.failed {
			return false
		}
	}
	l.b.From(op)
	results := make([]*ir.Value, len(body.Yield))
	for i, v := range body.Yield {
		results[i] = l.full(v)
		if l.failed || !results[i].Type.Equal(op.Results[i].Type) {
			return false
		}
	}
	for i, v := range op.Results {
		r.replace(v, results[i])
	}
	r.r.Emit(l.b.Block.Ops...)
	return true
}

// needed tells of each operation of a body whether it may fail, has an effect, or
// is used by one that is needed.
func (r *raiser) needed(body *ir.Block) []bool {
	used := map[*ir.Value]bool{}
	use := func(v *ir.Value) { used[v] = true }
	body.Uses(r.f, use)
	needed := make([]bool, len(body.Ops))
	for i, op := range slices.Backward(body.Ops) {
		needed[i] = len(op.Regions) > 0 || r.effects.Ordered(op) || r.ranges.MayFail(op, r.effects)
		for _, v := range op.Results {
			needed[i] = needed[i] || used[v]
		}
		if needed[i] {
			op.AllUses(r.f, use)
		}
	}
	return needed
}

// findBounds notes the types of the operands and results of a map.
func (l *lifter) findBounds(op *ir.Op) {
	inside := map[*ir.Value]bool{}
	note := func(v *ir.Value) {
		if !inside[v] && !slices.ContainsFunc(l.bounds, v.Type.Equal) {
			l.bounds = append(l.bounds, v.Type)
		}
		inside[v] = true
	}
	for _, v := range op.Results {
		note(v)
	}
	for _, inner := range op.Regions[0].Ops {
		for _, v := range inner.Args {
			note(v)
		}
		for _, v := range inner.Results {
			inside[v] = true
		}
	}
}

// fits reports whether an array of these sizes is certainly not larger than
// some operand or result: each size is at most another one of that.
func (l *lifter) fits(dims []ir.Dim) bool {
	return slices.ContainsFunc(l.bounds, func(t ir.Type) bool {
		free := slices.Clone(t.Dims)
		for _, d := range dims {
			if d.IsConst(1) {
				continue
			}
			k := slices.IndexFunc(free, d.Equal)
			if k < 0 {
				k = slices.IndexFunc(free, func(e ir.Dim) bool { return l.ranges.AtMost(d, e) })
			}
			if k < 0 {
				return false
			}
			free = slices.Delete(free, k, k+1)
		}
		return true
	})
}

// get is what v is lifted: v itself if it does not depend on an index.
func (l *lifter) get(v *ir.Value) lifted {
	if found, ok := l.values[v]; ok {
		return found
	}
	k, ok := l.index[v]
	if !ok {
		return lifted{nil, v}
	}
	made := lifted{axes{k}, l.try(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{l.dims[k]}})}
	l.values[v] = made
	return made
}

func (l *lifter) set(v *ir.Value, made lifted) {
	if made.v != nil && made.v.Name == "" {
		made.v.Name = v.Name
	}
	l.values[v] = made
}

// sizes are those of the axes.
func (l *lifter) sizes(a axes) []ir.Dim {
	dims := make([]ir.Dim, len(a))
	for i, k := range a {
		dims[i] = l.dims[k]
	}
	return dims
}

// try appends an operation with one result, unless it does not type.
func (l *lifter) try(code ir.Code, attr ir.Attr, args ...*ir.Value) *ir.Value {
	results := l.tryAll(code, attr, args)
	if l.failed {
		return nil
	}
	return results[0]
}

func (l *lifter) tryAll(code ir.Code, attr ir.Attr, args []*ir.Value) []*ir.Value {
	if l.failed || slices.Contains(args, nil) {
		l.failed = true
		return nil
	}
	types, err := ir.Infer(l.f, code, attr, args)
	if err != nil {
		l.failed = true
		return nil
	}
	for _, t := range types {
		l.failed = l.failed || !l.fits(t.Dims)
	}
	return l.b.EmitTyped(code, attr, args, types)
}

// emit is try with the code of op.
func (l *lifter) emit(op *ir.Op, attr ir.Attr, args ...*ir.Value) *ir.Value {
	return l.try(op.Code, attr, args...)
}

// expand repeats what x is along the axes of all that it does not have.
func (l *lifter) expand(x lifted, all axes) *ir.Value {
	if x.axes.equal(all) || x.v == nil || l.failed {
		return x.v
	}
	core := x.v.Type.Dims[len(x.axes):]
	dims := append(l.sizes(all), core...)
	// Axes of size 1 hold the places between those that x has.
	if missing := len(all) - len(x.axes); len(x.axes) > 0 && !x.axes.equal(all[missing:]) {
		var ones []ir.Dim
		for _, k := range all {
			if slices.Contains(x.axes, k) {
				ones = append(ones, l.dims[k])
			} else {
				ones = append(ones, ir.Size(1))
			}
		}
		x.v = l.try(ir.Reshape, ir.DimsAttr{Dims: append(ones, core...)}, x.v)
	}
	return l.try(ir.Broadcast, ir.DimsAttr{Dims: dims}, x.v)
}

// full is v with all indices.
func (l *lifter) full(v *ir.Value) *ir.Value {
	all := make(axes, len(l.dims))
	for k := range all {
		all[k] = k
	}
	return l.expand(l.get(v), all)
}

// rebuilt reports whether v is not there outside of the map as it is.
func (l *lifter) rebuilt(v *ir.Value) bool {
	_, isIndex := l.index[v]
	_, isLifted := l.values[v]
	return isIndex || isLifted
}

// mayBeEmpty reports whether an axis of size d may have no elements.
func (l *lifter) mayBeEmpty(d ir.Dim) bool { return !l.ranges.AtMost(ir.Size(1), d) }

// operation lifts an operation of the body.
func (l *lifter) operation(op *ir.Op) {
	var all axes
	for _, v := range op.Args {
		if k, ok := l.index[v]; ok {
			all = all.union(axes{k})
		}
		all = all.union(l.values[v].axes)
	}
	// What may fail must not be done where another index has no values.
	if l.ranges.MayFail(op, l.effects) {
		for k, d := range l.dims {
			if l.mayBeEmpty(d) {
				all = all.union(axes{k})
			}
		}
	}
	// A size that depends on an index can't be lifted.
	op.Uses(l.f, func(v *ir.Value) {
		l.failed = l.failed || !slices.Contains(op.Args, v) && l.rebuilt(v)
	})
	switch {
	case l.failed || len(op.Regions) > 0 || l.effects.Ordered(op):
		l.failed = true
	case slices.ContainsFunc(op.Args, l.rebuilt):
		l.varying(op, all)
	case !l.ranges.Anywhere(op, l.effects):
		l.failed = true // the map may be empty
	default:
		l.b.Block.Ops = append(l.b.Block.Ops, op)
	}
}

// varying lifts an operation that depends on the indices all.
func (l *lifter) varying(op *ir.Op, all axes) {
	lead := l.sizes(all)
	// together appends op with attr on operands that all have these axes.
	together := func(code ir.Code, attr ir.Attr) {
		args := make([]*ir.Value, len(op.Args))
		for i, v := range op.Args {
			args[i] = l.expand(l.get(v), all)
		}
		results := l.tryAll(code, attr, args)
		for i, v := range results {
			l.set(op.Results[i], lifted{all, v})
		}
	}
	with := func(dims []ir.Dim) []ir.Dim { return append(slices.Clone(lead), dims...) }
	switch attr := op.Attr.(type) {
	case nil:
		switch op.Code.Info().Class {
		case ir.Elementwise, ir.Order:
			if op.Code != ir.Nonzero {
				together(op.Code, nil)
				return
			}
		case ir.Join:
			together(ir.Concat, ir.AxisAttr{Axis: len(all)})
			return
		}
		l.failed = true
	case ir.ConvertAttr, ir.ScanAttr, ir.SearchAttr, ir.LibAttr:
		together(op.Code, attr)
	case ir.AxisAttr:
		together(op.Code, ir.AxisAttr{Axis: attr.Axis + len(all)})
	case ir.ReduceAttr:
		// An extreme along an empty axis fails also where the map is empty.
		if op.Code.Info().MayFail(op) && slices.ContainsFunc(attr.Axes, func(axis int) bool {
			return l.mayBeEmpty(op.Args[0].Type.Dims[axis])
		}) {
			l.failed = true
			return
		}
		axes := slices.Clone(attr.Axes)
		for i := range axes {
			axes[i] += len(all)
		}
		together(op.Code, ir.ReduceAttr{Kind: attr.Kind, Axes: axes})
	case ir.PermAttr:
		perm := make([]int, len(all)+len(attr.Perm))
		for i := range perm {
			perm[i] = i
			if i >= len(all) {
				perm[i] = attr.Perm[i-len(all)] + len(all)
			}
		}
		together(op.Code, ir.PermAttr{Perm: perm})
	case ir.DimsAttr:
		if op.Code == ir.Broadcast {
			x := l.get(op.Args[0])
			ones := slices.Repeat([]ir.Dim{ir.Size(1)}, len(attr.Dims)-op.Args[0].Type.Rank())
			if x.v != nil && len(ones) > 0 {
				x.v = l.try(ir.Reshape, ir.DimsAttr{Dims: with(append(ones, op.Args[0].Type.Dims...))}, x.v)
			}
			l.set(op.Results[0], lifted{all, l.try(ir.Broadcast, ir.DimsAttr{Dims: with(attr.Dims)}, x.v)})
			return
		}
		together(op.Code, ir.DimsAttr{Dims: with(attr.Dims)})
	case ir.SliceAttr:
		l.slice(op, attr, all)
	case ir.ContractAttr:
		l.contract(op)
	case ir.IndexAttr:
		if op.Code == ir.Gather {
			l.gather(op, attr, all)
			return
		}
		attr.Batch += len(all)
		together(op.Code, attr)
	default:
		l.failed = true
	}
}

// slice lifts a slice whose starts do not depend on an index.
func (l *lifter) slice(op *ir.Op, attr ir.SliceAttr, all axes) {
	args := []*ir.Value{l.get(op.Args[0]).v}
	var wide ir.SliceAttr
	for range all {
		args = append(args, l.b.I64(0))
		wide.Steps = append(wide.Steps, 1)
	}
	for _, start := range op.Args[1:] {
		l.failed = l.failed || len(l.get(start).axes) > 0
		args = append(args, start)
	}
	if l.failed || l.ranges.MayFail(op, l.effects) {
		l.failed = true
		return
	}
	wide.Dims = append(l.sizes(all), attr.Dims...)
	wide.Steps = append(wide.Steps, attr.Steps...)
	l.set(op.Results[0], lifted{all, l.try(ir.Slice, wide, args...)})
}
