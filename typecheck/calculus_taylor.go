package typecheck

import (
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Taylor coefficients of a function along a direction.

// taylorOf takes a direction for each chosen parameter; alongOnes is the same for
// calls that give none.
var (
	taylorOf  = &derivative{name: "taylor", seeds: seedTangent, seed: "v"}
	alongOnes = &derivative{name: "taylor"}
)

func taylorBuiltin() *builtin {
	return &builtin{
		name: "taylor", signature: "f, order, *, wrt=0", elaborate: taylor,
		doc:     "the Taylor coefficients 0 … order of t -> f(x + t * v) at 0, on a new last axis: f at x, its derivative in the direction v, half of the second one, …; order is constant, at most 20; v is all ones when absent",
		example: "taylor(exp, order=4)(0.0)",
	}
}

func taylor(k *call) value {
	f, d, ok := k.derivation(taylorOf)
	if !ok {
		return bad
	}
	o := k.args["order"]
	order, ok := k.integer("order", o.value)
	if !ok {
		return bad
	}
	if order < 0 || order > ir.MaxOrder {
		return k.fail(o.span, ast.CodeArguments, "the order of taylor is 0 to %d, not %d", ir.MaxOrder, order).value()
	}
	d.order = int(order)
	return k.derive(d, f, k.span)
}

// directed is fv, or if it is of taylor and is called without a direction, the
// function that takes none.
func (c *checker) directed(fv value, args []argument) value {
	f := fv.t.(Function).Value
	d := *f.derivation
	if d.derivative != taylorOf || !lacksDirection(f, args) {
		return fv
	}
	d.derivative, d.mode = alongOnes, "ones"
	fv.t = Function{Value: c.derivedFunction(d), Captures: fv.t.(Function).Captures}
	if m, ok := fv.x.(*MakeTuple); ok {
		fv.x = &MakeTuple{Elems: m.Elems, T: fv.t}
	}
	return fv
}

// lacksDirection reports whether a call of f, which takes directions behind the
// arguments of another function, has too few arguments for them.
func lacksDirection(f *FuncValue, args []argument) bool {
	d := f.derivation
	seeds := d.openSeedNames()
	required := 0
	if d.open {
		required = leastArguments(d.of)
	} else {
		seeds = nil
		n := len(f.params) - d.countSeeds()
		for _, p := range f.params[n:] {
			seeds = append(seeds, p.Name.Name)
		}
		for _, p := range f.params[:n] {
			byName := slices.ContainsFunc(args, func(a argument) bool { return a.name.Name == p.Name.Name })
			if p.Default == nil || byName {
				required++
			}
		}
	}
	for _, a := range args {
		if slices.Contains(seeds, a.name.Name) {
			return false
		}
	}
	return len(args) < required+d.countSeeds()
}

// leastArguments is how many arguments a function wants at least whose parameters
// its arguments decide.
func leastArguments(f *FuncValue) int {
	if f.derivation != nil {
		return leastArguments(f.derivation.of) + f.derivation.countSeeds()
	}
	if f.builtin == nil {
		return len(parameterNamesOf(f))
	}
	n := 0
	for _, p := range f.builtin.parameters() {
		if !p.optional {
			n++
		}
	}
	return n
}

// taylor is f with its coefficients on a new last axis.
func (d *derived) taylor() value {
	node := d.primal()
	if node == nil {
		return bad
	}
	at := d.offsets()
	all := make([]seed, at[len(at)-1])
	for i, w := range d.wrt {
		direction, ok := d.direction(i, w)
		if !ok {
			return bad
		}
		copy(all[at[w]:], dense(direction))
	}
	leaves := leavesOf(node.T)
	x := &Derive{Code: ir.Taylor, Order: d.order, Callee: node.Callee, Sizes: node.Sizes, Args: node.Args, Span: d.span}
	x.T.Elems = []Type{node.T}
	for _, a := range leaves {
		for range d.order {
			x.T.Elems = append(x.T.Elems, a)
		}
	}
	x.Seeds, x.Given = lettersOf(all)
	v := value{t: Tuple{[]Type{node.T}}, span: d.span}
	if v.x = x; d.order == 0 {
		v.x = &MakeTuple{Elems: []Expr{node}, T: v.t.(Tuple)}
	} else {
		v.t = x.T
	}
	v = d.asDefined(v)
	values := d.leafValues(d.asDefined(d.part(v, 0)))
	for i, a := range leaves {
		parts := []value{values[i]}
		for j := range d.order {
			parts = append(parts, d.part(v, 1+i*d.order+j))
		}
		for j, part := range parts {
			parts[j] = reshaped(part, append(slices.Clone(a.Dims), ir.Size(1)))
		}
		values[i] = d.joined(parts, len(a.Dims), d.span)
	}
	return d.reassembled(node.T, &values, d.span)
}

// direction are the arrays of direction i, which is that of argument w.
func (d *derived) direction(i, w int) ([]value, bool) {
	if d.derivative == alongOnes {
		var ones []value
		for _, a := range leavesOf(d.args[w].t) {
			ones = append(ones, d.broadcast(number(a.DType, 1, d.span), a.Dims))
		}
		return ones, true
	}
	v := d.coerce(again(d.seeds[i]), d.args[w].t, "the direction of "+d.primals()[w].Name.Name)
	if v.isBad() {
		return nil, false
	}
	return d.leafValues(d.asDefined(v)), true
}
