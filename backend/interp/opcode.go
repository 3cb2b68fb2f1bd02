package interp

// An opcode is what an instruction does. In the comments w are words, h handles.
type opcode uint16

const (
	opExec   opcode = iota // execs[a]
	opReturn               //
	opCall                 // calls[a]

	opMove     // w[a] = w[b]
	opMovePair // w[a:a+2] = w[b:b+2]
	opMoveText
	opTake    // h[a] = h[b]; h[b] = nil
	opShare   // h[a] = h[b], one handle more
	opRelease // h[a] = nil, one handle less

	opJump       // to a
	opJumpUnless // to a unless w[b]
	opJumpNotLtI // to a unless w[b] < w[c]
	opJumpNotLeI
	opJumpNotEqI
	opJumpNotLtF
	opJumpNotLeF
	opJumpNotEqF
	opNext // w[b]++; to a if w[b] < w[c], counting a step
	opBack // to a, counting a step

	opAddF
	opSubF
	opMulF
	opDivF
	opMinF
	opMaxF
	opNegF
	opAbsF
	opSqrtF
	opRoundToF32 // w[a] = f64(f32(w[b]))
	opFunc1      // w[a] = unary[flag](w[b])
	opFunc2      // w[a] = binary[flag](w[b], w[c])

	opAddI
	opSubI
	opMulI
	opMinI
	opMaxI
	opNegI
	opAbsI
	opSignI
	opFloorDivI
	opModI
	opPowI
	opAnd
	opOr
	opXor
	opNotI
	opNotB
	opShl
	opShr
	opPhilox

	opEqI
	opLtI
	opLeI
	opEqF
	opLtF
	opLeF

	opSelect // w[a] = w[b] ? w[c] : w[d]
	opIntToF
	opIntToF32
	opFToInt
	opFToBool
	opIntToBool

	// Elements of 8 bytes. flag: wraps, takes.
	opGather1 // w[a] = h[b][w[c]]
	opGather2 // w[a] = h[b][w[c], w[d]]
	opUpdate1 // h[a] = h[b] with [w[c]] = w[e]
	opUpdate2 // h[a] = h[b] with [w[c], w[d]] = w[e]
)

// jumpUnlessCompare gives the jumps that are comparisons too.
var jumpUnlessCompare = map[opcode]opcode{
	opLtI: opJumpNotLtI, opLeI: opJumpNotLeI, opEqI: opJumpNotEqI,
	opLtF: opJumpNotLtF, opLeF: opJumpNotLeF, opEqF: opJumpNotEqF,
}

// Flags of index instructions.
const (
	wraps   = 1 << iota // negative indices count from the end
	takes               // the array is used for the last time
	changes             // its storage may then be changed
)
