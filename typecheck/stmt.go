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
			continue
		}
		if !last && diverging(s) {
			c.statement(s)
			c.fail(stmts[i+1].Pos(), ast.CodeMisplaced, "this is never reached")
			return v
		}
		c.statement(s)
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
	if _, unit := v.t.(Unit); !unit {
		d := c.fail(v.span, ast.CodeUnusedValue, "nobody uses this value: %s", c.show(v.t))
		d.Hint = "give it a name with let, or remove it"
		return
	}
	c.emit(&Eval{v.x})
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
		if _, ok := v.t.(Tuple); ok {
			parts[i] = c.part(v, i)
		} else {
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

// state is the present value of a var.
type state struct {
	def   *Def
	t     Type
	known info
}

func saveStates(vars []*binding) []state {
	out := make([]state, len(vars))
	for i, b := range vars {
		out[i] = state{b.def, b.t, b.known}
	}
	return out
}

func restoreStates(vars []*binding, states []state) {
	for i, b := range vars {
		b.def, b.t, b.known = states[i].def, states[i].t, states[i].known
	}
}

// newDef gives a var a new value of type t.
func (c *checker) newDef(b *binding, t Type) *Def {
	b.def = &Def{Var: b.v, Type: t}
	b.t, b.known = t, info{}
	c.defined(b.def, &b.known)
	return b.def
}

// forget gives a var a value that nothing is known of, after a mistake.
func (c *checker) forget(b *binding) {
	if b.declared != nil {
		c.newDef(b, b.declared)
	}
}

// mergeStates makes the Defs that hold where two ways of control flow meet.
func (c *checker) mergeStates(vars []*binding, xs, ys []state, mark ir.Atom) []*Def {
	defs := make([]*Def, 0, len(vars))
	shared := map[string]ir.Dim{}
	for i, b := range vars {
		if xs[i].t == nil || ys[i].t == nil {
			continue
		}
		defs = append(defs, c.newDef(b, c.mergeVar(b, xs[i].t, ys[i].t, mark, shared)))
	}
	return defs
}

// mergeVar is the type of a var that may be an x or a y: where its size may
// change, two sizes give one that is not known before.
func (c *checker) mergeVar(b *binding, x, y Type, mark ir.Atom, shared map[string]ir.Dim) Type {
	if xa, ok := x.(Array); ok && len(b.flexible) > 0 {
		ya := y.(Array)
		dims := append([]ir.Dim(nil), xa.Dims...)
		for i := range dims {
			if b.flexible[i] && !dims[i].Equal(ya.Dims[i]) {
				dims[i] = c.freshSize("", b.span)
			} else {
				dims[i] = c.escapeDim(dims[i], mark, shared)
			}
		}
		return Array{xa.DType, dims}
	}
	if t, ok := c.mergeTypes(x, y, mark, shared); ok {
		return t
	}
	return b.declared
}

// assignedIn are the vars declared outside of n that n assigns, in the order of
// their first assignment.
func (c *checker) assignedIn(nodes ...ast.Node) []*binding {
	var out []*binding
	seen := map[*binding]bool{}
	var target func(e ast.Expr)
	target = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.Name:
			if b := c.lookupLocal(e.Name); b != nil && b.mutable && !seen[b] && b.t != nil {
				seen[b] = true
				out = append(out, b)
			}
		case *ast.Paren:
			target(e.X)
		case *ast.Tuple:
			for _, x := range e.Elems {
				target(x)
			}
		case *ast.Index:
			target(e.X)
		case *ast.Field:
			target(e.X)
		}
	}
	for _, n := range nodes {
		ast.Walk(n, func(n ast.Node) bool {
			if a, ok := n.(*ast.Assign); ok {
				target(a.Target)
			}
			return true
		})
	}
	return out
}

// diverges reports whether a block never reaches its end.
func diverges(b *Block) bool {
	if b == nil || len(b.Stmts) == 0 {
		return b != nil && b.Value != nil && divergesExpr(b.Value)
	}
	if b.Value != nil && divergesExpr(b.Value) {
		return true
	}
	switch s := b.Stmts[len(b.Stmts)-1].(type) {
	case *Return, *Break, *Continue:
		return true
	case *Eval:
		return divergesExpr(s.X)
	}
	return false
}

func divergesExpr(x Expr) bool {
	switch x := x.(type) {
	case *If:
		return x.Else != nil && diverges(x.Then) && diverges(x.Else)
	case *BlockExpr:
		return diverges(x.Block)
	}
	return false
}

// enterLoop gives the vars that a loop assigns the values that they have at the
// start of any round.
func (c *checker) enterLoop(vars []*binding) []*Def {
	phi := make([]*Def, len(vars))
	for i, b := range vars {
		phi[i] = c.newDef(b, c.flexed(b))
	}
	return phi
}

