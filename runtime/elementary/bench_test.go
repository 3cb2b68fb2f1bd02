package elementary

import (
	"math"
	"math/rand/v2"
	"testing"
)

// BenchmarkKernels measures 10^6 elements, in turn by the kernel, by the scalar
// function and by package math; ns/element is the figure to read.
func BenchmarkKernels(b *testing.B) {
	standard := map[string]func(float64) float64{
		"exp": math.Exp, "expm1": math.Expm1, "log": math.Log, "log1p": math.Log1p, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan,
		"asin": math.Asin, "acos": math.Acos, "atan": math.Atan, "tanh": math.Tanh, "sqrt": math.Sqrt, "floor": math.Floor, "round": math.RoundToEven,
	}
	random := rand.New(rand.NewPCG(1, 2))
	source, result := make([]float64, 1e6), make([]float64, 1e6)
	for _, name := range []string{"exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "tanh", "sqrt", "floor", "round"} {
		for i := range source {
			source[i] = random.NormFloat64() * 5
			switch name {
			case "log", "log1p", "sqrt":
				source[i] = math.Abs(source[i])
			case "asin", "acos":
				source[i] = 2*random.Float64() - 1
			}
		}
		measure := func(variant string, run func()) {
			b.Run(name+"/"+variant, func(b *testing.B) {
				for b.Loop() {
					run()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(source)), "ns/element")
			})
		}
		loop := func(f func(float64) float64) func() {
			return func() {
				for i, x := range source {
					result[i] = f(x)
				}
			}
		}
		measure("kernel", func() { functions[name].kernel(result, source) })
		measure("scalar", loop(functions[name].scalar))
		measure("math", loop(standard[name]))
	}
}

func BenchmarkPow(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	x, y, result := make([]float64, 1e6), make([]float64, 1e6), make([]float64, 1e6)
	for i := range x {
		x[i], y[i] = random.ExpFloat64()*5, random.NormFloat64()*5
	}
	measure := func(name string, run func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/element")
		})
	}
	loop := func(f func(x, y float64) float64) func() {
		return func() {
			for i := range x {
				result[i] = f(x[i], y[i])
			}
		}
	}
	measure("pow/kernel", func() { PowSlice(result, x, y) })
	measure("pow/scalar", loop(Pow))
	measure("pow/math", loop(math.Pow))
	measure("square/kernel", func() { PowConstantSlice(result, x, 2) })
	measure("atan2/kernel", func() { Atan2Slice(result, x, y) })
	measure("atan2/scalar", loop(Atan2))
	measure("atan2/math", loop(math.Atan2))
	measure("mod/scalar", loop(Mod))
	measure("mod/math", loop(math.Mod))
}
