package typecheck

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A value is a checked expression and what is known of it. One without a type
// comes from a mistake that has been reported; whatever is made of it is silent.
type value struct {
	t   Type
	x   Expr
	lit *literal // made of literals: takes the dtype of what it meets; x is nil
	// items are the parts of a list written in place, which may differ in shape.
	items []value
	info
	span ast.Span
}

// info is what the checker knows of a value beyond its type.
type info struct {
	konst *constant
	size  *ir.Dim  // of an i64 scalar
	elems []ir.Dim // of an i64 vector: its elements; nil if not known
	parts []info   // of a tuple or record
}

// A constant is a value known to the checker.
type constant struct {
	kind ir.DType // 0: none, or a dtype if dtype is not 0
	i    int64    // I64, Bool
	f    float64  // F32, F64
	c    complex128
	s    string   // Text
	dt   ir.DType // a name of a dtype
}

var none = &constant{}

func (k *constant) isNone() bool { return k != nil && *k == constant{} }

func (k *constant) key() string {
	if k == nil {
		return ""
	}
	return strings.Join([]string{
		strconv.Itoa(int(k.kind)), strconv.FormatInt(k.i, 10), strconv.FormatUint(math.Float64bits(k.f), 16),
		strconv.FormatUint(math.Float64bits(real(k.c)), 16), strconv.FormatUint(math.Float64bits(imag(k.c)), 16),
		strconv.Quote(k.s), strconv.Itoa(int(k.dt)),
	}, ",")
}

var bad = value{}

func (v value) isBad() bool { return v.t == nil && v.lit == nil }

// array is the array type of a value that is one.
func (v value) array() (Array, bool) {
	a, ok := v.t.(Array)
	return a, ok && a.DType != ir.Text
}

func (v value) rank() int {
	a, _ := v.t.(Array)
	return len(a.Dims)
}

func (v value) isScalar(t ir.DType) bool {
	a, ok := v.t.(Array)
	return ok && a.DType == t && len(a.Dims) == 0
}

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

func intValue(n int64, span ast.Span) value {
	return constant{kind: ir.I64, i: n}.value(span)
}

func boolValue(b bool, span ast.Span) value {
	k := constant{kind: ir.Bool}
	if b {
		k.i = 1
	}
	return k.value(span)
}

// value is the constant as an expression.
func (k constant) value(span ast.Span) value {
	v := value{span: span, info: info{konst: &k}}
	switch {
	case k.dt != 0:
		v.t = Static{k.dt.String()}
		v.x = &MakeTuple{T: v.t}
	case k.kind == 0:
		v.t = Static{"none"}
		v.x = &MakeTuple{T: v.t}
	default:
		v.t = Array{DType: k.kind}
		v.x = &Const{ir.Literal{I: k.i, F: k.f, C: k.c, S: k.s}, Array{DType: k.kind}}
		if k.kind == ir.I64 {
			d := ir.Size(k.i)
			v.size = &d
		}
	}
	return v
}

// sizeValue is a size as an i64.
func sizeValue(d ir.Dim, span ast.Span) value {
	if n, ok := d.Const(); ok {
		return intValue(n, span)
	}
	return value{t: Array{DType: ir.I64}, x: &SizeOf{d}, info: info{size: &d}, span: span}
}

// widen is the dtype that two strong dtypes meet in.
func widen(a, b ir.DType) ir.DType {
	if a > b {
		a, b = b, a
	}
	if a == ir.I64 && b == ir.F32 {
		return ir.F64
	}
	return b // Bool < I64 < F32 < F64 < C128
}

// commonDType is the dtype that the values meet in; literals adapt. It is 0 if
// all are literals that keep adapting, in which case weak says what they are.
func commonDType(vs ...value) (strong, weak ir.DType) {
	for _, v := range vs {
		a, ok := v.t.(Array)
		if !ok {
			continue
		}
		if v.lit != nil {
			weak = max(weak, a.DType)
		} else if strong == 0 {
			strong = a.DType
		} else {
			strong = widen(strong, a.DType)
		}
	}
	switch {
	case strong == 0 || weak == 0:
	case weak == ir.C128:
		strong = ir.C128
	case weak == ir.F64 && (strong == ir.Bool || strong == ir.I64):
		strong = ir.F64
	case weak == ir.I64 && strong == ir.Bool:
		strong = ir.I64
	}
	return strong, weak
}

// meet converts arrays to the dtype that they meet in.
func (c *checker) meet(vs []value) []value {
	strong, weak := commonDType(vs...)
	if strong == 0 {
		strong = weak
	}
	out := make([]value, len(vs))
	for i, v := range vs {
		out[i] = c.convert(v, strong)
	}
	return out
}

