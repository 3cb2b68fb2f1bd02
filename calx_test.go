package calx_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

func compile(t testing.TB, text string) *calx.Program {
	t.Helper()
	program, err := calx.Compile(&ast.Source{Name: "test.calx", Text: text}, calx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func TestMistakesOfParserAndCheckerAreReportedTogether(t *testing.T) {
	_, err := calx.Compile(&ast.Source{Name: "test.calx", Text: `let a = = 1
let b = zeros(3) + zeros(4)
let c = a + 1
`}, calx.Options{})
	mistakes, _ := ast.AsDiagnostics(err)
	var lines []int
	for _, d := range mistakes {
		lines = append(lines, d.Span.Line())
	}
	// Line 3 is wrong only because a could not be read.
	if fmt.Sprint(lines) != "[1 2]" {
		t.Errorf("mistakes on lines %v, want 1 and 2: %v", lines, mistakes)
	}
}

func TestResultsHaveTheirStructure(t *testing.T) {
	results, err := compile(t, `
		input q: (f64, {b: i64[n], a: str})
		export let same = q
		export let back = {number: q[0], list: (q[1].b[::-1],)}
		export let positive = q[1].b[q[1].b > 0]
		export let twice = positive + positive
	`).Run(context.Background(), map[string]any{"q": runtime.Tuple{
		runtime.Scalar(1.5),
		runtime.Record{Names: []string{"a", "b"}, Values: []runtime.Value{runtime.Text("x"), runtime.Vector([]int64{1, -2, 3})}},
	}}, calx.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"same":     `(1.5, {a: "x", b: [1, -2, 3]})`,
		"back":     `{list: ([3, -2, 1],), number: 1.5}`,
		"positive": `[1, 3]`,
		"twice":    `[2, 6]`,
	}
	for name, text := range want {
		if got := strings.Join(strings.Fields(runtime.Format(results.Get(name))), " "); got != text {
			t.Errorf("%s is %s, want %s", name, got, text)
		}
	}
}

func TestInputsAreNotChanged(t *testing.T) {
	x := []float64{1, 2, 3}
	_, err := compile(t, `
		input x: f64[n]
		var y = x
		for i in 0..n { y[i] = 0 }
		export let z = y
	`).Run(context.Background(), map[string]any{"x": runtime.Vector(x)}, calx.RunOptions{})
	if err != nil || x[0] != 1 || x[1] != 2 || x[2] != 3 {
		t.Errorf("the input is now %v, %v", x, err)
	}
}

// Runs that would not end stop when their time is over.
func TestRunsStopInTime(t *testing.T) {
	tests := []struct{ name, text string }{
		{"a loop of scalars", "var i = 0\nwhile true { i += 1 }\nexport let y = i"},
		{"a long for", "var s = 0.0\nfor i in 0..1000000000000 { s += sqrt(i) }\nexport let y = s"},
		{"a loop of arrays", "var x = ones(1000000)\nwhile true { x = sin(x) + 1 }\nexport let y = x"},
		{"a large product", "let a = ones(4000, 4000)\nexport let y = a @ a @ a @ a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			program := compile(t, test.text)
			ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
			defer cancel()
			_, err := program.Run(ctx, nil, calx.RunOptions{})
			expectFailure(t, err, ast.CodeTimeLimit)
		})
	}
}

// Runs that need too much end before they take it.
func TestRunsAreBounded(t *testing.T) {
	tests := []struct {
		name, text string
		code       ast.Code
	}{
		{"an array", "export let y = zeros(1000000, 1000000)", ast.CodeMemoryLimit},
		{"a growing array", "var x: f64[_] = [1.0]\nwhile true { x = concatenate((x, x)) }\nexport let y = x", ast.CodeMemoryLimit},
		{"recursion", "fn f(x: f64) -> f64 = f(x + 1) + 1\nexport let y = f(1.0)", ast.CodeRecursionLimit},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := compile(t, test.text).Run(context.Background(), nil, calx.RunOptions{Limits: runtime.Limits{Memory: 64 << 20}})
			expectFailure(t, err, test.code)
		})
	}
}

func expectFailure(t *testing.T, err error, code ast.Code) {
	t.Helper()
	var d *ast.Diagnostic
	if !errors.As(err, &d) || d.Code != code || !d.Span.IsValid() {
		t.Errorf("got error %v, want %s with a place", err, code)
	}
}

func TestCancelledRunsStop(t *testing.T) {
	program := compile(t, "var i = 0\nwhile true { i += 1 }\nexport let y = i")
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := program.Run(ctx, nil, calx.RunOptions{})
	var d *ast.Diagnostic
	if !errors.As(err, &d) || d.Code != ast.CodeCancelled {
		t.Errorf("got error %v", err)
	}
	if _, err := program.Run(ctx, nil, calx.RunOptions{}); !errors.As(err, &d) || d.Code != ast.CodeCancelled {
		t.Errorf("begun when cancelled: got error %v", err)
	}
}
