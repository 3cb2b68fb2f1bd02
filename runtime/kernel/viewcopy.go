package kernel

// viewCopy copies elements between two arrays in which they stand at different strides, in the order of its axes.
type viewCopy[T Element] struct {
	dst, src []T
	axes     []viewAxis // without axes of length 1, neighbours joined
	empty    bool
	poller   poller
}

func newViewCopy[T Element](dst, src []T, axes []viewAxis, poll func() error) viewCopy[T] {
	c := viewCopy[T]{dst: dst, src: src, poller: newPoller(poll)}
	for _, x := range axes {
		if x.n == 0 {
			c.empty = true
		}
		if x.n == 1 {
			continue
		}
		if last := len(c.axes) - 1; last >= 0 {
			if y := c.axes[last]; y.dst == x.n*x.dst && y.src == x.n*x.src {
				c.axes[last] = viewAxis{y.n * x.n, x.dst, x.src}
				continue
			}
		}
		c.axes = append(c.axes, x)
	}
	return c
}

// run copies with the first elements at d and s.
func (c *viewCopy[T]) run(d, s int) error {
	if c.empty {
		return nil
	}
	if len(c.axes) == 0 {
		c.dst[d] = c.src[s]
		return nil
	}
	return c.nest(d, s, c.axes)
}

// transposeTile is the edge of the squares in which two axes are exchanged: small enough for every row to stay in cache.
const transposeTile = 16

// viewPiece is the number of elements of a row copied between polls.
const viewPiece = 1 << 15

func (c *viewCopy[T]) nest(d, s int, axes []viewAxis) error {
	x := axes[0]
	if len(axes) == 1 {
		for lo := 0; lo < x.n; lo += viewPiece {
			piece := viewAxis{min(viewPiece, x.n-lo), x.dst, x.src}
			c.row(d+lo*x.dst, s+lo*x.src, piece)
			if err := c.poller.spend(piece.n + 4); err != nil {
				return err
			}
		}
		return nil
	}
	last := axes[len(axes)-1]
	if x.src == 1 && last.src != 0 && last.dst == 1 && x.dst != 0 {
		return c.transpose(d, s, axes)
	}
	for i := range x.n {
		if err := c.nest(d+i*x.dst, s+i*x.src, axes[1:]); err != nil {
			return err
		}
	}
	return nil
}

// transpose copies axes of which the first is contiguous in the source and the last in the destination, in squares.
func (c *viewCopy[T]) transpose(d, s int, axes []viewAxis) error {
	x, y, middle := axes[0], axes[len(axes)-1], axes[1:len(axes)-1]
	if len(middle) > 0 {
		z := middle[0]
		rest := append([]viewAxis{x}, axes[2:]...)
		for i := range z.n {
			if err := c.transpose(d+i*z.dst, s+i*z.src, rest); err != nil {
				return err
			}
		}
		return nil
	}
	for i0 := 0; i0 < x.n; i0 += transposeTile {
		i1 := min(x.n, i0+transposeTile)
		for j0 := 0; j0 < y.n; j0 += transposeTile {
			width := min(y.n-j0, transposeTile)
			i := i0
			for ; i+4 <= i1; i += 4 {
				c.fourRows(d+i*x.dst+j0, s+i+j0*y.src, x.dst, y.src, width)
			}
			for ; i < i1; i++ {
				c.turned(d+i*x.dst+j0, s+i+j0*y.src, y.src, width)
			}
			if err := c.poller.spend(transposeTile * width); err != nil {
				return err
			}
		}
	}
	return nil
}

// turned writes n neighbours that stand step apart in the source.
func (c *viewCopy[T]) turned(d, s, step, n int) {
	out := c.dst[d:][:n]
	for j := range out {
		out[j] = c.src[s]
		s += step
	}
}

// fourRows is turned for four rows of the destination, which stand row apart and
// come from neighbours: squares of 4 by 4 go through registers.
func (c *viewCopy[T]) fourRows(d, s, row, step, n int) {
	j := 0
	for ; j+4 <= n; j += 4 {
		at := s + j*step
		w0, w1 := (*[4]T)(c.src[at:]), (*[4]T)(c.src[at+step:])
		w2, w3 := (*[4]T)(c.src[at+2*step:]), (*[4]T)(c.src[at+3*step:])
		to := d + j
		for k := range 4 {
			out := (*[4]T)(c.dst[to+k*row:])
			out[0], out[1], out[2], out[3] = w0[k], w1[k], w2[k], w3[k]
		}
	}
	for k := range 4 {
		if j < n {
			c.turned(d+k*row+j, s+k+j*step, step, n-j)
		}
	}
}

// row copies along one axis.
func (c *viewCopy[T]) row(d, s int, x viewAxis) {
	switch {
	case x.dst == 1 && x.src == 1:
		copy(c.dst[d:d+x.n], c.src[s:s+x.n])
	case x.dst == 1 && x.src == 0:
		Fill(c.dst[d:d+x.n], c.src[s])
	case x.dst == 1:
		for i := range c.dst[d : d+x.n] {
			c.dst[d+i] = c.src[s]
			s += x.src
		}
	default:
		for range x.n {
			c.dst[d] = c.src[s]
			d += x.dst
			s += x.src
		}
	}
}
