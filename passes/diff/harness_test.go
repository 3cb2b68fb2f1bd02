package diff

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A program is a function of arrays of constant sizes, as a test builds it.
type program func(b *ir.Builder, x []*ir.Value) []*ir.Value

func typeOf(a *runtime.Array) ir.Type {
	t := ir.Type{DType: a.DType()}
	for _, n := range a.Shape() {
		t.Dims = append(t.Dims, ir.Size(int64(n)))
	}
	return t
}

// of is the source of a program for such arguments.
func (f program) of(args ...*runtime.Array) source {
	return func(m *ir.Module) *ir.Func {
		var types []ir.Type
		for _, a := range args {
			types = append(types, typeOf(a))
		}
		return define(m, "f", types, f)
	}
}

// define adds to m a function of these types.
func define(m *ir.Module, name string, types []ir.Type, body program) *ir.Func {
	f := &ir.Func{Name: name, Body: &ir.Block{}}
	for _, t := range types {
		f.AddParam(t, "")
	}
	b := ir.NewBuilder(f, f.Body)
	b.Return(body(b, f.Params)...)
	m.Funcs = append(m.Funcs, f)
	return f
}

// compile differentiates and compiles the module that build makes, whose last
// function is the main one.
func compile(t *testing.T, build func(m *ir.Module)) func(args ...*runtime.Array) []*runtime.Array {
	t.Helper()
	m := &ir.Module{}
	build(m)
	m.Main = m.Funcs[len(m.Funcs)-1]
	if err := ir.Verify(m); err != nil {
		t.Fatalf("before: %v in\n%s", err, m)
	}
	if err := Run(m); err != nil {
		t.Fatalf("%v in\n%s", err, m)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatalf("after: %v in\n%s", err, m)
	}
	p, err := interp.Compile(m)
	if err != nil {
		t.Fatalf("%v in\n%s", err, m)
	}
	return func(args ...*runtime.Array) []*runtime.Array {
		t.Helper()
		values := make([]runtime.Value, len(args))
		for i, a := range args {
			values[i] = a
		}
		results, err := p.Run(context.Background(), values, nil, interp.Options{Hosts: hosts})
		if err != nil {
			t.Fatalf("%v in\n%s", err, m)
		}
		arrays := make([]*runtime.Array, 0, len(results))
		for _, r := range results {
			if a := r.(*runtime.Array); a.DType().IsInexact() {
				arrays = append(arrays, a)
			}
		}
		return arrays
	}
}

// An experiment is a program with its derivative in a direction of the active
// arguments (first), that derivative for masked directions (masked), and its
// derivative in another direction of the same arguments (second).
type experiment struct {
	f, first, masked, second func(args ...*runtime.Array) []*runtime.Array
}

// hosts are the functions of the embedding program: "measure" squares a number.
var hosts = map[string]interp.HostFunc{
	"measure": func(_ context.Context, args []runtime.Value) ([]runtime.Value, error) {
		x := args[0].(*runtime.Array).F64()[0]
		return []runtime.Value{runtime.Scalar(x * x)}, nil
	},
	"missing": func(context.Context, []runtime.Value) ([]runtime.Value, error) {
		return nil, errors.New("nobody should call this")
	},
}

// A source adds the functions of a test to a module and gives the one to derive.
type source func(m *ir.Module) *ir.Func

// sizesFor are the sizes of f for arguments of these types.
func sizesFor(f *ir.Func, types []ir.Type) []ir.Dim {
	sizes := make([]ir.Dim, len(f.Sizes))
	for k, size := range f.Sizes {
		for i, p := range f.Params {
			for axis, d := range p.Type.Dims {
				if d.Equal(size.Dim()) {
					sizes[k] = types[i].Dims[axis]
				}
			}
		}
	}
	return sizes
}

