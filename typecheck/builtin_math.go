package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Elementwise functions. What dtypes a function takes follows from the row of
// its operation; integers count as f64 where it takes floats only.

// An elementwiseRow is a function with its other names, its operation, and an
// argument to show it with.
type elementwiseRow struct {
	names  []string
	code   ir.Code
	sample string
	doc    string // that of the operation if empty
}

var elementwiseRows = []elementwiseRow{
	{[]string{"abs", "absolute"}, ir.Abs, "-2.5", ""},
	{[]string{"sign"}, ir.Sign, "-2.5", ""},
	{[]string{"sqrt"}, ir.Sqrt, "2", ""},
	{[]string{"exp"}, ir.Exp, "1", ""},
	{[]string{"expm1"}, ir.Expm1, "1e-10", ""},
	{[]string{"log"}, ir.Log, "10", ""},
	{[]string{"log1p"}, ir.Log1p, "1e-10", ""},
	{[]string{"sin"}, ir.Sin, "pi / 6", ""},
	{[]string{"cos"}, ir.Cos, "pi / 3", ""},
	{[]string{"tan"}, ir.Tan, "pi / 4", ""},
	{[]string{"arcsin", "asin"}, ir.Asin, "0.5", ""},
	{[]string{"arccos", "acos"}, ir.Acos, "0.5", ""},
	{[]string{"arctan", "atan"}, ir.Atan, "1", ""},
	{[]string{"tanh"}, ir.Tanh, "0.5", ""},
	{[]string{"floor"}, ir.Floor, "-2.5", ""},
	{[]string{"ceil"}, ir.Ceil, "-2.5", ""},
	{[]string{"trunc"}, ir.Trunc, "-2.5", ""},
	{[]string{"rint"}, ir.Round, "2.5", ""},
	{[]string{"arctan2", "atan2"}, ir.Atan2, "1, -1", ""},
	{[]string{"copysign"}, ir.CopySign, "2, -0.0", ""},
	{[]string{"maximum"}, ir.Max, "[1, 5], 3", ""},
	{[]string{"minimum"}, ir.Min, "[1, 5], 3", ""},
	{[]string{"bitwise_and"}, ir.And, "6, 3", ""},
	{[]string{"bitwise_or"}, ir.Or, "6, 3", ""},
	{[]string{"bitwise_xor"}, ir.Xor, "6, 3", ""},
	{[]string{"invert", "bitwise_not"}, ir.Not, "5", ""},
	{[]string{"left_shift"}, ir.Shl, "1, 40", ""},
	{[]string{"right_shift"}, ir.Shr, "-8, 1", ""},
	{[]string{"real"}, ir.Real, "1 + 2i", "real part; of a real number it itself"},
	{[]string{"imag"}, ir.Imag, "1 + 2i", "imaginary part; of a real number 0"},
	{[]string{"conj", "conjugate"}, ir.Conj, "1 + 2i", "complex conjugate; of a real number it itself"},
	{[]string{"complex"}, ir.Complex, "1, 2", ""},
}

func elementwiseBuiltins() []*builtin {
	var table []*builtin
	for _, row := range elementwiseRows {
		info := row.code.Info()
		doc, signature := row.doc, "x"
		if doc == "" {
			doc = info.Doc
		}
		if len(info.Operands) == 2 {
			signature = "a, b" // as the texts of the operations call them
		}
		for _, name := range row.names {
			table = append(table, &builtin{
				name: name, signature: signature, doc: doc, example: name + "(" + row.sample + ")",
				elaborate: func(k *call) value { return k.eachElement(row.code) },
			})
		}
	}
	for _, row := range []struct{ name, op, doc, sample string }{
		{"add", "+", "sum", "1, 2"}, {"subtract", "-", "difference", "1, 2"},
		{"multiply", "*", "product", "2, 3"}, {"divide", "/", "quotient, a float", "1, 2"},
		{"floor_divide", "//", "quotient, rounded down", "-7, 2"},
		{"mod", "%", "rest of the division, with the sign of y", "-7, 3"},
		{"remainder", "%", "rest of the division, with the sign of y", "-7, 3"},
		{"power", "^", "x to the power y", "2, 10"},
	} {
		table = append(table, &builtin{
			name: row.name, signature: "x, y", doc: row.doc, example: row.name + "(" + row.sample + ")",
			elaborate: func(k *call) value { return k.binaryOp(row.op, k.args["x"], k.args["y"], k.span) },
		})
	}
	for _, row := range []struct{ name, op string }{
		{"equal", "=="}, {"not_equal", "!="}, {"less", "<"}, {"less_equal", "<="}, {"greater", ">"}, {"greater_equal", ">="},
	} {
		table = append(table, &builtin{
			name: row.name, signature: "x, y", doc: "x " + row.op + " y, elementwise", example: row.name + "([1, 2, 3], 2)",
			elaborate: func(k *call) value {
				x, y := k.args["x"], k.args["y"]
				if x.isBad() || y.isBad() {
					return bad
				}
				return k.comparison(row.op, x, y, k.span)
			},
		})
	}
	for _, row := range []struct {
		name, sample string
		code         ir.Code
	}{{"logical_and", "true, false", ir.And}, {"logical_or", "true, false", ir.Or}, {"logical_xor", "true, false", ir.Xor}, {"logical_not", "true", ir.Not}} {
		signature := "x, y"
		if row.code == ir.Not {
			signature = "x"
		}
		table = append(table, &builtin{
			name: row.name, signature: signature, doc: row.code.Info().Doc + "; a number counts as true unless it is 0",
			example: row.name + "(" + row.sample + ")",
			elaborate: func(k *call) value {
				var vs []value
				for _, p := range k.fn.params {
					v := k.args[p.name].value
					if v.isBad() {
						return bad
					}
					vs = append(vs, k.convertCall(ir.Bool, v, v.span))
				}
				return k.elementwise(row.code, ir.Bool, vs, k.span)
			},
		})
	}
	return table
}

// eachElement applies an operation to the arguments, element by element.
func (k *call) eachElement(code ir.Code) value {
	operands := make([]operand, len(k.fn.params))
	vs := make([]value, len(operands))
	for i, p := range k.fn.params {
		o := k.args[p.name]
		if o.isBad() {
			return bad
		}
		if _, ok := o.array(); !ok {
			return k.fail(o.span, ast.CodeTypeMismatch, "%s wants numbers, and this is %s", k.fn.name, k.show(o.t)).value()
		}
		operands[i], vs[i] = o, o.value
	}
	return k.applyElements(code, vs, operands)
}

// applyElements is eachElement on given values; operands say where they are from.
func (k *call) applyElements(code ir.Code, vs []value, operands []operand) value {
	vs = k.meet(vs)
	for i, v := range vs {
		if v.isBad() {
			return bad
		}
		operands[i].value = v
	}
	given := vs[0].t.(Array).DType
	if len(vs) == 1 && given != ir.C128 {
		switch code {
		case ir.Floor, ir.Ceil, ir.Trunc, ir.Round:
			if !given.IsFloat() {
				return k.convert(vs[0], ir.I64)
			}
		case ir.Conj, ir.Real:
			return vs[0]
		case ir.Imag:
			return k.zerosLike(vs[0], given)
		}
	}
	if given == ir.Bool && code == ir.Max {
		code = ir.Or
	} else if given == ir.Bool && code == ir.Min {
		code = ir.And
	}
	t := acceptedDType(code.Info().DTypes, given)
	if t == 0 {
		d := k.fail(k.span, ast.CodeTypeMismatch, "%s is not defined for %s", k.fn.name, given)
		if given == ir.C128 {
			d.Hint = "take abs(z), real(z) or imag(z) first"
		}
		return d.value()
	}
	for i := range vs {
		vs[i] = k.convert(vs[i], t)
	}
	if _, ok := k.broadcastDims(vs); !ok {
		return k.broadcastError(k.fn.name, operands, k.span)
	}
	result := t
	switch {
	case code == ir.Complex:
		result = ir.C128
	case t == ir.C128 && (code == ir.Abs || code == ir.Real || code == ir.Imag):
		result = ir.F64
	}
	v := k.elementwise(code, result, vs, k.span)
	if code == ir.Max || code == ir.Min {
		return k.extremeSize(code, vs, v)
	}
	return v
}

// acceptedDType is the dtype in which an operation takes numbers of dtype t: t,
// or the next wider one that it takes; 0 if there is none.
func acceptedDType(set ir.DTypes, t ir.DType) ir.DType {
	for _, wider := range []ir.DType{ir.I64, ir.F32, ir.F64} {
		if set.Has(t) {
			return t
		}
		if wider > t && !(t == ir.I64 && wider == ir.F32) {
			if set.Has(wider) && !(t == ir.Bool && wider == ir.F32) {
				return wider
			}
		}
	}
	return 0
}

