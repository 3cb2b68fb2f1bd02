package calx

import (
	"fmt"
	"reflect"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// A form is what a Go type for arrays says: its elements, its rank, and the
// sizes of axes that are Go arrays, -1 for slices.
type form struct {
	element reflect.Type
	dtype   ir.DType
	sizes   []int
}

// formOf is the form of a Go type; ok is false if it is not one for arrays.
func formOf(t reflect.Type) (f form, ok bool) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		size := -1
		if t.Kind() == reflect.Array {
			size = t.Len()
		}
		f.sizes = append(f.sizes, size)
		t = t.Elem()
	}
	f.element = t
	switch kind := t.Kind(); {
	case kind == reflect.Bool:
		f.dtype = ir.Bool
	case reflect.Int <= kind && kind <= reflect.Uintptr:
		f.dtype = ir.I64
	case kind == reflect.Float32:
		f.dtype = ir.F32
	case kind == reflect.Float64:
		f.dtype = ir.F64
	case kind == reflect.Complex64 || kind == reflect.Complex128:
		f.dtype = ir.C128
	}
	return f, f.dtype != 0
}

// holds reports whether elements of dtype widen to those of the form. Whether an
// i64 is one of a smaller integer is seen in each.
func (f form) holds(dtype ir.DType) bool {
	if f.element.Kind() == reflect.Complex64 {
		return dtype == ir.F32 || dtype == ir.Bool
	}
	return widensTo(dtype, f.dtype)
}

// canGive reports whether Go values of type t may be given for values of type
// want; why, if there is more to say, goes behind the error. What Array, any and
// the like hold is seen at the call.
func canGive(t reflect.Type, want typecheck.Type) (why string, ok bool) {
	m := matcher{}
	ok = m.matches(t, want)
	return m.why, ok
}

// canTake reports whether Go values of type t may hold values of type have.
func canTake(t reflect.Type, have typecheck.Type) (why string, ok bool) {
	m := matcher{taking: true}
	ok = m.matches(t, have)
	return m.why, ok
}

// A matcher holds Go types against those of the language.
type matcher struct {
	taking bool   // the Go values are to hold those of the program
	why    string // of the innermost that doesn't match: "; …"
}

func (m *matcher) fail(format string, args ...any) bool {
	if m.why == "" {
		m.why = "; " + fmt.Sprintf(format, args...)
	}
	return false
}

func (m *matcher) matches(t reflect.Type, want typecheck.Type) bool {
	if t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer && t != runtimeArrayType {
		t = t.Elem()
	}
	if t == valueType || t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		return true
	}
	switch want := want.(type) {
	case typecheck.Array:
		return m.array(t, want)
	case typecheck.Tuple:
		if t.Kind() != reflect.Slice && (t.Kind() != reflect.Array || t.Len() != len(want.Elems)) {
			return false
		}
		if t.Elem().Kind() != reflect.Interface && !m.taking {
			return false // it is an array
		}
		for _, part := range want.Elems {
			if !m.matches(t.Elem(), part) {
				return false
			}
		}
		return true
	case typecheck.Record:
		switch {
		case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
			for i, part := range want.Types {
				if !m.matches(t.Elem(), part) {
					return m.fail("its field %s can't be a %s", want.Names[i], t.Elem())
				}
			}
			return true
		case t.Kind() == reflect.Struct && t != arrayType:
			return m.record(t, want)
		}
	}
	return false
}

func (m *matcher) array(t reflect.Type, want typecheck.Array) bool {
	if want.DType == ir.Text {
		return t.Kind() == reflect.String
	}
	if t == arrayType || t == runtimeArrayType || !m.taking && t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Interface {
		return true
	}
	f, ok := formOf(t)
	if !ok || len(f.sizes) != len(want.Dims) {
		return false
	}
	if m.taking && !f.holds(want.DType) || !m.taking && !widensTo(f.dtype, want.DType) {
		return false
	}
	for k, size := range f.sizes {
		if n, constant := want.Dims[k].Const(); constant && size >= 0 && int64(size) != n {
			return false
		}
	}
	return true
}

func (m *matcher) record(t reflect.Type, want typecheck.Record) bool {
	fields, err := fieldsOf(t)
	if err != nil {
		return m.fail("%v", err)
	}
	for _, f := range fields {
		k := slices.Index(want.Names, f.name)
		if k < 0 {
			return m.fail("the record has no field %s", f.name)
		}
		if !m.matches(t.FieldByIndex(f.index).Type, want.Types[k]) {
			return m.fail("its field %s can't be a %s", f.name, t.FieldByIndex(f.index).Type)
		}
	}
	for _, name := range want.Names {
		if !hasField(fields, name) {
			return m.fail("%s has no field %s", t, name)
		}
	}
	return true
}

// A field is one of a struct that stands for a field of a record.
type field struct {
	name  string
	index []int
}

// fieldsOf are the fields of a struct type: those that are exported, and those of
// structs embedded in it. One of the struct itself hides others of its name.
func fieldsOf(t reflect.Type) (fields []field, err error) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("calx")
		if isEmbedded(f) || name == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			first, size := utf8.DecodeRuneInString(f.Name)
			name = string(unicode.ToLower(first)) + f.Name[size:]
		}
		if hasField(fields, name) {
			return nil, fmt.Errorf("%s has two fields for %s", t, name)
		}
		fields = append(fields, field{name, f.Index})
	}
	own := fields
	for i := range t.NumField() {
		f := t.Field(i)
		if !isEmbedded(f) {
			continue
		}
		embedded, err := fieldsOf(f.Type)
		if err != nil {
			return nil, err
		}
		for _, e := range embedded {
			if hasField(own, e.name) {
				continue
			}
			if hasField(fields, e.name) {
				return nil, fmt.Errorf("%s has two fields for %s", t, e.name)
			}
			fields = append(fields, field{e.name, append([]int{i}, e.index...)})
		}
	}
	return fields, nil
}

// isEmbedded reports whether the fields of a struct are seen as those of the one
// around it, as a tag prevents.
func isEmbedded(f reflect.StructField) bool {
	_, tagged := f.Tag.Lookup("calx")
	return f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct && f.Type != arrayType
}

func hasField(fields []field, name string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
}
