package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
)

// Linear algebra works on batch matrices that follow each other, row-major, and polls after each. Results agree with
// other implementations to rounding, not to the bit. Where a matrix has no result, the error is a *MatrixError.

// Field is an element of the matrices of linear algebra.
type Field interface{ float64 | complex128 }

// The reasons why a matrix has no factorisation.
var (
	ErrSingular            = errors.New("matrix is singular")
	ErrNotPositiveDefinite = errors.New("matrix is not positive definite")
	ErrNoConvergence       = errors.New("iteration does not converge")
)

// MatrixError says which matrix of a batch failed, and why: Err is one of the errors above.
type MatrixError struct {
	Err   error
	Batch int // position in the batch
	Count int // matrices in the batch
}

func (e *MatrixError) Error() string {
	if e.Count == 1 {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v (number %d of %d)", e.Err, e.Batch, e.Count)
}

func (e *MatrixError) Unwrap() error { return e.Err }

// eachMatrix runs f for every matrix of a batch, and poll before and after.
func eachMatrix(batch int, poll func() error, f func(b int) error) error {
	for b := range batch {
		if poll != nil {
			if err := poll(); err != nil {
				return err
			}
		}
		if err := f(b); err != nil {
			if errors.Is(err, ErrSingular) || errors.Is(err, ErrNotPositiveDefinite) || errors.Is(err, ErrNoConvergence) {
				return &MatrixError{err, b, batch}
			}
			return err
		}
	}
	if poll != nil && batch > 0 {
		return poll()
	}
	return nil
}

// Workspace bounds the memory that QR, SVD, eigenvalues and eigenvectors take while they run: that of so many matrices like
// the operand. The other kernels here take that of some hundred of its rows.
const Workspace = 6

// cube is a·b·c, of which operation counts are multiples.
func cube(a, b, c int) float64 { return float64(a) * float64(b) * float64(c) }

// copyInPieces is copy, with polls: a large matrix takes long, most of all when its memory is new.
func copyInPieces[T any](dst, src []T, poll func() error) error {
	const piece = 1 << 16
	for len(src) > piece && poll != nil {
		n := copy(dst, src[:piece])
		dst, src = dst[n:], src[n:]
		if err := poll(); err != nil {
			return err
		}
	}
	copy(dst, src)
	return nil
}

// magnitude is |x|.
func magnitude[T Field](x T) float64 {
	switch x := any(x).(type) {
	case float64:
		return math.Abs(x)
	case complex128:
		return cmplx.Abs(x)
	}
	return 0
}

// conjugate is the complex conjugate of x, x itself if it is real.
func conjugate[T Field](x T) T {
	if z, ok := any(x).(complex128); ok {
		return any(complex(real(z), -imag(z))).(T)
	}
	return x
}

// realPart is the real part of x.
func realPart[T Field](x T) float64 {
	switch x := any(x).(type) {
	case float64:
		return x
	case complex128:
		return real(x)
	}
	return 0
}

// fromReal is v as an element.
func fromReal[T Field](v float64) T {
	var x T
	switch p := any(&x).(type) {
	case *float64:
		*p = v
	case *complex128:
		*p = complex(v, 0)
	}
	return x
}

// finite says whether all elements are numbers.
func finite[T Field](x []T) bool {
	for _, v := range x {
		if d := v - v; d != d {
			return false
		}
	}
	return true
}

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
	return eachMatrix(batch, poll, func(i int) error {
		p := newPoller(poll)
		return trSolve(a[i*n*n:][:n*n], b[i*n*m:][:n*m], n, m, lower, unit, op, &p)
	})
}

func trSolve[T Field](a, b []T, n, m int, lower, unit bool, op Transposition, p *poller) error {
	if !unit {
		for i := range n {
			if a[i*n+i] == 0 {
				return ErrSingular
			}
		}
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
		rest, others, row := a[i*n+from:i*n+to], b[from*m:to*m], b[i*m:][:m]
		diagonal := a[i*n+i]
		if op == Plain {
			if err := takeOffRow(row, rest, others, m, p); err != nil {
				return err
			}
		} else if op == ConjugateTransposed {
			diagonal = conjugate(diagonal)
		}
		if !unit {
			for j, v := range row {
				row[j] = divNumber(v, diagonal)
			}
		}
		if op != Plain {
			takeOffOthers(row, rest, others, m, op == ConjugateTransposed)
		}
		if err := p.spend((to - from) * (m/2 + 8)); err != nil {
			return err
		}
	}
	return nil
}

// takeOffRow subtracts rest·others from row: [k] [k, m] from [m].
func takeOffRow[T Field](row, rest, others []T, m int, p *poller) error {
	if m == 1 {
		s, err := dot(rest, others, len(rest), 1, 1, p)
		row[0] -= s
		return err
	}
	for j, factor := range rest {
		addScaled(row, others[j*m:][:m], -factor)
	}
	return nil
}

// takeOffOthers subtracts the products of rest and row from others: [k] [m] from [k, m].
func takeOffOthers[T Field](row, rest, others []T, m int, conjugated bool) {
	if m == 1 && !conjugated {
		addScaled(others, rest, -row[0])
		return
	}
	for j, factor := range rest {
		if conjugated {
			factor = conjugate(factor)
		}
		addScaled(others[j*m:][:m], row, -factor)
	}
}
