package calx_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

const library = `
export fn scale(x: f64[n], k: f64) -> f64[n] = k * x
export fn same(x: f64[n]) -> f64[n] = x
export fn twice(x: f64[n]) -> (f64[n], f64[n]) = (x, x)
export fn constants() -> f64[3] = [1.0, 2, 3]
export fn trace(a: f64[n, n]) -> f64 = sum(a[i, i] for i)
export fn gap(a: f64[2*n + 1], b: f64[n]) -> i64 = len(a) - len(b)
export fn first(k: i64, x: f64[m]) -> f64[k] = x[:k]
export fn padded(k: i64, x: f64[k]) -> f64 = sum(x) + k
export fn split(x: f64[n]) -> (f64, {low: f64, high: f64}) = (mean(x), {low: min(x), high: max(x)})
export fn move(p: {x: f64, v: f64[n]}) -> {x: f64, v: f64[n]} = {...p, x: p.x + 1}
export fn text(s: str) -> str = s
export fn positive(x: f64[n]) -> f64[_] = x[x > 0]
export fn counts(x: i64[n], b: bool[n]) -> i64 = sum(where(b, x, 0))
export fn turn(z: c128[n]) -> c128[n] = z * 1i
export fn cube(x: f64[n, m, k]) -> f64[k, m, n] = x.T
let offset = 10.0
export fn shifted(x: f64) -> f64 = x + offset
export fn endless(x: f64) -> f64 { var y = x; while true { y += 1 }; y }
`

func TestCall(t *testing.T) {
	program := compile(t, library)
	matrix := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	tests := []struct {
		name string
		args []any
		want string // or the error
	}{
		{"scale", []any{[]float64{1, 2}, 2.0}, "[2.0, 4.0]"},
		{"scale", []any{[]int{1, 2}, 2}, "[2.0, 4.0]"},
		{"scale", []any{[2]float32{1, 2}, int8(2)}, "[2.0, 4.0]"},
		{"scale", []any{[]float64(nil), 2.0}, "[]"},
		{"scale", []any{[]bool{true}, math.Inf(1)}, "[inf]"},
		{"trace", []any{[][]float64{{1, 2}, {3, 4}}}, "5.0"},
		{"trace", []any{[][]float64{}}, "0.0"},
		{"trace", []any{[2][2]int{{1, 2}, {3, 4}}}, "5.0"},
		{"trace", []any{calx.Array{Shape: []int{3, 3}, Data: matrix}}, "15.0"},
		{"trace", []any{&calx.Array{Shape: []int{2, 2}, Strides: []int{6, 2}, Offset: 0, Data: matrix}}, "10.0"},
		{"trace", []any{calx.Array{Shape: []int{2, 2}, Strides: []int{-3, -1}, Offset: 8, Data: matrix}}, "14.0"},
		{"cube", []any{[][][]float64{{{1, 2}}}}, "[[[1.0]],\n\n [[2.0]]]"},
		{"gap", []any{make([]float64, 7), make([]float64, 3)}, "4"},
		{"first", []any{2, []float64{4, 5, 6}}, "[4.0, 5.0]"},
		{"padded", []any{2, []float64{4, 5}}, "11.0"},
		{"split", []any{[]float64{1, 2, 6}}, "(3.0, {high: 6.0, low: 1.0})"},
		{"move", []any{struct {
			X float64
			V []float64
		}{1, []float64{2}}}, "{v: [2.0], x: 2.0}"},
		{"move", []any{map[string]any{"x": 1, "v": []float64{2}}}, "{v: [2.0], x: 2.0}"},
		{"text", []any{"a"}, "a"},
		{"positive", []any{[]float64{-1, 3, math.NaN()}}, "[3.0]"},
		{"counts", []any{[]int64{1, 2}, []bool{false, true}}, "2"},
		{"turn", []any{[]complex128{1}}, "[0.0+1.0i]"},
		{"shifted", []any{1.5}, "11.5"},

		{"scale", []any{[]float64{1}}, "test.calx:2:11: scale takes 2 arguments, and 1 are given"},
		{"scale", []any{[]string{"a"}, 2.0}, "argument x must be f64[n], and a []string is no value for a program"},
		{"scale", []any{[]complex128{1}, 2.0}, "argument x must be f64[n], and the value given is c128[1]; numbers never narrow by themselves"},
		{"scale", []any{[][]float64{{1}}, 2.0}, "argument x must be f64[n], and the value given is f64[1, 1]"},
		{"scale", []any{nil, 2.0}, "argument x must be f64[n], and nil is no value"},
		{"scale", []any{[]float64{1}, uint64(math.MaxUint64)}, "argument k must be f64, and 18446744073709551615 is more than an i64 can be"},
		{"trace", []any{[][]float64{{1, 2}, {3}}}, "argument a must be f64[n, n], and the rows of an array have one length, and these have 2 and 1"},
		{"trace", []any{[][]float64{{1, 2}}}, "argument a must be f64[n, n], and the value given is f64[1, 2]"},
		{"trace", []any{calx.Array{Shape: []int{3, 4}, Data: matrix}}, "argument a must be f64[n, n], and an Array of shape [3 4] has 12 elements from 0 on, and Data has 9"},
		{"trace", []any{calx.Array{Shape: []int{2, 2}, Strides: []int{-1, 1}, Data: matrix}}, "argument a must be f64[n, n], and an Array of shape [2 2] with offset 0 and strides [-1 1] leaves Data, which has 9 elements"},
		{"trace", []any{calx.Array{Shape: []int{math.MaxInt, math.MaxInt}, Strides: []int{0, 0}, Data: matrix}}, "has more elements than can be counted"},
		{"gap", []any{make([]float64, 6), make([]float64, 3)}, "argument a must be f64[2*n + 1], and the value given is f64[6]"},
		{"padded", []any{3, []float64{4, 5}}, "argument x must be f64[k], and the value given is f64[2]"},
		{"move", []any{map[string]any{"x": 1}}, "argument p must be {v: f64[n], x: f64}, and the value given is {x: i64}"},
		{"scales", nil, `the program exports no function "scales"`},
	}
	for _, test := range tests {
		v, err := program.Call(context.Background(), test.name, test.args...)
		if err != nil {
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s%v: %v, want %s", test.name, test.args, err, test.want)
			}
			var d *calx.Error
			if !errors.As(err, &d) {
				t.Errorf("%s%v: %v is no *calx.Error", test.name, test.args, err)
			}
		} else if got := runtime.Format(v); got != test.want {
			t.Errorf("%s%v: %s, want %s", test.name, test.args, got, test.want)
		}
	}
}

