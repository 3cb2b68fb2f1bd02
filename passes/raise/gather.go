package raise

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// gather lifts an access to elements. If the array is the same for all indices
// and each point that varies is an index, or an index times a number plus
// something, it is a view: the array sliced and transposed. Otherwise points
// become tables; or, if the array varies too, batch axes lead all operands.
func (l *lifter) gather(op *ir.Op, attr ir.IndexAttr, all axes) {
	x := l.get(op.Args[0])
	if len(x.axes) > 0 || attr.Batch > 0 {
		args := make([]*ir.Value, len(op.Args))
		for i, v := range op.Args {
			args[i] = l.expand(l.get(v), all)
		}
		attr.Batch += len(all)
		l.set(op.Results[0], lifted{all, l.emit(op, attr, args...)})
		return
	}
	if view, ok := l.view(op, attr); ok {
		l.set(op.Results[0], view)
		return
	}
	l.table(op, attr, all)
}

// A point is an index of an access: start + step times index number of the map,
// or, if number is negative, the same for all indices.
type point struct {
	number int
	step   int64
	start  ir.Dim
}

// point looks at the operand v, which indexes an axis of size n.
func (l *lifter) point(v *ir.Value, n ir.Dim, wrap bool) (point, bool) {
	p := l.ranges.Polynomial(v)
	if wrap && !l.ranges.NotNegative(p) {
		// Counted from the end.
		if shifted, ok := p.Add(n); ok && l.ranges.AtMost(p, ir.Size(-1)) {
			p = shifted
		}
	}
	next, ok := p.Add(ir.Size(1))
	if !ok || !l.ranges.NotNegative(p) || !l.ranges.AtMost(next, n) {
		return point{}, false
	}
	found := point{number: -1, start: p}
	linear := true
	for coefficient, atoms := range p.Terms {
		for _, a := range atoms {
			value := l.f.Value(a)
			k, isIndex := l.index[value]
			switch {
			case isIndex && len(atoms) == 1 && found.number < 0:
				found.number, found.step = k, coefficient
			case isIndex || len(l.values[value].axes) > 0:
				linear = false
			}
		}
	}
	if found.number >= 0 {
		own, ok := l.params[found.number].Dim().Mul(ir.Size(found.step))
		rest, ok2 := p.Sub(own)
		found.start, linear = rest, linear && ok && ok2
	}
	return found, linear
}

// view lifts an access at points of the form start + step*index.
func (l *lifter) view(op *ir.Op, attr ir.IndexAttr) (lifted, bool) {
	if strings.Trim(attr.Spec, ":@") != "" {
		return lifted{}, false
	}
	x := op.Args[0]
	operands := op.Args[1:]
	slice := ir.SliceAttr{}
	spec := []byte(attr.Spec)
	zero := l.b.I64(0)
	starts, fixed := []*ir.Value{x}, []*ir.Value{nil}
	places := map[int]int{} // of the indices among the axes that remain
	var whole []int         // the others
	needSlice := false
	rank := 0
	for i, n := range x.Type.Dims {
		dim, step, start := n, int64(1), zero
		if spec[i] == '@' {
			p, ok := l.point(operands[0], n, attr.Wrap)
			if _, twice := places[p.number]; !ok || twice {
				return lifted{}, false
			}
			if p.number < 0 {
				v := operands[0]
				if l.rebuilt(v) { // from an index, that cancels
					v = l.b.SizeValue(p.start)
				}
				fixed = append(fixed, v)
				operands = operands[1:]
				slice.Dims, slice.Steps = append(slice.Dims, dim), append(slice.Steps, step)
				starts = append(starts, start)
				continue
			}
			operands = operands[1:]
			places[p.number] = rank
			spec[i] = ':'
			if own := l.dims[p.number]; !p.start.IsConst(0) || p.step != 1 || !own.Equal(n) {
				needSlice = true
				dim, step, start = own, p.step, l.b.SizeValue(p.start)
			}
		} else {
			whole = append(whole, rank)
		}
		rank++
		slice.Dims, slice.Steps = append(slice.Dims, dim), append(slice.Steps, step)
		starts = append(starts, start)
	}
	v := x
	if needSlice {
		v = l.try(ir.Slice, slice, starts...)
	}
	if len(fixed) > 1 {
		fixed[0] = v
		v = l.try(ir.Gather, ir.IndexAttr{Spec: string(spec), Wrap: attr.Wrap}, fixed...)
	}
	var own axes
	for k := range places {
		own = append(own, k)
	}
	slices.Sort(own)
	var perm []int
	for _, k := range own {
		perm = append(perm, places[k])
	}
	perm = append(perm, whole...)
	if !slices.IsSorted(perm) {
		v = l.try(ir.Transpose, ir.PermAttr{Perm: perm}, v)
	}
	return lifted{own, v}, true
}

