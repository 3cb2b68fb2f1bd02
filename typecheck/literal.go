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
	op      string // "" for a number, "neg", "list", "numbers", or a binary operator
	integer *big.Int
	float   float64
	kind    ir.DType // I64, F64 or C128, of the number or the whole
	args    []*literal
	dims    []ir.Dim
	span    ast.Span

	// The elements of "numbers", a list of numbers alone: integers if kind is I64.
	integers []int64
	floats   []float64
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

func (c *checker) literalValue(lit *literal) value {
	return value{t: Array{lit.kind, lit.dims}, lit: lit, span: lit.span}
}

// strong gives a value of literals the type that it has alone.
func (c *checker) strong(v value) value {
	if v.lit == nil {
		return v
	}
	return c.materialize(v.lit, v.lit.alone())
}

// alone is the dtype that literals have alone; a list without numbers is f64.
func (lit *literal) alone() ir.DType {
	if lit.kind == ir.I64 && lit.withoutNumbers() {
		return ir.F64
	}
	return lit.kind
}

func (lit *literal) withoutNumbers() bool {
	if lit.op != "list" {
		return false
	}
	for _, arg := range lit.args {
		if !arg.withoutNumbers() {
			return false
		}
	}
	return true
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
		if t == ir.C128 && lit.kind != ir.C128 { // -4 as a whole: its imaginary part is +0
			return c.convert(c.materialize(lit, ir.F64), ir.C128)
		}
		v := c.arithmetic("neg", []value{c.materialize(lit.args[0], t)}, lit.span)
		v.span = lit.span
		return v
	case "numbers":
		return c.numbersArray(lit, t)
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

// numberList is a list of real numbers alone, which may be long; false if it is
// another list.
func (c *checker) numberList(e *ast.List) (value, bool) {
	lit := &literal{op: "numbers", kind: ir.I64, span: e.Span}
	for _, x := range e.Elems {
		sign := 1.0
		if u, ok := x.(*ast.Unary); ok && u.Op == "-" {
			sign, x = -1, u.X
		}
		n, ok := x.(*ast.Number)
		if !ok {
			return bad, false
		}
		text := strings.ReplaceAll(n.Text, "_", "")
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			if lit.kind == ir.I64 {
				lit.integers = append(lit.integers, int64(sign)*i)
			}
			lit.floats = append(lit.floats, sign*float64(i))
			continue
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || !strings.ContainsAny(text, ".eE") || strings.ContainsAny(text, "xXi") {
			return bad, false
		}
		lit.kind, lit.integers = ir.F64, nil
		lit.floats = append(lit.floats, sign*f)
	}
	lit.dims = []ir.Dim{ir.Size(int64(len(e.Elems)))}
	return c.literalValue(lit), len(e.Elems) > 0
}

// number is element i of a list of numbers.
func (lit *literal) number(i int) *literal {
	n := &literal{kind: lit.kind, float: lit.floats[i], span: lit.span}
	if lit.kind == ir.I64 {
		n.integer = big.NewInt(lit.integers[i])
	}
	return n
}

func (c *checker) numbersArray(lit *literal, t ir.DType) value {
	constant := ir.ArrayLiteral{F: lit.floats}
	switch {
	case t == ir.I64 && lit.kind != ir.I64:
		return c.fail(lit.span, ast.CodeTypeMismatch, "these are not all integers").value()
	case t == ir.I64:
		constant = ir.ArrayLiteral{I: lit.integers}
	case t == ir.C128:
		constant = ir.ArrayLiteral{C: make([]complex128, len(lit.floats))}
		for i, f := range lit.floats {
			constant.C[i] = complex(f, 0)
		}
	case t == ir.F32:
		constant = ir.ArrayLiteral{F: make([]float64, len(lit.floats))}
		for i, f := range lit.floats {
			constant.F[i] = float64(float32(f))
		}
	}
	a := Array{t, lit.dims}
	v := value{t: a, x: &Op{Code: ir.Const, Attr: constant, T: a, Span: lit.span}, span: lit.span}
	if t == ir.I64 && len(lit.integers) <= maxKnownElements {
		for _, n := range lit.integers {
			v.elems = append(v.elems, ir.Size(n))
		}
	}
	return v
}
