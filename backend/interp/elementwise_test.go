package interp

import (
	"context"
	"math"
	"math/cmplx"
	"testing"
	"unsafe"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// samples are elements of each dtype at the edges of what it holds.
var samples = map[ir.DType]*runtime.Array{
	ir.Bool: runtime.Vector([]bool{false, true}),
	ir.I64:  runtime.Vector([]int64{0, 1, -1, 2, 3, -7, 63, 64, 100, math.MaxInt64, math.MinInt64}),
	ir.F32: runtime.Vector([]float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.1, -2.5, 3, 1e38, 1e-45,
		float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}),
	ir.F64: runtime.Vector([]float64{0, math.Copysign(0, -1), 1, -1, 0.1, -2.5, 3, 0.7, -0.3, 64, 65, 700, 1e308, 5e-324, 1e22,
		math.Inf(1), math.Inf(-1), math.NaN(), 1 << 62, 1 << 63, -(1 << 63)}),
	ir.C128: runtime.Vector([]complex128{0, 1, 1i, complex(math.Copysign(0, -1), -0.5), 2 - 3i, -0.1 + 0.2i, 5, 1e200 + 1e200i,
		complex(math.Inf(1), 0), complex(math.NaN(), 1)}),
}

// forms are an operation on scalars, on arrays and in lanes of a map.
func forms(code ir.Code, attr ir.Attr, types []ir.DType) (scalar, array, lanes *ir.Module) {
	module := func(rank int, body func(b *ir.Builder, args []*ir.Value, n ir.Dim) *ir.Value) *ir.Module {
		f := &ir.Func{Name: "main", Body: &ir.Block{}}
		n := f.AddSize("n").Dim()
		var args []*ir.Value
		for _, t := range types {
			args = append(args, f.AddParam(ir.ArrayOf(t, []ir.Dim{n}[:rank]...), ""))
		}
		b := ir.NewBuilder(f, f.Body)
		b.Return(body(b, args, n))
		return &ir.Module{Funcs: []*ir.Func{f}, Main: f}
	}
	whole := func(b *ir.Builder, args []*ir.Value, n ir.Dim) *ir.Value { return b.Op(code, attr, args...) }
	scalar, array = module(0, whole), module(1, whole)
	lanes = module(1, func(b *ir.Builder, args []*ir.Value, n ir.Dim) *ir.Value {
		return b.Map([]ir.Dim{n}, []string{"i"}, func(b *ir.Builder, i []*ir.Value) []*ir.Value {
			var elements []*ir.Value
			for _, a := range args {
				elements = append(elements, b.Op(ir.Gather, ir.IndexAttr{Spec: "@"}, a, i[0]))
			}
			return []*ir.Value{b.Op(code, attr, elements...)}
		})[0]
	})
	return scalar, array, lanes
}

// element is a vector of one of x's elements, or of that element again and
// again.
func element(x *runtime.Array, i, n int) runtime.Value {
	switch x.DType() {
	case ir.Bool:
		return repeated(x.Bool()[i], n)
	case ir.I64:
		return repeated(x.I64()[i], n)
	case ir.F32:
		return repeated(x.F32()[i], n)
	case ir.F64:
		return repeated(x.F64()[i], n)
	}
	return repeated(x.C128()[i], n)
}

func repeated[T runtime.Element](v T, n int) runtime.Value {
	if n == 0 {
		return runtime.Scalar(v)
	}
	data := make([]T, n)
	for i := range data {
		data[i] = v
	}
	return runtime.Vector(data)
}

// first is the first element of the first result as a scalar in text, with all
// its bits.
func first(results []runtime.Value, err error) string {
	if err != nil {
		return err.Error()
	}
	a := results[0].(*runtime.Array)
	if a.Rank() == 0 {
		return runtime.Format(a)
	}
	return runtime.Format(element(a, 0, 0))
}

