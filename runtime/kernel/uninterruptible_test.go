package kernel

import (
	"errors"
	"fmt"
	"testing"
)

var errStopped = errors.New("stopped")

// TestDetachedComputationsAreAbandoned stops computations of seconds to minutes as soon as they run: the caller has the
// error of its poll while they still hold their places.
func TestDetachedComputationsAreAbandoned(t *testing.T) {
	if testing.Short() {
		t.Skip("the abandoned computations run on for a while")
	}
	const n = 1500
	a, x, y, w := positiveDefinite[float64](n, 1), make([]float64, n*n), make([]float64, n*n), make([]float64, n)
	v, wc := make([]complex128, n*n), make([]complex128, n)
	for what, run := range map[string]func(poll func() error) error{
		"eigh": func(poll func() error) error { return Eigh(w, x, a, 1, n, poll) },
		"svd":  func(poll func() error) error { return SVD(x, w, y, a, 1, n, n, poll) },
		"eig":  func(poll func() error) error { return Eig(wc, v, a, 1, n, poll) },
	} {
		begun, late := 0, 0 // polls since it has its place
		err := run(func() error {
			if len(detachedComputations) > 0 {
				begun++
			}
			if begun < 100 {
				return nil
			}
			late++
			return errStopped
		})
		if err != errStopped || late != 1 {
			t.Errorf("%s: error %v, %d polls failed, want the error of the first", what, err, late)
		}
		if len(detachedComputations) == 0 {
			t.Errorf("%s: the caller has waited for the computation", what)
		}
	}
}

// TestOwnFactorisationsPollOften stops those that need no goroutine in their middle.
func TestOwnFactorisationsPollOften(t *testing.T) {
	const n = 400
	a, x, perm := positiveDefinite[float64](n, 1), make([]float64, n*n), make([]int64, n)
	y, c, v, v2 := make([]float64, n*n), make([]complex128, n*n), make([]complex128, n*n), make([]complex128, n*n)
	ToComplex(c, a)
	for what, run := range map[string]func(poll func() error) error{
		"cholesky":         func(poll func() error) error { return Cholesky(x, a, 1, n, poll) },
		"complex cholesky": func(poll func() error) error { return Cholesky(v, c, 1, n, poll) },
		"lu":               func(poll func() error) error { return LU(x, perm, a, 1, n, n, poll) },
		"complex lu":       func(poll func() error) error { return LU(v, perm, c, 1, n, n, poll) },
		"solve":            func(poll func() error) error { return Solve(x, a, a, 1, n, n, poll) },
		"qr":               func(poll func() error) error { return QR(x, y, a, 1, n, n, poll) },
		"complex qr":       func(poll func() error) error { return QR(v, v2, c, 1, n, n, poll) },
	} {
		polls := 0
		check(t, run(func() error { polls++; return nil }))
		if polls < 10 {
			t.Errorf("%s: %d polls", what, polls)
		}
		left := polls / 2
		err := run(func() error {
			if left--; left < 0 {
				return errStopped
			}
			return nil
		})
		if err != errStopped || left != -1 {
			t.Errorf("%s: error %v, %d polls after it", what, err, -1-left)
		}
	}
}

// TestDetachedComputationsAreBounded holds that those that are abandoned keep their places until they are done, and that
// who waits for a place obeys poll.
func TestDetachedComputationsAreBounded(t *testing.T) {
	release := make(chan struct{})
	stop := func() error { return errStopped }
	places := cap(detachedComputations) - len(detachedComputations)
	for range places {
		if err := compute(true, stop, func() error { <-release; return nil }); err != errStopped {
			t.Fatalf("error %v, want the poll's", err)
		}
	}
	ran := false
	if err := compute(true, stop, func() error { ran = true; return nil }); err != errStopped || ran {
		t.Errorf("one too many: error %v, ran %v", err, ran)
	}
	close(release)
	if err := compute(true, func() error { return nil }, func() error { ran = true; return nil }); err != nil || !ran {
		t.Errorf("with places again: error %v, ran %v", err, ran)
	}
}

func TestPanicsOfComputationsAreErrors(t *testing.T) {
	for _, detached := range []bool{false, true} {
		err := compute(detached, func() error { return nil }, func() error { panic("lapack: bad argument") })
		if err != ErrNoConvergence {
			t.Errorf("detached %v: %v", detached, err)
		}
	}
}

// TestDetachedResultsAreThoseOfOthers compares to the bit, with operands that are results too where that is allowed.
func TestDetachedResultsAreThoseOfOthers(t *testing.T) {
	const n = 160 // heavy enough for all
	a := positiveDefinite[float64](n, 3)
	for what, run := range map[string]func(poll func() error) []float64{
		"eigh": func(poll func() error) []float64 {
			out := append(make([]float64, n), a...)
			check(t, Eigh(out[:n], out[n:], out[n:], 1, n, poll))
			return out
		},
		"svd": func(poll func() error) []float64 {
			out := make([]float64, n+2*n*n)
			check(t, SVD(out[n:][:n*n], out[:n], out[n+n*n:], a, 1, n, n, poll))
			return out
		},
		"eig": func(poll func() error) []float64 {
			w, v := make([]complex128, n), make([]complex128, n*n)
			check(t, Eig(w, v, a, 1, n, poll))
			out := make([]float64, n*n)
			RealPart(out, v)
			return out
		},
	} {
		plain, detached := run(nil), run(func() error { return nil })
		for i, v := range plain {
			if v != detached[i] {
				t.Fatalf("%s: element %d is %v, and %v detached", what, i, v, detached[i])
			}
		}
	}
	if !detaches(4*cube(n, n, n), func() error { return nil }) {
		t.Error("the matrices are too small to show anything")
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestLargeFactors holds what TestFactorsAndSolves does for several blocks.
func TestLargeFactors(t *testing.T) {
	for _, shape := range [][2]int{{350, 350}, {400, 130}, {130, 400}} {
		m, n := shape[0], shape[1]
		k := min(m, n)
		a, perm := normal[complex128](m*n, 1), make([]int64, m)
		packed := make([]complex128, m*n)
		check(t, LU(packed, perm, a, 1, m, n, nil))
		lower, upper, permuted := make([]complex128, m*k), make([]complex128, k*n), make([]complex128, m*n)
		for i := range m {
			copy(permuted[i*n:(i+1)*n], a[int(perm[i])*n:])
			copy(lower[i*k:][:min(i, k)], packed[i*n:])
			if i < k {
				lower[i*k+i] = 1
				copy(upper[i*n+i:(i+1)*n], packed[i*n+i:])
			}
		}
		checkClose(t, fmt.Sprintf("lu %v", shape), times(lower, upper, m, k, n), permuted, 1e-12)
	}
	const n = 350
	a := positiveDefinite[complex128](n, 1)
	l := make([]complex128, n*n)
	check(t, Cholesky(l, a, 1, n, nil))
	checkClose(t, "cholesky", times(l, adjoint(l, n, n), n, n, n), a, 1e-10)
	a[300*n+300] = -1
	if err := Cholesky(l, a, 1, n, nil); !errors.Is(err, ErrNotPositiveDefinite) {
		t.Errorf("cholesky of an indefinite matrix: %v", err)
	}
}
