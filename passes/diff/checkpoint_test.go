package diff

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// gradientProgram compiles the program that gives the results of f and the cotangents
// of its inexact arguments for ones as cotangents of its inexact results. The
// arguments are such that sizes follow from them.
func gradientProgram(t *testing.T, f source, types []ir.Type) *interp.Program {
	t.Helper()
	m := &ir.Module{}
	callee := f(m)
	seeds, wrt := "", ""
	for _, r := range callee.Results {
		seeds += letterOf(r)
	}
	for _, p := range types {
		wrt += letterOf(p)
	}
	m.Main = define(m, "gradient", types, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
		given := slices.Clone(v)
		for _, r := range callee.Results {
			if r.DType.IsInexact() {
				given = append(given, b.Broadcast(b.Number(r.DType, 1), r.Dims...))
			}
		}
		values, cotangents := b.VJP(callee, sizesFor(callee, types), seeds, wrt, given...)
		return slices.Concat(values, cotangents)
	})
	if err := Run(m); err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatalf("%v in\n%s", err, m)
	}
	p, err := interp.Compile(m)
	if err != nil {
		t.Fatalf("%v in\n%s", err, m)
	}
	return p
}

func letterOf(t ir.Type) string {
	if t.DType.IsInexact() {
		return string(ir.SeedDense)
	}
	return string(ir.SeedNone)
}

// within runs p in so many bytes.
func within(p *interp.Program, bytes int64, args ...*runtime.Array) ([]*runtime.Array, error) {
	values := make([]runtime.Value, len(args))
	for i, a := range args {
		values[i] = a
	}
	results, err := p.Run(context.Background(), values, nil, interp.Options{Limits: runtime.Limits{Memory: bytes}})
	var arrays []*runtime.Array
	for _, r := range results {
		arrays = append(arrays, r.(*runtime.Array))
	}
	return arrays, err
}

// mustFit runs p in so many bytes, which must be enough.
func mustFit(t *testing.T, p *interp.Program, bytes int64, args ...*runtime.Array) []*runtime.Array {
	t.Helper()
	results, err := within(p, bytes, args...)
	if err != nil {
		t.Fatalf("in %d bytes: %v", bytes, err)
	}
	return results
}

// sameBits looks whether arrays are equal to the bit.
func sameBits(t *testing.T, what string, got, want []*runtime.Array) {
	t.Helper()
	for i, a := range want {
		x, y := numbers(got[i]), numbers(a)
		for k := range y {
			if math.Float64bits(x[k]) != math.Float64bits(y[k]) {
				t.Fatalf("%s: element %d of result %d is %v, and %v in one piece", what, k, i, x[k], y[k])
			}
		}
	}
}

func integer(n int64) *runtime.Array {
	a := runtime.NewScalar(ir.I64)
	a.I64()[0] = n
	return a
}

func decimal(x float64) *runtime.Array {
	a := runtime.NewScalar(ir.F64)
	a.F64()[0] = x
	return a
}

// oscillator has three numbers that go on, of which each round records several.
const oscillator = `
func f[](x: f64, y: f64, n: i64) -> (f64) {
  zero: i64 = const 0
  a: f64 = const 0.9
  b: f64 = const 0.05
  z0: f64 = const 0.3
  xe: f64, ye: f64, ze: f64 = for i in zero..n carry (p: f64 = x, q: f64 = y, r: f64 = z0) {
    u: f64 = mul p, q
    s: f64 = tanh r
    v: f64 = mul s, u
    w: f64 = mul v, p
    g: f64 = sin w
    h: f64 = mul b, g
    k: f64 = mul a, p
    p2: f64 = add k, h
    m: f64 = mul p2, u
    o: f64 = cos m
    q2: f64 = mul o, q
    l: f64 = add r, v
    r2: f64 = sin l
    yield p2, q2, r2
  }
  e: f64 = mul ye, ze
  d: f64 = add xe, e
  return d
}`

// settling runs until it has counted to n, and writes to an array as it goes.
const settling = `
func f[](x: f64, y: f64, n: i64) -> (f64) {
  zero: i64 = const 0
  one: i64 = const 1
  m: i64 = const 16
  z: f64 = const 0
  a: f64 = const 0.999
  blank: f64[16] = broadcast[16] z
  pe: f64, ie: i64, le: f64[16] = while carry (p: f64 = x, i: i64 = zero, l: f64[16] = blank) {
    c: bool = lt i, n
    yield c
  } do (q: f64, j: i64, k: f64[16]) {
    h: i64 = mod j, m
    e: f64 = gather["@"] k, h
    g: f64 = mul e, q
    s: f64 = sin g
    u: f64 = add s, y
    v: f64[16] = update["@"] k, u, h
    w: f64 = contract["i,i->"] v, v
    b: f64 = cos w
    o: f64 = mul b, q
    r: f64 = mul o, a
    t: i64 = add j, one
    yield r, t, v
  }
  f: f64 = contract["i,i->"] le, le
  d: f64 = add pe, f
  return d
}`

func TestLoopsInParts(t *testing.T) {
	for _, text := range []string{oscillator, settling} {
		inParts(t, text)
	}
}

