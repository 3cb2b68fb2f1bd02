package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Statements of a block.

// statements checks the statements of a block; its value is that of the last
// one if wantValue, and Unit if that has none.
func (c *checker) statements(stmts []ast.Stmt, wantValue bool) value {
	v := value{t: Unit{}}
	for i, s := range stmts {
		last := i == len(stmts)-1
		if e, ok := s.(*ast.ExprStmt); ok {
			x := c.exprOrNothing(e.X)
			x.span = e.X.Pos()
			if last && wantValue {
				return x
			}
			c.unused(x)
			if diverges(&Block{Stmts: c.ctx.block.stmts}) {
				break // a constant has decided that the rest is never reached
			}
			continue
		}
		if !last && diverging(s) {
			c.statement(s)
			c.fail(stmts[i+1].Pos(), ast.CodeMisplaced, "this is never reached")
			return v
		}
		c.statement(s)
		if diverges(&Block{Stmts: c.ctx.block.stmts}) {
			break // a constant has decided that the rest is never reached
		}
	}
	return v
}

func diverging(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.Return, *ast.Break, *ast.Continue:
		return true
	}
	return false
}

// unused makes a statement of an expression that must have no value.
func (c *checker) unused(v value) {
	if v.isBad() {
		return
	}
	if !isNothing(v.t) {
		d := c.fail(v.span, ast.CodeUnusedValue, "nobody uses this value: %s", c.show(v.t))
		d.Hint = "give it a name with let, or remove it"
		return
	}
	c.emit(&Eval{v.x})
}

// isNothing reports whether a type has no values, or only the empty tuple, which
// functions of the embedding program give that have no result.
func isNothing(t Type) bool {
	switch t := t.(type) {
	case Unit:
		return true
	case Tuple:
		return len(t.Elems) == 0
	}
	return false
}

func (c *checker) statement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.Let:
		c.let(s)
	case *ast.Var:
		c.varStmt(s)
	case *ast.Assign:
		c.assign(s)
	case *ast.For:
		c.forStmt(s)
	case *ast.While:
		c.whileStmt(s)
	case *ast.Return:
		c.returnStmt(s)
	case *ast.Break:
		if c.inLoop(s.Span, "break") {
			c.ctx.breaks = true
			c.emit(&Break{})
		}
	case *ast.Continue:
		if c.inLoop(s.Span, "continue") {
			c.emit(&Continue{})
		}
	case *ast.ExprStmt:
		c.unused(c.exprOrNothing(s.X))
	default:
		c.fail(s.Pos(), ast.CodeMisplaced, "this stands at top level only")
	}
}

func (c *checker) inLoop(span ast.Span, what string) bool {
	if c.ctx.loops == 0 {
		c.fail(span, ast.CodeMisplaced, "%s stands inside a loop only", what)
		return false
	}
	return true
}

func (c *checker) let(s *ast.Let) {
	v := c.expr(s.Value)
	if s.Type == nil {
		v = c.strong(v)
	}
	if s.Type != nil && !v.isBad() {
		v = c.strong(c.assertType(c.asDefined(v), s.Type, "this value"))
	}
	if s.Tuple {
		c.letParts(s, v)
		return
	}
	c.letOne(s.Names[0], v)
}

func (c *checker) letParts(s *ast.Let, v value) {
	n := len(s.Names)
	if v.isBad() {
		for _, name := range s.Names {
			c.letOne(name, bad)
		}
		return
	}
	if a, ok := v.array(); ok && len(a.Dims) > 0 {
		// The rows of an array.
		switch c.compareDims(a.Dims[0], ir.Size(int64(n))) {
		case different:
			c.fail(s.Span, ast.CodeShapeMismatch, "%d names for the %s rows of %s", n, c.showDim(a.Dims[0]), c.show(a))
			v = bad
		case undecided:
			dims := append([]ir.Dim{ir.Size(int64(n))}, a.Dims[1:]...)
			v = c.retype(v, dims, itoa(n)+" names for {0} rows")
		}
	} else if t, ok := v.t.(Tuple); !ok || len(t.Elems) != n {
		what := c.show(v.t)
		if ok {
			what = "a tuple of " + itoa(len(t.Elems)) + " parts, " + what
		}
		c.fail(s.Span, ast.CodeTypeMismatch, "%d names for %s", n, what)
		v = bad
	}
	if v.isBad() {
		for _, name := range s.Names {
			c.letOne(name, bad)
		}
		return
	}
	if !simple(v.x) {
		def := &Def{Var: &Var{Span: s.Span}, Type: v.t}
		c.emit(&Define{def, v.x})
		v.x = &Local{def}
	}
	parts := make([]value, n)
	for i := range parts {
		switch _, ok := v.t.(Tuple); {
		case ok:
			parts[i] = c.part(v, i)
		case v.elems != nil:
			parts[i] = sizeValue(v.elems[i], s.Span)
		default:
			parts[i] = c.gatherPoint(again(v), intValue(int64(i), s.Span), s.Span)
		}
		parts[i].span = s.Span
	}
	// All parts are taken before the names hide what they are made of.
	for i, name := range s.Names {
		c.letOne(name, parts[i])
	}
}

