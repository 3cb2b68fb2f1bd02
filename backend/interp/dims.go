package interp

import (
	"fmt"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A dim is a size as the machine computes it: a number, a word, or a polynomial
// over words.
type dim struct {
	kind  dimKind
	n     int64
	slot  int32
	poly  ir.Dim
	slots map[ir.Atom]int32
}

type dimKind uint8

const (
	dimConst dimKind = iota
	dimSlot
	dimPoly
)

func (c *compiler) dim(d ir.Dim) dim {
	if n, ok := d.Const(); ok {
		return dim{kind: dimConst, n: n}
	}
	if a, ok := d.Atom(); ok {
		return dim{kind: dimSlot, slot: c.locs[a].slot}
	}
	return dim{kind: dimPoly, poly: d, slots: c.atomSlots(d, nil)}
}

func (c *compiler) atomSlots(d ir.Dim, slots map[ir.Atom]int32) map[ir.Atom]int32 {
	if slots == nil {
		slots = map[ir.Atom]int32{}
	}
	d.Atoms(func(a ir.Atom) bool {
		slots[a] = c.locs[a].slot
		return true
	})
	return slots
}

func (c *compiler) dims(list []ir.Dim) []dim {
	dims := make([]dim, len(list))
	for i, d := range list {
		dims[i] = c.dim(d)
	}
	return dims
}

// value is d in this frame, which may be negative.
func (d *dim) value(words []uint64) (int64, error) {
	switch d.kind {
	case dimConst:
		return d.n, nil
	case dimSlot:
		return int64(words[d.slot]), nil
	}
	n, ok := d.poly.Eval(func(a ir.Atom) int64 { return int64(words[d.slots[a]]) })
	if !ok {
		return 0, runtime.Fail(ast.CodeMemoryLimit, "the computation of a size overflows")
	}
	return n, nil
}

// size is d in this frame as the size of an axis.
func (d *dim) size(words []uint64) (int, error) {
	n, err := d.value(words)
	if err != nil {
		return 0, err
	}
	if n < 0 {
		return 0, runtime.Fail(ast.CodeShapeMismatch, "a size is below zero: %d", n)
	}
	if n == ir.Unrepresentable {
		return 0, runtime.Fail(ast.CodeMemoryLimit, "the computation of a size overflows")
	}
	return int(n), nil
}

// shape appends the sizes of dims to room.
func shape(dims []dim, words []uint64, room []int) ([]int, error) {
	for i := range dims {
		n, err := dims[i].size(words)
		if err != nil {
			return nil, err
		}
		room = append(room, n)
	}
	return room, nil
}

func describeShape(t ir.DType, shape []int) string {
	s := t.String()
	for i, n := range shape {
		if i == 0 {
			s += "["
		} else {
			s += ", "
		}
		s += fmt.Sprint(n)
	}
	if len(shape) > 0 {
		s += "]"
	}
	return s
}
