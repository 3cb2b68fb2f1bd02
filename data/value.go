// Package data reads the values that a program is given, and writes those that
// it gives back: tables in CSV, arrays in NumPy's .npy and .npz, JSON, and
// values written as in the language. Readers take texts and bytes, never files,
// and need no more memory than a small multiple of what they are given, whatever
// it says of its own size. Mistakes in the data are *ast.Diagnostic with their
// place.
package data

import (
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A Value is something that was read, before it is known what it is wanted as.
type Value interface {
	// Fit is the value as want has it. Where none fits it is the natural one, for
	// whoever checks inputs to compare with their types, or an error if the data
	// can't be read as what is wanted.
	Fit(want Want) (runtime.Value, error)
	// Natural is the value where nothing is wanted of it.
	Natural() (runtime.Value, error)
}

// A Want is the kind of value that a Value is read for.
type Want struct {
	DType ir.DType // of an array or a text; 0 for a tuple or record
	Rank  int
	Parts []Want   // of a tuple or record
	Names []string // of the parts of a record, nil for a tuple
}

func (w Want) isArray() bool  { return w.DType != 0 && w.DType != ir.Text }
func (w Want) isRecord() bool { return w.Names != nil }
func (w Want) isTuple() bool  { return w.DType == 0 && w.Names == nil }

// Typed is a value whose format says its type.
type Typed struct{ Value runtime.Value }

// Fit is the value as it is.
func (v Typed) Fit(Want) (runtime.Value, error) { return v.Value, nil }

// Natural is the value as it is.
func (v Typed) Natural() (runtime.Value, error) { return v.Value, nil }

// Written is a value written in digits, so that, as in a program, its floats may
// become f32, and an empty list has elements of any type.
type Written struct{ Value runtime.Value }

// Natural has elements of the first of bool, i64, f64 and c128 that holds all.
func (v Written) Natural() (runtime.Value, error) { return v.Value, nil }

// Fit makes f32 of numbers where that is wanted, and a tuple of a list.
func (v Written) Fit(want Want) (runtime.Value, error) { return fitWritten(v.Value, want), nil }

func fitWritten(v runtime.Value, want Want) runtime.Value {
	switch v := v.(type) {
	case *runtime.Array:
		switch {
		case want.isArray():
			return fitArray(v, want)
		case want.isTuple():
			return fitParts(v, want)
		}
	case runtime.Tuple:
		if want.isTuple() && len(want.Parts) == len(v) {
			parts := make(runtime.Tuple, len(v))
			for i, part := range v {
				parts[i] = fitWritten(part, want.Parts[i])
			}
			return parts
		}
	case runtime.Record:
		fields := runtime.Record{Names: v.Names, Values: slices.Clone(v.Values)}
		for i, name := range v.Names {
			if k := slices.Index(want.Names, name); k >= 0 {
				fields.Values[i] = fitWritten(v.Values[i], want.Parts[k])
			}
		}
		return fields
	}
	return v
}

func fitArray(a *runtime.Array, want Want) runtime.Value {
	if a.Len() == 0 && want.DType != a.DType() {
		if empty, err := runtime.NewArray(want.DType, a.Shape()...); err == nil {
			return empty
		}
	}
	if want.DType != ir.F32 || a.DType() != ir.I64 && a.DType() != ir.F64 {
		return a
	}
	narrow := make([]float32, a.Len())
	for i, x := range a.F64() {
		narrow[i] = float32(x)
	}
	for i, x := range a.I64() {
		narrow[i] = float32(x)
	}
	return mustShape(narrow, a.Shape())
}

// fitParts cuts a list of numbers, which is how JSON writes a tuple too.
func fitParts(a *runtime.Array, want Want) runtime.Value {
	if a.Rank() == 0 || a.Shape()[0] != len(want.Parts) {
		return a
	}
	parts := make(runtime.Tuple, len(want.Parts))
	for i := range parts {
		parts[i] = fitWritten(row(a, i), want.Parts[i])
	}
	return parts
}

func row(a *runtime.Array, i int) *runtime.Array {
	shape := a.Shape()[1:]
	switch a.DType() {
	case ir.Bool:
		return rowOf(a.Bool(), i, shape)
	case ir.I64:
		return rowOf(a.I64(), i, shape)
	case ir.F32:
		return rowOf(a.F32(), i, shape)
	case ir.F64:
		return rowOf(a.F64(), i, shape)
	}
	return rowOf(a.C128(), i, shape)
}

func rowOf[T runtime.Element](data []T, i int, shape []int) *runtime.Array {
	size, _ := runtime.Size(shape) // not larger than that of the whole
	return mustShape(data[i*size:(i+1)*size], shape)
}

// mustShape is the array of this shape over data, whose length is right. The
// shape of a scalar is empty, not absent.
func mustShape[T runtime.Element](data []T, shape []int) *runtime.Array {
	if len(shape) == 0 {
		return runtime.Scalar(data[0])
	}
	a, err := runtime.FromSlice(data, shape...)
	if err != nil {
		panic("data: " + err.Error()) // the callers count
	}
	return a
}

// bad is a mistake in the data at the bytes [start, end) of source.
func bad(source *ast.Source, start, end int, format string, args ...any) *ast.Diagnostic {
	d := &ast.Diagnostic{Code: ast.CodeBadData, Message: fmt.Sprintf(format, args...)}
	if source != nil && len(source.Text) <= maxText {
		d.Span = ast.Span{Source: source, Start: int32(start), End: int32(end)}
	}
	return d
}

// maxText is how long a text may be for its places to be counted.
const maxText = 1<<31 - 1
