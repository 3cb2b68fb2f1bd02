package kernel

import (
	"math"
	"math/cmplx"

	"github.com/calx-lang/calx/runtime/elementary"
)

// EigComplex is Eig for complex matrices, with the eigenvalues in no order. It is the QR algorithm with single shifts.
func EigComplex(eigenvalues, vectors, a []complex128, batch, n int, poll func() error) error {
	if n == 0 {
		return nil
	}
	t := make([]complex128, n*n)
	var q []complex128
	if vectors != nil {
		q = make([]complex128, n*n)
	}
	return eachMatrix(batch, poll, func(i int) error {
		p := newPoller(poll)
		if err := copyInPieces(t, a[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		if !finite(t) {
			return ErrNoConvergence
		}
		exponent, err := scaleToOne(t, n, &p)
		if err != nil {
			return err
		}
		if err := hessenberg(t, q, n, &p); err != nil {
			return err
		}
		if err := schur(t, q, n, &p); err != nil {
			return err
		}
		for j := range n {
			eigenvalues[i*n+j] = timesPower(t[j*n+j], exponent)
		}
		if vectors == nil {
			return nil
		}
		return triangularVectors(vectors[i*n*n:][:n*n], t, q, n, poll, &p)
	})
}

// hessenberg makes a zero below the diagonal under the main one by a unitary similarity, A = Q·H·Qᴴ. Without q it is not
// kept.
func hessenberg(a, q []complex128, n int, p *poller) error {
	for i := range q {
		q[i] = 0
		if i%(n+1) == 0 {
			q[i] = 1
		}
	}
	sums := make([]complex128, n)
	for j := range n - 2 {
		h := mirrorOf(a, n, n, j+1, j)
		if err := h.left(a, n, j+1, j+1, n, true, sums, p); err != nil {
			return err
		}
		if err := h.right(a, n, j+1, p); err != nil {
			return err
		}
		if err := h.right(q, n, j+1, p); err != nil {
			return err
		}
		a[(j+1)*n+j] = complex(h.image, 0)
		for i := j + 2; i < n; i++ {
			a[i*n+j] = 0
		}
	}
	return nil
}

// schurSteps is how many steps an eigenvalue may take: mostly it is about three.
const schurSteps = 60

// schur makes a Hessenberg matrix upper triangular by unitary similarities, which it applies to q too.
func schur(h, q []complex128, n int, p *poller) error {
	size := 0.0
	for _, v := range h {
		size = math.Hypot(size, cmplx.Abs(v))
	}
	steps := 0
	for last := n - 1; last > 0; {
		first := last
		for ; first > 0; first-- {
			near := cmplx.Abs(h[(first-1)*n+first-1]) + cmplx.Abs(h[first*n+first])
			if near == 0 {
				near = size
			}
			if cmplx.Abs(h[first*n+first-1]) <= 0x1p-53*near {
				h[first*n+first-1] = 0
				break
			}
		}
		if first == last {
			last--
			steps = 0
			continue
		}
		if steps++; steps > schurSteps {
			return ErrNoConvergence
		}
		shift := wilkinsonShift(h, n, last)
		if steps%10 == 0 { // out of a cycle
			shift = complex(cmplx.Abs(h[last*n+last-1])+cmplx.Abs(h[first*n+first]), 0)
		}
		if err := schurStep(h, q, n, first, last, shift, p); err != nil {
			return err
		}
	}
	return nil
}

// wilkinsonShift is the eigenvalue of the 2 x 2 block that ends at row last which is nearer to its last element.
func wilkinsonShift(h []complex128, n, last int) complex128 {
	a, b := h[(last-1)*n+last-1], h[(last-1)*n+last]
	c, d := h[last*n+last-1], h[last*n+last]
	half := (a - d) / 2
	product := elementary.MulComplex(b, c)
	if product == 0 {
		return d
	}
	root := cmplx.Sqrt(elementary.MulComplex(half, half) + product)
	if cmplx.Abs(half-root) > cmplx.Abs(half+root) {
		root = -root
	}
	return d - elementary.DivComplex(product, half+root)
}

// schurStep is H - s = Q·R, H = R·Q + s, on the block first … last.
func schurStep(h, q []complex128, n, first, last int, shift complex128, p *poller) error {
	for i := first; i <= last; i++ {
		h[i*n+i] -= shift
	}
	rotations := make([]planeRotation, last-first)
	for i := first; i < last; i++ {
		g := rotationOf(h[i*n+i], h[(i+1)*n+i])
		rotations[i-first] = g
		x, y := h[i*n+i:(i+1)*n], h[(i+1)*n+i:(i+2)*n]
		for j, v := range x {
			w := y[j]
			x[j] = g.times(v) + elementary.MulComplex(g.s, w)
			y[j] = g.times(w) - elementary.MulComplex(cmplx.Conj(g.s), v)
		}
		h[(i+1)*n+i] = 0
		if err := p.spend(8*len(x) + 8); err != nil {
			return err
		}
	}
	for i := first; i < last; i++ {
		rotations[i-first].columns(h[:(i+2)*n], n, i)
		rotations[i-first].columns(q, n, i)
		if err := p.spend(16 * n); err != nil {
			return err
		}
	}
	for i := first; i <= last; i++ {
		h[i*n+i] += shift
	}
	return nil
}

// A planeRotation is [c, s; -s̄, c] with |c|² + |s|² = 1.
type planeRotation struct {
	c float64
	s complex128
}

// rotationOf takes (f, g) to a vector whose second element is 0.
func rotationOf(f, g complex128) planeRotation {
	size, other := cmplx.Abs(f), cmplx.Abs(g)
	switch {
	case other == 0:
		return planeRotation{1, 0}
	case size == 0:
		return planeRotation{0, complex(real(g)/other, -imag(g)/other)}
	}
	r := math.Hypot(size, other)
	along := complex(real(f)/size, imag(f)/size)
	return planeRotation{size / r, elementary.MulComplex(along, complex(real(g)/r, -imag(g)/r))}
}

func (g planeRotation) times(z complex128) complex128 {
	return complex(float64(g.c*real(z)), float64(g.c*imag(z)))
}

// columns multiplies columns i and i+1 of a, which has n, by the adjoint of the rotation.
func (g planeRotation) columns(a []complex128, n, i int) {
	back := cmplx.Conj(g.s)
	for at := i; at < len(a); at += n {
		v, w := a[at], a[at+1]
		a[at] = g.times(v) + elementary.MulComplex(back, w)
		a[at+1] = g.times(w) - elementary.MulComplex(g.s, v)
	}
}

// triangularVectors writes the eigenvectors of Q·T·Qᴴ for an upper triangular T.
func triangularVectors(vectors, t, q []complex128, n int, poll func() error, p *poller) error {
	size := 0.0
	for _, v := range t {
		size = max(size, cmplx.Abs(v))
	}
	smallest := max(size*0x1p-53, 0x1p-1000) // distance of eigenvalues that are taken for different
	x := make([]complex128, n*n)
	for k := range n {
		x[k*n+k] = 1
		for i := k - 1; i >= 0; i-- {
			var sum complex128
			for j := i + 1; j <= k; j++ {
				sum += elementary.MulComplex(t[i*n+j], x[j*n+k])
			}
			gap := t[i*n+i] - t[k*n+k]
			if cmplx.Abs(gap) < smallest {
				gap = complex(smallest, 0)
			}
			x[i*n+k] = -elementary.DivComplex(sum, gap)
			if largest := cmplx.Abs(x[i*n+k]); largest > 0x1p300 {
				for j := i; j <= k; j++ {
					x[j*n+k] = timesPower(x[j*n+k], -300)
				}
			}
			if err := p.spend(8*(k-i) + 16); err != nil {
				return err
			}
		}
		norm := 0.0
		for j := range k + 1 {
			norm = math.Hypot(norm, cmplx.Abs(x[j*n+k]))
		}
		for j := range k + 1 {
			x[j*n+k] = complex(real(x[j*n+k])/norm, imag(x[j*n+k])/norm)
		}
	}
	if err := MatMul(vectors, q, x, 1, n, n, n, poll); err != nil {
		return err
	}
	for j := range n {
		turnColumn(vectors, n, n, j)
		if err := p.spend(32 * n); err != nil {
			return err
		}
	}
	return nil
}
