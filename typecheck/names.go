package typecheck

import "github.com/calx-lang/calx/ast"

// freeNames are the names that occur in n, in order of first occurrence; among
// them may be some that n binds itself.
func freeNames(n ast.Node) []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	ast.Walk(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Name:
			add(n.Name)
		case *ast.Field:
			add(n.Name.Name) // x.f(y) is f(x, y)
		case *ast.ArrayType:
			return false // sizes belong to their signature
		}
		return true
	})
	return names
}

// boundNames are the names that n binds.
func boundNames(n ast.Node) []string {
	var names []string
	ast.Walk(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Comprehension:
			for _, b := range binders(n) {
				names = append(names, b.Name.Name)
			}
		case *ast.Lambda:
			for _, p := range n.Params {
				names = append(names, p.Name.Name)
			}
		case *ast.Let:
			for _, id := range n.Names {
				names = append(names, id.Name)
			}
		case *ast.Var:
			names = append(names, n.Name.Name)
		case *ast.For:
			names = append(names, n.Var.Name)
		}
		return true
	})
	return names
}
