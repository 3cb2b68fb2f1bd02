package tests

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/show"
)

// writtenAgain compiles a program and writes it again, behind the passes, as functions
// of which the last, of the given name, takes the inputs and gives the exports.
func writtenAgain(source *ast.Source, name string) (text string, params []*ir.Value, err error) {
	var main *ir.Func
	_, err = calx.Compile(source, calx.Options{Load: loadCase, Dump: calx.Dump{IR: func(_ string, m *ir.Module) { main = m.Main }}})
	if err != nil {
		return "", nil, err
	}
	stmts, err := show.Function(main, name)
	if err != nil {
		return "", nil, err
	}
	stmts[len(stmts)-1].(*ast.Fn).Export = true
	return lang.Format(&ast.File{Stmts: stmts}), main.Params, nil
}

// What is written of the optimised program of a case computes the same as the
// program, in every bit; but not what is drawn at random, which has no form.
func TestShownCases(t *testing.T) {
	files, err := filepath.Glob("cases/data/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	written := 0
	for _, file := range files {
		c := readCase(t, file)
		program := caseProgram(c.ID)
		if program == "" || strings.HasPrefix(c.ID, "P") || hostCases[c.ID] != nil {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			text, params, err := writtenAgain(readSource(t, program), "again")
			if err != nil {
				t.Skip(err)
			}
			written++
			again, err := calx.Compile(&ast.Source{Name: "again.calx", Text: text}, calx.Options{})
			if err != nil {
				t.Fatalf("%s\n%s", rendered(err), text)
			}
			results, args := c.run(t, program, params)
			if args == nil || len(results) == 0 {
				t.Skip("an input is a record, or there is no export")
			}
			value, err := again.Call(t.Context(), "again", args...)
			if err != nil {
				t.Fatalf("%s\n%s", rendered(err), text)
			}
			var want, got []runtime.Value
			for _, r := range results {
				want = runtime.Flat(r.Value, want)
			}
			got = runtime.Flat(value, got)
			if len(got) != len(want) {
				t.Fatalf("%d values, not %d, of\n%s", len(got), len(want), text)
			}
			for i := range want {
				if !runtime.Equal(got[i], want[i]) && !roundedAlike(got[i], want[i]) {
					t.Errorf("value %d is\n%s\nnot\n%s\nof\n%s", i, runtime.Format(got[i]), runtime.Format(want[i]), text)
				}
			}
		})
	}
	if written < 20 {
		t.Errorf("only %d cases were written", written)
	}
}

// roundedAlike compares what an inverse transform gives, which is written with
// another scale.
func roundedAlike(v, w runtime.Value) bool {
	a, ok := v.(*runtime.Array)
	b, same := w.(*runtime.Array)
	return ok && same && closeTo(a, b, 1e-14, 1e-15*math.Sqrt(float64(b.Len()))) == nil
}

// run gives the results of the program of a case, and its inputs as the
// arguments for params; nil if an input has parts.
func (c testCase) run(t *testing.T, program string, params []*ir.Value) (calx.Results, []any) {
	t.Helper()
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	p, err := calx.Compile(&ast.Source{Name: program, Text: string(text)}, calx.Options{Load: loadCase})
	if err != nil {
		t.Fatal(rendered(err))
	}
	inputs, byName := map[string]any{}, map[string]any{}
	for _, in := range p.Inputs() {
		if raw, ok := c.Inputs[in.Name]; ok {
			v, err := readValue(in.Name, raw)
			if err != nil {
				t.Fatal(err)
			}
			if inputs[in.Name], err = v.Natural(); err != nil {
				t.Fatal(err)
			}
		}
		byName[in.Name] = inputs[in.Name]
	}
	results, err := p.Run(t.Context(), inputs, calx.RunOptions{})
	if err != nil {
		t.Fatal(rendered(err))
	}
	args := []any{}
	for _, param := range params {
		v, ok := byName[param.Name]
		if !ok || v == nil {
			return results, nil
		}
		args = append(args, v)
	}
	return results, args
}

func ExampleFunction() {
	source := &ast.Source{Name: "f.calx", Text: "input x: f64[n]\nlet c = x - mean(x)\nexport sum(c^2) / (n - 1) as \"v\""}
	text, _, err := writtenAgain(source, "variance")
	fmt.Print(text, err)
	// Output:
	// export fn variance(x: f64[n]) {
	//   let c = x - sum(x) / n
	//   sum(c^2) / (n - 1)
	// }
	// <nil>
}
