package repl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A kind tells how a name gets back into the programs of later inputs.
type kind uint8

const (
	function kind = iota // its declaration
	imported             // its declaration
	constant             // a let with its value as a literal
	data                 // an input of its value
	made                 // its let, checked again, with its value as input
	variable             // a var that begins with its value
)

// An entry is a name of a session with what it stands for. It never changes; a
// name that is declared or assigned anew gets another entry.
type entry struct {
	id    int
	kind  kind
	name  string
	ident ast.Ident
	text  string // as typed
	typed string // the type of its value

	value runtime.Value // nil of functions, imports, and what only the checker knows

	stmt  ast.Stmt          // the declaration, of a value one that gives it back
	rules []*ast.Derivative // of a function
	free  []string          // the names that the declaration takes from outside
	// captured are what these names stood for when a let was made; functions look
	// theirs up anew.
	captured map[string]*entry
	// siblings are the names that a made let declares, nil for those that get back
	// in another way.
	siblings []*entry
	declared ast.TypeExpr // of a var, as written
}

// literalOf is v as a constant of the language, if it can be written as one.
func literalOf(v runtime.Value) (text string, ok bool) {
	switch v := v.(type) {
	case runtime.Text:
		return strconv.Quote(string(v)), true
	case *runtime.Array:
		switch {
		case v.Rank() == 0 && v.DType() == ir.Bool:
			return strconv.FormatBool(v.Bool()[0]), true
		case v.Rank() == 0 && v.DType() == ir.F64:
			text = runtime.FormatF64(v.F64()[0])
			return text, !strings.Contains(text, "n") // nan and inf are names
		case v.Rank() < 2 && v.DType() == ir.I64:
			return integers(v)
		}
	case runtime.Tuple:
		text = "("
		for _, part := range v {
			literal, ok := literalOf(part)
			if !ok {
				return "", false
			}
			text += literal + ", "
		}
		return text + ")", len(v) > 0
	case runtime.Record:
		text = "{"
		for i, part := range v.Values {
			literal, ok := literalOf(part)
			if !ok {
				return "", false
			}
			text += v.Names[i] + ": " + literal + ", "
		}
		return text + "}", len(v.Values) > 0
	}
	return "", false
}

func integers(a *runtime.Array) (text string, ok bool) {
	var parts []string
	for _, i := range a.Canonical().I64() {
		if i == -1<<63 {
			return "", false // its digits alone don't fit
		}
		parts = append(parts, strconv.FormatInt(i, 10))
	}
	if a.Rank() == 0 {
		return parts[0], true
	}
	return "[" + strings.Join(parts, ", ") + "]", len(parts) > 0
}

// valueEntry is the entry of a let or var that has been computed.
func valueEntry(name ast.Ident, kept *typecheck.Kept, v runtime.Value) (*entry, error) {
	e := &entry{name: name.Name, ident: name, kind: made, value: v, typed: kept.Type}
	if !kept.Data {
		return e, nil
	}
	e.typed = calx.TypeOf(v)
	if kept.Constant {
		if text, ok := literalOf(v); ok {
			e.kind = constant
			stmt, err := statement("let value = " + text)
			e.stmt = stmt
			return e, err
		}
	}
	e.kind = data
	stmt, err := statement("input value: " + e.typed)
	e.stmt = stmt
	return e, err
}

// variableEntry is the entry of a var with a value.
func variableEntry(name ast.Ident, declared ast.TypeExpr, v runtime.Value) (*entry, error) {
	e := &entry{name: name.Name, ident: name, kind: variable, value: v, typed: calx.TypeOf(v), declared: declared}
	stmt, err := statement("input value: " + e.typed)
	if err != nil {
		return nil, err
	}
	e.stmt = stmt
	e.declared = withSizes(declared, stmt.(*ast.Input).Type)
	return e, nil
}

// withSizes is the type of a var as it is declared anew: a size that may change
// stays "_", all others are those of its value.
func withSizes(declared, found ast.TypeExpr) ast.TypeExpr {
	switch d := declared.(type) {
	case *ast.ArrayType:
		f, ok := found.(*ast.ArrayType)
		if !ok || len(f.Dims) != len(d.Dims) {
			return found
		}
		sized := *f
		sized.Dims = append([]ast.Expr(nil), f.Dims...)
		for i, dim := range d.Dims {
			if name, ok := dim.(*ast.Name); ok && name.Name[0] == '_' {
				sized.Dims[i] = dim
			}
		}
		return &sized
	case *ast.TupleType:
		f, ok := found.(*ast.TupleType)
		if !ok || len(f.Elems) != len(d.Elems) {
			return found
		}
		sized := *f
		sized.Elems = nil
		for i, part := range d.Elems {
			sized.Elems = append(sized.Elems, withSizes(part, f.Elems[i]))
		}
		return &sized
	case *ast.RecordType:
		f, ok := found.(*ast.RecordType)
		if !ok {
			return found
		}
		sized := *f
		sized.Fields = append([]ast.TypeField(nil), f.Fields...)
		for _, field := range d.Fields {
			for i := range sized.Fields {
				if sized.Fields[i].Name.Name == field.Name.Name {
					sized.Fields[i].Type = withSizes(field.Type, sized.Fields[i].Type)
				}
			}
		}
		return &sized
	}
	return found
}

// statement reads a statement that the session writes.
func statement(text string) (ast.Stmt, error) {
	file, mistakes := lang.Parse(&ast.Source{Name: "session", Text: text})
	if mistakes.HasErrors() || len(file.Stmts) != 1 {
		return nil, fmt.Errorf("this is a bug in Calx, not in the program: %q is no statement", text)
	}
	return file.Stmts[0], nil
}
