package calx_test

import (
	"bytes"
	"context"
	"encoding/json"
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

// An Array may claim anything of its Data.
func TestArraysThatClaimTooMuch(t *testing.T) {
	two := []float64{1, 2}
	huge := math.MaxInt
	for _, test := range []struct {
		array calx.Array
		want  string // the value, or the error
	}{
		{calx.Array{Shape: []int{2, 2}, Strides: []int{0, 1}, Data: two}, "[[1.0, 2.0],\n [1.0, 2.0]]"},
		{calx.Array{Shape: []int{2}, Strides: []int{-1}, Offset: 1, Data: two}, "[2.0, 1.0]"},
		{calx.Array{Shape: []int{2, 1}, Strides: []int{1, huge}, Data: two}, "[[1.0],\n [2.0]]"},
		{calx.Array{Shape: []int{0, huge}, Strides: []int{5, 5}, Offset: -3, Data: two}, "[] of shape [0, 9223372036854775807]"},
		{calx.Array{Shape: []int{}, Offset: 1, Data: two}, "2.0"},
		{calx.Array{Shape: []int{2}, Data: []uint8{0, 255}}, "[0, 255]"},
		{calx.Array{Shape: []int{2}, Strides: []int{2}, Data: []int16{-1, 0, 1}}, "[-1, 1]"},
		{calx.Array{Shape: []int{1}, Data: []complex64{1i}}, "[0.0+1.0i]"},
		{calx.Array{Shape: []int{1}, Data: []time.Duration{time.Microsecond}}, "[1000]"},

		{calx.Array{Shape: []int{3}, Data: two}, "has 3 elements from 0 on, and Data has 2"},
		{calx.Array{Shape: []int{2}, Offset: 1, Data: two}, "has 2 elements from 1 on"},
		{calx.Array{Shape: []int{2}, Offset: huge, Data: two}, "elements from"},
		{calx.Array{Shape: []int{2}, Offset: -1, Data: two}, "elements from -1 on"},
		{calx.Array{Shape: []int{2}, Strides: []int{2}, Data: two}, "leaves Data"},
		{calx.Array{Shape: []int{2}, Strides: []int{-1}, Data: two}, "leaves Data"},
		{calx.Array{Shape: []int{2}, Strides: []int{2}, Offset: huge, Data: two}, "leaves Data"},
		{calx.Array{Shape: []int{2}, Strides: []int{-2}, Offset: math.MinInt, Data: two}, "leaves Data"},
		{calx.Array{Shape: []int{3, 2}, Strides: []int{huge, -huge}, Data: two}, "leaves Data"},
		{calx.Array{Shape: []int{2, 2}, Strides: []int{math.MinInt, 1}, Offset: 1, Data: two}, "leaves Data"},
		{calx.Array{Shape: []int{-1}, Data: two}, "below zero"},
		{calx.Array{Shape: []int{2, -1}, Strides: []int{1, 1}, Data: two}, "below zero"},
		{calx.Array{Shape: []int{huge, huge}, Data: two}, "more elements than can be counted"},
		{calx.Array{Shape: []int{1 << 40}, Strides: []int{0}, Data: two}, "an Array repeats elements until there are 1099511627776"},
		{calx.Array{Shape: []int{2}, Strides: []int{1, 1}, Data: two}, "of 1 axes has 2 strides"},
		{calx.Array{Shape: []int{2}, Data: nil}, "this is <nil>"},
		{calx.Array{Shape: []int{2}, Data: []string{"a"}}, "this is []string"},
		{calx.Array{Shape: []int{2}, Data: [][]float64{two}}, "this is [][]float64"},
		{calx.Array{Shape: []int{1}, Data: []uint64{math.MaxUint64}}, "18446744073709551615 is more than an i64 can be"},
	} {
		v, err := calx.ValueOf(test.array)
		if err != nil && !strings.Contains(err.Error(), test.want) || err == nil && runtime.Format(v) != test.want {
			t.Errorf("%v: %s, %v, want %s", test.array, runtime.Format(v), err, test.want)
		}
	}
}

// What an Array repeats is within the memory limit of the call.
func TestRepeatingArraysAreBounded(t *testing.T) {
	program := compile(t, "export fn f(x: f64[n]) -> f64 = sum(x)").With(calx.RunOptions{Limits: calx.Limits{Memory: 1 << 20}})
	wide := calx.Array{Shape: []int{1 << 18}, Strides: []int{0}, Data: []float64{1}}
	_, err := program.Call(context.Background(), "f", wide)
	expectFailure(t, err, ast.CodeMemoryLimit)
	f, err := calx.Bind[func(calx.Array) (float64, error)](program, "f")
	if err != nil {
		t.Fatal(err)
	}
	_, err = f(wide)
	expectFailure(t, err, ast.CodeMemoryLimit)
	wide.Shape = []int{1 << 10}
	if s, err := f(wide); err != nil || s != 1<<10 {
		t.Error(s, err)
	}
}

// Nothing is done for each of many rows without elements.
func TestManyRowsWithoutElements(t *testing.T) {
	rows := calx.Array{Shape: []int{1 << 40, 0}, Data: []float64{}}
	for expr, want := range map[string]string{
		"any(x > 0)":               "false",
		"all(x > 0)":               "true",
		"sum(x * x)":               "0.0",
		"prod(x + 1)":              "1.0",
		"linalg.norm(x)":           "0.0",
		"len(cumsum(x.T, axis=0))": "0",
		"sum(x + 1, axis=0)":       "[]",
	} {
		program := compile(t, "export fn f(x: f64[n, m]) = "+expr).With(calx.RunOptions{Limits: calx.Limits{Time: 10 * time.Second, Memory: 1 << 20}})
		v, err := program.Call(context.Background(), "f", rows)
		if err != nil || runtime.Format(v) != want {
			t.Errorf("%s is %s, %v, want %s", expr, runtime.Format(v), err, want)
		}
	}
}

func TestGoValuesAtTheEdges(t *testing.T) {
	type celsius float32
	type flags [2]bool
	for _, test := range []struct {
		value any
		want  string // the value, or the error
	}{
		{[]float64(nil), "f64[0]"},
		{[][]float64(nil), "f64[0, 0]"},
		{[][]float64{nil, nil}, "f64[2, 0]"},
		{[][3]float64{}, "f64[0, 3]"},
		{[0][3]int{}, "i64[0, 3]"},
		{make([][0]float64, 1<<40), "f64[1099511627776, 0]"},
		{[]uint{1}, "i64[1]"},
		{[]uintptr{1}, "i64[1]"},
		{[][]complex64{{1}}, "c128[1, 1]"},
		{[]celsius{36.6}, "f32[1]"},
		{[]flags{{true}}, "bool[1, 2]"},
		{[2]any{1, "a"}, "(i64, str)"},
		{math.NaN(), "f64"},

		{[][]float64{{}, {1}}, "the rows of an array have one length, and these have 0 and 1"},
		{[][]float64{{1}, nil}, "the rows of an array have one length, and these have 1 and 0"},
		{[][][]int{{{1}, {2}}, {{3}}}, "the rows of an array have one length, and these have 2 and 1"},
		{[][]uint64{{1}, {1 << 63}}, "9223372036854775808 is more than an i64 can be"},
		{map[string]any{"a": nil}, "field a: a nil interface {} is no value"},
		{struct {
			X float64
			Y float64 `calx:"x"`
		}{}, "has two fields for x"},
	} {
		v, err := calx.ValueOf(test.value)
		if err != nil && !strings.Contains(err.Error(), test.want) || err == nil && calx.TypeOf(v) != test.want {
			t.Errorf("%T: %v, %v, want %s", test.value, v, err, test.want)
		}
	}
}

// Lists of any values, as a reader of JSON makes them, are arrays where those are
// wanted.
func TestListsOfAnyValues(t *testing.T) {
	program := compile(t, "export fn f(x: f64[n, m]) -> f64[n, m] = 2 * x\nexport fn g(q: (f64, f64), k: i64[n]) -> f64 = q[0] + sum(k)")
	for text, want := range map[string]string{
		"[[1, 2.5], [3, 4]]": "[[2.0, 5.0],\n [6.0, 8.0]]",
		"[[], []]":           "[] of shape [2, 0]",
		"[]":                 "[] of shape [0, 0]",
		"[[1], [2, 3]]":      "argument x must be f64[n, m], and the value given is ((f64,), (f64, f64))",
		"[1, 2]":             "argument x must be f64[n, m], and the value given is f64[2]",
		`[["a"]]`:            "argument x must be f64[n, m], and the value given is ((str,),)",
		"[[null]]":           "part 0: part 0: a nil interface {} is no value",
		"[[[1]]]":            "argument x must be f64[n, m], and the value given is f64[1, 1, 1]",
	} {
		var list []any
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err)
		}
		v, err := program.Call(context.Background(), "f", list)
		if err != nil && !strings.Contains(err.Error(), want) || err == nil && runtime.Format(v) != want {
			t.Errorf("%s: %s, %v, want %s", text, runtime.Format(v), err, want)
		}
	}
	v, err := program.Call(context.Background(), "g", []any{1.5, 2}, []any{1, true})
	if s, _ := calx.As[float64](v); err != nil || s != 3.5 {
		t.Error(s, err)
	}
	if _, err := program.Call(context.Background(), "g", []any{1.5, 2}, []any{1, 2.0}); err == nil {
		t.Error("a float became an integer")
	}
	bound, err := calx.Bind[func([]any) (calx.Array, error)](program, "f")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := bound([]any{[]float64{1, 2}, []any{3, 4}}); err != nil || !reflect.DeepEqual(a.Data, []float64{2, 4, 6, 8}) {
		t.Error(a, err)
	}
}