// TestElementwiseIsTheSameInAllForms holds instructions on scalars, kernels and
// lanes against each other, for every operation, dtype and pair of samples.
func TestElementwiseIsTheSameInAllForms(t *testing.T) {
	for code := range ir.Code(len(ir.Ops)) {
		info := code.Info()
		if info.Class != ir.Elementwise {
			continue
		}
		for dtype, values := range samples {
			targets := []ir.DType{0}
			if code == ir.Convert {
				targets = []ir.DType{ir.Bool, ir.I64, ir.F32, ir.F64, ir.C128}
			}
			if !info.DTypes.Has(dtype) {
				continue
			}
			for _, target := range targets {
				if code == ir.Convert && dtype == ir.C128 && target != ir.C128 {
					continue
				}
				var attr ir.Attr
				if target != 0 {
					attr = ir.ConvertAttr{To: target}
				}
				types := make([]ir.DType, len(info.Operands))
				for k := range types {
					types[k] = dtype
				}
				if code == ir.Select {
					types[0] = ir.Bool
				}
				compareForms(t, code, attr, types, values)
			}
		}
	}
}

func compareForms(t *testing.T, code ir.Code, attr ir.Attr, types []ir.DType, sample *runtime.Array) {
	t.Helper()
	scalar, array, lanes := forms(code, attr, types)
	var programs []*Program
	for _, m := range []*ir.Module{scalar, array, lanes} {
		p, err := CompileTuned(m, Tuning{MinLanes: 2})
		if err != nil {
			t.Errorf("%s of %v: %v", code, types, err)
			return
		}
		programs = append(programs, p)
	}
	const n = 9 // enough for a block of lanes, and a whole SIMD register and a rest
	last := len(types) - 1
	for i := range sample.Len() {
		for j := range sample.Len() {
			if last == 0 && j > 0 {
				break
			}
			var want string
			for k, p := range programs {
				size := n
				if k == 0 {
					size = 0
				}
				var args []runtime.Value
				for a, dt := range types {
					x, at := sample, j
					if a == 0 || a == 1 && last == 2 {
						at = i
					}
					if dt == ir.Bool && sample.DType() != ir.Bool {
						x, at = samples[ir.Bool], j%2
					}
					args = append(args, element(x, at, size))
				}
				got := first(p.Run(context.Background(), args, []int64{int64(size)}, Options{}))
				if k == 0 {
					want = got
				} else if got != want {
					t.Errorf("%s of %s: %s on scalars, %s in form %d", code, runtime.Format(runtime.Tuple(args)), want, got, k)
				}
			}
		}
	}
}

// TestComplexFunctions holds each kernel against Go's function; elementary tests how accurate they are.
func TestComplexFunctions(t *testing.T) {
	for code, want := range map[ir.Code]func(complex128) complex128{
		ir.Sqrt: cmplx.Sqrt, ir.Exp: cmplx.Exp, ir.Log: cmplx.Log, ir.Sin: cmplx.Sin, ir.Cos: cmplx.Cos, ir.Tan: cmplx.Tan,
		ir.Asin: cmplx.Asin, ir.Acos: cmplx.Acos, ir.Atan: cmplx.Atan, ir.Tanh: cmplx.Tanh,
		ir.Expm1: func(z complex128) complex128 { return cmplx.Exp(z) - 1 },
		ir.Log1p: func(z complex128) complex128 { return cmplx.Log(1 + z) },
		ir.Sign:  func(z complex128) complex128 { return z / complex(cmplx.Abs(z), 0) },
		ir.Abs:   func(z complex128) complex128 { return complex(cmplx.Abs(z), 0) },
		ir.Pow:   func(z complex128) complex128 { return cmplx.Pow(z, 0.5+1i) },
	} {
		run := kernels[kernelKey{code, ir.C128}]
		for _, a := range []float64{-3.5, -1.25, -0.5, 0.3, 0.75, 1, 2.25} {
			for _, b := range []float64{-2.5, -1, -0.4, 0.1, 0.6, 1.5, 3} {
				z, exponent, got := complex(a, b), 0.5+1i, complex128(0)
				if _, err := run(vec{unsafe.Pointer(&got), 1}, []vec{{unsafe.Pointer(&z), 1}, {unsafe.Pointer(&exponent), 1}}); err != nil {
					t.Fatal(err)
				}
				if want := want(z); cmplx.Abs(got-want) > 4e-15*(1+cmplx.Abs(want)) {
					t.Errorf("%s of %v is %v, not %v", code, z, got, want)
				}
			}
		}
	}
}
