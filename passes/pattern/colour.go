package pattern

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// colours finds the colour of each column, such that no row has two of one, and
// gives how many there are; 0 where that must be found at run time. Where a row
// reads the same places around its own, column c has the colour (a·c) mod m, for
// the least m with which no two of those places agree.
func (l *lister) colours(groups []*group) int64 {
	l.colour = l.Broadcast(l.I64(0), l.columns)
	if len(groups) == 0 {
		return 1
	}
	if len(groups) > 1 || !groups[0].isStencil() || !groups[0].ordered() {
		return 0
	}
	factors, count := groups[0].lattice()
	var sum *ir.Value
	for k, a := range factors {
		if a != 0 {
			sum = l.plus(sum, l.spread(l.scaled(l.iota(l.inner[k]), ir.Size(a)), l.inner, []int{k}))
		}
	}
	if sum != nil {
		l.colour = l.Op(ir.Mod, nil, l.reshape(sum, l.columns), l.Broadcast(l.I64(count), l.columns))
	}
	return count
}

// isStencil reports whether a row reads some places, none of which many rows
// read: colours of rows are not fewer than those of columns.
func (g *group) isStencil() bool {
	return !slices.ContainsFunc(g.first, func(x Index) bool {
		return x.Full || x.Axis < 0 || x.Step != 1 && x.Step != -1
	})
}

// Limits of the search for colours.
const (
	mostAxes    = 4
	mostColours = 64
	mostTried   = 1 << 20
)

// lattice finds the factors of the axes and the number of colours; 0 if it finds
// none.
func (g *group) lattice() (factors []int64, count int64) {
	axes := len(g.first)
	if axes > mostAxes {
		return nil, 0
	}
	var apart [][]int64
	for i, o := range g.offsets {
		for _, p := range g.offsets[:i] {
			d := make([]int64, axes)
			for k := range d {
				d[k] = o[k] - p[k]
			}
			apart = append(apart, d)
		}
	}
	tried := 0
	for m := int64(len(g.offsets)); m <= mostColours; m++ {
		factors = make([]int64, axes)
		for tried < mostTried {
			tried++
			if !slices.ContainsFunc(apart, func(d []int64) bool { return meets(factors, d, m) }) {
				return factors, m
			}
			if !next(factors, m) {
				break
			}
		}
	}
	return nil, 0
}

// meets reports whether columns that are d apart have one colour.
func meets(factors, d []int64, m int64) bool {
	sum := int64(0)
	for k, a := range factors {
		sum += a * (d[k] % m)
	}
	return sum%m == 0
}

// next counts on, in digits below m.
func next(digits []int64, m int64) bool {
	for k := range digits {
		if digits[k]++; digits[k] < m {
			return true
		}
		digits[k] = 0
	}
	return false
}
