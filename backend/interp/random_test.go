package interp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A generator makes random well-typed programs over scalars, vectors [n] and
// matrices [n, m] of f64, i64 and bool.
type generator struct {
	*rand.Rand
	n, m  ir.Dim
	funcs []*ir.Func
}

// pick is a value of the type among those known; made of a constant if there is
// none.
func (g *generator) pick(b *ir.Builder, known []*ir.Value, t ir.DType, dims ...ir.Dim) *ir.Value {
	want := ir.ArrayOf(t, dims...)
	start := g.IntN(len(known) + 1)
	for k := range known {
		if v := known[(start+k)%len(known)]; v.Type.Equal(want) {
			return v
		}
	}
	var c *ir.Value
	switch t {
	case ir.F64:
		c = b.F64(float64(g.IntN(64))/8 - 4)
	case ir.I64:
		c = b.I64(int64(g.IntN(7)) - 3)
	default:
		c = b.Bool(g.IntN(2) == 0)
	}
	return b.Broadcast(c, dims...)
}

func (g *generator) shape() []ir.Dim {
	return [][]ir.Dim{nil, nil, {g.n}, {g.n}, {g.n, g.m}, {g.m}, {g.m, g.n}}[g.IntN(7)]
}

// add appends a random operation and gives what it makes.
func (g *generator) add(b *ir.Builder, known []*ir.Value, depth int) []*ir.Value {
	f := func(dims ...ir.Dim) *ir.Value { return g.pick(b, known, ir.F64, dims...) }
	i := func(dims ...ir.Dim) *ir.Value { return g.pick(b, known, ir.I64, dims...) }
	c := func(dims ...ir.Dim) *ir.Value { return g.pick(b, known, ir.Bool, dims...) }
	one := func(v *ir.Value) []*ir.Value { return []*ir.Value{v} }
	s := g.shape()
	limit := 42
	if depth == 0 {
		limit = 36
	}
	wrap := func(spec string) ir.IndexAttr { return ir.IndexAttr{Spec: spec, Wrap: true} }
	// An index that lies inside an axis that is not empty.
	inside := func(d ir.Dim) *ir.Value {
		size := b.SizeValue(d)
		return b.Op(ir.Mod, nil, i(), b.Op(ir.Max, nil, size, b.I64(1)))
	}
	table := func(d ir.Dim, dims ...ir.Dim) *ir.Value {
		size := b.Op(ir.Max, nil, b.SizeValue(d), b.I64(1))
		return b.Op(ir.Mod, nil, i(dims...), b.Broadcast(size, dims...))
	}
	switch g.IntN(limit) {
	case 0, 1, 2:
		code := []ir.Code{ir.Add, ir.Sub, ir.Mul, ir.Min, ir.Max, ir.CopySign}[g.IntN(6)]
		return one(b.Op(code, nil, f(s...), f(s...)))
	case 3:
		code := []ir.Code{ir.Neg, ir.Abs, ir.Sin, ir.Tanh, ir.Floor, ir.Sign}[g.IntN(6)]
		return one(b.Op(code, nil, f(s...)))
	case 4:
		code := []ir.Code{ir.Add, ir.Sub, ir.Mul, ir.Min, ir.And, ir.Xor}[g.IntN(6)]
		return one(b.Op(code, nil, i(s...), i(s...)))
	case 5:
		return one(b.Op([]ir.Code{ir.Lt, ir.Le, ir.Eq}[g.IntN(3)], nil, f(s...), f(s...)))
	case 6:
		return one(b.Op(ir.Select, nil, c(s...), f(s...), f(s...)))
	case 7:
		return one(b.Convert(i(s...), ir.F64))
	case 8:
		return one(b.Broadcast(f(), s...))
	case 9:
		return one(b.Broadcast(f(g.m), g.n, g.m))
	case 10:
		return one(b.Op(ir.Transpose, ir.PermAttr{Perm: []int{1, 0}}, f(g.n, g.m)))
	case 11:
		axes := [][]int{{0}, {1}, {0, 1}}[g.IntN(3)]
		kind := []ir.ReduceKind{ir.ReduceSum, ir.ReduceSum, ir.ReduceProd}[g.IntN(3)]
		return one(b.Op(ir.Reduce, ir.ReduceAttr{Kind: kind, Axes: axes}, f(g.n, g.m)))
	case 12:
		return one(b.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: []int{0}}, f(g.n)))
	case 13:
		return one(b.Op(ir.Contract, ir.ContractAttr{Spec: "ij,j->i"}, f(g.n, g.m), f(g.m)))
	case 14:
		return one(b.Op(ir.Gather, wrap("@:"), f(g.n, g.m), inside(g.n)))
	case 15:
		return one(b.Op(ir.Gather, wrap("@"), f(g.n), inside(g.n)))
	case 16:
		return one(b.Op(ir.Update, wrap("@"), f(g.n), f(), inside(g.n)))
	case 17:
		return one(b.Op(ir.Accumulate, wrap("@:"), f(g.n, g.m), f(g.m), inside(g.n)))
	case 18:
		return one(b.Op(ir.Gather, wrap("t"), f(g.m), table(g.m, g.n)))
	case 19:
		return one(b.Op(ir.Scan, ir.ScanAttr{Kind: ir.CumSum, Reverse: g.IntN(2) == 0}, f(g.n, g.m)))
	case 20:
		// A part of a row, from a start that may vary.
		k := ir.Size(int64(g.IntN(2)))
		return one(b.Op(ir.Broadcast, ir.DimsAttr{Dims: []ir.Dim{g.n}}, b.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: []int{0}},
			b.Op(ir.Slice, ir.SliceAttr{Dims: []ir.Dim{k}, Steps: []int64{1}}, f(g.n), inside(g.n)))))
	case 21:
		// Backwards.
		last := b.Op(ir.Sub, nil, b.SizeValue(g.n), b.I64(1))
		return one(b.Op(ir.Slice, ir.SliceAttr{Dims: []ir.Dim{g.n, g.m}, Steps: []int64{-1, 1}}, f(g.n, g.m), last, b.I64(0)))
	case 22:
		k := ir.RangeAttr{Dim: ir.Size(1), Step: 1}
		x := b.Op(ir.Gather, ir.IndexAttr{Spec: ":r", Range: []ir.RangeAttr{k}}, f(g.n, g.m), inside(g.m))
		return one(b.Op(ir.Reshape, ir.DimsAttr{Dims: []ir.Dim{g.n}}, x))
	case 23:
		return one(b.Op([]ir.Code{ir.Sort, ir.ArgSort}[g.IntN(2)], nil, f(g.axes()...)))
	case 24:
		x := b.Op(ir.Concat, ir.AxisAttr{Axis: g.IntN(2)}, f(g.n, g.m), f(g.n, g.m))
		return one(b.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: []int{0, 1}}, x))
	case 25:
		kind := []ir.ReduceKind{ir.ReduceMin, ir.ReduceMax, ir.ReduceArgMin, ir.ReduceArgMax}[g.IntN(4)]
		return one(b.Op(ir.Reduce, ir.ReduceAttr{Kind: kind, Axes: []int{g.IntN(2)}}, f(g.n, g.m)))
	case 26:
		kind := []ir.ReduceKind{ir.ReduceAll, ir.ReduceAny}[g.IntN(2)]
		return one(b.Op(ir.Reduce, ir.ReduceAttr{Kind: kind, Axes: []int{0}}, c(g.axes()[:1]...)))
	case 27:
		// Complex numbers and f32 on the way.
		z := b.Op(ir.Complex, nil, f(s...), f(s...))
		z = b.Op([]ir.Code{ir.Mul, ir.Add, ir.Div}[g.IntN(3)], nil, z, b.Op(ir.Conj, nil, z))
		return one(b.Op([]ir.Code{ir.Real, ir.Imag, ir.Abs}[g.IntN(3)], nil, z))
	case 28:
		x := b.Convert(f(s...), ir.F32)
		x = b.Op([]ir.Code{ir.Mul, ir.Div, ir.Pow}[g.IntN(3)], nil, x, b.Convert(f(s...), ir.F32))
		return one(b.Convert(b.Op(ir.Sqrt, nil, x), ir.F64))
	case 29:
		return one(b.Op(ir.Contract, ir.ContractAttr{Spec: "ij,kj->ik"}, f(g.m, g.n), f(g.m, g.n)))
	case 30:
		return one(b.Op(ir.Contract, ir.ContractAttr{Spec: "j,j->", Batch: 1}, f(g.n, g.m), f(g.n, g.m)))
	case 31:
		mode := []ir.AccumulateMode{ir.AccumulateAdd, ir.AccumulateMul}[g.IntN(2)]
		return one(b.Op(ir.Accumulate, ir.IndexAttr{Spec: "t", Wrap: true, Mode: mode}, f(g.m), f(g.n), table(g.m, g.n)))
	case 32:
		return one(b.Op(ir.Update, wrap(":@"), f(g.n, g.m), f(g.n), inside(g.m)))
	case 33:
		return one(b.Op(ir.Gather, ir.IndexAttr{Spec: "@", Wrap: true, Batch: 1}, f(g.n, g.m), table(g.m, g.n)))
	case 34:
		return one(b.Op(ir.Scan, ir.ScanAttr{Kind: ir.Recur}, f(g.n), f(g.n)))
	case 35:
		return one(b.Op(ir.SearchSorted, ir.SearchAttr{Right: g.IntN(2) == 0}, f(g.m), f(g.n)))
	case 36, 37:
		return b.If(c(), func(in *ir.Builder) []*ir.Value {
			k := g.block(in, known, depth-1, 3)
			return []*ir.Value{g.pick(in, k, ir.F64), g.pick(in, k, ir.F64, s...)}
		}, func(in *ir.Builder) []*ir.Value {
			k := g.block(in, known, depth-1, 3)
			return []*ir.Value{g.pick(in, k, ir.F64), g.pick(in, k, ir.F64, s...)}
		})
	case 38:
		hi := b.Op(ir.Min, nil, i(), b.I64(4))
		carried := []ir.Carry{{Init: f()}, {Init: f(g.n)}, {Init: f(s...)}}
		return b.For(b.I64(0), hi, "i", carried, func(in *ir.Builder, i *ir.Value, v []*ir.Value) []*ir.Value {
			k := g.block(in, append(append(known[:len(known):len(known)], v...), i), depth-1, 4)
			return []*ir.Value{g.pick(in, k, ir.F64), g.pick(in, k, ir.F64, g.n), g.pick(in, k, ir.F64, s...)}
		})
	case 39:
		carried := []ir.Carry{{Init: i()}, {Init: f()}, {Init: f(g.m)}}
		return b.While(carried, func(in *ir.Builder, v []*ir.Value) *ir.Value {
			return in.Op(ir.Lt, nil, v[0], in.I64(3))
		}, func(in *ir.Builder, v []*ir.Value) []*ir.Value {
			k := g.block(in, append(known[:len(known):len(known)], v...), depth-1, 4)
			next := in.Op(ir.Add, nil, v[0], in.I64(int64(1+g.IntN(3))))
			return []*ir.Value{next, g.pick(in, k, ir.F64), g.pick(in, k, ir.F64, g.m)}
		})
	case 40:
		space, yield := []ir.Dim{g.n}, [][]ir.Dim{{}, {g.m}}[g.IntN(2)]
		if g.IntN(3) == 0 {
			space = []ir.Dim{g.n, g.m}
		}
		names := []string{"i", "j"}[:len(space)]
		r := b.Map(space, names, func(in *ir.Builder, indices []*ir.Value) []*ir.Value {
			k := g.block(in, append(known[:len(known):len(known)], indices...), depth-1, 5)
			return []*ir.Value{g.pick(in, k, ir.F64, yield...), g.pick(in, k, ir.I64)}
		})
		if g.IntN(2) == 0 && len(r[0].Type.Dims) > 0 {
			axes := []int{}
			for a := g.IntN(r[0].Type.Rank()); a < r[0].Type.Rank(); a++ {
				axes = append(axes, a)
			}
			r = append(r, b.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: axes}, r[0]))
		}
		return r
	default:
		if len(g.funcs) == 0 {
			return nil
		}
		fn := g.funcs[g.IntN(len(g.funcs))]
		return b.Call(fn, []ir.Dim{g.n, g.m}, f(), f(g.n), f(g.n, g.m), i())
	}
}

