package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Primitives of the modules fft and random.

func transformBuiltins() []*builtin {
	return []*builtin{
		{
			name: "prim_fft", signature: "a, options",
			doc: ir.LookupLibrary("fft").Doc + "; along the last axis, c128; options are inverse or nothing", elaborate: (*call).fourierTransform,
		},
		{
			name: "prim_philox", signature: "key, ctr",
			doc: ir.Philox.Info().Doc, elaborate: func(k *call) value { return k.eachElement(ir.Philox) },
		},
		{
			name: "prim_half_turn", signature: "x, axes, back",
			doc: "x moved along axes by half their sizes, n // 2 on, or back", elaborate: (*call).halfTurn,
		},
	}
}

func (k *call) fourierTransform() value {
	v := k.inexact("a")
	options, ok := k.text("options", "")
	if v.isBad() || !ok {
		return bad
	}
	if v.rank() == 0 {
		return k.fail(v.span, ast.CodeRank, "a transform wants an array with an axis, and this is %s", k.show(v.t)).value()
	}
	if v.t.(Array).DType == ir.F32 {
		v = k.convert(v, ir.F64)
	}
	return k.kernel("fft", options, []value{v})
}

func (k *call) halfTurn() value {
	v := k.arrayArg("x")
	back, ok := k.flag("back", false)
	if v.isBad() || !ok {
		return bad
	}
	axes, ok := k.axes("axes", v)
	if !ok {
		return bad
	}
	return k.turned(v, axes, back)
}

// turned moves the elements on by n // 2 of an axis of n, or back, axis by axis:
// a part of two copies, one after the other.
func (k *call) turned(v value, axes []int, back bool) value {
	if len(axes) == 0 {
		return v
	}
	return k.named(v, func(v value) value {
		a, axis := v.t.(Array), axes[0]
		start := k.must("//", a.Dims[axis], ir.Size(2))
		if !back {
			start = k.must("-", a.Dims[axis], start)
		}
		twice := k.joined([]value{v, v}, axis, k.span)
		if twice.isBad() {
			return bad
		}
		args := []value{twice}
		steps := make([]int64, len(a.Dims))
		for i := range steps {
			steps[i] = 1
			args = append(args, intValue(0, k.span))
		}
		args[1+axis] = sizeValue(start, k.span)
		moved := operation(ir.Slice, ir.SliceAttr{Dims: a.Dims, Steps: steps}, a, k.span, args...)
		return k.turned(moved, axes[1:], back)
	})
}
