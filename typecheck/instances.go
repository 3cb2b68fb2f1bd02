package typecheck

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Instances: functions checked once for all sizes, and generic functions checked
// at each use.

const (
	maxNesting  = 200
	maxChecks   = 100_000
	maxConstant = 8 // instances that differ in constants only
)

// An instantiation is an instance and what its callers need to know.
type instantiation struct {
	*Instance
	names    map[string]ir.Atom // sizes of the signature
	known    info               // of the result
	checking bool
	failed   bool
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
		c.bind(&binding{name: name.Name, t: t, known: known, what: what, span: name.Span})
		return
	}
	b := c.declareParam(name, t, known, what)
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

// onceInstance checks a function for all sizes, the first time it is asked for.
func (c *checker) onceInstance(f *FuncValue) *instantiation {
	if inst := c.once[f]; inst != nil {
		return inst
	}
	inst := c.checkSignature(f)
	c.instances = append(c.instances, inst.Instance)
	return inst
}

// checkSignature checks a function for all sizes. What its parameters that are
// functions do is only known by their types.
func (c *checker) checkSignature(f *FuncValue) *instantiation {
	inst := &instantiation{Instance: &Instance{Name: f.Name, Span: f.span, Doc: f.doc, Export: f.export}, names: map[string]ir.Atom{}, checking: true}
	c.once[f] = inst
	defer c.enter(f, inst.Instance, ast.Span{}, "")()
	defer c.resetForFunction()()
	if !c.declareSignature(f, inst) {
		inst.failed, inst.checking = true, false
		return inst
	}
	c.checkBody(f, inst)
	return inst
}

// callAbstract is a call of a function that is known by its type only.
func (c *checker) callAbstract(f *FuncValue, args []argument, span ast.Span) value {
	te := f.abstract
	if len(args) != len(te.Params) {
		return c.fail(span, ast.CodeArguments, "%s takes %s", describeFunction(f.Name), plural(len(te.Params), "argument")).value()
	}
	for i, a := range args {
		if c.fit(a.value, te.Params[i], f.sizes, "the argument of "+describeFunction(f.Name)).isBad() {
			return bad
		}
	}
	t, ok := f.sizes.typeOf(te.Result)
	if !ok {
		return bad
	}
	return value{t: t, x: &Local{&Def{Var: &Var{Name: f.Name, Span: span}, Type: t}}, span: span}
}

// declareSignature makes the sizes and parameters of a function that is checked
// once.
func (c *checker) declareSignature(f *FuncValue, inst *instantiation) bool {
	c.groups++
	group := c.groups
	env := c.newSizeEnv()
	scalars := map[string]bool{}
	for _, p := range f.params {
		if te, ok := p.Type.(*ast.ArrayType); ok && te.DType == "i64" && len(te.Dims) == 0 {
			scalars[p.Name.Name] = true
			atom := c.newAtom(p.Name.Name, group, math.MinInt64, p.Name.Span)
			env.sizes[p.Name.Name] = ir.Sized(atom)
		}
	}
	env.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
		label := name
		if name == "_" {
			label = ""
		}
		atom := c.newAtom(label, group, 0, span)
		inst.Sizes = append(inst.Sizes, atom)
		if name != "_" {
			inst.names[name] = atom
		}
		return ir.Sized(atom), true
	}
	// A size must be found from the parameters: alone, or in c*n + k.
	for _, p := range f.params {
		eachArrayType(p.Type, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				if n, ok := unparen(d).(*ast.Name); ok && n.Name != "_" {
					env.dim(n)
				}
			}
		})
	}
	c.solvable(f, env)
	types := make([]Type, len(f.params))
	for i, p := range f.params {
		if te, ok := p.Type.(*ast.FuncType); ok {
			types[i] = Function{Value: c.abstractFunction(p, te, env)}
			continue
		}
		t, ok := env.typeOf(p.Type)
		if !ok {
			return false
		}
		types[i] = t
	}
	env.fresh = nil
	for i, p := range f.params {
		known := info{}
		if scalars[p.Name.Name] {
			d := env.sizes[p.Name.Name]
			known.size = &d
		}
		c.addParam(p.Name, types[i], known, "parameter "+p.Name.Name)
		if scalars[p.Name.Name] {
			inst.Params[len(inst.Params)-1].Atom, _ = env.sizes[p.Name.Name].Atom()
		}
	}
	var names []string
	for name := range env.sizes {
		if !scalars[name] && name != "_" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		c.bindSize(name, env.sizes[name], f.span)
	}
	for name := range scalars {
		c.ctx.scope.names[name].sizeName = c.isSizeName(f, name)
	}
	c.ctx.scope = &scope{outer: c.ctx.scope, names: map[string]*binding{}}
	if f.result != nil {
		env.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
			if name[0] != '_' {
				return ir.Dim{}, false
			}
			return c.freshSize("", span), true
		}
		t, ok := env.typeOf(f.result)
		if !ok {
			return false
		}
		inst.Result = t
	}
	c.ctx.resultType, c.ctx.resultEnv = f.result, env
	return true
}

