package ir

import (
	"math"
	"strconv"
)

// Unrepresentable is the value of a SizeOp that can't be computed, for overflow
// or a division by zero. No array has that size, so that making one of it is an
// error; SizeOps themselves never fail and may stand anywhere.
const Unrepresentable = math.MaxInt64

// Eval is the value of the SizeOp where atoms have the values that f gives.
func (s SizeAttr) Eval(f func(Atom) int64) int64 {
	x, ok := s.A.Eval(f)
	if !ok {
		return Unrepresentable
	}
	if s.Kind == SizeValue {
		return x
	}
	y, ok := s.B.Eval(f)
	if !ok {
		if s.Kind == SizeMin {
			return x
		}
		return Unrepresentable
	}
	return sizeOf(s.Kind, x, y)
}

func sizeOf(kind SizeKind, x, y int64) int64 {
	switch kind {
	case SizeMin:
		return min(x, y)
	case SizeMax:
		return max(x, y)
	}
	if y == 0 || x == math.MinInt64 && y == -1 {
		return Unrepresentable
	}
	quotient, rest := x/y, x%y
	if rest != 0 && (rest < 0) != (y < 0) {
		quotient, rest = quotient-1, rest+y
	}
	if kind == SizeDiv {
		return quotient
	}
	return rest
}

// foldSize is the result of a SizeOp if it is known without its atoms' values.
func foldSize(kind SizeKind, d, e Dim) (Dim, bool) {
	if kind == SizeValue {
		return d, true
	}
	x, constX := d.Const()
	y, constY := e.Const()
	if constX && constY {
		return Size(sizeOf(kind, x, y)), true
	}
	switch kind {
	case SizeMin, SizeMax:
		if diff, ok := d.Sub(e); ok {
			if n, isConst := diff.Const(); isConst {
				if (n <= 0) == (kind == SizeMin) {
					return d, true
				}
				return e, true
			}
		}
	case SizeDiv:
		if constY && y != 0 {
			if q, ok := d.DivExact(e); ok {
				return q, true
			}
		}
	case SizeMod:
		if constY && y != 0 {
			if _, ok := d.DivExact(e); ok {
				return Size(0), true
			}
		}
	}
	return Dim{}, false
}

// Fold is the result of the SizeOp if it is known without values: a Dim that
// has the same value, whatever those of the atoms are.
func (s SizeAttr) Fold() (Dim, bool) { return foldSize(s.Kind, s.A, s.B) }

// Key is a text that equal SizeOps share and others don't; min and max are the
// same with their operands exchanged.
func (s SizeAttr) Key() string {
	a, b := s.A.Key(), s.B.Key()
	if (s.Kind == SizeMin || s.Kind == SizeMax) && b < a {
		a, b = b, a
	}
	return "size " + strconv.Itoa(int(s.Kind)) + " " + a + ", " + b
}

// Subst is t with every atom of its sizes replaced by what f gives.
func (t Type) Subst(f func(Atom) Dim) (Type, bool) {
	if len(t.Dims) == 0 {
		return t, true
	}
	dims, ok := substDims(t.Dims, f)
	return Type{t.DType, dims}, ok
}

func substDims(dims []Dim, f func(Atom) Dim) ([]Dim, bool) {
	result := make([]Dim, len(dims))
	for i, d := range dims {
		var ok bool
		if result[i], ok = d.Subst(f); !ok {
			return nil, false
		}
	}
	return result, true
}
