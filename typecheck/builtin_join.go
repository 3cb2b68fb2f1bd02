package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Joining arrays. Each takes a tuple or list of parts, or an array, which is cut
// along its leading axis.

func joinBuiltins() []*builtin {
	return []*builtin{
		{
			name: "concatenate", signature: "arrays, axis=0",
			doc: "arrays one after the other along an axis; with axis=none all flattened", example: "concatenate(([1, 2], [3]))",
			elaborate: func(k *call) value {
				return k.join(func(parts []value) value { return k.concatenate(parts) }, func(v value) value { return k.concatenateRows(v) })
			},
		},
		{
			name: "stack", signature: "arrays, axis=0",
			doc: "arrays of one shape along a new axis", example: "stack(([1, 2], [3, 4]), axis=1)",
			elaborate: func(k *call) value {
				return k.join(func(parts []value) value { return k.stack(parts) }, func(v value) value { return k.stackRows(v) })
			},
		},
		{
			name: "hstack", signature: "arrays",
			doc: "arrays side by side: along axis 1, vectors along axis 0", example: "hstack(([1, 2], [3]))",
			elaborate: func(k *call) value {
				return k.join(func(parts []value) value {
					for i := range parts {
						parts[i] = raised(parts[i], 1)
					}
					return k.concatenateAlong(parts, min(1, parts[0].rank()-1))
				}, func(v value) value {
					if v.rank() == 1 {
						return v
					}
					return k.mergeRows(v, min(1, v.rank()-2))
				})
			},
		},
		{
			name: "vstack", signature: "arrays",
			doc: "arrays one above the other; vectors are rows", example: "vstack(([1, 2], [3, 4]))",
			elaborate: func(k *call) value {
				return k.join(func(parts []value) value {
					for i := range parts {
						parts[i] = raised(parts[i], 2)
					}
					return k.concatenateAlong(parts, 0)
				}, func(v value) value {
					switch v.rank() {
					case 1:
						return reshaped(v, []ir.Dim{v.t.(Array).Dims[0], ir.Size(1)})
					case 2:
						return v
					}
					return k.mergeRows(v, 0)
				})
			},
		},
		{
			name: "block", signature: "arrays",
			doc:     "arrays in nested lists: the innermost side by side along the last axis, lists of them along the axes before",
			example: "block([[1, 2], [3, 4]])", elaborate: (*call).block,
		},
		{
			name: "column_stack", signature: "arrays",
			doc: "arrays side by side; vectors are columns", example: "column_stack(([1, 2], [3, 4]))",
			elaborate: func(k *call) value {
				return k.join(func(parts []value) value {
					for i := range parts {
						if a := parts[i].t.(Array); len(a.Dims) < 2 {
							parts[i] = reshaped(raised(parts[i], 1), append(append([]ir.Dim(nil), raised(parts[i], 1).t.(Array).Dims...), ir.Size(1)))
						}
					}
					return k.concatenateAlong(parts, 1)
				}, func(v value) value {
					switch v.rank() {
					case 1:
						return reshaped(v, []ir.Dim{ir.Size(1), v.t.(Array).Dims[0]})
					case 2:
						return k.transposeOf(v)
					}
					return k.mergeRows(v, 1)
				})
			},
		},
	}
}

// raised is v with leading axes of size 1 up to a rank.
func raised(v value, rank int) value {
	dims := v.t.(Array).Dims
	for len(dims) < rank {
		dims = append([]ir.Dim{ir.Size(1)}, dims...)
	}
	return reshaped(v, dims)
}

// join gives the parts of the argument to parts, in one dtype, or the array to
// be cut to rows.
func (k *call) join(parts func([]value) value, rows func(value) value) value {
	o := k.args["arrays"]
	v := o.value
	if v.isBad() {
		return bad
	}
	if v.items != nil {
		return k.joinParts(append([]value(nil), v.items...), parts)
	}
	if _, isTuple := v.t.(Tuple); isTuple {
		return k.named(v, func(v value) value { return k.joinParts(k.items(v), parts) })
	}
	if v = k.arrayArg("arrays"); v.isBad() {
		return bad
	}
	if v.rank() == 0 {
		return k.fail(v.span, ast.CodeRank, "%s joins several arrays, and this is %s", k.fn.name, k.show(v.t)).value()
	}
	return rows(v)
}