func inParts(t *testing.T, text string) {
	scalars := []ir.Type{ir.Scalar(ir.F64), ir.Scalar(ir.F64), ir.Scalar(ir.I64)}
	p := gradientProgram(t, written(t, text), scalars)
	for _, n := range []int64{0, 1, 2, 3, 1000, 20_000} {
		args := []*runtime.Array{decimal(0.2), decimal(0.7), integer(n)}
		want := mustFit(t, p, 1<<30, args...)
		for _, bytes := range []int64{1 << 20, 100_000, 60_000, 35_000} {
			sameBits(t, fmt.Sprintf("%d rounds in %d bytes", n, bytes), mustFit(t, p, bytes, args...), want)
		}
	}
}

// TestManyRounds: what would record 12 MB fits into 5.
func TestManyRounds(t *testing.T) {
	p := gradientProgram(t, written(t, oscillator), []ir.Type{ir.Scalar(ir.F64), ir.Scalar(ir.F64), ir.Scalar(ir.I64)})
	args := []*runtime.Array{decimal(0.2), decimal(0.7), integer(250_000)}
	sameBits(t, "many rounds", mustFit(t, p, 5_000_000, args...), mustFit(t, p, 1<<30, args...))
}

// TestPartsThatDoNotFit: what is said when not even one round fits names the
// loop and the bytes.
func TestPartsThatDoNotFit(t *testing.T) {
	src := &ast.Source{Name: "a loop", Text: "for i in 0..n { … }"}
	f := func(m *ir.Module) *ir.Func {
		types := []ir.Type{ir.ArrayOf(ir.F64, ir.Size(1000)), ir.Scalar(ir.I64)}
		return define(m, "f", types, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
			b.At(ast.Span{Source: src, Start: 0, End: 3})
			return b.For(b.I64(0), v[1], "i", []ir.Carry{{Init: v[0]}}, func(b *ir.Builder, i *ir.Value, c []*ir.Value) []*ir.Value {
				return []*ir.Value{b.Op(ir.Sin, nil, b.Op(ir.Mul, nil, b.Op(ir.Cos, nil, c[0]), c[0]))}
			})
		})
	}
	p := gradientProgram(t, f, []ir.Type{ir.ArrayOf(ir.F64, ir.Size(1000)), ir.Scalar(ir.I64)})
	x := random(rand.New(rand.NewPCG(1, 2)), ir.F64, -1, 1, 1000)
	sameBits(t, "parts", mustFit(t, p, 1_000_000, x, integer(1000)), mustFit(t, p, 1<<30, x, integer(1000)))
	_, err := within(p, 50_000, x, integer(1000))
	var d *ast.Diagnostic
	if !errors.As(err, &d) || d.Code != ast.CodeMemoryLimit || d.Span.Source != src || !strings.Contains(d.Message, "bytes are needed") {
		t.Errorf("in 50,000 bytes: %v", err)
	}
}

// randomLoop is a random function with a loop of n rounds.
func randomLoop(seed uint64) source {
	return func(m *ir.Module) *ir.Func {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 3)), m: m}
		types := []ir.Type{number, vector, ir.Scalar(ir.Bool), ir.Scalar(ir.I64)}
		return define(m, "f", types, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
			values := g.body(b, v[:3], 4, 1)
			carried := []ir.Carry{{Init: g.pick(b, values, number)}, {Init: g.pick(b, values, vector)}, {Init: g.pick(b, values, number)}}
			values = append(values, b.For(b.I64(0), v[3], "i", carried, func(b *ir.Builder, i *ir.Value, c []*ir.Value) []*ir.Value {
				return g.next(b, slices.Concat(values, c), 2)
			})...)
			values = g.body(b, values, 4, 1)
			return []*ir.Value{g.pick(b, values, number), g.pick(b, values, vector)}
		})
	}
}

// TestRandomLoopsInParts holds random loops that are gone through in parts to
// those that are recorded in one piece, to the bit.
func TestRandomLoopsInParts(t *testing.T) {
	types := []ir.Type{number, vector, ir.Scalar(ir.Bool), ir.Scalar(ir.I64)}
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 4))
			p := gradientProgram(t, randomLoop(seed), types)
			args := []*runtime.Array{random(r, ir.F64, -1, 1), random(r, ir.F64, -1, 1, 3), random(r, ir.Bool, 0, 1), integer(700)}
			want := mustFit(t, p, 1<<30, args...)
			for _, bytes := range []int64{200_000, 50_000, 20_000} {
				if got, err := within(p, bytes, args...); err == nil {
					sameBits(t, fmt.Sprintf("in %d bytes", bytes), got, want)
				}
			}
		})
	}
}

// TestRandomLoopsOfUnknownLength holds the derivatives of random loops, the
// rounds of which the program does not tell, to those in forward mode.
func TestRandomLoopsOfUnknownLength(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 5))
			args := []*runtime.Array{random(r, ir.F64, -1, 1), random(r, ir.F64, -1, 1, 3), random(r, ir.Bool, 0, 1), integer(3)}
			checkDual(t, r, randomLoop(seed), args, nil)
		})
	}
}
