package typecheck

import "github.com/calx-lang/calx/ir"

// What may be left out because its value is known.

// pureBlock reports whether nothing is lost if a block is not run: it prints
// nothing, checks nothing, and can't fail.
func pureBlock(b *Block) bool {
	if b == nil {
		return true
	}
	for _, s := range b.Stmts {
		d, ok := s.(*Define)
		if !ok || !pureExpr(d.X) {
			return false
		}
	}
	return b.Value == nil || pureExpr(b.Value)
}

func pureExpr(x Expr) bool {
	switch x := x.(type) {
	case *Const, *SizeOf, *Local:
		return true
	case *MakeTuple:
		return pureExprs(x.Elems)
	case *Part:
		return pureExpr(x.X)
	case *BlockExpr:
		return pureBlock(x.Block)
	case *If:
		return pureExpr(x.Cond) && pureBlock(x.Then) && pureBlock(x.Else)
	case *Call:
		return x.Callee.Body != nil && !x.Callee.Recursive && pureBlock(x.Callee.Body) && pureExprs(x.Args)
	case *Op:
		switch x.Code {
		case ir.Const, ir.Neg, ir.Add, ir.Sub, ir.Mul, ir.Min, ir.Max, ir.Eq, ir.Lt, ir.Le, ir.And, ir.Or, ir.Not, ir.Select:
			return pureExprs(x.Args)
		}
	}
	return false
}

func pureExprs(xs []Expr) bool {
	for _, x := range xs {
		if !pureExpr(x) {
			return false
		}
	}
	return true
}

// withoutConstant is what is known but for the values themselves.
func withoutConstant(k info) info {
	k.konst = nil
	parts := make([]info, len(k.parts))
	for i, p := range k.parts {
		parts[i] = withoutConstant(p)
	}
	k.parts = parts
	return k
}
