package diff

import "github.com/calx-lang/calx/ir"

// reverseIf makes an if on the same condition, which goes back through the block
// that ran. A value from outside that gets a cotangent in one block is passed
// through the other as it is.
func (fr *frame) reverseIf(op *ir.Op) {
	n := len(op.Results) // without what will be recorded
	if !fr.seeded(op) && !fr.undoes(op) {
		return
	}
	c := fr.need(op.Args[0])
	var arms [2]*frame
	for k, region := range op.Regions {
		arms[k] = fr.inside(op, region, fr.e.inside(), fr.e.Builder, &ifStore{number: k, results: map[*ir.Value]*ir.Value{}})
	}
	passing := fr.throughIf(op, arms)
	for k, region := range op.Regions {
		arm := arms[k]
		for i, v := range op.Results[:n] {
			arm.seed(region.Yield[i], fr.cotangent(v))
		}
		arm.reverse()
	}
	var changed []*ir.Value
	seen := map[*ir.Value]bool{}
	for _, arm := range arms {
		for _, v := range arm.changed {
			if !seen[v] {
				seen[v] = true
				changed = append(changed, v)
			}
		}
	}
	var types []ir.Type
	kinds := make([]kind, len(changed))
	exact := make([]bool, len(changed))
	for i, v := range changed {
		t := fr.typ(v.Type)
		x, y := arms[0].cotangent(v), arms[1].cotangent(v)
		kinds[i] = eitherOr(x.kind(), y.kind())
		types = append(types, typesOf(kinds[i], t)...)
		exact[i] = true
		for k, d := range []dvalue{x, y} {
			exact[i] = exact[i] && (d.mask == nil || fr.e.isExact(d))
			if kinds[i] == dense {
				d = dvalue{v: arms[k].e.settle(d, t)}
			}
			arms[k].e.Block.Yield = append(arms[k].e.Block.Yield, arms[k].e.as(d, kinds[i], t)...)
		}
	}
	for _, p := range passing {
		types = append(types, p.r.now.Type)
		for k, arm := range arms {
			arm.e.Block.Yield = append(arm.e.Block.Yield, p.arms[k].now)
		}
	}
	arms[0].finish()
	arms[1].finish()
	if fr.failure != nil {
		return
	}
	results := fr.e.EmitTyped(ir.If, nil, []*ir.Value{c}, types, arms[0].e.Block, arms[1].e.Block)
	for i, v := range changed {
		var d dvalue
		d, results = represented(kinds[i], results)
		if exact[i] {
			d = fr.e.exactly(d)
		}
		fr.set(v, d)
	}
	for i, p := range passing {
		p.r.moves(p.before, results[i])
	}
}

// seeded reports whether a result of op has a cotangent.
func (fr *frame) seeded(op *ir.Op) bool {
	for _, v := range op.Results {
		if !fr.cotangent(v).zero() {
			return true
		}
	}
	return false
}

// seed adds to the cotangent of y that of a value that y becomes, which may
// write the same sizes in another way.
func (fr *frame) seed(y *ir.Value, d dvalue) {
	if !d.zero() && fr.active(y) {
		fr.add(y, fr.e.like(d, fr.typ(y.Type)))
	}
}

// An ifStore records values of a block of an if as results of it. The other
// block gives zeros, of size 0 where the size is known in the block only.
type ifStore struct {
	number  int // of the block
	results map[*ir.Value]*ir.Value
}

func (s *ifStore) keeps(*ir.Value) bool { return false }

func (s *ifStore) prefersOuter(_ *frame, v *ir.Value, op *ir.Op) bool {
	return v.Type.Rank() <= op.Results[0].Type.Rank()
}

func (s *ifStore) record(fr *frame, head *ir.Builder, v, p *ir.Value) {
	for i, y := range fr.op.Regions[s.number].Yield {
		if y == v {
			fr.adopt(head, p, fr.op.Results[i])
			return
		}
	}
	fr.adopt(head, p, s.result(fr, v))
}

// adopt lets p be what v, a value of the block around that of fr, is in
// backward code.
func (fr *frame) adopt(head *ir.Builder, p, v *ir.Value) {
	if fr.outer.needs[v] == nil && fr.outer.home[v] == fr.outer && p.Type.Equal(fr.outer.typ(v.Type)) {
		fr.outer.needs[v], fr.placed[p] = p, fr.outer
		return
	}
	alias(head, p, fr.outer.need(v))
}

// result is one more result of the if, which is v if the block runs.
func (s *ifStore) result(fr *frame, v *ir.Value) *ir.Value {
	if r := s.results[v]; r != nil {
		return r
	}
	op, f := fr.op, fr.fwd
	region, other := op.Regions[s.number], op.Regions[1-s.number]
	dims, none := make([]ir.Dim, v.Type.Rank()), make([]ir.Dim, v.Type.Rank())
	for i, d := range v.Type.Dims {
		if dims[i], none[i] = f.Canon(d), f.Canon(d); fr.reaches(dims[i]) {
			continue
		}
		size := ir.NewBuilder(f, region).SizeValue(dims[i])
		fr.enters(size)
		dims[i], none[i] = s.result(fr, size).Dim(), ir.Size(0)
	}
	b := ir.NewBuilder(f, other)
	absent := b.Broadcast(b.Number(v.Type.DType, 0), none...)
	r := op.AddResult(f, ir.Type{DType: v.Type.DType, Dims: dims}, v.Name)
	region.Yield = append(region.Yield, v)
	other.Yield = append(other.Yield, absent)
	s.results[v] = r
	fr.outer.enters(r)
	return r
}

// reaches reports whether the sizes that d is made of are there outside of the
// block.
func (fr *frame) reaches(d ir.Dim) bool {
	for a := range d.Atoms {
		if fr.home[fr.fwd.Value(a)] == fr {
			return false
		}
	}
	return true
}
