package calx

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// An Input is something that a program is given.
type Input struct {
	Name     string
	Type     string // as written: "f64[n, p]"
	Optional bool   // has a default
	Want     data.Want
}

// input is an Input with what the compiler knows of it.
type input struct {
	Input
	role  string // what it is, before its name: "input "
	typed *typecheck.Input
	place ast.Span
}

func (in *input) label() string { return in.role + in.Name }

// findInputs joins the inputs of the checked program with how they are written.
func findInputs(file *ast.File, checked *typecheck.Program) []*input {
	written := map[string]*ast.Input{}
	for _, stmt := range file.Stmts {
		if in, ok := stmt.(*ast.Input); ok {
			written[in.Name.Name] = in
		}
	}
	var inputs []*input
	for _, in := range checked.Inputs {
		found := &input{role: "input ", typed: in, place: in.Span}
		found.Name = in.Def.Var.Name
		found.Optional = in.Default != nil
		found.Want = wantOf(in.Def.Type)
		if w := written[found.Name]; w != nil {
			found.Type = lang.FormatType(w.Type)
			found.place = w.Name.Span.To(w.Type.Pos())
		}
		inputs = append(inputs, found)
	}
	return inputs
}

func missing(in *input) *ast.Diagnostic {
	return &ast.Diagnostic{
		Code: ast.CodeMissingInput, Span: in.place,
		Message: fmt.Sprintf("input %s, which is %s, was not given", in.Name, in.Type),
	}
}

func (p *Program) unknownInputs(given map[string]runtime.Value) (mistakes ast.Diagnostics) {
	var names []string
	for _, in := range p.inputs {
		names = append(names, in.Name)
	}
	var unknown []string
	for name := range given {
		if !slices.Contains(names, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		d := &ast.Diagnostic{Code: ast.CodeUnknownArgument, Message: fmt.Sprintf("the program has no input %q", name)}
		switch near := ast.Nearest(name, names); {
		case near != "":
			d.Hint = fmt.Sprintf("did you mean %s?", near)
		case len(names) == 0:
			d.Notes = []string{"it has no inputs"}
		default:
			d.Notes = []string{"its inputs are " + strings.Join(names, ", ")}
		}
		mistakes = append(mistakes, d)
	}
	return mistakes
}

// A fitter takes one value apart, along the type of its input.
type fitter struct {
	input   *input
	given   string // the type of the whole value
	parts   []runtime.Value
	axes    []axis
	mistake *ast.Diagnostic
}

func (f *fitter) fail(code ast.Code, format string, args ...any) {
	if f.mistake == nil {
		f.mistake = &ast.Diagnostic{
			Code: code, Span: f.input.place,
			Message: fmt.Sprintf("%s must be %s, and ", f.input.label(), f.input.Type) + fmt.Sprintf(format, args...),
		}
	}
}

func (f *fitter) fit(name string, v runtime.Value, want typecheck.Type) {
	switch want := want.(type) {
	case typecheck.Array:
		f.array(name, v, want)
		return
	case typecheck.Tuple:
		if tuple, ok := v.(runtime.Tuple); ok && len(tuple) == len(want.Elems) {
			for i, part := range tuple {
				f.fit(name+"["+strconv.Itoa(i)+"]", part, want.Elems[i])
			}
			return
		}
	case typecheck.Function:
		if captured, ok := v.(runtime.Tuple); ok && len(captured) == len(want.Captures) {
			for i, part := range captured {
				f.fit(name, part, want.Captures[i])
			}
			return
		}
	case typecheck.Record:
		if record, ok := v.(runtime.Record); ok && len(record.Names) == len(want.Names) {
			for i, field := range want.Names {
				part, ok := record.Field(field)
				if !ok {
					f.fail(ast.CodeInputMismatch, "the value given has no field %s; it is %s", field, f.given)
					return
				}
				f.fit(name+"."+field, part, want.Types[i])
			}
			return
		}
	}
	f.fail(ast.CodeInputMismatch, "the value given is %s", f.given)
}

func (f *fitter) array(name string, v runtime.Value, want typecheck.Array) {
	what := "the value given"
	if name != f.input.Name {
		what = "its part " + name
	}
	if text, ok := v.(runtime.Text); ok && want.DType == ir.Text {
		f.parts = append(f.parts, text)
		return
	}
	if list, ok := v.(runtime.Tuple); ok && want.DType != ir.Text {
		if a := gathered(list, want.DType, len(want.Dims)); a != nil {
			v = a
		}
	}
	a, ok := v.(*runtime.Array)
	if !ok || want.DType == ir.Text {
		f.fail(ast.CodeInputMismatch, "%s is %s", what, describe(v))
		return
	}
	if a.Rank() != len(want.Dims) {
		f.fail(ast.CodeShapeMismatch, "%s is %s", what, describe(v))
		return
	}
	wide, ok := widened(a, want.DType)
	if !ok {
		f.fail(ast.CodeInputMismatch, "%s is %s; numbers never narrow by themselves", what, describe(v))
		return
	}
	f.parts = append(f.parts, wide)
	for i, d := range want.Dims {
		f.axes = append(f.axes, axis{f.input, d, int64(a.Shape()[i]), describe(v), name})
	}
}

// gathered is a list of any Go values, such as a reader of JSON makes, as the array
// that it is: its parts are of one shape, and widen to dtype. It is nil if they
// don't. Nothing tells the further sizes of an empty list; they are 0.
func gathered(list runtime.Tuple, dtype ir.DType, rank int) *runtime.Array {
	if len(list) == 0 {
		return made(dtype, make([]int, max(rank, 1))...)
	}
	var whole *runtime.Array
	for i, v := range list {
		var part *runtime.Array
		switch v := v.(type) {
		case *runtime.Array:
			part, _ = widened(v, dtype)
		case runtime.Tuple:
			part = gathered(v, dtype, rank-1)
		}
		if part != nil && i == 0 {
			whole = made(dtype, append([]int{len(list)}, part.Shape()...)...)
		}
		if part == nil || whole == nil || !slices.Equal(part.Shape(), whole.Shape()[1:]) {
			return nil
		}
		copy(whole.Bytes()[i*len(part.Bytes()):], part.Bytes())
	}
	return whole
}

// made is a new array, nil if there can be none so large.
func made(dtype ir.DType, shape ...int) *runtime.Array {
	a, err := runtime.NewArray(dtype, shape...)
	if err != nil {
		return nil
	}
	return a
}