// nilError is an error that is often returned by mistake.
type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

func TestFunctionsThatGoWrong(t *testing.T) {
	var counts map[string]int
	functions := []*calx.Function{
		function(t, "writes", "(f64) -> f64", func(float64) float64 { counts["a"]++; return 1 }),
		function(t, "divides", "(i64) -> i64", func(n int) int { return 1 / n }),
		function(t, "throws", "(f64) -> f64", func(float64) float64 { panic("no sensor") }),
		function(t, "throwsNothing", "(f64) -> f64", func(float64) float64 { panic(nil) }),
		function(t, "throwsError", "(f64) -> f64", func(float64) float64 { panic(errNoRate) }),
		function(t, "returnsNil", "(f64) -> f64", func(float64) (float64, error) { var e *nilError; return 1, e }),
		function(t, "narrow", "(i64) -> i64", func(n int8) int8 { return n }),
		function(t, "unsigned", "(i64[n]) -> i64[n]", func(n []uint) []uint { return n }),
		function(t, "rank", "(f64) -> f64[2]", func(float64) any { return 1.5 }),
		function(t, "dtype", "(f64) -> i64[2]", func(float64) any { return []float64{1, 2} }),
		function(t, "field", "(f64) -> {x: f64}", func(float64) any { return map[string]any{"y": 1} }),
		function(t, "several", "(f64) -> (f64, f64)", func(float64) any { return []any{1.0} }),
		function(t, "claims", "(f64) -> f64[2]", func(float64) calx.Array { return calx.Array{Shape: []int{2}, Data: []float64{1}} }),
		function(t, "function", "(f64) -> f64", func(float64) any { return func() {} }),
	}
	for call, want := range map[string]string{
		"writes(1)":         "writes: the function panicked: assignment to entry in nil map",
		"divides(0)":        "divides: the function panicked: runtime error: integer divide by zero",
		"throws(1)":         "throws: the function panicked: no sensor",
		"throwsNothing(1)":  "throwsNothing: the function panicked: panic called with nil argument",
		"throwsError(1)":    "throwsError: the function panicked: no such rate",
		"returnsNil(1)":     "returnsNil: <nil>",
		"narrow(128)":       "narrow: 128 is none that a int8 can be",
		"unsigned([1, -1])": "unsigned: -1 is none that a uint can be",
		"rank(1)":           "rank: its result must be f64[2], and the value given is f64",
		"dtype(1)":          "dtype: its result must be i64[2], and the value given is f64[2]; numbers never narrow",
		"field(1)":          "field: its result must be {x: f64}, and the value given has no field x",
		"several(1)":        "several: its result must be (f64, f64), and the value given is (f64,)",
		"claims(1)":         "claims: an Array of shape [2] has 2 elements from 0 on, and Data has 1",
		"function(1)":       "function: a func() is no value for a program",
	} {
		ctx, cancel := context.WithCancel(context.Background())
		for _, ctx := range []context.Context{context.Background(), ctx} {
			_, err := given(t, ctx, "export let y = "+call, functions...)
			expectFailure(t, err, ast.CodeHostFunction)
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", call, err, want)
			}
		}
		cancel()
	}
	if _, err := given(t, context.Background(), "export let y = throwsError(1)", functions...); !errors.Is(err, errNoRate) {
		t.Error("the error of a panic is lost")
	}
	if y, err := given(t, context.Background(), "export let y = (narrow(-128), unsigned([7]))", functions...); y != "(-128, [7])" {
		t.Error(y, err)
	}
}

