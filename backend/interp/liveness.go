package interp

import "github.com/calx-lang/calx/ir"

// liveness tells where each array is used for the last time, so that its handle
// can be passed on there and its storage changed in place.
type liveness struct {
	compiler  *compiler
	live      []bool                    // by value: used later
	depth     []int32                   // by value: how many regions it stands in
	free      map[*ir.Op][]*ir.Value    // arrays from outside that the regions of an op use
	last      map[*ir.Op][]bool         // by operand: its last use
	yieldLast map[*ir.Block][]bool      // by yielded value: its last use
	entry     map[*ir.Block][]*ir.Value // arrays that nothing uses once the block begins
	after     map[*ir.Op][]*ir.Value    // arrays that nothing uses after an op with regions, or ever
}

func isArray(v *ir.Value) bool { return v.Type.Rank() > 0 }

func newLiveness(c *compiler, f *ir.Func) *liveness {
	l := &liveness{
		compiler:  c,
		live:      make([]bool, f.NumValues()),
		depth:     make([]int32, f.NumValues()),
		free:      map[*ir.Op][]*ir.Value{},
		last:      map[*ir.Op][]bool{},
		yieldLast: map[*ir.Block][]bool{},
		entry:     map[*ir.Block][]*ir.Value{},
		after:     map[*ir.Op][]*ir.Value{},
	}
	l.collect(f.Body, nil)
	return l
}

// collect finds depths, counts uses and finds the free arrays of the ops around.
func (l *liveness) collect(b *ir.Block, around []*enclosing) {
	define := func(values []*ir.Value) {
		for _, v := range values {
			l.depth[v.ID] = int32(len(around))
		}
	}
	use := func(values []*ir.Value) {
		for _, v := range values {
			l.compiler.uses[v.ID]++
			if !isArray(v) {
				continue
			}
			for k := len(around) - 1; k >= 0 && l.depth[v.ID] <= int32(k); k-- {
				if e := around[k]; !e.seen[v] {
					e.seen[v] = true
					l.free[e.op] = append(l.free[e.op], v)
				}
			}
		}
	}
	define(b.Params)
	for _, op := range b.Ops {
		use(op.Args)
		if len(op.Regions) > 0 {
			e := &enclosing{op, map[*ir.Value]bool{}}
			for _, r := range op.Regions {
				l.collect(r, append(around[:len(around):len(around)], e))
			}
		}
		define(op.Results)
	}
	use(b.Yield)
}

type enclosing struct {
	op   *ir.Op
	seen map[*ir.Value]bool
}

// block goes through b backwards; live holds what is used after it.
func (l *liveness) block(b *ir.Block) {
	l.yieldLast[b] = l.consume(b.Yield)
	steps := l.compiler.steps[b]
	for i := len(steps) - 1; i >= 0; i-- {
		if g := steps[i].group; g != nil {
			l.group(g)
		} else {
			l.op(steps[i].op, steps[i].reduce)
		}
	}
	for _, p := range b.Params {
		if isArray(p) && !l.live[p.ID] {
			l.entry[b] = append(l.entry[b], p)
		}
		l.live[p.ID] = false
	}
}

// consume marks the values as used and tells which of the uses are last ones.
func (l *liveness) consume(values []*ir.Value) []bool {
	last := make([]bool, len(values))
	for i := len(values) - 1; i >= 0; i-- {
		if v := values[i]; isArray(v) {
			last[i] = !l.live[v.ID]
			l.live[v.ID] = true
		}
	}
	return last
}

func (l *liveness) group(g *group) {
	for _, s := range g.sinks {
		r := s.Results[0]
		if isArray(r) && !l.live[r.ID] {
			g.dead = append(g.dead, r)
		}
		l.live[r.ID] = false
	}
	for _, v := range g.outputs {
		l.live[v.ID] = false
	}
	copy(g.last, l.consume(g.inputs))
}

func (l *liveness) op(op, reduce *ir.Op) {
	results := op.Results
	if reduce != nil {
		results = reduce.Results
	}
	for _, r := range results {
		if isArray(r) && !l.live[r.ID] {
			l.after[op] = append(l.after[op], r)
		}
		l.live[r.ID] = false
	}
	switch {
	case op.Code == ir.If:
		l.branches(op)
	case len(op.Regions) > 0:
		for _, v := range l.free[op] {
			if !l.live[v.ID] {
				l.after[op] = append(l.after[op], v)
				l.live[v.ID] = true
			}
		}
		for i, r := range op.Regions {
			if op.Code == ir.While && i == 0 {
				for _, p := range r.Params { // the body or the results use them
					l.live[p.ID] = true
				}
			}
			l.block(r)
		}
	}
	l.last[op] = l.consume(op.Args)
}

// branches: what one block uses for the last time, the other lets go at once.
func (l *liveness) branches(op *ir.Op) {
	var dying []*ir.Value
	for _, v := range l.free[op] {
		if !l.live[v.ID] {
			dying = append(dying, v)
		}
	}
	for _, r := range op.Regions {
		l.block(r)
		for _, v := range dying {
			if !l.live[v.ID] {
				l.entry[r] = append(l.entry[r], v)
			}
			l.live[v.ID] = false
		}
	}
	for _, v := range dying {
		l.live[v.ID] = true
	}
}