// table lifts an access by tables of all its points.
func (l *lifter) table(op *ir.Op, attr ir.IndexAttr, all axes) {
	x := op.Args[0]
	operands := op.Args[1:]
	var shape []ir.Dim // of the tables that are there
	for i, v := range operands {
		if kindOf(attr.Spec, i) == 't' {
			shape = v.Type.Dims
		}
	}
	spec := []byte(attr.Spec)
	args := []*ir.Value{x}
	next := 0
	for i := range spec {
		if spec[i] == ':' {
			continue
		}
		v := operands[next]
		at := l.get(v)
		next++
		switch {
		case spec[i] == 'r':
			l.failed = l.failed || len(at.axes) > 0 || !l.rangeInside(attr, i, v, x.Type.Dims[i])
			args = append(args, v)
		case spec[i] == '@' && len(at.axes) == 0 && l.ranges.Inside(v, x.Type.Dims[i]):
			args = append(args, v)
		default:
			// A point outside is an error also beside tables without entries.
			l.failed = l.failed || spec[i] == '@' && slices.ContainsFunc(shape, l.mayBeEmpty) && !l.ranges.Inside(v, x.Type.Dims[i])
			one := l.expand(at, all)
			if spec[i] == '@' && len(shape) > 0 && one != nil {
				ones := slices.Repeat([]ir.Dim{ir.Size(1)}, len(shape))
				one = l.try(ir.Reshape, ir.DimsAttr{Dims: append(l.sizes(all), ones...)}, one)
				one = l.try(ir.Broadcast, ir.DimsAttr{Dims: append(l.sizes(all), shape...)}, one)
			}
			spec[i] = 't'
			args = append(args, one)
		}
	}
	wide := ir.IndexAttr{Spec: string(spec), Range: attr.Range, Wrap: attr.Wrap}
	v := l.emit(op, wide, args...)
	// The axes of the map stand where the first table does, and those of the
	// tables that were there after them; both go where they belong.
	order := func(spec string, lead bool) (labels []int) {
		const tables = 1 << 20
		if lead {
			labels = append(labels, all...)
		}
		seen := false
		for i := range len(spec) {
			switch {
			case spec[i] == ':' || spec[i] == 'r':
				labels = append(labels, 1000+i)
			case spec[i] == 't' && !seen:
				seen = true
				if !lead {
					labels = append(labels, all...)
				}
				for k := range shape {
					labels = append(labels, tables+k)
				}
			}
		}
		return labels
	}
	made, wanted := order(wide.Spec, false), order(attr.Spec, true)
	perm := make([]int, len(wanted))
	for i, label := range wanted {
		perm[i] = slices.Index(made, label)
	}
	if !slices.IsSorted(perm) {
		v = l.try(ir.Transpose, ir.PermAttr{Perm: perm}, v)
	}
	l.set(op.Results[0], lifted{all, v})
}

// kindOf is the letter of operand i of an access.
func kindOf(spec string, i int) byte {
	letters := strings.ReplaceAll(spec, ":", "")
	return letters[i]
}

// rangeInside reports whether the range on an axis certainly is inside.
func (l *lifter) rangeInside(attr ir.IndexAttr, axis int, start *ir.Value, n ir.Dim) bool {
	r := attr.Range[strings.Count(attr.Spec[:axis], "r")]
	return l.ranges.RangeInside(l.ranges.Polynomial(start), r.Dim, r.Step, n)
}
