package diff

import "github.com/calx-lang/calx/ir"

// adjoint adds to the cotangents of the operands of op what those of its results
// contribute.
func (fr *frame) adjoint(op *ir.Op) {
	switch op.Code {
	case ir.If:
		fr.reverseIf(op)
		return
	case ir.For, ir.While:
		fr.reverseLoop(op)
		return
	case ir.Map:
		fr.reverseMap(op)
		return
	case ir.Call:
		fr.reverseCall(op)
		return
	case ir.Lib:
		fr.library(op)
		return
	}
	if len(op.Results) != 1 || !fr.active(op.Results[0]) {
		return
	}
	y := op.Results[0]
	d := fr.cotangent(y)
	if d.zero() {
		return
	}
	if rule := adjointOf(op.Code); rule != nil {
		rule(fr, op, d)
		return
	}
	switch op.Code.Info().Derivative.Kind {
	case ir.ByPartials:
		fr.byPartials(op, d)
	case ir.Refused, ir.Structural:
		fr.refuse(op)
	}
}

// refuse notes that op has no derivative that is known.
func (fr *frame) refuse(op *ir.Op) {
	if fr.failure == nil {
		fr.failure = unknown(op)
	}
}

// adjointOf is the adjoint of the operations that the table calls structural, and
// of those that are not what their partials say where numbers are complex; nil
// for others. It takes the cotangent of the result, which is not zero.
func adjointOf(code ir.Code) func(fr *frame, op *ir.Op, d dvalue) {
	switch code {
	case ir.Abs:
		return adjointAbs
	case ir.Sign:
		return adjointSign
	case ir.Min, ir.Max:
		return adjointExtreme
	case ir.Select:
		return adjointSelect
	case ir.Convert:
		return adjointConvert
	case ir.Complex:
		return adjointComplex
	case ir.Real:
		return adjointReal
	case ir.Imag:
		return adjointImag
	case ir.Conj:
		return adjointConj
	case ir.Broadcast:
		return adjointBroadcast
	case ir.Transpose:
		return adjointTranspose
	case ir.Slice:
		return adjointSlice
	case ir.Reshape, ir.Retype:
		return adjointReshape
	case ir.Gather:
		return adjointGather
	case ir.Update:
		return adjointUpdate
	case ir.Accumulate:
		return adjointAccumulate
	case ir.Append, ir.Concat:
		return adjointConcat
	case ir.Reduce:
		return adjointReduce
	case ir.Scan:
		return adjointScan
	case ir.Contract:
		return adjointContract
	case ir.Sort:
		return adjointSort
	}
	return nil
}

// byPartials is the adjoint of an elementwise operation with partial
// derivatives in the table. Only what they name is needed.
func (fr *frame) byPartials(op *ir.Op, d dvalue) {
	info := op.Code.Info()
	y := op.Results[0]
	for i, x := range op.Args {
		if !fr.active(x) {
			continue
		}
		expr := parsed(info.Derivative.Partials[i])
		absent := &ir.Value{Type: fr.typ(x.Type)}
		args := make([]*ir.Value, len(op.Args))
		for k, v := range op.Args {
			if args[k] = absent; expr.mentions(info.Operands[k]) {
				args[k] = fr.need(v)
			}
		}
		result := absent
		if expr.mentions("y") {
			result = fr.need(y)
		}
		fr.add(x, fr.e.contribution(op.Code, args, result, i, d))
	}
}

// mentions reports whether name occurs in x.
func (x *expression) mentions(name string) bool {
	if x.op == "name" && x.name == name {
		return true
	}
	for _, arg := range x.args {
		if arg.mentions(name) {
			return true
		}
	}
	return false
}

// adjointAbs: of z, d conj(z)/|z|.
func adjointAbs(fr *frame, op *ir.Op, d dvalue) {
	x := op.Args[0]
	if x.Type.DType != ir.C128 {
		fr.byPartials(op, d)
		return
	}
	z := fr.need(x)
	direction := fr.e.Op(ir.Conj, nil, fr.e.Op(ir.Sign, nil, z))
	wide := fr.e.elementwise(d, func(v *ir.Value) *ir.Value { return fr.e.Convert(v, ir.C128) })
	fr.add(x, fr.e.mul(wide, direction))
}

