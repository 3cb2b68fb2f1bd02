package ir

import (
	"fmt"
	"strings"
)

// ArrayLiteral is the value of a Const of rank 1 or more: its elements in row
// order. Which field counts follows from the type of the result, as for
// Literal; there is no text.
type ArrayLiteral struct {
	I []int64
	F []float64
	C []complex128
}

func (ArrayLiteral) attr() {}

// Len is the number of elements of t that the literal holds.
func (a ArrayLiteral) Len(t DType) int {
	switch t {
	case Bool, I64:
		return len(a.I)
	case F32, F64:
		return len(a.F)
	default:
		return len(a.C)
	}
}

// At is element i as a Literal.
func (a ArrayLiteral) At(t DType, i int) Literal {
	switch t {
	case Bool, I64:
		return Literal{I: a.I[i]}
	case F32, F64:
		return Literal{F: a.F[i]}
	default:
		return Literal{C: a.C[i]}
	}
}

// ArrayConst is a constant array of the type t, whose sizes are numbers.
func (b *Builder) ArrayConst(t Type, elements ArrayLiteral) *Value {
	return b.EmitTyped(Const, elements, nil, []Type{t})[0]
}

// fits reports what is wrong with the literal as a value of t.
func (a ArrayLiteral) fits(t Type) error {
	n, ok := Product(t.Dims)
	if !ok || len(t.Dims) == 0 || !n.IsConst(int64(a.Len(t.DType))) || !elements.Has(t.DType) {
		return fmt.Errorf("%d elements for a constant %s", a.Len(t.DType), t)
	}
	return nil
}

// text writes "[sizes: elements]".
func (a ArrayLiteral) text(t Type, dim func(Dim) string) string {
	var b strings.Builder
	b.WriteString("[")
	for i, d := range t.Dims {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(dim(d))
	}
	separator := ": "
	for i := range a.Len(t.DType) {
		b.WriteString(separator)
		b.WriteString(a.At(t.DType, i).text(t.DType))
		separator = ", "
	}
	b.WriteString("]")
	return b.String()
}

// arrayLiteral reads what text writes.
func (p *parser) arrayLiteral(t Type) ArrayLiteral {
	var a ArrayLiteral
	p.expect("[")
	for p.err == nil && p.peek().text != "]" && p.peek().text != ":" {
		p.dim()
		p.accept(",")
	}
	if p.accept(":") {
		for p.err == nil {
			switch e := p.literal(t.DType); t.DType {
			case Bool, I64:
				a.I = append(a.I, e.I)
			case F32, F64:
				a.F = append(a.F, e.F)
			default:
				a.C = append(a.C, e.C)
			}
			if !p.accept(",") {
				break
			}
		}
	}
	p.expect("]")
	return a
}
