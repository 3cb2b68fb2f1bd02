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

// elementwise is an operation on arrays, broadcast, with a result of dtype t.
// The caller has seen to it that dtypes are right and shapes broadcast.
func (c *checker) elementwise(code ir.Code, t ir.DType, args []value, span ast.Span) value {
	for _, v := range args {
		if v.isBad() {
			return bad
		}
	}
	dims, ok := c.broadcastDims(args)
	if !ok {
		operands := make([]operand, len(args))
		for i, v := range args {
			operands[i] = operand{v, nil}
		}
		return c.broadcastError(strings.ToLower(code.String()), operands, span)
	}
	x := &Op{Code: code, T: Array{t, dims}, Span: span}
	for _, v := range args {
		x.Args = append(x.Args, c.broadcast(v, dims).x)
	}
	return value{t: x.T, x: x, span: span}
}

// broadcastDims is the common shape of arrays, as NumPy finds it; false if there
// is none.
func (c *checker) broadcastDims(args []value) ([]ir.Dim, bool) {
	var shapes [][]ir.Dim
	for _, v := range args {
		a, _ := v.t.(Array)
		shapes = append(shapes, a.Dims)
	}
	return c.broadcastShapes(shapes)
}

func (c *checker) broadcastShapes(shapes [][]ir.Dim) ([]ir.Dim, bool) {
	rank := 0
	for _, s := range shapes {
		rank = max(rank, len(s))
	}
	dims := make([]ir.Dim, rank)
	for i := range dims {
		dims[i] = ir.Size(1)
		for _, s := range shapes {
			k := i - rank + len(s)
			if k < 0 || s[k].IsConst(1) {
				continue
			}
			switch {
			case dims[i].IsConst(1):
				dims[i] = s[k]
			case c.compareDims(dims[i], s[k]) == different:
				return nil, false
			default:
				// Of two sizes that may be equal, the number says more.
				if _, isConst := s[k].Const(); isConst {
					dims[i] = s[k]
				}
			}
		}
	}
	return dims, true
}

// broadcast stretches v to dims, with a run-time check where sizes are only
// known to be able to agree.
func (c *checker) broadcast(v value, dims []ir.Dim) value {
	a := v.t.(Array)
	same, check := len(a.Dims) == len(dims), false
	asserted := append([]ir.Dim(nil), a.Dims...)
	for i, d := range a.Dims {
		want := dims[i+len(dims)-len(a.Dims)]
		if d.Equal(want) {
			continue
		}
		if d.IsConst(1) {
			same = false
			continue
		}
		asserted[i] = want
		check = true
	}
	if check {
		n := len(a.Dims)
		v = c.retype(v, asserted, "these shapes do not broadcast: "+sizePattern(n, 0)+" and "+sizePattern(n, n))
	}
	if same {
		return v
	}
	t := Array{a.DType, dims}
	v.x = &Op{Code: ir.Broadcast, Attr: ir.DimsAttr{Dims: dims}, Args: []Expr{v.x}, T: t, Span: v.span}
	v.t = t
	v.info = info{}
	return v
}

// broadcastError reports shapes that do not broadcast.
func (c *checker) broadcastError(op string, args []operand, span ast.Span) value {
	parts := make([]string, len(args))
	var labels []ast.Label
	for i, o := range args {
		parts[i] = c.show(o.t)
		labels = append(labels, ast.Label{Span: o.span, Text: c.label(o.value, o.e)})
	}
	text := strings.Join(parts, ", ")
	if len(args) == 2 && len(op) <= 2 {
		text = parts[0] + " " + op + " " + parts[1]
	}
	d := c.fail(span, ast.CodeShapeMismatch, "these shapes do not broadcast: %s", text)
	if apart(labels) {
		d.Span, d.Label = labels[0].Span, labels[0].Text
		labels = labels[1:]
	}
	d.Labels = append(labels, d.Labels...)
	// Say which axis is to blame, from the last.
	for k := 1; ; k++ {
		var dims []ir.Dim
		for _, o := range args {
			if a := o.t.(Array); k <= len(a.Dims) {
				if dim := a.Dims[len(a.Dims)-k]; !dim.IsConst(1) {
					dims = append(dims, dim)
				}
			}
		}
		for i := 1; i < len(dims); i++ {
			if c.compareDims(dims[0], dims[i]) == different {
				which := "the last dimensions are"
				if k > 1 {
					which = fmt.Sprintf("the dimensions %d from the end are", k)
				}
				d.Notes = append(d.Notes, fmt.Sprintf("%s %s and %s; they must be equal, or one of them 1", which, c.showDim(dims[0]), c.showDim(dims[i])))
				d.Notes = append(d.Notes, c.explainSizes(dims[0], dims[i])...)
				return bad
			}
		}
		if k > 64 {
			return bad
		}
	}
}

