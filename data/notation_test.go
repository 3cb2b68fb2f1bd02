package data

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

var nan, inf = math.NaN(), math.Inf(1)

// show writes a value for a failure.
func show(v runtime.Value) string {
	var b strings.Builder
	if err := WriteJSON(&b, []Named{{"", v}}); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%T %s", v, b.String())
}

func readText(text string) (Value, error) {
	return ReadText(&ast.Source{Name: "x", Text: text})
}

func TestTextReadsValues(t *testing.T) {
	tests := []struct {
		text  string
		value runtime.Value
	}{
		{"2.5", runtime.Scalar(2.5)},
		{"-7", runtime.Scalar(int64(-7))},
		{"-9223372036854775808", runtime.Scalar(int64(math.MinInt64))},
		{"9007199254740993", runtime.Scalar(int64(9007199254740993))},
		{"1_000", runtime.Scalar(int64(1000))},
		{"0x1F", runtime.Scalar(int64(31))},
		{"010", runtime.Scalar(int64(10))},
		{".5", runtime.Scalar(0.5)},
		{"1.", runtime.Scalar(1.0)},
		{"-0.0", runtime.Scalar(math.Copysign(0, -1))},
		{"1e-3", runtime.Scalar(1e-3)},
		{"NaN", runtime.Scalar(nan)},
		{"-inf", runtime.Scalar(-inf)},
		{"Infinity", runtime.Scalar(inf)},
		{"1+2i", runtime.Scalar(1 + 2i)},
		{"-2i", runtime.Scalar(-2i)},
		{"1e2-1e-1j", runtime.Scalar(100 - 0.1i)},
		{"true", runtime.Scalar(true)},
		{`"a\tb\u00e9\ud83d\ude00\/"`, runtime.Text("a\tbé😀/")},
		{"[]", shaped[float64]([]int{0})},
		{"[[],[]]", shaped[float64]([]int{2, 0})},
		{"[1, 2, 3]", shaped([]int{3}, int64(1), 2, 3)},
		{"[1, 2.5]", shaped([]int{2}, 1, 2.5)},
		{"[1, 2i]", shaped([]int{2}, 1, 2i)},
		{"[[1, 2], [3, 4],]", shaped([]int{2, 2}, int64(1), 2, 3, 4)},
		{"[true, false]", shaped([]int{2}, true, false)},
		{"(1)", runtime.Scalar(int64(1))},
		{"(1,)", runtime.Tuple{runtime.Scalar(int64(1))}},
		{"(1, [2.5])", runtime.Tuple{runtime.Scalar(int64(1)), shaped([]int{1}, 2.5)}},
		{"[[1], [2], [3.5, 4]]", runtime.Tuple{shaped([]int{1}, int64(1)), shaped([]int{1}, int64(2)), shaped([]int{2}, 3.5, 4)}},
		{`["nan", "b"]`, runtime.Tuple{runtime.Text("nan"), runtime.Text("b")}},
		{`{a: 1, "b": [2]}`, runtime.Record{Names: []string{"a", "b"}, Values: []runtime.Value{runtime.Scalar(int64(1)), shaped([]int{1}, int64(2))}}},
		{`{"data": [2]}`, runtime.Record{Names: []string{"data"}, Values: []runtime.Value{shaped([]int{1}, int64(2))}}},
		{`{"dtype": "float64", "shape": [3], "data": [1, "nan", "-inf"]}`, shaped([]int{3}, 1, nan, -inf)},
		{`{"data": [1, 2], "shape": [2], "dtype": "float32"}`, shaped([]int{2}, float32(1), 2)},
		{`{"dtype": "int64", "shape": [], "data": [7]}`, runtime.Scalar(int64(7))},
		{`{"dtype": "int64", "shape": [], "data": 7}`, runtime.Scalar(int64(7))},
		{`{"dtype": "bool", "shape": [1, 1], "data": [true]}`, shaped([]int{1, 1}, true)},
		{`{"dtype": "complex128", "shape": [2], "data": [[1, 2], ["inf", 4]]}`, shaped([]int{2}, 1+2i, complex(inf, 4))},
		{`{"dtype": "complex128", "shape": [], "data": [[1, 2]]}`, runtime.Scalar(1 + 2i)},
		{`{"dtype": "float64", "shape": [0, 3], "data": []}`, shaped[float64]([]int{0, 3})},
		{`{"dtype": "float64", "shape": [2, 1], "data": [[1], [2]]}`, shaped([]int{2, 1}, 1.0, 2)},
		{`{"dtype": "string", "shape": [], "data": ["inf"]}`, runtime.Text("inf")},
		{`{"dtype": "error", "shape": [], "data": ["rank"]}`, runtime.Text("rank")},
		{`{"dtype": "string", "shape": [2], "data": ["a", "b"]}`, runtime.Tuple{runtime.Text("a"), runtime.Text("b")}},
	}
	for _, test := range tests {
		v, err := readText(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got, _ := v.Natural(); !runtime.Equal(got, test.value) {
			t.Errorf("%s: got %s, want %s", test.text, show(got), show(test.value))
		}
	}
}

func TestTextMistakes(t *testing.T) {
	tests := []struct{ text, err string }{
		{"", "x:1:1: a value is missing"},
		{"[1, 2", "x:1:1: this bracket is never closed"},
		{"[1, 2)", `x:1:6: a comma or ']' is missing here`},
		{"[1 2]", `x:1:4: a comma or ']' is missing here`},
		{"1 2", "x:1:3: nothing was expected here, after the value"},
		{"[1,,2]", `x:1:4: "," fits nothing here`},
		{"hello", `x:1:1: "hello" is not a number`},
		{"99999999999999999999", `x:1:1: "99999999999999999999" does not fit 64 bits`},
		{"1e999", `x:1:1: "1e999" is larger than any f64`},
		{"1__0", `x:1:1: "1__0" is not a number`},
		{"[1, true]", "x:1:9: this array has numbers and truth values"},
		{`"abc`, "x:1:1: this quote is never closed"},
		{`"\q"`, "x:1:1: this text has an escape that doesn't exist"},
		{`{"a": 1, "a": 2}`, `x:1:10: "a" stands here a second time`},
		{`{"a" 1}`, `x:1:6: ":" is missing here`},
		{strings.Repeat("[", 100_000), "x:1:101: brackets are nested deeper than 100"},
		{`{"dtype": "float64", "shape": [1000000000000], "data": [1]}`, "x:1:55: the shape is [1000000000000], which is 1000000000000 elements, but the data has 1 element"},
		{`{"dtype": "float64", "shape": [-1], "data": []}`, "x:1:1: the shape of an array is a list of its sizes"},
		{`{"dtype": "float64", "shape": [4000000000, 4000000000, 4], "data": []}`, "x:1:1: the shape of an array is a list of its sizes"},
		{`{"dtype": "int64", "shape": [1], "data": [1.5]}`, "x:1:41: the data does not fit dtype int64"},
		{`{"dtype": "float16", "shape": [1], "data": [1.5]}`, `x:1:1: an array has the dtype "float16"; it may be bool, int64, float32, float64, complex128 or string`},
		{`{"dtype": "float64", "shape": [2], "data": ["nan", "x"]}`, "x:1:43: the data of an array is a list of its elements"},
	}
	for _, test := range tests {
		if _, err := readText(test.text); err == nil || err.Error() != test.err {
			t.Errorf("%.60s: got error %v, want %s", test.text, err, test.err)
		}
	}
}

func TestWrittenNumbersBecomeWhatIsWanted(t *testing.T) {
	tests := []struct {
		text string
		want Want
		v    runtime.Value
	}{
		{"[1, 2.5]", Want{DType: ir.F32, Rank: 1}, shaped([]int{2}, float32(1), 2.5)},
		{"[]", Want{DType: ir.I64, Rank: 1}, shaped[int64]([]int{0})},
		{"2", Want{DType: ir.F32}, runtime.Scalar(float32(2))},
		{"[1, 2]", Want{Parts: []Want{{DType: ir.I64}, {DType: ir.F32}}}, runtime.Tuple{runtime.Scalar(int64(1)), runtime.Scalar(float32(2))}},
		{"{a: 1.5}", Want{Names: []string{"a"}, Parts: []Want{{DType: ir.F32}}}, runtime.Record{Names: []string{"a"}, Values: []runtime.Value{runtime.Scalar(float32(1.5))}}},
	}
	for _, test := range tests {
		v, err := readText(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := v.Fit(test.want); err != nil || !runtime.Equal(got, test.v) {
			t.Errorf("%s: got %s, %v, want %s", test.text, show(got), err, show(test.v))
		}
	}
}

func TestWriteJSONReadsBack(t *testing.T) {
	values := []runtime.Value{
		shaped([]int{2, 3}, 0.1, math.Copysign(0, -1), 1e300, 5e-324, nan, -inf),
		shaped([]int{4}, int64(math.MinInt64), -1, 0, math.MaxInt64),
		shaped([]int{2}, float32(0.1), 16777216),
		shaped([]int{2}, complex(nan, 1), complex(inf, -2.5)),
		shaped([]int{0, 3}, []bool{}...),
		runtime.Scalar(true),
		runtime.Text("a \"quote\"\n"),
		runtime.Tuple{runtime.Scalar(1.0), runtime.Text("b")},
		runtime.Record{Names: []string{"a", "b"}, Values: []runtime.Value{runtime.Scalar(1.0), runtime.Scalar(int64(2))}},
	}
	for _, v := range values {
		var b strings.Builder
		if err := WriteJSON(&b, []Named{{"x", v}}); err != nil {
			t.Fatal(err)
		}
		object, err := readText(b.String())
		if err != nil {
			t.Errorf("%s: %v", b.String(), err)
			continue
		}
		field, err := Field("x", object, "x")
		if err != nil {
			t.Fatal(err)
		}
		if back, _ := field.Natural(); !runtime.Equal(back, v) {
			t.Errorf("%s reads as %s", b.String(), show(back))
		}
	}
}

func ExampleWriteJSON() {
	var b strings.Builder
	_ = WriteJSON(&b, []Named{
		{"x", mustShape([]float64{1, -0.5, nan, 1e20}, []int{2, 2})},
		{"z", runtime.Scalar(1 + 2i)},
		{"pair", runtime.Tuple{runtime.Scalar(int64(3)), runtime.Text("three")}},
	})
	fmt.Print(b.String())
	// Output:
	// {
	//  "x": {"dtype": "float64", "shape": [2, 2], "data": [1.0, -0.5, "nan", 1e20]},
	//  "z": {"dtype": "complex128", "shape": [], "data": [[1.0, 2.0]]},
	//  "pair": [{"dtype": "int64", "shape": [], "data": [3]}, "three"]
	// }
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"[[1,2],[3,4.5]]", `{"dtype":"complex128","shape":[1],"data":[[1,"nan"]]}`, "(1,2i)", `["a",[1],true]`, "[[1],[2,3]]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := readText(text)
		if err != nil {
			return
		}
		natural, _ := v.Natural()
		var b strings.Builder
		if err := WriteJSON(&b, []Named{{"x", natural}}); err != nil {
			t.Fatal(err)
		}
		if _, err := readText(b.String()); err != nil && len(text) < 90 {
			t.Errorf("%q is written as %q, which can't be read: %v", text, b.String(), err)
		}
		for _, want := range []Want{matrix, integers, flowers, {Parts: []Want{vector, vector}}} {
			if _, err := v.Fit(want); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}
