package calx

import (
	"fmt"
	"maps"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A binding is the values that a run is given, checked against the types of the
// inputs and against each other.
type binding struct {
	program *Program
	sizes   *solver
	axes    []axis
	parts   map[*typecheck.Def][]runtime.Value // of the inputs, converted, flat
}

// evaluate calls a function of the module.
type evaluate func(name string, args []runtime.Value, sizes []int64) ([]runtime.Value, error)

// bind checks the values given, and computes defaults for those that are not.
func (p *Program) bind(given map[string]runtime.Value, call evaluate) (*binding, error) {
	b := &binding{program: p, sizes: newSolver(p.checked), parts: map[*typecheck.Def][]runtime.Value{}}
	mistakes := p.unknownInputs(given)
	for _, in := range p.inputs {
		if v := given[in.Name]; v != nil {
			mistakes = append(mistakes, b.add(in, v)...)
		} else if !in.Optional {
			mistakes = append(mistakes, missing(in))
		}
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	for _, in := range p.inputs {
		if err := b.defaultOf(in, call); err != nil {
			return nil, err
		}
	}
	if mistake := b.sizes.discover(b.axes); mistake != nil {
		return nil, ast.Diagnostics{mistake}
	}
	if mistakes := b.sizes.compare(b.axes); len(mistakes) > 0 {
		return nil, mistakes
	}
	return b, nil
}

// own makes the values no longer share elements with those that were given.
func (b *binding) own() {
	for _, parts := range b.parts {
		for i, part := range parts {
			if a, ok := part.(*runtime.Array); ok {
				parts[i] = a.Clone().Canonical()
			}
		}
	}
}

// further is a binding for the arguments of a function that reads these inputs.
func (b *binding) further() *binding {
	sizes := newSolver(b.program.checked)
	maps.Copy(sizes.values, b.sizes.values)
	maps.Copy(sizes.origin, b.sizes.origin)
	return &binding{program: b.program, sizes: sizes, parts: maps.Clone(b.parts)}
}

// add takes a value for an input.
func (b *binding) add(in *input, v runtime.Value) ast.Diagnostics {
	f := &fitter{input: in, given: describe(v)}
	f.fit(in.Name, v, in.typed.Def.Type)
	if f.mistake != nil {
		return ast.Diagnostics{f.mistake}
	}
	b.parts[in.typed.Def] = f.parts
	b.axes = append(b.axes, f.axes...)
	if a := in.typed.Def.Atom; a != 0 {
		b.sizes.know(a, f.parts[0].(*runtime.Array).I64()[0], in.label())
	}
	return nil
}

// defaultOf computes the default of an input that was not given, from the inputs
// above it and the sizes that are known by then.
func (b *binding) defaultOf(in *input, call evaluate) error {
	if _, given := b.parts[in.typed.Def]; given {
		return nil
	}
	if mistake := b.sizes.discover(b.axes); mistake != nil {
		return ast.Diagnostics{mistake}
	}
	name := lower.DefaultPrefix + in.Name
	entry := b.program.entries[name]
	sizes, args, unknown := b.argumentsOf(entry)
	if unknown != "" {
		d := missing(in)
		d.Notes = []string{fmt.Sprintf("its default needs %s, which the inputs given do not tell", unknown)}
		return ast.Diagnostics{d}
	}
	results, err := call(name, args, sizes)
	if err != nil {
		return err
	}
	results = results[entry.Func.SizeResults:]
	if mistakes := b.add(in, rebuild(in.typed.Default.Result, &results)); mistakes != nil {
		return mistakes
	}
	return nil
}

// argumentsOf are the sizes and the parts of inputs that a function takes; if
// one is not known, unknown is its name.
func (b *binding) argumentsOf(entry lower.Entry) (sizes []int64, parts []runtime.Value, unknown string) {
	for _, a := range entry.Sizes {
		n, ok := b.sizes.value(a)
		if !ok {
			return nil, nil, "the size " + b.sizes.name(a)
		}
		sizes = append(sizes, n)
	}
	for _, def := range entry.Params {
		found, ok := b.parts[def]
		if !ok {
			return nil, nil, def.Var.Name
		}
		parts = append(parts, found...)
	}
	return sizes, parts, ""
}
