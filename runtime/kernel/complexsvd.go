package kernel

import (
	"math"
	"math/cmplx"
	"slices"

	"github.com/calx-lang/calx/runtime/elementary"
)

// SVDComplex is SVD for complex matrices: Vᴴ instead of Vᵀ, and the leading entries of the columns of U are real and
// positive. It is the one-sided method of Jacobi behind a QR factorisation. A nil u leaves singular values alone, as there.
func SVDComplex(u []complex128, s []float64, vh, a []complex128, batch, m, n int, poll func() error) error {
	k := min(m, n)
	if k == 0 {
		return nil
	}
	long := max(m, n)
	p := newPoller(poll)
	factors := newReflections[complex128](long, k, &p)
	defer factors.release()
	work := factors.a.data
	q, r := make([]complex128, long*k), make([]complex128, k*k)
	var left, inOrder []complex128
	if u != nil {
		left, inOrder = make([]complex128, k*k), make([]complex128, k*k)
	}
	norms := make([]float64, k)
	return eachMatrix(batch, poll, func(i int) error {
		s, a := s[i*k:][:k], a[i*m*n:][:m*n]
		if m >= n {
			if err := copyInPieces(work, a, poll); err != nil {
				return err
			}
		} else if err := adjointOf(work, a, m, n, &p); err != nil {
			return err
		}
		if !finite(work) {
			return ErrNoConvergence
		}
		exponent, err := scaleToOne(work, k, &p)
		if err != nil {
			return err
		}
		if err := factors.qr(q, r); err != nil {
			return err
		}
		// r = leftᴴ·diag(norms)·rows, with the rows in the place of r.
		if err := orthogonalRows(r, left, k, &p); err != nil {
			return err
		}
		order, err := unitRows(r, norms, k, &p)
		if err != nil {
			return err
		}
		for to, from := range order {
			s[to] = math.Ldexp(norms[from], exponent)
		}
		if u == nil {
			return nil
		}
		u, vh := u[i*m*k:][:m*k], vh[i*k*n:][:k*n]
		for to, from := range order {
			for j := range k {
				inOrder[j*k+to] = cmplx.Conj(left[from*k+j])
			}
			if m >= n {
				copy(vh[to*k:][:k], r[from*k:])
			} else {
				for j := range k {
					u[j*k+to] = cmplx.Conj(r[from*k+j])
				}
			}
			if err := p.spend(16 * k); err != nil {
				return err
			}
		}
		// q·leftᴴ is the other factor: U, or V of the adjoint.
		if m >= n {
			err = MatMul(u, q, inOrder, 1, long, k, k, poll)
		} else if err = MatMul(work, q, inOrder, 1, long, k, k, poll); err == nil {
			err = adjointOf(vh, work, long, k, &p)
		}
		if err != nil {
			return err
		}
		for j := range k {
			turn := turnColumn(u, m, k, j)
			for c := range n {
				vh[j*n+c] = elementary.MulComplex(vh[j*n+c], cmplx.Conj(turn))
			}
			if err := p.spend(32*m + 8*n); err != nil {
				return err
			}
		}
		return nil
	})
}

// adjointOf writes the conjugate transpose, [m, n] -> [n, m].
func adjointOf(dst, src []complex128, m, n int, p *poller) error {
	for i := range m {
		for j := range n {
			dst[j*m+i] = cmplx.Conj(src[i*n+j])
		}
		if err := p.spend(8 * n); err != nil {
			return err
		}
	}
	return nil
}

// Rows shorter than negligible times the longest are taken for zero.
const negligible = 0x1p-400

