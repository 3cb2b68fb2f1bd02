package kernel

import (
	"math"
	"math/cmplx"

	"github.com/calx-lang/calx/runtime/elementary"
)

// QRComplex is QR for complex matrices: the diagonal of R is real and not negative.
func QRComplex(q, r, a []complex128, batch, m, n int, poll func() error) error {
	k := min(m, n)
	if k == 0 {
		return nil
	}
	work := make([]complex128, m*n)
	return eachMatrix(batch, poll, func(i int) error {
		p := newPoller(poll)
		if err := copyInPieces(work, a[i*m*n:][:m*n], poll); err != nil {
			return err
		}
		return qrComplex(q[i*m*k:][:m*k], r[i*k*n:][:k*n], work, m, n, &p)
	})
}

// qrComplex factors a, which it destroys.
func qrComplex(q, r, a []complex128, m, n int, p *poller) error {
	k := min(m, n)
	clear(r)
	if !finite(a) {
		Fill(q, cmplx.NaN())
		for row := range k {
			Fill(r[row*n+row:(row+1)*n], cmplx.NaN())
		}
		return nil
	}
	exponent, err := scaleToOne(a, n, p)
	if err != nil {
		return err
	}
	mirrors := make([]mirror, k)
	sums := make([]complex128, max(n, k))
	for j := range k {
		mirrors[j] = mirrorOf(a, m, n, j, j)
		if err := mirrors[j].left(a, n, j, j+1, n, true, sums, p); err != nil {
			return err
		}
	}
	for row := range k {
		for j := row + 1; j < n; j++ {
			r[row*n+j] = timesPower(a[row*n+j], exponent)
		}
		r[row*n+row] = timesPower(complex(mirrors[row].image, 0), exponent)
	}
	clear(q)
	for j := range k {
		q[j*k+j] = 1
	}
	for j := k - 1; j >= 0; j-- {
		if err := mirrors[j].left(q, k, j, j, k, false, sums, p); err != nil {
			return err
		}
	}
	for row := range k {
		if !(mirrors[row].image < 0) {
			continue
		}
		NegComplex(r[row*n+row:(row+1)*n], r[row*n+row:(row+1)*n])
		r[row*n+row] = complex(real(r[row*n+row]), 0)
		for j := row; j < m*k; j += k {
			q[j] = -q[j]
		}
	}
	return nil
}

// A mirror is a Householder matrix I - tau·v·vᴴ. The adjoint of it takes the column it was made for to a real multiple of
// its first unit vector.
type mirror struct {
	v     []complex128 // begins with 1
	tau   complex128
	image float64
}

// mirrorOf is the mirror for column j of a from row i on.
func mirrorOf(a []complex128, m, n, i, j int) mirror {
	h := mirror{v: make([]complex128, m-i)}
	norm := 0.0
	for r := range h.v {
		h.v[r] = a[(i+r)*n+j]
		norm = math.Hypot(norm, cmplx.Abs(h.v[r]))
	}
	first := h.v[0]
	h.v[0] = 1
	if norm == 0 {
		return h
	}
	h.image = -math.Copysign(norm, real(first))
	h.tau = elementary.DivComplex(complex(h.image, 0)-first, complex(h.image, 0))
	for r := 1; r < len(h.v); r++ {
		h.v[r] = elementary.DivComplex(h.v[r], first-complex(h.image, 0))
	}
	return h
}

// left multiplies rows from i on of columns from … to of a, which has n, by the mirror or its adjoint. sums is scratch.
func (h *mirror) left(a []complex128, n, i, from, to int, adjoint bool, sums []complex128, p *poller) error {
	if h.tau == 0 || from >= to {
		return nil
	}
	tau := h.tau
	if adjoint {
		tau = cmplx.Conj(tau)
	}
	sums = sums[:to-from]
	clear(sums)
	for r, v := range h.v {
		addScaled(sums, a[(i+r)*n+from:(i+r)*n+to], cmplx.Conj(v))
		if err := p.spend(4*len(sums) + 8); err != nil {
			return err
		}
	}
	for r, v := range h.v {
		addScaled(a[(i+r)*n+from:(i+r)*n+to], sums, -elementary.MulComplex(tau, v))
		if err := p.spend(4*len(sums) + 8); err != nil {
			return err
		}
	}
	return nil
}

// right multiplies columns from j on of all rows of a, which has n columns, by the mirror.
func (h *mirror) right(a []complex128, n, j int, p *poller) error {
	for start := 0; start < len(a); start += n {
		row := a[start+j:][:len(h.v)]
		var sum complex128
		for i, v := range h.v {
			sum += elementary.MulComplex(row[i], v)
		}
		sum = -elementary.MulComplex(sum, h.tau)
		for i, v := range h.v {
			row[i] += elementary.MulComplex(sum, cmplx.Conj(v))
		}
		if err := p.spend(8*len(row) + 8); err != nil {
			return err
		}
	}
	return nil
}

// scaleToOne divides a, with rows of n, by a power of two so that its largest part is about 1, and gives the exponent.
func scaleToOne(a []complex128, n int, p *poller) (exponent int, err error) {
	largest := 0.0
	for start := 0; start < len(a); start += n {
		for _, z := range a[start:][:n] {
			largest = max(largest, math.Abs(real(z)), math.Abs(imag(z)))
		}
		if err := p.spend(4 * n); err != nil {
			return 0, err
		}
	}
	if largest == 0 {
		return 0, nil
	}
	exponent = math.Ilogb(largest)
	for start := 0; start < len(a); start += n {
		for i, z := range a[start:][:n] {
			a[start+i] = timesPower(z, -exponent)
		}
		if err := p.spend(16 * n); err != nil {
			return 0, err
		}
	}
	return exponent, nil
}

// timesPower is z·2^exponent.
func timesPower(z complex128, exponent int) complex128 {
	return complex(math.Ldexp(real(z), exponent), math.Ldexp(imag(z), exponent))
}
