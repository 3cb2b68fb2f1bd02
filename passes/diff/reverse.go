package diff

import (
	"maps"
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/dce"
)

// A pullback is the derivative of a function in reverse mode, for some of its
// parameters and some of its results. Forward gives what the function gives and,
// behind that, residuals: what backward needs of the run. Backward takes sizes
// and residuals, then a cotangent (and its mask) for each seeded result; it gives
// the cotangents of the wanted parameters.
type pullback struct {
	forward, backward *ir.Func

	sizes     []origin // of the sizes of backward behind those of the function
	residuals []origin // of the first parameters of backward

	kinds []kind // of the cotangents of the parameters; zero: backward gives none
	exact []bool // those with a mask that are zero already where it is false
}

// An origin tells what is given for a parameter of a backward function: an
// argument of the forward function, or one of its results.
type origin struct {
	argument bool
	index    int
}

func (s origin) of(args, results []*ir.Value) *ir.Value {
	if s.argument {
		return args[s.index]
	}
	return results[s.index]
}

// A reversal makes a pullback.
type reversal struct {
	*differ
	f        *ir.Func
	fwd, bwd *ir.Func
	pullback *pullback
	home     map[*ir.Value]*frame    // of values of fwd
	placed   map[*ir.Value]*frame    // of the values of bwd that stand for them
	sizes    map[*ir.Value]*ir.Value // of sizes of fwd, those of bwd
	flow     *flow                   // of fwd: which values have cotangents
	own      *recursion              // if it is that of a function that calls itself
	failure  error

	history     *history           // of fwd
	spared      map[undoKey]bool   // arrays that are not read when they are undone
	runningUses []*runningUse      // of all running arrays
	versions    map[*ir.Value]bool // of them
	recorded    map[*ir.Value]bool // values that are not computed again
	whole       bool               // loops are not split
	isSplit     bool               // f is a loop that is
	wrt         string             // how the cotangents of the parameters are wanted
	lessened    map[undoKey]bool   // what loops carry of whose cotangents rounds take something away
	lessensMore bool               // there is more of that than was known
}

type pullbackKey struct {
	f          *ir.Func
	seeds, wrt string
	sums       bool   // backward adds cotangents of arrays to what it is given
	whole      bool   // loops are not split
	split      *split // the loop that f is, if it is one that is split
}

// reverse gives the pullback of f, which has no rule, for the parameters that
// wrt chooses and seeds of the results as DeriveAttr writes them. There is one
// for each such key. A cotangent that wrt wants masked has a mask if there is
// one: what computed the argument may have a derivative that is infinite where
// the cotangent is zero. If sums, backward takes arrays, in front of the seeds,
// that it adds the cotangents of arrays to. If whole, it does not split loops.
func (d *differ) reverse(f *ir.Func, seeds, wrt string, sums, whole bool) (*pullback, error) {
	key := pullbackKey{f: f, seeds: seeds, wrt: wrt, sums: sums, whole: whole}
	if p, ok := d.pullbacks[key]; ok {
		return p, nil
	}
	p, err := d.reversed(key, nil)
	if err == nil {
		d.pullbacks[key] = p
	}
	return p, err
}

// reversed makes the pullback of f; own is what the tapes of a recursion need.
func (d *differ) reversed(key pullbackKey, own *recursion) (*pullback, error) {
	spared, lessened := map[undoKey]bool{}, map[undoKey]bool{}
	known := derived{maps.Clone(d.recursions), maps.Clone(d.pullbacks)}
	for {
		r := &reversal{differ: d, f: key.f, own: own, pullback: &pullback{}, home: map[*ir.Value]*frame{}, placed: map[*ir.Value]*frame{},
			wrt: key.wrt, sizes: map[*ir.Value]*ir.Value{}, whole: key.whole || d.whole || !d.given[key.f], isSplit: key.split != nil,
			spared: spared, lessened: lessened, versions: map[*ir.Value]bool{}, recorded: map[*ir.Value]bool{}}
		if err := r.run(key); err != nil {
			return nil, err
		}
		if !r.sparesMore() && !r.lessensMore && (own == nil || !own.masksMore(r, known)) {
			if own != nil {
				r.pullback = own.complete(r)
			}
			r.add(r.pullback.forward)
			r.add(r.pullback.backward)
			return r.pullback, nil
		}
		delete(d.names, r.fwd.Name)
		delete(d.names, r.bwd.Name)
	}
}

