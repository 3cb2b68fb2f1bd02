package diff

import "github.com/calx-lang/calx/ir"

// vjp gives what stands for the results of op, a VJP; nil for those that nobody
// uses.
func (d *differ) vjp(e *emitter, op *ir.Op, used map[*ir.Value]bool) ([]*ir.Value, error) {
	return nil, refuse(op, NoRule, "", "the reverse derivative of %s", op.Callee().Name)
}
