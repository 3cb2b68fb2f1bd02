package kernel

import (
	"math/cmplx"

	"github.com/calx-lang/calx/runtime/elementary"
)

// Eigenvectors and singular vectors are known up to a factor of magnitude 1. It is chosen so that their leading entry, the
// entry of largest magnitude, is real and positive.

// tie is the relative difference up to which magnitudes count as equal: which of two such is larger is a matter of
// rounding, and differs from machine to machine. The first of them leads.
const tie = 1e-8

// leadingRow is the row of the leading entry of column j of a, which has cols columns.
func leadingRow[T Field](a []T, rows, cols, j int) int {
	largest := 0.0
	for i := range rows {
		largest = max(largest, magnitude(a[i*cols+j]))
	}
	for i := range rows {
		if magnitude(a[i*cols+j]) >= largest*(1-tie) {
			return i
		}
	}
	return 0
}

func negateColumn(a []float64, rows, cols, j int) {
	for i := range rows {
		a[i*cols+j] = -a[i*cols+j]
	}
}

// turnColumn multiplies column j by the factor of magnitude 1 that makes its leading entry real and positive, and gives
// that factor.
func turnColumn(v []complex128, rows, cols, j int) complex128 {
	at := leadingRow(v, rows, cols, j)*cols + j
	size := cmplx.Abs(v[at])
	if size == 0 {
		return 1
	}
	turn := elementary.DivComplex(complex(size, 0), v[at])
	for i := j; i < rows*cols; i += cols {
		v[i] = elementary.MulComplex(v[i], turn)
	}
	v[at] = complex(size, 0)
	return turn
}
