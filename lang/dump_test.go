package lang

import (
	"fmt"
	"strings"

	"github.com/calx-lang/calx/ast"
)

// dump writes a tree with parentheses around every node and without places, so
// that tests can say what a text means.
func dump(node any) string {
	switch n := node.(type) {
	case *ast.File:
		return lines(n.Stmts)
	case *ast.Fn:
		out := "fn " + n.Name.Name + dumpParams(n.Params)
		if n.Result != nil {
			out += " -> " + dump(n.Result)
		}
		if n.Doc != "" {
			out += fmt.Sprintf(" doc %q", n.Doc)
		}
		return exported(n.Export) + out + " = " + dump(n.Body)
	case *ast.Derivative:
		word := "derivative "
		if n.Pullback {
			word = "pullback "
		}
		out := word + n.Name.Name + "(" + dumpIdents(n.Primals) + "; " + dumpIdents(n.Tangents) + ")"
		if n.Result != nil {
			out += " -> " + n.Result.Name
		}
		return out + " = " + dump(n.Body)
	case *ast.Let:
		names := dumpIdents(n.Names)
		if n.Tuple {
			names = "(" + names + ")"
		}
		return exported(n.Export) + "let " + names + annotated(n.Type) + " = " + dump(n.Value)
	case *ast.Var:
		return "var " + n.Name.Name + annotated(n.Type) + " = " + dump(n.Value)
	case *ast.Input:
		out := "input " + n.Name.Name + annotated(n.Type)
		if n.Default != nil {
			out += " = " + dump(n.Default)
		}
		return out
	case *ast.Import:
		return fmt.Sprintf("import %q as %s", n.Path.Value, n.Name.Name)
	case *ast.Export:
		return fmt.Sprintf("export %s as %q", dump(n.Value), n.Label.Value)
	case *ast.Assign:
		return dump(n.Target) + " " + n.Op + " " + dump(n.Value)
	case *ast.For:
		return "for " + n.Var.Name + " in " + dump(n.Range) + " " + dump(n.Body)
	case *ast.While:
		return "while " + dump(n.Cond) + " " + dump(n.Body)
	case *ast.Return:
		if n.Value == nil {
			return "return"
		}
		return "return " + dump(n.Value)
	case *ast.Break:
		return "break"
	case *ast.Continue:
		return "continue"
	case *ast.ExprStmt:
		return dump(n.X)
	case ast.TypeExpr:
		return dumpType(n)
	case ast.Expr:
		return dumpExpr(n)
	}
	return fmt.Sprintf("?%T", node)
}

func dumpExpr(e ast.Expr) string {
	switch n := e.(type) {
	case *ast.Number:
		return n.Text
	case *ast.String:
		return fmt.Sprintf("%q", n.Value)
	case *ast.Bool:
		return fmt.Sprint(n.Value)
	case *ast.Name:
		return n.Name
	case *ast.Paren:
		return "(paren " + dump(n.X) + ")"
	case *ast.Tuple:
		return call("tuple", n.Elems)
	case *ast.List:
		return call("list", n.Elems)
	case *ast.Record:
		out := "{"
		for i, f := range n.Fields {
			if i > 0 {
				out += ", "
			}
			if f.Name.Name == "" {
				out += "..." + dump(f.Value)
			} else {
				out += f.Name.Name + ": " + dump(f.Value)
			}
		}
		return out + "}"
	case *ast.Comprehension:
		return dumpComprehension(n)
	case *ast.Block:
		return "{ " + lines(n.Stmts) + " }"
	case *ast.If:
		out := "(if " + dump(n.Cond) + " " + dump(n.Then)
		if n.Else != nil {
			out += " else " + dump(n.Else)
		}
		return out + ")"
	case *ast.Lambda:
		if !n.Parens {
			return "(" + n.Params[0].Name.Name + " -> " + dump(n.Body) + ")"
		}
		return "(" + dumpParams(n.Params) + " -> " + dump(n.Body) + ")"
	case *ast.Unary:
		return "(" + n.Op + " " + dump(n.X) + ")"
	case *ast.Binary:
		return "(" + dump(n.X) + " " + n.Op + " " + dump(n.Y) + ")"
	case *ast.Compare:
		out := "(" + dump(n.Operands[0])
		for i, op := range n.Ops {
			out += " " + op + " " + dump(n.Operands[i+1])
		}
		return out + ")"
	case *ast.Range:
		out := "(" + dump(n.Lo) + " .. " + dump(n.Hi)
		if n.Step != nil {
			out += " .. " + dump(n.Step)
		}
		return out + ")"
	case *ast.Call:
		out := "(call " + dump(n.Fun)
		for _, a := range n.Args {
			out += " "
			if a.Name.Name != "" {
				out += a.Name.Name + "="
			}
			out += dump(a.Value)
		}
		return out + ")"
	case *ast.Index:
		out := "(index " + dump(n.X)
		for _, item := range n.Items {
			out += " " + dumpItem(item)
		}
		return out + ")"
	case *ast.Field:
		return "(field " + dump(n.X) + " " + n.Name.Name + ")"
	case *ast.Prime:
		return "(prime " + dump(n.X) + ")"
	case *ast.Nabla:
		return "(nabla " + dump(n.X) + ")"
	}
	return fmt.Sprintf("?%T", e)
}

