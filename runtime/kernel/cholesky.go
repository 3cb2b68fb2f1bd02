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
