package ast

import "reflect"

// Walk calls f with n and, where f says true, with what n is made of, in order
// of place. Nil nodes are left out.
func Walk(n Node, f func(Node) bool) {
	if n == nil || reflect.ValueOf(n).IsNil() || !f(n) {
		return
	}
	walkParams := func(ps []*Param) {
		for _, p := range ps {
			walkOptional(p.Type, f)
			walkOptional(p.Default, f)
		}
	}
	switch n := n.(type) {
	case *Fn:
		walkParams(n.Params)
		walkOptional(n.Result, f)
		walkOptional(n.Body, f)
	case *Derivative:
		walkOptional(n.Body, f)
	case *Let:
		walkOptional(n.Type, f)
		walkOptional(n.Value, f)
	case *Var:
		walkOptional(n.Type, f)
		walkOptional(n.Value, f)
	case *Input:
		walkOptional(n.Type, f)
		walkOptional(n.Default, f)
	case *Export:
		walkOptional(n.Value, f)
	case *Assign:
		walkOptional(n.Target, f)
		walkOptional(n.Value, f)
	case *For:
		walkOptional(n.Range, f)
		Walk(n.Body, f)
	case *While:
		walkOptional(n.Cond, f)
		Walk(n.Body, f)
	case *Return:
		walkOptional(n.Value, f)
	case *ExprStmt:
		walkOptional(n.X, f)
	case *Paren:
		walkOptional(n.X, f)
	case *Tuple:
		walkAll(n.Elems, f)
	case *List:
		walkAll(n.Elems, f)
	case *Record:
		for _, field := range n.Fields {
			walkOptional(field.Value, f)
		}
	case *Comprehension:
		walkOptional(n.Body, f)
		for _, clause := range n.Clauses {
			for _, b := range clause.Binders {
				walkOptional(b.In, f)
			}
		}
		walkOptional(n.Cond, f)
	case *Block:
		walkAll(n.Stmts, f)
	case *If:
		walkOptional(n.Cond, f)
		Walk(n.Then, f)
		walkOptional(n.Else, f)
	case *Lambda:
		walkParams(n.Params)
		walkOptional(n.Body, f)
	case *Unary:
		walkOptional(n.X, f)
	case *Binary:
		walkOptional(n.X, f)
		walkOptional(n.Y, f)
	case *Compare:
		walkAll(n.Operands, f)
	case *Range:
		walkOptional(n.Lo, f)
		walkOptional(n.Hi, f)
		walkOptional(n.Step, f)
	case *Call:
		walkOptional(n.Fun, f)
		for _, a := range n.Args {
			walkOptional(a.Value, f)
		}
	case *Index:
		walkOptional(n.X, f)
		for _, item := range n.Items {
			walkOptional(item.X, f)
			walkOptional(item.Lo, f)
			walkOptional(item.Hi, f)
			walkOptional(item.Step, f)
		}
	case *Field:
		walkOptional(n.X, f)
	case *Prime:
		walkOptional(n.X, f)
	case *Nabla:
		walkOptional(n.X, f)
	case *ArrayType:
		walkAll(n.Dims, f)
	case *TupleType:
		walkAll(n.Elems, f)
	case *FuncType:
		walkAll(n.Params, f)
		walkOptional(n.Result, f)
	case *RecordType:
		for _, field := range n.Fields {
			walkOptional(field.Type, f)
		}
	}
}

func walkOptional[N interface {
	comparable
	Node
}](n N, f func(Node) bool) {
	var absent N
	if n != absent {
		Walk(n, f)
	}
}

func walkAll[N Node](ns []N, f func(Node) bool) {
	for _, n := range ns {
		Walk(n, f)
	}
}