// axes is a shape of one axis or two.
func (g *generator) axes() []ir.Dim {
	return [][]ir.Dim{{g.n}, {g.m}, {g.n, g.m}}[g.IntN(3)]
}

// block appends count operations and gives all values known then.
func (g *generator) block(b *ir.Builder, known []*ir.Value, depth, count int) []*ir.Value {
	known = known[:len(known):len(known)]
	for range count {
		known = append(known, g.add(b, known, depth)...)
	}
	return known
}

func (g *generator) function(name string, count int) *ir.Func {
	f := &ir.Func{Name: name, Body: &ir.Block{}}
	g.n, g.m = f.AddSize("n").Dim(), f.AddSize("m").Dim()
	f.AddParam(ir.Scalar(ir.F64), "x")
	f.AddParam(ir.ArrayOf(ir.F64, g.n), "v")
	f.AddParam(ir.ArrayOf(ir.F64, g.n, g.m), "a")
	f.AddParam(ir.Scalar(ir.I64), "k")
	b := ir.NewBuilder(f, f.Body)
	known := g.block(b, append([]*ir.Value(nil), f.Params...), 2, count)
	var results []*ir.Value
	for k := len(known) - 1; k >= 0 && len(results) < 8; k-- {
		results = append(results, known[k])
	}
	b.Return(results...)
	return f
}

