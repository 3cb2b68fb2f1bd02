package typecheck

import (
	"slices"
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Calls of derived functions: which arguments are seeds, and along which axes
// the function is applied.

// callDerived calls a derived function. Of the arguments that are given by
// position, the last are the seeds.
func (c *checker) callDerived(fv value, args []argument, span ast.Span) value {
	fv = c.directed(fv, args)
	f := fv.t.(Function).Value
	args = slices.Clone(args)
	if f.derivation.open {
		closed, positional, ok := c.closed(f, args, span)
		if !ok {
			return bad
		}
		f, args = closed, positional
		fv.t = Function{Value: f, Captures: fv.t.(Function).Captures}
		if m, ok := fv.x.(*MakeTuple); ok {
			fv.x = &MakeTuple{Elems: m.Elems, T: fv.t}
		}
	}
	d := f.derivation
	c.nameSeeds(f, args)
	values, ok := c.bindArguments(f, args, span)
	if !ok {
		return bad
	}
	for _, w := range d.wrt {
		if _, isArray := values[w].array(); !isArray && d.derivative == primeOf {
			return c.fail(values[w].span, ast.CodeNotDifferentiable, "%s is the derivative in a number, and this is %s", f.Name, c.show(values[w].t)).value()
		}
		values[w] = c.floating(values[w], f.params[w].Type, d.derivative == primeOf)
	}
	return c.named(fv, func(fv value) value { return c.callUser(fv, values, span) })
}

// nameSeeds gives the last of the arguments by position the names of the seeds,
// if there are enough.
func (c *checker) nameSeeds(f *FuncValue, args []argument) {
	n := len(f.params) - f.derivation.countSeeds()
	byName := map[string]bool{}
	free := 0
	for _, a := range args {
		byName[a.name.Name] = true
		if a.name.Name == "" {
			free++
		}
	}
	needed, open := 0, 0
	for i, p := range f.params {
		if !byName[p.Name.Name] {
			open++
			if p.Default == nil || i >= n {
				needed++
			}
		}
	}
	if free < needed || free > open {
		return
	}
	for i := len(f.params) - 1; i >= n; i-- {
		if name := f.params[i].Name.Name; !byName[name] {
			free--
			args[free].name = ast.Ident{Name: name, Span: args[free].span}
		}
	}
}

// floating is an argument with respect to which is differentiated: integers
// written as literals are floats there.
func (c *checker) floating(v value, te ast.TypeExpr, all bool) value {
	if at, ok := te.(*ast.ArrayType); te != nil && (!ok || at.DType != "num") {
		return v
	}
	a, isArray := v.array()
	if !isArray || a.DType != ir.I64 && a.DType != ir.Bool || v.lit == nil && (!all || a.DType == ir.Bool) {
		return v
	}
	return c.convert(v, ir.F64)
}

// closed is an open derived function for arguments that are given so, and the
// arguments by position, but for seeds that have been given by name.
func (c *checker) closed(f *FuncValue, args []argument, span ast.Span) (*FuncValue, []argument, bool) {
	d := *f.derivation
	var positional, byName, seeds []argument
	named := d.openSeedNames()
	for _, a := range args {
		switch {
		case a.name.Name == "":
			positional = append(positional, a)
		case slices.Contains(named, a.name.Name):
			seeds = append(seeds, a)
		default:
			byName = append(byName, a)
		}
	}
	n := len(positional) - d.countSeeds() + len(seeds)
	if n < 0 || n > len(positional) {
		what := "tangent"
		if d.derivative.seeds == seedCotangent {
			what = "cotangent"
		}
		c.fail(span, ast.CodeArguments, "%s wants %s behind the arguments of %s", f.Name, plural(d.countSeeds(), what), describeFunction(d.of.Name))
		return nil, nil, false
	}
	primals := slices.Concat(positional[:n], byName)
	seeds = slices.Concat(positional[n:], seeds)
	names := parameterNamesOf(d.of)
	d.pass = []string{}
	for _, a := range primals {
		d.pass = append(d.pass, a.name.Name)
	}
	wrt := make([]int, len(d.chosen))
	for i, w := range d.chosen {
		wrt[i] = -1
		for k, name := range d.pass {
			if name == "" && k == w || name != "" && w < len(names) && name == names[w] {
				wrt[i] = k
			}
		}
		if wrt[i] < 0 {
			name := strconv.Itoa(w)
			if w < len(names) {
				name = names[w]
			}
			c.fail(span, ast.CodeArguments, "%s wants the argument %s", f.Name, name)
			return nil, nil, false
		}
	}
	d.wrt, d.open = wrt, false
	for i := range primals {
		primals[i].name = ast.Ident{}
	}
	return c.derivedFunction(d), append(primals, seeds...), true
}

// openSeedNames are the names of seeds where the parameters are still open.
func (d *derivation) openSeedNames() []string {
	if d.derivative.seed != "" {
		return []string{d.derivative.seed}
	}
	if d.derivative.seeds == seedNone {
		return nil
	}
	var names []string
	params := parameterNamesOf(d.of)
	for _, w := range d.chosen {
		if w < len(params) {
			names = append(names, "d"+params[w])
		}
	}
	return names
}

// seedsBeyond adds to extra, for each seed of a derived function, how many more
// axes it has than what it belongs to: it is applied along those.
func (c *checker) seedsBeyond(fv value, args []value, extra []int) bool {
	f := fv.t.(Function).Value
	d := f.derivation
	first := len(f.params) - d.countSeeds()
	if first == len(f.params) {
		return true
	}
	if d.derivative.seeds == seedTangent {
		for i, w := range d.wrt {
			_, isArray := args[first+i].array()
			if _, primal := args[w].array(); primal && isArray {
				extra[first+i] = max(args[first+i].rank()-args[w].rank()+extra[w], 0)
			}
		}
		return true
	}
	if _, isArray := args[first].array(); !isArray {
		return true
	}
	var result value
	c.inBlock(func() value {
		core := make([]value, first)
		for i := range core {
			core[i] = args[i]
			if a, isArray := args[i].array(); isArray && extra[i] > 0 {
				core[i] = c.placeholder(Array{a.DType, a.Dims[extra[i]:]}, args[i].span)
			}
		}
		result = c.primalOf(d, c.part(fv, 0), core, args[first].span)
		return result
	})
	if result.isBad() {
		return false
	}
	if _, isArray := result.array(); isArray {
		extra[first] = max(args[first].rank()-result.rank(), 0)
	}
	return true
}

// primalOf is what has the type of the cotangent of d.
func (c *checker) primalOf(d *derivation, f value, args []value, span ast.Span) value {
	full := make([]value, len(args))
	for i, v := range args {
		full[i] = c.strong(v)
	}
	if d.derivative.inner != nil {
		f = c.derive(d.with(d.derivative.inner), f, span)
	}
	return c.callFunction(f, d.passed(full), span)
}

// with is the same choice for another operator.
func (d *derivation) with(other *derivative) derivation {
	return derivation{derivative: other, chosen: d.chosen, tuple: d.tuple}
}

// placeholder is a value of type t that is never computed.
func (c *checker) placeholder(t Type, span ast.Span) value {
	def := &Def{Var: &Var{Span: span}, Type: t}
	known := info{}
	c.defined(def, &known)
	return value{t: t, x: &Local{def}, info: known, span: span}
}

// passed are values as arguments of f.
func (d *derivation) passed(values []value) []argument {
	args := make([]argument, len(values))
	for i, v := range values {
		args[i].value = again(v)
		if i < len(d.pass) && d.pass[i] != "" {
			args[i].name = ast.Ident{Name: d.pass[i], Span: v.span}
		}
	}
	return args
}
