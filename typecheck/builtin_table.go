package typecheck

import (
	"sort"
	"strings"
	"sync"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

var (
	builtinsMade   sync.Once
	builtinsByName map[string]*builtin
)

// builtinTable holds all builtins by name. It is made at the first use, since
// what elaborates a call may look up other builtins.
func builtinTable() map[string]*builtin {
	builtinsMade.Do(func() { builtinsByName = makeBuiltinTable() })
	return builtinsByName
}

func makeBuiltinTable() map[string]*builtin {
	table := map[string]*builtin{}
	for _, group := range [][]*builtin{
		elementwiseBuiltins(), mathBuiltins(), reductionBuiltins(), shapeBuiltins(), joinBuiltins(),
		creationBuiltins(), productBuiltins(), orderBuiltins(), describeBuiltins(), primitiveBuiltins(), axesBuiltins(), gridBuiltins(), chainBuiltins(), calculusBuiltins(),
	} {
		for _, f := range group {
			f.params = f.parameters()
			table[f.name] = f
		}
	}
	return table
}

// lookupBuiltin is the builtin with this name, nil if there is none.
func lookupBuiltin(name string) *builtin { return builtinTable()[name] }

// A BuiltinDoc is what the manual says of a function that the checker knows.
// Example is an expression, empty for what has no value.
type BuiltinDoc struct{ Name, Signature, Doc, Example string }

// Builtins describes the functions that are there for everybody and not written
// in Calx, in the order of their names.
func Builtins() []BuiltinDoc {
	var docs []BuiltinDoc
	for _, name := range builtinList() {
		f := lookupBuiltin(name)
		docs = append(docs, BuiltinDoc{f.name, f.signature, f.doc, f.example})
	}
	return docs
}

// isPrimitive reports whether a builtin is for the standard library alone.
func isPrimitive(name string) bool { return strings.HasPrefix(name, "prim_") }

// builtinList gives the names of the builtins for everybody, in order.
func builtinList() []string {
	var names []string
	for name := range builtinTable() {
		if !isPrimitive(name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// operation is an operation of the IR; bad if an operand is.
func operation(code ir.Code, attr ir.Attr, t Type, span ast.Span, args ...value) value {
	x := &Op{Code: code, Attr: attr, T: t, Span: span}
	for _, v := range args {
		if v.isBad() {
			return bad
		}
		x.Args = append(x.Args, v.x)
	}
	return value{t: t, x: x, span: span}
}

// positions is 0, 1, … below n.
func positions(n ir.Dim, span ast.Span) value {
	return operation(ir.Iota, ir.DimsAttr{Dims: []ir.Dim{n}}, Array{ir.I64, []ir.Dim{n}}, span)
}

// number is n in the dtype t.
func number(t ir.DType, n int64, span ast.Span) value {
	k := constant{kind: t}
	switch t {
	case ir.Bool, ir.I64:
		k.i = n
	case ir.F32, ir.F64:
		k.f = float64(n)
	default:
		k.c = complex(float64(n), 0)
	}
	return k.value(span)
}

// guarded is v after a run-time check. In message, {0} … stand for operands.
func (c *checker) guarded(condition value, code ast.Code, message string, operands []value, v value) value {
	if v.isBad() || condition.isBad() {
		return bad
	}
	check := c.check(condition, code, message, operands, v.span)
	v.x = &BlockExpr{&Block{Stmts: []Stmt{check}, Value: v.x}}
	return v
}

// atLeastZero is v after a check that sizes which v is made with are no less
// than 0.
func (c *checker) atLeastZero(dims []ir.Dim, v value) value {
	for i := len(dims) - 1; i >= 0; i-- {
		if c.nonnegative(dims[i]) {
			continue
		}
		condition := operation(ir.Le, nil, Array{DType: ir.Bool}, v.span, intValue(0, v.span), sizeValue(dims[i], v.span))
		v = c.guarded(condition, ast.CodeShapeMismatch, "a size is at least 0, and this is {0}", []value{sizeValue(dims[i], v.span)}, v)
	}
	return v
}

// count is the number of elements of an array of these sizes.
func (c *checker) count(dims []ir.Dim, span ast.Span) (ir.Dim, bool) {
	n, ok := ir.Product(dims)
	if ok {
		return n, true
	}
	for _, d := range dims {
		if _, isConst := d.Const(); !isConst {
			c.fail(span, ast.CodeUnknownSize, "the number of elements of an array %s is too long a formula", c.showDims(dims))
			return n, false
		}
	}
	c.fail(span, ast.CodeMemoryLimit, "an array %s has too many elements", c.showDims(dims))
	return n, false
}

// sameSize asserts that axis of v has the size want. It is bad, and what calls
// it says why, if the two differ; otherwise checked where that isn't known.
func (c *checker) sameSize(v value, axis int, want ir.Dim, message string) (value, bool) {
	a := v.t.(Array)
	switch c.compareDims(a.Dims[axis], want) {
	case different:
		return bad, false
	case equal:
		return v, true
	}
	dims := append([]ir.Dim(nil), a.Dims...)
	dims[axis] = want
	return c.retype(v, dims, message), true
}
