package stdlib_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// matrices are where functions of testdata/rules.txt are derived, and along which
// tangent, for rows of some kinds.
var matrices = []struct {
	name      string
	kinds     []string
	shape     string
	at, along string
}{
	{"square", []string{"square", "all"}, "4, 4", "x", "dx"},
	{"tall", []string{"all"}, "4, 3", "x", "dx"},
	{"wide", []string{"all"}, "3, 4", "x", "dx"},
	{"definite", []string{"definite"}, "4, 4", "definite(x)", "symmetric(dx)"},
	{"in halves", []string{"large"}, "50, 50", "definite(x / 7)", "symmetric(dx)"},
	{"in quarters", []string{"large"}, "130, 130", "definite(x / 11)", "symmetric(dx)"},
}

// fields are of what numbers each of them is.
var fields = []struct{ name, x, dx string }{
	{"real", "random.normal(random.key(1), (%s))", "random.normal(random.key(2), (%s))"},
	{"complex", "numbers_like(3, zeros((%s), dtype=c128))", "numbers_like(5, zeros((%s), dtype=c128))"},
	{"stack", "random.normal(random.key(1), (2, 1, %s))", "random.normal(random.key(2), (2, 1, %s))"},
}

// TestMatrixDerivatives holds the derivatives of linear algebra against differences,
// and reverse against forward mode, of the first and second order.
func TestMatrixDerivatives(t *testing.T) {
	names, rows := readRows(t, "testdata/rules.txt")
	for _, row := range rows {
		kind, f, ok := strings.Cut(row, ": ")
		if !ok {
			t.Fatalf("no kind of matrix: %s", row)
		}
		t.Run(f, func(t *testing.T) {
			t.Parallel()
			program := names + "\nlet f = " + f + "\n"
			var calls, cases []string
			for _, m := range matrices {
				if !slices.Contains(m.kinds, kind) {
					continue
				}
				for _, field := range fields {
					program += fmt.Sprintf("fn case%d() {\n  let x = %s\n  let dx = %s\n  apart(f, %s, %s)\n}\n",
						len(calls), fmt.Sprintf(field.x, m.shape), fmt.Sprintf(field.dx, m.shape), m.at, m.along)
					calls = append(calls, fmt.Sprintf("case%d()", len(calls)))
					cases = append(cases, field.name+", "+m.name)
				}
			}
			if len(calls) == 0 {
				t.Fatalf("no matrix is %s", kind)
			}
			value, code := evaluate(program, "["+strings.Join(calls, ", ")+"]", nil)
			if code != "" {
				t.Fatalf("error %s", code)
			}
			bounds := []float64{1e-6, 1e-12, 1e-6, 1e-10, 1e-10}
			for i, apart := range slices.Collect(slices.Chunk(numbers(t, value), len(bounds))) {
				for j, bound := range bounds {
					if !(apart[j] <= bound) {
						t.Errorf("%s: apart by %.3g, which may be %.0e", cases[i], apart, bounds)
						break
					}
				}
			}
		})
	}
}

// TestDerivativesAtEdges holds derivatives against what is known.
func TestDerivativesAtEdges(t *testing.T) {
	names, rows := readRows(t, "testdata/edges.txt")
	for _, row := range rows {
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

// readRows gives what stands above a line of dashes, and the lines below it.
func readRows(t *testing.T, file string) (names string, rows []string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	names, below, ok := strings.Cut(string(content), "\n---\n")
	if !ok {
		t.Fatalf("%s: no line of dashes", file)
	}
	return names, strings.Split(strings.TrimSpace(below), "\n")
}
