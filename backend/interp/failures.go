package interp

import (
	"errors"
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

var divisionByZero error = runtime.Fail(ast.CodeDivisionByZero, "an integer is divided by zero")

func negativePower(k int64) error {
	return runtime.Fail(ast.CodeNegativePower, "an integer is raised to the negative power %d", k)
}

func outOfRange(x float64) error {
	return runtime.Fail(ast.CodeOutOfRange, "%s is not in the range of i64", strconv.FormatFloat(x, 'g', -1, 64))
}

// inside is the index k of an axis of size n, counted from the end if it is
// negative and that is meant, or the error that says it is not there.
func inside(k int64, n int, flag uint16) (int64, error) {
	at := k
	if flag&wraps != 0 && k < 0 {
		at += int64(n)
	}
	if uint64(at) >= uint64(n) || at < 0 {
		return 0, runtime.Fail(ast.CodeIndex, "index %d is out of range for size %d", k, n)
	}
	return at, nil
}

var errWrongArgument = errors.New("a value does not have the type of its parameter")
