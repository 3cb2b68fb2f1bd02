package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/calx-lang/calx/runtime"
)

// spread is n numbers of [0, 1), evenly spread: the fractions of the multiples
// of the golden ratio, from one on. peers.py makes the same bits.
func spread(from, n int) []float64 {
	const golden = 0.6180339887498949
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Mod(float64(from+i)*golden, 1)
	}
	return x
}

// between is spread over [low, high).
func between(low, high float64, from, n int) []float64 {
	x := spread(from, n)
	for i := range x {
		x[i] = low + float64((high-low)*x[i])
	}
	return x
}

// noise is n numbers of [-1, 1) without a pattern, which the multiples of one
// number have.
func noise(seed uint64, n int) []float64 {
	random := rand.New(rand.NewPCG(seed, 0))
	x := make([]float64, n)
	for i := range x {
		x[i] = 2*random.Float64() - 1
	}
	return x
}

func integer(n int) runtime.Value { return runtime.Scalar(int64(n)) }

func vector(x []float64) runtime.Value { return runtime.Vector(x) }

func matrix(x []float64, rows, columns int) runtime.Value {
	a, err := runtime.FromSlice(x, rows, columns)
	if err != nil {
		panic("bench: " + err.Error()) // the sizes stand in the list of tasks
	}
	return a
}

// lower is a well conditioned lower triangular matrix.
func lower(n int) []float64 {
	L := spread(1, n*n)
	for i := range n {
		for j := range n {
			switch {
			case i == j:
				L[i*n+j] += 2
			case j > i:
				L[i*n+j] = 0
			}
		}
	}
	return L
}

// places is n places in 0..bins.
func places(n, bins int) []int64 {
	p := make([]int64, n)
	for i, x := range spread(1, n) {
		p[i] = int64(x * float64(bins))
	}
	return p
}

// LongScript is a script of at least that many lines, of the kind that people
// write: functions with and without annotations, loops, comprehensions, records,
// and their use.
func LongScript(lines int) string {
	const block = `# The part number %[1]d: a table is standardised and weighted.
fn weighted_%[1]d(x: f64[n, p], w: f64[p]) -> f64[n] {
  let centred = x - mean(x, axis=0)
  let scaled = centred / (sqrt(mean(centred^2, axis=0)) + 1e-9)
  var total = zeros(n)
  for i in 0..n {
    let row = scaled[i]
    if sum(row) > 0.5 { total[i] = row @ w + %[1]d } else { total[i] = -1 }
  }
  total
}

fn smooth_%[1]d(x) = (x[1:] + x[:-1]) / 2

fn collatz_%[1]d(start: i64) -> i64 {
  var steps = 0
  var n = start
  while n > 1 {
    n = if n %% 2 == 0 { n // 2 } else { 3 * n + 1 }
    steps += 1
  }
  steps
}

let table_%[1]d = [[1.0, 2.5], [3, -4], [5, %[1]d], [0.25, 8]]
let score_%[1]d = weighted_%[1]d(table_%[1]d, [0.5, 0.25])
let curve_%[1]d = [sin(i * t) + score_%[1]d[i] for i in 0..4, t in 0..3]
let found_%[1]d = {best: max(smooth_%[1]d(score_%[1]d)), steps: collatz_%[1]d(%[1]d + 1)}
export let result_%[1]d = found_%[1]d.best + found_%[1]d.steps * sum(curve_%[1]d)

`
	var b strings.Builder
	for part := 0; part*strings.Count(block, "\n") < lines; part++ {
		fmt.Fprintf(&b, block, part)
	}
	return b.String()
}
