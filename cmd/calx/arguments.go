package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// arguments are the inputs as they stand on the command line, in their order.
type arguments []argument

// An argument is "name=value", or a field of the file of --inputs.
type argument struct {
	name  string
	text  string     // as written
	value data.Value // of the file of --inputs; nil if there is a text
}

// readArguments takes "name=value" apart. Files are read when it is known what
// they are wanted for.
func readArguments(words []string) (arguments, error) {
	var list arguments
	for _, word := range words {
		name, text, ok := strings.Cut(word, "=")
		name = norm.NFC.String(name)
		if !ok || !isName(name) {
			return nil, fmt.Errorf("%q is no input; an input is given as name=value", word)
		}
		if list.has(name) {
			return nil, fmt.Errorf("input %s is given twice", name)
		}
		list = append(list, argument{name: name, text: text})
	}
	return list, nil
}

func isName(s string) bool {
	for i, r := range s {
		if !(r == '_' || unicode.IsLetter(r) || i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r) || unicode.Is(unicode.No, r))) {
			return false
		}
	}
	return s != ""
}

func (list arguments) has(name string) bool {
	for _, a := range list {
		if a.name == name {
			return true
		}
	}
	return false
}

// withCase adds the inputs of a case file to those of the command line, which
// go first.
func withCase(list arguments, file string) (arguments, error) {
	content, err := readFile(file)
	if err != nil {
		return nil, err
	}
	whole, err := data.ReadText(&ast.Source{Name: file, Text: string(content)})
	if err != nil {
		return nil, err
	}
	inputs, err := data.Field(file, whole, "inputs")
	if err != nil {
		return nil, err
	}
	names, values, ok := data.Fields(inputs)
	if !ok {
		return nil, fmt.Errorf("\"inputs\" in %s is not an object", file)
	}
	for i, name := range names {
		if !list.has(name) {
			list = append(list, argument{name: name, value: values[i]})
		}
	}
	return list, nil
}

// values reads the arguments as what the inputs of these names want. An argument
// for no input is read too, for the check of the inputs to report.
func (list arguments) values(inputs []calx.Input, limit int64) (map[string]any, error) {
	wants := map[string]data.Want{}
	for _, in := range inputs {
		wants[in.Name] = in.Want
	}
	values := make(map[string]any, len(list))
	var mistakes ast.Diagnostics
	for _, a := range list {
		want, known := wants[a.name]
		if !known {
			values[a.name] = runtime.Text(a.text)
			continue
		}
		v, err := a.fit(want, limit)
		if err == nil {
			values[a.name] = v
			continue
		}
		found, ok := ast.AsDiagnostics(err)
		if !ok {
			return nil, fmt.Errorf("input %s: %w", a.name, err)
		}
		for _, d := range found {
			d.Message = "input " + a.name + ": " + d.Message
		}
		mistakes = append(mistakes, found...)
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return values, nil
}

func (a argument) fit(want data.Want, limit int64) (runtime.Value, error) {
	if a.value == nil && want.DType == ir.Text && !strings.HasPrefix(a.text, `"`) {
		return runtime.Text(a.text), nil
	}
	v, err := a.read(limit)
	if err != nil {
		return nil, err
	}
	return v.Fit(want)
}

// read reads a value that stands on the command line or in a file.
func (a argument) read(limit int64) (data.Value, error) {
	if a.value != nil {
		return a.value, nil
	}
	file, part, isFile := data.SplitName(a.text)
	if !isFile {
		v, err := data.ReadText(&ast.Source{Name: a.name + "=", Text: a.text})
		if _, bad := ast.AsDiagnostics(err); bad && looksLikeFile(a.text) {
			return nil, fmt.Errorf("%s is no file of a known kind; those are .csv, .tsv, .npy, .npz and .json", a.text)
		}
		return v, err
	}
	content, err := readFile(file)
	if err != nil {
		return nil, err
	}
	return data.Read(file, part, content, limit)
}

func looksLikeFile(text string) bool {
	extension := filepath.Ext(text)
	return !strings.ContainsAny(text, "[]{}(),\" ") && (len(extension) > 1 && isName(extension[1:]) || strings.Contains(text, "/"))
}