// abstractFunction is a parameter that is a function, known by its type only. A
// size that only its result has is any size.
func (c *checker) abstractFunction(p *ast.Param, te *ast.FuncType, env *sizeEnv) *FuncValue {
	f := c.newFunc(p.Name.Name)
	f.abstract, f.sizes = te, env
	for _, part := range append(append([]ast.TypeExpr{}, te.Params...), te.Result) {
		eachArrayType(part, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				env.dim(d)
			}
		})
	}
	return f
}

// solvable binds sizes that stand only in c*n + k.
func (c *checker) solvable(f *FuncValue, env *sizeEnv) {
	for _, p := range f.params {
		eachArrayType(p.Type, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				unknown := ""
				count := 0
				for _, name := range freeNames(d) {
					if _, ok := env.sizes[name]; !ok && name != "_" && name != "min" && name != "max" {
						unknown = name
						count++
					}
				}
				if count != 1 {
					continue
				}
				atom := c.newAtom(unknown, 0, 0, d.Pos())
				probe := c.newSizeEnv()
				for name, known := range env.sizes {
					probe.sizes[name] = known
				}
				probe.sizes[unknown] = ir.Sized(atom)
				pattern, ok := probe.dim(d)
				if _, _, linear := pattern.LinearIn(atom); ok && linear {
					env.dim(&ast.Name{Span: d.Pos(), Name: unknown})
				} else {
					fresh := env.fresh
					env.fresh = nil
					env.unknown(d)
					env.fresh = fresh
					env.sizes[unknown] = c.freshSize(unknown, d.Pos())
				}
			}
		})
	}
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
	if block, ok := f.body.(*ast.Block); ok {
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
	env.bindUnderscores(c.ctx.resultType, v.t)
	return c.fit(v, c.ctx.resultType, env, "the result of "+describeFunction(c.ctx.inst.Name))
}

func (env *sizeEnv) bindUnderscores(te ast.TypeExpr, t Type) {
	known := env.sizes
	env.bindSizes(te, t, false)
	_ = known
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
	}
}

// callOnce calls a function that is checked once.
func (c *checker) callOnce(f *FuncValue, args []value, env *sizeEnv, span ast.Span) value {
	inst := c.onceInstance(f)
	if inst.failed {
		return bad
	}
	if inst.checking {
		if inst.Result == nil {
			d := c.fail(span, ast.CodeRecursion, "%s calls itself, so its result must be annotated", f.Name)
			d.Hint = "write fn " + f.Name + "(…) -> type"
			return d.value()
		}
		c.markRecursive(inst.Instance)
	}
	sizes := map[ir.Atom]ir.Dim{}
	for name, atom := range inst.names {
		sizes[atom] = env.sizes[name]
	}
	node := &Call{Callee: inst.Instance, Span: span}
	for i, p := range inst.Params {
		if p.Atom != 0 && args[i].size != nil {
			sizes[p.Atom] = *args[i].size
		}
		c.matchSizes(p.Type, args[i].t, sizes)
		node.Args = append(node.Args, args[i].x)
	}
	for _, atom := range inst.Sizes {
		node.Sizes = append(node.Sizes, sizes[atom])
	}
	node.T = c.translate(inst.Result, inst.Instance, sizes)
	return value{t: node.T, x: node, info: c.translateInfo(inst.known, inst.Instance, sizes), span: span}
}

