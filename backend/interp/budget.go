package interp

import "github.com/calx-lang/calx/ir"

// budget emits the question how much memory is left.
func (c *compiler) budget(op *ir.Op) exec {
	to := c.loc(op.Results[0]).slot
	return func(f *frame) error {
		f.w[to] = uint64(f.m.memory.Left())
		return nil
	}
}
