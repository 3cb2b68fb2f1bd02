package smoothness

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ir"
)

// work is the look at one function.
type work struct {
	*solver
	f     *ir.Func
	facts [][]fact // of values by ID, by parameter; nil if they don't vary
	none  []fact
}

func (w *work) get(v *ir.Value) []fact {
	if facts := w.facts[v.ID]; facts != nil {
		return facts
	}
	return w.none
}

// set gives v its facts; what is no float is locally constant.
func (w *work) set(v *ir.Value, op *ir.Op, facts []fact) {
	if !v.Type.DType.IsInexact() {
		facts = cut(facts, op)
	}
	if slices.ContainsFunc(facts, fact.varies) {
		w.facts[v.ID] = facts
	}
}

// place is where the user wrote op.
func place(op *ir.Op) Place {
	p := Place{op.Pos, op.Code}
	for _, call := range op.Calls {
		if p.Span.IsValid() && !p.Span.IsInternal() {
			break
		}
		p.Span = call
	}
	return p
}

// cut is facts made locally constant by op.
func cut(facts []fact, op *ir.Op) []fact {
	out := make([]fact, len(facts))
	for i, d := range facts {
		out[i] = fact{cuts: d.cuts}
		if d.degree > Constant {
			out[i].cuts = d.cuts.with(places{place(op)})
		} else if len(d.kinks) > 0 {
			out[i].cuts = d.cuts.with(d.kinks)
		}
	}
	return out
}

// atLeast is facts where every dependence has that degree at least.
func atLeast(facts []fact, degree Degree) []fact {
	out := slices.Clone(facts)
	for i := range out {
		if out[i].degree > Constant {
			out[i].degree = max(out[i].degree, degree)
		}
	}
	return out
}

// broken is facts with a kink at op where they vary locally.
func broken(facts []fact, op *ir.Op) []fact {
	out := slices.Clone(facts)
	for i := range out {
		if out[i].degree > Constant {
			out[i].kinks = out[i].kinks.with(places{place(op)})
		}
	}
	return out
}

// chosen is facts of what op chooses by a condition, an index or a number of
// times: where that varies, it is a kink.
func chosen(facts, by []fact, op *ir.Op) []fact {
	out := slices.Clone(facts)
	for i := range out {
		if by[i].varies() {
			out[i].kinks = out[i].kinks.with(places{place(op)})
		}
	}
	return out
}

func (w *work) block(b *ir.Block) {
	for _, op := range b.Ops {
		w.operation(op)
	}
}

// all joins the facts of values.
func (w *work) all(values []*ir.Value) []fact {
	facts := w.none
	for _, v := range values {
		if w.facts[v.ID] != nil {
			facts = join(facts, w.get(v))
		}
	}
	return facts
}

// operation gives the results of op their facts.
func (w *work) operation(op *ir.Op) {
	switch op.Code {
	case ir.If:
		w.block(op.Regions[0])
		w.block(op.Regions[1])
		for i, v := range op.Results {
			facts := join(w.get(op.Regions[0].Yield[i]), w.get(op.Regions[1].Yield[i]))
			w.set(v, op, chosen(facts, w.get(op.Args[0]), op))
		}
		return
	case ir.Map:
		w.block(op.Regions[0])
		for i, v := range op.Results {
			w.set(v, op, w.get(op.Regions[0].Yield[i]))
		}
		return
	case ir.For:
		w.loop(op, op.Args[2:], op.Regions[0].Params[1:], op.Regions[0], w.all(op.Args[:2]))
		return
	case ir.While:
		w.loop(op, op.Args, op.Regions[1].Params, op.Regions[1], nil)
		return
	case ir.Call, ir.JVP, ir.VJP:
		w.call(op)
		return
	}
	if !slices.ContainsFunc(op.Args, func(v *ir.Value) bool { return w.facts[v.ID] != nil }) {
		return
	}
	facts := w.plain(op)
	for _, v := range op.Results {
		// Exchanges of rows, which a kernel tells too, break nothing.
		if op.Code != ir.Lib || v.Type.DType.IsInexact() {
			w.set(v, op, facts)
		}
	}
}

