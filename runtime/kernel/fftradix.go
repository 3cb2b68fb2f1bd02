package kernel

// Steps of a transform: each takes, for rows i and runs q of a piece, the numbers x[i + j·rows, q] for j below the
// radix, transforms these few, turns them by powers of the i-th root, and writes them to y[i·radix + k, q].

// A stretch is a piece of a step's work: rows row0…row1 of all rows, and of each the runs run0…run1; the root of row i
// stands at i·turn in the table.
type stretch struct{ row0, row1, run0, run1, rows, runs, turn int }

// from is where the j-th number of row i begins.
func (s *stretch) from(i, j int) int { return (i+j*s.rows)*s.runs + s.run0 }

// to is where the k-th result of row i begins.
func (s *stretch) to(i, k, radix int) int { return (i*radix+k)*s.runs + s.run0 }

// rotated is z·w, in four products.
func rotated(z, w complex128) complex128 {
	return complex(
		float64(real(z)*real(w))-float64(imag(z)*imag(w)),
		float64(real(z)*imag(w))+float64(imag(z)*real(w)))
}

// quarter is -i·z.
func quarter(z complex128) complex128 { return complex(imag(z), -real(z)) }

func scaled(f float64, z complex128) complex128 {
	return complex(float64(f*real(z)), float64(f*imag(z)))
}

func radix2(y, x, roots []complex128, s stretch) {
	width := s.run1 - s.run0
	for i := s.row0; i < s.row1; i++ {
		w := roots[i*s.turn]
		a, b := x[s.from(i, 0):][:width], x[s.from(i, 1):][:width]
		y0, y1 := y[s.to(i, 0, 2):][:width], y[s.to(i, 1, 2):][:width]
		for q := range a {
			u, v := a[q], b[q]
			y0[q], y1[q] = u+v, rotated(u-v, w)
		}
	}
}

const sin60 = 0.8660254037844386

func radix3(y, x, roots []complex128, s stretch) {
	width := s.run1 - s.run0
	for i := s.row0; i < s.row1; i++ {
		w1, w2 := roots[i*s.turn], roots[2*i*s.turn]
		a, b, c := x[s.from(i, 0):][:width], x[s.from(i, 1):][:width], x[s.from(i, 2):][:width]
		y0, y1, y2 := y[s.to(i, 0, 3):][:width], y[s.to(i, 1, 3):][:width], y[s.to(i, 2, 3):][:width]
		for q := range a {
			sum, across := b[q]+c[q], quarter(scaled(sin60, b[q]-c[q]))
			middle := a[q] - scaled(0.5, sum)
			y0[q] = a[q] + sum
			y1[q] = rotated(middle+across, w1)
			y2[q] = rotated(middle-across, w2)
		}
	}
}

func radix4(y, x, roots []complex128, s stretch) {
	if s.runs == 1 {
		radix4Alone(y, x, roots, s)
		return
	}
	width := s.run1 - s.run0
	for i := s.row0; i < s.row1; i++ {
		w1, w2, w3 := roots[i*s.turn], roots[2*i*s.turn], roots[3*i*s.turn]
		a, b := x[s.from(i, 0):][:width], x[s.from(i, 1):][:width]
		c, d := x[s.from(i, 2):][:width], x[s.from(i, 3):][:width]
		y0, y1 := y[s.to(i, 0, 4):][:width], y[s.to(i, 1, 4):][:width]
		y2, y3 := y[s.to(i, 2, 4):][:width], y[s.to(i, 3, 4):][:width]
		for q := range a {
			even, evenOff := a[q]+c[q], a[q]-c[q]
			odd, oddOff := b[q]+d[q], quarter(b[q]-d[q])
			y0[q] = even + odd
			y1[q] = rotated(evenOff+oddOff, w1)
			y2[q] = rotated(even-odd, w2)
			y3[q] = rotated(evenOff-oddOff, w3)
		}
	}
}

