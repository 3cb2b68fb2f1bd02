package calx_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
)

const signatures = `
export fn count(k: i64, x: i64[n]) -> (i64, i64[n]) = (k, x)
export fn real(x: f64, y: f64[n, m]) -> (f64, f64[n, m]) = (x, y)
export fn small(x: f32, y: f32[n]) -> (f32, f32[n]) = (x, y)
export fn both(z: c128, w: c128[n]) -> (c128, c128[n]) = (z, w)
export fn truth(b: bool, c: bool[n]) -> (bool, bool[n]) = (b, c)
export fn text(s: str) -> str = s
export fn three(x: f64[3]) -> f64[3] = 2 * x
export fn grid(a: f64[2, n]) -> f64[n, 2] = a.T
export fn model(m: {weights: f64[n], bias: f64}) -> {weights: f64[n], bias: f64} = {...m, bias: m.bias + 1}
export fn nest(m: {inner: {a: i64[n], s: str}, pair: (f64, bool)}) -> {inner: {a: i64[n], s: str}, pair: (f64, bool)} = m
export fn pair(q: (f64, f64[n])) -> (f64, f64[n]) = q
export fn twins(x: f64[n]) -> (f64[n], f64[n]) = (x, 2 * x)
export fn shows(x: f64) { print(x) }
`

// bound calls a function by way of Bind and shows what it gives.
func bound[F any](t *testing.T, program *calx.Program, name string, call func(F) []any) string {
	t.Helper()
	f, err := calx.Bind[F](program, name)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(fmt.Sprintln(call(f)...), "\n")
}

type (
	weights []float64
	base    struct{ Bias float32 }
	model   struct {
		base
		W     weights `calx:"weights"`
		Note  string  `calx:"-"`
		steps int
	}
	inner struct {
		A []uint8
		S string
	}
	nest struct {
		Inner *inner
		Pair  []any
	}
)

