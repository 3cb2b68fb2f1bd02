package tests

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/runtime"
)

// hostCases are the cases of what a host does around a program.
var hostCases = map[string]func(testCase, *calx.Program) (calx.Results, error){
	"S98-saveload": throughFiles,
	"S102-host":    withHostArrays,
}

// throughFiles writes arrays to an .npz file, runs the program on what is read
// from there and from a table of text, and takes its results through such a file,
// and through JSON, again.
func throughFiles(c testCase, program *calx.Program) (calx.Results, error) {
	const enough = 1 << 20
	var given []calx.Result
	for _, name := range []string{"a", "b", "c"} {
		a, err := expectation{"", c.Inputs[name]}.array()
		if err != nil {
			return nil, err
		}
		given = append(given, calx.Result{Name: name, Value: a})
	}
	var file bytes.Buffer
	if err := data.WriteNPZ(&file, given); err != nil {
		return nil, err
	}
	inputs := map[string]any{}
	for _, in := range program.Inputs() {
		content, name, part := file.Bytes(), "arrays.npz", in.Name
		if in.Name == "table" {
			v, err := readValue("text", c.Inputs["text"])
			if err != nil {
				return nil, err
			}
			text, err := v.Natural()
			if err != nil {
				return nil, err
			}
			content, name, part = []byte(text.(runtime.Text)), "scores.csv", ""
		}
		v, err := data.Read(name, part, content, enough)
		if err != nil {
			return nil, err
		}
		if inputs[in.Name], err = v.Fit(in.Want); err != nil {
			return nil, err
		}
	}
	results, err := program.Run(context.Background(), inputs, calx.RunOptions{})
	if err != nil {
		return nil, err
	}
	file.Reset()
	if err := data.WriteNPZ(&file, results); err != nil {
		return nil, err
	}
	var object bytes.Buffer
	if err := data.WriteJSON(&object, results); err != nil {
		return nil, err
	}
	for i, result := range results {
		for name, content := range map[string][]byte{"results.npz": file.Bytes(), "results.json": object.Bytes()} {
			v, err := data.Read(name, result.Name, content, enough)
			if err != nil {
				return nil, err
			}
			back, err := v.Natural()
			if err != nil {
				return nil, err
			}
			if !runtime.Equal(back, result.Value) {
				return nil, fmt.Errorf("%s of %s is %s", result.Name, name, runtime.Format(back))
			}
			results[i].Value = back
		}
	}
	return results, nil
}

// withHostArrays calls functions of the program with slices of Go. The array is
// of the case; that such a slice is not copied is for the tests of package calx.
func withHostArrays(c testCase, program *calx.Program) (calx.Results, error) {
	a, err := expectation{"", c.Inputs["a"]}.array()
	if err != nil {
		return nil, err
	}
	elements, shape := a.F64(), a.Shape()
	before := slices.Clone(elements)
	whole := calx.Array{Shape: shape, Data: elements}
	column := calx.Array{Shape: shape[:1], Strides: shape[1:], Offset: 1, Data: elements}
	var results calx.Results
	for _, call := range []struct {
		key, function string
		arg           any
	}{
		{"doubled", "doubled", whole},
		{"column from a strided view", "same", column},
		{"rank of a host scalar", "rank", 2.5},
		{"length of a host list of four", "length", []int{4, 3, 2, 1}},
		{"spoiled", "spoiled", whole},
	} {
		v, err := program.Call(context.Background(), call.function, call.arg)
		if err != nil {
			return nil, err
		}
		results = append(results, calx.Result{Name: call.key, Value: v})
	}
	unchanged, err := calx.ValueOf(slices.Equal(before, elements))
	return append(results, calx.Result{Name: "host array unchanged", Value: unchanged}), err
}
