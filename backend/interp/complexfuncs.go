package interp

import (
	"math"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime/elementary"
	"github.com/calx-lang/calx/runtime/kernel"
)

// Complex functions are made of real ones, so that their bits are defined too.

func complexKernels(table map[kernelKey]kernelFunc) {
	each := func(f func(complex128) complex128) kernelFunc {
		return unary(func(dst, x []complex128) {
			for i := range dst {
				dst[i] = f(at(x, i))
			}
		})
	}
	for code, f := range map[ir.Code]func(complex128) complex128{
		ir.Sqrt: complexSqrt, ir.Exp: complexExp, ir.Expm1: complexExpm1, ir.Log: complexLog, ir.Log1p: complexLog1p,
		ir.Sin: complexSin, ir.Cos: complexCos, ir.Tan: complexTan, ir.Asin: complexAsin, ir.Acos: complexAcos,
		ir.Atan: complexAtan, ir.Tanh: complexTanh, ir.Sign: complexSign,
	} {
		table[kernelKey{code, ir.C128}] = each(f)
	}
	table[kernelKey{ir.Abs, ir.C128}] = convert(func(dst []float64, x []complex128) {
		for i := range dst {
			dst[i] = complexAbs(at(x, i))
		}
	})
	table[kernelKey{ir.Pow, ir.C128}] = binary(func(dst, x, y []complex128) {
		for i := range dst {
			dst[i] = complexPow(at(x, i), at(y, i))
		}
	})
}

// complexAbs is the distance from 0, by the larger part.
func complexAbs(z complex128) float64 {
	a, b := math.Abs(real(z)), math.Abs(imag(z))
	switch {
	case math.IsInf(a, 1) || math.IsInf(b, 1):
		return math.Inf(1)
	case a != a || b != b:
		return math.NaN()
	}
	if a < b {
		a, b = b, a
	}
	if a == 0 {
		return 0
	}
	ratio := b / a
	return a * math.Sqrt(1+float64(ratio*ratio))
}

func complexSign(z complex128) complex128 {
	r := complexAbs(z)
	if r == 0 {
		return 0
	}
	return complex(real(z)/r, imag(z)/r)
}

// complexSqrt has its cut along the negative reals, continuous from above; the
// sign of the imaginary part is kept.
func complexSqrt(z complex128) complex128 {
	a, b := real(z), imag(z)
	switch {
	case a == 0 && b == 0:
		return complex(0, b)
	case math.IsInf(b, 0):
		return complex(math.Inf(1), b)
	case math.IsInf(a, 1):
		if b != b {
			return z
		}
		return complex(a, math.Copysign(0, b))
	case math.IsInf(a, -1):
		if b != b {
			return complex(b, a)
		}
		return complex(0, math.Copysign(math.Inf(1), b))
	}
	scale := 1.0
	if m := max(math.Abs(a), math.Abs(b)); m > 0x1p1020 {
		a, b, scale = a*0x1p-4, b*0x1p-4, 4
	} else if m < 0x1p-1000 {
		a, b, scale = a*0x1p80, b*0x1p80, 0x1p-40
	}
	t := math.Sqrt((math.Abs(a) + complexAbs(complex(a, b))) / 2)
	if a >= 0 {
		return complex(t*scale, float64(b/(2*t))*scale)
	}
	return complex(float64(math.Abs(b)/(2*t))*scale, math.Copysign(t, b)*scale)
}

// polar is r(cos t + i sin t); a zero angle gives a zero, also for an infinite r.
func polar(r, t float64) complex128 {
	if t == 0 {
		return complex(r, t)
	}
	return complex(float64(r*elementary.Cos(t)), float64(r*elementary.Sin(t)))
}

// complexExp multiplies by a large exp(x) in two steps: cos y and sin y may make
// a result that is finite.
func complexExp(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case math.IsInf(x, -1) && (y != y || math.IsInf(y, 0)):
		return 0
	case x > 709 && !math.IsInf(x, 1):
		w := polar(elementary.Exp(709), y)
		rest := elementary.Exp(x - 709)
		return complex(times(real(w), rest), times(imag(w), rest))
	}
	return polar(elementary.Exp(x), y)
}

// complexExpm1 keeps small results exact: exp(a)cos b - 1 is
// expm1(a)cos b - 2 sin²(b/2).
func complexExpm1(z complex128) complex128 {
	a, b := real(z), imag(z)
	if b == 0 {
		return complex(elementary.Expm1(a), b)
	}
	if a > 709 || a < -40 {
		return complexExp(z) - 1
	}
	half := elementary.Sin(b / 2)
	return complex(float64(elementary.Expm1(a)*elementary.Cos(b))-float64(2*float64(half*half)), float64(elementary.Exp(a)*elementary.Sin(b)))
}

func complexLog(z complex128) complex128 {
	return complex(logAbs(real(z), imag(z)), elementary.Atan2(imag(z), real(z)))
}

// logAbs is log|a + bi|, without overflow, and exact near |z| = 1.
func logAbs(a, b float64) float64 {
	a, b = math.Abs(a), math.Abs(b)
	if a < b {
		a, b = b, a
	}
	if a > 0.5 && a < 2 {
		return elementary.Log1p(float64((a-1)*(a+1))+float64(b*b)) / 2
	}
	r := complexAbs(complex(a, b))
	if math.IsInf(r, 1) && !math.IsInf(a, 1) && !math.IsInf(b, 1) {
		return elementary.Log(complexAbs(complex(a/2, b/2))) + math.Ln2
	}
	return elementary.Log(r)
}