// apart reports whether all labels have places of their own.
func apart(labels []ast.Label) bool {
	for i, l := range labels {
		if !l.Span.IsValid() || i > 0 && l.Span == labels[i-1].Span {
			return false
		}
	}
	return true
}

// eachPart applies f part by part to equal structures; a number goes with every
// part.
func (c *checker) eachPart(args []value, span ast.Span, f func([]value) value) value {
	var shape Type
	for _, v := range args {
		if !isStructure(v.t) {
			if _, ok := v.array(); !ok || v.rank() != 0 {
				return c.fail(span, ast.CodeTypeMismatch, "%s and %s have different structures", c.show(args[0].t), c.show(args[len(args)-1].t)).value()
			}
			continue
		}
		if shape != nil && structure(shape) != structure(v.t) {
			return c.fail(span, ast.CodeTypeMismatch, "%s and %s have different structures", c.show(args[0].t), c.show(args[len(args)-1].t)).value()
		}
		shape = v.t
	}
	return c.namedAll(args, func(vs []value) value {
		n := 0
		switch s := shape.(type) {
		case Tuple:
			n = len(s.Elems)
		case Record:
			n = len(s.Types)
		}
		parts := make([]value, n)
		for i := range parts {
			row := make([]value, len(vs))
			for k, v := range vs {
				if isStructure(v.t) {
					row[k] = c.part(v, i)
				} else {
					row[k] = again(v)
				}
			}
			parts[i] = f(row)
		}
		if r, ok := shape.(Record); ok {
			return c.makeRecord(r.Names, parts, span)
		}
		return c.makeTuple(parts, span)
	})
}

// structure is the form of a tuple or record without its arrays.
func structure(t Type) string {
	switch t := t.(type) {
	case Tuple:
		return fmt.Sprintf("(%d)", len(t.Elems))
	case Record:
		return "{" + strings.Join(t.Names, ",") + "}"
	}
	return ""
}

// logical is "x and y" or "x or y": early stop on scalars, elementwise on arrays.
func (c *checker) logical(e *ast.Binary) value {
	wantBool := func(v value, x ast.Expr) value {
		v = c.strong(v)
		if v.isBad() {
			return bad
		}
		if a, ok := v.array(); !ok || a.DType != ir.Bool {
			d := c.fail(x.Pos(), ast.CodeTypeMismatch, "%s wants bools, and this is %s", e.Op, c.show(v.t))
			d.Hint = "compare, as in x != 0"
			return d.value()
		}
		return v
	}
	x := wantBool(c.expr(e.X), e.X)
	if x.isBad() {
		c.expr(e.Y)
		return bad
	}
	if x.konst != nil && x.rank() == 0 {
		if (x.konst.i == 0) == (e.Op == "and") {
			return boolValue(e.Op == "or", e.Span)
		}
		return wantBool(c.expr(e.Y), e.Y)
	}
	var y value
	outer := c.ctx.block
	block, _ := c.inBlock(func() value { y = wantBool(c.expr(e.Y), e.Y); return y })
	if y.isBad() {
		return bad
	}
	if x.rank() == 0 && y.rank() == 0 {
		other := &Block{Value: boolValue(e.Op == "or", e.Span).x}
		cond := &If{Cond: x.x, Then: block, Else: other, T: Array{DType: ir.Bool}, Span: e.Span}
		if e.Op == "or" {
			cond.Then, cond.Else = other, block
		}
		return value{t: cond.T, x: cond, span: e.Span}
	}
	outer.stmts = append(outer.stmts, block.Stmts...)
	code := ir.And
	if e.Op == "or" {
		code = ir.Or
	}
	if _, ok := c.broadcastDims([]value{x, y}); !ok {
		return c.broadcastError(e.Op, []operand{{x, e.X}, {y, e.Y}}, e.Span)
	}
	return c.elementwise(code, ir.Bool, []value{x, y}, e.Span)
}

