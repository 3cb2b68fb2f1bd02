package interp

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// A step is what the compiler emits at once: an operation, or a group of
// elementwise ones.
type step struct {
	op     *ir.Op
	reduce *ir.Op // of what op, a map, makes, if nothing else uses it
	group  *group
}

// A group is a run of elementwise operations and broadcasts of one shape, whose
// elements are computed strip by strip, and of sinks that take them in as they
// come: reductions along last axes, and accumulates to rows of an array that a
// broadcast makes for them alone.
type group struct {
	dims    []ir.Dim
	members []*ir.Op
	sinks   []*ir.Op
	inputs  []*ir.Value // of rank > 0, made outside
	last    []bool      // whether the group is the last to use inputs[i]
	outputs []*ir.Value // made inside, used outside
	dead    []*ir.Value // results of sinks that nothing uses
	inside  map[*ir.Value]bool
}

// schedule orders the operations of b into steps. Cheap pure operations that
// need nothing of an open group pass it.
func (c *compiler) schedule(b *ir.Block) []step {
	var steps []step
	var open *group
	filled := c.filledFor(b)
	closeGroup := func() {
		if open != nil {
			c.finish(open)
			steps = append(steps, step{group: open})
			open = nil
		}
	}
	for _, op := range b.Ops {
		switch {
		case op.Code == ir.Const && !isArrayConst(op): // has its place already
		case filled[op] != nil: // comes with that
		case isStripped(op):
			t := op.Results[0].Type
			if open != nil && (c.program.tuning.NoGroups || !sameDims(open.dims, t.Dims) || len(open.members) >= maxMembers || usesSink(op, open)) {
				closeGroup()
			}
			if open == nil {
				open = &group{dims: t.Dims, inside: map[*ir.Value]bool{}}
			}
			open.members = append(open.members, op)
			open.inside[op.Results[0]] = true
		case open != nil && c.isSink(op, open):
			open.sinks = append(open.sinks, op)
			open.inside[op.Results[0]] = true
		case op.Code == ir.Accumulate && op.Args[0].Def != nil && filled[op.Args[0].Def] == op:
			if open != nil && open.inside[op.Args[1]] && sameDims(open.dims, op.Args[1].Type.Dims) && !open.inside[op.Args[2]] {
				open.sinks = append(open.sinks, op)
				open.inside[op.Results[0]] = true
				continue
			}
			closeGroup()
			fill := op.Args[0].Def
			open = &group{dims: fill.Results[0].Type.Dims, inside: map[*ir.Value]bool{fill.Results[0]: true}, members: []*ir.Op{fill}}
			closeGroup()
			steps = append(steps, step{op: op})
		case open != nil && passes(op) && !c.dependsOn(op, open):
			steps = append(steps, step{op: op})
		default:
			closeGroup()
			if k := len(steps) - 1; k >= 0 && c.feeds(steps[k].op, op) && steps[k].reduce == nil {
				steps[k].reduce = op
				continue
			}
			steps = append(steps, step{op: op})
		}
	}
	closeGroup()
	return steps
}

// filledFor gives the broadcasts of b that make an array for an accumulate alone,
// which could be a sink, and those.
func (c *compiler) filledFor(b *ir.Block) map[*ir.Op]*ir.Op {
	if c.program.tuning.NoStreams || c.program.tuning.NoGroups || c.program.tuning.NoInPlace {
		return nil
	}
	var filled map[*ir.Op]*ir.Op
	for _, op := range b.Ops {
		if op.Code != ir.Accumulate || !toRows(op.Attr.(ir.IndexAttr)) {
			continue
		}
		fill := op.Args[0].Def
		if fill == nil || fill.Code != ir.Broadcast || fill.Args[0].Type.Rank() != 0 || c.uses[op.Args[0].ID] != 1 || !slices.Contains(b.Ops, fill) {
			continue
		}
		if filled == nil {
			filled = map[*ir.Op]*ir.Op{}
		}
		filled[fill] = op
	}
	return filled
}

// toRows reports whether an accumulate adds to neighbouring rows, whole, or
// subtracts from them.
func toRows(attr ir.IndexAttr) bool {
	return attr.Batch == 0 && strings.TrimRight(attr.Spec, ":") == "r" && attr.Range[0].Step == 1 &&
		(attr.Mode == ir.AccumulateAdd || attr.Mode == ir.AccumulateSub)
}

// taken is what a sink takes in.
func taken(sink *ir.Op) *ir.Value {
	if sink.Code == ir.Accumulate {
		return sink.Args[1]
	}
	return sink.Args[0]
}

// feeds reports whether reduce takes in, along last axes, the only result of a
// map, which nothing else uses.
func (c *compiler) feeds(op, reduce *ir.Op) bool {
	return op != nil && op.Code == ir.Map && reduce.Code == ir.Reduce && !c.program.tuning.NoStreams &&
		len(op.Results) == 1 && reduce.Args[0] == op.Results[0] && c.uses[op.Results[0].ID] == 1 &&
		canStream(reduce.Attr.(ir.ReduceAttr), op.Results[0].Type)
}

// maxMembers keeps the registers of a strip near the processor.
const maxMembers = 64

func sameDims(a, b []ir.Dim) bool {
	return ir.Type{Dims: a}.Equal(ir.Type{Dims: b})
}

func isStripped(op *ir.Op) bool {
	return (op.Code.Info().Class == ir.Elementwise || op.Code == ir.Broadcast || op.Code == ir.Iota) && op.Results[0].Type.Rank() > 0
}

// isSink reports whether op is a reduction along last axes of what the group
// makes.
func (c *compiler) isSink(op *ir.Op, g *group) bool {
	if op.Code != ir.Reduce || c.program.tuning.NoStreams || c.program.tuning.NoGroups || !g.inside[op.Args[0]] || !sameDims(g.dims, op.Args[0].Type.Dims) {
		return false
	}
	attr := op.Attr.(ir.ReduceAttr)
	return canStream(attr, op.Args[0].Type)
}

func usesSink(op *ir.Op, g *group) bool {
	for _, s := range g.sinks {
		for _, a := range op.Args {
			if a == s.Results[0] {
				return true
			}
		}
	}
	return false
}

// passes reports whether op may be done before an open group that it doesn't
// depend on: it costs little and takes nothing over.
func passes(op *ir.Op) bool {
	switch op.Code.Info().Class {
	case ir.Creation, ir.View:
		return true
	case ir.Elementwise:
		return op.Results[0].Type.Rank() == 0
	}
	return op.Code == ir.Gather || op.Code == ir.Check && !slices.ContainsFunc(op.Args, isArray)
}

// dependsOn reports whether op takes, as an operand or as a size, what g makes.
func (c *compiler) dependsOn(op *ir.Op, g *group) bool {
	depends := false
	op.Uses(c.f, func(v *ir.Value) { depends = depends || g.inside[v] })
	return depends
}

// finish finds what goes in and out of g.
func (c *compiler) finish(g *group) {
	uses := map[*ir.Value]int{}
	seen := map[*ir.Value]bool{}
	for _, op := range g.members {
		for _, a := range op.Args {
			uses[a]++
			if !g.inside[a] && a.Type.Rank() > 0 && !seen[a] {
				seen[a] = true
				g.inputs = append(g.inputs, a)
			}
		}
	}
	for _, op := range g.sinks {
		uses[taken(op)]++
	}
	g.last = make([]bool, len(g.inputs))
	for _, op := range g.members {
		if v := op.Results[0]; int(c.uses[v.ID]) > uses[v] {
			g.outputs = append(g.outputs, v)
		}
	}
}
