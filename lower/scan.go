package lower

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// exits are the ways in which code may leave before its end.
type exits uint8

const (
	breaks exits = 1 << iota
	continues
	returns
)

// facts are what is known of parts of the typed trees. Nodes without exits and
// blocks that reach their end are not in the maps.
type facts struct {
	exits  map[any]exits             // of Stmt, Expr, *Block
	ended  map[*typecheck.Block]bool // never reaches its end
	effect map[*typecheck.Comp]bool  // prints or calls an impure host function
	calls  []callInside
}

// A place is a comprehension within others.
type place struct {
	comp   *typecheck.Comp
	around *place
}

// A callInside is a call within a comprehension.
type callInside struct {
	at     *place
	callee *unit
}

// hasEffect notes an effect within comprehensions.
func (f *facts) hasEffect(at *place) {
	for ; at != nil && !f.effect[at.comp]; at = at.around {
		f.effect[at.comp] = true
	}
}

// uses are what a unit takes from outside.
type uses struct {
	globals map[*typecheck.Def]bool // that it reads and does not define
	atoms   map[ir.Atom]bool        // opaque ones that it mentions
	bound   map[ir.Atom]bool        // opaque ones that it gives a value
	reads   map[*typecheck.Var]bool // all that it reads
	writes  map[*typecheck.Var]bool // all that it assigns
}

func newUses() uses {
	return uses{map[*typecheck.Def]bool{}, map[ir.Atom]bool{}, map[ir.Atom]bool{}, map[*typecheck.Var]bool{}, map[*typecheck.Var]bool{}}
}

// A scanner walks over the body of a unit once.
type scanner struct {
	l       *lowering
	u       *unit
	callees map[*unit]bool
	at      *place // the innermost comprehension, nil outside
}

func (l *lowering) scan(u *unit) {
	u.uses = newUses()
	s := &scanner{l: l, u: u, callees: map[*unit]bool{}}
	s.block(u.body)
	own := u.uses.writes
	if u.instance != nil {
		for _, def := range u.instance.Params {
			own[def.Var] = true
		}
	}
	for def := range u.uses.globals {
		if own[def.Var] {
			delete(u.uses.globals, def)
		}
	}
}

func (s *scanner) note(node any, e exits) exits {
	if e != 0 {
		s.l.facts.exits[node] = e
	}
	return e
}

func (s *scanner) block(b *typecheck.Block) exits {
	if b == nil {
		return 0
	}
	var e exits
	ended := false
	for _, stmt := range b.Stmts {
		e |= s.statement(stmt)
		ended = ended || s.l.ends(stmt)
	}
	if b.Value != nil {
		e |= s.expr(b.Value)
		ended = ended || s.l.endsExpr(b.Value)
	}
	if ended {
		s.l.facts.ended[b] = true
	}
	return s.note(b, e)
}

// ends reports whether what comes after stmt is never reached.
func (l *lowering) ends(stmt typecheck.Stmt) bool {
	switch stmt := stmt.(type) {
	case *typecheck.Break, *typecheck.Continue, *typecheck.Return:
		return true
	case *typecheck.Define:
		return l.endsExpr(stmt.X)
	case *typecheck.Eval:
		return l.endsExpr(stmt.X)
	}
	return false
}

func (l *lowering) endsExpr(x typecheck.Expr) bool {
	switch x := x.(type) {
	case *typecheck.If:
		return x.Else != nil && l.facts.ended[x.Then] && l.facts.ended[x.Else]
	case *typecheck.BlockExpr:
		return l.facts.ended[x.Block]
	}
	return false
}

func (s *scanner) statement(stmt typecheck.Stmt) exits {
	var e exits
	switch stmt := stmt.(type) {
	case *typecheck.Define:
		e = s.expr(stmt.X)
		s.defines(stmt.Def)
	case *typecheck.Eval:
		e = s.expr(stmt.X)
	case *typecheck.For:
		e = s.expr(stmt.Lo) | s.expr(stmt.Hi)
		s.defines(stmt.Index)
		s.joins(stmt.Phi, stmt.After)
		e |= s.block(stmt.Body) & returns
	case *typecheck.While:
		s.joins(stmt.Phi, stmt.After)
		e = (s.block(stmt.Cond) | s.block(stmt.Body)) & returns
	case *typecheck.Break:
		e = breaks
	case *typecheck.Continue:
		e = continues
	case *typecheck.Return:
		if stmt.X != nil {
			e = s.expr(stmt.X)
		}
		e |= returns
	default:
		panic(bugf("statement %T", stmt))
	}
	return s.note(stmt, e)
}

