package typecheck

import (
	"github.com/calx-lang/calx/ast"
)

// A blockTree is the argument of block: arrays in nested lists or tuples.
type blockTree struct {
	array value // of a leaf
	parts []*blockTree
	span  ast.Span
}

// block joins the arrays in the innermost lists along the last axis, those of
// the lists around them along the last but one, and so on.
func (k *call) block() value {
	o := k.args["arrays"]
	if o.isBad() {
		return bad
	}
	return k.blockParts(o.value, o.e, func(tree *blockTree) value {
		var leaves []*blockTree
		depth, ok := k.blockDepth(tree, &leaves)
		if !ok {
			return bad
		}
		arrays := make([]value, len(leaves))
		for i, leaf := range leaves {
			arrays[i] = leaf.array
		}
		arrays = k.meet(arrays)
		rank := depth
		for _, v := range arrays {
			if v.isBad() {
				return bad
			}
			rank = max(rank, v.rank())
		}
		for i, leaf := range leaves {
			leaf.array = raised(arrays[i], rank)
		}
		return k.assembled(tree, rank-depth)
	})
}

// blockParts reads nested lists and tuples. What is a tuple gets a name, so that
// its parts can be taken.
func (k *call) blockParts(v value, e ast.Expr, body func(*blockTree) value) value {
	all := func(vs []value, exprs []ast.Expr) value {
		tree := &blockTree{span: v.span}
		var next func(i int) value
		next = func(i int) value {
			if i == len(vs) {
				return body(tree)
			}
			var inner ast.Expr
			if exprs != nil {
				inner = exprs[i]
			}
			return k.blockParts(vs[i], inner, func(part *blockTree) value {
				tree.parts = append(tree.parts, part)
				return next(i + 1)
			})
		}
		return next(0)
	}
	if v.isBad() {
		return bad
	}
	if e != nil {
		e = unparen(e)
	}
	if v.items != nil {
		list, ok := e.(*ast.List)
		if !ok || len(list.Elems) != len(v.items) {
			return all(v.items, nil)
		}
		return all(v.items, list.Elems)
	}
	if _, isTuple := v.t.(Tuple); isTuple {
		return k.named(v, func(v value) value { return all(k.items(v), nil) })
	}
	if list, ok := e.(*ast.List); ok {
		// A list is parts, also where it would make an array.
		parts := make([]value, len(list.Elems))
		for i, x := range list.Elems {
			parts[i] = k.expr(x)
		}
		return all(parts, list.Elems)
	}
	if _, ok := v.array(); !ok {
		return k.fail(v.span, ast.CodeTypeMismatch, "block joins arrays of numbers, and this is %s", k.show(v.t)).value()
	}
	return body(&blockTree{array: v, span: v.span})
}

// blockDepth is how deep all arrays stand, and collects them.
func (k *call) blockDepth(tree *blockTree, leaves *[]*blockTree) (int, bool) {
	if !tree.array.isBad() {
		*leaves = append(*leaves, tree)
		return 0, true
	}
	if len(tree.parts) == 0 {
		k.fail(tree.span, ast.CodeArguments, "block has nothing to join here")
		return 0, false
	}
	depth := 0
	for i, part := range tree.parts {
		d, ok := k.blockDepth(part, leaves)
		if !ok {
			return 0, false
		}
		if i > 0 && d != depth {
			k.fail(part.span, ast.CodeArguments, "the lists of block are nested %d deep here, and %d before", d, depth)
			return 0, false
		}
		depth = d
	}
	return depth + 1, true
}

// assembled joins the parts along axis, after those of each along the next axes.
func (k *call) assembled(tree *blockTree, axis int) value {
	if tree.parts == nil {
		return tree.array
	}
	parts := make([]value, len(tree.parts))
	for i, part := range tree.parts {
		if parts[i] = k.assembled(part, axis+1); parts[i].isBad() {
			return bad
		}
		parts[i].span = part.span
	}
	return k.concatenateAlong(parts, axis)
}
