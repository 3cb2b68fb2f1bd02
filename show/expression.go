package show

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

var infix = map[ir.Code]string{
	ir.Add: "+", ir.Sub: "-", ir.Mul: "*", ir.Div: "/", ir.Pow: "^", ir.Mod: "%", ir.FloorDiv: "//",
}

var comparison = map[ir.Code]string{ir.Eq: "==", ir.Lt: "<", ir.Le: "<="}

// functions are the names of operations that the language calls otherwise.
var functions = map[ir.Code]string{
	ir.Min: "minimum", ir.Max: "maximum", ir.Shl: "shift_left", ir.Shr: "shift_right", ir.Select: "where",
}

var bits = map[ir.Code][2]string{
	ir.And: {"and", "bitwise_and"}, ir.Or: {"or", "bitwise_or"}, ir.Xor: {"!=", "bitwise_xor"}, ir.Not: {"not", "bitwise_not"},
}

// expression is op as an expression.
func (w *writer) expression(op *ir.Op) ast.Expr {
	if op.Code.Info().Class == ir.Elementwise {
		return w.elementwise(op)
	}
	args := op.Args
	switch a := op.Attr.(type) {
	case ir.ArrayLiteral:
		return arrayLiteral(op.Results[0].Type, a)
	case ir.SizeAttr:
		return w.size(a)
	case ir.PermAttr:
		return w.transpose(args[0], a.Perm)
	case ir.SliceAttr:
		return w.slice(op)
	case ir.IndexAttr:
		return w.gather(op)
	case ir.AxisAttr:
		parts := &ast.Tuple{}
		for _, v := range args {
			parts.Elems = append(parts.Elems, w.value(v))
		}
		return axis(a.Axis).of(call("concatenate", parts))
	case ir.ReduceAttr:
		return w.reduce(a, args[0])
	case ir.ScanAttr:
		return w.scan(a, args)
	case ir.ContractAttr:
		return w.contract(a, args[0], args[1])
	case ir.SearchAttr:
		x := call("searchsorted", w.value(args[0]), w.value(args[1]))
		if a.Right {
			return keywords{{"side", &ast.String{Value: "right"}}}.of(x)
		}
		return x
	case ir.CallAttr:
		x := call(w.nameOf(a.Callee))
		for _, v := range args {
			x.Args = append(x.Args, ast.Arg{Value: w.value(v)})
		}
		for i, given := range givenSizes(a.Callee) {
			if given == nil && isMore(a.Callee, a.Callee.Sizes[i]) {
				x.Args = append(x.Args, ast.Arg{Value: w.dim(a.Sizes[i])})
			}
		}
		if a.Callee.SizeResults > 0 {
			panic(formless("a call that chooses sizes"))
		}
		return x
	case ir.LibAttr:
		return w.library(op, a)
	case ir.HostAttr:
		x := call(a.Name)
		for _, v := range args {
			x.Args = append(x.Args, ast.Arg{Value: w.value(v)})
		}
		return x
	case ir.FormatAttr:
		return call("format", w.value(args[0]), &ast.String{Value: a.Pattern})
	case ir.DimsAttr:
		if op.Code == ir.Iota {
			return call("arange", w.dim(a.Dims[0]))
		}
		return call("reshape", w.value(args[0]), &ast.Tuple{Elems: w.dims(a.Dims)})
	}
	switch op.Code {
	case ir.Append:
		return call("concatenate", &ast.Tuple{Elems: []ast.Expr{w.value(args[0]), w.value(args[1])}})
	case ir.Sort, ir.ArgSort:
		return call(op.Code.String(), w.value(args[0]))
	}
	panic(formless("the operation " + op.Code.String()))
}