// markRecursive marks the functions being checked from inst on.
func (c *checker) markRecursive(inst *Instance) {
	for ctx := c.ctx; ctx != nil && ctx.inst != nil; ctx = ctx.outer {
		ctx.inst.Recursive = true
		if ctx.inst == inst {
			return
		}
	}
}

// matchSizes finds what the atoms that stand alone in the type of a parameter
// are for an argument.
func (c *checker) matchSizes(param, arg Type, sizes map[ir.Atom]ir.Dim) {
	switch p := param.(type) {
	case Array:
		a, ok := arg.(Array)
		if !ok {
			return
		}
		for i, d := range p.Dims {
			if atom, alone := d.Atom(); alone && i < len(a.Dims) {
				if _, known := sizes[atom]; !known {
					sizes[atom] = a.Dims[i]
				}
			}
		}
	case Tuple, Record, Function:
		ps, as := partTypes(param), partTypes(arg)
		for i := range ps {
			c.matchSizes(ps[i], as[i], sizes)
		}
	}
}

// translate is a type of an instance as its caller sees it: sizes that the
// instance chooses become new ones.
func (c *checker) translate(t Type, inst *Instance, sizes map[ir.Atom]ir.Dim) Type {
	return mapDims(t, func(d ir.Dim) ir.Dim { return c.translateDim(d, inst, sizes) })
}

func (c *checker) translateDim(d ir.Dim, inst *Instance, sizes map[ir.Atom]ir.Dim) ir.Dim {
	// A size that is not made of the parameters' sizes is one size, whole.
	if c.chosenInside(d, inst, sizes) {
		if atom, alone := d.Atom(); alone {
			if _, ok := sizes[atom]; !ok {
				sizes[atom] = c.freshSize("", c.atoms[atom].Span)
			}
			return sizes[atom]
		}
		return c.freshSize("", ast.Span{})
	}
	return c.rename(d, func(a ir.Atom) ir.Dim {
		if e, ok := sizes[a]; ok {
			return e
		}
		return ir.Sized(a)
	})
}

// chosenInside reports whether d is made of an atom of inst that its parameters
// don't determine.
func (c *checker) chosenInside(d ir.Dim, inst *Instance, sizes map[ir.Atom]ir.Dim) bool {
	inside := false
	c.leaves(d, func(a ir.Atom) {
		if _, ok := sizes[a]; !ok && c.owners[a] == inst {
			inside = true
		}
	})
	return inside
}

func (c *checker) translateInfo(known info, inst *Instance, sizes map[ir.Atom]ir.Dim) info {
	out := info{konst: known.konst}
	if known.size != nil && !c.chosenInside(*known.size, inst, sizes) {
		d := c.translateDim(*known.size, inst, sizes)
		out.size = &d
	}
	for _, d := range known.elems {
		if c.chosenInside(d, inst, sizes) {
			out.elems = nil
			break
		}
		out.elems = append(out.elems, c.translateDim(d, inst, sizes))
	}
	for _, p := range known.parts {
		out.parts = append(out.parts, c.translateInfo(p, inst, sizes))
	}
	return out
}

// A renamer gives the sizes of a call's arguments names of their own, in the
// order of their first occurrence, so that calls that differ in names only share
// one instance.
type renamer struct {
	c      *checker
	order  []ir.Atom
	index  map[ir.Atom]int
	groups map[int]int
	key    strings.Builder

	captured int // how many of order come from captured values
}

func (c *checker) newRenamer(f *FuncValue) *renamer {
	r := &renamer{c: c, index: map[ir.Atom]int{}, groups: map[int]int{}}
	r.key.WriteString(strconv.Itoa(f.id))
	return r
}

