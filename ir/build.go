package ir

import (
	"fmt"
	"math"
	"strconv"

	"github.com/calx-lang/calx/ast"
)

// A Builder appends operations to a block. An operation that does not type is a
// mistake of the code that builds, never of a user, and panics.
//
// Constants and SizeOps are made once: equal ones of a Builder and of those
// around it are one value, which stands in the outermost block where what it
// is made of exists. Types of equal sizes so have equal Dims.
type Builder struct {
	Func  *Func
	Block *Block
	Pos   ast.Span // of the operations to come

	calls  []ast.Span // as Op.Calls
	outer  *Builder
	depth  int
	depths map[int32]int     // of values that were made here, by ID; shared
	made   map[string]*Value // constants and sizes that stand in Block
}

// NewBuilder appends to block, outside of which only Sizes and Params of f are
// known to exist.
func NewBuilder(f *Func, block *Block) *Builder {
	return &Builder{Func: f, Block: block, depths: map[int32]int{}, made: map[string]*Value{}}
}

// depthOf is how deep the block of an atom lies, if the Builder knows that.
func (b *Builder) depthOf(a Atom) (depth int, known bool) {
	if depth, known = b.depths[int32(a)]; known {
		return depth, true
	}
	f, v := b.Func, b.Func.Value(a)
	if v == nil || v.Def != nil {
		return 0, false
	}
	is := func(list []*Value) bool { return v.Index < len(list) && list[v.Index] == v }
	return 0, is(f.Sizes) || is(f.Params)
}

// Inside is a Builder for a new block inside that of b. The operation that the
// block belongs to must be appended to b only when the block is complete.
func (b *Builder) Inside() *Builder {
	return &Builder{Func: b.Func, Block: &Block{}, Pos: b.Pos, calls: b.calls, outer: b,
		depth: b.depth + 1, depths: b.depths, made: map[string]*Value{}}
}

// Param appends a parameter to the block.
func (b *Builder) Param(t Type, name string) *Value {
	v := b.Block.AddParam(b.Func, t, name)
	b.depths[v.ID] = b.depth
	return v
}

// At sets the position of the operations to come.
func (b *Builder) At(pos ast.Span) *Builder {
	b.Pos = pos
	return b
}

// From lets the operations to come have the place that op has.
func (b *Builder) From(op *Op) *Builder {
	b.Pos, b.calls = op.Pos, op.Calls
	return b
}

// Emit appends an operation whose results Infer gives.
func (b *Builder) Emit(code Code, attr Attr, args ...*Value) []*Value {
	types, err := Infer(b.Func, code, attr, args)
	if err != nil {
		panic(fmt.Sprintf("ir: %v at %v", err, b.Pos))
	}
	return b.EmitTyped(code, attr, args, types)
}

// EmitTyped appends an operation with results of the given types, in which
// ResultAtom(j) stands for its result j.
func (b *Builder) EmitTyped(code Code, attr Attr, args []*Value, types []Type, regions ...*Block) []*Value {
	op := &Op{Code: code, Attr: attr, Args: args, Regions: regions, Pos: b.Pos, Calls: b.calls}
	for _, t := range types {
		v := op.AddResult(b.Func, bindResults(t, op.Results), "")
		b.depths[v.ID] = b.depth
	}
	b.Block.Ops = append(b.Block.Ops, op)
	return op.Results
}

// Op is Emit for an operation with one result.
func (b *Builder) Op(code Code, attr Attr, args ...*Value) *Value {
	return b.Emit(code, attr, args...)[0]
}

// bindResults is t with ResultAtom(j) replaced by results[j].
func bindResults(t Type, results []*Value) Type {
	bound, ok := t.Subst(func(a Atom) Dim {
		if j, ok := a.ResultIndex(); ok {
			return results[j].Dim()
		}
		return Sized(a)
	})
	if !ok {
		panic("ir: a renaming of sizes overflows")
	}
	return bound
}

// Const is a value of rank 0.
func (b *Builder) Const(t DType, lit Literal) *Value {
	key := t.String() + " " + lit.key(t)
	for b.outer != nil {
		b = b.outer
	}
	if v := b.made[key]; v != nil {
		return v
	}
	v := b.EmitTyped(Const, lit, nil, []Type{Scalar(t)})[0]
	b.made[key] = v
	return v
}

