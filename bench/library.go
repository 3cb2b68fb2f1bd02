package bench

import (
	"fmt"

	"github.com/calx-lang/calx/runtime"
)

// library are functions of the core library beside those of gonum, and beside slices.Sort: matrices of 300 x 300 and
// some others, a million numbers, transforms of a length that is a power of two and of one that is a prime.
func library() []Task {
	const million = 1_000_000
	var tasks []Task
	for _, name := range []string{"solve", "solve_columns", "cholesky", "inv", "det", "lu_factor", "lu", "qr", "eigh", "eig", "svd", "svdvals", "lstsq"} {
		tasks = append(tasks, linearAlgebra(name, 300))
	}
	for _, n := range []int{10, 100, 1000} {
		for _, name := range []string{"solve", "cholesky"} {
			tasks = append(tasks, linearAlgebra(name, n))
		}
	}
	line := func() given { return given{"x": vector(noise(1, million))} }
	tasks = append(tasks,
		Task{"sort/1e6", million, "element", program("sort", line), goSort(million)},
		Task{"argsort/1e6", million, "element", program("argsort", line), goArgSort(million)})
	transform := func(n int, other func() Run) Task {
		wave := func() given { return given{"z": complexVector(noise(1, 2*n))} }
		return Task{fmt.Sprintf("fft/%d", n), n, "element", program("fft", wave), other}
	}
	return append(tasks, transform(65_536, gonumTransform(65_536)), transform(65_537, nil)) // gonum takes seconds for a prime
}

// linearAlgebra is a function of a matrix [n, n], and of a vector or a second matrix if it takes one.
func linearAlgebra(name string, n int) Task {
	inputs := func() given {
		switch name {
		case "solve", "lstsq":
			return given{"A": matrix(noise(1, n*n), n, n), "b": vector(noise(2, n))}
		case "solve_columns":
			return given{"A": matrix(noise(1, n*n), n, n), "B": matrix(noise(2, n*n), n, n)}
		case "cholesky", "eigh":
			return given{"A": matrix(definite(n), n, n)}
		}
		return given{"A": matrix(noise(1, n*n), n, n)}
	}
	return Task{fmt.Sprintf("%s/%d", name, n), 1, "matrix", program(name, inputs), gonumAlgebra(name, n)}
}

// definite is a symmetric matrix [n, n] with eigenvalues above zero.
func definite(n int) []float64 {
	a := noise(1, n*n)
	for i := range n {
		for j := range i {
			a[i*n+j] = a[j*n+i]
		}
		a[i*n+i] += float64(n)
	}
	return a
}

// complexVector pairs numbers up.
func complexVector(pairs []float64) runtime.Value {
	z := make([]complex128, len(pairs)/2)
	for i := range z {
		z[i] = complex(pairs[2*i], pairs[2*i+1])
	}
	return runtime.Vector(z)
}
