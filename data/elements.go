package data

import (
	"math"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// elements collects numbers and truth values of mixed types, in the order in
// which they are read.
type elements struct {
	kinds []ir.DType // Bool, I64, F64 or C128
	bits  []uint64   // the i64, or the bits of the float or of the real part
	imag  []float64  // nil as long as no number is complex
}

func (e *elements) len() int { return len(e.kinds) }

func (e *elements) add(kind ir.DType, bits uint64, im float64) {
	if kind == ir.C128 && e.imag == nil {
		e.imag = make([]float64, len(e.kinds))
	}
	e.kinds = append(e.kinds, kind)
	e.bits = append(e.bits, bits)
	if e.imag != nil {
		e.imag = append(e.imag, im)
	}
}

func (e *elements) addBool(b bool) {
	if b {
		e.add(ir.Bool, 1, 0)
	} else {
		e.add(ir.Bool, 0, 0)
	}
}
func (e *elements) addInt(i int64)          { e.add(ir.I64, uint64(i), 0) }
func (e *elements) addFloat(x float64)      { e.add(ir.F64, math.Float64bits(x), 0) }
func (e *elements) addComplex(z complex128) { e.add(ir.C128, math.Float64bits(real(z)), imag(z)) }
func (e *elements) truncate(n int) {
	e.kinds, e.bits = e.kinds[:n], e.bits[:n]
	e.imag = e.imag[:min(n, len(e.imag))]
}
func (e *elements) complex(i int) complex128 {
	if e.kinds[i] == ir.C128 {
		return complex(math.Float64frombits(e.bits[i]), e.imag[i])
	}
	return complex(e.float(i), 0)
}

func (e *elements) float(i int) float64 {
	if e.kinds[i] == ir.F64 {
		return math.Float64frombits(e.bits[i])
	}
	return float64(int64(e.bits[i]))
}

// dtype is the smallest type that holds the elements from start on; ok is false
// where truth values stand among numbers. No elements are floats.
func (e *elements) dtype(start int) (widest ir.DType, ok bool) {
	if start == e.len() {
		return ir.F64, true
	}
	narrowest := ir.C128
	for _, kind := range e.kinds[start:] {
		widest, narrowest = max(widest, kind), min(narrowest, kind)
	}
	return widest, narrowest != ir.Bool || widest == ir.Bool
}

// array takes the elements from start on as an array of this shape. Elements
// that dtype can't hold must not be among them.
func (e *elements) array(dtype ir.DType, start int, shape []int) *runtime.Array {
	n := e.len() - start
	defer e.truncate(start)
	switch dtype {
	case ir.Bool:
		return mustShape(collect(n, func(i int) bool { return e.bits[start+i] != 0 }), shape)
	case ir.I64:
		return mustShape(collect(n, func(i int) int64 { return int64(e.bits[start+i]) }), shape)
	case ir.F32:
		return mustShape(collect(n, func(i int) float32 { return float32(e.float(start + i)) }), shape)
	case ir.F64:
		return mustShape(collect(n, func(i int) float64 { return e.float(start + i) }), shape)
	}
	return mustShape(collect(n, func(i int) complex128 { return e.complex(start + i) }), shape)
}

func collect[T any](n int, element func(int) T) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = element(i)
	}
	return list
}

// joinPairs takes the elements from start on as real and imaginary parts.
func (e *elements) joinPairs(start int) {
	n := (e.len() - start) / 2
	for i := range n {
		re, im := e.float(start+2*i), e.float(start+2*i+1)
		if e.imag == nil {
			e.imag = make([]float64, e.len())
		}
		e.kinds[start+i], e.bits[start+i], e.imag[start+i] = ir.C128, math.Float64bits(re), im
	}
	e.truncate(start + n)
}
