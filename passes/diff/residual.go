package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// recomputeWork is the most work for an element, as the table counts it, that
// backward code spends on a value instead of having it recorded: 8 additions.
const recomputeWork = 8

// finish gives the values of the block that backward code names their
// definitions, at the beginning of the backward block: they are computed again
// where that is cheap, and recorded by f.fwd elsewhere. It is called when the
// backward block and those in it are complete.
func (fr *frame) finish() {
	if fr.failure != nil {
		return
	}
	fr.running, fr.finishing = nil, true
	fr.splice()
	ops := fr.block.Ops // to record appends more
	again := make([]bool, len(ops))
	for k, op := range slices.Backward(ops) {
		if !slices.ContainsFunc(op.Results, fr.needed) {
			continue
		}
		if again[k] = fr.computesAgain(op); again[k] {
			// What the operation is made of is needed in its place.
			for _, v := range op.Results {
				fr.need(v)
			}
			fr.freeValues(op, fr.needAtHead)
		} else {
			for _, v := range op.Results {
				if fr.needed(v) {
					fr.prepare(v)
				}
			}
		}
	}
	head := fr.headBuilder()
	params := fr.block.Params
	if fr.outer == nil {
		params = fr.fwd.Params
	}
	for _, v := range params {
		if fr.needed(v) {
			fr.record(head, v)
		}
	}
	for k, op := range ops {
		head.From(op)
		if again[k] {
			fr.compute(head, op)
			continue
		}
		for _, v := range op.Results {
			if fr.needed(v) {
				fr.record(head, v)
			}
		}
	}
	fr.splice()
	if fr.outer == nil && fr.own != nil {
		fr.own.read(head)
	}
	fr.e.Block.Ops = slices.Concat(fr.e.Block.Ops[:fr.first], head.Block.Ops, fr.e.Block.Ops[fr.first:])
}

// splice puts the operations that backward code added to f.fwd in their places.
func (fr *frame) splice() {
	if len(fr.before)+len(fr.after) == 0 {
		return
	}
	var ops []*ir.Op
	for _, op := range fr.block.Ops {
		ops = append(ops, fr.before[op]...)
		ops = append(ops, op)
		ops = append(ops, fr.after[op]...)
	}
	fr.block.Ops = ops
	clear(fr.before)
	clear(fr.after)
}

func (fr *frame) headBuilder() *ir.Builder {
	if fr.around == nil {
		return ir.NewBuilder(fr.bwd, &ir.Block{})
	}
	return fr.around.Inside()
}

func (fr *frame) needed(v *ir.Value) bool { return fr.needs[v] != nil }

// prepare lets the store say what else is to be recorded for v.
func (fr *frame) prepare(v *ir.Value) {
	if p, ok := fr.store.(preparer); ok {
		p.prepare(fr, v)
	}
}

// A preparer is a store that must know what will be recorded before it is.
type preparer interface {
	prepare(fr *frame, v *ir.Value)
}

func (fr *frame) record(head *ir.Builder, v *ir.Value) {
	if v.Def == nil && fr.store.keeps(v) {
		return
	}
	fr.store.record(fr, head, v, fr.needs[v])
}

// becomes lets p be the only result of an operation.
func becomes(b *ir.Builder, p *ir.Value, code ir.Code, attr ir.Attr, args ...*ir.Value) {
	made := b.Op(code, attr, args...)
	op := made.Def
	op.Results[0] = p
	p.Def, p.Index = op, 0
}

// alias lets p be q, which has the same elements and sizes under other names.
func alias(b *ir.Builder, p, q *ir.Value) {
	becomes(b, p, ir.Retype, ir.RetypeAttr{Dims: p.Type.Dims, Message: "the size of a recorded value has changed"}, q)
}

