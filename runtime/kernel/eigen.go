package kernel

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/gonum"
)

// Iterations of eigenvalues and singular values are not begun for a matrix with a NaN or an infinity: that is
// ErrNoConvergence.

// converging runs an iteration of gonum's, which gives up by a panic in a few places.
func converging(run func() bool) (err error) {
	defer func() {
		if recover() != nil {
			err = ErrNoConvergence
		}
	}()
	if !run() {
		return ErrNoConvergence
	}
	return nil
}

// Eigh writes the eigenvalues of symmetric matrices in ascending order and their eigenvectors as columns, [n, n] -> [n]
// and [n, n]; only the lower triangle of A is read. Eigenvectors have length 1, and their entry of largest magnitude
// (the first of equals) is positive. vectors may be a.
func Eigh(eigenvalues, vectors, a []float64, batch, n int, poll func() error) error {
	if n == 0 {
		return nil
	}
	return eachMatrix(batch, poll, func(i int) error {
		w, v := eigenvalues[i*n:][:n], vectors[i*n*n:][:n*n]
		copy(v, a[i*n*n:])
		if !finiteLower(v, n) {
			return ErrNoConvergence
		}
		work := make([]float64, max(1, 34*n))
		err := converging(func() bool {
			return gonum.Implementation{}.Dsyev(lapack.EVCompute, blas.Lower, n, v, n, w, work, len(work))
		})
		if err != nil {
			return err
		}
		for j := range n {
			if columnNegative(v, n, n, j) {
				negateColumn(v, n, n, j)
			}
		}
		return nil
	})
}

// finiteLower says whether the lower triangle has numbers only.
func finiteLower[T Field](a []T, n int) bool {
	for i := range n {
		if !finite(a[i*n : i*n+i+1]) {
			return false
		}
	}
	return true
}

// columnNegative says whether the entry of largest magnitude of column j, the first of equals, is negative.
func columnNegative(a []float64, rows, cols, j int) bool {
	largest := 0.0
	for i := range rows {
		if v := a[i*cols+j]; math.Abs(v) > math.Abs(largest) {
			largest = v
		}
	}
	return largest < 0
}

func negateColumn(a []float64, rows, cols, j int) {
	for i := range rows {
		a[i*cols+j] = -a[i*cols+j]
	}
}

// SVD writes the thin singular value decomposition A = U·diag(s)·Vᵀ with k = min(m, n): [m, n] -> [m, k], [k], [k, n].
// Singular values descend. The entry of largest magnitude (the first of equals) of every column of U is positive; the
// rows of Vᵀ follow.
func SVD(u, s, vt, a []float64, batch, m, n int, poll func() error) error {
	k := min(m, n)
	if k == 0 {
		return nil
	}
	copied := make([]float64, m*n)
	var work []float64
	return eachMatrix(batch, poll, func(i int) error {
		u, s, vt := u[i*m*k:][:m*k], s[i*k:][:k], vt[i*k*n:][:k*n]
		copy(copied, a[i*m*n:])
		if !finite(copied) {
			return ErrNoConvergence
		}
		err := converging(func() bool {
			l := gonum.Implementation{}
			if work == nil {
				size := []float64{0}
				l.Dgesvd(lapack.SVDStore, lapack.SVDStore, m, n, copied, n, s, u, k, vt, n, size, -1)
				work = make([]float64, int(size[0]))
			}
			return l.Dgesvd(lapack.SVDStore, lapack.SVDStore, m, n, copied, n, s, u, k, vt, n, work, len(work))
		})
		if err != nil {
			return err
		}
		for j := range k {
			if columnNegative(u, m, k, j) {
				negateColumn(u, m, k, j)
				Neg(vt[j*n:][:n], vt[j*n:][:n])
			}
		}
		return nil
	})
}

// Eig writes the eigenvalues of square matrices, pairs of conjugates with the positive imaginary part first, and, unless
// vectors is nil, their right eigenvectors as columns: [n, n] -> [n] and [n, n]. Eigenvectors have length 1, and their
// entry of largest magnitude (the first of equals) is real and positive.
func Eig(eigenvalues, vectors []complex128, a []float64, batch, n int, poll func() error) error {
	if n == 0 {
		return nil
	}
	copied, re, im := make([]float64, n*n), make([]float64, n), make([]float64, n)
	right, job := make([]float64, n*n), lapack.RightEVJob(lapack.RightEVCompute)
	if vectors == nil {
		job = lapack.RightEVNone
	}
	var work []float64
	return eachMatrix(batch, poll, func(i int) error {
		copy(copied, a[i*n*n:])
		if !finite(copied) {
			return ErrNoConvergence
		}
		err := converging(func() bool {
			l := gonum.Implementation{}
			if work == nil {
				size := []float64{0}
				l.Dgeev(lapack.LeftEVNone, job, n, copied, n, re, im, nil, 1, right, n, size, -1)
				work = make([]float64, int(size[0]))
			}
			return l.Dgeev(lapack.LeftEVNone, job, n, copied, n, re, im, nil, 1, right, n, work, len(work)) == 0
		})
		if err != nil {
			return err
		}
		Complex(eigenvalues[i*n:][:n], re, im)
		if vectors == nil {
			return nil
		}
		v := vectors[i*n*n:][:n*n]
		for j := 0; j < n; j++ {
			if im[j] == 0 {
				for r := range n {
					v[r*n+j] = complex(right[r*n+j], 0)
				}
				normalizeColumn(v, n, j)
				continue
			}
			for r := range n {
				v[r*n+j] = complex(right[r*n+j], right[r*n+j+1])
			}
			normalizeColumn(v, n, j)
			for r := range n {
				v[r*n+j+1] = cmplx.Conj(v[r*n+j])
			}
			j++
		}
		return nil
	})
}

// normalizeColumn turns column j, of length 1, so that its entry of largest magnitude is real and positive.
func normalizeColumn(v []complex128, n, j int) {
	at, largest := 0, 0.0
	for r := range n {
		if m := cmplx.Abs(v[r*n+j]); m > largest {
			at, largest = r, m
		}
	}
	if largest == 0 {
		return
	}
	turn := ComplexDiv(complex(largest, 0), v[at*n+j])
	for r := range n {
		v[r*n+j] = ComplexMul(v[r*n+j], turn)
	}
	v[at*n+j] = complex(largest, 0)
}
