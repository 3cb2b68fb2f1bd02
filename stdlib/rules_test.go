package stdlib_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// matrices are where functions of testdata/rules.txt are derived, and along which
// tangent. Each is taken of real numbers, of complex ones, and as a stack.
var matrices = []struct{ kind, shape, at, along string }{
	{"square", "4, 4", "x", "dx"},
	{"tall", "4, 3", "x", "dx"},
	{"wide", "3, 4", "x", "dx"},
	{"definite", "4, 4", "definite(x)", "symmetric(dx)"},
	{"by halves", "50, 50", "definite(x / 7)", "symmetric(dx)"},
	{"by quarters", "130, 130", "definite(x / 11)", "symmetric(dx)"},
}

var fields = []struct{ name, x, dx string }{
	{"real", "random.normal(random.key(1), (%s))", "random.normal(random.key(2), (%s))"},
	{"complex", "numbers_like(3, zeros((%s), dtype=c128))", "numbers_like(5, zeros((%s), dtype=c128))"},
	{"stack", "random.normal(random.key(1), (2, 1, %s))", "random.normal(random.key(2), (2, 1, %s))"},
}

// TestMatrixDerivatives holds the derivatives of linear algebra against differences,
// and reverse against forward mode, of the first and second order.
func TestMatrixDerivatives(t *testing.T) {
	content, err := os.ReadFile("testdata/rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	names, rows, ok := strings.Cut(string(content), "\n---\n")
	if !ok {
		t.Fatal("no line of dashes")
	}
	for _, row := range strings.Split(strings.TrimSpace(rows), "\n") {
		kind, f, ok := strings.Cut(row, ": ")
		if !ok {
			t.Fatalf("no kind of matrix: %s", row)
		}
		t.Run(f, func(t *testing.T) {
			for _, m := range matrices {
				if kind != m.kind && !(kind == "all" && (m.kind == "square" || m.kind == "tall" || m.kind == "wide")) {
					continue
				}
				for _, field := range fields {
					x := fmt.Sprintf("let x = %s\nlet dx = %s\n", fmt.Sprintf(field.x, m.shape), fmt.Sprintf(field.dx, m.shape))
					value, code := evaluate(names+"\n"+x, fmt.Sprintf("apart(%s, %s, %s)", f, m.at, m.along), nil)
					if code != "" {
						t.Errorf("%s %s: error %s", field.name, m.kind, code)
						continue
					}
					apart := numbers(t, value)
					for i, bound := range []float64{1e-6, 1e-12, 1e-6, 1e-10, 1e-10} {
						if !(apart[i] <= bound) {
							t.Errorf("%s %s: apart by %.3g, of which no number is to be above %.0e", field.name, m.kind, apart, bound)
							break
						}
					}
				}
			}
		})
	}
}

// TestDerivativesAtEdges holds derivatives against what is known.
func TestDerivativesAtEdges(t *testing.T) {
	content, err := os.ReadFile("testdata/edges.txt")
	if err != nil {
		t.Fatal(err)
	}
	names, rows, ok := strings.Cut(string(content), "\n---\n")
	if !ok {
		t.Fatal("no line of dashes")
	}
	for _, row := range strings.Split(strings.TrimSpace(rows), "\n") {
		expression, want, ok := strings.Cut(row, " => ")
		if !ok {
			t.Fatalf("no value: %s", row)
		}
		value, code := evaluate(names, expression, nil)
		if wanted, isError := strings.CutPrefix(want, "error "); isError || code != "" {
			if code != wanted {
				t.Errorf("%s: got %v, error %q", expression, value, code)
			}
			continue
		}
		wanted, code := evaluate(names, want, nil)
		if code != "" {
			t.Fatalf("%s: error %s", want, code)
		}
		if difference := compare(asJSON(t, value), asJSON(t, wanted), 1e-12); difference != "" {
			t.Errorf("%s: %s", expression, difference)
		}
	}
}
