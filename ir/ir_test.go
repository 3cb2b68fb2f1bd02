package ir_test

import (
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// relax builds the function of the text form's description: a loop that
// carries an array and changes its inside.
func relax() *ir.Module {
	f := &ir.Func{Name: "relax", Body: &ir.Block{}}
	n := f.AddSize("n")
	u0 := f.AddParam(ir.ArrayOf(ir.F64, n.Dim()), "u0")
	w := f.AddParam(ir.Scalar(ir.F64), "w")
	steps := f.AddParam(ir.Scalar(ir.I64), "steps")
	b := ir.NewBuilder(f, f.Body)
	inside, _ := n.Dim().Sub(ir.Size(2))
	u := b.For(b.I64(0), steps, "t", []ir.Carry{{Init: u0, Name: "u"}},
		func(b *ir.Builder, t *ir.Value, carried []*ir.Value) []*ir.Value {
			u := carried[0]
			at := func(b *ir.Builder, i *ir.Value) *ir.Value { return b.Op(ir.Gather, ir.IndexAttr{Spec: "@"}, u, i) }
			d := b.Map([]ir.Dim{inside}, []string{"k"}, func(b *ir.Builder, index []*ir.Value) []*ir.Value {
				k := index[0]
				i := b.Op(ir.Add, nil, k, b.I64(1))
				j := b.Op(ir.Add, nil, i, b.I64(1))
				double := b.Op(ir.Mul, nil, b.F64(2), at(b, i))
				sum := b.Op(ir.Add, nil, b.Op(ir.Sub, nil, at(b, k), double), at(b, j))
				return []*ir.Value{b.Op(ir.Mul, nil, w, sum)}
			})[0]
			attr := ir.IndexAttr{Spec: "r", Range: []ir.RangeAttr{{Dim: inside, Step: 1}}}
			return []*ir.Value{b.Op(ir.Accumulate, attr, u, d, b.I64(1))}
		})
	b.Return(u...)
	return &ir.Module{Funcs: []*ir.Func{f}, Main: f}
}

func TestBuilder(t *testing.T) {
	m := relax()
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	const want = `main func relax[n](u0: f64[n], w: f64, steps: i64) -> (f64[n]) {
  %1: i64 = const 0
  %2: i64 = const 1
  %3: f64 = const 2
  u: f64[n] = for t in %1..steps carry (u.2: f64[n] = u0) {
    %4: f64[n - 2] = map k<n - 2 {
      %5: i64 = add k, %2
      %6: i64 = add %5, %2
      %7: f64 = gather["@"] u.2, %5
      %8: f64 = mul %3, %7
      %9: f64 = gather["@"] u.2, k
      %10: f64 = sub %9, %8
      %11: f64 = gather["@"] u.2, %6
      %12: f64 = add %10, %11
      %13: f64 = mul w, %12
      yield %13
    }
    %14: f64[n] = accumulate["r", (n - 2, 1), add] u.2, %4, %2
    yield %14
  }
  return u
}
`
	if got := m.String(); got != want {
		t.Errorf("got\n%s", got)
	}
}

// Sizes that the branches of an if or the iterations of a loop choose become
// results that the types of others mention.
func TestChosenSizes(t *testing.T) {
	f := &ir.Func{Name: "positives", Body: &ir.Block{}}
	n := f.AddSize("n")
	x := f.AddParam(ir.ArrayOf(ir.F64, n.Dim()), "x")
	c := f.AddParam(ir.Scalar(ir.Bool), "c")
	b := ir.NewBuilder(f, f.Body)
	found := b.If(c, func(b *ir.Builder) []*ir.Value {
		mask := b.Op(ir.Lt, nil, b.Broadcast(b.F64(0), n.Dim()), x)
		_, places := b.Nonzero(mask)
		return []*ir.Value{b.Op(ir.Gather, ir.IndexAttr{Spec: "t"}, x, places)}
	}, func(b *ir.Builder) []*ir.Value {
		return []*ir.Value{x}
	})[0]
	list := b.While([]ir.Carry{{Init: found, Name: "list", Vary: []int{1}}},
		func(b *ir.Builder, carried []*ir.Value) *ir.Value {
			return b.Op(ir.Lt, nil, b.SizeValue(carried[0].Type.Dims[0]), b.I64(100))
		},
		func(b *ir.Builder, carried []*ir.Value) []*ir.Value {
			return []*ir.Value{b.Op(ir.Append, nil, carried[0], x)}
		})
	b.Return(list...)

	g := &ir.Func{Name: "main", Body: &ir.Block{}}
	m := g.AddSize("m")
	y := g.AddParam(ir.ArrayOf(ir.F64, m.Dim()), "y")
	b = ir.NewBuilder(g, g.Body)
	z := b.Call(f, []ir.Dim{m.Dim()}, y, b.Bool(true))[0]
	q := b.Lib("qr", "", b.Op(ir.Reshape, ir.DimsAttr{Dims: []ir.Dim{z.Type.Dims[0], ir.Size(1)}}, z))
	b.Return(q...)
	module := &ir.Module{Funcs: []*ir.Func{f, g}, Main: g}
	if err := ir.Verify(module); err != nil {
		t.Fatalf("%v\n%s", err, module)
	}
	roundTrip(t, module.String())
}

// roundTrip reads a text and demands that it prints as it was.
func roundTrip(t *testing.T, text string) *ir.Module {
	t.Helper()
	m, err := ir.Parse(text, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if again := m.String(); again != text {
		t.Fatalf("got\n%s\nfrom\n%s", again, text)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return m
}

func TestRoundTrip(t *testing.T) { roundTrip(t, relax().String()) }

func TestPositions(t *testing.T) {
	source := &ast.Source{Name: "s", Text: "let θ = 1\nlet y = -θ\n"}
	f := &ir.Func{Name: "main", Body: &ir.Block{}}
	b := ir.NewBuilder(f, f.Body)
	x := b.At(ast.Span{Source: source, Start: 4, End: 5}).F64(1)
	y := b.At(ast.Span{Source: source, Start: 19, End: 22}).Op(ir.Neg, nil, x)
	b.Return(y)
	m := &ir.Module{Funcs: []*ir.Func{f}, Main: f}
	text := m.Format(ir.PrintOptions{Positions: true})
	if !strings.Contains(text, "neg %1 @2:9\n") {
		t.Error(text)
	}
	again, err := ir.Parse(text, source)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Format(ir.PrintOptions{Positions: true}); got != text {
		t.Errorf("got\n%s\nfrom\n%s", got, text)
	}
}
