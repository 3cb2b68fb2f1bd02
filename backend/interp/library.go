package interp

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/runtime/kernel"
)

// A libraryFunc computes a kernel of the library for batch matrices.
type libraryFunc func(m *machine, out, in []*runtime.Array, batch int) error

// library is the kernel of op, nil if there is none for its dtype.
func library(op *ir.Op) libraryFunc {
	attr := op.Attr.(ir.LibAttr)
	if attr.Name == "fft" {
		return fourierTransform(attr)
	}
	if op.Args[0].Type.DType == ir.C128 {
		return libraryOf[complex128](attr, complexLibrary)
	}
	return libraryOf[float64](attr, realLibrary)
}

// libraryOf is a kernel that serves both fields, or one of those of its own.
func libraryOf[T interface {
	kernel.Field
	runtime.Element
}](attr ir.LibAttr, own map[string]libraryFunc) libraryFunc {
	switch attr.Name {
	case "cholesky":
		return func(m *machine, out, in []*runtime.Array, batch int) error {
			_, n := rowsAndColumns(in[0])
			return kernel.Cholesky(raw[T](out[0]), raw[T](in[0]), batch, n, m.pollFn)
		}
	case "lu":
		return func(m *machine, out, in []*runtime.Array, batch int) error {
			rows, columns := rowsAndColumns(in[0])
			return kernel.LU(raw[T](out[0]), out[1].I64(), raw[T](in[0]), batch, rows, columns, m.pollFn)
		}
	case "trsolve":
		words := strings.Fields(attr.Options)
		side := kernel.Plain
		if slices.Contains(words, "trans") {
			side = kernel.Transposed
		}
		lower, unit := slices.Contains(words, "lower"), slices.Contains(words, "unit")
		return func(m *machine, out, in []*runtime.Array, batch int) error {
			n, columns := rowsAndColumns(in[1])
			if err := m.copyBytes(out[0].Bytes(), in[1].Bytes()); err != nil {
				return err
			}
			return kernel.TrSolve(raw[T](in[0]), raw[T](out[0]), batch, n, columns, lower, unit, side, m.pollFn)
		}
	}
	return withWorkspace(own[attr.Name])
}

// withWorkspace counts the memory that a kernel takes while it runs.
func withWorkspace(run libraryFunc) libraryFunc {
	if run == nil {
		return nil
	}
	return func(m *machine, out, in []*runtime.Array, batch int) error {
		bytes := kernel.Workspace * int64(len(in[0].Bytes())/max(1, batch))
		if err := m.memory.Charge(bytes); err != nil {
			return err
		}
		defer m.memory.Refund(bytes)
		return run(m, out, in, batch)
	}
}

var realLibrary = map[string]libraryFunc{
	"qr": func(m *machine, out, in []*runtime.Array, batch int) error {
		rows, columns := rowsAndColumns(in[0])
		return kernel.QR(out[0].F64(), out[1].F64(), in[0].F64(), batch, rows, columns, m.pollFn)
	},
	"eigh": func(m *machine, out, in []*runtime.Array, batch int) error {
		_, n := rowsAndColumns(in[0])
		return kernel.Eigh(out[0].F64(), wanted[float64](out[1]), in[0].F64(), batch, n, m.pollFn)
	},
	"svd": func(m *machine, out, in []*runtime.Array, batch int) error {
		rows, columns := rowsAndColumns(in[0])
		return kernel.SVD(wanted[float64](out[0]), out[1].F64(), wanted[float64](out[2]), in[0].F64(), batch, rows, columns, m.pollFn)
	},
	"eig": func(m *machine, out, in []*runtime.Array, batch int) error {
		_, n := rowsAndColumns(in[0])
		return kernel.Eig(out[0].C128(), wanted[complex128](out[1]), in[0].F64(), batch, n, m.pollFn)
	},
}

