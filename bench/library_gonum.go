package bench

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"unsafe"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/dsp/fourier"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

var errNoResult = errors.New("gonum has no result")

// gonumAlgebra calls the routine of LAPACK that gonum has for this, on a copy of the matrix.
func gonumAlgebra(name string, n int) func() Run {
	return func() Run {
		original, right := noise(1, n*n), noise(2, n*n)
		symmetric := definite(n)
		copied := func(a []float64) blas64.General {
			return blas64.General{Rows: n, Cols: n, Stride: n, Data: slices.Clone(a)}
		}
		square := func() blas64.General { return blas64.General{Rows: n, Cols: n, Stride: n, Data: make([]float64, n*n)} }
		factored := func() (blas64.General, []int, error) {
			a, pivots := copied(original), make([]int, n)
			if !lapack64.Getrf(a, pivots) {
				return a, pivots, errNoResult
			}
			return a, pivots, nil
		}
		switch name {
		case "solve", "solve_columns":
			return func() ([]float64, error) {
				columns := 1
				if name == "solve_columns" {
					columns = n
				}
				a, pivots, err := factored()
				b := blas64.General{Rows: n, Cols: columns, Stride: columns, Data: slices.Clone(right[:n*columns])}
				lapack64.Getrs(blas.NoTrans, a, b, pivots)
				return b.Data, err
			}
		case "cholesky":
			return func() ([]float64, error) {
				a := blas64.Symmetric{Uplo: blas.Lower, N: n, Stride: n, Data: slices.Clone(symmetric)}
				l, ok := lapack64.Potrf(a)
				if !ok {
					return nil, errNoResult
				}
				for i := range n {
					clear(l.Data[i*n+i+1 : (i+1)*n])
				}
				return l.Data, nil
			}
		case "inv":
			return func() ([]float64, error) {
				a, pivots, err := factored()
				size := []float64{0}
				lapack64.Getri(a, pivots, size, -1)
				work := make([]float64, int(size[0]))
				if err != nil || !lapack64.Getri(a, pivots, work, len(work)) {
					return nil, errNoResult
				}
				return a.Data, nil
			}
		case "det":
			return func() ([]float64, error) {
				a, pivots, err := factored()
				product := 1.0
				for i, pivot := range pivots {
					product *= a.Data[i*n+i]
					if pivot != i {
						product = -product
					}
				}
				return []float64{product}, err
			}
		case "lu_factor":
			return func() ([]float64, error) {
				a, _, err := factored()
				return a.Data, err
			}
		case "lu":
			return func() ([]float64, error) {
				var lu mat.LU
				lu.Factorize(mat.NewDense(n, n, original))
				var l, u mat.TriDense
				lu.LTo(&l)
				lu.UTo(&u)
				permutation := mat.NewDense(n, n, nil)
				permutation.Permutation(n, lu.RowPivots(nil))
				return u.RawTriangular().Data, nil
			}
		case "qr":
			return func() ([]float64, error) {
				a, tau, size := copied(original), make([]float64, n), []float64{0}
				lapack64.Geqrf(a, tau, size, -1)
				work := make([]float64, int(size[0]))
				lapack64.Geqrf(a, tau, work, len(work))
				r, diagonal := square(), make([]float64, n)
				for i := range n {
					copy(r.Data[i*n+i:(i+1)*n], a.Data[i*n+i:])
					diagonal[i] = math.Abs(r.Data[i*n+i])
				}
				lapack64.Orgqr(a, tau, work, len(work))
				return diagonal, nil
			}
		case "eigh":
			return func() ([]float64, error) {
				a := blas64.Symmetric{Uplo: blas.Lower, N: n, Stride: n, Data: slices.Clone(symmetric)}
				w, size := make([]float64, n), []float64{0}
				lapack64.Syev(lapack.EVCompute, a, w, size, -1)
				work := make([]float64, int(size[0]))
				if !lapack64.Syev(lapack.EVCompute, a, w, work, len(work)) {
					return nil, errNoResult
				}
				return w, nil
			}
		case "eig":
			return func() ([]float64, error) {
				a, vectors := copied(original), square()
				re, im, size := make([]float64, n), make([]float64, n), []float64{0}
				lapack64.Geev(lapack.LeftEVNone, lapack.RightEVCompute, a, re, im, blas64.General{Stride: 1}, vectors, size, -1)
				work := make([]float64, int(size[0]))
				if lapack64.Geev(lapack.LeftEVNone, lapack.RightEVCompute, a, re, im, blas64.General{Stride: 1}, vectors, work, len(work)) != 0 {
					return nil, errNoResult
				}
				w := make([]float64, 0, 2*n)
				for i := range n {
					w = append(w, re[i], im[i])
				}
				return w, nil
			}
		case "svd", "svdvals":
			return func() ([]float64, error) {
				job, a, u, vt := lapack.SVDNone, copied(original), blas64.General{Stride: 1}, blas64.General{Stride: 1}
				if name == "svd" {
					job, u, vt = lapack.SVDStore, square(), square()
				}
				s, size := make([]float64, n), []float64{0}
				lapack64.Gesvd(job, job, a, u, vt, s, size, -1)
				work := make([]float64, int(size[0]))
				if !lapack64.Gesvd(job, job, a, u, vt, s, work, len(work)) {
					return nil, errNoResult
				}
				return s, nil
			}
		}
		return func() ([]float64, error) { // lstsq
			var svd mat.SVD
			var x mat.VecDense
			if !svd.Factorize(mat.NewDense(n, n, original), mat.SVDThin) {
				return nil, errNoResult
			}
			svd.SolveVecTo(&x, mat.NewVecDense(n, right[:n]), svd.Rank(float64(n)*0x1p-52))
			return x.RawVector().Data, nil
		}
	}
}

func goSort(n int) func() Run {
	return func() Run {
		x := noise(1, n)
		return func() ([]float64, error) {
			y := slices.Clone(x)
			slices.Sort(y)
			return y, nil
		}
	}
}

func goArgSort(n int) func() Run {
	return func() Run {
		x := noise(1, n)
		return func() ([]float64, error) {
			order := make([]int64, n)
			for i := range order {
				order[i] = int64(i)
			}
			slices.SortStableFunc(order, func(i, j int64) int { return cmp.Compare(x[i], x[j]) })
			y := make([]float64, n)
			for i, at := range order {
				y[i] = x[at]
			}
			return y, nil
		}
	}
}

func gonumTransform(n int) func() Run {
	return func() Run {
		pairs := noise(1, 2*n)
		z := make([]complex128, n)
		for i := range z {
			z[i] = complex(pairs[2*i], pairs[2*i+1])
		}
		plan := fourier.NewCmplxFFT(n)
		return func() ([]float64, error) { return parts(plan.Coefficients(nil, z)), nil }
	}
}

// parts are the real and imaginary parts of complex numbers, whose memory they share.
func parts(z []complex128) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(z))), 2*len(z))
}
