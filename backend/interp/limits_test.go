package interp

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

const endless = `
main func main[](n: i64) -> (i64) {
  one: i64 = const 1
  yes: bool = const true
  k: i64 = while carry (a: i64 = n) {
    yield yes
  } do (b: i64) {
    c: i64 = add b, one
    yield c
  }
  return k
}`

// endlessArray spends its time in operations on large arrays.
const endlessArray = `
main func main[n](x: f64[n]) -> (f64[n]) {
  yes: bool = const true
  k: f64[n] = while carry (a: f64[n] = x) {
    yield yes
  } do (b: f64[n]) {
    c: f64[n] = sin b
    d: f64[n] = sort c
    yield d
  }
  return k
}`

// endlessProduct spends its time in operations that are each too short to look
// at the context.
const endlessProduct = `
main func main[n](x: f64[n, n]) -> (f64[n, n]) {
  yes: bool = const true
  k: f64[n, n] = while carry (a: f64[n, n] = x) {
    yield yes
  } do (b: f64[n, n]) {
    c: f64[n, n] = contract["ik,kj->ij"] b, x
    yield c
  }
  return k
}`

const endlessRecursion = `
recursive func f[](n: i64) -> (i64) {
  one: i64 = const 1
  k: i64 = add n, one
  r: i64 = call f[] k
  s: i64 = add r, one
  return s
}

main func main[](n: i64) -> (i64) {
  k: i64 = call f[] n
  return k
}`

// endlessLanes never ends in lanes.
const endlessLanes = `
main func main[n](x: f64[n]) -> (f64[n]) {
  y: f64[n] = map i<n {
    v: f64 = gather["@"] x, i
    yes: bool = le v, v
    w: f64 = while carry (a: f64 = v) {
      yield yes
    } do (b: f64) {
      c: f64 = sin b
      yield c
    }
    yield w
  }
  return y
}`

// codeOf is the code of a run-time error, which must have one.
func codeOf(t *testing.T, err error) ast.Code {
	t.Helper()
	var d *ast.Diagnostic
	if !errors.As(err, &d) {
		t.Fatalf("%v is no diagnostic", err)
	}
	return d.Code
}

