package typecheck

import (
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
)

// The operators of calculus take a function and give a function. This file makes
// those functions; calculus_call.go calls them, and what they compute is in
// calculus_product.go and calculus_jacobian.go.

// A derivative is an operator of calculus.
type derivative struct {
	name  string
	seeds seedKind
	seed  string // the name of the seed, if that follows from no parameter
	// An operator may be outer, applied to what inner gives.
	outer, inner *derivative
	mode         string // of outer, if that is a Jacobian
}

// seedKind says what a derived function takes behind the parameters of f.
type seedKind uint8

const (
	seedNone      seedKind = iota
	seedTangent            // one for each chosen parameter
	seedCotangent          // one, of the type of the result
)

// A derivation says what a derived function is made of: it takes f, then f's
// arguments, then seeds.
type derivation struct {
	derivative *derivative
	value      bool // gives the value of f too
	of         *FuncValue
	signature  *ast.FuncType // what is written of f, nil if nothing
	chosen     []int         // parameters of f
	wrt        []int         // the arguments for them
	tuple      bool          // they were given as a tuple
	mode       string        // of a Jacobian; empty if it is to be chosen
	order      int           // of the last Taylor coefficient
	// open says that the arguments decide the parameters, as for builtins; pass
	// then says how each is passed to f: by position (empty) or by name.
	open bool
	pass []string
}

// derivedKey tells derived functions apart.
type derivedKey struct {
	name      string
	value     bool
	of        *FuncValue
	signature *ast.FuncType
	mode      string
	order     int
	choice    string // wrt, tuple and pass as text
}

func (d *derivation) key() derivedKey {
	return derivedKey{d.derivative.name, d.value, d.of, d.signature, d.mode, d.order, choiceText(d.wrt, d.tuple) + " " + passText(d.pass)}
}

func passText(pass []string) string {
	if pass == nil {
		return "open"
	}
	return strconv.Itoa(len(pass)) + " " + strings.Join(pass, ",")
}

func choiceText(wrt []int, tuple bool) string {
	parts := make([]string, len(wrt))
	for i, w := range wrt {
		parts[i] = strconv.Itoa(w)
	}
	text := strings.Join(parts, ",")
	if tuple {
		return "(" + text + ")"
	}
	return text
}

// derive is the function that an operator makes of f.
func (c *checker) derive(d derivation, f value, span ast.Span) value {
	d.of, d.signature = f.t.(Function).Value, f.signature
	d.wrt, d.pass, d.open = d.chosen, nil, isOpen(d.of)
	fn := c.derivedFunction(d)
	t := Function{Value: fn, Captures: []Type{f.t}}
	return value{t: t, x: &MakeTuple{Elems: []Expr{f.x}, T: t}, span: span}
}

// isOpen reports whether the arguments of a call decide the parameters of f.
func isOpen(f *FuncValue) bool {
	return f.builtin != nil || f.derivation != nil && f.derivation.open
}

func (c *checker) derivedFunction(d derivation) *FuncValue {
	key := d.key()
	if f := c.derived[key]; f != nil {
		return f
	}
	f := c.newFunc(d.text())
	f.span, f.doc, f.file, f.statics = d.of.span, d.of.doc, d.of.file, d.of.statics
	if f.file == nil {
		f.file = c.ctx.file
	}
	f.captured = []capturedName{{name: "f"}}
	if d.derivative == captureOf {
		f.captured = append(f.captured, capturedName{name: "changes"})
	}
	f.derivation = &d
	if !d.open {
		f.params = d.parameters()
	}
	f.native = func(c *checker, args []value, span ast.Span) value { return c.derivedAt(&d, args, span) }
	c.derived[key] = f
	return f
}

// text is how a user writes the derived function: "grad(f)".
func (d *derivation) text() string {
	name := d.of.Name
	if name == "" {
		name = "lambda"
	}
	if d.derivative == primeOf {
		return name + "'"
	}
	text := d.operatorName() + "(" + name
	if d.tuple || len(d.chosen) > 0 && d.chosen[0] != 0 {
		names := parameterNamesOf(d.of)
		parts := make([]string, len(d.chosen))
		for i, w := range d.chosen {
			parts[i] = strconv.Itoa(w)
			if w < len(names) {
				parts[i] = names[w]
			}
		}
		text += ", wrt=" + tupleText(parts, d.tuple)
	}
	return text + ")"
}

