package calx

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/calx-lang/calx/runtime"
)

var (
	valueType        = reflect.TypeFor[runtime.Value]()
	runtimeArrayType = reflect.TypeFor[*runtime.Array]()
	arrayType        = reflect.TypeFor[Array]()
	errorType        = reflect.TypeFor[error]()
)

// ValueOf is a Go value as programs have it: a number, bool or string; a slice,
// an array, or nested ones whose rows are equally long; an Array; a struct or a
// map for a record, with the fields that have a tag `calx:"name"` or else begin
// with a small letter instead; []any for a tuple, or for an array where that is
// wanted. Slices of float64, float32, int64, bool and complex128 are shared, not
// copied.
func ValueOf(x any) (Value, error) { return (&encoder{runtime.DefaultMemory}).value(x) }

// An encoder makes values of programs of Go values.
type encoder struct {
	room int64 // bytes that elements may take which an Array repeats
}

// encoder is for what is given to a run or call with these options.
func (opts RunOptions) encoder() *encoder { return &encoder{opts.Limits.WithDefaults().Memory} }

func (e *encoder) value(x any) (runtime.Value, error) {
	switch x := x.(type) {
	case runtime.Value:
		return x, sound(x, 0)
	case float64:
		return runtime.Scalar(x), nil
	case []float64:
		return runtime.Vector(x), nil
	case Array:
		return whole(e.array(x))
	case []float32:
		return runtime.Vector(x), nil
	case []int64:
		return runtime.Vector(x), nil
	case []int:
		return runtime.Vector(integers(x)), nil
	case []bool:
		return runtime.Vector(x), nil
	case []complex128:
		return runtime.Vector(x), nil
	}
	return e.encode(reflect.ValueOf(x), 0)
}

// sound tells what is wrong with a value that was made by hand.
func sound(v runtime.Value, depth int) error {
	if depth++; depth > maxNesting {
		return errNesting
	}
	var parts []runtime.Value
	switch v := v.(type) {
	case *runtime.Array:
		if v == nil {
			return errors.New("a nil array is no value")
		}
	case runtime.Tuple:
		parts = v
	case runtime.Record:
		if len(v.Names) != len(v.Values) {
			return fmt.Errorf("a record has %d names for %d values", len(v.Names), len(v.Values))
		}
		parts = v.Values
	case nil:
		return errors.New("nil is no value")
	}
	for _, part := range parts {
		if err := sound(part, depth); err != nil {
			return err
		}
	}
	return nil
}

// whole gives no value beside an error.
func whole(a *runtime.Array, err error) (runtime.Value, error) {
	if err != nil {
		return nil, err
	}
	return a, nil
}

// maxNesting bounds how deep a Go value may be: it may hold itself.
const maxNesting = 100

var errNesting = fmt.Errorf("a value nests more than %d deep", maxNesting)

