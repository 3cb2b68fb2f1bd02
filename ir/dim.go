package ir

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// An Atom is a size that a Dim is made of. In a Func it is the ID of an i64
// value; the type checker numbers atoms of its own.
type Atom int32

// A Dim is the size of an axis: an integer polynomial over atoms in canonical
// form, so that equal polynomials have equal forms. The zero Dim is the size 0.
type Dim struct {
	c     int64
	terms []term // sorted by monomial, no zero coefficients
}

type term struct {
	coef int64
	mono []Atom // sorted; a power is a repeated atom
}

// maxTerms bounds a Dim; what would be larger is not expressed as a Dim.
const maxTerms = 64

// maxDegree bounds the factors of a term: a product of so many sizes, if none is 0
// or 1, is more than can be counted.
const maxDegree = 64

// Size is the constant Dim n.
func Size(n int64) Dim { return Dim{c: n} }

// Sized is the Dim that is the atom a alone.
func Sized(a Atom) Dim { return Dim{terms: []term{{1, []Atom{a}}}} }

// Const is the value of d if d is a constant.
func (d Dim) Const() (int64, bool) { return d.c, len(d.terms) == 0 }

// IsConst reports whether d is the constant n.
func (d Dim) IsConst(n int64) bool { return len(d.terms) == 0 && d.c == n }

// Atom is the atom of d if d is an atom alone.
func (d Dim) Atom() (Atom, bool) {
	if d.c == 0 && len(d.terms) == 1 && d.terms[0].coef == 1 && len(d.terms[0].mono) == 1 {
		return d.terms[0].mono[0], true
	}
	return 0, false
}

// Linear gives coef, atom and c if d is coef*atom + c with coef != 0.
func (d Dim) Linear() (coef int64, a Atom, c int64, ok bool) {
	if len(d.terms) != 1 || len(d.terms[0].mono) != 1 {
		return 0, 0, 0, false
	}
	return d.terms[0].coef, d.terms[0].mono[0], d.c, true
}

// Atoms calls f with each atom of d, repeated ones too, until f says false.
func (d Dim) Atoms(f func(Atom) bool) {
	for _, t := range d.terms {
		for _, a := range t.mono {
			if !f(a) {
				return
			}
		}
	}
}

// Terms calls f with the coefficient and the atoms of each term of d, first the
// constant, which has none, until f says false. The atoms are not to be changed.
func (d Dim) Terms(f func(coefficient int64, atoms []Atom) bool) {
	if !f(d.c, nil) {
		return
	}
	for _, t := range d.terms {
		if !f(t.coef, t.mono) {
			return
		}
	}
}

// Equal reports whether d and e are the same polynomial.
func (d Dim) Equal(e Dim) bool {
	return d.c == e.c && slices.EqualFunc(d.terms, e.terms, func(a, b term) bool {
		return a.coef == b.coef && slices.Equal(a.mono, b.mono)
	})
}

// Add is d + e; ok is false if a coefficient overflows or there would be too
// many terms.
func (d Dim) Add(e Dim) (sum Dim, ok bool) { return d.combine(e, 1) }

// Sub is d - e, under the conditions of Add.
func (d Dim) Sub(e Dim) (diff Dim, ok bool) { return d.combine(e, -1) }

func (d Dim) combine(e Dim, sign int64) (Dim, bool) {
	ec, ok := mul64(e.c, sign)
	if !ok {
		return Dim{}, false
	}
	c, ok := add64(d.c, ec)
	if !ok {
		return Dim{}, false
	}
	terms := make([]term, 0, len(d.terms)+len(e.terms))
	i, j := 0, 0
	for i < len(d.terms) || j < len(e.terms) {
		order := 0
		switch {
		case i == len(d.terms):
			order = 1
		case j == len(e.terms):
			order = -1
		default:
			order = compareMono(d.terms[i].mono, e.terms[j].mono)
		}
		if order < 0 {
			terms = append(terms, d.terms[i])
			i++
			continue
		}
		coef, ok := mul64(e.terms[j].coef, sign)
		if !ok {
			return Dim{}, false
		}
		mono := e.terms[j].mono
		j++
		if order == 0 {
			if coef, ok = add64(d.terms[i].coef, coef); !ok {
				return Dim{}, false
			}
			i++
		}
		if coef != 0 {
			terms = append(terms, term{coef, mono})
		}
	}
	return Dim{c, terms}, len(terms) <= maxTerms
}

