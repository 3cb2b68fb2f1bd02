package kernel

import "slices"

// An FFT computes discrete Fourier transforms of rows of n numbers: element k is Σ_j x_j·exp(-2πi·j·k/n), and of the
// inverse exp(+2πi·j·k/n), unscaled. Lengths whose prime factors are at most largestRadix take O(n·log n) steps of the
// mixed radices, in the ordering of Stockham; others are a convolution (Bluestein). The error is within a unit in the
// last place of the norm of the row, times log2 n. An FFT holds tables only, so several goroutines may use it.
type FFT struct {
	n     int
	inner *transform
	roots []complex128 // of real rows of even length, which are half as many complex numbers: exp(-2πi·k/n)
}

// NewFFT prepares transforms of rows of n numbers, real or complex.
func NewFFT(n int, isReal bool, poll func() error) (*FFT, error) {
	p := newPoller(poll)
	f := &FFT{n: n}
	length := n
	if isReal && n%2 == 0 {
		length, f.roots = n/2, rootsOfUnity(n)
	}
	if n == 0 {
		return f, nil
	}
	var err error
	f.inner, err = newTransform(length, f.roots, &p)
	return f, err
}

// FFTBytes bounds the memory that an FFT of n numbers and its transforms take.
func FFTBytes(n int) int64 {
	count := 4 * int64(n)
	if largestFactor(n) > largestRadix {
		count += 2*int64(n) + 5*int64(convolutionLength(n))
	}
	return 16 * count
}

// Complex writes the transforms of the rows x[batch, n] to dst, which is not x.
func (f *FFT) Complex(dst, x []complex128, batch int, inverse bool, poll func() error) error {
	if f.n == 0 || batch == 0 {
		return nil
	}
	p := newPoller(poll)
	work := f.inner.workspace()
	for i := range batch {
		row := dst[i*f.n:][:f.n]
		if err := f.inner.run(row, x[i*f.n:][:f.n], work, &p); err != nil {
			return err
		}
		if inverse {
			slices.Reverse(row[1:])
		}
	}
	return nil
}

// Real writes the transforms of the rows x[batch, n] of real numbers to dst.
func (f *FFT) Real(dst []complex128, x []float64, batch int, inverse bool, poll func() error) error {
	if f.n == 0 || batch == 0 {
		return nil
	}
	p := newPoller(poll)
	paired := f.roots != nil
	packed, work := make([]complex128, f.inner.n), f.inner.workspace()
	for i := range batch {
		row, from := dst[i*f.n:][:f.n], x[i*f.n:][:f.n]
		for j := range packed {
			if paired {
				packed[j] = complex(from[2*j], from[2*j+1])
			} else {
				packed[j] = complex(from[j], 0)
			}
		}
		if err := f.inner.run(row[:len(packed)], packed, work, &p); err != nil {
			return err
		}
		if paired {
			unpackReal(row, f.roots)
		}
		if inverse {
			slices.Reverse(row[1:])
		}
		if err := p.spend(4 * f.n); err != nil {
			return err
		}
	}
	return nil
}

// unpackReal makes of Z, the transform of the pairs x[2j] + i·x[2j+1], that stands in the first half of row, the
// transform of x: with E and O those of the even and the odd elements, Z = E + iO and X[k] = E[k] + w^k·O[k].
func unpackReal(row, roots []complex128) {
	n, half := len(row), len(row)/2
	first := row[0]
	for k := 1; 2*k <= half; k++ {
		z, mirror := row[k], row[half-k]
		evenRe, evenIm := float64(0.5*(real(z)+real(mirror))), float64(0.5*(imag(z)-imag(mirror)))
		odd := complex(0.5*(imag(z)+imag(mirror)), 0.5*(real(mirror)-real(z)))
		turned := rotated(odd, roots[k])
		low := complex(evenRe+real(turned), evenIm+imag(turned))
		high := complex(evenRe-real(turned), imag(turned)-evenIm)
		row[k], row[n-k] = low, complex(real(low), -imag(low))
		row[half-k], row[half+k] = high, complex(real(high), -imag(high))
	}
	row[0], row[half] = complex(real(first)+imag(first), 0), complex(real(first)-imag(first), 0)
}

// A transform computes the discrete Fourier transform of rows of n numbers.
type transform struct {
	n       int
	radices []int
	roots   []complex128 // exp(-2πi·k/(n·stride)) at k
	stride  int
	chirp   *chirp // instead of the radices, if one is too large
}

// largestRadix is the greatest prime factor that a step takes at once: beyond it a convolution is faster.
const largestRadix = 31

// newTransform prepares rows of n. A table of roots, if there is one, is that of a multiple of n.
func newTransform(n int, roots []complex128, p *poller) (*transform, error) {
	t := &transform{n: n, radices: radicesOf(n), roots: roots}
	if largestFactor(n) > largestRadix {
		var err error
		t.chirp, err = newChirp(n, p)
		return t, err
	}
	if t.roots == nil {
		t.roots = rootsOfUnity(n)
	}
	t.stride = len(t.roots) / n
	return t, p.spend(8 * n)
}

// radicesOf gives factors of n: fours before a two and the odd primes, ascending.
func radicesOf(n int) []int {
	var list []int
	for ; n%4 == 0; n /= 4 {
		list = append(list, 4)
	}
	for f := 2; f*f <= n; f++ {
		for ; n%f == 0; n /= f {
			list = append(list, f)
		}
	}
	if n > 1 {
		list = append(list, n)
	}
	return list
}

func largestFactor(n int) int { return slices.Max(append(radicesOf(n), 1)) }

// workspace is the room that run wants.
func (t *transform) workspace() []complex128 {
	if t.chirp != nil {
		return make([]complex128, 3*t.chirp.inner.n)
	}
	return make([]complex128, t.n)
}

// run writes the transform of x to dst; the three don't overlap.
func (t *transform) run(dst, x, work []complex128, p *poller) error {
	if t.chirp != nil {
		return t.chirp.run(dst, x, work, p)
	}
	if t.n == 1 {
		dst[0] = x[0]
		return nil
	}
	from, length, runs := x, t.n, 1
	for i, radix := range t.radices {
		to := dst
		if (len(t.radices)-i)%2 == 0 {
			to = work
		}
		if err := t.step(to, from, radix, length, runs, p); err != nil {
			return err
		}
		from, length, runs = to, length/radix, runs*radix
	}
	return nil
}

// pointsPerPoll is how many numbers a step takes between two polls.
const pointsPerPoll = 1 << 15

// step cuts transforms of length, of which there are runs side by side, x[length, runs], into radix times as many of
// length/radix, in pieces: all of some rows, or a part of one.
func (t *transform) step(y, x []complex128, radix, length, runs int, p *poller) error {
	rows := length / radix
	high := max(1, pointsPerPoll/(radix*runs))
	wide := min(runs, pointsPerPoll)
	for row := 0; row < rows; row += high {
		for run := 0; run < runs; run += wide {
			piece := stretch{row, min(row+high, rows), run, min(run+wide, runs), rows, runs, t.stride * runs}
			switch radix {
			case 2:
				radix2(y, x, t.roots, piece)
			case 3:
				radix3(y, x, t.roots, piece)
			case 4:
				radix4(y, x, t.roots, piece)
			case 5:
				radix5(y, x, t.roots, piece)
			default:
				radixOf(y, x, t.roots, radix, piece)
			}
			if err := p.spend(radix * max(radix, 4) * (piece.row1 - piece.row0) * (piece.run1 - piece.run0)); err != nil {
				return err
			}
		}
	}
	return nil
}
