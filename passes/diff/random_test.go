package diff

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/calx-lang/calx/ir"
)

// A generator makes random programs with blocks and calls of f64 scalars and
// vectors [3]. They are smooth nearly everywhere, and their values stay small.
type generator struct {
	*rand.Rand
	m     *ir.Module
	funcs int
}

var (
	number = ir.Scalar(ir.F64)
	vector = ir.ArrayOf(ir.F64, ir.Size(3))
)

func (g *generator) typ() ir.Type { return []ir.Type{number, vector}[g.IntN(2)] }

// pick is a value of type t, rather one that was made late.
func (g *generator) pick(b *ir.Builder, values []*ir.Value, t ir.Type) *ir.Value {
	for range 8 {
		k := max(g.IntN(len(values)), g.IntN(len(values)))
		if values[k].Type.Equal(t) {
			return values[k]
		}
	}
	for _, v := range values {
		if v.Type.Equal(t) && g.IntN(3) > 0 {
			return v
		}
	}
	return b.Broadcast(b.F64(float64(g.IntN(16))/8-1), t.Dims...)
}

// truth is a condition that does not depend on what is differentiated, or one
// that does.
func (g *generator) truth(b *ir.Builder, values []*ir.Value) *ir.Value {
	for _, v := range values {
		if v.Type.DType == ir.Bool && g.IntN(2) == 0 {
			return v
		}
	}
	return b.Op(ir.Lt, nil, g.pick(b, values, number), g.pick(b, values, number))
}

func (g *generator) index(b *ir.Builder) *ir.Value { return b.I64(int64(g.IntN(3))) }

// body appends n operations, with blocks in them down to depth, and gives all
// that is there then.
func (g *generator) body(b *ir.Builder, values []*ir.Value, n, depth int) []*ir.Value {
	values = append([]*ir.Value(nil), values...)
	for range n {
		values = append(values, g.operation(b, values, depth)...)
	}
	return values
}

func (g *generator) operation(b *ir.Builder, values []*ir.Value, depth int) []*ir.Value {
	x := func(t ir.Type) *ir.Value { return g.pick(b, values, t) }
	is := func(v *ir.Value) []*ir.Value { return []*ir.Value{v} }
	t := g.typ()
	cases := 18
	if depth == 0 {
		cases = 13
	}
	switch g.IntN(cases) {
	case 0, 1:
		return is(b.Op([]ir.Code{ir.Sin, ir.Tanh, ir.Neg, ir.Cos}[g.IntN(4)], nil, x(t)))
	case 2, 3:
		return is(b.Op([]ir.Code{ir.Add, ir.Sub, ir.Mul}[g.IntN(3)], nil, b.Op(ir.Tanh, nil, x(t)), x(t)))
	case 4:
		return is(b.Op([]ir.Code{ir.Min, ir.Max}[g.IntN(2)], nil, x(t), x(t)))
	case 5:
		c := b.Op(ir.Lt, nil, x(t), x(t))
		return is(b.Op(ir.Select, nil, c, x(t), x(t)))
	case 6:
		return is(b.Op(ir.Gather, ir.IndexAttr{Spec: "@"}, x(vector), g.index(b)))
	case 7:
		return is(b.Op(ir.Update, ir.IndexAttr{Spec: "@"}, x(vector), x(number), g.index(b)))
	case 8:
		return is(b.Op(ir.Accumulate, ir.IndexAttr{Spec: "@", Mode: ir.AccumulateMode(g.IntN(3))}, x(vector), x(number), g.index(b)))
	case 9:
		kind := []ir.ReduceKind{ir.ReduceSum, ir.ReduceProd, ir.ReduceMin, ir.ReduceMax}[g.IntN(4)]
		return is(b.Op(ir.Tanh, nil, b.Op(ir.Reduce, ir.ReduceAttr{Kind: kind, Axes: []int{0}}, x(vector))))
	case 10:
		kind := []ir.ScanKind{ir.CumSum, ir.CumProd, ir.CumMax, ir.CumMin}[g.IntN(4)]
		return is(b.Op(ir.Tanh, nil, b.Op(ir.Scan, ir.ScanAttr{Kind: kind, Reverse: g.IntN(2) == 0}, x(vector))))
	case 11:
		return is(b.Op(ir.Tanh, nil, b.Op(ir.Contract, ir.ContractAttr{Spec: "i,i->"}, x(vector), x(vector))))
	case 12:
		return is(b.Broadcast(x(number), vector.Dims...))
	case 13:
		c := g.truth(b, values)
		side := func(b *ir.Builder) []*ir.Value {
			inner := g.body(b, values, 3, depth-1)
			return []*ir.Value{g.pick(b, inner, number), g.pick(b, inner, vector)}
		}
		return b.If(c, side, side)
	case 14:
		carried := []ir.Carry{{Init: x(number)}, {Init: x(vector)}, {Init: x(number)}}
		return b.For(b.I64(0), b.I64(int64(g.IntN(4))), "", carried, func(b *ir.Builder, i *ir.Value, c []*ir.Value) []*ir.Value {
			return g.next(b, append(append([]*ir.Value(nil), values...), c...), depth)
		})
	case 15:
		carried := []ir.Carry{{Init: b.I64(0)}, {Init: x(number)}, {Init: x(vector)}, {Init: x(number)}}
		return b.While(carried, func(b *ir.Builder, c []*ir.Value) *ir.Value {
			return b.Op(ir.Lt, nil, c[0], b.I64(int64(g.IntN(4))))
		}, func(b *ir.Builder, c []*ir.Value) []*ir.Value {
			next := g.next(b, append(append([]*ir.Value(nil), values...), c[1:]...), depth)
			return append([]*ir.Value{b.Op(ir.Add, nil, c[0], b.I64(1))}, next...)
		})[1:]
	case 16:
		results := b.Map(vector.Dims, []string{"i"}, func(b *ir.Builder, i []*ir.Value) []*ir.Value {
			e := b.Op(ir.Gather, ir.IndexAttr{Spec: "@"}, g.pick(b, values, vector), i[0])
			return []*ir.Value{g.pick(b, g.body(b, append(values[:len(values):len(values)], e), 3, depth-1), number)}
		})
		return results
	}
	g.funcs++
	f := define(g.m, fmt.Sprint("function", g.funcs), []ir.Type{number, vector}, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
		inner := g.body(b, v, 4, depth-1)
		return []*ir.Value{g.pick(b, inner, vector), g.pick(b, inner, number)}
	})
	return b.Call(f, nil, x(number), x(vector))
}

// next is what a loop carries on: some of it from before.
func (g *generator) next(b *ir.Builder, values []*ir.Value, depth int) []*ir.Value {
	inner := g.body(b, values, 3, depth-1)
	return []*ir.Value{
		b.Op(ir.Tanh, nil, g.pick(b, inner, number)),
		b.Op(ir.Sin, nil, g.pick(b, inner, vector)),
		g.pick(b, inner, number),
	}
}

// randomSource is a random function of a scalar, a vector and a condition.
func randomSource(seed uint64) source {
	return func(m *ir.Module) *ir.Func {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), m: m}
		types := []ir.Type{number, vector, ir.Scalar(ir.Bool)}
		return define(m, "f", types, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
			values := g.body(b, v, 8, 2)
			return []*ir.Value{g.pick(b, values, number), g.pick(b, values, vector)}
		})
	}
}

func TestRandomForward(t *testing.T) {
	for seed := range uint64(200) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			checkForward(t, r, randomSource(seed), random(r, ir.F64, -1, 1), random(r, ir.F64, -1, 1, 3), random(r, ir.Bool, 0, 1))
		})
	}
}
