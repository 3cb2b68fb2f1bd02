// Package tests tries the whole of Calx from outside: the cases, which are
// problems with references from other systems; the language corpus, one
// behaviour a file; random programs; the documentation, whose examples run; and
// who may import whom. It holds tests only.
package tests

import (
	"flag"
	"fmt"
	"math"
	"math/cmplx"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

var update = flag.Bool("update", false, "write what is found in place of what is expected")

// summaries are printed when all tests have run.
var summaries []string

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	for _, line := range summaries {
		fmt.Println(line)
	}
	os.Exit(code)
}

func readSource(t testing.TB, file string) *ast.Source {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return &ast.Source{Name: file, Text: string(content)}
}

// rendered is an error with the lines that it speaks of.
func rendered(err error) string {
	found, ok := ast.AsDiagnostics(err)
	if !ok {
		return err.Error()
	}
	var b strings.Builder
	found.Render(&b, false)
	return b.String()
}

// closeTo compares a value with a reference r: |v - r| <= atol + rtol*|r| for
// floats and complex numbers, equality for the rest. An integer may stand for an
// equal float.
func closeTo(value runtime.Value, want *runtime.Array, rtol, atol float64) error {
	got, ok := value.(*runtime.Array)
	if !ok {
		return fmt.Errorf("it is %s, and expected is an array", calx.TypeOf(value))
	}
	if !slices.Equal(got.Shape(), want.Shape()) {
		return fmt.Errorf("its shape is %v, and expected is %v", got.Shape(), want.Shape())
	}
	if got.DType() != want.DType() {
		return fmt.Errorf("it is %s, and expected is %s", calx.TypeOf(got), calx.TypeOf(want))
	}
	if !got.DType().IsInexact() {
		if !got.Equal(want) {
			return fmt.Errorf("it is %s, and expected is %s", runtime.Format(got), runtime.Format(want))
		}
		return nil
	}
	for i := range got.Len() {
		v, r := element(got, i), element(want, i)
		if !(near(real(v), real(r), rtol, atol, cmplx.Abs(r)) && near(imag(v), imag(r), rtol, atol, cmplx.Abs(r))) {
			return fmt.Errorf("element %d is %v, and expected is %v: the difference is %g", i, v, r, cmplx.Abs(v-r))
		}
	}
	return nil
}

func near(v, r, rtol, atol, size float64) bool {
	if v == r || v != v && r != r {
		return true
	}
	return !math.IsInf(r, 0) && math.Abs(v-r) <= atol+rtol*size
}

func element(a *runtime.Array, i int) complex128 {
	switch a.DType() {
	case ir.F32:
		return complex(float64(a.F32()[i]), 0)
	case ir.C128:
		return a.C128()[i]
	}
	return complex(a.F64()[i], 0)
}
