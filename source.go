package calx

import (
	"strings"
	"unicode"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/passes"
	"github.com/calx-lang/calx/show"
	"github.com/calx-lang/calx/typecheck"
)

// SourceOf writes a function as Calx: what is left of it behind all passes.
// The function is an expression that a program could write, such as grad(f) or
// f'. Its parameters are those that it declares, for all sizes; one without
// annotation is a number if it can be one, else a vector or a matrix. What comes
// back parses, checks and computes the same.
func SourceOf(file *ast.File, function ast.Expr, opts Options) (text string, err error) {
	defer recoverBug(&err)
	checking := opts.checking()
	checking.Function = function
	checked, mistakes := typecheck.Check(file, checking)
	if mistakes.HasErrors() {
		return "", mistakes
	}
	module, entries, err := lower.LowerEntries(checked)
	if err != nil {
		return "", err
	}
	if err := refused(passes.Run(module, passes.Options{Whole: true})); err != nil {
		return "", err
	}
	stmts, err := show.Function(entries[typecheck.ShownFunction].Func, nameFor(lang.FormatExpr(function)))
	if err != nil {
		return "", err
	}
	return lang.Format(&ast.File{Stmts: stmts}), nil
}

// nameFor is a name made of an expression: grad_f of grad(f).
func nameFor(expression string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(expression, "'", "_prime") {
		if unicode.IsLetter(r) || unicode.IsDigit(r) && b.Len() > 0 {
			b.WriteRune(r)
		} else if name := b.String(); name != "" && !strings.HasSuffix(name, "_") {
			b.WriteByte('_')
		}
	}
	name := strings.TrimSuffix(b.String(), "_")
	if name == "" || len(name) > 40 {
		return "f"
	}
	return name
}
