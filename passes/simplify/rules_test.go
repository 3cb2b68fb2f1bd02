package simplify

import (
	"math"
	"testing"

	"github.com/calx-lang/calx/ir"
)

// special are the values that a rule has to hold for.
var special = map[ir.DType][]ir.Literal{
	ir.Bool: {{I: 0}, {I: 1}},
	ir.I64:  {{I: 0}, {I: 1}, {I: -1}, {I: 2}, {I: -7}, {I: 1 << 40}, {I: math.MaxInt64}, {I: math.MinInt64}},
	ir.F64: floats(0, math.Copysign(0, -1), 1, -1, 0.5, -2.5, 1.1, 3, 1e300, -1e-300, 5e-324, -5e-324,
		math.MaxFloat64, math.SmallestNonzeroFloat64*7, math.Inf(1), math.Inf(-1), math.NaN()),
	ir.F32: floats(0, math.Copysign(0, -1), 1, -1, 0.5, -2.5, float64(float32(1.1)), math.MaxFloat32,
		math.SmallestNonzeroFloat32, math.Inf(1), math.Inf(-1), math.NaN()),
	ir.C128: complexes(0, math.Copysign(0, -1), 1, -2.5, math.Inf(1), math.Inf(-1), math.NaN()),
}

func floats(values ...float64) (list []ir.Literal) {
	for _, x := range values {
		list = append(list, ir.Literal{F: x})
	}
	return list
}

func complexes(values ...float64) (list []ir.Literal) {
	for _, x := range values {
		for _, y := range values {
			list = append(list, ir.Literal{C: complex(x, y)})
		}
	}
	return list
}

// Every rule gives the same bits on both sides, for all special values of its
// letters.
func TestRules(t *testing.T) {
	for _, r := range rules {
		c := compile(r)
		for _, dtype := range c.types {
			tried := 0
			tryLetters(c, dtype, map[byte]ir.Literal{}, func(letters map[byte]ir.Literal) {
				left, lt, ok := eval(c.left, dtype, letters)
				if !ok {
					return // it fails, and so may anything in its place
				}
				right, rt, ok := eval(c.right, dtype, letters)
				tried++
				if !ok || lt != rt || !sameBits(lt, left, right) {
					t.Errorf("%q for %v, %v: %v and %v", c.text, dtype, letters, left, right)
				}
			})
			if tried == 0 {
				t.Errorf("%q for %v has not been tried", c.text, dtype)
			}
		}
	}
}

// tryLetters calls f with all special values of the letters of a rule.
func tryLetters(c compiled, dtype ir.DType, letters map[byte]ir.Literal, f func(map[byte]ir.Literal)) {
	for _, letter := range []byte("cxy") {
		if _, done := letters[letter]; done || !mentions(c.left, letter) {
			continue
		}
		t := dtype
		if letter == 'c' {
			t = ir.Bool
		}
		for _, value := range special[t] {
			letters[letter] = value
			tryLetters(c, dtype, letters, f)
		}
		delete(letters, letter)
		return
	}
	f(letters)
}

func mentions(p *pattern, letter byte) bool {
	for _, arg := range p.args {
		if mentions(arg, letter) {
			return true
		}
	}
	return p.letter == letter
}

// eval computes a side of a rule with scalars.
func eval(p *pattern, dtype ir.DType, letters map[byte]ir.Literal) (ir.Literal, ir.DType, bool) {
	switch {
	case p.letter == 'c':
		return letters['c'], ir.Bool, true
	case p.letter != 0:
		return letters[p.letter], dtype, true
	case p.truth:
		return p.literal(ir.Bool), ir.Bool, true
	case p.args == nil:
		return p.literal(dtype), dtype, true
	}
	args := make([]ir.Literal, len(p.args))
	values := make([]*ir.Value, len(p.args))
	for i, arg := range p.args {
		lit, t, ok := eval(arg, dtype, letters)
		if !ok {
			return ir.Literal{}, 0, false
		}
		args[i], values[i] = lit, &ir.Value{Type: ir.Scalar(t)}
	}
	types, err := ir.Infer(&ir.Func{}, p.code, nil, values)
	if err != nil {
		return ir.Literal{}, 0, false
	}
	operand := values[len(values)-1].Type.DType
	if p.code == ir.Pow && operand == ir.F64 {
		return ir.Literal{F: power(args[0].F, int(args[1].F))}, ir.F64, true
	}
	lit, ok := ir.EvalScalar(p.code, nil, operand, args)
	return lit, types[0].DType, ok
}

// power is how powers of whole exponents are defined: by the binary digits of
// the exponent, the highest first, and by a division if it is negative.
func power(x float64, n int) float64 {
	result := 1.0
	for bit := 6; bit >= 0; bit-- {
		result *= result
		if max(n, -n)>>bit&1 == 1 {
			result *= x
		}
	}
	if n < 0 {
		return 1 / result
	}
	return result
}

// A division by a power of 2 and the multiplication by its reciprocal agree.
func TestReciprocal(t *testing.T) {
	for _, dtype := range []ir.DType{ir.F32, ir.F64} {
		for exponent := -1100; exponent <= 1100; exponent++ {
			c := math.Ldexp(1, exponent)
			if dtype == ir.F32 {
				c = float64(float32(c))
			}
			f := &ir.Func{Body: &ir.Block{}}
			x := f.AddParam(ir.Scalar(dtype), "x")
			b := ir.NewBuilder(f, f.Body)
			product := byReciprocal(b, b.Op(ir.Div, nil, x, b.Const(dtype, ir.Literal{F: c})).Def)
			if product == nil {
				continue
			}
			factor, _ := constant(product.Def.Args[1])
			for _, x := range special[dtype] {
				want, _ := ir.EvalScalar(ir.Div, nil, dtype, []ir.Literal{x, {F: c}})
				got, _ := ir.EvalScalar(ir.Mul, nil, dtype, []ir.Literal{x, factor})
				if !sameBits(dtype, want, got) {
					t.Fatalf("%v: %v / %v", dtype, x.F, c)
				}
			}
		}
	}
}
