package interp

import (
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// isArrayConst reports whether op is a constant of rank 1 or more, which is
// given to a handle where it stands and not to a slot of the frame.
func isArrayConst(op *ir.Op) bool {
	_, ok := op.Attr.(ir.ArrayLiteral)
	return ok
}

// arrayConst shares one array, which nobody owns, between all that read it.
func (c *compiler) arrayConst(op *ir.Op) exec {
	result, t := c.loc(op.Results[0]), op.Results[0].Type
	a, err := constantArray(t, op.Attr.(ir.ArrayLiteral))
	return func(f *frame) error {
		if err != nil {
			return err
		}
		f.h[result.slot] = a
		return nil
	}
}

func constantArray(t ir.Type, literal ir.ArrayLiteral) (*runtime.Array, error) {
	shape := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		n, _ := d.Const()
		shape[i] = int(n)
	}
	switch t.DType {
	case ir.Bool:
		data := make([]bool, len(literal.I))
		for i, x := range literal.I {
			data[i] = x != 0
		}
		return runtime.FromSlice(data, shape...)
	case ir.I64:
		return runtime.FromSlice(literal.I, shape...)
	case ir.F32:
		data := make([]float32, len(literal.F))
		for i, x := range literal.F {
			data[i] = float32(x)
		}
		return runtime.FromSlice(data, shape...)
	case ir.F64:
		return runtime.FromSlice(literal.F, shape...)
	}
	return runtime.FromSlice(literal.C, shape...)
}
