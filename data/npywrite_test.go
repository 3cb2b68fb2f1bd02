package data

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// The files of testdata were written by NumPy.
func TestNPYWritesWhatNumPyWrites(t *testing.T) {
	for _, file := range []string{"b1.npy", "i8.npy", "f4.npy", "f8.npy", "c16.npy", "scalar.npy", "empty.npy"} {
		content := readFile(t, file)
		a, err := ReadNPY(file, content)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := WriteNPY(&out, a.Value.(*runtime.Array)); err != nil || !bytes.Equal(out.Bytes(), content) {
			t.Errorf("%s: %v\n%q\nwant\n%q", file, err, out.Bytes(), content)
		}
	}
}

func TestNPZKeepsEveryBit(t *testing.T) {
	values := []Named{
		{"x", shaped([]int{2, 2}, 1.5, math.Copysign(0, -1), math.Inf(-1), math.NaN())},
		{"a name/with a slash", shaped([]int{1}, int64(math.MinInt64))},
		{"z", shaped([]int{2}, complex(math.Copysign(0, -1), -0.5), complex(math.Inf(1), math.NaN()))},
		{"mask", runtime.Scalar(true)},
		{"small", shaped([]int{0, 3}, []float32{}...)},
	}
	var file bytes.Buffer
	if err := WriteNPZ(&file, values); err != nil {
		t.Fatal(err)
	}
	archive, err := ReadNPZ("x.npz", file.Bytes(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if back, err := archive.Array(v.Name); err != nil || !runtime.Equal(back.Value, v.Value) {
			t.Errorf("%s is %s, %v", v.Name, show(back.Value), err)
		}
	}
}

func TestWhatNPYDoesNotHold(t *testing.T) {
	x := runtime.Scalar(1.5)
	deep, err := runtime.NewArray(ir.Bool, ones(65)...)
	if err != nil {
		t.Fatal(err)
	}
	for want, values := range map[string][]Named{
		`an .npz file holds arrays, and "t" is none`:                    {{"t", runtime.Text("a")}},
		`an .npz file holds arrays, and "q" is none`:                    {{"q", runtime.Tuple{x}}},
		`an .npz file holds one array "x", not two`:                     {{"x", x}, {"x", x}},
		"an .npy file holds arrays of at most 64 axes, and this has 65": {{"x", deep}},
		"the disk is full": {{"x", shaped([]int{100_000}, make([]float64, 100_000)...)}},
	} {
		if err := WriteNPZ(full{}, values); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func ones(n int) []int {
	shape := make([]int, n)
	for i := range shape {
		shape[i] = 1
	}
	return shape
}

// full is a disk that takes nothing more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }
