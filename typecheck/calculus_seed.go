package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// The arrays that values consist of, and the seeds of derivatives in them.

// floats reports whether a type is made of arrays of floats and complex numbers
// alone, at least one.
func floats(t Type) bool {
	if a, ok := t.(Array); ok {
		return a.DType.IsInexact()
	}
	parts := partTypes(t)
	for _, p := range parts {
		if !floats(p) {
			return false
		}
	}
	return len(parts) > 0 && isStructure(t)
}

// leavesOf are the arrays that a type consists of.
func leavesOf(t Type) []Array {
	if a, ok := t.(Array); ok {
		return []Array{a}
	}
	var all []Array
	for _, p := range partTypes(t) {
		all = append(all, leavesOf(p)...)
	}
	return all
}

// leafValues are the arrays that a value, which is simple, consists of.
func (c *checker) leafValues(v value) []value {
	if _, ok := v.t.(Array); ok {
		return []value{again(v)}
	}
	var all []value
	for i := range partTypes(v.t) {
		all = append(all, c.leafValues(c.part(v, i))...)
	}
	return all
}

// reassembled puts arrays, of which it takes as many as it needs from the front
// of leaves, together as t is.
func (c *checker) reassembled(t Type, leaves *[]value, span ast.Span) value {
	if _, ok := t.(Array); ok {
		v := (*leaves)[0]
		*leaves = (*leaves)[1:]
		return v
	}
	types := partTypes(t)
	parts := make([]value, len(types))
	for i, p := range types {
		parts[i] = c.reassembled(p, leaves, span)
	}
	if r, ok := t.(Record); ok {
		return c.makeRecord(r.Names, parts, span)
	}
	return c.makeTuple(parts, span)
}

// A seed is a tangent or a cotangent of an array; with a mask it is zero where
// that is false.
type seed struct {
	value value
	mask  *value
}

// none is no seed.
func (s seed) none() bool { return s.value.t == nil }

func lettersOf(seeds []seed) (letters string, given []Expr) {
	text := make([]byte, len(seeds))
	for i, s := range seeds {
		switch {
		case s.none():
			text[i] = ir.SeedNone
		case s.mask == nil:
			text[i] = ir.SeedDense
			given = append(given, s.value.x)
		default:
			text[i] = ir.SeedMasked
			given = append(given, s.value.x, s.mask.x)
		}
	}
	return string(text), given
}

// dense are seeds that were given as values.
func dense(values []value) []seed {
	seeds := make([]seed, len(values))
	for i, v := range values {
		seeds[i].value = v
	}
	return seeds
}
