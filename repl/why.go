package repl

import (
	"context"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
)

// why says how a function can be differentiated: of grad(f) and the like, f.
func (s *Session) why(_ context.Context, text string, emit func(Event)) error {
	source := &ast.Source{Name: "expression", Text: text}
	x, mistakes := lang.ParseExpr(source)
	if mistakes.HasErrors() {
		return mistakes
	}
	g, err := s.prepare(source, []ast.Stmt{&ast.ExprStmt{X: x}}, nil)
	if err != nil {
		return err
	}
	g.stmts = nil
	file, options := g.file(s.compileOptions(nil))
	reports, err := calx.ReportsOf(file, x, options)
	if err != nil {
		return err
	}
	texts := make([]string, len(reports))
	for i, r := range reports {
		texts[i] = strings.TrimSuffix(r.String(), "\n")
	}
	emit(Answer{strings.Join(texts, "\n\n")})
	return nil
}
