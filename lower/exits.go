package lower

import (
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A flow tells, at the end of a sequence of statements, how it ended: by a
// break, a continue, a return, or not at all.
type flow struct {
	falls signal // the next statement follows
	stays signal // the loop goes on
	runs  signal // the function goes on
}

// wanted tells which parts of a flow are asked for where it is not known before
// a run.
type wanted struct{ falls, stays, runs bool }

// A signal is true, false (off), known at run time only (v), or lost, since
// nothing asks for it.
type signal struct {
	v    *ir.Value
	off  bool
	lost bool
}

var (
	off        = signal{off: true}
	afterBreak = flow{falls: off, stays: off}
	afterNext  = flow{falls: off}
	afterAll   = flow{off, off, off}
)

func (f *function) signalValue(x signal) *ir.Value {
	if x.lost {
		panic(bugf("how a block was left is not known"))
	}
	if x.v != nil {
		return x.v
	}
	return f.b.Bool(!x.off)
}

// A step is a statement to lower, or something else to do in its place.
type step struct {
	stmt typecheck.Stmt
	do   func()
}

// A todo is a list of steps, then those of another.
type todo struct {
	list []step
	rest *todo
}

// next takes the first step off.
func (d *todo) next() (step, bool) {
	for len(d.list) == 0 {
		if d.rest == nil {
			return step{}, false
		}
		*d = *d.rest
	}
	s := d.list[0]
	d.list = d.list[1:]
	return s, true
}

// before puts steps before those of d.
func (d todo) before(list ...step) todo { return todo{list, &d} }

func (d *todo) empty() bool { return d == nil || len(d.list) == 0 && d.rest.empty() }

func (f *function) steps(b *typecheck.Block) []step {
	if b == nil {
		return nil
	}
	list := make([]step, len(b.Stmts))
	for i, stmt := range b.Stmts {
		list[i].stmt = stmt
	}
	return list
}

// sequence lowers a list of steps and then tail.
func (f *function) sequence(list []step, tail typecheck.Expr) (*binding, flow) {
	return f.do(todo{list: list}, tail)
}

// do lowers steps and then tail, which may be nil. What follows a
// statement that may leave stands in a branch that is taken if it didn't: in
// the other branch of an if with one branch that leaves, otherwise in an if of
// its own. So nothing is written twice.
func (f *function) do(steps todo, tail typecheck.Expr) (*binding, flow) {
	for s, ok := steps.next(); ok; s, ok = steps.next() {
		if s.do != nil {
			s.do()
			continue
		}
		if f.facts.exits[s.stmt] == 0 {
			f.statement(s.stmt)
			continue
		}
		if exposed := f.expose(s.stmt); exposed != nil {
			steps = steps.before(exposed...)
			continue
		}
		switch stmt := s.stmt.(type) {
		case *typecheck.Break:
			return nil, afterBreak
		case *typecheck.Continue:
			return nil, afterNext
		case *typecheck.Return:
			f.giveResult(stmt.X)
			return nil, afterAll
		case *typecheck.For:
			return f.guarded(f.forLoop(stmt), f.rejoin(stmt.After), steps, tail)
		case *typecheck.While:
			return f.guarded(f.whileLoop(stmt), f.rejoin(stmt.After), steps, tail)
		case *typecheck.Define:
			return f.ifThatLeaves(stmt.Def, stmt.X.(*typecheck.If), steps, tail)
		case *typecheck.Eval:
			return f.ifThatLeaves(nil, stmt.X.(*typecheck.If), steps, tail)
		}
	}
	if tail == nil {
		return nil, flow{}
	}
	if f.facts.exits[tail] != 0 {
		define, local := f.named(tail)
		return f.sequence([]step{define}, local)
	}
	return &binding{parts(tail.Type()), f.expr(tail)}, flow{}
}

// giveResult lowers the operand of a return.
func (f *function) giveResult(x typecheck.Expr) {
	if x == nil {
		return
	}
	values := f.expr(x)
	if len(values) > 0 {
		f.assign(f.result, &binding{parts(x.Type()), values})
	}
}

// rejoin is the step behind an if or a loop: Defs are what their Vars are now.
func (f *function) rejoin(after []*typecheck.Def) step {
	return step{do: func() {
		for _, def := range after {
			f.define(def, *f.present(def.Var))
		}
	}}
}

func (f *function) present(v *typecheck.Var) *binding {
	if b := f.env[v]; b != nil {
		return b
	}
	panic(bugf("%s has no value here", v.Name))
}

// guarded lowers what follows something that may have left: first, then steps
// and tail.
func (f *function) guarded(left flow, first step, steps todo, tail typecheck.Expr) (*binding, flow) {
	if left.falls.off || left.falls != (signal{}) && steps.empty() && tail == nil {
		return nil, left
	}
	steps = steps.before(first)
	if left.falls == (signal{}) {
		return f.do(steps, tail)
	}
	c := f.signalValue(left.falls)
	goes := f.inside(f.b.Inside(), func() (*binding, flow) { return f.do(steps, tail) })
	leaves := f.inside(f.b.Inside(), func() (*binding, flow) {
		for _, x := range []*signal{&left.falls, &left.stays, &left.runs} {
			if x.v == c {
				*x = off
			}
		}
		if f.loops == 0 {
			left = afterAll
		}
		return nil, left
	})
	return f.join(c, goes, leaves)
}

// ifThatLeaves lowers an if, whose value goes to def if that isn't nil, of which
// a branch may leave, and what follows it.
func (f *function) ifThatLeaves(def *typecheck.Def, x *typecheck.If, steps todo, tail typecheck.Expr) (*binding, flow) {
	was := f.setPos(x.Span)
	c := f.scalar(x.Cond)
	if !f.facts.ended[x.Then] && !(x.Else != nil && f.facts.ended[x.Else]) {
		wants := f.wants
		f.wants.falls = f.wants.falls || def != nil || !steps.empty() || tail != nil
		branch := func(b *typecheck.Block) *arm {
			return f.inside(f.b.Inside(), func() (*binding, flow) {
				switch {
				case b == nil:
					return nil, flow{}
				case def == nil && b.Value != nil:
					return f.sequence(append(f.steps(b), f.evaluate(b.Value)), nil)
				}
				return f.sequence(f.steps(b), b.Value)
			})
		}
		then, otherwise := branch(x.Then), branch(x.Else)
		value, left := f.join(c, then, otherwise)
		f.wants = wants
		f.restorePos(was)
		rejoin := f.rejoin(x.After)
		if def == nil {
			return f.guarded(left, rejoin, steps, tail)
		}
		return f.guarded(left, step{do: func() { f.define(def, *value); rejoin.do() }}, steps, tail)
	}
	branch := func(b *typecheck.Block) *arm {
		return f.inside(f.b.Inside(), func() (*binding, flow) {
			all := f.steps(b)
			ended := b != nil && f.facts.ended[b]
			switch {
			case b == nil || b.Value == nil:
			case def == nil || ended:
				all = append(all, f.evaluate(b.Value))
			default:
				all = append(all, f.defining(def, b.Value))
			}
			if ended {
				return f.sequence(all, nil)
			}
			f.restorePos(was)
			return f.do(steps.before(append(all, f.rejoin(x.After))...), tail)
		})
	}
	then, otherwise := branch(x.Then), branch(x.Else)
	value, left := f.join(c, then, otherwise)
	f.restorePos(was)
	return value, left
}

// named gives x a name.
func (f *function) named(x typecheck.Expr) (step, *typecheck.Local) {
	def := &typecheck.Def{Var: &typecheck.Var{}, Type: x.Type()}
	return f.defining(def, x), &typecheck.Local{Def: def}
}

func (f *function) defining(def *typecheck.Def, x typecheck.Expr) step {
	return f.noted(&typecheck.Define{Def: def, X: x}, f.facts.exits[x])
}

func (f *function) evaluate(x typecheck.Expr) step {
	return f.noted(&typecheck.Eval{X: x}, f.facts.exits[x])
}

func (f *function) noted(stmt typecheck.Stmt, e exits) step {
	if e != 0 {
		f.facts.exits[stmt] = e
	}
	return step{stmt: stmt}
}

// expose rewrites a statement of which an inner expression may leave, so that
// what leaves is a statement of its own. It gives nil if that is so already.
func (f *function) expose(stmt typecheck.Stmt) []step {
	switch stmt := stmt.(type) {
	case *typecheck.Define:
		return f.exposeExpr(stmt.X, func(x typecheck.Expr) step { return f.defining(stmt.Def, x) })
	case *typecheck.Eval:
		return f.exposeExpr(stmt.X, f.evaluate)
	case *typecheck.Return:
		if stmt.X != nil && f.facts.exits[stmt.X] != 0 {
			define, local := f.named(stmt.X)
			return []step{define, f.noted(&typecheck.Return{X: local}, returns)}
		}
	case *typecheck.For:
		if f.facts.exits[stmt.Lo]|f.facts.exits[stmt.Hi] != 0 {
			lo, localLo := f.named(stmt.Lo)
			hi, localHi := f.named(stmt.Hi)
			loop := *stmt
			loop.Lo, loop.Hi = localLo, localHi
			return []step{lo, hi, f.noted(&loop, f.facts.exits[stmt.Body]&returns)}
		}
	case *typecheck.While:
		if f.facts.exits[stmt.Cond] != 0 {
			return []step{f.condInBody(stmt)}
		}
	}
	return nil
}

// condInBody is "while true { if cond { body } else { break } }".
func (f *function) condInBody(stmt *typecheck.While) step {
	stop := &typecheck.Block{Stmts: []typecheck.Stmt{&typecheck.Break{}}}
	f.facts.exits[stop.Stmts[0]], f.facts.exits[stop], f.facts.ended[stop] = breaks, breaks, true
	e := f.facts.exits[stmt.Body] | breaks
	test := &typecheck.If{Cond: stmt.Cond.Value, Then: stmt.Body, Else: stop, T: typecheck.Unit{}, Span: stmt.Span}
	f.facts.exits[test] = e | f.facts.exits[stmt.Cond.Value]
	body := &typecheck.Block{Stmts: slices.Concat(stmt.Cond.Stmts, []typecheck.Stmt{f.evaluate(test).stmt})}
	f.facts.exits[body] = e | f.facts.exits[stmt.Cond]
	truth := &typecheck.Const{Value: ir.Literal{I: 1}, T: typecheck.Array{DType: ir.Bool}}
	loop := &typecheck.While{Cond: &typecheck.Block{Value: truth}, Phi: stmt.Phi, After: stmt.After, Body: body, Span: stmt.Span}
	return f.noted(loop, f.facts.exits[body]&returns)
}

// exposeExpr rewrites a statement made by wrap of x.
func (f *function) exposeExpr(x typecheck.Expr, wrap func(typecheck.Expr) step) []step {
	var list []step
	switch x := x.(type) {
	case *typecheck.If:
		if f.facts.exits[x.Cond] == 0 {
			return nil
		}
		define, local := f.named(x.Cond)
		test := *x
		test.Cond = local
		if e := f.facts.exits[x.Then] | f.exitsOf(x.Else); e != 0 {
			f.facts.exits[&test] = e
		}
		return []step{define, wrap(&test)}
	case *typecheck.BlockExpr:
		list = f.steps(x.Block)
		if x.Value != nil {
			list = append(list, wrap(x.Value))
		}
		return list
	case *typecheck.Op:
		y := *x
		list, y.Args = f.nameOperands(x.Args)
		return append(list, wrap(&y))
	case *typecheck.MakeTuple:
		y := *x
		list, y.Elems = f.nameOperands(x.Elems)
		return append(list, wrap(&y))
	case *typecheck.Call:
		y := *x
		list, y.Args = f.nameOperands(x.Args)
		return append(list, wrap(&y))
	case *typecheck.Part:
		define, local := f.named(x.X)
		return []step{define, wrap(&typecheck.Part{X: local, Index: x.Index, T: x.T})}
	}
	panic(bugf("a %T leaves a loop or function", x))
}

func (f *function) exitsOf(b *typecheck.Block) exits {
	if b == nil {
		return 0
	}
	return f.facts.exits[b]
}

// nameOperands names the operands up to the last one that may leave.
func (f *function) nameOperands(args []typecheck.Expr) ([]step, []typecheck.Expr) {
	last := -1
	for i, arg := range args {
		if f.facts.exits[arg] != 0 {
			last = i
		}
	}
	var list []step
	out := slices.Clone(args)
	for i, arg := range args[:last+1] {
		if _, ok := arg.(*typecheck.Const); ok {
			continue
		}
		var define step
		define, out[i] = f.named(arg)
		list = append(list, define)
	}
	return list, out
}
