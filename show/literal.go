package show

import (
	"math"
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// literal is a constant of rank 0. A literal that meets a value takes its type,
// so it may be short; one that stands alone must have its own.
func literal(t ir.DType, l ir.Literal, meets bool) ast.Expr {
	switch t {
	case ir.Bool:
		return &ast.Bool{Value: l.I != 0}
	case ir.I64:
		return integer(l.I)
	case ir.F64:
		return float(l.F, meets)
	case ir.F32:
		if meets {
			return float(l.F, true)
		}
		return call("f32", float(l.F, false))
	case ir.C128:
		return call("complex", float(real(l.C), false), float(imag(l.C), false))
	}
	return &ast.String{Value: l.S}
}

func integer(n int64) ast.Expr {
	switch {
	case n == math.MinInt64:
		return &ast.Binary{Op: "-", X: integer(n + 1), Y: integer(1)}
	case n < 0:
		return &ast.Unary{Op: "-", X: integer(-n)}
	}
	return &ast.Number{Text: strconv.FormatInt(n, 10)}
}

func float(x float64, short bool) ast.Expr {
	switch {
	case x != x:
		return &ast.Name{Name: "nan"}
	case math.Signbit(x):
		return &ast.Unary{Op: "-", X: float(-x, short && x != 0)}
	case math.IsInf(x, 0):
		return &ast.Name{Name: "inf"}
	case x == math.Trunc(x) && x < 1e15:
		text := strconv.FormatFloat(x, 'f', -1, 64)
		if !short {
			text += ".0"
		}
		return &ast.Number{Text: text}
	}
	return &ast.Number{Text: strconv.FormatFloat(x, 'g', -1, 64)}
}

// arrayLiteral is a constant array.
func arrayLiteral(t ir.Type, a ir.ArrayLiteral) ast.Expr {
	sizes := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		n, _ := d.Const()
		sizes[i] = int(n)
		if n == 0 {
			return call("zeros", shape(constants(t.Dims)), &ast.Name{Name: t.DType.String()})
		}
	}
	next := 0
	var list func(axis int) ast.Expr
	list = func(axis int) ast.Expr {
		if axis == len(sizes) {
			next++
			x := literal(t.DType, a.At(t.DType, next-1), false)
			if c, ok := x.(*ast.Call); ok && t.DType == ir.F32 {
				return c.Args[0].Value
			}
			return x
		}
		elems := make([]ast.Expr, sizes[axis])
		for i := range elems {
			elems[i] = list(axis + 1)
		}
		return &ast.List{Elems: elems}
	}
	if x := list(0); t.DType == ir.F32 {
		return call("f32", x)
	} else {
		return x
	}
}

func constants(dims []ir.Dim) []ast.Expr {
	list := make([]ast.Expr, len(dims))
	for i, d := range dims {
		n, _ := d.Const()
		list[i] = integer(n)
	}
	return list
}

// shape is a shape as an argument.
func shape(dims []ast.Expr) ast.Expr {
	if len(dims) == 1 {
		return dims[0]
	}
	return &ast.Tuple{Elems: dims}
}

func (w *writer) dims(dims []ir.Dim) []ast.Expr {
	list := make([]ast.Expr, len(dims))
	for i, d := range dims {
		list[i] = w.dim(d)
	}
	return list
}

// dim is a size as an expression, what is added first.
func (w *writer) dim(d ir.Dim) ast.Expr {
	var sum ast.Expr
	add := func(sign bool, x ast.Expr) {
		switch {
		case sum == nil && sign:
			sum = &ast.Unary{Op: "-", X: x}
		case sum == nil:
			sum = x
		case sign:
			sum = &ast.Binary{Op: "-", X: sum, Y: x}
		default:
			sum = &ast.Binary{Op: "+", X: sum, Y: x}
		}
	}
	constant := int64(0)
	for _, negative := range []bool{false, true} {
		d.Terms(func(coefficient int64, atoms []ir.Atom) bool {
			if len(atoms) == 0 {
				constant = coefficient
				return true
			}
			if coefficient < 0 != negative {
				return true
			}
			var product ast.Expr
			if coefficient != 1 && coefficient != -1 {
				product = &ast.Number{Text: strconv.FormatUint(magnitude(coefficient), 10)}
			}
			for _, a := range atoms {
				if factor := w.atom(a); product == nil {
					product = factor
				} else {
					product = &ast.Binary{Op: "*", X: product, Y: factor}
				}
			}
			add(negative, product)
			return true
		})
		if !negative {
			if n, ok := d.Const(); ok {
				return integer(n)
			}
			if constant > 0 {
				add(false, integer(constant))
			}
		}
	}
	if constant < 0 {
		add(true, &ast.Number{Text: strconv.FormatUint(magnitude(constant), 10)})
	}
	return sum
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// atom is the size or i64 that an atom stands for.
func (w *writer) atom(a ir.Atom) ast.Expr {
	if _, isResult := a.ResultIndex(); isResult {
		return &ast.Name{Name: "_"}
	}
	return w.value(w.f.Value(a))
}

// name, call and the like make syntax.
func name(s string) ast.Expr { return &ast.Name{Name: s} }

func call(function string, args ...ast.Expr) *ast.Call {
	c := &ast.Call{Fun: name(function)}
	for _, x := range args {
		c.Args = append(c.Args, ast.Arg{Value: x})
	}
	return c
}

func (c keywords) of(x *ast.Call) ast.Expr {
	for _, k := range c {
		x.Args = append(x.Args, ast.Arg{Name: ast.Ident{Name: k.name}, Value: k.value})
	}
	return x
}

// keywords are arguments with names.
type keywords []keyword

type keyword struct {
	name  string
	value ast.Expr
}

func member(module, function string, args ...ast.Expr) *ast.Call {
	c := call("", args...)
	c.Fun = &ast.Field{X: name(module), Name: ast.Ident{Name: function}}
	return c
}
