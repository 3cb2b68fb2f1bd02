package elementary

import (
	"math"
	"math/rand/v2"
	"testing"
)

var (
	inf      = math.Inf(1)
	nan      = math.NaN()
	minus0   = math.Copysign(0, -1)
	tiny     = 5e-324
	greatest = math.MaxFloat64
)

// sameNumber compares bits; a wanted NaN means the NaN of the language.
func sameNumber(got, want float64) bool {
	if want != want {
		return math.Float64bits(got) == 0x7FF8000000000000
	}
	return math.Float64bits(got) == math.Float64bits(want)
}

func TestSpecialValues(t *testing.T) {
	for name, values := range map[string][][2]float64{
		"exp":   {{0, 1}, {minus0, 1}, {inf, inf}, {-inf, 0}, {nan, nan}, {710, inf}, {709.782712893384, 0x1.fffffffffff2ap+1023}, {-745.1332191019411, tiny}, {-745.2, 0}, {1e300, inf}, {-1e300, 0}, {1, math.E}},
		"expm1": {{0, 0}, {minus0, minus0}, {inf, inf}, {-inf, -1}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}, {710, inf}, {-1e300, -1}},
		"log":   {{0, -inf}, {minus0, -inf}, {1, 0}, {inf, inf}, {-1, nan}, {-inf, nan}, {nan, nan}, {-tiny, nan}},
		"log1p": {{0, 0}, {minus0, minus0}, {-1, -inf}, {-2, nan}, {inf, inf}, {-inf, nan}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}},
		"sin":   {{0, 0}, {minus0, minus0}, {inf, nan}, {-inf, nan}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}},
		"cos":   {{0, 1}, {minus0, 1}, {inf, nan}, {-inf, nan}, {nan, nan}, {tiny, 1}},
		"tan":   {{0, 0}, {minus0, minus0}, {inf, nan}, {-inf, nan}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}},
		"asin":  {{0, 0}, {minus0, minus0}, {1, math.Pi / 2}, {-1, -math.Pi / 2}, {1.0000000000000002, nan}, {inf, nan}, {nan, nan}, {tiny, tiny}},
		"acos":  {{1, 0}, {-1, math.Pi}, {0, math.Pi / 2}, {minus0, math.Pi / 2}, {-1.0000000000000002, nan}, {-inf, nan}, {nan, nan}},
		"atan":  {{0, 0}, {minus0, minus0}, {inf, math.Pi / 2}, {-inf, -math.Pi / 2}, {1, math.Pi / 4}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}},
		"tanh":  {{0, 0}, {minus0, minus0}, {inf, 1}, {-inf, -1}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}, {20, 1}, {-greatest, -1}},
		"sqrt":  {{0, 0}, {minus0, minus0}, {inf, inf}, {-1, nan}, {nan, nan}, {2, math.Sqrt2}, {tiny, 0x1p-537}},
		"floor": {{1.5, 1}, {-1.5, -2}, {minus0, minus0}, {-0.5, -1}, {inf, inf}, {nan, nan}, {0x1p52 + 1, 0x1p52 + 1}},
		"ceil":  {{1.5, 2}, {-1.5, -1}, {-0.5, minus0}, {minus0, minus0}, {-inf, -inf}, {nan, nan}},
		"trunc": {{1.5, 1}, {-1.5, -1}, {-0.5, minus0}, {0.5, 0}, {inf, inf}, {nan, nan}},
		"round": {{0.5, 0}, {1.5, 2}, {2.5, 2}, {-0.5, minus0}, {-1.5, -2}, {0.49999999999999994, 0}, {4503599627370497.5, 4503599627370498}, {inf, inf}, {nan, nan}},
	} {
		f := functions[name]
		for _, v := range values {
			if got := f.scalar(v[0]); !sameNumber(got, v[1]) {
				t.Errorf("%s(%v) = %v (%x), want %v", name, v[0], got, math.Float64bits(got), v[1])
			}
			lanes := []float64{v[0], 0.25, v[0], 0.75}
			if f.kernel(lanes, lanes); !sameNumber(lanes[2], v[1]) {
				t.Errorf("%s of a slice: %v at %v, want %v", name, lanes[2], v[0], v[1])
			}
		}
	}
}