// compare is a chain a < b <= c.
func (c *checker) compare(e *ast.Compare) value {
	vs := make([]value, len(e.Operands))
	for i, x := range e.Operands {
		vs[i] = c.expr(x)
	}
	for _, v := range vs {
		if v.isBad() {
			return bad
		}
	}
	if len(vs) == 2 {
		return c.comparison(e.Ops[0], operand{vs[0], e.Operands[0]}, operand{vs[1], e.Operands[1]}, e.Span)
	}
	return c.namedAll(vs, func(vs []value) value {
		var all value
		for i, op := range e.Ops {
			span := e.Operands[i].Pos().To(e.Operands[i+1].Pos())
			v := c.comparison(op, operand{again(vs[i]), e.Operands[i]}, operand{again(vs[i+1]), e.Operands[i+1]}, span)
			if v.isBad() {
				return bad
			}
			if i == 0 {
				all = v
			} else if all.konst != nil && v.konst != nil {
				all = boolValue(all.konst.i&v.konst.i != 0, e.Span)
			} else {
				all = c.elementwise(ir.And, ir.Bool, []value{all, v}, e.Span)
			}
		}
		return all
	})
}

func (c *checker) comparison(op string, x, y operand, span ast.Span) value {
	xs, xStatic := x.t.(Static)
	ys, yStatic := y.t.(Static)
	if xStatic || yStatic || x.konst.isNone() || y.konst.isNone() {
		same := xStatic && yStatic && xs == ys
		switch op {
		case "==":
			return boolValue(same, span)
		case "!=":
			return boolValue(!same, span)
		}
	}
	if x.isScalar(ir.Text) && y.isScalar(ir.Text) {
		return c.compareText(op, x.value, y.value, span)
	}
	for _, o := range []operand{x, y} {
		if _, ok := o.array(); !ok {
			return c.fail(span, ast.CodeTypeMismatch, "%s can't be compared with %s", c.show(x.t), c.show(y.t)).value()
		}
	}
	both := c.meet([]value{x.value, y.value})
	a, b := both[0], both[1]
	if a.isBad() || b.isBad() {
		return bad
	}
	t := a.t.(Array).DType
	if t == ir.C128 && op != "==" && op != "!=" {
		d := c.fail(span, ast.CodeTypeMismatch, "complex numbers have no order")
		d.Hint = "compare abs(z), real(z) or imag(z)"
		return d.value()
	}
	if v, ok := foldComparison(op, a, b, span); ok {
		return v
	}
	if _, ok := c.broadcastDims(both); !ok {
		return c.broadcastError(op, []operand{{a, x.e}, {b, y.e}}, span)
	}
	switch op {
	case "==":
		return c.elementwise(ir.Eq, ir.Bool, both, span)
	case "!=":
		return c.elementwise(ir.Not, ir.Bool, []value{c.elementwise(ir.Eq, ir.Bool, both, span)}, span)
	case "<":
		return c.elementwise(ir.Lt, ir.Bool, both, span)
	case "<=":
		return c.elementwise(ir.Le, ir.Bool, both, span)
	case ">":
		return c.elementwise(ir.Lt, ir.Bool, []value{b, a}, span)
	default:
		return c.elementwise(ir.Le, ir.Bool, []value{b, a}, span)
	}
}

func (c *checker) compareText(op string, x, y value, span ast.Span) value {
	if op != "==" && op != "!=" {
		return c.fail(span, ast.CodeTypeMismatch, "text has no order here; compare it with == or !=").value()
	}
	if x.konst == nil || y.konst == nil {
		d := c.fail(span, ast.CodeNotConstant, "text can be compared only where it is known before running")
		d.Hint = "text is to pass on and to print; let numbers or bools decide"
		return d.value()
	}
	return boolValue((x.konst.s == y.konst.s) == (op == "=="), span)
}

func foldComparison(op string, x, y value, span ast.Span) (value, bool) {
	if x.konst == nil || y.konst == nil || x.rank() != 0 || y.rank() != 0 {
		return bad, false
	}
	a, b := x.konst, y.konst
	var less, same bool
	switch a.kind {
	case ir.I64, ir.Bool:
		less, same = a.i < b.i, a.i == b.i
	case ir.F64, ir.F32:
		if a.f != a.f || b.f != b.f {
			return bad, false
		}
		less, same = a.f < b.f, a.f == b.f
	default:
		return bad, false
	}
	switch op {
	case "==":
		return boolValue(same, span), true
	case "!=":
		return boolValue(!same, span), true
	case "<":
		return boolValue(less, span), true
	case "<=":
		return boolValue(less || same, span), true
	case ">":
		return boolValue(!less && !same, span), true
	}
	return boolValue(!less, span), true
}
