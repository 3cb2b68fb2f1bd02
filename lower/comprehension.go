package lower

import (
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

var scalarI64 = typecheck.Array{DType: ir.I64}

// comprehension lowers an array made element by element: to a map if its body
// has no effect, otherwise to loops that write the elements in order.
func (f *function) comprehension(x *typecheck.Comp) []*ir.Value {
	was := f.setPos(x.Span)
	var values []*ir.Value
	switch {
	case f.facts.effect[x]:
		values = f.inOrder(x)
	case x.Cond != nil:
		values = f.filtered(x)
	default:
		values = f.mapped(x, x.Body, f.dims(x.Dims), elementTypes(x, len(x.Dims)), func(indices []*ir.Value) {
			f.defineIndices(x, indices)
		})
	}
	values = f.settle(values, x.T)
	f.restorePos(was)
	return values
}

// elementTypes are the types of the parts of the body, of which the result has
// lead more axes.
func elementTypes(x *typecheck.Comp, lead int) []typecheck.Array {
	types := parts(x.T)
	for i := range types {
		types[i].Dims = types[i].Dims[lead:]
	}
	return types
}

func (f *function) defineIndices(x *typecheck.Comp, indices []*ir.Value) {
	for i, index := range x.Index {
		f.define(index, binding{[]typecheck.Array{scalarI64}, indices[i : i+1]})
	}
}

func (f *function) blockValue(b *typecheck.Block) *binding {
	value, _ := f.sequence(f.steps(b), b.Value)
	if value == nil {
		return &binding{}
	}
	return value
}

// mapped is a map over dims of the value of body, whose parts have the given
// types; enter makes the indices what the body knows.
func (f *function) mapped(x *typecheck.Comp, body *typecheck.Block, dims []ir.Dim, types []typecheck.Array, enter func([]*ir.Value)) []*ir.Value {
	l := newLayout(types, f.known)
	if len(l.slots) > 0 {
		panic(bugf("the shape of the elements is not known before"))
	}
	a := f.inside(f.b.Inside(), func() (*binding, flow) {
		indices := make([]*ir.Value, len(dims))
		for i := range indices {
			name := ""
			if len(dims) == len(x.Index) {
				name = x.Index[i].Var.Name
			}
			indices[i] = f.b.Param(ir.Scalar(ir.I64), name)
		}
		enter(indices)
		return f.blockValue(body), flow{}
	})
	f.using(a.b, func() { a.b.Block.Yield = f.pack(l, a.value.values) })
	results := make([]ir.Type, len(types))
	for i, t := range f.resultTypes(l) {
		results[i] = ir.ArrayOf(t.DType, append(append([]ir.Dim(nil), dims...), t.Dims...)...)
	}
	return f.b.EmitTyped(ir.Map, ir.MapAttr{Dims: dims}, nil, results, a.b.Block)
}

// filtered finds the places where the condition holds, and maps over them.
func (f *function) filtered(x *typecheck.Comp) []*ir.Value {
	b := f.b
	dims := f.dims(x.Dims)
	mask := f.mapped(x, x.Cond, dims, []typecheck.Array{{DType: ir.Bool}}, func(indices []*ir.Value) {
		f.defineIndices(x, indices)
	})[0]
	if len(dims) > 1 {
		mask = b.Op(ir.Reshape, ir.DimsAttr{Dims: []ir.Dim{f.product(dims)}}, mask)
	}
	k, places := f.nonzero(mask)
	return f.mapped(x, x.Body, []ir.Dim{k.Dim()}, elementTypes(x, 1), func(indices []*ir.Value) {
		place := f.b.Op(ir.Gather, ir.IndexAttr{Spec: "@"}, places, indices[0])
		f.defineIndices(x, f.split(place, dims))
	})
}

func (f *function) product(dims []ir.Dim) ir.Dim {
	if d, ok := ir.Product(dims); ok {
		return d
	}
	panic(bugf("a product of %d sizes is too long", len(dims)))
}

// split gives the indices of a place in row order.
func (f *function) split(place *ir.Value, dims []ir.Dim) []*ir.Value {
	indices := make([]*ir.Value, len(dims))
	for i := len(dims) - 1; i > 0; i-- {
		size := f.b.SizeValue(dims[i])
		indices[i] = f.b.Op(ir.Mod, nil, place, size)
		place = f.b.Op(ir.FloorDiv, nil, place, size)
	}
	indices[0] = place
	return indices
}

// inOrder runs the body in row order and writes what it gives into arrays. With
// a condition these are as long as if it always held, and are cut at the end.
func (f *function) inOrder(x *typecheck.Comp) []*ir.Value {
	dims := f.dims(x.Dims)
	lead := len(dims)
	types := parts(x.T)
	if x.Cond != nil {
		lead = 1
		all := f.freshAtom()
		f.bindAtom(all, f.product(dims))
		for i := range types {
			types[i].Dims = append([]ir.Dim{ir.Sized(all)}, types[i].Dims[1:]...)
		}
	}
	arrays := make([]*typecheck.Var, len(types))
	for i, t := range types {
		if !f.knownDims(t.Dims) {
			panic(bugf("the shape of the elements is not known before"))
		}
		arrays[i] = &typecheck.Var{}
		f.assign(arrays[i], f.single(t, f.zeros(ir.ArrayOf(t.DType, f.dims(t.Dims)...))))
	}
	count := &typecheck.Var{}
	vars, varTypes := arrays, types
	if x.Cond != nil {
		f.assign(count, f.single(scalarI64, f.b.I64(0)))
		vars, varTypes = append(vars, count), append(varTypes, scalarI64)
	}
	write := func(indices []*ir.Value) {
		values := f.blockValue(x.Body).values
		for i, v := range arrays {
			array := f.env[v].values[0]
			attr := ir.IndexAttr{Spec: strings.Repeat("@", lead) + strings.Repeat(":", array.Type.Rank()-lead)}
			element := f.retype(values[i], ir.ArrayOf(array.Type.DType, array.Type.Dims[lead:]...))
			array = f.b.Op(ir.Update, attr, append([]*ir.Value{array, element}, indices...)...)
			f.assign(v, f.single(types[i], array))
		}
	}
	var nest func(indices []*ir.Value)
	nest = func(indices []*ir.Value) {
		switch {
		case len(indices) < len(dims):
			f.nestLoop(dims[len(indices)], x.Index[len(indices)], vars, varTypes, func(i *ir.Value) {
				nest(append(indices[:len(indices):len(indices)], i))
			})
		case x.Cond == nil:
			f.defineIndices(x, indices)
			write(indices)
		default:
			f.defineIndices(x, indices)
			c := f.blockValue(x.Cond).values[0]
			then := f.inside(f.b.Inside(), func() (*binding, flow) {
				at := f.env[count].values[0]
				write([]*ir.Value{at})
				f.assign(count, f.single(scalarI64, f.b.Op(ir.Add, nil, at, f.b.I64(1))))
				return nil, flow{}
			})
			els := f.inside(f.b.Inside(), func() (*binding, flow) { return nil, flow{} })
			f.join(c, then, els)
		}
	}
	nest(nil)
	values := make([]*ir.Value, len(types))
	for i, v := range arrays {
		values[i] = f.env[v].values[0]
		if x.Cond != nil {
			values[i] = f.cut(values[i], f.env[count].values[0].Dim())
		}
	}
	return values
}

func (f *function) knownDims(dims []ir.Dim) bool {
	for _, d := range dims {
		if !f.knownDim(d) {
			return false
		}
	}
	return true
}

func (f *function) single(t typecheck.Array, v *ir.Value) *binding {
	return &binding{[]typecheck.Array{t}, []*ir.Value{v}}
}

func (f *function) nestLoop(d ir.Dim, index *typecheck.Def, vars []*typecheck.Var, types []typecheck.Array, body func(i *ir.Value)) {
	r := &repeat{lo: f.b.I64(0), hi: f.b.SizeValue(d), name: index.Var.Name, vars: vars}
	for _, t := range types {
		r.types = append(r.types, []typecheck.Array{t})
	}
	r.body = func(i *ir.Value) flow {
		body(i)
		return flow{}
	}
	f.repeat(r)
}

// cut is the first n of v along the leading axis.
func (f *function) cut(v *ir.Value, n ir.Dim) *ir.Value {
	attr := ir.SliceAttr{Dims: append([]ir.Dim{n}, v.Type.Dims[1:]...)}
	args := []*ir.Value{v}
	for range v.Type.Dims {
		attr.Steps = append(attr.Steps, 1)
		args = append(args, f.b.I64(0))
	}
	return f.b.Op(ir.Slice, attr, args...)
}
