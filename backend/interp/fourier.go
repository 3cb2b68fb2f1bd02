package interp

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// keptTables bounds the bytes of tables that an operation keeps for its next run.
const keptTables = 1 << 26

// A keptFFT are the tables that an operation made for rows of n.
type keptFFT struct {
	n int
	f *kernel.FFT
}

// fourierTransform is the kernel of one operation. It keeps the tables of the
// last length, since an operation that runs again mostly meets the same one.
func fourierTransform(attr ir.LibAttr) libraryFunc {
	inverse := slices.Contains(strings.Fields(attr.Options), "inverse")
	var kept atomic.Pointer[keptFFT]
	return func(m *machine, out, in []*runtime.Array, batch int) error {
		shape := in[0].Shape()
		n := shape[len(shape)-1]
		bytes := kernel.FFTBytes(n)
		if err := m.memory.Charge(bytes); err != nil {
			return err
		}
		defer m.memory.Refund(bytes)
		isReal := in[0].DType() == ir.F64
		last := kept.Load()
		if last == nil || last.n != n {
			f, err := kernel.NewFFT(n, isReal, m.pollFn)
			if err != nil {
				return err
			}
			last = &keptFFT{n, f}
			if bytes <= keptTables {
				kept.Store(last)
			}
		}
		if isReal {
			return last.f.Real(out[0].C128(), in[0].F64(), batch, inverse, m.pollFn)
		}
		return last.f.Complex(out[0].C128(), in[0].C128(), batch, inverse, m.pollFn)
	}
}
