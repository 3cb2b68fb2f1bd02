// Package simplify replaces operations by cheaper ones that give the same bits:
// it computes with constants, applies the rules of the table, composes views,
// and takes the block of an if that is decided. Floating-point arithmetic is
// taken as it is: no rule may change a NaN, an infinity or a signed zero.
package simplify

import (
	"math"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/rewrite"
)

// Run works on all functions of m. Powers stay while there are derivatives to be
// taken: that of x^3 is 3*x^2.
func Run(m *ir.Module) error {
	keepsPowers := m.Derives()
	for _, f := range m.Funcs {
		s := &simplifier{f: f, r: rewrite.New(f), keepsPowers: keepsPowers}
		s.r.Walk(func(op *ir.Op) bool { return !s.replace(op) })
	}
	return nil
}

type simplifier struct {
	f *ir.Func
	r *rewrite.Rewriter

	keepsPowers bool
}

// replace puts something else in the place of op, if it knows something.
func (s *simplifier) replace(op *ir.Op) bool {
	switch op.Code.Info().Class {
	case ir.Region:
		return s.decided(op)
	case ir.Creation:
		return s.size(op)
	case ir.Effect:
		c, ok := constant(first(op))
		return ok && op.Code == ir.Check && c.I != 0
	}
	if len(op.Results) != 1 {
		return false
	}
	b := ir.NewBuilder(s.f, &ir.Block{}).From(op)
	v := fold(b, op)
	if v == nil && !(op.Code == ir.Pow && s.keepsPowers) {
		v = byRule(b, op)
	}
	if v == nil && op.Code.Info().Class == ir.Elementwise {
		v = beforeBroadcast(b, op)
	}
	if v == nil {
		v = compose(s.f, b, op)
	}
	if v == nil {
		return false
	}
	if v.Name == "" && v.Def != nil {
		v.Name = op.Results[0].Name
	}
	s.r.Replace(op.Results[0], v)
	s.r.Insert(b.Block.Ops)
	return true
}

func first(op *ir.Op) *ir.Value {
	if len(op.Args) == 0 {
		return &ir.Value{}
	}
	return op.Args[0]
}

// size lets types mention numbers and polynomials instead of the values that
// are these, and computes what is known of SizeOps.
func (s *simplifier) size(op *ir.Op) bool {
	v := op.Results[0]
	if v.Type.DType != ir.I64 || v.Type.Rank() != 0 {
		return false
	}
	if d := ir.DimOf(v); !d.Equal(v.Dim()) {
		s.r.ReplaceSize(v, d)
	}
	attr, ok := op.Attr.(ir.SizeAttr)
	if !ok {
		return false
	}
	d, ok := attr.Fold()
	_, isAtom := d.Atom()
	_, isConst := d.Const()
	if !ok || attr.Kind == ir.SizeValue && !isAtom && !isConst {
		return false
	}
	b := ir.NewBuilder(s.f, &ir.Block{}).From(op)
	s.r.Replace(v, b.SizeValue(d))
	s.r.Insert(b.Block.Ops)
	return true
}

// decided takes the block of an if whose condition is known, and the body of a
// for that runs once or never.
func (s *simplifier) decided(op *ir.Op) bool {
	switch op.Code {
	case ir.If:
		c, ok := constant(op.Args[0])
		if !ok {
			return false
		}
		region := op.Regions[1]
		if c.I != 0 {
			region = op.Regions[0]
		}
		s.inPlace(op, region)
		return true
	case ir.For:
		lo, ok1 := constant(op.Args[0])
		hi, ok2 := constant(op.Args[1])
		body := op.Regions[0]
		switch {
		case !ok1 || !ok2:
			return false
		case hi.I <= lo.I:
			for i, v := range op.Results {
				s.r.Replace(v, op.Args[2+i])
			}
			return true
		case hi.I-1 == lo.I:
			s.r.Replace(body.Params[0], op.Args[0])
			for i, v := range body.Params[1:] {
				s.r.Replace(v, op.Args[2+i])
			}
			s.inPlace(op, body)
			return true
		}
	}
	return false
}

func (s *simplifier) inPlace(op *ir.Op, region *ir.Block) {
	for i, v := range op.Results {
		s.r.Replace(v, region.Yield[i])
	}
	s.r.Insert(region.Ops)
}

