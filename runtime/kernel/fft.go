package kernel

import (
	"slices"
	"sync"
)

// An FFT computes discrete Fourier transforms of rows of n numbers: element k is Σ_j x_j·exp(-2πi·j·k/n), and of the
// inverse exp(+2πi·j·k/n), unscaled. Lengths whose prime factors are at most largestRadix take O(n·log n) steps of the
// mixed radices, in the ordering of Stockham; others are a convolution (Bluestein). The error is within half a unit in the
// last place of the norm of the row, times log2 n. Several goroutines may use one FFT.
type FFT struct {
	n     int
	inner *transform
	roots []complex128 // of real rows of even length, which are half as many complex numbers: exp(-2πi·k/n)
	rooms sync.Pool    // of *[]complex128: workspaces of inner, for the next call
}

// room is a workspace, to be put back into rooms.
func (f *FFT) room() *[]complex128 {
	if room, ok := f.rooms.Get().(*[]complex128); ok {
		return room
	}
	room := f.inner.workspace()
	return &room
}

// NewFFT prepares transforms of rows of n numbers, real or complex.
func NewFFT(n int, isReal bool, poll func() error) (*FFT, error) {
	p := newPoller(poll)
	f := &FFT{n: n}
	if n == 0 {
		return f, nil
	}
	length, err := n, error(nil)
	if isReal && n%2 == 0 {
		length = n / 2
		if f.roots, err = rootsOfUnity(n, &p); err != nil {
			return nil, err
		}
	}
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
	room := f.room()
	defer f.rooms.Put(room)
	for i := range batch {
		row := dst[i*f.n:][:f.n]
		if err := f.inner.run(row, x[i*f.n:][:f.n], *room, &p); err != nil {
			return err
		}
		if inverse {
			if err := reverse(row[1:], &p); err != nil {
				return err
			}
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
	packed := make([]complex128, f.inner.n)
	room := f.room()
	defer f.rooms.Put(room)
	for i := range batch {
		row, from := dst[i*f.n:][:f.n], x[i*f.n:][:f.n]
		err := inPieces(len(packed), &p, func(j0, j1 int) {
			for j := j0; j < j1; j++ {
				if paired {
					packed[j] = complex(from[2*j], from[2*j+1])
				} else {
					packed[j] = complex(from[j], 0)
				}
			}
		})
		if err != nil {
			return err
		}
		if err := f.inner.run(row[:len(packed)], packed, *room, &p); err != nil {
			return err
		}
		if paired {
			if err := unpackReal(row, f.roots, &p); err != nil {
				return err
			}
		}
		if inverse {
			if err := reverse(row[1:], &p); err != nil {
				return err
			}
		}
	}
	return nil
}

// inPieces does work on 0 <= i < n, a piece after the other.
func inPieces(n int, p *poller, work func(from, to int)) error {
	for from := 0; from < n; from += pointsPerPoll {
		to := min(from+pointsPerPoll, n)
		work(from, to)
		if err := p.spend(4 * (to - from)); err != nil {
			return err
		}
	}
	return nil
}

// reverse turns the order of x round.
func reverse(x []complex128, p *poller) error {
	last := len(x) - 1
	return inPieces(len(x)/2, p, func(from, to int) {
		for i := from; i < to; i++ {
			x[i], x[last-i] = x[last-i], x[i]
		}
	})
}

// unpackReal makes of Z, the transform of the pairs x[2j] + i·x[2j+1], that stands in the first half of row, the
// transform of x: with E and O those of the even and the odd elements, Z = E + iO and X[k] = E[k] + w^k·O[k].
func unpackReal(row, roots []complex128, p *poller) error {
	n, half := len(row), len(row)/2
	first := row[0]
	err := inPieces(half/2, p, func(from, to int) {
		for k := from + 1; k <= to; k++ {
			z, mirror := row[k], row[half-k]
			evenRe, evenIm := float64(0.5*(real(z)+real(mirror))), float64(0.5*(imag(z)-imag(mirror)))
			odd := complex(0.5*(imag(z)+imag(mirror)), 0.5*(real(mirror)-real(z)))
			turned := rotated(odd, roots[k])
			low := complex(evenRe+real(turned), evenIm+imag(turned))
			high := complex(evenRe-real(turned), imag(turned)-evenIm)
			row[k], row[n-k] = low, complex(real(low), -imag(low))
			row[half-k], row[half+k] = high, complex(real(high), -imag(high))
		}
	})
	row[0], row[half] = complex(real(first)+imag(first), 0), complex(real(first)-imag(first), 0)
	return err
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
		var err error
		if t.roots, err = rootsOfUnity(n, p); err != nil {
			return nil, err
		}
	}
	t.stride = len(t.roots) / n
	return t, nil
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
