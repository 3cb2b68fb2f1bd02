package typecheck

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
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
	// Function, if not nil, is an expression that is a function; it becomes the
	// exported function ShownFunction.
	Function ast.Expr
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
	derived   map[derivedKey]*FuncValue // derived functions, and what calls their f
	ruled     []*instantiation          // whose functions have derivatives of their own
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
		once: map[*FuncValue]*instantiation{}, generic: map[string]*instantiation{}, variants: map[string]int{}, derived: map[derivedKey]*FuncValue{},
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
	c.checkRules()
	if opts.Function != nil {
		c.showFunction(opts.Function)
	}
	if opts.Session != nil {
		c.keepNames(opts.Session.Keep)
	}
	c.program.Body = &Block{Stmts: c.ctx.block.stmts}
	c.program.Atoms = c.atoms
	c.program.Derives = len(c.derived) > 0 || len(c.ruled) > 0
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
	c.declareRules(file)
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
	case *ast.Derivative: // belongs to its function
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