// letOne binds a name by let, at top level for the whole file.
func (c *checker) letOne(name ast.Ident, v value) {
	if name.Name == "_" {
		if v.x != nil {
			def := &Def{Var: &Var{Name: "_", Span: name.Span}, Type: v.t}
			c.emit(&Define{def, v.x})
		}
		return
	}
	if c.atTop() {
		c.global(name, v, false)
		return
	}
	c.mayHide(name)
	c.declareLocal(name, v, "")
}

// mayHide reports a let or var that hides what it may not: a var or a size of
// the signature.
func (c *checker) mayHide(name ast.Ident) {
	for s := c.ctx.scope; s != nil; s = s.outer {
		b := s.names[name.Name]
		if b == nil {
			continue
		}
		switch {
		case b.mutable:
			d := c.fail(name.Span, ast.CodeRedeclared, "%s is a var already", name.Name)
			d.Labels = append(d.Labels, ast.Label{Span: b.span, Text: "declared here"})
			d.Hint = "assign to it without let or var, or choose another name"
		case b.sizeName:
			d := c.fail(name.Span, ast.CodeRedeclared, "%s is a size of this function's signature", name.Name)
			d.Hint = "choose another name"
		}
		return
	}
	if b := c.ctx.file.names[name.Name]; b != nil && b.mutable && b.context == c.ctx {
		d := c.fail(name.Span, ast.CodeRedeclared, "%s is a var already", name.Name)
		d.Labels = append(d.Labels, ast.Label{Span: b.span, Text: "declared here"})
	}
}

func (c *checker) varStmt(s *ast.Var) {
	v := c.expr(s.Value)
	var declared Type
	flexible := map[int]bool{}
	if s.Type != nil {
		if !v.isBad() {
			v = c.assertType(c.asDefined(v), s.Type, "this value")
		}
		if at, ok := s.Type.(*ast.ArrayType); ok {
			for i, d := range at.Dims {
				if n, ok := d.(*ast.Name); ok && n.Name[0] == '_' {
					flexible[i] = true
				}
			}
		}
	}
	v = c.strong(v)
	declared = v.t
	if c.atTop() {
		b := c.global(s.Name, v, true)
		b.declared, b.flexible = declared, flexible
		return
	}
	c.mayHide(s.Name)
	v.konst = nil
	b := c.declareLocal(s.Name, v, "")
	b.mutable, b.declared, b.flexible = true, declared, flexible
}

func (c *checker) returnStmt(s *ast.Return) {
	if c.ctx.inst == nil {
		c.fail(s.Span, ast.CodeMisplaced, "return stands inside a function only")
		return
	}
	if c.ctx.level > 0 {
		c.fail(s.Span, ast.CodeMisplaced, "return can't leave a comprehension")
		return
	}
	v := value{t: Unit{}, span: s.Span}
	if s.Value != nil {
		v = c.expr(s.Value)
	}
	node := &Return{}
	c.ctx.returns = append(c.ctx.returns, pendingReturn{c.toResult(v), node})
	r := &c.ctx.returns[len(c.ctx.returns)-1]
	node.X = r.v.x
	c.emit(node)
}

// A pendingReturn is a value that a function returns before its end.
type pendingReturn struct {
	v    value
	node *Return
}
