package bench

import "github.com/calx-lang/calx/runtime"

type given = map[string]any

// Tasks are all of them, in the order in which they are shown.
func Tasks() []Task {
	var tasks []Task
	tasks = append(tasks, loops()...)
	tasks = append(tasks, elementwise()...)
	tasks = append(tasks, sums()...)
	tasks = append(tasks, library()...)
	tasks = append(tasks, smallArrays()...)
	return append(tasks, compiling()...)
}

// loops are programs of single numbers.
func loops() []Task {
	const million = 1_000_000
	size := func(name string, n int) inputs { return func() given { return given{name: integer(n)} } }
	tasks := []Task{
		{"scalar_loop", million, "round", program("scalar_loop", size("n", million)), goScalarLoop(million)},
		{"integer_loop", million, "round", program("integer_loop", size("n", million)), goIntegerLoop(million)},
		{"assignments/1e4", 10_000, "round", program("assignments", size("n", 10_000)), goAssignments(10_000)},
		{"assignments/1e5", 100_000, "round", program("assignments", size("n", 100_000)), goAssignments(100_000)},
		{"assignments/1e6", million, "round", program("assignments", size("n", million)), goAssignments(million)},
		{"accumulate/1e6", million, "round", program("accumulate", func() given {
			return given{"bins": runtime.Vector(places(million, 1000))}
		}), goAccumulate(million)},
		{"fib/27", 635_621, "call", program("fib", size("n", 27)), goFib(27)},
		{"sieve/2e6", 2 * million, "number", program("sieve", size("n", 2*million)), goSieve(2 * million)},
		{"mandelbrot/400", 160_000, "point", program("mandelbrot", func() given {
			return given{"n": integer(400), "most": integer(200)}
		}), goMandelbrot(400, 200)},
		{"nbody_scalars/2e5", 200_000, "step", program("nbody_scalars", size("steps", 200_000)), goBodies(200_000)},
		{"nbody/2e5", 200_000, "step", program("nbody", size("steps", 200_000)), goBodies(200_000)},
	}
	return append(tasks, triples()...)
}

// triples are three ways to write one sum.
func triples() []Task {
	const r = 300
	given := func() given {
		return given{
			"re": matrix(between(-0.5, 0.5, 1, r*r), r, r), "im": matrix(between(-0.5, 0.5, 77, r*r), r, r),
			"s": vector(between(-1, 1, 7, r)),
		}
	}
	return []Task{
		{"triple_indices/300", r * r * r, "term", program("triple_indices", given), goTriple(r)},
		{"triple_product/300", r * r * r, "term", program("triple_product", given), goTriple(r)},
		{"triple_loops/300", r * r * r, "term", program("triple_loops", given), goTriple(r)},
	}
}

// elementwise are operations on large arrays.
func elementwise() []Task {
	const million = 1_000_000
	one := func(low, high float64, n int) inputs {
		return func() given { return given{"x": vector(between(low, high, 1, n))} }
	}
	two := func(n int) inputs {
		return func() given { return given{"x": vector(spread(1, n)), "z": vector(spread(1001, n))} }
	}
	return []Task{
		{"chain/1e3", 1000, "element", program("chain", two(1000)), goChain(1000)},
		{"chain/1e5", 100_000, "element", program("chain", two(100_000)), goChain(100_000)},
		{"chain/1e6", million, "element", program("chain", two(million)), goChain(million)},
		{"chain_again/1e6", 10 * million, "element", program("chain_again", two(million)), nil},
		{"exp/1e6", million, "element", program("exp", one(-5, 5, million)), goMath("exp", -5, 5, million)},
		{"sin/1e6", million, "element", program("sin", one(-5, 5, million)), goMath("sin", -5, 5, million)},
		{"log/1e6", million, "element", program("log", one(0.1, 10, million)), goMath("log", 0.1, 10, million)},
		{"tanh/1e6", million, "element", program("tanh", one(-5, 5, million)), goMath("tanh", -5, 5, million)},
		{"transcendental/1e6", million, "element", program("transcendental", one(-5, 5, million)), nil},
	}
}

// sums are sums, and products of matrices.
func sums() []Task {
	const million = 1_000_000
	one := func() given { return given{"x": vector(spread(1, million))} }
	square := func(n int) inputs {
		return func() given {
			return given{"A": matrix(between(-1, 1, 1, n*n), n, n), "B": matrix(between(-1, 1, 77, n*n), n, n)}
		}
	}
	table := func() given { return given{"x": matrix(between(-5, 5, 1, million), 1000, 1000)} }
	return []Task{
		{"sum_squares/1e6", million, "element", program("sum_squares", one), nil},
		{"variance/1e6", million, "element", program("variance", one), nil},
		{"softmax/1000", million, "element", program("softmax", table), nil},
		{"matmul/64", 2 * 64 * 64 * 64, "flop", program("matmul", square(64)), gonumProduct(64)},
		{"matmul/512", 2 * 512 * 512 * 512, "flop", program("matmul", square(512)), gonumProduct(512)},
		{"matmul_indices/512", 2 * 512 * 512 * 512, "flop", program("matmul_indices", square(512)), gonumProduct(512)},
	}
}

// smallArrays are functions of small arrays, called in a loop.
func smallArrays() []Task {
	const calls = 1000
	forward := func(n int) inputs {
		return func() given {
			return given{"L": matrix(lower(n), n, n), "b": vector(spread(77, n)), "calls": integer(calls)}
		}
	}
	row := func() given { return given{"A": matrix(spread(1, 400), 20, 20), "calls": integer(calls)} }
	return []Task{
		{"forward/6", calls, "call", program("forward", forward(6)), goForward(6, calls)},
		{"forward/10", calls, "call", program("forward", forward(10)), goForward(10, calls)},
		{"forward/20", calls, "call", program("forward", forward(20)), goForward(20, calls)},
		{"with_row/20", calls, "call", program("with_row", row), nil},
		{"call", 1, "run", program("call", func() given { return given{"x": runtime.Scalar(0.5)} }), nil},
		{"pca_iris", 1, "run", principalComponents, nil},
	}
}