// convert gives an array the dtype t, without asking whether that narrows it.
func (c *checker) convert(v value, t ir.DType) value {
	if v.isBad() {
		return v
	}
	if v.lit != nil {
		if v.lit.kind == ir.I64 || v.lit.kind <= t {
			if t == ir.Bool {
				return c.convert(c.strong(v), t)
			}
			return c.materialize(v.lit, t)
		}
		v = c.strong(v)
	}
	a, ok := v.array()
	if !ok || a.DType == t {
		return v
	}
	if k := v.konst; k != nil && k.dt == 0 {
		switch {
		case k.kind == ir.I64 && t == ir.F64:
			return constant{kind: ir.F64, f: float64(k.i)}.value(v.span)
		case k.kind == ir.Bool && t == ir.I64:
			return intValue(k.i, v.span)
		case k.kind == ir.Bool && t == ir.F64:
			return constant{kind: ir.F64, f: float64(k.i)}.value(v.span)
		case k.kind == ir.F64 && t == ir.C128:
			return constant{kind: ir.C128, c: complex(k.f, 0)}.value(v.span)
		}
	}
	out := value{
		t:    Array{t, a.Dims},
		x:    &Op{Code: ir.Convert, Attr: ir.ConvertAttr{To: t}, Args: []Expr{v.x}, T: Array{t, a.Dims}, Span: v.span},
		span: v.span,
	}
	return out
}

// widens reports whether a value of dtype from may be given where to is wanted.
func widens(from, to ir.DType) bool {
	return from == to || from != ir.Text && to != ir.Text && widen(from, to) == to
}

// coerce gives v the type want, widening its dtype, or reports why it can't:
// what says what v is for ("the value assigned to x").
func (c *checker) coerce(v value, want Type, what string) value {
	if v.isBad() || want == nil {
		return bad
	}
	switch want := want.(type) {
	case Array:
		a, ok := v.t.(Array)
		if !ok || (a.DType == ir.Text) != (want.DType == ir.Text) {
			return c.fail(v.span, ast.CodeTypeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(v.t)).value()
		}
		if v.lit != nil && v.lit.kind > want.DType && !(v.lit.kind == ir.F64 && want.DType == ir.F32) || v.lit == nil && !widens(a.DType, want.DType) {
			d := c.fail(v.span, ast.CodeTypeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(v.t))
			if a.DType == ir.Bool || want.DType == ir.Bool {
				d.Hint = "compare, as in x != 0, to get a bool"
			} else {
				d.Hint = "numbers never narrow by themselves; convert with " + want.DType.String() + "( )"
			}
			return d.value()
		}
		v = c.convert(v, want.DType)
		return c.reshapeTo(v, want, what)
	case Tuple:
		t, ok := v.t.(Tuple)
		if !ok || len(t.Elems) != len(want.Elems) {
			break
		}
		return c.coerceParts(v, want, want.Elems, t.Elems, what)
	case Record:
		t, ok := v.t.(Record)
		if !ok || strings.Join(t.Names, ",") != strings.Join(want.Names, ",") {
			break
		}
		return c.coerceParts(v, want, want.Types, t.Types, what)
	case Function:
		t, ok := v.t.(Function)
		if !ok || t.Value != want.Value {
			break
		}
		return v
	case Unit, Static:
		if c.sameType(v.t, want) {
			return v
		}
	}
	return c.fail(v.span, ast.CodeTypeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(v.t)).value()
}

func (c *checker) coerceParts(v value, want Type, wants, have []Type, what string) value {
	same := true
	for i := range wants {
		same = same && c.sameType(have[i], wants[i])
	}
	if same {
		return v
	}
	return c.named(v, func(v value) value {
		elems := make([]Expr, len(wants))
		for i := range wants {
			part := c.coerce(c.part(v, i), wants[i], what)
			if part.isBad() {
				return bad
			}
			elems[i] = part.x
		}
		return value{t: want, x: &MakeTuple{elems, want}, info: v.info, span: v.span}
	})
}

