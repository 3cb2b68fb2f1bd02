package kernel

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack/gonum"
)

// factorsOf are all results of a matrix that are made by elimination and by reflections.
func factorsOf(t *testing.T, n int) map[string][]float64 {
	t.Helper()
	definite, general, right := positiveDefinite[float64](n, 1), normal[float64](n*n, 2), normal[float64](n*n, 3)
	l, lu, perm, x := make([]float64, n*n), make([]float64, n*n), make([]int64, n), make([]float64, n*n)
	one, q, r := make([]float64, n), make([]float64, n*n), make([]float64, n*n)
	check(t, Cholesky(l, definite, 1, n, nil))
	check(t, LU(lu, perm, general, 1, n, n, nil))
	check(t, Solve(x, general, right, 1, n, n, nil))
	check(t, Solve(one, general, right[:n], 1, n, 1, nil))
	check(t, QR(q, r, general, 1, n, n, nil))
	return map[string][]float64{"cholesky": l, "lu": lu, "solve": x, "solve of a vector": one, "Q": q, "R": r}
}

// eliminationSizes straddle the sizes of blocks, tiles and packed pieces.
var eliminationSizes = []int{0, 1, 2, 7, 8, 9, 17, 33, 40, 41, 100, 130}

// TestFactorsAreTheSameWithoutVectors compares the assembly with the loops, to the bit.
func TestFactorsAreTheSameWithoutVectors(t *testing.T) {
	fast := map[int]map[string][]float64{}
	for _, n := range eliminationSizes {
		fast[n] = factorsOf(t, n)
	}
	withoutVector(t)
	for _, n := range eliminationSizes {
		for what, want := range factorsOf(t, n) {
			checkSame(t, fmt.Sprintf("%s %d", what, n), fast[n][what], want)
		}
	}
}

// TestFactorsAreThoseOfGonum compares with Dpotrf, Dgetrf and Dgetrs.
func TestFactorsAreThoseOfGonum(t *testing.T) {
	lapack := gonum.Implementation{}
	for _, n := range append(eliminationSizes[1:], 300, 600) {
		got := factorsOf(t, n)
		tolerance := 1e-11 * float64(n)
		l := positiveDefinite[float64](n, 1)
		lapack.Dpotrf(blas.Lower, n, l, n)
		for i := range n {
			clear(l[i*n+i+1 : (i+1)*n])
		}
		checkClose(t, fmt.Sprint("cholesky ", n), got["cholesky"], l, tolerance)
		lu, x, pivots := normal[float64](n*n, 2), normal[float64](n*n, 3), make([]int, n)
		lapack.Dgetrf(n, n, lu, n, pivots)
		checkClose(t, fmt.Sprint("lu ", n), got["lu"], lu, tolerance)
		lapack.Dgetrs(blas.NoTrans, n, n, lu, n, pivots, x, n)
		largest := largestPart(x)
		checkClose(t, fmt.Sprint("solve ", n), got["solve"], x, tolerance*largest*largest)
	}
}

// TestEliminationOfSingularMatrices has zero columns and equal rows at all places of the blocks.
func TestEliminationOfSingularMatrices(t *testing.T) {
	const n = 90
	for _, at := range []int{0, 7, 8, 41, 50, 88, 89} {
		a := normal[float64](n*n, 1)
		for i := range n {
			a[i*n+at] = 0
		}
		lu, perm := make([]float64, n*n), make([]int64, n)
		check(t, LU(lu, perm, a, 1, n, n, nil))
		if lu[at*n+at] != 0 {
			t.Errorf("column %d is zero, and the diagonal of U has %v there", at, lu[at*n+at])
		}
		lower, upper, permuted := identity[float64](n), make([]float64, n*n), make([]float64, n*n)
		for i := range n {
			copy(lower[i*n:][:i], lu[i*n:])
			copy(upper[i*n+i:(i+1)*n], lu[i*n+i:])
			copy(permuted[i*n:][:n], a[int(perm[i])*n:])
		}
		checkClose(t, fmt.Sprint("zero column ", at), times(lower, upper, n, n, n), permuted, 1e-11)
		if err := Solve(make([]float64, n), a, a[:n], 1, n, 1, nil); !errors.Is(err, ErrSingular) {
			t.Errorf("zero column %d: %v", at, err)
		}
		for _, bad := range []float64{0, -1, math.NaN(), math.Inf(-1)} {
			definite := positiveDefinite[float64](n, 1)
			definite[at*n+at] = bad
			if err := Cholesky(lu, definite, 1, n, nil); !errors.Is(err, ErrNotPositiveDefinite) {
				t.Errorf("%v at %d of the diagonal: %v", bad, at, err)
			}
		}
	}
}

// TestTheUpperTriangleIsNotRead holds that of Cholesky's operand only the lower triangle counts.
func TestTheUpperTriangleIsNotRead(t *testing.T) {
	for _, n := range eliminationSizes {
		a, want, got := positiveDefinite[float64](n, 1), make([]float64, n*n), make([]float64, n*n)
		check(t, Cholesky(want, a, 1, n, nil))
		for i := range n {
			Fill(a[i*n+i+1:(i+1)*n], math.NaN())
		}
		check(t, Cholesky(got, a, 1, n, nil))
		checkSame(t, fmt.Sprint("cholesky ", n), got, want)
		check(t, Cholesky(a, a, 1, n, nil))
		checkSame(t, fmt.Sprint("in place ", n), a, want)
	}
}