// flexed is the type of a var with new sizes where they may change.
func (c *checker) flexed(b *binding) Type {
	a, ok := b.t.(Array)
	if !ok || len(b.flexible) == 0 {
		if b.declared != nil && len(b.flexible) == 0 {
			return b.t
		}
		return b.t
	}
	dims := append([]ir.Dim(nil), a.Dims...)
	for i := range dims {
		if b.flexible[i] {
			dims[i] = c.freshSize("", b.span)
		}
	}
	return Array{a.DType, dims}
}

func (c *checker) leaveLoop(vars []*binding) []*Def { return c.enterLoop(vars) }

func (c *checker) forStmt(s *ast.For) {
	if r, ok := s.Range.(*ast.Range); ok {
		rv, ok := c.rangeOf(r)
		if !ok {
			c.skipLoop(s.Var, nil, s.Body)
			return
		}
		lo, hi := c.asDefined(rv.lo), c.asDefined(rv.hi)
		switch step, known := rv.constStep(); {
		case !known:
			count := c.rangeCount(*lo.size, *hi.size, rv)
			c.loop(s, intValue(0, s.Span), sizeValue(count, s.Span), 1, nil, nil, func(k value) value {
				return c.arithmetic("+", []value{again(lo), c.arithmetic("*", []value{k, sizeValue(rv.step, s.Span)}, s.Span)}, s.Span)
			})
		case step > 0:
			c.loop(s, lo, hi, step, lo.size, hi.size, nil)
		default:
			bottom := c.must("+", *hi.size, ir.Size(1))
			top := c.must("+", *lo.size, ir.Size(1))
			c.loop(s, lo, hi, step, &bottom, &top, nil)
		}
		return
	}
	v := c.strong(c.expr(s.Range))
	if v.isBad() {
		c.skipLoop(s.Var, nil, s.Body)
		return
	}
	a, ok := v.array()
	if !ok || len(a.Dims) == 0 {
		d := c.fail(s.Range.Pos(), ast.CodeTypeMismatch, "for goes through a range or the rows of an array, and this is %s", c.show(v.t))
		if v.isScalar(ir.I64) {
			d.Hint = "write 0..n"
		}
		c.skipLoop(s.Var, nil, s.Body)
		return
	}
	v = c.asDefined(v)
	zero := ir.Size(0)
	c.loop(s, intValue(0, s.Span), sizeValue(a.Dims[0], s.Span), 1, &zero, &a.Dims[0], func(k value) value {
		return c.gatherPoint(again(v), k, s.Range.Pos())
	})
}

// asDefined gives v a name in the present block unless it is a leaf.
func (c *checker) asDefined(v value) value {
	if v.isBad() || v.lit != nil || simple(v.x) {
		return v
	}
	def := &Def{Var: &Var{Span: v.span}, Type: v.t}
	c.defined(def, &v.info)
	c.emit(&Define{def, v.x})
	v.x = &Local{def}
	return v
}

// skipLoop checks the body of a loop whose head is wrong, as far as possible.
func (c *checker) skipLoop(name ast.Ident, t Type, body *ast.Block) {
	vars := c.assignedIn(body)
	c.enterLoop(vars)
	c.ctx.loops++
	c.inBlock(func() value {
		b := &binding{name: name.Name, t: t, span: name.Span, v: &Var{Name: name.Name, Span: name.Span}}
		c.bind(b)
		return c.statements(body.Stmts, false)
	})
	c.ctx.loops--
	c.leaveLoop(vars)
}

// loop checks the body of a for; the index lies in bottom..top, where they are
// known. element, if not nil, is what the loop's name stands for at an index.
func (c *checker) loop(s *ast.For, lo, hi value, step int64, bottom, top *ir.Dim, element func(value) value) {
	vars := c.assignedIn(s.Body)
	node := &For{Lo: again(lo).x, Hi: again(hi).x, Step: step, Span: s.Span}
	node.Phi = c.enterLoop(vars)
	c.ctx.loops++
	node.Body, _ = c.inBlock(func() value {
		index := c.indexDef(s.Var, bottom, top)
		index.what = "the loop's " + s.Var.Name
		node.Index = index.def
		if element != nil {
			c.declareLocal(s.Var, element(index.use(s.Var.Span)), "the loop's "+s.Var.Name)
		}
		pop := c.push()
		c.statements(s.Body.Stmts, false)
		pop()
		return value{}
	})
	c.ctx.loops--
	node.After = c.leaveLoop(vars)
	c.emit(node)
}

