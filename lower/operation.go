package lower

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// operation lowers an operation of the IR.
func (f *function) operation(x *typecheck.Op) []*ir.Value {
	was := f.setPos(x.Span)
	args := make([]*ir.Value, 0, len(x.Args))
	for _, arg := range x.Args {
		args = append(args, f.expr(arg)...)
	}
	values := f.emit(x, args)
	if countParts(x.T) > 0 {
		values = f.settle(values, x.T)
	} else {
		values = nil
	}
	f.restorePos(was)
	return values
}

func (f *function) emit(x *typecheck.Op, args []*ir.Value) []*ir.Value {
	b := f.b
	switch attr := x.Attr.(type) {
	case ir.Literal:
		return []*ir.Value{b.Const(x.T.(typecheck.Array).DType, attr)}
	case ir.ArrayLiteral:
		t := x.T.(typecheck.Array)
		return []*ir.Value{b.ArrayConst(ir.ArrayOf(t.DType, f.dims(t.Dims)...), attr)}
	case ir.RetypeAttr:
		for k, d := range attr.Dims {
			f.bindSize(d, args[0].Type.Dims[k])
		}
		t := ir.ArrayOf(args[0].Type.DType, f.dims(attr.Dims)...)
		if args[0].Type.Equal(t) {
			return args
		}
	case ir.HostAttr:
		l := newLayout(parts(x.T), f.known)
		return f.unpack(l, b.EmitTyped(x.Code, attr, args, f.resultTypes(l)))
	case ir.LibAttr:
		return b.Lib(attr.Name, attr.Options, args...)
	case ir.ConvertAttr:
		return []*ir.Value{b.Convert(args[0], attr.To)}
	case ir.CheckAttr, ir.PrintAttr:
		return b.EmitTyped(x.Code, attr, args, nil)
	}
	if x.Code == ir.Nonzero {
		_, places := f.nonzero(args[0])
		return []*ir.Value{places}
	}
	attr := x.Attr
	if attr != nil {
		attr = mapDims(attr, f.dim)
	}
	if dims, ok := attr.(ir.DimsAttr); ok && x.Code == ir.Broadcast {
		return []*ir.Value{b.Broadcast(args[0], dims.Dims...)}
	}
	return b.Emit(x.Code, attr, args...)
}

// nonzero gives the places where mask holds; one list for one mask.
func (f *function) nonzero(mask *ir.Value) (k, places *ir.Value) {
	if made, ok := f.masks[mask]; ok {
		return made[0], made[1]
	}
	k, places = f.b.Nonzero(mask)
	f.masks[mask] = [2]*ir.Value{k, places}
	f.maskTrail = append(f.maskTrail, mask)
	return k, places
}

// mapDims is attr with its sizes replaced.
func mapDims(attr ir.Attr, f func(ir.Dim) ir.Dim) ir.Attr {
	list := func(dims []ir.Dim) []ir.Dim {
		out := make([]ir.Dim, len(dims))
		for i, d := range dims {
			out[i] = f(d)
		}
		return out
	}
	switch attr := attr.(type) {
	case ir.DimsAttr:
		attr.Dims = list(attr.Dims)
		return attr
	case ir.SizeAttr:
		attr.A, attr.B = f(attr.A), f(attr.B)
		return attr
	case ir.SliceAttr:
		attr.Dims = list(attr.Dims)
		return attr
	case ir.RetypeAttr:
		attr.Dims = list(attr.Dims)
		return attr
	case ir.LibAttr:
		attr.Sizes = list(attr.Sizes)
		return attr
	case ir.IndexAttr:
		attr.Range = slices.Clone(attr.Range)
		for i := range attr.Range {
			attr.Range[i].Dim = f(attr.Range[i].Dim)
		}
		return attr
	}
	return attr
}
