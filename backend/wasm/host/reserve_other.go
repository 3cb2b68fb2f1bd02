//go:build !unix && !windows

package host

// A reservation is a range of addresses that stay where they are: here a slice,
// which is small, because all of it counts as used.
type reservation struct{ bytes []byte }

const largest = 256 << 20

// reserve makes a reservation of at most this size, a multiple of a page. It
// reads as zeros.
func reserve(size int) (*reservation, error) {
	return &reservation{make([]byte, min(size, largest))}, nil
}

func (r *reservation) commit(int) error { return nil }

func (r *reservation) discard(int, int) {}

func (r *reservation) release() error { return nil }