// orthogonalRows rotates pairs of rows of b until they are all orthogonal, and makes left, unless it is nil, the product of
// the rotations.
func orthogonalRows(b, left []complex128, n int, p *poller) error {
	if left != nil {
		clear(left)
		for i := range n {
			left[i*n+i] = 1
		}
	}
	tolerance := 0x1p-52 * max(2, math.Sqrt(float64(n)))
	for range jacobiSweeps {
		rotated := false
		for i := range n {
			for j := i + 1; j < n; j++ {
				x, y := b[i*n:][:n], b[j*n:][:n]
				c, s, phase, needed := rowRotation(x, y, tolerance)
				if needed {
					rotated = true
					rotateRows(x, y, c, s, phase)
					if left != nil {
						rotateRows(left[i*n:][:n], left[j*n:][:n], c, s, phase)
					}
				}
				if err := p.spend(24 * n); err != nil {
					return err
				}
			}
		}
		if !rotated {
			return nil
		}
	}
	return ErrNoConvergence
}

// rowRotation is the rotation that makes x and phase·y orthogonal, and whether they are not so far.
func rowRotation(x, y []complex128, tolerance float64) (c, s float64, phase complex128, needed bool) {
	var alpha, beta float64
	var gamma complex128
	for i, v := range x {
		w := y[i]
		alpha += float64(real(v)*real(v)) + float64(imag(v)*imag(v))
		beta += float64(real(w)*real(w)) + float64(imag(w)*imag(w))
		gamma += elementary.MulComplex(v, cmplx.Conj(w))
	}
	g := cmplx.Abs(gamma)
	if alpha < negligible*negligible || beta < negligible*negligible || g <= tolerance*math.Sqrt(alpha)*math.Sqrt(beta) {
		return 0, 0, 0, false
	}
	zeta := (beta - alpha) / (2 * g)
	t := math.Copysign(1/(math.Abs(zeta)+math.Hypot(1, zeta)), zeta)
	c = 1 / math.Hypot(1, t)
	return c, t * c, complex(real(gamma)/g, imag(gamma)/g), true
}

func rotateRows(x, y []complex128, c, s float64, phase complex128) {
	for i, v := range x {
		x[i], y[i] = turn(v, elementary.MulComplex(y[i], phase), c, s)
	}
}

// unitRows divides orthogonal rows by their norms and gives the order in which those descend. Rows that are zero become
// any that complete the basis.
func unitRows(b []complex128, norms []float64, n int, p *poller) (order []int, err error) {
	for i := range n {
		norms[i] = normOf(b[i*n:][:n])
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case norms[x] > norms[y]:
			return -1
		case norms[x] < norms[y]:
			return 1
		}
		return 0
	})
	for k, i := range order {
		row := b[i*n:][:n]
		if norms[i] > negligible {
			for j, v := range row {
				row[j] = complex(real(v)/norms[i], imag(v)/norms[i])
			}
			continue
		}
		clear(row)
		row[leastCovered(b, order[:k], n)] = 1
		for range 2 {
			for _, other := range order[:k] {
				takeOff(row, b[other*n:][:n])
				if err := p.spend(16 * n); err != nil {
					return nil, err
				}
			}
		}
		norm := normOf(row)
		for j, v := range row {
			row[j] = complex(real(v)/norm, imag(v)/norm)
		}
	}
	return order, nil
}

func normOf(x []complex128) float64 {
	norm := 0.0
	for _, v := range x {
		norm = math.Hypot(norm, cmplx.Abs(v))
	}
	return norm
}

// leastCovered is the unit vector farthest from the span of these rows.
func leastCovered(b []complex128, rows []int, n int) int {
	best, least := 0, math.Inf(1)
	for j := range n {
		covered := 0.0
		for _, i := range rows {
			z := b[i*n+j]
			covered += float64(real(z)*real(z)) + float64(imag(z)*imag(z))
		}
		if covered < least {
			best, least = j, covered
		}
	}
	return best
}

// takeOff makes x orthogonal to the unit vector y.
func takeOff(x, y []complex128) {
	var along complex128
	for i, v := range x {
		along += elementary.MulComplex(v, cmplx.Conj(y[i]))
	}
	for i, v := range y {
		x[i] -= elementary.MulComplex(along, v)
	}
}
