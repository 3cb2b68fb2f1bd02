package diff

import (
	"fmt"

	"github.com/calx-lang/calx/ir"
)

// A term is what an expression of the table is in the program: a number (or a
// truth) that is known, or a value.
type term struct {
	literal *ir.Literal
	v       *ir.Value
	dtype   ir.DType
}

// A partials puts the expressions of the table into a program, for one
// operation.
type partials struct {
	e     *emitter
	names map[string]*ir.Value // the operands, and y
	t     ir.Type              // of all of them
}

// contribution is the partial derivative of op by its operand i, times d. args
// and y are the operands and the result of op where the code is emitted. The
// operation has partials in the table.
func (e *emitter) contribution(code ir.Code, args []*ir.Value, y *ir.Value, i int, d dvalue) dvalue {
	if d.zero() {
		return d
	}
	info := code.Info()
	p := &partials{e: e, names: map[string]*ir.Value{"y": y}, t: args[i].Type}
	for k, name := range info.Operands {
		p.names[name] = args[k]
	}
	expr := parsed(info.Derivative.Partials[i])
	if expr.op == "/" {
		if top := p.eval(expr.args[0]); top.literal != nil {
			below := p.value(p.eval(expr.args[1]))
			return e.elementwise(p.times(d, top), func(v *ir.Value) *ir.Value { return e.Op(ir.Div, nil, v, below) })
		}
	}
	return p.times(d, p.eval(expr))
}

// times is d multiplied by a term.
func (p *partials) times(d dvalue, factor term) dvalue {
	if factor.literal != nil {
		switch *factor.literal {
		case p.number(0):
			return dvalue{}
		case p.number(1):
			return d
		case p.number(-1):
			return p.e.neg(d)
		}
	}
	return p.e.mul(d, p.value(factor))
}

// number is x as a constant of the dtype of the operands.
func (p *partials) number(x float64) ir.Literal {
	if p.t.DType == ir.C128 {
		return ir.Literal{C: complex(x, 0)}
	}
	return ir.Literal{F: x}
}

// is reports whether t is the number x.
func (p *partials) is(t term, x float64) bool { return t.literal != nil && *t.literal == p.number(x) }

// value is t as an array of the shape of the operands.
func (p *partials) value(t term) *ir.Value {
	if t.literal == nil {
		return t.v
	}
	return p.e.Broadcast(p.e.Const(t.dtype, *t.literal), p.t.Dims...)
}

// known is v as a number, if it is a constant that is the same everywhere.
func known(v *ir.Value) *ir.Literal {
	for v.Def != nil && v.Def.Code == ir.Broadcast {
		v = v.Def.Args[0]
	}
	if v.Def == nil || v.Def.Code != ir.Const {
		return nil
	}
	if literal, ok := v.Def.Attr.(ir.Literal); ok {
		return &literal
	}
	return nil
}

// eval puts an expression into the program. What is known is computed.
func (p *partials) eval(x *expression) term {
	switch {
	case x.op == "number":
		n := p.number(x.number)
		return term{literal: &n, dtype: p.t.DType}
	case x.op == "name":
		v := p.names[x.name]
		return term{known(v), v, v.Type.DType}
	}
	args := make([]term, len(x.args))
	for i, arg := range x.args {
		args[i] = p.eval(arg)
	}
	return p.apply(x.op, args)
}

// codes are the operations that operators stand for; functions have the names
// of the table.
var codes = map[string]ir.Code{
	"+": ir.Add, "-": ir.Sub, "*": ir.Mul, "/": ir.Div, "//": ir.FloorDiv, "^": ir.Pow,
	"==": ir.Eq, "<": ir.Lt, "<=": ir.Le, "where": ir.Select,
}

func (p *partials) apply(op string, args []term) term {
	switch op {
	case ">", ">=":
		op = map[string]string{">": "<", ">=": "<="}[op]
		args[0], args[1] = args[1], args[0]
	}
	code, ok := codes[op]
	if !ok {
		code = ir.CodeOf(op)
	}
	if t, ok := p.shortcut(code, args); ok {
		return t
	}
	operand := args[len(args)-1].dtype
	if operand == ir.C128 && (code == ir.Lt || code == ir.Le) {
		for i := range args {
			args[i] = p.apply("real", args[i:i+1])
		}
		operand = ir.F64
	}
	literals, all := make([]ir.Literal, len(args)), true
	for i, arg := range args {
		if arg.literal == nil {
			all = false
			break
		}
		literals[i] = *arg.literal
	}
	if all {
		if result, ok := ir.EvalScalar(code, nil, operand, literals); ok {
			return term{literal: &result, dtype: resultOf(code, operand)}
		}
	}
	values := make([]*ir.Value, len(args))
	for i, arg := range args {
		values[i] = p.value(arg)
	}
	v := p.e.Op(code, nil, values...)
	return term{nil, v, v.Type.DType}
}

// resultOf is the dtype that an operation of the expressions gives.
func resultOf(code ir.Code, operand ir.DType) ir.DType {
	switch {
	case code == ir.Eq || code == ir.Lt || code == ir.Le:
		return ir.Bool
	case operand == ir.C128 && (code == ir.Real || code == ir.Abs):
		return ir.F64
	}
	return operand
}

// shortcut is an operation that one known operand decides.
func (p *partials) shortcut(code ir.Code, args []term) (term, bool) {
	truth := func(t term, x bool) bool { return t.literal != nil && (t.literal.I != 0) == x }
	switch code {
	case ir.Select:
		if truth(args[0], true) {
			return args[1], true
		}
		if truth(args[0], false) {
			return args[2], true
		}
	case ir.And, ir.Or:
		neutral := code == ir.And
		for i := range args {
			if truth(args[i], neutral) {
				return args[1-i], true
			}
			if truth(args[i], !neutral) {
				return args[i], true
			}
		}
	case ir.Mul:
		for i := range args {
			if p.is(args[i], 0) { // as the exponent of a power, which is a constant then
				return args[i], true
			}
			if p.is(args[i], 1) {
				return args[1-i], true
			}
		}
	case ir.Pow:
		if p.is(args[1], 1) {
			return args[0], true
		}
		if p.is(args[1], 0) {
			one := p.number(1)
			return term{literal: &one, dtype: p.t.DType}, true
		}
	}
	return term{}, false
}

// checkPartials looks whether all texts of the table can be read.
func checkPartials() error {
	for code := range ir.Ops {
		info := &ir.Ops[code]
		for _, text := range info.Derivative.Partials {
			if _, err := parseExpression(text, info.Operands); err != nil {
				return fmt.Errorf("%s: %w", info.Name, err)
			}
		}
	}
	return nil
}
