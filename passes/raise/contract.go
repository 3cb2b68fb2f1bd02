package raise

import "github.com/calx-lang/calx/ir"

// alphabet has the letters of contractions.
const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// sumOfProducts replaces sum(a*b) over some axes by the contraction of a and b.
// Both add the rounded products in one order: the last summed axis first, along
// each axis by the rule that depends on its length only.
func (r *raiser) sumOfProducts(op *ir.Op) bool {
	attr := op.Attr.(ir.ReduceAttr)
	product := op.Args[0]
	if attr.Kind != ir.ReduceSum || product.Def == nil || product.Def.Code != ir.Mul || r.uses[product] > 1 ||
		len(attr.Axes) == 0 || product.Type.Rank() > len(alphabet) {
		return false
	}
	letters := alphabet[:product.Type.Rank()]
	kept := ""
	next := 0
	for axis := range letters {
		if next < len(attr.Axes) && attr.Axes[next] == axis {
			next++
		} else {
			kept += letters[axis : axis+1]
		}
	}
	b := ir.NewBuilder(r.f, &ir.Block{}).From(op)
	spec := ir.ContractAttr{Spec: letters + "," + letters + "->" + kept}
	r.replace(op.Results[0], b.Op(ir.Contract, spec, product.Def.Args...))
	r.r.Emit(b.Block.Ops...)
	return true
}

// contract lifts a contraction: the axes of the indices are letters more, so
// that an operand that does not depend on an index need not be repeated.
func (l *lifter) contract(op *ir.Op) {
	attr := op.Attr.(ir.ContractAttr)
	x, y := l.get(op.Args[0]), l.get(op.Args[1])
	letters, err := ir.ParseContract(attr.Spec)
	if err != nil {
		l.failed = true
		return
	}
	all := x.axes.union(y.axes)
	if x.axes.equal(y.axes) {
		attr.Batch += len(all)
		l.set(op.Results[0], lifted{all, l.emit(op, attr, x.v, y.v)})
		return
	}
	free := ""
	for i := range len(alphabet) {
		c := alphabet[i]
		if !contains(letters.A, c) && !contains(letters.B, c) {
			free += string(c)
		}
	}
	if len(free) < len(l.dims)+attr.Batch {
		l.failed = true
		return
	}
	batch := free[len(l.dims):][:attr.Batch]
	named := func(axes axes) string {
		s := ""
		for _, k := range axes {
			s += free[k : k+1]
		}
		return s + batch
	}
	spec := named(x.axes) + letters.A + "," + named(y.axes) + letters.B + "->" + named(all) + letters.Result
	l.set(op.Results[0], lifted{all, l.emit(op, ir.ContractAttr{Spec: spec}, x.v, y.v)})
}

func contains(s string, c byte) bool {
	for i := range len(s) {
		if s[i] == c {
			return true
		}
	}
	return false
}
