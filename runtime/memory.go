package runtime

import (
	"math"
	"math/bits"
	"sync"
	"unsafe"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A Memory gives a run its arrays: it counts their bytes against a limit
// before they are made, and keeps the storage of arrays that are no longer
// used for the next ones. It serves one goroutine.
//
// Handles are counted. An Array of a Memory is born with one; Retain adds one,
// Release takes one away, and with the last the Array may not be used any more.
// Arrays that belong to no Memory may be passed to all methods and are never
// changed or freed.
type Memory struct {
	limit, used, peak int64
	kept              int64 // bytes in free
	free              [numClasses][]*storage
	headers           []*Array
	foreign           storage // of views of arrays that belong to no Memory: never free
}

// storage is shared by an array and its views.
type storage struct {
	words []uint64
	refs  int32 // headers
	class uint8
	bytes int64 // what was charged
}

const (
	numClasses = 4 * 48
	maxKept    = 256 << 20
	maxHeaders = 1024
	smallest   = 64 // bytes of the smallest storage
	// addressable bounds every limit: Go can't make more.
	addressable = 1 << 46
)

var memories = sync.Pool{New: func() any { return new(Memory) }}

// NewMemory is a Memory with this limit in bytes. Storage kept by earlier ones
// is used again; Close passes it on.
func NewMemory(limit int64) *Memory {
	m := memories.Get().(*Memory)
	m.limit, m.used, m.peak = min(limit, addressable), 0, 0
	m.foreign.refs = 1
	return m
}

// Close ends the use of m. Arrays that still have handles stay valid and
// belong to whoever holds them.
func (m *Memory) Close() { memories.Put(m) }

// Used is the number of bytes charged now.
func (m *Memory) Used() int64 { return m.used }

// Left is the number of bytes that may still be charged.
func (m *Memory) Left() int64 { return m.limit - m.used }

// Peak is the largest number of bytes charged at one time.
func (m *Memory) Peak() int64 { return m.peak }

// Charge counts bytes against the limit.
func (m *Memory) Charge(bytes int64) error {
	if bytes > m.limit-m.used {
		return Fail(ast.CodeMemoryLimit, "%d bytes are needed, %d are in use, and the memory limit is %d bytes", bytes, m.used, m.limit)
	}
	m.used += bytes
	m.peak = max(m.peak, m.used)
	return nil
}

// Refund gives charged bytes back.
func (m *Memory) Refund(bytes int64) { m.used -= bytes }

// New is an array whose elements are not set.
func (m *Memory) New(t ir.DType, shape ...int) (*Array, error) {
	return m.newWith(t, shape, false)
}

// Zeros is an array of zeros.
func (m *Memory) Zeros(t ir.DType, shape ...int) (*Array, error) {
	return m.newWith(t, shape, true)
}

func (m *Memory) newWith(t ir.DType, shape []int, zero bool) (*Array, error) {
	size := 1
	for _, n := range shape {
		if uint(n) > 1<<31-1 || uint(size) > 1<<31-1 {
			var err error
			if size, err = Size(shape); err != nil {
				return nil, Fail(ast.CodeMemoryLimit, "%s; the memory limit is %d bytes", err, m.limit)
			}
			break
		}
		size *= n
	}
	bytes, err := byteSize(t, size)
	if err != nil {
		return nil, Fail(ast.CodeMemoryLimit, "%s; the memory limit is %d bytes", err, m.limit)
	}
	s, err := m.allocate(bytes, zero)
	if err != nil {
		return nil, err
	}
	a := m.header()
	a.dtype, a.size, a.owner = t, size, s
	a.data = unsafe.Pointer(unsafe.SliceData(s.words))
	a.setShape(shape)
	return a, nil
}

func byteSize(t ir.DType, size int) (int64, error) {
	width := t.Bytes()
	if int64(size) > math.MaxInt64/width-smallest {
		return 0, Fail(ast.CodeMemoryLimit, "an array of %d elements of %s has more bytes than can be counted", size, t)
	}
	return int64(size) * width, nil
}

func (m *Memory) allocate(bytes int64, zero bool) (*storage, error) {
	charged := (bytes + smallest - 1) &^ (smallest - 1)
	if charged == 0 {
		charged = smallest
	}
	if err := m.Charge(charged); err != nil {
		return nil, err
	}
	class, capacity := sizeClass(charged)
	if list := m.free[class]; len(list) > 0 {
		s := list[len(list)-1]
		list[len(list)-1] = nil
		m.free[class] = list[:len(list)-1]
		m.kept -= capacity
		s.refs, s.bytes = 1, charged
		if zero {
			clear(s.words[:charged/8])
		}
		return s, nil
	}
	return &storage{words: make([]uint64, capacity/8), refs: 1, class: class, bytes: charged}, nil
}

// sizeClass rounds up to 4, 5, 6 or 7 times a power of two.
func sizeClass(bytes int64) (class uint8, capacity int64) {
	shift := max(bits.Len64(uint64(bytes-1))-3, 0)
	steps := (bytes + 1<<shift - 1) >> shift // 5 … 8 for large ones
	return uint8(4*shift + int(steps-1)&3), steps << shift
}

func (m *Memory) header() *Array {
	if n := len(m.headers); n > 0 {
		a := m.headers[n-1]
		m.headers = m.headers[:n-1]
		a.refs = 1
		return a
	}
	return &Array{refs: 1}
}

// View is the sub-array of a with this shape that begins at element offset of
// a's row-major order; it shares a's storage. It must lie inside.
func (m *Memory) View(a *Array, offset int, shape []int) *Array {
	size := 1
	for _, n := range shape {
		size *= n
	}
	v := m.header()
	v.dtype, v.size, v.owner, v.data = a.dtype, size, a.owner, a.data
	if v.owner == nil {
		v.owner = &m.foreign
	}
	if size > 0 {
		v.data = unsafe.Add(a.data, offset*int(a.dtype.Bytes()))
	}
	v.setShape(shape)
	v.owner.refs++
	return v
}

// Recast is an array that shares a's storage, of a dtype whose elements are as
// wide, for new elements to be written.
func (m *Memory) Recast(a *Array, t ir.DType) *Array {
	v := m.View(a, 0, a.shape)
	v.dtype = t
	return v
}

// Retain adds a handle to a.
func (m *Memory) Retain(a *Array) {
	if a.owner != nil {
		a.refs++
	}
}

// Release takes a handle of a away. A nil Array has none.
func (m *Memory) Release(a *Array) {
	if a == nil || a.owner == nil {
		return
	}
	if a.refs--; a.refs > 0 {
		return
	}
	s := a.owner
	if s.refs--; s.refs == 0 {
		m.used -= s.bytes
		capacity := int64(len(s.words)) * 8
		if m.kept+capacity <= maxKept {
			m.free[s.class] = append(m.free[s.class], s)
			m.kept += capacity
		}
	}
	a.owner, a.data = nil, nil
	if len(m.headers) < maxHeaders && len(a.shape) <= len(a.dims) {
		m.headers = append(m.headers, a)
	}
}

// Owned reports whether a's elements may be changed by the one who holds its
// only handle: nobody else can see them.
func (a *Array) Owned() bool {
	return a.owner != nil && a.refs == 1 && a.owner.refs == 1
}

// Extend is an array with the elements of a and rows more along its first axis,
// which are not set. It takes over the caller's handle of a. A row of calls
// costs time linear in the elements.
func (m *Memory) Extend(a *Array, rows int) (*Array, error) {
	shape := append(make([]int, 0, 8), a.shape...)
	shape[0] += rows
	size, err := Size(shape)
	if err != nil {
		return nil, Fail(ast.CodeMemoryLimit, "%s; the memory limit is %d bytes", err, m.limit)
	}
	width := int(a.dtype.Bytes())
	if a.Owned() && int64(size) <= a.owner.bytes/int64(width) {
		start := int(uintptr(a.data) - uintptr(unsafe.Pointer(unsafe.SliceData(a.owner.words))))
		if int64(start+size*width) <= a.owner.bytes {
			a.size = size
			a.setShape(shape)
			return a, nil
		}
	}
	room := size
	if a.Owned() && size < 1<<40 && m.limit-m.used >= int64(size)*2*int64(width) {
		room += size / 2
	}
	b, err := m.New(a.dtype, room)
	if err != nil {
		return nil, err
	}
	b.size = size
	b.setShape(shape)
	copy(b.Bytes(), a.Bytes())
	m.Release(a)
	return b, nil
}

// Detach gives a, of which the caller holds the only handle, to the embedding
// program: it no longer belongs to a Memory, and nobody else sees its elements.
// What others see, and a small part of a large storage, is copied.
func (m *Memory) Detach(a *Array) *Array {
	if a.owner == nil {
		return a.Clone()
	}
	if a.owner.refs > 1 || a.owner == &m.foreign {
		c := a.Clone()
		m.Release(a)
		return c
	}
	if bytes := a.size * int(a.dtype.Bytes()); bytes < len(a.owner.words)*4 && len(a.owner.words) > 1024 {
		return a.Clone()
	}
	a.owner = nil
	return a
}
