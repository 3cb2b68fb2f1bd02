package kernel

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"

	"gonum.org/v1/gonum/lapack/gonum"
)

// qrShapes straddle the sizes of blocks.
var qrShapes = [][2]int{
	{0, 3}, {3, 0}, {1, 1}, {4, 4}, {7, 3}, {3, 7}, {1, 5}, {5, 1}, {8, 8}, {9, 9}, {31, 33}, {33, 31}, {64, 64}, {65, 65},
	{100, 60}, {60, 100}, {270, 257}, {300, 20}, {20, 300},
}

func testQR[T Field](t *testing.T) {
	for _, shape := range qrShapes {
		m, n := shape[0], shape[1]
		k := min(m, n)
		a := append(normal[T](m*n, 1), normal[T](m*n, 2)...)
		if n > 2 { // a matrix with dependent and with empty columns
			for i := range m {
				a[i*n] = 0
				a[i*n+n-1] = a[i*n+1]
			}
		}
		q, r := make([]T, 2*m*k), make([]T, 2*k*n)
		check(t, QR(q, r, a, 2, m, n, nil))
		for b := range 2 {
			checkQR(t, fmt.Sprintf("qr %v", shape), q[b*m*k:][:m*k], r[b*k*n:][:k*n], a[b*m*n:][:m*n], m, n, 1)
		}
	}
}

func checkQR[T Field](t *testing.T, what string, q, r, a []T, m, n int, scale float64) {
	t.Helper()
	k := min(m, n)
	inverse := func(x []T) []T {
		scaled := make([]T, len(x))
		for i, v := range x {
			scaled[i] = timesPower(v, -math.Ilogb(scale))
		}
		return scaled
	}
	checkClose(t, what, times(q, inverse(r), m, k, n), inverse(a), 1e-13*float64(m+n))
	checkClose(t, what+": orthogonal columns", times(adjoint(q, m, k), q, k, m, k), identity[T](k), 1e-13)
	for i := range k {
		for j := range i + 1 {
			if v := r[i*n+j]; j < i && v != 0 || j == i && !(realPart(v) >= 0 && v == fromReal[T](realPart(v))) {
				t.Fatalf("%s: R[%d, %d] = %v", what, i, j, v)
			}
		}
	}
}

func TestQR(t *testing.T) {
	t.Run("f64", testQR[float64])
	t.Run("c128", testQR[complex128])
}

// TestQRIsThatOfGonum compares with Dgeqrf, whose diagonal has any sign.
func TestQRIsThatOfGonum(t *testing.T) {
	const m, n = 90, 70
	a := normal[float64](m*n, 1)
	q, r := make([]float64, m*n), make([]float64, n*n)
	check(t, QR(q, r, a, 1, m, n, nil))
	tau, work := make([]float64, n), make([]float64, 32*n)
	gonum.Implementation{}.Dgeqrf(m, n, a, n, tau, work, len(work))
	for i := range n {
		sign := math.Copysign(1, a[i*n+i])
		for j := i; j < n; j++ {
			if math.Abs(sign*a[i*n+j]-r[i*n+j]) > 1e-13 {
				t.Fatalf("R[%d, %d] is %v, and gonum's %v", i, j, r[i*n+j], sign*a[i*n+j])
			}
		}
	}
}

// TestQROfExtremeScale has whole matrices, and columns of matrices, whose squares over- or underflow.
func TestQROfExtremeScale(t *testing.T) {
	const n = 40
	for _, exponent := range []int{-1060, -1000, -560, -420, 420, 560, 1015} {
		scale := math.Ldexp(1, exponent)
		a, q, r := normal[float64](n*n, 1), make([]float64, n*n), make([]float64, n*n)
		c, qc, rc := normal[complex128](n*n, 1), make([]complex128, n*n), make([]complex128, n*n)
		for i := range a {
			a[i], c[i] = math.Ldexp(a[i], exponent), timesPower(c[i], exponent)
		}
		if exponent < -1022 { // numbers of few digits
			check(t, QR(q, r, a, 1, n, n, nil))
			checkClose(t, "orthogonal columns", times(adjoint(q, n, n), q, n, n, n), identity[float64](n), 1e-13)
			continue
		}
		check(t, QR(q, r, a, 1, n, n, nil))
		checkQR(t, fmt.Sprint("scale ", scale), q, r, a, n, n, scale)
		check(t, QR(qc, rc, c, 1, n, n, nil))
		checkQR(t, fmt.Sprint("complex, scale ", scale), qc, rc, c, n, n, scale)
		if exponent > 0 {
			continue
		}
		mixed := normal[float64](n*n, 2)
		for i := range n {
			mixed[i*n+7] = math.Ldexp(mixed[i*n+7], exponent)
			mixed[i*n+30] = math.Ldexp(mixed[i*n+30], exponent)
		}
		check(t, QR(q, r, mixed, 1, n, n, nil))
		checkQR(t, fmt.Sprint("columns of scale ", scale), q, r, mixed, n, n, 1)
	}
}

func TestQROfNonFiniteMatricesIsNaN(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		q, r := make([]complex128, 6), make([]complex128, 4)
		check(t, QR(q, r, []complex128{1, 2, complex(3, bad), 4, 5, 6}, 1, 3, 2, nil))
		for _, v := range append(q, r[0], r[1], r[3]) {
			if !cmplx.IsNaN(v) {
				t.Errorf("with %v: Q = %v, R = %v", bad, q, r)
			}
		}
		if r[2] != 0 {
			t.Errorf("R[1, 0] = %v", r[2])
		}
	}
}
