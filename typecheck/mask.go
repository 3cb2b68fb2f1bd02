package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Masks and tables of indices.

// maskIndex is the table of indices where a mask holds. A mask of several axes
// makes one axis of those of x.
func (c *checker) maskIndex(s *selection, mask value, axis int, e *ast.Index) (value, bool) {
	a := mask.t.(Array)
	xa := s.x.t.(Array)
	want := append([]ir.Dim(nil), xa.Dims[axis:axis+len(a.Dims)]...)
	needsCheck := false
	for i, d := range a.Dims {
		switch c.compareDims(d, want[i]) {
		case different:
			f := c.fail(mask.span, ast.CodeShapeMismatch, "the mask is %s, and what it masks is %s", c.show(a), c.show(xa))
			f.Notes = append(f.Notes, c.explainSizes(d, want[i])...)
			return bad, false
		case undecided:
			needsCheck = true
		}
	}
	if len(e.Items) == 1 && len(a.Dims) == len(xa.Dims) {
		m := s.temp(c, mask)
		mask = m
		s.mask = &m
	}
	original := mask
	if needsCheck {
		mask = c.retype(again(mask), want, "the mask is "+sizePattern(len(want), 0)+", and what it masks is "+sizePattern(len(want), len(want)))
		if s.mask != nil {
			s.mask = &mask
			m := s.temp(c, mask)
			mask = m
			s.mask = &m
		}
	}
	if len(a.Dims) > 1 {
		merged := ir.Size(1)
		for _, d := range want {
			merged = c.must("*", merged, d)
		}
		mask = c.reshaped(again(mask), []ir.Dim{merged}, mask.span)
		dims := append([]ir.Dim(nil), xa.Dims[:axis]...)
		dims = append(dims, merged)
		dims = append(dims, xa.Dims[axis+len(a.Dims):]...)
		s.x = c.reshaped(s.x, dims, e.Span)
	} else if idx, ok := c.knownMask(original); ok && !needsCheck {
		return idx, true
	}
	return s.temp(c, c.nonzero(again(mask))), true
}

// nonzero is the vector of indices where a mask of one axis holds.
func (c *checker) nonzero(mask value) value {
	t := Array{ir.I64, []ir.Dim{c.freshSize("", mask.span)}}
	return value{t: t, x: &Op{Code: ir.Nonzero, Args: []Expr{mask.x}, T: t, Span: mask.span}, span: mask.span}
}

// knownMask is the vector of indices of a mask that has a name: the same for all
// its uses, so that x[m] fits y[m]. It is computed where the mask is defined.
func (c *checker) knownMask(mask value) (value, bool) {
	local, ok := mask.x.(*Local)
	if !ok {
		return bad, false
	}
	if def, ok := c.masks[local.Def]; ok {
		return value{t: def.Type, x: &Local{def}, span: mask.span}, true
	}
	idx := c.nonzero(again(mask))
	def := &Def{Var: &Var{Span: mask.span}, Type: idx.t}
	for block := c.ctx.block; block != nil; block = block.outer {
		for i, s := range block.stmts {
			if d, ok := s.(*Define); ok && d.Def == local.Def {
				rest := append([]Stmt{&Define{def, idx.x}}, block.stmts[i+1:]...)
				block.stmts = append(block.stmts[:i+1:i+1], rest...)
				c.masks[local.Def] = def
				return value{t: def.Type, x: &Local{def}, span: mask.span}, true
			}
		}
		if block.outer == nil && block.params[local.Def] {
			block.stmts = append([]Stmt{&Define{def, idx.x}}, block.stmts...)
			c.masks[local.Def] = def
			return value{t: def.Type, x: &Local{def}, span: mask.span}, true
		}
	}
	return bad, false
}

// shareTables gives all index tables one shape.
func (c *checker) shareTables(s *selection, e *ast.Index) bool {
	var tables []value
	for i, letter := range s.spec {
		if letter == 't' {
			tables = append(tables, s.starts[i])
		}
	}
	dims, ok := c.broadcastDims(tables)
	if !ok {
		operands := make([]operand, len(tables))
		for i, t := range tables {
			operands[i] = operand{t, nil}
		}
		c.broadcastError("index", operands, e.Span)
		return false
	}
	s.table = dims
	for i, letter := range s.spec {
		if letter == 't' {
			s.starts[i] = c.broadcast(s.starts[i], dims)
		}
	}
	return true
}
