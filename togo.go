package calx

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// As is a value of a program as a Go value: a number, bool or string; a slice,
// nested slices or arrays; an Array; a struct or map for a record; any for
// whichever of these is nearest (a vector is a slice, an array of higher rank an
// Array, a tuple []any). Numbers widen and never narrow: an i64 goes into any
// integer that holds it. Elements are shared, not copied, where the Go type allows;
// they are the caller's.
func As[T any](v Value) (T, error) {
	var result T
	if v == nil {
		return result, fmt.Errorf("there is no value")
	}
	if a, ok := v.(*runtime.Array); ok {
		switch to := any(&result).(type) {
		case *float64:
			if a.DType() == ir.F64 && a.Rank() == 0 {
				*to = a.F64()[0]
				return result, nil
			}
		case *[]float64:
			if a.DType() == ir.F64 && a.Rank() == 1 {
				*to = a.F64()
				return result, nil
			}
		}
	}
	err := decode(v, reflect.ValueOf(&result).Elem())
	return result, err
}

// decode sets to to v.
func decode(v runtime.Value, to reflect.Value) error {
	switch t := to.Type(); {
	case t == valueType || t == runtimeArrayType && reflect.TypeOf(v) == t:
		to.Set(reflect.ValueOf(v))
		return nil
	case t == arrayType:
		if a, ok := v.(*runtime.Array); ok {
			to.Set(reflect.ValueOf(arrayOf(a)))
			return nil
		}
	case t.Kind() == reflect.Interface && t.NumMethod() == 0:
		to.Set(reflect.ValueOf(natural(v)))
		return nil
	case t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer:
		made := reflect.New(t.Elem())
		if err := decode(v, made.Elem()); err != nil {
			return err
		}
		to.Set(made)
		return nil
	}
	switch v := v.(type) {
	case runtime.Text:
		if to.Kind() == reflect.String {
			to.SetString(string(v))
			return nil
		}
	case *runtime.Array:
		return decodeArray(v, to)
	case runtime.Tuple:
		return decodeTuple(v, to)
	case runtime.Record:
		return decodeRecord(v, to)
	}
	return unfit(v, to.Type())
}

func unfit(v runtime.Value, t reflect.Type) error {
	return fmt.Errorf("%s does not fit into %s", describe(v), t)
}

// natural is the Go value that is nearest to v.
func natural(v runtime.Value) any {
	switch v := v.(type) {
	case runtime.Text:
		return string(v)
	case *runtime.Array:
		if v.Rank() > 1 {
			return arrayOf(v)
		}
		elements := elementsOf(v)
		if v.Rank() == 0 {
			return reflect.ValueOf(elements).Index(0).Interface()
		}
		return elements
	case runtime.Tuple:
		list := make([]any, len(v))
		for i, part := range v {
			list[i] = natural(part)
		}
		return list
	case runtime.Record:
		fields := make(map[string]any, len(v.Names))
		for i, name := range v.Names {
			fields[name] = natural(v.Values[i])
		}
		return fields
	}
	return nil
}

func decodeArray(a *runtime.Array, to reflect.Value) error {
	f, ok := formOf(to.Type())
	if !ok || !f.holds(a.DType()) || len(f.sizes) != a.Rank() {
		return unfit(a, to.Type())
	}
	for k, size := range f.sizes {
		if size >= 0 && size != a.Shape()[k] {
			return unfit(a, to.Type())
		}
	}
	wide, _ := widened(a, f.dtype)
	elements := reflect.ValueOf(elementsOf(wide))
	if f.element != elements.Type().Elem() { // another integer, complex64, or a type with a name
		converted := reflect.MakeSlice(reflect.SliceOf(f.element), elements.Len(), elements.Len())
		for i := range elements.Len() {
			if err := set(converted.Index(i), elements.Index(i)); err != nil {
				return err
			}
		}
		elements = converted
	}
	nest(elements, a.Shape(), to)
	return nil
}

// nest puts elements in row order into nested slices and arrays.
func nest(elements reflect.Value, shape []int, to reflect.Value) {
	switch {
	case len(shape) == 0:
		to.Set(elements.Index(0))
		return
	case to.Kind() == reflect.Slice && len(shape) == 1:
		to.Set(elements.Slice3(0, elements.Len(), elements.Len()).Convert(to.Type()))
		return
	case to.Kind() == reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), shape[0], shape[0]))
	}
	if shape[0] == 0 {
		return
	}
	row := elements.Len() / shape[0]
	for i := range shape[0] {
		nest(elements.Slice3(i*row, (i+1)*row, (i+1)*row), shape[1:], to.Index(i))
	}
}

func decodeTuple(v runtime.Tuple, to reflect.Value) error {
	switch {
	case to.Kind() == reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), len(v), len(v)))
	case to.Kind() == reflect.Array && to.Len() == len(v):
	default:
		return unfit(v, to.Type())
	}
	for i, part := range v {
		if err := decode(part, to.Index(i)); err != nil {
			return fmt.Errorf("part %d: %w", i, err)
		}
	}
	return nil
}

func decodeRecord(v runtime.Record, to reflect.Value) error {
	switch {
	case to.Kind() == reflect.Map && to.Type().Key().Kind() == reflect.String:
		fields := reflect.MakeMapWithSize(to.Type(), len(v.Names))
		for i, name := range v.Names {
			part := reflect.New(to.Type().Elem()).Elem()
			if err := decode(v.Values[i], part); err != nil {
				return fmt.Errorf("field %s: %w", name, err)
			}
			fields.SetMapIndex(reflect.ValueOf(name).Convert(to.Type().Key()), part)
		}
		to.Set(fields)
		return nil
	case to.Kind() == reflect.Struct:
		fields, err := fieldsOf(to.Type())
		if err != nil {
			return err
		}
		for i, name := range v.Names {
			k := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
			if k < 0 {
				return fmt.Errorf("%s has no field for %s", to.Type(), name)
			}
			if err := decode(v.Values[i], to.FieldByIndex(fields[k].index)); err != nil {
				return fmt.Errorf("field %s: %w", name, err)
			}
		}
		for _, f := range fields {
			if !slices.Contains(v.Names, f.name) {
				return fmt.Errorf("%s has a field %s, and the record has none", to.Type(), f.name)
			}
		}
		return nil
	}
	return unfit(v, to.Type())
}
