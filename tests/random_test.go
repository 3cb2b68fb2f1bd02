package tests

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// TestRandomPrograms compiles random programs without mistakes and demands the
// same of all ways of running them: with and without passes, with and without
// the ways of the interpreter to be fast.
//
//	go test ./tests -run TestRandomPrograms -rapid.checks=20000
func TestRandomPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := newWriter(t).program()
		source := &ast.Source{Name: "random.calx", Text: text}
		program, err := calx.Compile(source, calx.Options{})
		if slices.Contains(foreseen, codeOf(err)) {
			return
		}
		if err != nil {
			t.Fatalf("%s\n%s", rendered(err), text)
		}
		checked, err := checkProgram(source, nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		for range 2 {
			inputs := randomInputs(t)
			whole, _ := runWhole(ctx, program, inputs, limits)
			if code := codeOf(whole.err); whole.err != nil && (code == "" || code == ast.CodeTimeLimit || code == "internal-error") {
				t.Fatalf("%s\n%s", rendered(whole.err), text)
			}
			for _, w := range otherWays {
				if difference := checked.run(ctx, w, inputs, limits).differs(whole); difference != "" {
					t.Fatalf("%s: %s\n%s\nwith %s", w.name, difference, text, shownInputs(inputs))
				}
			}
		}
	})
}

// foreseen are the mistakes at run time that the checker may find by itself.
var foreseen = []ast.Code{
	ast.CodeDivisionByZero, ast.CodeNumberSize, ast.CodeIndex, ast.CodeNegativePower, ast.CodeOutOfRange,
}

// randomInputs are values for the inputs of random programs.
func randomInputs(t *rapid.T) map[string]any {
	n := rapid.SampledFrom([]int{1, 2, 3, 4, 5, 9, 0}).Draw(t, "n")
	m := rapid.SampledFrom([]int{1, 2, 3, 4, 0}).Draw(t, "m")
	floats := rapid.OneOf(
		rapid.Float64Range(-4, 4),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1, 0.5, math.Inf(1), math.Inf(-1), math.NaN(), 1e300, 5e-324}),
	)
	integers := rapid.OneOf(rapid.Int64Range(-5, 5), rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64}))
	return map[string]any{
		"a": runtime.Scalar(floats.Draw(t, "a")),
		"k": runtime.Scalar(integers.Draw(t, "k")),
		"b": runtime.Scalar(rapid.Bool().Draw(t, "b")),
		"x": drawArray(t, "x", floats, n),
		"y": drawArray(t, "y", floats, n, m),
		"z": drawArray(t, "z", rapid.Map(floats, func(v float64) complex128 { return complex(v, 1-v) }), n),
		"v": drawArray(t, "v", integers, n),
		"c": drawArray(t, "c", rapid.Bool(), n),
	}
}

func drawArray[T runtime.Element](t *rapid.T, name string, elements *rapid.Generator[T], shape ...int) *runtime.Array {
	size := 1
	for _, n := range shape {
		size *= n
	}
	a, err := runtime.FromSlice(rapid.SliceOfN(elements, size, size).Draw(t, name), shape...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
