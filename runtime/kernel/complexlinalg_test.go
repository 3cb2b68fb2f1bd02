package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"testing"
)

// ofRank is a matrix of the given rank.
func ofRank(m, n, rank int, seed uint64) []complex128 {
	return times(normal[complex128](m*rank, seed), normal[complex128](rank*n, seed+5), m, rank, n)
}

// complexShapes are matrices with the cases of dependent rows and columns.
var complexShapes = []struct{ m, n, rank int }{
	{0, 3, 0}, {3, 0, 0}, {1, 1, 1}, {4, 4, 4}, {7, 3, 3}, {3, 7, 3}, {1, 5, 1}, {5, 1, 1}, {60, 40, 40}, {40, 60, 40},
	{5, 5, 2}, {8, 4, 1}, {4, 8, 3}, {6, 6, 0}, {30, 30, 7},
}

func TestComplexQR(t *testing.T) {
	for _, shape := range complexShapes {
		m, n := shape.m, shape.n
		k := min(m, n)
		what := fmt.Sprint("qr ", shape)
		a := append(ofRank(m, n, shape.rank, 1), normal[complex128](m*n, 3)...)
		q, r := make([]complex128, 2*m*k), make([]complex128, 2*k*n)
		check(t, QRComplex(q, r, a, 2, m, n, nil))
		for b := range 2 {
			q, r := q[b*m*k:][:m*k], r[b*k*n:][:k*n]
			checkClose(t, what, times(q, r, m, k, n), a[b*m*n:][:m*n], 1e-13*float64(m+n))
			checkClose(t, what+": columns", times(adjoint(q, m, k), q, k, m, k), identity[complex128](k), 1e-13)
			for i := range k {
				for j := range i + 1 {
					if v := r[i*n+j]; j < i && v != 0 || j == i && !(real(v) >= 0 && imag(v) == 0) {
						t.Fatalf("%s: R[%d, %d] = %v", what, i, j, v)
					}
				}
			}
		}
	}
}

func TestComplexSVD(t *testing.T) {
	for _, shape := range complexShapes {
		m, n := shape.m, shape.n
		k := min(m, n)
		what := fmt.Sprint("svd ", shape)
		a := append(ofRank(m, n, shape.rank, 1), normal[complex128](m*n, 3)...)
		u, s, vh := make([]complex128, 2*m*k), make([]float64, 2*k), make([]complex128, 2*k*n)
		check(t, SVDComplex(u, s, vh, a, 2, m, n, nil))
		for b := range 2 {
			checkSVD(t, what, u[b*m*k:][:m*k], s[b*k:][:k], vh[b*k*n:][:k*n], a[b*m*n:][:m*n], m, n)
		}
		for i, v := range s[:k] {
			if i >= shape.rank && v > 1e-12 {
				t.Errorf("%s: singular value %d is %v", what, i, v)
			}
		}
	}
}

func checkSVD(t *testing.T, what string, u []complex128, s []float64, vh, a []complex128, m, n int) {
	t.Helper()
	k := min(m, n)
	scaled := append([]complex128{}, u...)
	for i := range scaled {
		scaled[i] *= complex(s[i%k], 0)
	}
	checkClose(t, what, times(scaled, vh, m, k, n), a, 1e-13*float64(m+n))
	checkClose(t, what+": left vectors", times(adjoint(u, m, k), u, k, m, k), identity[complex128](k), 1e-13)
	checkClose(t, what+": right vectors", times(vh, adjoint(vh, k, n), k, n, k), identity[complex128](k), 1e-13)
	for j := range k {
		if s[j] < 0 || j > 0 && s[j] > s[j-1] {
			t.Fatalf("%s: singular values %v", what, s)
		}
		checkLeads(t, what, u, m, k, j)
	}
}

// TestComplexResultsAreThoseOfRealMatrices compares with gonum's.
func TestComplexResultsAreThoseOfRealMatrices(t *testing.T) {
	const m, n = 9, 6
	a := normal[float64](m*n, 1)
	c := make([]complex128, m*n)
	ToComplex(c, a)
	q, r, u, s, vt := make([]float64, m*n), make([]float64, n*n), make([]float64, m*n), make([]float64, n), make([]float64, n*n)
	qc, rc, uc, sc, vc := make([]complex128, m*n), make([]complex128, n*n), make([]complex128, m*n), make([]float64, n), make([]complex128, n*n)
	check(t, QR(q, r, a, 1, m, n, nil))
	check(t, QRComplex(qc, rc, c, 1, m, n, nil))
	check(t, SVD(u, s, vt, a, 1, m, n, nil))
	check(t, SVDComplex(uc, sc, vc, c, 1, m, n, nil))
	for _, pair := range []struct {
		what string
		got  []complex128
		want []float64
	}{{"Q", qc, q}, {"R", rc, r}, {"U", uc, u}, {"V", vc, vt}} {
		want := make([]complex128, len(pair.want))
		ToComplex(want, pair.want)
		checkClose(t, pair.what, pair.got, want, 1e-13)
	}
	checkClose(t, "singular values", sc, s, 1e-13)
}

