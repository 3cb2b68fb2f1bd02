package kernel

import (
	"encoding/binary"
	"math"
	"math/bits"
	"unsafe"
)

// Logic runs over 8 elements at a time: a bool is a byte, 0 or 1.

// asBytes sees bools as the bytes they are.
func asBytes(x []bool) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// word reads 8 elements, putWord writes them.
func word(x []byte) uint64         { return binary.LittleEndian.Uint64(x) }
func putWord(dst []byte, w uint64) { binary.LittleEndian.PutUint64(dst, w) }

// everyByte is a word of 8 true elements.
const everyByte = 0x0101010101010101

// scalarWord is 8 times the one element of x.
func scalarWord(x []bool) uint64 { return everyByte * uint64(b2u(x[0])) }

// b2u is 1 for true; the compiler makes it a move.
func b2u(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// logic writes, word by word, what both and one say: whether the result holds where both of x and y hold, and where one of
// them does. Each is all ones or zero.
func logic(dst, x, y []bool, both, one uint64) {
	mx, my := masks(len(dst), len(x), len(y))
	d, p, q := asBytes(dst), asBytes(x), asBytes(y)
	var wx, wy uint64
	if mx == 0 {
		wx = scalarWord(x)
	}
	if my == 0 {
		wy = scalarWord(y)
	}
	whole := len(d) &^ 7
	for i := 0; i < whole; i += 8 {
		if mx != 0 {
			wx = word(p[i:])
		}
		if my != 0 {
			wy = word(q[i:])
		}
		putWord(d[i:], wx&wy&both|(wx^wy)&one)
	}
	for i := whole; i < len(d); i++ {
		a, b := p[i&mx], q[i&my]
		d[i] = a&b&byte(both) | (a^b)&byte(one)
	}
}

const (
	no  uint64 = 0
	yes uint64 = math.MaxUint64
)

// And writes x and y.
func And(dst, x, y []bool) { logic(dst, x, y, yes, no) }

// Or writes x or y.
func Or(dst, x, y []bool) { logic(dst, x, y, yes, yes) }

// Xor writes whether exactly one of x and y holds.
func Xor(dst, x, y []bool) { logic(dst, x, y, no, yes) }

// Not writes the opposite of x.
func Not(dst, x []bool) { Xor(dst, x, []bool{true}) }

// Count is the number of true elements.
func Count(x []bool) int {
	b, n := asBytes(x), 0
	for ; len(b) >= 8; b = b[8:] {
		n += bits.OnesCount64(word(b))
	}
	for _, v := range b {
		n += int(v)
	}
	return n
}
