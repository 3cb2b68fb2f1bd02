package tests

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/data"
	"github.com/calx-lang/calx/runtime"
)

// A tally counts what became of cases, or of their keys.
type tally struct{ passed, failed, notYet, notOffered int }

// TestCases computes the problems of cases/data in Calx and compares with their
// references. The program of the case P08-forward-6 is cases/P08-forward-6.calx
// or, for all of its kind, cases/P08-forward.calx; it has an input for each input
// of the case that it wants, and an export for each key of what is expected.
// Keys that are not exported stand in comments of the program:
//
//	# error "KEY": EXPR      the checker rejects EXPR, with the code expected
//	# fails "KEY": EXPR      EXPR fails when it runs, with the code expected
//	# shape "KEY": EXPR      the checker finds the shape of EXPR, a run confirms it
//	# dtype "KEY": EXPR      the same of the type of its elements, by NumPy's name
//	# same "NAME": KEY       another export, equal to KEY
//	# not yet: KEY, …        what can't be computed yet; K* stands for several
//	# not offered: KEY, …    what the language doesn't have
//
// Two more marks say something of the whole program:
//
//	# code "CODE": CODE, …             the codes of Calx that a code expected is
//	# function "NAME SIGNATURE": TEXT  a function of the host, which fails
//
// Cases of what a host does around a program have Go code too, in hostCases.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("cases/data/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var cases, keys tally
	t.Run("case", func(t *testing.T) {
		for _, file := range files {
			c := readCase(t, file)
			program := caseProgram(c.ID)
			if program == "" {
				cases.notYet++
				keys.notYet += len(c.Expected)
				continue
			}
			ok := t.Run(c.ID, func(t *testing.T) {
				if testing.Short() && strings.HasPrefix(c.ID, "P") {
					t.Skip("cases of performance are left out of a short run")
				}
				found := c.compute(t, program)
				keys.passed += found.passed
				keys.failed += found.failed
				keys.notYet += found.notYet
				keys.notOffered += found.notOffered
			})
			if ok {
				cases.passed++
			} else {
				cases.failed++
			}
		}
	})
	summaries = append(summaries,
		fmt.Sprintf("cases: %d passed, %d failed, %d not yet", cases.passed, cases.failed, cases.notYet),
		fmt.Sprintf("keys of cases: %d passed, %d failed, %d not yet, %d of types not offered",
			keys.passed, keys.failed, keys.notYet, keys.notOffered))
}

// A testCase is a file of cases/data.
type testCase struct {
	ID         string
	Inputs     map[string]json.RawMessage
	Expected   map[string]expectation
	RTol, ATol float64
}

// An expectation is an array, or the code of the mistake that is to be found.
type expectation struct {
	DType string
	text  json.RawMessage
}

func (e *expectation) UnmarshalJSON(text []byte) error {
	var head struct{ DType string }
	err := json.Unmarshal(text, &head)
	*e = expectation{head.DType, slices.Clone(text)}
	return err
}

// code is the code of an expected mistake, empty if a value is expected.
func (e expectation) code() ast.Code {
	var mistake struct{ Data []ast.Code }
	if e.DType != "error" || json.Unmarshal(e.text, &mistake) != nil || len(mistake.Data) != 1 {
		return ""
	}
	return mistake.Data[0]
}

func (e expectation) array() (*runtime.Array, error) {
	v, err := readValue("expected", e.text)
	if err != nil {
		return nil, err
	}
	natural, err := v.Natural()
	a, ok := natural.(*runtime.Array)
	if err == nil && !ok {
		err = errors.New("not an array")
	}
	return a, err
}

func readValue(name string, text json.RawMessage) (data.Value, error) {
	return data.ReadText(&ast.Source{Name: name, Text: string(text)})
}

func readCase(t *testing.T, file string) testCase {
	t.Helper()
	var c testCase
	content, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(content, &c)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return c
}

// caseProgram is the file of the program that computes a case, empty if there is
// none yet.
func caseProgram(id string) string {
	for name := id; name != ""; {
		file := filepath.Join("cases", name+".calx")
		if _, err := os.Stat(file); err == nil {
			return file
		} else if !errors.Is(err, fs.ErrNotExist) {
			return ""
		}
		name = name[:max(strings.LastIndexByte(name, '-'), 0)]
	}
	return ""
}

// compute runs the program of a case and reports each key that is not as expected.
func (c testCase) compute(t *testing.T, file string) (found tally) {
	source := readSource(t, file)
	marks := readMarks(t, source)
	s := solution{c, source.Text, marks}
	results, err := s.results()
	if err != nil {
		t.Fatal(rendered(err))
	}
	for _, key := range slices.Sorted(maps.Keys(c.Expected)) {
		err := s.compare(key, results)
		switch {
		case errors.Is(err, errNotYet):
			found.notYet++
		case errors.Is(err, errNotOffered):
			found.notOffered++
		case err != nil:
			found.failed++
			t.Errorf("%q: %s", key, rendered(err))
		default:
			found.passed++
		}
	}
	for _, m := range marks {
		if m.kind != "same" {
			continue
		}
		if err := c.near(results.Get(m.key), c.Expected[m.rest]); err != nil {
			t.Errorf("%q: %v", m.key, err)
		}
	}
	return found
}

var (
	errNotYet     = errors.New("not yet")
	errNotOffered = errors.New("not offered")
)

// near compares a value with what is expected, within the tolerances of the case.
func (c testCase) near(value runtime.Value, want expectation) error {
	if want.DType == "error" || want.DType == "" {
		return fmt.Errorf("it has a value, and expected is %s", cmp.Or(string(want.code()), "nothing"))
	}
	array, err := want.array()
	if err != nil {
		return err
	}
	return closeTo(value, array, c.RTol, c.ATol)
}

// loadCase reads what programs of cases import.
func loadCase(_ *ast.Source, name string) (*ast.Source, error) {
	content, err := os.ReadFile(filepath.Join("cases", path.Base(name)))
	if err != nil {
		return nil, err
	}
	return &ast.Source{Name: name, Text: string(content)}, nil
}