// reshapeTo checks that an array has the sizes of want, at run time where that
// isn't known.
func (c *checker) reshapeTo(v value, want Array, what string) value {
	a, ok := v.array()
	if !ok {
		return v
	}
	if len(a.Dims) != len(want.Dims) {
		return c.fail(v.span, ast.CodeShapeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(a)).value()
	}
	needsCheck := false
	for i := range a.Dims {
		switch c.compareDims(a.Dims[i], want.Dims[i]) {
		case different:
			d := c.fail(v.span, ast.CodeShapeMismatch, "%s must be %s, and this is %s", what, c.show(want), c.show(a))
			d.Notes = append(d.Notes, c.explainSizes(a.Dims[i], want.Dims[i])...)
			return d.value()
		case undecided:
			needsCheck = true
		}
	}
	if needsCheck {
		message := what + " must be " + want.DType.String() + sizePattern(len(want.Dims), len(a.Dims)) +
			", and this is " + a.DType.String() + sizePattern(len(a.Dims), 0)
		return c.retype(v, want.Dims, message)
	}
	return v
}

// sizePattern is "[{first}, {first+1}, …]" for the message of a run-time check.
func sizePattern(n, first int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = "{" + strconv.Itoa(first+i) + "}"
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// retype is v with these sizes, checked at run time. In message, {0} … stand for
// the sizes of v, those after them for the sizes wanted.
func (c *checker) retype(v value, dims []ir.Dim, message string) value {
	a := v.t.(Array)
	t := Array{a.DType, dims}
	return value{
		t:    t,
		x:    &Op{Code: ir.Retype, Attr: ir.RetypeAttr{Dims: dims, Message: message}, Args: []Expr{v.x}, T: t, Span: v.span},
		info: v.info,
		span: v.span,
	}
}

// sameType reports whether two types are the same with the same sizes.
func (c *checker) sameType(a, b Type) bool { return c.typeKey(a) == c.typeKey(b) }

// named calls body with v as a name, so that it may stand there several times.
func (c *checker) named(v value, body func(value) value) value {
	if v.isBad() {
		return bad
	}
	if v.lit != nil || v.items != nil || simple(v.x) {
		return body(v)
	}
	def := &Def{Var: &Var{Span: v.span}, Type: v.t}
	c.defined(def, &v.info)
	local := value{t: v.t, x: &Local{def}, info: v.info, span: v.span}
	result := body(local)
	if result.isBad() {
		return bad
	}
	result = c.strong(result)
	result.x = &BlockExpr{&Block{Stmts: []Stmt{&Define{def, v.x}}, Value: result.x}}
	return result
}

// namedAll is named for several values.
func (c *checker) namedAll(vs []value, body func([]value) value) value {
	out := make([]value, 0, len(vs))
	var next func(i int) value
	next = func(i int) value {
		if i == len(vs) {
			return body(out)
		}
		return c.named(vs[i], func(v value) value {
			out = append(out, v)
			return next(i + 1)
		})
	}
	return next(0)
}

// simple reports whether x is a leaf, which may be written again by again.
func simple(x Expr) bool {
	switch x.(type) {
	case *Const, *SizeOf, *Local:
		return true
	}
	return false
}

// again is v for another use; v must be simple or made of literals.
func again(v value) value {
	switch x := v.x.(type) {
	case *Const:
		v.x = &Const{x.Value, x.T}
	case *SizeOf:
		v.x = &SizeOf{x.Dim}
	case *Local:
		v.x = &Local{x.Def}
	}
	return v
}

// defined gives the Def of an i64 scalar an atom, so that it can be a size.
func (c *checker) defined(def *Def, known *info) {
	a, ok := def.Type.(Array)
	if !ok || a.DType != ir.I64 || len(a.Dims) != 0 || known.size != nil {
		return
	}
	name := def.Var.Name
	def.Atom = c.newAtom(name, 0, math.MinInt64, def.Var.Span)
	d := ir.Sized(def.Atom)
	known.size = &d
}

// part is part i of a tuple, record or function.
func (c *checker) part(v value, i int) value {
	var t Type
	switch vt := v.t.(type) {
	case Tuple:
		t = vt.Elems[i]
	case Record:
		t = vt.Types[i]
	case Function:
		t = vt.Captures[i]
	default:
		return bad
	}
	out := value{t: t, span: v.span}
	if i < len(v.parts) {
		out.info = v.parts[i]
	}
	if m, ok := v.x.(*MakeTuple); ok && simple(m.Elems[i]) {
		out.x = m.Elems[i]
		return again(out)
	}
	out.x = &Part{again(v).x, i, t}
	return out
}

// scalarSize is an i64 scalar as a size. What is no size yet gets a name.
func (c *checker) scalarSize(v value, body func(d ir.Dim) value) value {
	v = c.strong(v)
	if v.isBad() {
		return bad
	}
	if v.size != nil && simple(v.x) {
		return body(*v.size)
	}
	if v.size != nil {
		return body(*v.size)
	}
	return c.named(v, func(v value) value { return body(*v.size) })
}
