package typecheck

import (
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Primitives of the standard library: the kernels of linear algebra, and what
// its functions say to their users. All take leading axes.

func primitiveBuiltins() []*builtin {
	table := []*builtin{
		{
			name: "prim_square", signature: "a, name",
			doc: "a, a square matrix or a stack of them; name is the function that wants it", elaborate: func(k *call) value { return k.matrixArgument(true) },
		},
		{
			name: "prim_matrix", signature: "a, name",
			doc: "a, a matrix or a stack of them; name is the function that wants it", elaborate: func(k *call) value { return k.matrixArgument(false) },
		},
		{
			name: "prim_right_side", signature: "a, b, name",
			doc: "b with as many rows as the matrix a; name is the function that wants it", elaborate: (*call).rightSide,
		},
		{
			name: "prim_trsolve", signature: "a, b, options",
			doc: "x with a x = b for a triangular a; options are lower or upper, unit, trans", elaborate: (*call).triangularSolve,
		},
		{
			name: "prim_permute_rows", signature: "b, p",
			doc: "the rows of b in the order p", elaborate: (*call).permuteRows,
		},
		{
			name: "prim_check", signature: "condition, code, message",
			doc: "an error unless the condition holds", elaborate: (*call).checkCall,
		},
		{
			name: "prim_axis_size", signature: "a, axis=none",
			doc: "the product of the sizes of the named axes, of all if there are none", elaborate: (*call).axisSize,
		},
	}
	for _, name := range []string{"cholesky", "lu", "qr", "eigh", "eig", "svd"} {
		table = append(table, &builtin{
			name: "prim_" + name, signature: "a", doc: ir.LookupLibrary(name).Doc,
			elaborate: func(k *call) value { return k.kernel(name, "", []value{k.inexact("a")}) },
		})
	}
	return append(table, transformBuiltins()...)
}

// library is the name of the function that a primitive speaks for.
func (k *call) library() string {
	name, _ := k.text("name", k.fn.name)
	return name
}

// matrixArgument checks the rank, and that matrices are square.
func (k *call) matrixArgument(square bool) value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	rank := v.rank()
	if rank < 2 {
		return k.fail(v.span, ast.CodeRank, "%s wants a matrix, and this is %s", k.library(), k.show(v.t)).value()
	}
	if !square {
		return v
	}
	dims := v.t.(Array).Dims
	rows, columns := dims[rank-2], dims[rank-1]
	result, ok := k.sameSize(v, rank-1, rows, k.library()+" wants a square matrix, and this has the sizes "+sizePattern(rank, 0))
	if !ok {
		d := k.fail(v.span, ast.CodeShapeMismatch, "%s wants a square matrix, and this is %s", k.library(), k.show(v.t))
		d.Notes = append(d.Notes, k.explainSizes(rows, columns)...)
		return d.value()
	}
	return result
}

// rightSide is b with the rows that a x = b asks for.
func (k *call) rightSide() value {
	a, b := k.arrayArg("a"), k.arrayArg("b")
	if a.isBad() || b.isBad() {
		return bad
	}
	if b.rank() == 0 {
		return k.fail(b.span, ast.CodeShapeMismatch, "%s wants a vector or matrix on the right side, and this is %s", k.library(), k.show(b.t)).value()
	}
	if a.rank() < 2 {
		return k.fail(a.span, ast.CodeRank, "%s wants a matrix, and this is %s", k.library(), k.show(a.t)).value()
	}
	rows := a.t.(Array).Dims[a.rank()-2]
	axis := max(b.rank()-2, 0)
	result, ok := k.sameSize(b, axis, rows, "the right side of "+k.library()+" has the sizes "+sizePattern(b.rank(), 0)+", and the matrix asks for "+sizePattern(b.rank(), b.rank()))
	if !ok {
		d := k.fail(b.span, ast.CodeShapeMismatch, "%s of %s and %s: the matrix has %s rows, and the right side %s",
			k.library(), k.show(a.t), k.show(b.t), k.showDim(rows), k.showDim(b.t.(Array).Dims[axis]))
		d.Notes = append(d.Notes, k.explainSizes(rows, b.t.(Array).Dims[axis])...)
		return d.value()
	}
	return result
}

// inexact is an argument in f64 or c128, as kernels want it; f32 stays f32.
func (k *call) inexact(name string) value {
	v := k.arrayArg(name)
	if a, ok := v.array(); ok && !a.DType.IsInexact() {
		return k.convert(v, ir.F64)
	}
	return v
}

