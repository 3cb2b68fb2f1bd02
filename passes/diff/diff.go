// Package diff replaces the derivatives of functions, jvp, vjp and taylor, by
// calls of functions that it makes. What comes in is a module after inlining and
// simplification; what goes out has none of them and no derivative rules, and
// everything in it is an ordinary program.
//
// Forward mode (forward*.go) makes of a function one that computes its results
// and their tangents; reverse mode (reverse*.go) makes one that computes its
// results and keeps what the other needs, which computes cotangents. Taylor mode
// (taylor*.go) is forward mode with series in the place of tangents. All are
// made once for each function, representation of what is given (kind) and set
// of results of which a derivative is wanted. Which values have derivatives is
// found before (flow.go); the elementwise operations have theirs in the table of
// operations (partials.go).
//
// Derivatives are taken innermost first: before a function is differentiated,
// all that it calls is free of jvp and vjp. So there is nothing to confuse.
package diff

import (
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/rewrite"
)

// A Refusal is a derivative that does not exist or is not known.
type Refusal struct {
	Pos     ast.Span
	Calls   []ast.Span // of the functions that Pos was inlined from, innermost first
	Reason  Reason
	Message string
	Advice  string
}

// A Reason is why a derivative is refused.
type Reason uint8

const (
	NoRule      Reason = iota + 1 // of a function whose derivative is not known
	NotLinear                     // a rule that is not linear in the tangents
	Endless                       // of a function that takes its own derivative
	SizesTooBig                   // sizes that can't be written
)

func (r *Refusal) Error() string { return fmt.Sprintf("%v: %s", r.Pos, r.Message) }

// refuse is a Refusal at op.
func refuse(op *ir.Op, reason Reason, advice, format string, args ...any) error {
	return &Refusal{op.Pos, op.Calls, reason, fmt.Sprintf(format, args...), advice}
}

// Run works on all functions of m.
func Run(m *ir.Module) error { return run(m, false) }

// RunWhole is Run for a program that is read rather than run: it has one way back
// through each loop, which records all rounds whatever memory that takes.
func RunWhole(m *ir.Module) error { return run(m, true) }

func run(m *ir.Module, whole bool) error {
	d := &differ{
		whole: whole,
		m:     m, names: map[string]bool{}, state: map[*ir.Func]state{}, derives: map[*ir.Func]bool{}, ready: map[*ir.Func]bool{},
		tangents: map[*ir.Func][]bool{}, needs: map[needKey]*need{}, flows: map[flowKey]*flow{}, pushforwards: map[pushforwardKey]*pushforward{},
		pullbacks: map[pullbackKey]*pullback{}, expansions: map[expansionKey]*expansion{}, recursions: map[pullbackKey]*recursion{}, callers: map[*ir.Func]*ir.Func{},
	}
	d.lanes, d.given = inLanes(m.Funcs), map[*ir.Func]bool{}
	for _, f := range m.Funcs {
		d.names[f.Name], d.given[f] = true, true
		d.derives[f] = contains(f.Body, func(op *ir.Op) bool { return derives(op) })
	}
	for _, f := range m.Funcs {
		if f.Rule != nil {
			d.tangents[f.Rule.Tangent] = tangentParams(f)
		}
	}
	entries := entries(m)
	given := slices.Clone(m.Funcs)
	var rules []*ir.Func
	for _, f := range given {
		if f.Rule != nil {
			rules = append(rules, f.Rule.Tangent)
		}
	}
	if err := d.expandAll(reachable(rules)); err != nil {
		return err
	}
	if err := d.checkRules(given); err != nil {
		return err
	}
	if err := d.expandAll(given); err != nil {
		return err
	}
	for _, f := range m.Funcs {
		f.Rule = nil
	}
	if len(rules) > 0 || len(m.Funcs) > len(given) {
		m.Funcs = reachable(entries)
	}
	return nil
}

// A differ works on one module.
type differ struct {
	m       *ir.Module
	whole   bool            // loops are not split
	names   map[string]bool // of functions
	state   map[*ir.Func]state
	derives map[*ir.Func]bool // functions that had a jvp or a vjp in them
	lanes   map[*ir.Op]bool   // derivatives in the bodies of maps
	given   map[*ir.Func]bool // functions that are not derived; of others no loop is split
	ready   map[*ir.Func]bool // functions that come across no jvp and no vjp any more

	tangents     map[*ir.Func][]bool // which parameters of the tangent of a rule are tangents
	solver       solver
	needs        map[needKey]*need
	flows        map[flowKey]*flow
	pushforwards map[pushforwardKey]*pushforward
	pullbacks    map[pullbackKey]*pullback
	expansions   map[expansionKey]*expansion
	recursions   map[pullbackKey]*recursion
	callers      map[*ir.Func]*ir.Func // of functions with rules
}

// state is how far the expansion of a function is.
type state uint8

const (
	untouched state = iota
	underway
	expanded
)

// derives reports whether op is a derivative.
func derives(op *ir.Op) bool {
	_, ok := op.Attr.(ir.DeriveAttr)
	return ok
}

// contains reports whether b, or a block in it, has an operation like that.
func contains(b *ir.Block, like func(*ir.Op) bool) bool {
	return slices.ContainsFunc(b.Ops, func(op *ir.Op) bool {
		return like(op) || slices.ContainsFunc(op.Regions, func(r *ir.Block) bool { return contains(r, like) })
	})
}