// extremeSize keeps the smaller or greater of two sizes a size.
func (c *checker) extremeSize(code ir.Code, vs []value, v value) value {
	if v.isBad() || v.rank() != 0 || len(vs) != 2 || vs[0].size == nil || vs[1].size == nil {
		return v
	}
	op := "min"
	if code == ir.Max {
		op = "max"
	}
	d, ok := c.arith(op, *vs[0].size, *vs[1].size)
	if !ok {
		return v
	}
	if n, isConst := d.Const(); isConst && vs[0].konst != nil && vs[1].konst != nil {
		return intValue(n, v.span)
	}
	v.size = &d
	return v
}

func mathBuiltins() []*builtin {
	return []*builtin{
		{
			name: "where", signature: "condition, x=none, y=none",
			doc: "x where the condition holds, else y; without them nonzero(condition)", example: "where([true, false], 1.0, [2.0, 3.0])",
			elaborate: (*call).where,
		},
		{
			name: "clip", signature: "a, a_min=none, a_max=none, *, min=none, max=none",
			doc: "a, not below a_min and not above a_max, which may be called min and max; none is no bound", example: "clip([-1, 0.5, 7], 0, 1)",
			elaborate: (*call).clip,
		},
		{
			name: "round", signature: "a, decimals=none",
			doc:       "the nearest whole number, of two the even one; with decimals the nearest number with so many, for -1, -2 … the nearest ten, hundred …",
			example:   "round(2.675, 1)",
			elaborate: (*call).round,
		},
	}
}

// round rounds to whole numbers; the core says what decimals are.
func (k *call) round() value {
	o := k.args["a"]
	if o.isBad() {
		return bad
	}
	if !k.given("decimals") {
		a, ok := o.array()
		if !ok {
			return k.fail(o.span, ast.CodeTypeMismatch, "round wants numbers, and this is %s", k.show(o.t)).value()
		}
		if a.DType == ir.C128 {
			return k.callLibrary("around", o.value, intValue(0, k.span))
		}
		return k.applyElements(ir.Round, []value{o.value}, []operand{o})
	}
	return k.callLibrary("around", o.value, k.args["decimals"].value)
}

func (k *call) where() value {
	condition, x, y := k.args["condition"], k.args["x"], k.args["y"]
	if !k.given("x") && !k.given("y") {
		k.args["a"] = condition
		return k.nonzeroCall()
	}
	if !k.given("x") || !k.given("y") {
		return k.fail(k.span, ast.CodeArguments, "where wants both x and y, or none of them").value()
	}
	if condition.isBad() || x.isBad() || y.isBad() {
		return bad
	}
	mask := k.strong(condition.value)
	if a, ok := mask.array(); !ok || a.DType != ir.Bool {
		d := k.fail(mask.span, ast.CodeTypeMismatch, "the condition of where must be bool, and this is %s", k.show(mask.t))
		d.Hint = "compare, as in x != 0"
		return d.value()
	}
	for _, o := range []operand{x, y} {
		if _, ok := o.array(); !ok {
			return k.fail(o.span, ast.CodeTypeMismatch, "where chooses between arrays of numbers, and this is %s", k.show(o.t)).value()
		}
	}
	both := k.meet([]value{x.value, y.value})
	if both[0].isBad() || both[1].isBad() {
		return bad
	}
	all := []value{mask, both[0], both[1]}
	if _, ok := k.broadcastDims(all); !ok {
		return k.broadcastError("where", []operand{{mask, condition.e}, {both[0], x.e}, {both[1], y.e}}, k.span)
	}
	return k.elementwise(ir.Select, both[0].t.(Array).DType, all, k.span)
}

func (k *call) clip() value {
	result := k.args["a"]
	for _, other := range []string{"min", "max"} {
		if !k.given(other) {
			continue
		}
		if k.given("a_" + other) {
			return k.fail(k.args[other].span, ast.CodeArguments, "clip is given a_%s and %s, which are the same", other, other).value()
		}
		k.args["a_"+other] = k.args[other]
	}
	for _, bound := range []struct {
		name string
		code ir.Code
	}{{"a_min", ir.Max}, {"a_max", ir.Min}} {
		if !k.given(bound.name) {
			continue
		}
		operands := []operand{result, k.args[bound.name]}
		for _, o := range operands {
			if o.isBad() {
				return bad
			}
			if _, ok := o.array(); !ok {
				return k.fail(o.span, ast.CodeTypeMismatch, "clip wants numbers, and this is %s", k.show(o.t)).value()
			}
		}
		result.value = k.applyElements(bound.code, []value{operands[0].value, operands[1].value}, operands)
	}
	return k.strong(result.value)
}
