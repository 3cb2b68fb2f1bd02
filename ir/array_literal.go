package ir

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
