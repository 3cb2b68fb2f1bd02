package interp

import (
	"unsafe"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

func (c *compiler) reduce(op *ir.Op) exec {
	attr := op.Attr.(ir.ReduceAttr)
	o := c.operands(op)
	return func(f *frame) error {
		x, err := o.array(f, 0)
		if err != nil {
			return err
		}
		y, err := reduced(f.m, x, attr)
		if err != nil {
			return err
		}
		o.done(f, 0, x)
		f.put(o.result, y)
		return nil
	}
}

// reduced reduces the last of the axes first. It gives a handle of its own.
func reduced(m *machine, x *runtime.Array, attr ir.ReduceAttr) (*runtime.Array, error) {
	m.memory.Retain(x)
	for i := len(attr.Axes) - 1; i >= 0; i-- {
		y, err := reducedAlong(m, x, attr.Axes[i], attr.Kind)
		if err != nil {
			return nil, err
		}
		m.memory.Release(x)
		x = y
	}
	return x, nil
}

func reducedAlong(m *machine, x *runtime.Array, axis int, kind ir.ReduceKind) (*runtime.Array, error) {
	outer, n, inner := around(x.Shape(), axis)
	if err := emptyExtreme(kind, x.Shape()[axis:axis+1]); err != nil {
		return nil, err
	}
	var room [8]int
	shape := append(append(room[:0], x.Shape()[:axis]...), x.Shape()[axis+1:]...)
	t := x.DType()
	if kind == ir.ReduceArgMin || kind == ir.ReduceArgMax {
		t = ir.I64
	}
	y, err := m.memory.New(t, shape...)
	if err != nil {
		return nil, err
	}
	switch x.DType() {
	case ir.Bool:
		if kind == ir.ReduceAll {
			return y, kernel.All(y.Bool(), x.Bool(), outer, n, inner, m.pollFn)
		}
		return y, kernel.Any(y.Bool(), x.Bool(), outer, n, inner, m.pollFn)
	case ir.I64:
		return y, reduceReal(m, y, x.I64(), kind, outer, n, inner)
	case ir.F32:
		return y, reduceReal(m, y, x.F32(), kind, outer, n, inner)
	case ir.F64:
		return y, reduceReal(m, y, x.F64(), kind, outer, n, inner)
	}
	if kind == ir.ReduceProd {
		return y, kernel.Prod(y.C128(), x.C128(), outer, n, inner, m.pollFn)
	}
	return y, kernel.Sum(y.C128(), x.C128(), outer, n, inner, m.pollFn)
}

func reduceReal[T interface {
	kernel.Real
	runtime.Element
}](m *machine, y *runtime.Array, x []T, kind ir.ReduceKind, outer, n, inner int) error {
	dst := runtime.Data[T](y)
	switch kind {
	case ir.ReduceSum:
		return kernel.Sum(dst, x, outer, n, inner, m.pollFn)
	case ir.ReduceProd:
		return kernel.Prod(dst, x, outer, n, inner, m.pollFn)
	case ir.ReduceMin:
		return kernel.ReduceMin(dst, x, outer, n, inner, m.pollFn)
	case ir.ReduceMax:
		return kernel.ReduceMax(dst, x, outer, n, inner, m.pollFn)
	case ir.ReduceArgMin:
		return kernel.ArgMin(y.I64(), x, outer, n, inner, m.pollFn)
	}
	return kernel.ArgMax(y.I64(), x, outer, n, inner, m.pollFn)
}

// likeOperand emits an operation whose result has the shape of operand 0.
func (c *compiler) likeOperand(op *ir.Op, run func(m *machine, y, x *runtime.Array, rest []*runtime.Array) error) exec {
	o := c.operands(op)
	return func(f *frame) error {
		x := f.h[o.locs[0].slot]
		y, err := f.m.memory.New(o.result.dtype, x.Shape()...)
		if err != nil {
			return err
		}
		var room [2]*runtime.Array
		rest := room[:0]
		for _, l := range o.locs[1:] {
			rest = append(rest, f.h[l.slot])
		}
		if err := run(f.m, y, x, rest); err != nil {
			return err
		}
		for i, l := range o.locs {
			o.done(f, i, f.h[l.slot])
		}
		f.h[o.result.slot] = y
		return nil
	}
}

// lastAxis is the number of rows along the last axis, and its size.
func lastAxis(x *runtime.Array) (outer, n int) {
	outer, n, _ = around(x.Shape(), x.Rank()-1)
	return outer, n
}

func (c *compiler) scan(op *ir.Op) exec {
	attr := op.Attr.(ir.ScanAttr)
	return c.likeOperand(op, func(m *machine, y, x *runtime.Array, rest []*runtime.Array) error {
		return scanned(m, y, x, rest, attr)
	})
}

func scanned(m *machine, y, x *runtime.Array, rest []*runtime.Array, attr ir.ScanAttr) error {
	switch x.DType() {
	case ir.I64:
		return scanReal[int64](m, y, x, rest, attr)
	case ir.F32:
		return scanReal[float32](m, y, x, rest, attr)
	case ir.F64:
		return scanReal[float64](m, y, x, rest, attr)
	}
	return scanNumber[complex128](m, y, x, rest, attr)
}

func scanReal[T interface {
	kernel.Real
	runtime.Element
}](m *machine, y, x *runtime.Array, rest []*runtime.Array, attr ir.ScanAttr) error {
	outer, n := lastAxis(x)
	switch attr.Kind {
	case ir.CumMin:
		return kernel.CumMin(raw[T](y), raw[T](x), outer, n, attr.Reverse, m.pollFn)
	case ir.CumMax:
		return kernel.CumMax(raw[T](y), raw[T](x), outer, n, attr.Reverse, m.pollFn)
	}
	return scanNumber[T](m, y, x, rest, attr)
}

func scanNumber[T interface {
	kernel.Number
	runtime.Element
}](m *machine, y, x *runtime.Array, rest []*runtime.Array, attr ir.ScanAttr) error {
	outer, n := lastAxis(x)
	switch attr.Kind {
	case ir.CumSum:
		return kernel.CumSum(raw[T](y), raw[T](x), outer, n, attr.Reverse, m.pollFn)
	case ir.CumProd:
		return kernel.CumProd(raw[T](y), raw[T](x), outer, n, attr.Reverse, m.pollFn)
	}
	return kernel.Recur(raw[T](y), raw[T](x), raw[T](rest[0]), outer, n, attr.Reverse, m.pollFn)
}

func (c *compiler) sort(op *ir.Op) exec {
	return c.likeOperand(op, func(m *machine, y, x *runtime.Array, _ []*runtime.Array) error {
		return sorted(m, y, x, op.Code == ir.ArgSort)
	})
}

// sorted writes the rows of x in order, or the positions of their elements.
func sorted(m *machine, y, x *runtime.Array, positions bool) error {
	_, n := lastAxis(x)
	items, err := m.memory.New(ir.C128, 2*n) // as wide as a SortItem
	if err != nil {
		return err
	}
	defer m.memory.Release(items)
	scratch := unsafe.Slice((*kernel.SortItem)(part(items, 0, 0).p), 2*n)
	switch x.DType() {
	case ir.I64:
		return sortRows[int64](m, y, x, scratch, positions)
	case ir.F32:
		return sortRows[float32](m, y, x, scratch, positions)
	}
	return sortRows[float64](m, y, x, scratch, positions)
}

func sortRows[T runtime.Element](m *machine, y, x *runtime.Array, scratch []kernel.SortItem, positions bool) error {
	outer, n := lastAxis(x)
	if positions {
		return kernel.ArgSort(y.I64(), raw[T](x), outer, n, scratch, m.pollFn)
	}
	return kernel.Sort(raw[T](y), raw[T](x), outer, n, scratch, m.pollFn)
}

func (c *compiler) searchSorted(op *ir.Op) exec {
	right := op.Attr.(ir.SearchAttr).Right
	o := c.operands(op)
	return func(f *frame) error {
		x, v := f.h[o.locs[0].slot], f.h[o.locs[1].slot]
		y, err := searched(f.m, x, v, right)
		if err != nil {
			return err
		}
		o.done(f, 0, x)
		o.done(f, 1, v)
		f.h[o.result.slot] = y
		return nil
	}
}

func searched(m *machine, x, v *runtime.Array, right bool) (*runtime.Array, error) {
	y, err := m.memory.New(ir.I64, v.Shape()...)
	if err != nil {
		return nil, err
	}
	batch, size := lastAxis(x)
	_, queries := lastAxis(v)
	switch x.DType() {
	case ir.I64:
		return y, kernel.SearchSorted(y.I64(), x.I64(), v.I64(), batch, size, queries, right, m.pollFn)
	case ir.F32:
		return y, kernel.SearchSorted(y.I64(), x.F32(), v.F32(), batch, size, queries, right, m.pollFn)
	}
	return y, kernel.SearchSorted(y.I64(), x.F64(), v.F64(), batch, size, queries, right, m.pollFn)
}

func (c *compiler) nonzero(op *ir.Op) exec {
	o := c.operands(op)
	count := c.loc(op.Results[0]).slot
	return func(f *frame) error {
		mask := f.h[o.locs[0].slot]
		k := kernel.Count(mask.Bool())
		y, err := f.m.memory.New(ir.I64, k)
		if err != nil {
			return err
		}
		kernel.Nonzero(y.I64(), mask.Bool())
		o.done(f, 0, mask)
		f.w[count] = uint64(k)
		f.h[o.result.slot] = y
		return f.m.spend(mask.Len())
	}
}

func (c *compiler) contract(op *ir.Op) exec {
	attr := op.Attr.(ir.ContractAttr)
	spec, err := kernel.ParseContraction(attr.Spec)
	if err != nil {
		return nil
	}
	o := c.operands(op)
	dims := c.dims(op.Results[0].Type.Dims)
	if o.result.kind == inWord && o.result.dtype == ir.F64 && o.locs[0].rank == 1 && o.locs[1].rank == 1 &&
		attr.Batch == 0 && attr.Spec[0] == attr.Spec[2] {
		return dot(o)
	}
	return func(f *frame) error {
		var room [8]int
		shape, err := shape(dims, f.w, room[:0])
		if err != nil {
			return err
		}
		a, err := o.array(f, 0)
		if err != nil {
			return err
		}
		b, err := o.array(f, 1)
		if err != nil {
			return err
		}
		y, err := contracted(f.m, a, b, spec, attr.Batch, shape)
		if err != nil {
			return err
		}
		o.done(f, 0, a)
		o.done(f, 1, b)
		f.put(o.result, y)
		return nil
	}
}

// dot is the contraction of two vectors to a number.
func dot(o operands) exec {
	return func(f *frame) error {
		a, b := f.h[o.locs[0].slot], f.h[o.locs[1].slot]
		s, err := kernel.Dot(a.F64(), b.F64(), f.m.pollFn)
		if err != nil {
			return err
		}
		f.w[o.result.slot] = word(s)
		o.done(f, 0, a)
		o.done(f, 1, b)
		return nil
	}
}

func contracted(m *machine, a, b *runtime.Array, spec kernel.Contraction, batch int, shape []int) (*runtime.Array, error) {
	y, err := m.memory.New(a.DType(), shape...)
	if err != nil {
		return nil, err
	}
	switch a.DType() {
	case ir.I64:
		return y, kernel.Contract(y.I64(), a.I64(), b.I64(), spec, batch, a.Shape(), b.Shape(), m.pollFn)
	case ir.F32:
		return y, kernel.Contract(y.F32(), a.F32(), b.F32(), spec, batch, a.Shape(), b.Shape(), m.pollFn)
	case ir.F64:
		return y, kernel.Contract(y.F64(), a.F64(), b.F64(), spec, batch, a.Shape(), b.Shape(), m.pollFn)
	}
	return y, kernel.Contract(y.C128(), a.C128(), b.C128(), spec, batch, a.Shape(), b.Shape(), m.pollFn)
}