func (g *generator) module() *ir.Module {
	m := &ir.Module{}
	for k := range 2 {
		f := g.function(fmt.Sprint("f", k), 6)
		g.funcs = append(g.funcs, f)
		m.Funcs = append(m.Funcs, f)
	}
	m.Main = g.function("main", 14)
	m.Funcs = append(m.Funcs, m.Main)
	return m
}

// TestWaysOfRunningAgree holds every way of running against the plainest one,
// bit for bit.
func TestWaysOfRunningAgree(t *testing.T) {
	programs := 300
	if testing.Short() {
		programs = 50
	}
	ways := tunings()
	ran := 0
	for seed := range programs {
		g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 1))}
		module := g.module()
		if err := ir.Verify(module); err != nil {
			t.Fatalf("program %d: %v\n%s", seed, err, module)
		}
		sizes := []int64{[]int64{0, 1, 2, 9, 33}[g.IntN(5)], []int64{0, 1, 3, 17, 35}[g.IntN(5)]}
		v, a := make([]float64, sizes[0]), make([]float64, sizes[0]*sizes[1])
		for i := range v {
			v[i] = g.Float64()*4 - 2
		}
		for i := range a {
			a[i] = g.Float64()*4 - 2
		}
		args := values(0.75, v, matrix(t, a, int(sizes[0]), int(sizes[1])), int(g.IntN(5)))
		var want []runtime.Value
		var wantErr error
		plain := Tuning{true, true, true, true, 2}
		for _, tuning := range []Tuning{plain, ways[0], ways[g.IntN(16)], ways[g.IntN(16)]} {
			p, err := CompileTuned(module, tuning)
			if err != nil {
				t.Fatalf("program %d: %v\n%s", seed, err, module)
			}
			got, err := p.Run(context.Background(), args, sizes, Options{Limits: runtime.Limits{Steps: 3000, Memory: 1 << 28}})
			if isBug(err) {
				ds, _ := ast.AsDiagnostics(err)
				t.Log(ds[0].Notes)
				t.Fatalf("program %d, %+v, sizes %v: %v\n%s", seed, tuning, sizes, err, module)
			}
			if tuning == plain && want == nil && wantErr == nil {
				want, wantErr = got, err
				continue
			}
			if outOfSteps(err) || outOfSteps(wantErr) { // what is the same in all lanes is counted once
				break
			}
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("program %d, %+v, sizes %v: %v, but plainly %v\n%s", seed, tuning, sizes, err, wantErr, module)
			}
			if err == nil && tuning == ways[0] {
				ran++
			}
			for i := range got {
				if !runtime.Equal(got[i], want[i]) {
					t.Fatalf("program %d, %+v, sizes %v: result %d is\n%s\nbut plainly\n%s\n%s", seed, tuning, sizes, i, runtime.Format(got[i]), runtime.Format(want[i]), module)
				}
			}
		}
	}
	if ran < programs/3 {
		t.Errorf("only %d of %d programs ran to their end", ran, programs)
	}
}

