// Package smoothness finds how each result of a function depends on each of its
// parameters: not at all, linearly, smoothly, or in pieces, and where it breaks.
// What comes in is a function of the array IR before it is differentiated; what
// goes out may find a dependence too rough, never too smooth. Nothing runs.
package smoothness

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A Degree says how something depends on a parameter where it doesn't break.
type Degree uint8

const (
	Constant Degree = iota // locally
	Linear                 // up to a constant
	Smooth
	Unknown // by a function of the host whose derivative is not known
)

// String is the name of the degree.
func (d Degree) String() string {
	return [...]string{"constant", "linear", "smooth", "unknown"}[d]
}

// A Place is an operation, as the user wrote it.
type Place struct {
	Span ast.Span
	Code ir.Code
}

// A Dependence is that of one result on one parameter. At its Kinks it goes over
// from one piece to another; at its Cuts something that depends on the parameter
// is locally constant, so that the derivative is that of the rest.
type Dependence struct {
	Degree      Degree
	Kinks, Cuts []Place
}

// None reports whether there is no dependence at all.
func (d Dependence) None() bool {
	return d.Degree == Constant && len(d.Kinks) == 0 && len(d.Cuts) == 0
}

// Of gives the dependence of each result of f that is no size on each parameter.
func Of(f *ir.Func) [][]Dependence {
	s := &solver{known: map[*ir.Func]*summary{}}
	found := s.of(f)
	out := make([][]Dependence, len(found.results))
	for i, facts := range found.results {
		for _, d := range facts[:len(f.Params)] {
			out[i] = append(out[i], Dependence{d.degree, d.kinks.list(), d.cuts.list()})
		}
	}
	return out
}

// A fact is what is known of a value with regard to one parameter.
type fact struct {
	degree      Degree
	kinks, cuts places
}

// places are a set of places, in the order of the program.
type places []Place

func (p places) list() []Place { return slices.Clone(p) }

func comparePlaces(a, b Place) int {
	switch {
	case a.Span.Start != b.Span.Start:
		return int(a.Span.Start - b.Span.Start)
	case a.Span.End != b.Span.End:
		return int(a.Span.End - b.Span.End)
	}
	return int(a.Code) - int(b.Code)
}

func (p places) with(more places) places {
	for i, place := range more {
		at, found := slices.BinarySearchFunc(p, place, comparePlaces)
		if found {
			continue
		}
		if len(p) == 0 {
			return more[i:]
		}
		p = slices.Insert(slices.Clip(p), at, place)
	}
	return p
}

// varies reports whether the value depends on the parameter at all.
func (d fact) varies() bool { return d.degree > Constant || len(d.cuts) > 0 || len(d.kinks) > 0 }

// and is the fact of what is made of both by a linear operation.
func (d fact) and(e fact) fact {
	return fact{max(d.degree, e.degree), d.kinks.with(e.kinks), d.cuts.with(e.cuts)}
}

func (d fact) equal(e fact) bool {
	return d.degree == e.degree && len(d.kinks) == len(e.kinks) && len(d.cuts) == len(e.cuts)
}

// A summary is what is known of a function.
type summary struct {
	results [][]fact // by result that is no size, by parameter; the last is of all of them together
}

type solver struct {
	known map[*ir.Func]*summary
}

// of is the summary of f. Functions that call themselves begin with no
// dependence, and are looked at until nothing is added.
func (s *solver) of(f *ir.Func) *summary {
	if found := s.known[f]; found != nil {
		return found
	}
	found := &summary{}
	for range f.Results[f.SizeResults:] {
		found.results = append(found.results, make([]fact, len(f.Params)+1))
	}
	s.known[f] = found
	for {
		w := &work{solver: s, f: f, facts: make([][]fact, f.NumValues()), none: make([]fact, len(f.Params)+1)}
		for i, p := range f.Params {
			facts := slices.Clone(w.none)
			if p.Type.DType.IsInexact() {
				facts[i].degree, facts[len(f.Params)].degree = Linear, Linear
			}
			w.facts[p.ID] = facts
		}
		w.block(f.Body)
		changed := false
		for i, v := range f.Body.Yield[f.SizeResults:] {
			changed = w.grow(&found.results[i], w.get(v)) || changed
		}
		if !changed || !f.Recursive {
			return found
		}
	}
}

// grow adds more to facts and reports whether that says anything new.
func (w *work) grow(facts *[]fact, more []fact) bool {
	joined := join(*facts, more)
	changed := !slices.EqualFunc(joined, *facts, fact.equal)
	*facts = joined
	return changed
}

// join is the facts of what is made of both by a linear operation.
func join(a, b []fact) []fact {
	out := make([]fact, len(a))
	for i := range a {
		out[i] = a[i].and(b[i])
	}
	return out
}
