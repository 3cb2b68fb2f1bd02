package diff

import "github.com/calx-lang/calx/ir"

// operation emits the tangents of the results of op, which has been copied and
// is no region and no call.
func (w *forward) operation(e *emitter, op *ir.Op) error {
	y := op.Results[0]
	args := w.values(op.Args)
	tangents := make([]dvalue, len(args))
	for i, v := range op.Args {
		tangents[i] = w.tangents[v]
	}
	if op.Code.Info().Derivative.Kind == ir.ByPartials && op.Code != ir.Abs {
		var total dvalue
		for i, d := range tangents {
			total = e.sum(total, e.contribution(op.Code, args, w.value(y), i, d))
		}
		w.set(e, y, total)
		return nil
	}
	return refuse(op, NoRule, "", "%v", op.Code)
}
