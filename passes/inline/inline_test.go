package inline_test

import (
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/inline"
)

// An error in an inlined function still shows where it was called; one in the
// standard library is shown at the call.
func TestPlaces(t *testing.T) {
	script := &ast.Source{Name: "script", Text: "0123456789"}
	library := &ast.Source{Name: "library", Text: "0123456789", Internal: true}
	at := func(source *ast.Source, offset int32) ast.Span {
		return ast.Span{Source: source, Start: offset, End: offset + 1}
	}
	function := func(name string, pos ast.Span, build func(b *ir.Builder, x *ir.Value) *ir.Value) *ir.Func {
		f := &ir.Func{Name: name, Body: &ir.Block{}}
		x := f.AddParam(ir.Scalar(ir.I64), "x")
		b := ir.NewBuilder(f, f.Body).At(pos)
		b.Return(build(b, x))
		return f
	}
	inLibrary := function("divide", at(library, 1), func(b *ir.Builder, x *ir.Value) *ir.Value {
		return b.Op(ir.FloorDiv, nil, x, x)
	})
	inner := function("inner", at(script, 2), func(b *ir.Builder, x *ir.Value) *ir.Value {
		return b.Call(inLibrary, nil, b.Op(ir.Mod, nil, x, x))[0]
	})
	main := function("main", at(script, 3), func(b *ir.Builder, x *ir.Value) *ir.Value {
		return b.Call(inner, nil, x)[0]
	})
	m := &ir.Module{Funcs: []*ir.Func{inLibrary, inner, main}, Main: main}
	if err := inline.Run(m); err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	for _, op := range main.Body.Ops {
		if op.Code != ir.Mod && op.Code != ir.FloorDiv {
			t.Errorf("%v is left", op.Code)
		}
		if op.Pos != at(script, 2) || len(op.Calls) != 1 || op.Calls[0] != at(script, 3) {
			t.Errorf("%v is at %v, called from %v", op.Code, op.Pos, op.Calls)
		}
	}
}
