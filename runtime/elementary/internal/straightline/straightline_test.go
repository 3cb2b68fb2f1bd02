package straightline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// load type-checks a package of one file.
func load(t *testing.T, text string) *Source {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "functions.go"), []byte("package functions\n\nimport \"math\"\n"+text), 0o644); err != nil {
		t.Fatal(err)
	}
	source, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// listing prints the instructions that a result needs.
func listing(p *Program, result Value) string {
	var lines []string
	for _, v := range p.Needed(result) {
		instruction := p.Instructions[v]
		line := fmt.Sprintf("v%d = %s", v, instruction.Code)
		for _, operand := range instruction.Operands[:instruction.arity()] {
			line += fmt.Sprintf(" v%d", operand)
		}
		if instruction.arity() == 0 || instruction.Immediate != 0 {
			line += fmt.Sprintf(" %#x", instruction.Immediate)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

const choose = `
func choose(c bool, a, b float64) float64 { if c { return a }; return b }
`

func TestFunctionsBecomeStraightLinePrograms(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"calls are written out and equal values computed once", `
func square(x float64) float64 { return float64(x * x) }
func f(x float64) float64 { y := square(x); return y + square(x) }`,
			"v0 = parameter 0x0\nv1 = mul v0 v0\nv2 = add v1 v1"},
		{"several results, unused ones left out", `
func pair(x float64) (a, b float64) { a = x + 1; return a, x / a }
func f(x float64) float64 { a, _ := pair(x); return math.Sqrt(a) }`,
			"v0 = parameter 0x0\nv1 = constant 0x3ff0000000000000\nv2 = add v0 v1\nv4 = sqrt v2"},
		{"bits", `
func f(x float64) float64 { return math.Float64frombits(math.Float64bits(x)<<3 &^ 5) }`,
			"v0 = parameter 0x0\nv1 = shl v0 0x3\nv2 = constant 0x5\nv3 = andnot v1 v2"},
		{"a select of the compared values is their lesser or greater", choose + `
func f(x float64) float64 { x = choose(x < 1, 1, x); return choose(x > 2, 2, x) }`,
			"v0 = parameter 0x0\nv1 = constant 0x3ff0000000000000\nv3 = greater v1 v0\nv4 = constant 0x4000000000000000\nv6 = lesser v4 v3"},
		{"another select stays one", choose + `
func f(x float64) float64 { return choose(x != x, 2, x) }`,
			"v0 = parameter 0x0\nv1 = ne v0 v0\nv2 = constant 0x4000000000000000\nv3 = select v1 v2 v0"},
		{"subtracting +0 changes nothing", `
func minus(x, y float64) float64 { return x - y }
func f(x float64) float64 { return -minus(x, 0) }`,
			"v0 = parameter 0x0\nv2 = constant 0x8000000000000000\nv3 = xor v0 v2"},
	} {
		program := &Program{}
		result, err := load(t, c.text+"\nvar _ = math.Pi\n").Translate(program, "f", program.Parameters(1)...)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := listing(program, result); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestWhatIsNotStraightLineIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`func f(x float64) float64 { if x > 0 { return 1 }; return 2 }`:          "not straight-line",
		`func f(x float64) float64 { return math.Exp(x) }`:                       "call of something else",
		`func f(x float64) float64 { for range 3 { x = x + 1 }; return x }`:      "not straight-line",
		`func g(x float64) float64 { return [2]float64{x, x}[0] }; var f = g(1)`: "no function f",
	} {
		program := &Program{}
		_, err := load(t, text+"\nvar _ = math.Pi\n").Translate(program, "f", program.Parameters(1)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestTooManyLiveValuesAreRefused(t *testing.T) {
	program := &Program{}
	x := program.Parameters(1)[0]
	values := []Value{x}
	for range 17 {
		values = append(values, program.emit(Sqrt, 0, values[len(values)-1]))
	}
	sum := x
	for _, v := range values {
		sum = program.emit(Add, 0, sum, v)
	}
	for i := len(values) - 1; i >= 0; i-- {
		sum = program.emit(Mul, 0, sum, values[i])
	}
	var assembly Assembly
	err := assembly.Add(Kernel{Name: "greedy", Program: program, Sources: 1, Guard: -1, Result: sum})
	if err == nil || !strings.Contains(err.Error(), "more than 16 values") {
		t.Errorf("%v, want a refusal", err)
	}
}
