package typecheck

import (
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Products of several matrices, and questions of the library that types answer.

func chainBuiltins() []*builtin {
	return []*builtin{
		{
			name: "prim_multi_dot", signature: "arrays",
			doc: "the product of the parts of a tuple", elaborate: (*call).multiDot,
		},
		{
			name: "prim_is_text", signature: "x",
			doc: "whether x is text, known before running",
			elaborate: func(k *call) value {
				a, ok := k.args["x"].t.(Array)
				return boolValue(ok && a.DType == ir.Text, k.span)
			},
		},
		{
			name: "prim_axis_count", signature: "a, axis=none",
			doc: "how many axes are named, of all if none are", elaborate: func(k *call) value {
				v := k.arrayArg("a")
				if v.isBad() {
					return bad
				}
				axes, ok := k.axes("axis", v)
				if !ok {
					return bad
				}
				return intValue(int64(len(axes)), k.span)
			},
		},
	}
}

func (k *call) multiDot() value {
	o := k.args["arrays"]
	if o.isBad() {
		return bad
	}
	if _, isTuple := o.t.(Tuple); !isTuple {
		return k.fail(o.span, ast.CodeTypeMismatch, "multi_dot wants a tuple of matrices, and this is %s", k.show(o.t)).value()
	}
	return k.named(o.value, func(v value) value {
		parts := k.items(v)
		if len(parts) < 2 {
			return k.fail(o.span, ast.CodeArguments, "multi_dot wants at least two arrays").value()
		}
		for i, part := range parts {
			a, ok := part.array()
			if !ok {
				return k.fail(o.span, ast.CodeTypeMismatch, "multi_dot wants matrices, and part %d is %s", i, k.show(part.t)).value()
			}
			if n := len(a.Dims); n != 2 && !(n == 1 && (i == 0 || i == len(parts)-1)) {
				return k.fail(o.span, ast.CodeRank, "multi_dot wants matrices, and part %d is %s", i, k.show(part.t)).value()
			}
		}
		return k.chain(parts, orderOfProducts(parts))
	})
}

// chain multiplies parts i … j, split as cuts says.
func (k *call) chain(parts []value, cuts [][]int) value {
	var product func(i, j int) value
	product = func(i, j int) value {
		if i == j {
			return again(parts[i])
		}
		cut := cuts[i][j]
		x, y := product(i, cut), product(cut+1, j)
		if x.isBad() || y.isBad() {
			return bad
		}
		return k.matmul(x, y, nil, nil, k.span)
	}
	return product(0, len(parts)-1)
}

// orderOfProducts gives where to split the product of the parts i … j, so that the
// number of multiplications is least. Sizes that aren't known count as 100.
func orderOfProducts(parts []value) [][]int {
	n := len(parts)
	sizes := make([]float64, n+1) // part i is sizes[i] × sizes[i+1]
	for i, part := range parts {
		dims := part.t.(Array).Dims
		rows, columns := ir.Size(1), dims[len(dims)-1]
		if len(dims) == 2 {
			rows = dims[0]
		} else if i > 0 {
			rows, columns = dims[0], ir.Size(1)
		}
		for at, d := range map[int]ir.Dim{i: rows, i + 1: columns} {
			size, known := d.Const()
			if sizes[at] = float64(size); !known {
				sizes[at] = 100
			}
		}
	}
	cost, cuts := make([][]float64, n), make([][]int, n)
	for i := range cost {
		cost[i], cuts[i] = make([]float64, n), make([]int, n)
	}
	for length := 1; length < n; length++ {
		for i := 0; i+length < n; i++ {
			j := i + length
			for cut := i; cut < j; cut++ {
				total := cost[i][cut] + cost[cut+1][j] + sizes[i]*sizes[cut+1]*sizes[j+1]
				if cut == i || total < cost[i][j] {
					cost[i][j], cuts[i][j] = total, cut
				}
			}
		}
	}
	return cuts
}
