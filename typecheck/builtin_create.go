package typecheck

import (
	"math"
	"math/big"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Making arrays.

func creationBuiltins() []*builtin {
	table := []*builtin{
		{
			name: "full", signature: "shape, fill_value, *, dtype=none",
			doc: "an array of one value", example: "full((2, 2), 7.0)",
			elaborate: func(k *call) value {
				fill, ok := k.fill(k.args["fill_value"])
				if !ok {
					return bad
				}
				return k.filled([]value{k.args["shape"].value}, fill)
			},
		},
		{
			name: "full_like", signature: "a, fill_value, *, dtype=none",
			doc: "an array of one value, with the shape and dtype of a", example: "full_like([1, 2, 3], 7)",
			elaborate: func(k *call) value {
				v := k.arrayArg("a")
				fill, ok := k.fill(k.args["fill_value"])
				if v.isBad() || !ok {
					return bad
				}
				if !k.given("dtype") {
					t := v.t.(Array).DType
					if from := fill.t.(Array).DType; from == ir.C128 && t != ir.C128 {
						return k.fail(fill.span, ast.CodeTypeMismatch, "a complex number does not fit in %s", k.show(v.t)).value()
					}
					fill = k.convertCall(t, fill, fill.span)
				}
				return k.likewise(v, fill)
			},
		},
		{
			name: "eye", signature: "N, M=none, k=0, *, dtype=f64",
			doc: "an N × M matrix with ones on diagonal k and zeros elsewhere", example: "eye(2)",
			elaborate: (*call).eye,
		},
		{
			name: "identity", signature: "n, *, dtype=f64", doc: "an n × n matrix with ones on the diagonal", example: "identity(2)",
			elaborate: (*call).eye,
		},
		{
			name: "arange", signature: "start, stop=none, step=1, *, dtype=none",
			doc: "start, start + step, … before stop; arange(n) is 0, 1, … before n", example: "arange(0, 1, 0.25)",
			elaborate: (*call).arange,
		},
	}
	for _, row := range []struct {
		name, doc string
		n         int64
	}{{"zeros", "zeros", 0}, {"ones", "ones", 1}} {
		table = append(table,
			&builtin{
				name: row.name, signature: "...shape, *, dtype=f64",
				doc: "an array of " + row.doc + "; the shape is sizes, or a list or tuple of them", example: row.name + "(2, 3)",
				elaborate: func(k *call) value {
					sizes := k.restValues()
					t, ok := k.dtype(ir.F64)
					// As in NumPy a dtype may come behind the shape.
					if n := len(sizes); n > 1 && sizes[n-1].konst != nil && sizes[n-1].konst.dt != 0 {
						t, sizes = sizes[n-1].konst.dt, sizes[:n-1]
					}
					if !ok || k.noSizes() {
						return bad
					}
					return k.filled(sizes, number(t, row.n, k.span))
				},
			},
			&builtin{
				name: row.name + "_like", signature: "a, *, dtype=none",
				doc: row.doc + " with the shape and dtype of a", example: row.name + "_like([1, 2, 3])",
				elaborate: func(k *call) value {
					v := k.arrayArg("a")
					if v.isBad() {
						return bad
					}
					t, ok := k.dtype(v.t.(Array).DType)
					if !ok {
						return bad
					}
					return k.likewise(v, number(t, row.n, k.span))
				},
			},
		)
	}
	return table
}

// dtype is the argument dtype.
func (k *call) dtype(otherwise ir.DType) (ir.DType, bool) {
	if !k.given("dtype") {
		return otherwise, true
	}
	o := k.args["dtype"]
	if o.isBad() {
		return 0, false
	}
	if o.konst == nil || o.konst.dt == 0 || o.konst.dt == ir.Text {
		k.fail(o.span, ast.CodeNotConstant, "dtype is one of bool, i64, f32, f64, c128, known before running")
		return 0, false
	}
	return o.konst.dt, true
}

// fill is the number to fill an array with, in the dtype asked for.
func (k *call) fill(o operand) (value, bool) {
	if o.isBad() {
		return bad, false
	}
	if _, ok := o.array(); !ok {
		k.fail(o.span, ast.CodeTypeMismatch, "an array is filled with a number, and this is %s", k.show(o.t))
		return bad, false
	}
	v := o.value
	if k.given("dtype") {
		t, ok := k.dtype(0)
		if !ok {
			return bad, false
		}
		v = k.convertCall(t, v, v.span)
	}
	v = k.strong(v)
	return v, !v.isBad()
}

// filled is an array with the given shape of one value.
func (k *call) filled(sizes []value, fill value) value {
	return k.named(fill, func(fill value) value {
		return k.shape(sizes, func(dims []ir.Dim) value {
			dims = append([]ir.Dim(nil), dims...)
			fill.span = k.span
			return k.atLeastZero(dims, k.stretch(fill, dims))
		})
	})
}

// maxRank is how many axes an array may be made with.
const maxRank = 64

// likewise is an array with the shape of v of one value.
func (k *call) likewise(v, fill value) value {
	return k.named(v, func(v value) value {
		return k.named(fill, func(fill value) value {
			fill.span = k.span
			return k.stretch(fill, v.t.(Array).Dims)
		})
	})
}

// zerosLike is zeros of dtype t with the shape of v.
func (k *call) zerosLike(v value, t ir.DType) value {
	return k.named(v, func(v value) value {
		return k.broadcast(number(t, 0, k.span), v.t.(Array).Dims)
	})
}

func (k *call) eye() value {
	t, ok := k.dtype(ir.F64)
	if !ok {
		return bad
	}
	rows := k.args[k.fn.params[0].name].value
	columns, diagonal := rows, intValue(0, k.span)
	if k.given("M") {
		columns = k.args["M"].value
	}
	if k.given("k") {
		diagonal = k.arg("k")
		if diagonal.isBad() {
			return bad
		}
		if !diagonal.isScalar(ir.I64) {
			return k.fail(diagonal.span, ast.CodeTypeMismatch, "a diagonal is an i64, and this is %s", k.show(diagonal.t)).value()
		}
	}
	return k.named(k.strong(rows), func(rows value) value {
		if !k.given("M") {
			columns = again(rows)
		}
		return k.shape([]value{rows, columns}, func(dims []ir.Dim) value {
			n, m := dims[0], dims[1]
			row := reshaped(positions(n, k.span), []ir.Dim{n, ir.Size(1)})
			column := positions(m, k.span)
			if !(diagonal.konst != nil && diagonal.konst.i == 0) {
				row = k.elementwise(ir.Add, ir.I64, []value{row, diagonal}, k.span)
			}
			grid := []ir.Dim{n, m}
			ones := operation(ir.Eq, nil, Array{ir.Bool, grid}, k.span, k.broadcast(row, grid), k.broadcast(column, grid))
			return k.atLeastZero(grid, k.convert(ones, t))
		})
	})
}

// arange makes start, start + step, … before stop.
func (k *call) arange() value {
	start, stop, step := k.args["start"].value, value{}, k.integerLiteral(1)
	if k.given("stop") {
		stop = k.args["stop"].value
	} else {
		start, stop = k.integerLiteral(0), start
	}
	if k.given("step") {
		step = k.args["step"].value
	}
	vs := []value{start, stop, step}
	for _, v := range vs {
		if v.isBad() {
			return bad
		}
		if a, ok := v.array(); !ok || len(a.Dims) != 0 || a.DType == ir.C128 {
			return k.fail(v.span, ast.CodeTypeMismatch, "arange wants real numbers, and this is %s", k.show(v.t)).value()
		}
	}
	vs = k.meet(vs)
	for i, v := range vs {
		if v.isBad() {
			return bad
		}
		vs[i] = k.countable(v)
	}
	if s := vs[2].konst; s != nil && s.i == 0 && s.f == 0 {
		return k.fail(k.span, ast.CodeDivisionByZero, "the step of arange is 0").value()
	}
	t, ok := k.dtype(vs[0].t.(Array).DType)
	if !ok {
		return bad
	}
	v := k.namedAll(vs, func(vs []value) value {
		if vs[0].t.(Array).DType == ir.I64 {
			return k.integerRange(vs[0], vs[1], vs[2])
		}
		return k.floatRange(vs[0], vs[1], vs[2])
	})
	if v.isBad() || !k.given("dtype") {
		return v
	}
	return k.convertCall(t, v, k.span)
}

// integerLiteral is n as a user would write it.
func (k *call) integerLiteral(n int64) value {
	return k.literalValue(&literal{integer: big.NewInt(n), float: float64(n), kind: ir.I64, span: k.span})
}

func (k *call) integerRange(start, stop, step value) value {
	return k.scalarSize(start, func(lo ir.Dim) value {
		return k.scalarSize(stop, func(hi ir.Dim) value {
			if step.konst == nil {
				// The quotient -((start - stop) // step), rounded up.
				span := k.arithmetic("-", []value{again(start), again(stop)}, k.span)
				n := k.arithmetic("neg", []value{k.arithmetic("//", []value{span, again(step)}, k.span)}, k.span)
				n = k.elementwise(ir.Max, ir.I64, []value{n, intValue(0, k.span)}, k.span)
				n.size = nil
				return k.scalarSize(n, func(n ir.Dim) value { return k.progression(n, start, step) })
			}
			by := step.konst.i
			if by < 0 {
				lo, hi = hi, lo
			}
			if by = max(by, -by); by < 0 {
				by = math.MaxInt64 // -2^63 has no positive
			}
			n, fits := hi.Sub(lo)
			up, fitsUp := n.Add(ir.Size(by - 1))
			if !fits || !fitsUp {
				return k.fail(k.span, ast.CodeMemoryLimit, "arange from %s to %s has too many numbers", k.showDim(lo), k.showDim(hi)).value()
			}
			return k.progression(k.must("max", k.must("//", up, ir.Size(by)), ir.Size(0)), start, step)
		})
	})
}

// progression is start, start + step, …: n numbers.
func (k *call) progression(n ir.Dim, start, step value) value {
	v := positions(n, k.span)
	t := start.t.(Array).DType
	v = k.convert(v, t)
	if step.konst == nil || step.konst.i != 1 {
		v = k.elementwise(ir.Mul, t, []value{v, again(step)}, k.span)
	}
	if start.konst == nil || t != ir.I64 || start.konst.i != 0 {
		v = k.elementwise(ir.Add, t, []value{v, again(start)}, k.span)
	}
	return v
}

// floatRange has ceil((stop - start) / step) numbers.
func (k *call) floatRange(start, stop, step value) value {
	t := start.t.(Array).DType
	if a, b, s := start.konst, stop.konst, step.konst; a != nil && b != nil && s != nil {
		n := math.Ceil((b.f - a.f) / s.f)
		if !(n < 1<<62) {
			return k.fail(k.span, ast.CodeOutOfRange, "arange from %v to %v by %v has too many numbers", a.f, b.f, s.f).value()
		}
		return k.progression(ir.Size(int64(math.Max(n, 0))), start, step)
	}
	quotient := k.arithmetic("/", []value{k.arithmetic("-", []value{again(stop), again(start)}, k.span), again(step)}, k.span)
	n := k.convert(k.elementwise(ir.Ceil, t, []value{quotient}, k.span), ir.I64)
	n = k.elementwise(ir.Max, ir.I64, []value{n, intValue(0, k.span)}, k.span)
	return k.scalarSize(n, func(n ir.Dim) value { return k.progression(n, start, step) })
}