// Mul is d * e, under the conditions of Add.
func (d Dim) Mul(e Dim) (product Dim, ok bool) {
	sum := Dim{}
	for _, t := range append([]term{{d.c, nil}}, d.terms...) {
		if t.coef == 0 {
			continue
		}
		part := Dim{terms: make([]term, 0, len(e.terms)+1)}
		for _, u := range append([]term{{e.c, nil}}, e.terms...) {
			if u.coef == 0 {
				continue
			}
			coef, ok := mul64(t.coef, u.coef)
			if !ok || len(t.mono)+len(u.mono) > maxDegree {
				return Dim{}, false
			}
			mono := slices.Sorted(slices.Values(append(slices.Clone(t.mono), u.mono...)))
			if len(mono) == 0 {
				part.c = coef
			} else {
				part.terms = append(part.terms, term{coef, mono})
			}
		}
		slices.SortFunc(part.terms, func(a, b term) int { return compareMono(a.mono, b.mono) })
		if sum, ok = sum.Add(part); !ok {
			return Dim{}, false
		}
	}
	return sum, true
}

// DivExact is q with d = q * e for all values of the atoms, if there is one.
func (d Dim) DivExact(e Dim) (q Dim, ok bool) {
	if n, isConst := e.Const(); isConst {
		if n == 0 {
			return Dim{}, false
		}
		q = Dim{c: d.c / n, terms: slices.Clone(d.terms)}
		exact := d.c%n == 0
		for i, t := range d.terms {
			exact = exact && t.coef%n == 0 && !(n == -1 && t.coef == -1<<63)
			q.terms[i].coef = t.coef / n
		}
		return q, exact && !(n == -1 && d.c == -1<<63)
	}
	// Division by the leading term, monomials ordered by degree, then atoms.
	lead := e.leading()
	rest := d
	for range maxTerms {
		if rest.c == 0 && len(rest.terms) == 0 {
			return q, true
		}
		top := rest.leading()
		mono, divides := divideMono(top.mono, lead.mono)
		if !divides || top.coef%lead.coef != 0 {
			return Dim{}, false
		}
		step := Dim{terms: []term{{top.coef / lead.coef, mono}}}
		if len(mono) == 0 {
			step = Dim{c: top.coef / lead.coef}
		}
		back, ok1 := step.Mul(e)
		next, ok2 := rest.Sub(back)
		sum, ok3 := q.Add(step)
		if !ok1 || !ok2 || !ok3 {
			return Dim{}, false
		}
		rest, q = next, sum
	}
	return Dim{}, false
}

func (d Dim) leading() term {
	best := term{d.c, nil}
	for _, t := range d.terms {
		if len(t.mono) > len(best.mono) || len(t.mono) == len(best.mono) && compareMono(t.mono, best.mono) < 0 {
			best = t
		}
	}
	return best
}

func divideMono(a, b []Atom) ([]Atom, bool) {
	quotient := make([]Atom, 0, len(a))
	for _, x := range a {
		if len(b) > 0 && b[0] == x {
			b = b[1:]
		} else {
			quotient = append(quotient, x)
		}
	}
	return quotient, len(b) == 0
}

