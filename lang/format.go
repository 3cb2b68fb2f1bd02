package lang

import "github.com/calx-lang/calx/ast"

// Format writes a file in the one style of Calx. Comments stay, and so do line
// ends inside of brackets and single blank lines between statements. A file
// whose source can be read is formatted from that, any other from its tree,
// which knows no comments but those above functions.
func Format(file *ast.File) string {
	if file.Source != nil {
		if text, ds := FormatSource(file.Source); !ds.HasErrors() {
			return text
		}
	}
	w := &writer{}
	w.statements(file.Stmts)
	return layout(w.source())
}

// FormatSource writes a text in the one style of Calx. A text with mistakes
// comes back as it was.
func FormatSource(src *ast.Source) (string, ast.Diagnostics) {
	if _, ds := Parse(src); ds.HasErrors() {
		return src.Text, ds
	}
	return layout(src), nil
}

// FormatExpr prints an expression, with the parentheses that it needs.
func FormatExpr(x ast.Expr) string {
	w := &writer{}
	w.expr(x, bindNone)
	return w.layout()
}

// FormatType prints a type.
func FormatType(t ast.TypeExpr) string {
	w := &writer{}
	w.typeExpr(t)
	return w.layout()
}
