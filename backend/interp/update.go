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
	copy(y.Bytes(), x.Bytes())
	if take {
		f.m.memory.Release(x)
		f.h[slot] = nil
	}
	return y, nil
}
