package diff

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// pairing is the real part of the sum of products of the elements, which is what
// a cotangent says of a tangent.
func pairing(cotangents, tangents []*runtime.Array) float64 {
	total := 0.0
	for i, a := range cotangents {
		b := tangents[i]
		switch a.DType() {
		case ir.F64:
			for k, x := range a.F64() {
				total += x * b.F64()[k]
			}
		case ir.F32:
			for k, x := range a.F32() {
				total += float64(x) * float64(b.F32()[k])
			}
		case ir.C128:
			for k, x := range a.C128() {
				total += real(x * b.C128()[k])
			}
		}
	}
	return total
}

// letters marks the chosen ones of n.
func letters(n int, chosen []int, letter byte) string {
	text := slices.Repeat([]byte{ir.SeedNone}, n)
	for _, i := range chosen {
		text[i] = letter
	}
	return string(text)
}

// backwards adds to m a function that gives the cotangents of the chosen
// arguments of f for seeds of all inexact results, of which types are known.
func backwards(m *ir.Module, f *ir.Func, name string, types, seeds []ir.Type, chosen []int, letter byte) *ir.Func {
	given := slices.Clone(types)
	for _, t := range seeds {
		if given = append(given, t); letter == ir.SeedMasked {
			given = append(given, ir.Type{DType: ir.Bool, Dims: t.Dims})
		}
	}
	text := ""
	for _, t := range f.Results[f.SizeResults:] {
		if t.DType.IsInexact() {
			text += string(letter)
		} else {
			text += string(ir.SeedNone)
		}
	}
	return define(m, name, given, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
		_, cotangents := b.VJP(f, sizesFor(f, types), text, letters(len(types), chosen, ir.SeedDense), v...)
		return cotangents
	})
}

// forwards is the derivative of f in a direction of the chosen arguments.
func forwards(m *ir.Module, f *ir.Func, name string, types []ir.Type, chosen []int) *ir.Func {
	given := slices.Clone(types)
	for _, i := range chosen {
		given = append(given, types[i])
	}
	return define(m, name, given, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
		_, tangents := b.JVP(f, sizesFor(f, types), letters(len(types), chosen, ir.SeedDense), v...)
		return tangents
	})
}

func typesOfAll(args []*runtime.Array) []ir.Type {
	var types []ir.Type
	for _, a := range args {
		types = append(types, typeOf(a))
	}
	return types
}

func directions(r *rand.Rand, args []*runtime.Array, chosen []int) []*runtime.Array {
	var list []*runtime.Array
	for _, i := range chosen {
		list = append(list, random(r, args[i].DType(), -1, 1, args[i].Shape()...))
	}
	return list
}

// agree looks whether two sums that should be equal are.
func agree(t *testing.T, what string, forward, reverse, tolerance float64) {
	t.Helper()
	if scale := max(1, math.Abs(forward)); !(math.Abs(forward-reverse) <= tolerance*scale) {
		t.Errorf("%s: %v in forward mode, %v in reverse mode", what, forward, reverse)
	}
}

// checkReverse holds the reverse derivatives of f at args against the forward
// ones, as checkDual does, and forward over reverse against differences.
func checkReverse(t *testing.T, r *rand.Rand, f source, args ...*runtime.Array) {
	t.Helper()
	checkDual(t, r, f, args, func(second []*runtime.Array, reverse func(...*runtime.Array) []*runtime.Array, at, along []*runtime.Array) {
		t.Helper()
		checkClose(t, "forward over reverse", second, differences(reverse, at, along), 1e-7)
	})
}

