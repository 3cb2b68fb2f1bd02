package passes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes"
)

// Long and deep programs go through the pipeline in time that grows with their
// length.
func TestLargePrograms(t *testing.T) {
	for name, program := range map[string]func(n int) string{
		"chain":   chain,
		"loops":   func(n int) string { return nested(n/20, "for i%d in z..k carry (a%d: f64 = %s) {", "") },
		"choices": func(n int) string { return nested(n/20, "if c {", "} else {\nyield x\n") },
		"maps":    maps,
		"calls":   calls,
		"carried": carried,
		"body":    body,
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ir.Parse(program(10_000), nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := ir.Verify(m); err != nil {
				t.Fatal(err)
			}
			if err := passes.Run(m, passes.Options{}); err != nil {
				t.Fatal(err)
			}
			if err := ir.Verify(m); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// chain is a block of n operations, each of which uses the one before.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("main func main[m](x: f64[m], y: f64[m]) -> (f64[m]) {\n  v0: f64[m] = neg x\n")
	for i := range n {
		fmt.Fprintf(&b, "  v%d: f64[m] = %s v%d, y\n", i+1, []string{"add", "mul", "sub"}[i%3], i)
	}
	fmt.Fprintf(&b, "  return v%d\n}\n", n)
	return b.String()
}

// nested is n regions in each other.
func nested(n int, open, middle string) string {
	var b strings.Builder
	b.WriteString("main func main[](x: f64, c: bool, k: i64) -> (f64) {\n  z: i64 = const 0\n")
	inner := "x"
	for i := range n {
		head := open
		if strings.Contains(open, "%") {
			head = fmt.Sprintf(open, i, i, inner)
			inner = fmt.Sprintf("a%d", i)
		}
		fmt.Fprintf(&b, "w%d: f64 = %s\n", i, head)
	}
	fmt.Fprintf(&b, "e: f64 = exp %s\n", inner)
	last := "e"
	for i := n - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "yield %s\n%s}\n", last, middle)
		last = fmt.Sprintf("w%d", i)
	}
	fmt.Fprintf(&b, "return %s\n}\n", last)
	return b.String()
}

// maps is n maps, one after the other.
func maps(n int) string {
	var b strings.Builder
	b.WriteString("main func main[m](v0: f64[m]) -> (f64[m]) {\n  two: f64 = const 2\n")
	for i := range n / 4 {
		fmt.Fprintf(&b, "  v%d: f64[m] = map i%d<m {\n    a%d: f64 = gather[\"@\", wrap] v%d, i%d\n    b%d: f64 = mul a%d, two\n    yield b%d\n  }\n",
			i+1, i, i, i, i, i, i, i)
	}
	fmt.Fprintf(&b, "  return v%d\n}\n", n/4)
	return b.String()
}

// calls is a tower of functions, each of which calls the one below twice.
func calls(n int) string {
	var b strings.Builder
	b.WriteString("func f0[](x: f64) -> (f64) {\n  return x\n}\n")
	for i := range n / 4 {
		fmt.Fprintf(&b, "func f%d[](x: f64) -> (f64) {\n  y: f64 = call f%d[] x\n  z: f64 = call f%d[] y\n  w: f64 = add y, z\n  return w\n}\n", i+1, i, i)
	}
	fmt.Fprintf(&b, "main func main[](x: f64) -> (f64) {\n  y: f64 = call f%d[] x\n  return y\n}\n", n/4)
	return b.String()
}

// carried is a loop that carries n/4 values.
func carried(n int) string {
	var params, types, yields, body []string
	for i := range n / 4 {
		params = append(params, fmt.Sprintf("a%d: f64 = x", i))
		types = append(types, fmt.Sprintf("r%d: f64", i))
		yields = append(yields, fmt.Sprintf("b%d", i))
		body = append(body, fmt.Sprintf("b%d: f64 = add a%d, a%d\n", i, i, (i+1)%(n/4)))
	}
	return "main func main[](x: f64, k: i64) -> (f64) {\nz: i64 = const 0\n" + strings.Join(types, ", ") +
		" = for i in z..k carry (" + strings.Join(params, ", ") + ") {\n" + strings.Join(body, "") +
		"yield " + strings.Join(yields, ", ") + "\n}\nreturn r0\n}\n"
}

// body is a map whose body has n operations.
func body(n int) string {
	var b strings.Builder
	b.WriteString("main func main[m](x: f64[m]) -> (f64[m]) {\n  y: f64[m] = map i<m {\n    j0: i64 = add i, i\n    v0: f64 = gather[\"@\"] x, i\n")
	for i := range n / 2 {
		fmt.Fprintf(&b, "    j%d: i64 = add j%d, j%d\n    v%d: f64 = add v%d, v0\n", i+1, i, i, i+1, i)
	}
	fmt.Fprintf(&b, "    w: f64 = gather[\"@\", wrap] x, j%d\n    r: f64 = add w, v%d\n    yield r\n  }\n  return y\n}\n", n/2, n/2)
	return b.String()
}
