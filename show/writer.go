package show

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A writer has one function.
type writer struct {
	*shower
	f *ir.Func

	names   map[*ir.Value]string
	mutable map[*ir.Value]*ir.Block // names of vars, with the block of the var
	forms   map[*ir.Value]form      // of values that are written where they are read
	taken   map[string]bool
	uses    map[*ir.Value]int
	sized   map[*ir.Value]bool // values that types mention

	block   *ir.Block
	rest    []*ir.Op // of the block, behind the present operation
	stmts   []ast.Stmt
	pending []*ir.Value // forms of the block that nobody has read
}

// A form is an expression that waits for its reader.
type form struct {
	x    ast.Expr
	size int
}

// longest is the number of operations that one expression is made of.
const longest = 14

// body writes a block that ends with an expression, if it has one.
func (w *writer) body(b *ir.Block, last func() ast.Expr) *ast.Block {
	block, rest, stmts, pending := w.block, w.rest, w.stmts, w.pending
	w.block, w.stmts, w.pending = b, nil, nil
	for i, op := range b.Ops {
		w.rest = b.Ops[i+1:]
		w.operation(op)
	}
	w.rest = nil
	if x := last(); x != nil {
		w.stmts = append(w.stmts, &ast.ExprStmt{X: x})
	}
	out := &ast.Block{Stmts: w.stmts}
	w.block, w.rest, w.stmts, w.pending = block, rest, stmts, pending
	return out
}

// tuple is one value, or a tuple of several; nil for none.
func (w *writer) tuple(values []*ir.Value) ast.Expr {
	elems := make([]ast.Expr, len(values))
	for i, v := range values {
		elems[i] = w.value(v)
	}
	switch len(elems) {
	case 0:
		return nil
	case 1:
		return elems[0]
	}
	return &ast.Tuple{Elems: elems}
}

// value is v where it is read alone.
func (w *writer) value(v *ir.Value) ast.Expr { return w.read(v, false) }

// read is v, which meets a value that isn't a literal or doesn't.
func (w *writer) read(v *ir.Value, meets bool) ast.Expr {
	if n, ok := w.names[v]; ok {
		return name(n)
	}
	if f, ok := w.forms[v]; ok {
		if i := slices.Index(w.pending, v); i >= 0 {
			w.pending = slices.Delete(w.pending, i, i+1)
		}
		return f.x
	}
	if v.Def != nil {
		switch attr := v.Def.Attr.(type) {
		case ir.Literal:
			return literal(v.Type.DType, attr, meets)
		case ir.SizeAttr:
			return w.size(attr)
		}
		if v.Def.Code == ir.Broadcast {
			return w.broadcast(v)
		}
	}
	panic(formless("a value without a place"))
}

// free reports whether an operation is written at each of its readers.
func free(op *ir.Op) bool {
	switch attr := op.Attr.(type) {
	case ir.Literal:
		return true
	case ir.SizeAttr:
		return attr.Kind == ir.SizeValue
	}
	return op.Code == ir.Broadcast
}

func (w *writer) size(a ir.SizeAttr) ast.Expr {
	x := w.dim(a.A)
	switch a.Kind {
	case ir.SizeMin:
		return call("min", x, w.dim(a.B))
	case ir.SizeMax:
		return call("max", x, w.dim(a.B))
	case ir.SizeDiv:
		return &ast.Binary{Op: "//", X: x, Y: w.dim(a.B)}
	case ir.SizeMod:
		return &ast.Binary{Op: "%", X: x, Y: w.dim(a.B)}
	}
	return x
}

// operation writes op as a statement, or keeps it for its reader.
func (w *writer) operation(op *ir.Op) {
	if free(op) || op.Code.Info().Class != ir.Region && op.Code != ir.Print && op.Code != ir.Host && !slices.ContainsFunc(op.Results, w.used) {
		return
	}
	switch op.Code {
	case ir.If, ir.For, ir.While, ir.Map:
		w.region(op)
	case ir.Update, ir.Accumulate:
		w.write(op)
	case ir.Retype:
		w.retype(op)
	case ir.Print:
		w.stmts = append(w.stmts, &ast.ExprStmt{X: w.print(op)})
	case ir.Nonzero:
		w.nonzero(op)
	case ir.Scan:
		if attr := op.Attr.(ir.ScanAttr); attr.Kind == ir.Recur {
			w.recurrence(op, attr)
			return
		}
		w.define(op.Results, w.expression(op), w.weight(op))
	default:
		w.define(op.Results, w.expression(op), w.weight(op))
	}
}