// Goexit ends the goroutine that it is called in: one of its own where the run can
// end early, otherwise that of the run. What was deferred there is done, and other
// runs go on.
func TestFunctionsThatEndTheirGoroutine(t *testing.T) {
	ends := function(t, "ends", "(f64) -> f64", func(x float64) float64 {
		if x > 0 {
			goruntime.Goexit()
		}
		return x
	})
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: "export fn f(x: f64) -> f64 = 1 + ends(x)"}, calx.Options{Functions: []*calx.Function{ends}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err = program.Call(ctx, "f", 1.0)
	expectFailure(t, err, ast.CodeHostFunction)
	returned, done := false, make(chan bool)
	go func() {
		defer close(done)
		program.Call(context.Background(), "f", 1.0)
		returned = true
	}()
	<-done
	if returned {
		t.Error("a function that ended its goroutine came back")
	}
	v, err := program.Call(context.Background(), "f", -1.0)
	if y, _ := calx.As[float64](v); err != nil || y != 0 {
		t.Error(y, err)
	}
}

// A function may keep its arguments and go on to change them, and what it gave.
func TestFunctionsThatKeepWhatTheySee(t *testing.T) {
	var kept [][]float64
	same := function(t, "same", "(f64[n]) -> f64[n]", func(x []float64) []float64 {
		for _, old := range kept {
			old[0] = -1
		}
		kept = append(kept, x)
		return x
	})
	got, err := given(t, context.Background(), "let x = [1.0, 2]\nlet a = same(x)\nlet b = same(a)\nlet c = same(x)\nexport let y = (x, a, b, c)", same)
	if err != nil || got != "([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0])" {
		t.Error(got, err)
	}
}

