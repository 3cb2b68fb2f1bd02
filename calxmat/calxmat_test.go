package calxmat_test

import (
	"context"
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/calxmat"
)

func compile(text string) *calx.Program {
	program, err := calx.Compile(&calx.Source{Name: "test.calx", Text: text}, calx.Options{})
	if err != nil {
		panic(err)
	}
	return program
}

func Example() {
	program := compile(`export fn gram(a: f64[n, m]) -> f64[m, m] = a.T @ a`)
	a := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	v, err := program.Call(context.Background(), "gram", calxmat.Of(a))
	if err != nil {
		fmt.Println(err)
		return
	}
	gram, err := calxmat.Dense(v)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Formatted(gram))
	// Output:
	// ⎡10  14⎤
	// ⎣14  20⎦
}

func TestMatrices(t *testing.T) {
	program := compile("export fn same(a: f64[n, m]) -> f64[n, m] = a\nexport fn sum2(x: f64[n]) -> f64[n] = 2 * x\n" +
		"export fn csame(a: c128[n, m]) -> c128[n, m] = a\nexport fn whole(a: i64[n, m]) -> i64[n, m] = a")
	whole := mat.NewDense(3, 4, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	for name, m := range map[string]mat.Matrix{
		"dense": whole, "a part": whole.Slice(1, 3, 1, 3), "transposed": whole.T(),
		"symmetric": mat.NewSymDense(2, []float64{1, 2, 0, 3}), "a column": whole.ColView(2), "diagonal": mat.NewDiagDense(2, []float64{1, 2}),
	} {
		v, err := program.Call(context.Background(), "same", calxmat.Of(m))
		if err != nil {
			t.Fatal(name, err)
		}
		back, err := calxmat.Dense(v)
		if err != nil || !mat.Equal(m, back) {
			t.Errorf("%s: %v, %v", name, back, err)
		}
		back.Set(0, 0, -1)
		if m.At(0, 0) == -1 {
			t.Errorf("%s: the result shares its elements", name)
		}
	}
	for name, x := range map[string]mat.Vector{"a column": whole.ColView(1), "a row": whole.RowView(1), "a transpose": mat.NewVecDense(2, []float64{1, 2}).TVec()} {
		v, err := program.Call(context.Background(), "sum2", calxmat.OfVector(x))
		if err != nil {
			t.Fatal(name, err)
		}
		twice, err := calxmat.Vector(v)
		if err != nil || twice.AtVec(1) != 2*x.AtVec(1) {
			t.Error(name, twice, err)
		}
	}
	z := mat.NewCDense(2, 2, []complex128{1, 2i, 3, 4})
	for name, m := range map[string]mat.CMatrix{"complex": z, "conjugated": z.H()} {
		v, err := program.Call(context.Background(), "csame", calxmat.OfComplex(m))
		if err != nil {
			t.Fatal(name, err)
		}
		if back, err := calxmat.Complex(v); err != nil || !mat.CEqual(back, m) {
			t.Error(name, back, err)
		}
	}
	v, err := program.Call(context.Background(), "whole", [][]int{{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := calxmat.Dense(v); err != nil || m.At(0, 1) != 2 {
		t.Error(m, err)
	}
}

func TestWhatIsNoMatrix(t *testing.T) {
	for _, x := range []any{1.5, []float64{1}, [][]float64{}, "a", [][]complex128{{1}}} {
		v, err := calx.ValueOf(x)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := calxmat.Dense(v); err == nil {
			t.Errorf("%v became %v", x, m)
		}
	}
	none, _ := calx.ValueOf([]float64{})
	if _, err := calxmat.Vector(none); err == nil {
		t.Error("a vector without elements")
	}
	if _, err := calxmat.Dense(nil); err == nil {
		t.Error("nil is a matrix")
	}
	if v, err := compile("export fn f(a: f64[0, m]) -> i64 = 1").Call(context.Background(), "f", calxmat.Of(&mat.Dense{})); err != nil {
		t.Error(v, err)
	}
}