func dumpComprehension(n *ast.Comprehension) string {
	out := "(gen "
	if n.Brackets {
		out = "(array "
	}
	out += dump(n.Body)
	for _, c := range n.Clauses {
		out += " for"
		for i, b := range c.Binders {
			if i > 0 {
				out += ","
			}
			out += " " + b.Name.Name
			if b.In != nil {
				out += " in " + dump(b.In)
			}
		}
	}
	if n.Cond != nil {
		out += " if " + dump(n.Cond)
	}
	return out + ")"
}

func dumpItem(item ast.Item) string {
	optional := func(x ast.Expr) string {
		if x == nil {
			return "_"
		}
		return dump(x)
	}
	switch item.Kind {
	case ast.ItemEllipsis:
		return "..."
	case ast.ItemNewAxis:
		return "newaxis"
	case ast.ItemSlice:
		return "(slice " + optional(item.Lo) + " " + optional(item.Hi) + " " + optional(item.Step) + ")"
	}
	return dump(item.X)
}

func dumpType(t ast.TypeExpr) string {
	switch n := t.(type) {
	case *ast.ArrayType:
		var dims []string
		if n.Ellipsis {
			dims = append(dims, "...")
		}
		for _, d := range n.Dims {
			dims = append(dims, dump(d))
		}
		if dims == nil {
			return n.DType
		}
		return n.DType + "[" + strings.Join(dims, ", ") + "]"
	case *ast.StrType:
		return "str"
	case *ast.TupleType:
		return call("tuple", n.Elems)
	case *ast.FuncType:
		return "(" + call("from", n.Params) + " to " + dump(n.Result) + ")"
	case *ast.RecordType:
		out := "{"
		for i, f := range n.Fields {
			if i > 0 {
				out += ", "
			}
			out += f.Name.Name + ": " + dump(f.Type)
		}
		return out + "}"
	}
	return fmt.Sprintf("?%T", t)
}

func call[T any](name string, list []T) string {
	out := "(" + name
	for _, x := range list {
		out += " " + dump(x)
	}
	return out + ")"
}

func lines(stmts []ast.Stmt) string {
	var out []string
	for _, s := range stmts {
		out = append(out, dump(s))
	}
	return strings.Join(out, "; ")
}

func annotated(t ast.TypeExpr) string {
	if t == nil {
		return ""
	}
	return ": " + dump(t)
}

func exported(export bool) string {
	if export {
		return "export "
	}
	return ""
}

func dumpIdents(list []ast.Ident) string {
	var out []string
	for _, n := range list {
		out = append(out, n.Name)
	}
	return strings.Join(out, ", ")
}

func dumpParams(list []*ast.Param) string {
	var out []string
	for _, n := range list {
		s := n.Name.Name + annotated(n.Type)
		if n.Default != nil {
			s += " = " + dump(n.Default)
		}
		out = append(out, s)
	}
	return "(" + strings.Join(out, ", ") + ")"
}
