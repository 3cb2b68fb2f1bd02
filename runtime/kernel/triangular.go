package kernel

// Transposition says which matrix a triangular solve uses.
type Transposition int

// The matrix itself, its transpose, its conjugate transpose.
const (
	Plain Transposition = iota
	Transposed
	ConjugateTransposed
)

// TrSolve solves op(A) X = B with a triangular A, [n, n] [n, m] -> [n, m], writing X over b. Only the triangle named is
// read, and not the diagonal if unit. ErrSingular if a diagonal element is zero.
func TrSolve[T Field](a, b []T, batch, n, m int, lower, unit bool, op Transposition, poll func() error) error {
	p := newPoller(poll)
	e := newElimination[T](&p)
	defer e.release()
	return eachMatrix(batch, poll, func(i int) error {
		triangle := matrixOf(a[i*n*n:][:n*n], n, n)
		if !unit && zeroOnDiagonal(triangle) {
			return ErrSingular
		}
		return e.solve(triangle, matrixOf(b[i*n*m:][:n*m], n, m), lower, unit, op)
	})
}

func zeroOnDiagonal[T Field](a submatrix[T]) bool {
	for i := range a.rows {
		if a.data[i*a.stride+i] == 0 {
			return true
		}
	}
	return false
}

// solveBlock is how many rows of a triangular system are solved one by one.
const solveBlock = 8

// solve replaces b by the solution of op(A)·X = B, [n, n] [n, m].
func (e elimination[T]) solve(a, b submatrix[T], lower, unit bool, op Transposition) error {
	n := a.rows
	if b.cols == 0 {
		return nil
	}
	if n <= solveBlock || b.cols == 1 {
		return e.solveRows(a, b, lower, unit, op)
	}
	h := half(n)
	first0, first1, second0, second1 := 0, h, h, n
	if lower != (op == Plain) { // from the last row to the first
		first0, first1, second0, second1 = h, n, 0, h
	}
	between := a.part(second0, second1, first0, first1)
	if op != Plain {
		between = a.part(first0, first1, second0, second1)
	}
	first, second := b.part(first0, first1, 0, b.cols), b.part(second0, second1, 0, b.cols)
	if err := e.solve(a.part(first0, first1, first0, first1), first, lower, unit, op); err != nil {
		return err
	}
	if err := e.takeOff(second, between, first, op, Plain, false); err != nil {
		return err
	}
	return e.solve(a.part(second0, second1, second0, second1), second, lower, unit, op)
}

// solveRows is solve row by row.
func (e elimination[T]) solveRows(a, b submatrix[T], lower, unit bool, op Transposition) error {
	n := a.rows
	if triangle, ok := any(a).(submatrix[float64]); ok && op == Plain && b.cols == 1 && b.stride == 1 {
		return solveVectorF64(triangle, any(b.data).([]float64), lower, unit, e.poller)
	}
	forward := lower == (op == Plain)
	for s := range n {
		i := s
		if !forward {
			i = n - 1 - s
		}
		// The rest of the triangle's row i. Without transposition it takes the rows found so far off row i of b; with it,
		// row i off the rows to come.
		from, to := 0, i
		if !lower {
			from, to = i+1, n
		}
		rest, others, row := a.row(i)[from:to], b.part(from, to, 0, b.cols), b.row(i)
		diagonal := a.data[i*a.stride+i]
		if op == Plain {
			if err := takeOffRow(row, rest, others, e.poller); err != nil {
				return err
			}
		} else if op == ConjugateTransposed {
			diagonal = conjugate(diagonal)
		}
		if !unit {
			divideBy(row, diagonal)
		}
		if op != Plain {
			takeOffOthers(row, rest, others, op == ConjugateTransposed)
		}
		if err := e.poller.spend((to - from) * (b.cols/2 + 8)); err != nil {
			return err
		}
	}
	return nil
}

// solveVectorF64 replaces x by the solution of A·x = b, [n, n] [n].
func solveVectorF64(a submatrix[float64], x []float64, lower, unit bool, p *poller) error {
	n := a.rows
	for s := range n {
		i, from, to := s, 0, s
		if !lower {
			i, from, to = n-1-s, n-s, n
		}
		row := a.data[i*a.stride:][:n]
		known, err := dotContiguous(row[from:to], x[from:to], p)
		if err != nil {
			return err
		}
		x[i] -= known
		if !unit {
			x[i] /= row[i]
		}
	}
	return nil
}

// takeOffRow subtracts rest·others from row: [k] [k, m] from [m].
func takeOffRow[T Field](row, rest []T, others submatrix[T], p *poller) error {
	if others.cols == 1 {
		s, err := dot(rest, others.data, len(rest), 1, others.stride, p)
		row[0] -= s
		return err
	}
	for j, factor := range rest {
		addScaled(row, others.row(j), -factor)
	}
	return nil
}

// takeOffOthers subtracts the products of rest and row from others: [k] [m] from [k, m].
func takeOffOthers[T Field](row, rest []T, others submatrix[T], conjugated bool) {
	if others.cols == 1 && others.stride == 1 && !conjugated {
		addScaled(others.data[:others.rows], rest, -row[0])
		return
	}
	for j, factor := range rest {
		if conjugated {
			factor = conjugate(factor)
		}
		addScaled(others.row(j), row, -factor)
	}
}
