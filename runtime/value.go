package runtime

import "slices"

// A Value is what goes into a program and what comes out: an *Array (a scalar
// is an array of rank 0), a Text, a Tuple or a Record.
type Value interface{ value() }

// Text is a string of the language.
type Text string

// Tuple is a sequence of values.
type Tuple []Value

// Record is a sequence of named values; both slices have one length.
type Record struct {
	Names  []string
	Values []Value
}

func (*Array) value() {}
func (Text) value()   {}
func (Tuple) value()  {}
func (Record) value() {}

// Field is the value of this name.
func (r Record) Field(name string) (Value, bool) {
	i := slices.Index(r.Names, name)
	if i < 0 {
		return nil, false
	}
	return r.Values[i], true
}

// Flat appends the arrays and texts of v in the order of the fields.
func Flat(v Value, to []Value) []Value {
	switch v := v.(type) {
	case Tuple:
		for _, part := range v {
			to = Flat(part, to)
		}
		return to
	case Record:
		for _, part := range v.Values {
			to = Flat(part, to)
		}
		return to
	}
	return append(to, v)
}

// Equal reports whether v and w are the same value, arrays as by Array.Equal.
func Equal(v, w Value) bool {
	switch v := v.(type) {
	case *Array:
		w, ok := w.(*Array)
		return ok && v.Equal(w)
	case Text:
		return v == w
	case Tuple:
		w, ok := w.(Tuple)
		return ok && slices.EqualFunc(v, w, Equal)
	case Record:
		w, ok := w.(Record)
		return ok && slices.Equal(v.Names, w.Names) && slices.EqualFunc(v.Values, w.Values, Equal)
	}
	return v == nil && w == nil
}
