package typecheck

import (
	"maps"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Grids, and arrays with margins around them.

func gridBuiltins() []*builtin {
	return []*builtin{
		{
			name: "meshgrid", signature: "...xi, *, indexing=none, sparse=false, copy=true",
			doc:       `for each vector its elements along an axis of their grid, as a tuple; with indexing="xy", as without, the first two axes are exchanged, with "ij" not; sparse grids have size 1 along the other axes`,
			example:   "meshgrid([1, 2, 3], [4, 5])",
			elaborate: (*call).meshgrid,
		},
		{
			name: "indices", signature: "...dimensions, *, dtype=i64", doc: "for each axis of an array of this shape the places along it, on a new first axis", example: "indices(2, 3)",
			elaborate: func(k *call) value {
				if k.noSizes() {
					return bad
				}
				return k.shape(k.restValues(), func(dims []ir.Dim) value {
					dims = append([]ir.Dim(nil), dims...)
					if len(dims) == 0 {
						return k.fail(k.span, ast.CodeRank, "indices wants at least one size").value()
					}
					lines := make([]value, len(dims))
					for axis := range dims {
						lines[axis] = reshaped(k.gridLine(dims, axis), append([]ir.Dim{ir.Size(1)}, dims...))
					}
					t, ok := k.dtype(ir.I64)
					if !ok {
						return bad
					}
					return k.atLeastZero(dims, k.convertCall(t, k.joined(lines, 0, k.span), k.span))
				})
			},
		},
		{
			name: "pad", signature: `array, pad_width, mode=none, *, constant_values=0, reflect_type=none, end_values=0, stat_length=none`,
			doc:       `an array with margins: pad_width is the width of all, (before, after) for all axes, or a pair for each axis, and so are constant_values, end_values and stat_length; mode is "constant", "edge", "reflect", "symmetric" (these two also with reflect_type="odd"), "wrap", "linear_ramp", "maximum", "minimum", "mean" or "median"`,
			example:   `pad([1, 2, 3], (1, 2), mode="edge")`,
			elaborate: (*call).pad,
		},
		{
			name: "roll", signature: "a, shift, axis=none",
			doc:       "the elements moved on by shift places along an axis, those that leave the end coming back at the start; shift and axis may be tuples; without axis in the flattened array",
			example:   "roll([1, 2, 3, 4], 1)",
			elaborate: (*call).roll,
		},
	}
}

func (k *call) meshgrid() value {
	indexing, ok1 := k.text("indexing", "xy")
	sparse, ok2 := k.flag("sparse", false)
	if !ok1 || !ok2 {
		return bad
	}
	if indexing != "xy" && indexing != "ij" {
		return k.fail(k.args["indexing"].span, ast.CodeArguments, `indexing of meshgrid is "xy" or "ij"`).value()
	}
	vs := make([]value, len(k.rest))
	for i, o := range k.rest {
		if o.isBad() {
			return bad
		}
		a, isArray := o.array()
		if !isArray || len(a.Dims) > 1 {
			return k.fail(o.span, ast.CodeRank, "meshgrid wants vectors, and this is %s", k.show(o.t)).value()
		}
		if vs[i] = k.strong(o.value); len(a.Dims) == 0 {
			vs[i] = reshaped(vs[i], []ir.Dim{ir.Size(1)})
		}
	}
	return k.namedAll(vs, func(vs []value) value {
		places := make([]int, len(vs)) // the axis of each vector
		for i := range places {
			places[i] = i
		}
		if indexing == "xy" && len(vs) > 1 {
			places[0], places[1] = 1, 0
		}
		dims := make([]ir.Dim, len(vs))
		for i, v := range vs {
			dims[places[i]] = v.t.(Array).Dims[0]
		}
		parts := make([]value, len(vs))
		for i, v := range vs {
			parts[i] = reshaped(again(v), alone(dims, places[i]))
			if !sparse {
				parts[i] = k.broadcast(parts[i], dims)
			}
		}
		return k.makeTuple(parts, k.span)
	})
}

// padModes are the modes of pad, with the argument that each takes for the sides.
var padModes = map[string]string{
	"constant": "constant_values", "edge": "", "reflect": "", "symmetric": "", "wrap": "", "linear_ramp": "end_values",
	"maximum": "stat_length", "minimum": "stat_length", "mean": "stat_length", "median": "stat_length",
}

// pad widens one axis after the other, by the function of the core that does so.
func (k *call) pad() value {
	v := k.arrayArg("array")
	mode, ok1 := k.text("mode", "constant")
	turning, ok2 := k.text("reflect_type", "even")
	if v.isBad() || !ok1 || !ok2 {
		return bad
	}
	option, known := padModes[mode]
	if !known {
		d := k.fail(k.args["mode"].span, ast.CodeArguments, "pad has no mode %q", mode)
		modes := slices.Sorted(maps.Keys(padModes))
		if near := ast.Nearest(mode, modes); near != "" {
			d.Hint = "did you mean " + near + "?"
		} else {
			d.Notes = append(d.Notes, "its modes are "+strings.Join(modes, ", "))
		}
		return d.value()
	}
	if turning != "even" && turning != "odd" {
		return k.fail(k.args["reflect_type"].span, ast.CodeArguments, `reflect_type of pad is "even" or "odd"`).value()
	}
	odd := boolValue(turning == "odd" && (mode == "reflect" || mode == "symmetric"), k.span)
	text := constant{kind: ir.Text, s: mode}.value(k.span)
	return k.pairs("pad_width", true, v.rank(), func(widths [][2]value) value {
		return k.pairs(option, option == "stat_length", v.rank(), func(sides [][2]value) value {
			for axis, width := range widths {
				if none := width[0].konst != nil && width[1].konst != nil && width[0].konst.i == 0 && width[1].konst.i == 0; none {
					continue
				}
				v = k.callLibrary("padded", v, intValue(int64(axis), k.span), again(width[0]), again(width[1]), text, odd, again(sides[axis][0]), again(sides[axis][1]))
			}
			return v
		})
	})
}

// callLibrary calls a function of the core that is written in Calx.
func (k *call) callLibrary(name string, vs ...value) value {
	args := make([]argument, len(vs))
	for i, v := range vs {
		if v.isBad() {
			return bad
		}
		args[i] = argument{value: v}
	}
	core := k.module("core")
	if core == nil {
		return bad
	}
	return k.callFunction(functionValue(core.names[name].fn, k.span), args, k.span)
}

// pairs reads an argument that has a number for before and for behind each axis: one
// for all, a pair for all axes, or a pair for each. Without it, both are what it is by
// default: 0, or none for what must be whole.
func (k *call) pairs(name string, whole bool, rank int, body func([][2]value) value) value {
	o, given := k.args[name]
	if !given {
		o.value = intValue(0, k.span)
		if whole {
			o.value = none.value(k.span)
		}
	}
	if o.isBad() {
		return bad
	}
	wrong := func() value {
		kind := "a number"
		if whole {
			kind = "an i64"
		}
		return k.fail(o.span, ast.CodeArguments, "%s is %s, a pair of them, or a pair for each of the %d axes", name, kind, rank).value()
	}
	var flat []value
	for _, item := range k.items(o.value) {
		flat = append(flat, k.items(item)...)
	}
	if n := len(flat); n != 1 && n != 2 && n != 2*rank {
		return wrong()
	}
	if len(flat) == 1 && flat[0].konst.isNone() {
		sides := make([][2]value, rank)
		for axis := range sides {
			sides[axis] = [2]value{flat[0], flat[0]}
		}
		return body(sides)
	}
	for i := range flat {
		if flat[i] = k.strong(flat[i]); flat[i].isBad() {
			return bad
		}
		a, isArray := flat[i].array()
		if !isArray || len(a.Dims) > 0 || a.DType == ir.Text || whole && a.DType != ir.I64 {
			return wrong()
		}
	}
	return k.namedAll(flat, func(flat []value) value {
		sides := make([][2]value, rank)
		for axis := range sides {
			switch len(flat) {
			case 1:
				sides[axis] = [2]value{flat[0], flat[0]}
			case 2:
				sides[axis] = [2]value{flat[0], flat[1]}
			default:
				sides[axis] = [2]value{flat[2*axis], flat[2*axis+1]}
			}
		}
		return body(sides)
	})
}

func (k *call) roll() value {
	v, shift := k.arrayArg("a"), k.args["shift"]
	if v.isBad() || shift.isBad() {
		return bad
	}
	shifts := append([]value(nil), k.items(shift.value)...)
	for i := range shifts {
		if shifts[i] = k.strong(shifts[i]); shifts[i].isBad() {
			return bad
		}
		if !shifts[i].isScalar(ir.I64) {
			return k.fail(shift.span, ast.CodeTypeMismatch, "shift of roll is an i64, or a tuple of them, and this is %s", k.show(shift.t)).value()
		}
	}
	return k.namedAll(shifts, func(shifts []value) value {
		if !k.given("axis") {
			return k.named(v, func(v value) value {
				flat := k.flat(v)
				for _, by := range shifts {
					flat = k.callLibrary("rolled", flat, again(by), intValue(0, k.span))
				}
				if flat.isBad() {
					return bad
				}
				return reshaped(flat, v.t.(Array).Dims)
			})
		}
		axes := k.items(k.args["axis"].value)
		if len(axes) != len(shifts) && len(axes) != 1 && len(shifts) != 1 {
			return k.fail(k.span, ast.CodeArguments, "roll has %d shifts for %d axes", len(shifts), len(axes)).value()
		}
		for i := range max(len(axes), len(shifts)) {
			axis, ok := k.axis(axes[min(i, len(axes)-1)], v.rank(), v)
			if !ok {
				return bad
			}
			if v = k.callLibrary("rolled", v, again(shifts[min(i, len(shifts)-1)]), intValue(int64(axis), k.span)); v.isBad() {
				return bad
			}
		}
		return v
	})
}
