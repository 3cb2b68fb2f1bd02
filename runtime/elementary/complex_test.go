package elementary

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"math"
	"math/cmplx"
	"testing"
)

// complexReferences is written by testdata/references.py.
//
//go:embed testdata/complex.bin
var complexReferences []byte

var complexFunctions = map[string]func(complex128) complex128{
	"exp": ExpComplex, "log": LogComplex, "sin": SinComplex, "cos": CosComplex, "tan": TanComplex, "tanh": TanhComplex, "sqrt": SqrtComplex,
	"asin": AsinComplex, "acos": AcosComplex, "atan": AtanComplex, "expm1": Expm1Complex, "log1p": Log1pComplex,
}

var complexPairFunctions = map[string]func(x, y complex128) complex128{"pow": PowComplex, "div": DivComplex, "mul": MulComplex}

// Distance by size of the value, in units of 2^-53; a power magnifies the
// rounding of its logarithm by the size of w·log z.
func TestComplexFunctionsAgreeWithReferences(t *testing.T) {
	for rest := complexReferences; len(rest) > 0; {
		name := string(bytes.TrimRight(rest[:8], "\x00"))
		arity, count := binary.LittleEndian.Uint32(rest[8:]), binary.LittleEndian.Uint32(rest[12:])
		rest = rest[16:]
		number := func() complex128 {
			re, im := binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint64(rest[8:])
			rest = rest[16:]
			return complex(math.Float64frombits(re), math.Float64frombits(im))
		}
		var worst float64
		for range count {
			z, bound := number(), 4.0
			var w, got complex128
			if arity == 2 {
				w = number()
				got = complexPairFunctions[name](z, w)
				if name == "pow" {
					bound += 2 * cmplx.Abs(w*cmplx.Log(z))
				}
			} else {
				got = complexFunctions[name](z)
			}
			want := number()
			e := cmplx.Abs(got-want) / cmplx.Abs(want) * 0x1p53
			worst = math.Max(worst, e)
			if !(e <= bound) {
				t.Errorf("%s(%v, %v) = %v, exact is %v: %.1f units", name, z, w, got, want, e)
			}
		}
		t.Logf("%-6s %.2f", name, worst)
	}
}

// same compares bits, all NaNs being one.
func same(a, b complex128) bool {
	return math.Float64bits(canonical(real(a))) == math.Float64bits(canonical(real(b))) && math.Float64bits(canonical(imag(a))) == math.Float64bits(canonical(imag(b)))
}

func TestComplexSpecialValues(t *testing.T) {
	inf, nan, negative := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	for _, c := range []struct {
		name    string
		z, want complex128
	}{
		{"exp", complex(0, negative), complex(1, negative)},
		{"exp", complex(-inf, inf), 0},
		{"exp", complex(inf, inf), complex(inf, nan)},
		{"exp", complex(inf, 0), complex(inf, 0)},
		{"exp", complex(nan, 0), complex(nan, 0)},
		{"exp", complex(1, inf), complex(nan, nan)},
		{"log", complex(0, 0), complex(-inf, 0)},
		{"log", complex(negative, 0), complex(-inf, math.Pi)},
		{"log", complex(-1, negative), complex(0, -math.Pi)},
		{"log", complex(-inf, inf), complex(inf, 3*math.Pi/4)},
		{"log", complex(inf, nan), complex(inf, nan)},
		{"sqrt", complex(negative, 0), complex(0, 0)},
		{"sqrt", complex(negative, negative), complex(0, negative)},
		{"sqrt", complex(-4, 0), complex(0, 2)},
		{"sqrt", complex(-4, negative), complex(0, -2)},
		{"sqrt", complex(nan, inf), complex(inf, inf)},
		{"sqrt", complex(-inf, 1), complex(0, inf)},
		{"sqrt", complex(inf, -1), complex(inf, negative)},
		{"sqrt", complex(0x1p1023, 0), complex(math.Sqrt(0x1p1023), 0)},
		{"sqrt", complex(0x1p-1074, 0), complex(0x1p-537, 0)},
		{"tanh", complex(inf, 1), complex(1, 0)},
		{"tanh", complex(-inf, 2), complex(-1, negative)},
		{"tanh", complex(nan, 0), complex(nan, 0)},
		{"tanh", complex(0, inf), complex(0, nan)},
		{"tanh", complex(1000, 1), 1},
		{"log1p", 1e-20, 1e-20},
		{"expm1", 1e-20, 1e-20},
		{"exp", 1000, complex(inf, 0)},
		{"sin", complex(0, 0), complex(0, 0)},
		{"sin", complex(negative, 0), complex(negative, 0)},
		{"sin", complex(inf, 0), complex(nan, 0)},
		{"cos", complex(0, 0), complex(1, negative)},
		{"asin", complex(2, 0), complex(math.Pi/2, 1.3169578969248166)},
		{"asin", complex(2, negative), complex(math.Pi/2, -1.3169578969248166)},
		{"asin", complex(inf, inf), complex(math.Pi/4, inf)},
		{"acos", complex(-inf, 1), complex(math.Pi, -inf)},
		{"atan", complex(inf, 0), complex(math.Pi/2, 0)},
		{"atan", complex(0, 1), complex(0, inf)},
	} {
		if got := complexFunctions[c.name](c.z); !same(got, c.want) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.z, got, c.want)
		}
	}
}

func TestComplexPowersAndQuotients(t *testing.T) {
	z := 1.25 - 0.7i
	if got := PowComplex(z, 2); got != MulComplex(z, z) {
		t.Errorf("z^2 = %v, not z·z", got)
	}
	if got := PowComplex(z, -3); got != DivComplex(1, MulComplex(MulComplex(z, z), z)) {
		t.Errorf("z^-3 = %v, not 1/(z·z·z)", got)
	}
	for _, c := range []struct{ got, want complex128 }{
		{PowComplex(0, 0), 1},
		{PowComplex(0, 0.5+1i), 0},
		{PowComplex(0, -0.5), cmplx.NaN()},
		{PowComplex(2, 0.5), complex(math.Sqrt2, 0)},
		{DivComplex(1, 0), complex(math.Inf(1), math.NaN())},
		{DivComplex(complex(0x1p1000, 0x1p1000), complex(0x1p1000, 0x1p1000)), 1},
		{MulComplex(1i, 1i), -1},
	} {
		if !same(c.got, c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	got := ExpComplex(complex(720, 0x1p-60))
	if relative := imag(got)/4.2680277109947735e294 - 1; real(got) != math.Inf(1) || !(math.Abs(relative) < 1e-15) {
		t.Errorf("e^(720 + 2^-60 i) = %v", got)
	}
	if got := AbsComplex(complex(0x1p1023, 0x1p1022)); got != 0x1p1000*AbsComplex(complex(0x1p23, 0x1p22)) {
		t.Errorf("|2^1023 + 2^1022 i| = %v", got)
	}
	if got := AbsComplex(complex(math.NaN(), math.Inf(-1))); got != math.Inf(1) {
		t.Errorf("|NaN - inf i| = %v", got)
	}
}
