package kernel

import (
	"fmt"
	"testing"
)

// TestValuesAloneAreThoseWithVectors compares the singular values and eigenvalues of both ways, to rounding.
func TestValuesAloneAreThoseWithVectors(t *testing.T) {
	for _, shape := range [][2]int{{0, 3}, {1, 1}, {1, 5}, {5, 1}, {7, 4}, {4, 7}, {40, 33}, {170, 170}} {
		m, n := shape[0], shape[1]
		k := min(m, n)
		what := fmt.Sprint(shape)
		for _, poll := range []func() error{nil, func() error { return nil }} {
			a := normal[float64](2*m*n, 1)
			s, alone := make([]float64, 2*k), make([]float64, 2*k)
			check(t, SVD(make([]float64, 2*m*k), s, make([]float64, 2*k*n), a, 2, m, n, poll))
			check(t, SVD(nil, alone, nil, a, 2, m, n, poll))
			checkClose(t, "svd "+what, alone, s, 1e-13*float64(m+n))
			if m > 40 {
				continue
			}
			c := append(ofRank(m, n, k/2, 1), normal[complex128](m*n, 1)...)
			check(t, SVDComplex(make([]complex128, 2*m*k), s, make([]complex128, 2*k*n), c, 2, m, n, poll))
			check(t, SVDComplex(nil, alone, nil, c, 2, m, n, poll))
			checkClose(t, "complex svd "+what, alone, s, 1e-13*float64(m+n))
		}
	}
	for _, n := range []int{0, 1, 2, 5, 20, 120} {
		for _, poll := range []func() error{nil, func() error { return nil }} {
			a := normal[float64](2*n*n, 1)
			kept := append([]float64{}, a...)
			w, alone := make([]float64, 2*n), make([]float64, 2*n)
			check(t, Eigh(w, make([]float64, 2*n*n), a, 2, n, poll))
			check(t, Eigh(alone, nil, a, 2, n, poll))
			checkClose(t, fmt.Sprint("eigh ", n), alone, w, 1e-13*float64(n+1))
			checkSame(t, "the operand", a, kept)
			if n > 20 {
				continue
			}
			c := normal[complex128](2*n*n, 1)
			check(t, EighComplex(w, make([]complex128, 2*n*n), c, 2, n, poll))
			check(t, EighComplex(alone, nil, c, 2, n, poll))
			checkClose(t, fmt.Sprint("complex eigh ", n), alone, w, 1e-13*float64(n+1))
		}
	}
}
