package typecheck

import (
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A Host is a function of the embedding program. Scripts call it by its name,
// as they do functions of their own: it is applied along leading axes, and given
// to other functions. A name of the script hides it, and it hides a built-in
// one, but not from the standard library.
type Host struct {
	Name      string
	Signature *ast.FuncType
	// Pure says that calls may be left out, done again and put in another order:
	// the result follows from the arguments, and nothing else happens.
	Pure bool
}

// hostFunction finds a function of the embedding program; nil if there is none.
func (c *checker) hostFunction(name string) *binding {
	if b, ok := c.hosts[name]; ok {
		return b
	}
	for i := range c.opts.Hosts {
		if host := &c.opts.Hosts[i]; host.Name == name {
			f := c.newFunc(name)
			f.host, f.result = host, host.Signature.Result
			for k, te := range host.Signature.Params {
				f.params = append(f.params, &ast.Param{Name: ast.Ident{Name: strconv.Itoa(k + 1), Span: te.Pos()}, Type: te})
			}
			f.native = func(c *checker, args []value, span ast.Span) value {
				env := c.newSizeEnv()
				for name, d := range c.ctx.resultEnv.sizes {
					env.sizes[name] = d
				}
				return c.callHost(f, args, env, span)
			}
			c.hosts[name] = &binding{name: name, fn: f}
			return c.hosts[name]
		}
	}
	return nil
}

// callHost calls a function of the embedding program with arguments that fit its
// signature. Sizes of the result that begin with "_" are the function's choice.
func (c *checker) callHost(f *FuncValue, args []value, env *sizeEnv, span ast.Span) value {
	env.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
		if name[0] != '_' {
			return ir.Dim{}, false
		}
		return c.freshSize("", span), true
	}
	t, ok := env.typeOf(f.result)
	if !ok {
		return bad
	}
	node := &Op{Code: ir.Host, Attr: ir.HostAttr{Name: f.host.Name, Pure: f.host.Pure}, T: t, Span: span}
	for _, arg := range args {
		node.Args = append(node.Args, c.strong(arg).x)
	}
	return value{t: t, x: node, span: span}
}
