package lower

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// scalar lowers an expression that has one part.
func (f *function) scalar(x typecheck.Expr) *ir.Value { return f.expr(x)[0] }

// expr lowers an expression that does not leave, and gives the parts of its
// value.
func (f *function) expr(x typecheck.Expr) []*ir.Value {
	switch x := x.(type) {
	case *typecheck.Const:
		return []*ir.Value{f.b.Const(x.T.DType, x.Value)}
	case *typecheck.SizeOf:
		return []*ir.Value{f.b.SizeValue(f.dim(x.Dim))}
	case *typecheck.Local:
		return f.read(x.Def)
	case *typecheck.Op:
		return f.operation(x)
	case *typecheck.MakeTuple:
		values := make([]*ir.Value, 0, len(x.Elems))
		for _, elem := range x.Elems {
			values = append(values, f.expr(elem)...)
		}
		return f.settle(values, x.T)
	case *typecheck.Part:
		values := f.expr(x.X)
		from, to := partRange(x.X.Type(), x.Index)
		return f.settle(values[from:to:to], x.T)
	case *typecheck.If:
		return f.conditional(x)
	case *typecheck.BlockExpr:
		value, _ := f.sequence(f.steps(x.Block), x.Value)
		if value == nil {
			return nil
		}
		return value.values
	case *typecheck.Comp:
		return f.comprehension(x)
	case *typecheck.Call:
		return f.call(x)
	case *typecheck.Derive:
		return f.derive(x)
	case *typecheck.Pattern:
		return f.pattern(x)
	}
	panic(bugf("expression %T", x))
}

// conditional lowers an if of which no branch leaves.
func (f *function) conditional(x *typecheck.If) []*ir.Value {
	was := f.setPos(x.Span)
	c := f.scalar(x.Cond)
	branch := func(b *typecheck.Block) *arm {
		return f.inside(f.b.Inside(), func() (*binding, flow) {
			if b == nil {
				return nil, flow{}
			}
			value, left := f.sequence(f.steps(b), b.Value)
			if countParts(x.T) == 0 {
				value = nil
			}
			return value, left
		})
	}
	then, otherwise := branch(x.Then), branch(x.Else)
	value, _ := f.join(c, then, otherwise)
	f.rejoin(x.After).do()
	var values []*ir.Value
	if value != nil {
		values = f.settle(value.values, x.T)
	}
	f.restorePos(was)
	return values
}

// call lowers a call.
func (f *function) call(x *typecheck.Call) []*ir.Value {
	was := f.setPos(x.Span)
	callee, sizes, args := f.arguments(x.Callee, x.Sizes, x.Args)
	values := f.settle(f.b.Call(callee.function, sizes, args...), x.T)
	f.restorePos(was)
	return values
}

// arguments are what a call passes: the sizes that the callee declares and those
// that it takes besides, the arguments, and the values of the script that it
// reads.
func (f *function) arguments(instance *typecheck.Instance, dims []ir.Dim, exprs []typecheck.Expr) (callee *unit, sizes []ir.Dim, args []*ir.Value) {
	callee = f.units[instance]
	given := make(map[ir.Atom]ir.Dim, len(dims))
	for i, d := range dims {
		given[instance.Sizes[i]] = f.dim(d)
	}
	for i, arg := range exprs {
		values := f.expr(arg)
		if a := instance.Params[i].Atom; a != 0 {
			if _, ok := given[a]; !ok {
				given[a] = ir.DimOf(values[0])
			}
		}
		args = append(args, values...)
	}
	for _, def := range callee.globals {
		args = append(args, f.read(def)...)
	}
	// The callee's atoms: its own as given, those of the script as they are here.
	var atom func(a ir.Atom) ir.Dim
	atom = func(a ir.Atom) ir.Dim {
		if d, ok := given[a]; ok {
			return d
		}
		own := false
		f.leaves(ir.Sized(a), func(leaf ir.Atom) {
			_, isGiven := given[leaf]
			own = own || isGiven
		})
		if own {
			return f.structured(a, atom)
		}
		return f.atom(a)
	}
	sizes = make([]ir.Dim, len(callee.sizes))
	bySize := map[ir.Atom]ir.Dim{}
	for i, a := range callee.sizes {
		sizes[i] = atom(a)
		bySize[ir.Atom(callee.function.Sizes[i].ID)] = sizes[i]
	}
	if !fits(callee.function, bySize) {
		for i, size := range callee.function.Sizes {
			sizes[i] = f.b.Shorten(sizes[i])
			bySize[ir.Atom(size.ID)] = sizes[i]
		}
	}
	for i, param := range callee.function.Params {
		t, ok := param.Type.Subst(substitute(bySize))
		if !ok {
			panic(bugf("the sizes of parameter %d of %s are too long", i, callee.name))
		}
		args[i] = f.retype(args[i], t)
	}
	return callee, sizes, args
}

func substitute(m map[ir.Atom]ir.Dim) func(ir.Atom) ir.Dim {
	return func(a ir.Atom) ir.Dim {
		if d, ok := m[a]; ok {
			return d
		}
		return ir.Sized(a)
	}
}

// fits reports whether the types of f can be expressed with these sizes.
func fits(f *ir.Func, sizes map[ir.Atom]ir.Dim) bool {
	for _, p := range f.Params {
		if _, ok := p.Type.Subst(substitute(sizes)); !ok {
			return false
		}
	}
	for _, t := range f.Results {
		if _, ok := t.Subst(substitute(sizes)); !ok {
			return false
		}
	}
	return true
}
