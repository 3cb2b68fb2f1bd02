package ir

import (
	"errors"
	"fmt"
	"strings"
)

// ruleReduce removes axes; the place of an extreme is an i64.
func ruleReduce(attr Attr, args []*Value) ([]Type, error) {
	t, a := args[0].Type, attr.(ReduceAttr)
	accepted, result := numbers, t.DType
	switch a.Kind {
	case ReduceMin, ReduceMax:
		accepted = ordered
	case ReduceAll, ReduceAny:
		accepted = truth
	case ReduceArgMin, ReduceArgMax:
		accepted, result = ordered, I64
		if len(a.Axes) != 1 {
			return nil, errors.New("an argmin or argmax has one axis")
		}
	}
	if !accepted.Has(t.DType) {
		return nil, fmt.Errorf("%v of %v", a.Kind, t.DType)
	}
	var dims []Dim
	next := 0
	for axis, d := range t.Dims {
		if next < len(a.Axes) && a.Axes[next] == axis {
			next++
		} else {
			dims = append(dims, d)
		}
	}
	if next != len(a.Axes) {
		return nil, fmt.Errorf("axes %v are not ascending axes of the operand", a.Axes)
	}
	return single(Type{result, dims})
}

// ruleScan: E[…, n] -> E[…, n]; recur has two operands.
func ruleScan(attr Attr, args []*Value) ([]Type, error) {
	kind := attr.(ScanAttr).Kind
	want := 1
	if kind == Recur {
		want = 2
	}
	t, err := alike(args)
	switch {
	case len(args) != want:
		err = fmt.Errorf("%d operands", len(args))
	case t.Rank() == 0:
		err = errRank
	case (kind == CumMin || kind == CumMax) && !ordered.Has(t.DType):
		err = fmt.Errorf("%v of %v", kind, t.DType)
	}
	return withDType(t.DType, t, err)
}

// ruleArgSort: E[…, n] -> i64[…, n].
func ruleArgSort(_ Attr, args []*Value) ([]Type, error) {
	t := args[0].Type
	if t.Rank() == 0 {
		return nil, errRank
	}
	return withDType(I64, t, nil)
}

// ruleSearch: E[b…, n] E[b…, m] -> i64[b…, m].
func ruleSearch(_ Attr, args []*Value) ([]Type, error) {
	x, v := args[0].Type, args[1].Type
	switch last := x.Rank() - 1; {
	case last < 0 || v.Rank() != x.Rank():
		return nil, errRank
	case x.DType != v.DType:
		return nil, errTypes
	case !ArrayOf(I64, x.Dims[:last]...).Equal(ArrayOf(I64, v.Dims[:last]...)):
		return nil, errDims
	}
	return withDType(I64, v, nil)
}

// A Letters is the parsed Spec of a Contract.
type Letters struct{ A, B, Result string }

// ParseContract splits "ik,kj->ij".
func ParseContract(spec string) (Letters, error) {
	operands, result, ok1 := strings.Cut(spec, "->")
	a, b, ok2 := strings.Cut(operands, ",")
	if !ok1 || !ok2 {
		return Letters{}, fmt.Errorf("%q is no contraction", spec)
	}
	for _, part := range [3]string{a, b, result} {
		for i := range len(part) {
			c := part[i]
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') || strings.IndexByte(part, c) != i {
				return Letters{}, fmt.Errorf("%q is no list of different letters", part)
			}
		}
	}
	return Letters{a, b, result}, nil
}

// ruleContract: sizes by letter, after Batch leading axes.
func ruleContract(attr Attr, args []*Value) ([]Type, error) {
	c := attr.(ContractAttr)
	letters, err := ParseContract(c.Spec)
	if err != nil {
		return nil, err
	}
	a, b := args[0].Type, args[1].Type
	if a.DType != b.DType {
		return nil, errTypes
	}
	if c.Batch < 0 || a.Rank() != c.Batch+len(letters.A) || b.Rank() != c.Batch+len(letters.B) {
		return nil, errRank
	}
	sizes := map[byte]Dim{}
	for i := range len(letters.A) {
		sizes[letters.A[i]] = a.Dims[c.Batch+i]
	}
	for i := range len(letters.B) {
		d, shared := sizes[letters.B[i]]
		if shared && !d.Equal(b.Dims[c.Batch+i]) {
			return nil, errDims
		}
		sizes[letters.B[i]] = b.Dims[c.Batch+i]
	}
	var dims []Dim
	for i, d := range a.Dims[:c.Batch] {
		if !d.Equal(b.Dims[i]) {
			return nil, errDims
		}
		dims = append(dims, d)
	}
	for i := range len(letters.Result) {
		d, ok := sizes[letters.Result[i]]
		if !ok {
			return nil, fmt.Errorf("%c is in no operand", letters.Result[i])
		}
		dims = append(dims, d)
	}
	return single(Type{a.DType, dims})
}

// Indexed is the type of the elements of x that a IndexAttr picks with these
// operands: what Gather gives and what Update and Accumulate take.
func (a IndexAttr) Indexed(x Type, indices []*Value) (Type, error) {
	if a.Batch < 0 || a.Batch+len(a.Spec) != x.Rank() {
		return Type{}, errRank
	}
	dims := append([]Dim(nil), x.Dims[:a.Batch]...)
	var table *Value
	ranges := a.Range
	for i := range len(a.Spec) {
		kind := a.Spec[i]
		if kind == ':' {
			dims = append(dims, x.Dims[a.Batch+i])
			continue
		}
		if len(indices) == 0 {
			return Type{}, errors.New("an index is missing")
		}
		v := indices[0]
		indices = indices[1:]
		point := x.Dims[:a.Batch]
		switch {
		case v.Type.DType != I64:
			return Type{}, errors.New("an index is no i64")
		case kind == '@' || kind == 'r':
			if !v.Type.Equal(ArrayOf(I64, point...)) {
				return Type{}, errors.New("a point or a start has no rank 0")
			}
			if kind == 'r' {
				if len(ranges) == 0 || ranges[0].Step == 0 {
					return Type{}, errors.New("a range has no length or step")
				}
				dims = append(dims, ranges[0].Dim)
				ranges = ranges[1:]
			}
		case kind == 't':
			if v.Type.Rank() < a.Batch || !ArrayOf(I64, v.Type.Dims[:a.Batch]...).Equal(ArrayOf(I64, point...)) {
				return Type{}, errDims
			}
			if table == nil {
				dims = append(dims, v.Type.Dims[a.Batch:]...)
				table = v
			} else if !v.Type.Equal(table.Type) {
				return Type{}, errors.New("tables of different shapes")
			}
		default:
			return Type{}, fmt.Errorf("%q is no index", a.Spec)
		}
	}
	if len(indices) != 0 || len(ranges) != 0 {
		return Type{}, errors.New("more indices than the spec has")
	}
	return Type{x.DType, dims}, nil
}

func ruleGather(attr Attr, args []*Value) ([]Type, error) {
	t, err := attr.(IndexAttr).Indexed(args[0].Type, args[1:])
	return []Type{t}, err
}

func ruleUpdate(attr Attr, args []*Value) ([]Type, error) {
	t, err := attr.(IndexAttr).Indexed(args[0].Type, args[2:])
	if err == nil && t.DType != args[1].Type.DType {
		err = errTypes
	}
	if err == nil && !t.Equal(args[1].Type) {
		err = errDims
	}
	return []Type{args[0].Type}, err
}
