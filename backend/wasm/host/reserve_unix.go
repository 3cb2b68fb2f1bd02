//go:build unix

package host

import "golang.org/x/sys/unix"

// A reservation is a range of addresses that stay where they are. Pages that
// nobody has touched cost nothing.
type reservation struct{ bytes []byte }

// reserve makes a reservation of this size, a multiple of a page. It reads as
// zeros.
func reserve(size int) (*reservation, error) {
	bytes, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
	return &reservation{bytes}, err
}

// commit makes the bytes up to end usable.
func (r *reservation) commit(int) error { return nil }

// discard gives the pages of a range back to the system; what they held may be
// lost. start and end are multiples of 64 KiB.
func (r *reservation) discard(start, end int) {
	_ = unix.Madvise(r.bytes[start:end], unix.MADV_DONTNEED)
}

func (r *reservation) release() error { return unix.Munmap(r.bytes) }
