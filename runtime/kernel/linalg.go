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
// the operand. The other kernels here take some hundred thousand elements, whatever its size.
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
