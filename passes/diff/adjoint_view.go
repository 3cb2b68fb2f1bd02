package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// adjointBroadcast sums over the axes that were new or repeated.
func adjointBroadcast(fr *frame, op *ir.Op, d dvalue) {
	x := op.Args[0]
	if !fr.active(x) {
		return
	}
	dims := op.Results[0].Type.Dims
	lead := len(dims) - x.Type.Rank()
	var axes []int
	for axis, n := range dims {
		if axis < lead || !n.Equal(x.Type.Dims[axis-lead]) {
			axes = append(axes, axis)
		}
	}
	fr.add(x, fr.reshaped(fr.e.sumOver(d, axes...), fr.dims(x.Type.Dims)))
}

func (fr *frame) reshaped(d dvalue, dims []ir.Dim) dvalue {
	if d.zero() || slices.EqualFunc(d.v.Type.Dims, dims, ir.Dim.Equal) {
		return d
	}
	return fr.e.linear(d, func(v *ir.Value) *ir.Value { return fr.e.Op(ir.Reshape, ir.DimsAttr{Dims: dims}, v) })
}

func adjointTranspose(fr *frame, op *ir.Op, d dvalue) {
	perm := op.Attr.(ir.PermAttr).Perm
	inverse := make([]int, len(perm))
	for i, axis := range perm {
		inverse[axis] = i
	}
	fr.add(op.Args[0], fr.transposed(d, inverse))
}

func (fr *frame) transposed(d dvalue, perm []int) dvalue {
	if slices.IsSorted(perm) {
		return d
	}
	return fr.e.linear(d, func(v *ir.Value) *ir.Value { return fr.e.Op(ir.Transpose, ir.PermAttr{Perm: perm}, v) })
}

// adjointReshape is that of Retype too.
func adjointReshape(fr *frame, op *ir.Op, d dvalue) {
	x := op.Args[0]
	if !fr.active(x) {
		return
	}
	if op.Code == ir.Retype {
		fr.add(x, fr.e.like(d, fr.typ(x.Type)))
		return
	}
	fr.add(x, fr.reshaped(d, fr.dims(x.Type.Dims)))
}

// adjointSlice adds the cotangent to the elements that were taken.
func adjointSlice(fr *frame, op *ir.Op, d dvalue) {
	x, attr := op.Args[0], op.Attr.(ir.SliceAttr)
	if !fr.active(x) {
		return
	}
	var spec []byte
	var index ir.IndexAttr
	var starts []*ir.Value
	for axis, n := range attr.Dims {
		if n.Equal(x.Type.Dims[axis]) && attr.Steps[axis] == 1 {
			spec = append(spec, ':')
			continue
		}
		spec = append(spec, 'r')
		index.Range = append(index.Range, ir.RangeAttr{Dim: fr.dim(n), Step: attr.Steps[axis]})
		starts = append(starts, op.Args[1+axis])
	}
	index.Spec = string(spec)
	fr.scatter(x, index, d, fr.needAll(starts))
}

func (fr *frame) needAll(values []*ir.Value) []*ir.Value {
	list := make([]*ir.Value, len(values))
	for i, v := range values {
		list[i] = fr.need(v)
	}
	return list
}

// adjointConcat takes the parts; that of Append too.
func adjointConcat(fr *frame, op *ir.Op, d dvalue) {
	axis := 0
	if attr, ok := op.Attr.(ir.AxisAttr); ok {
		axis = attr.Axis
	}
	start := ir.Size(0)
	for _, x := range op.Args {
		n := fr.dim(x.Type.Dims[axis])
		if fr.active(x) {
			fr.add(x, fr.part(d, axis, start, fr.dims(x.Type.Dims)))
		}
		var ok bool
		if start, ok = start.Add(n); !ok {
			panic("diff: the sum of the sizes has too many terms")
		}
	}
}

// part is the piece of d of these sizes that begins at start of an axis, and at 0
// of the others.
func (fr *frame) part(d dvalue, axis int, start ir.Dim, dims []ir.Dim) dvalue {
	steps := make([]int64, len(dims))
	starts := make([]*ir.Value, len(dims))
	for i := range dims {
		steps[i], starts[i] = 1, fr.e.I64(0)
	}
	starts[axis] = fr.e.SizeValue(start)
	return fr.e.linear(d, func(v *ir.Value) *ir.Value {
		return fr.e.Op(ir.Slice, ir.SliceAttr{Dims: dims, Steps: steps}, append([]*ir.Value{v}, starts...)...)
	})
}
