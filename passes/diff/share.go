package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/rewrite"
)

// Share replaces calls by derivatives of the same function at the same arguments
// that stand before them and give its results too. What a derivative becomes
// computes more than these, so that no later pass would see that they are the
// same.
func Share(m *ir.Module) error {
	for _, f := range m.Funcs {
		if contains(f.Body, isDerivative) {
			shareValues(f)
		}
	}
	return nil
}

func isDerivative(op *ir.Op) bool { return op.Code == ir.JVP || op.Code == ir.VJP }

func shareValues(f *ir.Func) {
	var derivatives []*ir.Op // that have been passed, in this block and around it
	var outside []int        // how many of them stand around each block
	r := rewrite.New(f)
	r.Enter = func(*ir.Block) { outside = append(outside, len(derivatives)) }
	r.Leave = func(*ir.Block) {
		last := len(outside) - 1
		derivatives, outside = derivatives[:outside[last]], outside[:last]
	}
	r.Walk(func(op *ir.Op) bool {
		switch {
		case isDerivative(op):
			derivatives = append(derivatives, op)
		case op.Code == ir.Call:
			i := slices.IndexFunc(derivatives, func(d *ir.Op) bool { return valueOf(d, op) })
			if i < 0 || hasEffects(op.Callee()) {
				return true
			}
			for k, v := range op.Results {
				r.Replace(v, derivatives[i].Results[k])
			}
			return false
		}
		return true
	})
}

// valueOf reports whether the derivative d is that of the function and at the
// arguments of call.
func valueOf(d, call *ir.Op) bool {
	derive, attr := d.Attr.(ir.DeriveAttr), call.Attr.(ir.CallAttr)
	return derive.Callee == attr.Callee && slices.EqualFunc(derive.Sizes, attr.Sizes, ir.Dim.Equal) &&
		slices.Equal(d.Args[:len(call.Args)], call.Args)
}

// hasEffects reports whether a call of f does more than give results.
func hasEffects(f *ir.Func) bool {
	ordered := func(op *ir.Op) bool { return op.Code.Info().Ordered(op) }
	return slices.ContainsFunc(reachable([]*ir.Func{f}), func(g *ir.Func) bool { return contains(g.Body, ordered) })
}
