package pattern

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// Of gives the pattern of each result of f that is no size, with regard to each
// parameter. Sizes in it are those of f; an offset that only a run knows makes
// an axis full.
func Of(f *ir.Func) [][]Pattern { return (&finder{known: map[*ir.Func][][]Pattern{}}).of(f) }

type finder struct {
	known map[*ir.Func][][]Pattern // nil while it is being found
}

func (d *finder) of(f *ir.Func) [][]Pattern {
	if p, ok := d.known[f]; ok {
		if p == nil {
			return allDense(f)
		}
		return p
	}
	d.known[f] = nil
	if f.Rule != nil {
		d.known[f] = d.byRule(f)
		return d.known[f]
	}
	a := &analysis{finder: d, f: f, values: map[*ir.Value][]Pattern{}, numbers: map[*ir.Value]affine{}, sizes: map[ir.Atom]bool{}}
	for _, s := range f.Sizes {
		a.sizes[ir.Atom(s.ID)] = true
	}
	for i, p := range f.Params {
		a.values[p] = make([]Pattern, len(f.Params))
		if p.Type.DType.IsInexact() {
			a.values[p][i] = same(p.Type.Rank())
		}
	}
	a.block(f.Body)
	var out [][]Pattern
	for _, v := range f.Body.Yield[f.SizeResults:] {
		out = append(out, a.get(v))
	}
	d.known[f] = out
	return out
}

// byRule is the pattern of a function whose derivative was declared: that of its
// tangent with regard to the tangents.
func (d *finder) byRule(f *ir.Func) [][]Pattern {
	tangent := d.of(f.Rule.Tangent)
	out := make([][]Pattern, len(f.Results)-f.SizeResults)
	next := 0
	for i, t := range f.Results[f.SizeResults:] {
		out[i] = make([]Pattern, len(f.Params))
		if !t.DType.IsInexact() {
			continue
		}
		seed := len(f.Params)
		for k, p := range f.Params {
			if p.Type.DType.IsInexact() {
				out[i][k] = tangent[next][seed]
				seed++
			}
		}
		next++
	}
	return out
}

func allDense(f *ir.Func) [][]Pattern {
	out := make([][]Pattern, len(f.Results)-f.SizeResults)
	for i := range out {
		for _, p := range f.Params {
			out[i] = append(out[i], dense(p.Type.Rank()))
		}
	}
	return out
}

// An analysis is that of one function.
type analysis struct {
	*finder
	f       *ir.Func
	values  map[*ir.Value][]Pattern // by parameter; inside of maps with their indices as leading axes
	numbers map[*ir.Value]affine    // of i64 values
	sizes   map[ir.Atom]bool        // that are known where the function begins
	lead    int                     // axes of the maps around
	depth   map[*ir.Value]int       // of values in maps: how many leading axes they have
}

// An affine is what is known of an i64 value: Step times the index along an
// axis of the maps around, or along its own last axis, plus Offset.
type affine struct {
	axis   int // of the maps around; own for its own axis; -1 if it is Offset
	step   int64
	offset ir.Dim
}

const own = 1 << 20

// get gives the patterns of v, none of those that don't vary.
func (a *analysis) get(v *ir.Value) []Pattern {
	if p, ok := a.values[v]; ok {
		return p
	}
	return make([]Pattern, len(a.f.Params))
}

// here gives the patterns of v with all indices of the maps around as leading
// axes.
func (a *analysis) here(v *ir.Value) []Pattern {
	had := a.depth[v]
	if had == a.lead {
		return a.get(v)
	}
	at := make(Relation, had+v.Type.Rank())
	for k := range at {
		if k < had {
			at[k] = along(k)
		} else {
			at[k] = along(k - had + a.lead)
		}
	}
	return a.mapped(a.get(v), at)
}

func (a *analysis) mapped(p []Pattern, at Relation) []Pattern {
	out := make([]Pattern, len(p))
	for i := range p {
		out[i] = p[i].through(at)
	}
	return out
}

func (a *analysis) union(p, q []Pattern) []Pattern {
	out := make([]Pattern, len(p))
	for i, param := range a.f.Params {
		out[i] = union(p[i], q[i], param.Type.Rank())
	}
	return out
}

// spread is the pattern of something that depends on all of what p depends on.
func (a *analysis) spread(p []Pattern) []Pattern {
	out := make([]Pattern, len(p))
	for i, param := range a.f.Params {
		if len(p[i]) > 0 {
			out[i] = dense(param.Type.Rank())
		}
	}
	return out
}

func (a *analysis) set(v *ir.Value, p []Pattern) {
	if !slices.ContainsFunc(p, func(q Pattern) bool { return len(q) > 0 }) {
		return
	}
	if a.depth == nil {
		a.depth = map[*ir.Value]int{}
	}
	a.values[v], a.depth[v] = p, a.lead
}

func (a *analysis) block(b *ir.Block) {
	for _, op := range b.Ops {
		a.number(op)
		a.operation(op)
	}
}

// axes is the identity of a value of that rank here: the indices of the maps,
// then its own.
func (a *analysis) axes(rank int) Relation { return same(a.lead + rank)[0] }
