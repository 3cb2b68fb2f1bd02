package runtime

import (
	"errors"
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

func failsWith(t *testing.T, err error, code ast.Code) {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) || f.Code != code {
		t.Errorf("got %v, not %s", err, code)
	}
}

func TestMemoryIsCountedAndGivenBack(t *testing.T) {
	m := NewMemory(10_000)
	defer m.Close()
	a, err := m.New(ir.F64, 100)
	if err != nil || m.Used() < 800 || m.Used() > 900 {
		t.Fatal(m.Used(), err)
	}
	v := m.View(a, 10, []int{2, 5})
	m.Release(a)
	if m.Used() == 0 {
		t.Error("given back while a view is in use")
	}
	m.Release(v)
	if m.Used() != 0 {
		t.Errorf("%d bytes are still counted", m.Used())
	}
	_, err = m.New(ir.C128, 1000)
	failsWith(t, err, ast.CodeMemoryLimit)
	if m.Used() != 0 {
		t.Error("an array that was not made is counted")
	}
}

func TestSizesThatOverflowAreMemoryLimit(t *testing.T) {
	m := NewMemory(-1 << 63)
	defer m.Close()
	for _, shape := range [][]int{{math.MaxInt}, {1 << 32, 1 << 32}, {1 << 61}, {3, math.MaxInt / 2}, {1 << 31, 1 << 31, 4}} {
		_, err := m.New(ir.F64, shape...)
		failsWith(t, err, ast.CodeMemoryLimit)
	}
	unlimited := NewMemory(math.MaxInt64)
	defer unlimited.Close()
	_, err := unlimited.New(ir.F64, 1<<45)
	failsWith(t, err, ast.CodeMemoryLimit)
	if a, err := unlimited.New(ir.F64, 1<<62, 0, 1<<62); err != nil || a.Len() != 0 {
		t.Error(err)
	}
}

func TestStorageIsUsedAgain(t *testing.T) {
	m := NewMemory(1 << 30)
	defer m.Close()
	a, _ := m.New(ir.F64, 1000)
	first := &a.F64()[0]
	m.Release(a)
	b, _ := m.New(ir.I64, 1000)
	if &b.Words()[0] != (*uint64)(unsafe.Pointer(first)) {
		t.Error("fresh storage while there is some of this size")
	}
	b.I64()[5] = 7
	m.Release(b)
	if z, _ := m.Zeros(ir.F64, 1000); z.F64()[5] != 0 {
		t.Error("zeros are not zero")
	}
}

func TestOwned(t *testing.T) {
	m := NewMemory(1 << 30)
	defer m.Close()
	a, _ := m.New(ir.F64, 4)
	if !a.Owned() {
		t.Error("one handle, one array")
	}
	m.Retain(a)
	if a.Owned() {
		t.Error("two handles")
	}
	m.Release(a)
	v := m.View(a, 0, []int{2})
	if a.Owned() || v.Owned() {
		t.Error("a view sees the elements")
	}
	m.Release(v)
	if !a.Owned() {
		t.Error("the view is gone")
	}
	if Vector([]float64{1}).Owned() {
		t.Error("the embedder's slice")
	}
	v = m.View(a, 0, []int{2})
	if d := m.Detach(v); &d.F64()[0] == &a.F64()[0] {
		t.Error("given to the embedder and kept")
	}
	if d := m.Detach(a); d.Owned() {
		t.Error("given to the embedder")
	}
}

func TestViewsOfForeignArrays(t *testing.T) {
	m := NewMemory(1 << 20)
	defer m.Close()
	a := Vector([]float64{1, 2, 3, 4})
	v := m.View(a, 1, []int{3})
	w := m.View(v, 1, []int{2})
	if w.F64()[1] != 4 || m.Used() != 0 {
		t.Errorf("%s, %d bytes counted", Format(w), m.Used())
	}
	m.Release(v)
	if w.Owned() || a.Owned() {
		t.Error("an array of the embedding program may be changed")
	}
	x, err := m.Extend(w, 1)
	if err != nil || x.F64()[0] != 3 || &x.F64()[0] == &a.F64()[2] {
		t.Error("extended in place", err)
	}
	if allocations := testing.AllocsPerRun(100, func() { m.Release(m.View(a, 0, []int{4})) }); allocations > 0 {
		t.Errorf("a view takes %v allocations", allocations)
	}
	if got := Format(m.Detach(m.View(a, 0, []int{2, 2}))); got != "[[1.0, 2.0],\n [3.0, 4.0]]" {
		t.Error(got)
	}
}