// elementwise leaves broadcasts of operands to the language where another
// operand has the shape of the result.
func (w *writer) elementwise(op *ir.Op) ast.Expr {
	args := w.operands(op)
	switch {
	case op.Code == ir.Mul && op.Args[0] == op.Args[1]:
		return &ast.Binary{Op: "^", X: args[0], Y: integer(2)}
	case op.Code == ir.Mul && isLiteral(bareOf(op.Args[1])) && !isLiteral(bareOf(op.Args[0])):
		return &ast.Binary{Op: "*", X: args[1], Y: args[0]}
	case infix[op.Code] != "":
		return &ast.Binary{Op: infix[op.Code], X: args[0], Y: args[1]}
	case comparison[op.Code] != "":
		if op.Code != ir.Eq && isLiteral(bareOf(op.Args[0])) {
			turned := map[ir.Code]string{ir.Lt: ">", ir.Le: ">="}[op.Code]
			return &ast.Compare{Operands: []ast.Expr{args[1], args[0]}, Ops: []string{turned}, OpPos: make([]ast.Span, 1)}
		}
		return &ast.Compare{Operands: args, Ops: []string{comparison[op.Code]}, OpPos: make([]ast.Span, 1)}
	case op.Code == ir.Neg:
		return &ast.Unary{Op: "-", X: args[0]}
	case bits[op.Code][0] != "":
		if op.Args[0].Type.DType == ir.I64 {
			return call(bits[op.Code][1], args...)
		}
		switch word := bits[op.Code][0]; word {
		case "not":
			return negated(args[0])
		case "!=":
			return &ast.Compare{Operands: args, Ops: []string{word}, OpPos: make([]ast.Span, 1)}
		default:
			return &ast.Binary{Op: word, X: args[0], Y: args[1]}
		}
	case op.Code == ir.Convert:
		return call(op.Attr.(ir.ConvertAttr).To.String(), args...)
	case op.Code == ir.Philox:
		panic(formless("drawing random bits"))
	case functions[op.Code] != "":
		return call(functions[op.Code], args...)
	}
	return call(op.Code.String(), args...)
}

func negated(x ast.Expr) ast.Expr {
	if c, ok := x.(*ast.Compare); ok && len(c.Ops) == 1 && c.Ops[0] == "==" {
		return &ast.Compare{Operands: c.Operands, Ops: []string{"!="}, OpPos: make([]ast.Span, 1)}
	}
	return &ast.Unary{Op: "not", X: x}
}

// operands are the operands of an elementwise operation. A literal is short
// where it meets a value of its type.
func (w *writer) operands(op *ir.Op) []ast.Expr {
	bare := make([]*ir.Value, len(op.Args))
	var dims []ir.Dim
	for i, v := range op.Args {
		bare[i] = bareOf(v)
		dims = combine(dims, bare[i].Type.Dims)
	}
	if !(ir.Type{DType: ir.F64, Dims: dims}).Equal(ir.Type{DType: ir.F64, Dims: op.Args[0].Type.Dims}) {
		first := 0
		for i := range bare {
			if !isLiteral(bare[i]) {
				first = i
			}
		}
		bare[first] = op.Args[first]
	}
	takesType := infix[op.Code] != "" || comparison[op.Code] != "" || op.Code == ir.Min || op.Code == ir.Max
	out := make([]ast.Expr, len(bare))
	widened := false
	for i, v := range bare {
		meets := takesType && len(bare) == 2 && !isLiteral(bare[1-i])
		if x, ok := w.widens(v); ok && meets && !widened && bare[0] != bare[1] {
			widened, v = true, x
		}
		out[i] = w.read(v, meets)
	}
	return out
}

// widens gives what v is made of if it is an i64 that becomes an f64 where it
// meets one.
func (w *writer) widens(v *ir.Value) (*ir.Value, bool) {
	if f, ok := w.forms[v]; !ok || f.size > 4 || v.Def.Code != ir.Convert || v.Type.DType != ir.F64 || v.Def.Args[0].Type.DType != ir.I64 {
		return nil, false
	}
	if i := slices.Index(w.pending, v); i >= 0 {
		w.pending = slices.Delete(w.pending, i, i+1)
	}
	return v.Def.Args[0], true
}

// bareOf is v without the broadcasts around it.
func bareOf(v *ir.Value) *ir.Value {
	for v.Def != nil && v.Def.Code == ir.Broadcast {
		v = v.Def.Args[0]
	}
	return v
}

func isLiteral(v *ir.Value) bool {
	if v.Def == nil {
		return false
	}
	_, ok := v.Def.Attr.(ir.Literal)
	return ok
}

// combine is the shape that two shapes broadcast to.
func combine(a, b []ir.Dim) []ir.Dim {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := append([]ir.Dim(nil), a...)
	for i, d := range b {
		if k := len(a) - len(b) + i; out[k].IsConst(1) {
			out[k] = d
		}
	}
	return out
}

func (w *writer) transpose(x *ir.Value, perm []int) ast.Expr {
	if len(perm) == 2 && perm[0] == 1 {
		return &ast.Field{X: w.value(x), Name: ast.Ident{Name: "T"}}
	}
	order := &ast.Tuple{}
	for _, k := range perm {
		order.Elems = append(order.Elems, integer(int64(k)))
	}
	return call("transpose", w.value(x), order)
}

func axis(k int) keywords { return keywords{{"axis", integer(int64(k))}} }