// group is the signature that a renamed atom belongs to: what a function has
// captured is of none.
func (r *renamer) group(a ir.Atom) int {
	if r.index[a] < r.captured {
		return 0
	}
	return r.c.atoms[a].Group
}

func (r *renamer) leaf(a ir.Atom) {
	if r.c.owners[a] == nil && r.c.ctx.inst != nil && !r.c.belongs(a) {
		// A size of the script keeps its name in functions.
		r.key.WriteString("#" + strconv.Itoa(int(a)))
		return
	}
	if _, ok := r.index[a]; !ok {
		r.index[a] = len(r.order)
		r.order = append(r.order, a)
		group := r.group(a)
		if _, ok := r.groups[group]; !ok && group != 0 {
			r.groups[group] = len(r.groups) + 1
		}
		r.key.WriteString("!" + strconv.Itoa(r.groups[group]))
		if r.c.atoms[a].Min >= 0 {
			r.key.WriteString("+")
		}
		if r.c.atoms[a].Min > 0 {
			r.key.WriteString(strconv.FormatInt(r.c.atoms[a].Min, 10))
		}
	}
}

// belongs reports whether an atom is of the function being checked.
func (c *checker) belongs(a ir.Atom) bool { return c.owners[a] == c.instance() }

func (r *renamer) dim(d ir.Dim) {
	r.c.leaves(d, r.leaf)
	r.key.WriteString(r.text(d))
	r.key.WriteByte(';')
}

func (r *renamer) text(d ir.Dim) string {
	return d.Format(func(a ir.Atom) string {
		info := &r.c.atoms[a]
		if info.Kind != AtomOpaque {
			return "(" + strconv.Itoa(int(info.Kind)) + ":" + r.text(info.A) + ":" + r.text(info.B) + ")"
		}
		if i, ok := r.index[a]; ok {
			return "$" + strconv.Itoa(i)
		}
		return "#" + strconv.Itoa(int(a))
	})
}

func (r *renamer) typ(t Type) {
	switch t := t.(type) {
	case Array:
		r.key.WriteString(t.DType.String())
		r.key.WriteByte('[')
		for _, d := range t.Dims {
			r.dim(d)
		}
		r.key.WriteByte(']')
	case Tuple, Record:
		if rec, ok := t.(Record); ok {
			r.key.WriteString(strings.Join(rec.Names, ","))
		}
		r.key.WriteByte('(')
		for _, p := range partTypes(t) {
			r.typ(p)
		}
		r.key.WriteByte(')')
	case Function:
		r.key.WriteString("fn" + strconv.Itoa(t.Value.id) + "(")
		for _, p := range t.Captures {
			r.typ(p)
		}
		r.key.WriteByte(')')
	case Static:
		r.key.WriteString(t.Name)
	default:
		r.key.WriteString("unit")
	}
}

func (r *renamer) info(k info, constants bool) {
	if constants {
		r.key.WriteString("=" + k.konst.key())
	}
	if k.size != nil && (constants || k.konst == nil) {
		r.key.WriteString("s")
		r.dim(*k.size)
	}
	for _, d := range k.elems {
		if _, isConst := d.Const(); isConst && !constants {
			continue
		}
		r.key.WriteString("e")
		r.dim(d)
	}
	for _, p := range k.parts {
		r.key.WriteByte('(')
		r.info(p, constants)
		r.key.WriteByte(')')
	}
}

