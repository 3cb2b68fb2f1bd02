package calx

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/passes/diff"
	"github.com/calx-lang/calx/typecheck"
)

// recoverBug makes an error of a panic, which is a mistake of ours.
func recoverBug(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("this is a bug in Calx, not in the program: %v", r)
	}
}

// joined are the mistakes that the parser and the checker found, in the order of
// their places. The checker sees a text with mistakes too, as far as the parser
// could read it; what then only seems wrong because something could not be read
// is left out.
func joined(file *ast.File, parsed, checked ast.Diagnostics) ast.Diagnostics {
	if parsed.HasErrors() {
		damaged := damagedStatements(file, parsed)
		checked = slices.DeleteFunc(checked, func(d *ast.Diagnostic) bool {
			return d.Severity == ast.Warning || d.Code == ast.CodeUnknownName || touches(d, damaged)
		})
	}
	all := slices.Concat(parsed, checked)
	if !parsed.HasErrors() {
		all = append(all, typecheck.RepeatedKeys(file)...)
	}
	slices.SortStableFunc(all, func(a, b *ast.Diagnostic) int {
		return cmp.Or(cmp.Compare(rank(a, file), rank(b, file)), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return all
}

// rank puts the mistakes of a file before those of others.
func rank(d *ast.Diagnostic, file *ast.File) int {
	if d.Span.Source == file.Source {
		return 0
	}
	return 1
}

// damagedStatements are the places of the statements at top level that mistakes
// of the parser lie in.
func damagedStatements(file *ast.File, mistakes ast.Diagnostics) (damaged []ast.Span) {
	for _, stmt := range file.Stmts {
		place := stmt.Pos()
		if slices.ContainsFunc(mistakes, func(d *ast.Diagnostic) bool { return within(d.Span, place) }) {
			damaged = append(damaged, place)
		}
	}
	return damaged
}

// touches reports whether a mistake lies in one of these places, or has to do
// with them.
func touches(d *ast.Diagnostic, places []ast.Span) bool {
	return slices.ContainsFunc(places, func(place ast.Span) bool {
		return within(d.Span, place) || slices.ContainsFunc(d.Labels, func(l ast.Label) bool { return within(l.Span, place) })
	})
}

func within(s, place ast.Span) bool {
	return s.Source == place.Source && place.Start <= s.Start && s.Start < place.End
}

// refused tells the mistakes of the program from those of the compiler: a
// derivative that does not exist becomes Diagnostics.
func refused(err error) error {
	var refusal *diff.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	codes := map[diff.Reason]ast.Code{
		diff.NoRule: ast.CodeNoDerivative, diff.NotLinear: ast.CodeNotLinear,
		diff.Endless: ast.CodeRecursion, diff.SizesTooBig: ast.CodeUnknownSize,
	}
	d := &ast.Diagnostic{Code: codes[refusal.Reason], Message: refusal.Message, Span: refusal.Pos, Hint: refusal.Advice}
	for _, call := range refusal.Calls {
		switch {
		case !call.IsValid() || call.IsInternal():
		case !d.Span.IsValid() || d.Span.IsInternal():
			d.Span = call
		case call != d.Span:
			d.Labels = append(d.Labels, ast.Label{Span: call, Text: "called here"})
		}
	}
	return ast.Diagnostics{d}
}