func (r *reversal) run(key pullbackKey) error {
	f, seeds, wrt := key.f, key.seeds, key.wrt
	var err error
	if r.fwd, err = copyOf(f, r.name("%s.fwd", f.Name)); err != nil {
		return err
	}
	r.bwd = &ir.Func{Name: r.name("%s.bwd", f.Name), Recursive: f.Recursive, Pos: f.Pos, Body: &ir.Block{}}
	r.pullback.forward, r.pullback.backward = r.fwd, r.bwd
	for i, v := range r.fwd.Sizes {
		r.sizes[v] = r.bwd.AddSize(f.Sizes[i].Name)
		r.placed[r.sizes[v]] = nil
	}
	r.history = newHistory(r.fwd)
	r.flow = r.differ.flowOf(r.fwd, strings.ReplaceAll(wrt, string(ir.SeedMasked), string(ir.SeedDense)), seeds)

	var s ending = &residualStore{pullback: r.pullback, forced: map[*ir.Value]bool{}, sums: key.sums}
	switch {
	case r.own != nil:
		s = r.own
	case key.split != nil:
		s = splitStore{s.(*residualStore), key.split}
	}
	top := r.newFrame(nil, r.fwd.Body, newEmitter(ir.NewBuilder(r.bwd, r.bwd.Body)), s)
	top.enters(r.fwd.Params...)
	top.e.At(f.Pos)
	cotangents := s.begin(top, seeds, wrt)
	top.reverse()
	if r.failure != nil {
		return r.failure
	}
	var results []*ir.Value
	if key.split == nil {
		results = r.cotangentsOfParams(top)
	}
	top.finish()
	if r.failure != nil {
		return r.failure
	}
	for i, v := range cotangents {
		v.Index = len(r.bwd.Params) + i
	}
	r.bwd.Params = append(r.bwd.Params, cotangents...)
	r.bwd.Body.Yield = append(results, s.end(top)...)
	r.bwd.Results = []ir.Type{}
	for _, v := range r.bwd.Body.Yield {
		r.bwd.Results = append(r.bwd.Results, v.Type)
	}
	// Nothing of what backward code computes was asked for by the program.
	dce.Sweep(r.bwd, func(op *ir.Op) bool { return len(op.Regions) == 0 && op.Code != ir.Check && matters(op) })
	return nil
}

// cotangentsOfParams are what backward gives.
func (r *reversal) cotangentsOfParams(top *frame) []*ir.Value {
	var results []*ir.Value
	p := r.pullback
	p.kinds, p.exact = make([]kind, len(r.wrt)), make([]bool, len(r.wrt))
	if r.own != nil {
		r.own.found = make([]kind, len(r.wrt))
	}
	for i, x := range r.fwd.Params[:len(r.wrt)] {
		d := top.cotangent(x)
		switch kindOf(r.wrt[i]) {
		case dense:
			p.kinds[i] = dense
		case masked:
			p.kinds[i] = d.kind()
		}
		if r.own != nil {
			r.own.found[i], p.kinds[i] = d.kind(), r.own.kinds[i]
			d = top.e.settledOnly(d)
		}
		p.exact[i] = top.e.isExact(d)
		results = append(results, top.e.as(d, p.kinds[i], top.typ(x.Type))...)
	}
	return results
}

// isWanted reports whether v is a parameter of which the cotangent is wanted
// without a mask, so that masks of it are not.
func (r *reversal) isWanted(v *ir.Value) bool {
	return !r.isSplit && v.Def == nil && v.Index < len(r.wrt) && v == r.fwd.Params[v.Index] && r.wrt[v.Index] == ir.SeedDense
}

// An ending is the store of the body of a function, which has residuals outside.
type ending interface {
	store
	// begin makes the parameters of backward that are cotangents, and gives them
	// to the results of forward.
	begin(fr *frame, seeds, wrt string) []*ir.Value
	// end gives what backward gives behind the cotangents.
	end(fr *frame) []*ir.Value
}

// copyOf is f under another name, without its rule.
func copyOf(f *ir.Func, name string) (*ir.Func, error) {
	g := &ir.Func{Name: name, Recursive: f.Recursive, Pos: f.Pos, SizeResults: f.SizeResults}
	c := ir.NewCopier(f, g)
	for _, v := range f.Sizes {
		c.Bind(v, g.AddSize(v.Name))
	}
	typ := func(t ir.Type) ir.Type {
		u, ok := t.Subst(c.Size)
		if !ok {
			panic("diff: a renaming of sizes overflows")
		}
		return u
	}
	for _, v := range f.Params {
		c.Bind(v, g.AddParam(typ(v.Type), v.Name))
	}
	for _, t := range f.Results {
		g.Results = append(g.Results, typ(t))
	}
	var ok bool
	if g.Body, ok = c.Block(f.Body); !ok {
		panic("diff: a renaming of sizes overflows")
	}
	return g, nil
}

