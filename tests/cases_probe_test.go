package tests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/runtime"
)

// A solution is the program of a case.
type solution struct {
	testCase
	text  string
	marks []mark
}

// compare holds one key against what is expected.
func (s solution) compare(key string, results calx.Results) error {
	want := s.Expected[key]
	value := results.Get(key)
	m := markOf(key, s.marks)
	switch {
	case value != nil && m != nil:
		return fmt.Errorf("the program exports it and has a mark for it, %q", m.kind)
	case value != nil:
		return s.near(value, want)
	case m == nil:
		return errors.New("the program doesn't export it, and has no mark for it")
	}
	switch m.kind {
	case "not yet":
		return errNotYet
	case "not offered":
		return errNotOffered
	case "error", "fails":
		return s.rejected(m, want.code())
	case "shape":
		return s.shape(m, want)
	case "dtype":
		return s.dtype(m, want)
	}
	return fmt.Errorf("a mark %q says nothing about a key", m.kind)
}

// results runs the program on the inputs of the case.
func (s solution) results() (calx.Results, error) {
	program, err := s.compile(calx.Dump{})
	if err != nil {
		return nil, err
	}
	if run := hostCases[s.ID]; run != nil {
		return run(s.testCase, program)
	}
	return s.run(program, calx.Limits{})
}

func (s solution) compile(dump calx.Dump) (*calx.Program, error) {
	var functions []*calx.Function
	for _, m := range s.marks {
		if m.kind != "function" {
			continue
		}
		name, signature, _ := strings.Cut(m.key, " ")
		f, err := calx.NewFunction(name, signature, func(any) (any, error) { return nil, errors.New(m.rest) })
		if err != nil {
			return nil, err
		}
		functions = append(functions, f)
	}
	source := &ast.Source{Name: s.ID + ".calx", Text: s.text}
	return calx.Compile(source, calx.Options{Load: loadCase, Functions: functions, Dump: dump})
}

func (s solution) run(program *calx.Program, limits calx.Limits) (calx.Results, error) {
	inputs := map[string]any{}
	for _, in := range program.Inputs() {
		text, ok := s.Inputs[in.Name]
		if !ok {
			return nil, fmt.Errorf("the case has no input %s", in.Name)
		}
		v, err := readValue(in.Name, text)
		if err != nil {
			return nil, err
		}
		if inputs[in.Name], err = v.Fit(in.Want); err != nil {
			return nil, err
		}
	}
	return program.Run(context.Background(), inputs, calx.RunOptions{Limits: limits})
}

// probe is the name of the expression of a mark, as an export.
const probe = "probe"

// withProbe is the program with the expression of a mark as an export.
func (s solution) withProbe(m *mark) solution {
	s.text += "\nexport let " + probe + " = " + m.rest + "\n"
	return s
}

// rejected demands that an expression fails with a code, by the checker ("error")
// or when it runs ("fails").
func (s solution) rejected(m *mark, want ast.Code) error {
	probed := s.withProbe(m)
	program, err := probed.compile(calx.Dump{})
	compiled := err == nil
	if compiled {
		_, err = probed.run(program, calx.Limits{Steps: 1_000_000})
	}
	found, ok := ast.AsDiagnostics(err)
	switch {
	case err == nil:
		return fmt.Errorf("%s has a value, and expected is %s", m.rest, want)
	case !ok:
		return err
	case compiled != (m.kind == "fails"):
		return fmt.Errorf("before running: %v, marked as %q\n%s", !compiled, m.kind, rendered(err))
	}
	codes := codesOf(want, s.marks)
	for _, d := range found {
		if !slices.Contains(codes, d.Code) {
			return fmt.Errorf("the code is %s, and expected is one of %v\n%s", d.Code, codes, rendered(err))
		}
		if !d.Span.IsValid() {
			return fmt.Errorf("the mistake has no place: %s", d.Message)
		}
	}
	return nil
}

// codesOf are the codes of Calx that a code of a case is.
func codesOf(want ast.Code, marks []mark) (codes []ast.Code) {
	for _, m := range marks {
		if m.kind == "code" && m.key == string(want) {
			for code := range strings.SplitSeq(m.rest, ", ") {
				codes = append(codes, ast.Code(code))
			}
			return codes
		}
	}
	return []ast.Code{want}
}

// found is what the checker and a run say of the expression of a mark.
func (s solution) found(m *mark) (checked string, value *runtime.Array, err error) {
	probed := s.withProbe(m)
	types := ""
	program, err := probed.compile(calx.Dump{Types: func(text string) { types = text }})
	if err != nil {
		return "", nil, err
	}
	_, checked, _ = strings.Cut(types, "export "+probe+": ")
	checked, _, _ = strings.Cut(checked, "\n")
	results, err := probed.run(program, calx.Limits{})
	if err != nil {
		return "", nil, err
	}
	value, ok := results.Get(probe).(*runtime.Array)
	if !ok {
		return "", nil, fmt.Errorf("a run gives %s", calx.TypeOf(results.Get(probe)))
	}
	return checked, value, nil
}

// shape demands that the checker and a run find the same shape.
func (s solution) shape(m *mark, want expectation) error {
	array, err := want.array()
	if err != nil {
		return err
	}
	shape := make([]int, array.Len())
	for i, n := range array.I64() {
		shape[i] = int(n)
	}
	checked, value, err := s.found(m)
	if err != nil {
		return err
	}
	if suffix := strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", ", "), "[]"); !strings.HasSuffix(checked, "["+suffix+"]") && (suffix != "" || strings.Contains(checked, "[")) {
		return fmt.Errorf("the checker finds %s, and expected is the shape %v", checked, shape)
	}
	if !slices.Equal(value.Shape(), shape) {
		return fmt.Errorf("a run gives %s, and expected is the shape %v", calx.TypeOf(value), shape)
	}
	return nil
}

// dtype demands that the checker and a run find elements of one type. Where a case
// leaves a choice it is "int64 or bool (documented)".
func (s solution) dtype(m *mark, want expectation) error {
	var names struct{ Data []string }
	if err := json.Unmarshal(want.text, &names); err != nil || len(names.Data) != 1 {
		return fmt.Errorf("expected is no name of a type: %s", want.text)
	}
	choice := strings.Split(strings.TrimSuffix(names.Data[0], " (documented)"), " or ")
	checked, value, err := s.found(m)
	if err != nil {
		return err
	}
	if dtype, _, _ := strings.Cut(checked, "["); dtype != value.DType().String() {
		return fmt.Errorf("the checker finds %s, and a run gives %s", checked, calx.TypeOf(value))
	}
	if name := data.DTypeName(value.DType()); !slices.Contains(choice, name) {
		return fmt.Errorf("its elements are %s, and expected is %s", name, names.Data[0])
	}
	return nil
}
