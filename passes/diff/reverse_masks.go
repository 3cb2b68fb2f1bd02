package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// A round of a loop may take the cotangent of something away: where it writes over
// an element, or in the block of an if that does not use it. What computed that,
// in the round before or in front of the loop, may have a derivative that is
// infinite, so the loop has to carry a mask along with such a cotangent, even if
// what comes from behind the loop has none.

// takesAway reports whether the cotangent of param, which a loop carries, may be
// zero in parts although those of all that the body yields are not. It may say so
// of others: a mask that is true everywhere does no harm.
func (fr *frame) takesAway(body *ir.Block, param *ir.Value) bool {
	reached := reach{param: true}
	reached.block(body)
	return !slices.ContainsFunc(body.Yield, func(v *ir.Value) bool { return reached[v] })
}

// A reach is a set of values. The cotangents of those in it contribute to that
// of the value it began with, whole.
type reach map[*ir.Value]bool

func (r reach) block(b *ir.Block) {
	for _, op := range b.Ops {
		switch op.Code {
		case ir.If:
			r.block(op.Regions[0])
			r.block(op.Regions[1])
			for i, v := range op.Results {
				r[v] = r[op.Regions[0].Yield[i]] && r[op.Regions[1].Yield[i]]
			}
		case ir.For, ir.While:
			r.loop(op)
		case ir.Map:
			r.block(op.Regions[0])
			for i, v := range op.Results {
				r[v] = r[op.Regions[0].Yield[i]]
			}
		case ir.Select:
			r[op.Results[0]] = r[op.Args[1]] && r[op.Args[2]]
		case ir.Gather:
			r[op.Results[0]] = r[op.Args[0]] && eachLane(op)
		case ir.Update:
			r[op.Results[0]] = r[op.Args[1]]
		case ir.Min, ir.Max, ir.Call, ir.Slice, ir.Sort, ir.Host:
		case ir.Reduce:
			kind := op.Attr.(ir.ReduceAttr).Kind
			r[op.Results[0]] = r[op.Args[0]] && (kind == ir.ReduceSum || kind == ir.ReduceProd)
		default:
			for _, v := range op.Results {
				r[v] = v.Type.DType.IsInexact() && slices.ContainsFunc(op.Args, func(x *ir.Value) bool { return r[x] })
			}
		}
	}
}

// loop goes through the body until it reaches nothing more.
func (r reach) loop(op *ir.Op) {
	body := op.Regions[len(op.Regions)-1]
	n := len(op.Results)
	params, inits := body.Params[len(body.Params)-n:], op.Args[len(op.Args)-n:]
	for i, v := range inits {
		r[params[i]] = r[v]
	}
	for more := true; more; {
		more = false
		r.block(body)
		for i, v := range body.Yield {
			if r[v] && !r[params[i]] {
				r[params[i]], more = true, true
			}
		}
	}
	for i, v := range body.Yield {
		r[op.Results[i]] = r[v]
	}
}

// eachLane reports whether op, in the body of a map, reads the element of an
// array that stands at the indices of the map.
func eachLane(op *ir.Op) bool {
	attr := op.Attr.(ir.IndexAttr)
	if strings.Trim(attr.Spec, "@:") != "" {
		return false
	}
	return !slices.ContainsFunc(op.Args[1:], func(v *ir.Value) bool { return v.Def != nil })
}