func TestExtendTakesLinearTime(t *testing.T) {
	m := NewMemory(1 << 30)
	defer m.Close()
	a, _ := m.New(ir.I64, 0)
	moved := 0
	for i := range 100_000 {
		before := a.data
		var err error
		if a, err = m.Extend(a, 1); err != nil {
			t.Fatal(err)
		}
		if a.data != before {
			moved++
		}
		a.I64()[i] = int64(i)
	}
	if moved > 60 {
		t.Errorf("moved %d times", moved)
	}
	for i, v := range a.I64() {
		if int(v) != i {
			t.Fatal("elements are lost")
		}
	}
	b := m.View(a, 0, []int{3})
	c, _ := m.Extend(b, 1) // shares with a: must be copied
	c.I64()[3] = -1
	if a.I64()[3] != 3 {
		t.Error("a shared array was extended in place")
	}
}

func TestExtendRows(t *testing.T) {
	m := NewMemory(1 << 30)
	defer m.Close()
	a, _ := m.Zeros(ir.F32, 2, 3)
	a.F32()[5] = 5
	b, err := m.Extend(a, 2)
	if err != nil || b.Len() != 12 || b.Shape()[0] != 4 || b.F32()[5] != 5 {
		t.Error(b.Shape(), err)
	}
}

func TestCanonicalNaN(t *testing.T) {
	odd := math.Float64frombits(0xFFF8000000000123)
	x := []float64{1, odd}
	a := Vector(x).Canonical()
	if math.Float64bits(a.F64()[1]) != 0x7FF8000000000000 {
		t.Errorf("%x", math.Float64bits(a.F64()[1]))
	}
	if math.Float64bits(x[1]) != math.Float64bits(odd) {
		t.Error("the embedder's slice was changed")
	}
	z := Scalar(complex(odd, 2)).Canonical()
	if math.Float64bits(real(z.C128()[0])) != 0x7FF8000000000000 || imag(z.C128()[0]) != 2 {
		t.Error(z.C128())
	}
	long := make([]float64, 20)
	for i := range long {
		long[i] = math.Inf(1 - 2*(i%2)) // their sums are NaN, they are not
	}
	if b := Vector(long); b.Canonical() != b {
		t.Error("infinities were changed")
	}
	for i := range long {
		x := slices.Clone(long)
		x[i] = odd
		if got := Vector(x).Canonical().F64()[i]; math.Float64bits(got) != 0x7FF8000000000000 {
			t.Errorf("NaN at %d stayed %x", i, math.Float64bits(got))
		}
	}
	if b := Vector([]float64{1, 2}); b.Canonical() != b {
		t.Error("copied for nothing")
	}
}

func TestConstructorsRefuseWrongShapes(t *testing.T) {
	if _, err := FromSlice([]float64{1, 2, 3}, 2, 2); err == nil {
		t.Error("3 elements for [2, 2]")
	}
	if _, err := FromSlice([]float64{}, -1, 0); err == nil {
		t.Error("a size below zero")
	}
	if _, err := NewArray(ir.F64, 1<<40, 1<<40); err == nil {
		t.Error("an array that can't be counted")
	}
	a, err := NewArray(ir.Bool, 2, 0, 3)
	if err != nil || a.Len() != 0 || len(a.Bool()) != 0 {
		t.Error(err)
	}
}

func TestEqual(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		a, b Value
		want bool
	}{
		{Scalar(nan), Scalar(math.Float64frombits(0x7FF8000000000001)), true},
		{Scalar(0.0), Scalar(math.Copysign(0, -1)), false},
		{Vector([]int64{1}), Vector([]float64{1}), false},
		{Vector([]int64{1}), Scalar(int64(1)), false},
		{Tuple{Text("a"), Scalar(true)}, Tuple{Text("a"), Scalar(true)}, true},
		{Record{[]string{"a"}, []Value{Text("x")}}, Record{[]string{"b"}, []Value{Text("x")}}, false},
	} {
		if Equal(test.a, test.b) != test.want {
			t.Errorf("%s and %s", Format(test.a), Format(test.b))
		}
	}
}

func TestCallChainsAreShortened(t *testing.T) {
	source := &ast.Source{Name: "f.calx", Text: "f(f(x))"}
	calls := make([]ast.Span, 10_000)
	for i := range calls {
		calls[i] = ast.Span{Source: source, Start: int32(i % 2), End: 2}
	}
	err := At(Fail(ast.CodeRecursionLimit, "too deep"), ast.Span{Source: source, Start: 2, End: 3}, calls)
	var d *ast.Diagnostic
	if !errors.As(err, &d) || d.Code != ast.CodeRecursionLimit || d.Span.Start != 2 {
		t.Fatal(err)
	}
	if len(d.Labels) != 2 || d.Labels[0].Text != "called from here, 5000 times" {
		t.Errorf("%v", d.Labels)
	}
	if again := At(err, ast.Span{}, nil); again != err {
		t.Error("an error with a place got another")
	}
}