// mentioned are the functions that f calls or derives, and those of its rule.
func mentioned(f *ir.Func) []*ir.Func {
	var list []*ir.Func
	contains(f.Body, func(op *ir.Op) bool {
		if callee := op.Callee(); callee != nil {
			list = append(list, callee)
		}
		return false
	})
	if f.Rule != nil {
		list = append(list, f.Rule.Tangent)
		if f.Rule.Pullback != nil {
			list = append(list, f.Rule.Pullback)
		}
	}
	return list
}

// entries are the functions that the module is there for: Main, those that are
// called from outside, and those that no other one mentions.
func entries(m *ir.Module) []*ir.Func {
	inside := map[*ir.Func]bool{}
	for _, f := range m.Funcs {
		for _, g := range mentioned(f) {
			inside[g] = inside[g] || g != f
		}
	}
	var list []*ir.Func
	for _, f := range m.Funcs {
		if f == m.Main || slices.Contains(m.Entries, f) || !inside[f] {
			list = append(list, f)
		}
	}
	return list
}

// reachable lists the functions that those of roots mention, and they; callees
// come first where there is no recursion.
func reachable(roots []*ir.Func) []*ir.Func {
	var list []*ir.Func
	seen := map[*ir.Func]bool{}
	type frame struct {
		f    *ir.Func
		next []*ir.Func
	}
	for _, root := range roots {
		if seen[root] {
			continue
		}
		seen[root] = true
		frames := []frame{{root, mentioned(root)}}
		for len(frames) > 0 {
			top := &frames[len(frames)-1]
			if len(top.next) == 0 {
				list = append(list, top.f)
				frames = frames[:len(frames)-1]
				continue
			}
			g := top.next[0]
			top.next = top.next[1:]
			if !seen[g] {
				seen[g] = true
				frames = append(frames, frame{g, mentioned(g)})
			}
		}
	}
	return list
}

func (d *differ) expandAll(funcs []*ir.Func) error {
	for _, f := range funcs {
		if err := d.expand(f); err != nil {
			return err
		}
	}
	return nil
}

// expand replaces the derivatives in f, after those in the functions that they
// are derivatives of.
func (d *differ) expand(f *ir.Func) error {
	if d.state[f] != untouched {
		return nil
	}
	if !d.derives[f] {
		d.state[f] = expanded
		return nil
	}
	d.state[f] = underway
	used := usedValues(f)
	r := rewrite.New(f)
	var err error
	r.Walk(func(op *ir.Op) bool {
		if err != nil || !derives(op) {
			return true
		}
		if err = d.prepare(op); err != nil {
			return true
		}
		e := newEmitter(ir.NewBuilder(f, &ir.Block{}).From(op))
		derive := d.jvp
		switch op.Code {
		case ir.VJP:
			derive = d.vjp
		case ir.Taylor:
			derive = d.taylor
		}
		var results []*ir.Value
		if results, err = derive(e, op, used); err != nil {
			return true
		}
		r.Emit(e.Block.Ops...)
		for i, v := range results {
			if v != nil {
				r.Replace(op.Results[i], v)
			}
		}
		return false
	})
	d.state[f] = expanded
	return err
}

// prepare expands everything that the derivative op may come across.
func (d *differ) prepare(op *ir.Op) error {
	callee := op.Callee()
	if d.ready[callee] {
		return nil
	}
	for _, g := range reachable([]*ir.Func{callee}) {
		if err := d.expand(g); err != nil {
			return err
		}
		if d.state[g] == underway {
			return refuse(op, Endless, "take the derivative of a function that does not come back here",
				"the derivative of %s is taken within %s, on which it depends", callee.Name, g.Name)
		}
	}
	d.ready[callee] = true
	return nil
}

// usedValues are the values that anything in f uses.
func usedValues(f *ir.Func) map[*ir.Value]bool {
	used := map[*ir.Value]bool{}
	use := func(v *ir.Value) { used[v] = true }
	for _, op := range f.Body.Ops {
		op.AllUses(f, use)
	}
	f.Body.Uses(f, use)
	return used
}

// name is a name for a derived function that no other one has.
func (d *differ) name(format string, args ...any) string {
	base := fmt.Sprintf(format, args...)
	name := base
	for i := 2; d.names[name]; i++ {
		name = fmt.Sprintf("%s.%d", base, i)
	}
	d.names[name] = true
	return name
}

// add appends a derived function to the module.
func (d *differ) add(f *ir.Func) {
	d.m.Funcs = append(d.m.Funcs, f)
	d.state[f] = expanded
}

// jvp gives what stands for the results of op, a JVP; nil for those that nobody
// uses.
func (d *differ) jvp(e *emitter, op *ir.Op, used map[*ir.Value]bool) ([]*ir.Value, error) {
	attr := op.Attr.(ir.DeriveAttr)
	callee := attr.Callee
	n := len(callee.Params)
	tangents := make([]dvalue, n)
	rest := op.Args[n:]
	for i := range tangents {
		tangents[i], rest = represented(kindOf(attr.Seeds[i]), rest)
	}
	wanted := make([]byte, len(callee.Results)-callee.SizeResults)
	next := len(callee.Results)
	for i, t := range callee.Results[callee.SizeResults:] {
		wanted[i] = zero.letter()
		if t.DType.IsInexact() {
			if used[op.Results[next]] {
				wanted[i] = dense.letter()
			}
			next++
		}
	}
	results, derivatives, err := d.call(e, callee, attr.Sizes, op.Args[:n], tangents, string(wanted))
	if err != nil {
		return nil, err
	}
	for i, u := range derivatives {
		v := results[callee.SizeResults+i]
		switch {
		case !v.Type.DType.IsInexact():
		case wanted[i] == zero.letter():
			results = append(results, nil)
		default:
			results = append(results, e.settle(u, v.Type))
		}
	}
	return results, nil
}
