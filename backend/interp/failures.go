package interp

import (
	"errors"
	"slices"
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

var (
	divisionByZero   error = runtime.Fail(ast.CodeDivisionByZero, "an integer is divided by zero")
	errWrongArgument       = errors.New("a value does not have the type of its parameter")
)

func negativePower(k int64) error {
	return runtime.Fail(ast.CodeNegativePower, "an integer is raised to the negative power %d", k)
}

func outOfRange(x float64) error {
	return runtime.Fail(ast.CodeOutOfRange, "%s is not in the range of i64", strconv.FormatFloat(x, 'g', -1, 64))
}

func outside(k int64, n int) error {
	return runtime.Fail(ast.CodeIndex, "index %d is out of range for size %d", k, n)
}

// inside is the index k of an axis of size n, counted from the end if it is
// negative and that is meant, or the error that says it is not there.
func inside(k int64, n int, flag uint16) (int64, error) {
	at := k
	if flag&wraps != 0 && k < 0 {
		at += int64(n)
	}
	if at < 0 || at >= int64(n) {
		return 0, outside(k, n)
	}
	return at, nil
}

// failure gives the errors of kernels their codes and words.
func failure(err error) error {
	var index *kernel.RangeError
	var matrix *kernel.MatrixError
	switch {
	case errors.As(err, &matrix):
		return matrixFailure(matrix)
	case errors.As(err, &index):
		return outside(index.Index, index.Size)
	case errors.Is(err, kernel.ErrDivisionByZero):
		return divisionByZero
	case errors.Is(err, kernel.ErrEmptyAxis):
		return runtime.Fail(ast.CodeEmptyReduction, "the axis has no elements")
	}
	return err
}

func matrixFailure(err *kernel.MatrixError) error {
	which := "the matrix"
	if err.Count > 1 {
		which = "matrix " + strconv.Itoa(err.Batch) + " of the batch"
	}
	switch {
	case errors.Is(err, kernel.ErrSingular):
		return runtime.Fail(ast.CodeSingular, "%s is singular", which)
	case errors.Is(err, kernel.ErrNotPositiveDefinite):
		return runtime.Fail(ast.CodeNotPositive, "%s is not positive definite", which)
	}
	return runtime.Fail(ast.CodeNoConvergence, "the iteration for %s does not converge", which)
}

// A place is where an operation stands: in the text, and in the calls that it
// was inlined from, innermost first.
type place struct {
	span  ast.Span
	calls []ast.Span
}

func placeOf(op *ir.Op) place { return place{op.Pos, op.Calls} }

// at is the error err at a place inside the instruction that runs.
func (m *machine) at(err error, p place) error {
	return runtime.At(failure(err), p.span, append(slices.Clip(p.calls), m.trace()...))
}