func outOfSteps(err error) bool {
	var d *ast.Diagnostic
	return errors.As(err, &d) && d.Code == ast.CodeStepLimit
}

func isBug(err error) bool {
	var d *ast.Diagnostic
	return errors.As(err, &d) && (d.Code == codeBug || d.Code == "")
}

// scalarsOf is a function that calls f and gives back only its scalars.
func scalarsOf(f *ir.Func) *ir.Func {
	w := &ir.Func{Name: "scalars", Body: &ir.Block{}}
	n, m := w.AddSize("n").Dim(), w.AddSize("m").Dim()
	w.AddParam(ir.Scalar(ir.F64), "x")
	w.AddParam(ir.ArrayOf(ir.F64, n), "v")
	w.AddParam(ir.ArrayOf(ir.F64, n, m), "a")
	w.AddParam(ir.Scalar(ir.I64), "k")
	b := ir.NewBuilder(w, w.Body)
	var scalars []*ir.Value
	for _, r := range b.Call(f, []ir.Dim{n, m}, w.Params...) {
		if r.Type.Rank() == 0 {
			scalars = append(scalars, r)
		}
	}
	b.Return(scalars...)
	return w
}

// TestEverythingIsReleased finds arrays that nobody has any more and that are
// still counted.
func TestEverythingIsReleased(t *testing.T) {
	for seed := range 300 {
		g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 2))}
		module := g.module()
		module.Main = scalarsOf(module.Main)
		module.Funcs = append(module.Funcs, module.Main)
		args := values(0.75, count(9), matrix(t, count(9*17), 9, 17), 3)
		for _, tuning := range []Tuning{{MinLanes: 2}, {true, true, true, true, 2}, tunings()[g.IntN(16)]} {
			p, err := CompileTuned(module, tuning)
			if err != nil {
				t.Fatal(err)
			}
			m := newMachine(context.Background(), Options{Limits: runtime.Limits{Steps: 10_000}})
			m.noInPlace = tuning.NoInPlace
			_, err = m.run(p.main, args, []int64{9, 17})
			if err != nil {
				continue
			}
			left := m.memory.Used() // results that are scalars are not counted
			for _, c := range m.words.chunks {
				left -= int64(len(c)) * 8
			}
			for _, c := range m.handles.chunks {
				left -= int64(len(c)) * 8
			}
			for _, s := range m.handles.chunks {
				for _, h := range s {
					if h != nil {
						t.Fatalf("program %d, %+v: a handle is left\n%s", seed, tuning, module)
					}
				}
			}
			if left != 0 {
				t.Fatalf("program %d, %+v: %d bytes are left\n%s", seed, tuning, left, module)
			}
		}
	}
}
