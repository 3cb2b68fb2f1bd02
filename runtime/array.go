// Package runtime holds what a running program is made of: arrays in pooled,
// counted storage, values that go in and come out, limits on memory, steps,
// depth and time, run-time errors, and how values look as text. It knows
// nothing of how programs run; backends do.
package runtime

import (
	"fmt"
	"math"
	"slices"
	"unsafe"

	"github.com/calx-lang/calx/ir"
)

// An Array is a dense array in row-major order. Its dtype and shape never
// change; its elements change only while a backend owns it alone. An Array made
// from a Go slice shares the slice.
type Array struct {
	dtype ir.DType
	refs  int32 // handles that hold this header; of no meaning if owner is nil
	shape []int
	size  int
	data  unsafe.Pointer // nil if there are no elements
	owner *storage       // nil if the storage is not a Memory's
	dims  [4]int         // the shape of arrays of small rank lives here
}

// Element is the Go type of the elements of an Array: bool, i64, f32, f64, c128.
type Element interface {
	bool | int64 | float32 | float64 | complex128
}

// DTypeOf is the dtype whose elements are of type T.
func DTypeOf[T Element]() ir.DType {
	var zero T
	switch any(zero).(type) {
	case bool:
		return ir.Bool
	case int64:
		return ir.I64
	case float32:
		return ir.F32
	case float64:
		return ir.F64
	}
	return ir.C128
}

// FromSlice is the array of this shape whose elements are those of data, which
// it shares. Without a shape it is the vector of all of data.
func FromSlice[T Element](data []T, shape ...int) (*Array, error) {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	size, err := Size(shape)
	if err != nil {
		return nil, err
	}
	if size != len(data) {
		return nil, fmt.Errorf("%d elements do not fill shape %v, which has %d", len(data), slices.Clone(shape), size)
	}
	a := &Array{dtype: DTypeOf[T](), size: size, data: unsafe.Pointer(unsafe.SliceData(data))}
	a.setShape(shape)
	return a, nil
}

// Vector is the array of one axis whose elements are those of data, which it
// shares.
func Vector[T Element](data []T) *Array {
	a := &Array{dtype: DTypeOf[T](), size: len(data), data: unsafe.Pointer(unsafe.SliceData(data))}
	a.setShape([]int{len(data)})
	return a
}

// Scalar is the array of rank 0 that holds v.
func Scalar[T Element](v T) *Array {
	a := NewScalar(DTypeOf[T]())
	*(*T)(a.data) = v
	return a
}

// NewScalar is an array of rank 0 whose element is zero. It is one allocation:
// the element lives where shapes do.
func NewScalar(t ir.DType) *Array {
	a := &Array{dtype: t, size: 1}
	a.shape = a.dims[:0:0]
	a.data = unsafe.Pointer(&a.dims)
	return a
}

// NewArray is an array of zeros that belongs to no Memory.
func NewArray(t ir.DType, shape ...int) (*Array, error) {
	size, err := Size(shape)
	if err != nil {
		return nil, err
	}
	bytes, err := byteSize(t, size)
	if err != nil {
		return nil, err
	}
	a := &Array{dtype: t, size: size}
	if bytes > 0 {
		words := make([]uint64, (bytes+7)/8)
		a.data = unsafe.Pointer(unsafe.SliceData(words))
	}
	a.setShape(shape)
	return a, nil
}

// Size is the number of elements of an array of this shape.
func Size(shape []int) (int, error) {
	size, overflow := 1, false
	for _, n := range shape {
		if n < 0 {
			return 0, fmt.Errorf("a size below zero in shape %v", slices.Clone(shape)) // a copy, so that shapes may stay on the stack
		}
		if n != 0 && size > math.MaxInt/n {
			overflow = true
		}
		size *= n
	}
	if overflow && !slices.Contains(shape, 0) {
		return 0, fmt.Errorf("an array of shape %v has more elements than can be counted", slices.Clone(shape))
	}
	if overflow {
		return 0, nil
	}
	return size, nil
}

func (a *Array) setShape(shape []int) {
	if len(shape) <= len(a.dims) {
		a.shape = a.dims[:len(shape):len(shape)]
		copy(a.shape, shape)
		return
	}
	a.shape = slices.Clone(shape)
}

// DType is the kind of a's elements.
func (a *Array) DType() ir.DType { return a.dtype }

// Shape is the sizes of a's axes, outermost first. It must not be changed.
func (a *Array) Shape() []int { return a.shape }

// Rank is the number of axes.
func (a *Array) Rank() int { return len(a.shape) }

// Len is the number of elements.
func (a *Array) Len() int { return a.size }

