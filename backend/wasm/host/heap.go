package host

import (
	"math/bits"
	"sync"
	"unsafe"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// A heap gives out regions of the reserved memory, aligned to 64 bytes. What is
// free is listed by size class, and neighbours that are free are one block, so
// that giving and freeing take constant time and memory doesn't fall to pieces.
// Its books lie outside the memory, where no program can spoil them.
type heap struct {
	mutex    sync.Mutex
	memory   *reservation
	grow     func(bytes int) bool // makes the memory of modules at least as long
	length   int                  // of the memory of modules
	free     [classes]*block
	nonempty [(classes + 63) / 64]uint64
	spare    *block // headers to be used again, by nextFree
	used     int64  // bytes of blocks that are given
	stale    int64  // bytes of free blocks that lie in touched pages, about
	guard    *guard
	closed   bool // nothing may be touched any more
}

const (
	granule  = 64
	pageSize = 64 << 10
	// pages are the most that a memory can have whose length in bytes fits 32 bits.
	pages = 1<<16 - 1
	// growth is the step in which modules' memory grows.
	growth = 16 << 20
	// keptStale bytes of free memory stay with the process.
	keptStale = 256 << 20
	// steps are the size classes for each power of two; below, each granule has
	// its own.
	steps   = 16
	classes = 24 * steps
)

// A block is a piece of memory. Blocks form a list in the order of addresses,
// and free ones of a class another.
type block struct {
	start, size        int
	before, after      *block
	previous, nextFree *block
	free               bool
	stale              int64 // bytes that lie in touched pages, about
}

// newHeap manages memory from its second page on: address 0 is never given.
func newHeap(memory *reservation, grow func(bytes int) bool) *heap {
	h := &heap{memory: memory, grow: grow}
	h.insert(&block{start: pageSize, size: len(memory.bytes) - pageSize})
	return h
}

// class is the size class in which a free block of this size is listed.
func class(size int) int {
	g := size / granule
	if g < steps {
		return g
	}
	shift := bits.Len(uint(g)) - bits.Len(uint(steps))
	return shift*steps + g>>shift
}

// ceiling is the least size of which all blocks of a class can be used for size.
func ceiling(size int) int {
	g := size / granule
	if g < steps {
		return size
	}
	shift := bits.Len(uint(g)) - bits.Len(uint(steps))
	return ((g + 1<<shift - 1) >> shift << shift) * granule
}

func (h *heap) insert(b *block) {
	c := class(b.size)
	b.free, b.previous, b.nextFree = true, nil, h.free[c]
	if b.nextFree != nil {
		b.nextFree.previous = b
	}
	h.free[c] = b
	h.nonempty[c/64] |= 1 << (c % 64)
}

func (h *heap) remove(b *block) {
	if b.nextFree != nil {
		b.nextFree.previous = b.previous
	}
	if b.previous != nil {
		b.previous.nextFree = b.nextFree
	} else {
		c := class(b.size)
		if h.free[c] = b.nextFree; b.nextFree == nil {
			h.nonempty[c/64] &^= 1 << (c % 64)
		}
	}
	b.free = false
}

// find is a free block of at least size bytes, nil if there is none.
func (h *heap) find(size int) *block {
	c := class(ceiling(size))
	if c < classes {
		word := h.nonempty[c/64] &^ (1<<(c%64) - 1)
		for i := c / 64; ; {
			if word != 0 {
				return h.free[i*64+bits.TrailingZeros64(word)]
			}
			if i++; i == len(h.nonempty) {
				break
			}
			word = h.nonempty[i]
		}
	}
	for b := h.free[class(size)]; b != nil; b = b.nextFree {
		if b.size >= size {
			return b
		}
	}
	return nil
}

// A region is a piece of memory that somebody has: bytes at address.
type region struct {
	address uint32
	bytes   int
	block   *block
}

// allocate gives a region whose contents are not set.
func (h *heap) allocate(bytes int64) (region, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if bytes < 0 || bytes > int64(len(h.memory.bytes)) {
		return region{}, h.full(bytes)
	}
	size := max((int(bytes)+granule-1)&^(granule-1), granule)
	border := 0
	if h.guard != nil {
		border = guardBorder
	}
	size += 2 * border
	b := h.find(size)
	if b == nil || !h.reach(b.start+size) {
		return region{}, h.full(bytes)
	}
	h.remove(b)
	h.stale -= b.stale
	if b.size > size {
		rest := h.header()
		*rest = block{start: b.start + size, size: b.size - size, before: b, after: b.after}
		rest.stale = min(max(b.stale-int64(size), 0), int64(rest.size))
		if b.after != nil {
			b.after.before = rest
		}
		b.after, b.size = rest, size
		h.stale += rest.stale
		h.insert(rest)
	}
	h.used += int64(size)
	r := region{uint32(b.start + border), int(bytes), b}
	if h.guard != nil {
		h.guard.give(h, r)
	}
	return r, nil
}

// reach makes memory up to end usable.
func (h *heap) reach(end int) bool {
	if end <= h.length {
		return true
	}
	to := min((end+growth-1)/growth*growth, len(h.memory.bytes))
	if err := h.memory.commit(to); err != nil || !h.grow(to) {
		return false
	}
	if h.guard != nil {
		poison(h.memory.bytes[h.length:to])
	}
	h.length = to
	return true
}

func (h *heap) full(bytes int64) error {
	return runtime.Fail(ast.CodeMemoryLimit, "%d bytes are needed, and compiled code has %d bytes of memory, of which %d are in use", bytes, len(h.memory.bytes), h.used)
}

func (h *heap) header() *block {
	if b := h.spare; b != nil {
		h.spare = b.nextFree
		return b
	}
	return new(block)
}

func (h *heap) drop(b *block) {
	*b = block{nextFree: h.spare}
	h.spare = b
}

// release takes a region back.
func (h *heap) release(r region) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.closed {
		return
	}
	b := r.block
	if h.guard != nil {
		h.guard.take(h, r)
	}
	h.used -= int64(b.size)
	b.stale = int64(b.size)
	h.stale += b.stale
	if next := b.after; next != nil && next.free {
		h.remove(next)
		h.join(b, next)
	}
	if last := b.before; last != nil && last.free {
		h.remove(last)
		h.join(last, b)
		b = last
	}
	if h.stale > keptStale && h.guard == nil {
		h.discard(b)
	}
	h.insert(b)
}

// join makes the neighbours a and b one, which is a.
func (h *heap) join(a, b *block) {
	a.size += b.size
	a.stale += b.stale
	if a.after = b.after; a.after != nil {
		a.after.before = a
	}
	h.drop(b)
}

// discard gives the pages inside a free block back to the system.
func (h *heap) discard(b *block) {
	start := (b.start + pageSize - 1) &^ (pageSize - 1)
	end := min(b.start+b.size, h.length) &^ (pageSize - 1)
	if end <= start {
		return
	}
	h.memory.discard(start, end)
	left := min(b.stale, int64(2*pageSize))
	h.stale -= b.stale - left
	b.stale = left
}

// view is the memory of r.
func (h *heap) view(r region) []byte {
	return h.memory.bytes[r.address : int(r.address)+r.bytes : int(r.address)+r.bytes]
}

// elements are the bytes of memory from address on as n values of type T.
func elements[T any](memory []byte, address, n int) []T {
	if n == 0 {
		return nil
	}
	var zero T
	bytes := memory[address : address+n*int(unsafe.Sizeof(zero))]
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(bytes))), n)
}
