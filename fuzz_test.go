package calx_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// FuzzProgram compiles any text, and runs it if it takes no inputs. What is
// wrong with it must be said as diagnostics; nothing may be our bug.
func FuzzProgram(f *testing.F) {
	scripts, err := filepath.Glob("examples/*.calx")
	if err != nil {
		f.Fatal(err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		"export let y = [i^2 for i in 0..5]",
		"fn f(x: f64[n]) -> f64[n] = x[::-1]\nexport let y = f([1.0, 2])",
		"var s = 0\nfor i in 0..10 { if i == 3 { continue }\n s += i }\nexport let y = s",
		"let r = {a: 1, b: (2.5, true)}\nexport let z = {...r, a: zeros(2, 3) @ ones(3)}",
		"let x = [1.0, 2, 3]\nexport let y = x[x > 1.5]\nexport let z = sum(x[i] * x[j] for i, j if i < j)",
		"export let t = \"a\" \nprint(t, 1+2i, [[1, 2], [3, 4]].T)",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		program, err := calx.Compile(&ast.Source{Name: "fuzz.calx", Text: text}, calx.Options{})
		if err != nil {
			if _, ok := ast.AsDiagnostics(err); !ok {
				t.Fatal(err)
			}
			return
		}
		if len(program.Inputs()) > 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		_, err = program.Run(ctx, nil, calx.RunOptions{Limits: runtime.Limits{Memory: 64 << 20}})
		var d *ast.Diagnostic
		if err != nil && (!errors.As(err, &d) || strings.Contains(d.Message, "bug")) {
			t.Fatal(err)
		}
	})
}