// Data is the elements of a in row-major order, shared with a; nil if they are
// not of type T.
func Data[T Element](a *Array) []T {
	if a.dtype != DTypeOf[T]() {
		return nil
	}
	return unsafe.Slice((*T)(a.data), a.size)
}

// F64 is Data[float64].
func (a *Array) F64() []float64 {
	if a.dtype != ir.F64 {
		return nil
	}
	return unsafe.Slice((*float64)(a.data), a.size)
}

// F32 is Data[float32].
func (a *Array) F32() []float32 {
	if a.dtype != ir.F32 {
		return nil
	}
	return unsafe.Slice((*float32)(a.data), a.size)
}

// I64 is Data[int64].
func (a *Array) I64() []int64 {
	if a.dtype != ir.I64 {
		return nil
	}
	return unsafe.Slice((*int64)(a.data), a.size)
}

// Bool is Data[bool].
func (a *Array) Bool() []bool {
	if a.dtype != ir.Bool {
		return nil
	}
	return unsafe.Slice((*bool)(a.data), a.size)
}

// C128 is Data[complex128].
func (a *Array) C128() []complex128 {
	if a.dtype != ir.C128 {
		return nil
	}
	return unsafe.Slice((*complex128)(a.data), a.size)
}

// Bytes is the storage of a's elements as bytes, shared with a.
func (a *Array) Bytes() []byte {
	return unsafe.Slice((*byte)(a.data), a.size*int(a.dtype.Bytes()))
}

// Clone is a copy of a that belongs to no Memory.
func (a *Array) Clone() *Array {
	words := make([]uint64, (a.size*int(a.dtype.Bytes())+7)/8)
	c := &Array{dtype: a.dtype, size: a.size, data: unsafe.Pointer(unsafe.SliceData(words))}
	c.setShape(a.shape)
	copy(c.Bytes(), a.Bytes())
	return c
}

// Equal reports whether a and b have the same dtype, shape and elements, bit
// for bit, all NaNs being one.
func (a *Array) Equal(b *Array) bool {
	if a.dtype != b.dtype || !slices.Equal(a.shape, b.shape) {
		return false
	}
	switch a.dtype {
	case ir.F64:
		return slices.EqualFunc(a.F64(), b.F64(), sameF64)
	case ir.F32:
		return slices.EqualFunc(a.F32(), b.F32(), func(x, y float32) bool {
			return sameF64(float64(x), float64(y))
		})
	case ir.C128:
		return slices.EqualFunc(a.C128(), b.C128(), func(x, y complex128) bool {
			return sameF64(real(x), real(y)) && sameF64(imag(x), imag(y))
		})
	}
	return string(a.Bytes()) == string(b.Bytes())
}

func sameF64(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
}

// Canonical is a with every NaN made the canonical one. It is a itself if
// nothing has to change or a may be changed.
func (a *Array) Canonical() *Array {
	if !a.oddNaN() {
		return a
	}
	if a.owner == nil {
		a = a.Clone()
	}
	switch a.dtype {
	case ir.F64:
		for i, x := range a.F64() {
			if x != x {
				a.F64()[i] = canonicalNaN
			}
		}
	case ir.F32:
		for i, x := range a.F32() {
			if x != x {
				a.F32()[i] = math.Float32frombits(0x7FC00000)
			}
		}
	case ir.C128:
		parts := unsafe.Slice((*float64)(a.data), 2*a.size)
		for i, x := range parts {
			if x != x {
				parts[i] = canonicalNaN
			}
		}
	}
	return a
}

var canonicalNaN = math.Float64frombits(0x7FF8000000000000)

func (a *Array) oddNaN() bool {
	switch a.dtype {
	case ir.F64:
		return hasOddNaN(a.F64())
	case ir.C128:
		return hasOddNaN(unsafe.Slice((*float64)(a.data), 2*a.size))
	case ir.F32:
		for _, x := range a.F32() {
			if x != x && math.Float32bits(x) != 0x7FC00000 {
				return true
			}
		}
	}
	return false
}

// hasOddNaN looks for a NaN other than the canonical one. The sum of eight
// elements tells whether there may be one among them.
func hasOddNaN(x []float64) bool {
	for ; len(x) >= 8; x = x[8:] {
		sum := ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]))
		if sum != sum && anyOddNaN(x[:8]) {
			return true
		}
	}
	return anyOddNaN(x)
}

func anyOddNaN(xs []float64) bool {
	for _, x := range xs {
		if x != x && math.Float64bits(x) != 0x7FF8000000000000 {
			return true
		}
	}
	return false
}

// Words is the elements of an array of i64 or f64 as bits, shared with it.
func (a *Array) Words() []uint64 { return unsafe.Slice((*uint64)(a.data), a.size) }
