package interp

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime/elementary"
)

var complexFuncs = map[ir.Code]func(complex128) complex128{
	ir.Sqrt: elementary.SqrtComplex, ir.Exp: elementary.ExpComplex, ir.Expm1: elementary.Expm1Complex,
	ir.Log: elementary.LogComplex, ir.Log1p: elementary.Log1pComplex,
	ir.Sin: elementary.SinComplex, ir.Cos: elementary.CosComplex, ir.Tan: elementary.TanComplex,
	ir.Asin: elementary.AsinComplex, ir.Acos: elementary.AcosComplex, ir.Atan: elementary.AtanComplex,
	ir.Tanh: elementary.TanhComplex, ir.Sign: elementary.SignComplex,
}

func complexKernels(table map[kernelKey]kernelFunc) {
	for code, f := range complexFuncs {
		table[kernelKey{code, ir.C128}] = unary(func(dst, x []complex128) {
			for i := range dst {
				dst[i] = f(at(x, i))
			}
		})
	}
	table[kernelKey{ir.Abs, ir.C128}] = convert(func(dst []float64, x []complex128) {
		for i := range dst {
			dst[i] = elementary.AbsComplex(at(x, i))
		}
	})
	table[kernelKey{ir.Pow, ir.C128}] = binary(func(dst, x, y []complex128) {
		for i := range dst {
			dst[i] = elementary.PowComplex(at(x, i), at(y, i))
		}
	})
}
