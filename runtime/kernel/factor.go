package kernel

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack/gonum"
)

// blockedFactor is the size from which real matrices are factored by gonum's blocked code.
const blockedFactor = 64

// Cholesky writes the lower triangular L with L·Lᴴ = A, [n, n] -> [n, n]; only the lower triangle of A is read. dst may be
// src. ErrNotPositiveDefinite also where A has a NaN.
func Cholesky[T Field](dst, src []T, batch, n int, poll func() error) error {
	return eachMatrix(batch, poll, func(i int) error {
		a := dst[i*n*n:][:n*n]
		copy(a, src[i*n*n:])
		for r := range n {
			clear(a[r*n+r+1 : (r+1)*n])
		}
		if d, ok := any(a).([]float64); ok && n >= blockedFactor {
			if !(gonum.Implementation{}).Dpotrf(blas.Lower, n, d, n) {
				return ErrNotPositiveDefinite
			}
			return nil
		}
		p := newPoller(poll)
		return cholesky(a, n, &p)
	})
}

func cholesky[T Field](a []T, n int, p *poller) error {
	conjugated := make([]T, n)
	for i := range n {
		row := a[i*n:][:n]
		for j := range i + 1 {
			other := a[j*n:][:j]
			for k, v := range other {
				conjugated[k] = conjugate(v)
			}
			s, err := dot(row[:j], conjugated[:j], j, 1, 1, p)
			if err != nil {
				return err
			}
			if j < i {
				row[j] = divNumber(row[j]-s, a[j*n+j])
				continue
			}
			d := realPart(row[i]) - realPart(s)
			if !(d > 0) {
				return ErrNotPositiveDefinite
			}
			row[i] = fromReal[T](math.Sqrt(d))
		}
	}
	return nil
}

// LU writes the factors of row-permuted matrices, [m, n] -> [m, n] and [m]: L below the diagonal (its own is 1) and U on
// and above it, with A[perm[i], :] = (L·U)[i, :]. Pivots are the largest of their column. dst may be src. A singular
// matrix has a zero on the diagonal of U.
func LU[T Field](dst []T, perm []int64, src []T, batch, m, n int, poll func() error) error {
	return eachMatrix(batch, poll, func(i int) error {
		a := dst[i*m*n:][:m*n]
		copy(a, src[i*m*n:])
		p := newPoller(poll)
		return lu(a, perm[i*m:][:m], m, n, &p)
	})
}

func lu[T Field](a []T, perm []int64, m, n int, p *poller) error {
	for i := range perm {
		perm[i] = int64(i)
	}
	if d, ok := any(a).([]float64); ok && min(m, n) >= blockedFactor {
		swaps := make([]int, min(m, n))
		gonum.Implementation{}.Dgetrf(m, n, d, n, swaps)
		for i, j := range swaps {
			perm[i], perm[j] = perm[j], perm[i]
		}
		return nil
	}
	for k := range min(m, n) {
		pivot, largest := k, magnitude(a[k*n+k])
		for i := k + 1; i < m; i++ {
			if v := magnitude(a[i*n+k]); v > largest || v != v && largest == largest {
				pivot, largest = i, v
			}
		}
		if pivot != k {
			perm[k], perm[pivot] = perm[pivot], perm[k]
			for j := range n {
				a[k*n+j], a[pivot*n+j] = a[pivot*n+j], a[k*n+j]
			}
		}
		if largest == 0 {
			continue
		}
		top := a[k*n:][:n]
		for i := k + 1; i < m; i++ {
			row := a[i*n:][:n]
			row[k] = divNumber(row[k], top[k])
			addScaled(row[k+1:], top[k+1:], -row[k])
		}
		if err := p.spend((m - k) * ((n-k)/2 + 8)); err != nil {
			return err
		}
	}
	return nil
}

// PermutationSign is 1 for an even permutation, -1 for an odd one.
func PermutationSign(perm []int64) float64 {
	sign := 1.0
	seen := make([]bool, len(perm))
	for i := range perm {
		for j := perm[i]; !seen[i] && int(j) != i; j = perm[j] {
			seen[j] = true
			sign = -sign
		}
		seen[i] = true
	}
	return sign
}

// Solve writes X with A·X = B, [n, n] [n, m] -> [n, m]. ErrSingular if a pivot is exactly zero. It copies A. x may be b.
func Solve[T Field](x, a, b []T, batch, n, m int, poll func() error) error {
	factors, perm := make([]T, n*n), make([]int64, n)
	right := make([]T, n*m)
	return eachMatrix(batch, poll, func(i int) error {
		p := newPoller(poll)
		copy(factors, a[i*n*n:][:n*n])
		if err := lu(factors, perm, n, n, &p); err != nil {
			return err
		}
		for r, from := range perm {
			copy(right[r*m:][:m], b[i*n*m+int(from)*m:])
		}
		if err := trSolve(factors, right, n, m, true, true, Plain, &p); err != nil {
			return err
		}
		if err := trSolve(factors, right, n, m, false, false, Plain, &p); err != nil {
			return err
		}
		copy(x[i*n*m:], right)
		return nil
	})
}

// QR writes the reduced factors of A = Q·R with k = min(m, n): [m, n] -> [m, k] and [k, n]. The diagonal of R is not
// negative. A matrix with a NaN or an infinity has factors of NaN.
func QR(q, r, a []float64, batch, m, n int, poll func() error) error {
	k := min(m, n)
	if k == 0 {
		return nil
	}
	detached := detaches(4*cube(m, n, k), poll)
	work := make([]float64, max(m, n)*32)
	tau := make([]float64, k)
	full := make([]float64, m*n)
	return eachMatrix(batch, poll, func(i int) error {
		q, r := q[i*m*k:][:m*k], r[i*k*n:][:k*n]
		ownQ, ownR := roomFor(q, detached), roomFor(r, detached)
		copy(full, a[i*m*n:])
		err := compute(detached, poll, func() error {
			qr(ownQ, ownR, full, m, n, tau, work)
			return nil
		})
		if err == nil {
			copy(q, ownQ)
			copy(r, ownR)
		}
		return err
	})
}

// qr factors full, which it destroys.
func qr(q, r, full []float64, m, n int, tau, work []float64) {
	k := min(m, n)
	clear(r)
	if !finite(full) {
		Fill(q, math.NaN())
		for row := range k {
			Fill(r[row*n+row:(row+1)*n], math.NaN())
		}
		return
	}
	lapack := gonum.Implementation{}
	lapack.Dgeqrf(m, n, full, n, tau, work, len(work))
	for row := range k {
		copy(r[row*n+row:(row+1)*n], full[row*n+row:])
	}
	for row := range m {
		copy(q[row*k:][:k], full[row*n:])
	}
	lapack.Dorgqr(m, k, k, q, k, tau, work, len(work))
	for row := range k {
		if !math.Signbit(r[row*n+row]) {
			continue
		}
		Neg(r[row*n+row:(row+1)*n], r[row*n+row:(row+1)*n])
		for j := row; j < m*k; j += k {
			q[j] = -q[j]
		}
	}
}
