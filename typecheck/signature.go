package typecheck

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Written types: their sizes, and what fits them.

// A sizeEnv says what the names in the dimensions of a signature stand for.
type sizeEnv struct {
	c     *checker
	sizes map[string]ir.Dim
	lead  []ir.Dim // of "...", nil if not known yet
	// fresh makes the size for a name that is not known; it says false to refuse.
	fresh func(name string, span ast.Span) (ir.Dim, bool)
	// unsolved says of a written type why no sizes fit it: "7 is not 2*n".
	unsolved map[ast.Expr]string
}

func (c *checker) newSizeEnv() *sizeEnv {
	return &sizeEnv{c: c, sizes: map[string]ir.Dim{}}
}

// dim evaluates a dimension; ok is false if a name in it is not known.
func (env *sizeEnv) dim(e ast.Expr) (ir.Dim, bool) {
	switch e := e.(type) {
	case *ast.Paren:
		return env.dim(e.X)
	case *ast.Number:
		v := env.c.strong(env.c.numberLiteral(e))
		if v.konst == nil || v.konst.kind != ir.I64 {
			env.c.fail(e.Span, ast.CodeTypeMismatch, "a size is an integer")
			return ir.Size(0), true
		}
		return ir.Size(v.konst.i), true
	case *ast.Name:
		if d, ok := env.sizes[e.Name]; ok && e.Name != "_" {
			return d, true
		}
		if env.fresh != nil {
			if d, ok := env.fresh(e.Name, e.Span); ok {
				if e.Name != "_" {
					env.sizes[e.Name] = d
				}
				return d, true
			}
		}
		return ir.Dim{}, false
	case *ast.Unary:
		d, ok := env.dim(e.X)
		if !ok || e.Op == "+" {
			return d, ok
		}
		return env.c.must("-", ir.Size(0), d), true
	case *ast.Binary:
		x, ok1 := env.dim(e.X)
		y, ok2 := env.dim(e.Y)
		if !ok1 || !ok2 {
			return ir.Dim{}, false
		}
		if n, isConst := y.Const(); (e.Op == "//" || e.Op == "%") && isConst && n == 0 {
			env.c.fail(e.Span, ast.CodeDivisionByZero, "a size divided by zero")
			return ir.Size(0), true
		}
		return env.c.must(e.Op, x, y), true
	case *ast.Call:
		name, _ := e.Fun.(*ast.Name)
		if name == nil || len(e.Args) == 0 {
			return ir.Dim{}, false
		}
		d, ok := env.dim(e.Args[0].Value)
		for _, a := range e.Args[1:] {
			x, ok2 := env.dim(a.Value)
			if !ok || !ok2 {
				return ir.Dim{}, false
			}
			d = env.c.must(name.Name, d, x)
		}
		return d, ok
	}
	return ir.Dim{}, false
}

// dtypes by their names in the language.
var dtypes = map[string]ir.DType{"f64": ir.F64, "f32": ir.F32, "i64": ir.I64, "bool": ir.Bool, "c128": ir.C128}

// typeOf is the type that te stands for, all of whose sizes env knows.
func (env *sizeEnv) typeOf(te ast.TypeExpr) (Type, bool) {
	switch te := te.(type) {
	case *ast.ArrayType:
		t := Array{DType: dtypes[te.DType]}
		if t.DType == 0 || te.Ellipsis {
			return nil, false
		}
		for _, e := range te.Dims {
			d, ok := env.dim(e)
			if !ok {
				env.unknown(e)
				return nil, false
			}
			if n, isConst := d.Const(); isConst && n < 0 {
				env.c.fail(e.Pos(), ast.CodeShapeMismatch, "a size is at least 0, and this is %d", n)
				return nil, false
			}
			t.Dims = append(t.Dims, d)
		}
		return t, true
	case *ast.StrType:
		return Array{DType: ir.Text}, true
	case *ast.TupleType:
		var t Tuple
		for _, e := range te.Elems {
			p, ok := env.typeOf(e)
			if !ok {
				return nil, false
			}
			t.Elems = append(t.Elems, p)
		}
		return t, true
	case *ast.RecordType:
		var t Record
		for _, f := range sortedFields(te) {
			p, ok := env.typeOf(f.Type)
			if !ok {
				return nil, false
			}
			t.Names, t.Types = append(t.Names, f.Name.Name), append(t.Types, p)
		}
		return t, true
	}
	return nil, false
}

// unknown reports a size that nothing determines.
func (env *sizeEnv) unknown(e ast.Expr) {
	for _, name := range freeNames(e) {
		if _, ok := env.sizes[name]; !ok && name != "min" && name != "max" {
			d := env.c.fail(e.Pos(), ast.CodeUnknownSize, "nothing determines the size %s", name)
			d.Hint = "use it alone in a parameter's type, or make it a parameter of type i64; a name that begins with _ is a size not known before"
			return
		}
	}
	env.c.fail(e.Pos(), ast.CodeUnknownSize, "this is no size")
}

