package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// What an instance gives, as its caller sees it.

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
	if known.elems != nil {
		out.elems = []ir.Dim{}
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

// called is the value of a call.
func (c *checker) called(node *Call, inst *instantiation, sizes map[ir.Atom]ir.Dim) value {
	known := c.translateInfo(inst.known, inst.Instance, sizes)
	if !pureExprs(node.Args) {
		known = withoutConstant(known)
	}
	return value{t: node.T, x: node, info: known, span: node.Span}
}