// Go's numbers of all kinds, slices and arrays of them, structs, maps, tuples and
// several results become parameters and results, as far as they hold the values.
func TestBindTakesGoTypes(t *testing.T) {
	p := compile(t, signatures)
	for got, want := range map[string]string{
		bound(t, p, "count", func(f func(int8, []uint16) (int32, []int, error)) []any {
			a, b, e := f(-3, []uint16{65535})
			return []any{a, b, e}
		}): "-3 [65535] <nil>",
		bound(t, p, "count", func(f func(uint64, [2]uintptr) (uint, [2]int64, error)) []any {
			a, b, e := f(3, [2]uintptr{1, 2})
			return []any{a, b, e}
		}): "3 [1 2] <nil>",
		bound(t, p, "count", func(f func(bool, []bool) (*int, []byte, error)) []any {
			a, b, e := f(true, []bool{true})
			return []any{*a, b, e}
		}): "1 [1] <nil>",
		bound(t, p, "real", func(f func(int, [][]float32) (float64, [][]float64, error)) []any {
			a, b, e := f(2, [][]float32{{1.5}})
			return []any{a, b, e}
		}): "2 [[1.5]] <nil>",
		bound(t, p, "real", func(f func(float32, [][2]int8) (complex128, [][]complex128, error)) []any {
			a, b, e := f(.5, [][2]int8{{1, 2}})
			return []any{a, b, e}
		}): "(0.5+0i) [[(1+0i) (2+0i)]] <nil>",
		bound(t, p, "small", func(f func(float32, []float32) (float64, []complex64, error)) []any {
			a, b, e := f(.5, []float32{1})
			return []any{a, b, e}
		}): "0.5 [(1+0i)] <nil>",
		bound(t, p, "both", func(f func(complex64, []float64) (complex128, []complex128, error)) []any {
			a, b, e := f(1i, []float64{1})
			return []any{a, b, e}
		}): "(0+1i) [(1+0i)] <nil>",
		bound(t, p, "truth", func(f func(bool, []bool) (bool, [1]bool, error)) []any {
			a, b, e := f(true, []bool{false})
			return []any{a, b, e}
		}): "true [false] <nil>",
		bound(t, p, "text", func(f func(string) (string, error)) []any { a, e := f("π"); return []any{a, e} }):                          "π <nil>",
		bound(t, p, "three", func(f func([3]float64) ([3]float64, error)) []any { a, e := f([3]float64{1, 2, 3}); return []any{a, e} }): "[2 4 6] <nil>",
		bound(t, p, "grid", func(f func(*[2][]float64) ([][2]float64, error)) []any {
			a, e := f(&[2][]float64{{1, 2, 3}, {4, 5, 6}})
			return []any{a, e}
		}): "[[1 4] [2 5] [3 6]] <nil>",
		bound(t, p, "grid", func(f func(any) (any, error)) []any { a, e := f([2][1]int{{1}, {2}}); return []any{a, e} }): "{[1 2] [] 0 [1 2]} <nil>",
		bound(t, p, "model", func(f func(struct {
			Weights weights
			Bias    int
		}) (map[string]any, error)) []any {
			a, e := f(struct {
				Weights weights
				Bias    int
			}{weights{1}, 2})
			return []any{a, e}
		}): "map[bias:3 weights:[1]] <nil>",
		bound(t, p, "nest", func(f func(nest) (nest, error)) []any {
			a, e := f(nest{&inner{[]uint8{7}, "s"}, []any{1, true}})
			return []any{*a.Inner, a.Pair, e}
		}): "{[7] s} [1 true] <nil>",
		bound(t, p, "pair", func(f func([]any) (float64, []float64, error)) []any {
			a, b, e := f([]any{1, []int{2}})
			return []any{a, b, e}
		}): "1 [2] <nil>",
		bound(t, p, "pair", func(f func([2]any) ([]any, error)) []any { a, e := f([2]any{1, []int{2}}); return []any{a, e} }): "[1 [2]] <nil>",
		bound(t, p, "twins", func(f func(context.Context, []float64) ([][]float64, error)) []any {
			a, e := f(context.Background(), []float64{1})
			return []any{a, e}
		}): "[[1] [2]] <nil>",
		bound(t, p, "twins", func(f func([]float64) ([2][]float64, error)) []any { a, e := f([]float64{1}); return []any{a, e} }): "[[1] [2]] <nil>",
		bound(t, p, "shows", func(f func(float64) error) []any { return []any{f(1)} }):                                            "<nil>",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// The fields of embedded structs are those of the struct around them.
func TestBindSeesEmbeddedFields(t *testing.T) {
	f, err := calx.Bind[func(model) (struct {
		base64
		Weights []float64
	}, error)](compile(t, signatures), "model")
	if err != nil {
		t.Fatal(err)
	}
	got, err := f(model{base: base{0.5}, W: weights{1, 2}, Note: "kept back", steps: 3})
	if err != nil || got.Bias != 1.5 || fmt.Sprint(got.Weights) != "[1 2]" {
		t.Error(got, err)
	}
}

type base64 struct{ Bias float64 }

// What never fits is said once, by Bind, with both types.
func TestBindSaysWhatDoesNotFit(t *testing.T) {
	p := compile(t, signatures)
	for _, test := range []struct {
		err  error
		want string
	}{
		{second(calx.Bind[func(float64, []int) (int, []int, error)](p, "count")), "its parameter k is i64, and a float64 can't be given for that"},
		{second(calx.Bind[func(int, [][]int) (int, []int, error)](p, "count")), "its parameter x is i64[n], and a [][]int can't be given for that"},
		{second(calx.Bind[func(int, []int) (bool, []int, error)](p, "count")), "its result is (i64, i64[n]), and i64 does not fit into a bool"},
		{second(calx.Bind[func(int, []int) (int, []float32, error)](p, "count")), "i64[n] does not fit into a []float32"},
		{second(calx.Bind[func(float64, [][]float64) (float32, [][]float64, error)](p, "real")), "f64 does not fit into a float32"},
		{second(calx.Bind[func(complex128, []complex128) (complex64, []complex128, error)](p, "both")), "c128 does not fit into a complex64"},
		{second(calx.Bind[func(float32, []float64) (float32, []float32, error)](p, "small")), "its parameter y is f32[n], and a []float64 can't be given for that"},
		{second(calx.Bind[func([]byte) (string, error)](p, "text")), "its parameter s is str, and a []uint8 can't be given for that"},
		{second(calx.Bind[func(string) ([]byte, error)](p, "text")), "its result is str, and str does not fit into a []uint8"},
		{second(calx.Bind[func([2]float64) ([]float64, error)](p, "three")), "its parameter x is f64[3], and a [2]float64 can't be given for that"},
		{second(calx.Bind[func([]float64) ([2]float64, error)](p, "three")), "its result is f64[3], and f64[3] does not fit into a [2]float64"},
		{second(calx.Bind[func([3][]float64) ([][]float64, error)](p, "grid")), "its parameter a is f64[2, n], and a [3][]float64 can't be given for that"},
		{second(calx.Bind[func(struct{ Bias float64 }) (model, error)](p, "model")), "struct { Bias float64 } has no field weights"},
		{second(calx.Bind[func(struct{ Weights, Bias, Gain []float64 }) (model, error)](p, "model")), "its field bias can't be a []float64"},
		{second(calx.Bind[func(struct {
			Weights    []float64
			Bias, Gain float64
		}) (model, error)](p, "model")), "the record has no field gain"},
		{second(calx.Bind[func(map[string][]float64) (any, error)](p, "model")), "its field bias can't be a []float64"},
		{second(calx.Bind[func(map[int]any) (any, error)](p, "model")), "and a map[int]interface {} can't be given for that"},
		{second(calx.Bind[func(struct {
			Weights []float64
			B, C    float64 `calx:"bias"`
		}) (any, error)](p, "model")), "has two fields for bias"},
		{second(calx.Bind[func([3]any) (any, error)](p, "pair")), "its parameter q is (f64, f64[n]), and a [3]interface {} can't be given for that"},
		{second(calx.Bind[func([]any) (float64, []float64, int, error)](p, "pair")), "its result is (f64, f64[n]), and func([]interface {}) (float64, []float64, int, error) has 3 results for it beside the error"},
		{second(calx.Bind[func(float64, context.Context) error](p, "shows")), "it takes 1 arguments, and func(float64, context.Context) error has 2 parameters for them"},
		{second(calx.Bind[func(float64) (error, error)](p, "shows")), "its result is no value, and func(float64) (error, error) has 1 results for it beside the error"},
		{second(calx.Bind[func(chan int) error](p, "shows")), "its parameter x is f64, and a chan int can't be given for that"},
		{second(calx.Bind[func(float64)](p, "shows")), "the last result of func(float64) must be an error"},
		{second(calx.Bind[any](p, "shows")), "is no type of functions"},
		{second(calx.Bind[func(float64) error](p, "show")), "did you mean shows?"},
	} {
		found, _ := ast.AsDiagnostics(test.err)
		if !strings.Contains(said(found), test.want) {
			t.Errorf("got %v, want %s", test.err, test.want)
		}
	}
}

// What a Go type may hold, and this value is not, is said by the call.
func TestBoundCallsSayWhatDoesNotFit(t *testing.T) {
	p := compile(t, signatures)
	count, err := calx.Bind[func(uint64, []int) (int8, []uint, error)](p, "count")
	if err != nil {
		t.Fatal(err)
	}
	grid, err := calx.Bind[func(any) (any, error)](p, "grid")
	if err != nil {
		t.Fatal(err)
	}
	three, err := calx.Bind[func([]float64) ([3]float64, error)](p, "three")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"argument k must be i64, and 18446744073709551615 is more than an i64 can be": func() error { _, _, err := count(math.MaxUint64, nil); return err },
		"the result of count: 128 is none that a int8 can be":                         func() error { _, _, err := count(128, nil); return err },
		"the result of count: -1 is none that a uint can be":                          func() error { _, _, err := count(1, []int{-1}); return err },
		"argument a must be f64[2, n], and the value given is str":                    func() error { _, err := grid("a"); return err },
		"argument a must be f64[2, n], and a nil interface {} is no value":            func() error { _, err := grid(nil); return err },
		"argument x must be f64[3], and the value given is f64[0]":                    func() error { _, err := three(nil); return err },
	}
	for want, call := range calls {
		var d *calx.Error
		if err := call(); err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &d) || d.Code == "" {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A small function that is called often allocates its array, its result and what
// leads there, and no more.
func TestAllocationsOfBoundCalls(t *testing.T) {
	f, err := calx.Bind[func([]float64) (float64, error)](compile(t, fiveOperations), "f")
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{1, 2, 3}
	if y, err := f(x); err != nil || y != 14.5 {
		t.Fatal(y, err)
	}
	n := testing.AllocsPerRun(1000, func() { f(x) })
	if n > 4 && !underRace() {
		t.Errorf("%v allocations", n)
	}
}

// underRace reports whether the race detector is on, which lets pools forget.
func underRace() bool {
	info, _ := debug.ReadBuildInfo()
	return info != nil && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

const fiveOperations = "export fn f(x: f64[3]) -> f64 = (x[0] + 2 * x[1]) * x[2] - x[0] / x[1]"
