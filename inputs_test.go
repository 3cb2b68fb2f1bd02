package calx

import (
	"math"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// The sizes of the tests: n and p are variables, half is n // 2, k is the value
// of an input.
const (
	n ir.Atom = iota + 1
	p
	half
	k
)

// taking is a program with these inputs, checked but without a body.
func taking(inputs ...*input) *Program {
	checked := &typecheck.Program{
		Atoms: []typecheck.AtomInfo{
			{}, {Name: "n"}, {Name: "p"},
			{Kind: typecheck.AtomDiv, A: ir.Sized(n), B: ir.Size(2)},
			{Name: "k"},
		},
		Sizes: []ir.Atom{n, p},
	}
	for _, in := range inputs {
		in.Type = checked.TypeText(in.typed.Def.Type)
		checked.Inputs = append(checked.Inputs, in.typed)
	}
	return &Program{checked: checked, inputs: inputs}
}

func in(name string, t typecheck.Type) *input {
	found := &input{role: "input ", typed: &typecheck.Input{Def: &typecheck.Def{Var: &typecheck.Var{Name: name}, Type: t}}}
	found.Name, found.Want = name, wantOf(t)
	return found
}

func f64(dims ...ir.Dim) typecheck.Array { return typecheck.Array{DType: ir.F64, Dims: dims} }

func sized(coef int64, a ir.Atom, c int64) ir.Dim {
	scaled, _ := ir.Sized(a).Mul(ir.Size(coef))
	d, _ := scaled.Add(ir.Size(c))
	return d
}

func zeros(t testing.TB, dtype ir.DType, shape ...int) *runtime.Array {
	a, err := runtime.NewArray(dtype, shape...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

type values = map[string]runtime.Value

func TestInputsAreHeldAgainstTheirTypes(t *testing.T) {
	var (
		matrix  = in("x", f64(ir.Sized(n), ir.Sized(p)))
		vector  = in("y", f64(ir.Sized(n)))
		odd     = in("odd", f64(sized(2, n, 1)))
		halves  = in("h", f64(ir.Sized(half)))
		count   = in("k", typecheck.Array{DType: ir.I64})
		counted = in("c", f64(sized(1, k, -1)))
		three   = in("v", f64(ir.Size(3)))
		model   = in("m", typecheck.Record{Names: []string{"b", "w"}, Types: []typecheck.Type{f64(), f64(ir.Sized(n))}})
		pair    = in("q", typecheck.Tuple{Elems: []typecheck.Type{f64(), typecheck.Array{DType: ir.Text}}})
	)
	count.typed.Def.Atom = k
	tests := []struct {
		name    string
		program *Program
		given   values
		errs    []string // messages and notes, in order
	}{
		{"all agree", taking(matrix, vector), values{"x": zeros(t, ir.F64, 3, 2), "y": zeros(t, ir.F64, 3)}, nil},
		{"no rows", taking(matrix, vector), values{"x": zeros(t, ir.F64, 0, 2), "y": zeros(t, ir.F64, 0)}, nil},
		{"integers for floats", taking(vector), values{"y": zeros(t, ir.I64, 3)}, nil},
		{
			"two inputs disagree", taking(matrix, vector), values{"x": zeros(t, ir.F64, 3, 2), "y": zeros(t, ir.F64, 4)},
			[]string{"input y must be f64[n], and the value given is f64[4]", "n is 3, from input x", "n is therefore 3, not 4"},
		},
		{
			"rank", taking(matrix), values{"x": zeros(t, ir.F64, 3)},
			[]string{"input x must be f64[n, p], and the value given is f64[3]"},
		},
		{
			"narrowing", taking(count), values{"k": zeros(t, ir.F64)},
			[]string{"input k must be i64, and the value given is f64; numbers never narrow by themselves"},
		},
		{
			"text for numbers", taking(vector), values{"y": runtime.Text("a")},
			[]string{"input y must be f64[n], and the value given is str"},
		},
		{"solved", taking(odd), values{"odd": zeros(t, ir.F64, 7)}, nil},
		{
			"not solved by an integer", taking(odd), values{"odd": zeros(t, ir.F64, 4)},
			[]string{"input odd must be f64[2*n + 1], and the value given is f64[4]", "no size n makes 2*n + 1 equal to 4"},
		},
		{
			"solved by none below zero", taking(in("z", f64(sized(1, n, 3)))), values{"z": zeros(t, ir.F64, 2)},
			[]string{"input z must be f64[n + 3], and the value given is f64[2]", "no size n makes n + 3 equal to 2"},
		},
		{"derived", taking(halves, vector), values{"y": zeros(t, ir.F64, 7), "h": zeros(t, ir.F64, 3)}, nil},
		{
			"derived otherwise", taking(halves, vector), values{"y": zeros(t, ir.F64, 7), "h": zeros(t, ir.F64, 4)},
			[]string{"input h must be f64[(n // 2)], and the value given is f64[4]", "(n // 2) is therefore 3, not 4"},
		},
		{"the value of an input", taking(counted, count), values{"k": runtime.Scalar(int64(4)), "c": zeros(t, ir.F64, 3)}, nil},
		{
			"not the value of an input", taking(counted, count), values{"k": runtime.Scalar(int64(4)), "c": zeros(t, ir.F64, 4)},
			[]string{"input c must be f64[k - 1], and the value given is f64[4]", "k is 4, from input k", "k - 1 is therefore 3, not 4"},
		},
		{
			"a number", taking(three), values{"v": zeros(t, ir.F64, 4)},
			[]string{"input v must be f64[3], and the value given is f64[4]"},
		},
		{
			"a record, fields in another order", taking(model),
			values{"m": runtime.Record{Names: []string{"w", "b"}, Values: []runtime.Value{zeros(t, ir.F64, 2), runtime.Scalar(1.0)}}}, nil,
		},
		{
			"a part of a record", taking(model, vector), values{
				"m": runtime.Record{Names: []string{"w", "b"}, Values: []runtime.Value{zeros(t, ir.F64, 2), runtime.Scalar(1.0)}},
				"y": zeros(t, ir.F64, 3),
			},
			[]string{"input y must be f64[n], and the value given is f64[3]", "n is 2, from input m.w", "n is therefore 2, not 3"},
		},
		{
			"no such field", taking(model), values{"m": runtime.Record{Names: []string{"w", "c"}, Values: []runtime.Value{zeros(t, ir.F64, 2), runtime.Scalar(1.0)}}},
			[]string{"input m must be {b: f64, w: f64[n]}, and the value given has no field b; it is {w: f64[2], c: f64}"},
		},
		{"a tuple", taking(pair), values{"q": runtime.Tuple{runtime.Scalar(1.0), runtime.Text("a")}}, nil},
		{
			"a part of a tuple", taking(pair), values{"q": runtime.Tuple{runtime.Scalar(1.0), runtime.Scalar(1.0)}},
			[]string{"input q must be (f64, str), and its part q[1] is f64"},
		},
		{
			"not given", taking(vector), values{},
			[]string{"input y, which is f64[n], was not given"},
		},
		{
			"misspelt", taking(in("tolerance", f64())), values{"tolerence": runtime.Scalar(1.0)},
			[]string{`the program has no input "tolerence"`, "did you mean tolerance?", "input tolerance, which is f64, was not given"},
		},
		{
			"unknown", taking(three, count), values{"v": zeros(t, ir.F64, 3), "k": runtime.Scalar(int64(1)), "gamma": runtime.Scalar(1.0)},
			[]string{`the program has no input "gamma"`, "its inputs are v, k"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.program.bind(test.given, nil)
			mistakes, _ := ast.AsDiagnostics(err)
			if got, want := told(mistakes), strings.Join(test.errs, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// told is all that mistakes say, a line for each sentence.
func told(mistakes ast.Diagnostics) string {
	var lines []string
	for _, d := range mistakes {
		lines = append(append(lines, d.Message), d.Notes...)
		if d.Hint != "" {
			lines = append(lines, d.Hint)
		}
	}
	return strings.Join(lines, "\n")
}

func TestMainIsGivenItsSizesAndInputs(t *testing.T) {
	program := taking(in("h", f64(ir.Sized(half))), in("x", f64(ir.Sized(n), ir.Sized(p))))
	b, err := program.bind(values{"h": zeros(t, ir.F64, 3), "x": zeros(t, ir.F64, 7, 2)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sizes, args, unknown := b.argumentsOf(lower.Entry{
		Sizes: []ir.Atom{n, p, half}, Params: []*typecheck.Def{program.inputs[0].typed.Def, program.inputs[1].typed.Def},
	})
	if len(sizes) != 3 || sizes[0] != 7 || sizes[1] != 2 || sizes[2] != 3 || len(args) != 2 || unknown != "" {
		t.Errorf("got sizes %v, want [7 2 3]; %d arguments, want 2; unknown %q", sizes, len(args), unknown)
	}
}

func TestWidening(t *testing.T) {
	elements := map[ir.DType]*runtime.Array{
		ir.Bool: runtime.Vector([]bool{true}), ir.I64: runtime.Vector([]int64{1}), ir.F32: runtime.Vector([]float32{1}),
		ir.F64: runtime.Vector([]float64{1}), ir.C128: runtime.Vector([]complex128{1}),
	}
	widens := map[ir.DType][]ir.DType{
		ir.Bool: {ir.Bool, ir.I64, ir.F32, ir.F64, ir.C128},
		ir.I64:  {ir.I64, ir.F64, ir.C128},
		ir.F32:  {ir.F32, ir.F64, ir.C128},
		ir.F64:  {ir.F64, ir.C128},
		ir.C128: {ir.C128},
	}
	for from, a := range elements {
		for to, want := range elements {
			got, ok := widened(a, to)
			expected := false
			for _, dtype := range widens[from] {
				expected = expected || dtype == to
			}
			if ok != expected {
				t.Errorf("%s to %s: %v", from, to, ok)
			} else if ok && !got.Equal(want) {
				t.Errorf("%s to %s is %s", from, to, runtime.Format(got))
			}
		}
	}
	if _, ok := widened(runtime.Scalar(math.NaN()), ir.I64); ok {
		t.Error("NaN became an integer")
	}
}

func TestNearest(t *testing.T) {
	names := []string{"data", "tolerance", "x"}
	for name, want := range map[string]string{"dta": "data", "Data": "data", "tolerence": "tolerance", "y": "", "zzz": "", "": ""} {
		if got := ast.Nearest(name, names); got != want {
			t.Errorf("%q is near to %q, not %q", name, got, want)
		}
	}
}