// adjointSign: of s = z/|z| the derivative is i s Im(conj(s) dz)/|z|, which
// d s = u + iv pairs to i v conj(s)/|z|; at 0, where sign is 0, it is zero.
func adjointSign(fr *frame, op *ir.Op, d dvalue) {
	x := op.Args[0]
	if x.Type.DType != ir.C128 {
		return
	}
	e := fr.e
	z, s := fr.need(x), fr.need(op.Results[0])
	size := e.Op(ir.Abs, nil, z)
	none := e.fill(size.Type, 0)
	u := e.elementwise(e.mul(d, s), func(v *ir.Value) *ir.Value {
		return e.Op(ir.Complex, nil, none, e.Op(ir.Div, nil, e.Op(ir.Imag, nil, v), size))
	})
	fr.add(x, e.restrict(e.mul(u, e.Op(ir.Conj, nil, s)), e.Op(ir.Eq, nil, size, none), false))
}

// adjointExtreme: what was chosen gets the cotangent; equal operands share it.
func adjointExtreme(fr *frame, op *ir.Op, d dvalue) {
	e := fr.e
	c := e.chosen(op.Code, fr.need(op.Args[0]), fr.need(op.Args[1]))
	shared := e.elementwise(d, func(v *ir.Value) *ir.Value {
		return e.Op(ir.Select, nil, c.tie, e.Op(ir.Mul, nil, v, e.half(v.Type)), v)
	})
	for i, x := range op.Args {
		if fr.active(x) {
			fr.add(x, e.restrict(shared, c.operand[i], true))
		}
	}
}

func adjointSelect(fr *frame, op *ir.Op, d dvalue) {
	c := fr.need(op.Args[0])
	if fr.active(op.Args[1]) {
		fr.add(op.Args[1], fr.e.restrict(d, c, true))
	}
	if fr.active(op.Args[2]) {
		fr.add(op.Args[2], fr.e.restrict(d, c, false))
	}
}

func adjointConvert(fr *frame, op *ir.Op, d dvalue) {
	x := op.Args[0]
	fr.add(x, fr.e.keeping(d, func(v *ir.Value) *ir.Value {
		if v.Type.DType == ir.C128 && x.Type.DType != ir.C128 {
			v = fr.e.Op(ir.Real, nil, v)
		}
		return fr.e.Convert(v, x.Type.DType)
	}))
}

// keeping applies a linear operation on elements that makes 0 of 0.
func (e *emitter) keeping(d dvalue, f func(v *ir.Value) *ir.Value) dvalue {
	u := e.elementwise(d, f)
	if e.isExact(d) {
		return e.exactly(u)
	}
	return u
}

// isExact reports whether d is zero already where its mask is false.
func (e *emitter) isExact(d dvalue) bool { return d.mask != nil && e.exact[d.v] == d.mask }

// Complex numbers: the cotangent z̄ of z means Re(z̄ dz), without a conjugate.

func adjointComplex(fr *frame, op *ir.Op, d dvalue) {
	fr.add(op.Args[0], fr.e.keeping(d, func(v *ir.Value) *ir.Value { return fr.e.Op(ir.Real, nil, v) }))
	fr.add(op.Args[1], fr.e.keeping(d, func(v *ir.Value) *ir.Value {
		return fr.e.Op(ir.Neg, nil, fr.e.Op(ir.Imag, nil, v))
	}))
}

func adjointReal(fr *frame, op *ir.Op, d dvalue) {
	fr.add(op.Args[0], fr.e.keeping(d, func(v *ir.Value) *ir.Value {
		return fr.e.Op(ir.Complex, nil, v, fr.e.fill(v.Type, 0))
	}))
}

func adjointImag(fr *frame, op *ir.Op, d dvalue) {
	fr.add(op.Args[0], fr.e.keeping(d, func(v *ir.Value) *ir.Value {
		return fr.e.Op(ir.Complex, nil, fr.e.fill(v.Type, 0), fr.e.Op(ir.Neg, nil, v))
	}))
}

func adjointConj(fr *frame, op *ir.Op, d dvalue) {
	fr.add(op.Args[0], fr.e.keeping(d, func(v *ir.Value) *ir.Value { return fr.e.Op(ir.Conj, nil, v) }))
}