func (s *scanner) expr(x typecheck.Expr) exits {
	var e exits
	switch x := x.(type) {
	case *typecheck.Const:
	case *typecheck.SizeOf:
		s.dim(x.Dim)
	case *typecheck.Local:
		s.mentions(x.Def.Type)
		s.u.uses.reads[x.Def.Var] = true
		if s.u.instance != nil && s.l.constants[x.Def] == nil && countParts(x.Def.Type) > 0 {
			s.u.uses.globals[x.Def] = true
		}
	case *typecheck.Op:
		for _, arg := range x.Args {
			e |= s.expr(arg)
		}
		s.operation(x)
	case *typecheck.MakeTuple:
		for _, elem := range x.Elems {
			e |= s.expr(elem)
		}
	case *typecheck.Part:
		e = s.expr(x.X)
	case *typecheck.If:
		e = s.expr(x.Cond) | s.block(x.Then) | s.block(x.Else)
		s.binds(x.T)
		s.joins(nil, x.After)
	case *typecheck.BlockExpr:
		e = s.block(x.Block)
	case *typecheck.Comp:
		e = s.comprehension(x)
	case *typecheck.Call:
		e = s.call(x.Callee, x.Sizes, x.Args, x.T)
	case *typecheck.Derive:
		e = s.call(x.Callee, x.Sizes, x.Args, x.T)
		for _, given := range x.Given {
			e |= s.expr(given)
		}
	case *typecheck.Pattern:
		e = s.call(x.Callee, x.Sizes, x.Args, x.T)
		for _, d := range slices.Concat(x.Rows, x.Columns) {
			s.dim(d)
		}
	default:
		panic(bugf("expression %T", x))
	}
	return s.note(x, e)
}

func (s *scanner) call(instance *typecheck.Instance, sizes []ir.Dim, args []typecheck.Expr, t typecheck.Type) exits {
	var e exits
	for _, arg := range args {
		e |= s.expr(arg)
	}
	for _, d := range sizes {
		s.dim(d)
	}
	s.binds(t)
	callee := s.l.unitOf(instance)
	if s.at != nil {
		s.l.facts.calls = append(s.l.facts.calls, callInside{s.at, callee})
	}
	if !s.callees[callee] {
		s.callees[callee] = true
		s.u.calls = append(s.u.calls, callee)
	}
	return e
}

func (s *scanner) operation(x *typecheck.Op) {
	mapDims(x.Attr, func(d ir.Dim) ir.Dim { s.dim(d); return d })
	switch x.Code {
	case ir.Nonzero, ir.Lib, ir.Host, ir.Retype:
		s.binds(x.T)
	default:
		s.mentions(x.T)
	}
	if host, ok := x.Attr.(ir.HostAttr); x.Code == ir.Print || ok && !host.Pure {
		s.u.effect = true
		s.l.facts.hasEffect(s.at)
	}
}

func (s *scanner) comprehension(x *typecheck.Comp) exits {
	for _, d := range x.Dims {
		s.dim(d)
	}
	for _, index := range x.Index {
		s.defines(index)
	}
	s.at = &place{x, s.at}
	e := s.block(x.Cond) | s.block(x.Body)
	s.at = s.at.around
	if x.Cond != nil {
		s.binds(x.T)
	} else {
		s.mentions(x.T)
	}
	return e
}

func (s *scanner) defines(def *typecheck.Def) {
	s.u.uses.writes[def.Var] = true
	if _, ok := s.l.rank[def]; s.u == s.l.main && !ok {
		s.l.rank[def] = len(s.l.rank)
	}
	if def.Atom != 0 {
		s.bind(def.Atom)
	}
	s.mentions(def.Type)
}

func (s *scanner) joins(lists ...[]*typecheck.Def) {
	for _, defs := range lists {
		for _, def := range defs {
			s.defines(def)
			s.binds(def.Type)
		}
	}
}

// binds notes the atoms that a value of type t gives a value where they have
// none.
func (s *scanner) binds(t typecheck.Type) {
	s.mentions(t)
	for _, a := range parts(t) {
		for _, d := range a.Dims {
			for atom := range d.Atoms {
				s.bind(atom)
			}
		}
	}
}

func (s *scanner) bind(a ir.Atom) { s.u.uses.bound[a] = true }

func (s *scanner) mentions(t typecheck.Type) {
	for _, a := range parts(t) {
		for _, d := range a.Dims {
			s.dim(d)
		}
	}
}

func (s *scanner) dim(d ir.Dim) {
	for a := range d.Atoms {
		if s.u.uses.atoms[a] {
			continue
		}
		s.u.uses.atoms[a] = true
		if info := s.l.atomInfo(a); info.Kind != typecheck.AtomOpaque {
			s.dim(info.A)
			s.dim(info.B)
		}
	}
}
