package kernel

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

var errStopped = errors.New("stopped")

// stopAfter is a poll that fails from this moment on, and counts how late it was asked first.
func stopAfter(d time.Duration, late *time.Duration) func() error {
	stop := time.Now().Add(d)
	return func() error {
		if *late = time.Since(stop); *late > 0 {
			return errStopped
		}
		return nil
	}
}

// TestLongFactorisationsStopAtOnce stops computations of seconds to minutes in their middle. The best of three attempts
// counts, since the machine may be busy.
func TestLongFactorisationsStopAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("the abandoned computations run on for a while")
	}
	const n, within = 1500, 50 * time.Millisecond
	a, x, y, w := positiveDefinite[float64](n, 1), make([]float64, n*n), make([]float64, n*n), make([]float64, n)
	c, v, wc, perm := make([]complex128, n*n), make([]complex128, n*n), make([]complex128, n), make([]int64, n)
	ToComplex(c, a)
	for _, f := range []struct {
		name     string
		attempts int
		run      func(poll func() error) error
	}{
		{"cholesky", 3, func(poll func() error) error { return Cholesky(x, a, 1, n, poll) }},
		{"lu", 3, func(poll func() error) error { return LU(x, perm, a, 1, n, n, poll) }},
		{"complex lu", 3, func(poll func() error) error { return LU(v, perm, c, 1, n, n, poll) }},
		{"complex eigh", 3, func(poll func() error) error { return EighComplex(w, v, c, 1, n, poll) }},
		{"qr", 1, func(poll func() error) error { return QR(x, y, a, 1, n, n, poll) }},
		{"eigh", 1, func(poll func() error) error { return Eigh(w, x, a, 1, n, poll) }},
		{"svd", 1, func(poll func() error) error { return SVD(x, w, y, a, 1, n, n, poll) }},
		{"eig", 1, func(poll func() error) error { return Eig(wc, v, a, 1, n, poll) }},
	} {
		best := time.Hour
		for range f.attempts {
			begun := time.Now()
			var late time.Duration
			if err := f.run(stopAfter(40*time.Millisecond, &late)); err != errStopped {
				t.Fatalf("%s: error %v, want the poll's", f.name, err)
			}
			if best = min(best, time.Since(begun)-40*time.Millisecond); best < within {
				break
			}
		}
		if best > within {
			t.Errorf("%s stopped %v late, want at most %v", f.name, best, within)
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
		"qr": func(poll func() error) []float64 {
			out := make([]float64, 2*n*n)
			check(t, QR(out[:n*n], out[n*n:], a, 1, n, n, poll))
			return out
		},
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