func newExperiment(t *testing.T, f source, args []*runtime.Array, active []bool) experiment {
	t.Helper()
	var types, directions, masks []ir.Type
	dense, masked, still := "", "", ""
	for i, a := range args {
		types = append(types, typeOf(a))
		if !active[i] {
			dense, masked = dense+".", masked+"."
			continue
		}
		directions = append(directions, typeOf(a))
		masks = append(masks, typeOf(a), ir.Type{DType: ir.Bool, Dims: typeOf(a).Dims})
		dense, masked, still = dense+"d", masked+"m", still+"."
	}
	derivative := func(callee *ir.Func, seeds string) program {
		return func(b *ir.Builder, v []*ir.Value) []*ir.Value {
			_, tangents := b.JVP(callee, sizesFor(callee, types), seeds, v...)
			return tangents
		}
	}
	first := func(m *ir.Module) *ir.Func {
		return define(m, "first", slices.Concat(types, directions), derivative(f(m), dense))
	}
	return experiment{
		f: compile(t, func(m *ir.Module) {
			callee := f(m)
			define(m, "value", types, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
				return b.Call(callee, sizesFor(callee, types), v...)
			})
		}),
		first: compile(t, func(m *ir.Module) { first(m) }),
		masked: compile(t, func(m *ir.Module) {
			define(m, "masked", slices.Concat(types, masks), derivative(f(m), masked))
		}),
		second: compile(t, func(m *ir.Module) {
			define(m, "second", slices.Concat(types, directions, directions), derivative(first(m), dense+still))
		}),
	}
}

// written is a source of a module in the text form, whose function f is derived.
func written(t *testing.T, text string) source {
	t.Helper()
	return func(m *ir.Module) *ir.Func {
		t.Helper()
		parsed, err := ir.Parse(text, nil)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		m.Funcs = append(m.Funcs, parsed.Funcs...)
		i := slices.IndexFunc(m.Funcs, func(f *ir.Func) bool { return f.Name == "f" })
		return m.Funcs[i]
	}
}

// moved is x + h v; what has no direction stays.
func moved(x, v []*runtime.Array, h float64) []*runtime.Array {
	y := make([]*runtime.Array, len(x))
	for i, a := range x {
		y[i] = a
		if v[i] == nil {
			continue
		}
		y[i] = a.Clone()
		switch a.DType() {
		case ir.F64:
			for k, d := range v[i].F64() {
				y[i].F64()[k] += h * d
			}
		case ir.C128:
			for k, d := range v[i].C128() {
				y[i].C128()[k] += complex(h, 0) * d
			}
		}
	}
	return y
}

// numbers are the elements of an inexact array, parts of complex ones apart.
func numbers(a *runtime.Array) []float64 {
	var list []float64
	switch a.DType() {
	case ir.F64:
		list = append(list, a.F64()...)
	case ir.F32:
		for _, x := range a.F32() {
			list = append(list, float64(x))
		}
	case ir.C128:
		for _, z := range a.C128() {
			list = append(list, real(z), imag(z))
		}
	}
	return list
}

// differences is the derivative of f at x in the direction v, by differences of
// fourth order.
func differences(f func(...*runtime.Array) []*runtime.Array, x, v []*runtime.Array) [][]float64 {
	const h = 1.0 / 1024
	var total [][]float64
	for _, point := range []struct{ at, weight float64 }{{1, 8}, {-1, -8}, {2, -1}, {-2, 1}} {
		for i, a := range f(moved(x, v, point.at*h)...) {
			if len(total) <= i {
				total = append(total, make([]float64, len(numbers(a))))
			}
			for k, y := range numbers(a) {
				total[i][k] += y * point.weight / (12 * h)
			}
		}
	}
	return total
}

// checkClose looks whether arrays are what is wanted, up to a relative error.
func checkClose(t *testing.T, what string, got []*runtime.Array, want [][]float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d results, not %d", what, len(got), len(want))
		return
	}
	for i, a := range got {
		largest := 1.0
		for _, x := range want[i] {
			if !math.IsInf(x, 0) {
				largest = max(largest, math.Abs(x))
			}
		}
		for k, x := range numbers(a) {
			y := want[i][k]
			same := x == y || x != x && y != y
			if !same && !(math.Abs(x-y) <= tolerance*largest) {
				t.Errorf("%s: result %d is\n%v, not\n%v", what, i, numbers(a), want[i])
				return
			}
		}
	}
}

// random is an array of this type with elements between low and high.
func random(r *rand.Rand, t ir.DType, low, high float64, shape ...int) *runtime.Array {
	a, err := runtime.NewArray(t, shape...)
	if err != nil {
		panic(err)
	}
	next := func() float64 { return low + (high-low)*r.Float64() }
	for i := range a.Len() {
		switch t {
		case ir.F64:
			a.F64()[i] = next()
		case ir.F32:
			a.F32()[i] = float32(next())
		case ir.C128:
			a.C128()[i] = complex(next(), next())
		case ir.I64:
			a.I64()[i] = int64(math.Floor(next()))
		case ir.Bool:
			a.Bool()[i] = r.IntN(2) == 0
		}
	}
	return a
}

