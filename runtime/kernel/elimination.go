package kernel

// Factors and triangular solves are made by halves: of two blocks the first is done, its product is taken off the second,
// and the second is done. So nearly all work is in products, which are made in register tiles; what is left is in blocks
// of a few columns.

// A submatrix is a part of a matrix, row by row.
type submatrix[T Field] struct {
	data               []T
	rows, cols, stride int
}

func matrixOf[T Field](data []T, rows, cols int) submatrix[T] {
	return submatrix[T]{data, rows, cols, cols}
}

// part is rows row0 … row1 of columns col0 … col1.
func (s submatrix[T]) part(row0, row1, col0, col1 int) submatrix[T] {
	if row0 == row1 || col0 == col1 {
		return submatrix[T]{rows: row1 - row0, cols: col1 - col0}
	}
	return submatrix[T]{s.data[row0*s.stride+col0:], row1 - row0, col1 - col0, s.stride}
}

func (s submatrix[T]) row(i int) []T { return s.data[i*s.stride:][:s.cols] }

// half is where n rows are cut in two.
func half(n int) int { return roundUp(n/2, tileColumns) }

// The steps of a product that are packed at once, and the columns.
const (
	eliminationSteps   = 256
	eliminationColumns = 512
)

// An elimination is the scratch of a factorisation or a solve, at most some 130,000 elements, and its poller.
type elimination[T Field] struct {
	poller *poller
	*workspace[T]
}

func newElimination[T Field](p *poller) elimination[T] {
	space, ok := workspacePool[T]().Get().(*workspace[T])
	if !ok {
		space = new(workspace[T])
	}
	return elimination[T]{p, space}
}

// release gives the scratch back.
func (e elimination[T]) release() { workspacePool[T]().Put(e.workspace) }

// turn gives the columns of a, one after the other, in scratch that the next product uses: [m, n] -> [n, m].
func (e elimination[T]) turn(a submatrix[T]) []T {
	m := a.rows
	e.packedA = resized(e.packedA, m*a.cols)
	columns := e.packedA
	for i := range m {
		for j, v := range a.row(i) {
			columns[j*m+i] = v
		}
	}
	return columns
}

// turnBack writes the columns to a.
func (a submatrix[T]) turnBack(columns []T) {
	m := a.rows
	for i := range m {
		row := a.row(i)
		for j := range row {
			row[j] = columns[j*m+i]
		}
	}
}

