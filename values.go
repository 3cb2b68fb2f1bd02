package calx

import (
	"math"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// wantOf is what data must know of a type to read a value for it.
func wantOf(t typecheck.Type) data.Want {
	switch t := t.(type) {
	case typecheck.Array:
		return data.Want{DType: t.DType, Rank: len(t.Dims)}
	case typecheck.Tuple:
		return data.Want{Parts: wantsOf(t.Elems)}
	case typecheck.Record:
		return data.Want{Parts: wantsOf(t.Types), Names: t.Names}
	}
	return data.Want{}
}

func wantsOf(types []typecheck.Type) []data.Want {
	wants := make([]data.Want, len(types))
	for i, t := range types {
		wants[i] = wantOf(t)
	}
	return wants
}

// TypeOf is the type of a value as the language writes it: "f64[150, 4]".
func TypeOf(v runtime.Value) string { return typeText(v, math.MaxInt) }

// describe is TypeOf for an error, where long tuples and records are cut.
func describe(v runtime.Value) string {
	const most = 8
	return typeText(v, most)
}

func typeText(v runtime.Value, most int) string {
	switch v := v.(type) {
	case *runtime.Array:
		return v.DType().String() + shapeText(v.Shape())
	case runtime.Text:
		return "str"
	case runtime.Tuple:
		if len(v) == 1 {
			return "(" + typeText(v[0], most) + ",)"
		}
		return "(" + typeTexts(v, nil, most) + ")"
	case runtime.Record:
		return "{" + typeTexts(v.Values, v.Names, most) + "}"
	}
	return "nothing"
}

func typeTexts(values []runtime.Value, names []string, most int) string {
	var parts []string
	for i, v := range values[:min(len(values), most)] {
		text := typeText(v, most)
		if names != nil {
			text = names[i] + ": " + text
		}
		parts = append(parts, text)
	}
	if len(values) > most {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", ")
}

func shapeText(shape []int) string {
	if len(shape) == 0 {
		return ""
	}
	sizes := make([]string, len(shape))
	for i, n := range shape {
		sizes[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(sizes, ", ") + "]"
}

// widensTo reports whether elements of one dtype may be given for another.
func widensTo(from, to ir.DType) bool {
	switch from {
	case to:
		return true
	case ir.Bool:
		return to == ir.I64 || to == ir.F32 || to == ir.F64 || to == ir.C128
	case ir.I64, ir.F32:
		return to == ir.F64 || to == ir.C128
	case ir.F64:
		return to == ir.C128
	}
	return false
}

// widened is a with elements of dtype; ok is false if that would narrow them.
func widened(a *runtime.Array, dtype ir.DType) (wide *runtime.Array, ok bool) {
	from := a.DType()
	switch {
	case from == dtype:
		return a, true
	case from == ir.Bool && dtype == ir.I64:
		return mapped(a, a.Bool(), func(b bool) int64 { return int64(number(b)) }), true
	case from == ir.Bool && dtype == ir.F32:
		return mapped(a, a.Bool(), func(b bool) float32 { return float32(number(b)) }), true
	case from == ir.Bool && dtype == ir.F64:
		return mapped(a, a.Bool(), number), true
	case from == ir.Bool && dtype == ir.C128:
		return mapped(a, a.Bool(), func(b bool) complex128 { return complex(number(b), 0) }), true
	case from == ir.I64 && dtype == ir.F64:
		return mapped(a, a.I64(), func(i int64) float64 { return float64(i) }), true
	case from == ir.I64 && dtype == ir.C128:
		return mapped(a, a.I64(), func(i int64) complex128 { return complex(float64(i), 0) }), true
	case from == ir.F32 && dtype == ir.F64:
		return mapped(a, a.F32(), func(x float32) float64 { return float64(x) }), true
	case from == ir.F32 && dtype == ir.C128:
		return mapped(a, a.F32(), func(x float32) complex128 { return complex(float64(x), 0) }), true
	case from == ir.F64 && dtype == ir.C128:
		return mapped(a, a.F64(), func(x float64) complex128 { return complex(x, 0) }), true
	}
	return nil, false
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func mapped[S, T runtime.Element](a *runtime.Array, elements []S, convert func(S) T) *runtime.Array {
	converted := make([]T, len(elements))
	for i, x := range elements {
		converted[i] = convert(x)
	}
	if a.Rank() == 0 {
		return runtime.Scalar(converted[0])
	}
	wide, err := runtime.FromSlice(converted, a.Shape()...)
	if err != nil {
		panic("calx: " + err.Error()) // has as many elements as a
	}
	return wide
}

// rebuild takes the parts of a value of type t from the front of parts. A
// function gives what it has captured, types that have no run-time value nil.
func rebuild(t typecheck.Type, parts *[]runtime.Value) runtime.Value {
	switch t := t.(type) {
	case typecheck.Array:
		v := (*parts)[0]
		*parts = (*parts)[1:]
		return v
	case typecheck.Tuple:
		return runtime.Tuple(rebuildAll(t.Elems, parts))
	case typecheck.Record:
		return runtime.Record{Names: t.Names, Values: rebuildAll(t.Types, parts)}
	case typecheck.Function:
		return runtime.Tuple(rebuildAll(t.Captures, parts))
	}
	return nil
}

func rebuildAll(types []typecheck.Type, parts *[]runtime.Value) []runtime.Value {
	values := make([]runtime.Value, len(types))
	for i, t := range types {
		values[i] = rebuild(t, parts)
	}
	return values
}