// callGeneric checks a generic function for the types of this call, or finds it
// checked.
func (c *checker) callGeneric(fv value, f *FuncValue, args []value, env *sizeEnv, span ast.Span) value {
	captures := fv.t.(Function).Captures
	var all []value
	for i := range captures {
		part := value{t: captures[i], span: span}
		if m, ok := fv.x.(*MakeTuple); ok {
			part.x = m.Elems[i]
		} else {
			part.x = &Part{again(fv).x, i, captures[i]}
		}
		part.info = f.captured[i].known
		all = append(all, part)
	}
	all = append(all, args...)
	if c.annotated(f) {
		// Only sizes decide types here, not what else is known of numbers.
		for i, p := range f.params {
			v := &all[len(captures)+i]
			if _, isArray := v.t.(Array); isArray && !c.isSizeName(f, p.Name.Name) {
				v.info = info{}
			}
		}
	}
	inst, order := c.genericInstance(f, all, len(captures), env, span)
	if inst == nil || inst.failed {
		return bad
	}
	if inst.checking {
		c.markRecursive(inst.Instance)
	}
	sizes := map[ir.Atom]ir.Dim{}
	node := &Call{Callee: inst.Instance, Span: span}
	for i, atom := range inst.Sizes {
		sizes[atom] = ir.Sized(order[i])
		node.Sizes = append(node.Sizes, sizes[atom])
	}
	k := 0
	for _, v := range all {
		if _, static := v.t.(Static); static {
			continue
		}
		if k < len(inst.Params) && inst.Params[k].Atom != 0 && v.size != nil {
			sizes[inst.Params[k].Atom] = *v.size
		}
		k++
		node.Args = append(node.Args, v.x)
	}
	node.T = c.translate(inst.Result, inst.Instance, sizes)
	return value{t: node.T, x: node, info: c.translateInfo(inst.known, inst.Instance, sizes), span: span}
}

func (c *checker) genericInstance(f *FuncValue, args []value, captures int, env *sizeEnv, span ast.Span) (*instantiation, []ir.Atom) {
	keyOf := func(constants bool) *renamer {
		r := c.newRenamer(f)
		for i, v := range args {
			if i < captures {
				r.captured = math.MaxInt
			} else if i == captures {
				r.captured = len(r.order)
			}
			r.key.WriteByte('/')
			r.typ(v.t)
			_, static := v.t.(Static)
			a, isArray := v.t.(Array)
			r.info(v.info, constants || static || !isArray || a.DType == ir.Text)
		}
		return r
	}
	r := keyOf(true)
	key := r.key.String()
	if inst := c.generic[key]; inst != nil {
		if inst.checking && inst.Result == nil {
			return c.fail(span, ast.CodeRecursion, "%s calls itself, so its parameters and its result must be annotated", describeFunction(f.Name)).none(), nil
		}
		return inst, r.order
	}
	if c.depth >= maxNesting {
		d := c.fail(span, ast.CodeRecursion, "generic functions are nested more than %d deep here", maxNesting)
		d.Hint = "a function that calls itself needs annotated parameters and an annotated result"
		return d.none(), nil
	}
	if c.checks++; c.checks > maxChecks {
		d := c.fail(span, ast.CodeTooManyChecks, "this program needs more than %d checks of generic functions", maxChecks)
		return d.none(), nil
	}
	loose := keyOf(false)
	if c.variants[loose.key.String()]++; c.variants[loose.key.String()] > maxConstant {
		if inst := c.withoutConstants(f, args, captures, env, span, loose); inst != nil {
			return inst, loose.order
		}
	}
	return c.instantiate(f, args, captures, env, span, r, key), r.order
}

// none stands where there is no instance.
func (report) none() *instantiation { return nil }

// withoutConstants tries one instance for all values of the constants; nil if a
// constant decides a type.
func (c *checker) withoutConstants(f *FuncValue, args []value, captures int, env *sizeEnv, span ast.Span, r *renamer) *instantiation {
	key := "loose " + r.key.String()
	inst, tried := c.generic[key]
	if !tried {
		general := make([]value, len(args))
		for i, v := range args {
			general[i] = v
			if a, ok := v.t.(Array); ok && a.DType != ir.Text {
				if v.konst != nil {
					general[i].info = info{}
				}
				for _, d := range v.elems {
					if _, isConst := d.Const(); isConst {
						general[i].elems = nil
					}
				}
			}
		}
		diags, failed := len(c.diags), c.failed
		inst = c.instantiate(f, general, captures, env, span, r, key)
		if inst.failed {
			for _, d := range c.diags[diags:] {
				delete(c.reported, d.Span.String()+string(d.Code)+d.Message)
			}
			c.diags, c.failed = c.diags[:diags], failed
		}
	}
	if inst.failed {
		return nil
	}
	return inst
}

