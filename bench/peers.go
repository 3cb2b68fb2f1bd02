package bench

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// What follows is the work of the tasks as one writes it in Go. Results go to
// new arrays, as those of a program do.

func goScalarLoop(n int) func() Run {
	return func() Run {
		return func() ([]float64, error) {
			x := 0.5
			for range n {
				x = (float64(x*3.7*(1-x)) + 0.01) / 1.02
			}
			return []float64{x}, nil
		}
	}
}

func goIntegerLoop(n int) func() Run {
	return func() Run {
		return func() ([]float64, error) {
			s, odd := int64(1), 0
			for range n {
				s = (1664525*s + 1013904223) % 4294967296
				if s < 0 {
					s += 4294967296
				}
				if s%2 == 1 {
					odd++
				}
			}
			return []float64{float64(odd)}, nil
		}
	}
}

func goAssignments(n int) func() Run {
	return func() Run {
		return func() ([]float64, error) {
			x := make([]float64, n)
			for i := range n {
				x[i*7919%n] = 0.5 * float64(i)
			}
			total := 0.0
			for i, v := range x {
				total += float64(v * float64(i))
			}
			return []float64{total}, nil
		}
	}
}

func goAccumulate(n int) func() Run {
	return func() Run {
		bins := places(n, 1000)
		return func() ([]float64, error) {
			counts := make([]float64, 1000)
			for _, bin := range bins {
				counts[bin]++
			}
			return counts, nil
		}
	}
}

func goFib(n int) func() Run {
	return func() Run {
		return func() ([]float64, error) { return []float64{float64(fib(int64(n)))}, nil }
	}
}

func fib(n int64) int64 {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func goSieve(n int) func() Run {
	return func() Run {
		return func() ([]float64, error) {
			composite := make([]bool, n)
			for p := 2; p*p < n; p++ {
				if !composite[p] {
					for k := p * p; k < n; k += p {
						composite[k] = true
					}
				}
			}
			count := 0
			for i := 2; i < n; i++ {
				if !composite[i] {
					count++
				}
			}
			return []float64{float64(count)}, nil
		}
	}
}

func goMandelbrot(n, most int) func() Run {
	return func() Run {
		return func() ([]float64, error) {
			total := 0
			for a := range n {
				for b := range n {
					x, y := -2+float64(2.5*float64(b))/float64(n), -1.25+float64(2.5*float64(a))/float64(n)
					u, v := 0.0, 0.0
					for k := 0; k < most && float64(u*u)+float64(v*v) <= 4; k++ {
						u, v = float64(u*u)-float64(v*v)+x, float64(u*v)+float64(v*u)+y
						total++
					}
				}
			}
			return []float64{float64(total)}, nil
		}
	}
}

func goChain(n int) func() Run {
	return func() Run {
		x, z := spread(1, n), spread(1001, n)
		return func() ([]float64, error) {
			y := make([]float64, n)
			for i, v := range x {
				y[i] = (float64((2*v+z[i])*v) - z[i]) * 0.5
			}
			return y, nil
		}
	}
}

func goMath(name string, low, high float64, n int) func() Run {
	f := map[string]func(float64) float64{"exp": math.Exp, "sin": math.Sin, "log": math.Log, "tanh": math.Tanh}[name]
	return func() Run {
		x := between(low, high, 1, n)
		return func() ([]float64, error) {
			y := make([]float64, n)
			for i, v := range x {
				y[i] = f(v)
			}
			return y, nil
		}
	}
}

func gonumProduct(n int) func() Run {
	return func() Run {
		a := blas64.General{Rows: n, Cols: n, Stride: n, Data: between(-1, 1, 1, n*n)}
		b := blas64.General{Rows: n, Cols: n, Stride: n, Data: between(-1, 1, 77, n*n)}
		return func() ([]float64, error) {
			c := blas64.General{Rows: n, Cols: n, Stride: n, Data: make([]float64, n*n)}
			blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c)
			return c.Data, nil
		}
	}
}

func goTriple(r int) func() Run {
	return func() Run {
		re, im, s := between(-0.5, 0.5, 1, r*r), between(-0.5, 0.5, 77, r*r), between(-1, 1, 7, r)
		return func() ([]float64, error) {
			K := make([]float64, r*r)
			for i := range r {
				for m := range r {
					x, y := re[i*r+m]*s[i], im[i*r+m]*s[i]
					for k := range r {
						K[m*r+k] += float64(y*re[i*r+k]) - float64(x*im[i*r+k])
					}
				}
			}
			return K, nil
		}
	}
}

func goForward(n, calls int) func() Run {
	return func() Run {
		L, b := lower(n), spread(77, n)
		return func() ([]float64, error) {
			x, next := append([]float64(nil), b...), make([]float64, n)
			for range calls {
				for i := range n {
					total := 0.0
					for j, v := range next[:i] {
						total += float64(L[i*n+j] * v)
					}
					next[i] = (b[i] + float64(0.001*x[i]) - total) / L[i*n+i]
				}
				x, next = next, x
			}
			return x, nil
		}
	}
}

func goBodies(steps int) func() Run {
	return func() Run {
		return func() ([]float64, error) {
			const dt = 0.001
			m := [5]float64{39, 0.04, 0.01, 0.002, 0.002}
			var p, v [5][3]float64
			for i := range 5 {
				x := float64(i)
				p[i] = [3]float64{4 * x * math.Cos(x), 4 * x * math.Sin(x), 0.1 * x}
				if i > 0 {
					speed := math.Sqrt(39 / (4 * x))
					v[i] = [3]float64{-speed * math.Sin(x), speed * math.Cos(x), 0}
				}
			}
			for range steps {
				advance(&p, &v, &m, dt)
			}
			result := make([]float64, 0, 15)
			for i := range 5 {
				result = append(result, p[i][:]...)
			}
			return result, nil
		}
	}
}

func advance(p, v *[5][3]float64, m *[5]float64, dt float64) {
	for i := range 5 {
		for j := i + 1; j < 5; j++ {
			x, y, z := p[j][0]-p[i][0], p[j][1]-p[i][1], p[j][2]-p[i][2]
			square := float64(x*x) + float64(y*y) + float64(z*z)
			pull := dt / (square * math.Sqrt(square))
			for c, d := range [3]float64{x, y, z} {
				v[i][c] += float64(pull * m[j] * d)
				v[j][c] -= float64(pull * m[i] * d)
			}
		}
	}
	for i := range 5 {
		for c := range 3 {
			p[i][c] += float64(dt * v[i][c])
		}
	}
}
