package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/calx-lang/calx/ast"
)

// syntaxText writes the tree of a file, or of one function of it: a node on each
// line, what it is made of below and to the right.
func syntaxText(file *ast.File, function string) string {
	w := &syntaxWriter{}
	for _, stmt := range file.Stmts {
		if fn, ok := stmt.(*ast.Fn); function == "" || ok && fn.Name.Name == function {
			w.node("", reflect.ValueOf(stmt), 0)
		}
	}
	return w.String()
}

type syntaxWriter struct{ strings.Builder }

var spanType, identType = reflect.TypeFor[ast.Span](), reflect.TypeFor[ast.Ident]()

// node writes a value under the name of the field that holds it.
func (w *syntaxWriter) node(label string, v reflect.Value, depth int) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	indent := strings.Repeat("  ", depth)
	if label != "" {
		label += ": "
	}
	switch {
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			w.node(fmt.Sprintf("%s[%d]", strings.TrimSuffix(label, ": "), i), v.Index(i), depth)
		}
	case v.Type() == identType:
		fmt.Fprintf(w, "%s%s%s\n", indent, label, v.Field(0))
	case v.Kind() == reflect.Struct:
		fmt.Fprintf(w, "%s%s%s", indent, label, v.Type().Name())
		w.scalars(v)
		w.WriteByte('\n')
		for i := range v.NumField() {
			if field := v.Field(i); !isScalar(field) && field.Type() != spanType && !field.IsZero() {
				w.node(v.Type().Field(i).Name, field, depth+1)
			}
		}
	default:
		fmt.Fprintf(w, "%s%s%v\n", indent, label, v)
	}
}

// scalars writes the fields that are no nodes, on the line of their node.
func (w *syntaxWriter) scalars(v reflect.Value) {
	for i := range v.NumField() {
		field := v.Field(i)
		if !isScalar(field) || field.IsZero() {
			continue
		}
		if field.Kind() == reflect.String {
			fmt.Fprintf(w, " %s=%q", v.Type().Field(i).Name, field.String())
		} else {
			fmt.Fprintf(w, " %s=%v", v.Type().Field(i).Name, field)
		}
	}
	if v.CanAddr() {
		if node, ok := v.Addr().Interface().(ast.Node); ok {
			fmt.Fprintf(w, " @%d", node.Pos().Line())
		}
	}
}

func isScalar(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Bool, reflect.Uint8, reflect.Int:
		return true
	}
	return false
}
