package interp

import (
	"github.com/calx-lang/calx/ir"
)

// A laneProgram is the body of a map, or a function called in one, for many
// lanes at once. Every value has a number; in a run it is an array with the
// lanes as leading axis, or with a leading axis of 1 if it is the same in all.
type laneProgram struct {
	body    *laneBlock
	values  int
	params  []int
	imports []laneImport // from the frame: constants, and values around the map
	shapes  [][]dim      // of values of rank > 0: they decide how many lanes fit
}

type laneImport struct {
	loc    loc
	number int
}

// A laneBlock is a block of the body. Free are the numbers of values from
// outside the block that it uses.
type laneBlock struct {
	params  []int
	ops     []laneOp
	yield   []int
	last    []bool // whether the yield is the last use
	free    []int
	defined []int
}

// A laneOp computes results from args. Last tells which args of rank > 0 are
// used for the last time.
type laneOp struct {
	run     laneFunc
	args    []int
	last    []bool
	results []int
	types   []laneType
	blocks  []*laneBlock
	place   place
}

// A laneType is the type of a result in one lane.
type laneType struct {
	dtype ir.DType
	dims  []dim
}

// A laneFunc runs an operation on the lanes of s.
type laneFunc func(s *laneState, op *laneOp) error

// A laneCompiler makes a laneProgram; it gives up on what can't run in lanes.
type laneCompiler struct {
	*compiler
	program *laneProgram
	numbers map[*ir.Value]int
	around  []*laneUse
	inside  map[*ir.Value]bool // defined in the body
	fixed   map[ir.Atom]bool   // sizes of the body that are the same in all lanes
}

// A laneUse finds the free values of a block.
type laneUse struct {
	block *laneBlock
	seen  map[int]bool
}

// lanes compiles the body of a map for blocks of lanes; nil if it can't be.
func (c *compiler) lanes(op *ir.Op) *laneProgram {
	l := &laneCompiler{compiler: c, program: &laneProgram{}, numbers: map[*ir.Value]int{}, inside: map[*ir.Value]bool{}, fixed: map[ir.Atom]bool{}}
	body, ok := l.block(op.Regions[0])
	if !ok {
		return nil
	}
	l.program.body = body
	return l.program
}

// lanesOfFunc compiles a whole function for lanes. Its frame holds constants
// and sizes only.
func lanesOfFunc(p *Program, f *ir.Func) *laneProgram {
	if f.Recursive {
		return nil
	}
	if prog, done := p.lanes[f]; done {
		return prog
	}
	fn := p.funcs[f]
	c := fn.compiler
	if c == nil {
		return nil
	}
	l := &laneCompiler{compiler: c, program: &laneProgram{}, numbers: map[*ir.Value]int{}, inside: map[*ir.Value]bool{}, fixed: map[ir.Atom]bool{}}
	for _, v := range f.Params {
		l.program.params = append(l.program.params, l.define(v))
	}
	body, ok := l.block(f.Body)
	prog := l.program
	prog.body = body
	if !ok {
		prog = nil
	}
	p.lanes[f] = prog
	return prog
}

func (l *laneCompiler) define(v *ir.Value) int {
	n := l.program.values
	l.program.values++
	l.numbers[v] = n
	l.inside[v] = true
	if len(l.around) > 0 {
		b := l.around[len(l.around)-1].block
		b.defined = append(b.defined, n)
	}
	if v.Type.Rank() > 0 {
		l.program.shapes = append(l.program.shapes, l.dims(v.Type.Dims))
	}
	return n
}

// use is the number of v, which is imported if it stands in the frame.
func (l *laneCompiler) use(v *ir.Value) (int, bool) {
	n, ok := l.numbers[v]
	if !ok {
		if v.Type.DType == ir.Text {
			return 0, false
		}
		n = l.program.values
		l.program.values++
		l.numbers[v] = n
		l.program.imports = append(l.program.imports, laneImport{l.loc(v), n})
	}
	for _, a := range l.around {
		if !a.seen[n] {
			a.seen[n] = true
			a.block.free = append(a.block.free, n)
		}
	}
	return n, true
}

// evenDims reports whether sizes are the same in all lanes.
func (l *laneCompiler) evenDims(dims []ir.Dim) bool {
	even := true
	for _, d := range dims {
		d.Atoms(func(a ir.Atom) bool {
			v := l.f.Value(a)
			even = !l.inside[v] || l.fixed[a]
			return even
		})
		if !even {
			return false
		}
	}
	return true
}

func (l *laneCompiler) block(b *ir.Block) (*laneBlock, bool) {
	block := &laneBlock{}
	around := &laneUse{block: block, seen: map[int]bool{}}
	l.around = append(l.around, around)
	defer func() {
		l.around = l.around[:len(l.around)-1]
		local := map[int]bool{}
		for _, n := range block.defined {
			local[n] = true
		}
		free := block.free[:0]
		for _, n := range block.free {
			if !local[n] {
				free = append(free, n)
			}
		}
		block.free = free
		if k := len(l.around); k > 0 {
			outer := l.around[k-1].block
			outer.defined = append(outer.defined, block.defined...)
		}
	}()
	for _, p := range b.Params {
		if !l.evenDims(p.Type.Dims) {
			return nil, false
		}
		block.params = append(block.params, l.define(p))
	}
	for _, op := range b.Ops {
		if !l.op(block, op) {
			return nil, false
		}
	}
	for _, v := range b.Yield {
		n, ok := l.use(v)
		if !ok {
			return nil, false
		}
		block.yield = append(block.yield, n)
	}
	block.last = l.live.yieldLast[b]
	return block, true
}

// op appends the code of one operation.
func (l *laneCompiler) op(block *laneBlock, op *ir.Op) bool {
	if op.Code == ir.Const && !isArrayConst(op) {
		return op.Results[0].Type.DType != ir.Text // imported where it is used
	}
	if op.Code == ir.SizeOp {
		return l.size(block, op)
	}
	o := laneOp{place: placeOf(op), last: l.live.last[op]}
	for _, a := range op.Args {
		n, ok := l.use(a)
		if !ok {
			return false
		}
		o.args = append(o.args, n)
	}
	for _, r := range op.Regions {
		b, ok := l.block(r)
		if !ok {
			return false
		}
		o.blocks = append(o.blocks, b)
	}
	for _, r := range op.Results {
		if !l.evenDims(r.Type.Dims) {
			return false
		}
		o.types = append(o.types, laneType{r.Type.DType, l.dims(r.Type.Dims)})
		o.results = append(o.results, l.define(r))
	}
	if o.run = l.laneFunc(op); o.run == nil {
		return false
	}
	block.ops = append(block.ops, o)
	return true
}

// size is a size made in the body of sizes that are the same in all lanes: it is
// computed in the frame.
func (l *laneCompiler) size(block *laneBlock, op *ir.Op) bool {
	attr := op.Attr.(ir.SizeAttr)
	if !l.evenDims([]ir.Dim{attr.A, attr.B}) {
		return false
	}
	v := op.Results[0]
	slots := l.atomSlots(attr.B, l.atomSlots(attr.A, nil))
	at := l.loc(v)
	n := l.define(v)
	l.fixed[ir.Atom(v.ID)] = true
	block.ops = append(block.ops, laneOp{place: placeOf(op), results: []int{n}, run: func(s *laneState, o *laneOp) error {
		s.f.w[at.slot] = uint64(attr.Eval(func(a ir.Atom) int64 { return int64(s.f.w[slots[a]]) }))
		a, err := s.import1(at)
		s.set(n, laneVal{a: a})
		return err
	}})
	return true
}
