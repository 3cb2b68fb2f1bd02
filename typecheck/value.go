package typecheck

import (
	"math"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// A value is a checked expression and what is known of it. One without a type
// comes from a mistake that has been reported; whatever is made of it is silent.
type value struct {
	t   Type
	x   Expr
	lit *literal // made of literals: takes the dtype of what it meets; x is nil
	// items are the parts of a list written in place, which may differ in shape.
	items []value
	info
	span ast.Span
	// signature is the written type of a parameter that is a function, which is
	// applied along the axes beyond those that it says.
	signature *ast.FuncType
}

// info is what the checker knows of a value beyond its type.
type info struct {
	konst *constant
	size  *ir.Dim  // of an i64 scalar
	elems []ir.Dim // of an i64 vector: its elements; nil if not known
	parts []info   // of a tuple or record
}

// A constant is a value known to the checker.
type constant struct {
	kind ir.DType // 0: none, or a dtype if dtype is not 0
	i    int64    // I64, Bool
	f    float64  // F32, F64
	c    complex128
	s    string   // Text
	dt   ir.DType // a name of a dtype
}

var none = &constant{}

func (k *constant) isNone() bool { return k != nil && *k == constant{} }

func (k *constant) key() string {
	if k == nil {
		return ""
	}
	return strings.Join([]string{
		strconv.Itoa(int(k.kind)), strconv.FormatInt(k.i, 10), strconv.FormatUint(math.Float64bits(k.f), 16),
		strconv.FormatUint(math.Float64bits(real(k.c)), 16), strconv.FormatUint(math.Float64bits(imag(k.c)), 16),
		strconv.Quote(k.s), strconv.Itoa(int(k.dt)),
	}, ",")
}

var bad = value{}

func (v value) isBad() bool { return v.t == nil && v.lit == nil }

// array is the array type of a value that is one.
func (v value) array() (Array, bool) {
	a, ok := v.t.(Array)
	return a, ok && a.DType != ir.Text
}

func (v value) rank() int {
	a, _ := v.t.(Array)
	return len(a.Dims)
}

func (v value) isScalar(t ir.DType) bool {
	a, ok := v.t.(Array)
	return ok && a.DType == t && len(a.Dims) == 0
}

func intValue(n int64, span ast.Span) value {
	return constant{kind: ir.I64, i: n}.value(span)
}

func boolValue(b bool, span ast.Span) value {
	k := constant{kind: ir.Bool}
	if b {
		k.i = 1
	}
	return k.value(span)
}

// value is the constant as an expression.
func (k constant) value(span ast.Span) value {
	v := value{span: span, info: info{konst: &k}}
	switch {
	case k.dt != 0:
		v.t = Static{k.dt.String()}
		v.x = &MakeTuple{T: v.t}
	case k.kind == 0:
		v.t = Static{"none"}
		v.x = &MakeTuple{T: v.t}
	default:
		v.t = Array{DType: k.kind}
		v.x = &Const{ir.Literal{I: k.i, F: k.f, C: k.c, S: k.s}, Array{DType: k.kind}}
		if k.kind == ir.I64 {
			d := ir.Size(k.i)
			v.size = &d
		}
	}
	return v
}

// sizeValue is a size as an i64.
func sizeValue(d ir.Dim, span ast.Span) value {
	if n, ok := d.Const(); ok {
		return intValue(n, span)
	}
	return value{t: Array{DType: ir.I64}, x: &SizeOf{d}, info: info{size: &d}, span: span}
}

// named calls body with v as a name, so that it may stand there several times.
func (c *checker) named(v value, body func(value) value) value {
	if v.isBad() {
		return bad
	}
	if v.lit != nil || v.items != nil || simple(v.x) {
		return body(v)
	}
	def := &Def{Var: &Var{Span: v.span}, Type: v.t}
	c.defined(def, &v.info)
	local := value{t: v.t, x: &Local{def}, info: v.info, span: v.span}
	result := body(local)
	if result.isBad() {
		return bad
	}
	result = c.strong(result)
	result.x = &BlockExpr{&Block{Stmts: []Stmt{&Define{def, v.x}}, Value: result.x}}
	return result
}

// namedAll is named for several values.
func (c *checker) namedAll(vs []value, body func([]value) value) value {
	out := make([]value, 0, len(vs))
	var next func(i int) value
	next = func(i int) value {
		if i == len(vs) {
			return body(out)
		}
		return c.named(vs[i], func(v value) value {
			out = append(out, v)
			return next(i + 1)
		})
	}
	return next(0)
}

// simple reports whether x is a leaf, which may be written again by again.
func simple(x Expr) bool {
	switch x.(type) {
	case *Const, *SizeOf, *Local:
		return true
	}
	return false
}

// again is v for another use; v must be simple or made of literals.
func again(v value) value {
	switch x := v.x.(type) {
	case *Const:
		v.x = &Const{x.Value, x.T}
	case *SizeOf:
		v.x = &SizeOf{x.Dim}
	case *Local:
		v.x = &Local{x.Def}
	}
	return v
}

// defined gives the Def of an i64 scalar an atom, so that it can be a size.
func (c *checker) defined(def *Def, known *info) {
	a, ok := def.Type.(Array)
	if !ok || a.DType != ir.I64 || len(a.Dims) != 0 || known.size != nil {
		return
	}
	name := def.Var.Name
	def.Atom = c.newAtom(name, 0, math.MinInt64, def.Var.Span)
	d := ir.Sized(def.Atom)
	known.size = &d
}

// part is part i of a tuple, record or function.
func (c *checker) part(v value, i int) value {
	var t Type
	switch vt := v.t.(type) {
	case Tuple:
		t = vt.Elems[i]
	case Record:
		t = vt.Types[i]
	case Function:
		t = vt.Captures[i]
	default:
		return bad
	}
	out := value{t: t, span: v.span}
	if i < len(v.parts) {
		out.info = v.parts[i]
	}
	if m, ok := v.x.(*MakeTuple); ok && simple(m.Elems[i]) {
		out.x = m.Elems[i]
		return again(out)
	}
	out.x = &Part{again(v).x, i, t}
	return out
}

// scalarSize is an i64 scalar as a size. It is computed first: what the size is
// made of may be known only then.
func (c *checker) scalarSize(v value, body func(d ir.Dim) value) value {
	v = c.strong(v)
	if v.isBad() {
		return bad
	}
	return c.named(v, func(v value) value { return body(*v.size) })
}
