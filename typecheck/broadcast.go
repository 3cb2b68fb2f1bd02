package typecheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Broadcasting.

// elementwise is an operation on arrays, broadcast, with a result of dtype t.
// The caller has seen to it that dtypes are right and shapes broadcast.
func (c *checker) elementwise(code ir.Code, t ir.DType, args []value, span ast.Span) value {
	for _, v := range args {
		if v.isBad() {
			return bad
		}
	}
	dims, ok := c.broadcastDims(args)
	if !ok {
		operands := make([]operand, len(args))
		for i, v := range args {
			operands[i] = operand{v, nil}
		}
		return c.broadcastError(strings.ToLower(code.String()), operands, span)
	}
	stretched, computed := false, false
	for _, v := range args {
		a := v.t.(Array)
		stretched = stretched || !slices.EqualFunc(a.Dims, dims, ir.Dim.Equal)
		computed = computed || !simple(v.x)
	}
	build := func(args []value) value {
		x := &Op{Code: code, T: Array{t, dims}, Span: span}
		for _, v := range args {
			x.Args = append(x.Args, c.broadcast(v, dims).x)
		}
		return value{t: x.T, x: x, span: span}
	}
	if stretched && computed {
		// An operand is stretched to sizes that may be known only when another
		// has been computed.
		return c.namedAll(args, func(args []value) value {
			for i := range args {
				args[i] = again(args[i])
			}
			return build(args)
		})
	}
	return build(args)
}

// broadcastDims is the common shape of arrays, as NumPy finds it; false if there
// is none.
func (c *checker) broadcastDims(args []value) ([]ir.Dim, bool) {
	var shapes [][]ir.Dim
	for _, v := range args {
		a, _ := v.t.(Array)
		shapes = append(shapes, a.Dims)
	}
	return c.broadcastShapes(shapes)
}

func (c *checker) broadcastShapes(shapes [][]ir.Dim) ([]ir.Dim, bool) {
	rank := 0
	for _, s := range shapes {
		rank = max(rank, len(s))
	}
	dims := make([]ir.Dim, rank)
	for i := range dims {
		dims[i] = ir.Size(1)
		for _, s := range shapes {
			k := i - rank + len(s)
			if k < 0 || s[k].IsConst(1) {
				continue
			}
			switch {
			case dims[i].IsConst(1):
				dims[i] = s[k]
			case c.compareDims(dims[i], s[k]) == different:
				return nil, false
			default:
				// Of two sizes that may be equal, the number says more.
				if _, isConst := s[k].Const(); isConst {
					dims[i] = s[k]
				}
			}
		}
	}
	return dims, true
}

// broadcast stretches v to dims, with a run-time check where sizes are only
// known to be able to agree.
func (c *checker) broadcast(v value, dims []ir.Dim) value {
	a := v.t.(Array)
	same, check := len(a.Dims) == len(dims), false
	asserted := append([]ir.Dim(nil), a.Dims...)
	for i, d := range a.Dims {
		want := dims[i+len(dims)-len(a.Dims)]
		if d.Equal(want) {
			continue
		}
		if d.IsConst(1) {
			same = false
			continue
		}
		asserted[i] = want
		check = true
	}
	if check {
		n := len(a.Dims)
		v = c.retype(v, asserted, "these shapes do not broadcast: "+sizePattern(n, 0)+" and "+sizePattern(n, n))
	}
	if same {
		return v
	}
	t := Array{a.DType, dims}
	v.x = &Op{Code: ir.Broadcast, Attr: ir.DimsAttr{Dims: dims}, Args: []Expr{v.x}, T: t, Span: v.span}
	v.t = t
	v.info = info{}
	return v
}

// broadcastError reports shapes that do not broadcast.
func (c *checker) broadcastError(op string, args []operand, span ast.Span) value {
	parts := make([]string, len(args))
	var labels []ast.Label
	for i, o := range args {
		parts[i] = c.show(o.t)
		labels = append(labels, ast.Label{Span: o.span, Text: c.label(o.value, o.e)})
	}
	text := strings.Join(parts, ", ")
	if len(args) == 2 && len(op) <= 2 {
		text = parts[0] + " " + op + " " + parts[1]
	}
	d := c.fail(span, ast.CodeShapeMismatch, "these shapes do not broadcast: %s", text)
	if apart(labels) {
		d.Span, d.Label = labels[0].Span, labels[0].Text
		labels = labels[1:]
	}
	d.Labels = append(labels, d.Labels...)
	// Say which axis is to blame, from the last.
	for k := 1; ; k++ {
		var dims []ir.Dim
		for _, o := range args {
			if a := o.t.(Array); k <= len(a.Dims) {
				if dim := a.Dims[len(a.Dims)-k]; !dim.IsConst(1) {
					dims = append(dims, dim)
				}
			}
		}
		for i := 1; i < len(dims); i++ {
			if c.compareDims(dims[0], dims[i]) == different {
				which := "the last dimensions are"
				if k > 1 {
					which = fmt.Sprintf("the dimensions %d from the end are", k)
				}
				d.Notes = append(d.Notes, fmt.Sprintf("%s %s and %s; they must be equal, or one of them 1", which, c.showDim(dims[0]), c.showDim(dims[i])))
				d.Notes = append(d.Notes, c.explainSizes(dims[0], dims[i])...)
				return bad
			}
		}
		if k > 64 {
			return bad
		}
	}
}

// apart reports whether all labels have places of their own.
func apart(labels []ast.Label) bool {
	for i, l := range labels {
		if !l.Span.IsValid() || i > 0 && l.Span == labels[i-1].Span {
			return false
		}
	}
	return true
}

// eachPart applies f part by part to equal structures; a number goes with every
// part.
func (c *checker) eachPart(args []value, span ast.Span, f func([]value) value) value {
	var shape Type
	for _, v := range args {
		if !isStructure(v.t) {
			if _, ok := v.array(); !ok || v.rank() != 0 {
				return c.fail(span, ast.CodeTypeMismatch, "%s and %s have different structures", c.show(args[0].t), c.show(args[len(args)-1].t)).value()
			}
			continue
		}
		if shape != nil && structure(shape) != structure(v.t) {
			return c.fail(span, ast.CodeTypeMismatch, "%s and %s have different structures", c.show(args[0].t), c.show(args[len(args)-1].t)).value()
		}
		shape = v.t
	}
	return c.namedAll(args, func(vs []value) value {
		n := 0
		switch s := shape.(type) {
		case Tuple:
			n = len(s.Elems)
		case Record:
			n = len(s.Types)
		}
		parts := make([]value, n)
		for i := range parts {
			row := make([]value, len(vs))
			for k, v := range vs {
				if isStructure(v.t) {
					row[k] = c.part(v, i)
				} else {
					row[k] = again(v)
				}
			}
			parts[i] = f(row)
		}
		if r, ok := shape.(Record); ok {
			return c.makeRecord(r.Names, parts, span)
		}
		return c.makeTuple(parts, span)
	})
}

// structure is the form of a tuple or record without its arrays.
func structure(t Type) string {
	switch t := t.(type) {
	case Tuple:
		return fmt.Sprintf("(%d)", len(t.Elems))
	case Record:
		return "{" + strings.Join(t.Names, ",") + "}"
	}
	return ""
}
