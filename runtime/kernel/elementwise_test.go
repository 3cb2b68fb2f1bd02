package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/calx-lang/calx/runtime/elementary"
)

// elementwiseLengths straddle the widths at which the assembly changes step.
var elementwiseLengths = []int{0, 1, 2, 3, 4, 5, 15, 16, 17, 31, 33, 100, 8191, 8192, 8193, 20000}

// forms gives operands as arrays and as scalars: array-array, array-scalar, scalar-array, scalar-scalar.
func forms(n int) [][2][]float64 {
	x, y := specials(n, 1), specials(n, 2)
	all := [][2][]float64{{x, y}}
	for _, s := range []float64{3.5, 0, math.Copysign(0, -1), math.NaN(), math.Inf(1)} {
		scalar := []float64{s}
		all = append(all, [2][]float64{x, scalar}, [2][]float64{scalar, y}, [2][]float64{scalar, scalar})
	}
	return all
}

func at[T any](x []T, i int) T {
	if len(x) == 1 {
		return x[0]
	}
	return x[i]
}

func TestBinaryArithmetic(t *testing.T) {
	operations := []struct {
		name string
		run  func(dst, x, y []float64)
		want func(x, y float64) float64
	}{
		{"add", Add[float64], func(x, y float64) float64 { return x + y }},
		{"sub", Sub[float64], func(x, y float64) float64 { return x - y }},
		{"mul", Mul[float64], func(x, y float64) float64 { return x * y }},
		{"div", Div[float64], func(x, y float64) float64 { return x / y }},
		{"min", Min[float64], referenceMin},
		{"max", Max[float64], func(x, y float64) float64 { return -referenceMin(-x, -y) }},
	}
	bothWays(t, func(t *testing.T) {
		for _, op := range operations {
			for _, n := range elementwiseLengths {
				for _, operands := range forms(n) {
					x, y := operands[0], operands[1]
					got, want := make([]float64, n), make([]float64, n)
					for i := range want {
						want[i] = op.want(at(x, i), at(y, i))
					}
					op.run(got, x, y)
					checkSame(t, fmt.Sprintf("%s of %d and %d", op.name, len(x), len(y)), got, want)
					if len(x) == n {
						inPlace := append([]float64{}, x...)
						op.run(inPlace, inPlace, y)
						checkSame(t, op.name+" onto its left operand", inPlace, want)
					}
					if len(y) == n {
						inPlace := append([]float64{}, y...)
						op.run(inPlace, x, inPlace)
						checkSame(t, op.name+" onto its right operand", inPlace, want)
					}
				}
			}
		}
	})
}

// referenceMin is the IEEE minimum by the definition of math.Min, but NaN wins even against -inf.
func referenceMin(x, y float64) float64 {
	if x != x || y != y {
		return math.NaN()
	}
	return math.Min(x, y)
}

func TestComparisons(t *testing.T) {
	operations := []struct {
		name string
		run  func(dst []bool, x, y []float64)
		want func(x, y float64) bool
	}{
		{"eq", Eq[float64], func(x, y float64) bool { return x == y }},
		{"less", Less[float64], func(x, y float64) bool { return x < y }},
		{"less or equal", LessEqual[float64], func(x, y float64) bool { return x <= y }},
	}
	bothWays(t, func(t *testing.T) {
		for _, op := range operations {
			for _, n := range elementwiseLengths {
				for _, operands := range forms(n) {
					x, y := operands[0], operands[1]
					got, want := values[bool](n, 1), make([]bool, n)
					for i := range want {
						want[i] = op.want(at(x, i), at(y, i))
					}
					op.run(got, x, y)
					checkSame(t, fmt.Sprintf("%s of %d and %d", op.name, len(x), len(y)), got, want)
				}
			}
		}
	})
}

func TestUnaryArithmetic(t *testing.T) {
	operations := []struct {
		name string
		run  func(dst, x []float64)
		want func(x float64) float64
	}{
		{"neg", Neg[float64], func(x float64) float64 { return -x }},
		{"abs", Abs[float64], math.Abs},
		{"sqrt", Sqrt[float64], math.Sqrt},
		{"sign", Sign[float64], func(x float64) float64 {
			if x == 0 || x != x {
				return math.Abs(x)
			}
			return math.Copysign(1, x)
		}},
	}
	bothWays(t, func(t *testing.T) {
		for _, op := range operations {
			for _, n := range elementwiseLengths {
				for _, x := range [][]float64{specials(n, 1), {-2}, {math.Copysign(0, -1)}} {
					got, want := make([]float64, n), make([]float64, n)
					for i := range want {
						want[i] = op.want(at(x, i))
					}
					op.run(got, x)
					checkSame(t, fmt.Sprintf("%s of %d", op.name, len(x)), got, want)
				}
			}
		}
	})
}