// checkForward holds the derivatives of f at args against differences, in random
// directions of each inexact argument and of all of them.
func checkForward(t *testing.T, r *rand.Rand, f source, args ...*runtime.Array) {
	t.Helper()
	var inexact []int
	for i, a := range args {
		if a.DType().IsInexact() {
			inexact = append(inexact, i)
		}
	}
	sets := [][]int{inexact}
	if len(inexact) > 1 {
		for _, i := range inexact {
			sets = append(sets, []int{i})
		}
	}
	for _, set := range sets {
		active := make([]bool, len(args))
		for _, i := range set {
			active[i] = true
		}
		x := newExperiment(t, f, args, active)
		direction := func() (all, given []*runtime.Array) {
			all = make([]*runtime.Array, len(args))
			for _, i := range set {
				all[i] = random(r, args[i].DType(), -1, 1, args[i].Shape()...)
				given = append(given, all[i])
			}
			return all, given
		}
		all, v := direction()
		first := x.first(slices.Concat(args, v)...)
		checkClose(t, fmt.Sprintf("first derivative by %v", set), first, differences(x.f, args, all), 1e-8)
		others, w := direction()
		at := slices.Concat(args, v)
		along := slices.Concat(others, make([]*runtime.Array, len(v)))
		checkClose(t, fmt.Sprintf("second derivative by %v", set),
			x.second(slices.Concat(args, v, w)...), differences(x.first, at, along), 1e-7)
		checkMasked(t, r, x, args, v)
	}
}

// checkMasked looks whether a masked direction is one that is zero where the
// mask is false, whatever stands there.
func checkMasked(t *testing.T, r *rand.Rand, x experiment, args, v []*runtime.Array) {
	t.Helper()
	settled, given := withMasks(r, args, v)
	var want [][]float64
	for _, a := range x.first(settled...) {
		want = append(want, numbers(a))
	}
	checkClose(t, "derivative in a masked direction", x.masked(given...), want, 1e-13)
}

// eachElementwise checks every elementwise operation that has a derivative, in
// both dtypes, with operands of these shapes from where the table says that
// random tests may sample.
func eachElementwise(t *testing.T, r *rand.Rand, shapes [][]int, check func(t *testing.T, f source, args []*runtime.Array)) {
	for code := range ir.Ops {
		code := ir.Code(code)
		info := code.Info()
		if info.Class != ir.Elementwise || info.Derivative.Kind == ir.Cut && code != ir.Sign {
			continue
		}
		for _, dtype := range []ir.DType{ir.F64, ir.C128} {
			if !info.DTypes.Has(dtype) {
				continue
			}
			t.Run(fmt.Sprintf("%v of %v", code, dtype), func(t *testing.T) {
				for _, shape := range shapes {
					var args []*runtime.Array
					for _, name := range info.Operands {
						if name == "c" {
							args = append(args, random(r, ir.Bool, 0, 1, shape...))
							continue
						}
						bound := map[ir.DType]float64{ir.F64: 2, ir.C128: 1}[dtype]
						args = append(args, random(r, dtype, max(info.Sample.Low, -bound), min(info.Sample.High, bound), shape...))
					}
					if code == ir.Asin || code == ir.Acos {
						args[0] = random(r, dtype, -0.75, 0.75, shape...)
					}
					var attr ir.Attr
					if code == ir.Convert {
						attr = ir.ConvertAttr{To: ir.C128}
					}
					check(t, one(code, attr).of(args...), args)
				}
			})
		}
	}
}

// withMasks gives args and seeds with a random mask each: as they are where it is
// applied, and with NaN wherever it is false, before the mask.
func withMasks(r *rand.Rand, args, seeds []*runtime.Array) (settled, given []*runtime.Array) {
	settled, given = slices.Clone(args), slices.Clone(args)
	for _, a := range seeds {
		mask := random(r, ir.Bool, 0, 1, a.Shape()...)
		zero, poison := a.Clone(), a.Clone()
		for i, m := range mask.Bool() {
			switch {
			case m:
			case a.DType() == ir.F64:
				zero.F64()[i], poison.F64()[i] = 0, math.NaN()
			default:
				zero.C128()[i], poison.C128()[i] = 0, cmplx.NaN()
			}
		}
		settled, given = append(settled, zero), append(given, poison, mask)
	}
	return settled, given
}
