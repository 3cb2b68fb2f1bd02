package typecheck

import (
	"fmt"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Operators: arithmetic, comparison, truth, broadcasting.

// A operand is an argument of an operator with the syntax it comes from.
type operand struct {
	value
	e ast.Expr
}

func (c *checker) unary(e *ast.Unary) value {
	v := c.expr(e.X)
	if v.isBad() {
		return bad
	}
	switch e.Op {
	case "not":
		v = c.strong(v)
		if a, ok := v.array(); !ok || a.DType != ir.Bool {
			return c.fail(e.Span, ast.CodeTypeMismatch, "not wants a bool, and this is %s", c.show(v.t)).value()
		}
		if v.konst != nil {
			return boolValue(v.konst.i == 0, e.Span)
		}
		return c.elementwise(ir.Not, ir.Bool, []value{v}, e.Span)
	case "+":
		if _, ok := v.array(); !ok && !isStructure(v.t) {
			return c.fail(e.Span, ast.CodeTypeMismatch, "+ wants numbers, and this is %s", c.show(v.t)).value()
		}
		return v
	}
	if v.lit != nil {
		return c.literalValue(&literal{op: "neg", kind: v.lit.kind, args: []*literal{v.lit}, dims: v.lit.dims, span: e.Span})
	}
	if isStructure(v.t) {
		return c.eachPart([]value{v}, e.Span, func(parts []value) value { return c.negate(parts[0], e.Span) })
	}
	return c.negate(v, e.Span)
}

func (c *checker) negate(v value, span ast.Span) value {
	a, ok := v.array()
	if !ok {
		return c.fail(span, ast.CodeTypeMismatch, "- wants numbers, and this is %s", c.show(v.t)).value()
	}
	if a.DType == ir.Bool {
		v = c.convert(v, ir.I64)
	}
	return c.arithmetic("neg", []value{v}, span)
}

func isStructure(t Type) bool {
	switch t.(type) {
	case Tuple, Record:
		return true
	}
	return false
}

func (c *checker) binary(e *ast.Binary) value {
	if e.Op == "and" || e.Op == "or" {
		return c.logical(e)
	}
	// A chain of one level, a + b + c + …, is deep on its left.
	var chain []*ast.Binary
	left := ast.Expr(e)
	for {
		b, ok := left.(*ast.Binary)
		if !ok || b.Op == "and" || b.Op == "or" {
			break
		}
		chain = append(chain, b)
		left = b.X
	}
	v := c.expr(left)
	for i := len(chain) - 1; i >= 0; i-- {
		b := chain[i]
		w := c.expr(b.Y)
		v = c.binaryOp(b.Op, operand{v, b.X}, operand{w, b.Y}, b.Span)
	}
	return v
}

// binaryOp is x op y for + - * / // % @ ^.
func (c *checker) binaryOp(op string, x, y operand, span ast.Span) value {
	if x.isBad() || y.isBad() {
		return bad
	}
	if op == "@" {
		return c.matmul(c.strong(x.value), c.strong(y.value), x.e, y.e, span)
	}
	if x.lit != nil && y.lit != nil {
		lit := &literal{op: op, kind: max(x.lit.kind, y.lit.kind), args: []*literal{x.lit, y.lit}, span: span}
		if op == "/" {
			lit.kind = max(lit.kind, ir.F64)
		}
		dims, ok := c.broadcastDims([]value{x.value, y.value})
		if !ok {
			return c.broadcastError(op, []operand{x, y}, span)
		}
		lit.dims = dims
		return c.literalValue(lit)
	}
	if (isStructure(x.t) || isStructure(y.t)) && strings.Contains("+ - * /", op) {
		return c.eachPart([]value{x.value, y.value}, span, func(parts []value) value {
			return c.binaryOp(op, operand{parts[0], nil}, operand{parts[1], nil}, span)
		})
	}
	for _, o := range []operand{x, y} {
		if _, ok := o.array(); !ok {
			d := c.fail(span, ast.CodeTypeMismatch, "%s wants numbers, and this is %s", op, c.show(o.t))
			d.Span = o.span
			if o.t != nil && c.show(o.t) == "str" {
				d.Hint = "print takes several arguments: print(\"x is\", x)"
			}
			return d.value()
		}
	}
	both := c.meet([]value{x.value, y.value})
	if both[0].isBad() || both[1].isBad() {
		return bad
	}
	if _, ok := c.broadcastDims(both); !ok {
		return c.broadcastError(op, []operand{{both[0], x.e}, {both[1], y.e}}, span)
	}
	return c.binaryArrays(op, both[0], both[1], span)
}

var binaryCodes = map[string]ir.Code{
	"+": ir.Add, "-": ir.Sub, "*": ir.Mul, "/": ir.Div, "//": ir.FloorDiv, "%": ir.Mod, "^": ir.Pow, "neg": ir.Neg,
}

// binaryArrays is x op y on arrays of one dtype.
func (c *checker) binaryArrays(op string, x, y value, span ast.Span) value {
	if x.isBad() || y.isBad() {
		return bad
	}
	t := x.t.(Array).DType
	if t == ir.Bool {
		t = ir.I64
		if op == "/" {
			t = ir.F64
		}
	}
	if t == ir.I64 && op == "/" {
		t = ir.F64
	}
	if t == ir.C128 && (op == "//" || op == "%") {
		return c.fail(span, ast.CodeTypeMismatch, "%s is not defined on complex numbers", op).value()
	}
	return c.arithmetic(op, []value{c.convert(x, t), c.convert(y, t)}, span)
}

// arithmetic is an operator on numbers of one dtype. It keeps what is known.
func (c *checker) arithmetic(op string, args []value, span ast.Span) value {
	for _, v := range args {
		if v.isBad() {
			return bad
		}
	}
	if v, ok := c.fold(op, args, span); ok {
		return v
	}
	t := args[0].t.(Array).DType
	v := c.elementwise(binaryCodes[op], t, args, span)
	if t != ir.I64 || v.isBad() || len(v.t.(Array).Dims) != 0 {
		return v
	}
	if op == "neg" && args[0].size != nil {
		if d, ok := c.arith("-", ir.Size(0), *args[0].size); ok {
			v.size = &d
		}
	} else if op != "^" && op != "neg" && args[0].size != nil && args[1].size != nil {
		if d, ok := c.arith(op, *args[0].size, *args[1].size); ok {
			v.size = &d
		}
	}
	return v
}

// fold computes with constants.
func (c *checker) fold(op string, args []value, span ast.Span) (value, bool) {
	for _, v := range args {
		if v.konst == nil || v.rank() != 0 || v.konst.dt != 0 {
			return bad, false
		}
	}
	a := args[0].konst
	if op == "neg" {
		switch a.kind {
		case ir.I64:
			return intValue(-a.i, span), true
		case ir.F64:
			return constant{kind: ir.F64, f: -a.f}.value(span), true
		}
		return bad, false
	}
	b := args[1].konst
	switch a.kind {
	case ir.I64:
		x, y := a.i, b.i
		switch op {
		case "+":
			return intValue(x+y, span), true
		case "-":
			return intValue(x-y, span), true
		case "*":
			return intValue(x*y, span), true
		case "//", "%":
			if y == 0 {
				d := c.fail(span, ast.CodeDivisionByZero, "%d %s 0: an integer is divided by zero", x, op)
				d.Hint = "use / for a float, or 0.0"
				return d.value(), true
			}
			q, r := floorDivMod(x, y)
			if op == "//" {
				return intValue(q, span), true
			}
			return intValue(r, span), true
		case "^":
			if y < 0 {
				d := c.fail(span, ast.CodeNegativePower, "%d ^ %d: an integer has no negative power", x, y)
				d.Hint = fmt.Sprintf("write %d.0^%d for a float", x, y)
				return d.value(), true
			}
			return intValue(integerPower(x, y), span), true
		}
	case ir.F64:
		x, y := a.f, b.f
		var r float64
		switch op {
		case "+":
			r = x + y
		case "-":
			r = x - y
		case "*":
			r = x * y
		case "/":
			r = x / y
		default:
			return bad, false
		}
		if r != r {
			return bad, false
		}
		return constant{kind: ir.F64, f: r}.value(span), true
	}
	return bad, false
}

func integerPower(x, n int64) int64 {
	r := int64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r *= x
		}
		x *= x
	}
	return r
}
