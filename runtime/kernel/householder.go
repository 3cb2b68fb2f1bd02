package kernel

import (
	"math"
	"math/cmplx"

	"github.com/calx-lang/calx/runtime/elementary"
)

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
