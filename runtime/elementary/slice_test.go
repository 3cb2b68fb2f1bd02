package elementary

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sample gives numbers of every kind: any bits, ordinary sizes, near 1, and
// special values, in runs, so that blocks of one kind and mixed ones occur.
func sample(random *rand.Rand, count int) []float64 {
	special := []float64{0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 2, math.Inf(1), math.Inf(-1), math.NaN(), -math.NaN(),
		math.MaxFloat64, 5e-324, -5e-324, minNormal, 710, -746, 709.78, 22, trigLimit, 1e300, 65, -65, 64, 3}
	numbers := make([]float64, 0, count+8)
	for len(numbers) < count {
		kind := random.IntN(9)
		for range 1 + random.IntN(8) {
			var x float64
			switch kind {
			case 0:
				x = math.Float64frombits(random.Uint64())
			case 1:
				x = special[random.IntN(len(special))]
			case 2:
				x = 1 + random.NormFloat64()*0x1p-20
			case 3:
				x = random.NormFloat64() * 300
			case 4:
				x = random.Float64()
			case 5:
				x = random.NormFloat64() * 1e6
			default:
				x = random.NormFloat64() * 3
			}
			numbers = append(numbers, x)
		}
	}
	return numbers[:count]
}

// sameBits holds a kernel's results against the scalar function's.
func sameBits(t *testing.T, name string, got []float64, want func(i int) float64) {
	t.Helper()
	for i := range got {
		if expected := want(i); math.Float64bits(got[i]) != math.Float64bits(expected) {
			t.Fatalf("%s: element %d is %v (%x), the scalar function gives %v (%x)", name, i, got[i], math.Float64bits(got[i]), expected, math.Float64bits(expected))
		}
	}
}

// compareKernels tests all kernels on count random numbers each.
func compareKernels(t *testing.T, count int, seed uint64) {
	const block = 1 << 14
	random := rand.New(rand.NewPCG(seed, 1))
	result := make([]float64, block)
	for done := 0; done < count; done += block {
		a, b := sample(random, block), sample(random, block)
		for name, f := range functions {
			f.kernel(result, a)
			sameBits(t, name, result, func(i int) float64 { return f.scalar(a[i]) })
		}
		for name, f := range pairFunctions {
			f.kernel(result, a, b)
			sameBits(t, name, result, func(i int) float64 { return f.scalar(a[i], b[i]) })
		}
	}
}

func TestKernelsEqualScalarFunctions(t *testing.T) {
	compareKernels(t, 1<<20, 7)
}

var manyPoints = flag.Float64("points", 0, "numbers on which TestKernelsEqualScalarFunctionsOnManyPoints compares each kernel")

// The long comparison: go test -run ManyPoints -timeout 0 -points 1e8
func TestKernelsEqualScalarFunctionsOnManyPoints(t *testing.T) {
	if *manyPoints == 0 {
		t.Skip("asked for by -points")
	}
	compareKernels(t, int(*manyPoints), uint64(*manyPoints)+11)
}

func TestKernelsTakeAnyLengthAndTheirOwnSource(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for length := range 40 {
		source := sample(random, length)
		for name, f := range functions {
			guarded := append(slices.Clone(source), 12345, 54321)
			f.kernel(guarded[:length], guarded[:length])
			sameBits(t, name, guarded[:length], func(i int) float64 { return f.scalar(source[i]) })
			if guarded[length] != 12345 || guarded[length+1] != 54321 {
				t.Errorf("%s: wrote behind %d elements", name, length)
			}
		}
		other := sample(random, length)
		for name, f := range pairFunctions {
			for _, aliased := range []bool{false, true} {
				a, b := slices.Clone(source), slices.Clone(other)
				target := a
				if aliased {
					target = b
				}
				f.kernel(target, a, b)
				sameBits(t, name, target, func(i int) float64 { return f.scalar(source[i], other[i]) })
			}
		}
	}
}

func TestPowConstantEqualsPow(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	source := sample(random, 1000)
	result := make([]float64, len(source))
	for _, y := range []float64{0, 1, 2, 3, -1, -2, 7, 64, -64, 65, 0.5, -0.5, 2.5, 1e300, math.Inf(1), math.Inf(-1), math.NaN()} {
		PowConstantSlice(result, source, y)
		sameBits(t, "pow", result, func(i int) float64 { return Pow(source[i], y) })
	}
}
