// Package ir is the array IR: a functional, static single assignment form with
// regions, in which a scalar is an array of rank 0. All operations are rows of
// one table. Passes rewrite it, the interpreter runs it, and it prints as text
// that reads back.
package ir

import "slices"

// A DType is the kind of an array's elements. The zero DType is invalid.
type DType uint8

const (
	Bool DType = iota + 1
	I64
	F32
	F64
	C128
	Text // only in values of rank 0
)

var dtypeNames = [...]string{"invalid", "bool", "i64", "f32", "f64", "c128", "str"}

// String is the name of t in the language.
func (t DType) String() string { return dtypeNames[t] }

// Bytes is the size of an element in memory.
func (t DType) Bytes() int64 { return [...]int64{0, 1, 8, 4, 8, 16, 16}[t] }

// IsFloat reports whether t is f32 or f64.
func (t DType) IsFloat() bool { return t == F32 || t == F64 }

// IsInexact reports whether t is f32, f64 or c128.
func (t DType) IsInexact() bool { return t == F32 || t == F64 || t == C128 }

// IsNumber reports whether t is i64, f32, f64 or c128.
func (t DType) IsNumber() bool { return t == I64 || t.IsInexact() }

// A Type is that of an array: its elements and its sizes, outermost first.
type Type struct {
	DType DType
	Dims  []Dim
}

// Scalar is the type of rank 0 of t.
func Scalar(t DType) Type { return Type{DType: t} }

// ArrayOf is the type of arrays of t with these sizes.
func ArrayOf(t DType, dims ...Dim) Type { return Type{t, dims} }

// Rank is the number of axes.
func (t Type) Rank() int { return len(t.Dims) }

// Equal reports whether t and u have the same elements and the same sizes as
// polynomials.
func (t Type) Equal(u Type) bool {
	return t.DType == u.DType && slices.EqualFunc(t.Dims, u.Dims, Dim.Equal)
}