var complexLibrary = map[string]libraryFunc{
	"qr": func(m *machine, out, in []*runtime.Array, batch int) error {
		rows, columns := rowsAndColumns(in[0])
		return kernel.QRComplex(out[0].C128(), out[1].C128(), in[0].C128(), batch, rows, columns, m.pollFn)
	},
	"svd": func(m *machine, out, in []*runtime.Array, batch int) error {
		rows, columns := rowsAndColumns(in[0])
		return kernel.SVDComplex(wanted[complex128](out[0]), out[1].F64(), wanted[complex128](out[2]), in[0].C128(), batch, rows, columns, m.pollFn)
	},
	"eig": func(m *machine, out, in []*runtime.Array, batch int) error {
		_, n := rowsAndColumns(in[0])
		return kernel.EigComplex(out[0].C128(), wanted[complex128](out[1]), in[0].C128(), batch, n, m.pollFn)
	},
	"eigh": func(m *machine, out, in []*runtime.Array, batch int) error {
		_, n := rowsAndColumns(in[0])
		return kernel.EighComplex(out[0].F64(), wanted[complex128](out[1]), in[0].C128(), batch, n, m.pollFn)
	},
}

// wanted are the elements of a result, nil if it is left out.
func wanted[T runtime.Element](a *runtime.Array) []T {
	if a == nil {
		return nil
	}
	return raw[T](a)
}

// vectorsOf are the results of a kernel that may be left out together: vectors, where values are enough.
var vectorsOf = map[string][]int{"svd": {0, 2}, "eigh": {1}, "eig": {1}}

// leftOut says which results of op aren't made, because nothing uses them.
func (c *compiler) leftOut(op *ir.Op) []bool {
	out := make([]bool, len(op.Results))
	vectors := vectorsOf[op.Attr.(ir.LibAttr).Name]
	for _, i := range vectors {
		if c.uses[op.Results[i].ID] > 0 {
			return out
		}
	}
	for _, i := range vectors {
		out[i] = true
	}
	return out
}

func rowsAndColumns(a *runtime.Array) (rows, columns int) {
	s := a.Shape()
	return s[len(s)-2], s[len(s)-1]
}

// batchOf is how many matrices, or whatever the kernel takes, the first operand
// a holds.
func batchOf(op *ir.Op, a *runtime.Array) int {
	batch := 1
	for _, n := range a.Shape()[:a.Rank()-ir.LookupLibrary(op.Attr.(ir.LibAttr).Name).Rank(0)] {
		batch *= n
	}
	return batch
}

func (c *compiler) lib(op *ir.Op) error {
	run := library(op)
	if run == nil {
		return &ast.Diagnostic{Code: ast.CodeNotYet, Span: op.Pos, Message: "there is no " + op.Attr.(ir.LibAttr).Name + " of " + op.Args[0].Type.DType.String() + " matrices yet"}
	}
	o := c.operands(op)
	results, leftOut := c.locsOf(op.Results), c.leftOut(op)
	dims := make([][]dim, len(results))
	for i, r := range op.Results {
		dims[i] = c.dims(r.Type.Dims)
	}
	c.exec(func(f *frame) error {
		in, out := make([]*runtime.Array, len(o.locs)), make([]*runtime.Array, len(results))
		for i, l := range o.locs {
			in[i] = f.h[l.slot]
		}
		for i := range out {
			if leftOut[i] {
				continue
			}
			var room [8]int
			shape, err := shape(dims[i], f.w, room[:0])
			if err != nil {
				return err
			}
			if out[i], err = f.m.memory.New(results[i].dtype, shape...); err != nil {
				return err
			}
		}
		if err := run(f.m, out, in, batchOf(op, in[0])); err != nil {
			return err
		}
		for i := range in {
			o.done(f, i, in[i])
		}
		for i, a := range out {
			if a != nil {
				f.h[results[i].slot] = a
			}
		}
		return nil
	})
	return nil
}

// libLanes runs a kernel with the lanes as one more batch axis.
func libLanes(call *ir.Op, run libraryFunc) laneFunc {
	return func(s *laneState, op *laneOp) error {
		n := s.lanesOf(op)
		in, out := make([]*runtime.Array, len(op.args)), make([]*runtime.Array, len(op.results))
		for i, arg := range op.args {
			a, err := s.direct(arg)
			if err != nil {
				return err
			}
			if n == 1 {
				s.m.memory.Retain(a)
			} else if a, err = s.widened(a); err != nil {
				return err
			}
			in[i] = a
		}
		for i, t := range op.types {
			var err error
			if out[i], err = s.new(t, n); err != nil {
				return err
			}
		}
		if err := run(s.m, out, in, batchOf(call, in[0])); err != nil {
			return err
		}
		for _, a := range in {
			s.m.memory.Release(a)
		}
		for i, a := range out {
			s.set(op.results[i], laneVal{a: a})
		}
		return nil
	}
}