// takeOff subtracts the product of a and b, each as it stands or transposed: C -= op(A)·op(B), [m, n] [m, k] [k, n]. Terms
// are subtracted one after the other. With lower only the elements on and below the diagonal of c count; those above
// become arbitrary.
func (e elimination[T]) takeOff(c, a, b submatrix[T], opA, opB Transposition, lower bool) error {
	steps := a.cols
	if opA != Plain {
		steps = a.rows
	}
	if c.rows == 0 || c.cols == 0 {
		return nil
	}
	depth, width := min(steps, eliminationSteps), min(roundUp(c.cols, tileColumns), eliminationColumns)
	e.packedA, e.packedB = resized(e.packedA, tileRows*depth), resized(e.packedB, width*depth)
	for step := 0; step < steps; step += depth {
		k := min(depth, steps-step)
		for col := 0; col < c.cols; col += width {
			cols := min(width, c.cols-col)
			for j := 0; j < cols; j += tileColumns {
				packPanel(e.packedB[j*k:][:tileColumns*k], b, opB, col+j, step, k)
			}
			if err := e.poller.spend(cols * k); err != nil {
				return err
			}
			for i := 0; i < c.rows; i += tileRows {
				end := cols
				if lower {
					end = min(end, i+tileRows-col)
				}
				if end <= 0 {
					continue
				}
				packStrip(e.packedA[:tileRows*k], a, opA, i, step, k)
				for j := 0; j < end; j += tileColumns {
					takeOffTile(c, i, col+j, e.packedA[:tileRows*k], e.packedB[j*k:][:tileColumns*k], k)
				}
				if err := e.poller.spend(end/tileColumns*(k*workPerStep[T]()+16) + k); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// takeOffTile adds the product of a strip, which has been negated, and a panel to the tile of c at row i and column j.
func takeOffTile[T Field](c submatrix[T], i, j int, strip, panel []T, steps int) {
	var t tile[T]
	if c.rows-i >= tileRows && c.cols-j >= tileColumns {
		at := c.data[i*c.stride+j:]
		r0, r1, r2, r3 := (*[tileColumns]T)(at), (*[tileColumns]T)(at[c.stride:]), (*[tileColumns]T)(at[2*c.stride:]), (*[tileColumns]T)(at[3*c.stride:])
		*(*[tileColumns]T)(t[0:]), *(*[tileColumns]T)(t[tileColumns:]) = *r0, *r1
		*(*[tileColumns]T)(t[2*tileColumns:]), *(*[tileColumns]T)(t[3*tileColumns:]) = *r2, *r3
		tileSteps(&t, strip, panel, steps)
		*r0, *r1 = [tileColumns]T(t[0:]), [tileColumns]T(t[tileColumns:])
		*r2, *r3 = [tileColumns]T(t[2*tileColumns:]), [tileColumns]T(t[3*tileColumns:])
		return
	}
	rows, cols := min(tileRows, c.rows-i), min(tileColumns, c.cols-j)
	for r := range rows {
		copy(t[r*tileColumns:][:cols], c.data[(i+r)*c.stride+j:])
	}
	tileSteps(&t, strip, panel, steps)
	for r := range rows {
		copy(c.data[(i+r)*c.stride+j:][:cols], t[r*tileColumns:])
	}
}

// packStrip writes the negatives of rows from i on of op(A), for k steps, so that the elements of a step follow each other;
// missing rows are zero.
func packStrip[T Field](dst []T, a submatrix[T], op Transposition, i, step, k int) {
	if op == Plain {
		rows := min(tileRows, a.rows-i)
		if rows == tileRows {
			at := a.data[i*a.stride+step:]
			r0, r1, r2, r3 := at[:k], at[a.stride:][:k], at[2*a.stride:][:k], at[3*a.stride:][:k]
			for s, v := range r0 {
				part := dst[s*tileRows:][:tileRows]
				part[0], part[1], part[2], part[3] = -v, -r1[s], -r2[s], -r3[s]
			}
			return
		}
		clear(dst)
		for r := range rows {
			for s, v := range a.data[(i+r)*a.stride+step:][:k] {
				dst[s*tileRows+r] = -v
			}
		}
		return
	}
	rows := min(tileRows, a.cols-i)
	clear(dst)
	for s := range k {
		for r, v := range a.data[(step+s)*a.stride+i:][:rows] {
			if op == ConjugateTransposed {
				v = conjugate(v)
			}
			dst[s*tileRows+r] = -v
		}
	}
}

// packPanel does for columns from j on of op(B) what packStrip does for rows, without the sign.
func packPanel[T Field](dst []T, b submatrix[T], op Transposition, j, step, k int) {
	if op == Plain {
		cols := min(tileColumns, b.cols-j)
		if cols == tileColumns {
			for s := range k {
				*(*[tileColumns]T)(dst[s*tileColumns:]) = *(*[tileColumns]T)(b.data[(step+s)*b.stride+j:])
			}
			return
		}
		clear(dst)
		for s := range k {
			copy(dst[s*tileColumns:][:cols], b.data[(step+s)*b.stride+j:])
		}
		return
	}
	cols := min(tileColumns, b.rows-j)
	if cols < tileColumns {
		clear(dst)
	}
	for c := range cols {
		for s, v := range b.data[(j+c)*b.stride+step:][:k] {
			dst[s*tileColumns+c] = v
		}
	}
	if op == ConjugateTransposed {
		conjugateAll(dst)
	}
}

// conjugateAll replaces complex numbers by their conjugates.
func conjugateAll[T Field](x []T) {
	if z, ok := any(x).([]complex128); ok {
		for i, v := range z {
			z[i] = complex(real(v), -imag(v))
		}
	}
}
