package calx

import (
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A solver finds the values of the dimension variables of the inputs from the
// shapes that were given, and holds all shapes against them.
type solver struct {
	program *typecheck.Program
	values  map[ir.Atom]int64
	origin  map[ir.Atom]string // what an atom was found from: "input x"
}

// An axis is one size that was given for one that is wanted.
type axis struct {
	input *input
	want  ir.Dim
	size  int64
	given string // the type of the value it is an axis of
	part  string // the name of that value: "x", "model.weights"
}

func newSolver(p *typecheck.Program) *solver {
	return &solver{program: p, values: map[ir.Atom]int64{}, origin: map[ir.Atom]string{}}
}

// name is how an error calls an atom.
func (s *solver) name(a ir.Atom) string { return s.program.SizeText(ir.Sized(a)) }

// know gives an atom the value of an input that is a size.
func (s *solver) know(a ir.Atom, value int64, from string) {
	s.values[a], s.origin[a] = value, from
}

// discover goes over the axes until no more variable can be found.
func (s *solver) discover(axes []axis) *ast.Diagnostic {
	for found := true; found; {
		found = false
		for _, ax := range axes {
			ok, mistake := s.find(ax)
			if mistake != nil {
				return mistake
			}
			found = found || ok
		}
	}
	return nil
}

// compare reports the axes whose sizes are not what they should be.
func (s *solver) compare(axes []axis) (mistakes ast.Diagnostics) {
	for _, ax := range axes {
		if size, ok := s.eval(ax.want); !ok || size != ax.size {
			mistakes = append(mistakes, s.mismatch(ax, size))
		}
	}
	return mistakes
}

// find gives a value to the only unknown of an axis, if it has but one.
func (s *solver) find(ax axis) (found bool, mistake *ast.Diagnostic) {
	d, ok := ax.want.Subst(func(a ir.Atom) ir.Dim {
		if v, ok := s.value(a); ok {
			return ir.Size(v)
		}
		return ir.Sized(a)
	})
	coef, a, c, linear := d.Linear()
	if !ok || !linear || s.program.Atoms[a].Kind != typecheck.AtomOpaque {
		return false, nil
	}
	rest := ax.size - c
	value := rest / coef
	if rest%coef != 0 || value < 0 {
		d := s.mistake(ax)
		d.Notes = append(d.Notes, fmt.Sprintf("no size %s makes %s equal to %d", s.name(a), s.program.SizeText(ax.want), ax.size))
		return false, d
	}
	s.values[a], s.origin[a] = value, ax.input.role+ax.part
	return true, nil
}

// value is what is known of an atom, derived sizes by their operands.
func (s *solver) value(a ir.Atom) (int64, bool) {
	if v, ok := s.values[a]; ok {
		return v, true
	}
	info := s.program.Atoms[a]
	if info.Kind == typecheck.AtomWhole {
		return s.eval(info.A)
	}
	kinds := map[typecheck.AtomKind]ir.SizeKind{
		typecheck.AtomDiv: ir.SizeDiv, typecheck.AtomMod: ir.SizeMod,
		typecheck.AtomMin: ir.SizeMin, typecheck.AtomMax: ir.SizeMax,
	}
	kind, derived := kinds[info.Kind]
	if !derived {
		return 0, false
	}
	x, okX := s.eval(info.A)
	y, okY := s.eval(info.B)
	if !okX || !okY {
		return 0, false
	}
	v := ir.SizeAttr{Kind: kind, A: ir.Size(x), B: ir.Size(y)}.Eval(nil)
	s.values[a] = v
	return v, v != ir.Unrepresentable
}

// eval is the value of a Dim whose atoms are known.
func (s *solver) eval(d ir.Dim) (int64, bool) {
	known := true
	n, fits := d.Eval(func(a ir.Atom) int64 {
		v, ok := s.value(a)
		known = known && ok
		return v
	})
	return n, known && fits
}

func (s *solver) mistake(ax axis) *ast.Diagnostic {
	return &ast.Diagnostic{
		Code: ast.CodeShapeMismatch, Span: ax.input.place,
		Message: fmt.Sprintf("%s must be %s, and the value given is %s", ax.input.label(), ax.input.Type, ax.given),
	}
}

// mismatch says what an axis should have been and why.
func (s *solver) mismatch(ax axis, size int64) *ast.Diagnostic {
	d := s.mistake(ax)
	if ax.part != ax.input.Name {
		d.Message = fmt.Sprintf("%s must be %s, and its part %s is %s", ax.input.label(), ax.input.Type, ax.part, ax.given)
	}
	var seen []ir.Atom
	for a := range ax.want.Atoms {
		v, ok := s.value(a)
		if from := s.origin[a]; ok && from != "" && !slices.Contains(seen, a) {
			seen = append(seen, a)
			d.Notes = append(d.Notes, fmt.Sprintf("%s is %d, from %s", s.name(a), v, from))
		}
	}
	if _, constant := ax.want.Const(); !constant {
		d.Notes = append(d.Notes, fmt.Sprintf("%s is therefore %d, not %d", s.program.SizeText(ax.want), size, ax.size))
	}
	return d
}
