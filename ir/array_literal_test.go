package ir_test

import (
	"math"
	"testing"

	"github.com/calx-lang/calx/ir"
)

func TestArrayConst(t *testing.T) {
	f := &ir.Func{Name: "f", Body: &ir.Block{}}
	b := ir.NewBuilder(f, f.Body)
	b.Return(
		b.ArrayConst(ir.ArrayOf(ir.I64, ir.Size(2), ir.Size(2)), ir.ArrayLiteral{I: []int64{1, -2, 3, 4}}),
		b.ArrayConst(ir.ArrayOf(ir.F64, ir.Size(3)), ir.ArrayLiteral{F: []float64{0.5, math.Inf(-1), math.Copysign(0, -1)}}),
		b.ArrayConst(ir.ArrayOf(ir.Bool, ir.Size(2)), ir.ArrayLiteral{I: []int64{1, 0}}),
		b.ArrayConst(ir.ArrayOf(ir.C128, ir.Size(1)), ir.ArrayLiteral{C: []complex128{1 - 2i}}),
		b.ArrayConst(ir.ArrayOf(ir.F64, ir.Size(2), ir.Size(0)), ir.ArrayLiteral{}),
	)
	m := &ir.Module{Funcs: []*ir.Func{f}, Main: f}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	const want = `main func f[]() -> (i64[2, 2], f64[3], bool[2], c128[1], f64[2, 0]) {
  %1: i64[2, 2] = const[2, 2: 1, -2, 3, 4]
  %2: f64[3] = const[3: 0.5, -inf, -0]
  %3: bool[2] = const[2: true, false]
  %4: c128[1] = const[1: (1, -2)]
  %5: f64[2, 0] = const[2, 0]
  return %1, %2, %3, %4, %5
}
`
	if got := m.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	again, err := ir.Parse(m.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if again.String() != want {
		t.Errorf("read back:\n%s", again)
	}
	if err := ir.Verify(again); err != nil {
		t.Error(err)
	}
}

func TestArrayConstOfOtherSize(t *testing.T) {
	f := &ir.Func{Name: "f", Body: &ir.Block{}}
	b := ir.NewBuilder(f, f.Body)
	b.Return(b.ArrayConst(ir.ArrayOf(ir.I64, ir.Size(3)), ir.ArrayLiteral{I: []int64{1}}))
	if ir.Verify(&ir.Module{Funcs: []*ir.Func{f}}) == nil {
		t.Error("a constant of 3 elements with 1 passes")
	}
}