// The copies that a function is given count against the memory limit.
func TestArgumentsOfFunctionsAreCharged(t *testing.T) {
	size := function(t, "size", "(f64[n], f64[n]) -> i64", func(a, b []float64) int { return len(a) + len(b) })
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: "export fn f(n: i64) -> i64 { let x = zeros(n)\n var s = 0\n for i in 0..100 { s += size(x, x) }\n s }"}, calx.Options{Functions: []*calx.Function{size}})
	if err != nil {
		t.Fatal(err)
	}
	program = program.With(calx.RunOptions{Limits: calx.Limits{Memory: 1 << 20}})
	v, err := program.Call(context.Background(), "f", 30_000)
	if s, _ := calx.As[int](v); err != nil || s != 6_000_000 {
		t.Error(s, err)
	}
	_, err = program.Call(context.Background(), "f", 60_000)
	expectFailure(t, err, ast.CodeMemoryLimit)
}

// A slice that is changed when the call is over changes no result, and a result
// that is changed changes no other.
func TestNothingIsSharedAfterwards(t *testing.T) {
	identity := function(t, "identity", "(f64[n]) -> f64[n]", func(x []float64) []float64 { return x })
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: `
export fn same(x: f64[n, m]) -> f64[n, m] = x
export fn view(x: f64[n, m]) -> f64[m, n] = x.T
export fn rows(x: f64[n, m]) -> (f64[m], f64[m]) = (x[0], x[0])
export fn record(x: f64[n, m]) -> {a: f64[n, m], b: f64[m]} = {a: x, b: x[0]}
export fn passed(x: f64[n, m]) -> f64[m] = identity(x[0])
export fn fixed(x: f64[n, m]) -> f64[3] = [1.0, 2, 3]
`}, calx.Options{Functions: []*calx.Function{identity}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"same", "view", "rows", "record", "passed", "fixed"} {
		data := []float64{1, 2, 3, 4}
		var results []calx.Value
		var shown []string
		for range 2 {
			v, err := program.Call(context.Background(), name, calx.Array{Shape: []int{2, 2}, Data: data})
			if err != nil {
				t.Fatal(err)
			}
			results, shown = append(results, v), append(shown, runtime.Format(v))
		}
		clear(data)
		if got := runtime.Format(results[0]); got != shown[0] {
			t.Errorf("%s: %s became %s with the argument", name, shown[0], got)
		}
		for _, a := range arraysIn(results[0]) {
			for i := range a.F64() {
				a.F64()[i] = -1
			}
		}
		again, err := program.Call(context.Background(), name, calx.Array{Shape: []int{2, 2}, Data: []float64{1, 2, 3, 4}})
		if got := runtime.Format(results[1]); err != nil || got != shown[1] || runtime.Format(again) != shown[0] {
			t.Errorf("%s: %s became %s with another result, then %s, %v", name, shown[1], got, runtime.Format(again), err)
		}
	}
}