// instantiate checks a generic function for the types of args.
func (c *checker) instantiate(f *FuncValue, args []value, captures int, env *sizeEnv, span ast.Span, r *renamer, key string) *instantiation {
	name := f.Name
	if name == "" {
		name = "lambda"
	}
	inst := &instantiation{Instance: &Instance{Name: name, Span: f.span, Doc: f.doc}, checking: true}
	c.generic[key] = inst
	c.instances = append(c.instances, inst.Instance)
	var with []string
	for _, v := range args[captures:] {
		with = append(with, c.show(v.t))
	}
	rename := c.renamedSizes(r, inst)
	defer c.enter(f, inst.Instance, span, strings.Join(with, ", "))()
	defer c.resetForFunction()()
	for i, v := range args {
		id := ast.Ident{Span: f.span}
		what := ""
		if i < captures {
			id.Name = f.captured[i].name
		} else {
			id = f.params[i-captures].Name
			what = "parameter " + id.Name
		}
		c.addParam(id, mapDims(v.t, rename), c.renameInfo(v.info, rename), what)
	}
	names := map[string]bool{}
	for _, p := range f.params {
		if p.Type == nil {
			continue
		}
		eachArrayType(p.Type, func(a *ast.ArrayType) {
			for _, d := range a.Dims {
				for _, n := range freeNames(d) {
					names[n] = true
				}
			}
		})
	}
	bodyEnv := c.newSizeEnv()
	for name, d := range env.sizes {
		bodyEnv.sizes[name] = rename(d)
		if names[name] && name != "_" {
			c.bindSize(name, bodyEnv.sizes[name], f.span)
		}
	}
	if env.lead != nil {
		bodyEnv.lead = []ir.Dim{}
		for _, d := range env.lead {
			bodyEnv.lead = append(bodyEnv.lead, rename(d))
		}
	}
	c.ctx.scope = &scope{outer: c.ctx.scope, names: map[string]*binding{}}
	c.ctx.resultType, c.ctx.resultEnv = f.result, bodyEnv
	if c.annotated(f) && f.result != nil {
		bodyEnv.fresh = func(name string, span ast.Span) (ir.Dim, bool) {
			return c.freshSize("", span), name[0] == '_'
		}
		inst.Result, _ = bodyEnv.typeOf(f.result)
		bodyEnv.fresh = nil
	}
	c.checkBody(f, inst)
	return inst
}

// renamedSizes makes the atoms of an instance for the sizes that r has named.
func (c *checker) renamedSizes(r *renamer, inst *instantiation) func(ir.Dim) ir.Dim {
	renamed := map[ir.Atom]ir.Dim{}
	groups := map[int]int{}
	for i, a := range r.order {
		source := c.atoms[a]
		group := source.Group
		if i < r.captured {
			group = 0
		}
		if group != 0 {
			if groups[group] == 0 {
				c.groups++
				groups[group] = c.groups
			}
			group = groups[group]
		}
		atom := c.newAtom(source.Name, group, source.Min, source.Span)
		c.owners[atom] = inst.Instance
		inst.Sizes = append(inst.Sizes, atom)
		renamed[a] = ir.Sized(atom)
	}
	return func(d ir.Dim) ir.Dim {
		return c.rename(d, func(a ir.Atom) ir.Dim {
			if e, ok := renamed[a]; ok {
				return e
			}
			return ir.Sized(a)
		})
	}
}

func (c *checker) renameInfo(k info, rename func(ir.Dim) ir.Dim) info {
	out := info{konst: k.konst}
	if k.size != nil {
		d := rename(*k.size)
		out.size = &d
	}
	for _, d := range k.elems {
		out.elems = append(out.elems, rename(d))
	}
	for _, p := range k.parts {
		out.parts = append(out.parts, c.renameInfo(p, rename))
	}
	return out
}
