package ir

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Callee is the function that op calls or derives, nil if it does neither.
func (op *Op) Callee() *Func {
	switch a := op.Attr.(type) {
	case CallAttr:
		return a.Callee
	case DeriveAttr:
		return a.Callee
	case PatternAttr:
		return a.Callee
	}
	return nil
}

// Derives reports whether m has derivatives that the pass diff has still to make.
func (m *Module) Derives() bool {
	return slices.ContainsFunc(m.Funcs, func(f *Func) bool { return f.Rule != nil || f.Body.derives() })
}

func (b *Block) derives() bool {
	return slices.ContainsFunc(b.Ops, func(op *Op) bool {
		_, derives := op.Attr.(DeriveAttr)
		return derives || slices.ContainsFunc(op.Regions, (*Block).derives)
	})
}

// JVP appends a call of callee together with the tangents of its results. It
// gives the results that are no sizes, and the tangent of each inexact one.
func (b *Builder) JVP(callee *Func, sizes []Dim, seeds string, args ...*Value) (results, tangents []*Value) {
	return b.derive(JVP, DeriveAttr{Callee: callee, Sizes: sizes, Seeds: seeds}, args)
}

// VJP appends a call of callee together with the cotangents of the parameters
// that wrt chooses. It gives the results that are no sizes, and the cotangents.
func (b *Builder) VJP(callee *Func, sizes []Dim, seeds, wrt string, args ...*Value) (results, cotangents []*Value) {
	return b.derive(VJP, DeriveAttr{Callee: callee, Sizes: sizes, Seeds: seeds, Wrt: wrt}, args)
}

// Taylor appends a call of callee together with the Taylor coefficients of its
// results. It gives the results that are no sizes, and the coefficients 1 … order
// of each inexact one.
func (b *Builder) Taylor(callee *Func, sizes []Dim, seeds string, order int, args ...*Value) (results, coefficients []*Value) {
	return b.derive(Taylor, DeriveAttr{Callee: callee, Sizes: sizes, Seeds: seeds, Order: order}, args)
}

func (b *Builder) derive(code Code, attr DeriveAttr, args []*Value) (results, derivatives []*Value) {
	types, err := deriveTypes(code, attr)
	if err != nil {
		panic(fmt.Sprintf("ir: %v at %v", err, b.Pos))
	}
	all := b.EmitTyped(code, attr, args, types)
	first, n := attr.Callee.SizeResults, len(attr.Callee.Results)
	return all[first:n], all[n:]
}

// deriveTypes are the types of the results of a JVP, a VJP or a Taylor, in which
// ResultAtom(j) is result j.
func deriveTypes(code Code, attr DeriveAttr) ([]Type, error) {
	f := attr.Callee
	types, err := callTypes(f, attr.Sizes)
	if err != nil {
		return nil, err
	}
	if code == JVP || code == Taylor {
		copies := 1
		if code == Taylor {
			copies = attr.Order
		}
		for _, t := range types[f.SizeResults:] {
			if t.DType.IsInexact() {
				types = append(types, slices.Repeat([]Type{t}, copies)...)
			}
		}
		return types, nil
	}
	if len(attr.Wrt) != len(f.Params) {
		return nil, fmt.Errorf("%q for %d parameters", attr.Wrt, len(f.Params))
	}
	for i, p := range f.Params {
		if attr.Wrt[i] != SeedDense {
			continue
		}
		t, ok := p.Type.Subst(f.bind(attr.Sizes))
		if !ok {
			return nil, fmt.Errorf("derivative of %s: sizes too large", f.Name)
		}
		types = append(types, t)
	}
	return types, nil
}

// MaxOrder is that of the last Taylor coefficient that there is.
const MaxOrder = 20

// deriveRule verifies a JVP, a VJP or a Taylor.
func (v *verifier) deriveRule(op *Op) error {
	attr := op.Attr.(DeriveAttr)
	f := attr.Callee
	if !v.known[f] {
		return errors.New("the callee is not in the module")
	}
	if strings.Trim(attr.Wrt, ".d") != "" || strings.Trim(attr.Seeds, ".dm") != "" {
		return fmt.Errorf("seeds %q and %q", attr.Seeds, attr.Wrt)
	}
	if op.Code == Taylor && (attr.Order < 1 || attr.Order > MaxOrder) {
		return fmt.Errorf("order %d", attr.Order)
	}
	types, err := deriveTypes(op.Code, attr)
	if err != nil {
		return err
	}
	ofResult := func(a Atom) Dim {
		if j, ok := a.ResultIndex(); ok {
			return op.Results[j].Dim()
		}
		return Sized(a)
	}
	if err := v.sameTypes("result", op.Results, types, ofResult); err != nil {
		return err
	}
	params := make([]Type, len(f.Params))
	for i, p := range f.Params {
		t, ok := p.Type.Subst(f.bind(attr.Sizes))
		if !ok {
			return errDims
		}
		params[i] = t
	}
	seeded := params
	if op.Code == VJP {
		seeded = types[f.SizeResults:len(f.Results)]
		for i, t := range params {
			if attr.Wrt[i] == SeedDense && !t.DType.IsInexact() {
				return errTypes
			}
		}
	}
	if len(attr.Seeds) != len(seeded) {
		return fmt.Errorf("seeds %q for %d values", attr.Seeds, len(seeded))
	}
	want := params
	for i, t := range seeded {
		if attr.Seeds[i] == SeedNone {
			continue
		}
		if !t.DType.IsInexact() {
			return errTypes
		}
		want = append(want[:len(want):len(want)], t)
		if attr.Seeds[i] == SeedMasked {
			want = append(want, Type{Bool, t.Dims})
		}
	}
	if len(op.Args) != len(want) {
		return fmt.Errorf("%d arguments, not %d", len(op.Args), len(want))
	}
	for i, x := range op.Args {
		if t := want[i]; x.Type.DType != t.DType || !slices.EqualFunc(x.Type.Dims, t.Dims, v.f.sameSeedSize) {
			return fmt.Errorf("argument %d is %s, not %s", i, x.Type, t)
		}
	}
	return nil
}

// sameSeedSize reports whether d may be the size e of a seed: a size that is
// known behind the operation only is checked there.
func (f *Func) sameSeedSize(d, e Dim) bool {
	for a := range e.Atoms {
		if _, result := a.ResultIndex(); result {
			return true
		}
	}
	return d.Equal(e) || f.Canon(d).Equal(f.Canon(e))
}