func sortedFields(te *ast.RecordType) []ast.TypeField {
	fields := slices.Clone(te.Fields)
	slices.SortFunc(fields, func(a, b ast.TypeField) int { return strings.Compare(a.Name.Name, b.Name.Name) })
	return fields
}

// eachArrayType calls f with every array type in te.
func eachArrayType(te ast.TypeExpr, f func(*ast.ArrayType)) {
	switch te := te.(type) {
	case *ast.ArrayType:
		f(te)
	case *ast.TupleType:
		for _, e := range te.Elems {
			eachArrayType(e, f)
		}
	case *ast.RecordType:
		for _, field := range te.Fields {
			eachArrayType(field.Type, f)
		}
	}
}

// bindSizes finds what names stand for by holding a written type against a type:
// first where they stand alone, and with linear, where they can be solved for.
func (env *sizeEnv) bindSizes(te ast.TypeExpr, t Type, linear bool) {
	switch te := te.(type) {
	case *ast.ArrayType:
		a, ok := t.(Array)
		if !ok || len(a.Dims) < len(te.Dims) {
			return
		}
		dims := a.Dims[len(a.Dims)-len(te.Dims):]
		for i, e := range te.Dims {
			if n, ok := unparen(e).(*ast.Name); ok {
				if _, known := env.sizes[n.Name]; !known && n.Name != "_" {
					env.sizes[n.Name] = dims[i]
				}
				continue
			}
			if linear {
				env.solve(e, dims[i])
			}
		}
	case *ast.TupleType:
		if tt, ok := t.(Tuple); ok && len(tt.Elems) == len(te.Elems) {
			for i, e := range te.Elems {
				env.bindSizes(e, tt.Elems[i], linear)
			}
		}
	case *ast.RecordType:
		if r, ok := t.(Record); ok {
			for _, f := range te.Fields {
				if i := slices.Index(r.Names, f.Name.Name); i >= 0 {
					env.bindSizes(f.Type, r.Types[i], linear)
				}
			}
		}
	}
}

// solve finds n from c*n + k = d.
func (env *sizeEnv) solve(e ast.Expr, d ir.Dim) {
	var name string
	for _, n := range freeNames(e) {
		if _, known := env.sizes[n]; !known && n != "min" && n != "max" {
			if name != "" && name != n {
				return
			}
			name = n
		}
	}
	if name == "" {
		return
	}
	c := env.c
	probe := ir.Atom(len(c.atoms))
	c.atoms = append(c.atoms, AtomInfo{Name: name})
	c.owners = append(c.owners, nil)
	c.upper = append(c.upper, nil)
	env.sizes[name] = ir.Sized(probe)
	pattern, ok := env.dim(e)
	delete(env.sizes, name)
	coef, k, linear := pattern.LinearIn(probe)
	if !ok || !linear {
		return
	}
	rest, ok := d.Sub(k)
	if !ok {
		return
	}
	if q, exact := rest.DivExact(ir.Size(coef)); exact {
		env.sizes[name] = q
		return
	}
	if _, isConst := rest.Const(); isConst {
		if env.unsolved == nil {
			env.unsolved = map[ast.Expr]string{}
		}
		env.unsolved[e] = c.showDim(d) + " is not " + e.Pos().Text() + " for any " + name
	}
	// Checked at run time when the whole dimension is compared.
	env.sizes[name] = c.must("//", rest, ir.Size(coef))
}

