package runtime

import (
	"math"
	"testing"
)

func shaped[T Element](t *testing.T, data []T, shape ...int) *Array {
	t.Helper()
	a, err := FromSlice(data, shape...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestFormat(t *testing.T) {
	long := make([]float64, 2000)
	wide := make([]int64, 40)
	for i := range wide {
		wide[i] = int64(i) * 100
	}
	for _, test := range []struct {
		v    Value
		want string
	}{
		{Scalar(1.0), "1.0"},
		{Scalar(0.1), "0.1"},
		{Scalar(math.Copysign(0, -1)), "-0.0"},
		{Scalar(1e15), "1000000000000000.0"},
		{Scalar(1e16), "1e16"},
		{Scalar(1.5e-7), "1.5e-7"},
		{Scalar(0.0001), "0.0001"},
		{Scalar(math.NaN()), "nan"},
		{Scalar(math.Inf(-1)), "-inf"},
		{Scalar(float32(0.1)), "0.1"},
		{Scalar(int64(-3)), "-3"},
		{Scalar(true), "true"},
		{Scalar(complex(1, 2)), "1.0+2.0i"},
		{Scalar(complex(1, -0.5)), "1.0-0.5i"},
		{Scalar(complex(0, math.NaN())), "0.0+nani"},
		{Vector([]float64{1, 2.5}), "[1.0, 2.5]"},
		{Vector([]bool{true, false}), "[true, false]"},
		{Vector([]float64{}), "[]"},
		{shaped(t, []float64{}, 0, 3), "[] of shape [0, 3]"},
		{shaped(t, []float64{1, 10, 2.25, -3}, 2, 2), "[[1.0,  10.0],\n [2.25, -3.0]]"},
		{shaped(t, []int64{1, 10, 200, -3}, 2, 2), "[[  1, 10],\n [200, -3]]"},
		{shaped(t, []float64{1, math.Inf(1), math.NaN(), 22.5}, 2, 2), "[[1.0,  inf],\n [nan, 22.5]]"},
		{shaped(t, []int64{1, 2, 3, 4}, 2, 1, 2), "[[[1, 2]],\n\n [[3, 4]]]"},
		{Vector(long), "[0.0, 0.0, 0.0, …, 0.0, 0.0, 0.0]"},
		{Vector(wide), "[0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900,\n" +
			" 2000, 2100, 2200, 2300, 2400, 2500, 2600, 2700, 2800, 2900, 3000, 3100, 3200, 3300, 3400, 3500, 3600, 3700,\n" +
			" 3800, 3900]"},
		{Text("a\nb"), "a\nb"},
		{Tuple{Scalar(1.0), Text("x")}, `(1.0, "x")`},
		{Tuple{Scalar(1.0)}, "(1.0,)"},
		{Record{[]string{"mean", "n"}, []Value{Vector([]float64{1, 2}), Scalar(int64(2))}}, "{mean: [1.0, 2.0], n: 2}"},
		{Record{[]string{"a"}, []Value{shaped(t, []int64{1, 2, 3, 4}, 2, 2)}}, "{a: [[1, 2],\n     [3, 4]]}"},
	} {
		if got := Format(test.v); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
}

func TestFormatElidesTheMiddleOfAMatrix(t *testing.T) {
	const want = "[[0, 0, 0, …, 0, 0, 0],\n [0, 0, 0, …, 0, 0, 0],\n [0, 0, 0, …, 0, 0, 0],\n …,\n" +
		" [0, 0, 0, …, 0, 0, 0],\n [0, 0, 0, …, 0, 0, 0],\n [0, 0, 0, …, 0, 0, 0]]"
	if got := Format(shaped(t, make([]int64, 10000), 100, 100)); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestFormatIn: lines are as wide as is said, where their parts fit.
func TestFormatIn(t *testing.T) {
	vector := shaped(t, []int64{100, 200, 300, 400, 500}, 5)
	for _, test := range []struct {
		v       Value
		columns int
		want    string
	}{
		{vector, 30, "[100, 200, 300, 400, 500]"},
		{vector, 17, "[100, 200, 300,\n 400, 500]"},
		{vector, 0, "[100,\n 200,\n 300,\n 400,\n 500]"},
		{Record{Names: []string{"a", "bc"}, Values: []Value{Scalar(int64(1)), vector}}, 40, "{a: 1, bc: [100, 200, 300, 400, 500]}"},
		{Record{Names: []string{"a", "bc"}, Values: []Value{Scalar(int64(1)), vector}}, 24, "{a: 1,\n bc: [100, 200, 300,\n      400, 500]}"},
		{Tuple{Text("one"), Text("two")}, 10, "(\"one\",\n \"two\")"},
	} {
		if got := FormatIn(test.v, test.columns); got != test.want {
			t.Errorf("in %d columns:\n%s\nwant:\n%s", test.columns, got, test.want)
		}
	}
}
