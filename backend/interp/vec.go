package interp

import (
	"unsafe"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/elementary"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A vec is a run of elements: of an array, or of a register. One element stands
// for all where another operand has more.
type vec struct {
	p unsafe.Pointer
	n int
}

func slice[T runtime.Element](v vec) []T { return unsafe.Slice((*T)(v.p), v.n) }

// A kernelFunc computes an elementwise operation. Where it fails it gives the
// element and the reason.
type kernelFunc func(dst vec, args []vec) (int, error)

type kernelKey struct {
	code ir.Code
	t    ir.DType // of the last operand
}

// kernelOf is the kernel of op, nil if there is none.
func kernelOf(op *ir.Op) kernelFunc {
	t := op.Args[len(op.Args)-1].Type.DType
	if op.Code == ir.Convert {
		return convertKernels[[2]ir.DType{t, op.Attr.(ir.ConvertAttr).To}]
	}
	return kernels[kernelKey{op.Code, t}]
}

var kernels = kernelTable()

func kernelTable() map[kernelKey]kernelFunc {
	table := map[kernelKey]kernelFunc{}
	realKernels[float64](table)
	realKernels[float32](table)
	realKernels[int64](table)
	floatKernels[float64](table)
	floatKernels[float32](table)
	set := func(code ir.Code, t ir.DType, k kernelFunc) { table[kernelKey{code, t}] = k }

	set(ir.Mod, ir.I64, failing(kernel.ModInt))
	set(ir.FloorDiv, ir.I64, failing(kernel.FloorDivInt))
	set(ir.Pow, ir.I64, powInt)
	set(ir.And, ir.I64, binary(kernel.AndInt))
	set(ir.Or, ir.I64, binary(kernel.OrInt))
	set(ir.Xor, ir.I64, binary(kernel.XorInt))
	set(ir.Not, ir.I64, unary(kernel.NotInt))
	set(ir.Shl, ir.I64, binary(kernel.ShiftLeft))
	set(ir.Shr, ir.I64, binary(kernel.ShiftRight))
	set(ir.Philox, ir.I64, binary(kernel.PhiloxBits))

	set(ir.And, ir.Bool, binary(kernel.And))
	set(ir.Or, ir.Bool, binary(kernel.Or))
	set(ir.Xor, ir.Bool, binary(kernel.Xor))
	set(ir.Not, ir.Bool, unary(kernel.Not))
	anyKernels[bool](table)

	set(ir.Add, ir.C128, binary(kernel.Add[complex128]))
	set(ir.Sub, ir.C128, binary(kernel.Sub[complex128]))
	set(ir.Mul, ir.C128, binary(kernel.MulComplex))
	set(ir.Div, ir.C128, binary(kernel.DivComplex))
	set(ir.Neg, ir.C128, unary(kernel.NegComplex))
	set(ir.Conj, ir.C128, unary(kernel.Conj))
	set(ir.Real, ir.C128, convert(kernel.RealPart))
	set(ir.Imag, ir.C128, convert(kernel.ImagPart))
	set(ir.Complex, ir.F64, joined(kernel.Complex))
	anyKernels[complex128](table)
	complexKernels(table)
	return table
}

func anyKernels[T runtime.Element](table map[kernelKey]kernelFunc) {
	t := runtime.DTypeOf[T]()
	table[kernelKey{ir.Eq, t}] = comparison(kernel.Eq[T])
	table[kernelKey{ir.Select, t}] = func(dst vec, a []vec) (int, error) {
		kernel.Select(slice[T](dst), slice[bool](a[0]), slice[T](a[1]), slice[T](a[2]))
		return 0, nil
	}
}

func realKernels[T kernel.Real](table map[kernelKey]kernelFunc) {
	t := runtime.DTypeOf[T]()
	set := func(code ir.Code, k kernelFunc) { table[kernelKey{code, t}] = k }
	anyKernels[T](table)
	set(ir.Add, binary(kernel.Add[T]))
	set(ir.Sub, binary(kernel.Sub[T]))
	set(ir.Mul, binary(kernel.Mul[T]))
	set(ir.Min, binary(kernel.Min[T]))
	set(ir.Max, binary(kernel.Max[T]))
	set(ir.Neg, unary(kernel.Neg[T]))
	set(ir.Abs, unary(kernel.Abs[T]))
	set(ir.Sign, unary(kernel.Sign[T]))
	set(ir.Lt, comparison(kernel.Less[T]))
	set(ir.Le, comparison(kernel.LessEqual[T]))
}

func floatKernels[T kernel.Float](table map[kernelKey]kernelFunc) {
	t := runtime.DTypeOf[T]()
	set := func(code ir.Code, k kernelFunc) { table[kernelKey{code, t}] = k }
	set(ir.Div, binary(kernel.Div[T]))
	for i := range unaryFuncs {
		f := &unaryFuncs[i]
		if t == ir.F64 {
			set(f.code, unary(f.each))
		} else {
			set(f.code, unary(rounded1[T](f.call)))
		}
	}
	set(ir.Sqrt, unary(kernel.Sqrt[T]))
	for i := range binaryFuncs {
		f := &binaryFuncs[i]
		if t == ir.F64 {
			set(f.code, binary(spread(f.call, f.each)))
		} else {
			set(f.code, binary(rounded2[T](f.call)))
		}
	}
	if t == ir.F64 {
		set(ir.Pow, binary(powF64))
	}
}

// A func1 is a function of a number with its loop.
type func1 struct {
	code ir.Code
	call func(float64) float64
	each func(dst, x []float64)
}

type func2 struct {
	code ir.Code
	call func(x, y float64) float64
	each func(dst, x, y []float64)
}

var unaryFuncs = []func1{
	{ir.Sign, elementary.Sign, kernel.Sign[float64]},
	{ir.Floor, elementary.Floor, elementary.FloorSlice},
	{ir.Ceil, elementary.Ceil, elementary.CeilSlice},
	{ir.Trunc, elementary.Trunc, elementary.TruncSlice},
	{ir.Round, elementary.Round, elementary.RoundSlice},
	{ir.Exp, elementary.Exp, elementary.ExpSlice},
	{ir.Expm1, elementary.Expm1, elementary.Expm1Slice},
	{ir.Log, elementary.Log, elementary.LogSlice},
	{ir.Log1p, elementary.Log1p, elementary.Log1pSlice},
	{ir.Sin, elementary.Sin, elementary.SinSlice},
	{ir.Cos, elementary.Cos, elementary.CosSlice},
	{ir.Tan, elementary.Tan, elementary.TanSlice},
	{ir.Asin, elementary.Asin, elementary.AsinSlice},
	{ir.Acos, elementary.Acos, elementary.AcosSlice},
	{ir.Atan, elementary.Atan, elementary.AtanSlice},
	{ir.Tanh, elementary.Tanh, elementary.TanhSlice},
}

var binaryFuncs = []func2{
	{ir.Pow, elementary.Pow, elementary.PowSlice},
	{ir.Atan2, elementary.Atan2, elementary.Atan2Slice},
	{ir.Mod, elementary.Mod, elementary.ModSlice},
	{ir.FloorDiv, elementary.Floordiv, elementary.FloordivSlice},
	{ir.CopySign, elementary.Copysign, nil},
}

func unary[T runtime.Element](f func(dst, x []T)) kernelFunc {
	return func(dst vec, a []vec) (int, error) {
		f(slice[T](dst), slice[T](a[0]))
		return 0, nil
	}
}

func binary[T runtime.Element](f func(dst, x, y []T)) kernelFunc {
	return func(dst vec, a []vec) (int, error) {
		f(slice[T](dst), slice[T](a[0]), slice[T](a[1]))
		return 0, nil
	}
}

func comparison[T runtime.Element](f func(dst []bool, x, y []T)) kernelFunc {
	return func(dst vec, a []vec) (int, error) {
		f(slice[bool](dst), slice[T](a[0]), slice[T](a[1]))
		return 0, nil
	}
}

func convert[D, S runtime.Element](f func(dst []D, x []S)) kernelFunc {
	return func(dst vec, a []vec) (int, error) {
		f(slice[D](dst), slice[S](a[0]))
		return 0, nil
	}
}

func joined[D, S runtime.Element](f func(dst []D, x, y []S)) kernelFunc {
	return func(dst vec, a []vec) (int, error) {
		f(slice[D](dst), slice[S](a[0]), slice[S](a[1]))
		return 0, nil
	}
}

func failing(f func(dst, x, y []int64) (int, error)) kernelFunc {
	return func(dst vec, a []vec) (int, error) {
		if at, err := f(slice[int64](dst), slice[int64](a[0]), slice[int64](a[1])); err != nil {
			return at, divisionByZero
		}
		return 0, nil
	}
}

func powInt(dst vec, a []vec) (int, error) {
	d, x, y := slice[int64](dst), slice[int64](a[0]), slice[int64](a[1])
	for i := range d {
		k := at(y, i)
		if k < 0 {
			return i, negativePower(k)
		}
		d[i] = elementary.PowInt(at(x, i), k)
	}
	return 0, nil
}

// at is element i of x, or its only one.
func at[T any](x []T, i int) T {
	if len(x) == 1 {
		return x[0]
	}
	return x[i]
}

// spread is the loop of f for operands that may have one element only.
func spread(f func(x, y float64) float64, each func(dst, x, y []float64)) func(dst, x, y []float64) {
	return func(dst, x, y []float64) {
		if each != nil && len(x) == len(dst) && len(y) == len(dst) {
			each(dst, x, y)
			return
		}
		for i := range dst {
			dst[i] = f(at(x, i), at(y, i))
		}
	}
}

func powF64(dst, x, y []float64) {
	switch {
	case len(x) == len(y) && len(x) == len(dst):
		elementary.PowSlice(dst, x, y)
	case len(y) == 1 && len(x) == len(dst):
		elementary.PowConstantSlice(dst, x, y[0])
	default:
		for i := range dst {
			dst[i] = elementary.Pow(at(x, i), at(y, i))
		}
	}
}

// rounded1 and rounded2 compute f32 functions: those of f64, rounded.
func rounded1[T kernel.Float](f func(float64) float64) func(dst, x []T) {
	return func(dst, x []T) {
		for i := range dst {
			dst[i] = T(f(float64(at(x, i))))
		}
	}
}

func rounded2[T kernel.Float](f func(x, y float64) float64) func(dst, x, y []T) {
	return func(dst, x, y []T) {
		for i := range dst {
			dst[i] = T(f(float64(at(x, i)), float64(at(y, i))))
		}
	}
}

var convertKernels = map[[2]ir.DType]kernelFunc{
	{ir.Bool, ir.Bool}: unary(duplicate[bool]),
	{ir.I64, ir.I64}:   unary(duplicate[int64]),
	{ir.F32, ir.F32}:   unary(duplicate[float32]),
	{ir.F64, ir.F64}:   unary(duplicate[float64]),
	{ir.C128, ir.C128}: unary(duplicate[complex128]),

	{ir.Bool, ir.I64}:  convert(kernel.FromBool[int64]),
	{ir.Bool, ir.F32}:  convert(kernel.FromBool[float32]),
	{ir.Bool, ir.F64}:  convert(kernel.FromBool[float64]),
	{ir.Bool, ir.C128}: convert(kernel.FromBool[complex128]),
	{ir.I64, ir.Bool}:  convert(kernel.ToBool[int64]),
	{ir.F32, ir.Bool}:  convert(kernel.ToBool[float32]),
	{ir.F64, ir.Bool}:  convert(kernel.ToBool[float64]),
	{ir.C128, ir.Bool}: convert(kernel.ToBool[complex128]),
	{ir.I64, ir.F32}:   convert(kernel.Convert[float32, int64]),
	{ir.I64, ir.F64}:   convert(kernel.Convert[float64, int64]),
	{ir.F32, ir.F64}:   convert(kernel.Convert[float64, float32]),
	{ir.F64, ir.F32}:   convert(kernel.Convert[float32, float64]),
	{ir.I64, ir.C128}:  convert(kernel.ToComplex[int64]),
	{ir.F32, ir.C128}:  convert(kernel.ToComplex[float32]),
	{ir.F64, ir.C128}:  convert(kernel.ToComplex[float64]),
	{ir.F32, ir.I64}:   truncation[float32](),
	{ir.F64, ir.I64}:   truncation[float64](),
}

func duplicate[T runtime.Element](dst, x []T) {
	if len(x) == 1 {
		kernel.Fill(dst, x[0])
		return
	}
	copy(dst, x)
}

func truncation[T kernel.Float]() kernelFunc {
	return func(dst vec, a []vec) (int, error) {
		x := slice[T](a[0])
		if i, err := kernel.Truncate(slice[int64](dst), x); err != nil {
			return i, outOfRange(float64(at(x, i)))
		}
		return 0, nil
	}
}
