package diff

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// library emits the tangent of a kernel of the library that is linear, or that
// solves linear equations. The others are behind functions with rules.
func (w *forward) library(e *emitter, op *ir.Op, s site) error {
	switch attr := s.op.Attr.(ir.LibAttr); attr.Name {
	case "fft":
		d := dvalue{v: e.Lib(attr.Name, attr.Options, e.settle(s.d[0], s.args[0].Type))[0]}
		if s.d[0].mask != nil {
			d.mask = e.anywhere(s.d[0].mask, 1, s.y.Type.Dims)
		}
		w.set(e, op.Results[0], d)
	case "trsolve":
		w.set(e, op.Results[0], e.tangentOfSolve(s, attr))
	default:
		return unknown(op)
	}
	return nil
}

// anywhere tells for all elements of the last axes of dims, core of them,
// whether a mask is true anywhere in its last axes, as many.
func (e *emitter) anywhere(mask *ir.Value, core int, dims []ir.Dim) *ir.Value {
	rank := mask.Type.Rank()
	axes := make([]int, core)
	for i := range axes {
		axes[i] = rank - core + i
	}
	return e.spread(e.anyOver(mask, axes...), axes, dims)
}

// tangentOfSolve: A X = B gives A dX = dB - dA X, with the triangle of A that
// is read; likewise with the transpose of A.
func (e *emitter) tangentOfSolve(s site, attr ir.LibAttr) dvalue {
	a, b := s.args[0], s.args[1]
	right := s.d[1]
	if right.mask != nil {
		right = dvalue{e.settle(right, b.Type), e.anywhere(right.mask, 2, s.y.Type.Dims)}
	}
	if !s.d[0].zero() {
		spec := "ij,jk->ik"
		if slices.Contains(strings.Fields(attr.Options), "trans") {
			spec = "ji,jk->ik"
		}
		da := e.triangle(e.settle(s.d[0], a.Type), attr.Options)
		moved := dvalue{v: e.Op(ir.Contract, ir.ContractAttr{Spec: spec, Batch: a.Type.Rank() - 2}, da, s.y)}
		if s.d[0].mask != nil {
			moved.mask = e.anywhere(s.d[0].mask, 2, s.y.Type.Dims)
		}
		right = e.sum(right, e.neg(moved))
	}
	return e.elementwise(right, func(v *ir.Value) *ir.Value { return e.Lib(attr.Name, attr.Options, a, v)[0] })
}

// triangle is a, [… n n], with zeros where trsolve with these options does not
// read it.
func (e *emitter) triangle(a *ir.Value, options string) *ir.Value {
	words := strings.Fields(options)
	dims := a.Type.Dims
	n := dims[len(dims)-1]
	column := e.Broadcast(e.Op(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{n}}), n, n)
	row := e.transposed(column, []int{1, 0})
	if !slices.Contains(words, "lower") {
		row, column = column, row
	}
	code := ir.Le
	if slices.Contains(words, "unit") {
		code = ir.Lt
	}
	reads := e.Broadcast(e.Op(code, nil, column, row), dims...)
	return e.Op(ir.Select, nil, reads, a, e.fill(a.Type, 0))
}
