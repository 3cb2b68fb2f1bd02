package kernel

import (
	"math"

	"gonum.org/v1/gonum/lapack/gonum"
)

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
