package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// A site is an operation as forward mode sees it, in the program that it makes.
type site struct {
	op   *ir.Op      // the copy
	args []*ir.Value // its operands
	y    *ir.Value   // its first result
	d    []dvalue    // the tangents of its operands
}

// tangentRules give the tangent of the result of the operations that are
// Structural in the table, but regions and calls.
var tangentRules = map[ir.Code]func(e *emitter, s site) dvalue{
	ir.Abs:     tangentOfAbs,
	ir.Sign:    tangentOfSign,
	ir.Select:  func(e *emitter, s site) dvalue { return e.choose(s.args[0], s.d[1], s.d[2]) },
	ir.Min:     tangentOfExtreme,
	ir.Max:     tangentOfExtreme,
	ir.Convert: tangentByElement,
	ir.Complex: tangentOfComplex,
	ir.Real:    tangentByElement,
	ir.Imag:    tangentByElement,
	ir.Conj:    tangentByElement,

	ir.Broadcast: tangentByPlace,
	ir.Transpose: tangentByPlace,
	ir.Slice:     tangentByPlace,
	ir.Reshape:   tangentByPlace,
	ir.Retype:    tangentByPlace,
	ir.Gather:    tangentByPlace,

	ir.Update:     tangentOfUpdate,
	ir.Accumulate: tangentOfAccumulate,
	ir.Append:     tangentOfJoin,
	ir.Concat:     tangentOfJoin,

	ir.Reduce:   tangentOfReduce,
	ir.Scan:     tangentOfScan,
	ir.Contract: tangentOfContract,
	ir.Sort:     tangentOfSort,
}

// operation emits the tangent of the result of op, which has been copied and is
// no region and no call.
func (w *forward) operation(e *emitter, op *ir.Op) error {
	s := site{args: w.values(op.Args), y: w.value(op.Results[0]), d: make([]dvalue, len(op.Args))}
	s.op = s.y.Def
	for i, v := range op.Args {
		s.d[i] = w.tangents[v]
	}
	if !slices.ContainsFunc(s.d, func(d dvalue) bool { return !d.zero() }) {
		return nil
	}
	switch rule := tangentRules[op.Code]; {
	case rule != nil:
		w.set(e, op.Results[0], rule(e, s))
	case op.Code.Info().Derivative.Kind == ir.ByPartials:
		w.set(e, op.Results[0], e.byPartials(s))
	case op.Code == ir.Lib:
		return w.library(e, op, s)
	default:
		return unknown(op)
	}
	return nil
}

// unknown is the error of an operation that has no derivative.
func unknown(op *ir.Op) error {
	switch attr := op.Attr.(type) {
	case ir.HostAttr:
		return refuse(op, NoRule, "give it one: derivative "+attr.Name+"(x; dx) = …; or stop_gradient(…) around it",
			"the derivative of the host function %s is not known", attr.Name)
	case ir.LibAttr:
		return refuse(op, NoRule, adviceFor(attr), "the derivative of the kernel %s is not known", attr.Name)
	}
	return refuse(op, NoRule, "", "the derivative of the operation %v is not known", op.Code)
}

// adviceFor is what else there is for a kernel without a derivative.
func adviceFor(attr ir.LibAttr) string {
	switch attr.Name {
	case "qr", "svd": // those with all vectors; the others stand behind rules
		return "the vectors that complete a basis are arbitrary; the projector on their space is not: eye(n) - linalg.pinv(a) @ a"
	}
	return "stop_gradient(…) around it, if its derivative shall not count"
}

// byPartials adds up what each operand contributes.
func (e *emitter) byPartials(s site) dvalue {
	var total dvalue
	for i, d := range s.d {
		total = e.sum(total, e.contribution(s.op.Code, s.args, s.y, i, d))
	}
	return total
}

// again is the operation of s with other first operands.
func (e *emitter) again(s site, first ...*ir.Value) *ir.Value {
	return e.Op(s.op.Code, s.op.Attr, append(first, s.args[len(first):]...)...)
}

// tangentByElement is that of linear operations on elements.
func tangentByElement(e *emitter, s site) dvalue {
	return e.elementwise(s.d[0], func(v *ir.Value) *ir.Value { return e.again(s, v) })
}

// tangentByPlace is that of operations that put elements elsewhere, as they are.
func tangentByPlace(e *emitter, s site) dvalue {
	return e.linear(s.d[0], func(v *ir.Value) *ir.Value { return e.again(s, v) })
}

// tangentOfAbs: the part of the tangent that points away from zero.
func tangentOfAbs(e *emitter, s site) dvalue {
	if s.args[0].Type.DType != ir.C128 {
		return e.byPartials(s)
	}
	away := e.Op(ir.Conj, nil, e.Op(ir.Sign, nil, s.args[0]))
	return e.elementwise(e.mul(s.d[0], away), func(v *ir.Value) *ir.Value { return e.Op(ir.Real, nil, v) })
}

