package interp

import "github.com/calx-lang/calx/ir"

func (c *compiler) branch(op *ir.Op) error {
	skip := c.jumpUnless(op.Args[0])
	results := c.locsOf(op.Results)
	if err := c.arm(op.Regions[0], results); err != nil {
		return err
	}
	otherwise := op.Regions[1]
	if len(otherwise.Ops) == 0 && len(otherwise.Yield) == 0 && len(c.live.entry[otherwise]) == 0 {
		c.here(skip)
		return nil
	}
	end := c.emit(instr{op: opJump})
	c.here(skip)
	if err := c.arm(otherwise, results); err != nil {
		return err
	}
	c.here(end)
	return nil
}

func (c *compiler) arm(b *ir.Block, results []loc) error {
	if err := c.block(b); err != nil {
		return err
	}
	c.assign(results, b.Yield, c.live.yieldLast[b])
	return nil
}

// jumpUnless emits a jump, to be aimed by here, that is taken if cond is false.
// A comparison made just before only for it becomes part of the jump.
func (c *compiler) jumpUnless(cond *ir.Value) int {
	l := c.loc(cond)
	if n := len(c.fn.code); n > 0 && c.uses[cond.ID] == 1 && cond.Def != nil {
		if prev := c.fn.code[n-1]; prev.a == l.slot {
			if jump, ok := jumpUnlessCompare[prev.op]; ok {
				c.fn.code[n-1] = instr{op: jump, b: prev.b, c: prev.c}
				return n - 1
			}
		}
	}
	return c.emit(instr{op: opJumpUnless, b: l.slot})
}

// forLoop keeps carried values in the slots of the block's parameters; the
// results are there too when it ends.
func (c *compiler) forLoop(op *ir.Op) error {
	body := op.Regions[0]
	index := c.newLoc(body.Params[0])
	carried := make([]loc, len(body.Params)-1)
	for i, p := range body.Params[1:] {
		carried[i] = c.newLoc(p)
		c.locs[op.Results[i].ID] = carried[i]
	}
	c.assign(carried, op.Args[2:], c.live.last[op][2:])
	c.emit(instr{op: opMove, a: index.slot, b: c.loc(op.Args[0]).slot})
	hi := c.loc(op.Args[1]).slot
	enter := c.emit(instr{op: opJumpNotLtI, b: index.slot, c: hi})
	start := len(c.fn.code)
	if err := c.block(body); err != nil {
		return err
	}
	c.assign(carried, body.Yield, c.live.yieldLast[body])
	c.place = placeOf(op)
	c.emit(instr{op: opNext, a: int32(start), b: index.slot, c: hi})
	c.here(enter)
	return nil
}

func (c *compiler) whileLoop(op *ir.Op) error {
	cond, body := op.Regions[0], op.Regions[1]
	carried := make([]loc, len(body.Params))
	for i, p := range body.Params {
		carried[i] = c.newLoc(p)
		c.locs[cond.Params[i].ID] = carried[i]
		c.locs[op.Results[i].ID] = carried[i]
	}
	c.assign(carried, op.Args, c.live.last[op])
	start := len(c.fn.code)
	if err := c.block(cond); err != nil {
		return err
	}
	leave := c.jumpUnless(cond.Yield[0])
	if err := c.block(body); err != nil {
		return err
	}
	c.assign(carried, body.Yield, c.live.yieldLast[body])
	c.place = placeOf(op)
	c.emit(instr{op: opBack, a: int32(start)})
	c.here(leave)
	return nil
}

func (c *compiler) call(op *ir.Op) error {
	attr := op.Attr.(ir.CallAttr)
	site := callSite{callee: c.program.funcs[attr.Callee], sizes: c.dims(attr.Sizes)}
	for i, a := range op.Args {
		l := c.loc(a)
		site.args = append(site.args, transfer{kind: l.kind, last: c.live.last[op][i], from: l.slot})
	}
	site.results = c.locsOf(op.Results)
	c.fn.calls = append(c.fn.calls, site)
	c.emit(instr{op: opCall, a: int32(len(c.fn.calls) - 1)})
	return nil
}
