package diff

import (
	"fmt"
	"maps"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// coefficients gives a function of arguments and directions of the inexact ones:
// the Taylor coefficients 1 … order of each result of f.
func coefficients(t *testing.T, f source, args []*runtime.Array, order int, letter byte) func(args ...*runtime.Array) []*runtime.Array {
	t.Helper()
	types, seeds := typesOfAll(args), ""
	all := slices.Clone(types)
	for _, a := range args {
		if !a.DType().IsInexact() {
			seeds += "."
			continue
		}
		seeds += string(letter)
		all = append(all, typeOf(a))
		if letter == ir.SeedMasked {
			all = append(all, ir.Type{DType: ir.Bool, Dims: typeOf(a).Dims})
		}
	}
	return compile(t, func(m *ir.Module) {
		callee := f(m)
		define(m, "series", all, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
			_, coefficients := b.Taylor(callee, sizesFor(callee, types), seeds, order, v...)
			return coefficients
		})
	})
}

// nested gives the same by taking the derivative in the direction order times, for
// one j alone: coefficient j times j!.
func nested(t *testing.T, f source, args []*runtime.Array, j int) func(args ...*runtime.Array) []*runtime.Array {
	t.Helper()
	types := typesOfAll(args)
	all, seeds, still := slices.Clone(types), "", ""
	for i, a := range args {
		if seeds += "."; a.DType().IsInexact() {
			seeds = seeds[:i] + "d"
			all = append(all, typeOf(a))
			still += "."
		}
	}
	return compile(t, func(m *ir.Module) {
		callee := f(m)
		derived := define(m, "derivative 1", all, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
			_, tangents := b.JVP(callee, sizesFor(callee, types), seeds, v...)
			return tangents
		})
		for k := 2; k <= j; k++ {
			inner := derived
			derived = define(m, fmt.Sprintf("derivative %d", k), all, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
				_, tangents := b.JVP(inner, nil, seeds+still, append(slices.Clone(v), v[len(types):]...)...)
				return tangents
			})
		}
	})
}

// checkTaylor holds the coefficients up to order of f at args against nested
// derivatives, in a random direction, and looks at masked directions.
func checkTaylor(t *testing.T, r *rand.Rand, f source, order int, tolerance float64, args ...*runtime.Array) {
	t.Helper()
	given := slices.Clone(args)
	for _, a := range args {
		if a.DType().IsInexact() {
			given = append(given, random(r, a.DType(), -1, 1, a.Shape()...))
		}
	}
	series := coefficients(t, f, args, order, ir.SeedDense)(given...)
	factorial := 1.0
	for j := 1; j <= order; j++ {
		factorial *= float64(j)
		derivatives := nested(t, f, args, j)(given...)
		var got []*runtime.Array
		var want [][]float64
		for i, a := range derivatives {
			got = append(got, series[i*order+j-1])
			var row []float64
			for _, x := range numbers(a) {
				row = append(row, x/factorial)
			}
			want = append(want, row)
		}
		checkClose(t, fmt.Sprintf("coefficient %d", j), got, want, tolerance)
	}
	settled, masked := slices.Clone(args), slices.Clone(args)
	for _, a := range given[len(args):] {
		mask := random(r, ir.Bool, 0, 1, a.Shape()...)
		zero, poison := poisoned(a, mask)
		settled, masked = append(settled, zero), append(masked, poison, mask)
	}
	var want [][]float64
	for _, a := range coefficients(t, f, args, order, ir.SeedDense)(settled...) {
		want = append(want, numbers(a))
	}
	checkClose(t, "coefficients in a masked direction", coefficients(t, f, args, order, ir.SeedMasked)(masked...), want, tolerance)
}

// poisoned is a with zeros where the mask is false, and with what is no number.
func poisoned(a, mask *runtime.Array) (zero, poison *runtime.Array) {
	zero, poison = a.Clone(), a.Clone()
	for i, m := range mask.Bool() {
		switch {
		case m:
		case a.DType() == ir.F64:
			zero.F64()[i], poison.F64()[i] = 0, math.NaN()
		default:
			zero.C128()[i], poison.C128()[i] = 0, cmplx.NaN()
		}
	}
	return zero, poison
}

// Every elementwise operation, over its domain.
func TestElementwiseTaylor(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	eachElementwise(t, r, [][]int{nil, {5}}, func(t *testing.T, f source, args []*runtime.Array) {
		checkTaylor(t, r, f, 5, 1e-11, args...)
	})
}

// Every other operation without blocks.
func TestStructuralTaylor(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	list := trials(r)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		t.Run(name, func(t *testing.T) {
			checkTaylor(t, r, list[name].f.of(list[name].args...), 4, 1e-11, list[name].args...)
		})
	}
}

// Programs with blocks, calls and rules.
func TestStructuredTaylor(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for name, test := range structured {
		t.Run(name, func(t *testing.T) { checkTaylor(t, r, written(t, test.text), 4, 1e-10, test.args...) })
	}
}

func TestRandomTaylor(t *testing.T) {
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 2))
			checkTaylor(t, r, randomSource(seed), 3, 1e-10, random(r, ir.F64, -1, 1), random(r, ir.F64, -1, 1, 3), random(r, ir.Bool, 0, 1))
		})
	}
}

// A rule may need the series of a result that nobody asks for.
func TestRuleThatReadsAnotherResult(t *testing.T) {
	text := `
func wave[](x: f64) -> (f64, i64, f64) derivative "wave'" with results {
  k: i64 = const 1
  s: f64 = sin x
  c: f64 = cos x
  return s, k, c
}

func "wave'"[](x: f64, dx: f64, s: f64, k: i64, c: f64) -> (f64, f64) {
  ds: f64 = mul c, dx
  t: f64 = mul s, dx
  dc: f64 = neg t
  return ds, dc
}

func f[](x: f64) -> (f64) {
  s: f64, k: i64, c: f64 = call wave[] x
  return s
}`
	x := runtime.Scalar(0.5)
	got := coefficients(t, written(t, text), []*runtime.Array{x}, 5, ir.SeedDense)(x, runtime.Scalar(2.0))
	sine, cosine := math.Sin(0.5), math.Cos(0.5)
	want := [][]float64{{2 * cosine}, {-2 * sine}, {-4.0 / 3 * cosine}, {2.0 / 3 * sine}, {4.0 / 15 * cosine}}
	checkClose(t, "sine by a rule", got, want, 1e-15)
}

// Coefficients are ordinary programs, which are differentiated forward and in
// reverse.
func TestDerivativesOfTaylor(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for seed := range uint64(30) {
		args := []*runtime.Array{random(r, ir.F64, -1, 1), random(r, ir.F64, -1, 1, 3), random(r, ir.Bool, 0, 1)}
		of := func(m *ir.Module) *ir.Func {
			inner := randomSource(seed)(m)
			inner.Name = "inner"
			return define(m, "f", typesOfAll(args), func(b *ir.Builder, x []*ir.Value) []*ir.Value {
				_, coefficients := b.Taylor(inner, nil, "dd.", 3, x[0], x[1], x[2], x[0], x[1])
				return coefficients
			})
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			checkForward(t, r, of, args...)
			checkDual(t, r, of, args, nil)
		})
	}
}
