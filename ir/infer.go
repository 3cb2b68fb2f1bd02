package ir

import (
	"errors"
	"fmt"
	"reflect"
)

// A Rule gives the types of the results of an operation from its attribute and
// operands, or says what is wrong with them. The number of operands, their
// dtypes and the kind of the attribute have been looked at before.
type Rule func(attr Attr, args []*Value) ([]Type, error)

// Infer gives the types of the results of an operation. Those of regions,
// calls of functions, host functions, constants and Nonzero do not follow from
// the operands; the Builder has a method for each.
func Infer(f *Func, code Code, attr Attr, args []*Value) ([]Type, error) {
	info := code.Info()
	err := info.accepts(attr, args)
	var types []Type
	if err == nil {
		types, err = info.Rule(attr, args)
	}
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", code, describe(f, args), err)
	}
	return types, nil
}

var (
	errDims  = errors.New("sizes do not fit")
	errRank  = errors.New("rank does not fit")
	errTypes = errors.New("element types differ")
)

// accepts looks at what the columns of the table say about operands.
func (info *Info) accepts(attr Attr, args []*Value) error {
	least, variadic := info.Arity()
	if len(args) < least || len(args) > least && !variadic {
		return fmt.Errorf("%d operands", len(args))
	}
	_, none := info.Attr.(NoAttr)
	if none != (attr == nil) || !none && !sameKind(attr, info.Attr) {
		return fmt.Errorf("attribute %T", attr)
	}
	for _, v := range args {
		if v == nil {
			return errors.New("an operand is missing")
		}
	}
	if e := info.element(args); e != nil && !info.DTypes.Has(e.Type.DType) {
		return fmt.Errorf("not for %v", e.Type.DType)
	}
	return nil
}

