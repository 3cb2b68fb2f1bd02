package lang

import (
	"strconv"

	"github.com/calx-lang/calx/ast"
)

// bindingOf says how tightly an expression holds together: an operand that must
// hold together more tightly needs parentheses.
func bindingOf(x ast.Expr) int {
	switch n := x.(type) {
	case *ast.Lambda, *ast.If, *ast.Block:
		return bindNone
	case *ast.Unary:
		if n.Op == "not" {
			return bindNot
		}
		return bindUnary
	case *ast.Binary:
		if n.Op == "^" {
			return bindPower
		}
		for k := kAnd; k <= kAt; k++ {
			if spelling[k] == n.Op {
				return binding(k)
			}
		}
	case *ast.Compare:
		return bindCompare
	case *ast.Range:
		return bindRange
	case *ast.Number:
		if n.Text != "" && n.Text[0] == '-' {
			return bindUnary // no literal, but the value of a program may be one
		}
	}
	return bindPostfix
}

// expr writes an expression that must bind at least as tightly as least.
func (w *writer) expr(x ast.Expr, least int) {
	if bindingOf(x) < least {
		w.put("(")
		w.expr(x, bindNone)
		w.put(")")
		return
	}
	switch n := x.(type) {
	case *ast.Number:
		w.put(n.Text)
	case *ast.String:
		w.put(strconv.Quote(n.Value))
	case *ast.Bool:
		w.put(strconv.FormatBool(n.Value))
	case *ast.Name:
		w.put(n.Name)
	case *ast.Paren:
		w.put("(")
		w.expr(n.X, bindNone)
		w.put(")")
	case *ast.Tuple:
		w.put("(")
		w.exprs(n.Elems)
		if len(n.Elems) == 1 {
			w.put(",")
		}
		w.put(")")
	case *ast.List:
		w.put("[")
		w.exprs(n.Elems)
		w.put("]")
	case *ast.Record:
		w.record(n)
	case *ast.Comprehension:
		w.put("[")
		w.generator(n)
		w.put("]")
	case *ast.Block:
		w.block(n)
	case *ast.If:
		w.conditional(n)
	case *ast.Lambda:
		w.lambda(n)
	case *ast.Unary:
		if n.Op == "not" {
			w.put(n.Op)
			w.expr(n.X, bindNot)
		} else {
			w.sign(n.Op)
			w.expr(n.X, bindUnary)
		}
	case *ast.Binary:
		w.binary(n)
	case *ast.Compare:
		for i, operand := range n.Operands {
			if i > 0 {
				w.put(n.Ops[i-1])
			}
			w.expr(operand, bindCompare+1)
		}
	case *ast.Range:
		w.expr(n.Lo, bindSum)
		w.put("..")
		w.expr(n.Hi, bindSum)
		if n.Step != nil {
			w.put("..")
			w.expr(n.Step, bindSum)
		}
	case *ast.Bad:
		w.put("_")
	default:
		w.postfix(x)
	}
}

// binary writes a chain of operators. It goes down on the left without
// recursion, since there a chain is as deep as it is long.
func (w *writer) binary(n *ast.Binary) {
	if n.Op == "^" {
		w.expr(n.X, bindPostfix)
		w.put("^")
		w.expr(n.Y, bindUnary)
		return
	}
	chain := []*ast.Binary{n}
	for {
		x, ok := n.X.(*ast.Binary)
		if !ok || x.Op == "^" || bindingOf(x) < bindingOf(n) {
			break
		}
		chain = append(chain, x)
		n = x
	}
	w.expr(n.X, bindingOf(n))
	for i := len(chain) - 1; i >= 0; i-- {
		w.put(chain[i].Op)
		w.expr(chain[i].Y, bindingOf(chain[i])+1)
	}
}

func (w *writer) postfix(x ast.Expr) {
	switch n := x.(type) {
	case *ast.Call:
		w.expr(n.Fun, bindPostfix)
		w.text.WriteByte('(')
		for i, a := range n.Args {
			if i > 0 {
				w.put(",")
			}
			if a.Name.Name != "" {
				w.put(a.Name.Name, "=")
			}
			if c, ok := a.Value.(*ast.Comprehension); ok && !c.Brackets && len(n.Args) == 1 && a.Name.Name == "" {
				w.generator(c)
			} else {
				w.expr(a.Value, bindNone)
			}
		}
		w.put(")")
	case *ast.Index:
		w.expr(n.X, bindPostfix)
		w.text.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				w.put(",")
			}
			w.item(item)
		}
		w.put("]")
	case *ast.Field:
		w.expr(n.X, bindPostfix)
		w.put(".", n.Name.Name)
	case *ast.Prime:
		if isFunctionLike(n.X) {
			w.expr(n.X, bindPostfix)
		} else {
			w.put("(")
			w.expr(n.X, bindNone)
			w.put(")")
		}
		w.text.WriteByte('\'')
	case *ast.Nabla:
		switch n.X.(type) {
		case *ast.Name, *ast.Paren:
			w.put("∇")
			w.expr(n.X, bindPostfix)
		default:
			w.put("∇", "(")
			w.expr(n.X, bindNone)
			w.put(")")
		}
	}
}

func (w *writer) item(item ast.Item) {
	switch item.Kind {
	case ast.ItemEllipsis:
		w.put("...")
	case ast.ItemNewAxis:
		w.put("newaxis")
	case ast.ItemSlice:
		if item.Lo != nil {
			w.expr(item.Lo, bindNone)
		}
		w.put(":")
		if item.Hi != nil {
			w.expr(item.Hi, bindNone)
		}
		if item.Step != nil {
			w.put(":")
			w.expr(item.Step, bindNone)
		}
	default:
		w.expr(item.X, bindNone)
	}
}

func (w *writer) exprs(list []ast.Expr) {
	for i, x := range list {
		if i > 0 {
			w.put(",")
		}
		w.expr(x, bindNone)
	}
}

func (w *writer) record(n *ast.Record) {
	w.put("{")
	for i, f := range n.Fields {
		if i > 0 {
			w.put(",")
		}
		if f.Name.Name == "" {
			w.put("...")
		} else {
			w.put(f.Name.Name, ":")
		}
		w.expr(f.Value, bindNone)
	}
	w.put("}")
}

func (w *writer) generator(n *ast.Comprehension) {
	w.expr(n.Body, bindNone)
	for _, c := range n.Clauses {
		w.put("for")
		for i, b := range c.Binders {
			if i > 0 {
				w.put(",")
			}
			w.put(b.Name.Name)
			if b.In != nil {
				w.put("in")
				w.expr(b.In, bindOr)
			}
		}
	}
	if n.Cond != nil {
		w.put("if")
		w.expr(n.Cond, bindOr)
	}
}

func (w *writer) conditional(n *ast.If) {
	w.put("if")
	w.head(n.Cond)
	w.block(n.Then)
	switch e := n.Else.(type) {
	case nil:
	case *ast.If:
		w.put("else")
		w.conditional(e)
	case *ast.Block:
		w.put("else")
		w.block(e)
	}
}

func (w *writer) lambda(n *ast.Lambda) {
	if len(n.Params) == 1 && !n.Parens && n.Params[0].Type == nil && n.Params[0].Default == nil {
		w.put(n.Params[0].Name.Name)
	} else {
		w.params(n.Params)
	}
	w.put("->")
	w.expr(n.Body, bindNone)
}
