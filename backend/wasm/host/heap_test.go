package host

import (
	"fmt"
	gort "runtime"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// testHeap is a heap without an engine.
func testHeap(tb testing.TB, size int, guarded bool) *heap {
	tb.Helper()
	memory, err := reserve(size)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := memory.release(); err != nil {
			tb.Error(err)
		}
	})
	h := newHeap(memory, func(int) bool { return true })
	if guarded {
		h.guard = &guard{regions: map[uint32]region{}}
	}
	return h
}

// verify checks the books: blocks follow each other without gaps and overlaps,
// no two neighbours are free, and the lists hold what is free.
func (h *heap) verify() error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	var first *block
	listed := 0
	for c, b := range h.free {
		for ; b != nil; b = b.nextFree {
			if !b.free || class(b.size) != c {
				return fmt.Errorf("block at %d, %d bytes, is in list %d", b.start, b.size, c)
			}
			listed++
			first = b
		}
	}
	if first == nil {
		return nil
	}
	for first.before != nil {
		first = first.before
	}
	end, used, stale, free := pageSize, int64(0), int64(0), 0
	for b := first; b != nil; b = b.after {
		if b.start != end || b.size <= 0 || b.size%granule != 0 || b.after != nil && (b.after.before != b || b.free && b.after.free) {
			return fmt.Errorf("block at %d, %d bytes, after %d", b.start, b.size, end)
		}
		end += b.size
		if b.free {
			free++
			stale += b.stale
		} else {
			used += int64(b.size)
		}
	}
	if end != len(h.memory.bytes) || used != h.used || stale != h.stale || free != listed {
		return fmt.Errorf("blocks end at %d; %d bytes used, counted %d; %d stale, counted %d; %d free blocks, %d listed", end, used, h.used, stale, h.stale, free, listed)
	}
	return nil
}

// TestHeap gives and takes regions of all sizes at random: none overlaps another,
// what one holds stays, and at the end all is one block again.
func TestHeap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const size = 4 << 20
		memory, err := reserve(size)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = memory.release() }()
		h := newHeap(memory, func(int) bool { return true })
		if rapid.Bool().Draw(t, "guard") {
			h.guard = &guard{regions: map[uint32]region{}}
		}
		type held struct {
			region
			mark byte
		}
		var all []held
		free := func(i int) {
			for j, b := range h.view(all[i].region) {
				if b != all[i].mark {
					t.Fatalf("byte %d of %d at %d is %d, not %d", j, all[i].bytes, all[i].address, b, all[i].mark)
				}
			}
			h.release(all[i].region)
			all[i] = all[len(all)-1]
			all = all[:len(all)-1]
		}
		sizes := rapid.OneOf(rapid.Int64Range(0, 300), rapid.Int64Range(0, 20_000), rapid.Int64Range(0, size))
		t.Repeat(map[string]func(*rapid.T){
			"allocate": func(t *rapid.T) {
				bytes := sizes.Draw(t, "bytes")
				r, err := h.allocate(bytes)
				if err != nil {
					if bytes < 1000 && h.used < size/4 {
						t.Fatal(err)
					}
					t.Skip("full")
				}
				if r.address%granule != 0 || r.address < pageSize || int64(r.bytes) != bytes {
					t.Fatalf("%d bytes: %+v", bytes, r)
				}
				mark := byte(len(all) + 1)
				for i := range h.view(r) {
					h.view(r)[i] = mark
				}
				all = append(all, held{r, mark})
			},
			"release": func(t *rapid.T) {
				if len(all) == 0 {
					t.Skip("nothing is held")
				}
				free(rapid.IntRange(0, len(all)-1).Draw(t, "which"))
			},
			"": func(t *rapid.T) {
				if err := h.verify(); err != nil {
					t.Fatal(err)
				}
				if err := h.inspect(); err != nil {
					t.Fatal(err)
				}
			},
		})
		for len(all) > 0 {
			free(0)
		}
		if _, err := h.allocate(size - pageSize - 2*guardBorder); err != nil {
			t.Fatal(err)
		}
	})
}

// TestClasses: all blocks of the class of a ceiling are large enough.
func TestClasses(t *testing.T) {
	for size := granule; size < 1<<32; size += max(granule, size/200/granule*granule) {
		c := ceiling(size)
		if c < size || c > size+size/steps+granule || class(c) >= classes || class(c-granule) >= class(c) {
			t.Fatalf("%d bytes: ceiling %d, class %d, below it %d", size, c, class(c), class(c-granule))
		}
	}
}

// TestDiscard: free memory beyond what is kept goes back to the system.
func TestDiscard(t *testing.T) {
	h := testHeap(t, 1<<30, false)
	r, err := h.allocate(400 << 20)
	if err != nil {
		t.Fatal(err)
	}
	h.view(r)[0], h.view(r)[300<<20] = 1, 1
	h.release(r)
	if h.stale > keptStale {
		t.Errorf("%d bytes are kept", h.stale)
	}
	if err := h.verify(); err != nil {
		t.Error(err)
	}
}

// TestLost: an array that nobody can reach is freed.
func TestLost(t *testing.T) {
	e, err := New(Options{Memory: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	func() {
		if _, err := e.NewArray(1000); err != nil {
			t.Fatal(err)
		}
	}()
	for range 100 {
		gort.GC()
		if e.Used() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d bytes are in use", e.Used())
}

// TestHolders: an array is free when its last holder releases it.
func TestHolders(t *testing.T) {
	e, err := New(Options{Memory: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	a, err := e.NewArray(100)
	if err != nil {
		t.Fatal(err)
	}
	a.Retain()
	a.Release()
	if e.Used() == 0 {
		t.Error("it is free while held")
	}
	a.Release()
	if e.Used() != 0 {
		t.Error("it is held when free")
	}
	defer func() {
		if r := recover(); r == nil {
			t.Error("released too often")
		}
	}()
	a.Release()
}

// TestFull: more than there is gives an error, and the heap works on.
func TestFull(t *testing.T) {
	e, err := New(Options{Memory: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var all []*Array
	for {
		a, err := e.NewArray(100_000)
		if err != nil {
			want := "100000 bytes are needed, and compiled code has 1048576 bytes of memory, of which 900288 are in use"
			if fmt.Sprint(err) != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
			break
		}
		all = append(all, a)
	}
	for _, a := range all {
		a.Release()
	}
	if a, err := e.NewArray(900_000); err != nil {
		t.Error(err)
	} else {
		a.Release()
	}
}
