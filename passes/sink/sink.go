// Package sink helps a backend that computes neighbours in one sweep to make no
// array that only the next one reads. It puts broadcasts beside the elementwise
// operations that read them, and makes a contraction that repeats no operand a
// sum of products again where its operands are computed for it alone. A broadcast around a loop or an if is copied into it; those that
// nobody uses any more are left to dce. Bodies of maps stay as they are, since
// what is the same for all indices is best made once.
package sink

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// Run works on all functions of m.
func Run(m *ir.Module) error {
	for _, f := range m.Funcs {
		s := sinker{f, map[*ir.Value]int{}}
		s.count(f.Body)
		s.block(f.Body)
	}
	return nil
}

type sinker struct {
	f    *ir.Func
	uses map[*ir.Value]int
}

// count counts who reads each value. What passes before have left behind, and
// dce takes away, does not count.
func (s sinker) count(b *ir.Block) {
	read := func(v *ir.Value) { s.uses[v]++ }
	b.Uses(s.f, read)
	for _, op := range slices.Backward(b.Ops) {
		class := op.Code.Info().Class
		left := class == ir.Elementwise || class == ir.View || class == ir.Contraction
		for _, v := range op.Results {
			left = left && s.uses[v] == 0
		}
		if left {
			continue
		}
		op.Uses(s.f, read)
		for _, region := range op.Regions {
			s.count(region)
		}
	}
}

func (s sinker) block(b *ir.Block) {
	here := map[*ir.Op]bool{}
	copies := map[*ir.Value]*ir.Value{}
	ops := make([]*ir.Op, 0, len(b.Ops))
	for _, op := range b.Ops {
		if op.Code.Info().Class == ir.Elementwise {
			for i, v := range op.Args {
				if v.Def == nil || v.Def.Code != ir.Broadcast || here[v.Def] {
					continue
				}
				if copies[v] == nil {
					copied := &ir.Op{Code: ir.Broadcast, Attr: v.Def.Attr, Args: slices.Clone(v.Def.Args), Pos: v.Def.Pos, Calls: v.Def.Calls}
					copies[v] = copied.AddResult(s.f, v.Type, v.Name)
					ops = append(ops, copied)
				}
				op.Args[i] = copies[v]
			}
		}
		if op.Code == ir.Contract {
			if product := s.sumOfProducts(op, here); product != nil {
				here[product] = true
				ops = append(ops, product)
			}
		}
		here[op] = true
		ops = append(ops, op)
		if op.Code != ir.Map {
			for _, region := range op.Regions {
				s.block(region)
			}
		}
	}
	b.Ops = ops
}

// sumOfProducts turns a contraction whose operands have the same letters into
// the sum of the product that it gives, if an operand is computed in this block
// and nothing else reads it. Both add in one order.
func (s sinker) sumOfProducts(op *ir.Op, here map[*ir.Op]bool) *ir.Op {
	attr := op.Attr.(ir.ContractAttr)
	letters, err := ir.ParseContract(attr.Spec)
	if err != nil || letters.A != letters.B {
		return nil
	}
	var axes []int
	kept := ""
	for axis, letter := range letters.A {
		if strings.ContainsRune(letters.Result, letter) {
			kept += string(letter)
		} else {
			axes = append(axes, attr.Batch+axis)
		}
	}
	x, y := op.Args[0], op.Args[1]
	if kept != letters.Result || len(axes) == 0 || !s.computed(x, op, here) && !s.computed(y, op, here) {
		return nil
	}
	product := &ir.Op{Code: ir.Mul, Args: []*ir.Value{x, y}, Pos: op.Pos, Calls: op.Calls}
	v := product.AddResult(s.f, x.Type, "")
	op.Code, op.Attr, op.Args = ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: axes}, []*ir.Value{v}
	return product
}

// computed reports whether v is computed element by element for op alone.
func (s sinker) computed(v *ir.Value, op *ir.Op, here map[*ir.Op]bool) bool {
	if v.Def == nil || !here[v.Def] || v.Def.Code.Info().Class != ir.Elementwise && v.Def.Code != ir.Iota {
		return false
	}
	readers := 0
	for _, a := range op.Args {
		if a == v {
			readers++
		}
	}
	return s.uses[v] == readers
}
