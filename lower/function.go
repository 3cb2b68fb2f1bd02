package lower

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A function is the work on the body of one unit.
type function struct {
	*lowering
	unit *unit
	b    *ir.Builder

	defs  map[*typecheck.Def][]*ir.Value
	env   map[*typecheck.Var]*binding // what each Var is now
	atoms map[ir.Atom]ir.Dim          // what each atom is, in this block and those around it
	masks map[*ir.Value][2]*ir.Value  // results of Nonzero

	// result stands for the value of the function where a return in a loop, or
	// on one of two paths, has given it.
	result *typecheck.Var
	// wants are the parts of the flow at the end of the present block that
	// something behind it asks for.
	wants wanted
	loops int                         // around the present block
	names map[*typecheck.Var][]string // of the parts of a Var

	// What has been done since a block was entered, to be undone at its end.
	envTrail  []envChange
	atomTrail []atomChange
	maskTrail []*ir.Value
}

type envChange struct {
	v   *typecheck.Var
	was *binding
}

type atomChange struct {
	a     ir.Atom
	was   ir.Dim
	known bool
}

// define gives u.function its body.
func (l *lowering) define(u *unit) {
	f := &function{
		lowering: l,
		unit:     u,
		b:        ir.NewBuilder(u.function, u.function.Body),
		defs:     map[*typecheck.Def][]*ir.Value{},
		env:      map[*typecheck.Var]*binding{},
		atoms:    map[ir.Atom]ir.Dim{},
		masks:    map[*ir.Value][2]*ir.Value{},
		result:   &typecheck.Var{},
		names:    map[*typecheck.Var][]string{},
	}
	f.setPos(u.span)
	for i, a := range u.sizes {
		f.bindAtom(a, u.function.Sizes[i].Dim())
	}
	params := u.function.Params
	for _, def := range slices.Concat(u.params, u.globals) {
		n := countParts(def.Type)
		f.define(def, binding{parts(def.Type), params[:n:n]})
		params = params[n:]
	}
	values := f.body()
	for _, t := range u.zeros {
		values = append(values, f.zeros(ir.ArrayOf(t.DType, f.dims(t.Dims)...)))
	}
	f.b.Block.Yield = f.pack(u.results, values)
}

// body lowers the statements and gives the results.
func (f *function) body() []*ir.Value {
	u := f.unit
	steps, tail := f.steps(u.body), u.body.Value
	if u.instance == nil {
		f.sequence(steps, nil)
		var values []*ir.Value
		for _, export := range f.program.Exports {
			values = append(values, f.read(export.Def)...)
		}
		return values
	}
	if f.facts.exits[u.body] == 0 {
		if value, _ := f.sequence(steps, tail); value != nil {
			return value.values
		}
		return make([]*ir.Value, len(u.results.types)-len(u.zeros)) // it does not end
	}
	if tail != nil && countParts(u.instance.Result) > 0 {
		steps, tail = append(steps, step{stmt: f.returning(tail)}), nil
	}
	f.sequence(steps, tail)
	if result := f.env[f.result]; result != nil {
		return result.values
	}
	return make([]*ir.Value, len(u.results.types)-len(u.zeros)) // it does not end without an error
}

// returning is the statement that returns x.
func (f *function) returning(x typecheck.Expr) typecheck.Stmt {
	stmt := &typecheck.Return{X: x}
	f.facts.exits[stmt] = f.facts.exits[x] | returns
	return stmt
}

// setPos moves to a place, if it has one, and gives the one before.
func (f *function) setPos(span ast.Span) ast.Span {
	was := f.b.Pos
	if span.IsValid() {
		f.b.Pos, f.at = span, span
	}
	return was
}

// restorePos goes back to a place that setPos has left.
func (f *function) restorePos(was ast.Span) { f.b.Pos, f.at = was, was }

// assign makes b what v is from now on.
func (f *function) assign(v *typecheck.Var, b *binding) {
	f.envTrail = append(f.envTrail, envChange{v, f.env[v]})
	f.env[v] = b
}

// define gives def, and its Var, a value.
func (f *function) define(def *typecheck.Def, b binding) {
	values := f.settle(b.values, def.Type)
	types := parts(def.Type)
	if def.Atom != 0 && !f.hasAtom(def.Atom) {
		f.bindAtom(def.Atom, ir.DimOf(values[0]))
	}
	f.defs[def] = values
	f.assign(def.Var, &binding{types, values})
	names := partNames(def.Var.Name, def.Type)
	f.names[def.Var] = names
	for i, v := range values {
		if v.Name == "" && v.Def != nil && v.Def.Code != ir.Const && v.Def.Code != ir.SizeOp {
			v.Name = names[i]
		}
	}
}

// partName is the name of part k of v.
func (f *function) partName(v *typecheck.Var, k int) string {
	if names := f.names[v]; k < len(names) {
		return names[k]
	}
	return ""
}

// read is the value of def.
func (f *function) read(def *typecheck.Def) []*ir.Value {
	if values, ok := f.defs[def]; ok {
		return values
	}
	if c := f.constants[def]; c != nil {
		return []*ir.Value{f.b.Const(c.T.DType, c.Value)}
	}
	if countParts(def.Type) == 0 {
		return nil
	}
	panic(bugf("%s has no value in %s", def.Var.Name, f.unit.name))
}

// An arm is a block that has been lowered, with what it has changed.
type arm struct {
	b       *ir.Builder
	value   *binding // nil if it has none
	flow    flow
	changed []*typecheck.Var // those that were there before
	after   map[*typecheck.Var]*binding
}

// inside lowers into a new block. Names, sizes and masks found in it end with
// it; what it has assigned is in the arm.
func (f *function) inside(b *ir.Builder, lower func() (*binding, flow)) *arm {
	outer, envStart, atomStart, maskStart := f.b, len(f.envTrail), len(f.atomTrail), len(f.maskTrail)
	b.Pos = outer.Pos
	f.b = b
	a := &arm{b: b, after: map[*typecheck.Var]*binding{}}
	a.value, a.flow = lower()
	for _, change := range f.envTrail[envStart:] {
		if _, seen := a.after[change.v]; !seen && (change.was != nil || change.v == f.result) {
			a.changed = append(a.changed, change.v)
			a.after[change.v] = f.env[change.v]
		}
	}
	for i := len(f.envTrail) - 1; i >= envStart; i-- {
		if change := f.envTrail[i]; change.was == nil {
			delete(f.env, change.v)
		} else {
			f.env[change.v] = change.was
		}
	}
	f.envTrail = f.envTrail[:envStart]
	f.forgetAtoms(atomStart)
	for _, mask := range f.maskTrail[maskStart:] {
		delete(f.masks, mask)
	}
	f.maskTrail = f.maskTrail[:maskStart]
	f.b = outer
	return a
}

// using emits with another Builder.
func (f *function) using(b *ir.Builder, emit func()) {
	outer := f.b
	b.Pos = outer.Pos
	f.b = b
	emit()
	f.b = outer
}
