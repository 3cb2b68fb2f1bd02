// Package straightline reads functions of package elementary from their Go
// source, with everything they call, as straight-line programs over 64-bit
// lanes, and writes such a program as a loop in AVX2 assembly. What a backend
// for another vector machine needs to know of a function is its Program.
package straightline

// Code is an operation on 64-bit lanes.
type Code string

// The operations. Floating-point ones round each result; comparisons give a
// mask of all ones or zeros; select takes mask, yes, no.
const (
	Parameter Code = "parameter" // Immediate: its index
	Constant  Code = "constant"  // Immediate: its bits

	Add, Sub, Mul, Div         Code = "add", "sub", "mul", "div"
	Sqrt                       Code = "sqrt"
	Nearest, Floor, Ceil, Chop Code = "nearest", "floor", "ceil", "trunc"
	Lesser, Greater            Code = "lesser", "greater" // x < y ? x : y, x > y ? x : y
	Less, LessEqual            Code = "lt", "le"
	Equal, NotEqual            Code = "eq", "ne"

	And, Or, Xor, AndNot  Code = "and", "or", "xor", "andnot" // andnot x y: x and not y
	IntegerAdd            Code = "i64.add"
	IntegerSub            Code = "i64.sub"
	IntegerEqual          Code = "i64.eq"
	ShiftLeft, ShiftRight Code = "shl", "shr" // logical, by Immediate

	Select Code = "select"
)

// Value is the result of an instruction: its index in Program.Instructions.
type Value int

// Instruction is one operation; its operands are earlier values.
type Instruction struct {
	Code      Code
	Operands  [3]Value // unused ones are -1
	Immediate uint64
}

// Program is a list of instructions without repetitions.
type Program struct {
	Instructions []Instruction
	known        map[Instruction]Value
}

// arity is the number of operands of an instruction.
func (instruction Instruction) arity() int {
	n := 0
	for n < 3 && instruction.Operands[n] >= 0 {
		n++
	}
	return n
}

// emit appends an instruction, a simpler one that gives the same bits, or
// finds the equal one that stands already.
func (p *Program) emit(code Code, immediate uint64, operands ...Value) Value {
	instruction := Instruction{Code: code, Operands: [3]Value{-1, -1, -1}, Immediate: immediate}
	copy(instruction.Operands[:], operands)
	if code == Sub && p.isConstant(operands[1], 0) {
		return operands[0] // x - (+0) is x in every bit
	}
	if code == Select {
		condition := p.Instructions[operands[0]]
		switch less := condition.Operands; {
		case condition.Code == Less && less[0] == operands[1] && less[1] == operands[2]:
			return p.emit(Lesser, 0, operands[1], operands[2])
		case condition.Code == Less && less[1] == operands[1] && less[0] == operands[2]:
			return p.emit(Greater, 0, operands[1], operands[2])
		}
	}
	if known, ok := p.known[instruction]; ok {
		return known
	}
	if p.known == nil {
		p.known = map[Instruction]Value{}
	}
	value := Value(len(p.Instructions))
	p.Instructions = append(p.Instructions, instruction)
	p.known[instruction] = value
	return value
}

func (p *Program) isConstant(v Value, bits uint64) bool {
	instruction := p.Instructions[v]
	return instruction.Code == Constant && instruction.Immediate == bits
}

// Needed lists the values that the results depend on, in order.
func (p *Program) Needed(results ...Value) []Value {
	needed := make([]bool, len(p.Instructions))
	for _, result := range results {
		needed[result] = true
	}
	var values []Value
	for v := len(p.Instructions) - 1; v >= 0; v-- {
		if needed[v] {
			for _, operand := range p.Instructions[v].Operands[:p.Instructions[v].arity()] {
				needed[operand] = true
			}
		}
	}
	for v, need := range needed {
		if need {
			values = append(values, Value(v))
		}
	}
	return values
}

// Parameters adds the parameters of a function to an empty program.
func (p *Program) Parameters(count int) []Value {
	var values []Value
	for i := range count {
		values = append(values, p.emit(Parameter, uint64(i)))
	}
	return values
}
