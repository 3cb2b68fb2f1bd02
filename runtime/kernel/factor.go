package kernel

import (
	"math"

	"gonum.org/v1/gonum/lapack/gonum"
)

// factorBlock is how many columns are factored before their product is taken off the rest of the matrix at once.
const factorBlock = 64

// Cholesky writes the lower triangular L with L·Lᴴ = A, [n, n] -> [n, n]; only the lower triangle of A is read. dst may be
// src. ErrNotPositiveDefinite also where A has a NaN.
func Cholesky[T Field](dst, src []T, batch, n int, poll func() error) error {
	return eachMatrix(batch, poll, func(i int) error {
		a := dst[i*n*n:][:n*n]
		if err := copyInPieces(a, src[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		for r := range n {
			clear(a[r*n+r+1 : (r+1)*n])
		}
		p := newPoller(poll)
		for from := 0; from < n; from += factorBlock {
			to := min(from+factorBlock, n)
			if err := choleskyColumns(a, n, from, to, &p); err != nil {
				return err
			}
			if err := choleskyRest(a, n, from, to, poll); err != nil {
				return err
			}
		}
		return nil
	})
}

// choleskyColumns finds columns from … to of L; the products of those before have been taken off.
func choleskyColumns[T Field](a []T, n, from, to int, p *poller) error {
	width := to - from
	conjugated := make([]T, width*width) // rows from … to, as far as they are known
	for i := from; i < n; i++ {
		row := a[i*n:][:n]
		for j := from; j < min(i+1, to); j++ {
			s, err := dot(row[from:j], conjugated[(j-from)*width:], j-from, 1, 1, p)
			if err != nil {
				return err
			}
			if j < i {
				row[j] = divNumber(row[j]-s, a[j*n+j])
				if i < to {
					conjugated[(i-from)*width+j-from] = conjugate(row[j])
				}
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

// choleskyRest takes the products of columns from … to of L off the columns behind them.
func choleskyRest[T Field](a []T, n, from, to int, poll func() error) error {
	if to == n {
		return nil
	}
	width := to - from
	below, conjugated := make([]T, (n-to)*width), make([]T, (n-to)*width)
	for i := to; i < n; i++ {
		for k, v := range a[i*n+from : i*n+to] {
			below[(i-to)*width+k], conjugated[(i-to)*width+k] = v, conjugate(v)
		}
	}
	rowsByRows := Contraction{"ik", "jk", "ij"}
	products := make([]T, min(maxBlock, n-to)*(n-to))
	for r := to; r < n; r += maxBlock {
		rows, cols := min(maxBlock, n-r), min(r+maxBlock, n)-to
		left := below[(r-to)*width:][:rows*width]
		if err := Contract(products, left, conjugated, rowsByRows, 0, []int{rows, width}, []int{cols, width}, poll); err != nil {
			return err
		}
		for i := range rows {
			row := a[(r+i)*n+to : (r+i)*n+r+i+1]
			Sub(row, row, products[i*cols:][:len(row)])
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
		if err := copyInPieces(a, src[i*m*n:][:m*n], poll); err != nil {
			return err
		}
		return lu(a, perm[i*m:][:m], m, n, poll)
	})
}

func lu[T Field](a []T, perm []int64, m, n int, poll func() error) error {
	for i := range perm {
		perm[i] = int64(i)
	}
	p := newPoller(poll)
	for from := 0; from < min(m, n); from += factorBlock {
		to := min(from+factorBlock, m, n)
		if err := luColumns(a, perm, m, n, from, to, &p); err != nil {
			return err
		}
		if err := luRest(a, m, n, from, to, &p); err != nil {
			return err
		}
	}
	return nil
}

// luColumns eliminates below the diagonal elements from … to. It changes these columns alone, but for rows that change
// places.
func luColumns[T Field](a []T, perm []int64, m, n, from, to int, p *poller) error {
	for k := from; k < to; k++ {
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
		top := a[k*n:][:to]
		for i := k + 1; i < m; i++ {
			row := a[i*n:][:to]
			row[k] = divNumber(row[k], top[k])
			addScaled(row[k+1:], top[k+1:], -row[k])
		}
		if err := p.spend((m-k)*((to-k)/2+8) + n); err != nil {
			return err
		}
	}
	return nil
}

// luRest does for the columns from to on what luColumns has done for those before.
func luRest[T Field](a []T, m, n, from, to int, p *poller) error {
	width, cols := to-from, n-to
	if cols == 0 {
		return nil
	}
	right := make([]T, width*cols)
	for k := range width {
		row := a[(from+k)*n+to:][:cols]
		for j := range k {
			addScaled(row, right[j*cols:][:cols], -a[(from+k)*n+from+j])
		}
		copy(right[k*cols:], row)
		if err := p.spend(k*cols + 8); err != nil {
			return err
		}
	}
	left, products := make([]T, min(maxBlock, m-to)*width), make([]T, min(maxBlock, m-to)*cols)
	for r := to; r < m; r += maxBlock {
		rows := min(maxBlock, m-r)
		for i := range rows {
			copy(left[i*width:][:width], a[(r+i)*n+from:])
		}
		if err := MatMul(products, left[:rows*width], right, 1, rows, width, cols, p.poll); err != nil {
			return err
		}
		for i := range rows {
			row := a[(r+i)*n+to:][:cols]
			Sub(row, row, products[i*cols:][:cols])
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
		if err := copyInPieces(factors, a[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		if err := lu(factors, perm, n, n, poll); err != nil {
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
		if err := copyInPieces(full, a[i*m*n:][:m*n], poll); err != nil {
			return err
		}
		err := compute(detached, poll, func() error {
			qr(ownQ, ownR, full, m, n, tau, work)
			return nil
		})
		err = publish(err, q, ownQ, poll)
		return publish(err, r, ownR, poll)
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
