package typecheck

import (
	"slices"

	"github.com/calx-lang/calx/ast"
)

// RepeatedKeys are warnings of random keys that are used twice, by which the same
// numbers are drawn again. It looks at names and at elements of them with a written
// index; what one branch draws is not held against the other.
func RepeatedKeys(file *ast.File) ast.Diagnostics {
	r := &keyReader{scopes: []keyScope{{}}}
	r.statements(file.Stmts)
	return r.found
}

// draws are the functions of random that draw with a key; split makes keys of it,
// which are others than what the key itself draws.
var draws = []string{
	"bits", "uniform", "integers", "bernoulli", "normal", "multivariate_normal", "exponential", "gamma", "beta",
	"poisson", "permutation", "choice",
}

// A keyName is a name that may be a key.
type keyName struct {
	loop int                 // how many loops its value is made in
	used map[string]ast.Span // where, by what for and which element
}

type keyScope map[string]*keyName

// A keyReader follows the statements in their order.
type keyReader struct {
	scopes []keyScope
	floor  int // the first scope of the innermost function
	loops  int
	found  ast.Diagnostics
}

func (r *keyReader) statements(stmts []ast.Stmt) {
	for _, stmt := range stmts {
		if f, ok := stmt.(*ast.Fn); ok {
			r.bind(f.Name)
		}
	}
	for _, stmt := range stmts {
		r.read(stmt)
	}
}

func (r *keyReader) bind(names ...ast.Ident) {
	for _, name := range names {
		r.scopes[len(r.scopes)-1][name.Name] = &keyName{loop: r.loops, used: map[string]ast.Span{}}
	}
}

// within reads what stands in a scope of its own.
func (r *keyReader) within(read func()) {
	r.scopes = append(r.scopes, keyScope{})
	read()
	r.scopes = r.scopes[:len(r.scopes)-1]
}

// function reads a body that may run any number of times: what it takes from
// outside is not followed.
func (r *keyReader) function(params []*ast.Param, body ast.Expr) {
	floor, loops := r.floor, r.loops
	r.floor, r.loops = len(r.scopes), 0
	r.within(func() {
		for _, p := range params {
			r.bind(p.Name)
		}
		r.read(body)
	})
	r.floor, r.loops = floor, loops
}

// loop reads what is repeated; names that it assigns have a new value each time.
func (r *keyReader) loop(body ast.Node, read func()) {
	r.loops++
	ast.Walk(body, func(n ast.Node) bool {
		if a, ok := n.(*ast.Assign); ok {
			r.assigned(a.Target, false)
		}
		return true
	})
	r.within(read)
	r.loops--
}

// assigned says that the names of a target have a new value; anew, that they have it
// from here on.
func (r *keyReader) assigned(target ast.Expr, anew bool) {
	switch x := unparen(target).(type) {
	case *ast.Name:
		if name := r.lookup(x.Name); name != nil {
			name.loop = r.loops
			if anew {
				name.used = map[string]ast.Span{}
			}
		}
	case *ast.Index:
		r.assigned(x.X, anew)
	case *ast.Tuple:
		for _, part := range x.Elems {
			r.assigned(part, anew)
		}
	}
}

// lookup is a name that is bound in the function being read, nil for others.
func (r *keyReader) lookup(name string) *keyName {
	for i := len(r.scopes) - 1; i >= r.floor; i-- {
		if found := r.scopes[i][name]; found != nil {
			return found
		}
	}
	return nil
}

// read goes through syntax in the order in which it runs.
func (r *keyReader) read(n ast.Node) {
	ast.Walk(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Fn:
			r.function(n.Params, n.Body)
		case *ast.Lambda:
			r.function(n.Params, n.Body)
		case *ast.Derivative:
		case *ast.Block:
			r.within(func() { r.statements(n.Stmts) })
		case *ast.Let:
			r.read(n.Value)
			r.bind(n.Names...)
		case *ast.Var:
			r.read(n.Value)
			r.bind(n.Name)
		case *ast.Input:
			r.bind(n.Name)
		case *ast.Import:
			r.bind(n.Name)
		case *ast.Assign:
			r.read(n.Value)
			r.assigned(n.Target, true)
		case *ast.For:
			r.read(n.Range)
			r.loop(n.Body, func() {
				r.bind(n.Var)
				r.read(n.Body)
			})
		case *ast.While:
			r.loop(n, func() {
				r.read(n.Cond)
				r.read(n.Body)
			})
		case *ast.Comprehension:
			r.comprehension(n)
		case *ast.If:
			r.branches(n)
		case *ast.Call:
			for _, arg := range n.Args {
				r.read(arg.Value)
			}
			r.call(n)
		default:
			return true
		}
		return false
	})
}