// A residualStore records values of a function's body as results of forward
// that backward takes.
type residualStore struct {
	*pullback
	forced map[*ir.Value]bool // sizes of what is recorded, which are recorded too
	sums   bool
}

func (s *residualStore) keeps(*ir.Value) bool { return false }

func (s *residualStore) prefersOuter(*frame, *ir.Value, *ir.Op) bool { return false }

func (s *residualStore) computesAgain(fr *frame, op *ir.Op) (again, decided bool) {
	for _, v := range op.Results {
		if s.forced[v] {
			return false, true
		}
	}
	return false, false
}

// prepare has the sizes of v recorded, of which the type of a parameter of
// backward is made.
func (s *residualStore) prepare(fr *frame, v *ir.Value) {
	for _, d := range v.Type.Dims {
		for a := range fr.fwd.Canon(d).Atoms {
			size := fr.fwd.Value(a)
			if _, known := fr.sizes[size]; !known {
				fr.need(size)
				s.forced[size] = true
			}
		}
	}
}

func (s *residualStore) record(fr *frame, _ *ir.Builder, v, p *ir.Value) {
	switch {
	case s.forced[v]:
		p.Index = len(fr.bwd.Sizes)
		fr.bwd.Sizes = append(fr.bwd.Sizes, p)
		s.sizes = append(s.sizes, origin{index: s.result(fr, v)})
		return
	case v.Def == nil:
		s.residuals = append(s.residuals, origin{argument: true, index: v.Index})
	default:
		s.residuals = append(s.residuals, origin{index: s.result(fr, v)})
	}
	p.Index = len(fr.bwd.Params)
	fr.bwd.Params = append(fr.bwd.Params, p)
}

// result is the place of v among the results of forward, which gets it as one
// more if it has none of just that type.
func (s *residualStore) result(fr *frame, v *ir.Value) int {
	f := fr.fwd
	dims := make([]ir.Dim, v.Type.Rank())
	for i, d := range v.Type.Dims {
		e, ok := f.Canon(d).Subst(func(a ir.Atom) ir.Dim {
			size := f.Value(a)
			if _, known := fr.sizes[size]; known {
				return size.Dim()
			}
			return ir.Sized(ir.ResultAtom(s.result(fr, size)))
		})
		if !ok {
			panic("diff: a renaming of sizes overflows")
		}
		dims[i] = e
	}
	t := ir.Type{DType: v.Type.DType, Dims: dims}
	for i, w := range f.Body.Yield {
		if w == v && f.Results[i].Equal(t) {
			return i
		}
	}
	f.Body.Yield = append(f.Body.Yield, v)
	f.Results = append(f.Results, t)
	return len(f.Results) - 1
}

func (s *residualStore) begin(fr *frame, seeds, wrt string) []*ir.Value {
	var sums []*ir.Value
	if s.sums {
		sums = fr.sumParams(wrt)
	}
	params, unknown := fr.seedParams(seeds)
	for _, j := range unknown {
		s.sizes = append(s.sizes, origin{index: j})
	}
	return append(sums, params...)
}

func (s *residualStore) end(*frame) []*ir.Value { return nil }

// seedParams makes the parameters of backward that are cotangents, and gives them
// to the results of forward. Sizes of results that only a run tells, and which
// are these results, are sizes of backward.
func (fr *frame) seedParams(letters string) (params []*ir.Value, sizes []int) {
	f := fr.fwd
	unknown := map[int]*ir.Value{}
	for i, letter := range []byte(letters) {
		at := f.SizeResults + i
		y := f.Body.Yield[at]
		k := kindOf(letter)
		if k == zero {
			continue
		}
		t, ok := f.Results[at].Subst(func(a ir.Atom) ir.Dim {
			j, unknownSize := a.ResultIndex()
			if !unknownSize {
				return fr.sizes[f.Value(a)].Dim()
			}
			if unknown[j] == nil {
				unknown[j] = fr.bwd.AddSize("")
				sizes = append(sizes, j)
			}
			return unknown[j].Dim()
		})
		if !ok {
			panic("diff: a renaming of sizes overflows")
		}
		values := []*ir.Value{fr.bwd.NewValue(t, "")}
		if k == masked {
			values = append(values, fr.bwd.NewValue(ir.Type{DType: ir.Bool, Dims: t.Dims}, ""))
		}
		params = append(params, values...)
		d, _ := represented(k, values)
		fr.add(y, fr.e.like(d, fr.typ(y.Type)))
	}
	return params, sizes
}
