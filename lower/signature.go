package lower

import (
	"slices"
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A signature is what a function takes and gives.
type signature struct {
	function *ir.Func
	// sizes are the atoms that the size parameters stand for: those that the
	// instance declares, those that the types of parameters and results are made
	// of directly, and those of the script that the body needs.
	sizes   []ir.Atom
	params  []*typecheck.Def
	globals []*typecheck.Def // Defs of the script, as parameters behind params
	results *layout
}

// declare makes the functions, without their bodies, of all units.
func (l *lowering) declare() {
	names := map[string]int{}
	for _, u := range l.order {
		if u.root {
			names[u.name]++
		}
	}
	for _, u := range l.order {
		if !u.root {
			u.name = uniqueName(names, u.name)
		}
	}
	for _, u := range l.order {
		if !u.ofRule {
			l.declareUnit(u)
			l.declareRule(u)
		}
	}
}

func uniqueName(names map[string]int, name string) string {
	if name == "" {
		name = "lambda"
	}
	unique := name
	for names[unique] > 0 {
		names[name]++
		unique = name + "." + strconv.Itoa(names[name])
	}
	names[unique]++
	return unique
}

func (l *lowering) declareUnit(u *unit) {
	var result []typecheck.Array
	if u.instance == nil {
		u.sizes = slices.Clone(l.program.Sizes)
		for _, input := range l.program.Inputs {
			u.params = append(u.params, input.Def)
		}
		for _, export := range l.program.Exports {
			result = appendParts(result, export.Def.Type)
		}
	} else {
		u.sizes = slices.Clone(u.instance.Sizes)
		u.params = u.instance.Params
		u.globals = l.hiddenGlobals(u)
		result = parts(u.instance.Result)
	}
	var given []typecheck.Array
	for _, def := range slices.Concat(u.params, u.globals) {
		given = appendParts(given, def.Type)
	}
	for _, a := range directAtoms(given) {
		u.addSize(a)
	}
	if u.instance != nil {
		for _, a := range u.hiddenAtoms() {
			u.addSize(a)
		}
		// Sizes that the caller can compute, so that both have one value for them.
		known := slices.Clone(u.sizes)
		for _, def := range u.params {
			if def.Atom != 0 {
				known = append(known, def.Atom)
			}
		}
		for _, a := range directAtoms(result) {
			if l.computable(a, known) {
				u.addSize(a)
			}
		}
	}
	l.declareFunction(u, result)
}

// declareFunction makes the function of u, whose sizes and parameters are known.
func (l *lowering) declareFunction(u *unit, result []typecheck.Array) {
	f := &ir.Func{Name: u.name, Body: &ir.Block{}, Recursive: u.recursive, Pos: u.span}
	u.function = f
	known := atomMap{}
	for _, a := range u.sizes {
		known[a] = f.AddSize(l.atomInfo(a).Name).Dim()
	}
	for _, def := range slices.Concat(u.params, u.globals) {
		names := partNames(def.Var.Name, def.Type)
		for i, part := range parts(def.Type) {
			f.AddParam(known.mustType(part), names[i])
		}
	}
	u.results = newLayout(result, known.has)
	var sizes []ir.Dim
	for j := range u.results.slots {
		sizes = append(sizes, ir.Sized(ir.ResultAtom(j)))
	}
	types := make([]ir.Type, len(result))
	for i := range result {
		types[i] = u.results.irType(i, known.dim, sizes)
	}
	f.Declare(len(sizes), types...)
}

func (u *unit) addSize(a ir.Atom) {
	if !slices.Contains(u.sizes, a) {
		u.sizes = append(u.sizes, a)
	}
}

// directAtoms are the atoms that stand in types themselves, in order of first
// appearance.
func directAtoms(types []typecheck.Array) []ir.Atom {
	var list []ir.Atom
	seen := map[ir.Atom]bool{}
	for _, t := range types {
		for _, d := range t.Dims {
			for a := range d.Atoms {
				if !seen[a] {
					seen[a] = true
					list = append(list, a)
				}
			}
		}
	}
	return list
}

// computable reports whether a is made of known atoms.
func (l *lowering) computable(a ir.Atom, known []ir.Atom) bool {
	ok := true
	l.leaves(ir.Sized(a), func(leaf ir.Atom) { ok = ok && slices.Contains(known, leaf) })
	return ok
}

// An atomMap tells which size of a function an atom is.
type atomMap map[ir.Atom]ir.Dim

func (m atomMap) has(a ir.Atom) bool {
	_, ok := m[a]
	return ok
}

func (m atomMap) dim(d ir.Dim) ir.Dim {
	result, ok := d.Subst(func(a ir.Atom) ir.Dim { return m[a] })
	if !ok {
		panic(bugf("the size %s can't be renamed", d.Key()))
	}
	return result
}

func (m atomMap) mustType(t typecheck.Array) ir.Type {
	dims := make([]ir.Dim, len(t.Dims))
	for i, d := range t.Dims {
		dims[i] = m.dim(d)
	}
	return ir.ArrayOf(t.DType, dims...)
}

func sourceSpan(p *typecheck.Program) ast.Span {
	if p.Source == nil {
		return ast.Span{}
	}
	return ast.Span{Source: p.Source}
}
