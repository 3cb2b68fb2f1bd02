package interp

import (
	"unsafe"

	"github.com/calx-lang/calx/runtime"
)

// spreadInto writes n elements, from start on in row-major order, of src
// broadcast to dims: trailing axes align, axes of size 1 repeat.
func spreadInto(dst unsafe.Pointer, src *runtime.Array, dims []int, width, start, n int) {
	from := unsafe.Pointer(unsafe.SliceData(src.Bytes()))
	switch width {
	case 1:
		spread1((*[1 << 30]uint8)(dst)[:n:n], (*uint8)(from), src.Shape(), dims, start)
	case 4:
		spread1((*[1 << 28]uint32)(dst)[:n:n], (*uint32)(from), src.Shape(), dims, start)
	case 8:
		spread1((*[1 << 27]uint64)(dst)[:n:n], (*uint64)(from), src.Shape(), dims, start)
	default:
		spread1((*[1 << 26][2]uint64)(dst)[:n:n], (*[2]uint64)(from), src.Shape(), dims, start)
	}
}

func spread1[T any](dst []T, first *T, shape, dims []int, start int) {
	elements := 1
	for _, n := range shape {
		elements *= n
	}
	src := unsafe.Slice(first, elements)
	lead := len(dims) - len(shape)
	// The last axes that src has in full are read as one.
	run, axis := 1, len(dims)
	for axis > lead && shape[axis-1-lead] == dims[axis-1] {
		axis--
		run *= dims[axis]
	}
	// The axes before them that repeat make each run, or element, come again.
	repeat := 1
	for axis > 0 && (axis-1 < lead || shape[axis-1-lead] == 1) {
		axis--
		repeat *= dims[axis]
	}
	for done := 0; done < len(dst); {
		flat := start + done
		within := flat % run
		outer := flat / run / repeat
		base := outerOffset(shape, dims, axis, lead, outer) * run
		if run == 1 {
			n := min(len(dst)-done, repeat-flat%repeat)
			fill(dst[done:done+n], src[base])
			done += n
			continue
		}
		done += copy(dst[done:], src[base+within:base+run])
	}
}

func fill[T any](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}

// outerOffset is where the element outer, counted in the first axes of dims,
// stands in the first axes of shape.
func outerOffset(shape, dims []int, axes, lead, outer int) int {
	offset, stride := 0, 1
	for k := axes - 1; k >= lead; k-- {
		i := outer % dims[k]
		outer /= dims[k]
		if shape[k-lead] != 1 {
			offset += i * stride
		}
		stride *= shape[k-lead]
	}
	return offset
}