func (k *call) joinParts(vs []value, parts func([]value) value) value {
	if len(vs) == 0 {
		return k.fail(k.span, ast.CodeArguments, "%s has nothing to join", k.fn.name).value()
	}
	for _, part := range vs {
		if _, ok := part.array(); !ok {
			return k.fail(part.span, ast.CodeTypeMismatch, "%s joins arrays of numbers, and this is %s", k.fn.name, k.show(part.t)).value()
		}
	}
	vs = k.meet(vs)
	for _, v := range vs {
		if v.isBad() {
			return bad
		}
	}
	return parts(vs)
}

func (k *call) concatenate(parts []value) value {
	if o, named := k.args["axis"]; named && o.konst.isNone() {
		for i := range parts {
			if parts[i] = k.flat(parts[i]); parts[i].isBad() {
				return bad
			}
		}
		return k.concatenateAlong(parts, 0)
	}
	for _, v := range parts {
		if v.rank() == 0 {
			d := k.fail(v.span, ast.CodeShapeMismatch, "concatenate joins arrays along an axis, and this is a number")
			d.Hint = "write [a, b] or stack((a, b)) for an array of numbers"
			return d.value()
		}
	}
	axis, ok := k.axisOr(0, parts[0].rank(), parts[0])
	if !ok {
		return bad
	}
	return k.concatenateAlong(parts, axis)
}

// axisOr is the argument axis, otherwise if it is absent.
func (k *call) axisOr(otherwise, rank int, of value) (int, bool) {
	if !k.given("axis") {
		return otherwise, true
	}
	return k.axis(k.args["axis"].value, rank, of)
}

func (k *call) concatenateAlong(parts []value, axis int) value {
	parts, _, ok := k.alike(parts, parts[0].t.(Array).Dims, axis, "part")
	if !ok {
		return bad
	}
	return k.joined(parts, axis, k.span)
}

// joined is arrays of one dtype, alike but along the axis, one after the other.
func (c *checker) joined(parts []value, axis int, span ast.Span) value {
	a := parts[0].t.(Array)
	if len(parts) == 1 {
		parts[0].span = span
		return parts[0]
	}
	dims := append([]ir.Dim(nil), a.Dims...)
	sum := ir.Size(0)
	for _, v := range parts {
		var ok bool
		if sum, ok = sum.Add(v.t.(Array).Dims[axis]); !ok {
			return c.fail(span, ast.CodeUnknownSize, "the size of these arrays together is too long a formula").value()
		}
	}
	dims[axis] = sum
	return operation(ir.Concat, ir.AxisAttr{Axis: axis}, Array{a.DType, dims}, span, parts...)
}

func (k *call) concatenateRows(v value) value {
	if o, named := k.args["axis"]; named && o.konst.isNone() {
		return k.flat(v)
	}
	if v.rank() == 1 {
		return k.fail(v.span, ast.CodeShapeMismatch, "concatenate joins arrays along an axis, and the parts of %s are numbers", k.show(v.t)).value()
	}
	axis, ok := k.axisOr(0, v.rank()-1, value{})
	if !ok {
		return bad
	}
	return k.mergeRows(v, axis)
}

// mergeRows puts the rows v[0], v[1], … one after the other along their axis.
func (k *call) mergeRows(v value, axis int) value {
	v = permuted(v, movedAxis(v.rank(), 0, axis))
	if v.isBad() {
		return bad
	}
	old := v.t.(Array).Dims
	n, ok := k.count(old[axis:axis+2], k.span)
	if !ok {
		return bad
	}
	dims := append([]ir.Dim(nil), old[:axis]...)
	dims = append(append(dims, n), old[axis+2:]...)
	v.span = k.span
	return reshaped(v, dims)
}

func (k *call) stack(parts []value) value {
	axis, ok := k.axisOr(0, parts[0].rank()+1, value{})
	if !ok {
		return bad
	}
	parts, shape, ok := k.alike(parts, parts[0].t.(Array).Dims, -1, "part")
	if !ok {
		return bad
	}
	dims := append([]ir.Dim(nil), shape[:axis]...)
	dims = append(append(dims, ir.Size(1)), shape[axis:]...)
	for i := range parts {
		parts[i] = reshaped(parts[i], dims)
	}
	return k.joined(parts, axis, k.span)
}

func (k *call) stackRows(v value) value {
	axis, ok := k.axisOr(0, v.rank(), value{})
	if !ok {
		return bad
	}
	return permuted(v, movedAxis(v.rank(), 0, axis))
}
