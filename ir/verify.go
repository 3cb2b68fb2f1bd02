package ir

import (
	"errors"
	"fmt"
	"slices"
)

// Verify looks whether a module is as the rest of the compiler takes it to be:
// values are used where they exist, operations obey their type rules, regions
// have the parameters and results of their operation, functions are closed and
// give what they declare, cycles of calls are marked, and a map has no effect.
func Verify(m *Module) error {
	known := map[*Func]bool{}
	names := map[string]bool{}
	for _, f := range m.Funcs {
		if names[f.Name] {
			return fmt.Errorf("two functions %s", f.Name)
		}
		known[f], names[f.Name] = true, true
	}
	if m.Main != nil && !known[m.Main] {
		return errors.New("main is not in the module")
	}
	for _, f := range m.Funcs {
		if f.Body == nil {
			return fmt.Errorf("%s: no body", f.Name)
		}
		if err := f.Body.accepts(); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	effects := FindEffects(m)
	for _, f := range m.Funcs {
		v := &verifier{f: f, known: known, effects: effects, state: make([]int8, f.NumValues())}
		if err := v.function(); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// accepts looks at what the table says of operations whatever their types are.
func (b *Block) accepts() error {
	for _, op := range b.Ops {
		if op.Code == Invalid || op.Code >= numCodes {
			return fmt.Errorf("no operation %d", op.Code)
		}
		if err := op.Code.Info().accepts(op.Attr, op.Args); err != nil {
			return fmt.Errorf("%v at %v: %w", op.Code, op.Pos, err)
		}
		for _, region := range op.Regions {
			if err := region.accepts(); err != nil {
				return err
			}
		}
	}
	return nil
}

type verifier struct {
	f       *Func
	known   map[*Func]bool
	effects *Effects
	state   []int8 // of each value
}

const (
	unseen int8 = iota
	inScope
	gone
)

func (v *verifier) function() error {
	f := v.f
	if len(f.Body.Params) != 0 {
		return errors.New("the body has parameters")
	}
	if f.Results == nil && len(f.Body.Yield) > 0 || len(f.Results) < f.SizeResults {
		return errors.New("the types of the results are not declared")
	}
	if v.effects.inCycle[f] && !f.Recursive {
		return errors.New("calls itself and is not marked as recursive")
	}
	for i, p := range f.Sizes {
		if err := v.define(p, nil, i); err != nil {
			return err
		}
		if !p.Type.Equal(Scalar(I64)) {
			return fmt.Errorf("size %d is no i64", i)
		}
	}
	for i, p := range f.Params {
		for _, d := range p.Type.Dims {
			if !f.known(d) {
				return fmt.Errorf("parameter %d has a size that is no size parameter", i)
			}
		}
		if err := v.define(p, nil, i); err != nil {
			return err
		}
	}
	if err := v.block(f.Body); err != nil {
		return err
	}
	return v.sameTypes("result", f.Body.Yield, f.Results, func(a Atom) Dim {
		if j, ok := a.ResultIndex(); ok {
			return DimOf(f.Body.Yield[j])
		}
		return Sized(a)
	})
}

func (v *verifier) define(x *Value, def *Op, index int) error {
	if int(x.ID) >= len(v.state) || v.f.values[x.ID] != x {
		return fmt.Errorf("%s: a value of another function", v.name(x))
	}
	if v.state[x.ID] != unseen {
		return fmt.Errorf("%s: defined twice", v.name(x))
	}
	if x.Def != def || x.Index != index {
		return fmt.Errorf("%s: does not know where it is defined", v.name(x))
	}
	v.state[x.ID] = inScope
	return nil
}

func (v *verifier) name(x *Value) string {
	if x.Name != "" {
		return x.Name
	}
	return fmt.Sprintf("value %d", x.ID)
}

func (v *verifier) use(x *Value) error {
	switch {
	case x == nil:
		return errors.New("an operand is missing")
	case int(x.ID) >= len(v.state) || v.f.values[x.ID] != x:
		return fmt.Errorf("%s is of another function", v.name(x))
	case v.state[x.ID] != inScope:
		return fmt.Errorf("%s is not there", v.name(x))
	}
	return nil
}

// block looks at a block whose parameters are defined, and leaves its values
// in scope.
func (v *verifier) block(b *Block) error {
	for _, op := range b.Ops {
		if err := v.operation(op); err != nil {
			return fmt.Errorf("%v at %v: %w", op.Code, op.Pos, err)
		}
	}
	for _, x := range b.Yield {
		if err := v.use(x); err != nil {
			return fmt.Errorf("yield: %w", err)
		}
	}
	return nil
}

func (v *verifier) region(b *Block, inspect func() error) error {
	var err error
	b.paramAtoms(v.f, func(x *Value) {
		if err == nil {
			err = v.use(x)
		}
	})
	for i, p := range b.Params {
		if err == nil {
			err = v.define(p, nil, i)
		}
	}
	if err == nil {
		err = v.block(b)
	}
	if err == nil {
		err = inspect()
	}
	for _, p := range b.Params {
		v.state[p.ID] = gone
	}
	for _, op := range b.Ops {
		for _, x := range op.Results {
			v.state[x.ID] = gone
		}
	}
	return err
}

func (v *verifier) operation(op *Op) error {
	var err error
	op.Uses(v.f, func(x *Value) {
		if err == nil {
			err = v.use(x)
		}
	})
	if err == nil {
		err = v.typeRule(op)
	}
	for i, x := range op.Results {
		for _, d := range x.Type.Dims {
			for a := range d.Atoms {
				if err == nil && !v.f.values[a].Type.Equal(Scalar(I64)) {
					err = fmt.Errorf("%s: a size that is no i64", v.name(x))
				}
				if size := v.f.values[a]; err == nil && size.Def == op && size.Index >= i {
					err = fmt.Errorf("%s: a size that comes later", v.name(x))
				}
			}
		}
		if err == nil {
			err = v.define(x, op, i)
		}
	}
	return err
}

func (v *verifier) typeRule(op *Op) error {
	if op.Code.Info().Class != Region && len(op.Regions) > 0 {
		return errors.New("has regions")
	}
	switch op.Code {
	case Const:
		return v.constant(op)
	case Nonzero:
		mask := op.Args[0].Type
		if mask.DType != Bool || mask.Rank() != 1 || len(op.Results) != 2 {
			return errRank
		}
		return v.sameTypes("result", op.Results, []Type{Scalar(I64), ArrayOf(I64, op.Results[0].Dim())}, Sized)
	case If:
		return v.ifRule(op)
	case For:
		return v.forRule(op)
	case While:
		return v.whileRule(op)
	case Map:
		return v.mapRule(op)
	case Call:
		return v.callRule(op)
	case JVP, VJP, Taylor:
		return v.deriveRule(op)
	case PatternOp:
		return v.patternRule(op)
	case Host:
		return nil
	case Lib:
		if m, n, ok := op.Attr.(LibAttr).leastOf(op.Args); ok && !v.isLeast(op.Attr.(LibAttr), m, n) {
			return errors.New("the size k is not min(m, n)")
		}
	}
	types, err := Infer(v.f, op.Code, op.Attr, op.Args)
	if err != nil {
		return err
	}
	return v.sameTypes("result", op.Results, types, Sized)
}

func (v *verifier) constant(op *Op) error {
	if len(op.Results) != 1 || len(op.Args) != 0 {
		return errRank
	}
	t := op.Results[0].Type
	if elements, ok := op.Attr.(ArrayLiteral); ok {
		return elements.fits(t)
	}
	if t.Rank() != 0 {
		return errRank
	}
	return nil
}

// isLeast reports whether the size of a is made as min(m, n).
func (v *verifier) isLeast(a LibAttr, m, n Dim) bool {
	if len(a.Sizes) != 1 {
		return false
	}
	if k, ok := foldSize(SizeMin, m, n); ok {
		return v.f.Canon(a.Sizes[0]).Equal(v.f.Canon(k))
	}
	atom, ok := a.Sizes[0].Atom()
	if !ok || v.f.values[atom].Def == nil {
		return false
	}
	made, ok := v.f.values[atom].Def.Attr.(SizeAttr)
	return ok && made.Key() == SizeAttr{SizeMin, m, n}.Key()
}

// sameTypes compares the types of values with types in which f replaces atoms.
func (v *verifier) sameTypes(what string, values []*Value, types []Type, f func(Atom) Dim) error {
	if len(values) != len(types) {
		return fmt.Errorf("%d %ss, not %d", len(values), what, len(types))
	}
	for i, t := range types {
		want, ok := t.Subst(f)
		if !ok || !v.f.sameType(values[i].Type, want) {
			return fmt.Errorf("%s %d is %s, not %s", what, i, values[i].Type, want)
		}
	}
	return nil
}

// sameType reports whether t and u are one type, where sizes that are
// constants or polynomials count as those.
func (f *Func) sameType(t, u Type) bool {
	return t.DType == u.DType && slices.EqualFunc(t.Dims, u.Dims, func(d, e Dim) bool {
		return d.Equal(e) || f.Canon(d).Equal(f.Canon(e))
	})
}

// Canon is d with atoms that are constants, or values of other Dims, replaced
// by those.
func (f *Func) Canon(d Dim) Dim {
	for range 8 {
		if !f.expands(d) {
			return d
		}
		expanded, ok := d.Subst(func(a Atom) Dim {
			if a < 0 {
				return Sized(a)
			}
			return DimOf(f.values[a])
		})
		if !ok || expanded.Equal(d) {
			return d
		}
		d = expanded
	}
	return d
}

// expands reports whether an atom of d is a constant or the value of a Dim.
func (f *Func) expands(d Dim) bool {
	for a := range d.Atoms {
		if a < 0 || f.values[a].Def == nil {
			continue
		}
		switch f.values[a].Def.Code {
		case Const, SizeOp:
			return true
		}
	}
	return false
}
