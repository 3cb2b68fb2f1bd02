package data

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A Named is a value with its name.
type Named struct {
	Name  string
	Value runtime.Value
}

// WriteJSON writes one object of the values by name, in their order. An array is
// {"dtype": "float64", "shape": [2], "data": [1.5, "nan"]} with its elements in
// row-major order: floats in the fewest digits that read back as the same,
// infinities and NaN in quotes, complex numbers as pairs. A text is a JSON
// string, a tuple a list, a record an object.
func WriteJSON(w io.Writer, values []Named) error {
	out := jsonWriter{bufio.NewWriterSize(w, 64<<10)}
	out.WriteString("{")
	for i, v := range values {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n ")
		out.text(v.Name)
		out.WriteString(": ")
		out.value(v.Value)
	}
	out.WriteString("\n}\n")
	return out.Flush()
}

// jsonWriter keeps the first error of its Writer, for Flush to give.
type jsonWriter struct {
	*bufio.Writer
}

func (w jsonWriter) text(s string) {
	quoted, err := json.Marshal(s)
	if err != nil {
		quoted = []byte(`""`) // does not happen: every string can be marshalled
	}
	w.Write(quoted)
}

func (w jsonWriter) value(v runtime.Value) {
	switch v := v.(type) {
	case *runtime.Array:
		w.array(v)
	case runtime.Text:
		w.text(string(v))
	case runtime.Tuple:
		w.WriteString("[")
		for i, part := range v {
			if i > 0 {
				w.WriteString(", ")
			}
			w.value(part)
		}
		w.WriteString("]")
	case runtime.Record:
		w.WriteString("{")
		for i, part := range v.Values {
			if i > 0 {
				w.WriteString(", ")
			}
			w.text(v.Names[i])
			w.WriteString(": ")
			w.value(part)
		}
		w.WriteString("}")
	default:
		w.WriteString("null")
	}
}

// DTypeName is NumPy's name of an element type.
func DTypeName(t ir.DType) string {
	switch t {
	case ir.Bool:
		return "bool"
	case ir.I64:
		return "int64"
	case ir.F32:
		return "float32"
	case ir.F64:
		return "float64"
	case ir.C128:
		return "complex128"
	}
	return "string"
}

func (w jsonWriter) array(a *runtime.Array) {
	w.WriteString(`{"dtype": "` + DTypeName(a.DType()) + `", "shape": ` + shapeText(a.Shape()) + `, "data": [`)
	switch a.DType() {
	case ir.Bool:
		writeAll(w, a.Bool(), func(b bool) { w.WriteString(strconv.FormatBool(b)) })
	case ir.I64:
		writeAll(w, a.I64(), func(i int64) { w.WriteString(strconv.FormatInt(i, 10)) })
	case ir.F32:
		writeAll(w, a.F32(), func(x float32) { w.float(float64(x), runtime.FormatF32(x)) })
	case ir.F64:
		writeAll(w, a.F64(), func(x float64) { w.float(x, runtime.FormatF64(x)) })
	case ir.C128:
		writeAll(w, a.C128(), func(z complex128) {
			w.WriteString("[")
			w.float(real(z), runtime.FormatF64(real(z)))
			w.WriteString(", ")
			w.float(imag(z), runtime.FormatF64(imag(z)))
			w.WriteString("]")
		})
	}
	w.WriteString("]}")
}

func writeAll[T any](w jsonWriter, elements []T, write func(T)) {
	for i, x := range elements {
		if i > 0 {
			w.WriteString(", ")
		}
		write(x)
	}
}

// float writes what is no number in quotes.
func (w jsonWriter) float(x float64, digits string) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		digits = `"` + digits + `"`
	}
	w.WriteString(digits)
}