func TestComplexEigenvectors(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 10, 40, 90} {
		a := normal[complex128](2*n*n, 1)
		if n == 10 {
			copy(a, ofRank(n, n, 3, 1))
		}
		w, v, only := make([]complex128, 2*n), make([]complex128, 2*n*n), make([]complex128, 2*n)
		check(t, EigComplex(w, v, a, 2, n, nil))
		check(t, EigComplex(only, nil, a, 2, n, nil))
		for b := range 2 {
			a, w, v := a[b*n*n:][:n*n], w[b*n:][:n], v[b*n*n:][:n*n]
			scaled := append([]complex128{}, v...)
			for i := range scaled {
				scaled[i] *= w[i%n]
			}
			checkClose(t, fmt.Sprintf("A·V = V·diag(w), %d", n), times(a, v, n, n, n), scaled, 1e-13*float64(n+1))
			for j := range n {
				norm := 0.0
				for i := range n {
					norm = math.Hypot(norm, cmplx.Abs(v[i*n+j]))
				}
				if math.Abs(norm-1) > 1e-13 {
					t.Errorf("vector %d of %d has length %v", j, n, norm)
				}
				checkLeads(t, fmt.Sprint("eig ", n), v, n, n, j)
			}
			checkClose(t, "eigenvalues alone", only[b*n:][:n], w, 1e-13*float64(n+1))
		}
	}
}

// TestEigenvaluesOfSpecialMatrices has cases on which iterations without care stand still or divide by zero.
func TestEigenvaluesOfSpecialMatrices(t *testing.T) {
	for what, c := range map[string]struct{ a, w []complex128 }{
		"rotation of places": {[]complex128{0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}, []complex128{1, -1, 1i, -1i}},
		"one vector only":    {[]complex128{2i, 1, 0, 2i}, []complex128{2i, 2i}},
		"zeros":              {make([]complex128, 9), make([]complex128, 3)},
		"large":              {[]complex128{0, 1e300, -1e300, 0}, []complex128{1e300i, -1e300i}},
		"small":              {[]complex128{0, 1e-300, -1e-300, 0}, []complex128{1e-300i, -1e-300i}},
		"triangle":           {[]complex128{1, 5, 5, 0, 2, 5, 0, 0, 3i}, []complex128{1, 2, 3i}},
	} {
		n := len(c.w)
		w, v := make([]complex128, n), make([]complex128, n*n)
		if err := EigComplex(w, v, c.a, 1, n, nil); err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		size := max(cmplx.Abs(c.w[0]), 1e-320)
		for _, want := range c.w {
			nearest := math.Inf(1)
			for _, got := range w {
				nearest = min(nearest, cmplx.Abs(got-want)/size)
			}
			if nearest > 1e-7 {
				t.Errorf("%s: eigenvalues %v, want %v", what, w, c.w)
			}
		}
		if !finite(v) {
			t.Errorf("%s: vectors %v", what, v)
		}
	}
}

func TestComplexMatricesOfExtremeScale(t *testing.T) {
	for _, scale := range []float64{1e-310, 1e-160, 1e300} {
		a := []complex128{complex(3*scale, 0), 0, complex(0, 4*scale), 0, complex(0, 5*scale), 0}
		u, s, vh := make([]complex128, 6), make([]float64, 2), make([]complex128, 4)
		check(t, SVDComplex(u, s, vh, a, 1, 3, 2, nil))
		checkClose(t, "singular values", []float64{s[0] / scale, s[1] / scale}, []float64{math.Sqrt(50), 0}, 1e-13)
		q, r := make([]complex128, 6), make([]complex128, 4)
		check(t, QRComplex(q, r, a, 1, 3, 2, nil))
		checkClose(t, "R", []complex128{r[0] / complex(scale, 0)}, []complex128{complex(math.Sqrt(50), 0)}, 1e-13)
	}
}

func TestComplexMatricesWithoutNumbers(t *testing.T) {
	for _, bad := range []complex128{cmplx.NaN(), complex(0, math.Inf(1)), complex(math.MaxFloat64, math.MaxFloat64), 5e-324} {
		for at := range 9 {
			a := ofRank(3, 3, 3, 1)
			a[at] = bad
			q, r, s, w := make([]complex128, 9), make([]complex128, 9), make([]float64, 3), make([]complex128, 3)
			check(t, QRComplex(q, r, a, 1, 3, 3, nil))
			if cmplx.IsNaN(q[0]) != !finite(a) {
				t.Errorf("qr with %v: %v", bad, q)
			}
			for what, err := range map[string]error{
				"svd": SVDComplex(q, s, r, a, 1, 3, 3, nil), "eig": EigComplex(w, q, a, 1, 3, nil),
			} {
				if !errors.Is(err, ErrNoConvergence) && !(err == nil && finite(a)) {
					t.Errorf("%s with %v: %v", what, bad, err)
				}
			}
		}
	}
}

func TestLongComplexFactorisationsStop(t *testing.T) {
	const n = 120
	a := normal[complex128](n*n, 1)
	q, r, s, w := make([]complex128, n*n), make([]complex128, n*n), make([]float64, n), make([]complex128, n)
	for what, run := range map[string]func(poll func() error) error{
		"qr":  func(poll func() error) error { return QRComplex(q, r, a, 1, n, n, poll) },
		"svd": func(poll func() error) error { return SVDComplex(q, s, r, a, 1, n, n, poll) },
		"eig": func(poll func() error) error { return EigComplex(w, q, a, 1, n, poll) },
	} {
		polls := 0
		if err := run(func() error { polls++; return nil }); err != nil || polls < 20 {
			t.Errorf("%s: %d polls, %v", what, polls, err)
		}
		left := polls / 2
		err := run(func() error {
			if left--; left < 0 {
				return errStopped
			}
			return nil
		})
		if err != errStopped {
			t.Errorf("%s: error %v, want the poll's", what, err)
		}
	}
}