func TestSpecialValuesOfTwoNumbers(t *testing.T) {
	for name, values := range map[string][][3]float64{
		"atan2": {
			{0, 0, 0}, {minus0, 0, minus0}, {0, minus0, math.Pi}, {minus0, minus0, -math.Pi}, {0, 1, 0}, {0, -1, math.Pi}, {minus0, -1, -math.Pi},
			{1, 0, math.Pi / 2}, {-1, minus0, -math.Pi / 2}, {1, inf, 0}, {-1, inf, minus0}, {1, -inf, math.Pi}, {-1, -inf, -math.Pi},
			{inf, 1, math.Pi / 2}, {-inf, -1, -math.Pi / 2}, {inf, inf, math.Pi / 4}, {inf, -inf, 3 * math.Pi / 4}, {-inf, -inf, -3 * math.Pi / 4},
			{nan, 1, nan}, {1, nan, nan}, {nan, nan, nan}, {0, nan, nan}, {nan, inf, nan}, {greatest, greatest, math.Pi / 4}, {tiny, tiny, math.Pi / 4},
			{tiny, -greatest, math.Pi}, {1, greatest, 0x1p-1024}, {0x1p-1000, 0x1p60, 0x1p-1060},
		},
		"pow": {
			{nan, 0, 1}, {inf, minus0, 1}, {0, 0, 1}, {1, nan, 1}, {1, inf, 1}, {-1, inf, 1}, {-1, -inf, 1}, {nan, 1, nan}, {2, nan, nan}, {nan, nan, nan},
			{0, -1, inf}, {minus0, -1, -inf}, {minus0, -2, inf}, {0, -0.5, inf}, {minus0, -0.5, inf}, {minus0, -65, -inf}, {minus0, -66, inf},
			{0, 2, 0}, {minus0, 3, minus0}, {minus0, 0.5, 0}, {minus0, 65, minus0}, {minus0, 66, 0}, {0, inf, 0}, {0, -inf, inf}, {minus0, -inf, inf},
			{0.5, inf, 0}, {0.5, -inf, inf}, {-0.5, inf, 0}, {2, inf, inf}, {2, -inf, 0}, {-2, inf, inf},
			{inf, 0.5, inf}, {inf, -0.5, 0}, {-inf, 3, -inf}, {-inf, 65, -inf}, {-inf, 66, inf}, {-inf, -65, minus0}, {-inf, 0.5, inf}, {-inf, -0.5, 0},
			{-2, 0.5, nan}, {-2, 65, -0x1p65}, {-2, 100, 0x1p100}, {-1, 65, -1}, {-1, 1e300, 1}, {-1, 0x1p53 + 2, 1},
			{2, 1024, inf}, {2, 1023, 0x1p1023}, {2, -1074, tiny}, {2, -1075.5, 0}, {-2, 1025, -inf}, {-2, -1077, minus0},
			{2, 1e300, inf}, {2, -1e300, 0}, {1.0000000000000002, 1e300, inf}, {0.5, 1e300, 0}, {4, 0.5, 2}, {greatest, 1e-300, 1}, {tiny, tiny, 1},
			{3, 2, 9}, {3, -2, 1.0 / 9}, {-3, 3, -27}, {1.1, 2, 1.1 * float64(1.1)},
		},
		"mod": {
			{7, 3, 1}, {-7, 3, 2}, {7, -3, -2}, {-7, -3, -1}, {6, 3, 0}, {-6, 3, 0}, {6, -3, minus0}, {minus0, 3, 0}, {0, -3, minus0}, {5.5, 2, 1.5},
			{1, 0, nan}, {inf, 3, nan}, {nan, 3, nan}, {3, nan, nan}, {5, inf, 5}, {-5, inf, inf}, {5, -inf, -inf}, {-5, -inf, -5},
			{1e308, 1e-300, 3.0195000970293847e-301}, {-tiny, 1, 1}, {7 * tiny, 3 * tiny, tiny}, {greatest, tiny, 0},
		},
		"floordiv": {
			{7, 3, 2}, {-7, 3, -3}, {7, -3, -3}, {-7, -3, 2}, {1, 0.1, 9}, {-1, 0.1, -10}, {0.5, 2, 0}, {-0.5, 2, -1}, {minus0, 2, minus0},
			{1, 0, inf}, {-1, 0, -inf}, {0, 0, nan}, {inf, 2, nan}, {5, inf, 0}, {-5, inf, -1}, {nan, 1, nan}, {1, nan, nan}, {1e308, 1e-10, inf},
		},
	} {
		f := pairFunctions[name]
		for _, v := range values {
			if got := f.scalar(v[0], v[1]); !sameNumber(got, v[2]) {
				t.Errorf("%s(%v, %v) = %v, want %v", name, v[0], v[1], got, v[2])
			}
		}
	}
}

