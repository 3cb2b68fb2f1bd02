package calx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// Dump are functions that see a program on its way through the compiler; those
// that are nil are not called.
type Dump struct {
	Syntax func(*ast.File)
	Types  func(text string)                // what each name is, a line for each
	IR     func(stage string, m *ir.Module) // behind "lower" and each pass
}

// typesText says what is known of the names of a program: inputs, functions at
// the sizes that they were checked for, lets and vars at top level, exports.
func typesText(p *typecheck.Program) string {
	var b strings.Builder
	for _, in := range p.Inputs {
		fmt.Fprintf(&b, "input %s: %s\n", in.Def.Var.Name, typeName(p, in.Def.Type))
	}
	for _, f := range p.Instances {
		params := make([]string, len(f.Params))
		for i, param := range f.Params {
			params[i] = param.Var.Name + ": " + typeName(p, param.Type)
		}
		fmt.Fprintf(&b, "fn %s(%s) -> %s\n", f.Name, strings.Join(params, ", "), typeName(p, f.Result))
	}
	if p.Body != nil {
		for _, stmt := range p.Body.Stmts {
			if d, ok := stmt.(*typecheck.Define); ok && d.Def.Var.Name != "" && !isExport(p, d.Def) {
				fmt.Fprintf(&b, "let %s: %s\n", d.Def.Var.Name, typeName(p, d.Def.Type))
			}
		}
	}
	for _, export := range p.Exports {
		fmt.Fprintf(&b, "export %s: %s\n", export.Name, typeName(p, export.Def.Type))
	}
	return b.String()
}

func isExport(p *typecheck.Program, def *typecheck.Def) bool {
	return slices.ContainsFunc(p.Exports, func(export *typecheck.Export) bool { return export.Def == def })
}

// typeName is a type as the language writes it.
func typeName(p *typecheck.Program, t typecheck.Type) string {
	switch t := t.(type) {
	case typecheck.Array:
		if len(t.Dims) == 0 {
			return t.DType.String()
		}
		sizes := make([]string, len(t.Dims))
		for i, d := range t.Dims {
			sizes[i] = sizeName(p, d)
		}
		return t.DType.String() + "[" + strings.Join(sizes, ", ") + "]"
	case typecheck.Tuple:
		parts := make([]string, len(t.Elems))
		for i, elem := range t.Elems {
			parts[i] = typeName(p, elem)
		}
		if len(parts) == 1 {
			return "(" + parts[0] + ",)"
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case typecheck.Record:
		parts := make([]string, len(t.Types))
		for i, field := range t.Types {
			parts[i] = t.Names[i] + ": " + typeName(p, field)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case typecheck.Function:
		return "function " + t.Value.Name
	case typecheck.Static:
		return t.Name
	}
	return "no value"
}

// sizeName is a size as the language writes it.
func sizeName(p *typecheck.Program, d ir.Dim) string {
	return d.Format(func(a ir.Atom) string {
		info := p.Atoms[a]
		x, y := sizeName(p, info.A), sizeName(p, info.B)
		switch info.Kind {
		case typecheck.AtomDiv:
			return "(" + operand(info.A, x) + " // " + operand(info.B, y) + ")"
		case typecheck.AtomMod:
			return "(" + operand(info.A, x) + " % " + operand(info.B, y) + ")"
		case typecheck.AtomMin:
			return "min(" + x + ", " + y + ")"
		case typecheck.AtomMax:
			return "max(" + x + ", " + y + ")"
		}
		if info.Name == "" {
			return "_"
		}
		return info.Name
	})
}

// operand is a size as an operand of "//" and "%".
func operand(d ir.Dim, text string) string {
	_, isAtom := d.Atom()
	_, isNumber := d.Const()
	if isAtom || isNumber {
		return text
	}
	return "(" + text + ")"
}
