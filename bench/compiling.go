package bench

import (
	"os"
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
)

// compiling are tasks of the compiler. Their numbers are the lines.
func compiling() []Task {
	const lines = 5000
	text := LongScript(lines)
	count := strings.Count(text, "\n")
	compile := func(stage func(*ast.Source) error) func() (Run, error) {
		return func() (Run, error) {
			return func() ([]float64, error) {
				return []float64{float64(count)}, stage(&ast.Source{Name: "long.calx", Text: text})
			}, nil
		}
	}
	return []Task{
		{"check/5000", count, "line", compile(func(source *ast.Source) error {
			mistakes, err := calx.Check(source, calx.Options{})
			if mistakes.HasErrors() {
				return mistakes
			}
			return err
		}), nil},
		{"compile/5000", count, "line", compile(func(source *ast.Source) error {
			_, err := calx.Compile(source, calx.Options{})
			return err
		}), nil},
	}
}

// principalComponents is examples/pca.calx on its table, compiled and read once.
func principalComponents() (Run, error) {
	script, err := os.ReadFile("../examples/pca.calx")
	if err != nil {
		return nil, err
	}
	compiled, err := calx.Compile(&ast.Source{Name: "pca.calx", Text: string(script)}, calx.Options{})
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile("../examples/data/iris.csv")
	if err != nil {
		return nil, err
	}
	table, err := data.ReadCSV(&ast.Source{Name: "iris.csv", Text: string(content)})
	if err != nil {
		return nil, err
	}
	values, err := table.Fit(compiled.Inputs()[0].Want)
	if err != nil {
		return nil, err
	}
	return running(compiled, "variance_explained", map[string]any{"data": values}), nil
}
