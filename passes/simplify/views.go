package simplify

import (
	"strings"

	"github.com/calx-lang/calx/ir"
)

// compose gives what a view, a conversion or the like of another one comes to,
// nil if nothing simpler.
func compose(f *ir.Func, b *ir.Builder, op *ir.Op) *ir.Value {
	if len(op.Args) == 0 {
		return nil
	}
	x, t := op.Args[0], op.Results[0].Type
	// The operation that x comes from, if it is of the same code.
	var inner *ir.Op
	if x.Def != nil && x.Def.Code == op.Code {
		inner = x.Def
	}
	switch attr := op.Attr.(type) {
	case ir.ConvertAttr:
		if x.Type.DType == attr.To {
			return x
		}
		// From bool and f32 nothing is lost on the way.
		if inner != nil && attr.To != ir.Bool {
			if from := inner.Args[0].Type.DType; from == ir.Bool || from == ir.F32 && x.Type.DType == ir.F64 {
				return b.Convert(inner.Args[0], attr.To)
			}
		}
	case ir.DimsAttr:
		if x.Type.Equal(t) {
			return x
		}
		if inner != nil {
			return b.Op(op.Code, attr, inner.Args[0])
		}
	case ir.RetypeAttr:
		if x.Type.Equal(t) {
			return x
		}
	case ir.PermAttr:
		return composeTranspose(b, op, inner)
	case ir.SliceAttr:
		return composeSlice(f, b, op, inner)
	case ir.IndexAttr:
		if op.Code == ir.Gather && allWhole(attr.Spec) {
			return x
		}
	case ir.AxisAttr:
		if len(op.Args) == 1 {
			return x
		}
	case ir.ContractAttr:
		return contractTransposed(b, op, attr)
	}
	return nil
}

// contractTransposed takes letters in another order instead of a transposed
// operand. The order of the summed letters of the left operand is that of
// adding, and stays.
func contractTransposed(b *ir.Builder, op *ir.Op, attr ir.ContractAttr) *ir.Value {
	letters, err := ir.ParseContract(attr.Spec)
	if err != nil {
		return nil
	}
	args := []*ir.Value{op.Args[0], op.Args[1]}
	sides := [2]string{letters.A, letters.B}
	changed := false
	for k, v := range args {
		if v.Def == nil || v.Def.Code != ir.Transpose {
			continue
		}
		side, ok := untransposed(sides[k], v.Def.Attr.(ir.PermAttr).Perm, attr.Batch)
		if !ok || k == 0 && summed(side, letters.Result) != summed(sides[0], letters.Result) {
			continue
		}
		sides[k], args[k], changed = side, v.Def.Args[0], true
	}
	if !changed {
		return nil
	}
	spec := sides[0] + "," + sides[1] + "->" + letters.Result
	return b.Op(ir.Contract, ir.ContractAttr{Spec: spec, Batch: attr.Batch}, args...)
}

// untransposed is the order of the letters before a transposition that leaves
// the batch axes where they are.
func untransposed(letters string, perm []int, batch int) (string, bool) {
	before := make([]byte, len(letters))
	for i, axis := range perm {
		if i < batch {
			if axis != i {
				return "", false
			}
			continue
		}
		before[axis-batch] = letters[i-batch]
	}
	return string(before), true
}

// summed are the letters that are not in the result.
func summed(letters, result string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(result, c) {
			return -1
		}
		return c
	}, letters)
}

func allWhole(spec string) bool {
	for i := range len(spec) {
		if spec[i] != ':' {
			return false
		}
	}
	return true
}

func composeTranspose(b *ir.Builder, op, inner *ir.Op) *ir.Value {
	perm := op.Attr.(ir.PermAttr).Perm
	identity := true
	for i, axis := range perm {
		identity = identity && i == axis
	}
	if identity {
		return op.Args[0]
	}
	if inner == nil {
		return nil
	}
	composed := make([]int, len(perm))
	for i, axis := range perm {
		composed[i] = inner.Attr.(ir.PermAttr).Perm[axis]
	}
	return b.Op(ir.Transpose, ir.PermAttr{Perm: composed}, inner.Args[0])
}

// smallIndex bounds the starts and steps that slices of slices are computed
// with, so that nothing overflows.
const smallIndex = 1 << 30

func composeSlice(f *ir.Func, b *ir.Builder, op, inner *ir.Op) *ir.Value {
	attr := op.Attr.(ir.SliceAttr)
	starts, known := constants(op.Args[1:])
	if !known {
		return nil
	}
	whole := true
	for i, d := range attr.Dims {
		whole = whole && starts[i] == 0 && attr.Steps[i] == 1 && f.Canon(d).Equal(f.Canon(op.Args[0].Type.Dims[i]))
	}
	if whole && op.Args[0].Type.Equal(op.Results[0].Type) {
		return op.Args[0]
	}
	if inner == nil {
		return nil
	}
	innerStarts, known := constants(inner.Args[1:])
	if !known {
		return nil
	}
	innerSteps := inner.Attr.(ir.SliceAttr).Steps
	steps := make([]int64, len(starts))
	args := []*ir.Value{inner.Args[0]}
	for i := range starts {
		// The start of an empty slice of another step may lie outside.
		if n, ok := attr.Dims[i].Const(); innerSteps[i] != 1 && (!ok || n < 1) {
			return nil
		}
		if large(innerSteps[i]) || large(attr.Steps[i]) || large(starts[i]) || large(innerStarts[i]) {
			return nil
		}
		steps[i] = innerSteps[i] * attr.Steps[i]
		args = append(args, b.I64(innerStarts[i]+innerSteps[i]*starts[i]))
	}
	return b.Op(ir.Slice, ir.SliceAttr{Dims: attr.Dims, Steps: steps}, args...)
}

func large(n int64) bool { return n > smallIndex || n < -smallIndex }

func constants(values []*ir.Value) ([]int64, bool) {
	numbers := make([]int64, len(values))
	for i, v := range values {
		lit, ok := constant(v)
		if !ok {
			return nil, false
		}
		numbers[i] = lit.I
	}
	return numbers, true
}
