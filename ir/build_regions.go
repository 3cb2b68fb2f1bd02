package ir

import "fmt"

// A Carry is a value that a loop carries. Vary tells which of its sizes may
// change from one iteration to the next: nil means none, otherwise it has a
// number for each axis, 0 where the size stays. Axes of one loop with the same
// number > 0 always have one size.
type Carry struct {
	Init *Value
	Name string
	Vary []int
}

// If appends an if. The two functions build its blocks and give their results,
// as many and of the same dtypes and ranks. Sizes in which they differ, or that
// exist in the blocks only, become new results of the operation, which If
// leaves out: they are atoms of the types of those that it gives.
func (b *Builder) If(c *Value, then, otherwise func(*Builder) []*Value) []*Value {
	x, y := b.Inside(), b.Inside()
	yx, yy := then(x), otherwise(y)
	if len(yx) != len(yy) {
		panic("ir: the blocks of an if give different numbers of results")
	}
	var types []Type
	type pair struct{ x, y string }
	made := map[pair]Dim{}
	for i, v := range yx {
		w := yy[i]
		if v.Type.DType != w.Type.DType || v.Type.Rank() != w.Type.Rank() {
			panic(fmt.Sprintf("ir: an if at %v gives %v or %v", b.Pos, v.Type, w.Type))
		}
		dims := make([]Dim, v.Type.Rank())
		for k, d := range v.Type.Dims {
			e := w.Type.Dims[k]
			if d.Equal(e) && b.knows(d) {
				dims[k] = d
				continue
			}
			key := pair{d.Key(), e.Key()}
			size, ok := made[key]
			if !ok {
				size = Sized(ResultAtom(len(made)))
				made[key] = size
				x.Block.Yield = append(x.Block.Yield, x.SizeValue(d))
				y.Block.Yield = append(y.Block.Yield, y.SizeValue(e))
			}
			dims[k] = size
		}
		types = append(types, Type{v.Type.DType, dims})
	}
	x.Block.Yield = append(x.Block.Yield, yx...)
	y.Block.Yield = append(y.Block.Yield, yy...)
	results := b.EmitTyped(If, nil, []*Value{c}, append(sizeTypes(len(made)), types...), x.Block, y.Block)
	return results[len(made):]
}

// knows reports whether the atoms of d exist in the block of b.
func (b *Builder) knows(d Dim) bool {
	for a := range d.Atoms {
		depth, known := b.depthOf(a)
		if !known || depth > b.depth {
			return false
		}
	}
	return true
}

func sizeTypes(n int) []Type {
	types := make([]Type, n)
	for i := range types {
		types[i] = Scalar(I64)
	}
	return types
}

// For appends a loop over lo <= i < hi. The function builds the body from the
// index and the carried values, and gives their next values.
func (b *Builder) For(lo, hi *Value, name string, carried []Carry,
	body func(b *Builder, i *Value, carried []*Value) []*Value) []*Value {
	in := b.Inside()
	i := in.Param(Scalar(I64), name)
	loop := b.startLoop(carried)
	params := loop.params(in)
	loop.finish(in, body(in, i, params))
	return loop.emit(b, For, []*Value{lo, hi}, in.Block)
}

// While appends a loop that goes on while cond gives true. Both functions see
// the carried values; body gives their next ones.
func (b *Builder) While(carried []Carry, cond func(b *Builder, carried []*Value) *Value,
	body func(b *Builder, carried []*Value) []*Value) []*Value {
	loop := b.startLoop(carried)
	head := b.Inside()
	head.Block.Yield = []*Value{cond(head, loop.params(head))}
	in := b.Inside()
	loop.finish(in, body(in, loop.params(in)))
	return loop.emit(b, While, nil, head.Block, in.Block)
}

// A loop is what For and While have in common: the carried values, led by the
// sizes that vary.
type loop struct {
	carried []Carry
	init    []*Value
	group   map[int]int // of Carry.Vary, to the position of the size
	types   []Type      // of the carried values; sizes that vary are ResultAtoms
}

func (b *Builder) startLoop(carried []Carry) *loop {
	l := &loop{carried: carried, group: map[int]int{}}
	for _, c := range carried {
		for k, g := range c.Vary {
			if _, ok := l.group[g]; g > 0 && !ok {
				l.group[g] = len(l.init)
				l.init = append(l.init, b.SizeValue(c.Init.Type.Dims[k]))
			}
		}
	}
	l.types = sizeTypes(len(l.init))
	for _, c := range carried {
		dims := append([]Dim(nil), c.Init.Type.Dims...)
		for k, g := range c.Vary {
			if g > 0 {
				dims[k] = Sized(ResultAtom(l.group[g]))
			}
		}
		l.init = append(l.init, c.Init)
		l.types = append(l.types, Type{c.Init.Type.DType, dims})
	}
	return l
}

// params appends the carried values to the block of in and gives those that
// are not sizes.
func (l *loop) params(in *Builder) []*Value {
	first := len(in.Block.Params)
	for j, t := range l.types {
		name := ""
		if k := j - len(l.group); k >= 0 {
			name = l.carried[k].Name
		}
		in.Param(bindResults(t, in.Block.Params[first:]), name)
	}
	return in.Block.Params[first+len(l.group):]
}

