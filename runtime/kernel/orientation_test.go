package kernel

import (
	"math"
	"math/cmplx"
	"testing"
)

// checkLeads says whether the leading entry of column j is real and positive.
func checkLeads[T Field](t *testing.T, what string, a []T, rows, cols, j int) {
	t.Helper()
	v := a[leadingRow(a, rows, cols, j)*cols+j]
	if magnitude(v-fromReal[T](magnitude(v))) > 1e-15 {
		t.Errorf("%s: the leading entry of column %d is %v, want it real and positive", what, j, v)
	}
}

func TestTheFirstOfEqualEntriesLeads(t *testing.T) {
	for _, c := range []struct {
		column []float64
		want   int
	}{
		{nil, 0}, {[]float64{0, 0}, 0}, {[]float64{-3}, 0}, {[]float64{1, -2, 2}, 1},
		{[]float64{-1, 1 + 1e-15}, 0}, {[]float64{-1, 1 + 9e-9}, 0}, {[]float64{-1, 1 + 1.1e-8}, 1},
		{[]float64{-1, 1 + 9e-9, -1 - 1.8e-8}, 1}, {[]float64{1e-310, -2e-310}, 1},
	} {
		if got := leadingRow(c.column, len(c.column), 1, 0); got != c.want {
			t.Errorf("of %v row %d leads, want %d", c.column, got, c.want)
		}
		turned := make([]complex128, len(c.column))
		for i, v := range c.column {
			turned[i] = complex(v, 0) * 1i
		}
		if got := leadingRow(turned, len(turned), 1, 0); got != c.want {
			t.Errorf("of %v row %d leads, want %d", turned, got, c.want)
		}
	}
}

// TestOrientationDoesNotDependOnRounding has matrices whose vectors have entries of the same magnitude, and changes them
// by a rounding: the first entry is positive every time.
func TestOrientationDoesNotDependOnRounding(t *testing.T) {
	const n = 8
	for at := range 2 * n {
		// A circulant matrix with distinct eigenvalues: its eigenvectors are those of the discrete Fourier transform.
		circulant := make([]float64, n*n)
		for i := range n {
			for j := range n {
				circulant[i*n+j] = math.Sqrt(float64(1 + (j-i+n)%n))
			}
		}
		pair := []float64{2, 1, 1, 2} // eigenvectors (1, -1) and (1, 1)
		circulant[at*3] = math.Nextafter(circulant[at*3], 9)
		pair[at%4] = math.Nextafter(pair[at%4], 9)
		w, v := make([]complex128, n), make([]complex128, n*n)
		check(t, Eig(w, v, circulant, 1, n, nil))
		checkFirstRow(t, "eig", v, n, n)
		c := make([]complex128, n*n)
		ToComplex(c, circulant)
		check(t, EigComplex(w, v, c, 1, n, nil))
		checkFirstRow(t, "eig of a complex matrix", v, n, n)
		values, vectors, right := make([]float64, 2), make([]float64, 4), make([]float64, 4)
		check(t, Eigh(values, vectors, pair, 1, 2, nil))
		checkFirstRow(t, "eigh", vectors, 2, 2)
		check(t, SVD(vectors, values, right, pair, 1, 2, 2, nil))
		checkFirstRow(t, "svd", vectors, 2, 2)
		hermitian := []complex128{2, complex(0, pair[1]), complex(0, -pair[2]), 2}
		turned := make([]complex128, 4)
		check(t, EighComplex(values, turned, hermitian, 1, 2, nil))
		checkFirstRow(t, "eigh of a complex matrix", turned, 2, 2)
		other := make([]complex128, 4)
		check(t, SVDComplex(turned, values, other, hermitian, 1, 2, 2, nil))
		checkFirstRow(t, "svd of a complex matrix", turned, 2, 2)
	}
}

// checkFirstRow holds that all columns have entries of one magnitude, and begin with a positive number.
func checkFirstRow[T Field](t *testing.T, what string, a []T, rows, cols int) {
	t.Helper()
	for j := range cols {
		want := 1 / math.Sqrt(float64(rows))
		for i := range rows {
			if math.Abs(magnitude(a[i*cols+j])-want) > 1e-12 {
				t.Fatalf("%s: entry %d of column %d is %v, and of another magnitude", what, i, j, a[i*cols+j])
			}
		}
		if cmplx.Abs(asComplex(a[j])-complex(want, 0)) > 1e-12 {
			t.Errorf("%s: column %d begins with %v, want %v", what, j, a[j], want)
		}
	}
}

func asComplex[T Field](x T) complex128 {
	z, ok := any(x).(complex128)
	if !ok {
		return complex(realPart(x), 0)
	}
	return z
}
