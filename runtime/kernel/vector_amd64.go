package kernel

import (
	"unsafe"

	"golang.org/x/sys/cpu"

	"github.com/calx-lang/calx/runtime/elementary"
)

// hasAVX2 says whether the assembly may run; tests turn it off to compare.
var hasAVX2 = cpu.X86.HasAVX2

// vectorChunk is the number of elements done in one call of assembly, which can't be interrupted by the collector.
const vectorChunk = 1 << 13

//go:noescape
func addAVX(dst, x, y *float64, n, xinc, yinc int)

//go:noescape
func subAVX(dst, x, y *float64, n, xinc, yinc int)

//go:noescape
func mulAVX(dst, x, y *float64, n, xinc, yinc int)

//go:noescape
func divAVX(dst, x, y *float64, n, xinc, yinc int)

//go:noescape
func minAVX(dst, x, y *float64, n, xinc, yinc int)

//go:noescape
func maxAVX(dst, x, y *float64, n, xinc, yinc int)

//go:noescape
func eqAVX(dst *bool, x, y *float64, n, xinc, yinc int)

//go:noescape
func ltAVX(dst *bool, x, y *float64, n, xinc, yinc int)

//go:noescape
func leAVX(dst *bool, x, y *float64, n, xinc, yinc int)

//go:noescape
func selectAVX(dst *float64, c *bool, x, y *float64, n, xinc, yinc int)

//go:noescape
func negAVX(dst, x *float64, n int)

//go:noescape
func absAVX(dst, x *float64, n int)

//go:noescape
func sqrtAVX(dst, x *float64, n int)

// vectorOp names an elementwise loop in assembly.
type vectorOp int

const (
	vectorAdd vectorOp = iota
	vectorSub
	vectorMul
	vectorDiv
	vectorMin
	vectorMax
	vectorEq
	vectorLt
	vectorLe
)

// vectorOperand is an operand as the assembly reads it: where it starts, and the bytes it advances in 16 elements.
type vectorOperand struct {
	start *float64
	inc   int
}

// at is the operand from element i on.
func (o vectorOperand) at(i int) *float64 {
	return (*float64)(unsafe.Add(unsafe.Pointer(o.start), i*(o.inc/16)))
}

// operand makes x ready for the assembly; copies holds a scalar 16 times.
func operand(n int, x []float64, copies *[16]float64) vectorOperand {
	if len(x) == 1 && n != 1 {
		Fill(copies[:], x[0])
		return vectorOperand{&copies[0], 0}
	}
	return vectorOperand{unsafe.SliceData(x[:n]), 128}
}

// binaryVector runs an arithmetic loop and returns how many elements it did; the caller does the rest.
func binaryVector(op vectorOp, dst, x, y []float64) int {
	var copiesX, copiesY [16]float64
	n := len(dst)
	a, b := operand(n, x, &copiesX), operand(n, y, &copiesY)
	if op == vectorMin || op == vectorMax {
		n &^= 3
	}
	for lo := 0; lo < n; lo += vectorChunk {
		d, p, q, k := &dst[lo], a.at(lo), b.at(lo), min(vectorChunk, n-lo)
		switch op {
		case vectorAdd:
			addAVX(d, p, q, k, a.inc, b.inc)
		case vectorSub:
			subAVX(d, p, q, k, a.inc, b.inc)
		case vectorMul:
			mulAVX(d, p, q, k, a.inc, b.inc)
		case vectorDiv:
			divAVX(d, p, q, k, a.inc, b.inc)
		case vectorMin:
			minAVX(d, p, q, k, a.inc, b.inc)
		case vectorMax:
			maxAVX(d, p, q, k, a.inc, b.inc)
		}
	}
	return n
}

// compareVector runs a comparison and returns how many elements it did; the caller does the rest.
func compareVector(op vectorOp, dst []bool, x, y []float64) int {
	var copiesX, copiesY [16]float64
	n := len(dst)
	a, b := operand(n, x, &copiesX), operand(n, y, &copiesY)
	n &^= 15
	for lo := 0; lo < n; lo += vectorChunk {
		d, p, q, k := &dst[lo], a.at(lo), b.at(lo), min(vectorChunk, n-lo)
		switch op {
		case vectorEq:
			eqAVX(d, p, q, k, a.inc, b.inc)
		case vectorLt:
			ltAVX(d, p, q, k, a.inc, b.inc)
		case vectorLe:
			leAVX(d, p, q, k, a.inc, b.inc)
		}
	}
	return n
}

