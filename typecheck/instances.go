package typecheck

import (
	"math"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Instances: functions checked once for all sizes, and generic functions checked
// at each use.

const (
	maxNesting  = 200     // of generic checks
	maxChecks   = 100_000 // of generic functions
	maxConstant = 8       // instances that differ in constants only
)

// An instantiation is an instance and what its callers need to know.
type instantiation struct {
	*Instance
	names    map[string]ir.Atom // sizes of the signature
	known    info               // of the result
	checking bool
	failed   bool

	// Of a function that has a rule, for checking that.
	of        *FuncValue
	given     []value // captured values and parameters
	sizeNames []sizeName
	at        ast.Span // of the use that it is checked for
	with      string
}

// A sizeName is a size under the name that a signature gives it.
type sizeName struct {
	name string
	size ir.Dim
}

// ruledInstance keeps an instance whose function has a derivative of its own.
func (c *checker) ruledInstance(f *FuncValue, inst *instantiation, sizes map[string]ir.Dim) {
	if len(f.rules) == 0 && !f.constant {
		return
	}
	inst.of, inst.given, inst.at, inst.with = f, slices.Clone(c.ctx.given), c.ctx.call, c.ctx.callWith
	for name, d := range sizes {
		if name != "_" {
			inst.sizeNames = append(inst.sizeNames, sizeName{name, d})
		}
	}
	slices.SortFunc(inst.sizeNames, func(a, b sizeName) int { return strings.Compare(a.name, b.name) })
	c.ruled = append(c.ruled, inst)
}

// checkedOnce reports whether one instance of f serves all uses. A function that
// takes functions is checked once too, but has an instance for each choice of
// them.
func (c *checker) checkedOnce(f *FuncValue) bool { return c.annotated(f) && !takesFunctions(f) }

// annotated reports whether all parameters of f are annotated, without "..." and
// num, so that it is checked for all sizes where it stands.
func (c *checker) annotated(f *FuncValue) bool {
	if f.params == nil && f.body == nil || len(f.captured) > 0 || len(f.statics) > 0 {
		return false
	}
	for _, p := range f.params {
		if p.Type == nil || !plainType(p.Type) {
			return false
		}
		if n, ok := p.Default.(*ast.Name); ok && n.Name == "none" {
			return false
		}
	}
	return f.Name != ""
}

func plainType(te ast.TypeExpr) bool {
	switch te := te.(type) {
	case *ast.ArrayType:
		return !te.Ellipsis && te.DType != "num"
	case *ast.StrType, *ast.FuncType:
		return true
	case *ast.TupleType:
		for _, e := range te.Elems {
			if !plainType(e) {
				return false
			}
		}
		return true
	case *ast.RecordType:
		for _, f := range te.Fields {
			if !plainType(f.Type) {
				return false
			}
		}
		return true
	}
	return false
}

// enter begins the check of a function's body.
func (c *checker) enter(f *FuncValue, inst *Instance, call ast.Span, with string) func() {
	outer := c.ctx
	c.ctx = &context{
		outer: outer, inst: inst, file: f.file, call: call, callWith: with,
		scope: &scope{names: map[string]*binding{}},
		block: &blockBuilder{params: map[*Def]bool{}},
	}
	for name, b := range f.statics {
		copied := *b
		copied.mutable = false
		c.ctx.scope.names[name] = &copied
	}
	return func() { c.ctx = outer }
}

// addParam makes a parameter of the instance being checked.
func (c *checker) addParam(name ast.Ident, t Type, known info, what string) {
	if _, static := t.(Static); static {
		b := &binding{name: name.Name, t: t, known: known, what: what, span: name.Span}
		c.bind(b)
		c.ctx.given = append(c.ctx.given, b.use(name.Span))
		return
	}
	b := c.declareParam(name, t, known, what)
	c.ctx.given = append(c.ctx.given, b.use(name.Span))
	c.ctx.inst.Params = append(c.ctx.inst.Params, b.def)
	c.ctx.block.params[b.def] = true
}

// bindSize makes a size of the signature readable in the body.
func (c *checker) bindSize(name string, d ir.Dim, span ast.Span) {
	if c.ctx.scope.names[name] != nil {
		c.ctx.scope.names[name].sizeName = true
		return
	}
	v := sizeValue(d, span)
	b := c.declareLocal(ast.Ident{Name: name, Span: span}, v, "the size "+name)
	b.sizeName = true
}

// takesFunctions reports whether a parameter of f is a function.
func takesFunctions(f *FuncValue) bool {
	for _, p := range f.params {
		if _, ok := p.Type.(*ast.FuncType); ok {
			return true
		}
	}
	return false
}

// resetForFunction saves what belongs to the function around.
func (c *checker) resetForFunction() func() {
	inferred := c.inferredAtoms
	c.inferredAtoms = map[ir.Atom]*inferredRange{}
	return func() { c.inferredAtoms = inferred }
}

// checkBody checks the body of the function that c.ctx is for.
func (c *checker) checkBody(f *FuncValue, inst *instantiation) {
	c.depth++
	defer func() { c.depth-- }()
	inst.checking = true
	before := c.failed
	var v value
	if f.native != nil {
		v = c.strong(f.native(c, c.ctx.given, c.ctx.at))
	} else if block, ok := f.body.(*ast.Block); ok {
		v = c.statements(block.Stmts, true)
	} else {
		v = c.expr(f.body)
	}
	block := &Block{Stmts: c.ctx.block.stmts}
	inst.Body = block
	inst.checking = false
	if c.failed > before || v.isBad() && !diverges(block) {
		inst.failed = true
		return
	}
	if _, unit := v.t.(Unit); unit && v.x != nil {
		block.Value = v.x
		block.Value = effectOnly(block)
		v.x = nil
	}
	c.finishResult(f, inst, block, v)
	if c.failed > before {
		inst.failed = true
	}
}

// toResult gives a returned value the annotated type, if there is one.
func (c *checker) toResult(v value) value {
	if c.ctx.wanted != nil {
		return c.coerce(v, c.ctx.wanted, c.ctx.wantedFor)
	}
	if v.isBad() || c.ctx.resultType == nil {
		return c.strong(v)
	}
	if _, unit := v.t.(Unit); unit {
		return v
	}
	env := &sizeEnv{c: c, sizes: map[string]ir.Dim{}}
	for name, d := range c.ctx.resultEnv.sizes {
		if name[0] != '_' {
			env.sizes[name] = d
		}
	}
	// "_k" is the size found, the same in all places of one result.
	env.bindSizes(c.ctx.resultType, v.t, false)
	return c.fit(v, c.ctx.resultType, env, "the result of "+describeFunction(c.ctx.inst.Name))
}

// finishResult settles the type of what a function returns.
func (c *checker) finishResult(f *FuncValue, inst *instantiation, block *Block, v value) {
	ended := diverges(block)
	if !ended {
		v = c.toResult(v)
	}
	returns := c.ctx.returns
	if inst.Result != nil {
		if _, unit := v.t.(Unit); unit && !ended {
			c.fail(f.span, ast.CodeMissingValue, "%s must give %s, and its end is reached without a value", describeFunction(f.Name), c.show(inst.Result))
			return
		}
		for _, r := range returns {
			if _, unit := r.v.t.(Unit); unit {
				c.fail(r.v.span, ast.CodeMissingValue, "%s must give %s", describeFunction(f.Name), c.show(inst.Result))
				return
			}
			r.node.X = r.v.x
		}
		if !ended {
			block.Value = v.x
		}
		return
	}
	// Without annotation: the type that all ways out share.
	all := make([]value, 0, len(returns)+1)
	for _, r := range returns {
		if r.v.isBad() {
			return
		}
		all = append(all, r.v)
	}
	if !ended {
		all = append(all, v)
	}
	if len(all) == 0 {
		inst.Result = Unit{}
		return
	}
	t := all[0].t
	for _, w := range all[1:] {
		merged, ok := c.mergeTypes(t, w.t, math.MaxInt32, map[string]ir.Dim{})
		if !ok {
			d := c.fail(w.span, ast.CodeShapeMismatch, "%s gives %s here, and %s elsewhere", describeFunction(f.Name), c.show(w.t), c.show(t))
			d.Labels = append([]ast.Label{{Span: all[0].span, Text: c.show(t)}}, d.Labels...)
			return
		}
		t = merged
	}
	inst.Result = t
	for _, r := range returns {
		if _, unit := t.(Unit); !unit {
			r.node.X = c.convertTo(r.v, t).x
		} else {
			r.node.X = nil
		}
	}
	if !ended {
		if _, unit := t.(Unit); !unit {
			block.Value = c.convertTo(v, t).x
		}
	}
	if len(all) == 1 && !ended {
		inst.known = v.info
		if !pureBlock(block) {
			inst.known = withoutConstant(inst.known) // the call must happen
		}
	}
}
