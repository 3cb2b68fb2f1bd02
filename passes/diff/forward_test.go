package diff

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

func TestPartialsOfTheTable(t *testing.T) {
	if err := checkPartials(); err != nil {
		t.Fatal(err)
	}
}

// one is a program of one operation.
func one(code ir.Code, attr ir.Attr) program {
	return func(b *ir.Builder, x []*ir.Value) []*ir.Value { return b.Emit(code, attr, x...) }
}

// Every elementwise operation, in each operand and dtype, where the table says
// that random tests may sample.
func TestElementwiseForward(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	eachElementwise(t, r, [][]int{nil, {5}, {2, 3}}, func(t *testing.T, f source, args []*runtime.Array) {
		checkForward(t, r, f, args...)
	})
}

// The same in single precision gives what double precision does, rounded.
func TestElementwiseSingle(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for code := range ir.Ops {
		code := ir.Code(code)
		info := code.Info()
		if info.Class != ir.Elementwise || info.Derivative.Kind == ir.Cut || !info.DTypes.Has(ir.F32) || code == ir.Convert {
			continue
		}
		var single, double []*runtime.Array
		var active []bool
		ones := map[ir.DType][]*runtime.Array{}
		for _, name := range info.Operands {
			active = append(active, name != "c")
			if name == "c" {
				single = append(single, random(r, ir.Bool, 0, 1, 5))
				double = append(double, single[0])
				continue
			}
			x := random(r, ir.F32, max(info.Sample.Low, -2), min(info.Sample.High, 2), 5)
			single, double = append(single, x), append(double, runtime.Vector(numbers(x)))
			ones[ir.F32] = append(ones[ir.F32], runtime.Vector([]float32{1, 1, 1, 1, 1}))
			ones[ir.F64] = append(ones[ir.F64], runtime.Vector([]float64{1, 1, 1, 1, 1}))
		}
		f := newExperiment(t, one(code, nil).of(single...), single, active)
		g := newExperiment(t, one(code, nil).of(double...), double, active)
		want := g.first(slices.Concat(double, ones[ir.F64])...)
		checkClose(t, info.Name, f.first(slices.Concat(single, ones[ir.F32])...), [][]float64{numbers(want[0])}, 1e-5)
	}
}