func TestPowersOfSmallIntegersAreMultipliedOut(t *testing.T) {
	x := 1.1
	x2 := float64(x * x)
	x4 := float64(x2 * x2)
	for _, c := range []struct{ y, want float64 }{
		{2, x2}, {3, float64(x2 * x)}, {4, x4}, {5, float64(x4 * x)}, {6, math.Pow(float64(x2*x), 2)}, {-1, 1 / x}, {-2, 1 / x2}, {64, PowInteger(x4, 16)},
	} {
		if got := Pow(x, c.y); got != c.want {
			t.Errorf("1.1^%v = %v, want %v", c.y, got, c.want)
		}
	}
	if got := Pow(0x1p-20, -64); got != inf {
		t.Errorf("(2^-20)^-64 = %v, want 1/0", got)
	}
}

func TestChoicesOfTwoNumbers(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"min", Min(1.0, 2), 1}, {"min", Min(0, minus0), minus0}, {"min", Min(minus0, 0), minus0}, {"min", canonical(Min(nan, 1)), nan}, {"min", canonical(Min(-inf, nan)), nan},
		{"max", Max(1.0, 2), 2}, {"max", Max(0, minus0), 0}, {"max", Max(minus0, 0), 0}, {"max", Max(minus0, minus0), minus0}, {"max", canonical(Max(inf, nan)), nan},
		{"copysign", Copysign(3, minus0), -3}, {"copysign", Copysign(-3, math.Copysign(nan, -1)), 3}, {"copysign", Copysign(nan, -1), nan},
		{"sign", Sign(-tiny), -1}, {"sign", Sign(minus0), 0}, {"sign", Sign(inf), 1}, {"sign", Sign(nan), nan},
	} {
		if !sameNumber(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestIntegers(t *testing.T) {
	const least, most = math.MinInt64, math.MaxInt64
	for _, c := range []struct {
		name      string
		got, want int64
	}{
		{"7 // -2", FloordivInt(7, -2), -4}, {"-7 // -2", FloordivInt(-7, -2), 3}, {"MIN // -1", FloordivInt(least, -1), least},
		{"7 % -2", ModInt(7, -2), -1}, {"-7 % 2", ModInt(-7, 2), 1}, {"MIN % -1", ModInt(least, -1), 0}, {"MIN % MAX", ModInt(least, most), most - 1},
		{"3^4", PowInt(3, 4), 81}, {"0^0", PowInt(0, 0), 1}, {"2^64", PowInt(2, 64), 0}, {"(-1)^MAX", PowInt(-1, most), -1}, {"3^41", PowInt(3, 41), -420491770248316829},
		{"1<<63", ShiftLeft(1, 63), least}, {"1<<64", ShiftLeft(1, 64), 0}, {"1<<-1", ShiftLeft(1, -1), 0},
		{"-8>>1", ShiftRight(-8, 1), -4}, {"-8>>64", ShiftRight(-8, 64), -1}, {"8>>-1", ShiftRight(8, -1), 0},
		{"sign", SignInt(least), -1}, {"sign", SignInt(5), 1}, {"sign", SignInt(0), 0}, {"min", Min[int64](least, -1), least}, {"max", Max[int64](least, -1), -1},
	} {
		if c.got != c.want {
			t.Errorf("%s = %d, want %d", c.name, c.got, c.want)
		}
	}
	for _, c := range []struct {
		x    float64
		want int64
		ok   bool
	}{{-1.9, -1, true}, {minus0, 0, true}, {-0x1p63, least, true}, {0x1p63, 0, false}, {math.Nextafter(0x1p63, 0), most - 1023, true}, {-0x1.0000000000001p63, 0, false}, {nan, 0, false}, {inf, 0, false}} {
		if got, ok := ToInt(c.x); got != c.want || ok != c.ok {
			t.Errorf("ToInt(%v) = %d, %v", c.x, got, ok)
		}
	}
}

// Package math's remainder is exact, and slow where the quotient is large.
func TestModIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	xs, ys := sample(random, 200_000), sample(random, 200_000)
	for i, x := range xs {
		y := ys[i]
		want := math.Mod(x, y)
		switch {
		case want == 0:
			want = math.Copysign(0, y)
		case want < 0 != (y < 0) && want == want:
			want += y
		}
		if got := Mod(x, y); !sameNumber(got, want) {
			t.Fatalf("Mod(%v, %v) = %v, want %v", x, y, got, want)
		}
	}
}
