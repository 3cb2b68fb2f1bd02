package data

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// dtypeNames are the names of element types in the array form, NumPy's and ours.
// In cases, where a mistake is expected, its code stands as an "error".
var dtypeNames = map[string]ir.DType{
	"bool": ir.Bool, "int64": ir.I64, "i64": ir.I64, "float32": ir.F32, "f32": ir.F32,
	"float64": ir.F64, "f64": ir.F64, "complex128": ir.C128, "c128": ir.C128,
	"string": ir.Text, "str": ir.Text, "error": ir.Text,
}

// A form is what {"dtype", "shape", "data"} says besides the data.
type form struct {
	name  string // of the dtype, as written
	shape []int
	known bool // the shape is made of sizes
}

// arrayForm finds the form in a record of these three fields.
func arrayForm(r runtime.Record) (form, bool) {
	dtype, _ := r.Field("dtype")
	shape, hasShape := r.Field("shape")
	name, isText := dtype.(runtime.Text)
	if !isText || !hasShape || len(r.Names) != 3 {
		return form{}, false
	}
	sizes, ok := shape.(*runtime.Array)
	f := form{name: string(name)}
	if !ok || sizes.Rank() != 1 || sizes.Len() > 0 && sizes.DType() != ir.I64 {
		return f, true
	}
	for _, n := range sizes.I64() {
		if n < 0 || n > math.MaxInt {
			return f, true
		}
		f.shape = append(f.shape, int(n))
	}
	f.known = true
	return f, true
}

// typedArray reads the data of an array, which begin at the byte at.
func (p *notation) typedArray(f form, open, at int) (item, error) {
	dtype, ok := dtypeNames[f.name]
	if !ok {
		return item{}, p.bad(open, "an array has the dtype %q; it may be bool, int64, float32, float64, complex128 or string", shorten(f.name))
	}
	size, err := runtime.Size(f.shape)
	if err != nil || !f.known {
		return item{}, p.bad(open, "the shape of an array is a list of its sizes")
	}
	p.at, p.words = at, dtype != ir.Text
	defer func() { p.words = false }()
	start := p.elements.len()
	x, err := p.item()
	if err != nil {
		return item{}, err
	}
	p.typed = true
	if dtype == ir.Text {
		v, err := p.finish(x)
		if err != nil {
			return item{}, err
		}
		return p.texts(v, f.shape, open)
	}
	if x.value != nil {
		return item{}, p.bad(at, "the data of an array is a list of its elements")
	}
	shape := x.shape
	if n := len(shape); dtype == ir.C128 && n > 0 && shape[n-1] == 2 && p.elements.len()-start == 2*size {
		shape = shape[:n-1]
		p.elements.joinPairs(start)
	}
	if got := p.elements.len() - start; got != size || len(shape) > 1 && !slices.Equal(shape, f.shape) {
		return item{}, p.bad(at, "the shape is %s, which is %s, but the data has %s", shapeText(f.shape), count(size, "element"), count(got, "element"))
	}
	if kind, ok := p.elements.dtype(start); size > 0 && !(ok && holds(dtype, kind)) {
		return item{}, p.bad(at, "the data does not fit dtype %s", f.name)
	}
	return item{value: p.elements.array(dtype, start, f.shape)}, nil
}

// holds reports whether elements of dtype can be written as kind.
func holds(dtype, kind ir.DType) bool {
	return dtype == kind || kind == ir.I64 && dtype > ir.I64 || kind == ir.F64 && (dtype == ir.F32 || dtype == ir.C128)
}

// texts is the text that the data of a scalar holds, or a tuple of those of a
// vector.
func (p *notation) texts(v runtime.Value, shape []int, open int) (item, error) {
	if a, ok := v.(*runtime.Array); ok && a.Len() == 0 {
		v = runtime.Tuple{}
	}
	list, ok := v.(runtime.Tuple)
	for _, part := range list {
		_, isText := part.(runtime.Text)
		ok = ok && isText
	}
	switch {
	case ok && len(shape) == 0 && len(list) == 1:
		return item{value: list[0]}, nil
	case ok && len(shape) == 1 && len(list) == shape[0]:
		return item{value: list}, nil
	}
	return item{}, p.bad(open, "the data of an array of texts is a list of as many texts as its shape says")
}

func unquote(quoted string) (string, error) {
	if s, err := strconv.Unquote(quoted); err == nil {
		return s, nil
	}
	var s string
	err := json.Unmarshal([]byte(quoted), &s)
	return s, err
}
