package kernel

import (
	"math"

	"github.com/calx-lang/calx/runtime/elementary"
)

// A chirp computes transforms of any length n as a convolution (Bluestein): since 2jk = j² + k² - (k-j)²,
// X[k] = c[k]·Σ_j x[j]·c[j]·conj(c[k-j]) with c[k] = exp(-πi·k²/n).
type chirp struct {
	factors []complex128 // c
	filter  []complex128 // the transform of conj(c), over its length
	inner   *transform   // of a length of at least 2n - 1
}

func newChirp(n int, p *poller) (*chirp, error) {
	length := convolutionLength(n)
	inner, err := newTransform(length, nil, p)
	if err != nil {
		return nil, err
	}
	c := &chirp{factors: make([]complex128, n), filter: make([]complex128, length), inner: inner}
	conjugates := make([]complex128, length)
	roots, err := rootsOfUnity(2*n, p)
	if err != nil {
		return nil, err
	}
	scale := 1 / float64(length)
	square := 0 // k² mod 2n
	err = inPieces(n, p, func(from, to int) {
		for k := from; k < to; k++ {
			root := roots[square]
			c.factors[k] = root
			conjugates[k] = complex(float64(scale*real(root)), float64(-scale*imag(root)))
			if k > 0 {
				conjugates[length-k] = conjugates[k]
			}
			square = (square + 2*k + 1) % (2 * n)
		}
	})
	if err != nil {
		return nil, err
	}
	return c, inner.run(c.filter, conjugates, inner.workspace(), p)
}

// run writes the transform of x to dst.
func (c *chirp) run(dst, x, work []complex128, p *poller) error {
	length := c.inner.n
	a, b, work := work[:length], work[length:][:length], work[2*length:]
	err := inPieces(length, p, func(from, to int) {
		for k := from; k < min(to, len(x)); k++ {
			a[k] = rotated(x[k], c.factors[k])
		}
		clear(a[max(from, min(to, len(x))):to])
	})
	if err != nil {
		return err
	}
	if err := c.inner.run(b, a, work, p); err != nil {
		return err
	}
	err = inPieces(length, p, func(from, to int) {
		for k := from; k < to; k++ {
			b[k] = rotated(b[k], c.filter[k])
		}
	})
	if err != nil {
		return err
	}
	// Another transform is the inverse, with the elements behind the first in the opposite order.
	if err := c.inner.run(a, b, work, p); err != nil {
		return err
	}
	dst[0] = rotated(a[0], c.factors[0])
	return inPieces(len(dst)-1, p, func(from, to int) {
		for k := from + 1; k <= to; k++ {
			dst[k] = rotated(a[length-k], c.factors[k])
		}
	})
}

// stepCost is the time that a step of a radix takes for each number.
var stepCost = map[int]float64{2: 0.8, 3: 1.1, 4: 1, 5: 1.7}

// convolutionLength is the 2^a·3^b·5^c, with a at least 2, that is quickest among those that hold a convolution of n
// numbers.
func convolutionLength(n int) int {
	best, least := 0, math.Inf(1)
	for fives := 1; fives < 4*n; fives *= 5 {
		for odd := fives; odd < 4*n; odd *= 3 {
			length := 4 * odd
			for length < 2*n-1 {
				length *= 2
			}
			cost := 0.0
			for _, radix := range radicesOf(length) {
				cost += stepCost[radix]
			}
			if cost *= float64(length); cost < least {
				best, least = length, cost
			}
		}
	}
	return best
}

// directRoots is how many roots of unity are computed one by one; of longer tables the roots are products of two.
const directRoots = 1 << 10

// rootsOfUnity is the table of exp(-2πi·k/n), each within 2 ulp.
func rootsOfUnity(n int, p *poller) ([]complex128, error) {
	table := make([]complex128, n)
	if n <= directRoots {
		for k := range table {
			table[k] = rootOfUnity(k, n)
		}
		return table, nil
	}
	near := int(math.Sqrt(float64(n)))
	fine := make([]complex128, near)
	for k := range fine {
		fine[k] = rootOfUnity(k, n)
	}
	for start := 0; start < n; start += near {
		coarse := rootOfUnity(start, n)
		row := table[start:min(start+near, n)]
		for k := range row {
			row[k] = rotated(coarse, fine[k])
		}
		if err := p.spend(4 * len(row)); err != nil {
			return nil, err
		}
	}
	return table, nil
}

// rootOfUnity is exp(-2πi·k/n) for 0 <= k < n, of an angle of at most an eighth of the circle.
func rootOfUnity(k, n int) complex128 {
	eighths := 8 * k // of n, of the way around the circle
	below, left, steep := eighths <= 4*n, false, false
	if !below {
		eighths = 8*n - eighths
	}
	if left = eighths > 2*n; left {
		eighths = 4*n - eighths
	}
	if steep = eighths > n; steep {
		eighths = 2*n - eighths
	}
	angle := math.Pi / 4 * (float64(eighths) / float64(n))
	re, im := elementary.Cos(angle), elementary.Sin(angle)
	if steep {
		re, im = im, re
	}
	if left {
		re = -re
	}
	if below {
		im = -im
	}
	return complex(re, im)
}
