package kernel

import (
	"math"
	"math/cmplx"
	"sort"

	"github.com/calx-lang/calx/runtime/elementary"
)

// jacobiSweeps is far more than any matrix needs: convergence is quadratic.
const jacobiSweeps = 60

// EighComplex is Eigh for Hermitian matrices; the leading entries of eigenvectors are real and positive. Imaginary parts
// on the diagonal are ignored. vectors may be a, and nil, as there.
func EighComplex(eigenvalues []float64, vectors, a []complex128, batch, n int, poll func() error) error {
	h := make([]complex128, n*n)
	var v []complex128
	if vectors != nil {
		v = make([]complex128, n*n)
	}
	return eachMatrix(batch, poll, func(i int) error {
		p := newPoller(poll)
		if err := copyInPieces(h, a[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		if !finiteLower(h, n) {
			return ErrNoConvergence
		}
		scale, err := hermitianFromLower(h, n, &p)
		if err != nil {
			return err
		}
		if vectors != nil {
			clear(v)
			for r := range n {
				v[r*n+r] = 1
			}
		}
		if err := jacobi(h, v, n, &p); err != nil {
			return err
		}
		order := make([]int, n)
		for j := range order {
			order[j] = j
		}
		sort.SliceStable(order, func(x, y int) bool { return real(h[order[x]*n+order[x]]) < real(h[order[y]*n+order[y]]) })
		for j, from := range order {
			eigenvalues[i*n+j] = real(h[from*n+from]) * scale
		}
		if vectors == nil {
			return nil
		}
		out := vectors[i*n*n:][:n*n]
		for j, from := range order {
			for r := range n {
				out[r*n+j] = v[r*n+from]
			}
			turnColumn(out, n, n, j)
			if err := p.spend(64 * n); err != nil {
				return err
			}
		}
		return nil
	})
}

// hermitianFromLower fills the upper triangle from the lower, divides all by a power of two about the largest magnitude,
// and returns that.
func hermitianFromLower(h []complex128, n int, p *poller) (float64, error) {
	largest := 0.0
	for i := range n {
		h[i*n+i] = complex(real(h[i*n+i]), 0)
		for j := range i + 1 {
			largest = max(largest, math.Abs(real(h[i*n+j])), math.Abs(imag(h[i*n+j])))
		}
	}
	if largest == 0 {
		return 1, nil
	}
	exponent := math.Ilogb(largest)
	for i := range n {
		for j := range i + 1 {
			z := h[i*n+j]
			z = complex(math.Ldexp(real(z), -exponent), math.Ldexp(imag(z), -exponent))
			h[i*n+j] = z
			h[j*n+i] = cmplx.Conj(z)
		}
		if err := p.spend(32 * i); err != nil {
			return 0, err
		}
	}
	return math.Ldexp(1, exponent), nil
}

// jacobi makes a Hermitian matrix diagonal by plane rotations, each of which removes one element, and applies them to v,
// unless it is nil.
func jacobi(h, v []complex128, n int, p *poller) error {
	norm := 0.0
	for i := range n {
		for _, z := range h[i*n:][:n] {
			norm = math.Hypot(norm, cmplx.Abs(z))
		}
		if err := p.spend(16 * n); err != nil {
			return err
		}
	}
	for range jacobiSweeps {
		rotated := false
		for i := range n {
			for j := i + 1; j < n; j++ {
				g := cmplx.Abs(h[i*n+j])
				if g <= 0x1p-57*norm {
					continue
				}
				rotated = true
				rotate(h, v, n, i, j, g)
				if err := p.spend(32 * n); err != nil {
					return err
				}
			}
			if err := p.spend(8 * n); err != nil {
				return err
			}
		}
		if !rotated {
			return nil
		}
	}
	return ErrNoConvergence
}

// rotate removes element (i, j) of magnitude g.
func rotate(h, v []complex128, n, i, j int, g float64) {
	phase := h[i*n+j] / complex(g, 0)
	tau := (real(h[j*n+j]) - real(h[i*n+i])) / (2 * g)
	t := math.Copysign(1/(math.Abs(tau)+math.Hypot(1, tau)), tau)
	c := 1 / math.Hypot(1, t)
	s := t * c
	back := cmplx.Conj(phase)
	for k := range n {
		x, y := h[k*n+i], elementary.MulComplex(h[k*n+j], back)
		h[k*n+i], h[k*n+j] = turn(x, y, c, s)
	}
	for start := 0; start < len(v); start += n {
		x, y := v[start+i], elementary.MulComplex(v[start+j], back)
		v[start+i], v[start+j] = turn(x, y, c, s)
	}
	for k := range n {
		x, y := h[i*n+k], elementary.MulComplex(h[j*n+k], phase)
		h[i*n+k], h[j*n+k] = turn(x, y, c, s)
	}
	h[i*n+j], h[j*n+i] = 0, 0
	h[i*n+i], h[j*n+j] = complex(real(h[i*n+i]), 0), complex(real(h[j*n+j]), 0)
}

// turn is (c·x - s·y, s·x + c·y).
func turn(x, y complex128, c, s float64) (p, q complex128) {
	p = complex(float64(c*real(x))-float64(s*real(y)), float64(c*imag(x))-float64(s*imag(y)))
	q = complex(float64(s*real(x))+float64(c*real(y)), float64(s*imag(x))+float64(c*imag(y)))
	return p, q
}