// used reports whether something that is written reads v.
func (w *writer) used(v *ir.Value) bool { return w.uses[v] > 0 || w.sized[v] }

// weight is the number of operations in the expression of op, before its
// operands were read.
func (w *writer) weight(op *ir.Op) int {
	n := 1
	for _, v := range op.Args {
		n += w.forms[v].size
	}
	return n
}

// define lets values be x: under names, or, if it has no name and one reader
// near, there.
func (w *writer) define(values []*ir.Value, x ast.Expr, size int) {
	v := values[0]
	last := len(w.rest) == 0 && len(w.block.Yield) == 1 && w.block.Yield[0] == v
	if len(values) == 1 && w.uses[v] == 1 && (last || size <= longest && v.Name == "" && w.readHere(v)) {
		w.forms[v] = form{x, size}
		w.pending = append(w.pending, v)
		return
	}
	w.let(values, x)
}

func (w *writer) let(values []*ir.Value, x ast.Expr) {
	let := &ast.Let{Value: x, Tuple: len(values) > 1}
	for _, v := range values {
		let.Names = append(let.Names, ast.Ident{Name: w.newName(v)})
	}
	w.stmts = append(w.stmts, let)
}

func (w *writer) newName(v *ir.Value) string {
	w.names[v] = w.fresh(v.Name, "t")
	return w.names[v]
}

// readHere reports whether the block itself reads v, not one inside of it.
func (w *writer) readHere(v *ir.Value) bool {
	for _, op := range w.rest {
		if slices.Contains(op.Args, v) {
			return op.Code != ir.For && op.Code != ir.While
		}
	}
	return slices.Contains(w.block.Yield, v)
}

// flush gives names to what waits for its reader.
func (w *writer) flush() {
	pending := w.pending
	w.pending = nil
	for _, v := range pending {
		x := w.forms[v].x
		delete(w.forms, v)
		w.let([]*ir.Value{v}, x)
	}
}

// readLater reports whether anything behind the present operation reads v.
func (w *writer) readLater(v *ir.Value) bool {
	found := slices.Contains(w.block.Yield, v)
	for _, op := range w.rest {
		op.AllUses(w.f, func(used *ir.Value) { found = found || used == v })
	}
	return found
}

// variable lets result, of op, be a var that is x at first: that of x itself if
// nobody else reads it.
func (w *writer) variable(op *ir.Op, x, result *ir.Value) string {
	if w.mutable[x] == w.block && x.Type.Equal(result.Type) && !w.readLater(x) && !readElsewhere(op, x, w.f) {
		if n, named := w.names[x]; named {
			return n
		}
	}
	init := w.value(x)
	n := w.fresh(firstOf(result.Name, x.Name), "v")
	stmt := &ast.Var{Name: ast.Ident{Name: n}, Value: init}
	if len(result.Type.Dims) > 0 && !result.Type.Equal(x.Type) {
		stmt.Type = w.changing(x.Type, result.Type)
	} else if lit, ok := x.Def, x.Def != nil; ok && lit.Code == ir.Const && x.Type.DType != ir.Text {
		stmt.Type = &ast.ArrayType{DType: x.Type.DType.String(), Dims: w.dims(x.Type.Dims)}
		if x.Type.DType == ir.I64 || x.Type.DType == ir.Bool || x.Type.DType == ir.F64 {
			stmt.Type = nil
		}
	}
	w.stmts = append(w.stmts, stmt)
	return n
}

// readElsewhere reports whether op reads x more than once, or inside of it.
func readElsewhere(op *ir.Op, x *ir.Value, f *ir.Func) bool {
	reads := 0
	for _, v := range op.Args {
		if v == x {
			reads++
		}
	}
	for _, region := range op.Regions {
		region.Uses(f, func(v *ir.Value) {
			if v == x {
				reads += 2
			}
		})
		for _, inner := range region.Ops {
			inner.AllUses(f, func(v *ir.Value) {
				if v == x {
					reads += 2
				}
			})
		}
	}
	return reads > 1
}

