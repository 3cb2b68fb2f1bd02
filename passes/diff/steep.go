package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// A steepness looks for operations whose derivative may be infinite where they are
// finite, such as sqrt at 0: there a derivative that is zero as a number and one that
// is known to be zero make a difference.
type steepness struct {
	seen      map[*ir.Func]bool
	constants map[*ir.Value]ir.Literal // the numbers that are known
}

// steep reports whether f, or a function that it calls, has such an operation. Rules
// are supposed to look after themselves.
func steep(f *ir.Func) bool {
	s := steepness{map[*ir.Func]bool{}, map[*ir.Value]ir.Literal{}}
	return s.inFunction(f)
}

func (s *steepness) inFunction(f *ir.Func) bool {
	if s.seen[f] {
		return false
	}
	s.seen[f] = true
	return s.inBlock(f.Body)
}

func (s *steepness) inBlock(b *ir.Block) bool {
	for _, op := range b.Ops {
		switch op.Code {
		case ir.Const:
			if number, ok := op.Attr.(ir.Literal); ok {
				s.constants[op.Results[0]] = number
			}
		case ir.Broadcast:
			if number, ok := s.constants[op.Args[0]]; ok {
				s.constants[op.Results[0]] = number
			}
		case ir.Sqrt, ir.Log, ir.Log1p, ir.Asin, ir.Acos:
			return true
		case ir.Pow:
			if number, ok := s.constants[op.Args[1]]; !ok || number.F < 1 {
				return true
			}
		case ir.Call:
			if callee := op.Callee(); callee.Rule == nil && s.inFunction(callee) {
				return true
			}
		}
		if slices.ContainsFunc(op.Regions, s.inBlock) {
			return true
		}
	}
	return false
}
