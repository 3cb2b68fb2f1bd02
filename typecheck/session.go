package typecheck

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A Session tells the checker that a text was typed into a session, which shows
// the value of an expression and keeps those of names for the texts to come.
type Session struct {
	// Keep are the names, of those declared at top level, whose values at the end
	// become exports. Names that have no value are passed over.
	Keep []string
	// Made are lets of earlier texts. They are checked again for what is known of
	// their names, but not computed: the names are inputs.
	Made map[*ast.Let]bool
}

// SessionText begins the names of the texts of a session: "input 3".
const SessionText = "input "

// Shown is the name of the export that is the value of an expression.
const Shown = "expression"

// A Kept is what a session must know of a name, or of Shown.
type Kept struct {
	Name string
	Type string
	// Constant says that the checker knows the value itself.
	Constant bool
	// Data says that the value is made of numbers, arrays and text; functions can
	// only be declared again.
	Data bool
}

// madeLet checks a let that has been computed before.
func (c *checker) madeLet(s *ast.Let) {
	block := c.ctx.block
	before := len(block.stmts)
	c.let(s)
	block.stmts = block.stmts[:before]
	for _, id := range s.Names {
		b := c.ctx.file.names[id.Name]
		if b == nil || b.def == nil {
			continue
		}
		c.sizesOfInput(b.def.Type)
		c.program.Inputs = append(c.program.Inputs, &Input{Def: b.def, Span: id.Span})
	}
}

// sizesOfInput makes the sizes in a type, which no statement gives values now,
// sizes that the inputs tell.
func (c *checker) sizesOfInput(t Type) {
	if a, ok := t.(Array); ok {
		for _, d := range a.Dims {
			for atom := range d.Atoms {
				if c.atoms[atom].Kind == AtomOpaque && !slices.Contains(c.program.Sizes, atom) {
					c.program.Sizes = append(c.program.Sizes, atom)
				}
			}
		}
	}
	for _, part := range partTypes(t) {
		c.sizesOfInput(part)
	}
}

// shown makes an export of an expression that has a value.
func (c *checker) shown(v value) {
	if v.isBad() {
		return
	}
	if _, unit := v.t.(Unit); unit {
		c.unused(v)
		return
	}
	if v = c.strong(v); !v.isBad() {
		c.keep(Shown, v)
	}
}

// keepNames makes exports of the names that a session keeps.
func (c *checker) keepNames(names []string) {
	for _, name := range names {
		b := c.ctx.file.names[name]
		if b == nil || b.pending || b.fn == nil && b.t == nil || b.module != nil {
			continue
		}
		if b.fn != nil {
			c.keep(name, functionValue(b.fn, b.span))
			continue
		}
		c.keep(name, b.use(b.span))
	}
}

func (c *checker) keep(name string, v value) {
	kept := &Kept{Name: name, Type: c.keptType(v.t), Constant: v.isConstant(), Data: resultType(v.t)}
	c.program.Kept = append(c.program.Kept, kept)
	if _, static := v.t.(Static); static {
		return
	}
	def := &Def{Var: &Var{Name: name, Span: v.span}, Type: v.t}
	c.emit(&Define{def, again(v).x})
	c.program.Exports = append(c.program.Exports, &Export{name, def})
}

// keptType is a type as a session shows it: of what an operator of calculus
// gives, with the parameters.
func (c *checker) keptType(t Type) string {
	text := c.typeText(t)
	f, ok := t.(Function)
	if !ok || f.Value.derivation == nil || f.Value.derivation.open {
		return text
	}
	params := make([]string, len(f.Value.params))
	for i, p := range f.Value.params {
		params[i] = p.Name.Name
		if at, isArray := p.Type.(*ast.ArrayType); isArray && at.Span == p.Name.Span {
			params[i] += ": f64"
		} else if p.Type != nil {
			params[i] += ": " + p.Type.Pos().Text()
		}
		if p.Default != nil {
			params[i] += " = " + p.Default.Pos().Text()
		}
	}
	return text + ", of (" + strings.Join(params, ", ") + ")"
}

// isConstant reports whether the checker knows all of a value.
func (v value) isConstant() bool { return isConstant(v.t, v.info) }

func isConstant(t Type, known info) bool {
	switch t := t.(type) {
	case Static:
		return false
	case Array:
		if known.konst != nil {
			return true
		}
		if known.size != nil {
			_, ok := known.size.Const()
			return ok
		}
		return t.DType == ir.I64 && len(t.Dims) == 1 && len(known.elems) > 0 &&
			!slices.ContainsFunc(known.elems, func(d ir.Dim) bool { _, ok := d.Const(); return !ok })
	case Tuple, Record:
		parts := partTypes(t)
		if len(known.parts) != len(parts) || len(parts) == 0 {
			return false
		}
		for i, part := range parts {
			if !isConstant(part, known.parts[i]) {
				return false
			}
		}
		return true
	}
	return false
}
