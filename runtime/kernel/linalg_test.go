package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"testing"
)

// matrixSizes straddle the sizes from which factors are made in blocks.
var matrixSizes = []int{0, 1, 2, 3, 7, 20, 63, 64, 65, 100, 128}

// normal makes elements of magnitude about 1.
func normal[T Field](n int, seed uint64) []T {
	x := make([]T, n)
	re, im := values[complex128](n, seed), values[complex128](n, seed+1)
	for i := range x {
		switch p := any(&x[i]).(type) {
		case *float64:
			*p = imag(re[i])
		case *complex128:
			*p = complex(imag(re[i]), imag(im[i]))
		}
	}
	return x
}

// times is the plain product of matrices.
func times[T Field](a, b []T, m, k, n int) []T {
	c := make([]T, m*n)
	if err := MatMul(c, a, b, 1, m, k, n, nil); err != nil {
		panic(err)
	}
	return c
}

// adjoint is the conjugate transpose.
func adjoint[T Field](a []T, m, n int) []T {
	b := make([]T, n*m)
	for i := range m {
		for j := range n {
			b[j*m+i] = conjugate(a[i*n+j])
		}
	}
	return b
}

func checkClose[T Field](t *testing.T, what string, got, want []T, tolerance float64) {
	t.Helper()
	for i := range want {
		if !(magnitude(got[i]-want[i]) <= tolerance) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func positiveDefinite[T Field](n int, seed uint64) []T {
	b := normal[T](n*n, seed)
	a := times(b, adjoint(b, n, n), n, n, n)
	for i := range n {
		a[i*n+i] = fromReal[T](realPart(a[i*n+i]) + 1)
	}
	return a
}

func testFactors[T Field](t *testing.T) {
	const eps = 1e-15
	for _, n := range matrixSizes {
		tolerance := eps * float64(20*n*n+1)
		a := append(positiveDefinite[T](n, 1), positiveDefinite[T](n, 2)...)
		l := make([]T, len(a))
		if err := Cholesky(l, a, 2, n, nil); err != nil {
			t.Fatal(err)
		}
		for b := range 2 {
			part := l[b*n*n:][:n*n]
			checkClose(t, fmt.Sprintf("cholesky %d", n), times(part, adjoint(part, n, n), n, n, n), a[b*n*n:][:n*n], tolerance)
			for i := range n {
				for j := i + 1; j < n; j++ {
					if part[i*n+j] != 0 {
						t.Fatalf("cholesky %d is not lower triangular", n)
					}
				}
			}
		}
		for _, m := range []int{n, n + 3, n / 2} {
			a, k := normal[T](m*n, 3), min(m, n)
			packed, perm := make([]T, m*n), make([]int64, m)
			if err := LU(packed, perm, a, 1, m, n, nil); err != nil {
				t.Fatal(err)
			}
			lower, upper, permuted := make([]T, m*k), make([]T, k*n), make([]T, m*n)
			for i := range m {
				copy(permuted[i*n:(i+1)*n], a[int(perm[i])*n:])
				for j := range n {
					if j < i && j < k {
						lower[i*k+j] = packed[i*n+j]
					} else if j >= i && i < k {
						upper[i*n+j] = packed[i*n+j]
					}
				}
				if i < k {
					lower[i*k+i] = 1
				}
			}
			checkClose(t, fmt.Sprintf("lu %d %d", m, n), times(lower, upper, m, k, n), permuted, tolerance)
		}
		for _, m := range []int{0, 1, 5} {
			a, x := positiveDefinite[T](n, 4), normal[T](n*m, 5)
			b := times(a, x, n, n, m)
			got := make([]T, n*m)
			if err := Solve(got, a, b, 1, n, m, nil); err != nil {
				t.Fatal(err)
			}
			checkClose(t, fmt.Sprintf("solve %d", n), times(a, got, n, n, m), b, tolerance*100)
			for _, lower := range []bool{false, true} {
				for _, unit := range []bool{false, true} {
					for _, op := range []Transposition{Plain, Transposed, ConjugateTransposed} {
						full := normal[T](n*n, 6)
						triangle := make([]T, n*n)
						for i := range n {
							full[i*n+i] += 4
							for j := range n {
								full[i*n+j] /= fromReal[T](float64(n))
								if i == j && unit {
									triangle[i*n+j] = 1
								} else if i == j || lower == (j < i) {
									triangle[i*n+j] = full[i*n+j]
								}
							}
						}
						applied := triangle
						if op != Plain {
							applied = adjoint(triangle, n, n)
						}
						if op == Transposed {
							for i, v := range applied {
								applied[i] = conjugate(v)
							}
						}
						b := normal[T](n*m, 7)
						x := append([]T{}, b...)
						if err := TrSolve(full, x, 1, n, m, lower, unit, op, nil); err != nil {
							t.Fatal(err)
						}
						checkClose(t, fmt.Sprintf("trsolve %d lower %v unit %v op %d", n, lower, unit, op), times(applied, x, n, n, m), b, tolerance*100)
					}
				}
			}
		}
	}
}

func TestFactorsAndSolves(t *testing.T) {
	t.Run("f64", testFactors[float64])
	t.Run("c128", testFactors[complex128])
}

func identity[T Field](n int) []T {
	a := make([]T, n*n)
	for i := range n {
		a[i*n+i] = 1
	}
	return a
}

func TestSVD(t *testing.T) {
	for _, shape := range [][2]int{{0, 3}, {1, 1}, {4, 4}, {7, 3}, {3, 7}, {60, 5}, {5, 60}, {1, 5}, {5, 1}, {64, 64}} {
		m, n := shape[0], shape[1]
		k := min(m, n)
		a := normal[float64](2*m*n, 1)
		u, s, vt := make([]float64, 2*m*k), make([]float64, 2*k), make([]float64, 2*k*n)
		if err := SVD(u, s, vt, a, 2, m, n, nil); err != nil {
			t.Fatal(err)
		}
		for b := range 2 {
			u, s, vt := u[b*m*k:][:m*k], s[b*k:][:k], vt[b*k*n:][:k*n]
			scaled := append([]float64{}, u...)
			for i := range scaled {
				scaled[i] *= s[i%k]
			}
			checkClose(t, fmt.Sprintf("svd %v", shape), times(scaled, vt, m, k, n), a[b*m*n:][:m*n], 1e-13*float64(m+n))
			checkClose(t, "left vectors", times(adjoint(u, m, k), u, k, m, k), identity[float64](k), 1e-13)
			checkClose(t, "right vectors", times(vt, adjoint(vt, k, n), k, n, k), identity[float64](k), 1e-13)
			for j := range k {
				if s[j] < 0 || j > 0 && s[j] > s[j-1] {
					t.Fatalf("singular values %v", s)
				}
				checkLeads(t, fmt.Sprint("svd ", shape), u, m, k, j)
			}
		}
	}
}

func TestSymmetricEigenvectors(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 10, 40} {
		b := normal[float64](n*n, 1)
		a := times(b, adjoint(b, n, n), n, n, n)
		w, v := make([]float64, n), make([]float64, n*n)
		if err := Eigh(w, v, a, 1, n, nil); err != nil {
			t.Fatal(err)
		}
		checkEigh(t, w, v, a, n)
		bc := normal[complex128](n*n, 1)
		ac := times(bc, adjoint(bc, n, n), n, n, n)
		vc := make([]complex128, n*n)
		if err := EighComplex(w, vc, ac, 1, n, nil); err != nil {
			t.Fatal(err)
		}
		checkEigh(t, w, vc, ac, n)
	}
}

func checkEigh[T Field](t *testing.T, w []float64, v, a []T, n int) {
	t.Helper()
	tolerance := 1e-13 * float64(n*n+1)
	scaled := append([]T{}, v...)
	for i := range scaled {
		scaled[i] *= fromReal[T](w[i%n])
	}
	checkClose(t, "A·V = V·diag(w)", times(a, v, n, n, n), scaled, tolerance)
	checkClose(t, "orthogonal vectors", times(adjoint(v, n, n), v, n, n, n), identity[T](n), tolerance)
	for j := range n {
		if j > 0 && w[j] < w[j-1] {
			t.Fatalf("eigenvalues %v do not ascend", w)
		}
		checkLeads(t, fmt.Sprint("eigh ", n), v, n, n, j)
	}
}

func TestHermitianEigenvaluesOfExtremeScale(t *testing.T) {
	for _, scale := range []float64{1e-310, 1e-200, 1e300} {
		a := []complex128{complex(2*scale, 0), 0, complex(0, scale), complex(2*scale, 0)}
		w, v := make([]float64, 2), make([]complex128, 4)
		if err := EighComplex(w, v, a, 1, 2, nil); err != nil {
			t.Fatal(err)
		}
		checkClose(t, "eigenvalues", []float64{w[0] / scale, w[1] / scale}, []float64{1, 3}, 1e-13)
	}
}

func TestGeneralEigenvectors(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 10, 40} {
		a := normal[float64](2*n*n, 1)
		w, v, only := make([]complex128, 2*n), make([]complex128, 2*n*n), make([]complex128, 2*n)
		if err := Eig(w, v, a, 2, n, nil); err != nil {
			t.Fatal(err)
		}
		if err := Eig(only, nil, a, 2, n, nil); err != nil {
			t.Fatal(err)
		}
		for b := range 2 {
			w, v := w[b*n:][:n], v[b*n*n:][:n*n]
			ac := make([]complex128, n*n)
			ToComplex(ac, a[b*n*n:][:n*n])
			scaled := append([]complex128{}, v...)
			for i := range scaled {
				scaled[i] *= w[i%n]
			}
			checkClose(t, fmt.Sprintf("A·V = V·diag(w), %d", n), times(ac, v, n, n, n), scaled, 1e-12*float64(n+1))
			trace, sum := 0.0, complex128(0)
			for i := range n {
				trace += a[b*n*n+i*n+i]
				sum += only[b*n+i]
			}
			if cmplx.Abs(sum-complex(trace, 0)) > 1e-12*float64(n+1) {
				t.Fatalf("sum of eigenvalues %v, trace %v", sum, trace)
			}
		}
	}
}

