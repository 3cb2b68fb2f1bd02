package host

import (
	gort "runtime"
	"sync/atomic"
	"unsafe"
)

// An Array is storage in the memory of an engine, with counted holders. It is
// born with one; with the last it is free for others. One that is no longer
// reachable is freed as well, at some time.
type Array struct {
	heap    *heap
	region  region
	holders atomic.Int32
}

// NewArray makes an array of this many bytes, which are not set.
func (e *Engine) NewArray(bytes int64) (*Array, error) {
	r, err := e.heap.allocate(bytes)
	if err != nil {
		return nil, err
	}
	return newArray(e.heap, r), nil
}

func newArray(h *heap, r region) *Array {
	a := &Array{heap: h, region: r}
	a.holders.Store(1)
	gort.SetFinalizer(a, (*Array).free)
	return a
}

// Address is where the array lies, for modules; a multiple of 64.
func (a *Array) Address() uint32 { return a.region.address }

// Len is its size in bytes.
func (a *Array) Len() int { return a.region.bytes }

// Retain adds a holder.
func (a *Array) Retain() { a.holders.Add(1) }

// Release takes a holder away.
func (a *Array) Release() {
	switch n := a.holders.Add(-1); {
	case n < 0:
		panic("host: an array is released more often than it is held")
	case n == 0:
		gort.SetFinalizer(a, nil)
		a.free()
	}
}

func (a *Array) free() { a.heap.release(a.region) }

// Elements are the contents of a as a slice: the memory itself, not a copy. The
// slice is valid as long as somebody holds a, and a must stay reachable.
func Elements[T any](a *Array) []T {
	var zero T
	return elements[T](a.heap.memory.bytes, int(a.region.address), a.region.bytes/int(unsafe.Sizeof(zero)))
}
