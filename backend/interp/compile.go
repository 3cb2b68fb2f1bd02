package interp

import (
	"fmt"
	"math"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A compiler turns one function into code.
type compiler struct {
	program *Program
	f       *ir.Func
	fn      *function
	locs    []loc   // by value
	uses    []int32 // by value: as operand or yield
	steps   map[*ir.Block][]step
	live    *liveness
	place   place
}

func compileFunc(p *Program, f *ir.Func, fn *function) error {
	c := &compiler{
		program: p, f: f, fn: fn,
		locs:  make([]loc, f.NumValues()),
		uses:  make([]int32, f.NumValues()),
		steps: map[*ir.Block][]step{},
	}
	fn.compiler = c
	c.placeConstants(f.Body)
	for _, v := range f.Sizes {
		fn.sizes = append(fn.sizes, c.newLoc(v))
	}
	for _, v := range f.Params {
		fn.params = append(fn.params, c.newLoc(v))
		fn.types = append(fn.types, v.Type)
	}
	c.live = newLiveness(c, f)
	c.scheduleAll(f.Body)
	c.live.block(f.Body)
	for _, v := range f.Params {
		if isArray(v) && !c.live.live[v.ID] {
			fn.unused = append(fn.unused, c.loc(v).slot)
		}
	}
	c.place = place{span: f.Pos}
	if err := c.block(f.Body); err != nil {
		return err
	}
	for i, v := range f.Body.Yield {
		l := c.loc(v)
		fn.results = append(fn.results, l)
		fn.moves = append(fn.moves, transfer{kind: l.kind, from: l.slot, last: c.live.yieldLast[f.Body][i]})
	}
	c.emit(instr{op: opReturn})
	return nil
}

// placeConstants gives all constants of a function their slots, which come
// first in the frame.
func (c *compiler) placeConstants(b *ir.Block) {
	for _, op := range b.Ops {
		if op.Code == ir.Const && !isArrayConst(op) {
			c.constant(op)
		}
		for _, r := range op.Regions {
			c.placeConstants(r)
		}
	}
}

func (c *compiler) constant(op *ir.Op) {
	v, lit := op.Results[0], op.Attr.(ir.Literal)
	l := c.newLoc(v)
	switch v.Type.DType {
	case ir.Bool, ir.I64:
		c.fn.consts = append(c.fn.consts, uint64(lit.I))
	case ir.F64:
		c.fn.consts = append(c.fn.consts, math.Float64bits(lit.F))
	case ir.F32:
		c.fn.consts = append(c.fn.consts, math.Float64bits(float64(float32(lit.F))))
	case ir.C128:
		c.fn.consts = append(c.fn.consts, math.Float64bits(real(lit.C)), math.Float64bits(imag(lit.C)))
	case ir.Text:
		c.fn.texts = append(c.fn.texts, lit.S)
	}
	c.locs[v.ID] = l
}

func (c *compiler) scheduleAll(b *ir.Block) {
	c.steps[b] = c.schedule(b)
	for _, op := range b.Ops {
		for _, r := range op.Regions {
			c.scheduleAll(r)
		}
	}
}

// newLoc gives v its place in the frame.
func (c *compiler) newLoc(v *ir.Value) loc {
	l := c.temporary(v.Type)
	c.locs[v.ID] = l
	return l
}

func (c *compiler) temporary(t ir.Type) loc {
	l := loc{dtype: t.DType, rank: int32(t.Rank())}
	switch {
	case t.Rank() > 0:
		l.kind, l.slot = inHandle, int32(c.fn.handles)
		c.fn.handles++
	case t.DType == ir.Text:
		l.kind, l.slot = inText, int32(c.fn.strings)
		c.fn.strings++
	case t.DType == ir.C128:
		l.kind, l.slot = inPair, int32(c.fn.words)
		c.fn.words += 2
	default:
		l.kind, l.slot = inWord, int32(c.fn.words)
		c.fn.words++
	}
	return l
}

// loc is the place of v, given now if it has none.
func (c *compiler) loc(v *ir.Value) loc {
	if l := c.locs[v.ID]; l.kind != nowhere {
		return l
	}
	return c.newLoc(v)
}

func (c *compiler) emit(i instr) int {
	c.fn.code = append(c.fn.code, i)
	c.fn.places = append(c.fn.places, c.place)
	return len(c.fn.code) - 1
}

// exec emits a call of e.
func (c *compiler) exec(e exec) {
	c.fn.execs = append(c.fn.execs, e)
	c.emit(instr{op: opExec, a: int32(len(c.fn.execs) - 1)})
}

// here makes the jump at place lead to the next instruction.
func (c *compiler) here(place int) { c.fn.code[place].a = int32(len(c.fn.code)) }

func (c *compiler) release(values []*ir.Value) {
	for _, v := range values {
		c.emit(instr{op: opRelease, a: c.loc(v).slot})
	}
}

// block emits the code of b without its yield.
func (c *compiler) block(b *ir.Block) error {
	c.release(c.live.entry[b])
	for _, s := range c.steps[b] {
		var err error
		if s.group != nil {
			err = c.group(s.group)
		} else {
			c.place = placeOf(s.op)
			err = c.op(s.op, s.reduce)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) op(op, reduce *ir.Op) error {
	var err error
	switch op.Code {
	case ir.Const:
		if !isArrayConst(op) {
			return nil
		}
		err = c.arrayOp(op)
	case ir.If:
		err = c.branch(op)
	case ir.For:
		err = c.forLoop(op)
	case ir.While:
		err = c.whileLoop(op)
	case ir.Map:
		err = c.mapLoop(op, reduce)
	case ir.Call:
		err = c.call(op)
	case ir.Lib:
		err = c.lib(op)
	default:
		if op.Code.Info().Class == ir.Elementwise || op.Code == ir.SizeOp {
			err = c.scalar(op)
		} else {
			err = c.arrayOp(op)
		}
	}
	if err != nil {
		return err
	}
	c.release(c.live.after[op])
	return nil
}

// assign moves values to other places, all at once.
func (c *compiler) assign(to []loc, from []*ir.Value, last []bool) {
	moves := make([]transfer, 0, len(to))
	stays := map[int32]bool{} // handle slots whose value is also wanted where it is
	for i, v := range from {
		if l := c.loc(v); l.slot != to[i].slot || l.kind != to[i].kind {
			moves = append(moves, transfer{l.kind, last[i], l.slot, to[i].slot})
		} else if l.kind == inHandle {
			stays[l.slot] = true
		}
	}
	for i := range moves {
		moves[i].last = moves[i].last && !stays[moves[i].from]
	}
	if conflict(moves) {
		for i, m := range moves {
			t := c.temporary(typeOfKind(m.kind))
			c.emitMove(transfer{m.kind, m.last, m.from, t.slot})
			moves[i].from, moves[i].last = t.slot, true
		}
	}
	for _, m := range moves {
		c.emitMove(m)
	}
}

// conflict reports whether a move writes what a later one reads.
func conflict(moves []transfer) bool {
	type place struct {
		handle, text bool
		slot         int32
	}
	written := map[place]bool{}
	words := func(m transfer, slot int32) []place {
		p := place{m.kind == inHandle, m.kind == inText, slot}
		if m.kind == inPair {
			return []place{p, {slot: slot + 1}}
		}
		return []place{p}
	}
	if len(moves) < 2 {
		return false
	}
	for _, m := range moves {
		for _, p := range words(m, m.from) {
			if written[p] {
				return true
			}
		}
		for _, p := range words(m, m.to) {
			written[p] = true
		}
	}
	return false
}

func typeOfKind(k locKind) ir.Type {
	switch k {
	case inHandle:
		return ir.ArrayOf(ir.F64, ir.Size(0))
	case inPair:
		return ir.Scalar(ir.C128)
	case inText:
		return ir.Scalar(ir.Text)
	}
	return ir.Scalar(ir.F64)
}

func (c *compiler) emitMove(m transfer) {
	op := opMove
	switch {
	case m.kind == inPair:
		op = opMovePair
	case m.kind == inText:
		op = opMoveText
	case m.kind == inHandle && m.last:
		op = opTake
	case m.kind == inHandle:
		op = opShare
	}
	c.emit(instr{op: op, a: m.to, b: m.from})
}

func (c *compiler) locsOf(values []*ir.Value) []loc {
	list := make([]loc, len(values))
	for i, v := range values {
		list[i] = c.loc(v)
	}
	return list
}

func unsupported(op *ir.Op) error {
	t := ""
	for _, a := range op.Args {
		t += " " + describeType(a.Type)
	}
	return &ast.Diagnostic{Code: codeBug, Span: op.Pos, Message: fmt.Sprintf("this is a bug in Calx: the interpreter has no %s of%s", op.Code, t)}
}

func describeType(t ir.Type) string {
	s := t.DType.String()
	for range t.Dims {
		s += "[]"
	}
	return s
}