func TestMatricesWithoutResultAreErrors(t *testing.T) {
	singular := []float64{1, 0, 0, 1, 1, 2, 2, 4}
	out, perm := make([]float64, 8), make([]int64, 4)
	check := func(what string, err, want error, batch int) {
		t.Helper()
		var m *MatrixError
		if !errors.Is(err, want) || !errors.As(err, &m) || m.Batch != batch {
			t.Errorf("%s: %v, want %v at %d", what, err, want, batch)
		}
	}
	check("solve", Solve(out, singular, make([]float64, 4), 2, 2, 1, nil), ErrSingular, 1)
	check("trsolve", TrSolve([]float64{0}, []float64{1}, 1, 1, 1, true, false, Plain, nil), ErrSingular, 0)
	check("cholesky", Cholesky(out, singular, 2, 2, nil), ErrNotPositiveDefinite, 1)
	check("cholesky of a complex matrix", Cholesky([]complex128{0}, []complex128{-1}, 1, 1, nil), ErrNotPositiveDefinite, 0)
	if err := LU(out, perm, singular, 2, 2, 2, nil); err != nil || out[7] != 0 {
		t.Errorf("lu of a singular matrix: %v, %v", out, err)
	}
}

// TestNonFiniteMatrices holds that no NaN or infinity anywhere makes an algorithm hang or panic.
func TestNonFiniteMatrices(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5, 10, 70} {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324} {
			for _, at := range []int{0, n*n - 1, n * n / 2, -1} {
				a := positiveDefinite[float64](n, 1)
				if at < 0 {
					Fill(a, bad)
				} else {
					a[at] = bad
				}
				c := make([]complex128, n*n)
				ToComplex(c, a)
				x, y, w, perm := make([]float64, n*n), make([]float64, n*n), make([]float64, n), make([]int64, n)
				xc, wc := make([]complex128, n*n), make([]complex128, n)
				known := func(what string, err error) {
					t.Helper()
					var m *MatrixError
					if err != nil && !errors.As(err, &m) {
						t.Errorf("%s with %v: %v", what, bad, err)
					}
				}
				known("cholesky", Cholesky(x, a, 1, n, nil))
				known("cholesky", Cholesky(xc, c, 1, n, nil))
				known("lu", LU(x, perm, a, 1, n, n, nil))
				known("lu", LU(xc, perm, c, 1, n, n, nil))
				known("solve", Solve(x, a, make([]float64, n), 1, n, 1, nil))
				known("qr", QR(x, y, a, 1, n, n, nil))
				known("eigh", Eigh(w, x, a, 1, n, nil))
				known("eigh", EighComplex(w, xc, c, 1, n, nil))
				known("svd", SVD(x, w, y, a, 1, n, n, nil))
				known("eig", Eig(wc, xc, a, 1, n, nil))
			}
		}
	}
	nan := []float64{math.NaN()}
	if err := Eigh(make([]float64, 1), make([]float64, 1), nan, 1, 1, nil); !errors.Is(err, ErrNoConvergence) {
		t.Errorf("eigh of NaN: %v", err)
	}
	x := []float64{0}
	if err := Solve(x, nan, []float64{1}, 1, 1, 1, nil); err != nil || x[0] == x[0] {
		t.Errorf("solve with NaN: %v, %v", x, err)
	}
}

