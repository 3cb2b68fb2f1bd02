package ir

import (
	"errors"
	"fmt"
)

// Pattern appends the pattern of a result of callee, of those that are no sizes,
// with regard to a parameter: k places, in order of rows, and of columns within a
// row; where each row begins, and the last one ends; the number of colours of the
// columns, 0 if the program doesn't tell, and the colour of each; and, if it tells,
// where the places stand among products that have a line, of all rows, for each
// colour.
func (b *Builder) Pattern(attr PatternAttr) []*Value {
	types, err := patternTypes(attr)
	if err != nil {
		panic(fmt.Sprintf("ir: %v at %v", err, b.Pos))
	}
	return b.EmitTyped(PatternOp, attr, nil, types)
}

// patternTypes are the types of the results of a pattern, in which ResultAtom(j)
// is result j.
func patternTypes(attr PatternAttr) ([]Type, error) {
	rows, okRows := Product(attr.Rows)
	columns, okColumns := Product(attr.Columns)
	ends, ok := rows.Add(Size(1))
	if !okRows || !okColumns || !ok {
		return nil, errDims
	}
	places := ArrayOf(I64, Sized(ResultAtom(0)))
	return []Type{Scalar(I64), places, places, ArrayOf(I64, ends), Scalar(I64), ArrayOf(I64, columns), places}, nil
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
	// Their sizes may be written in another form than here.
	if t := f.Results[f.SizeResults+attr.Output]; t.Rank() != len(attr.Rows) {
		return fmt.Errorf("the result of %s is %s", f.Name, t)
	}
	if t := f.Params[attr.Input].Type; t.Rank() != len(attr.Columns) {
		return fmt.Errorf("the parameter of %s is %s", f.Name, t)
	}
	types, err := patternTypes(attr)
	if err != nil {
		return err
	}
	return v.sameTypes("result", op.Results, types, func(a Atom) Dim {
		if j, ok := a.ResultIndex(); ok {
			return op.Results[j].Dim()
		}
		return Sized(a)
	})
}
