package typecheck

import (
	"math"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
)

// Options of a check.
type Options struct {
	// Load finds the file that an import names, relative to the file that
	// imports it. Without Load there are no imports.
	Load func(from *ast.Source, path string) (*ast.Source, error)
	// Hosts are functions of the embedding program.
	Hosts []Host
	// Session is nil for a script.
	Session *Session
}

type checker struct {
	opts     Options
	diags    ast.Diagnostics
	reported map[string]bool
	failed   int

	atoms    []AtomInfo
	owners   []*Instance // of each atom; nil for those of the script
	upper    [][]ir.Dim  // upper bounds of each atom
	interned map[string]ir.Atom
	groups   int

	ctx           *context
	masks         map[*Def]*Def // the indices where a mask holds
	inferredAtoms map[ir.Atom]*inferredRange

	funcs     int
	depth     int
	checks    int
	once      map[*FuncValue]*instantiation
	generic   map[string]*instantiation
	variants  map[string]int
	instances []*Instance

	builtinValues map[string]*binding
	hosts         map[string]*binding // those that were used
	modules       map[string]*fileScope
	imported      map[string]*fileScope
	importing     []string

	program *Program
	sizes   *sizeEnv // of the inputs
}

// Check checks a script. The program is nil if there are errors; there may be
// warnings beside a program.
func Check(file *ast.File, opts Options) (*Program, ast.Diagnostics) {
	c := &checker{
		opts: opts, reported: map[string]bool{}, interned: map[string]ir.Atom{},
		masks: map[*Def]*Def{}, inferredAtoms: map[ir.Atom]*inferredRange{},
		once: map[*FuncValue]*instantiation{}, generic: map[string]*instantiation{}, variants: map[string]int{},
		builtinValues: map[string]*binding{}, hosts: map[string]*binding{}, modules: map[string]*fileScope{}, imported: map[string]*fileScope{},
		atoms: make([]AtomInfo, 1), owners: make([]*Instance, 1), upper: make([][]ir.Dim, 1), groups: scriptGroup,
	}
	c.program = &Program{Source: file.Source}
	scope := &fileScope{name: file.Source.Name, names: map[string]*binding{}}
	c.ctx = &context{file: scope, scope: emptyScope(), block: &blockBuilder{}}
	c.importing = []string{file.Source.Name}
	c.inputSizes(file)
	c.declareTop(file)
	for _, s := range file.Stmts {
		c.topStatement(s)
	}
	c.checkFunctions(scope)
	if opts.Session != nil {
		c.keepNames(opts.Session.Keep)
	}
	c.program.Body = &Block{Stmts: c.ctx.block.stmts}
	c.program.Atoms = c.atoms
	for _, inst := range c.instances {
		if !slices.ContainsFunc(inst.Params, func(p *Def) bool { return isAbstract(p.Type) }) {
			c.program.Instances = append(c.program.Instances, inst)
		}
	}
	slices.SortStableFunc(c.diags, func(a, b *ast.Diagnostic) int {
		if a.Span.Source != b.Span.Source {
			return 0
		}
		return int(a.Span.Start) - int(b.Span.Start)
	})
	if c.diags.HasErrors() {
		return nil, c.diags
	}
	return c.program, c.diags
}

// scriptGroup is the signature that the inputs of a script make.
const scriptGroup = 1

func emptyScope() *scope { return &scope{names: map[string]*binding{}} }

// atTop reports whether a statement stands at top level.
func (c *checker) atTop() bool { return c.ctx.inst == nil && c.ctx.scope.outer == nil }

// declareTop makes the names of a file known: functions for all of it, other
// names as not having a value yet.
func (c *checker) declareTop(file *ast.File) {
	scope := c.ctx.file
	declare := func(id ast.Ident, b *binding) {
		if old := scope.names[id.Name]; old != nil {
			d := c.fail(id.Span, ast.CodeRedeclared, "%s is declared twice", id.Name)
			d.Labels = append(d.Labels, ast.Label{Span: old.span, Text: "first here"})
			return
		}
		if _, isType := dtypes[id.Name]; isType || id.Name == "num" || id.Name == "str" {
			c.fail(id.Span, ast.CodeRedeclared, "%s is a type; choose another name", id.Name)
			return
		}
		b.name, b.span, b.context = id.Name, id.Span, c.ctx
		scope.names[id.Name] = b
	}
	for _, s := range file.Stmts {
		switch s := s.(type) {
		case *ast.Fn:
			f := c.newFunc(s.Name.Name)
			f.params, f.result, f.body, f.span, f.file = s.Params, s.Result, s.Body, s.Name.Span, scope
			f.doc, f.export, f.decl = s.Doc, s.Export, s
			declare(s.Name, &binding{fn: f})
			c.checkParams(s.Params)
		case *ast.Let:
			for _, id := range s.Names {
				if id.Name != "_" {
					declare(id, &binding{pending: true})
				}
			}
		case *ast.Var:
			declare(s.Name, &binding{pending: true, mutable: true})
		case *ast.Input:
			declare(s.Name, &binding{pending: true})
		case *ast.Import:
			declare(s.Name, &binding{pending: true})
		}
	}
}

