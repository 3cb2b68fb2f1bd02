// Package dce removes what nobody uses: functions, operations without effects
// that cannot fail, results of regions, and values that loops carry for
// themselves only.
package dce

import "github.com/calx-lang/calx/ir"

// Run works on all functions of m.
func Run(m *ir.Module) error {
	effects := ir.FindEffects(m)
	m.Funcs = m.Reachable()
	for _, f := range m.Funcs {
		Sweep(f, func(op *ir.Op) bool {
			if op.Callee() != nil {
				return effects.Ordered(op) || effects.MayFail(op)
			}
			info := op.Code.Info()
			return info.Ordered(op) || info.MayFail(op)
		})
	}
	return nil
}

// Sweep works on f, where an operation that nobody uses stays if stays says so
// of what it does apart from its regions.
func Sweep(f *ir.Func, stays func(op *ir.Op) bool) {
	s := &sweep{f: f, stays: stays, live: make([]bool, f.NumValues()),
		liveOps: map[*ir.Op]bool{}, params: map[*ir.Value]place{}}
	s.mark()
	s.remove(f.Body)
}

type sweep struct {
	f       *ir.Func
	stays   func(op *ir.Op) bool
	live    []bool // values, by ID
	liveOps map[*ir.Op]bool
	params  map[*ir.Value]place
	work    []*ir.Value
}

// A place is where a parameter of a region stands.
type place struct {
	op    *ir.Op
	index int
}

func (s *sweep) use(v *ir.Value) {
	if !s.live[v.ID] {
		s.live[v.ID] = true
		s.work = append(s.work, v)
	}
}

// mark finds what is used, from the results of the function and from what has
// an effect or may fail.
func (s *sweep) mark() {
	s.roots(s.f.Body)
	for _, v := range s.f.Body.Yield {
		s.use(v)
	}
	for len(s.work) > 0 {
		v := s.work[len(s.work)-1]
		s.work = s.work[:len(s.work)-1]
		for _, d := range v.Type.Dims {
			for a := range d.Atoms {
				s.use(s.f.Value(a))
			}
		}
		if p, ok := s.params[v]; ok {
			s.useCarried(p.op, p.index)
		} else if v.Def != nil {
			s.useOp(v.Def)
			s.useResult(v.Def, v.Index)
		}
	}
}

// roots notes the parameters of the regions in b and marks what must stay. It
// reports whether there is anything of that kind.
func (s *sweep) roots(b *ir.Block) bool {
	any := false
	for _, op := range b.Ops {
		stays := s.stays(op)
		for k, region := range op.Regions {
			carried := region.Params
			if op.Code == ir.For {
				carried = carried[1:]
			}
			if op.Code == ir.For || op.Code == ir.While {
				for i, v := range carried {
					s.params[v] = place{op, i}
				}
			}
			stays = s.roots(op.Regions[k]) || stays
		}
		if stays {
			s.useOp(op)
		}
		any = any || stays
	}
	return any
}

// useOp marks what op uses whatever of its results is used.
func (s *sweep) useOp(op *ir.Op) {
	if s.liveOps[op] {
		return
	}
	s.liveOps[op] = true
	switch op.Code {
	case ir.If:
		s.use(op.Args[0])
	case ir.For:
		s.use(op.Args[0])
		s.use(op.Args[1])
	case ir.While:
		s.use(op.Regions[0].Yield[0])
	case ir.Map:
		op.Uses(s.f, s.use)
	default:
		op.Uses(s.f, s.use)
		for _, v := range op.Results {
			s.use(v)
		}
	}
}

func (s *sweep) useResult(op *ir.Op, i int) {
	switch op.Code {
	case ir.If:
		s.use(op.Regions[0].Yield[i])
		s.use(op.Regions[1].Yield[i])
	case ir.For, ir.While:
		s.useCarried(op, i)
	case ir.Map:
		s.use(op.Regions[0].Yield[i])
	}
}

// useCarried marks all that the carried value i of a loop consists of.
func (s *sweep) useCarried(op *ir.Op, i int) {
	s.useOp(op)
	s.use(op.Results[i])
	s.use(s.init(op, i))
	for k := range op.Regions {
		s.use(s.param(op, k, i))
	}
	s.use(op.Regions[len(op.Regions)-1].Yield[i])
}

func (s *sweep) init(op *ir.Op, i int) *ir.Value {
	if op.Code == ir.For {
		i += 2
	}
	return op.Args[i]
}

func (s *sweep) param(op *ir.Op, region, i int) *ir.Value {
	if op.Code == ir.For {
		i++
	}
	return op.Regions[region].Params[i]
}

// remove takes out of b what has not been marked.
func (s *sweep) remove(b *ir.Block) {
	kept := b.Ops[:0]
	for _, op := range b.Ops {
		if !s.liveOps[op] {
			continue
		}
		kept = append(kept, op)
		for _, region := range op.Regions {
			s.remove(region)
		}
		if len(op.Regions) > 0 {
			s.removeResults(op)
		}
	}
	clear(b.Ops[len(kept):])
	b.Ops = kept
}

func (s *sweep) removeResults(op *ir.Op) {
	unused := make([]bool, len(op.Results))
	for i, v := range op.Results {
		unused[i] = !s.live[v.ID]
	}
	op.Results = without(op.Results, unused, 0)
	for k, region := range op.Regions {
		switch op.Code {
		case ir.For:
			region.Params = without(region.Params, unused, 1)
		case ir.While:
			region.Params = without(region.Params, unused, 0)
		}
		if op.Code != ir.While || k == 1 {
			region.Yield = without(region.Yield, unused, 0)
		}
		for i, v := range region.Params {
			v.Index = i
		}
	}
	switch op.Code {
	case ir.For:
		op.Args = without(op.Args, unused, 2)
	case ir.While:
		op.Args = without(op.Args, unused, 0)
	}
	for i, v := range op.Results {
		v.Index = i
	}
}

// without leaves out those values, after the first skip, that are unused.
func without(values []*ir.Value, unused []bool, skip int) []*ir.Value {
	kept := append([]*ir.Value(nil), values[:skip]...)
	for i, v := range values[skip:] {
		if !unused[i] {
			kept = append(kept, v)
		}
	}
	return kept
}
