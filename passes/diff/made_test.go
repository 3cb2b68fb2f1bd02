package diff

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// What a result does not depend on is not computed, and what nobody calls any
// more is gone.
func TestNothingForZeros(t *testing.T) {
	m, err := ir.Parse(`
func f[n](x: f64[n], w: f64[n]) -> (f64[n], f64) {
  a: f64[n] = sin w
  b: f64[n] = mul a, x
  c: f64 = reduce[sum, 0] a
  return b, c
}

main func main[n](x: f64[n], dx: f64[n], w: f64[n]) -> (f64[n], f64) {
  b: f64[n], c: f64, db: f64[n], dc: f64 = jvp f[n] "d." x, w, dx
  return db, dc
}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(m); err != nil {
		t.Fatal(err)
	}
	want := `func f.jvp[n](x: f64[n], w: f64[n], dx: f64[n]) -> (f64[n], f64, f64[n]) {
  a: f64[n] = sin w
  b: f64[n] = mul a, x
  db: f64[n] = mul dx, a
  c: f64 = reduce[sum, 0] a
  return b, c, db
}
`
	if got := m.String(); !strings.Contains(strings.ReplaceAll(got, `"`, ""), want) || strings.Contains(got, "func f[") {
		t.Errorf("it is\n%s", got)
	}
}

// A loop that changes elements of an array has a derivative that does the same:
// it looks at no whole array in an iteration, and reads before it writes.
func TestWritesStayWrites(t *testing.T) {
	for _, write := range []string{"update", "accumulate"} {
		m, err := ir.Parse(`
func f[n](x: f64[n]) -> (f64[n]) {
  lo: i64 = const 0
  zero: f64 = const 0
  z: f64[n] = broadcast[n] zero
  y: f64[n] = for i in lo..n carry (a: f64[n] = z) {
    p: f64 = gather["@"] x, i
    q: f64 = gather["@"] a, lo
    r: f64 = mul p, q
    b: f64[n] = `+write+`["@"] a, r, i
    yield b
  }
  return y
}

main func main[n](x: f64[n], dx: f64[n], mask: bool[n]) -> (f64[n]) {
  y: f64[n], dy: f64[n] = jvp f[n] "m" x, dx, mask
  return dy
}`, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := Run(m); err != nil {
			t.Fatal(err)
		}
		changed := map[*ir.Value]bool{}
		for _, op := range m.Funcs[0].Body.Ops {
			if op.Code != ir.For {
				continue
			}
			for _, inner := range op.Regions[0].Ops {
				for _, v := range inner.Args {
					if changed[v] {
						t.Errorf("%s: %v reads what has changed in\n%s", write, inner.Code, m)
					}
				}
				switch inner.Code {
				case ir.Update, ir.Accumulate:
					changed[inner.Args[0]] = true
				case ir.Gather:
				default:
					for _, v := range inner.Results {
						if v.Type.Rank() > 0 {
							t.Errorf("%s: %v makes a whole array in\n%s", write, inner.Code, m)
						}
					}
				}
			}
		}
	}
}

// Deep and long programs take time in proportion.
func TestDeepAndLong(t *testing.T) {
	m := &ir.Module{}
	scalar := []ir.Type{ir.Scalar(ir.F64)}
	long := define(m, "long", scalar, func(b *ir.Builder, x []*ir.Value) []*ir.Value {
		y := x[0]
		for range 20_000 {
			y = b.Op(ir.Sin, nil, y)
		}
		return []*ir.Value{y}
	})
	var nest func(b *ir.Builder, x *ir.Value, depth int) *ir.Value
	nest = func(b *ir.Builder, x *ir.Value, depth int) *ir.Value {
		if depth == 0 {
			return b.Op(ir.Sin, nil, x)
		}
		return b.For(b.I64(0), b.I64(1), "", []ir.Carry{{Init: x}, {Init: b.F64(0)}},
			func(b *ir.Builder, _ *ir.Value, c []*ir.Value) []*ir.Value {
				y := nest(b, c[0], depth-1)
				return []*ir.Value{b.Op(ir.Add, nil, y, c[1]), y}
			})[0]
	}
	deep := define(m, "deep", scalar, func(b *ir.Builder, x []*ir.Value) []*ir.Value {
		return []*ir.Value{nest(b, b.Call(long, nil, x[0])[0], 60)}
	})
	chain := deep
	for k := range 500 {
		callee := chain
		chain = define(m, fmt.Sprint("chain", k), scalar, func(b *ir.Builder, x []*ir.Value) []*ir.Value {
			return b.Call(callee, nil, x...)
		})
	}
	m.Main = define(m, "main", append(scalar, scalar...), func(b *ir.Builder, x []*ir.Value) []*ir.Value {
		_, tangents := b.JVP(chain, nil, "d", x...)
		return tangents
	})
	if err := Run(m); err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	p, err := interp.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(context.Background(), []runtime.Value{runtime.Scalar(0.5), runtime.Scalar(1.0)}, nil, interp.Options{}); err != nil {
		t.Error(err)
	}
}