// radix4Alone is radix4 for one run, where rows are neighbours.
func radix4Alone(y, x, roots []complex128, s stretch) {
	count := s.row1 - s.row0
	a, b := x[s.from(s.row0, 0):][:count], x[s.from(s.row0, 1):][:count]
	c, d := x[s.from(s.row0, 2):][:count], x[s.from(s.row0, 3):][:count]
	for i := range a {
		turn := (s.row0 + i) * s.turn
		w1, w2, w3 := roots[turn], roots[2*turn], roots[3*turn]
		even, evenOff := a[i]+c[i], a[i]-c[i]
		odd, oddOff := b[i]+d[i], quarter(b[i]-d[i])
		out := y[4*(s.row0+i):][:4]
		out[0] = even + odd
		out[1] = rotated(evenOff+oddOff, w1)
		out[2] = rotated(even-odd, w2)
		out[3] = rotated(evenOff-oddOff, w3)
	}
}

const (
	cos72, sin72   = 0.30901699437494745, 0.9510565162951535
	cos144, sin144 = -0.8090169943749475, 0.5877852522924731
)

func radix5(y, x, roots []complex128, s stretch) {
	width := s.run1 - s.run0
	for i := s.row0; i < s.row1; i++ {
		turn := i * s.turn
		w1, w2, w3, w4 := roots[turn], roots[2*turn], roots[3*turn], roots[4*turn]
		a, b := x[s.from(i, 0):][:width], x[s.from(i, 1):][:width]
		c, d, e := x[s.from(i, 2):][:width], x[s.from(i, 3):][:width], x[s.from(i, 4):][:width]
		y0, y1, y2 := y[s.to(i, 0, 5):][:width], y[s.to(i, 1, 5):][:width], y[s.to(i, 2, 5):][:width]
		y3, y4 := y[s.to(i, 3, 5):][:width], y[s.to(i, 4, 5):][:width]
		for q := range a {
			outer, outerOff := b[q]+e[q], b[q]-e[q]
			inner, innerOff := c[q]+d[q], c[q]-d[q]
			near := a[q] + scaled(cos72, outer) + scaled(cos144, inner)
			far := a[q] + scaled(cos144, outer) + scaled(cos72, inner)
			nearOff := quarter(scaled(sin72, outerOff) + scaled(sin144, innerOff))
			farOff := quarter(scaled(sin144, outerOff) - scaled(sin72, innerOff))
			y0[q] = a[q] + outer + inner
			y1[q] = rotated(near+nearOff, w1)
			y2[q] = rotated(far+farOff, w2)
			y3[q] = rotated(far-farOff, w3)
			y4[q] = rotated(near-nearOff, w4)
		}
	}
}

// radixOf is a step of any odd prime radix up to largestRadix: numbers j and radix - j are taken together, since their
// roots are conjugates.
func radixOf(y, x, roots []complex128, radix int, s stretch) {
	var sums, differences [largestRadix/2 + 1]complex128
	var around [largestRadix]complex128 // exp(-2πi·k/radix)
	half := radix / 2
	for k := range radix {
		around[k] = roots[k*s.rows*s.turn]
	}
	for i := s.row0; i < s.row1; i++ {
		for q := range s.run1 - s.run0 {
			first := x[s.from(i, 0)+q]
			total := first
			for j := 1; j <= half; j++ {
				a, b := x[s.from(i, j)+q], x[s.from(i, radix-j)+q]
				sums[j], differences[j] = a+b, a-b
				total += sums[j]
			}
			y[s.to(i, 0, radix)+q] = total
			for k := 1; k <= half; k++ {
				even, odd := first, complex128(0)
				at := 0
				for j := 1; j <= half; j++ {
					if at += k; at >= radix {
						at -= radix
					}
					even += scaled(real(around[at]), sums[j])
					odd += scaled(-imag(around[at]), differences[j])
				}
				odd = quarter(odd)
				y[s.to(i, k, radix)+q] = rotated(even+odd, roots[i*k*s.turn])
				y[s.to(i, radix-k, radix)+q] = rotated(even-odd, roots[i*(radix-k)*s.turn])
			}
		}
	}
}
