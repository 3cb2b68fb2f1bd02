package lang

import (
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
)

// A writer prints trees: the right tokens in the right order, with the
// parentheses that they need. How they stand is left to layout.
type writer struct {
	text  strings.Builder
	stuck bool // the next token stands directly behind the last
}

func (w *writer) source() *ast.Source { return &ast.Source{Text: w.text.String()} }

// layout is what was written, without a line end behind it.
func (w *writer) layout() string { return strings.TrimSuffix(layout(w.source()), "\n") }

// put writes tokens, each after a space.
func (w *writer) put(tokens ...string) {
	for _, t := range tokens {
		if !w.stuck {
			w.text.WriteByte(' ')
		}
		w.stuck = false
		w.text.WriteString(t)
	}
}

// sign writes a sign, which stands directly before what follows it, for at the
// beginning of a line it would else be an operator.
func (w *writer) sign(sign string) {
	w.put(sign)
	w.stuck = true
}

func (w *writer) statements(list []ast.Stmt) {
	for _, s := range list {
		w.stmt(s)
		w.text.WriteByte('\n')
	}
}

func (w *writer) stmt(s ast.Stmt) {
	switch n := s.(type) {
	case *ast.Fn:
		w.doc(n.Doc)
		w.export(n.Export)
		w.put("fn", n.Name.Name)
		w.params(n.Params)
		if n.Result != nil {
			w.put("->")
			w.typeExpr(n.Result)
		}
		w.body(n.Body)
	case *ast.Derivative:
		word := "derivative"
		if n.Pullback {
			word = "pullback"
		}
		w.put(word, n.Name.Name, "(")
		w.names(n.Primals)
		w.put(";")
		w.names(n.Tangents)
		w.put(")")
		if n.Result != nil {
			w.put("->", n.Result.Name)
		}
		w.body(n.Body)
	case *ast.Let:
		w.export(n.Export)
		w.put("let")
		if n.Tuple {
			w.put("(")
		}
		w.names(n.Names)
		if n.Tuple {
			w.put(")")
		}
		w.annotation(n.Type)
		w.value(n.Value)
	case *ast.Var:
		w.put("var", n.Name.Name)
		w.annotation(n.Type)
		w.value(n.Value)
	case *ast.Input:
		w.put("input", n.Name.Name)
		w.annotation(n.Type)
		if n.Default != nil {
			w.value(n.Default)
		}
	case *ast.Import:
		w.put("import", strconv.Quote(n.Path.Value), "as", n.Name.Name)
	case *ast.Export:
		w.put("export")
		w.expr(n.Value, bindNone)
		w.put("as", strconv.Quote(n.Label.Value))
	case *ast.Assign:
		w.expr(n.Target, bindNone)
		w.put(n.Op)
		w.expr(n.Value, bindNone)
	case *ast.For:
		w.put("for", n.Var.Name, "in")
		w.head(n.Range)
		w.block(n.Body)
	case *ast.While:
		w.put("while")
		w.head(n.Cond)
		w.block(n.Body)
	case *ast.Return:
		w.put("return")
		if n.Value != nil {
			w.expr(n.Value, bindNone)
		}
	case *ast.Break:
		w.put("break")
	case *ast.Continue:
		w.put("continue")
	case *ast.ExprStmt:
		w.expr(n.X, bindNone)
	}
}

// doc writes the comment above a function.
func (w *writer) doc(text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		w.text.WriteString(strings.TrimRight("# "+line, " \r") + "\n")
	}
}

func (w *writer) export(export bool) {
	if export {
		w.put("export")
	}
}

func (w *writer) annotation(t ast.TypeExpr) {
	if t != nil {
		w.put(":")
		w.typeExpr(t)
	}
}

func (w *writer) value(x ast.Expr) {
	w.put("=")
	w.expr(x, bindNone)
}

// body writes that of a function, with a "=" unless it is a block.
func (w *writer) body(x ast.Expr) {
	if b, ok := x.(*ast.Block); ok {
		w.block(b)
		return
	}
	w.value(x)
}

func (w *writer) names(list []ast.Ident) {
	for i, n := range list {
		if i > 0 {
			w.put(",")
		}
		w.put(n.Name)
	}
}

func (w *writer) params(list []*ast.Param) {
	w.put("(")
	for i, p := range list {
		if i > 0 {
			w.put(",")
		}
		w.put(p.Name.Name)
		w.annotation(p.Type)
		if p.Default != nil {
			w.value(p.Default)
		}
	}
	w.put(")")
}

// block writes a block, on one line if it is no more than an expression.
func (w *writer) block(b *ast.Block) {
	w.put("{")
	if len(b.Stmts) == 1 {
		if x, ok := b.Stmts[0].(*ast.ExprStmt); ok && !hasBraces(x.X) {
			w.stmt(x)
			w.put("}")
			return
		}
	}
	w.text.WriteByte('\n')
	w.statements(b.Stmts)
	w.put("}")
}

// head writes what stands before a body. A "{" outside of brackets would begin
// that, so it needs parentheses.
func (w *writer) head(x ast.Expr) {
	if !hasBraces(x) {
		w.expr(x, bindNone)
		return
	}
	w.put("(")
	w.expr(x, bindNone)
	w.put(")")
}

// hasBraces holds if x is printed with a "{" outside of other brackets.
func hasBraces(x ast.Expr) bool {
	switch n := x.(type) {
	case *ast.Record, *ast.Block, *ast.If:
		return true
	case *ast.Lambda:
		return hasBraces(n.Body)
	case *ast.Unary:
		return hasBraces(n.X)
	case *ast.Binary:
		for {
			if hasBraces(n.Y) {
				return true
			}
			x, ok := n.X.(*ast.Binary)
			if !ok {
				return hasBraces(n.X)
			}
			n = x
		}
	case *ast.Compare:
		for _, operand := range n.Operands {
			if hasBraces(operand) {
				return true
			}
		}
	case *ast.Range:
		return hasBraces(n.Lo) || hasBraces(n.Hi) || n.Step != nil && hasBraces(n.Step)
	case *ast.Call:
		return hasBraces(n.Fun)
	case *ast.Index:
		return hasBraces(n.X)
	case *ast.Field:
		return hasBraces(n.X)
	case *ast.Prime:
		return hasBraces(n.X)
	}
	return false
}

func (w *writer) typeExpr(t ast.TypeExpr) {
	switch n := t.(type) {
	case *ast.ArrayType:
		w.put(n.DType)
		if !n.Ellipsis && len(n.Dims) == 0 {
			return
		}
		w.put("[")
		if n.Ellipsis {
			w.put("...")
		}
		for i, d := range n.Dims {
			if i > 0 || n.Ellipsis {
				w.put(",")
			}
			w.expr(d, bindSum)
		}
		w.put("]")
	case *ast.StrType:
		w.put("str")
	case *ast.TupleType:
		w.types(n.Elems)
		if len(n.Elems) == 1 {
			w.put(",")
		}
		w.put(")")
	case *ast.FuncType:
		w.types(n.Params)
		w.put(")", "->")
		w.typeExpr(n.Result)
	case *ast.RecordType:
		w.put("{")
		for i, f := range n.Fields {
			if i > 0 {
				w.put(",")
			}
			w.put(f.Name.Name, ":")
			w.typeExpr(f.Type)
		}
		w.put("}")
	}
}

// types writes "(" and the types, but no ")".
func (w *writer) types(list []ast.TypeExpr) {
	w.put("(")
	for i, t := range list {
		if i > 0 {
			w.put(",")
		}
		w.typeExpr(t)
	}
}
