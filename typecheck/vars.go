package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// The values of vars through branches and loops.

// state is the present value of a var.
type state struct {
	def   *Def
	t     Type
	known info
}

func saveStates(vars []*binding) []state {
	out := make([]state, len(vars))
	for i, b := range vars {
		out[i] = state{b.def, b.t, b.known}
	}
	return out
}

func restoreStates(vars []*binding, states []state) {
	for i, b := range vars {
		b.def, b.t, b.known = states[i].def, states[i].t, states[i].known
	}
}

// newDef gives a var a new value of type t.
func (c *checker) newDef(b *binding, t Type) *Def {
	b.def = &Def{Var: b.v, Type: t}
	b.t, b.known = t, info{}
	c.defined(b.def, &b.known)
	return b.def
}

// forget gives a var a value that nothing is known of, after a mistake.
func (c *checker) forget(b *binding) {
	if b.declared != nil {
		c.newDef(b, b.declared)
	}
}

// mergeStates makes the Defs that hold where two ways of control flow meet.
func (c *checker) mergeStates(vars []*binding, xs, ys []state, mark ir.Atom) []*Def {
	defs := make([]*Def, 0, len(vars))
	shared := map[string]ir.Dim{}
	for i, b := range vars {
		if xs[i].t == nil || ys[i].t == nil {
			continue
		}
		defs = append(defs, c.newDef(b, c.mergeVar(b, xs[i].t, ys[i].t, mark, shared)))
	}
	return defs
}

// mergeVar is the type of a var that may be an x or a y: where its size may
// change, two sizes give one that is not known before.
func (c *checker) mergeVar(b *binding, x, y Type, mark ir.Atom, shared map[string]ir.Dim) Type {
	if xa, ok := x.(Array); ok && len(b.flexible) > 0 {
		ya := y.(Array)
		dims := append([]ir.Dim(nil), xa.Dims...)
		for i := range dims {
			if b.flexible[i] && !dims[i].Equal(ya.Dims[i]) {
				dims[i] = c.freshSize("", b.span)
			} else {
				dims[i] = c.escapeDim(dims[i], mark, shared)
			}
		}
		return Array{xa.DType, dims}
	}
	if t, ok := c.mergeTypes(x, y, mark, shared); ok {
		return t
	}
	return b.declared
}

// assignedIn are the vars declared outside of n that n assigns, in the order of
// their first assignment.
func (c *checker) assignedIn(nodes ...ast.Node) []*binding {
	var out []*binding
	seen := map[*binding]bool{}
	var target func(e ast.Expr)
	target = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.Name:
			if b := c.lookupLocal(e.Name); b != nil && b.mutable && !seen[b] && b.t != nil {
				seen[b] = true
				out = append(out, b)
			}
		case *ast.Paren:
			target(e.X)
		case *ast.Tuple:
			for _, x := range e.Elems {
				target(x)
			}
		case *ast.Index:
			target(e.X)
		case *ast.Field:
			target(e.X)
		}
	}
	for _, n := range nodes {
		ast.Walk(n, func(n ast.Node) bool {
			if a, ok := n.(*ast.Assign); ok {
				target(a.Target)
			}
			return true
		})
	}
	return out
}

// diverges reports whether a block never reaches its end.
func diverges(b *Block) bool {
	if b == nil || len(b.Stmts) == 0 {
		return b != nil && b.Value != nil && divergesExpr(b.Value)
	}
	if b.Value != nil && divergesExpr(b.Value) {
		return true
	}
	switch s := b.Stmts[len(b.Stmts)-1].(type) {
	case *Return, *Break, *Continue:
		return true
	case *Eval:
		return divergesExpr(s.X)
	case *While:
		always, ok := s.Cond.Value.(*Const)
		return ok && always.Value.I != 0 && !s.Breaks
	}
	return false
}

func divergesExpr(x Expr) bool {
	switch x := x.(type) {
	case *If:
		return x.Else != nil && diverges(x.Then) && diverges(x.Else)
	case *BlockExpr:
		return diverges(x.Block)
	}
	return false
}

// enterLoop gives the vars that a loop assigns the values that they have at the
// start of any round.
func (c *checker) enterLoop(vars []*binding) []*Def {
	phi := make([]*Def, len(vars))
	for i, b := range vars {
		phi[i] = c.newDef(b, c.flexed(b))
	}
	return phi
}

// flexed is the type of a var with new sizes where they may change.
func (c *checker) flexed(b *binding) Type {
	a, ok := b.t.(Array)
	if !ok || len(b.flexible) == 0 {
		return b.t
	}
	dims := append([]ir.Dim(nil), a.Dims...)
	for i := range dims {
		if b.flexible[i] {
			dims[i] = c.freshSize("", b.span)
		}
	}
	return Array{a.DType, dims}
}

// leaveLoop gives them the values that they have behind it.
func (c *checker) leaveLoop(vars []*binding) []*Def { return c.enterLoop(vars) }
