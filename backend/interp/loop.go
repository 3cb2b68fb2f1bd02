package interp

import (
	"math"

	"github.com/calx-lang/calx/runtime/elementary"
	"github.com/calx-lang/calx/runtime/kernel"
)

// loop runs the machine until the call stack has only base records below the
// function that it was called for, and that function returns.
func (m *machine) loop(base int) error {
	base += 1
restart:
	f := &m.f
	w, h := f.w, f.h
	code := f.fn.code
	for pc := f.pc; ; pc++ {
		i := &code[pc]
		var err error
		switch i.op {
		case opExec:
			f.pc = pc
			if err = f.fn.execs[i.a](f); err == nil {
				err = m.tick()
			}
		case opReturn:
			if len(m.calls) == base {
				return nil
			}
			m.ret()
			f.pc++
			goto restart
		case opCall:
			f.pc = pc
			if err = m.step(1); err == nil {
				if err = m.call(&f.fn.calls[i.a]); err == nil {
					goto restart
				}
			}
		case opMove:
			w[i.a] = w[i.b]
		case opMovePair:
			w[i.a], w[i.a+1] = w[i.b], w[i.b+1]
		case opMoveText:
			f.t[i.a] = f.t[i.b]
		case opTake:
			h[i.a], h[i.b] = h[i.b], nil
		case opShare:
			h[i.a] = h[i.b]
			m.memory.Retain(h[i.a])
		case opRelease:
			m.memory.Release(h[i.a])
			h[i.a] = nil

		case opJump:
			pc = int(i.a) - 1
		case opJumpUnless:
			if w[i.b] == 0 {
				pc = int(i.a) - 1
			}
		case opJumpNotLtI:
			if !(int64(w[i.b]) < int64(w[i.c])) {
				pc = int(i.a) - 1
			}
		case opJumpNotLeI:
			if !(int64(w[i.b]) <= int64(w[i.c])) {
				pc = int(i.a) - 1
			}
		case opJumpNotEqI:
			if w[i.b] != w[i.c] {
				pc = int(i.a) - 1
			}
		case opJumpNotLtF:
			if !(number(w[i.b]) < number(w[i.c])) {
				pc = int(i.a) - 1
			}
		case opJumpNotLeF:
			if !(number(w[i.b]) <= number(w[i.c])) {
				pc = int(i.a) - 1
			}
		case opJumpNotEqF:
			if number(w[i.b]) != number(w[i.c]) {
				pc = int(i.a) - 1
			}
		case opNext:
			n := int64(w[i.b]) + 1
			w[i.b] = uint64(n)
			if m.fuel--; m.fuel < 0 {
				err = m.look()
			}
			if n < int64(w[i.c]) && err == nil {
				pc = int(i.a) - 1
			}
		case opBack:
			if m.fuel--; m.fuel < 0 {
				err = m.look()
			}
			if err == nil {
				pc = int(i.a) - 1
			}

		case opAddF:
			w[i.a] = word(number(w[i.b]) + number(w[i.c]))
		case opSubF:
			w[i.a] = word(number(w[i.b]) - number(w[i.c]))
		case opMulF:
			w[i.a] = word(number(w[i.b]) * number(w[i.c]))
		case opDivF:
			w[i.a] = word(number(w[i.b]) / number(w[i.c]))
		case opMinF:
			w[i.a] = word(elementary.Min(number(w[i.b]), number(w[i.c])))
		case opMaxF:
			w[i.a] = word(elementary.Max(number(w[i.b]), number(w[i.c])))
		case opNegF:
			w[i.a] = word(-number(w[i.b]))
		case opAbsF:
			w[i.a] = w[i.b] &^ (1 << 63)
		case opSqrtF:
			w[i.a] = word(math.Sqrt(number(w[i.b])))
		case opRoundToF32:
			w[i.a] = word(float64(float32(number(w[i.b]))))
		case opFunc1:
			w[i.a] = word(unaryFuncs[i.flag].call(number(w[i.b])))
		case opFunc2:
			w[i.a] = word(binaryFuncs[i.flag].call(number(w[i.b]), number(w[i.c])))

		case opAddI:
			w[i.a] = w[i.b] + w[i.c]
		case opSubI:
			w[i.a] = w[i.b] - w[i.c]
		case opMulI:
			w[i.a] = w[i.b] * w[i.c]
		case opMinI:
			w[i.a] = uint64(min(int64(w[i.b]), int64(w[i.c])))
		case opMaxI:
			w[i.a] = uint64(max(int64(w[i.b]), int64(w[i.c])))
		case opNegI:
			w[i.a] = -w[i.b]
		case opAbsI:
			if n := int64(w[i.b]); n < 0 {
				w[i.a] = uint64(-n)
			} else {
				w[i.a] = uint64(n)
			}
		case opSignI:
			w[i.a] = uint64(elementary.SignInt(int64(w[i.b])))
		case opFloorDivI:
			if w[i.c] == 0 {
				err = divisionByZero
			} else {
				w[i.a] = uint64(elementary.FloordivInt(int64(w[i.b]), int64(w[i.c])))
			}
		case opModI:
			if w[i.c] == 0 {
				err = divisionByZero
			} else {
				w[i.a] = uint64(elementary.ModInt(int64(w[i.b]), int64(w[i.c])))
			}
		case opPowI:
			if k := int64(w[i.c]); k < 0 {
				err = negativePower(k)
			} else {
				w[i.a] = uint64(elementary.PowInt(int64(w[i.b]), k))
			}
		case opAnd:
			w[i.a] = w[i.b] & w[i.c]
		case opOr:
			w[i.a] = w[i.b] | w[i.c]
		case opXor:
			w[i.a] = w[i.b] ^ w[i.c]
		case opNotI:
			w[i.a] = ^w[i.b]
		case opNotB:
			w[i.a] = w[i.b] ^ 1
		case opShl:
			w[i.a] = uint64(elementary.ShiftLeft(int64(w[i.b]), int64(w[i.c])))
		case opShr:
			w[i.a] = uint64(elementary.ShiftRight(int64(w[i.b]), int64(w[i.c])))

		case opPhilox:
			w[i.a] = uint64(kernel.PhiloxNumber(int64(w[i.b]), int64(w[i.c])))

		case opEqI:
			w[i.a] = truth(w[i.b] == w[i.c])
		case opLtI:
			w[i.a] = truth(int64(w[i.b]) < int64(w[i.c]))
		case opLeI:
			w[i.a] = truth(int64(w[i.b]) <= int64(w[i.c]))
		case opEqF:
			w[i.a] = truth(number(w[i.b]) == number(w[i.c]))
		case opLtF:
			w[i.a] = truth(number(w[i.b]) < number(w[i.c]))
		case opLeF:
			w[i.a] = truth(number(w[i.b]) <= number(w[i.c]))

		case opSelect:
			if w[i.b] != 0 {
				w[i.a] = w[i.c]
			} else {
				w[i.a] = w[i.d]
			}
		case opIntToF:
			w[i.a] = word(float64(int64(w[i.b])))
		case opIntToF32:
			w[i.a] = word(float64(float32(int64(w[i.b]))))
		case opFToInt:
			n, ok := elementary.ToInt(number(w[i.b]))
			if !ok {
				err = outOfRange(number(w[i.b]))
			}
			w[i.a] = uint64(n)
		case opFToBool:
			w[i.a] = truth(number(w[i.b]) != 0)
		case opIntToBool:
			w[i.a] = truth(w[i.b] != 0)

		case opGather1:
			x := h[i.b]
			k, n := int64(w[i.c]), x.Len()
			if uint64(k) >= uint64(n) {
				if k, err = inside(k, n, i.flag); err != nil {
					break
				}
			}
			w[i.a] = x.Words()[k]
			if i.flag&takes != 0 {
				m.memory.Release(x)
				h[i.b] = nil
			}
		case opGather2:
			x := h[i.b]
			dims := x.Shape()
			j, k := int64(w[i.c]), int64(w[i.d])
			if uint64(j) >= uint64(dims[0]) {
				if j, err = inside(j, dims[0], i.flag); err != nil {
					break
				}
			}
			if uint64(k) >= uint64(dims[1]) {
				if k, err = inside(k, dims[1], i.flag); err != nil {
					break
				}
			}
			w[i.a] = x.Words()[int(j)*dims[1]+int(k)]
			if i.flag&takes != 0 {
				m.memory.Release(x)
				h[i.b] = nil
			}
		case opUpdate1:
			x := h[i.b]
			k, n := int64(w[i.c]), x.Len()
			if uint64(k) >= uint64(n) {
				if k, err = inside(k, n, i.flag); err != nil {
					break
				}
			}
			if i.flag&changes == 0 || !x.Owned() {
				if x, err = f.copied(i.b, i.flag&takes != 0); err != nil {
					break
				}
			} else {
				h[i.b] = nil
			}
			x.Words()[k] = w[i.e]
			h[i.a] = x
		case opUpdate2:
			x := h[i.b]
			dims := x.Shape()
			j, k := int64(w[i.c]), int64(w[i.d])
			if uint64(j) >= uint64(dims[0]) {
				if j, err = inside(j, dims[0], i.flag); err != nil {
					break
				}
			}
			if uint64(k) >= uint64(dims[1]) {
				if k, err = inside(k, dims[1], i.flag); err != nil {
					break
				}
			}
			if i.flag&changes == 0 || !x.Owned() {
				if x, err = f.copied(i.b, i.flag&takes != 0); err != nil {
					break
				}
			} else {
				h[i.b] = nil
			}
			x.Words()[int(j)*dims[1]+int(k)] = w[i.e]
			h[i.a] = x
		}
		if err != nil {
			return m.at(err, f.fn.places[pc])
		}
	}
}

func number(w uint64) float64 { return math.Float64frombits(w) }

func word(x float64) uint64 { return math.Float64bits(x) }

func truth(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
