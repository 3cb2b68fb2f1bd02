package kernel

import "math"

// QR writes the reduced factors of A = Q·R with k = min(m, n): [m, n] -> [m, k] and [k, n]. The diagonal of R is real and
// not negative. A matrix with a NaN or an infinity has factors of NaN.
func QR[T Field](q, r, a []T, batch, m, n int, poll func() error) error {
	k := min(m, n)
	if k == 0 {
		return nil
	}
	p := newPoller(poll)
	f := newReflections[T](m, n, &p)
	defer f.release()
	return eachMatrix(batch, poll, func(i int) error {
		if err := copyInPieces(f.a.data, a[i*m*n:][:m*n], poll); err != nil {
			return err
		}
		return f.qr(q[i*m*k:][:m*k], r[i*k*n:][:k*n])
	})
}

// QRComplex is QR for complex matrices.
func QRComplex(q, r, a []complex128, batch, m, n int, poll func() error) error {
	return QR(q, r, a, batch, m, n, poll)
}

// reflectionBlock is how many reflections are joined at most, so that products apply them.
const reflectionBlock = 32

// Reflections are a QR factorisation under way: the matrix, whose columns give way to the vectors of Householder's
// reflections, block by block. A block of reflections is I - V·C·Vᴴ with a triangular C.
type reflections[T Field] struct {
	elimination[T]
	a       submatrix[T]
	block   int       // how many are joined
	centres []T       // the C of all blocks, [block, block] each
	images  []float64 // the diagonal of R
	gram    []T       // scratch of one block: VᴴV
	product []T       // scratch of one block: [block, n]
	centred []T       // likewise
}

func newReflections[T Field](m, n int, p *poller) *reflections[T] {
	k := min(m, n)
	block := min(k, reflectionBlock, roundUp(k/8+1, tileColumns))
	return &reflections[T]{
		newElimination[T](p), matrixOf(make([]T, m*n), m, n), block, make([]T, roundUp(k, block)*block), make([]float64, k),
		make([]T, block*block), make([]T, block*n), make([]T, block*n),
	}
}

// qr factors the matrix that stands in f.a.
func (f *reflections[T]) qr(q, r []T) error {
	m, n := f.a.rows, f.a.cols
	k := min(m, n)
	clear(r)
	exponent, err := f.tame()
	if err != nil {
		return err
	}
	if exponent == notFinite {
		nan := fromReal[T](math.NaN())
		Fill(q, nan)
		for row := range k {
			Fill(r[row*n+row:(row+1)*n], nan)
		}
		return nil
	}
	for from := 0; from < k; from += f.block {
		to := min(from+f.block, k)
		if err := f.reflect(r, from, to); err != nil {
			return err
		}
		if err := f.apply(f.a.part(from, m, to, n), from, to, true); err != nil {
			return err
		}
		for row := from; row < to; row++ {
			copy(r[row*n+to:(row+1)*n], f.a.row(row)[to:])
		}
	}
	// Rows of R change their sign together with columns of Q.
	clear(q)
	columns := matrixOf(q, m, k)
	for row, image := range f.images {
		q[row*k+row] = 1
		if image < 0 {
			q[row*k+row] = -1
			for j := row*n + row; j < (row+1)*n; j++ {
				r[j] = 0 - r[j] // 0 of 0
			}
		}
		if exponent != 0 {
			for j := row*n + row; j < (row+1)*n; j++ {
				r[j] = timesPower(r[j], exponent)
			}
		}
		r[row*n+row] = fromReal[T](realPart(r[row*n+row]))
		if err := f.poller.spend(4 * n); err != nil {
			return err
		}
	}
	for from := (k - 1) / f.block * f.block; from >= 0; from -= f.block {
		if err := f.apply(columns.part(from, m, from, k), from, min(from+f.block, k), false); err != nil {
			return err
		}
	}
	return nil
}

// notFinite stands for the exponent of a matrix with a NaN or an infinity.
const notFinite = math.MaxInt

// tame divides the matrix by a power of two, whose exponent it gives, if numbers are so large or small that sums of them
// might overflow or lose digits.
func (f *reflections[T]) tame() (exponent int, err error) {
	largest := 0.0
	for i := range f.a.rows {
		largest = max(largest, largestPart(f.a.row(i)))
		if err := f.poller.spend(2 * f.a.cols); err != nil {
			return 0, err
		}
	}
	if !(largest <= math.MaxFloat64) {
		return notFinite, nil
	}
	if exponent = math.Ilogb(largest); largest == 0 || exponent > -400 && exponent < 900 {
		return 0, nil
	}
	for i := range f.a.rows {
		row := f.a.row(i)
		for j, v := range row {
			row[j] = timesPower(v, -exponent)
		}
		if err := f.poller.spend(16 * f.a.cols); err != nil {
			return 0, err
		}
	}
	return exponent, nil
}