func (c *checker) checkParams(params []*ast.Param) {
	for i, p := range params {
		for _, q := range params[:i] {
			if q.Name.Name == p.Name.Name && p.Name.Name != "_" {
				c.fail(p.Name.Span, ast.CodeRedeclared, "the parameter %s stands twice", p.Name.Name)
			}
		}
		if p.Default == nil && i > 0 && params[i-1].Default != nil {
			c.fail(p.Name.Span, ast.CodeArguments, "a parameter without default stands before those with one")
		}
	}
}

// global gives a name declared at top level its value.
func (c *checker) global(name ast.Ident, v value, mutable bool) *binding {
	b := c.ctx.file.names[name.Name]
	if b == nil || !b.pending || b.span != name.Span {
		b = &binding{name: name.Name, span: name.Span} // reported as declared twice
	}
	b.pending, b.mutable, b.context = false, mutable, c.ctx
	b.t, b.known = v.t, v.info
	b.v = &Var{Name: name.Name, Span: name.Span, Global: !mutable}
	if v.t == nil {
		return b
	}
	if mutable {
		b.known.konst = nil
	}
	if _, static := v.t.(Static); !static {
		b.def = &Def{Var: b.v, Type: v.t}
		c.defined(b.def, &b.known)
		c.emit(&Define{b.def, v.x})
	}
	return b
}

// globalSize makes the name of a size readable in the script.
func (c *checker) globalSize(name string, size value, span ast.Span) {
	if c.ctx.file.names[name] != nil {
		return
	}
	b := &binding{name: name, span: span, pending: true}
	c.ctx.file.names[name] = b
	b = c.global(ast.Ident{Name: name, Span: span}, size, false)
	b.what = "the size " + name
}

func (c *checker) topStatement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.Fn:
		f := c.ctx.file.names[s.Name.Name]
		if f == nil || f.fn == nil || f.fn.decl != s {
			return
		}
		c.checkWhereItStands(f.fn)
		if s.Export {
			c.exportFunction(f.fn, s)
		}
	case *ast.Derivative:
		if b := c.ctx.file.names[s.Name.Name]; b == nil || b.fn == nil {
			c.fail(s.Name.Span, ast.CodeUnknownName, "there is no function %s in this file to give a derivative to", s.Name.Name)
		}
	case *ast.Let:
		if c.opts.Session != nil && c.opts.Session.Made[s] {
			c.madeLet(s)
			return
		}
		c.let(s)
		if s.Export {
			for _, id := range s.Names {
				if b := c.ctx.file.names[id.Name]; b != nil && b.t != nil && !b.pending {
					c.export(id.Name, b.use(id.Span), id.Span)
				}
			}
		}
	case *ast.Input:
		c.input(s)
	case *ast.Import:
		c.importFile(s)
	case *ast.Export:
		v := c.strong(c.expr(s.Value))
		if !v.isBad() {
			c.export(s.Label.Value, v, s.Span)
		}
	case *ast.ExprStmt:
		if c.opts.Session != nil {
			c.shown(c.exprOrNothing(s.X))
			return
		}
		c.statement(s)
	default:
		c.statement(s)
	}
}

// export makes a value a result of the run.
func (c *checker) export(name string, v value, span ast.Span) {
	if !resultType(v.t) {
		d := c.fail(span, ast.CodeTypeMismatch, "a result is made of numbers, arrays and text, and this is %s", c.show(v.t))
		if _, ok := v.t.(Function); ok {
			d.Hint = "export a function with: export fn"
		}
		return
	}
	for _, e := range c.program.Exports {
		if e.Name == name {
			c.fail(span, ast.CodeRedeclared, "%s is exported twice", name)
			return
		}
	}
	def := &Def{Var: &Var{Name: name, Span: span}, Type: v.t}
	c.emit(&Define{def, again(v).x})
	c.program.Exports = append(c.program.Exports, &Export{name, def})
}

func resultType(t Type) bool {
	switch t := t.(type) {
	case Array:
		return true
	case Tuple, Record:
		for _, p := range partTypes(t) {
			if !resultType(p) {
				return false
			}
		}
		return true
	}
	return false
}

func (c *checker) exportFunction(f *FuncValue, s *ast.Fn) {
	if len(c.importing) > 1 {
		return
	}
	if inst := c.once[f]; inst != nil && !inst.failed && c.checkedOnce(f) {
		c.program.Functions = append(c.program.Functions, inst.Instance)
	}
}

// checkFunctions checks what is checked once and has not been used.
func (c *checker) checkFunctions(scope *fileScope) {
	var names []string
	for name := range scope.names {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if f := scope.names[name].fn; f != nil {
			c.checkWhereItStands(f)
		}
	}
}

// checkWhereItStands checks a function whose parameters are all annotated.
func (c *checker) checkWhereItStands(f *FuncValue) {
	switch {
	case c.checkedOnce(f):
		c.onceInstance(f)
	case c.annotated(f) && c.once[f] == nil:
		c.checkSignature(f)
	}
}

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
