package calx

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// An Array is an array of the Go program: elements of a slice, which are shared,
// not copied, where they lie in row order without gaps. Element [i, j] is
// Data[Offset + i*Strides[0] + j*Strides[1]].
type Array struct {
	Shape   []int
	Strides []int // in elements, may be negative or 0; nil for row order without gaps
	Offset  int
	Data    any // a slice of numbers or bools: of float64, float32, int64, bool or complex128 to be shared
}

// array is an Array as programs have it.
func (e *encoder) array(a Array) (*runtime.Array, error) {
	switch data := a.Data.(type) {
	case []float64:
		return strided(e, a, data)
	case []float32:
		return strided(e, a, data)
	case []int64:
		return strided(e, a, data)
	case []bool:
		return strided(e, a, data)
	case []complex128:
		return strided(e, a, data)
	}
	data := reflect.ValueOf(a.Data)
	if data.Kind() == reflect.Slice {
		if f, ok := formOf(data.Type()); ok && len(f.sizes) == 1 {
			v, err := e.list(data, 0)
			if err != nil {
				return nil, err
			}
			a.Data = elementsOf(v.(*runtime.Array))
			return e.array(a)
		}
	}
	return nil, fmt.Errorf("an Array has its elements in a slice of numbers or bools, and this is %T", a.Data)
}

func integers(data []int) []int64 {
	list := make([]int64, len(data))
	for i, x := range data {
		list[i] = int64(x)
	}
	return list
}

// strided shares data where they are in order, and puts them in order where not.
func strided[T runtime.Element](e *encoder, a Array, data []T) (*runtime.Array, error) {
	size, err := runtime.Size(a.Shape)
	if err != nil {
		return nil, err
	}
	if a.Strides != nil && len(a.Strides) != len(a.Shape) {
		return nil, fmt.Errorf("an Array of %d axes has %d strides", len(a.Shape), len(a.Strides))
	}
	if size == 0 {
		return shaped([]T{}, a.Shape)
	}
	if a.Strides == nil || inOrder(a.Shape, a.Strides) {
		if a.Offset < 0 || a.Offset > len(data) || size > len(data)-a.Offset {
			return nil, fmt.Errorf("an Array of shape %v has %d elements from %d on, and Data has %d", a.Shape, size, a.Offset, len(data))
		}
		return shaped(data[a.Offset:a.Offset+size:a.Offset+size], a.Shape)
	}
	low, high := a.Offset, a.Offset
	inside := 0 <= a.Offset && a.Offset < len(data)
	for k, n := range a.Shape {
		reach, fits := product(n-1, a.Strides[k])
		if inside = inside && fits; inside {
			low, high = low+min(reach, 0), high+max(reach, 0)
			inside = low >= 0 && high < len(data)
		}
	}
	if !inside {
		return nil, fmt.Errorf("an Array of shape %v with offset %d and strides %v leaves Data, which has %d elements", a.Shape, a.Offset, a.Strides, len(data))
	}
	if size > len(data) {
		if err := e.take(size, unsafe.Sizeof(data[0])); err != nil {
			return nil, err
		}
	}
	ordered := make([]T, size)
	index := make([]int, len(a.Shape))
	at := a.Offset
	for i := range ordered {
		ordered[i] = data[at]
		for k := len(index) - 1; k >= 0; k-- {
			index[k]++
			at += a.Strides[k]
			if index[k] < a.Shape[k] {
				break
			}
			at -= index[k] * a.Strides[k]
			index[k] = 0
		}
	}
	return shaped(ordered, a.Shape)
}

// take counts elements that are in Data fewer times than in the array: so an Array
// may claim to have any number of them.
func (e *encoder) take(size int, width uintptr) error {
	if int64(size) > e.room/int64(width) {
		return runtime.Fail(ast.CodeMemoryLimit, "an Array repeats elements until there are %d, for which the memory limit leaves %d bytes", size, e.room)
	}
	e.room -= int64(size) * int64(width)
	return nil
}

// product is x*y for x >= 0, if it is smaller than any slice is long.
func product(x, y int) (int, bool) {
	const most = 1 << 48
	if x == 0 || y == 0 {
		return 0, true
	}
	if y > most/x || y < -most/x {
		return 0, false
	}
	return x * y, true
}

func inOrder(shape, strides []int) bool {
	step := 1
	for k := len(shape) - 1; k >= 0; k-- {
		if shape[k] != 1 && strides[k] != step {
			return false
		}
		step *= shape[k]
	}
	return true
}

func shaped[T runtime.Element](data []T, shape []int) (*runtime.Array, error) {
	if len(shape) == 0 {
		return runtime.Scalar(data[0]), nil
	}
	return runtime.FromSlice(data, shape...)
}

// arrayOf is an array that a program gave, which it shares.
func arrayOf(v *runtime.Array) Array {
	return Array{Shape: slices.Clone(v.Shape()), Data: elementsOf(v)}
}

// elementsOf are the elements of v in row order.
func elementsOf(v *runtime.Array) any {
	switch v.DType() {
	case ir.F64:
		return v.F64()
	case ir.F32:
		return v.F32()
	case ir.I64:
		return v.I64()
	case ir.Bool:
		return v.Bool()
	}
	return v.C128()
}
