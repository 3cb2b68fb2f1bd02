package lower

import (
	"math"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A repeat is a loop to be lowered.
type repeat struct {
	lo, hi *ir.Value // of a counted loop
	name   string    // of its index
	cond   func() (*binding, flow)
	leaves exits // of the body
	vars   []*typecheck.Var
	types  [][]typecheck.Array // of vars, over sizes known outside and slots
	body   func(index *ir.Value) flow
}

// statement lowers a statement that does not leave.
func (f *function) statement(stmt typecheck.Stmt) {
	switch stmt := stmt.(type) {
	case *typecheck.Define:
		f.define(stmt.Def, binding{parts(stmt.X.Type()), f.expr(stmt.X)})
	case *typecheck.Eval:
		f.expr(stmt.X)
	case *typecheck.For:
		f.forLoop(stmt)
		f.rejoin(stmt.After).do()
	case *typecheck.While:
		f.whileLoop(stmt)
		f.rejoin(stmt.After).do()
	default:
		panic(bugf("statement %T", stmt))
	}
}

func (f *function) forLoop(stmt *typecheck.For) flow {
	was := f.setPos(stmt.Span)
	lo, hi := f.scalar(stmt.Lo), f.scalar(stmt.Hi)
	r := f.carry(stmt.Phi, stmt.After, f.facts.exits[stmt.Body])
	r.lo, r.hi, r.name = lo, hi, stmt.Index.Var.Name
	if stmt.Step != 1 {
		r.lo, r.hi, r.name = f.b.I64(0), f.rounds(lo, hi, stmt.Step), ""
	}
	r.body = func(index *ir.Value) flow {
		f.enterRound(stmt.Phi)
		if stmt.Step != 1 {
			index = f.b.Op(ir.Add, nil, lo, f.b.Op(ir.Mul, nil, index, f.b.I64(stmt.Step)))
		}
		f.define(stmt.Index, binding{parts(stmt.Index.Type), []*ir.Value{index}})
		return f.effects(stmt.Body)
	}
	left := f.repeat(r)
	f.restorePos(was)
	return left
}

func (f *function) whileLoop(stmt *typecheck.While) flow {
	was := f.setPos(stmt.Span)
	r := f.carry(stmt.Phi, stmt.After, f.facts.exits[stmt.Body])
	r.cond = func() (*binding, flow) {
		f.enterRound(stmt.Phi)
		return f.sequence(f.steps(stmt.Cond), stmt.Cond.Value)
	}
	r.body = func(*ir.Value) flow {
		f.enterRound(stmt.Phi)
		return f.effects(stmt.Body)
	}
	left := f.repeat(r)
	f.restorePos(was)
	return left
}

// effects lowers a block without its value.
func (f *function) effects(b *typecheck.Block) flow {
	steps := f.steps(b)
	if b.Value != nil {
		steps = append(steps, f.evaluate(b.Value))
	}
	_, left := f.sequence(steps, nil)
	return left
}

// enterRound gives the Defs at the entry of a round their values.
func (f *function) enterRound(phi []*typecheck.Def) {
	for _, def := range phi {
		f.define(def, *f.present(def.Var))
	}
}

// repeat appends a loop. A counted loop that may be left early becomes a while
// with a counter; its condition sees first whether it was left.
func (f *function) repeat(r *repeat) flow {
	stops := r.leaves&(breaks|returns) != 0
	counted := r.cond == nil
	c := &carriage{}
	counter, stays, runs := -1, -1, -1
	truth := typecheck.Array{DType: ir.Bool}
	if counted && stops {
		counter = c.add(typecheck.Array{DType: ir.I64}, r.name, r.lo)
	}
	if stops {
		stays = c.add(truth, "", f.b.Bool(true))
		runs = stays
		if r.leaves&breaks != 0 && r.leaves&returns != 0 {
			runs = c.add(truth, "", f.b.Bool(true))
		}
	}
	first := len(c.types)
	for i, v := range r.vars {
		present := f.env[v]
		for k, t := range r.types[i] {
			var init *ir.Value
			if present != nil {
				init = present.values[k]
			}
			c.add(t, f.partName(v, k), init)
		}
	}
	l := newLayout(c.types, f.known)
	init := f.pack(l, c.init)

	// round enters a block that sees the carried values.
	round := func(lower func(values []*ir.Value) (*binding, flow)) *arm {
		return f.inside(f.b.Inside(), func() (*binding, flow) {
			var index *ir.Value
			if counted && !stops {
				index = f.b.Param(ir.Scalar(ir.I64), r.name)
			}
			values := f.enter(l, c.names)
			f.assignCarried(r, values[first:])
			if index != nil {
				values = append([]*ir.Value{index}, values...)
			}
			return lower(values)
		})
	}
	var head, counts *ir.Value
	wants := f.wants
	f.wants = wanted{stays: stays >= 0, runs: runs != stays}
	f.loops++
	body := round(func(values []*ir.Value) (*binding, flow) {
		if counted {
			counts = values[0]
		}
		return nil, r.body(counts)
	})
	f.wants = wants
	f.loops--
	f.using(body.b, func() {
		next := make([]*ir.Value, 0, len(c.types))
		if counter >= 0 {
			next = append(next, f.b.Op(ir.Add, nil, counts, f.b.I64(1)))
		}
		if stays >= 0 {
			next = append(next, f.signalValue(body.flow.stays))
		}
		if runs != stays {
			next = append(next, f.signalValue(body.flow.runs))
		}
		for _, v := range r.vars {
			next = append(next, body.after[v].values...)
		}
		body.b.Block.Yield = f.pack(l, next)
	})
	var results []*ir.Value
	if counted && !stops {
		results = f.b.EmitTyped(ir.For, nil, append([]*ir.Value{r.lo, r.hi}, init...), f.resultTypes(l), body.b.Block)
	} else {
		test := round(func(values []*ir.Value) (*binding, flow) {
			switch {
			case counted:
				head = f.b.Op(ir.And, nil, values[stays], f.b.Op(ir.Lt, nil, values[counter], r.hi))
			case stops:
				head = f.unless(values[stays], r.cond)
			default:
				value, _ := r.cond()
				head = value.values[0]
			}
			return nil, flow{}
		})
		test.b.Block.Yield = []*ir.Value{head}
		results = f.b.EmitTyped(ir.While, nil, init, f.resultTypes(l), test.b.Block, body.b.Block)
	}
	values := f.unpack(l, results)
	for i, v := range values {
		v.Name = c.names[i]
	}
	f.assignCarried(r, values[first:])
	if r.leaves&returns == 0 {
		return flow{}
	}
	goesOn := signal{v: values[runs]}
	return flow{goesOn, goesOn, goesOn}
}

// unless is "stays and cond", where cond is evaluated only if stays holds.
func (f *function) unless(stays *ir.Value, cond func() (*binding, flow)) *ir.Value {
	then := f.inside(f.b.Inside(), cond)
	els := f.inside(f.b.Inside(), func() (*binding, flow) {
		return &binding{[]typecheck.Array{{DType: ir.Bool}}, []*ir.Value{f.b.Bool(false)}}, flow{}
	})
	value, _ := f.join(stays, then, els)
	return value.values[0]
}

// rounds is how often a loop from lo to hi with this step runs:
// max(ceil((hi-lo)/step), 0), also where hi-lo overflows.
func (f *function) rounds(lo, hi *ir.Value, step int64) *ir.Value {
	b := f.b
	if step < 0 {
		lo, hi = hi, lo
	}
	some := b.Op(ir.Lt, nil, lo, hi)
	var n *ir.Value
	if step == -1 || step == 1 {
		// More rounds than fit in an i64 are as good as for ever.
		n = b.Op(ir.Sub, nil, hi, lo)
		n = b.Op(ir.Select, nil, b.Op(ir.Lt, nil, n, b.I64(0)), b.I64(math.MaxInt64), n)
		return b.Op(ir.Select, nil, some, n, b.I64(0))
	}
	if step == math.MinInt64 {
		far := b.Op(ir.Lt, nil, b.Op(ir.Add, nil, lo, b.I64(math.MaxInt64)), b.Op(ir.Sub, nil, hi, b.I64(1)))
		far = b.Op(ir.And, nil, far, b.Op(ir.Lt, nil, lo, b.I64(0)))
		n = b.Op(ir.Select, nil, far, b.I64(2), b.I64(1))
		return b.Op(ir.Select, nil, some, n, b.I64(0))
	}
	// With floors: hi = q*s + r, lo = p*s + t, ceil((hi-lo)/s) = q - p + (r > t).
	size := b.I64(max(step, -step))
	n = b.Op(ir.Sub, nil, b.Op(ir.FloorDiv, nil, hi, size), b.Op(ir.FloorDiv, nil, lo, size))
	more := b.Op(ir.Lt, nil, b.Op(ir.Mod, nil, lo, size), b.Op(ir.Mod, nil, hi, size))
	n = b.Op(ir.Add, nil, n, b.Convert(more, ir.I64))
	return b.Op(ir.Select, nil, some, n, b.I64(0))
}