func TestTimeLimitStopsEndlessPrograms(t *testing.T) {
	for _, test := range []struct {
		name, text string
		sizes      []int64
		args       []any
	}{
		{"scalars", endless, nil, []any{0}},
		{"arrays", endlessArray, []int64{300_000}, []any{count(300_000)}},
		{"matrices", endlessProduct, []int64{60}, []any{matrix(t, make([]float64, 3600), 60, 60)}},
		{"lanes", endlessLanes, []int64{100_000}, []any{count(100_000)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := compile(t, test.text, Tuning{})
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			defer cancel()
			_, err := p.Run(ctx, values(test.args...), test.sizes, Options{})
			if code := codeOf(t, err); code != ast.CodeTimeLimit {
				t.Error(err)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := compile(t, endless, Tuning{}).Run(ctx, values(0), nil, Options{})
	if code := codeOf(t, err); code != ast.CodeCancelled {
		t.Error(err)
	}
}

func TestStepLimit(t *testing.T) {
	for _, steps := range []int64{1, 100, 16384, 16385, 100_000} {
		_, err := compile(t, endless, Tuning{}).Run(context.Background(), values(0), nil, Options{Limits: runtime.Limits{Steps: steps}})
		if code := codeOf(t, err); code != ast.CodeStepLimit {
			t.Error(err)
		}
	}
}

func TestStepsAreCountedExactly(t *testing.T) {
	const loop = `
main func main[](n: i64) -> (i64) {
  z: i64 = const 0
  s: i64 = for i in z..n carry (a: i64 = z) {
    b: i64 = add a, i
    yield b
  }
  return s
}`
	p := compile(t, loop, Tuning{})
	for _, n := range []int{1, 5, 16384, 40_000} {
		if _, err := p.Run(context.Background(), values(n), nil, Options{Limits: runtime.Limits{Steps: int64(n)}}); err != nil {
			t.Errorf("%d rounds: %v", n, err)
		}
		_, err := p.Run(context.Background(), values(n+1), nil, Options{Limits: runtime.Limits{Steps: int64(n)}})
		if err == nil || codeOf(t, err) != ast.CodeStepLimit {
			t.Errorf("%d rounds with a limit of %d: %v", n+1, n, err)
		}
	}
}

func TestRecursionLimit(t *testing.T) {
	p := compile(t, endlessRecursion, Tuning{})
	for _, depth := range []int{0, 5, 1_000_000} {
		_, err := p.Run(context.Background(), values(0), nil, Options{Limits: runtime.Limits{Depth: depth}})
		if code := codeOf(t, err); code != ast.CodeRecursionLimit {
			t.Error(err)
		}
	}
}

func TestMemoryLimit(t *testing.T) {
	const text = `
main func main[n]() -> (f64) {
  one: f64 = const 1
  x: f64[n, n] = broadcast[n, n] one
  z: f64[n, n] = contract["ik,kj->ij"] x, x
  s: f64 = reduce[max, 0, 1] z
  return s
}`
	p := compile(t, text, Tuning{})
	limits := Options{Limits: runtime.Limits{Memory: 1 << 20}}
	if _, err := p.Run(context.Background(), nil, []int64{200}, limits); err != nil {
		t.Error(err)
	}
	for _, n := range []int64{300, 1 << 20, 1 << 32, 1 << 62} {
		_, err := p.Run(context.Background(), nil, []int64{n}, limits)
		if code := codeOf(t, err); code != ast.CodeMemoryLimit {
			t.Errorf("n = %d: %v", n, err)
		}
	}
	for _, n := range []int64{1 << 32, 1 << 62} {
		_, err := p.Run(context.Background(), nil, []int64{n}, Options{Limits: runtime.Limits{Memory: -1}})
		if code := codeOf(t, err); code != ast.CodeMemoryLimit {
			t.Errorf("n = %d without a limit: %v", n, err)
		}
	}
}

// TestErrorsSayWhatAndWhere gives each kind of failure, in all ways of running.
func TestErrorsSayWhatAndWhere(t *testing.T) {
	for _, test := range []struct {
		name, text string
		sizes      []int64
		args       []any
		code       ast.Code
		message    string
	}{
		{"index", `
main func main[n](x: f64[n], i: i64) -> (f64) {
  a: f64 = gather["@", wrap] x, i
  return a
}`, []int64{7}, []any{count(7), -8}, ast.CodeIndex, "index -8 is out of range for size 7"},
		{"row", `
main func main[n, m](x: f64[n, m], i: i64) -> (f64[m]) {
  a: f64[m] = gather["@:"] x, i
  return a
}`, []int64{7, 1}, []any{matrix(t, count(7), 7, 1), 7}, ast.CodeIndex, "index 7 is out of range for size 7"},
		{"update", `
main func main[n](x: f64[n], i: i64) -> (f64[n]) {
  two: f64 = const 2
  a: f64[n] = update["@"] x, two, i
  return a
}`, []int64{7}, []any{count(7), 7}, ast.CodeIndex, "index 7 is out of range for size 7"},
		{"index in lanes", `
main func main[n](x: f64[n]) -> (f64[n]) {
  one: i64 = const 1
  a: f64[n] = map i<n {
    j: i64 = add i, one
    b: f64 = gather["@"] x, j
    yield b
  }
  return a
}`, []int64{20}, []any{count(20)}, ast.CodeIndex, "index 20 is out of range for size 20"},
		{"division", `
main func main[](i: i64) -> (i64) {
  z: i64 = const 0
  a: i64 = floordiv i, z
  return a
}`, nil, []any{7}, ast.CodeDivisionByZero, "an integer is divided by zero"},
		{"division in arrays", `
main func main[n](i: i64[n]) -> (i64[n]) {
  a: i64[n] = mod i, i
  return a
}`, []int64{2}, []any{[]int64{1, 0}}, ast.CodeDivisionByZero, "an integer is divided by zero"},
		{"power", `
main func main[n](i: i64[n]) -> (i64[n]) {
  a: i64[n] = pow i, i
  return a
}`, []int64{2}, []any{[]int64{1, -3}}, ast.CodeNegativePower, "an integer is raised to the negative power -3"},
		{"conversion", `
main func main[](x: f64) -> (i64) {
  a: i64 = convert[i64] x
  return a
}`, nil, []any{1e300}, ast.CodeOutOfRange, "1e+300 is not in the range of i64"},
		{"empty", `
main func main[n](x: f64[n]) -> (f64) {
  a: f64 = reduce[max, 0] x
  return a
}`, []int64{0}, []any{[]float64{}}, ast.CodeEmptyReduction, ""},
		{"empty stream", `
main func main[n](x: f64[n]) -> (f64) {
  b: f64[n] = neg x
  a: f64 = reduce[max, 0] b
  return a
}`, []int64{0}, []any{[]float64{}}, ast.CodeEmptyReduction, ""},
		{"retype", `
main func main[n, m](x: f64[n]) -> (f64[m]) {
  a: f64[m] = retype["{0} is not {1}", m] x
  return a
}`, []int64{2, 3}, []any{[]float64{1, 2}}, ast.CodeShapeMismatch, "2 is not 3"},
		{"check", `
main func main[](x: f64) -> (f64) {
  c: bool = lt x, x
  check["out-of-range", "{0} is bad"] c, x
  return x
}`, nil, []any{1.5}, ast.CodeOutOfRange, "1.5 is bad"},
		{"check in lanes", `
main func main[n](x: f64[n]) -> (f64[n]) {
  five: f64 = const 5
  y: f64[n] = map i<n {
    v: f64 = gather["@"] x, i
    c: bool = lt v, five
    check["out-of-range", "{0} is not below {1}"] c, v, five
    yield v
  }
  return y
}`, []int64{20}, []any{count(20)}, ast.CodeOutOfRange, "5.0 is not below 5.0"},
		{"division in some lanes", `
main func main[n](x: i64[n]) -> (i64[n]) {
  five: i64 = const 5
  y: i64[n] = map i<n {
    v: i64 = gather["@"] x, i
    c: bool = lt i, five
    r: i64 = if c {
      yield v
    } else {
      w: i64 = mod v, v
      yield w
    }
    yield r
  }
  return y
}`, []int64{20}, []any{make([]int64, 20)}, ast.CodeDivisionByZero, "an integer is divided by zero"},
		{"update in lanes", `
main func main[n](x: f64[n]) -> (f64[n, 3]) {
  y: f64[n, 3] = map i<n {
    v: f64 = gather["@"] x, i
    r: f64[3] = broadcast[3] v
    s: f64[3] = update["@", wrap] r, v, i
    yield s
  }
  return y
}`, []int64{20}, []any{count(20)}, ast.CodeIndex, "index 3 is out of range for size 3"},
		{"a short function called in lanes, late in a long one", `
func f[](k: i64) -> (i64) {
  zero: i64 = const 0
  r: i64 = mod k, zero
  return r
}

main func main[n](k: i64) -> (i64[n], i64) {
  a: i64 = add k, k
  b: i64 = add a, k
  c: i64 = add b, k
  d: i64 = add c, k
  e: i64 = add d, k
  g: i64 = add e, k
  y: i64[n] = map i<n {
    v: i64 = call f[] i
    yield v
  }
  return y, g
}`, []int64{20}, []any{1}, ast.CodeDivisionByZero, "an integer is divided by zero"},
		{"singular", `
main func main[n](x: f64[n, n]) -> (f64[n, n]) {
  a: f64[n, n] = lib[trsolve, "lower"] x, x
  return a
}`, []int64{2}, []any{matrix(t, make([]float64, 4), 2, 2)}, ast.CodeSingular, "the matrix is singular"},
		{"definite", `
main func main[n](x: f64[n, n]) -> (f64[n, n]) {
  a: f64[n, n] = lib[cholesky, ""] x
  return a
}`, []int64{2}, []any{matrix(t, make([]float64, 4), 2, 2)}, ast.CodeNotPositive, "the matrix is not positive definite"},
		{"negative size", `
main func main[n]() -> (i64[n - 3]) {
  a: i64[n - 3] = iota[n - 3]
  return a
}`, []int64{2}, nil, ast.CodeShapeMismatch, "a size is below zero: -1"},
	} {
		for _, tuning := range tunings() {
			_, err := compile(t, test.text, tuning).Run(context.Background(), values(test.args...), test.sizes, Options{})
			if err == nil {
				t.Errorf("%s: no error", test.name)
				continue
			}
			if code := codeOf(t, err); code != test.code || test.message != "" && !strings.HasSuffix(err.Error(), test.message) {
				t.Errorf("%s: %s: %v", test.name, code, err)
			}
		}
	}
}

func TestPrintWritesInOrder(t *testing.T) {
	p := compile(t, `
main func main[](n: i64, s: str) -> () {
  z: i64 = const 0
  for i in z..n carry () {
    print["step ", {0}, " of ", {1}] i, s
  }
}`, Tuning{})
	var out bytes.Buffer
	if _, err := p.Run(context.Background(), values(2, "all"), nil, Options{Output: &out}); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "step 0 of all\nstep 1 of all\n" {
		t.Errorf("%q", got)
	}
}

func TestHostFunctions(t *testing.T) {
	p := compile(t, `
main func main[n](x: f64[n]) -> (f64[n], f64) {
  y: f64[n] = host["twice", pure] x
  s: f64 = host["sum"] y
  return y, s
}`, Tuning{})
	hosts := map[string]HostFunc{
		"twice": func(_ context.Context, args []runtime.Value) ([]runtime.Value, error) {
			x := args[0].(*runtime.Array)
			for i := range x.F64() {
				x.F64()[i] *= 2
			}
			return []runtime.Value{x}, nil
		},
		"sum": func(_ context.Context, args []runtime.Value) ([]runtime.Value, error) {
			s := 0.0
			for _, v := range args[0].(*runtime.Array).F64() {
				s += v
			}
			return []runtime.Value{runtime.Scalar(s)}, nil
		},
	}
	x := []float64{1, 2}
	results, err := p.Run(context.Background(), values(x), []int64{2}, Options{Hosts: hosts})
	if err != nil {
		t.Fatal(err)
	}
	if got := runtime.Format(runtime.Tuple(results)); got != "([2.0, 4.0], 6.0)" || x[0] != 1 {
		t.Errorf("%s, x = %v", got, x)
	}
}

func TestHostFunctionsThatFail(t *testing.T) {
	p := compile(t, `
main func main[](x: f64) -> (f64) {
  y: f64 = host["f"] x
  return y
}`, Tuning{})
	for name, f := range map[string]HostFunc{
		"an error":      func(context.Context, []runtime.Value) ([]runtime.Value, error) { return nil, errors.New("no") },
		"a panic":       func(context.Context, []runtime.Value) ([]runtime.Value, error) { panic("no") },
		"no value":      func(context.Context, []runtime.Value) ([]runtime.Value, error) { return nil, nil },
		"another type":  func(context.Context, []runtime.Value) ([]runtime.Value, error) { return values(1), nil },
		"another shape": func(context.Context, []runtime.Value) ([]runtime.Value, error) { return values([]float64{1}), nil },
		"nil":           func(context.Context, []runtime.Value) ([]runtime.Value, error) { return []runtime.Value{nil}, nil },
	} {
		_, err := p.Run(context.Background(), values(1.5), nil, Options{Hosts: map[string]HostFunc{"f": f}})
		var d *ast.Diagnostic
		if !errors.As(err, &d) || d.Code == codeBug {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Run(context.Background(), values(1.5), nil, Options{}); err == nil {
		t.Error("a function that is not given was called")
	}
}

func TestArgumentsAreNotChanged(t *testing.T) {
	x := count(10)
	run(t, `
main func main[n](x: f64[n]) -> (f64[n]) {
  z: i64 = const 0
  a: f64 = const 7
  y: f64[n] = update["@"] x, a, z
  w: f64[n] = neg y
  return w
}`, []int64{10}, x)
	if x[0] != 0 {
		t.Error("the embedder's array was changed")
	}
}

// TestManyGoroutinesRunOneProgram is for the race detector.
func TestManyGoroutinesRunOneProgram(t *testing.T) {
	p := compile(t, `
main func main[n](x: f64[n]) -> (f64) {
  k: i64 = const 3
  one: f64 = const 1
  y: f64[n] = map i<n {
    v: f64 = gather["@"] x, i
    w: f64 = mul v, v
    yield w
  }
  z: f64[n] = update["@"] y, one, k
  a: f64[n] = mul z, z
  s: f64 = reduce[sum, 0] a
  return s
}`, Tuning{})
	x := runtime.Vector(count(5000))
	var wait sync.WaitGroup
	results := make([]string, 100)
	for g := range results {
		wait.Go(func() {
			for range 5 {
				r, err := p.Run(context.Background(), []runtime.Value{x}, []int64{5000}, Options{})
				if err != nil {
					t.Error(err)
					return
				}
				results[g] = runtime.Format(r[0])
			}
		})
	}
	wait.Wait()
	for _, r := range results {
		if r != results[0] {
			t.Fatalf("%s and %s", r, results[0])
		}
	}
}

// TestErrorsNameTheCallsAround fails in a function that is called twice over, in
// a loop and in lanes.
func TestErrorsNameTheCallsAround(t *testing.T) {
	source := &ast.Source{Name: "f.calx", Text: "0123456789"}
	at := func(k int32) ast.Span { return ast.Span{Source: source, Start: k, End: k + 1} }
	build := func(lanes bool) *ir.Module {
		divide := &ir.Func{Name: "divide", Body: &ir.Block{}}
		k := divide.AddParam(ir.Scalar(ir.I64), "k")
		b := ir.NewBuilder(divide, divide.Body).At(at(1))
		b.Return(b.Op(ir.FloorDiv, nil, k, b.I64(0)))

		middle := &ir.Func{Name: "middle", Body: &ir.Block{}}
		k = middle.AddParam(ir.Scalar(ir.I64), "k")
		b = ir.NewBuilder(middle, middle.Body).At(at(2))
		b.Return(b.Call(divide, nil, k)...)

		main := &ir.Func{Name: "main", Body: &ir.Block{}}
		n := main.AddSize("n").Dim()
		b = ir.NewBuilder(main, main.Body)
		if lanes {
			b.Return(b.At(at(4)).Map([]ir.Dim{n}, []string{"i"}, func(b *ir.Builder, i []*ir.Value) []*ir.Value {
				return b.At(at(3)).Call(middle, nil, i[0])
			})...)
		} else {
			b.Return(b.At(at(3)).Call(middle, nil, b.I64(1))...)
		}
		return &ir.Module{Funcs: []*ir.Func{divide, middle, main}, Main: main}
	}
	for _, lanes := range []bool{false, true} {
		for _, tuning := range tunings() {
			p, err := CompileTuned(build(lanes), tuning)
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Run(context.Background(), nil, []int64{40}, Options{})
			var d *ast.Diagnostic
			if !errors.As(err, &d) || d.Span != at(1) || len(d.Labels) != 2 || d.Labels[0].Span != at(2) || d.Labels[1].Span != at(3) {
				t.Errorf("lanes %v, %+v: %v", lanes, tuning, d)
			}
		}
	}
}

// TestCallByName calls another function than Main.
func TestCallByName(t *testing.T) {
	p := compile(t, fib, Tuning{})
	r, err := p.Call(context.Background(), "fib", values(12), nil, Options{})
	if err != nil || runtime.Format(r[0]) != "144" {
		t.Error(r, err)
	}
	if _, err := p.Call(context.Background(), "none", nil, nil, Options{}); err == nil {
		t.Error("a function that is not there was called")
	}
	if _, err := p.Run(context.Background(), values(1.5), nil, Options{}); err == nil {
		t.Error("an argument of another type was taken")
	}
	if _, err := p.Run(context.Background(), nil, nil, Options{}); err == nil {
		t.Error("a missing argument was not missed")
	}
}