// checkDual holds the reverse derivatives of f at args against the forward ones:
// <ȳ, J v> is <ȳ J, v>, for each inexact argument and for all of them. The same
// holds for the function that gives x̄ = ȳ J, by x and by ȳ: that is reverse
// over reverse against forward over reverse, which also is told to inspect.
func checkDual(t *testing.T, r *rand.Rand, f source, args []*runtime.Array,
	inspect func(second []*runtime.Array, reverse func(...*runtime.Array) []*runtime.Array, at, along []*runtime.Array)) {
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
	types := typesOfAll(args)
	for _, chosen := range sets {
		forward := compile(t, func(m *ir.Module) { forwards(m, f(m), "forward", types, chosen) })
		v := directions(r, args, chosen)
		tangents := forward(slices.Concat(args, v)...)
		seeds := directions(r, tangents, all(tangents))
		seedTypes := typesOfAll(seeds)
		inner := func(m *ir.Module) *ir.Func {
			return backwards(m, f(m), "reverse", types, seedTypes, chosen, ir.SeedDense)
		}
		reverse := compile(t, func(m *ir.Module) { inner(m) })
		given := slices.Concat(args, seeds)
		cotangents := reverse(given...)
		agree(t, fmt.Sprintf("derivative by %v", chosen), pairing(seeds, tangents), pairing(cotangents, v), 1e-10)
		checkMaskedSeeds(t, r, f, args, seeds, chosen, reverse)

		again := slices.Clone(chosen)
		for i := range seeds {
			again = append(again, len(args)+i)
		}
		givenTypes := typesOfAll(given)
		twice := compile(t, func(m *ir.Module) { forwards(m, inner(m), "twice", givenTypes, again) })
		w := directions(r, given, again)
		second := twice(slices.Concat(given, w)...)
		u := directions(r, second, all(second))
		back := compile(t, func(m *ir.Module) {
			backwards(m, inner(m), "back", givenTypes, typesOfAll(u), again, ir.SeedDense)
		})
		agree(t, fmt.Sprintf("second derivative by %v", chosen), pairing(u, second), pairing(back(slices.Concat(given, u)...), w), 1e-9)
		if inspect != nil {
			along := make([]*runtime.Array, len(given))
			for i, k := range again {
				along[k] = w[i]
			}
			inspect(second, reverse, given, along)
		}
	}
}

// all are the numbers of the elements of list.
func all(list []*runtime.Array) []int {
	var numbers []int
	for i := range list {
		numbers = append(numbers, i)
	}
	return numbers
}

// checkMaskedSeeds looks whether a masked cotangent is one that is zero where the
// mask is false, whatever stands there.
func checkMaskedSeeds(t *testing.T, r *rand.Rand, f source, args, seeds []*runtime.Array, chosen []int, reverse func(...*runtime.Array) []*runtime.Array) {
	t.Helper()
	settled, given := withMasks(r, args, seeds)
	masked := compile(t, func(m *ir.Module) {
		backwards(m, f(m), "masked", typesOfAll(args), typesOfAll(seeds), chosen, ir.SeedMasked)
	})
	var want [][]float64
	for _, a := range reverse(settled...) {
		want = append(want, numbers(a))
	}
	checkClose(t, "derivative of masked cotangents", masked(given...), want, 1e-13)
}

func TestElementwiseReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	eachElementwise(t, r, [][]int{nil, {5}, {2, 3}}, func(t *testing.T, f source, args []*runtime.Array) {
		checkReverse(t, r, f, args...)
	})
}

func TestStructuralReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 15))
	list := trials(r)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		t.Run(name, func(t *testing.T) { checkReverse(t, r, list[name].f.of(list[name].args...), list[name].args...) })
	}
}

func TestStructuredReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for name, test := range structured {
		t.Run(name, func(t *testing.T) { checkReverse(t, r, written(t, test.text), test.args...) })
	}
}

func TestRandomReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for seed := range uint64(120) {
		args := []*runtime.Array{runtime.Scalar(r.Float64()), random(r, ir.F64, -1, 1, 3), runtime.Scalar(r.IntN(2) == 0)}
		t.Run(fmt.Sprint(seed), func(t *testing.T) { checkDual(t, r, randomSource(seed), args, nil) })
	}
}