func arraysIn(v calx.Value) (arrays []*runtime.Array) {
	switch v := v.(type) {
	case *runtime.Array:
		return []*runtime.Array{v}
	case runtime.Tuple:
		for _, part := range v {
			arrays = append(arrays, arraysIn(part)...)
		}
	case runtime.Record:
		for _, part := range v.Values {
			arrays = append(arrays, arraysIn(part)...)
		}
	}
	return arrays
}

// A hundred goroutines call one program, with errors among the calls, and print
// to one place each.
func TestManyGoroutinesThatFail(t *testing.T) {
	text := "export fn f(x: f64[n]) -> f64 { print(n)\n sum(x) / check(x[0]) }\nexport fn g(n: i64) -> f64[n] = zeros(n)"
	check := function(t, "check", "(f64) -> f64", func(x float64) (float64, error) {
		if x < 0 {
			panic("negative")
		}
		return x, nil
	})
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: text}, calx.Options{Functions: []*calx.Function{check}})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for k := range 100 {
		all.Go(func() {
			var out bytes.Buffer
			mine := program.With(calx.RunOptions{Output: &out, Limits: calx.Limits{Memory: 1 << 20, Time: time.Minute}})
			f, err := calx.Bind[func([]float64) (float64, error)](mine, "f")
			if err != nil {
				t.Error(err)
				return
			}
			for i := range 20 {
				x := make([]float64, 1+k%7)
				x[0] = float64(i%2*2 - 1)
				y, err := f(x)
				if i%2 == 1 && (err != nil || y != 1) || i%2 == 0 && err == nil {
					t.Error(i, y, err)
				}
				if _, err := mine.Call(context.Background(), "g", 1<<20); err == nil {
					t.Error("an array larger than the limit")
				}
			}
			if want := strings.Repeat(fmt.Sprintln(1+k%7), 20); out.String() != want {
				t.Errorf("printed %q, want %q", out.String(), want)
			}
		})
	}
	all.Wait()
}

// Infinities and NaN go in and out as they are.
func TestNaNAndInfinities(t *testing.T) {
	program := compile(t, "export fn f(x: f64[n]) -> (f64[n], f64, bool[n]) = (x, max(x), isnan(x))\nexport fn g(x: f64) -> f64 = -x")
	odd := math.Float64frombits(0xFFF8_0000_0000_0001)
	x := []float64{math.Inf(1), math.Inf(-1), odd, math.Copysign(0, -1)}
	f, err := calx.Bind[func([]float64) ([]float64, float64, []bool, error)](program, "f")
	if err != nil {
		t.Fatal(err)
	}
	y, most, nan, err := f(x)
	if err != nil || !math.IsInf(y[0], 1) || !math.IsInf(y[1], -1) || !math.IsNaN(y[2]) || !math.Signbit(y[3]) || !math.IsNaN(most) || !nan[2] || nan[3] {
		t.Error(y, most, nan, err)
	}
	if math.Float64bits(x[2]) != math.Float64bits(odd) {
		t.Error("a NaN of the caller was changed")
	}
	g, err := calx.Bind[func(float64) (float64, error)](program, "g")
	if err != nil {
		t.Fatal(err)
	}
	if z, err := g(math.Inf(1)); err != nil || !math.IsInf(z, -1) {
		t.Error(z, err)
	}
}