// kernel calls a row of the library table on arrays of one dtype with the same
// leading axes. Results for f32 are computed in f64 and rounded.
func (k *call) kernel(name, options string, args []value) value {
	row := ir.LookupLibrary(name)
	narrow := false
	for i, v := range args {
		if v.isBad() {
			return bad
		}
		if v.t.(Array).DType == ir.F32 {
			narrow = true
			args[i] = k.convert(v, ir.F64)
		}
	}
	first := args[0].t.(Array)
	lead := first.Dims[:len(first.Dims)-len(strings.Split(row.Params[0], ","))]
	sizes := map[string]ir.Dim{}
	for i, v := range args {
		for j, letter := range strings.Split(row.Params[i], ",") {
			sizes[letter] = v.t.(Array).Dims[len(lead)+j]
		}
	}
	attr := ir.LibAttr{Name: name, Options: options}
	var types []Type
	for _, result := range row.Results {
		kind, core, _ := strings.Cut(result, " ")
		t := Array{first.DType, append([]ir.Dim(nil), lead...)}
		switch {
		case kind == "R" && t.DType == ir.C128:
			t.DType = ir.F64
		case kind == "c128":
			t.DType = ir.C128
		case kind == "i64":
			t.DType = ir.I64
		}
		for _, letter := range strings.Split(core, ",") {
			if letter == "k" && attr.Sizes == nil {
				sizes["k"] = k.must("min", sizes["m"], sizes["n"])
				attr.Sizes = []ir.Dim{sizes["k"]}
			}
			t.Dims = append(t.Dims, sizes[letter])
		}
		types = append(types, t)
	}
	if len(types) == 1 {
		v := operation(ir.Lib, attr, types[0], k.span, args...)
		if narrow {
			return k.convert(v, ir.F32)
		}
		return v
	}
	v := operation(ir.Lib, attr, Tuple{types}, k.span, args...)
	if !narrow {
		return v
	}
	return k.named(v, func(v value) value {
		parts := make([]value, len(types))
		for i, t := range types {
			if parts[i] = k.part(v, i); t.(Array).DType == ir.F64 {
				parts[i] = k.convert(parts[i], ir.F32)
			}
		}
		return k.makeTuple(parts, k.span)
	})
}

// together gives matrices the same leading axes.
func (k *call) together(a, b value) (value, value, bool) {
	da, db := a.t.(Array).Dims, b.t.(Array).Dims
	leadA, leadB := len(da)-2, len(db)-2
	shared, ok := k.broadcastShapes([][]ir.Dim{da[:leadA], db[:leadB]})
	if !ok {
		k.fail(k.span, ast.CodeShapeMismatch, "the leading dimensions of %s and %s do not broadcast", k.show(a.t), k.show(b.t))
		return bad, bad, false
	}
	a = k.broadcast(a, append(append([]ir.Dim(nil), shared...), da[leadA:]...))
	b = k.broadcast(b, append(append([]ir.Dim(nil), shared...), db[leadB:]...))
	return a, b, true
}

func (k *call) triangularSolve() value {
	a, b := k.inexact("a"), k.inexact("b")
	options, ok := k.text("options", "")
	if a.isBad() || b.isBad() || !ok {
		return bad
	}
	both := k.meet([]value{a, b})
	if a, b, ok = k.together(both[0], both[1]); !ok {
		return bad
	}
	rank := b.rank()
	if b, ok = k.sameSize(b, rank-2, a.t.(Array).Dims[rank-1], "the right side has the sizes "+sizePattern(rank, 0)+", and the matrix asks for "+sizePattern(rank, rank)); !ok {
		return k.fail(k.span, ast.CodeShapeMismatch, "a triangular system of %s and %s", k.show(a.t), k.show(both[1].t)).value()
	}
	return k.kernel("trsolve", options, []value{a, b})
}

// permuteRows is b[…, p, :] for p[…, n].
func (k *call) permuteRows() value {
	b, p := k.arrayArg("b"), k.arrayArg("p")
	if b.isBad() || p.isBad() {
		return bad
	}
	table := p.t.(Array).Dims
	p = reshaped(p, append(append([]ir.Dim(nil), table...), ir.Size(1)))
	p, b, ok := k.together(p, b)
	if !ok {
		return bad
	}
	batch := b.rank() - 2
	p = reshaped(p, p.t.(Array).Dims[:batch+1])
	return operation(ir.Gather, ir.IndexAttr{Spec: "t:", Batch: batch}, b.t, k.span, b, p)
}

func (k *call) checkCall() value {
	condition := k.arg("condition")
	code, ok1 := k.text("code", "")
	message, ok2 := k.text("message", "")
	if condition.isBad() || !ok1 || !ok2 {
		return bad
	}
	if !condition.isScalar(ir.Bool) {
		return k.fail(condition.span, ast.CodeTypeMismatch, "a check wants one bool, and this is %s", k.show(condition.t)).value()
	}
	return operation(ir.Check, ir.CheckAttr{Code: code, Message: message}, Unit{}, k.span, condition)
}

func (k *call) axisSize() value {
	v := k.arrayArg("a")
	if v.isBad() {
		return bad
	}
	axes, ok := k.axes("axis", v)
	if !ok {
		return bad
	}
	return k.named(v, func(v value) value {
		var over []ir.Dim
		for _, axis := range axes {
			over = append(over, v.t.(Array).Dims[axis])
		}
		n, ok := k.count(over, k.span)
		if !ok {
			return bad
		}
		return sizeValue(n, k.span)
	})
}