func TestFunctionsThatReadInputsAreNotCalledWithoutThem(t *testing.T) {
	program := compile(t, "input k: f64\ninput y: f64[p]\nlet m = y[0] + 1\nexport fn f(x: f64) -> f64 = k * x\n"+
		"export fn g(x: f64) -> f64 = p * x\nexport fn h(x: f64) -> f64 = m * x")
	for name, want := range map[string]string{"f": "f reads the input k", "g": "g reads the size p of the inputs", "h": "h reads the"} {
		if _, err := program.Call(context.Background(), name, 1.0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := calx.Bind[func(float64) (float64, error)](program, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is bound: %v", name, err)
		}
	}
}

func TestAs(t *testing.T) {
	matrix, err := calx.ValueOf([][]float64{{1, 2}, {3, 4}})
	if err != nil {
		t.Fatal(err)
	}
	type pair struct {
		Low  float64
		Top  []int  `calx:"high"`
		Note string `calx:"-"`
	}
	record := runtime.Record{Names: []string{"high", "low"}, Values: []runtime.Value{runtime.Vector([]int64{1, 2}), runtime.Scalar(1.5)}}
	expect := func(got any, err error, want any) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v, %v, want %#v", got, err, want)
		}
	}
	a, err := calx.As[[][]float64](matrix)
	expect(a, err, [][]float64{{1, 2}, {3, 4}})
	b, err := calx.As[[2][2]float64](matrix)
	expect(b, err, [2][2]float64{{1, 2}, {3, 4}})
	c, err := calx.As[calx.Array](matrix)
	expect(c, err, calx.Array{Shape: []int{2, 2}, Data: []float64{1, 2, 3, 4}})
	d, err := calx.As[pair](record)
	expect(d, err, pair{Low: 1.5, Top: []int{1, 2}})
	e, err := calx.As[any](record)
	expect(e, err, map[string]any{"low": 1.5, "high": []int64{1, 2}})
	f, err := calx.As[float64](runtime.Scalar(int64(3)))
	expect(f, err, 3.0)
	g, err := calx.As[[]complex128](runtime.Vector([]float64{1}))
	expect(g, err, []complex128{1})
	h, err := calx.As[[]any](runtime.Tuple{runtime.Text("a"), runtime.Scalar(true), matrix})
	expect(h, err, []any{"a", true, calx.Array{Shape: []int{2, 2}, Data: []float64{1, 2, 3, 4}}})
	j, err := calx.As[int8](runtime.Scalar(int64(-128)))
	expect(j, err, int8(-128))
	k, err := calx.As[[]uint8](runtime.Vector([]int64{0, 255}))
	expect(k, err, []uint8{0, 255})
	l, err := calx.As[[][]complex64](runtime.Tuple{runtime.Vector([]float32{1.5})})
	expect(l, err, [][]complex64{{1.5}})
	i, err := calx.As[*float64](runtime.Scalar(1.5))
	expect(*i, err, 1.5)
	for _, err := range []error{
		second(calx.As[int](runtime.Scalar(1.5))),
		second(calx.As[int8](runtime.Scalar(int64(128)))),
		second(calx.As[uint](runtime.Scalar(int64(-1)))),
		second(calx.As[[]uint16](runtime.Vector([]int64{1, 65536}))),
		second(calx.As[complex64](runtime.Scalar(1.5))),
		second(calx.As[float32](runtime.Scalar(1.5))),
		second(calx.As[[]float64](matrix)),
		second(calx.As[[3][2]float64](matrix)),
		second(calx.As[string](matrix)),
		second(calx.As[float64](nil)),
		second(calx.As[struct{ Low float64 }](record)),
		second(calx.As[chan int](matrix)),
		second(calx.As[float64](runtime.Text("a"))),
	} {
		if err == nil {
			t.Error("a value was taken for what it is not")
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Values that hold themselves, and the like, are errors.
func TestStrangeGoValues(t *testing.T) {
	type node struct{ Next *node }
	loop := &node{}
	loop.Next = loop
	var none *float64
	endless := runtime.Tuple{nil}
	endless[0] = endless
	list := []any{nil}
	list[0] = list
	for _, x := range []any{endless, list, loop, none, nil, func() {}, make(chan int), map[int]float64{1: 1}, struct{ F func() }{}, []any{[]any{nil}}, calx.Array{}, (*runtime.Array)(nil), runtime.Tuple{nil}, runtime.Tuple{(*runtime.Array)(nil)}, runtime.Record{Names: []string{"a"}}, []any{runtime.Value(nil)}} {
		if v, err := calx.ValueOf(x); err == nil {
			t.Errorf("%T became %s", x, runtime.Format(v))
		}
	}
}

func TestResultsAreTheCallers(t *testing.T) {
	program := compile(t, library+"input y: f64[n]\nexport y as \"back\"\nexport y[1:] as \"rest\"\nexport constants() as \"fixed\"")
	x := []float64{1, 2, 3}
	for range 2 {
		for name, args := range map[string][]any{"same": {x}, "constants": nil} {
			v, err := program.Call(context.Background(), name, args...)
			if err != nil {
				t.Fatal(err)
			}
			y, _ := calx.As[[]float64](v)
			if fmt.Sprint(y) != "[1 2 3]" {
				t.Errorf("%s: %v", name, y)
			}
			y[0] = 9
		}
		v, err := program.Call(context.Background(), "twice", x)
		if err != nil {
			t.Fatal(err)
		}
		both, _ := calx.As[[][]float64](v)
		both[0][0] = 9
		results, err := program.Run(context.Background(), map[string]any{"y": x}, calx.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range results {
			y, _ := calx.As[[]float64](result.Value)
			y[0] = 9
		}
		if x[0] != 1 || x[1] != 2 || both[1][0] != 1 {
			t.Errorf("a result shares elements: %v, %v", x, both)
		}
	}
}

func TestBind(t *testing.T) {
	program := compile(t, library)
	scale, err := calx.Bind[func([]float64, float64) ([]float64, error)](program, "scale")
	if err != nil {
		t.Fatal(err)
	}
	if y, err := scale([]float64{1, 2}, 3); err != nil || fmt.Sprint(y) != "[3 6]" {
		t.Error(y, err)
	}
	type bounds struct{ Low, High float64 }
	split, err := calx.Bind[func(context.Context, []float64) (float64, bounds, error)](program, "split")
	if err != nil {
		t.Fatal(err)
	}
	if m, b, err := split(nil, []float64{1, 2, 6}); err != nil || m != 3 || b != (bounds{1, 6}) {
		t.Error(m, b, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if m, _, err := split(ctx, []float64{1}); err == nil || m != 0 {
		t.Error("called when cancelled")
	}
	trace, err := calx.Bind[func([][]float64) (float64, error)](program, "trace")
	if err != nil {
		t.Fatal(err)
	}
	var d *calx.Error
	if _, err := trace([][]float64{{1, 2}}); !errors.As(err, &d) || d.Code != ast.CodeShapeMismatch || !d.Span.IsValid() {
		t.Error(err)
	}
	cube, err := calx.Bind[func(calx.Array) (calx.Array, error)](program, "cube")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := cube(calx.Array{Shape: []int{1, 2, 1}, Data: []float64{1, 2}}); err != nil || fmt.Sprint(a.Shape) != "[1 2 1]" {
		t.Error(a, err)
	}
	limited, err := calx.Bind[func(float64) (float64, error)](program.With(calx.RunOptions{Limits: calx.Limits{Steps: 1000}}), "endless")
	if err != nil {
		t.Fatal(err)
	}
	_, err = limited(1)
	expectFailure(t, err, ast.CodeStepLimit)
	limited, _ = calx.Bind[func(float64) (float64, error)](program.With(calx.RunOptions{Limits: calx.Limits{Time: time.Millisecond}}), "endless")
	_, err = limited(1)
	expectFailure(t, err, ast.CodeTimeLimit)
}

func TestBindChecksTypes(t *testing.T) {
	program := compile(t, library)
	for _, test := range []struct {
		err  error
		want string
	}{
		{second(calx.Bind[func([]string, float64) ([]float64, error)](program, "scale")), "test.calx:2:17: scale can't be bound: its parameter x is f64[n], and a []string can't be given for that"},
		{second(calx.Bind[func([]float64, complex128) ([]float64, error)](program, "scale")), "its parameter k is f64, and a complex128 can't be given"},
		{second(calx.Bind[func([]float64) ([]float64, error)](program, "scale")), "it takes 2 arguments, and func([]float64) ([]float64, error) has 1 parameters for them"},
		{second(calx.Bind[func([]float64, float64) []float64](program, "scale")), "must be an error"},
		{second(calx.Bind[func([]float64, float64) error](program, "scale")), "its result is f64[n], and func([]float64, float64) error has 0 results for it"},
		{second(calx.Bind[func([]float64, float64) ([]float32, error)](program, "scale")), "f64[n] does not fit into a []float32"},
		{second(calx.Bind[func([]float64, ...float64) ([]float64, error)](program, "scale")), "any number of arguments"},
		{second(calx.Bind[func() ([2]float64, error)](program, "constants")), "f64[3] does not fit into a [2]float64"},
		{second(calx.Bind[func([]float64) (float64, struct{ Low float64 }, error)](program, "split")), "does not fit"},
		{second(calx.Bind[int](program, "scale")), "int is no type of functions"},
		{second(calx.Bind[func() error](program, "nothing")), `exports no function "nothing"`},
	} {
		var d *calx.Error
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) || !errors.As(test.err, &d) {
			t.Errorf("got %v, want %s", test.err, test.want)
		}
	}
}

// A program, and a function bound to it, serve any number of goroutines.
func TestManyGoroutines(t *testing.T) {
	double, err := calx.NewFunction("double", "(f64) -> f64", func(x float64) float64 { return 2 * x })
	if err != nil {
		t.Fatal(err)
	}
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: "input y: f64[n]\nexport sum(double(y)) as \"s\"\n" +
		"export fn f(x: f64[n], k: f64) -> f64[n] { print(k); var z = x; for i in 0..n { z[i] = double(k) * x[i] }; z }"}, calx.Options{Functions: []*calx.Function{double}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := calx.Bind[func(context.Context, []float64, float64) ([]float64, error)](program, "f")
	if err != nil {
		t.Fatal(err)
	}
	shared := make([]float64, 50)
	for i := range shared {
		shared[i] = float64(i)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	for g := range 100 {
		all.Go(func() {
			for range 20 {
				y, err := f(ctx, shared, float64(g))
				if err != nil || y[3] != 6*float64(g) {
					t.Error(y, err)
				}
				results, err := program.Run(ctx, map[string]any{"y": shared}, calx.RunOptions{})
				if s, _ := calx.As[float64](results.Get("s")); err != nil || s != 2450 {
					t.Error(s, err)
				}
			}
		})
	}
	all.Wait()
}

// A large array is not copied on its way in.
func TestLargeArraysAreShared(t *testing.T) {
	program := compile(t, "export fn last(x: f64[n]) -> f64 = x[-1]")
	last, err := calx.Bind[func(calx.Array) (float64, error)](program.With(calx.RunOptions{Limits: calx.Limits{Memory: 64 << 10}}), "last")
	if err != nil {
		t.Fatal(err)
	}
	large := calx.Array{Shape: []int{1_000_000}, Data: make([]float64, 1_000_000)}
	var before, after goruntime.MemStats
	goruntime.ReadMemStats(&before)
	if _, err := last(large); err != nil {
		t.Fatal(err)
	}
	goruntime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 1_000_000 {
		t.Errorf("%d bytes for a call with an array of 8 million", bytes)
	}
}

// Bound functions of all the types that are called directly give what the others
// do.
func TestDirectCalls(t *testing.T) {
	program := compile(t, `
export fn a(x: f64) -> f64 = 2 * x
export fn b(x: f64) -> f64[2] = [x, 2 * x]
export fn c(x: f64[n]) -> i64 = len(x)
export fn d(x: f64[n], y: f64[n]) -> f64[n] = x - y
export fn e(x: f64, y: f64[n]) -> f64[n] = x - y
export fn f(x: i64, y: f64) -> f64 = x / y
`)
	type named func(context.Context, []float64, []float64) ([]float64, error)
	expect := func(got any, err error, want string) {
		t.Helper()
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("got %v, %v, want %s", got, err, want)
		}
	}
	a, _ := calx.Bind[func(float64) (float64, error)](program, "a")
	x, err := a(1.5)
	expect(x, err, "3")
	b, _ := calx.Bind[func(float64) ([]float64, error)](program, "b")
	y, err := b(1.5)
	expect(y, err, "[1.5 3]")
	c, _ := calx.Bind[func([]float64) (float64, error)](program, "c")
	x, err = c([]float64{4, 5})
	expect(x, err, "2")
	d, _ := calx.Bind[named](program, "d")
	y, err = d(context.Background(), []float64{4, 5}, []float64{1, 1})
	expect(y, err, "[3 4]")
	if y, err := d(nil, []float64{4, 5}, []float64{1}); err == nil || y != nil {
		t.Error(y, err)
	}
	e, _ := calx.Bind[func(float64, []float64) ([]float64, error)](program, "e")
	y, err = e(4, []float64{1, 2})
	expect(y, err, "[3 2]")
	if _, err := calx.Bind[func(float64, float64) (float64, error)](program, "f"); err == nil {
		t.Error("a float64 is given for an i64")
	}
}

func BenchmarkBoundCall(b *testing.B) {
	program := compile(b, fiveOperations)
	f, err := calx.Bind[func([]float64) (float64, error)](program, "f")
	if err != nil {
		b.Fatal(err)
	}
	x := []float64{1, 2, 3}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f(x); err != nil {
			b.Fatal(err)
		}
	}
}