// writer is an Output made of a function.
type writer func([]byte) (int, error)

func (w writer) Write(text []byte) (int, error) { return w(text) }

func TestOutputsThatGoWrong(t *testing.T) {
	program := compile(t, "export fn f(x: f64) -> f64 { print(x); x }")
	for want, output := range map[string]writer{
		"the output can't be written: no such rate":                                           func([]byte) (int, error) { return 0, errNoRate },
		"the output can't be written: the writer panicked: no such rate":                      func([]byte) (int, error) { panic(errNoRate) },
		"the output can't be written: the writer panicked: torn":                              func([]byte) (int, error) { panic("torn") },
		"the output can't be written: the writer panicked: runtime error: index out of range": func(text []byte) (int, error) { return int(text[len(text)]), nil },
	} {
		_, err := program.With(calx.RunOptions{Output: output}).Call(context.Background(), "f", 1.0)
		var d *calx.Error
		if !errors.As(err, &d) || !d.Span.IsValid() || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestLoadsThatGoWrong(t *testing.T) {
	main := &calx.Source{Name: "main.calx", Text: `import "part.calx" as part`}
	for want, load := range map[string]func(*calx.Source, string) (*calx.Source, error){
		"part.calx can't be imported: no such rate":              func(*calx.Source, string) (*calx.Source, error) { return nil, errNoRate },
		"part.calx can't be imported: the loader gave nothing":   func(*calx.Source, string) (*calx.Source, error) { return nil, nil },
		"part.calx can't be imported: the loader panicked: torn": func(*calx.Source, string) (*calx.Source, error) { panic("torn") },
		"part.calx imports itself":                               func(from *calx.Source, _ string) (*calx.Source, error) { return from, nil },
		"part.calx1:1:8": func(from *calx.Source, path string) (*calx.Source, error) {
			return &calx.Source{Name: path + "1", Text: from.Text}, nil
		},
	} {
		_, err := calx.Compile(main, calx.Options{Load: load})
		found, _ := ast.AsDiagnostics(err)
		if len(found) == 0 || found[0].Code != ast.CodeImportFailed || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// After any failure the same program, and others, run as if nothing had been.
func TestProgramsRunAfterFailures(t *testing.T) {
	breaks := function(t, "breaks", "(f64[n]) -> f64", func(x []float64) float64 { return x[len(x)] })
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: `
export fn singular(x: f64[n]) = linalg.solve(outer(x, x), x)
export fn large(x: f64[n]) = zeros(i64(x[0]) + 1_000_000, 1_000_000)
export fn nested(x: f64[n]) -> f64[n] = 1 + nested(concatenate((x[1:], x[:1])))
export fn endless(x: f64[n]) -> f64 { var s = x; while s[0] == s[0] { s = s + [y^2 for y in s] / 1e300 }; s[0] }
export fn outside(x: f64[n]) = [x[i64(x[1]) + j] for j in 0..n]
export fn host(x: f64[n]) = [y + breaks(x) for y in x]
export fn right(x: f64[n]) -> f64 { var s = 0.0; for y in x { s += y }; s + sum(linalg.solve(eye(n), x)) }
`}, calx.Options{Functions: []*calx.Function{breaks}})
	if err != nil {
		t.Fatal(err)
	}
	program = program.With(calx.RunOptions{Limits: calx.Limits{Memory: 1 << 20, Steps: 10_000, Depth: 100}})
	x := []float64{1, 2, 3}
	for range 20 {
		for name, code := range map[string]ast.Code{
			"singular": ast.CodeSingular, "large": ast.CodeMemoryLimit, "nested": ast.CodeRecursionLimit,
			"endless": ast.CodeStepLimit, "outside": ast.CodeIndex, "host": ast.CodeHostFunction,
		} {
			_, err := program.Call(context.Background(), name, x)
			expectFailure(t, err, code)
			v, err := program.Call(context.Background(), "right", x)
			if s, _ := calx.As[float64](v); err != nil || s != 12 {
				t.Fatalf("after %s: %v, %v", name, s, err)
			}
		}
	}
}
