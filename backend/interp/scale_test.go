package interp

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// chain is a function of n elementwise operations on scalars and arrays.
func chain(n int) *ir.Module {
	f := &ir.Func{Name: "main", Body: &ir.Block{}}
	size := f.AddSize("n").Dim()
	x := f.AddParam(ir.ArrayOf(ir.F64, size), "x")
	y := f.AddParam(ir.Scalar(ir.F64), "y")
	b := ir.NewBuilder(f, f.Body)
	for k := range n {
		if k%3 == 0 {
			y = b.Op(ir.Sub, nil, y, b.F64(1))
			continue
		}
		x = b.Op(ir.Add, nil, x, b.Broadcast(y, size))
	}
	b.Return(x, y)
	return &ir.Module{Funcs: []*ir.Func{f}, Main: f}
}

func TestLongPrograms(t *testing.T) {
	p, err := Compile(chain(50_000))
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(context.Background(), values([]float64{0, 1}, 0.0), []int64{2}, Options{})
	if err != nil || runtime.Format(r[1]) != "-16667.0" {
		t.Error(r, err)
	}
}

func TestDeepNesting(t *testing.T) {
	const depth = 200
	var b strings.Builder
	b.WriteString("main func main[n](x: f64[n], y: f64) -> (f64) {\n  z: i64 = const 0\n  one: i64 = const 1\n  yes: bool = const true\n")
	value := "y"
	for k := range depth {
		next := fmt.Sprint("v", k)
		switch k % 3 {
		case 0:
			fmt.Fprintf(&b, "r%d: f64 = for i%d in z..one carry (%s: f64 = %s) {\n", k, k, next, value)
		case 1:
			fmt.Fprintf(&b, "r%d: f64 = if yes {\n %s: f64 = neg %s\n", k, next, value)
		default:
			fmt.Fprintf(&b, "m%d: f64[3] = map i%d<3 {\n %s: f64 = add %s, %s\n", k, k, next, value, value)
		}
		value = next
	}
	for k := depth - 1; k >= 0; k-- {
		switch k % 3 {
		case 0:
			fmt.Fprintf(&b, "yield %s\n}\n", value)
			value = fmt.Sprint("r", k)
		case 1:
			fmt.Fprintf(&b, "yield %s\n} else {\n yield y\n}\n", value)
			value = fmt.Sprint("r", k)
		default:
			fmt.Fprintf(&b, "yield %s\n}\n r%d: f64 = gather[\"@\"] m%d, z\n", value, k, k)
			value = fmt.Sprint("r", k)
		}
	}
	fmt.Fprintf(&b, "return %s\n}\n", value)
	m, err := ir.Parse(b.String(), &ast.Source{Name: "deep.ir", Text: b.String()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compile(m); err != nil {
		t.Fatal(err)
	}
}