// Subst is d with every atom replaced by the Dim that f gives for it.
func (d Dim) Subst(f func(Atom) Dim) (result Dim, ok bool) {
	if len(d.terms) == 0 {
		return d, true
	}
	sum := Size(d.c)
	for _, t := range d.terms {
		product := Size(t.coef)
		for _, a := range t.mono {
			if product, ok = product.Mul(f(a)); !ok {
				return Dim{}, false
			}
		}
		if sum, ok = sum.Add(product); !ok {
			return Dim{}, false
		}
	}
	return sum, true
}

// Eval is the value of d where the atoms have the values that f gives; ok is
// false if it overflows.
func (d Dim) Eval(f func(Atom) int64) (n int64, ok bool) {
	n, ok = d.c, true
	for _, t := range d.terms {
		product := t.coef
		for _, a := range t.mono {
			if product, ok = mul64(product, f(a)); !ok {
				return 0, false
			}
		}
		if n, ok = add64(n, product); !ok {
			return 0, false
		}
	}
	return n, true
}

// Format writes d with the names that f gives to its atoms: "2*n*m + n - 1".
func (d Dim) Format(f func(Atom) string) string {
	if len(d.terms) == 0 {
		return strconv.FormatInt(d.c, 10)
	}
	var b strings.Builder
	for i, t := range d.terms {
		switch {
		case i > 0 && t.coef < 0:
			b.WriteString(" - ")
		case i > 0:
			b.WriteString(" + ")
		case t.coef < 0:
			b.WriteString("-")
		}
		if coef := magnitude(t.coef); coef != 1 {
			b.WriteString(strconv.FormatUint(coef, 10))
			b.WriteString("*")
		}
		for k, a := range t.mono {
			if k > 0 {
				b.WriteString("*")
			}
			b.WriteString(f(a))
		}
	}
	if d.c > 0 {
		b.WriteString(" + " + strconv.FormatInt(d.c, 10))
	} else if d.c < 0 {
		b.WriteString(" - " + strconv.FormatUint(magnitude(d.c), 10))
	}
	return b.String()
}

// Key is a text that equal Dims share and different ones don't.
func (d Dim) Key() string {
	return d.Format(func(a Atom) string { return "$" + strconv.Itoa(int(a)) })
}

func compareMono(a, b []Atom) int { return slices.Compare(a, b) }

func add64(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

func mul64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	negative := (a < 0) != (b < 0)
	if hi != 0 || lo > 1<<63 || lo == 1<<63 && !negative {
		return 0, false
	}
	if negative {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// NonNegativeIn reports whether a occurs in d with non-negative coefficients
// only.
func (d Dim) NonNegativeIn(a Atom) bool {
	for _, t := range d.terms {
		if t.coef < 0 && slices.Contains(t.mono, a) {
			return false
		}
	}
	return true
}

// Lowest is a lower bound of d where f gives lower bounds of the atoms; ok is
// false if none is known. Products are bounded where their atoms are at least 0.
func (d Dim) Lowest(f func(Atom) (int64, bool)) (low int64, ok bool) {
	low = d.c
	for _, t := range d.terms {
		if t.coef < 0 {
			return 0, false
		}
		product := t.coef
		for _, a := range t.mono {
			n, known := f(a)
			if !known || n < 0 && len(t.mono) > 1 {
				return 0, false
			}
			if product, ok = mul64(product, n); !ok {
				return 0, false
			}
		}
		if low, ok = add64(low, product); !ok {
			return 0, false
		}
	}
	return low, true
}

// LinearIn gives coef and rest if d is coef*a + rest with coef != 0 and a not in
// rest.
func (d Dim) LinearIn(a Atom) (coef int64, rest Dim, ok bool) {
	rest.c = d.c
	for _, t := range d.terms {
		switch {
		case len(t.mono) == 1 && t.mono[0] == a:
			coef = t.coef
		case slices.Contains(t.mono, a):
			return 0, Dim{}, false
		default:
			rest.terms = append(rest.terms, t)
		}
	}
	return coef, rest, coef != 0
}
