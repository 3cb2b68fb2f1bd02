// Package bench says how fast Calx is: a list of tasks, each a program in
// programs/ with inputs of a stated size, and the same work written in Go. The
// tasks are run by the benchmarks of this package and, beside NumPy, by
// peers.py. It is a module of its own: what it compares with belongs to no
// program.
package bench

import (
	"context"
	"embed"
	"fmt"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

//go:embed programs/*.calx
var programs embed.FS

// A Task is a piece of work that is done in several ways.
type Task struct {
	Name string
	Work int    // units in one run
	Unit string // what is counted: "round", "element", "call"
	// Calx gets everything ready; what it gives is run and timed many times.
	Calx func() (Run, error)
	// Go does the same work, in loops as one would write them or by gonum; nil
	// if there is nothing to compare with.
	Go func() Run
}

// A Run does the work once and gives the numbers that come out, which are the
// same however it is done, up to rounding.
type Run func() ([]float64, error)

// inputs make the inputs of a program.
type inputs func() map[string]any

// program is a task's Calx: programs/NAME.calx, compiled once, with these
// inputs, made once. The program exports its result as "y".
func program(name string, given inputs) func() (Run, error) {
	return func() (Run, error) {
		file := "programs/" + name + ".calx"
		text, err := programs.ReadFile(file)
		if err != nil {
			return nil, err
		}
		compiled, err := calx.Compile(&ast.Source{Name: file, Text: string(text)}, calx.Options{})
		if err != nil {
			return nil, err
		}
		return running(compiled, "y", given()), nil
	}
}

func running(compiled *calx.Program, result string, given map[string]any) Run {
	return func() ([]float64, error) {
		results, err := compiled.Run(context.Background(), given, calx.RunOptions{})
		if err != nil {
			return nil, err
		}
		return numbers(results.Get(result))
	}
}

// numbers are the elements of an array of floats, or the parts of one of complex
// numbers, which it shares, or an integer.
func numbers(v runtime.Value) ([]float64, error) {
	switch data := v.(type) {
	case *runtime.Array:
		switch {
		case data.DType().String() == "f64":
			return data.F64(), nil
		case data.DType().String() == "c128":
			return parts(data.C128()), nil
		case data.DType().String() == "i64" && data.Rank() == 0:
			return []float64{float64(data.I64()[0])}, nil
		}
	}
	return nil, fmt.Errorf("the result is %s, which is not compared", calx.TypeOf(v))
}

// Find is the task of this name.
func Find(name string) (Task, bool) {
	for _, task := range Tasks() {
		if task.Name == name {
			return task, true
		}
	}
	return Task{}, false
}
