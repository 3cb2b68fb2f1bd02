package simplify

import (
	"math"
	"testing"

	"github.com/calx-lang/calx/ir"
)

// Two numbers that y is multiplied by become one only where all y give the same
// bits; so does a number and a sign.
func TestFactors(t *testing.T) {
	numbers := []float64{1, -1, 2, -4, 100, 0.5, -0.1, 3, 1e300, 1 << 60, 1e-300, math.Inf(1), 0}
	for _, dtype := range []ir.DType{ir.F64, ir.F32} {
		joined := 0
		for _, c := range numbers {
			for _, k := range append(numbers, math.NaN()) {
				if dtype == ir.F32 {
					c, k = float64(float32(c)), float64(float32(k))
				}
				negate := math.IsNaN(k)
				f := &ir.Func{Name: "f", Body: &ir.Block{}}
				y := f.AddParam(ir.Scalar(dtype), "y")
				b := ir.NewBuilder(f, f.Body)
				factor := func(c float64) *ir.Value { return b.Const(dtype, ir.Literal{F: c}) }
				if negate {
					b.Return(b.Op(ir.Neg, nil, b.Op(ir.Mul, nil, factor(c), y)))
				} else {
					b.Return(b.Op(ir.Mul, nil, factor(c), b.Op(ir.Mul, nil, factor(k), y)))
				}
				if err := Run(&ir.Module{Funcs: []*ir.Func{f}, Main: f}); err != nil {
					t.Fatal(err)
				}
				result, _, ok := multiple(f.Body.Yield[0])
				inner := f.Body.Yield[0].Def
				if !ok || inner.Args[0] != y && inner.Args[1] != y {
					continue // still two operations, or none
				}
				joined++
				for _, special := range special[dtype] {
					want := times(dtype, c, special.F)
					if negate {
						want = -want
					} else {
						want = times(dtype, c, times(dtype, k, special.F))
					}
					got := times(dtype, result, special.F)
					if !sameBits(dtype, ir.Literal{F: got}, ir.Literal{F: want}) {
						t.Errorf("%v: %g and %g times %g: %g, not %g", dtype, c, k, special.F, got, want)
					}
				}
			}
		}
		if joined < 40 {
			t.Errorf("%v: only %d were joined", dtype, joined)
		}
	}
}

func times(t ir.DType, x, y float64) float64 {
	lit, _ := ir.EvalScalar(ir.Mul, nil, t, []ir.Literal{{F: x}, {F: y}})
	return lit.F
}