// tangentOfSign is that of z/|z|, which turns: z' across, over |z|. At 0, where
// sign is 0, it is zero.
func tangentOfSign(e *emitter, s site) dvalue {
	z := s.args[0]
	size := e.Op(ir.Abs, nil, z)
	none := e.fill(size.Type, 0)
	turning := e.elementwise(e.mul(s.d[0], e.Op(ir.Conj, nil, s.y)), func(v *ir.Value) *ir.Value {
		return e.Op(ir.Complex, nil, none, e.Op(ir.Div, nil, e.Op(ir.Imag, nil, v), size))
	})
	return e.restrict(e.mul(turning, s.y), e.Op(ir.Eq, nil, size, none), false)
}

// tangentOfComplex puts two tangents together.
func tangentOfComplex(e *emitter, s site) dvalue {
	re, im := s.d[0], s.d[1]
	d := dvalue{mask: re.mask}
	switch {
	case re.zero():
		d.mask = im.mask
	case im.zero() || e.sameMask(re.mask, im.mask):
	default:
		if re.mask != nil && im.mask != nil {
			d.mask = e.Op(ir.Or, nil, re.mask, im.mask)
		} else {
			d.mask = nil
		}
		re, im = e.settled(re), e.settled(im)
	}
	t := s.args[0].Type
	d.v = e.Op(ir.Complex, nil, e.valueOf(re, t), e.valueOf(im, t))
	return d
}

// valueOf is the value of d, a derivative of a value of type t, without its
// mask.
func (e *emitter) valueOf(d dvalue, t ir.Type) *ir.Value {
	if d.zero() {
		return e.fill(t, 0)
	}
	return d.v
}

// A choice tells which operands min or max has chosen: the greater one, or the
// smaller one, and one that is NaN before all others. Of a tie both are.
type choice struct {
	operand [2]*ir.Value
	tie     *ir.Value
}

func (e *emitter) chosen(code ir.Code, a, b *ir.Value) choice {
	below, above := a, b // the first operand is chosen unless it is below
	if code == ir.Min {
		below, above = b, a
	}
	number := func(v *ir.Value) bool {
		literal := known(v)
		return literal != nil && literal.F == literal.F
	}
	over := func(less, more, self, other *ir.Value) *ir.Value {
		if number(other) {
			return e.Op(ir.Not, nil, e.Op(ir.Lt, nil, more, less))
		}
		chosen := e.Op(ir.Le, nil, less, more)
		if !number(self) {
			chosen = e.Op(ir.Or, nil, chosen, e.Op(ir.Not, nil, e.Op(ir.Eq, nil, self, self)))
		}
		return chosen
	}
	c := choice{operand: [2]*ir.Value{over(above, below, a, b), over(below, above, b, a)}}
	if number(a) || number(b) {
		c.tie = e.Op(ir.Eq, nil, a, b)
	} else {
		c.tie = e.Op(ir.And, nil, c.operand[0], c.operand[1])
	}
	return c
}

// half is 1/2 in the shape of t.
func (e *emitter) half(t ir.Type) *ir.Value {
	return e.Broadcast(e.Const(t.DType, ir.Literal{F: 0.5}), t.Dims...)
}

// tangentOfExtreme is that of min and max: of the operand that is chosen; of
// two equal ones half of each.
func tangentOfExtreme(e *emitter, s site) dvalue {
	c := e.chosen(s.op.Code, s.args[0], s.args[1])
	da, db := s.d[0], s.d[1]
	t := s.args[0].Type
	if da.kind() == dense && db.kind() == dense {
		both := e.Op(ir.Mul, nil, e.Op(ir.Add, nil, da.v, db.v), e.half(t))
		return dvalue{v: e.Op(ir.Select, nil, c.tie, both, e.Op(ir.Select, nil, c.operand[0], da.v, db.v))}
	}
	share := e.Op(ir.Select, nil, c.tie, e.half(t), e.fill(t, 1))
	var total dvalue
	for i, d := range s.d {
		total = e.sum(total, e.restrict(e.mul(d, share), c.operand[i], true))
	}
	return total
}

// tangentOfSort puts tangents where the elements go.
func tangentOfSort(e *emitter, s site) dvalue {
	return e.alongLast(s.d[0], e.Op(ir.ArgSort, nil, s.args[0]))
}

// alongLast is d at places along its last axis, of which each row has its own.
func (e *emitter) alongLast(d dvalue, places *ir.Value) dvalue {
	attr := ir.IndexAttr{Spec: "t", Batch: places.Type.Rank() - 1}
	return e.linear(d, func(v *ir.Value) *ir.Value { return e.Op(ir.Gather, attr, v, places) })
}
