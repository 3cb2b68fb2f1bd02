package show

import (
	"math"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// broadcast is a value along more axes, where the language doesn't see to it.
func (w *writer) broadcast(v *ir.Value) ast.Expr {
	x := v.Def.Args[0]
	if x.Type.Rank() == 0 {
		if x.Def != nil && x.Type.DType == ir.F64 {
			if lit, ok := x.Def.Attr.(ir.Literal); ok && lit.F == 1 {
				return call("ones", shape(w.dims(v.Type.Dims)))
			} else if ok && lit.F == 0 && !math.Signbit(lit.F) {
				return call("zeros", shape(w.dims(v.Type.Dims)))
			}
		}
		return call("full", shape(w.dims(v.Type.Dims)), w.value(x))
	}
	return call("broadcast_to", w.value(x), &ast.Tuple{Elems: w.dims(v.Type.Dims)})
}

// slice writes a:b:step for each axis.
func (w *writer) slice(op *ir.Op) ast.Expr {
	attr := op.Attr.(ir.SliceAttr)
	x := op.Args[0]
	index := &ast.Index{X: w.value(x)}
	for k, d := range attr.Dims {
		index.Items = append(index.Items, w.rangeItem(op.Args[1+k], d, attr.Steps[k], x.Type.Dims[k]))
	}
	return index
}

// rangeItem is the item that takes d elements of an axis of size n.
func (w *writer) rangeItem(start *ir.Value, d ir.Dim, step int64, n ir.Dim) ast.Item {
	from := ir.DimOf(start)
	switch {
	case step == 1 && from.IsConst(0) && d.Equal(n):
		return ast.Item{Kind: ast.ItemSlice}
	case step == 1:
		item := ast.Item{Kind: ast.ItemSlice}
		if !from.IsConst(0) {
			item.Lo = w.index(start)
		}
		end, ok := from.Add(d)
		if !ok {
			panic(formless("a slice with these bounds"))
		}
		if !end.Equal(n) {
			item.Hi = w.dim(end)
		}
		return item
	case step == -1 && d.Equal(n):
		return ast.Item{Kind: ast.ItemSlice, Step: integer(-1)}
	}
	// Any other step: the indices one by one.
	steps := ast.Expr(call("arange", w.dim(d)))
	if step != 1 {
		steps = &ast.Binary{Op: "*", X: integer(step), Y: steps}
	}
	if last, ok := d.Const(); ok && last > 0 && step > 0 && from.IsConst(0) {
		return ast.Item{Kind: ast.ItemSlice, Hi: integer((last-1)*step + 1), Step: integer(step)}
	}
	if !from.IsConst(0) {
		steps = &ast.Binary{Op: "+", X: w.value(start), Y: steps}
	}
	return ast.Item{X: steps}
}

// index is a start: as a size where it is one.
func (w *writer) index(v *ir.Value) ast.Expr {
	if _, named := w.names[v]; named {
		return w.value(v)
	}
	if d := ir.DimOf(v); !d.Equal(v.Dim()) {
		return w.dim(d)
	}
	return w.value(v)
}

// items are the places of a spec behind its batch axes.
func (w *writer) items(a ir.IndexAttr, dims []ir.Dim, operands []*ir.Value) []ast.Item {
	var items []ast.Item
	ranges := a.Range
	for k, letter := range a.Spec {
		switch letter {
		case ':':
			items = append(items, ast.Item{Kind: ast.ItemSlice})
			continue
		case 'r':
			items = append(items, w.rangeItem(operands[0], ranges[0].Dim, ranges[0].Step, dims[a.Batch+k]))
			ranges = ranges[1:]
		default:
			items = append(items, ast.Item{X: w.value(operands[0])})
		}
		operands = operands[1:]
	}
	return items
}

// gather writes x[…]; batch axes are those of a comprehension.
func (w *writer) gather(op *ir.Op) ast.Expr {
	a := op.Attr.(ir.IndexAttr)
	x := op.Args[0]
	if a.Batch == 0 {
		return &ast.Index{X: w.value(x), Items: w.items(a, x.Type.Dims, op.Args[1:])}
	}
	binders, at := w.binders(x.Type.Dims[:a.Batch])
	items := w.itemsAt(a, op.Args[1:], at)
	return &ast.Comprehension{Brackets: true, Body: &ast.Index{X: &ast.Index{X: w.value(x), Items: at}, Items: items}, Clauses: []ast.Clause{{Binders: binders}}}
}

// binders are new names for the indices of axes.
func (w *writer) binders(dims []ir.Dim) (binders []ast.Binder, at []ast.Item) {
	for _, d := range dims {
		n := w.fresh("", "i")
		binders = append(binders, ast.Binder{Name: ast.Ident{Name: n}, In: &ast.Range{Lo: integer(0), Hi: w.dim(d)}})
		at = append(at, ast.Item{X: name(n)})
	}
	return binders, at
}

var writing = map[ir.AccumulateMode]string{
	ir.AccumulateAdd: "+=", ir.AccumulateSub: "-=", ir.AccumulateMul: "*=", ir.AccumulateDiv: "/=",
}

// write is an assignment to elements of a var; batch axes are gone through.
func (w *writer) write(op *ir.Op) {
	a := op.Attr.(ir.IndexAttr)
	x := op.Args[0]
	v := w.value(op.Args[1])
	var binders []ast.Binder
	var items []ast.Item
	if a.Batch == 0 {
		items = w.items(a, x.Type.Dims, op.Args[2:])
	} else {
		var at []ast.Item
		binders, at = w.binders(x.Type.Dims[:a.Batch])
		items = append(append(items, at...), w.itemsAt(a, op.Args[2:], at)...)
		v = &ast.Index{X: v, Items: at}
	}
	n := w.variable(op, x, op.Results[0])
	w.flush()
	symbol := "="
	if op.Code == ir.Accumulate {
		symbol = writing[a.Mode]
	}
	var stmt ast.Stmt = &ast.Assign{Target: &ast.Index{X: name(n), Items: items}, Op: symbol, Value: v}
	for _, binder := range slices.Backward(binders) {
		stmt = &ast.For{Var: binder.Name, Range: binder.In, Body: &ast.Block{Stmts: []ast.Stmt{stmt}}}
	}
	w.stmts = append(w.stmts, stmt)
	w.isVar(op.Results[0], n)
}

// itemsAt are the places of a spec behind batch axes, at one place along those.
func (w *writer) itemsAt(a ir.IndexAttr, operands []*ir.Value, at []ast.Item) []ast.Item {
	var items []ast.Item
	for _, letter := range a.Spec {
		switch letter {
		case ':':
			items = append(items, ast.Item{Kind: ast.ItemSlice})
			continue
		case 'r':
			panic(formless("a range along batch axes"))
		}
		items = append(items, ast.Item{X: &ast.Index{X: w.value(operands[0]), Items: at}})
		operands = operands[1:]
	}
	return items
}
