package interp

import "github.com/calx-lang/calx/runtime"

// copied is a copy of the array in slot, for a change. If take, the handle in
// slot is used up.
func (f *frame) copied(slot int32, take bool) (*runtime.Array, error) {
	x := f.h[slot]
	y, err := f.m.memory.New(x.DType(), x.Shape()...)
	if err != nil {
		return nil, err
	}
	if err := f.m.copyBytes(y.Bytes(), x.Bytes()); err != nil {
		return nil, err
	}
	if take {
		f.m.memory.Release(x)
		f.h[slot] = nil
	}
	return y, nil
}

// copyPiece is how much is copied between two looks at the context.
const copyPiece = 1 << 20

// copyBytes copies src to the beginning of dst.
func (m *machine) copyBytes(dst, src []byte) error {
	for len(src) > copyPiece {
		n := copy(dst, src[:copyPiece])
		dst, src = dst[n:], src[n:]
		if err := m.spend(n / 8); err != nil {
			return err
		}
	}
	return m.spend(copy(dst, src) / 8)
}