func (r *keyReader) comprehension(n *ast.Comprehension) {
	r.loop(n.Body, func() {
		for _, clause := range n.Clauses {
			for _, b := range clause.Binders {
				if b.In != nil {
					r.loops--
					r.read(b.In)
					r.loops++
				}
				r.bind(b.Name)
			}
		}
		if n.Cond != nil {
			r.read(n.Cond)
		}
		r.read(n.Body)
	})
}

// branches reads each of two from what was used before, and goes on with what either
// has used, unless it leaves.
func (r *keyReader) branches(n *ast.If) {
	r.read(n.Cond)
	before := r.uses()
	r.read(n.Then)
	after := r.uses()
	r.restore(before)
	if n.Else != nil {
		r.read(n.Else)
	}
	if leaves(n.Else) {
		r.restore(before)
	}
	if leaves(n.Then) {
		return
	}
	for name, used := range after {
		for what, span := range used {
			if _, twice := name.used[what]; !twice {
				name.used[what] = span
			}
		}
	}
}

// leaves reports whether a block ends with a jump.
func leaves(e ast.Expr) bool {
	block, ok := e.(*ast.Block)
	if !ok || block == nil || len(block.Stmts) == 0 {
		return false
	}
	switch block.Stmts[len(block.Stmts)-1].(type) {
	case *ast.Return, *ast.Break, *ast.Continue:
		return true
	}
	return false
}

// uses are copies of what is used of each name.
func (r *keyReader) uses() map[*keyName]map[string]ast.Span {
	all := map[*keyName]map[string]ast.Span{}
	for _, scope := range r.scopes {
		for _, name := range scope {
			all[name] = copied(name.used)
		}
	}
	return all
}

func (r *keyReader) restore(uses map[*keyName]map[string]ast.Span) {
	for name, used := range uses {
		name.used = copied(used)
	}
}

func copied(used map[string]ast.Span) map[string]ast.Span {
	c := make(map[string]ast.Span, len(used))
	for what, span := range used {
		c[what] = span
	}
	return c
}

// call notes that a function of random uses a key.
func (r *keyReader) call(n *ast.Call) {
	field, ok := n.Fun.(*ast.Field)
	if !ok {
		return
	}
	module, ok := unparen(field.X).(*ast.Name)
	if !ok || module.Name != "random" || r.bound("random") {
		return
	}
	use := "split"
	if slices.Contains(draws, field.Name.Name) {
		use = "draw"
	} else if field.Name.Name != "split" {
		return
	}
	for i, arg := range n.Args {
		if arg.Name.Name == "key" || i == 0 && arg.Name.Name == "" {
			r.use(unparen(arg.Value), use)
		}
	}
}

// bound reports whether a name is bound anywhere around.
func (r *keyReader) bound(name string) bool {
	return slices.ContainsFunc(r.scopes, func(s keyScope) bool { return s[name] != nil })
}

// use holds a use of a key against those before.
func (r *keyReader) use(key ast.Expr, use string) {
	text, x := key.Pos().Text(), key
	if element, ok := key.(*ast.Index); ok && len(element.Items) == 1 {
		if _, written := element.Items[0].X.(*ast.Number); !written {
			return
		}
		x, use = unparen(element.X), use+element.Items[0].Span.Text()
	}
	id, ok := x.(*ast.Name)
	if !ok {
		return
	}
	name := r.lookup(id.Name)
	if name == nil {
		return
	}
	d := &ast.Diagnostic{Severity: ast.Warning, Code: ast.CodeRepeatedKey, Span: key.Pos()}
	switch first, twice := name.used[use]; {
	case twice:
		d.Message = text + " is a random key that is used again, and gives the same numbers"
		d.Labels = []ast.Label{{Span: first, Text: "used here before"}}
		d.Hint = "let keys = random.split(" + text + "), and use keys[0] and keys[1]"
	case name.loop < r.loops:
		d.Message = text + " is a random key from outside of the loop, and gives the same numbers in each round"
		d.Hint = "use random.fold_in(" + text + ", i) in round i"
	default:
		name.used[use] = key.Pos()
		return
	}
	r.found = append(r.found, d)
}