// changing is the type of a var whose sizes change.
func (w *writer) changing(t, u ir.Type) ast.TypeExpr {
	a := &ast.ArrayType{DType: t.DType.String()}
	for i, d := range t.Dims {
		if i < len(u.Dims) && d.Equal(u.Dims[i]) {
			a.Dims = append(a.Dims, w.dim(d))
		} else {
			a.Dims = append(a.Dims, name("_"))
		}
	}
	return a
}

func firstOf(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

// isVar lets v be the var n of the present block.
func (w *writer) isVar(v *ir.Value, n string) {
	w.names[v] = n
	w.mutable[v] = w.block
}

// retype is a let with a type, which is looked at.
func (w *writer) retype(op *ir.Op) {
	v := op.Results[0]
	x := w.value(op.Args[0])
	w.stmts = append(w.stmts, &ast.Let{Names: []ast.Ident{{Name: w.newName(v)}}, Type: w.typ(v.Type), Value: x})
}

func (w *writer) print(op *ir.Op) ast.Expr {
	var args []ast.Expr
	for _, piece := range op.Attr.(ir.PrintAttr).Pieces {
		switch {
		case piece.Arg >= 0:
			args = append(args, w.value(op.Args[piece.Arg]))
		case piece.Text != " ":
			args = append(args, &ast.String{Value: piece.Text})
		}
	}
	return call("print", args...)
}

// recurrence writes y[i] = a[i]*y[i-1] + b[i] along the last axis as a loop.
func (w *writer) recurrence(op *ir.Op, attr ir.ScanAttr) {
	a, b, y := op.Args[0], op.Args[1], op.Results[0]
	lead := y.Type.Dims[:y.Type.Rank()-1]
	n := w.dim(y.Type.Dims[len(lead)])
	as, bs := w.fresh("", "a"), w.fresh("", "b")
	let := func(n string, v *ir.Value) {
		w.stmts = append(w.stmts, &ast.Let{Names: []ast.Ident{{Name: n}}, Value: w.value(v)})
	}
	let(as, a)
	let(bs, b)
	w.flush()
	ys, last, k := w.fresh(y.Name, "y"), w.fresh("", "last"), w.fresh("", "i")
	zero := literal(y.Type.DType, ir.Literal{}, false)
	start := zero
	if len(lead) > 0 {
		start = call("full", &ast.Tuple{Elems: w.dims(lead)}, zero)
	}
	var at ast.Expr = name(k)
	if attr.Reverse {
		at = &ast.Binary{Op: "-", X: &ast.Binary{Op: "-", X: n, Y: integer(1)}, Y: at}
	}
	element := func(n string) ast.Expr {
		return &ast.Index{X: name(n), Items: []ast.Item{{Kind: ast.ItemEllipsis}, {X: at}}}
	}
	next := &ast.Binary{Op: "+", X: &ast.Binary{Op: "*", X: element(as), Y: name(last)}, Y: element(bs)}
	w.stmts = append(w.stmts,
		&ast.Var{Name: ast.Ident{Name: ys}, Value: call("full", &ast.Tuple{Elems: w.dims(y.Type.Dims)}, zero)},
		&ast.Var{Name: ast.Ident{Name: last}, Value: start},
		&ast.For{Var: ast.Ident{Name: k}, Range: &ast.Range{Lo: integer(0), Hi: n}, Body: &ast.Block{Stmts: []ast.Stmt{
			&ast.Assign{Target: name(last), Op: "=", Value: next},
			&ast.Assign{Target: element(ys), Op: "=", Value: name(last)},
		}}})
	w.isVar(y, ys)
}

// nonzero names the places; how many there are is their size.
func (w *writer) nonzero(op *ir.Op) {
	places := op.Results[1]
	w.stmts = append(w.stmts, &ast.Let{Names: []ast.Ident{{Name: w.newName(places)}}, Tuple: false,
		Value: &ast.Index{X: call("nonzero", w.value(op.Args[0])), Items: []ast.Item{{X: integer(0)}}}})
	w.forms[op.Results[0]] = form{x: &ast.Field{X: name(w.names[places]), Name: ast.Ident{Name: "size"}}}
}