// compute copies op, the operands of which backward code has, into head.
func (fr *frame) compute(head *ir.Builder, op *ir.Op) {
	c := ir.NewCopier(fr.fwd, fr.bwd)
	fr.freeValues(op, func(v *ir.Value) {
		switch literal := known(v); {
		case literal != nil && v.Type.Rank() == 0:
			c.Bind(v, head.Const(v.Type.DType, *literal))
		case literal != nil:
			c.Bind(v, head.Broadcast(head.Const(v.Type.DType, *literal), fr.dims(v.Type.Dims)...))
		case v.Type.Equal(ir.Scalar(ir.I64)):
			c.BindSize(v, fr.need(v), fr.dim(v.Dim()))
		default:
			c.Bind(v, fr.need(v))
		}
	})
	copied, ok := c.Op(op)
	if !ok {
		panic("diff: a renaming of sizes overflows")
	}
	for i, v := range op.Results {
		p := fr.needs[v]
		p.Def, p.Index = copied, i
		copied.Results[i] = p
	}
	head.Block.Ops = append(head.Block.Ops, copied)
}

// needAtHead is need for an operation that is computed again: it makes numbers
// itself.
func (fr *frame) needAtHead(v *ir.Value) {
	if known(v) != nil {
		fr.dims(v.Type.Dims)
	} else {
		fr.need(v)
		if v.Type.Equal(ir.Scalar(ir.I64)) {
			fr.dim(v.Dim())
		}
	}
}

// freeValues calls f with each value from outside that op and its regions use,
// perhaps repeatedly.
func (fr *frame) freeValues(op *ir.Op, f func(*ir.Value)) {
	own := map[*ir.Value]bool{}
	var walk func(*ir.Op)
	walk = func(op *ir.Op) {
		for _, v := range op.Results {
			own[v] = true
		}
		for _, region := range op.Regions {
			for _, v := range region.Params {
				own[v] = true
			}
			for _, inner := range region.Ops {
				walk(inner)
			}
		}
	}
	walk(op)
	op.AllUses(fr.fwd, func(v *ir.Value) {
		if !own[v] {
			f(v)
		}
	})
}

// computesAgain reports whether backward code computes op again rather than
// have its results recorded.
func (fr *frame) computesAgain(op *ir.Op) bool {
	if slices.ContainsFunc(op.Results, func(v *ir.Value) bool { return fr.recorded[v] }) {
		return false
	}
	if s, ok := fr.store.(chooser); ok {
		if again, decided := s.computesAgain(fr, op); decided {
			return again
		}
	}
	switch op.Code {
	case ir.Const, ir.SizeOp, ir.Iota, ir.Broadcast:
		return true
	case ir.Reshape, ir.Transpose, ir.Retype:
		return true // what they are made of has the same size
	}
	return fr.work(op, recomputeWork) <= recomputeWork
}

// A chooser is a store that may have reasons of its own to compute again.
type chooser interface {
	computesAgain(fr *frame, op *ir.Op) (again, decided bool)
}

// isNeeded reports whether backward code will have v whatever is decided here.
func (fr *frame) isNeeded(v *ir.Value) bool {
	if _, ok := fr.sizes[v]; ok {
		return true
	}
	home := fr.home[v]
	return home != nil && home.needs[v] != nil || fr.version(v) != nil
}

// work is what it takes to compute op from what backward code has: more than
// limit if that is too much, or if op is none of the cheap kinds.
func (fr *frame) work(op *ir.Op, limit int) int {
	const never = 1 << 20
	info := op.Code.Info()
	switch info.Class {
	case ir.Elementwise, ir.View, ir.Creation:
	case ir.Index:
		if op.Code != ir.Gather {
			return never
		}
	default:
		return never
	}
	total := info.Cost.Work()
	for _, v := range op.Args {
		if total > limit {
			return total
		}
		total += fr.workOf(v, limit-total, op)
	}
	return total
}

// workOf is what it takes to have v, for op to be computed again from it.
func (fr *frame) workOf(v *ir.Value, limit int, op *ir.Op) int {
	const never = 1 << 20
	if fr.isNeeded(v) {
		return 0
	}
	home := fr.home[v]
	switch {
	case home != fr && !fr.passed(v) && fr.store.prefersOuter(fr, v, op):
		return 0
	case home != fr:
		return never
	case v.Def == nil && fr.store.keeps(v):
		return 0
	case v.Def == nil:
		return never
	case v.Def.Code == ir.Const || v.Def.Code == ir.SizeOp || v.Def.Code == ir.Iota:
		return 0
	}
	return fr.work(v.Def, limit)
}