// assertType checks a value against a type written beside it: sizes that are not
// known are checked at run time, new names are bound to the sizes found.
func (c *checker) assertType(v value, te ast.TypeExpr, what string) value {
	env := c.newSizeEnv()
	for s := c.ctx.scope; s != nil; s = s.outer {
		for name, b := range s.names {
			if _, known := env.sizes[name]; !known && b.known.size != nil && !b.mutable {
				env.sizes[name] = *b.known.size
			}
		}
	}
	if c.atTop() {
		for name, b := range c.ctx.file.names {
			if _, known := env.sizes[name]; !known && b.known.size != nil && !b.mutable && !b.pending {
				env.sizes[name] = *b.known.size
			}
		}
	}
	known := map[string]bool{}
	for name := range env.sizes {
		known[name] = true
	}
	env.bindSizes(te, v.t, false)
	env.bindSizes(te, v.t, true)
	v = c.fit(v, te, env, what)
	if v.isBad() {
		return bad
	}
	var names []string
	eachArrayType(te, func(a *ast.ArrayType) {
		for _, d := range a.Dims {
			for _, name := range freeNames(d) {
				if !known[name] && name[0] != '_' && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	})
	for _, name := range names {
		if d, ok := env.sizes[name]; ok {
			size := sizeValue(d, te.Pos())
			if c.atTop() {
				c.globalSize(name, size, te.Pos())
			} else {
				c.declareLocal(ast.Ident{Name: name, Span: te.Pos()}, size, "the size "+name)
			}
		}
	}
	return v
}

// fit gives v the type that te stands for; env knows all sizes but those that
// begin with "_", which are what they are.
func (c *checker) fit(v value, te ast.TypeExpr, env *sizeEnv, what string) value {
	if v.isBad() {
		return bad
	}
	switch te := te.(type) {
	case *ast.ArrayType:
		a, ok := v.array()
		if !ok {
			return c.misfit(v, te, what)
		}
		t := Array{DType: dtypes[te.DType]}
		if te.DType == "num" {
			v = c.strong(v)
			a, _ = v.array()
			t.DType = a.DType
			if a.DType == ir.Bool {
				return c.misfit(v, te, what)
			}
		}
		rank := len(te.Dims)
		if te.Ellipsis {
			if len(a.Dims) < rank {
				d := c.misfitReport(v, te, what)
				d.Code = ast.CodeRank
				return bad
			}
			lead := a.Dims[:len(a.Dims)-rank]
			if env.lead == nil {
				env.lead = append([]ir.Dim{}, lead...)
			}
			t.Dims = append(t.Dims, env.lead...)
		} else if len(a.Dims) != rank {
			d := c.misfitReport(v, te, what)
			if len(a.Dims) < rank {
				d.Code = ast.CodeRank
			}
			return bad
		}
		for i, e := range te.Dims {
			if why, ok := env.unsolved[e]; ok {
				d := c.misfitReport(v, te, what)
				d.Notes = append(d.Notes, why)
				return bad
			}
			if n, ok := unparen(e).(*ast.Name); ok && n.Name == "_" {
				t.Dims = append(t.Dims, a.Dims[len(a.Dims)-rank+i])
				continue
			}
			d, ok := env.dim(e)
			if !ok {
				env.unknown(e)
				return bad
			}
			t.Dims = append(t.Dims, d)
		}
		return c.coerceWritten(v, t, te, what)
	case *ast.StrType:
		return c.coerceWritten(v, Array{DType: ir.Text}, te, what)
	case *ast.TupleType:
		t, ok := v.t.(Tuple)
		if !ok || len(t.Elems) != len(te.Elems) {
			return c.misfit(v, te, what)
		}
		return c.named(v, func(v value) value {
			parts := make([]value, len(te.Elems))
			for i, e := range te.Elems {
				parts[i] = c.fit(c.part(v, i), e, env, what)
			}
			return c.makeTuple(parts, v.span)
		})
	case *ast.RecordType:
		t, ok := v.t.(Record)
		fields := sortedFields(te)
		if !ok || len(t.Names) != len(fields) {
			return c.misfit(v, te, what)
		}
		for i, f := range fields {
			if t.Names[i] != f.Name.Name {
				return c.misfit(v, te, what)
			}
		}
		return c.named(v, func(v value) value {
			parts := make([]value, len(fields))
			for i, f := range fields {
				parts[i] = c.fit(c.part(v, i), f.Type, env, what+", field "+f.Name.Name)
			}
			return c.makeRecord(t.Names, parts, v.span)
		})
	case *ast.FuncType:
		if _, ok := v.t.(Function); !ok {
			return c.misfit(v, te, what)
		}
		return v
	}
	return bad
}

// coerceWritten is coerce with the type as the user wrote it in the message.
func (c *checker) coerceWritten(v value, t Array, te ast.TypeExpr, what string) value {
	before := c.failed
	out := c.coerce(v, t, what)
	if c.failed > before {
		if d := c.lastReport(); d != nil && te.Pos().IsValid() && te.Pos().Source != nil {
			d.Labels = append(d.Labels, ast.Label{Span: te.Pos(), Text: "declared here"})
		}
	}
	return out
}

func (c *checker) misfitReport(v value, te ast.TypeExpr, what string) report {
	d := c.fail(v.span, ast.CodeTypeMismatch, "%s must be %s, and this is %s", what, te.Pos().Text(), c.show(v.t))
	if a, ok := v.t.(Array); ok && a.DType != ir.Text {
		if at, ok := te.(*ast.ArrayType); ok && (dtypes[at.DType] == 0 || widens(a.DType, dtypes[at.DType])) {
			d.Code = ast.CodeShapeMismatch
		}
	}
	d.Labels = append(d.Labels, ast.Label{Span: te.Pos(), Text: "declared here"})
	return d
}

func (c *checker) misfit(v value, te ast.TypeExpr, what string) value {
	return c.misfitReport(v, te, what).value()
}

func (c *checker) lastReport() *ast.Diagnostic {
	if len(c.diags) == 0 {
		return nil
	}
	return c.diags[len(c.diags)-1]
}
