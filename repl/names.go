package repl

import (
	"reflect"
	"slices"

	"github.com/calx-lang/calx/ast"
)

// freeNames are the names that n takes from outside, in order; among them are
// those of methods, which may be fields, and sizes in annotations, which may be
// new names.
func freeNames(n ast.Node) []string {
	r := &renamer{}
	r.copy(n)
	return r.free
}

// renamed is a copy of n in which names that it takes from outside are others.
func renamed[N ast.Node](n N, names map[string]string) N {
	r := &renamer{names: names}
	return r.copy(n).(N)
}

// A renamer copies syntax and knows which names are bound where it is.
type renamer struct {
	names map[string]string
	bound []string
	free  []string
}

func (r *renamer) copy(n ast.Node) ast.Node {
	return r.value(reflect.ValueOf(n)).Interface().(ast.Node)
}

// outside is what a name that is used becomes.
func (r *renamer) outside(name string) string {
	if slices.Contains(r.bound, name) {
		return name
	}
	if !slices.Contains(r.free, name) {
		r.free = append(r.free, name)
	}
	if other, ok := r.names[name]; ok {
		return other
	}
	return name
}

// value copies what may hold syntax.
func (r *renamer) value(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		return r.value(v.Elem())
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		return r.node(v)
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(r.value(v.Index(i)))
		}
		return out
	case reflect.Struct:
		switch v.Interface().(type) {
		case ast.Span, ast.Ident:
			return v
		}
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			out.Field(i).Set(r.value(v.Field(i)))
		}
		return out
	}
	return v
}

// node copies a node, with the names that it binds.
func (r *renamer) node(v reflect.Value) reflect.Value {
	depth := len(r.bound)
	defer func() { r.bound = r.bound[:depth] }()
	out := reflect.New(v.Type().Elem())
	switch n := v.Interface().(type) {
	case *ast.Name:
		return reflect.ValueOf(&ast.Name{Span: n.Span, Name: r.outside(n.Name)})
	case *ast.Field:
		field := *n
		field.X = r.copy(n.X).(ast.Expr)
		r.outside(n.Name.Name)
		return reflect.ValueOf(&field)
	case *ast.Fn:
		r.bindSizes(n.Params)
		r.bindParams(n.Params)
	case *ast.Lambda:
		r.bindParams(n.Params)
	case *ast.Derivative:
		r.bind(n.Primals...)
		r.bind(n.Tangents...)
		if n.Result != nil {
			r.bind(*n.Result)
		}
	case *ast.For:
		loop := *n
		loop.Range = r.copy(n.Range).(ast.Expr)
		r.bind(n.Var)
		loop.Body = r.copy(n.Body).(*ast.Block)
		return reflect.ValueOf(&loop)
	case *ast.Comprehension:
		return reflect.ValueOf(r.comprehension(n))
	case *ast.Block:
		block := *n
		block.Stmts = make([]ast.Stmt, len(n.Stmts))
		for i, s := range n.Stmts {
			block.Stmts[i] = r.copy(s).(ast.Stmt)
			switch s := s.(type) {
			case *ast.Let:
				r.bind(s.Names...)
			case *ast.Var:
				r.bind(s.Name)
			}
		}
		return reflect.ValueOf(&block)
	}
	out.Elem().Set(r.value(v.Elem()))
	return out
}

func (r *renamer) comprehension(n *ast.Comprehension) *ast.Comprehension {
	c := *n
	c.Clauses = make([]ast.Clause, len(n.Clauses))
	for i, clause := range n.Clauses {
		for _, b := range clause.Binders {
			if b.In != nil {
				b.In = r.copy(b.In).(ast.Expr)
			}
			c.Clauses[i].Binders = append(c.Clauses[i].Binders, b)
			r.bind(b.Name)
		}
	}
	if n.Cond != nil {
		c.Cond = r.copy(n.Cond).(ast.Expr)
	}
	c.Body = r.copy(n.Body).(ast.Expr)
	return &c
}

func (r *renamer) bind(names ...ast.Ident) {
	for _, id := range names {
		r.bound = append(r.bound, id.Name)
	}
}

func (r *renamer) bindParams(params []*ast.Param) {
	for _, p := range params {
		r.bind(p.Name)
	}
}

// bindSizes binds the names in the dimensions of a signature, which belong to it.
func (r *renamer) bindSizes(params []*ast.Param) {
	for _, p := range params {
		r.bound = append(r.bound, sizeNames(p.Type)...)
	}
}

// sizeNames are the names in the dimensions of a type; nil of nil.
func sizeNames(t ast.TypeExpr) (names []string) {
	if t == nil {
		return nil
	}
	ast.Walk(t, func(n ast.Node) bool {
		if name, ok := n.(*ast.Name); ok && name.Name[0] != '_' && !slices.Contains(names, name.Name) {
			names = append(names, name.Name)
		}
		return true
	})
	return names
}

// assignedNames are the names that a statement assigns or changes in part.
func assignedNames(n ast.Node) (names []string) {
	var target func(x ast.Expr)
	target = func(x ast.Expr) {
		switch x := x.(type) {
		case *ast.Name:
			names = append(names, x.Name)
		case *ast.Paren:
			target(x.X)
		case *ast.Index:
			target(x.X)
		case *ast.Field:
			target(x.X)
		case *ast.Tuple:
			for _, part := range x.Elems {
				target(part)
			}
		}
	}
	ast.Walk(n, func(n ast.Node) bool {
		if a, ok := n.(*ast.Assign); ok {
			target(a.Target)
		}
		return true
	})
	return names
}
