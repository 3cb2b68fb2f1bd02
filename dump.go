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
		fmt.Fprintf(&b, "input %s: %s\n", in.Def.Var.Name, p.TypeText(in.Def.Type))
	}
	for _, f := range p.Instances {
		params := make([]string, len(f.Params))
		for i, param := range f.Params {
			params[i] = param.Var.Name + ": " + p.TypeText(param.Type)
		}
		fmt.Fprintf(&b, "fn %s(%s) -> %s\n", f.Name, strings.Join(params, ", "), p.TypeText(f.Result))
	}
	if p.Body != nil {
		for _, stmt := range p.Body.Stmts {
			if d, ok := stmt.(*typecheck.Define); ok && d.Def.Var.Name != "" && !isExport(p, d.Def) {
				fmt.Fprintf(&b, "let %s: %s\n", d.Def.Var.Name, p.TypeText(d.Def.Type))
			}
		}
	}
	for _, export := range p.Exports {
		fmt.Fprintf(&b, "export %s: %s\n", export.Name, p.TypeText(export.Def.Type))
	}
	return b.String()
}

func isExport(p *typecheck.Program, def *typecheck.Def) bool {
	return slices.ContainsFunc(p.Exports, func(export *typecheck.Export) bool { return export.Def == def })
}
