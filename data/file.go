package data

import (
	"path"
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// SplitName finds the file and the part of it that a word such as
// "iris.csv:species" names; ok is false if the word doesn't name a file that can
// be read.
func SplitName(word string) (file, part string, ok bool) {
	if hasFormat(word) {
		return word, "", true
	}
	// A part may hold any sign, so the name ends at the first ":" behind a format.
	for i := range word {
		if word[i] == ':' && hasFormat(word[:i]) {
			return word[:i], word[i+1:], true
		}
	}
	return "", "", false
}

func hasFormat(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv", ".npy", ".npz", ".json":
		return true
	}
	return false
}

// Read reads the content of a file, whose format its name tells: the whole or,
// if part is not empty, a column of a table, an array of an archive, a field of
// an object. No more than limit bytes are unpacked.
func Read(name, part string, content []byte, limit int64) (Value, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".npy":
		if part != "" {
			return nil, badFile("%s is one array; it has no part %q", name, part)
		}
		return ReadNPY(name, content)
	case ".npz":
		archive, err := ReadNPZ(name, content, limit)
		if err != nil || part == "" {
			return archive, err
		}
		return archive.Array(part)
	case ".json":
		object, err := ReadText(&ast.Source{Name: name, Text: string(content)})
		if err != nil || part == "" {
			return object, err
		}
		return Field(name, object, part)
	}
	table, err := ReadCSV(&ast.Source{Name: name, Text: string(content)})
	if err != nil || part == "" {
		return table, err
	}
	return table.Column(part)
}

// Fields are the fields of an object that ReadText read, in their order; ok is
// false if v is none.
func Fields(v Value) (names []string, values []Value, ok bool) {
	var whole runtime.Value
	wrap := func(field runtime.Value) Value { return Typed{field} }
	switch v := v.(type) {
	case Typed:
		whole = v.Value
	case Written:
		whole, wrap = v.Value, func(field runtime.Value) Value { return Written{field} }
	}
	record, ok := whole.(runtime.Record)
	for _, field := range record.Values {
		values = append(values, wrap(field))
	}
	return record.Names, values, ok
}

// Field is the field of this name of an object that ReadText read from the file
// of the given name.
func Field(file string, v Value, name string) (Value, error) {
	names, values, ok := Fields(v)
	if !ok {
		return nil, badFile("%s is not an object; it has no field %q", file, name)
	}
	i := slices.Index(names, name)
	if i < 0 {
		return nil, badFile("%s has no field %q; it has %s", file, name, list(names))
	}
	return values[i], nil
}
