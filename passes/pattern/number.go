package pattern

import "github.com/calx-lang/calx/ir"

// number notes what is known of the i64 results of op.
func (a *analysis) number(op *ir.Op) {
	if len(op.Results) != 1 || op.Results[0].Type.DType != ir.I64 {
		return
	}
	v := op.Results[0]
	switch op.Code {
	case ir.Const, ir.SizeOp:
		if d := ir.DimOf(v); v.Type.Rank() == 0 && a.outside(d) {
			a.numbers[v] = affine{axis: -1, offset: d}
		}
	case ir.Iota:
		a.numbers[v] = affine{axis: own, step: 1}
	case ir.Broadcast:
		x := op.Args[0]
		if n, ok := a.numberOf(x); ok && (n.axis != own || x.Type.Rank() == 1 && lastKept(op)) {
			a.numbers[v] = n
		}
	case ir.Reshape, ir.Retype:
		if n, ok := a.numberOf(op.Args[0]); ok && (n.axis != own || v.Type.Rank() == 1 && op.Args[0].Type.Rank() == 1) {
			a.numbers[v] = n
		}
	case ir.Neg:
		if n, ok := a.numberOf(op.Args[0]); ok {
			a.combine(v, affine{axis: -1}, n, -1)
		}
	case ir.Add, ir.Sub:
		x, ok := a.numberOf(op.Args[0])
		y, both := a.numberOf(op.Args[1])
		if ok && both {
			sign := int64(1)
			if op.Code == ir.Sub {
				sign = -1
			}
			a.combine(v, x, y, sign)
		}
	case ir.Mul:
		x, ok := a.numberOf(op.Args[0])
		y, both := a.numberOf(op.Args[1])
		if !ok || !both {
			return
		}
		if _, constant := x.constant(); constant {
			x, y = y, x
		}
		if c, constant := y.constant(); constant {
			a.combine(v, affine{axis: -1}, x, c)
		}
	}
}

func lastKept(op *ir.Op) bool {
	x, y := op.Args[0].Type.Dims, op.Results[0].Type.Dims
	return len(x) > 0 && x[len(x)-1].Equal(y[len(y)-1])
}

func (n affine) constant() (int64, bool) {
	c, ok := n.offset.Const()
	return c, ok && n.axis == -1
}

// combine notes that v is x + c*y, if they have an axis at most in common.
func (a *analysis) combine(v *ir.Value, x, y affine, c int64) {
	scaled, ok := ir.Size(c).Mul(y.offset)
	if !ok {
		return
	}
	offset, ok := x.offset.Add(scaled)
	if !ok || c != 0 && y.step*c/c != y.step {
		return
	}
	out := affine{axis: x.axis, step: x.step, offset: offset}
	switch {
	case y.axis == -1:
	case x.axis == -1 || x.axis == y.axis:
		out.axis, out.step = y.axis, x.step+c*y.step
	default:
		return
	}
	a.numbers[v] = out
}

// numberOf is what is known of v.
func (a *analysis) numberOf(v *ir.Value) (affine, bool) {
	if n, ok := a.numbers[v]; ok {
		return n, true
	}
	if v.Type.Rank() == 0 && v.Type.DType == ir.I64 && a.outside(v.Dim()) {
		return affine{axis: -1, offset: v.Dim()}, true
	}
	return affine{}, false
}

// outside reports whether the sizes that d is made of are known where the
// function begins.
func (a *analysis) outside(d ir.Dim) bool {
	for atom := range d.Atoms {
		if !a.sizes[atom] {
			return false
		}
	}
	return true
}

// dim is d in terms of sizes that are known where the function begins.
func (a *analysis) dim(d ir.Dim) (ir.Dim, bool) {
	d = a.f.Canon(d)
	return d, a.outside(d)
}

// at is where an index lies: of a scalar, or of a table along the axis of the
// result that it makes.
func (a *analysis) at(v *ir.Value, axis int) Index {
	n, ok := a.numberOf(v)
	if !ok {
		return full
	}
	switch n.axis {
	case -1:
		return fixed(n.offset)
	case own:
		return Index{Axis: axis, Step: n.step, Offset: n.offset}
	}
	return Index{Axis: n.axis, Step: n.step, Offset: n.offset}
}