// fold computes an elementwise operation on constants.
func fold(b *ir.Builder, op *ir.Op) *ir.Value {
	if op.Code.Info().Class != ir.Elementwise {
		return nil
	}
	args := make([]ir.Literal, len(op.Args))
	for i, v := range op.Args {
		var ok bool
		if args[i], ok = constant(v); !ok {
			return nil
		}
	}
	t := op.Results[0].Type
	lit, ok := ir.EvalScalar(op.Code, op.Attr, op.Args[len(op.Args)-1].Type.DType, args)
	if !ok {
		return nil
	}
	return b.Broadcast(b.Const(t.DType, lit), t.Dims...)
}

// byRule applies the first rule that fits.
func byRule(b *ir.Builder, op *ir.Op) *ir.Value {
	for _, rule := range byCode[op.Code] {
		letters := map[byte]*ir.Value{}
		if !rule.left.matchArgs(op.Args, letters) {
			continue
		}
		about := letters['x']
		if about == nil {
			about = letters['c']
		}
		for _, t := range rule.types {
			if t == about.Type.DType {
				return rule.right.build(b, op.Results[0].Type, letters)
			}
		}
	}
	switch op.Code {
	case ir.Div:
		return byReciprocal(b, op)
	case ir.Neg:
		if c, y, ok := multiple(op.Args[0]); ok {
			return scaled(b, -c, y)
		}
	case ir.Mul:
		return doubled(b, op)
	}
	return nil
}

// doubled takes two factors for one: c * (k * y) is (c * k) * y, where k is a
// power of 2 from 1 on, so that k * y and c * k are exact, and c is no less than
// 1, so that it makes nothing finite of what overflows.
func doubled(b *ir.Builder, op *ir.Op) *ir.Value {
	c, x, ok := multiple(op.Results[0])
	if !ok || math.Abs(c) < 1 {
		return nil
	}
	k, y, ok := multiple(x)
	if fraction, _ := math.Frexp(k); !ok || math.Abs(fraction) != 0.5 || math.Abs(k) < 1 {
		return nil
	}
	limit := math.MaxFloat64
	if y.Type.DType == ir.F32 {
		limit = math.MaxFloat32
	}
	if product := c * k; math.Abs(product) <= limit {
		return scaled(b, product, y)
	}
	return nil
}

// multiple takes v apart if it is a number times something.
func multiple(v *ir.Value) (c float64, y *ir.Value, ok bool) {
	if v.Def == nil || v.Def.Code != ir.Mul || !v.Type.DType.IsFloat() {
		return 0, nil, false
	}
	for i, x := range v.Def.Args {
		if lit, ok := constant(x); ok {
			return lit.F, v.Def.Args[1-i], true
		}
	}
	return 0, nil, false
}

func scaled(b *ir.Builder, c float64, y *ir.Value) *ir.Value {
	factor := b.Const(y.Type.DType, ir.Literal{F: c})
	return b.Op(ir.Mul, nil, b.Broadcast(factor, y.Type.Dims...), y)
}

// byReciprocal multiplies by the reciprocal of a power of 2, which is exact.
func byReciprocal(b *ir.Builder, op *ir.Op) *ir.Value {
	x, y := op.Args[0], op.Args[1]
	c, ok := constant(y)
	fraction, exponent := math.Frexp(c.F)
	if !ok || !y.Type.DType.IsFloat() || math.Abs(fraction) != 0.5 {
		return nil
	}
	if limit := map[ir.DType]int{ir.F32: 126, ir.F64: 1022}[y.Type.DType]; exponent > limit || exponent < -limit {
		return nil
	}
	reciprocal := b.Const(y.Type.DType, ir.Literal{F: 1 / c.F})
	return b.Op(ir.Mul, nil, x, b.Broadcast(reciprocal, y.Type.Dims...))
}

// beforeBroadcast computes with scalars what would be computed with arrays that
// repeat them.
func beforeBroadcast(b *ir.Builder, op *ir.Op) *ir.Value {
	t := op.Results[0].Type
	if t.Rank() == 0 || op.Code.Info().MayFail(op) {
		return nil
	}
	scalars := make([]*ir.Value, len(op.Args))
	for i, v := range op.Args {
		if v.Def == nil || v.Def.Code != ir.Broadcast || v.Def.Args[0].Type.Rank() != 0 {
			return nil
		}
		scalars[i] = v.Def.Args[0]
	}
	return b.Broadcast(b.Op(op.Code, op.Attr, scalars...), t.Dims...)
}
