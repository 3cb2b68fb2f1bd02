package kernel

import (
	"math"

	"github.com/calx-lang/calx/runtime/elementary"
)

// Cholesky writes the lower triangular L with L·Lᴴ = A, [n, n] -> [n, n]; only the lower triangle of A is read. dst may be
// src. ErrNotPositiveDefinite also where A has a NaN.
func Cholesky[T Field](dst, src []T, batch, n int, poll func() error) error {
	p := newPoller(poll)
	e := newElimination[T](&p)
	defer e.release()
	return eachMatrix(batch, poll, func(i int) error {
		a := dst[i*n*n:][:n*n]
		if err := copyInPieces(a, src[i*n*n:][:n*n], poll); err != nil {
			return err
		}
		if err := e.cholesky(matrixOf(a, n, n)); err != nil {
			return err
		}
		for r := range n {
			clear(a[r*n+r+1 : (r+1)*n])
		}
		return nil
	})
}

// choleskyBlock is how many columns of L are found one by one.
const choleskyBlock = 32

// cholesky replaces the lower triangle of a by L; what is above becomes arbitrary.
func (e elimination[T]) cholesky(a submatrix[T]) error {
	n := a.rows
	if n <= choleskyBlock {
		return e.choleskyColumns(a)
	}
	h := half(n)
	first, below := a.part(0, h, 0, h), a.part(h, n, 0, h)
	if err := e.cholesky(first); err != nil {
		return err
	}
	if err := e.solveAdjoint(below, first); err != nil {
		return err
	}
	rest := a.part(h, n, h, n)
	if err := e.takeOff(rest, below, below, Plain, ConjugateTransposed, true); err != nil {
		return err
	}
	return e.cholesky(rest)
}

func (e elimination[T]) choleskyColumns(a submatrix[T]) error {
	n := a.rows
	for j := range n {
		row := a.row(j)[:j+1]
		d := realPart(row[j] - adjointProduct(row[:j], row))
		if !(d > 0) {
			return ErrNotPositiveDefinite
		}
		row[j] = fromReal[T](math.Sqrt(d))
		adjointColumn(a.part(j+1, n, 0, n), row)
	}
	return e.poller.spend(n*n*n/3 + 8*n)
}

// adjointColumn finds element j of the rows x of X·Lᴴ = B, those before being known, from row j of L.
func adjointColumn[T Field](x submatrix[T], l []T) {
	j := len(l) - 1
	if x.rows == 0 {
		return
	}
	i := 0
	if data, ok := any(x.data).([]float64); ok {
		i = adjointColumnF64(data, x.rows, x.stride, any(l).([]float64))
	}
	for ; i < x.rows; i++ {
		row := x.row(i)
		row[j] = divNumber(row[j]-adjointProduct(row[:j], l), l[j])
	}
}

// adjointColumnF64 is adjointColumn four rows at a time, whose sums don't wait for each other. It returns how many rows it
// did.
func adjointColumnF64(x []float64, rows, stride int, l []float64) int {
	j := len(l) - 1
	known, d := l[:j], l[j]
	done := rows &^ 3
	for i := 0; i < done; i += 4 {
		at := x[i*stride:]
		r0, r1, r2, r3 := at[:j+1], at[stride:][:j+1], at[2*stride:][:j+1], at[3*stride:][:j+1]
		var s0, s1, s2, s3 float64
		for k, v := range known {
			s0 += float64(r0[k] * v)
			s1 += float64(r1[k] * v)
			s2 += float64(r2[k] * v)
			s3 += float64(r3[k] * v)
		}
		r0[j], r1[j], r2[j], r3[j] = (r0[j]-s0)/d, (r1[j]-s1)/d, (r2[j]-s2)/d, (r3[j]-s3)/d
	}
	return done
}

// adjointProduct is the sum of the products of x and the conjugates of y, which may be longer.
func adjointProduct[T Field](x, y []T) T {
	var sum T
	switch x := any(x).(type) {
	case []float64:
		y := any(y).([]float64)[:len(x)]
		total := 0.0
		for i, v := range x {
			total += float64(v * y[i])
		}
		*any(&sum).(*float64) = total
	case []complex128:
		y := any(y).([]complex128)[:len(x)]
		var total complex128
		for i, v := range x {
			total += elementary.MulComplex(v, complex(real(y[i]), -imag(y[i])))
		}
		*any(&sum).(*complex128) = total
	}
	return sum
}

// solveAdjoint replaces X by the solution of X·Lᴴ = B, which stands there: [m, n] [n, n].
func (e elimination[T]) solveAdjoint(x, l submatrix[T]) error {
	n := x.cols
	if n <= tileColumns {
		for row := 0; row < x.rows; row += maxBlock {
			if err := e.solveAdjointPanel(x.part(row, min(row+maxBlock, x.rows), 0, n), l); err != nil {
				return err
			}
		}
		return nil
	}
	h := half(n)
	first, rest := x.part(0, x.rows, 0, h), x.part(0, x.rows, h, n)
	if err := e.solveAdjoint(first, l.part(0, h, 0, h)); err != nil {
		return err
	}
	if err := e.takeOff(rest, first, l.part(h, n, 0, h), Plain, ConjugateTransposed, false); err != nil {
		return err
	}
	return e.solveAdjoint(rest, l.part(h, n, h, n))
}

// solveAdjointPanel is solveAdjoint for a few columns, which it turns into rows.
func (e elimination[T]) solveAdjointPanel(x, l submatrix[T]) error {
	m, n, columns := x.rows, x.cols, e.turn(x)
	for j := range n {
		column := columns[j*m:][:m]
		for k, v := range l.row(j)[:j] {
			addScaled(column, columns[k*m:][:m], -conjugate(v))
		}
		divideBy(column, l.data[j*l.stride+j])
	}
	x.turnBack(columns)
	return e.poller.spend(m * (n*n + 8*n))
}

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
