package kernel

import (
	"math/cmplx"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/gonum"
)

// Iterations of eigenvalues and singular values are not begun for a matrix with a NaN or an infinity: that is
// ErrNoConvergence.

// Eigh writes the eigenvalues of symmetric matrices in ascending order and, unless vectors is nil, their eigenvectors as
// columns, [n, n] -> [n] and [n, n]; only the lower triangle of A is read. Eigenvectors have length 1, and their leading
// entries are positive. vectors may be a.
func Eigh(eigenvalues, vectors, a []float64, batch, n int, poll func() error) error {
	if n == 0 {
		return nil
	}
	detached := detaches(9*cube(n, n, n), poll)
	var copied []float64
	if vectors == nil {
		copied = make([]float64, n*n)
	}
	return eachMatrix(batch, poll, func(i int) error {
		w := eigenvalues[i*n:][:n]
		ownW, ownV, v := roomFor(w, detached), copied, []float64(nil)
		if vectors != nil {
			v = vectors[i*n*n:][:n*n]
			ownV = roomFor(v, detached)
		}
		if err := copyInPieces(ownV, a[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		err := compute(detached, poll, func() error { return eigh(ownW, ownV, n, vectors != nil) })
		err = publish(err, w, ownW, poll)
		return publish(err, v, ownV, poll)
	})
}

// eigh finds the eigenvalues of a symmetric matrix, which it destroys, or replaces by its eigenvectors.
func eigh(w, v []float64, n int, vectors bool) error {
	if !finiteLower(v, n) {
		return ErrNoConvergence
	}
	job := lapack.EVNone
	if vectors {
		job = lapack.EVCompute
	}
	work := make([]float64, 34*n)
	if !(gonum.Implementation{}).Dsyev(job, blas.Lower, n, v, n, w, work, len(work)) {
		return ErrNoConvergence
	}
	if !vectors {
		return nil
	}
	for j := range n {
		if v[leadingRow(v, n, n, j)*n+j] < 0 {
			negateColumn(v, n, n, j)
		}
	}
	return nil
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

// SVD writes the thin singular value decomposition A = U·diag(s)·Vᵀ with k = min(m, n): [m, n] -> [m, k], [k], [k, n].
// Singular values descend. The leading entry of every column of U is positive; the rows of Vᵀ follow. With a nil u, and
// then vt, the singular values are found alone, which takes a small part of the time.
func SVD(u, s, vt, a []float64, batch, m, n int, poll func() error) error {
	k := min(m, n)
	if k == 0 {
		return nil
	}
	detached := detaches(20*cube(m, n, k), poll)
	copied := make([]float64, m*n)
	var work []float64
	return eachMatrix(batch, poll, func(i int) error {
		var left, right, ownLeft, ownRight []float64
		if u != nil {
			left, right = u[i*m*k:][:m*k], vt[i*k*n:][:k*n]
			ownLeft, ownRight = roomFor(left, detached), roomFor(right, detached)
		}
		s := s[i*k:][:k]
		ownS := roomFor(s, detached)
		if err := copyInPieces(copied, a[i*m*n:][:m*n], poll); err != nil {
			return err
		}
		err := compute(detached, poll, func() (err error) {
			work, err = svd(ownLeft, ownS, ownRight, copied, m, n, work)
			return err
		})
		err = publish(err, left, ownLeft, poll)
		err = publish(err, s, ownS, poll)
		return publish(err, right, ownRight, poll)
	})
}

// svd decomposes a, which it destroys. It returns its workspace, for the next one.
func svd(u, s, vt, a []float64, m, n int, work []float64) ([]float64, error) {
	if !finite(a) {
		return work, ErrNoConvergence
	}
	job, k, strideU, strideV := lapack.SVDNone, min(m, n), 1, 1
	if u != nil {
		job, strideU, strideV = lapack.SVDStore, k, n
	}
	decompose := func(work []float64, size int) bool {
		return gonum.Implementation{}.Dgesvd(job, job, m, n, a, n, s, u, strideU, vt, strideV, work, size)
	}
	if work == nil {
		size := []float64{0}
		decompose(size, -1)
		work = make([]float64, int(size[0]))
	}
	if !decompose(work, len(work)) {
		return work, ErrNoConvergence
	}
	if u == nil {
		return work, nil
	}
	for j := range k {
		if u[leadingRow(u, m, k, j)*k+j] < 0 {
			negateColumn(u, m, k, j)
			Neg(vt[j*n:][:n], vt[j*n:][:n])
		}
	}
	return work, nil
}

// Eig writes the eigenvalues of square matrices, pairs of conjugates with the positive imaginary part first, and, unless
// vectors is nil, their right eigenvectors as columns: [n, n] -> [n] and [n, n]. Eigenvectors have length 1, and their
// leading entries are real and positive.
func Eig(eigenvalues, vectors []complex128, a []float64, batch, n int, poll func() error) error {
	if n == 0 {
		return nil
	}
	detached := detaches(25*cube(n, n, n), poll)
	g := generalEigen{n: n, a: make([]float64, n*n), re: make([]float64, n), im: make([]float64, n)}
	if vectors != nil {
		g.right = make([]float64, n*n)
	}
	return eachMatrix(batch, poll, func(i int) error {
		if err := copyInPieces(g.a, a[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		var v, ownV []complex128
		if vectors != nil {
			v = vectors[i*n*n:][:n*n]
			ownV = roomFor(v, detached)
		}
		err := compute(detached, poll, func() error { return g.run(ownV) })
		if err == nil {
			Complex(eigenvalues[i*n:][:n], g.re, g.im)
		}
		return publish(err, v, ownV, poll)
	})
}

// generalEigen is what the computation of the eigenvalues of a matrix works on.
type generalEigen struct {
	n      int
	a      []float64 // destroyed
	re, im []float64 // eigenvalues
	right  []float64 // eigenvectors, those of pairs as real and imaginary part; nil if they are not wanted
	work   []float64
}

// run finds the eigenvalues, and the eigenvectors unless v is nil.
func (g *generalEigen) run(v []complex128) error {
	if !finite(g.a) {
		return ErrNoConvergence
	}
	n, job := g.n, lapack.RightEVJob(lapack.RightEVCompute)
	if v == nil {
		job = lapack.RightEVNone
	}
	iterate := func(work []float64, size int) int {
		return gonum.Implementation{}.Dgeev(lapack.LeftEVNone, job, n, g.a, n, g.re, g.im, nil, 1, g.right, n, work, size)
	}
	if g.work == nil {
		size := []float64{0}
		iterate(size, -1)
		g.work = make([]float64, int(size[0]))
	}
	if iterate(g.work, len(g.work)) != 0 {
		return ErrNoConvergence
	}
	if v == nil {
		return nil
	}
	for j := 0; j < n; j++ {
		if g.im[j] == 0 {
			for r := range n {
				v[r*n+j] = complex(g.right[r*n+j], 0)
			}
			turnColumn(v, n, n, j)
			continue
		}
		for r := range n {
			v[r*n+j] = complex(g.right[r*n+j], g.right[r*n+j+1])
		}
		turnColumn(v, n, n, j)
		for r := range n {
			v[r*n+j+1] = cmplx.Conj(v[r*n+j])
		}
		j++
	}
	return nil
}
