package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Cutting an array along an axis.

// maxSections is how many parts split makes.
const maxSections = 1000

func (k *call) split() value {
	v, how := k.arrayArg("ary"), k.args["indices_or_sections"]
	if v.isBad() || how.isBad() {
		return bad
	}
	axis := 0
	if k.given("axis") {
		var ok bool
		if axis, ok = k.axis(k.args["axis"].value, v.rank(), v); !ok {
			return bad
		}
	} else if v.rank() == 0 {
		k.axisError(v.span, 0, 0, v)
		return bad
	}
	return k.named(v, func(v value) value {
		if how.items == nil && how.rank() == 0 && !isStructure(how.t) {
			return k.splitEvenly(v, axis, how.value)
		}
		return k.shapeless(how.value, func(places []ir.Dim) value { return k.splitAt(v, axis, places) })
	})
}

// shapeless reads a list or tuple of integers whose number is known.
func (k *call) shapeless(v value, body func([]ir.Dim) value) value {
	if len(k.items(v)) == 1 && v.rank() == 1 && v.elems == nil && v.lit == nil {
		if n, known := v.t.(Array).Dims[0].Const(); !known || n > maxSections {
			return k.fail(v.span, ast.CodeNotConstant, "how many parts %s gives must be known before running", k.fn.name).value()
		}
	}
	return k.shape([]value{v}, body)
}

// splitEvenly cuts v in parts of one size, or of two sizes one apart.
func (k *call) splitEvenly(v value, axis int, sections value) value {
	parts, ok := k.integer("indices_or_sections", sections)
	if !ok {
		return bad
	}
	if parts < 1 || parts > maxSections {
		return k.fail(sections.span, ast.CodeArguments, "%s makes 1 to %d parts, and this is %d", k.fn.name, maxSections, parts).value()
	}
	n := v.t.(Array).Dims[axis]
	p := ir.Size(parts)
	least, rest := k.must("//", n, p), k.must("%", n, p)
	places := make([]ir.Dim, 0, parts-1)
	if k.fn.name == "array_split" {
		for i := int64(1); i < parts; i++ {
			longer := k.must("min", ir.Size(i), rest)
			places = append(places, k.must("+", k.must("*", least, ir.Size(i)), longer))
		}
		return k.splitAt(v, axis, places)
	}
	exact := k.must("*", least, p)
	v, ok = k.sameSize(v, axis, exact, "an array with the sizes "+sizePattern(v.rank(), 0)+" can't be split in equal parts, "+itoa(int(parts))+" of them")
	if !ok {
		d := k.fail(k.span, ast.CodeShapeMismatch, "%s can't be split in %d equal parts along axis %d", k.show(v.t), parts, axis)
		d.Hint = "array_split makes parts that need not be equal"
		return d.value()
	}
	for i := int64(1); i < parts; i++ {
		places = append(places, k.must("*", least, ir.Size(i)))
	}
	return k.named(v, func(v value) value { return k.splitAt(v, axis, places) })
}

// splitAt cuts v before the given places of the axis; as in NumPy those outside
// make empty parts.
func (k *call) splitAt(v value, axis int, places []ir.Dim) value {
	a := v.t.(Array)
	n := a.Dims[axis]
	inside := func(d ir.Dim) ir.Dim {
		if k.notAbove(d, n) {
			return d
		}
		return k.must("min", d, n)
	}
	var parts []value
	first := ir.Size(0)
	for i := 0; i <= len(places); i++ {
		last := n
		if i < len(places) {
			last = inside(places[i])
		}
		start, end := first, last
		if !k.notAbove(start, end) {
			end = k.must("max", start, end)
		}
		parts = append(parts, k.stretchOf(v, axis, start, k.must("-", end, start)))
		first = last
	}
	return k.makeTuple(parts, k.span)
}

// stretchOf is count elements of an axis from start on.
func (c *checker) stretchOf(v value, axis int, start, count ir.Dim) value {
	a := v.t.(Array)
	dims := append([]ir.Dim(nil), a.Dims...)
	dims[axis] = count
	args := []value{again(v)}
	steps := make([]int64, len(dims))
	for i := range steps {
		steps[i] = 1
		if i == axis {
			args = append(args, sizeValue(start, v.span))
		} else {
			args = append(args, intValue(0, v.span))
		}
	}
	return operation(ir.Slice, ir.SliceAttr{Dims: dims, Steps: steps}, Array{a.DType, dims}, v.span, args...)
}