func TestSelect(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		for _, n := range elementwiseLengths {
			for _, c := range [][]bool{values[bool](n, 1), {true}, {false}} {
				for _, operands := range forms(n) {
					x, y := operands[0], operands[1]
					got, want := make([]float64, n), make([]float64, n)
					for i := range want {
						want[i] = at(y, i)
						if at(c, i) {
							want[i] = at(x, i)
						}
					}
					Select(got, c, x, y)
					checkSame(t, fmt.Sprintf("select %d %d %d", len(c), len(x), len(y)), got, want)
				}
			}
		}
	})
}

func TestOtherElementTypes(t *testing.T) {
	minInt := int64(math.MinInt64)
	i := make([]int64, 3)
	Add(i, []int64{1, math.MaxInt64, -5}, []int64{1})
	checkSame(t, "i64 add wraps", i, []int64{2, minInt, -4})
	Abs(i, []int64{-3, minInt, 0})
	checkSame(t, "i64 abs", i, []int64{3, minInt, 0})
	Min(i, []int64{1, 2, 3}, []int64{2})
	checkSame(t, "i64 min", i, []int64{1, 2, 2})
	f := make([]float32, 2)
	Mul(f, []float32{1 << 24, 0.1}, []float32{1.0000001, 0.1})
	checkSame(t, "f32 mul rounds to f32", f, []float32{float32(1<<24) * 1.0000001, float32(0.1) * float32(0.1)})
	Max(f, []float32{0, float32(math.NaN())}, []float32{float32(math.Copysign(0, -1)), 1})
	checkSame(t, "f32 max", f, []float32{0, float32(math.NaN())})
	b := make([]bool, 4)
	x, y := []bool{false, false, true, true}, []bool{false, true, false, true}
	And(b, x, y)
	checkSame(t, "and", b, []bool{false, false, false, true})
	Or(b, x, y)
	checkSame(t, "or", b, []bool{false, true, true, true})
	Xor(b, x, y)
	checkSame(t, "xor", b, []bool{false, true, true, false})
	Not(b, x)
	checkSame(t, "not", b, []bool{true, true, false, false})
	Eq(b, []complex128{1i}, []complex128{1, 1i, 0, complex(math.NaN(), 1)})
	checkSame(t, "c128 eq", b, []bool{false, true, false, false})
}

func TestIntegerDivisionRoundsDown(t *testing.T) {
	x := []int64{7, -7, 7, -7, math.MinInt64, 0, 6}
	y := []int64{2, 2, -2, -2, -1, 5, 3}
	q, r := make([]int64, len(x)), make([]int64, len(x))
	if _, err := FloorDivInt(q, x, y); err != nil {
		t.Fatal(err)
	}
	if _, err := ModInt(r, x, y); err != nil {
		t.Fatal(err)
	}
	checkSame(t, "quotients", q, []int64{3, -4, -4, 3, math.MinInt64, 0, 2})
	checkSame(t, "remainders", r, []int64{1, 1, -1, -1, 0, 0, 0})
	if at, err := FloorDivInt(q[:3], x[:3], []int64{1, 0, 1}); err != ErrDivisionByZero || at != 1 {
		t.Errorf("division by zero at 1: got %v at %d", err, at)
	}
	if at, err := ModInt(q[:3], x[:3], []int64{0}); err != ErrDivisionByZero || at != 0 {
		t.Errorf("remainder by zero at 0: got %v at %d", err, at)
	}
}

func TestShiftsOutsideTheWordGiveZeroOrTheSign(t *testing.T) {
	got := make([]int64, 5)
	ShiftLeft(got, []int64{3, 3, 3, -1, -1}, []int64{0, 1, 64, 63, -1})
	checkSame(t, "left", got, []int64{3, 6, 0, math.MinInt64, 0})
	ShiftRight(got, []int64{6, -6, 6, -6, -6}, []int64{1, 1, 64, 64, -1})
	checkSame(t, "right", got, []int64{3, -3, 0, -1, -1})
}

func TestTruncationRefusesWhatHasNoInteger(t *testing.T) {
	got := make([]int64, 4)
	if _, err := Truncate(got, []float64{1.9, -1.9, math.MinInt64, 9223372036854774784}); err != nil {
		t.Fatal(err)
	}
	checkSame(t, "truncated", got, []int64{1, -1, math.MinInt64, 9223372036854774784})
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 9223372036854775808, -9223372036854777856} {
		if at, err := Truncate(got[:2], []float64{0, bad}); err != ErrOutOfRange || at != 1 {
			t.Errorf("%v: got %v at %d", bad, err, at)
		}
	}
}