// element is the operand whose dtype the column DTypes speaks of.
func (info *Info) element(args []*Value) *Value {
	switch info.Class {
	case Creation, Region, Calling, Effect:
		return nil
	}
	if info.Operands[0] == "c" && len(args) > 1 {
		return args[1]
	}
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

// sameKind reports whether an attribute is of the kind of another; those of
// constants of any rank are of one kind.
func sameKind(attr, other Attr) bool {
	if _, ok := attr.(ArrayLiteral); ok {
		attr = Literal{}
	}
	return reflect.TypeOf(attr) == reflect.TypeOf(other)
}

// Arity is the least number of operands; variadic means any number more.
func (info *Info) Arity() (least int, variadic bool) {
	for _, name := range info.Operands {
		if len(name) > len("…") && name[len(name)-len("…"):] == "…" {
			return least, true
		}
		least++
	}
	return least, false
}

func single(t Type) ([]Type, error) { return []Type{t}, nil }

// ruleNone is that of operations whose results don't follow from operands.
func ruleNone(Attr, []*Value) ([]Type, error) {
	return nil, errors.New("the results do not follow from the operands")
}

func ruleIota(attr Attr, _ []*Value) ([]Type, error) {
	dims := attr.(DimsAttr).Dims
	if len(dims) != 1 {
		return nil, errRank
	}
	return single(ArrayOf(I64, dims...))
}

func ruleSize(Attr, []*Value) ([]Type, error) { return single(Scalar(I64)) }

// alike gives the type that all operands have.
func alike(args []*Value) (Type, error) {
	t := args[0].Type
	for _, v := range args[1:] {
		if v.Type.DType != t.DType {
			return t, errTypes
		}
		if !v.Type.Equal(t) {
			return t, errDims
		}
	}
	return t, nil
}

func withDType(t DType, of Type, err error) ([]Type, error) {
	return []Type{{t, of.Dims}}, err
}

// ruleSame: E[s] … -> E[s].
func ruleSame(_ Attr, args []*Value) ([]Type, error) {
	t, err := alike(args)
	return withDType(t.DType, t, err)
}

// ruleTruth: E[s] … -> bool[s].
func ruleTruth(_ Attr, args []*Value) ([]Type, error) {
	t, err := alike(args)
	return withDType(Bool, t, err)
}

// ruleReal: E[s] -> E[s], c128[s] -> f64[s].
func ruleReal(_ Attr, args []*Value) ([]Type, error) {
	t := args[0].Type
	if t.DType == C128 {
		t.DType = F64
	}
	return single(t)
}

// ruleComplex: f64[s] f64[s] -> c128[s].
func ruleComplex(_ Attr, args []*Value) ([]Type, error) {
	t, err := alike(args)
	return withDType(C128, t, err)
}

// ruleSelect: bool[s] E[s] E[s] -> E[s].
func ruleSelect(_ Attr, args []*Value) ([]Type, error) {
	t, err := alike(args[1:])
	if err == nil && !args[0].Type.Equal(Type{Bool, t.Dims}) {
		err = errDims
	}
	return withDType(t.DType, t, err)
}

// ruleConvert: s -> s. The part of a complex number is taken by Real.
func ruleConvert(attr Attr, args []*Value) ([]Type, error) {
	from, to := args[0].Type, attr.(ConvertAttr).To
	if !elements.Has(to) || from.DType == C128 && to != C128 {
		return nil, fmt.Errorf("no conversion to %v", to)
	}
	return withDType(to, from, nil)
}

// ruleBroadcast: trailing axes align; those of size 1 are repeated.
func ruleBroadcast(attr Attr, args []*Value) ([]Type, error) {
	t, dims := args[0].Type, attr.(DimsAttr).Dims
	lead := len(dims) - t.Rank()
	if lead < 0 {
		return nil, errRank
	}
	for i, d := range t.Dims {
		if !d.Equal(dims[lead+i]) && !d.IsConst(1) {
			return nil, errDims
		}
	}
	return single(Type{t.DType, dims})
}

func ruleTranspose(attr Attr, args []*Value) ([]Type, error) {
	t, perm := args[0].Type, attr.(PermAttr).Perm
	if len(perm) != t.Rank() {
		return nil, errRank
	}
	seen := make([]bool, len(perm))
	dims := make([]Dim, len(perm))
	for i, axis := range perm {
		if axis < 0 || axis >= len(perm) || seen[axis] {
			return nil, fmt.Errorf("%v is no order of axes", perm)
		}
		seen[axis] = true
		dims[i] = t.Dims[axis]
	}
	return single(Type{t.DType, dims})
}

func ruleSlice(attr Attr, args []*Value) ([]Type, error) {
	t, a := args[0].Type, attr.(SliceAttr)
	if len(a.Dims) != t.Rank() || len(a.Steps) != t.Rank() || len(args) != 1+t.Rank() {
		return nil, errRank
	}
	for _, step := range a.Steps {
		if step == 0 {
			return nil, errors.New("a step is 0")
		}
	}
	return Type{t.DType, a.Dims}.afterIndices(args[1:])
}

// afterIndices is the type t alone, if the starts are i64 scalars.
func (t Type) afterIndices(starts []*Value) ([]Type, error) {
	for _, v := range starts {
		if !v.Type.Equal(Scalar(I64)) {
			return nil, errors.New("a start is no i64")
		}
	}
	return single(t)
}

// ruleReshape: the products of the sizes are the same polynomial.
func ruleReshape(attr Attr, args []*Value) ([]Type, error) {
	t, dims := args[0].Type, attr.(DimsAttr).Dims
	from, ok1 := Product(t.Dims)
	to, ok2 := Product(dims)
	if !ok1 || !ok2 || !from.Equal(to) {
		return nil, errDims
	}
	return single(Type{t.DType, dims})
}

// Product is the number of elements of an array of these sizes.
func Product(dims []Dim) (Dim, bool) {
	product, ok := Size(1), true
	for _, d := range dims {
		if product, ok = product.Mul(d); !ok {
			return Dim{}, false
		}
	}
	return product, true
}

func ruleRetype(attr Attr, args []*Value) ([]Type, error) {
	t, dims := args[0].Type, attr.(RetypeAttr).Dims
	if len(dims) != t.Rank() {
		return nil, errRank
	}
	return single(Type{t.DType, dims})
}

// ruleAppend: E[n, s] E[m, s] -> E[n+m, s].
func ruleAppend(_ Attr, args []*Value) ([]Type, error) { return joined(args, 0) }

// ruleConcat: sizes are equal but along the axis, where they add.
func ruleConcat(attr Attr, args []*Value) ([]Type, error) {
	if len(args) == 0 {
		return nil, errors.New("nothing to join")
	}
	return joined(args, attr.(AxisAttr).Axis)
}

func joined(args []*Value, axis int) ([]Type, error) {
	t := args[0].Type
	if axis < 0 || axis >= t.Rank() {
		return nil, errRank
	}
	sum, ok := Dim{}, true
	for _, v := range args {
		if v.Type.Rank() != t.Rank() {
			return nil, errRank
		}
		if v.Type.DType != t.DType {
			return nil, errTypes
		}
		for i, d := range v.Type.Dims {
			if i != axis && !d.Equal(t.Dims[i]) {
				return nil, errDims
			}
		}
		if sum, ok = sum.Add(v.Type.Dims[axis]); !ok {
			return nil, errors.New("the sum of the sizes has too many terms")
		}
	}
	dims := append([]Dim(nil), t.Dims...)
	dims[axis] = sum
	return single(Type{t.DType, dims})
}

// ruleCheck: bool and scalars -> nothing.
func ruleCheck(_ Attr, args []*Value) ([]Type, error) {
	if !args[0].Type.Equal(Scalar(Bool)) {
		return nil, errors.New("the condition is no bool")
	}
	return nil, nil
}

func rulePrint(attr Attr, args []*Value) ([]Type, error) {
	for _, p := range attr.(PrintAttr).Pieces {
		if p.Arg >= len(args) {
			return nil, fmt.Errorf("no operand %d", p.Arg)
		}
	}
	return nil, nil
}

// ruleFormat: E[s] -> str.
func ruleFormat(attr Attr, args []*Value) ([]Type, error) {
	p, err := ParsePattern(attr.(FormatAttr).Pattern)
	if err != nil {
		return nil, err
	}
	if !p.Takes(args[0].Type.DType) {
		return nil, errTypes
	}
	return single(Scalar(Text))
}