func (c *checker) whileStmt(s *ast.While) {
	vars := c.assignedIn(s.Cond, s.Body)
	node := &While{Span: s.Span}
	node.Phi = c.enterLoop(vars)
	var cond value
	node.Cond, cond = c.inBlock(func() value { return c.condition(s.Cond, "while") })
	c.ctx.loops++
	node.Body, _ = c.inBlock(func() value { return c.statements(s.Body.Stmts, false) })
	c.ctx.loops--
	node.After = c.leaveLoop(vars)
	if !cond.isBad() {
		c.emit(node)
	}
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

// assign is a statement "target op value".
func (c *checker) assign(s *ast.Assign) {
	if t, ok := unparen(s.Target).(*ast.Tuple); ok {
		c.assignTuple(s, t)
		return
	}
	root, b := c.assigned(s.Target)
	if b == nil {
		c.expr(s.Value)
		return
	}
	if s.Op == "=" {
		c.store(s.Target, b, c.expr(s.Value), "=", s.Span)
		return
	}
	_ = root
	c.store(s.Target, b, c.expr(s.Value), s.Op[:1], s.Span)
}

func unparen(e ast.Expr) ast.Expr {
	for {
		p, ok := e.(*ast.Paren)
		if !ok {
			return e
		}
		e = p.X
	}
}

// assigned finds the var that a target changes; nil, and reported, if none.
func (c *checker) assigned(target ast.Expr) (ast.Expr, *binding) {
	switch e := target.(type) {
	case *ast.Paren:
		return c.assigned(e.X)
	case *ast.Index:
		return c.assigned(e.X)
	case *ast.Field:
		return c.assigned(e.X)
	case *ast.Name:
		b := c.lookup(e.Name)
		switch {
		case b == nil:
			d := c.unknownAssigned(e)
			_ = d
			return e, nil
		case b.mutable && b.context != c.ctx:
			c.fail(e.Span, ast.CodeNotAssignable, "%s belongs to the script; a function can't assign it", e.Name)
			return e, nil
		case b.mutable && b.level != c.ctx.level:
			d := c.fail(e.Span, ast.CodeNotAssignable, "the elements of a comprehension are independent, so they can't assign %s", e.Name)
			d.Hint = "write a for loop"
			return e, nil
		case b.mutable && b.t == nil:
			return e, nil
		case !b.mutable:
			c.notAssignable(e, b)
			return e, nil
		}
		return e, b
	}
	c.fail(target.Pos(), ast.CodeNotAssignable, "this can't be assigned to")
	return target, nil
}

func (c *checker) unknownAssigned(e *ast.Name) report {
	d := c.fail(e.Span, ast.CodeUnknownName, "%s is not known here", e.Name)
	d.Hint = "declare it: var " + e.Name + " = …"
	return d
}

func (c *checker) notAssignable(e *ast.Name, b *binding) {
	what := "let " + e.Name + " can't be assigned"
	switch {
	case b.fn != nil:
		what = e.Name + " is a function"
	case b.what != "":
		what = b.what + " can't be assigned"
	}
	d := c.fail(e.Span, ast.CodeNotAssignable, "%s", what)
	if b.span.IsValid() {
		d.Labels = append(d.Labels, ast.Label{Span: b.span, Text: "declared here"})
	}
	if b.fn == nil {
		d.Hint = "declare it with var"
		if b.what != "" {
			d.Hint = "copy it into a var of another name"
		}
	}
}

// store gives target, a part of the var b, a new value; op is "=" or the operator
// of "+=" and the like.
func (c *checker) store(target ast.Expr, b *binding, v value, op string, span ast.Span) {
	if b.t == nil {
		return
	}
	if n, ok := unparen(target).(*ast.Name); ok && op != "=" {
		v = c.binaryOp(op, operand{b.use(n.Span), n}, operand{v, nil}, span)
		c.setVar(b, v, span)
		return
	}
	c.setVar(b, c.replaced(target, b, v, op, span), span)
}

// replaced is the value of target's root after target got the value v.
func (c *checker) replaced(target ast.Expr, b *binding, v value, op string, span ast.Span) value {
	switch e := target.(type) {
	case *ast.Paren:
		return c.replaced(e.X, b, v, op, span)
	case *ast.Name:
		return v
	case *ast.Field:
		old := c.place(e.X, b)
		if old.isBad() || v.isBad() {
			return bad
		}
		t, ok := old.t.(Record)
		if !ok {
			return c.fail(e.Span, ast.CodeNotAssignable, "%s has no fields to assign", c.show(old.t)).value()
		}
		k := -1
		for i, name := range t.Names {
			if name == e.Name.Name {
				k = i
			}
		}
		if k < 0 {
			return c.unknownField(e, t)
		}
		return c.named(old, func(old value) value {
			if op != "=" {
				v = c.binaryOp(op, operand{c.part(old, k), nil}, operand{v, nil}, span)
			}
			v = c.coerce(v, t.Types[k], "the field "+e.Name.Name)
			if v.isBad() {
				return bad
			}
			elems := make([]Expr, len(t.Names))
			for i := range elems {
				if i == k {
					elems[i] = v.x
				} else {
					elems[i] = c.part(old, i).x
				}
			}
			whole := value{t: t, x: &MakeTuple{elems, t}, span: span}
			return c.replaced(e.X, b, whole, "=", span)
		})
	case *ast.Index:
		old := c.place(e.X, b)
		if old.isBad() || v.isBad() {
			return bad
		}
		return c.named(old, func(old value) value {
			return c.replaced(e.X, b, c.update(old, e, v, op), "=", span)
		})
	}
	return bad
}

// place is the present value of a target.
func (c *checker) place(target ast.Expr, b *binding) value {
	switch e := target.(type) {
	case *ast.Paren:
		return c.place(e.X, b)
	case *ast.Name:
		return b.use(e.Span)
	case *ast.Field:
		old := c.place(e.X, b)
		if t, ok := old.t.(Record); ok {
			for i, name := range t.Names {
				if name == e.Name.Name {
					return c.part(old, i)
				}
			}
			return c.unknownField(e, t)
		}
		if !old.isBad() {
			c.fail(e.Span, ast.CodeNotAssignable, "%s has no fields to assign", c.show(old.t))
		}
	case *ast.Index:
		old := c.place(e.X, b)
		if old.isBad() {
			return bad
		}
		return c.indexed(old, e)
	}
	return bad
}

// setVar gives a var a new value of its type.
func (c *checker) setVar(b *binding, v value, span ast.Span) {
	if v.isBad() {
		return
	}
	want := b.t
	if a, ok := want.(Array); ok && len(b.flexible) > 0 {
		dims := append([]ir.Dim(nil), a.Dims...)
		if got, ok := v.t.(Array); ok && len(got.Dims) == len(dims) {
			for i := range dims {
				if b.flexible[i] {
					dims[i] = got.Dims[i]
				}
			}
		}
		want = Array{a.DType, dims}
	}
	v = c.coerce(v, want, "the value of "+b.name)
	if v.isBad() {
		if d := c.lastReport(); d != nil && d.Code == ast.CodeShapeMismatch && len(b.flexible) == 0 && d.Hint == "" {
			d.Hint = "a var keeps its type; sizes that are to change are declared with _"
		} else if d != nil && d.Code == ast.CodeTypeMismatch && b.isIntegerVar() {
			d.Hint = "a var keeps the type of its first value; begin with a float, as in 0.0"
		}
		return
	}
	known := v.info
	def := &Def{Var: b.v, Type: v.t}
	known.konst = nil
	c.defined(def, &known)
	c.emit(&Define{def, v.x})
	b.def, b.t, b.known = def, v.t, known
}

func (b *binding) isIntegerVar() bool {
	a, ok := b.declared.(Array)
	return ok && a.DType == ir.I64
}

// assignTuple is (a, b) = value: all of the right side is computed first.
func (c *checker) assignTuple(s *ast.Assign, t *ast.Tuple) {
	if s.Op != "=" {
		c.fail(s.OpPos, ast.CodeNotAssignable, "several values can be assigned with = only")
	}
	v := c.strong(c.expr(s.Value))
	roots := make([]*binding, len(t.Elems))
	failed := v.isBad()
	for i, e := range t.Elems {
		if _, ok := unparen(e).(*ast.Tuple); ok {
			c.fail(e.Pos(), ast.CodeNotAssignable, "tuples of tuples can't be assigned to")
			failed = true
			continue
		}
		_, roots[i] = c.assigned(e)
		failed = failed || roots[i] == nil
	}
	if failed {
		return
	}
	n := len(t.Elems)
	isRows := false
	if a, ok := v.array(); ok && len(a.Dims) > 0 && c.compareDims(a.Dims[0], ir.Size(int64(n))) == equal {
		isRows = true
	} else if tt, ok := v.t.(Tuple); !ok || len(tt.Elems) != n {
		c.fail(s.Span, ast.CodeTypeMismatch, "%d values are wanted, and this is %s", n, c.show(v.t))
		return
	}
	v = c.asDefined(v)
	for i, e := range t.Elems {
		var part value
		if isRows {
			part = c.gatherPoint(again(v), intValue(int64(i), s.Span), s.Span)
		} else {
			part = c.part(v, i)
		}
		part.span = s.Value.Pos()
		c.store(e, roots[i], part, "=", s.Span)
	}
}