func TestConversions(t *testing.T) {
	f := make([]float64, 2)
	Convert(f, []int64{1<<53 + 1, -2})
	checkSame(t, "i64 to f64", f, []float64{1 << 53, -2})
	FromBool(f, []bool{true, false})
	checkSame(t, "bool to f64", f, []float64{1, 0})
	b := make([]bool, 3)
	ToBool(b, []float64{math.NaN(), math.Copysign(0, -1), 2})
	checkSame(t, "f64 to bool", b, []bool{true, false, true})
	c := make([]complex128, 1)
	ToComplex(c, []float64{2})
	checkSame(t, "f64 to c128", c, []complex128{2})
}

func TestComplexArithmetic(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct{ x, y, want complex128 }{
		{1 + 2i, 3 - 1i, 5 + 5i},
		{complex(1e300, 1e300), complex(1e-300, 1e-300), complex(0, 2)},
		{complex(inf, 0), 1, complex(inf, nan)},
	} {
		if got := elementary.MulComplex(c.x, c.y); !same(got, c.want) {
			t.Errorf("%v * %v = %v, want %v", c.x, c.y, got, c.want)
		}
	}
	for _, c := range []struct{ x, y, want complex128 }{
		{-5 + 10i, 3 + 4i, 1 + 2i},
		{complex(1e300, 1e300), complex(1e300, 1e300), 1},
		{complex(1e-300, 0), complex(1e-300, 1e-300), complex(0.5, -0.5)},
		{1 + 1i, 0, complex(inf, inf)},
		{0, 0, complex(nan, nan)},
	} {
		if got := elementary.DivComplex(c.x, c.y); !same(got, c.want) {
			t.Errorf("%v / %v = %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

func BenchmarkElementwise(b *testing.B) {
	for _, n := range []int{4096, 1_000_000} {
		x, y, z := values[float64](n, 1), values[float64](n, 2), make([]float64, n)
		c := make([]bool, n)
		run := func(name string, bytes int, f func()) {
			b.Run(fmt.Sprintf("%s-%d", name, n), func(b *testing.B) {
				b.SetBytes(int64(bytes * n))
				for b.Loop() {
					f()
				}
			})
		}
		run("add", 24, func() { Add(z, x, y) })
		run("mul", 24, func() { Mul(z, x, y) })
		run("div", 24, func() { Div(z, x, y) })
		run("max", 24, func() { Max(z, x, y) })
		run("mul-scalar", 16, func() { Mul(z, x, y[:1]) })
		run("sqrt", 16, func() { Sqrt(z, x) })
		run("less", 17, func() { Less(c, x, y) })
		run("select", 25, func() { Select(z, c, x, y) })
		run("sum", 8, func() { _ = SumOf(x) })
	}
}

func TestLogicOfAnyLength(t *testing.T) {
	operations := []struct {
		name string
		run  func(dst, x, y []bool)
		want func(x, y bool) bool
	}{
		{"and", And, func(x, y bool) bool { return x && y }},
		{"or", Or, func(x, y bool) bool { return x || y }},
		{"xor", Xor, func(x, y bool) bool { return x != y }},
		{"not", func(dst, x, _ []bool) { Not(dst, x) }, func(x, _ bool) bool { return !x }},
	}
	for _, op := range operations {
		for _, n := range []int{0, 1, 2, 7, 8, 9, 16, 100} {
			for _, x := range [][]bool{values[bool](n, 1), {false}, {true}} {
				for _, y := range [][]bool{values[bool](n, 2), {false}, {true}} {
					got, want := make([]bool, n), make([]bool, n)
					count := 0
					for i := range want {
						want[i] = op.want(at(x, i), at(y, i))
						count += int(b2u(want[i]))
					}
					op.run(got, x, y)
					checkSame(t, fmt.Sprintf("%s of %d and %d", op.name, len(x), len(y)), got, want)
					if Count(got) != count {
						t.Errorf("count is %d, want %d", Count(got), count)
					}
				}
			}
		}
	}
}

func TestIntegerFormsAgree(t *testing.T) {
	x, y := values[int64](100, 1), values[int64](100, 2)
	repeated := func(v int64) []int64 {
		all := make([]int64, len(x))
		Fill(all, v)
		return all
	}
	for name, run := range map[string]func(dst, x, y []int64){
		"add": Add[int64], "sub": Sub[int64], "mul": Mul[int64], "min": Min[int64], "max": Max[int64],
	} {
		got, want := make([]int64, len(x)), make([]int64, len(x))
		run(got, x, y[:1])
		run(want, x, repeated(y[0]))
		checkSame(t, name+" of an array and a scalar", got, want)
		run(got, x[:1], y)
		run(want, repeated(x[0]), y)
		checkSame(t, name+" of a scalar and an array", got, want)
	}
	for name, run := range map[string]func(dst []bool, x, y []int64){
		"eq": Eq[int64], "less": Less[int64], "less or equal": LessEqual[int64],
	} {
		got, want := make([]bool, len(x)), make([]bool, len(x))
		run(got, x, y[:1])
		run(want, x, repeated(y[0]))
		checkSame(t, name+" of an array and a scalar", got, want)
	}
}
