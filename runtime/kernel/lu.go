package kernel

import "math"

// LU writes the factors of row-permuted matrices, [m, n] -> [m, n] and [m]: L below the diagonal (its own is 1) and U on
// and above it, with A[perm[i], :] = (L·U)[i, :]. Pivots are the largest of their column. dst may be src. A singular
// matrix has a zero on the diagonal of U.
func LU[T Field](dst []T, perm []int64, src []T, batch, m, n int, poll func() error) error {
	p := newPoller(poll)
	e := newElimination[T](&p)
	defer e.release()
	return eachMatrix(batch, poll, func(i int) error {
		a := dst[i*m*n:][:m*n]
		if err := copyInPieces(a, src[i*m*n:][:m*n], poll); err != nil {
			return err
		}
		return e.lu(matrixOf(a, m, n), perm[i*m:][:m])
	})
}

func (e elimination[T]) lu(a submatrix[T], perm []int64) error {
	for i := range perm {
		perm[i] = int64(i)
	}
	k := min(a.rows, a.cols)
	if err := e.luColumns(a, perm, 0, k); err != nil {
		return err
	}
	if k == a.cols {
		return nil
	}
	return e.solve(a.part(0, k, 0, k), a.part(0, k, k, a.cols), true, true, Plain)
}

// luBlock is how many columns are eliminated one by one.
const luBlock = 8

// luRows is how many rows are left when they are eliminated one by one.
const luRows = 40

// luColumns eliminates below the diagonal elements from … to, and changes these columns alone, but for rows that change
// places.
func (e elimination[T]) luColumns(a submatrix[T], perm []int64, from, to int) error {
	if rows, ok := any(a).(submatrix[float64]); ok && a.rows-from <= luRows {
		luRowsF64(rows, perm, from, to)
		return e.poller.spend((to-from)*(to-from)*(a.rows-from) + a.cols)
	}
	if to-from <= luBlock {
		return e.luPanel(a, perm, from, to)
	}
	middle := from + half(to-from)
	if err := e.luColumns(a, perm, from, middle); err != nil {
		return err
	}
	beside := a.part(from, middle, middle, to)
	if err := e.solve(a.part(from, middle, from, middle), beside, true, true, Plain); err != nil {
		return err
	}
	if err := e.takeOff(a.part(middle, a.rows, middle, to), a.part(middle, a.rows, from, middle), beside, Plain, Plain, false); err != nil {
		return err
	}
	return e.luColumns(a, perm, middle, to)
}

// luPanel is luColumns for a few columns, which it turns into rows.
func (e elimination[T]) luPanel(a submatrix[T], perm []int64, from, to int) error {
	m, width := a.rows-from, to-from
	panel := a.part(from, a.rows, from, to)
	columns := e.turn(panel)
	for k := range width {
		column := columns[k*m:][:m]
		if pivot := k + largestOf(column[k:]); pivot != k {
			exchange(a.part(0, a.rows, 0, from), from+k, from+pivot)
			exchange(a.part(0, a.rows, to, a.cols), from+k, from+pivot)
			perm[from+k], perm[from+pivot] = perm[from+pivot], perm[from+k]
			for at := 0; at < len(columns); at += m {
				columns[at+k], columns[at+pivot] = columns[at+pivot], columns[at+k]
			}
		}
		if column[k] == 0 {
			continue
		}
		below := column[k+1:]
		divideBy(below, column[k])
		for j := k + 1; j < width; j++ {
			addScaled(columns[j*m+k+1:(j+1)*m], below, -columns[j*m+k])
		}
		if err := e.poller.spend(m*(width-k+8) + a.cols); err != nil {
			return err
		}
	}
	panel.turnBack(columns)
	return e.poller.spend(2 * m * width)
}

// luRowsF64 is luColumns for a few rows.
func luRowsF64(a submatrix[float64], perm []int64, from, to int) {
	for k := from; k < to; k++ {
		pivot, largest := k, math.Abs(a.data[k*a.stride+k])
		for i := k + 1; i < a.rows; i++ {
			if v := math.Abs(a.data[i*a.stride+k]); !(v <= largest) && largest == largest {
				pivot, largest = i, v
			}
		}
		if pivot != k {
			exchange(a, k, pivot)
			perm[k], perm[pivot] = perm[pivot], perm[k]
		}
		if largest == 0 {
			continue
		}
		top := a.data[k*a.stride+k:][:to-k]
		for i := k + 1; i < a.rows; i++ {
			row := a.data[i*a.stride+k:][:to-k]
			row[0] /= top[0]
			addScaledF64(row[1:], top[1:], -row[0])
		}
	}
}

// largestOf is the place of the first NaN, or else of the largest of x, the first of equals.
func largestOf[T Field](x []T) int {
	if x, ok := any(x).([]float64); ok {
		at, largest := 0, math.Abs(x[0])
		for i, v := range x {
			if v := math.Abs(v); !(v <= largest) && largest == largest {
				at, largest = i, v
			}
		}
		return at
	}
	at, largest := 0, magnitude(x[0])
	for i, v := range x {
		if v := magnitude(v); !(v <= largest) && largest == largest {
			at, largest = i, v
		}
	}
	return at
}

// exchange lets two rows change places.
func exchange[T Field](a submatrix[T], i, j int) {
	if a.cols == 0 {
		return
	}
	x, y := a.row(i), a.row(j)
	for k, v := range x {
		x[k], y[k] = y[k], v
	}
}

// divideBy divides all elements of x by d.
func divideBy[T Field](x []T, d T) {
	if x, ok := any(x).([]float64); ok && len(x) >= tileColumns {
		divF64(x, x, []float64{any(d).(float64)})
		return
	}
	for i, v := range x {
		x[i] = divNumber(v, d)
	}
}

// PermutationSign is 1 for an even permutation, -1 for an odd one.
func PermutationSign(perm []int64) float64 {
	sign := 1.0
	seen := make([]bool, len(perm))
	for i := range perm {
		for j := perm[i]; !seen[i] && int(j) != i; j = perm[j] {
			seen[j] = true
			sign = -sign
		}
		seen[i] = true
	}
	return sign
}

// Solve writes X with A·X = B, [n, n] [n, m] -> [n, m]. ErrSingular if a pivot is exactly zero. It copies A. x may be b.
func Solve[T Field](x, a, b []T, batch, n, m int, poll func() error) error {
	factors, perm := make([]T, n*n), make([]int64, n)
	right := make([]T, n*m)
	p := newPoller(poll)
	e := newElimination[T](&p)
	defer e.release()
	return eachMatrix(batch, poll, func(i int) error {
		if err := copyInPieces(factors, a[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		lu := matrixOf(factors, n, n)
		if err := e.lu(lu, perm); err != nil {
			return err
		}
		for r, from := range perm {
			copy(right[r*m:][:m], b[i*n*m+int(from)*m:])
		}
		if zeroOnDiagonal(lu) {
			return ErrSingular
		}
		columns := matrixOf(right, n, m)
		if err := e.solve(lu, columns, true, true, Plain); err != nil {
			return err
		}
		if err := e.solve(lu, columns, false, false, Plain); err != nil {
			return err
		}
		copy(x[i*n*m:], right)
		return nil
	})
}