func (l *loop) finish(in *Builder, next []*Value) {
	if len(next) != len(l.carried) {
		panic("ir: a loop's body gives another number of values than it carries")
	}
	sizes := make([]*Value, len(l.group))
	for j, c := range l.carried {
		for k, g := range c.Vary {
			if g > 0 && sizes[l.group[g]] == nil {
				sizes[l.group[g]] = in.SizeValue(next[j].Type.Dims[k])
			}
		}
	}
	in.Block.Yield = append(sizes, next...)
}

func (l *loop) emit(b *Builder, code Code, args []*Value, regions ...*Block) []*Value {
	results := b.EmitTyped(code, nil, append(args, l.init...), l.types, regions...)
	for k, c := range l.carried {
		results[len(l.group)+k].Name = c.Name
	}
	return results[len(l.group):]
}

// Map appends a map over the index space dims. The function builds the body
// from the indices; the sizes of what it gives exist outside of the map.
func (b *Builder) Map(dims []Dim, names []string, body func(b *Builder, indices []*Value) []*Value) []*Value {
	in := b.Inside()
	for _, name := range names {
		in.Param(Scalar(I64), name)
	}
	in.Block.Yield = body(in, in.Block.Params)
	var types []Type
	for _, v := range in.Block.Yield {
		types = append(types, Type{v.Type.DType, append(append([]Dim(nil), dims...), v.Type.Dims...)})
	}
	return b.EmitTyped(Map, MapAttr{dims}, nil, types, in.Block)
}

// Call appends a call. It leaves out the results of callee that are there for
// the types of others to mention.
func (b *Builder) Call(callee *Func, sizes []Dim, args ...*Value) []*Value {
	types, err := callTypes(callee, sizes)
	if err != nil {
		panic(fmt.Sprintf("ir: %v at %v", err, b.Pos))
	}
	results := b.EmitTyped(Call, CallAttr{callee, sizes}, args, types)
	return results[callee.SizeResults:]
}

// callTypes are the types of the results of a call, in which ResultAtom(j) is
// result j.
func callTypes(callee *Func, sizes []Dim) ([]Type, error) {
	if len(sizes) != len(callee.Sizes) {
		return nil, fmt.Errorf("call of %s with %d sizes, not %d", callee.Name, len(sizes), len(callee.Sizes))
	}
	types := make([]Type, len(callee.Results))
	for i, t := range callee.Results {
		var ok bool
		if types[i], ok = t.Subst(callee.bind(sizes)); !ok {
			return nil, fmt.Errorf("call of %s: sizes too large", callee.Name)
		}
	}
	return types, nil
}

// bind replaces the sizes of f by those given and leaves other atoms.
func (f *Func) bind(sizes []Dim) func(Atom) Dim {
	return func(a Atom) Dim {
		for i, s := range f.Sizes {
			if a == Atom(s.ID) {
				return sizes[i]
			}
		}
		return Sized(a)
	}
}

// Return ends a function: its results are values. If f.Results is nil it is
// set: sizes of the results that are not made of f.Sizes alone become results
// of their own, which lead (f.SizeResults of them). Otherwise the values must
// have the declared types, whose unknown sizes must be single atoms.
func (b *Builder) Return(values ...*Value) {
	f := b.Func
	var sizes []*Value
	if f.Results == nil {
		made := map[string]Dim{}
		results := []Type{}
		for _, v := range values {
			dims := make([]Dim, v.Type.Rank())
			for k, d := range v.Type.Dims {
				if dims[k] = d; f.known(d) {
					continue
				}
				size, ok := made[d.Key()]
				if !ok {
					size = Sized(ResultAtom(len(sizes)))
					made[d.Key()] = size
					sizes = append(sizes, b.SizeValue(d))
				}
				dims[k] = size
			}
			results = append(results, Type{v.Type.DType, dims})
		}
		f.SizeResults = len(sizes)
		f.Results = append(sizeTypes(len(sizes)), results...)
	} else {
		sizes = make([]*Value, f.SizeResults)
		for i, t := range f.Results[f.SizeResults:] {
			for k, d := range t.Dims {
				if a, ok := d.Atom(); ok {
					if j, ok := a.ResultIndex(); ok && sizes[j] == nil {
						sizes[j] = b.SizeValue(values[i].Type.Dims[k])
					}
				}
			}
		}
	}
	b.Block.Yield = append(sizes, values...)
}

// known reports whether d is made of f.Sizes alone.
func (f *Func) known(d Dim) bool {
	for a := range d.Atoms {
		found := false
		for _, s := range f.Sizes {
			found = found || a == Atom(s.ID)
		}
		if !found {
			return false
		}
	}
	return true
}

// Declare sets the types of the results before the body is there, which a
// function that calls itself needs. Sizes that are not known before are
// ResultAtom(0) … ResultAtom(sizes-1).
func (f *Func) Declare(sizes int, results ...Type) {
	f.SizeResults = sizes
	f.Results = append(sizeTypes(sizes), results...)
}
