package ir

import (
	"errors"
	"fmt"
)

// paramAtoms calls f with the atoms of the types of the parameters that are no
// parameters themselves.
func (b *Block) paramAtoms(fn *Func, f func(*Value)) {
	own := map[Atom]bool{}
	for _, p := range b.Params {
		own[Atom(p.ID)] = true
	}
	for _, p := range b.Params {
		for _, d := range p.Type.Dims {
			for a := range d.Atoms {
				if !own[a] {
					f(fn.values[a])
				}
			}
		}
	}
}

// following replaces atoms that are values of one list by the sizes of those
// in the same place of another.
func following(from, to []*Value) func(Atom) Dim {
	sizes := map[Atom]Dim{}
	for i, v := range from {
		if v.Type.Equal(Scalar(I64)) && i < len(to) {
			sizes[Atom(v.ID)] = DimOf(to[i])
		}
	}
	return func(a Atom) Dim {
		if d, ok := sizes[a]; ok {
			return d
		}
		return Sized(a)
	}
}

func typesOf(values []*Value) []Type {
	types := make([]Type, len(values))
	for i, v := range values {
		types[i] = v.Type
	}
	return types
}

func (v *verifier) ifRule(op *Op) error {
	if !op.Args[0].Type.Equal(Scalar(Bool)) || len(op.Regions) != 2 {
		return errors.New("no condition or not two blocks")
	}
	for _, region := range op.Regions {
		if len(region.Params) != 0 {
			return errors.New("a block has parameters")
		}
		if err := v.region(region, func() error {
			return v.sameTypes("yield", region.Yield, typesOf(op.Results), following(op.Results, region.Yield))
		}); err != nil {
			return err
		}
	}
	return nil
}

// carried looks at the initial values, parameters and results of a loop.
func (v *verifier) carried(op *Op, init, params []*Value) error {
	if err := v.sameTypes("initial value", init, typesOf(params), following(params, init)); err != nil {
		return err
	}
	return v.sameTypes("result", op.Results, typesOf(params), following(params, op.Results))
}

func (v *verifier) forRule(op *Op) error {
	if !op.Args[0].Type.Equal(Scalar(I64)) || !op.Args[1].Type.Equal(Scalar(I64)) || len(op.Regions) != 1 {
		return errors.New("no bounds or not one block")
	}
	region := op.Regions[0]
	if len(region.Params) == 0 || !region.Params[0].Type.Equal(Scalar(I64)) {
		return errors.New("no index")
	}
	params := region.Params[1:]
	if err := v.carried(op, op.Args[2:], params); err != nil {
		return err
	}
	return v.region(region, func() error {
		return v.sameTypes("yield", region.Yield, typesOf(params), following(params, region.Yield))
	})
}

func (v *verifier) whileRule(op *Op) error {
	if len(op.Regions) != 2 {
		return errors.New("not two blocks")
	}
	head, body := op.Regions[0], op.Regions[1]
	for _, region := range op.Regions {
		if err := v.carried(op, op.Args, region.Params); err != nil {
			return err
		}
	}
	if err := v.region(head, func() error {
		return v.sameTypes("condition", head.Yield, []Type{Scalar(Bool)}, Sized)
	}); err != nil {
		return err
	}
	return v.region(body, func() error {
		return v.sameTypes("yield", body.Yield, typesOf(body.Params), following(body.Params, body.Yield))
	})
}

func (v *verifier) mapRule(op *Op) error {
	dims := op.Attr.(MapAttr).Dims
	if len(op.Regions) != 1 || len(op.Regions[0].Params) != len(dims) || len(dims) == 0 {
		return errors.New("not one block with an index for each size")
	}
	region := op.Regions[0]
	for _, p := range region.Params {
		if !p.Type.Equal(Scalar(I64)) {
			return errors.New("an index is no i64")
		}
	}
	if err := v.region(region, func() error {
		types := make([]Type, len(region.Yield))
		for i, x := range region.Yield {
			if x.Type.DType == Text {
				return errors.New("an array of texts")
			}
			types[i] = Type{x.Type.DType, append(append([]Dim(nil), dims...), x.Type.Dims...)}
		}
		return v.sameTypes("result", op.Results, types, Sized)
	}); err != nil {
		return err
	}
	for _, inner := range region.Ops {
		if v.effects.Ordered(inner) {
			return fmt.Errorf("%v has an effect", inner.Code)
		}
	}
	return nil
}

func (v *verifier) callRule(op *Op) error {
	call := op.Attr.(CallAttr)
	if !v.known[call.Callee] {
		return errors.New("the callee is not in the module")
	}
	types, err := callTypes(call.Callee, call.Sizes)
	if err != nil {
		return err
	}
	if err := v.sameTypes("argument", op.Args, typesOf(call.Callee.Params), call.Callee.bind(call.Sizes)); err != nil {
		return err
	}
	return v.sameTypes("result", op.Results, types, func(a Atom) Dim {
		if j, ok := a.ResultIndex(); ok {
			return op.Results[j].Dim()
		}
		return Sized(a)
	})
}
