package diff

import "github.com/calx-lang/calx/ir"

// region copies an operation with blocks. Its blocks give, and loops carry, the
// tangents of what has one behind all that there was.
func (w *forward) region(e *emitter, op *ir.Op) error {
	copied := &ir.Op{Code: op.Code, Pos: op.Pos, Calls: op.Calls, Args: w.values(op.Args)}
	if attr, ok := op.Attr.(ir.MapAttr); ok {
		dims := make([]ir.Dim, len(attr.Dims))
		for i, d := range attr.Dims {
			if dims[i], ok = d.Subst(w.copier.Size); !ok {
				return w.tooBig(op)
			}
		}
		copied.Attr = ir.MapAttr{Dims: dims}
	}
	loop := op.Code == ir.For || op.Code == ir.While
	if loop {
		first := len(op.Args) - len(op.Results)
		for i, v := range op.Results {
			init := op.Args[first+i]
			copied.Args = append(copied.Args, w.yielded(e, init, w.flow.kind(v))...)
		}
	}
	for k, region := range op.Regions {
		in := e.inside()
		if !w.params(in.Block, region, loop) {
			return w.tooBig(op)
		}
		if err := w.block(in, region); err != nil {
			return err
		}
		in.Block.Yield = w.values(region.Yield)
		if op.Code != ir.While || k == 1 {
			for i, v := range region.Yield {
				in.Block.Yield = append(in.Block.Yield, w.yielded(in, v, w.flow.kind(op.Results[i]))...)
			}
		}
		copied.Regions = append(copied.Regions, in.Block)
	}
	for _, v := range op.Results {
		t, ok := v.Type.Subst(w.copier.Size)
		if !ok {
			return w.tooBig(op)
		}
		w.copier.Bind(v, copied.AddResult(w.to, t, v.Name))
	}
	for _, v := range op.Results {
		var values []*ir.Value
		for i, t := range typesOf(w.flow.kind(v), w.value(v).Type) {
			values = append(values, copied.AddResult(w.to, t, tangentName(v, i)))
		}
		w.tangents[v], _ = represented(w.flow.kind(v), values)
	}
	e.Block.Ops = append(e.Block.Ops, copied)
	return nil
}

// params gives a block the parameters of the original and, in a loop, their
// tangents. It is false if a size can't be written.
func (w *forward) params(b, original *ir.Block, loop bool) bool {
	if !copyParams(w.copier, b, original) {
		return false
	}
	if !loop {
		return true
	}
	for _, v := range original.Params {
		var values []*ir.Value
		for i, t := range typesOf(w.flow.kind(v), w.value(v).Type) {
			values = append(values, b.AddParam(w.to, t, tangentName(v, i)))
		}
		w.tangents[v], _ = represented(w.flow.kind(v), values)
	}
	return true
}

// copyParams gives b copies of the parameters of another block. It is false if a
// size can't be written.
func copyParams(c *ir.Copier, b, original *ir.Block) bool {
	for _, v := range original.Params {
		t, ok := v.Type.Subst(c.Size)
		if !ok {
			return false
		}
		c.Bind(v, b.AddParam(c.To, t, v.Name))
	}
	return true
}

// tangentName is the name of the tangent of v, or of its mask, which has none.
func tangentName(v *ir.Value, i int) string {
	if v.Name == "" || i > 0 {
		return ""
	}
	return "d" + v.Name
}