// I64 is the integer n.
func (b *Builder) I64(n int64) *Value { return b.Const(I64, Literal{I: n}) }

// F64 is the number x.
func (b *Builder) F64(x float64) *Value { return b.Const(F64, Literal{F: x}) }

// Bool is a truth value.
func (b *Builder) Bool(x bool) *Value {
	if x {
		return b.Const(Bool, Literal{I: 1})
	}
	return b.Const(Bool, Literal{})
}

// Text is a text.
func (b *Builder) Text(s string) *Value { return b.Const(Text, Literal{S: s}) }

// Number is n in any dtype.
func (b *Builder) Number(t DType, n int64) *Value {
	return b.Const(t, Literal{I: n, F: float64(n), C: complex(float64(n), 0)}.only(t))
}

// only is the literal with the fields that don't count for t left zero.
func (l Literal) only(t DType) Literal {
	switch t {
	case Bool, I64:
		return Literal{I: l.I}
	case F32, F64:
		return Literal{F: l.F}
	case C128:
		return Literal{C: l.C}
	default:
		return Literal{S: l.S}
	}
}

// key is a text that the same bits share and others don't.
func (l Literal) key(t DType) string {
	bits := func(x float64) string { return strconv.FormatUint(math.Float64bits(x), 16) }
	switch t {
	case Bool, I64:
		return strconv.FormatInt(l.I, 10)
	case F32, F64:
		return bits(l.F)
	case C128:
		return bits(real(l.C)) + " " + bits(imag(l.C))
	default:
		return strconv.Quote(l.S)
	}
}

// DimOf is the size that the i64 scalar v is: a number if v is a constant, the
// polynomial if v was made from one, otherwise v itself.
func DimOf(v *Value) Dim {
	if v.Def != nil {
		switch attr := v.Def.Attr.(type) {
		case Literal:
			return Size(attr.I)
		case SizeAttr:
			if attr.Kind == SizeValue {
				return attr.A
			}
		}
	}
	return v.Dim()
}

// SizeValue is the value of d.
func (b *Builder) SizeValue(d Dim) *Value {
	if n, ok := d.Const(); ok {
		return b.I64(n)
	}
	if a, ok := d.Atom(); ok {
		return b.Func.Value(a)
	}
	return b.size(SizeValue, d, Dim{})
}

// SizeOp is the size that is kind of d and e: a number if both are.
func (b *Builder) SizeOp(kind SizeKind, d, e Dim) Dim {
	if result, ok := foldSize(kind, d, e); ok {
		return result
	}
	return b.size(kind, d, e).Dim()
}

// Shorten is d as a Dim of one term, for where sums or products of Dims would
// have too many.
func (b *Builder) Shorten(d Dim) Dim { return b.SizeValue(d).Dim() }

func (b *Builder) size(kind SizeKind, d, e Dim) *Value {
	depth := 0
	for _, x := range [2]Dim{d, e} {
		for a := range x.Atoms {
			at, known := b.depthOf(a)
			if !known {
				at = b.depth
			}
			depth = max(depth, at)
		}
	}
	for b.outer != nil && b.depth > depth {
		b = b.outer
	}
	attr := SizeAttr{kind, d, e}
	key := attr.Key()
	if v := b.made[key]; v != nil {
		return v
	}
	v := b.EmitTyped(SizeOp, attr, nil, []Type{Scalar(I64)})[0]
	b.made[key] = v
	return v
}

// Broadcast is x with the given shape; x itself if it has it.
func (b *Builder) Broadcast(x *Value, dims ...Dim) *Value {
	if x.Type.Equal(ArrayOf(x.Type.DType, dims...)) {
		return x
	}
	return b.Op(Broadcast, DimsAttr{dims}, x)
}

// Convert is x with elements of t; x itself if it has them.
func (b *Builder) Convert(x *Value, t DType) *Value {
	if x.Type.DType == t {
		return x
	}
	return b.Op(Convert, ConvertAttr{t}, x)
}

// Nonzero gives the places where mask, a bool[n], is true: how many, and they.
func (b *Builder) Nonzero(mask *Value) (k, places *Value) {
	results := b.EmitTyped(Nonzero, nil, []*Value{mask},
		[]Type{Scalar(I64), ArrayOf(I64, Sized(ResultAtom(0)))})
	return results[0], results[1]
}