func (w *writer) reduce(a ir.ReduceAttr, x *ir.Value) ast.Expr {
	c := call(a.Kind.String(), w.value(x))
	switch {
	case len(a.Axes) == x.Type.Rank():
		return c
	case len(a.Axes) == 1:
		return axis(a.Axes[0]).of(c)
	}
	axes := &ast.Tuple{}
	for _, k := range a.Axes {
		axes.Elems = append(axes.Elems, integer(int64(k)))
	}
	return keywords{{"axis", axes}}.of(c)
}

func (w *writer) scan(a ir.ScanAttr, args []*ir.Value) ast.Expr {
	if a.Kind == ir.Recur {
		panic(formless("a linear recurrence"))
	}
	along := axis(args[0].Type.Rank() - 1)
	x := w.value(args[0])
	if !a.Reverse {
		return along.of(call(a.Kind.String(), x))
	}
	return along.of(call("flip", along.of(call(a.Kind.String(), along.of(call("flip", x))))))
}

// contract is a product of matrices or vectors, else a sum by letters.
func (w *writer) contract(a ir.ContractAttr, x, y *ir.Value) ast.Expr {
	transposed := func(v *ir.Value) ast.Expr { return &ast.Field{X: w.value(v), Name: ast.Ident{Name: "T"}} }
	if a.Batch == 0 {
		switch canonical(a.Spec) {
		case "ab,bc->ac", "a,a->", "ab,b->a", "a,ab->b":
			return &ast.Binary{Op: "@", X: w.value(x), Y: w.value(y)}
		case "ab,cb->ac":
			return &ast.Binary{Op: "@", X: w.value(x), Y: transposed(y)}
		case "ab,ac->bc":
			return &ast.Binary{Op: "@", X: transposed(x), Y: w.value(y)}
		case "ab,bc->ca":
			return &ast.Field{X: &ast.Binary{Op: "@", X: w.value(x), Y: w.value(y)}, Name: ast.Ident{Name: "T"}}
		case "ab,a->b":
			return &ast.Binary{Op: "@", X: w.value(y), Y: w.value(x)}
		case "a,b->ab":
			return call("outer", w.value(x), w.value(y))
		case ",a->a", "a,->a", ",ab->ab", "ab,->ab":
			return &ast.Binary{Op: "*", X: w.value(x), Y: w.value(y)}
		}
	}
	spec := a.Spec
	if a.Batch > 0 {
		lead := unusedLetters(spec, a.Batch)
		left, rest, _ := strings.Cut(spec, ",")
		right, result, _ := strings.Cut(rest, "->")
		spec = lead + left + "," + lead + right + "->" + lead + result
	}
	return call("einsum", &ast.String{Value: spec}, w.value(x), w.value(y))
}

// unusedLetters are n letters that spec doesn't have.
func unusedLetters(spec string, n int) string {
	var letters []rune
	for r := 'z'; len(letters) < n; r-- {
		if r < 'a' {
			panic(formless("a product of so many axes"))
		}
		if !strings.ContainsRune(spec, r) {
			letters = append(letters, r)
		}
	}
	return string(letters)
}

// canonical names the letters of a spec in order of appearance.
func canonical(spec string) string {
	letters := map[rune]rune{}
	return strings.Map(func(r rune) rune {
		if r == ',' || r == '-' || r == '>' {
			return r
		}
		if letters[r] == 0 {
			letters[r] = 'a' + rune(len(letters))
		}
		return letters[r]
	}, spec)
}

// library is a kernel by its name in the standard library.
func (w *writer) library(op *ir.Op, a ir.LibAttr) ast.Expr {
	args := make([]ast.Expr, len(op.Args))
	for i, v := range op.Args {
		args[i] = w.value(v)
	}
	yes := &ast.Bool{Value: true}
	has := func(word string) bool { return strings.Contains(" "+a.Options+" ", " "+word+" ") }
	switch a.Name {
	case "lu":
		return member("linalg", "lu_factor", args...)
	case "svd":
		return keywords{{"full_matrices", &ast.Bool{}}}.of(member("linalg", "svd", args...))
	case "trsolve":
		var options keywords
		if has("trans") {
			options = append(options, keyword{"trans", integer(1)})
		}
		if has("lower") {
			options = append(options, keyword{"lower", yes})
		}
		if has("unit") {
			options = append(options, keyword{"unit_diagonal", yes})
		}
		return options.of(member("linalg", "solve_triangular", args...))
	case "fft":
		if !has("inverse") {
			return member("fft", "fft", args...)
		}
		n := op.Args[0].Type.Dims[op.Args[0].Type.Rank()-1]
		return &ast.Binary{Op: "*", X: member("fft", "ifft", args...), Y: w.dim(n)}
	}
	return member("linalg", a.Name, args...)
}