func TestPermutationSign(t *testing.T) {
	for sign, perms := range map[float64][][]int64{1: {{}, {0}, {0, 1}, {1, 2, 0}, {1, 0, 3, 2}}, -1: {{1, 0}, {0, 2, 1}, {3, 0, 1, 2}}} {
		for _, perm := range perms {
			if got := PermutationSign(perm); got != sign {
				t.Errorf("%v has sign %v, want %v", perm, got, sign)
			}
		}
	}
}

func TestLinearAlgebraPolls(t *testing.T) {
	stop := errors.New("stop")
	poll := func() error { return stop }
	a := identity[float64](3)
	for what, err := range map[string]error{
		"cholesky": Cholesky(a, a, 1, 3, poll), "solve": Solve(make([]float64, 3), a, make([]float64, 3), 1, 3, 1, poll),
		"eigh": Eigh(make([]float64, 3), make([]float64, 9), a, 1, 3, poll),
	} {
		if err != stop {
			t.Errorf("%s: %v, want the poll's error", what, err)
		}
	}
}

func BenchmarkLinearAlgebra(b *testing.B) {
	for _, n := range []int{3, 30, 300} {
		a := positiveDefinite[float64](n, 1)
		x, y, w, perm := make([]float64, n*n), make([]float64, n*n), make([]float64, n), make([]int64, n)
		run := func(name string, f func() error) {
			b.Run(fmt.Sprintf("%s-%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		run("cholesky", func() error { return Cholesky(x, a, 1, n, nil) })
		run("lu", func() error { return LU(x, perm, a, 1, n, n, nil) })
		run("solve", func() error { return Solve(w, a, a[:n], 1, n, 1, nil) })
		run("qr", func() error { return QR(x, y, a, 1, n, n, nil) })
		run("eigh", func() error { return Eigh(w, x, a, 1, n, nil) })
		run("svd", func() error { return SVD(x, w, y, a, 1, n, n, nil) })
	}
}
