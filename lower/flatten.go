package lower

import (
	"strconv"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// parts are the arrays that a value of type t consists of.
func parts(t typecheck.Type) []typecheck.Array { return appendParts(nil, t) }

func appendParts(list []typecheck.Array, t typecheck.Type) []typecheck.Array {
	if a, ok := t.(typecheck.Array); ok {
		return append(list, a)
	}
	for _, e := range elements(t) {
		list = appendParts(list, e)
	}
	return list
}

// elements are the types that a tuple, record or function has directly.
func elements(t typecheck.Type) []typecheck.Type {
	switch t := t.(type) {
	case typecheck.Tuple:
		return t.Elems
	case typecheck.Record:
		return t.Types
	case typecheck.Function:
		return t.Captures
	}
	return nil
}

// countParts is len(parts(t)).
func countParts(t typecheck.Type) int {
	if _, ok := t.(typecheck.Array); ok {
		return 1
	}
	n := 0
	for _, e := range elements(t) {
		n += countParts(e)
	}
	return n
}

// partRange tells which parts of a value of type t are those of its element
// index.
func partRange(t typecheck.Type, index int) (from, to int) {
	list := elements(t)
	for _, e := range list[:index] {
		from += countParts(e)
	}
	return from, from + countParts(list[index])
}

// partNames are names for the parts of a value called name.
func partNames(name string, t typecheck.Type) []string { return appendNames(nil, name, t) }

func appendNames(list []string, name string, t typecheck.Type) []string {
	if _, ok := t.(typecheck.Array); ok {
		return append(list, name)
	}
	record, isRecord := t.(typecheck.Record)
	for i, e := range elements(t) {
		part := strconv.Itoa(i)
		if isRecord {
			part = record.Names[i]
		}
		if name != "" {
			part = name + "_" + part
		} else {
			part = ""
		}
		list = appendNames(list, part, e)
	}
	return list
}

// A binding is a value with the types, over the program's atoms, of its parts.
type binding struct {
	types  []typecheck.Array
	values []*ir.Value
}