// trials are programs of one operation that moves or combines elements, on
// operands for which it is smooth. Every operation that is Structural in the
// table, has no blocks and is no call is among them.
func trials(r *rand.Rand) map[string]trial {
	list := map[string]trial{}
	x := func(shape ...int) *runtime.Array { return random(r, ir.F64, -2, 2, shape...) }
	z := func(shape ...int) *runtime.Array { return random(r, ir.C128, -1, 1, shape...) }
	table := func(below int, shape ...int) *runtime.Array {
		return random(r, ir.I64, 0, float64(below), shape...)
	}
	dims := func(shape ...int) ir.DimsAttr { return ir.DimsAttr{Dims: sizes(shape...)} }
	add := func(name string, code ir.Code, attr ir.Attr, args ...*runtime.Array) {
		list[name] = trial{code, one(code, attr), args}
	}
	add("broadcast", ir.Broadcast, dims(2, 3, 4), x(3, 1))
	add("transpose", ir.Transpose, ir.PermAttr{Perm: []int{2, 0, 1}}, x(2, 3, 4))
	add("slice", ir.Slice, ir.SliceAttr{Dims: sizes(2, 3), Steps: []int64{2, -1}}, x(5, 4), runtime.Scalar(int64(1)), runtime.Scalar(int64(3)))
	add("reshape", ir.Reshape, dims(6, 2), x(3, 4))
	add("retype", ir.Retype, ir.RetypeAttr{Dims: sizes(3, 4)}, x(3, 4))

	add("gather a point", ir.Gather, ir.IndexAttr{Spec: ":@"}, x(3, 4), table(4))
	add("gather by tables", ir.Gather, ir.IndexAttr{Spec: "t:t"}, x(3, 2, 4), table(3, 2, 3), table(4, 2, 3))
	add("gather in a batch", ir.Gather, ir.IndexAttr{Spec: "t@", Batch: 1, Wrap: true}, z(2, 3, 4), random(r, ir.I64, -3, 3, 2, 5), table(4, 2))
	add("gather a range", ir.Gather, ir.IndexAttr{Spec: "r:", Range: []ir.RangeAttr{{Dim: ir.Size(2), Step: 2}}}, x(4, 2), runtime.Scalar(int64(1)))
	add("update a row", ir.Update, ir.IndexAttr{Spec: "@:"}, x(3, 4), x(4), table(3))
	add("update by a table", ir.Update, ir.IndexAttr{Spec: "t"}, x(6), x(5), table(3, 5))
	add("update in a batch", ir.Update, ir.IndexAttr{Spec: "t:", Batch: 1}, x(2, 3, 4), x(2, 5, 4), table(3, 2, 5))
	for mode, name := range []string{"add", "sub", "mul", "div"} {
		attr := func(a ir.IndexAttr) ir.IndexAttr { a.Mode = ir.AccumulateMode(mode); return a }
		away := func(shape ...int) *runtime.Array { return random(r, ir.F64, 0.5, 2, shape...) }
		add("accumulate a row, "+name, ir.Accumulate, attr(ir.IndexAttr{Spec: "@:"}), x(3, 4), away(4), table(3))
		add("accumulate by tables, "+name, ir.Accumulate, attr(ir.IndexAttr{Spec: "t:t", Wrap: true}), x(3, 2, 4), away(2, 3, 2), table(2, 2, 3), random(r, ir.I64, -2, 0, 2, 3))
		add("accumulate behind a range, "+name, ir.Accumulate, attr(ir.IndexAttr{Spec: "r@t", Range: []ir.RangeAttr{{Dim: ir.Size(2), Step: 1}}}),
			x(3, 2, 4), away(2, 5), runtime.Scalar(int64(1)), table(2), table(2, 5))
		add("accumulate in a batch, "+name, ir.Accumulate, attr(ir.IndexAttr{Spec: "t", Batch: 1}), x(2, 3), away(2, 5), table(3, 2, 5))
	}
	add("append", ir.Append, nil, x(3, 2), x(1, 2))
	add("concat", ir.Concat, ir.AxisAttr{Axis: 1}, x(2, 3), x(2, 0), x(2, 2))

	for _, kind := range []ir.ReduceKind{ir.ReduceSum, ir.ReduceProd, ir.ReduceMin, ir.ReduceMax} {
		for _, axes := range [][]int{{0}, {1}, {0, 2}, {0, 1, 2}, nil} {
			add(fmt.Sprintf("reduce %v %v", kind, axes), ir.Reduce, ir.ReduceAttr{Kind: kind, Axes: axes}, x(2, 3, 4))
		}
	}
	add("product with a zero", ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceProd, Axes: []int{0}}, runtime.Vector([]float64{2, 0, 3}))
	add("product with two zeros", ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceProd, Axes: []int{0}}, runtime.Vector([]float64{2, 0, 3, 0}))
	add("product of nothing", ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceProd, Axes: []int{0}}, x(0, 2))
	add("sum of nothing", ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: []int{1}}, x(2, 0))
	add("complex product", ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceProd, Axes: []int{0, 1}}, z(3, 2))
	for _, reverse := range []bool{false, true} {
		for _, kind := range []ir.ScanKind{ir.CumSum, ir.CumProd, ir.CumMin, ir.CumMax} {
			for _, shape := range [][]int{{5}, {2, 4}, {1}, {0}, {3, 0}} {
				add(fmt.Sprintf("scan %v %v %v", kind, reverse, shape), ir.Scan, ir.ScanAttr{Kind: kind, Reverse: reverse}, x(shape...))
			}
		}
		add(fmt.Sprintf("recurrence %v", reverse), ir.Scan, ir.ScanAttr{Kind: ir.Recur, Reverse: reverse}, x(2, 4), x(2, 4))
		add(fmt.Sprintf("complex recurrence %v", reverse), ir.Scan, ir.ScanAttr{Kind: ir.Recur, Reverse: reverse}, z(4), z(4))
		add(fmt.Sprintf("running product with zeros %v", reverse), ir.Scan, ir.ScanAttr{Kind: ir.CumProd, Reverse: reverse}, runtime.Vector([]float64{2, 0, 3, 0, 4}))
	}
	add("matrix product", ir.Contract, ir.ContractAttr{Spec: "ik,kj->ij"}, x(2, 3), x(3, 4))
	add("transposed product", ir.Contract, ir.ContractAttr{Spec: "ki,kj->ji"}, z(3, 2), z(3, 4))
	add("products of a batch", ir.Contract, ir.ContractAttr{Spec: "k,jk->j", Batch: 1}, x(2, 3), x(2, 4, 3))
	add("outer product", ir.Contract, ir.ContractAttr{Spec: "i,j->ij"}, x(2), x(3))
	add("sum in one operand", ir.Contract, ir.ContractAttr{Spec: "ik,j->ji"}, x(2, 3), x(4))
	add("sort", ir.Sort, nil, x(2, 5))

	solve := func(options string) program {
		return func(b *ir.Builder, v []*ir.Value) []*ir.Value { return b.Lib("trsolve", options, v...) }
	}
	for _, options := range []string{"lower", "upper", "lower unit", "upper unit", "lower trans", "upper trans"} {
		list["solve "+options] = trial{ir.Lib, solve(options), []*runtime.Array{random(r, ir.F64, 0.5, 2, 3, 3), x(3, 2)}}
	}
	list["solve a batch"] = trial{ir.Lib, solve("upper"), []*runtime.Array{random(r, ir.C128, 0.5, 2, 2, 3, 3), z(2, 3, 2)}}
	for _, a := range []*runtime.Array{x(2, 6), z(5)} {
		for _, options := range []string{"", "inverse"} {
			list[fmt.Sprintf("transform %v %s", a.DType(), options)] = trial{ir.Lib, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
				return b.Lib("fft", options, v...)
			}, []*runtime.Array{a}}
		}
	}
	return list
}

// A trial is a program of one operation with its operands.
type trial struct {
	code ir.Code
	f    program
	args []*runtime.Array
}

func sizes(shape ...int) []ir.Dim {
	var dims []ir.Dim
	for _, n := range shape {
		dims = append(dims, ir.Size(int64(n)))
	}
	return dims
}

func TestStructuralForward(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	tried := map[ir.Code]bool{}
	list := trials(r)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		tried[list[name].code] = true
		t.Run(name, func(t *testing.T) { checkForward(t, r, list[name].f.of(list[name].args...), list[name].args...) })
	}
	for code := range ir.Ops {
		switch info := &ir.Ops[code]; info.Class {
		case ir.Elementwise, ir.Region, ir.Calling:
		default:
			if info.Derivative.Kind == ir.Structural && !tried[ir.Code(code)] {
				t.Errorf("no trial of %s", info.Name)
			}
		}
	}
}