// plain gives the facts of the results of an operation without blocks.
func (w *work) plain(op *ir.Op) []fact {
	info := op.Code.Info()
	switch {
	case op.Code == ir.Sign && op.Args[0].Type.DType == ir.C128:
		return atLeast(w.all(op.Args), Smooth)
	case info.Derivative.Kind == ir.Cut:
		return cut(w.all(op.Args), op)
	case info.Derivative.Kind == ir.Refused:
		return atLeast(w.all(op.Args), Unknown)
	case info.Derivative.Kind == ir.ByPartials:
		return w.byPartials(op, info)
	}
	switch op.Code {
	case ir.Select:
		return chosen(w.all(op.Args[1:]), w.get(op.Args[0]), op)
	case ir.Min, ir.Max, ir.Sort:
		return broken(w.all(op.Args), op)
	case ir.Contract:
		return w.product(op.Args[0], op.Args[1])
	case ir.Gather:
		return chosen(w.get(op.Args[0]), w.all(op.Args[1:]), op)
	case ir.Update, ir.Accumulate:
		facts := w.all(op.Args[:2])
		if mode := op.Attr.(ir.IndexAttr).Mode; op.Code == ir.Accumulate && mode >= ir.AccumulateMul {
			facts = atLeast(facts, Smooth)
		}
		return chosen(facts, w.all(op.Args[2:]), op)
	case ir.Reduce:
		switch op.Attr.(ir.ReduceAttr).Kind {
		case ir.ReduceProd:
			return atLeast(w.all(op.Args), Smooth)
		case ir.ReduceMin, ir.ReduceMax:
			return broken(w.all(op.Args), op)
		}
	case ir.Scan:
		switch op.Attr.(ir.ScanAttr).Kind {
		case ir.CumProd:
			return atLeast(w.all(op.Args), Smooth)
		case ir.CumMin, ir.CumMax:
			return broken(w.all(op.Args), op)
		case ir.Recur:
			return join(atLeast(w.get(op.Args[0]), Smooth), w.product(op.Args[0], op.Args[1]))
		}
	case ir.Lib:
		return w.library(op)
	}
	return w.all(op.Args)
}

// library is linear in the right side of a triangular system, and for transforms.
func (w *work) library(op *ir.Op) []fact {
	switch op.Attr.(ir.LibAttr).Name {
	case "fft":
		return w.all(op.Args)
	case "trsolve":
		return join(atLeast(w.get(op.Args[0]), Smooth), w.product(op.Args[0], op.Args[1]))
	}
	return atLeast(w.all(op.Args), Smooth)
}

// product is linear in either factor where the other one does not vary.
func (w *work) product(a, b *ir.Value) []fact {
	x, y := w.get(a), w.get(b)
	out := join(x, y)
	for i := range out {
		if x[i].degree > Constant && y[i].degree > Constant {
			out[i].degree = max(out[i].degree, Smooth)
		}
	}
	return out
}

// byPartials reads off the derivatives in the table whether an operation is linear
// in an operand, which is where they don't mention what varies, and whether they
// jump.
func (w *work) byPartials(op *ir.Op, info *ir.Info) []fact {
	out := w.none
	for k, v := range op.Args {
		if w.facts[v.ID] == nil {
			continue
		}
		partial := info.Derivative.Partials[k]
		if partial == "0" {
			out = join(out, cut(w.get(v), op))
			continue
		}
		facts := w.get(v)
		if strings.Contains(partial, "sign(") || strings.Contains(partial, "//") || op.Code == ir.Mod {
			facts = broken(facts, op)
		} else {
			facts = w.curved(op, info, partial, facts)
		}
		out = join(out, facts)
	}
	return out
}

// curved is facts of an operand that are smooth where the partial varies.
func (w *work) curved(op *ir.Op, info *ir.Info, partial string, facts []fact) []fact {
	in := w.none
	for _, word := range strings.FieldsFunc(partial, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if word == "y" {
			in = join(in, w.all(op.Args))
		} else if k := slices.Index(info.Operands, word); k >= 0 {
			in = join(in, w.get(op.Args[k]))
		}
	}
	out := slices.Clone(facts)
	for i := range out {
		if out[i].degree > Constant && in[i].degree > Constant {
			out[i].degree = max(out[i].degree, Smooth)
		}
	}
	return out
}
