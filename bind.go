package calx

import (
	"fmt"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
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
	parts   map[*input][]runtime.Value // converted, flat
}

// evaluate calls a function of the module.
type evaluate func(name string, args []runtime.Value, sizes []int64) ([]runtime.Value, error)

// bind checks the values given, and computes defaults for those that are not.
func (p *Program) bind(given map[string]runtime.Value, call evaluate) (*binding, error) {
	b := &binding{program: p, sizes: newSolver(p.checked), parts: map[*input][]runtime.Value{}}
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

// add takes a value for an input.
func (b *binding) add(in *input, v runtime.Value) ast.Diagnostics {
	f := &fitter{input: in, given: describe(v)}
	f.fit(in.Name, v, in.typed.Def.Type)
	if f.mistake != nil {
		return ast.Diagnostics{f.mistake}
	}
	b.parts[in] = f.parts
	b.axes = append(b.axes, f.axes...)
	if a := in.typed.Def.Atom; a != 0 {
		b.sizes.know(a, f.parts[0].(*runtime.Array).I64()[0], in.Name)
	}
	return nil
}

// defaultOf computes the default of an input that was not given. Its function
// takes what it uses of the inputs above and of the sizes known by then, under
// their names.
func (b *binding) defaultOf(in *input, call evaluate) error {
	if _, given := b.parts[in]; given {
		return nil
	}
	if mistake := b.sizes.discover(b.axes); mistake != nil {
		return ast.Diagnostics{mistake}
	}
	name := lower.DefaultPrefix + in.Name
	f := b.program.function(name)
	if f == nil {
		return fmt.Errorf("a bug in the compiler: the module has no function %s", name)
	}
	var sizes []int64
	for _, size := range f.Sizes {
		n, ok := b.sizeNamed(size.Name)
		if !ok {
			return needs(in, "the size "+size.Name)
		}
		sizes = append(sizes, n)
	}
	parts := b.partsByName()
	var args []runtime.Value
	for _, param := range f.Params {
		v := parts[param.Name]
		if v == nil {
			return needs(in, param.Name)
		}
		args = append(args, v)
	}
	results, err := call(name, args, sizes)
	if err != nil {
		return err
	}
	results = results[f.SizeResults:]
	if mistakes := b.add(in, rebuild(in.typed.Default.Result, &results)); mistakes != nil {
		return mistakes
	}
	return nil
}

// needs is the mistake of a default that uses what is not known before the
// program runs.
func needs(in *input, what string) error {
	d := missing(in)
	d.Notes = []string{fmt.Sprintf("its default needs %s, which is not known from the inputs given before it", what)}
	return ast.Diagnostics{d}
}

func (p *Program) function(name string) *ir.Func {
	for _, f := range p.module.Funcs {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// sizeNamed is the value of the dimension variable of this name.
func (b *binding) sizeNamed(name string) (int64, bool) {
	for a, value := range b.sizes.values {
		if name != "" && b.program.checked.Atoms[a].Name == name {
			return value, true
		}
	}
	return 0, false
}

// partsByName are the parts of the inputs known so far, under the names that
// functions give their parameters. Names that two parts share are left out.
func (b *binding) partsByName() map[string]runtime.Value {
	parts, seen := map[string]runtime.Value{}, map[string]int{}
	for _, in := range b.program.inputs {
		for i, v := range b.parts[in] {
			name := partName(in.Name, in.typed.Def.Type, &i)
			parts[name] = v
			seen[name]++
		}
	}
	for name, times := range seen {
		if times > 1 {
			delete(parts, name)
		}
	}
	return parts
}

// partName is the name of part i of a value of type t: "x", "x_0", "x_field".
func partName(name string, t typecheck.Type, i *int) string {
	var names []string
	var elems []typecheck.Type
	switch t := t.(type) {
	case typecheck.Tuple:
		elems = t.Elems
		for k := range elems {
			names = append(names, fmt.Sprint(k))
		}
	case typecheck.Record:
		names, elems = t.Names, t.Types
	default:
		*i--
		return name
	}
	for k, elem := range elems {
		if found := partName(name+"_"+names[k], elem, i); *i < 0 {
			return found
		}
	}
	return ""
}

// arguments are the parts of all inputs, as Main takes them.
func (b *binding) arguments() []runtime.Value {
	var parts []runtime.Value
	for _, in := range b.program.inputs {
		parts = append(parts, b.parts[in]...)
	}
	return parts
}

// mainSizes are the values of the sizes that Main takes: the dimension
// variables, then what else the types of the inputs are made of, in order.
func (b *binding) mainSizes() []int64 {
	var sizes []int64
	seen := map[ir.Atom]bool{}
	add := func(a ir.Atom) bool {
		if !seen[a] {
			seen[a] = true
			value, _ := b.sizes.value(a)
			sizes = append(sizes, value)
		}
		return true
	}
	for _, a := range b.program.checked.Sizes {
		add(a)
	}
	for _, in := range b.program.inputs {
		eachDim(in.typed.Def.Type, func(d ir.Dim) { d.Atoms(add) })
	}
	return sizes
}

func eachDim(t typecheck.Type, f func(ir.Dim)) {
	switch t := t.(type) {
	case typecheck.Array:
		for _, d := range t.Dims {
			f(d)
		}
	case typecheck.Tuple:
		for _, elem := range t.Elems {
			eachDim(elem, f)
		}
	case typecheck.Record:
		for _, field := range t.Types {
			eachDim(field, f)
		}
	}
}