func (e *encoder) encode(x reflect.Value, depth int) (runtime.Value, error) {
	if depth++; depth > maxNesting {
		return nil, errNesting
	}
	switch x.Kind() {
	case reflect.Bool:
		return runtime.Scalar(x.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return runtime.Scalar(x.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if x.Uint() > math.MaxInt64 {
			return nil, tooLarge(x.Uint())
		}
		return runtime.Scalar(int64(x.Uint())), nil
	case reflect.Float32:
		return runtime.Scalar(float32(x.Float())), nil
	case reflect.Float64:
		return runtime.Scalar(x.Float()), nil
	case reflect.Complex64, reflect.Complex128:
		return runtime.Scalar(x.Complex()), nil
	case reflect.String:
		return runtime.Text(x.String()), nil
	case reflect.Slice, reflect.Array:
		return e.list(x, depth)
	case reflect.Struct:
		if x.Type() == arrayType {
			return whole(e.array(x.Interface().(Array)))
		}
		return e.structure(x, depth)
	case reflect.Map:
		return e.mapping(x, depth)
	case reflect.Pointer, reflect.Interface:
		if !x.IsNil() {
			if v, ok := x.Interface().(runtime.Value); ok {
				return v, sound(v, depth)
			}
			return e.encode(x.Elem(), depth)
		}
		return nil, fmt.Errorf("a nil %s is no value", x.Type())
	case reflect.Invalid:
		return nil, fmt.Errorf("nil is no value")
	}
	return nil, fmt.Errorf("a %s is no value for a program", x.Type())
}

// list makes an array of nested lists of numbers.
func (e *encoder) list(x reflect.Value, depth int) (runtime.Value, error) {
	if x.Type().Elem().Kind() == reflect.Interface {
		tuple := make(runtime.Tuple, x.Len())
		for i := range tuple {
			var err error
			if tuple[i], err = e.encode(x.Index(i), depth); err != nil {
				return nil, fmt.Errorf("part %d: %w", i, err)
			}
		}
		return tuple, nil
	}
	f, ok := formOf(x.Type())
	if !ok {
		return nil, fmt.Errorf("a %s is no value for a program", x.Type())
	}
	shape := make([]int, 0, len(f.sizes))
	for row := x; row.Kind() == reflect.Slice || row.Kind() == reflect.Array; {
		shape = append(shape, row.Len())
		if row.Len() == 0 {
			for _, size := range f.sizes[len(shape):] {
				shape = append(shape, max(size, 0))
			}
			break
		}
		row = row.Index(0)
	}
	size, err := runtime.Size(shape)
	if err != nil {
		return nil, err
	}
	switch f.element.Kind() {
	case reflect.Bool:
		return flattened[bool](x, shape, size)
	case reflect.Float32:
		return flattened[float32](x, shape, size)
	case reflect.Float64:
		return flattened[float64](x, shape, size)
	case reflect.Complex64, reflect.Complex128:
		return flattened[complex128](x, shape, size)
	}
	return flattened[int64](x, shape, size)
}

// flattened puts nested lists in row order. A list of T itself is shared.
func flattened[T runtime.Element](x reflect.Value, shape []int, size int) (runtime.Value, error) {
	want := reflect.TypeFor[[]T]()
	if x.Kind() == reflect.Slice && x.Type().ConvertibleTo(want) {
		return runtime.Vector(x.Convert(want).Interface().([]T)), nil
	}
	flat := make([]T, size)
	to := reflect.ValueOf(flat)
	next := 0
	var add func(x reflect.Value, shape []int) error
	add = func(x reflect.Value, shape []int) error {
		if len(shape) == 0 {
			err := set(to.Index(next), x)
			next++
			return err
		}
		if x.Len() != shape[0] {
			return fmt.Errorf("the rows of an array have one length, and these have %d and %d", shape[0], x.Len())
		}
		if x.Kind() == reflect.Slice && x.Type().ConvertibleTo(want) {
			next += copy(flat[next:], x.Convert(want).Interface().([]T))
			return nil
		}
		if x.Type().Elem().Size() == 0 {
			return nil // rows without elements, however many
		}
		for i := range x.Len() {
			if err := add(x.Index(i), shape[1:]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(x, shape); err != nil {
		return nil, err
	}
	return whole(runtime.FromSlice(flat, shape...))
}

// set is to.Set(x) for numbers that may differ in their types' names and sizes. An
// integer must be one that to holds.
func set(to, x reflect.Value) error {
	switch {
	case x.CanInt() && to.CanUint():
		if n := x.Int(); n < 0 || to.OverflowUint(uint64(n)) {
			return fmt.Errorf("%d is none that a %s can be", n, to.Type())
		}
		to.SetUint(uint64(x.Int()))
	case x.CanInt():
		if to.OverflowInt(x.Int()) {
			return fmt.Errorf("%d is none that a %s can be", x.Int(), to.Type())
		}
		to.SetInt(x.Int())
	case x.CanUint():
		if x.Uint() > math.MaxInt64 {
			return tooLarge(x.Uint())
		}
		to.SetInt(int64(x.Uint()))
	case x.CanFloat():
		to.SetFloat(x.Float())
	case x.CanComplex():
		to.SetComplex(x.Complex())
	default:
		to.SetBool(x.Bool())
	}
	return nil
}

func tooLarge(n uint64) error { return fmt.Errorf("%d is more than an i64 can be", n) }

func (e *encoder) structure(x reflect.Value, depth int) (runtime.Value, error) {
	fields, err := fieldsOf(x.Type())
	if err != nil {
		return nil, err
	}
	var record runtime.Record
	for _, f := range fields {
		v, err := e.encode(x.FieldByIndex(f.index), depth)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.name, err)
		}
		record.Names, record.Values = append(record.Names, f.name), append(record.Values, v)
	}
	return record, nil
}

func (e *encoder) mapping(x reflect.Value, depth int) (runtime.Value, error) {
	if x.Type().Key().Kind() != reflect.String {
		return nil, fmt.Errorf("a record is made of a map with keys that are strings, and this is %s", x.Type())
	}
	var record runtime.Record
	for _, key := range x.MapKeys() {
		record.Names = append(record.Names, key.String())
	}
	slices.Sort(record.Names)
	for _, name := range record.Names {
		v, err := e.encode(x.MapIndex(reflect.ValueOf(name).Convert(x.Type().Key())), depth)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		record.Values = append(record.Values, v)
	}
	return record, nil
}
