package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// The programs whose derivatives are measured, with what is written behind f for
// its second derivative: all of it, or a product with it where it is large.
var measuredDerivatives = map[string]string{
	"cross_entropy": "export fn second(z: f64[k, n], label: i64[n]) -> f64[k, n] = hvp(f)(z, label, z)",
	"kernel":        "export fn second(p: f64[q], x: f64[n, d], w: f64[n, n]) -> f64[q, q] = hessian(f)(p, x, w)",
	"likelihood":    "export fn second(A: f64[n, n], y: f64[n]) -> f64[n, n] = hvp(f)(A, y, A)",
	"mlp": `export fn second(W: f64[h, d], b: f64[h], V: f64[c, h], a: f64[c], x: f64[m, d], y: f64[m, c]) -> f64[h, d] =
  hvp(f)(W, b, V, a, x, y, W)`,
	"pendulum":   "export fn second(p: f64[3]) -> f64[3, 3] = hessian(f)(p)",
	"rosenbrock": "export fn second(x: f64[n]) -> f64[n, n] = hessian(f)(x)",
	"steps":      "export fn second(x: f64, n: i64) -> f64 = hessian(f)(x, n)",
	"writes":     "export fn second(x: f64[n]) -> f64[n, n] = hessian(f)(x)",
}

// What stands in a derivative once, however long the function is: code that goes
// back through a long loop in parts, and the blocks of the library's pullback of
// Cholesky's decomposition.
var besides = map[string]int{"likelihood": 90, "steps": 80, "writes": 80}

// A derivative is at most six times as large as the function, in operations of
// the array program behind all passes, and a second derivative thirty times.
func TestDerivativeSize(t *testing.T) {
	files, err := filepath.Glob("../bench/programs/derivatives/*.calx")
	if err != nil || len(files) != len(measuredDerivatives) {
		t.Fatalf("%d programs, %d are measured: %v", len(files), len(measuredDerivatives), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".calx")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := lastModule(t, name, string(text)+"\n"+measuredDerivatives[name]+"\n")
		value, first, second := sizeOf(m, "value"), sizeOf(m, "derived"), sizeOf(m, "second")
		t.Logf("%-14s %4d operations, with gradient %4d (%.1f times), second derivative %4d (%.1f times)",
			name, value, first, float64(first)/float64(value), second, float64(second)/float64(value))
		if more := besides[name]; value == 0 || first > 6*value+more || second > 30*value+2*more {
			t.Errorf("%s: %d operations, %d with the gradient and %d for the second derivative", name, value, first, second)
		}
	}
}

// Twice the program has twice the derivative.
func TestDerivativeOfLongProgram(t *testing.T) {
	size := func(lines int) (value, derived int) {
		var text strings.Builder
		text.WriteString("fn f(x: f64[n]) -> f64 {\n  let a0 = x\n  let a1 = 2 * x\n")
		for i := 2; i < lines; i++ {
			form := []string{"a%d * a%d", "a%d + sin(a%d)", "a%d - 0.5 * a%d", "tanh(a%d) / (2 + a%d^2)"}[i%4]
			fmt.Fprintf(&text, "  let a%d = "+form+"\n", i, i-1, i-2)
		}
		fmt.Fprintf(&text, "  sum(a%d)\n}\nexport fn value(x: f64[n]) -> f64 = f(x)\nexport fn derived(x: f64[n]) -> f64[n] = grad(f)(x)\n", lines-1)
		m := lastModule(t, "long", text.String())
		return sizeOf(m, "value"), sizeOf(m, "derived")
	}
	value, derived := size(400)
	valueOfTwo, derivedOfTwo := size(800)
	t.Logf("%d and %d operations, %d and %d", value, derived, valueOfTwo, derivedOfTwo)
	if derived > 6*value || derivedOfTwo > 6*valueOfTwo || 10*derivedOfTwo > 21*derived {
		t.Error("derivatives of long programs are too long")
	}
}

// lastModule is the array program behind all passes.
func lastModule(t *testing.T, name, text string) *ir.Module {
	t.Helper()
	var last *ir.Module
	opts := calx.Options{Dump: calx.Dump{IR: func(_ string, m *ir.Module) { last = m }}}
	if _, err := calx.Compile(&ast.Source{Name: name + ".calx", Text: text}, opts); err != nil {
		t.Fatal(err)
	}
	return last
}

// sizeOf counts the operations of a function and of all that it calls, but for
// numbers and sizes.
func sizeOf(m *ir.Module, name string) int {
	seen := map[*ir.Func]bool{}
	var inFunc func(f *ir.Func) int
	var inBlock func(b *ir.Block) int
	inBlock = func(b *ir.Block) int {
		n := 0
		for _, op := range b.Ops {
			switch {
			case op.Code == ir.Const || op.Code == ir.SizeOp:
				continue
			case op.Callee() != nil:
				n += inFunc(op.Callee())
			}
			n++
			for _, region := range op.Regions {
				n += inBlock(region)
			}
		}
		return n
	}
	inFunc = func(f *ir.Func) int {
		if seen[f] {
			return 0
		}
		seen[f] = true
		return inBlock(f.Body)
	}
	for _, f := range m.Funcs {
		if f.Name == name {
			return inFunc(f)
		}
	}
	return 0
}