// from is the part of an operand that belongs to the destination's elements from i on.
func from(n, i int, x []float64) []float64 {
	if len(x) == 1 && n != 1 {
		return x
	}
	return x[i:n]
}

// shortest is the number of elements from which the assembly is faster than the loop.
const shortest = 8

func addF64(dst, x, y []float64) {
	if !hasAVX2 || len(dst) < shortest {
		addLoop(dst, x, y)
		return
	}
	binaryVector(vectorAdd, dst, x, y)
}

func subF64(dst, x, y []float64) {
	if !hasAVX2 || len(dst) < shortest {
		subLoop(dst, x, y)
		return
	}
	binaryVector(vectorSub, dst, x, y)
}

func mulF64(dst, x, y []float64) {
	if !hasAVX2 || len(dst) < shortest {
		mulLoop(dst, x, y)
		return
	}
	binaryVector(vectorMul, dst, x, y)
}

func divF64(dst, x, y []float64) {
	if !hasAVX2 || len(dst) < shortest {
		divLoop(dst, x, y)
		return
	}
	binaryVector(vectorDiv, dst, x, y)
}

func minF64(dst, x, y []float64) {
	done := 0
	if hasAVX2 {
		done = binaryVector(vectorMin, dst, x, y)
	}
	for i := done; i < len(dst); i++ {
		dst[i] = elementary.Min(x[i&mask(len(dst), len(x))], y[i&mask(len(dst), len(y))])
	}
}

func maxF64(dst, x, y []float64) {
	done := 0
	if hasAVX2 {
		done = binaryVector(vectorMax, dst, x, y)
	}
	for i := done; i < len(dst); i++ {
		dst[i] = elementary.Max(x[i&mask(len(dst), len(x))], y[i&mask(len(dst), len(y))])
	}
}

func eqF64(dst []bool, x, y []float64) {
	done := 0
	if hasAVX2 {
		done = compareVector(vectorEq, dst, x, y)
	}
	eqLoop(dst[done:], from(len(dst), done, x), from(len(dst), done, y))
}

func ltF64(dst []bool, x, y []float64) {
	done := 0
	if hasAVX2 {
		done = compareVector(vectorLt, dst, x, y)
	}
	ltLoop(dst[done:], from(len(dst), done, x), from(len(dst), done, y))
}

func leF64(dst []bool, x, y []float64) {
	done := 0
	if hasAVX2 {
		done = compareVector(vectorLe, dst, x, y)
	}
	leLoop(dst[done:], from(len(dst), done, x), from(len(dst), done, y))
}

// selectF64 needs one condition for each element.
func selectF64(dst []float64, c []bool, x, y []float64) {
	done := 0
	if hasAVX2 {
		var copiesX, copiesY [16]float64
		n := len(dst)
		a, b := operand(n, x, &copiesX), operand(n, y, &copiesY)
		done = n &^ 3
		for lo := 0; lo < done; lo += vectorChunk {
			selectAVX(&dst[lo], &c[lo], a.at(lo), b.at(lo), min(vectorChunk, done-lo), a.inc, b.inc)
		}
	}
	selectLoop(dst[done:], c[done:], from(len(dst), done, x), from(len(dst), done, y))
}

func negF64(dst, x []float64) {
	done := unaryVector(dst, x, negAVX)
	negLoop(dst[done:], from(len(dst), done, x))
}

func absF64(dst, x []float64) {
	done := unaryVector(dst, x, absAVX)
	absLoop(dst[done:], from(len(dst), done, x))
}

func sqrtF64(dst, x []float64) {
	done := unaryVector(dst, x, sqrtAVX)
	sqrtLoop(dst[done:], from(len(dst), done, x))
}

// unaryVector runs a loop over whole blocks of 4 and returns how many elements it did; the caller does the rest.
func unaryVector(dst, x []float64, loop func(dst, x *float64, n int)) int {
	if !hasAVX2 || len(x) != len(dst) {
		return 0
	}
	n := len(dst) &^ 3
	for lo := 0; lo < n; lo += vectorChunk {
		loop(&dst[lo], &x[lo], min(vectorChunk, n-lo))
	}
	return n
}