func tupleText(parts []string, tuple bool) string {
	switch {
	case !tuple:
		return parts[0]
	case len(parts) == 1:
		return "(" + parts[0] + ",)"
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func (d *derivation) operatorName() string {
	if d.value {
		return "value_and_" + d.derivative.name
	}
	return d.derivative.name
}

// parameterNamesOf are the names by which wrt knows the parameters of f.
func parameterNamesOf(f *FuncValue) []string {
	var names []string
	switch {
	case f.abstract != nil:
		for i := range f.abstract.Params {
			names = append(names, strconv.Itoa(i+1))
		}
	case f.builtin != nil:
		names = parameterNames(f.builtin.parameters())
	case f.derivation != nil && f.derivation.open:
		names = parameterNamesOf(f.derivation.of)
	default:
		for _, p := range f.params {
			names = append(names, p.Name.Name)
		}
	}
	return names
}

// parameters are those of f with their annotations and defaults, and a seed for
// each choice.
func (d *derivation) parameters() []*ast.Param {
	params := d.primals()
	if d.derivative == primeOf {
		for _, w := range d.wrt {
			p := *params[w]
			p.Type = &ast.ArrayType{Span: p.Name.Span, DType: "num"}
			params[w] = &p
		}
	}
	taken := map[string]bool{}
	for _, p := range params {
		taken[p.Name.Name] = true
	}
	for _, seed := range d.seedNames() {
		p := &ast.Param{Name: ast.Ident{Name: seed.name, Span: d.of.span}}
		for taken[p.Name.Name] {
			p.Name.Name += "_"
		}
		taken[p.Name.Name] = true
		if seed.of >= 0 {
			if te := params[seed.of].Type; te != nil && plainType(te) {
				p.Type = te
			}
		}
		params = append(params, p)
	}
	return params
}

// primals are the parameters of f.
func (d *derivation) primals() []*ast.Param {
	var params []*ast.Param
	if d.pass != nil {
		names := parameterNamesOf(d.of)
		for i, name := range d.pass {
			if name == "" && i < len(names) {
				name = names[i]
			} else if name == "" {
				name = "x" + strconv.Itoa(i+1)
			}
			params = append(params, &ast.Param{Name: ast.Ident{Name: name, Span: d.of.span}})
		}
		return params
	}
	params = slices.Clone(d.of.params)
	written := d.of.abstract
	if written == nil && d.signature != nil && len(d.signature.Params) == len(params) {
		written = d.signature
	}
	if written == nil {
		return params
	}
	for i, te := range written.Params {
		p := &ast.Param{Name: ast.Ident{Name: strconv.Itoa(i + 1), Span: d.of.span}}
		if i < len(params) {
			*p = *params[i]
		} else {
			params = append(params, nil)
		}
		if p.Type == nil {
			p.Type = te
		}
		params[i] = p
	}
	return params
}

// A seedName is the name of a tangent or cotangent; of is the parameter whose
// type it has, -1 if it is that of the result.
type seedName struct {
	name string
	of   int
}

func (d *derivation) seedNames() []seedName {
	switch d.derivative.seeds {
	case seedCotangent:
		return []seedName{{d.derivative.seed, -1}}
	case seedTangent:
		primals := d.primals()
		names := make([]seedName, len(d.wrt))
		for i, w := range d.wrt {
			names[i] = seedName{"d" + primals[w].Name.Name, w}
			if d.derivative.seed != "" && len(d.wrt) == 1 {
				names[i].name = d.derivative.seed
			}
		}
		return names
	}
	return nil
}

func (d *derivation) countSeeds() int {
	switch d.derivative.seeds {
	case seedCotangent:
		return 1
	case seedTangent:
		return len(d.wrt)
	}
	return 0
}
