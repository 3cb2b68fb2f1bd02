package typecheck

import (
	"math"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// The inputs of a script.

// inputSizes finds the dimension variables of the inputs.
func (c *checker) inputSizes(file *ast.File) {
	c.sizes = c.newSizeEnv()
	scalars := map[string]bool{}
	for _, s := range file.Stmts {
		if in, ok := s.(*ast.Input); ok {
			if te, ok := in.Type.(*ast.ArrayType); ok && te.DType == "i64" && len(te.Dims) == 0 {
				scalars[in.Name.Name] = true
				c.sizes.sizes[in.Name.Name] = ir.Sized(c.newAtom(in.Name.Name, scriptGroup, math.MinInt64, in.Name.Span))
			}
		}
	}
	c.determinedSizes(file)
	c.sizes.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
		label := name
		if name == "_" {
			label = ""
		}
		atom := c.newAtom(label, scriptGroup, 0, span)
		c.program.Sizes = append(c.program.Sizes, atom)
		return ir.Sized(atom), true
	}
}

// determinedSizes reports sizes of inputs that nothing determines.
func (c *checker) determinedSizes(file *ast.File) {
	all := &FuncValue{}
	env := c.newSizeEnv()
	for name, d := range c.sizes.sizes {
		env.sizes[name] = d
	}
	env.fresh = func(name string, span ast.Span) (ir.Dim, bool) { return c.freshSize(name, span), true }
	for _, s := range file.Stmts {
		if in, ok := s.(*ast.Input); ok {
			all.params = append(all.params, &ast.Param{Name: in.Name, Type: in.Type})
			eachArrayType(in.Type, func(a *ast.ArrayType) {
				for _, d := range a.Dims {
					if n, ok := unparen(d).(*ast.Name); ok && n.Name != "_" {
						env.dim(n)
					}
				}
			})
		}
	}
	c.solvable(all, env)
}

func (c *checker) input(s *ast.Input) {
	if len(c.importing) > 1 {
		c.fail(s.Span, ast.CodeMisplaced, "an imported file has no inputs")
		return
	}
	before := len(c.program.Sizes)
	t, ok := c.sizes.typeOf(s.Type)
	if !ok {
		if _, isFunc := s.Type.(*ast.FuncType); isFunc {
			c.fail(s.Type.Pos(), ast.CodeTypeMismatch, "an input can't be a function")
		} else if c.failed == 0 {
			c.fail(s.Type.Pos(), ast.CodeTypeMismatch, "the type of an input must be known: no ... and no num")
		}
		c.global(s.Name, bad, false)
		return
	}
	in := &Input{Span: s.Span}
	b := c.ctx.file.names[s.Name.Name]
	if b == nil || b.span != s.Name.Span {
		return
	}
	b.pending, b.context, b.t, b.what = false, c.ctx, t, "input "+s.Name.Name
	if c.opts.Session != nil {
		b.what = "" // a name with a value
	}
	b.v = &Var{Name: s.Name.Name, Span: s.Name.Span, Global: true}
	b.def = &Def{Var: b.v, Type: t}
	if a, isArray := t.(Array); isArray && a.DType == ir.I64 && len(a.Dims) == 0 {
		d := c.sizes.sizes[s.Name.Name]
		b.known.size = &d
		b.def.Atom, _ = d.Atom()
	}
	in.Def = b.def
	c.program.Inputs = append(c.program.Inputs, in)
	for _, atom := range c.program.Sizes[before:] {
		if name := c.atoms[atom].Name; name != "" {
			c.globalSize(name, sizeValue(ir.Sized(atom), s.Type.Pos()), s.Type.Pos())
		}
	}
	if s.Default != nil {
		in.Default = c.inputDefault(s, t)
	}
}

// inputDefault is the default of an input as a function without parameters.
func (c *checker) inputDefault(s *ast.Input, t Type) *Instance {
	f := c.newFunc("default:" + s.Name.Name)
	f.body, f.span, f.file = s.Default, s.Default.Pos(), c.ctx.file
	inst := &instantiation{Instance: &Instance{Name: f.Name, Span: f.span}}
	c.instances = append(c.instances, inst.Instance)
	defer c.enter(f, inst.Instance, ast.Span{}, "")()
	before := c.failed
	v := c.expr(s.Default)
	// Its sizes are held against those of the other inputs when the run begins.
	if a, ok := t.(Array); ok && !v.isBad() {
		v = c.convertDefault(v, a, s)
	} else {
		v = c.strong(v)
	}
	if v.isBad() || c.failed > before {
		return nil
	}
	inst.Result = v.t
	inst.Body = &Block{Stmts: c.ctx.block.stmts, Value: v.x}
	return inst.Instance
}

func (c *checker) convertDefault(v value, want Array, s *ast.Input) value {
	a, ok := v.t.(Array)
	if !ok || len(a.Dims) != len(want.Dims) || (a.DType == ir.Text) != (want.DType == ir.Text) {
		return c.fail(v.span, ast.CodeTypeMismatch, "the default of %s must be %s, and this is %s", s.Name.Name, c.show(want), c.show(v.t)).value()
	}
	if want.DType == ir.Text {
		return v
	}
	if narrows(v, want.DType) && a.DType != want.DType {
		return c.fail(v.span, ast.CodeTypeMismatch, "the default of %s must be %s, and this is %s", s.Name.Name, c.show(want), c.show(v.t)).value()
	}
	return c.convert(v, want.DType)
}
