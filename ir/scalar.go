package ir

import "math"

// EvalScalar is the meaning of an elementwise operation on values of rank 0,
// whose elements are of type t (for Select those of the last two, for Convert
// and the complex parts those of the operand). It knows the operations that are
// exact or rounded correctly, not the elementary functions; and ok is false too
// where the operation fails.
func EvalScalar(code Code, attr Attr, t DType, args []Literal) (result Literal, ok bool) {
	switch {
	case code == Select:
		if args[0].I != 0 {
			return args[1], true
		}
		return args[2], true
	case code == Convert:
		return convertScalar(t, attr.(ConvertAttr).To, args[0])
	case t == Bool:
		return evalBool(code, args)
	case t == I64:
		return evalI64(code, args)
	case t == F64:
		return evalF64(code, args)
	case t == F32:
		return evalF32(code, args)
	case t == C128:
		return evalC128(code, args)
	}
	return Literal{}, false
}

func truthLiteral(b bool) (Literal, bool) {
	if b {
		return Literal{I: 1}, true
	}
	return Literal{}, true
}

func evalBool(code Code, args []Literal) (Literal, bool) {
	a, b := args[0].I != 0, args[len(args)-1].I != 0
	switch code {
	case And:
		return truthLiteral(a && b)
	case Or:
		return truthLiteral(a || b)
	case Xor:
		return truthLiteral(a != b)
	case Not:
		return truthLiteral(!a)
	case Eq:
		return truthLiteral(a == b)
	}
	return Literal{}, false
}

func evalI64(code Code, args []Literal) (Literal, bool) {
	a, b := args[0].I, args[len(args)-1].I
	give := func(n int64) (Literal, bool) { return Literal{I: n}, true }
	switch code {
	case Neg:
		return give(-a)
	case Abs:
		return give(max(a, -a, min(a, math.MinInt64)))
	case Sign:
		return give(min(max(a, -1), 1))
	case Add:
		return give(a + b)
	case Sub:
		return give(a - b)
	case Mul:
		return give(a * b)
	case Min:
		return give(min(a, b))
	case Max:
		return give(max(a, b))
	case Mod, FloorDiv:
		return floorDivide(code, a, b)
	case Pow:
		return powI64(a, b)
	case And:
		return give(a & b)
	case Or:
		return give(a | b)
	case Xor:
		return give(a ^ b)
	case Not:
		return give(^a)
	case Shl:
		if uint64(b) > 63 {
			return give(0)
		}
		return give(a << uint(b))
	case Shr:
		return give(a >> min(uint64(b), 63))
	case Eq:
		return truthLiteral(a == b)
	case Lt:
		return truthLiteral(a < b)
	case Le:
		return truthLiteral(a <= b)
	}
	return Literal{}, false
}

func floorDivide(code Code, a, b int64) (Literal, bool) {
	if b == 0 {
		return Literal{}, false
	}
	quotient, rest := -a, int64(0) // of b = -1, where the least integer wraps
	if b != -1 {
		quotient, rest = a/b, a%b
	}
	if rest != 0 && (rest < 0) != (b < 0) {
		quotient, rest = quotient-1, rest+b
	}
	if code == Mod {
		return Literal{I: rest}, true
	}
	return Literal{I: quotient}, true
}

func powI64(a, b int64) (Literal, bool) {
	if b < 0 {
		return Literal{}, false
	}
	result := int64(1)
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			result *= a
		}
		a *= a
	}
	return Literal{I: result}, true
}

func evalF64(code Code, args []Literal) (Literal, bool) {
	a, b := args[0].F, args[len(args)-1].F
	give := func(x float64) (Literal, bool) { return Literal{F: x}, true }
	switch code {
	case Neg:
		return give(-a)
	case Abs:
		return give(math.Abs(a))
	case Sqrt:
		return give(math.Sqrt(a))
	case Floor:
		return give(math.Floor(a))
	case Ceil:
		return give(math.Ceil(a))
	case Trunc:
		return give(math.Trunc(a))
	case Round:
		return give(math.RoundToEven(a))
	case Add:
		return give(a + b)
	case Sub:
		return give(a - b)
	case Mul:
		return give(a * b)
	case Div:
		return give(a / b)
	case Min:
		return give(min(a, b))
	case Max:
		return give(max(a, b))
	case CopySign:
		if b != b {
			b = 1
		}
		return give(math.Copysign(a, b))
	case Complex:
		return Literal{C: complex(a, b)}, true
	case Eq:
		return truthLiteral(a == b)
	case Lt:
		return truthLiteral(a < b)
	case Le:
		return truthLiteral(a <= b)
	}
	return Literal{}, false
}

// evalF32 computes in f64 and rounds, which for these operations gives what
// computing in f32 gives: f64 has more than twice the digits.
func evalF32(code Code, args []Literal) (Literal, bool) {
	result, ok := evalF64(code, args)
	result.F = float64(float32(result.F))
	return result, ok && code != Complex
}

func evalC128(code Code, args []Literal) (Literal, bool) {
	a, b := args[0].C, args[len(args)-1].C
	switch code {
	case Neg:
		return Literal{C: complex(-real(a), -imag(a))}, true
	case Add:
		return Literal{C: a + b}, true
	case Sub:
		return Literal{C: a - b}, true
	case Real:
		return Literal{F: real(a)}, true
	case Imag:
		return Literal{F: imag(a)}, true
	case Conj:
		return Literal{C: complex(real(a), -imag(a))}, true
	case Eq:
		return truthLiteral(a == b)
	}
	return Literal{}, false
}

func convertScalar(from, to DType, x Literal) (Literal, bool) {
	switch {
	case from == to:
		return x, true
	case to == C128 && (from == F64 || from == F32):
		return Literal{C: complex(x.F, 0)}, true
	case from == Bool || from == I64:
		switch to {
		case I64:
			return x, true
		case Bool:
			return truthLiteral(x.I != 0)
		case F64:
			return Literal{F: float64(x.I)}, true
		case F32:
			return Literal{F: float64(float32(x.I))}, true
		case C128:
			return Literal{C: complex(float64(x.I), 0)}, true
		}
	case from == F64 || from == F32:
		switch to {
		case F64:
			return x, true
		case F32:
			return Literal{F: float64(float32(x.F))}, true
		case Bool:
			return truthLiteral(x.F != 0)
		case I64:
			if x.F >= -1<<63 && x.F < 1<<63 {
				return Literal{I: int64(x.F)}, true
			}
		}
	}
	return Literal{}, false
}