func complexLog1p(z complex128) complex128 {
	a, b := real(z), imag(z)
	if math.Abs(a) < 0.5 && math.Abs(b) < 0.5 {
		return complex(elementary.Log1p(float64(2*a)+float64(a*a)+float64(b*b))/2, elementary.Atan2(b, 1+a))
	}
	return complexLog(complex(1+a, b))
}

// hyperbolic gives sinh and cosh.
func hyperbolic(x float64) (sinh, cosh float64) {
	if math.Abs(x) > 709 {
		e := elementary.Exp(math.Abs(x) / 2)
		big := float64(e/2) * e
		return math.Copysign(big, x), big
	}
	up, down := elementary.Expm1(x), elementary.Expm1(-x)
	if x == 0 {
		return x, 1
	}
	return (up - down) / 2, (elementary.Exp(x) + elementary.Exp(-x)) / 2
}

// times is x*y, but 0 if x is 0: the sine of a real argument has no imaginary
// part even where the other factor is infinite.
func times(x, y float64) float64 {
	if x == 0 {
		return x
	}
	return x * y
}

func complexSin(z complex128) complex128 {
	sinh, cosh := hyperbolic(imag(z))
	return complex(times(elementary.Sin(real(z)), cosh), times(sinh, elementary.Cos(real(z))))
}

func complexCos(z complex128) complex128 {
	sinh, cosh := hyperbolic(imag(z))
	return complex(elementary.Cos(real(z))*cosh, -times(elementary.Sin(real(z)), sinh))
}

// complexTanh: with t = tan b, s = sinh a, c = cosh a, beta = 1+t²:
// (beta c s + i t) / (1 + beta s²).
func complexTanh(z complex128) complex128 {
	a, b := real(z), imag(z)
	if math.Abs(a) > 22 {
		e := elementary.Exp(-2 * math.Abs(a))
		return complex(math.Copysign(1, a), float64(float64(4*float64(elementary.Sin(b)*elementary.Cos(b)))*e))
	}
	t := elementary.Tan(b)
	beta := 1 + float64(t*t)
	s, c := hyperbolic(a)
	if math.IsInf(t, 0) {
		return complex(c/s, 1/t)
	}
	den := 1 + float64(float64(beta*s)*s)
	return complex(float64(float64(beta*c)*s)/den, t/den)
}

func complexTan(z complex128) complex128 { // -i tanh(iz)
	w := complexTanh(complex(-imag(z), real(z)))
	return complex(imag(w), -real(w))
}

// complexAsin and complexAcos are Kahan's.
func complexAsin(z complex128) complex128 {
	x, y := complexSqrt(1-z), complexSqrt(1+z)
	return complex(elementary.Atan2(real(z), real(kernel.ComplexMul(x, y))), asinh(imag(kernel.ComplexMul(complex(real(x), -imag(x)), y))))
}

func complexAcos(z complex128) complex128 {
	x, y := complexSqrt(1-z), complexSqrt(1+z)
	return complex(2*elementary.Atan2(real(x), real(y)), asinh(imag(kernel.ComplexMul(complex(real(y), -imag(y)), x))))
}

func asinh(x float64) float64 {
	a := math.Abs(x)
	var r float64
	if a > 0x1p28 {
		r = elementary.Log(a) + math.Ln2
	} else {
		r = elementary.Log1p(a + float64(a*a)/(1+math.Sqrt(1+float64(a*a))))
	}
	return math.Copysign(r, x)
}

// complexAtan: with z = a + bi, atan2(2a, 1-a²-b²)/2 + i log1p(4b/(a²+(1-b)²))/4.
func complexAtan(z complex128) complex128 {
	a, b := real(z), imag(z)
	re := elementary.Atan2(2*a, float64((1-b)*(1+b))-float64(a*a)) / 2
	return complex(re, elementary.Log1p(float64(4*b)/(float64(a*a)+float64((1-b)*(1-b))))/4)
}

// complexPow multiplies for whole powers up to 64, else goes by exp and log.
func complexPow(x, y complex128) complex128 {
	if k := real(y); imag(y) == 0 && k == math.Trunc(k) && math.Abs(k) <= 64 {
		return wholePower(x, int(k))
	}
	if x == 0 {
		switch {
		case real(y) > 0:
			return 0
		case imag(y) == 0:
			return complex(math.Inf(1), 0)
		}
		return complex(math.NaN(), math.NaN())
	}
	return complexExp(kernel.ComplexMul(y, complexLog(x)))
}

func wholePower(x complex128, k int) complex128 {
	n := max(k, -k)
	if n == 0 {
		return 1
	}
	top := 1
	for top*2 <= n {
		top *= 2
	}
	r := x
	for bit := top / 2; bit > 0; bit /= 2 {
		r = kernel.ComplexMul(r, r)
		if n&bit != 0 {
			r = kernel.ComplexMul(r, x)
		}
	}
	if k < 0 {
		return kernel.ComplexDiv(1, r)
	}
	return r
}
