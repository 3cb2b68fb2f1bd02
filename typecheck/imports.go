package typecheck

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
)

// Imported files.

// importFile runs another file once and binds its exported names.
func (c *checker) importFile(s *ast.Import) {
	b := c.ctx.file.names[s.Name.Name]
	if b == nil || b.span != s.Name.Span {
		return
	}
	b.pending = false
	if c.opts.Load == nil {
		c.fail(s.Path.Span, ast.CodeImportFailed, "files can't be imported here")
		return
	}
	source, err := c.opts.Load(s.Span.Source, s.Path.Value)
	if err != nil {
		c.fail(s.Path.Span, ast.CodeImportFailed, "%s can't be imported: %s", s.Path.Value, err)
		return
	}
	if slices.Contains(c.importing, source.Name) {
		c.fail(s.Path.Span, ast.CodeImportFailed, "%s imports itself, directly or through other files", s.Path.Value)
		return
	}
	if scope := c.imported[source.Name]; scope != nil {
		b.module = scope
		return
	}
	if len(c.importing) > maxNesting {
		c.fail(s.Path.Span, ast.CodeImportFailed, "imports are nested more than %d deep", maxNesting)
		return
	}
	file, diags := lang.Parse(source)
	if diags.HasErrors() {
		c.diags = append(c.diags, diags...)
		c.failed += len(diags)
		return
	}
	scope := &fileScope{name: source.Name, names: map[string]*binding{}}
	c.imported[source.Name] = scope
	b.module = scope
	outer := c.ctx
	c.ctx = &context{file: scope, scope: emptyScope(), block: outer.block}
	c.importing = append(c.importing, source.Name)
	c.declareTop(file)
	for _, s := range file.Stmts {
		switch s := s.(type) {
		case *ast.Let:
			c.let(s)
			if s.Export {
				for _, id := range s.Names {
					scope.exported = append(scope.exported, id.Name)
				}
			}
		case *ast.Fn:
			if s.Export {
				scope.exported = append(scope.exported, s.Name.Name)
			}
			c.topStatement(s)
		case *ast.Import, *ast.Derivative:
			c.topStatement(s)
		default:
			c.fail(s.Pos(), ast.CodeMisplaced, "an imported file holds only import, fn, derivative, pullback and let")
		}
	}
	c.checkFunctions(scope)
	c.importing = c.importing[:len(c.importing)-1]
	c.ctx = outer
}
