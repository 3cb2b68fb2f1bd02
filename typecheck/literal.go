package typecheck

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Literals, which take the dtype of what they meet.

// A literal is an expression of number literals and named constants.
type literal struct {
	op      string // "" for a number, "neg", "list", or a binary operator
	integer *big.Int
	float   float64
	kind    ir.DType // I64, F64 or C128, of the number or the whole
	args    []*literal
	dims    []ir.Dim
	span    ast.Span
}

func (c *checker) numberLiteral(n *ast.Number) value {
	text := strings.ReplaceAll(n.Text, "_", "")
	lit := &literal{span: n.Span, kind: ir.F64}
	switch {
	case strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0X"):
		lit.kind = ir.I64
		lit.integer, _ = new(big.Int).SetString(text[2:], 16)
	case strings.HasSuffix(text, "i"):
		lit.kind = ir.C128
		text = strings.TrimSuffix(text, "i")
	case !strings.ContainsAny(text, ".eE"):
		lit.kind = ir.I64
		lit.integer, _ = new(big.Int).SetString(text, 10)
	}
	if lit.integer != nil {
		lit.float, _ = new(big.Float).SetInt(lit.integer).Float64()
	} else if f, err := strconv.ParseFloat(text, 64); err == nil {
		lit.float = f
	} else {
		return c.fail(n.Span, ast.CodeNumberSize, "the number %s is too large for f64", n.Text).value()
	}
	return c.literalValue(lit)
}

func (c *checker) floatLiteral(f float64, span ast.Span) value {
	return c.literalValue(&literal{float: f, kind: ir.F64, span: span})
}

func (c *checker) literalValue(lit *literal) value {
	return value{t: Array{lit.kind, lit.dims}, lit: lit, span: lit.span}
}

// strong gives a value of literals the type that it has alone.
func (c *checker) strong(v value) value {
	if v.lit == nil {
		return v
	}
	return c.materialize(v.lit, v.lit.kind)
}

// materialize evaluates literals in the dtype t.
func (c *checker) materialize(lit *literal, t ir.DType) value {
	switch lit.op {
	case "":
		return c.materializeNumber(lit, t)
	case "neg":
		if arg := lit.args[0]; t == ir.I64 && arg.op == "" && arg.integer != nil {
			return c.intConst(new(big.Int).Neg(arg.integer), lit.span)
		}
		v := c.arithmetic("neg", []value{c.materialize(lit.args[0], t)}, lit.span)
		v.span = lit.span
		return v
	case "list":
		elems := make([]value, len(lit.args))
		for i, arg := range lit.args {
			elems[i] = c.materialize(arg, t)
		}
		return c.stackValues(elems, t, lit.span)
	}
	v := c.binaryArrays(lit.op, c.materialize(lit.args[0], t), c.materialize(lit.args[1], t), lit.span)
	v.span = lit.span
	return v
}

func (c *checker) materializeNumber(lit *literal, t ir.DType) value {
	switch t {
	case ir.I64:
		if lit.integer == nil {
			return c.fail(lit.span, ast.CodeTypeMismatch, "%s is not an integer", lit.span.Text()).value()
		}
		return c.intConst(lit.integer, lit.span)
	case ir.F32:
		return constant{kind: ir.F32, f: float64(float32(lit.float))}.value(lit.span)
	case ir.C128:
		if lit.kind == ir.C128 {
			return constant{kind: ir.C128, c: complex(0, lit.float)}.value(lit.span)
		}
		return constant{kind: ir.C128, c: complex(lit.float, 0)}.value(lit.span)
	}
	return constant{kind: ir.F64, f: lit.float}.value(lit.span)
}

func (c *checker) intConst(n *big.Int, span ast.Span) value {
	if !n.IsInt64() {
		d := c.fail(span, ast.CodeNumberSize, "%s does not fit in i64", span.Text())
		d.Hint = "write " + n.String() + ".0 for a float"
		return d.value()
	}
	return intValue(n.Int64(), span)
}
