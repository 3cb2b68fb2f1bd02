package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// special values that arithmetic must get right, mixed into random operands.
var special = []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, math.MaxFloat64}

// values makes n elements of any type: numbers of mixed magnitude, so that the order of a sum shows in its bits.
func values[T Element](n int, seed uint64) []T {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	x := make([]T, n)
	for i := range x {
		v := r.NormFloat64() * math.Pow(10, float64(r.IntN(6)))
		switch p := any(&x[i]).(type) {
		case *float64:
			*p = v
		case *float32:
			*p = float32(v)
		case *int64:
			*p = int64(r.Uint64())
		case *complex128:
			*p = complex(v, r.NormFloat64())
		case *bool:
			*p = r.IntN(2) == 0
		}
	}
	return x
}

// specials makes n floats of which every third or so is a special value.
func specials(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	x := values[float64](n, seed)
	for i := range x {
		if r.IntN(3) == 0 {
			x[i] = special[r.IntN(len(special))]
		}
	}
	return x
}

// same says whether two elements are equal to the bit, all NaN being one.
func same[T Element](x, y T) bool {
	switch x := any(x).(type) {
	case float64:
		y := any(y).(float64)
		return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
	case float32:
		return same(float64(x), float64(any(y).(float32)))
	case complex128:
		y := any(y).(complex128)
		return same(real(x), real(y)) && same(imag(x), imag(y))
	}
	return x == y
}

func checkSame[T Element](t *testing.T, what string, got, want []T) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !same(got[i], want[i]) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// bothWays runs a test with the assembly and without.
func bothWays(t *testing.T, test func(t *testing.T)) {
	t.Run("vector", test)
	t.Run("plain", func(t *testing.T) {
		withoutVector(t)
		test(t)
	})
}

// referenceSum is the rule of sums read literally.
func referenceSum[T Number](x []T) T {
	if len(x) < 32 {
		var sum T
		for _, v := range x {
			sum += v
		}
		return sum
	}
	var lane [16]T
	for i, v := range x {
		lane[i%16] += v
	}
	var r8 [8]T
	for i := range r8 {
		r8[i] = lane[i] + lane[i+8]
	}
	var r4 [4]T
	for i := range r4 {
		r4[i] = r8[i] + r8[i+4]
	}
	r2 := [2]T{r4[0] + r4[2], r4[1] + r4[3]}
	return r2[0] + r2[1]
}

// referenceContract multiplies and sums one letter after the other, the last summed letter first.
func referenceContract[T Number](a, b []T, left, right, result string, extents map[byte]int) []T {
	var summed string
	for _, letters := range []string{left, right} {
		for i := range letters {
			if !contains(result, letters[i]) && !contains(summed, letters[i]) {
				summed += letters[i : i+1]
			}
		}
	}
	var extent [256]int
	for letter, n := range extents {
		extent[letter] = n
	}
	place := func(letters string, index *[256]int) int {
		at := 0
		for i := range letters {
			at = at*extent[letters[i]] + index[letters[i]]
		}
		return at
	}
	index := new([256]int)
	var sum func(letters string) T
	sum = func(letters string) T {
		if letters == "" {
			return mulNumber(a[place(left, index)], b[place(right, index)])
		}
		terms := make([]T, extents[letters[0]])
		for i := range terms {
			index[letters[0]] = i
			terms[i] = sum(letters[1:])
		}
		return referenceSum(terms)
	}
	size := 1
	for i := range result {
		size *= extents[result[i]]
	}
	out := make([]T, size)
	for i := range out {
		rest := i
		for j := len(result) - 1; j >= 0; j-- {
			index[result[j]] = rest % extents[result[j]]
			rest /= extents[result[j]]
		}
		out[i] = sum(summed)
	}
	return out
}

func contains(letters string, c byte) bool {
	for i := range letters {
		if letters[i] == c {
			return true
		}
	}
	return false
}