// reflect makes the reflections for columns from … to, in place of those columns, and writes what these are in R.
func (f *reflections[T]) reflect(r []T, from, to int) error {
	m, n, width := f.a.rows-from, f.a.cols, to-from
	panel := f.a.part(from, f.a.rows, from, to)
	columns := f.turn(panel)
	var room [reflectionBlock]T
	factors := room[:width]
	for j := range width {
		v := columns[j*m+j : (j+1)*m]
		for i, above := range columns[j*m : j*m+j] {
			r[(from+i)*n+from+j] = above
			columns[j*m+i] = 0
		}
		var err error
		if factors[j], f.images[from+j], err = reflection(v, f.poller); err != nil {
			return err
		}
		r[(from+j)*n+from+j] = fromReal[T](f.images[from+j])
		for c := j + 1; c < width; c++ {
			other := columns[c*m+j : (c+1)*m]
			along, err := innerProduct(v, other, f.poller)
			if err != nil {
				return err
			}
			addScaled(other, v, -mulNumber(conjugate(factors[j]), along))
			if err := f.poller.spend(len(v) + 8); err != nil {
				return err
			}
		}
	}
	panel.turnBack(columns)
	return f.join(panel, f.centres[from*f.block:], factors)
}

// join finds the C of a block of reflections I - factor·v·vᴴ, whose v are the columns of a matrix.
func (f *reflections[T]) join(vectors submatrix[T], centre, factors []T) error {
	width := len(factors)
	gram := matrixOf(f.gram[:width*width], width, width) // negated
	clear(gram.data)
	if err := f.takeOff(gram, vectors, vectors, ConjugateTransposed, Plain, false); err != nil {
		return err
	}
	clear(centre[:width*width])
	for j, factor := range factors {
		for i := range j {
			along := adjointProduct(centre[i*width+i:i*width+j], gram.row(j)[i:])
			centre[i*width+j] = mulNumber(factor, along)
		}
		centre[j*width+j] = factor
	}
	return f.poller.spend(width * width * width)
}

// apply multiplies c from the left by the block of reflections from … to, or by its adjoint.
func (f *reflections[T]) apply(c submatrix[T], from, to int, adjoint bool) error {
	width := to - from
	if c.cols == 0 {
		return nil
	}
	vectors := f.a.part(from, f.a.rows, from, to)
	product, centred := matrixOf(f.product[:width*c.cols], width, c.cols), matrixOf(f.centred[:width*c.cols], width, c.cols)
	clear(product.data)
	clear(centred.data)
	side := Plain
	if adjoint {
		side = ConjugateTransposed
	}
	if err := f.takeOff(product, vectors, c, ConjugateTransposed, Plain, false); err != nil {
		return err
	}
	centre := matrixOf(f.centres[from*f.block:][:width*width], width, width)
	if err := f.takeOff(centred, centre, product, side, Plain, false); err != nil {
		return err
	}
	return f.takeOff(c, vectors, centred, Plain, Plain, false)
}

// reflection finds the I - factor·v·vᴴ whose adjoint takes x to a real multiple of the first unit vector, the image, and
// writes v, which begins with 1, over x.
func reflection[T Field](x []T, p *poller) (factor T, image float64, err error) {
	squares, err := innerProduct(x, x, p)
	if err != nil {
		return 0, 0, err
	}
	exponent := 0
	if v := realPart(squares); !(v > 0x1p-900 && v < 0x1p900) {
		largest := largestPart(x)
		if largest == 0 {
			x[0] = 1
			return 0, 0, nil
		}
		exponent = math.Ilogb(largest)
		for i, v := range x {
			x[i] = timesPower(v, -exponent)
		}
		if squares, err = innerProduct(x, x, p); err != nil {
			return 0, 0, err
		}
	}
	first := x[0]
	image = -math.Copysign(math.Sqrt(realPart(squares)), realPart(first))
	divideBy(x, first-fromReal[T](image))
	x[0] = 1
	return divNumber(fromReal[T](image)-first, fromReal[T](image)), math.Ldexp(image, exponent), nil
}

// innerProduct is the sum of the products of y and the conjugates of x.
func innerProduct[T Field](x, y []T, p *poller) (T, error) {
	if x, ok := any(x).([]float64); ok {
		v, err := dotContiguous(x, any(y).([]float64), p)
		return any(v).(T), err
	}
	return adjointProduct(y, x), nil
}

// largestPart is the largest magnitude of a real or imaginary part, NaN if there is one.
func largestPart[T Field](x []T) float64 {
	largest := 0.0
	switch x := any(x).(type) {
	case []float64:
		for _, v := range x {
			if v = math.Abs(v); !(v <= largest) {
				largest = max(largest, v)
			}
		}
	case []complex128:
		for _, v := range x {
			largest = max(largest, math.Abs(real(v)), math.Abs(imag(v)))
		}
	}
	return largest
}

// timesPower is v·2^exponent.
func timesPower[T Field](v T, exponent int) T {
	switch v := any(v).(type) {
	case float64:
		return any(math.Ldexp(v, exponent)).(T)
	case complex128:
		return any(complex(math.Ldexp(real(v), exponent), math.Ldexp(imag(v), exponent))).(T)
	}
	return v
}
