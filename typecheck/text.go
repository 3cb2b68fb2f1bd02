package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ir"
)

// Types and sizes as the language writes them.

// TypeText writes a type of the program.
func (p *Program) TypeText(t Type) string { return atomTable(p.Atoms).typeText(t) }

// SizeText writes a size of the program.
func (p *Program) SizeText(d ir.Dim) string { return atomTable(p.Atoms).dimText(d) }

// An atomTable knows the names of atoms.
type atomTable []AtomInfo

func (atoms atomTable) typeText(t Type) string {
	switch t := t.(type) {
	case Array:
		if t.DType == ir.Text {
			return "str"
		}
		if len(t.Dims) == 0 {
			return t.DType.String()
		}
		return t.DType.String() + atoms.dimsText(t.Dims)
	case Tuple:
		parts := make([]string, len(t.Elems))
		for i, e := range t.Elems {
			parts[i] = atoms.typeText(e)
		}
		if len(parts) == 1 {
			return "(" + parts[0] + ",)"
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case Record:
		parts := make([]string, len(t.Names))
		for i, name := range t.Names {
			parts[i] = name + ": " + atoms.typeText(t.Types[i])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case Function:
		if t.Value.Name != "" {
			return "the function " + t.Value.Name
		}
		return "a function"
	case Unit:
		return "no value"
	case Static:
		return t.Name
	}
	return "?"
}

func (atoms atomTable) dimsText(dims []ir.Dim) string {
	parts := make([]string, len(dims))
	for i, d := range dims {
		parts[i] = atoms.dimText(d)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (atoms atomTable) dimText(d ir.Dim) string { return d.Format(atoms.name) }

func (atoms atomTable) name(a ir.Atom) string {
	info := &atoms[a]
	part := func(d ir.Dim) string {
		if _, alone := d.Atom(); alone {
			return atoms.dimText(d)
		}
		if _, number := d.Const(); number {
			return atoms.dimText(d)
		}
		return "(" + atoms.dimText(d) + ")"
	}
	switch info.Kind {
	case AtomDiv:
		return "(" + part(info.A) + " // " + part(info.B) + ")"
	case AtomMod:
		return "(" + part(info.A) + " % " + part(info.B) + ")"
	case AtomMin:
		return "min(" + atoms.dimText(info.A) + ", " + atoms.dimText(info.B) + ")"
	case AtomWhole:
		return part(info.A)
	case AtomMax:
		return "max(" + atoms.dimText(info.A) + ", " + atoms.dimText(info.B) + ")"
	}
	if info.Name == "" {
		return "_"
	}
	return info.Name
}
