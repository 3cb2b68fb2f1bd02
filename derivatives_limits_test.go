package calx_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
)

const derivedFunctions = `
fn loss(p: {w: f64[n], b: f64}, x: f64[m, n], y: f64[m]) -> f64 = mean((x @ p.w + p.b - y)^2)
fn steps(x: f64, n: i64) -> f64 {
  var s = x
  for i in 0..n { s = s + 1e-3 * sin(s) }
  s
}
fn until(x: f64) -> f64 {
  var s = x
  while s > -1 { s = s + 1e-9 * cos(s) + 1e-9 }
  s
}
fn arrays(x: f64[n], rounds: i64) -> f64 {
  var y = x
  for i in 0..rounds { y = sin(y) * x }
  sum(y)
}
fn fib(x: f64, k: i64) -> f64 = if k < 2 { x } else { fib(x, k - 1) * 0.5 + cos(fib(x, k - 2)) }
export fn gradient(p: {w: f64[n], b: f64}, x: f64[m, n], y: f64[m]) -> {w: f64[n], b: f64} = grad(loss)(p, x, y)
export fn both(p: {w: f64[n], b: f64}, x: f64[m, n], y: f64[m]) -> (f64, {w: f64[n], b: f64}) = value_and_grad(loss)(p, x, y)
export fn curvature(x: f64[n], v: f64[n]) -> f64[n] = hvp(x -> sum(x^4) + prod(x))(x, v)
export fn third(x: f64) -> f64 = grad(t -> grad(grad(t -> t^5))(t))(x)
export fn slope(x: f64, n: i64) -> f64 = grad(steps)(x, n)
export fn endless(x: f64) -> f64 = grad(until)(x)
export fn large(x: f64[n], rounds: i64) -> f64[n] = grad(arrays)(x, rounds)
export fn recursive(x: f64, k: i64) -> f64 = grad(fib)(x, k)
`

type parameters struct {
	W []float64
	B float64
}

func derivedProgram(t *testing.T) *calx.Program {
	t.Helper()
	p, err := calx.Compile(&ast.Source{Name: "derived.calx", Text: derivedFunctions}, calx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func boundAs[F any](t *testing.T, p *calx.Program, name string) F {
	t.Helper()
	f, err := calx.Bind[F](p, name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Derivatives that a program exports are functions like others: they take and
// give structs, and any number of goroutines may call them at once.
func TestBoundDerivatives(t *testing.T) {
	p := derivedProgram(t)
	gradient := boundAs[func(parameters, [][]float64, []float64) (parameters, error)](t, p, "gradient")
	both := boundAs[func(parameters, [][]float64, []float64) (float64, parameters, error)](t, p, "both")
	curvature := boundAs[func([]float64, []float64) ([]float64, error)](t, p, "curvature")
	third := boundAs[func(float64) (float64, error)](t, p, "third")
	recursive := boundAs[func(float64, int) (float64, error)](t, p, "recursive")
	slope := boundAs[func(float64, int) (float64, error)](t, p, "slope")
	straight, err := slope(0.5, 200)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for k := range 8 {
		group.Go(func() {
			for i := range 20 {
				b := float64(k + i)
				g, err := gradient(parameters{[]float64{1, 2}, b}, [][]float64{{1, 0}, {0, 1}}, []float64{0, 0})
				if err != nil || g.W[0] != 1+b || g.W[1] != 2+b || g.B != 3+2*b {
					t.Errorf("%v, %v", g, err)
					return
				}
				v, h, err := both(parameters{[]float64{1, 2}, b}, [][]float64{{1, 0}, {0, 1}}, []float64{0, 0})
				if err != nil || h.B != g.B || v != ((1+b)*(1+b)+(2+b)*(2+b))/2 {
					t.Errorf("%v, %v, %v", v, h, err)
				}
				if c, err := curvature([]float64{1, 2}, []float64{b, 1}); err != nil || c[0] != 12*b+1 || c[1] != 48+b {
					t.Errorf("%v, %v", c, err)
				}
				if y, err := third(b); err != nil || math.Abs(y-60*b*b) > 1e-9*y {
					t.Errorf("%v, %v", y, err)
				}
				if y, err := slope(0.5, 200); err != nil || y != straight {
					t.Errorf("%v, %v", y, err)
				}
				if _, err := recursive(0.5, 10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// A gradient ends when its context does, wherever it is.
func TestCancelledDerivative(t *testing.T) {
	p := derivedProgram(t)
	for name, args := range map[string][]any{
		"endless":   {0.5},
		"slope":     {0.5, 200_000_000},
		"recursive": {0.5, 60},
		"large":     {make([]float64, 1000), 100_000_000},
	} {
		for _, wait := range []time.Duration{time.Millisecond, 50 * time.Millisecond} {
			ctx, cancel := context.WithTimeout(context.Background(), wait)
			start := time.Now()
			_, err := p.Call(ctx, name, args...)
			cancel()
			var mistake *calx.Error
			if !errors.As(err, &mistake) && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", name, err)
			} else if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%s: %v after %v", name, err, took)
			}
		}
	}
}

// Limits hold in derivatives, and what a limit of memory forbids to record is
// computed again where that is possible.
func TestLimitsOfDerivatives(t *testing.T) {
	p := derivedProgram(t)
	small := p.With(calx.RunOptions{Limits: calx.Limits{Memory: 1 << 20}})
	whole, err := p.Call(context.Background(), "slope", 0.5, 500_000)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := small.Call(context.Background(), "slope", 0.5, 500_000)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := calx.As[float64](whole)
	b, _ := calx.As[float64](parts)
	if a != b || a == 0 {
		t.Errorf("%v with all recorded, %v in parts", a, b)
	}
	for _, c := range []struct {
		name   string
		limits calx.Limits
		args   []any
		code   ast.Code
	}{
		{"large", calx.Limits{Memory: 1 << 20}, []any{make([]float64, 100_000), 10}, ast.CodeMemoryLimit},
		{"recursive", calx.Limits{Depth: 20}, []any{0.5, 30}, ast.CodeRecursionLimit},
		{"slope", calx.Limits{Steps: 1000}, []any{0.5, 5000}, ast.CodeStepLimit},
		{"endless", calx.Limits{Steps: 1_000_000, Memory: 1 << 24}, []any{0.5}, ast.CodeStepLimit},
	} {
		_, err := p.With(calx.RunOptions{Limits: c.limits}).Call(context.Background(), c.name, c.args...)
		var mistake *calx.Error
		if !errors.As(err, &mistake) || mistake.Code != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		} else if !mistake.Span.IsValid() {
			t.Errorf("%s: %v has no place", c.name, err)
		}
	}
}
