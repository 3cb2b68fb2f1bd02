package typecheck

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
)

// Declared derivatives: "derivative f(x; dx) -> y = …" and "pullback f(x; dy) = …".
// This file finds their functions; calculus_check.go checks them.

// declareRules gives functions of a file, and of the host, their rules.
func (c *checker) declareRules(file *ast.File) {
	for _, s := range file.Stmts {
		r, ok := s.(*ast.Derivative)
		if !ok {
			continue
		}
		if f := c.ruledFunction(r); f != nil && c.fitsFunction(r, f) {
			f.rules = append(f.rules, r)
		}
	}
	for _, s := range file.Stmts {
		r, ok := s.(*ast.Derivative)
		if !ok || !r.Pullback {
			continue
		}
		if f := c.ruledFunction(r); f != nil && slices.Contains(f.rules, r) && ruleOf(f, false) == nil {
			d := c.fail(r.Name.Span, ast.CodeDerivativeRule, "%s has a pullback but no derivative", r.Name.Name)
			d.Hint = "declare derivative " + r.Name.Name + "(…) too; the pullback only makes reverse mode cheaper"
			f.rules = nil
		}
	}
}

// ruleOf is the declared derivative, or pullback, of f; nil if there is none.
func ruleOf(f *FuncValue, pullback bool) *ast.Derivative {
	for _, r := range f.rules {
		if r.Pullback == pullback {
			return r
		}
	}
	return nil
}

// ruledFunction is the function that a rule is for; nil, and reported, if there
// is none.
func (c *checker) ruledFunction(r *ast.Derivative) *FuncValue {
	name := r.Name.Name
	if b := c.ctx.file.names[name]; b != nil && b.fn != nil {
		return b.fn
	}
	if c.ctx.file.names[name] == nil && !c.ctx.file.library {
		if host := c.hostFunction(name); host != nil {
			host.fn.file = c.ctx.file // where the names in the rule are looked up
			return host.fn
		}
	}
	d := c.fail(r.Name.Span, ast.CodeUnknownName, "there is no function %s in this file to give a derivative to", name)
	var names []string
	for n, b := range c.ctx.file.names {
		if b.fn != nil {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	if b := c.universe(name); b != nil && b.fn != nil {
		d.Hint = "only functions of this file and of the host can be given one; wrap it: fn my_" + name + "(x) = " + name + "(x)"
	} else if near := ast.Nearest(name, names); near != "" {
		d.Hint = "did you mean " + near + "?"
	}
	return nil
}

func ruleWord(pullback bool) string {
	if pullback {
		return "pullback"
	}
	return "derivative"
}

// fitsFunction holds a rule against the parameters of its function.
func (c *checker) fitsFunction(r *ast.Derivative, f *FuncValue) bool {
	word := ruleWord(r.Pullback)
	if old := ruleOf(f, r.Pullback); old != nil {
		d := c.fail(r.Name.Span, ast.CodeRedeclared, "%s has two declarations of its %s", f.Name, word)
		d.Labels = append(d.Labels, ast.Label{Span: old.Name.Span, Text: "first here"})
		return false
	}
	names := parameterNamesOf(f)
	if len(r.Primals) != len(names) {
		d := c.fail(r.Name.Span, ast.CodeDerivativeRule, "%s takes %s, and its %s lists %d before the ;", f.Name, plural(len(names), "argument"), word, len(r.Primals))
		if f.host == nil {
			d.Hint = "write " + word + " " + f.Name + "(" + strings.Join(names, ", ") + "; …)"
		}
		return false
	}
	for i, id := range r.Primals {
		if f.host == nil && id.Name != names[i] && id.Name != "_" {
			d := c.fail(id.Span, ast.CodeDerivativeRule, "argument %d of %s is called %s, and this is %s", i+1, f.Name, names[i], id.Name)
			d.Hint = "write " + word + " " + f.Name + "(" + strings.Join(names, ", ") + "; …)"
			return false
		}
	}
	ids := slices.Concat(r.Primals, r.Tangents)
	if r.Result != nil {
		ids = append(ids, *r.Result)
	}
	for i, id := range ids {
		for _, other := range ids[:i] {
			if id.Name == other.Name && id.Name != "_" {
				c.fail(id.Span, ast.CodeRedeclared, "the name %s stands twice", id.Name)
				return false
			}
		}
	}
	return true
}
