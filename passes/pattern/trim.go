package pattern

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// trimmed gives the places of g where it is a band of which only the first place of
// the first row, or the last one of the last row, or both, lie outside of the input:
// so all others stand side by side in its table. It is false for other groups.
func (l *lister) trimmed(g *group) (p places, ok bool) {
	if len(l.outer) != 1 || len(l.inner) != 1 {
		return p, false
	}
	x, offsets := g.first[0], g.column(0)
	low, known := x.Offset.Const()
	if !known || x.Full || x.Axis != 0 || x.Step != 1 {
		return p, false
	}
	beyond, fits := l.rows.Sub(l.columns)
	over, known := beyond.Const()
	if !fits || !known {
		return p, false
	}
	front, back := max(0, -low-slices.Min(offsets)), max(0, over+low+slices.Max(offsets))
	if front > 1 || back > 1 || front+back == 0 {
		return p, false
	}
	width := int64(len(offsets))
	table := []ir.Dim{ir.Size(width), l.rows}
	total, ok := l.rows.Mul(ir.Size(width))
	if !ok {
		return p, false
	}
	left, ok := total.Sub(ir.Size(front + back))
	if !ok {
		return p, false
	}
	left = l.SizeOp(ir.SizeMax, left, ir.Size(0))
	trim := func(v *ir.Value) *ir.Value {
		v = l.reshape(l.byRows(v), total)
		return l.Op(ir.Slice, ir.SliceAttr{Dims: []ir.Dim{left}, Steps: []int64{1}}, v, l.I64(front))
	}
	rows := l.spread(l.iota(l.rows), table, []int{1})
	at, along, ok := l.indices(g, 0)
	if !ok {
		return p, false
	}
	p.rows, p.columns = trim(rows), trim(l.spread(at, table, along))

	// The colours of the columns of each relation, with one more at the ends.
	begins := l.scaled(l.colour, l.height)
	none := l.reshape(l.I64(0), ir.Size(1))
	begins = l.Op(ir.Concat, ir.AxisAttr{}, none, begins, none)
	var lines []*ir.Value
	for _, offset := range offsets {
		line := l.Op(ir.Slice, ir.SliceAttr{Dims: l.outer, Steps: []int64{1}}, begins, l.I64(1+low+offset))
		lines = append(lines, l.reshape(line, ir.Size(1), l.rows))
	}
	p.products = trim(l.Op(ir.Add, nil, rows, l.Op(ir.Concat, ir.AxisAttr{}, lines...)))

	ends, ok := l.rows.Add(ir.Size(1))
	if !ok {
		return p, false
	}
	all := func(d ir.Dim) *ir.Value { return l.Broadcast(l.SizeValue(d), ends) }
	p.starts = l.Op(ir.Sub, nil, l.scaled(l.iota(ends), ir.Size(width)), all(ir.Size(front)))
	p.starts = l.Op(ir.Max, nil, l.Op(ir.Min, nil, p.starts, all(left)), all(ir.Size(0)))
	return p, true
}
