// Package pattern finds which elements of its arguments each element of a
// function's results depends on, from the program alone, for all sizes. What
// goes in is a function of the array IR; what comes out is, for each result and
// parameter, a set of relations between their indices. It may say too much,
// never too little.
package pattern

import (
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// A Pattern is the union of its relations. An empty one says that the result
// doesn't depend on the parameter.
type Pattern []Relation

// A Relation gives the elements of an input, for each element of an output, by
// an Index for each axis of the input. What lies outside of the input is none
// of its elements.
type Relation []Index

// An Index says where along an axis of the input the elements lie: everywhere
// (Full), at Offset (Axis < 0), or at Step times the index along an axis of the
// output, plus Offset.
type Index struct {
	Full   bool
	Axis   int
	Step   int64
	Offset ir.Dim
}

var full = Index{Full: true}

func fixed(d ir.Dim) Index { return Index{Axis: -1, Offset: d} }

func along(axis int) Index { return Index{Axis: axis, Step: 1} }

// most is the number of relations of a pattern; with more it is dense.
const most = 16

// same is the pattern of a value of that rank with regard to itself.
func same(rank int) Pattern {
	r := make(Relation, rank)
	for k := range r {
		r[k] = along(k)
	}
	return Pattern{r}
}

// dense is the pattern of all elements.
func dense(rank int) Pattern {
	r := make(Relation, rank)
	for k := range r {
		r[k] = full
	}
	return Pattern{r}
}

// key is a text that equal relations share.
func (r Relation) key() string {
	var b strings.Builder
	for _, x := range r {
		switch {
		case x.Full:
			b.WriteString(":,")
		case x.Axis < 0:
			b.WriteString(x.Offset.Key() + ",")
		default:
			b.WriteString(strconv.Itoa(x.Axis) + "*" + strconv.FormatInt(x.Step, 10) + "+" + x.Offset.Key() + ",")
		}
	}
	return b.String()
}

// union is the pattern of what depends on both, for an input of that rank.
func union(p, q Pattern, rank int) Pattern {
	out := slices.Clone(p)
	for _, r := range q {
		key := r.key()
		if !slices.ContainsFunc(out, func(s Relation) bool { return s.key() == key }) {
			out = append(out, r)
		}
	}
	if len(out) > most {
		return dense(rank)
	}
	return out
}

// through is the pattern of a value whose elements are those of an operand of
// the pattern p at the indices at, one for each axis of the operand.
func (p Pattern) through(at Relation) Pattern {
	out := make(Pattern, len(p))
	for i, r := range p {
		out[i] = make(Relation, len(r))
		for k, x := range r {
			out[i][k] = x.after(at)
		}
	}
	return out
}

// after is x with the axes of the operand replaced by where they lie.
func (x Index) after(at Relation) Index {
	if x.Full || x.Axis < 0 {
		return x
	}
	y := at[x.Axis]
	if y.Full {
		return full
	}
	scaled, ok := ir.Size(x.Step).Mul(y.Offset)
	if !ok {
		return full
	}
	offset, ok := scaled.Add(x.Offset)
	if !ok {
		return full
	}
	if y.Axis < 0 {
		return fixed(offset)
	}
	step := x.Step * y.Step
	if y.Step != 0 && step/y.Step != x.Step {
		return full
	}
	return Index{Axis: y.Axis, Step: step, Offset: offset}
}

// A Class is what a pattern looks like.
type Class uint8

const (
	Zero     Class = iota // no dependence
	Diagonal              // each element on the one at the same place
	Banded                // on those near the same place
	Sparse                // on some, by the program
	Dense                 // on all, as far as the program tells
)

// String is the name of the class.
func (c Class) String() string {
	return [...]string{"zero", "diagonal", "banded", "sparse", "dense"}[c]
}

// Class tells what p looks like for an output of that rank.
func (p Pattern) Class(rank int) Class {
	if len(p) == 0 {
		return Zero
	}
	class := Diagonal
	for _, r := range p {
		c := r.class(rank)
		class = max(class, c)
	}
	return class
}

func (r Relation) class(rank int) Class {
	if !slices.ContainsFunc(r, func(x Index) bool { return !x.Full }) {
		if len(r) == 0 && rank == 0 {
			return Diagonal
		}
		return Dense
	}
	class := Diagonal
	for k, x := range r {
		_, near := x.Offset.Const()
		switch {
		case x.Full || x.Axis != k || x.Step != 1 || len(r) != rank || !near:
			return Sparse
		case !x.Offset.IsConst(0):
			class = Banded
		}
	}
	return class
}

// axisNames are the letters of the axes of an output.
const axisNames = "ijklmnopq"

// Text writes a relation as the index of an input: "[i+1, :]". The function
// names the atoms.
func (r Relation) Text(atom func(ir.Atom) string) string {
	parts := make([]string, len(r))
	for k, x := range r {
		switch {
		case x.Full:
			parts[k] = ":"
		case x.Axis < 0:
			parts[k] = x.Offset.Format(atom)
		default:
			parts[k] = affineText(x, atom)
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func affineText(x Index, atom func(ir.Atom) string) string {
	text := "axis" + strconv.Itoa(x.Axis)
	if x.Axis < len(axisNames) {
		text = axisNames[x.Axis : x.Axis+1]
	}
	switch x.Step {
	case 1:
	case -1:
		text = "-" + text
	default:
		text = strconv.FormatInt(x.Step, 10) + "*" + text
	}
	if x.Offset.IsConst(0) {
		return text
	}
	offset := strings.ReplaceAll(x.Offset.Format(atom), " ", "")
	if !strings.HasPrefix(offset, "-") {
		offset = "+" + offset
	}
	return text + offset
}
