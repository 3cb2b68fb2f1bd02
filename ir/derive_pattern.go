package ir

import (
	"errors"
	"fmt"
)

// Pattern appends the pattern of a result of callee, of those that are no sizes,
// with regard to a parameter: k places in order of their rows, and columns within
// a row, the number of colours of the columns, 0 if the program doesn't tell, and
// the colour of each.
func (b *Builder) Pattern(callee *Func, sizes []Dim, output, input int, columns Dim) []*Value {
	attr := PatternAttr{callee, sizes, output, input, columns}
	return b.EmitTyped(PatternOp, attr, nil, patternTypes(attr))
}

// patternTypes are the types of the results of a pattern, in which ResultAtom(j)
// is result j.
func patternTypes(attr PatternAttr) []Type {
	places := ArrayOf(I64, Sized(ResultAtom(0)))
	return []Type{Scalar(I64), places, places, Scalar(I64), ArrayOf(I64, attr.Columns)}
}

// patternRule verifies a pattern.
func (v *verifier) patternRule(op *Op) error {
	attr := op.Attr.(PatternAttr)
	f := attr.Callee
	if !v.known[f] {
		return errors.New("the callee is not in the module")
	}
	if attr.Output < 0 || attr.Output >= len(f.Results)-f.SizeResults || attr.Input < 0 || attr.Input >= len(f.Params) {
		return fmt.Errorf("%s has no result %d or no parameter %d", f.Name, attr.Output, attr.Input)
	}
	if len(attr.Sizes) != len(f.Sizes) {
		return fmt.Errorf("pattern of %s with %d sizes, not %d", f.Name, len(attr.Sizes), len(f.Sizes))
	}
	t, ok := f.Params[attr.Input].Type.Subst(f.bind(attr.Sizes))
	if n, multiplied := Product(t.Dims); !ok || multiplied && !v.f.sameSize(n, attr.Columns) {
		return fmt.Errorf("%s columns for a parameter %s", attr.Columns.Key(), t)
	}
	return v.sameTypes("result", op.Results, patternTypes(attr), func(a Atom) Dim {
		if j, ok := a.ResultIndex(); ok {
			return op.Results[j].Dim()
		}
		return Sized(a)
	})
}

// sameSize reports whether two sizes are one.
func (f *Func) sameSize(d, e Dim) bool { return d.Equal(e) || f.Canon(d).Equal(f.Canon(e)) }
