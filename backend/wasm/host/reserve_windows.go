package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// A reservation is a range of addresses that stay where they are. Pages count
// as used memory when they are committed.
type reservation struct {
	bytes     []byte
	committed int
}

// reserve makes a reservation of this size, a multiple of a page. It reads as
// zeros.
func reserve(size int) (*reservation, error) {
	address, err := windows.VirtualAlloc(0, uintptr(size), windows.MEM_RESERVE, windows.PAGE_READWRITE)
	if err != nil {
		return nil, err
	}
	return &reservation{bytes: unsafe.Slice(*(**byte)(unsafe.Pointer(&address)), size)}, nil
}

// commit makes the bytes up to end usable.
func (r *reservation) commit(end int) error {
	if end <= r.committed {
		return nil
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(r.bytes))) + uintptr(r.committed)
	if _, err := windows.VirtualAlloc(start, uintptr(end-r.committed), windows.MEM_COMMIT, windows.PAGE_READWRITE); err != nil {
		return err
	}
	r.committed = end
	return nil
}

// discard says that what a range holds is no longer needed. start and end are
// multiples of 64 KiB.
func (r *reservation) discard(start, end int) {
	const reset = 0x80000 // MEM_RESET
	address := uintptr(unsafe.Pointer(unsafe.SliceData(r.bytes))) + uintptr(start)
	_, _ = windows.VirtualAlloc(address, uintptr(end-start), reset, windows.PAGE_READWRITE)
}

func (r *reservation) release() error {
	return windows.VirtualFree(uintptr(unsafe.Pointer(unsafe.SliceData(r.bytes))), 0, windows.MEM_RELEASE)
}
