package interp

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// raw is the elements of a as those of another type of the same width.
func raw[T runtime.Element](a *runtime.Array) []T { return slice[T](part(a, 0, a.Len())) }

// moving calls the function for the width of t's elements, for operations that
// move elements and don't look at them.
func moving(t ir.DType, one, four, eight, sixteen func() error) error {
	switch t.Bytes() {
	case 1:
		return one()
	case 4:
		return four()
	case 8:
		return eight()
	}
	return sixteen()
}

func (c *compiler) transpose(op *ir.Op) exec {
	perm := op.Attr.(ir.PermAttr).Perm
	o := c.operands(op)
	return func(f *frame) error {
		x, err := o.array(f, 0)
		if err != nil {
			return err
		}
		y, err := transposed(f.m, x, perm)
		if err != nil {
			return err
		}
		o.done(f, 0, x)
		f.put(o.result, y)
		return nil
	}
}

// transposed shares the storage if no two axes with several elements change
// places.
func transposed(m *machine, x *runtime.Array, perm []int) (*runtime.Array, error) {
	var room [8]int
	shape := room[:0]
	still, before := true, -1
	for _, axis := range perm {
		n := x.Shape()[axis]
		shape = append(shape, n)
		if n > 1 {
			still = still && axis > before
			before = axis
		}
	}
	if still || x.Len() == 0 {
		return m.memory.View(x, 0, shape), nil
	}
	y, err := m.memory.New(x.DType(), shape...)
	if err != nil {
		return nil, err
	}
	return y, moving(x.DType(),
		func() error { return kernel.Transpose(raw[bool](y), raw[bool](x), x.Shape(), perm, m.pollFn) },
		func() error { return kernel.Transpose(raw[float32](y), raw[float32](x), x.Shape(), perm, m.pollFn) },
		func() error { return kernel.Transpose(raw[int64](y), raw[int64](x), x.Shape(), perm, m.pollFn) },
		func() error {
			return kernel.Transpose(raw[complex128](y), raw[complex128](x), x.Shape(), perm, m.pollFn)
		})
}

func (c *compiler) slice(op *ir.Op) exec {
	attr := op.Attr.(ir.SliceAttr)
	o := c.operands(op)
	dims := c.dims(attr.Dims)
	return func(f *frame) error {
		x, err := o.array(f, 0)
		if err != nil {
			return err
		}
		ranges := f.m.ranges[:0]
		for i := range dims {
			n, err := dims[i].size(f.w)
			if err != nil {
				return err
			}
			ranges = append(ranges, kernel.Range{Start: int(f.w[o.locs[1+i].slot]), Count: n, Step: int(attr.Steps[i])})
		}
		f.m.ranges = ranges
		y, err := sliced(f.m, x, ranges)
		if err != nil {
			return err
		}
		o.done(f, 0, x)
		f.put(o.result, y)
		return nil
	}
}

// sliced shares the storage if the elements stand together.
func sliced(m *machine, x *runtime.Array, ranges []kernel.Range) (*runtime.Array, error) {
	var room [8]int
	shape := room[:0]
	for _, r := range ranges {
		shape = append(shape, r.Count)
	}
	if offset, together := contiguous(x.Shape(), ranges); together {
		return m.memory.View(x, offset, shape), nil
	}
	y, err := m.memory.New(x.DType(), shape...)
	if err != nil {
		return nil, err
	}
	return y, moving(x.DType(),
		func() error { return kernel.Slice(raw[bool](y), raw[bool](x), x.Shape(), ranges, m.pollFn) },
		func() error { return kernel.Slice(raw[float32](y), raw[float32](x), x.Shape(), ranges, m.pollFn) },
		func() error { return kernel.Slice(raw[int64](y), raw[int64](x), x.Shape(), ranges, m.pollFn) },
		func() error {
			return kernel.Slice(raw[complex128](y), raw[complex128](x), x.Shape(), ranges, m.pollFn)
		})
}

// contiguous reports whether ranges that lie inside select elements that stand
// one after the other, and where they begin: one element of some axes, a run of
// one, all of the others.
func contiguous(shape []int, ranges []kernel.Range) (offset int, ok bool) {
	seen := false // an axis of which not all is selected
	stride := 1
	for i := len(ranges) - 1; i >= 0; i-- {
		r, n := ranges[i], shape[i]
		if r.Count <= 0 || r.Start < 0 || r.Start >= n {
			return 0, false
		}
		if r.Count > 1 && (r.Step != 1 || seen || r.Count > n-r.Start) {
			return 0, false
		}
		if r.Count != n {
			seen = true
		}
		offset += r.Start * stride
		stride *= n
	}
	return offset, true
}

func (c *compiler) concat(op *ir.Op) exec {
	axis := op.Attr.(ir.AxisAttr).Axis
	o := c.operands(op)
	dims := c.dims(op.Results[0].Type.Dims)
	return func(f *frame) error {
		var room [8]int
		shape, err := shape(dims, f.w, room[:0])
		if err != nil {
			return err
		}
		y, err := f.m.memory.New(o.result.dtype, shape...)
		if err != nil {
			return err
		}
		parts := make([]*runtime.Array, len(o.locs))
		for i, l := range o.locs {
			parts[i] = f.h[l.slot]
		}
		if err := moving(o.result.dtype,
			func() error { return joinParts[bool](f.m, y, parts, axis) },
			func() error { return joinParts[float32](f.m, y, parts, axis) },
			func() error { return joinParts[int64](f.m, y, parts, axis) },
			func() error { return joinParts[complex128](f.m, y, parts, axis) },
		); err != nil {
			return err
		}
		for i := range parts {
			o.done(f, i, parts[i])
		}
		f.put(o.result, y)
		return nil
	}
}

// joinParts writes the parts into y, whose size along the axis is their sum.
func joinParts[T runtime.Element](m *machine, y *runtime.Array, parts []*runtime.Array, axis int) error {
	data, extents := make([][]T, len(parts)), make([]int, len(parts))
	for i, p := range parts {
		data[i], extents[i] = raw[T](p), p.Shape()[axis]
	}
	outer, _, inner := around(y.Shape(), axis)
	return kernel.Concat(raw[T](y), data, outer, extents, inner, m.pollFn)
}

// around is the number of elements before an axis, of it, and after it.
func around(shape []int, axis int) (outer, n, inner int) {
	outer, inner = 1, 1
	for _, n := range shape[:axis] {
		outer *= n
	}
	for _, n := range shape[axis+1:] {
		inner *= n
	}
	return outer, shape[axis], inner
}

func (c *compiler) append(op *ir.Op) exec {
	o := c.operands(op)
	return func(f *frame) error {
		v := f.h[o.locs[1].slot]
		x, mine, err := o.take(f, 0)
		if err != nil {
			return err
		}
		if !mine {
			f.m.memory.Retain(x)
			defer f.m.memory.Release(x)
		}
		size := x.Len()
		y, err := f.m.memory.Extend(x, v.Shape()[0])
		if err != nil {
			return err
		}
		if err := f.m.copyBytes(y.Bytes()[size*int(y.DType().Bytes()):], v.Bytes()); err != nil {
			return err
		}
		o.done(f, 1, v)
		f.h[o.result.slot] = y
		return nil
	}
}
